#pragma once
// A small vocabulary, as a model would give it, and helpers to read a book that stands in a test.

#include <perpetuum/book.hpp>

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <map>

namespace perpetuum::book_tests {

inline Unit unit(std::string const& text) {
    UnitError error;
    auto const found = Units::for_books().parse(text, error);
    REQUIRE(found);
    return *found;
}

inline FieldDescription amount_field(std::string name, std::string const& of,
                                     bool required = false) {
    FieldDescription field;
    field.name = std::move(name);
    field.unit = of.empty() ? Unit{} : unit(of);
    field.required = required;
    field.phrase = "test parameter";
    return field;
}

inline FieldDescription any_field(std::string name) {
    FieldDescription field = amount_field(std::move(name), "");
    field.unit_known = false;
    return field;
}

inline FieldDescription date_of_field(std::string name, bool required = false) {
    FieldDescription field;
    field.name = std::move(name);
    field.is_date = true;
    field.required = required;
    return field;
}

inline FieldDescription word_field(std::string name, std::vector<std::string> words) {
    FieldDescription field;
    field.name = std::move(name);
    field.is_word = true;
    field.words = std::move(words);
    field.required = false;
    return field;
}

inline FieldDescription table_field(std::string name, std::vector<FieldDescription> fields) {
    FieldDescription field;
    field.name = std::move(name);
    field.is_table = true;
    field.required = false;
    field.fields = std::move(fields);
    return field;
}

inline KindDescription kind_of(std::string name, std::vector<std::string> ancestors,
                               std::vector<FieldDescription> fields = {}) {
    ancestors.insert(ancestors.begin(), name);
    return {std::move(name), std::move(ancestors), std::move(fields)};
}

inline InstrumentDescription instrument_of(std::string name, std::vector<RoleDescription> roles,
                                           std::vector<FieldDescription> fields) {
    return {name, {name}, std::move(roles), std::move(fields), "test instrument"};
}

/// The kinds and instruments of the handbook's page on books, all parameters with defaults but a
/// few.
inline Vocabulary test_vocabulary() {
    Vocabulary v;
    auto const firm = amount_field("life", "year");
    v.kinds = {kind_of("entity", {}),
               kind_of("outside", {"entity"}),
               kind_of("firm", {"entity"}, {firm}),
               kind_of("lab", {"firm", "entity"},
                       {firm, amount_field("users_now", "user"),
                        amount_field("price", "USD/user/year"), amount_field("paying", "")}),
               kind_of("cloud", {"firm", "entity"}, {firm}),
               kind_of("hyperscaler", {"cloud", "firm", "entity"}, {firm}),
               kind_of("chipmaker", {"firm", "entity"}, {firm}),
               kind_of("investor", {"firm", "entity"}, {firm}),
               kind_of("vehicle", {"firm", "entity"}, {firm}),
               kind_of("bank", {"entity"}, {amount_field("capital", "USD", true)})};
    v.instruments = {
        instrument_of("equity", {{"investor", "entity", false}, {"issuer", "firm", false}},
                      {amount_field("amount", "USD"), amount_field("limit", "USD"),
                       amount_field("per_gw", "USD/GW"), any_field("price"), date_of_field("on"),
                       word_field("pays_in", {"cash", "contract"}),
                       table_field("tranches", {date_of_field("on"), amount_field("gw", "GW"),
                                                amount_field("pays", "USD")})}),
        instrument_of(
            "resale",
            {{"buyer", "entity", false}, {"seller", "entity", false}, {"issuer", "firm", false}},
            {amount_field("amount", "USD"), amount_field("shares", "share"), date_of_field("on")}),
        instrument_of(
            "warrant",
            {{"issuer", "firm", false}, {"holder", "firm", false}, {"purchases", "sale", true}},
            {amount_field("shares", "share"), amount_field("strike", "USD/share"),
             date_of_field("until"),
             table_field("tranches", {amount_field("gw", "GW"), amount_field("shares", "share")})}),
        instrument_of("debt", {{"lender", "entity", false}, {"borrower", "firm", false}},
                      {amount_field("limit", "USD", true), amount_field("rate", "1/year"),
                       amount_field("over", "1/year"), date_of_field("begin"), date_of_field("on"),
                       amount_field("term", "quarter"), amount_field("fee", ""),
                       word_field("repay", {"bullet", "linear"})}),
        instrument_of("sale", {{"buyer", "entity", false}, {"seller", "entity", false}},
                      {amount_field("total", "USD"), amount_field("quantity", "GPU"),
                       amount_field("price", "USD/GPU"), amount_field("gw", "GW"),
                       date_of_field("begin"), amount_field("term", "quarter"),
                       amount_field("part", "")}),
        instrument_of("capacity", {{"buyer", "firm", false}, {"seller", "firm", false}},
                      {amount_field("total", "USD"), amount_field("per_year", "USD/year"),
                       amount_field("gw", "GW"), date_of_field("begin"),
                       amount_field("term", "quarter"), amount_field("take_or_pay", "")}),
        instrument_of("lease", {{"lessee", "firm", false}, {"lessor", "entity", false}},
                      {amount_field("total", "USD"), amount_field("per_year", "USD/year"),
                       amount_field("gw", "GW"), date_of_field("begin"),
                       amount_field("term", "quarter")}),
        instrument_of("backstop", {{"provider", "firm", false}, {"beneficiary", "firm", false}},
                      {amount_field("limit", "USD"), date_of_field("until"),
                       word_field("trigger", {"unsold", "value"}),
                       word_field("gives", {"capacity", "cash"})}),
        instrument_of(
            "collateral",
            {{"grantor", "firm", false}, {"holder", "entity", false}, {"secures", "debt", true}},
            {amount_field("value", "USD"), amount_field("advance", ""),
             amount_field("trigger", "")}),
    };
    for (auto& one : v.instruments) {
        if (one.name == "debt") one.claims = {{"lender", "loans"}, {"borrower", "debt", true}};
        one.reads_outstanding = one.name == "debt";
        one.reads_paid = one.name != "lease";
    }
    v.model_fields = {amount_field("mood", ""), amount_field("depth", "USD")};
    v.accounts = {"cash", "other", "fleet", "stakes", "loans", "debt", "retained"};
    v.asset_accounts = {"cash", "other", "fleet", "stakes", "loans"};
    v.liability_accounts = {"debt"};
    v.sectors = {"customers", "suppliers"};
    return v;
}

/// A folder that is gone with its owner.
struct BookFolder {
    std::filesystem::path path;
    BookFolder() {
        std::string name =
            (std::filesystem::temp_directory_path() / "perpetuum-book-XXXXXX").string();
        REQUIRE(mkdtemp(name.data()));
        path = name;
    }
    BookFolder(BookFolder const&) = delete;
    ~BookFolder() { std::filesystem::remove_all(path); }
    void write(std::string const& name, std::string const& content) const {
        std::ofstream{path / name, std::ios::binary} << content;
    }
};

struct ReadBook {
    Diagnostics diagnostics;
    Book book;
    std::string all; ///< every diagnostic, rendered
};

inline ReadBook read_folder(std::string const& path, std::optional<Date> as_of = {}) {
    ReadBook result;
    auto const text = read_book_text(path, result.diagnostics);
    result.book = interpret_book(*text, test_vocabulary(), as_of, result.diagnostics);
    result.all = result.diagnostics.render();
    return result;
}

inline ReadBook read_text_as_book(std::string const& content, std::optional<Date> as_of = {}) {
    BookFolder folder;
    folder.write("book.toml", content);
    return read_folder((folder.path / "book.toml").string(), as_of);
}

/// The head, a source of 2025-05-01 and two firms: what most examples need.
inline std::string const head = R"(
[book]
title = "Test"
as_of = 2025-12-31
[source]
s1 = { title = "Filing", date = 2025-05-01, url = "https://example.org/1" }
s2 = { title = "Later filing", date = 2025-11-15, url = "https://example.org/2" }
[entity]
alpha = { name = "Alpha", kind = "firm" }
beta  = { name = "Beta", kind = "firm" }
gamma = { name = "Gamma", kind = "cloud" }
banks = { name = "Banks", kind = "outside" }
)";

inline Date end_of(std::string const& period) { return parse_period(period)->end; }

} // namespace perpetuum::book_tests
