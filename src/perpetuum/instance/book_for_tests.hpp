#pragma once
// A small model and small books for tests of what is read off a book without a run.

#include <perpetuum/instance.hpp>

#include <doctest/doctest.h>

namespace perpetuum::instance_tests {

inline constexpr char const* small_model = R"(
money USD
unit GW, share
account loans : asset
account debt : liability
account paid_in : equity
account revenue : income
account costs : expense
transaction service payer debits costs payee credits revenue
transaction lending payer debits loans payee credits debt
transaction equity payer debits loans payee credits paid_in
sector markets

model
  param switch = 100 %
  param price : USD/GW = 2 B USD/GW

kind firm
  param cushion : USD = 0 "cash kept"
  param growth : 1/year

kind lab extends firm
  param users : share = 5 share

instrument loan (lender: entity, borrower: firm)
  "A loan."
  param limit : USD "most that is lent"
  param begin : date
  param repay : bullet | linear = bullet
  param steps[] : {at: date, draw: USD}
  commit lender -> borrower : limit as lending
  transfer lender -> borrower : 0 as lending

instrument cover (provider: firm, covered: loan)
  param limit : USD = 1 USD
)";

inline Model model_of_text(std::string const& text, Diagnostics& diagnostics) {
    Model model = parse_model({diagnostics.add_text("small.model", text)}, {}, diagnostics);
    INFO(diagnostics.render());
    REQUIRE(!diagnostics.failed());
    return model;
}

inline Figure figure(std::string const& text) {
    Diagnostics diagnostics;
    Span const where{diagnostics.add_text("figure", text), 0,
                     static_cast<std::uint32_t>(text.size())};
    auto const found = parse_figure(text, where, Units::for_books(), std::nullopt, diagnostics);
    INFO(diagnostics.render());
    REQUIRE(found);
    return *found;
}

inline Entry entry(std::string const& text) {
    Entry made;
    made.rivals.push_back(figure(text));
    return made;
}

inline Period period(char const* text) { return *parse_period(text); }

inline Entity entity(std::string id, std::string kind = "firm") {
    Entity made;
    made.id = made.name = std::move(id);
    made.kind = std::move(kind);
    return made;
}

inline Deal loan(std::string id, std::string lender, std::string borrower,
                 std::string const& limit) {
    Deal made;
    made.id = std::move(id);
    made.kind = "loan";
    made.binding = true;
    made.roles["lender"] = {{std::move(lender), 1, {}}};
    made.roles["borrower"] = {{std::move(borrower), 1, {}}};
    made.parameters["limit"] = entry(limit);
    made.parameters["begin"] = entry("2027-Q1 assumed [desk]");
    return made;
}

inline Book small_book() {
    Book book;
    book.as_of = book.own_as_of = book.start = date_of(2026, 1, 1);
    book.entities = {entity("bank"), entity("ai-lab", "lab")};
    book.deals = {loan("bank-lab", "bank", "ai-lab", "10 B USD ~ uniform 8..12 assumed [desk]")};
    return book;
}

inline ScenarioChange change(std::string path, char operation, std::string const& text) {
    ScenarioChange made;
    made.path = std::move(path);
    made.operation = operation;
    made.figure = figure(text);
    return made;
}

inline Scenario scenario(std::string id, std::vector<ScenarioChange> set) {
    Scenario made;
    made.id = std::move(id);
    made.set = std::move(set);
    return made;
}

} // namespace perpetuum::instance_tests
