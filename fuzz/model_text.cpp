// A model text from bytes: parsed, laid out, and if it is free of errors run: by itself, and with a
// book that holds two firms of every kind and a deal of every instrument.

#include "common.hpp"

#include <cstdint>
#include <cstdio>

namespace perpetuum {

namespace {

constexpr int steps = 3;
constexpr std::size_t most_bytes = 100'000, most_firms = 12, most_deals = 12;

Entry entry_of(FieldDescription const& field) {
    Entry entry;
    if (field.is_table) return entry;
    Figure figure;
    figure.value = field.unit.factor;
    figure.unit = field.unit;
    if (field.is_date) {
        figure.holds = Figure::Holds::period;
        figure.period = {date_of(2026, 4), date_of(2026, 7)};
    } else if (field.is_word) {
        figure.holds = Figure::Holds::word;
        figure.word = field.words.empty() ? std::string() : field.words.front();
    }
    entry.rivals.push_back(figure);
    return entry;
}

std::map<std::string, Entry> required(std::vector<FieldDescription> const& fields) {
    std::map<std::string, Entry> entries;
    for (FieldDescription const& field : fields)
        if (field.required) entries[field.name] = entry_of(field);
    return entries;
}

/// A party or deal that may hold the role; empty when there is none.
std::string holder_of(Book const& book, Model const& model, RoleDescription const& role,
                      std::size_t turn) {
    std::vector<std::string> fit;
    int const wanted = model.block(role.kind);
    if (role.is_deal) {
        for (Deal const& deal : book.deals)
            if (model.is_a(model.block(deal.kind), wanted)) fit.push_back(deal.id);
    } else {
        for (Entity const& entity : book.entities)
            if (model.is_a(model.block(entity.kind), wanted)) fit.push_back(entity.id);
    }
    return fit.empty() ? std::string() : fit[turn % fit.size()];
}

void add_firms(Book& book, Vocabulary const& vocabulary) {
    for (KindDescription const& kind : vocabulary.kinds)
        for (int number = 1; number <= 2 && book.entities.size() < most_firms; ++number) {
            Entity entity;
            entity.id = entity.name = "a-" + kind.name + "-" + std::to_string(number);
            entity.kind = kind.name;
            entity.parameters = required(kind.fields);
            book.entities.push_back(std::move(entity));
        }
}

void add_deals(Book& book, Model const& model, Vocabulary const& vocabulary) {
    for (InstrumentDescription const& instrument : vocabulary.instruments) {
        if (book.deals.size() >= most_deals) return;
        Deal deal;
        deal.id = "the-" + instrument.name;
        deal.kind = instrument.name;
        deal.binding = true;
        bool whole = true;
        for (std::size_t r = 0; r < instrument.roles.size(); ++r) {
            auto const holder = holder_of(book, model, instrument.roles[r], r);
            whole = whole && !holder.empty();
            deal.roles[instrument.roles[r].name] = {{holder, 1, {}}};
        }
        deal.parameters = required(instrument.fields);
        if (whole) book.deals.push_back(std::move(deal));
    }
}

Book book_of_everything(Model const& model) {
    Vocabulary const vocabulary = vocabulary_of(model);
    Book book;
    book.title = "fuzz";
    book.start = book.as_of = date_of(2026, 1);
    book.parameters = required(vocabulary.model_fields);
    add_firms(book, vocabulary);
    add_deals(book, model, vocabulary);
    return book;
}

void check_layout(std::string const& text, bool parsed) {
    std::string const once = format_model(text);
    fuzz::require(format_model(once) == once, "laying out twice changes nothing");
    if (!parsed) return;
    Diagnostics diagnostics;
    parse_model({diagnostics.add_text("laid-out.model", once)}, {{"openai", "entity"}},
                diagnostics);
    if (diagnostics.failed()) std::fputs(diagnostics.render().c_str(), stderr);
    fuzz::require(!diagnostics.failed(), "a text laid out means what it meant");
}

} // namespace

} // namespace perpetuum

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace perpetuum;
    if (size > most_bytes) return 0;
    fuzz::ShortWork const limit;
    std::string const text(reinterpret_cast<char const*>(data), size);
    Diagnostics diagnostics;
    int const number = diagnostics.add_text("fuzz.model", text);
    Model const model = parse_model({number}, {{"openai", "entity"}}, diagnostics);
    fuzz::check_shown_well(diagnostics);
    check_layout(text, !diagnostics.failed());
    if (diagnostics.failed()) return 0;
    for (std::size_t e = 0; e < model.expressions.size() && e < 100; ++e)
        print_expression(model, static_cast<ExpressionId>(e));
    Book empty;
    empty.start = empty.as_of = date_of(2026, 1);
    fuzz::run_book(empty, model, steps, diagnostics);
    fuzz::run_book(book_of_everything(model), model, steps, diagnostics);
    return 0;
}
