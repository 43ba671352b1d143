// What a book asserts about its own figures: each expression is worked out over the book alone,
// with units.

#include <perpetuum/instance.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>
#include <utility>

namespace perpetuum {

namespace {

using Powers = std::vector<std::pair<std::string, int>>;

constexpr int deepest_expectation = 1000;

/// A number in base units, a point on the axis of months, or the reason why there is neither.
struct BookValue {
    double value = std::numeric_limits<double>::quiet_NaN();
    double least = value, most = value; ///< as its figures lie in their spreads, rivals included
    Powers powers;
    bool is_date = false;
    bool bare_zero = false; ///< fits any unit
    std::string problem;
};

BookValue failed_value(std::string problem) {
    BookValue value;
    value.problem = std::move(problem);
    return value;
}

Unit unit_of_powers(Powers powers) {
    Unit unit;
    unit.powers = std::move(powers);
    return unit;
}

std::string unit_in_words(Powers const& powers) {
    return powers.empty() ? "a plain number" : print_dimension(unit_of_powers(powers));
}

std::string print_powers(BookValue const& value) {
    return value.is_date ? "a date" : unit_in_words(value.powers);
}

/// Equations write a hyphen of an id as an underscore.
bool same_id(std::string_view id, std::string_view name) {
    return std::equal(id.begin(), id.end(), name.begin(), name.end(),
                      [](char a, char b) { return a == b || (a == '-' && b == '_'); });
}

std::string near_id(std::string const& name, std::vector<std::string> const& ids) {
    auto near = nearest(name, ids);
    if (!near) return {};
    std::replace(near->begin(), near->end(), '-', '_');
    return "; did you mean " + quoted(*near) + "?";
}

template <class Item>
std::vector<std::string> ids_of(std::vector<Item> const& items) {
    std::vector<std::string> ids;
    for (Item const& item : items) ids.push_back(item.id);
    return ids;
}

template <class Item>
Item const* with_id(std::vector<Item> const& items, std::string const& name) {
    auto const found = std::find_if(items.begin(), items.end(),
                                    [&](Item const& item) { return same_id(item.id, name); });
    return found == items.end() ? nullptr : &*found;
}

/// A number that has no spread.
BookValue at_point(double number) {
    BookValue value;
    value.value = value.least = value.most = number;
    return value;
}

BookValue value_of_figure(Figure const& figure) {
    BookValue value;
    if (figure.holds == Figure::Holds::amount) {
        value = at_point(figure.value);
        if (figure.spread.shape != Shape::point) {
            value.least = std::min(value.value, lowest(figure.spread));
            value.most = std::max(value.value, highest(figure.spread));
        }
        value.powers = figure.unit.powers;
    } else if (figure.holds == Figure::Holds::period) {
        value = at_point(figure.value);
        value.is_date = true;
    } else {
        value.problem = figure.holds == Figure::Holds::word ? "is a word" : "is not disclosed";
    }
    return value;
}

using Schedule = std::vector<std::pair<Period, std::vector<Figure>>>;

/// Of figures by period: the very period, else the latest that lies in it, else the shortest that
/// holds it.
struct FigureAt {
    Figure const* used = nullptr;
    std::vector<Figure> const* rivals = nullptr;
};
FigureAt figure_at(Schedule const& schedule, Period at) {
    FigureAt inside, around;
    double latest = -1, shortest = std::numeric_limits<double>::infinity();
    for (auto const& [period, figures] : schedule) {
        auto const used = std::find_if(figures.begin(), figures.end(),
                                       [](Figure const& figure) { return !figure.was; });
        if (used == figures.end()) continue;
        if (period == at) return {&*used, &figures};
        if (at.begin <= period.begin && period.end <= at.end && period.end.months > latest) {
            latest = period.end.months;
            inside = {&*used, &figures};
        }
        double const length = period.end.months - period.begin.months;
        if (period.begin <= at.begin && at.end <= period.end && length < shortest) {
            shortest = length;
            around = {&*used, &figures};
        }
    }
    return inside.used ? inside : around;
}

/// The first of rivals that is not overtaken, with the reach of all that are not.
BookValue value_of_rivals(std::vector<Figure> const& rivals, Figure const& used) {
    BookValue value = value_of_figure(used);
    for (Figure const& rival : rivals) {
        if (rival.was || !value.problem.empty()) continue;
        BookValue const other = value_of_figure(rival);
        if (!other.problem.empty() || other.is_date != value.is_date ||
            other.powers != value.powers)
            continue;
        value.least = std::min(value.least, other.least);
        value.most = std::max(value.most, other.most);
    }
    return value;
}

BookValue value_of_entry(Entry const& entry, std::optional<Period> at) {
    if (Figure const* figure = entry.used()) return value_of_rivals(entry.rivals, *figure);
    if (entry.plain_period) {
        BookValue value = at_point(entry.plain_period->middle().months);
        value.is_date = true;
        return value;
    }
    if (entry.by_period.empty()) return failed_value("has no figure");
    if (!at && entry.by_period.size() > 1)
        return failed_value("is given by period; say which with 'at'");
    auto const& only = entry.by_period[0].second;
    if (!at && only.empty()) return failed_value("has no figure");
    FigureAt const found = at ? figure_at(entry.by_period, *at) : FigureAt{&only.front(), &only};
    if (!found.used) return failed_value("has no figure for " + print_period(*at));
    return value_of_rivals(*found.rivals, *found.used);
}

Entry const* entry_in(std::map<std::string, Entry> const& table, std::string const& name) {
    for (auto const& [key, entry] : table)
        if (same_id(key, name)) return &entry;
    return nullptr;
}

/// A sheet stands for the days after it until the next one is due, in months; never for a day after
/// the book's as_of.
constexpr double sheet_stands = 100 * 12.0 / 365;

/// The account in the sheet nearest at or before the date (without one: the last sheet). What a firm
/// had long before is not what it had then.
Entry const* opening_entry(Book const& book, Entity const& entity, std::string const& name,
                           std::optional<Period> at) {
    Entry const* found = nullptr;
    for (Opening const& opening : entity.openings) {
        if (at && opening.at.end > at->end) continue;
        // A coarse date holds the day of the sheet: 2025-Q4 is that of 2025-12-31.
        bool const within = at && opening.at.begin >= at->begin;
        double const later = at ? at->end.months - opening.at.end.months : 0;
        if (at && !within && (later > sheet_stands || at->end > book.as_of)) continue;
        if (Entry const* entry = entry_in(opening.accounts, name)) found = entry;
    }
    return found;
}

BookValue value_of_entity(Book const& book, Entity const& entity, std::string const& name,
                          std::optional<Period> at) {
    Entry const* reported = entry_in(entity.reported, name);
    if (reported) {
        BookValue const value = value_of_entry(*reported, at);
        if (value.problem.empty()) return value;
    }
    if (Entry const* entry = opening_entry(book, entity, name, at))
        return value_of_entry(*entry, at);
    if (Entry const* entry = entry_in(entity.parameters, name)) return value_of_entry(*entry, at);
    if (Entry const* entry = entry_in(entity.facts, name)) return value_of_entry(*entry, at);
    if (reported) return value_of_entry(*reported, at);
    return failed_value("is in no opening sheet" + std::string(at ? " up to then" : "") +
                        ", nor reported, nor a parameter or fact");
}

BookValue value_of_deal(Book const& book, Deal const& deal, std::string const& name,
                        std::optional<Period> at) {
    if (Entry const* entry = entry_in(deal.parameters, name)) return value_of_entry(*entry, at);
    if (Entry const* entry = entry_in(deal.facts, name)) return value_of_entry(*entry, at);
    Deal const* drawn = deal.with.empty() ? &deal : book.deal(deal.drawn_with);
    if (name == "chance" && drawn && drawn->chance) return value_of_figure(*drawn->chance);
    if (name == "signed" && deal.signed_on) {
        BookValue value = at_point(deal.signed_on->middle().months);
        value.is_date = true;
        return value;
    }
    return failed_value("is not given");
}

class BookEvaluator {
  public:
    BookEvaluator(Book const& book, Model const& model, std::optional<Period> at)
        : book_(book), model_(model), at_(at) {}

    BookValue value(ExpressionId id, int depth = 0) const {
        if (id < 0) return failed_value("cannot be read");
        if (depth > deepest_expectation) return failed_value("is too long to be worked out");
        ExpressionNode const& node = model_.expressions[static_cast<std::size_t>(id)].node;
        if (auto const* number = std::get_if<Number>(&node)) {
            BookValue value = at_point(number->value);
            value.powers = number->unit.powers;
            value.bare_zero = number->bare && number->value == 0;
            return value;
        }
        if (auto const* date = std::get_if<DateLiteral>(&node)) {
            BookValue value = at_point(date->date.months);
            value.is_date = true;
            return value;
        }
        if (auto const* name = std::get_if<Name>(&node)) return value_of_name(*name);
        if (auto const* apply = std::get_if<Apply>(&node)) return value_of_apply(*apply, depth);
        return failed_value("sums over kinds have no place in an expectation");
    }

  private:
    BookValue value_of_name(Name const& name) const {
        auto const& parts = name.parts;
        if (name.lag != 0) return failed_value("a lag has no place in an expectation");
        BookValue value;
        if (parts.size() == 3 && parts[0] == "deal") {
            Deal const* deal = with_id(book_.deals, parts[1]);
            if (!deal)
                return failed_value("no deal " + quoted(parts[1]) + " is known" +
                                    near_id(parts[1], ids_of(book_.deals)));
            value = value_of_deal(book_, *deal, parts[2], at_);
        } else if (parts.size() == 3 && parts[0] == "headline" && parts[2] == "amount") {
            Headline const* headline = with_id(book_.headlines, parts[1]);
            if (!headline)
                return failed_value("no headline " + quoted(parts[1]) + " is known" +
                                    near_id(parts[1], ids_of(book_.headlines)));
            value = value_of_entry(headline->amount, at_);
        } else if (parts.size() == 2) {
            Entity const* entity = with_id(book_.entities, parts[0]);
            if (!entity)
                return failed_value("no entity " + quoted(parts[0]) + " is known" +
                                    near_id(parts[0], ids_of(book_.entities)));
            value = value_of_entity(book_, *entity, parts[1], at_);
        } else {
            return failed_value(
                "write ENTITY.name, deal.ID.parameter or headline.ID.amount for a figure");
        }
        if (!value.problem.empty()) {
            std::string full;
            for (auto const& part : parts) full += (full.empty() ? "" : ".") + part;
            value.problem = printable(full, 120) + " " + value.problem;
        }
        return value;
    }

    BookValue value_of_apply(Apply const& apply, int depth) const {
        std::vector<BookValue> values;
        for (ExpressionId const argument : apply.arguments) {
            values.push_back(value(argument, depth + 1));
            if (!values.back().problem.empty()) return values.back();
        }
        if (values.empty()) return failed_value("an operation without arguments");
        switch (apply.operation) {
        case Operation::negate:
            values[0].value = -values[0].value;
            values[0].least = -std::exchange(values[0].most, -values[0].least);
            return values[0].is_date ? failed_value("a date has no negative") : values[0];
        case Operation::absolute:
            return absolute(values[0]);
        case Operation::add:
        case Operation::subtract:
            return values.size() == 2 ? added(values[0], values[1], apply.operation)
                                      : failed_value("a sum of other than two");
        case Operation::minimum:
        case Operation::maximum:
            return extreme(values, apply.operation == Operation::maximum);
        case Operation::multiply:
        case Operation::divide:
            return values.size() == 2 ? multiplied(values[0], values[1], apply.operation)
                                      : failed_value("a product of other than two");
        case Operation::power:
            return values.size() == 2 ? raised(values[0], values[1])
                                      : failed_value("a power of other than two");
        default:
            return failed_value("only + - * / ^ min max abs can be used in an expectation");
        }
    }

    static BookValue added(BookValue a, BookValue b, Operation operation) {
        double const sign = operation == Operation::add ? 1 : -1;
        Powers const month{{"month", 1}};
        BookValue sum = a.bare_zero ? b : a;
        sum.bare_zero = false;
        sum.value = a.value + sign * b.value;
        sum.least = a.least + (sign > 0 ? b.least : -b.most);
        sum.most = a.most + (sign > 0 ? b.most : -b.least);
        if (a.is_date && b.is_date && sign < 0) {
            sum.is_date = false;
            sum.powers = month;
            return sum;
        }
        if (a.is_date && !b.is_date && b.powers == month) return sum;
        bool const fit =
            !a.is_date && !b.is_date && (a.bare_zero || b.bare_zero || a.powers == b.powers);
        return fit ? sum
                   : failed_value(print_powers(a) + " and " + print_powers(b) + " do not add");
    }

    static BookValue multiplied(BookValue const& a, BookValue const& b, Operation operation) {
        if (a.is_date || b.is_date) return failed_value("a date cannot be multiplied");
        BookValue result;
        Unit const left = unit_of_powers(a.powers), right = unit_of_powers(b.powers);
        bool const divides = operation == Operation::divide;
        if (divides && b.value == 0) return failed_value("divides by zero");
        result.value = divides ? a.value / b.value : a.value * b.value;
        std::tie(result.least, result.most) =
            reach_of_corners(a, b, [&](double x, double y) { return divides ? x / y : x * y; });
        // A divisor whose spread holds 0 can make anything of it.
        if (divides && b.least <= 0 && b.most >= 0) {
            result.least = -std::numeric_limits<double>::infinity();
            result.most = -result.least;
        }
        result.powers = (divides ? left / right : left * right).powers;
        return result;
    }

    static BookValue raised(BookValue const& base, BookValue const& exponent) {
        if (base.is_date || exponent.is_date || !exponent.powers.empty())
            return failed_value("an exponent must be a plain number");
        BookValue result;
        result.value = std::pow(base.value, exponent.value);
        std::tie(result.least, result.most) =
            reach_of_corners(base, exponent, [](double x, double y) { return std::pow(x, y); });
        if (base.least < 0 && base.most > 0) result.least = std::min(result.least, 0.0);
        if (base.powers.empty()) return result;
        bool const whole =
            std::fabs(exponent.value) <= 20 && exponent.value == std::round(exponent.value);
        if (!whole) return failed_value("only whole powers of a unit have a unit");
        result.powers = power(unit_of_powers(base.powers), static_cast<int>(exponent.value)).powers;
        return result;
    }

    static BookValue extreme(std::vector<BookValue> const& values, bool most) {
        BookValue best = values[0];
        for (BookValue const& value : values) {
            bool const fit = value.is_date == best.is_date && value.powers == best.powers;
            if (!fit)
                return failed_value(print_powers(best) + " and " + print_powers(value) +
                                    " cannot be compared");
            auto const further = [most](double x, double y) {
                return most ? std::max(x, y) : std::min(x, y);
            };
            best.value = further(best.value, value.value);
            best.least = further(best.least, value.least);
            best.most = further(best.most, value.most);
        }
        return best;
    }

    static BookValue absolute(BookValue value) {
        double const low = std::fabs(value.least), high = std::fabs(value.most);
        bool const around_zero = value.least <= 0 && value.most >= 0;
        value.value = std::fabs(value.value);
        value.least = around_zero ? 0 : std::min(low, high);
        value.most = std::max(low, high);
        return value;
    }

    /// Of an operation that rises or falls throughout in each of its two numbers.
    template <class Operate>
    static std::pair<double, double> reach_of_corners(BookValue const& a, BookValue const& b,
                                                      Operate operate) {
        double const corners[] = {operate(a.least, b.least), operate(a.least, b.most),
                                  operate(a.most, b.least), operate(a.most, b.most)};
        return {*std::min_element(std::begin(corners), std::end(corners)),
                *std::max_element(std::begin(corners), std::end(corners))};
    }

    Book const& book_;
    Model const& model_;
    std::optional<Period> at_;
};

/// Where the value may lie; a problem when the range is none.
std::string set_range(ExpectationResult& result, Figure const& within) {
    constexpr double infinite = std::numeric_limits<double>::infinity();
    if (within.holds != Figure::Holds::amount) return "its range is no range of numbers";
    result.low = lowest(within.spread);
    result.high = highest(within.spread);
    if (within.spread.shape == Shape::point) result.low = result.high = within.value;
    if (within.bound == Bound::at_least) result.high = infinite;
    if (within.bound == Bound::up_to) result.low = -infinite;
    if (within.bound == Bound::about) return "'about' is no range; write lo..hi";
    return {};
}

bool lies_within(double value, double low, double high) {
    double const slack = 1e-9 * std::fabs(value);
    return value >= low - slack && value <= high + slack;
}

ExpectationResult result_of(Expectation const& expectation, Book const& book, Model& model,
                            Diagnostics& diagnostics) {
    ExpectationResult result;
    result.name = expectation.name;
    result.value = std::numeric_limits<double>::quiet_NaN();
    result.unit = expectation.within.unit;
    result.problem = set_range(result, expectation.within);
    ExpressionId const left = parse_expression(model, expectation.left_where, diagnostics);
    if (left < 0) {
        result.problem = "its expression cannot be read";
        return result;
    }
    BookValue const value = BookEvaluator(book, model, expectation.at).value(left);
    if (!value.problem.empty()) result.problem = value.problem;
    if (!result.problem.empty()) return result;
    if (value.is_date || value.powers != expectation.within.unit.powers) {
        result.problem = "it comes to " + print_powers(value) + ", its range to " +
                         unit_in_words(expectation.within.unit.powers);
        diagnostics.error(expectation.left_where, result.problem,
                          "let both have the same unit; a number without one is a plain ratio");
        return result;
    }
    result.value = value.value;
    result.least = value.least;
    result.most = value.most;
    result.says = expectation.within.remark;
    result.holds = lies_within(value.value, result.low, result.high);
    return result;
}

} // namespace

std::vector<ExpectationResult> check_expectations(Book const& book, Model const& model,
                                                  Diagnostics& diagnostics) {
    std::vector<ExpectationResult> results;
    if (book.expectations.empty()) return results;
    // A copy: parsing adds expressions, and a book may use units that the model does not.
    Model reading = model;
    reading.units = vocabulary_of(model).units;
    for (Expectation const& expectation : book.expectations)
        results.push_back(result_of(expectation, book, reading, diagnostics));
    return results;
}

} // namespace perpetuum
