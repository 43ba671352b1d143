// The algebra of dimensions. Dates are points: they differ by times, move by times and do nothing
// else.

#include <perpetuum/model/dimensions.hpp>
#include <perpetuum/model/words.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace perpetuum::grammar {

namespace {

constexpr int largest_power = 20;

bool settled(Dimension d) { return d >= 0; }

/// What faults of one operation are written to, if anybody asked.
struct FaultSink {
    DimensionFault* fault;
    Dimension say(std::string message, std::string hint = {}, int argument = -1) const {
        if (fault != nullptr && fault->message.empty())
            *fault = {std::move(message), std::move(hint), argument};
        return fault_dimension;
    }
};

std::string mismatch_hint(Dimension a, Dimension b, Dimensions& table) {
    if (!settled(a) || !settled(b) || a == table.date || b == table.date) return {};
    if (table.times(a, table.time, 1) == b || table.times(b, table.time, 1) == a)
        return "a rate becomes an amount by step: step * rate";
    return {};
}

/// All arguments from `first` on must be of one dimension.
Dimension same(std::span<Dimension const> arguments, char const* verb, Dimensions& table,
               FaultSink sink) {
    Dimension result = any_dimension;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        Dimension const d = arguments[i];
        if (d == fault_dimension) return fault_dimension;
        if (d == any_dimension || d == unknown_dimension) {
            if (result == any_dimension) result = d;
            continue;
        }
        if (!settled(result)) {
            result = d;
        } else if (result != d) {
            return sink.say("cannot " + std::string(verb) + " " + table.name(result) + " and " +
                                table.name(d),
                            mismatch_hint(result, d, table));
        }
    }
    return result;
}

Dimension added(Dimension a, Dimension b, Dimensions& table, FaultSink sink) {
    if (a == table.date && b == table.date)
        return sink.say("cannot add a date and a date", "their difference is a time: a - b");
    if ((a == table.date && (b == table.time || b == any_dimension)) ||
        (b == table.date && (a == table.time || a == any_dimension)))
        return table.date;
    if (a == unknown_dimension || b == unknown_dimension) {
        Dimension const known = a == unknown_dimension ? b : a;
        return known == table.time || known == any_dimension ? unknown_dimension : known;
    }
    Dimension const both[] = {a, b};
    return same(both, "add", table, sink);
}

Dimension subtracted(Dimension a, Dimension b, Dimensions& table, FaultSink sink) {
    if (a == table.date && b == table.date) return table.time;
    if (a == table.date && (b == table.time || b == any_dimension)) return table.date;
    if (a == unknown_dimension || b == unknown_dimension) {
        Dimension const known = a == unknown_dimension ? b : a;
        bool const open = known == table.time || known == table.date || known == any_dimension;
        return open ? unknown_dimension : known;
    }
    Dimension const both[] = {a, b};
    if (b == table.date && a == table.time)
        return sink.say("cannot subtract a date from a time", "a date less a time is a date");
    return same(both, "subtract", table, sink);
}

Dimension multiplied(Dimension a, Dimension b, int sign, Dimensions& table, FaultSink sink) {
    if (a == any_dimension) a = table.plain;
    if (b == any_dimension) b = table.plain;
    if (a == table.date || b == table.date)
        return sink.say(std::string("a date cannot be ") + (sign > 0 ? "multiplied" : "divided"),
                        "the time between two dates can: end - begin");
    if (a < 0 || b < 0)
        return a == fault_dimension || b == fault_dimension ? fault_dimension : unknown_dimension;
    Dimension const result = table.times(a, b, sign);
    return result == fault_dimension ? sink.say("a unit to a power above 20") : result;
}

Dimension raised(Dimension base, Dimension exponent, std::optional<int> whole, Dimensions& table,
                 FaultSink sink) {
    if (settled(exponent) && exponent != table.plain)
        return sink.say("an exponent must be a plain number, this is " + table.name(exponent), {},
                        1);
    if (base == any_dimension) return table.plain;
    if (!settled(base)) return base;
    if (base == table.plain) return table.plain;
    if (base == table.date) return sink.say("a date cannot be raised to a power");
    if (!whole)
        return sink.say(table.name(base) + " can only be raised to a whole number",
                        "divide it by something of its unit first");
    Dimension const result = table.to_power(base, *whole);
    return result == fault_dimension ? sink.say("a unit to a power above 20") : result;
}

/// Complains unless the argument is of the dimension wanted (or may be). `of`: in what, if need be.
bool wants(std::span<Dimension const> arguments, std::size_t i, Dimension wanted,
           std::string_view what, Dimensions& table, FaultSink sink,
           std::optional<Operation> of = {}) {
    if (i >= arguments.size() || arguments[i] < 0 || arguments[i] == wanted) return true;
    sink.say(std::string(what) + (of ? "'" + std::string(name_of(*of)) + "'" : "") + " must be " +
                 table.name(wanted) + ", this is " + table.name(arguments[i]),
             {}, static_cast<int>(i));
    return false;
}

std::string_view argument_of(Operation operation) {
    switch (operation) {
    case Operation::conjunction:
    case Operation::disjunction:
    case Operation::negation:
        return "a condition of ";
    case Operation::latched:
        return "the condition of ";
    default:
        return "the argument of ";
    }
}

int time_power(Unit const& unit) {
    for (auto const& [name, exponent] : unit.powers)
        if (name == "month") return exponent;
    return 0;
}

/// Of the time unit in which something was written; 0: none, or it has no name.
double months_written(Unit const& unit) {
    int const exponent = time_power(unit);
    if (exponent == 0 || (unit.powers.size() == 1 && exponent > 0)) return 0; // "a time"
    for (double const months : {1.0, 3.0, 12.0, 12.0 / 365})
        if (std::fabs(unit.factor / std::pow(months, exponent) - 1) < 1e-9) return months;
    return 0;
}

} // namespace

Dimensions::Dimensions() {
    plain = number_of(Unit{});
    time = number_of(Unit{{{"month", 1}}, 1});
    date = number_of(Unit{{{"date", 1}}, 1});
}

Dimension Dimensions::number_of(Unit const& unit) {
    auto const [known, fresh] =
        numbers_.try_emplace(unit.powers, static_cast<Dimension>(units_.size()));
    if (fresh) {
        units_.push_back({unit.powers, 1});
        months_.push_back(0);
    }
    return known->second;
}

Dimension Dimensions::of(Unit const& unit) {
    if (unit.plain()) return plain;
    Dimension const number = number_of(unit);
    if (double const months = months_written(unit); months > 0) {
        double& own = months_[static_cast<std::size_t>(number)];
        if (own == 0) own = months;
        if (all_months_ == 0) all_months_ = months;
        if (all_months_ != months) all_months_ = -1;
    }
    return number;
}

Unit Dimensions::unit(Dimension dimension) const {
    return units_[static_cast<std::size_t>(dimension)];
}

std::string Dimensions::name(Dimension dimension) const {
    if (dimension < 0 || dimension == plain) return "a plain number";
    if (dimension == date) return "a date";
    if (dimension == time) return "a time";
    Unit shown = unit(dimension);
    double const own = months_[static_cast<std::size_t>(dimension)];
    shown.factor = std::pow(own > 0 ? own : (all_months_ > 0 ? all_months_ : 1), time_power(shown));
    return "'" + print_unit(shown) + "'";
}

Dimension Dimensions::bounded(std::vector<std::pair<std::string, int>> powers) {
    for (auto const& [name, exponent] : powers)
        if (std::abs(exponent) > largest_power) return fault_dimension;
    return number_of(Unit{std::move(powers), 1});
}

Dimension Dimensions::times(Dimension a, Dimension b, int sign) {
    auto const place = static_cast<std::size_t>(a * 37 + b * 2 + (sign > 0 ? 1 : 0));
    Product& known = products_[place % products_.size()];
    if (known.a != a || known.b != b || known.sign != sign) {
        Unit const &left = units_[static_cast<std::size_t>(a)],
                   &right = units_[static_cast<std::size_t>(b)];
        known = {a, b, sign, bounded((sign > 0 ? left * right : left / right).powers)};
    }
    return known.result;
}

Dimension Dimensions::money(std::string const& name) {
    if (money_ == unknown_dimension) money_ = number_of(Unit{{{name, 1}}, 1});
    return money_;
}

Dimension Dimensions::to_power(Dimension a, int exponent) {
    if (std::abs(exponent) > largest_power) return fault_dimension;
    return bounded(power(unit(a), exponent).powers);
}

Dimension Dimensions::root(Dimension a) {
    Unit result = unit(a);
    for (auto& [name, exponent] : result.powers) {
        if (exponent % 2 != 0) return fault_dimension;
        exponent /= 2;
    }
    return number_of(result);
}

bool Dimensions::per_time(Dimension a) const {
    for (auto const& [name, exponent] : units_[static_cast<std::size_t>(a)].powers)
        if (name == "month" && exponent == -1) return true;
    return false;
}

bool agree(Dimension a, Dimension b) { return a < 0 || b < 0 || a == b; }

Dimension dimension_of(Operation operation, std::span<Dimension const> arguments,
                       std::optional<int> exponent, Dimensions& table, DimensionFault* fault) {
    FaultSink const sink{fault};
    Dimension const first = arguments[0];
    auto const plain_wanted = [&](std::size_t i) {
        return wants(arguments, i, table.plain, argument_of(operation), table, sink, operation)
                   ? table.plain
                   : fault_dimension;
    };
    switch (operation) {
    case Operation::add:
        return added(first, arguments[1], table, sink);
    case Operation::subtract:
        return subtracted(first, arguments[1], table, sink);
    case Operation::multiply:
        return multiplied(first, arguments[1], 1, table, sink);
    case Operation::divide:
        return multiplied(first, arguments[1], -1, table, sink);
    case Operation::power:
        return raised(first, arguments[1], exponent, table, sink);
    case Operation::equal:
    case Operation::unequal:
    case Operation::less:
    case Operation::less_equal:
    case Operation::greater:
    case Operation::greater_equal:
        return same(arguments, "compare", table, sink) == fault_dimension ? fault_dimension
                                                                          : table.plain;
    case Operation::conjunction:
    case Operation::disjunction: {
        Dimension const left = plain_wanted(0);
        return left == fault_dimension ? left : plain_wanted(1);
    }
    case Operation::negation:
    case Operation::exponential:
    case Operation::logarithm:
    case Operation::latched:
        return plain_wanted(0);
    case Operation::choose:
        if (!wants(arguments, 0, table.plain, "the condition of 'if'", table, sink))
            return fault_dimension;
        return same(arguments.subspan(1), "choose between", table, sink);
    case Operation::minimum:
    case Operation::maximum:
    case Operation::clip:
        return same(arguments, "compare", table, sink);
    case Operation::negate:
    case Operation::absolute:
        if (first == table.date) return sink.say("a date has no sign");
        return first;
    case Operation::round_down:
        return first;
    case Operation::square_root: {
        if (first < 0) return first == any_dimension ? table.plain : first;
        Dimension const root = first == table.date ? fault_dimension : table.root(first);
        return root == fault_dimension
                   ? sink.say("the square root of " + table.name(first) + " has no unit")
                   : root;
    }
    case Operation::since:
        return wants(arguments, 0, table.date, "the argument of 'since'", table, sink)
                   ? table.plain
                   : fault_dimension;
    case Operation::ramp_up: {
        bool const begin = wants(arguments, 0, table.date, "the begin of 'ramp_up'", table, sink);
        bool const length = wants(arguments, 1, table.time, "the length of 'ramp_up'", table, sink);
        return begin && length ? table.plain : fault_dimension;
    }
    case Operation::delay:
    case Operation::smooth:
    case Operation::straight_line:
        if (!wants(arguments, 1, table.time, "the time of ", table, sink, operation))
            return fault_dimension;
        return first;
    case Operation::sum_over:
        if (!wants(arguments, 1, table.time, "the time of 'sum_over'", table, sink))
            return fault_dimension;
        if (first == table.date) return sink.say("dates cannot be added up");
        return first >= 0 && table.per_time(first) ? table.times(first, table.time, 1) : first;
    }
    return unknown_dimension;
}

} // namespace perpetuum::grammar
