// What a careful reader would ask about a book that has no mistakes: each question a warning, with
// its place.

#include <perpetuum/book.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>

namespace perpetuum {

namespace {

constexpr double month_days = 365.0 / 12;
constexpr double late_months =
    6; // a deal that became known this long after it was signed looks ahead
constexpr double usual_step = 3;  // months, of a run
constexpr double old_sheet = 100; // days
constexpr double apart = 0.2;     // of rivals
constexpr double mismatch = 0.05; // of a total and what it should be made of

bool holds_amount(Figure const* figure) { return figure && figure->holds == Figure::Holds::amount; }

std::string percent(double share) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.0f %%", share * 100);
    return buffer;
}

/// The run has it unless something that it needs is missing.
bool in_the_run(Deal const& deal) {
    return deal.firm() || deal.chance.has_value() || !deal.with.empty();
}

Figure const* used_parameter(Deal const& deal, std::string const& name) {
    auto const found = deal.parameters.find(name);
    return found == deal.parameters.end() ? nullptr : found->second.used();
}

struct Reviewer {
    Book const& book;
    Vocabulary const& vocabulary;
    Diagnostics& diagnostics;
    std::map<std::string, Deal const*> twins; ///< by all that a deal says
    std::set<std::string> second_hand;        ///< sources that were complained of
    std::map<std::string_view, Source const*> sources;
    std::map<std::string_view, Deal const*> deals;
    std::map<std::string_view, InstrumentDescription const*> instruments;
    /// What deals leave outstanding, by who books it and the account: the deals, its part of them.
    struct Claimed {
        std::vector<std::pair<Deal const*, double>> deals;
        bool liability = false;
    };
    std::map<std::string_view, std::map<std::string_view, Claimed>> claimed;

    void index();
    Source const* source_of(std::string const& id) const {
        auto const found = sources.find(id);
        return found == sources.end() ? nullptr : found->second;
    }

    void warn(Span where, std::string message, std::string hint = {}) {
        diagnostics.warning(where, std::move(message), std::move(hint));
    }
    void review_figure(Figure const& figure);
    void review_entry(Entry const& entry);
    void review_entries(std::map<std::string, Entry> const& entries) {
        for (auto const& one : entries) review_entry(one.second);
    }
    void review_rivals(std::vector<Figure> const& rivals);
    void review_deal(Deal const& deal);
    void review_in_the_run(Deal const& deal);
    void review_undisclosed(Deal const& deal, std::string const& name, Figure const& figure);
    void review_late(Deal const& deal);
    void review_begin(Deal const& deal);
    void review_history(Deal const& deal);
    void review_rates(Deal const& deal);
    void review_twin(Deal const& deal);
    void review_total(Deal const& deal, std::string const& left, std::string const& right);
    void review_entity(Entity const& entity);
    void review_opening(Entity const& entity, Opening const& opening);
    void review_debts(Entity const& entity, Opening const& opening);
    void review_headline(Headline const& headline);
    void review_sources();
    double money_of(Deal const& deal) const;
    double owed(Deal const& deal, Date at) const;
};

void Reviewer::index() {
    for (auto const& source : book.sources) sources.emplace(source.id, &source);
    for (auto const& instrument : vocabulary.instruments)
        instruments.emplace(instrument.name, &instrument);
    for (auto const& deal : book.deals) {
        deals.emplace(deal.id, &deal);
        auto const instrument = instruments.find(deal.kind);
        if (instrument == instruments.end()) continue;
        for (auto const& claim : instrument->second->claims) {
            auto const role = deal.roles.find(claim.role);
            if (role == deal.roles.end()) continue;
            for (auto const& holder : role->second) {
                Claimed& all = claimed[holder.id][claim.account];
                all.deals.emplace_back(&deal, holder.share);
                all.liability = claim.liability;
            }
        }
    }
}

void Reviewer::review_figure(Figure const& figure) {
    if (figure.standing == Standing::derived && figure.remark.empty() && !figure.text.empty())
        warn(figure.where, "derived, but it is not said how",
             "say it in a remark: '… derived [id]: 20 less 11.5'");
    if (figure.spread_written && figure.holds == Figure::Holds::amount) {
        double const slack = 1e-9 * std::fabs(figure.value);
        bool const bounded =
            figure.spread.shape != Shape::normal && figure.spread.shape != Shape::lognormal;
        if (bounded && (figure.value < lowest(figure.spread) - slack ||
                        figure.value > highest(figure.spread) + slack))
            warn(figure.where, "the figure lies outside its own spread");
    }
    if (figure.standing != Standing::filed) return;
    for (auto const& cited : figure.sources) {
        Source const* source = source_of(cited.id);
        if (!source || source->original.empty() || !second_hand.insert(cited.id).second) continue;
        warn(figure.where,
             "filed, but " + quoted(cited.id) +
                 " was read second-hand: " + printable(source->original),
             "read the filing and cite it, or leave this as a reminder");
    }
}

void Reviewer::review_rivals(std::vector<Figure> const& rivals) {
    Figure const* first = nullptr;
    double low = 0, high = 0;
    for (auto const& figure : rivals) {
        if (figure.was || figure.holds != Figure::Holds::amount) continue;
        if (!first) {
            first = &figure;
            low = high = figure.value;
        }
        low = std::min(low, figure.value);
        high = std::max(high, figure.value);
    }
    if (!first || !(high - low > apart * std::fabs(first->value))) return;
    double const distance = first->value == 0 ? 0 : (high - low) / std::fabs(first->value);
    warn(first->where, "rivals are " + percent(distance) + " apart; the first is used",
         "a spread would say so: '~ uniform lo..hi'");
}

void Reviewer::review_entry(Entry const& entry) {
    for (auto const& figure : entry.rivals) review_figure(figure);
    review_rivals(entry.rivals);
    for (auto const& [period, figures] : entry.by_period) {
        for (auto const& figure : figures) review_figure(figure);
        review_rivals(figures);
    }
    for (auto const& row : entry.rows) review_entries(row);
}

void Reviewer::review_undisclosed(Deal const& deal, std::string const& name, Figure const& figure) {
    bool required = true;
    for (auto const& instrument : vocabulary.instruments)
        if (instrument.name == deal.kind)
            for (auto const& field : instrument.fields)
                if (field.name == name) required = field.required;
    warn(figure.where,
         quoted(name) + " of deal " + quoted(deal.id) +
             (required ? " is undisclosed: in the map, not in the run"
                       : " is undisclosed: the run takes the model's own value"),
         "an assumed figure would say what you think it is");
}

void Reviewer::review_in_the_run(Deal const& deal) {
    for (auto const& [role, holders] : deal.roles)
        for (auto const& holder : holders)
            if (holder.share_figure && holder.share_figure->spread_written)
                warn(holder.share_figure->where,
                     "the spread of a split is not drawn: its centre is used", "");
    for (auto const& [name, entry] : deal.parameters) {
        Figure const* used = entry.used();
        if (!used) continue;
        if (used->holds == Figure::Holds::undisclosed) review_undisclosed(deal, name, *used);
        bool const one_sided = used->bound == Bound::up_to || used->bound == Bound::at_least;
        if (one_sided && !used->spread_written && used->holds == Figure::Holds::amount &&
            used->spread.shape == Shape::point)
            warn(used->where,
                 "'" + std::string{name_of(used->bound)} + "' without a spread: the run takes " +
                     quoted(print_figure(*used)) + " as it stands",
                 "add '~ uniform lo..hi'");
    }
}

/// The earliest day on which anything sourced of it was public.
void Reviewer::review_late(Deal const& deal) {
    if (!deal.signed_on) return;
    std::optional<Date> first;
    auto const look = [&](Figure const& figure) {
        for (auto const& cited : figure.sources) {
            Source const* source = source_of(cited.id);
            if (source && source->date && (!first || *source->date < *first)) first = source->date;
        }
    };
    for (auto const& one : deal.parameters)
        for (auto const& figure : one.second.rivals) look(figure);
    for (auto const* history : {&deal.paid, &deal.drawn, &deal.repaid})
        for (auto const& one : *history)
            for (auto const& figure : one.second.rivals) look(figure);
    if (deal.signed_figure) look(*deal.signed_figure);
    if (!first || first->months - deal.signed_on->end.months <= late_months) return;
    warn(deal.where,
         "deal " + quoted(deal.id) + " was signed " + print_period(*deal.signed_on) +
             " but its earliest source is of " + print_day({first->months - 1e-3}),
         "cite an early source too: --as-of before that day does not see the deal");
}

/// A deal lives from the step in which it is signed: what fell due in the steps before is not paid.
void Reviewer::review_begin(Deal const& deal) {
    if (!deal.signed_on || !in_the_run(deal)) return;
    Date const signed_on = deal.signed_on->end;
    if (book.own_as_of <= deal.signed_on->begin)
        warn(deal.where,
             "deal " + quoted(deal.id) + " was signed " + print_period(*deal.signed_on) +
                 ", after the book's as_of",
             "what is expected to be signed is not binding: binding = false, with its chance");
    for (char const* key : {"begin", "on"}) {
        Figure const* used = used_parameter(deal, key);
        if (!used || used->holds != Figure::Holds::period) continue;
        // In whole steps of the run, which begins at the start.
        auto const step = [&](Date day) {
            return std::floor(std::max(0.0, day.months - book.start.months - 1e-6) / usual_step);
        };
        bool const lost = used->period.end <= deal.signed_on->begin && book.start < signed_on &&
                          step(used->period.end) < step(signed_on);
        if (lost)
            warn(used->where,
                 "deal " + quoted(deal.id) + " begins " + print_period(used->period) +
                     ", before it was signed " + print_period(*deal.signed_on) +
                     ": the run pays nothing of it before",
                 std::string{"let '"} + key + "' begin then, or correct 'signed'");
    }
}

/// What was done before the start, and an instrument that never asks.
void Reviewer::review_history(Deal const& deal) {
    auto const found = instruments.find(deal.kind);
    if (found == instruments.end() || !in_the_run(deal)) return;
    InstrumentDescription const& instrument = *found->second;
    auto const place = [](auto const& history) { return history.front().second.key_where; };
    if (!instrument.reads_outstanding)
        for (auto const* history : {&deal.drawn, &deal.repaid})
            if (!history->empty())
                warn(place(*history),
                     std::string{"the run does not use '"} +
                         (history == &deal.drawn ? "drawn" : "repaid") + "' of deal " +
                         quoted(deal.id) + ": " + quoted(deal.kind) + " has nothing outstanding",
                     "what was paid of it is 'paid'; what is only told is fact.NAME");
    if (instrument.reads_outstanding && !deal.repaid.empty() && deal.drawn.empty() &&
        deal.paid.empty())
        warn(place(deal.repaid),
             "deal " + quoted(deal.id) +
                 " has repaid, but it is not said what was drawn: the run does not use it",
             "add drawn.DATE, what is owed on that day");
    if (instrument.reads_paid || deal.paid.empty()) return;
    // A schedule that had begun counts what lies before the start as paid; one to come does not.
    for (char const* key : {"begin", "on"}) {
        Figure const* used = used_parameter(deal, key);
        if (!used || used->holds != Figure::Holds::period) continue;
        if (used->period.middle() < book.start) continue;
        warn(place(deal.paid),
             "the run does not use 'paid' of deal " + quoted(deal.id) + ": " + quoted(deal.kind) +
                 " pays all of it again",
             "let its equations ask for paid_before");
        return;
    }
}

/// 6/year is 600 %: a percent sign forgotten.
void Reviewer::review_rates(Deal const& deal) {
    for (auto const& [name, entry] : deal.parameters) {
        Figure const* used = entry.used();
        bool const rate = holds_amount(used) && used->unit.powers.size() == 1 &&
                          used->unit.powers[0] == std::pair<std::string, int>{"month", -1};
        if (!rate || used->value * 12 <= 1 + 1e-9) continue;
        warn(used->where,
             quoted(name) + " of deal " + quoted(deal.id) + " is " + percent(used->value * 12) +
                 " a year",
             "percent are written so: '6 %/year'");
    }
}

/// One contract written down under two ids.
void Reviewer::review_twin(Deal const& deal) {
    std::string all = deal.kind;
    bool figures = false;
    for (auto const& [role, holders] : deal.roles) {
        all += "\n" + role;
        for (auto const& holder : holders)
            all += " " + holder.id + " " + std::to_string(holder.share);
    }
    for (auto const& [name, entry] : deal.parameters) {
        if (!entry.rows.empty() || !entry.by_period.empty()) return; // not compared
        all += "\n" + name;
        for (auto const& figure : entry.rivals) {
            all += "\t" + figure.text;
            figures = figures || figure.holds == Figure::Holds::amount;
        }
    }
    if (deal.signed_on) all += "\n" + print_period(*deal.signed_on);
    if (!figures || !in_the_run(deal)) return;
    auto const [twin, fresh] = twins.emplace(std::move(all), &deal);
    if (!fresh)
        warn(deal.where,
             "deal " + quoted(deal.id) + " says the same as deal " + quoted(twin->second->id) +
                 ": both are paid",
             "leave one out; two contracts alike differ in a source, a date or a name");
}

/// total ≠ per_year × term, total ≠ quantity × price.
void Reviewer::review_total(Deal const& deal, std::string const& left, std::string const& right) {
    Figure const* total = used_parameter(deal, "total");
    Figure const* a = used_parameter(deal, left);
    Figure const* b = used_parameter(deal, right);
    if (!holds_amount(total) || !holds_amount(a) || !holds_amount(b)) return;
    double const product = a->value * b->value;
    if (product == 0 || !(total->unit.same_dimension(a->unit * b->unit))) return;
    double const ratio = total->value / product - 1;
    // A spread that covers the product explains the difference.
    bool const covered = lowest(total->spread) <= product && product <= highest(total->spread);
    if (std::fabs(ratio) <= mismatch || covered) return;
    warn(total->where, "'total' is " + print_amount(total->value) + ", but " + quoted(left) +
                           " times " + quoted(right) + " is " + print_amount(product));
}

void Reviewer::review_deal(Deal const& deal) {
    review_entries(deal.parameters);
    review_entries(deal.facts);
    for (auto const* history : {&deal.paid, &deal.drawn, &deal.repaid})
        for (auto const& one : *history) review_entry(one.second);
    if (deal.option) review_entries(*deal.option);
    for (auto const* figure : {&deal.signed_figure, &deal.chance, &deal.ended})
        if (*figure) review_figure(**figure);
    bool const over = deal.ended || !deal.superseded_by.empty();
    if (!over && in_the_run(deal)) review_in_the_run(deal);
    if (!over && !in_the_run(deal))
        warn(deal.where,
             "deal " + quoted(deal.id) + " is " +
                 (deal.binding ? "not binding" : "not known to be binding") +
                 " and has no chance: the run leaves it out",
             "add chance = \"50 % ~ uniform 20..80 assumed [desk]\", or binding = true");
    review_late(deal);
    review_begin(deal);
    review_history(deal);
    review_rates(deal);
    review_twin(deal);
    review_total(deal, "per_year", "term");
    review_total(deal, "quantity", "price");
}

double Reviewer::owed(Deal const& deal, Date at) const {
    double sum = 0;
    Date from{0};
    auto const add = [&](std::vector<std::pair<Period, Entry>> const& history, double sign) {
        for (auto const& [period, entry] : history)
            if (holds_amount(entry.used()) && period.end <= at && from < period.end)
                sum += sign * entry.used()->value;
    };
    // A drawn figure is a balance: the latest counts, with what came after it.
    for (auto const& [period, entry] : deal.drawn) {
        if (!holds_amount(entry.used()) || at < period.end) continue;
        from = period.end;
        sum = entry.used()->value;
    }
    add(deal.paid, 1);
    add(deal.repaid, -1);
    return std::max(0.0, sum);
}

/// What deals leave outstanding, against the account that both sides book it in; one that the sheet
/// does not have holds nothing.
void Reviewer::review_debts(Entity const& entity, Opening const& opening) {
    auto const own = claimed.find(entity.id);
    if (own == claimed.end()) return;
    for (auto const& [name, claim] : own->second) {
        auto const account = opening.accounts.find(std::string{name});
        bool const stated = account != opening.accounts.end();
        Figure const* balance = stated ? account->second.used() : nullptr;
        if (stated && !holds_amount(balance)) continue;
        double const most = balance ? std::max(balance->value, highest(balance->spread)) : 0;
        double sum = 0;
        for (auto const& [deal, share] : claim.deals) sum += share * owed(*deal, opening.at.end);
        if (sum <= most * (1 + 1e-9)) continue;
        warn(balance ? balance->where : opening.where,
             "the deals of " + quoted(entity.id) + " leave " + print_amount(sum) +
                 (claim.liability ? " owing" : " owed to it") + ", more than " + quoted(name) +
                 " of its balance sheet with " + print_amount(balance ? balance->value : 0),
             balance ? "" : "the sheet has no " + quoted(name) + ": state it");
    }
}

void Reviewer::review_opening(Entity const& entity, Opening const& opening) {
    double const days = (book.start.months - opening.at.end.months) * month_days;
    if (days > old_sheet)
        warn(opening.where, "the opening balance sheet of " + quoted(entity.id) + " is " +
                                std::to_string(static_cast<int>(days + 0.5)) +
                                " days older than the start");
    review_debts(entity, opening);
    auto const value = [&](std::string const& name) -> std::optional<double> {
        auto const found = opening.accounts.find(name);
        Figure const* used = found == opening.accounts.end() ? nullptr : found->second.used();
        if (!holds_amount(used)) return {};
        return used->value;
    };
    auto const sum_of = [&](std::vector<std::string> const& names) {
        double sum = 0;
        for (auto const& name : names) sum += value(name).value_or(0);
        return sum;
    };
    auto const total = value("total_assets"), equity = value("equity");
    if (!total) return;
    double const assets = sum_of(vocabulary.asset_accounts);
    double const liabilities = sum_of(vocabulary.liability_accounts);
    if (assets > *total * 1.001)
        warn(opening.where, "the assets of " + quoted(entity.id) + " add up to " +
                                print_amount(assets) + ", more than total_assets with " +
                                print_amount(*total));
    if (equity && liabilities + *equity > *total * 1.001)
        warn(opening.where, "liabilities and equity of " + quoted(entity.id) + " add up to " +
                                print_amount(liabilities + *equity) +
                                ", more than total_assets with " + print_amount(*total));
}

void Reviewer::review_entity(Entity const& entity) {
    review_entries(entity.parameters);
    review_entries(entity.reported);
    review_entries(entity.facts);
    for (auto const& owner : entity.owners) review_figure(owner.share);
    Opening const* used = nullptr;
    for (auto const& opening : entity.openings) {
        review_entries(opening.accounts);
        if (opening.at.end <= book.start) used = &opening;
    }
    if (used) review_opening(entity, *used);
}

/// What a deal is about in dollars: its largest sum of money.
double Reviewer::money_of(Deal const& deal) const {
    Unit const money{{{vocabulary.money, 1}}, 1};
    double most = 0;
    for (auto const& [name, entry] : deal.parameters) {
        Figure const* used = entry.used();
        // A valuation is no sum that anybody pays.
        bool const paid = holds_amount(used) && used->basis.empty();
        if (paid && used->unit.same_dimension(money)) most = std::max(most, used->value);
    }
    return most;
}

void Reviewer::review_headline(Headline const& headline) {
    review_entry(headline.amount);
    Figure const* amount = headline.amount.used();
    if (!holds_amount(amount)) return;
    double sum = 0;
    for (auto const& id : headline.parts)
        if (auto const found = deals.find(id); found != deals.end())
            sum += money_of(*found->second);
    double const most = std::max(amount->value, highest(amount->spread));
    if (sum > most * 1.001 && amount->unit.same_dimension({{{vocabulary.money, 1}}, 1}))
        warn(amount->where, "the parts of headline " + quoted(headline.id) + " add up to " +
                                print_amount(sum) + ", more than the headline with " +
                                print_amount(amount->value));
}

void Reviewer::review_sources() {
    for (auto const& source : book.sources) {
        if (!source.used) warn(source.where, "source " + quoted(source.id) + " is never used");
        if (source.date && book.own_as_of < *source.date)
            warn(source.where, "source " + quoted(source.id) + " is of " +
                                   print_day({source.date->months - 1e-3}) +
                                   ", after the book's as_of: its figures are left out");
    }
}

} // namespace

void review_book(Book const& book, Vocabulary const& vocabulary, Diagnostics& diagnostics) {
    Reviewer reviewer{book, vocabulary, diagnostics, {}, {}, {}, {}, {}, {}};
    reviewer.index();
    for (auto const& entity : book.entities) reviewer.review_entity(entity);
    for (auto const& deal : book.deals) reviewer.review_deal(deal);
    for (auto const& headline : book.headlines) reviewer.review_headline(headline);
    for (auto const& expectation : book.expectations) reviewer.review_figure(expectation.within);
    for (auto const* list : {&book.currencies, &book.indices})
        for (auto const& series : *list)
            for (auto const& value : series.values) reviewer.review_entry(value.second);
    for (auto const& series : book.currencies)
        for (auto const& [period, entry] : series.values)
            if (Figure const* used = entry.used(); used && used->spread_written)
                diagnostics.warning(
                    used->where, "the spread of a currency's rate is not drawn: its centre is used",
                    "");
    reviewer.review_entries(book.parameters);
    reviewer.review_sources();
}

} // namespace perpetuum
