// A scenario's changes, applied to a book: its parents' first, so that the nearest wins.

#include <perpetuum/instance.hpp>

#include <algorithm>
#include <cmath>

namespace perpetuum {

namespace {

constexpr Date far_future{12.0 * 10'000};

std::string scenario_name_of(Scenario const& scenario) { return "scenario " + quoted(scenario.id); }

Scenario const* find_scenario(Book const& book, std::string_view id) {
    for (Scenario const& scenario : book.scenarios)
        if (scenario.id == id) return &scenario;
    return nullptr;
}

/// The scenario and its parents, the farthest first; empty, with an error, when a name is unknown
/// or they go round.
std::vector<Scenario const*> chain_of(Book const& book, std::string const& id,
                                      Diagnostics& diagnostics) {
    std::vector<Scenario const*> chain;
    Span where = book.head_where;
    for (std::string next = id; !next.empty();) {
        Scenario const* scenario = find_scenario(book, next);
        if (!scenario) {
            std::vector<std::string> names;
            for (Scenario const& known : book.scenarios) names.push_back(known.id);
            auto const near = nearest(next, names);
            diagnostics.error(
                where, "the book has no scenario " + quoted(next),
                near ? "did you mean " + quoted(*near) + "?"
                     : (names.empty() ? "it has none at all" : "'check' lists those it has"));
            return {};
        }
        if (std::find(chain.begin(), chain.end(), scenario) != chain.end()) {
            diagnostics.error(where, scenario_name_of(*scenario) + " extends itself",
                              "let one of the ring extend nothing");
            return {};
        }
        chain.push_back(scenario);
        next = scenario->extends;
        where = scenario->where;
    }
    std::reverse(chain.begin(), chain.end());
    return chain;
}

std::vector<std::string> parts_of_path(std::string const& path) {
    std::vector<std::string> parts;
    for (std::size_t begin = 0; begin <= path.size();) {
        std::size_t const end = std::min(path.find('.', begin), path.size());
        parts.push_back(path.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

bool is_weight(Distribution const& spread, std::size_t i) {
    return (spread.shape == Shape::discrete && i % 2 == 1) || spread.shape == Shape::bernoulli;
}

/// Times a number ≥ 0. At 0 nothing is left to be uncertain about.
void scale_figure(Figure& figure, double factor) {
    figure.value *= factor;
    for (std::size_t i = 0; i < figure.spread.parameters.size(); ++i)
        if (!is_weight(figure.spread, i)) figure.spread.parameters[i] *= factor;
    if (factor == 0) figure.spread = {Shape::point, {0}};
}

/// Plus a number. The standard deviation of a normal stays; a lognormal's two quantiles both move.
void shift_figure(Figure& figure, double by) {
    figure.value += by;
    for (std::size_t i = 0; i < figure.spread.parameters.size(); ++i) {
        bool const deviation = figure.spread.shape == Shape::normal && i == 1;
        if (!is_weight(figure.spread, i) && !deviation) figure.spread.parameters[i] += by;
    }
}

class Changing {
  public:
    Changing(ScenarioChange const& change, std::optional<Period> from, std::string const& currency,
             Diagnostics& diagnostics)
        : change_(change), from_(from), currency_(currency), diagnostics_(diagnostics) {}

    void apply(Entry& entry) {
        bool const index = !entry.references.empty() && entry.rivals.empty();
        if (!entry.rows.empty() || (index && change_.operation != '='))
            return refuse("is a table or an index: a scenario cannot change it",
                          "change one of its deal's plain parameters");
        if (change_.operation == '=')
            put(entry);
        else
            move(entry);
    }

    void refuse(std::string const& why, std::string const& hint) {
        diagnostics_.error(change_.where, quoted(change_.path) + " " + why, hint);
    }

  private:
    /// A total (of a deal or a firm; the model's own money is a level) and a date hold for the whole
    /// run, so "from" means nothing to them.
    bool is_series(Figure const& figure) {
        if (!from_ || figure.holds != Figure::Holds::amount) return false;
        bool const total = !change_.path.starts_with("model.") && figure.unit.powers.size() == 1 &&
                           figure.unit.powers[0].second == 1 &&
                           figure.unit.powers[0].first == currency_;
        if (total)
            diagnostics_.warning(change_.where,
                                 quoted(change_.path) +
                                     " is a total over the whole term: the scenario's 'from' "
                                     "does not apply to it",
                                 "change a figure per time, or leave 'from' out");
        return !total;
    }

    void put(Entry& entry) {
        Figure figure = change_.figure;
        figure.where = change_.where;
        if (!is_series(figure)) {
            replace(entry, std::move(figure));
            return;
        }
        auto before = history(entry);
        if (before.empty())
            return refuse("has no figure before " + print_day(from_->begin) +
                              ", so nothing is known to hold until then",
                          "give it a figure in the book, or leave 'from' out");
        before.push_back({{from_->begin, far_future}, {std::move(figure)}});
        entry.rivals.clear();
        entry.by_period = std::move(before);
    }

    /// What held until `from`, as periods.
    std::vector<std::pair<Period, std::vector<Figure>>> history(Entry const& entry) const {
        std::vector<std::pair<Period, std::vector<Figure>>> before;
        for (auto const& [period, figures] : entry.by_period)
            if (period.begin < from_->begin)
                before.push_back({{period.begin, std::min(period.end, from_->begin)}, figures});
        Figure const* used = entry.used();
        if (entry.by_period.empty() && used && used->holds == Figure::Holds::amount)
            before.push_back({{{0}, from_->begin}, {*used}});
        return before;
    }

    static void replace(Entry& entry, Figure figure) {
        entry.rivals = {std::move(figure)};
        entry.references.clear();
        entry.by_period.clear();
        entry.plain_period.reset();
    }

    void move(Entry& entry) {
        if (!entry.by_period.empty()) return move_schedule(entry);
        Figure const* used = entry.used();
        if (!used || used->holds == Figure::Holds::undisclosed)
            return refuse("has no figure that could be changed", "give the new figure itself");
        Figure moved = *used;
        if (!move(moved)) return;
        if (is_series(moved)) {
            auto before = history(entry);
            before.push_back({{from_->begin, far_future}, {std::move(moved)}});
            entry.rivals.clear();
            entry.by_period = std::move(before);
        } else {
            replace(entry, std::move(moved));
        }
    }

    /// Of a schedule, what begins at or after `from`.
    void move_schedule(Entry& entry) {
        for (auto& [period, figures] : entry.by_period) {
            if (from_ && period.begin < from_->begin) continue;
            for (Figure& figure : figures)
                if (!move(figure)) return;
        }
    }

    bool fits_date() {
        bool const time =
            change_.figure.unit.powers == std::vector<std::pair<std::string, int>>{{"month", 1}};
        if (change_.operation == '+' && time) return true;
        refuse("is a date, which only a time can be added to", "write '+ 2 quarter …'");
        return false;
    }

    bool move(Figure& figure) {
        Figure const& by = change_.figure;
        if (by.holds != Figure::Holds::amount) {
            refuse("is changed by a number or a time only", "write '* 0.5 …' or '+ 2 quarter …'");
            return false;
        }
        if (by.spread_written)
            diagnostics_.warning(change_.where,
                                 "the spread of a change is not drawn: its centre is used", "");
        double const amount = by.spread.shape == Shape::point ? by.value : median(by.spread);
        if (figure.holds == Figure::Holds::period) {
            if (!fits_date()) return false;
            figure.period.begin.months += amount;
            figure.period.end.months += amount;
            shift_figure(figure, amount);
        } else if (figure.holds != Figure::Holds::amount) {
            refuse("is no number", "give the new word itself");
            return false;
        } else if (change_.operation == '*') {
            if (!by.unit.plain() || !(amount >= 0)) {
                refuse("is multiplied by a plain number of at least 0 only",
                       "write '* 0.5 …' or '* 50 % …'");
                return false;
            }
            scale_figure(figure, amount);
        } else {
            if (!by.unit.same_dimension(figure.unit)) {
                refuse("is in " + print_dimension(figure.unit) + ", the addition in " +
                           print_dimension(by.unit),
                       "add a figure of the same unit");
                return false;
            }
            shift_figure(figure, amount);
        }
        figure.text += std::string(" ") + change_.operation + " " + by.text;
        figure.standing = by.standing;
        figure.sources = by.sources;
        figure.where = change_.where;
        return true;
    }

    ScenarioChange const& change_;
    std::optional<Period> from_;
    std::string const& currency_;
    Diagnostics& diagnostics_;
};

/// `chance`, `binding` and `ended`, which every deal has; false when the name is another.
bool change_common_key(Deal& deal, std::string const& key, ScenarioChange const& change,
                       Changing& changing) {
    if (key != "chance" && key != "binding" && key != "ended") return false;
    if (change.operation != '=') {
        changing.refuse("can only be put, not multiplied or added to", "leave the sign out");
    } else if (key == "binding") {
        bool const word = change.figure.holds == Figure::Holds::word;
        if (word && (change.figure.word == "true" || change.figure.word == "false"))
            deal.binding = change.figure.word == "true";
        else
            changing.refuse("is true or false", "write 'true assumed [desk]'");
    } else if (key == "ended") {
        if (change.figure.holds == Figure::Holds::period)
            deal.ended = change.figure;
        else
            changing.refuse("is a date", "write '2027-Q1 assumed [desk]'");
    } else if (!deal.with.empty()) {
        changing.refuse("is that of " + quoted(deal.with) + ", with which the deal comes true",
                        "set the chance there");
    } else if (!is_chance(change.figure)) {
        changing.refuse("must lie between 0 and 100 %",
                        "write '40 % ~ uniform 20..60 assumed [desk]'");
    } else {
        deal.chance = change.figure;
    }
    return true;
}

void apply_change(Book& book, ScenarioChange const& change, std::optional<Period> from,
                  Diagnostics& diagnostics) {
    auto const parts = parts_of_path(change.path);
    Changing changing(change, from, book.currency, diagnostics);
    auto const absent = [&](char const* what) {
        diagnostics.warning(change.where,
                            std::string("no ") + what + " " + quoted(parts[1]) +
                                " is known as of this day: the scenario changes nothing there",
                            "");
    };
    if (parts.size() == 3 && parts[0] == "deal") {
        auto const deal = std::find_if(book.deals.begin(), book.deals.end(),
                                       [&](Deal const& d) { return d.id == parts[1]; });
        if (deal == book.deals.end()) return absent("deal");
        if (!change_common_key(*deal, parts[2], change, changing))
            changing.apply(deal->parameters[parts[2]]);
    } else if (parts.size() == 3 && parts[0] == "entity") {
        auto const entity = std::find_if(book.entities.begin(), book.entities.end(),
                                         [&](Entity const& e) { return e.id == parts[1]; });
        if (entity == book.entities.end()) return absent("entity");
        changing.apply(entity->parameters[parts[2]]);
    } else if (parts.size() == 2 && parts[0] == "model") {
        changing.apply(book.parameters[parts[1]]);
    } else {
        changing.refuse("names no figure that a scenario can change",
                        "write deal.ID.parameter, entity.ID.parameter or model.parameter");
    }
}

void add_once(std::vector<std::string>& list, std::vector<std::string> const& more) {
    for (std::string const& item : more)
        if (std::find(list.begin(), list.end(), item) == list.end()) list.push_back(item);
}

/// A deal that ends with the scenario's `from`, not before.
void end_from(Book& book, std::string const& id, Scenario const& scenario) {
    for (Deal& deal : book.deals) {
        if (deal.id != id) continue;
        bool const earlier = deal.ended && deal.ended->holds == Figure::Holds::period &&
                             deal.ended->period.end <= scenario.from->begin;
        if (earlier) continue;
        Figure ended;
        ended.holds = Figure::Holds::period;
        ended.period = {scenario.from->begin, scenario.from->begin};
        ended.text = "ended by " + scenario_name_of(scenario);
        ended.where = scenario.where;
        deal.ended = std::move(ended);
    }
}

} // namespace

Book with_scenario(Book book, std::string const& scenario, Diagnostics& diagnostics) {
    if (scenario.empty()) return book;
    // A copy: the scenario itself is changed below.
    Scenario flat;
    Book const written = book;
    auto const chain = chain_of(written, scenario, diagnostics);
    if (chain.empty()) return book;
    for (Scenario const* one : chain) {
        for (ScenarioChange const& change : one->set)
            apply_change(book, change, one->from, diagnostics);
        if (one->from)
            for (std::string const& id : one->end) end_from(book, id, *one);
        else
            add_once(flat.end, one->end);
    }
    // What is left to be done by the caller, parents' included; `instantiate` lets fail who fails, each from its day.
    for (Scenario& one : book.scenarios)
        if (one.id == scenario) {
            one.end = flat.end;
            one.set.clear();
        }
    return book;
}

} // namespace perpetuum
