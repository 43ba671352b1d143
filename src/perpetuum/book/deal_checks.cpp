// What must hold of a deal as a whole, and of all deals together.

#include <perpetuum/book/figure.hpp>
#include <perpetuum/book/reader.hpp>

#include <algorithm>
#include <cmath>

namespace perpetuum {

namespace {

Entry const* parameter_of(Deal const& deal, std::string const& name) {
    auto const found = deal.parameters.find(name);
    return found == deal.parameters.end() ? nullptr : &found->second;
}

Figure const* used_of(Deal const& deal, std::string const& name) {
    Entry const* entry = parameter_of(deal, name);
    return entry ? entry->used() : nullptr;
}

bool is_amount(Figure const* figure) { return figure && figure->holds == Figure::Holds::amount; }

/// A sum that is paid: not a valuation, which has its basis.
bool is_sum(Figure const* figure) { return is_amount(figure) && figure->basis.empty(); }

std::optional<Period> period_of_parameter(Deal const& deal, std::string const& name) {
    Figure const* used = used_of(deal, name);
    if (!used || used->holds != Figure::Holds::period) return {};
    return used->period;
}

/// In the run: nobody left out what it needs on purpose.
bool takes_part(Deal const& deal) {
    if (!deal.firm() && !deal.chance && deal.with.empty()) return false;
    for (auto const& [name, entry] : deal.parameters) {
        Figure const* used = entry.used();
        if (used && used->holds == Figure::Holds::undisclosed) return false;
    }
    return true;
}

/// `until` or `term` in place of the other was written, and was wrong.
bool deal_has_bad_date(Deal const& deal, TomlNode const& written) {
    for (char const* key : {"begin", "on", "term", "until"})
        if (written.member(key) && !deal.parameters.count(key)) return true;
    return false;
}

Figure derived_figure(double value, Unit unit, std::string remark, Span where) {
    Figure figure;
    figure.value = value;
    figure.unit = std::move(unit);
    figure.spread = {Shape::point, {value}};
    figure.standing = Standing::derived;
    figure.remark = std::move(remark);
    figure.where = where;
    return figure;
}

Entry derived_entry(Figure figure, Span where) {
    Entry entry;
    entry.where = where;
    entry.key_where = where;
    entry.rivals.push_back(std::move(figure));
    return entry;
}

} // namespace

/// `term` or `until`: the other follows. Begin is where the deal begins or, if that is not said,
/// its signing.
void BookReader::derive_term(Deal& deal, InstrumentDescription const& of) {
    bool const wants_term = field_named(of.fields, "term"),
               wants_until = field_named(of.fields, "until");
    auto begin = period_of_parameter(deal, "begin");
    if (!begin) begin = period_of_parameter(deal, "on");
    if (!begin) begin = deal.signed_on;
    if (!begin) return;
    Figure const* term = used_of(deal, "term");
    Figure const* until = used_of(deal, "until");
    bool const until_known = until && until->holds == Figure::Holds::period;
    if (is_amount(term) && until_known) return check_term(deal, *begin);
    if (wants_term && !parameter_of(deal, "term") && until_known) {
        double const months = point_of(until->period).months - point_of(*begin).months;
        if (months <= 0) return; // check_dates says so where both are written
        deal.parameters["term"] = derived_entry(
            derived_figure(months, {{{"month", 1}}, 1}, "'until' less the beginning", until->where),
            until->where);
    }
    if (wants_until && !parameter_of(deal, "until") && is_amount(term) && term->value < 12e4) {
        Date const end{point_of(*begin).months + term->value};
        Figure figure = derived_figure(end.months, {{{"month", 1}}, 1}, "the beginning plus 'term'",
                                       term->where);
        figure.holds = Figure::Holds::period;
        figure.period = {end, end};
        deal.parameters["until"] = derived_entry(std::move(figure), term->where);
    }
}

/// When a figure became public: the first day of its sources; what nobody is cited for, always.
Date BookReader::public_from(Figure const& figure) const {
    std::optional<Date> first;
    for (auto const& cited : figure.sources) {
        auto const found = source_numbers.find(cited.id);
        if (found == source_numbers.end()) continue;
        auto const& date = book.sources[found->second].date;
        if (date && (!first || *date < *first)) first = date;
    }
    return first.value_or(Date{0});
}

/// Both are written: they must mean the same end, unless one of them is a revision, known since
/// another day.
void BookReader::check_term(Deal const& deal, Period begin) {
    constexpr double slack = 1; // months: "3 years" ends on the day before or after
    Figure const& term = *used_of(deal, "term");
    Figure const& until = *used_of(deal, "until");
    Date const one = public_from(term), other = public_from(until);
    bool const revised = one.months > 0 && other.months > 0 && one.months != other.months;
    double const least = std::min(term.value, lowest(term.spread)),
                 most = std::max(term.value, highest(term.spread));
    bool const meet = begin.begin.months + least <= until.period.end.months + slack &&
                      until.period.begin.months <= begin.end.months + most + slack;
    if (meet || revised) return;
    error(until.where,
          "deal " + quoted(deal.id) + " ends " + print_period(until.period) + " by 'until', and " +
              print_day({point_of(begin).months + term.value}) + " by 'term'",
          "write one of them: the other follows from where it begins");
}

void BookReader::check_deal(Deal const& deal, InstrumentDescription const& of,
                            TomlNode const& written) {
    check_parties(deal, of);
    check_with(deal, written);
    check_required(deal, of, written);
    check_amounts(deal, of);
    for (auto const& field : of.fields)
        if (field.is_table) check_rows(deal, field);
    check_dates(deal);
    check_history(deal, of);
}

/// What comes true with another deal has no odds of its own.
void BookReader::check_with(Deal const& deal, TomlNode const& written) {
    if (deal.with.empty()) return;
    for (char const* key : {"chance", "binding"}) {
        auto const* member = written.member(key);
        bool const own = member && (key == std::string_view{"chance"} || deal.firm());
        if (!own) continue;
        error(member->value.where,
              "deal " + quoted(deal.id) + " comes true with " + quoted(deal.with) + " and has '" +
                  key + "' of its own",
              std::string{"leave '"} + key + "' out, or 'with'");
    }
}

/// The first two parties are the two sides: nobody contracts with itself.
void BookReader::check_parties(Deal const& deal, InstrumentDescription const& of) {
    std::vector<RoleDescription const*> sides;
    for (auto const& role : of.roles)
        if (!role.is_deal && sides.size() < 2) sides.push_back(&role);
    if (sides.size() < 2) return;
    std::set<std::string_view> first_side;
    for (auto const& holder : deal.roles.at(sides[0]->name)) first_side.insert(holder.id);
    for (auto const& holder : deal.roles.at(sides[1]->name)) {
        if (!first_side.count(holder.id)) continue;
        error(deal.where,
              "deal " + quoted(deal.id) + " is between " + quoted(holder.id) + " and itself: " +
                  quoted(sides[0]->name) + " and " + quoted(sides[1]->name) + " must differ",
              "name two parties");
        return;
    }
}

void BookReader::check_required(Deal const& deal, InstrumentDescription const& of,
                                TomlNode const& written) {
    if (!takes_part(deal)) return; // in the map only
    for (auto const& field : of.fields) {
        if (!field.required || field.is_table || deal.parameters.count(field.name)) continue;
        // One that is written and wrong was complained of.
        bool const other_way = (field.name == "term" && written.member("until")) ||
                               (field.name == "until" && written.member("term"));
        if (written.member(field.name) || (other_way && deal_has_bad_date(deal, written))) continue;
        error(deal.where,
              "deal " + quoted(deal.id) + " needs " + quoted(field.name) + ": " +
                  (field.phrase.empty() ? wanted_words(field) : field.phrase),
              "write " + field.name + " = \"… " + wanted_words(field) +
                  " … [source]\"; \"undisclosed …\" keeps the deal in the map and out of the run");
    }
}

/// A deal over nothing: every sum of money in it is zero.
void BookReader::check_amounts(Deal const& deal, InstrumentDescription const& of) {
    Figure const* zero = nullptr;
    for (auto const& field : of.fields) {
        if (!field.unit_known || !is_money(field.unit)) continue;
        Figure const* used = used_of(deal, field.name);
        if (!used || !used->basis.empty()) continue;
        bool const nothing = is_amount(used) && used->value == 0 && highest(used->spread) <= 0;
        if (nothing && field.required) {
            error(used->where,
                  "deal " + quoted(deal.id) + " is over nothing: " + quoted(field.name) + " is 0",
                  "leave the deal out, or write \"undisclosed filed [id]\"");
            return;
        }
        if (!nothing) return;
        if (!zero) zero = used;
    }
    if (zero)
        error(zero->where, "deal " + quoted(deal.id) + " is over nothing: its amount is 0",
              "leave the deal out, or write \"undisclosed filed [id]\"");
}

/// Tranches above the total: a column is held against the parameter of its name, `pays` against the
/// largest sum.
void BookReader::check_rows(Deal const& deal, FieldDescription const& table) {
    Entry const* rows = parameter_of(deal, table.name);
    if (!rows) return;
    for (auto const& column : table.fields) {
        double total = 0;
        std::string of;
        for (auto const& [name, entry] : deal.parameters) {
            Figure const* used = entry.used();
            bool const same = name == column.name || (column.name == "pays" && column.unit_known);
            if (!same || !is_sum(used) || !used->unit.same_dimension(column.unit)) continue;
            double const most = std::max(used->value, highest(used->spread));
            if (most <= total) continue;
            total = most;
            of = name;
        }
        if (of.empty()) continue;
        double sum = 0;
        Span last = rows->where;
        for (auto const& row : rows->rows) {
            auto const cell = row.find(column.name);
            Figure const* used = cell == row.end() ? nullptr : cell->second.used();
            if (!is_amount(used)) continue;
            sum += used->value;
            last = used->where;
        }
        if (sum <= total * (1 + 1e-9)) continue;
        error(last, "the " + quoted(column.name) + " of all " + quoted(table.name) + " add up to " +
                        print_amount(sum) + ", more than " + quoted(of) + " with " +
                        print_amount(total));
    }
}

void BookReader::check_dates(Deal const& deal) {
    auto const begin = period_of_parameter(deal, "begin");
    auto const until = period_of_parameter(deal, "until");
    Figure const* until_figure = used_of(deal, "until");
    bool const written = until_figure && !until_figure->text.empty();
    if (begin && until && written && until->end <= begin->begin)
        error(until_figure->where, "deal " + quoted(deal.id) + " ends before it begins",
              "it begins " + print_period(*begin) + " and ends " + print_period(*until));
    bool const dated_end = deal.ended && deal.ended->holds == Figure::Holds::period;
    if (deal.signed_on && dated_end && deal.ended->period.end < deal.signed_on->begin)
        error(deal.ended->where, "deal " + quoted(deal.id) + " ended before it was signed",
              "it was signed " + print_period(*deal.signed_on));
}

/// References to deals that were not known at as_of are dropped without a word: they exist, but not
/// yet.
void BookReader::finish_deals() {
    check_rings(superseded, "deals supersede each other in a ring, ",
                "the newest is superseded by none");
    check_rings(comes_with, "deals come true with each other in a ring, ",
                "one of them has a chance of its own, or is binding");
    follow_draws();
    auto const drop = [&](std::vector<std::string>& ids) {
        ids.erase(std::remove_if(ids.begin(), ids.end(),
                                 [&](auto const& id) { return !kept_deals.count(id); }),
                  ids.end());
    };
    for (auto& deal : book.deals) {
        drop(deal.bound_for);
        drop(deal.linked);
        if (!kept_deals.count(deal.superseded_by)) deal.superseded_by.clear();
        for (auto const& role : instrument(deal.kind)->roles) {
            if (!role.is_deal) continue;
            auto& holders = deal.roles[role.name];
            holders.erase(std::remove_if(holders.begin(), holders.end(),
                                         [&](auto const& h) { return !kept_deals.count(h.id); }),
                          holders.end());
        }
    }
}

void BookReader::check_rings(std::map<std::string, std::string> const& next_of,
                             std::string const& what, std::string const& hint) {
    std::set<std::string> settled;
    for (auto const& [id, first] : next_of) {
        std::set<std::string> seen;
        std::string at = id;
        while (!settled.count(at)) {
            if (!seen.insert(at).second) {
                error(deal_places.at(at), what + quoted(at) + " among them", hint);
                break;
            }
            auto const next = next_of.find(at);
            if (next == next_of.end()) break;
            at = next->second;
        }
        settled.insert(seen.begin(), seen.end());
    }
}

/// By deal that comes true with another: whose draw decides, in the end.
void BookReader::follow_draws() {
    std::map<std::string, std::string> decided; // nothing: one on the way was not known
    for (auto const& [id, first] : comes_with) {
        std::vector<std::string> way;
        std::string at = id, root;
        while (true) {
            if (auto const found = decided.find(at); found != decided.end()) {
                root = found->second;
                break;
            }
            if (!kept_deals.count(at)) break;
            auto const next = comes_with.find(at);
            if (next == comes_with.end()) {
                root = at;
                break;
            }
            way.push_back(at);
            decided[at].clear(); // ends a ring
            at = next->second;
        }
        for (auto const& passed : way) decided[passed] = root;
    }
    for (auto& deal : book.deals)
        if (auto const found = decided.find(deal.id); found != decided.end())
            deal.drawn_with = found->second;
}

/// Every deal at its largest sum: the run adds them up in whole cents.
void BookReader::check_total() {
    double sum = 0;
    for (auto const& deal : book.deals) {
        double largest = 0;
        Figure const* figure = nullptr;
        for (auto const& [name, entry] : deal.parameters) {
            Figure const* used = entry.used();
            if (!is_sum(used) || !is_money(used->unit) || used->value <= largest) continue;
            largest = used->value;
            figure = used;
        }
        sum += largest;
        if (sum <= 9e13) continue;
        error(figure->where, "all deals together are beyond 90 T " + vocabulary.money,
              "money is counted in whole cents, exactly up to there");
        return;
    }
}

} // namespace perpetuum
