// What a deal says was done, against what it can do: nothing before its time, no more than there is.

#include <perpetuum/book/reader.hpp>

#include <algorithm>

namespace perpetuum {

namespace {

constexpr double rounding = 1 + 1e-9;

/// The amount that is used, where there is one.
Figure const* amount_in(Entry const& entry) {
    Figure const* used = entry.used();
    return used && used->holds == Figure::Holds::amount ? used : nullptr;
}

double surely(Figure const& figure) {
    return figure.spread_written ? std::min(figure.value, lowest(figure.spread)) : figure.value;
}

/// The most that a deal can come to, where its sums are all known and certain.
std::optional<double> whole_of(Deal const& deal, InstrumentDescription const& of,
                               BookReader const& reader) {
    double whole = 0;
    for (auto const& field : of.fields) {
        if (!field.unit_known) continue;
        auto const found = deal.parameters.find(field.name);
        if (found == deal.parameters.end()) continue;
        if (!reader.is_money(field.unit)) {
            // So much a year, or a piece: what it comes to is the model's to say.
            if (std::any_of(field.unit.powers.begin(), field.unit.powers.end(),
                            [&](auto const& p) { return p.first == reader.vocabulary.money; }))
                return {};
            continue;
        }
        Figure const* used = amount_in(found->second);
        bool const certain = used && (used->bound == Bound::none || used->bound == Bound::up_to);
        if (!certain || found->second.rivals.size() > 1) return {};
        if (used->basis.empty()) whole += std::max(used->value, highest(used->spread));
    }
    return whole > 0 ? std::optional<double>{whole} : std::nullopt;
}

/// A sum given by period is one sum to the run: the instrument says when it is paid.
void warn_of_schedules(Deal const& deal, InstrumentDescription const& of, BookReader& reader) {
    for (auto const& field : of.fields) {
        auto const found = deal.parameters.find(field.name);
        if (!field.unit_known || !reader.is_money(field.unit) || found == deal.parameters.end())
            continue;
        Entry const& entry = found->second;
        if (entry.by_period.size() > 1)
            reader.diagnostics.warning(
                entry.key_where,
                "the run uses the sum of " + quoted(field.name) + " alone: " + quoted(deal.kind) +
                    " says when it is paid, not the periods here",
                "a deal for each period says when; 'begin' and 'term' say over which");
    }
}

} // namespace

void BookReader::check_history(Deal const& deal, InstrumentDescription const& of) {
    warn_of_schedules(deal, of, *this);
    for (auto const* history : {&deal.paid, &deal.drawn, &deal.repaid})
        for (auto const& [period, entry] : *history)
            if (book.own_as_of <= period.begin)
                error(entry.key_where,
                      "deal " + quoted(deal.id) + " says what was done in " + print_period(period) +
                          ", after the book's as_of",
                      "what is to come is a schedule: total.\"2027\" = \"…\", or begin and term");
    auto const whole = whole_of(deal, of, *this);
    double paid = 0, owed = 0;
    Date drawn_on{0};
    Figure const* last = nullptr;
    for (auto const& [period, entry] : deal.paid)
        if (Figure const* figure = amount_in(entry)) {
            paid += surely(*figure);
            last = figure;
        }
    // What is repaid can be drawn again.
    if (whole && last && deal.repaid.empty() && paid > *whole * rounding)
        error(last->where,
              "deal " + quoted(deal.id) + " has paid " + print_amount(paid) + ", more than its " +
                  print_amount(*whole) + " in all",
              "'paid' is a part of the whole: correct one of them");
    // Where no debt is promised, 'drawn' is what the book carries the deal at: it may be worth more.
    if (of.claims.empty()) return;
    owed = paid;
    for (auto const& [period, entry] : deal.drawn)
        if (Figure const* figure = amount_in(entry)) {
            drawn_on = period.end;
            owed = figure->value;
            if (whole && surely(*figure) > *whole * rounding)
                error(figure->where,
                      "deal " + quoted(deal.id) + " has drawn " + print_amount(figure->value) +
                          ", more than its " + print_amount(*whole) + " in all",
                      "'drawn' is what is owed of it on that day: correct one of them");
        }
    if (deal.drawn.empty() && deal.paid.empty()) return;
    for (auto const& [period, entry] : deal.paid) // a balance, and what came after it
        if (Figure const* figure = amount_in(entry); figure && !deal.drawn.empty())
            owed += drawn_on < period.end ? std::max(figure->value, highest(figure->spread)) : 0;
    double repaid = 0;
    for (auto const& [period, entry] : deal.repaid)
        if (Figure const* figure = amount_in(entry); figure && drawn_on < period.end) {
            repaid += surely(*figure);
            last = figure;
        }
    if (repaid > owed * rounding)
        error(last->where,
              "deal " + quoted(deal.id) + " has repaid " + print_amount(repaid) +
                  ", more than what was drawn with " + print_amount(owed),
              "what is repaid was drawn or paid before");
}

} // namespace perpetuum
