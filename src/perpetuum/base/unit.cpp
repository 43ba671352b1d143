// Arithmetic of units: powers of base units kept sorted, so that equal dimensions compare equal.

#include <perpetuum/base.hpp>

#include <cmath>
#include <cstdlib>

namespace perpetuum {

namespace {

/// Merges two sorted lists of powers, the second one times `sign`.
std::vector<std::pair<std::string, int>>
merged_powers(std::vector<std::pair<std::string, int>> const& a,
              std::vector<std::pair<std::string, int>> const& b, int sign) {
    std::vector<std::pair<std::string, int>> result;
    std::size_t i = 0, j = 0;
    while (i < a.size() || j < b.size()) {
        if (j == b.size() || (i < a.size() && a[i].first < b[j].first)) {
            result.push_back(a[i++]);
        } else if (i == a.size() || b[j].first < a[i].first) {
            result.emplace_back(b[j].first, sign * b[j].second);
            ++j;
        } else {
            int const sum = a[i].second + sign * b[j].second;
            if (sum != 0) result.emplace_back(a[i].first, sum);
            ++i;
            ++j;
        }
    }
    return result;
}

std::string printed_power(std::string const& name, int exponent) {
    return exponent == 1 ? name : name + "^" + std::to_string(exponent);
}

} // namespace

Unit operator*(Unit const& a, Unit const& b) {
    return {merged_powers(a.powers, b.powers, 1), a.factor * b.factor};
}

Unit operator/(Unit const& a, Unit const& b) {
    return {merged_powers(a.powers, b.powers, -1), a.factor / b.factor};
}

Unit power(Unit const& a, int exponent) {
    Unit result;
    if (exponent == 0) return result;
    result.factor = std::pow(a.factor, exponent);
    for (auto const& [name, own] : a.powers) result.powers.emplace_back(name, own * exponent);
    return result;
}

std::string print_dimension(Unit const& unit) {
    std::string above, below;
    for (auto const& [name, exponent] : unit.powers) {
        if (exponent > 0) above += (above.empty() ? "" : ".") + printed_power(name, exponent);
        if (exponent < 0) below += "/" + printed_power(name, -exponent);
    }
    return (above.empty() ? "1" : above) + below;
}

std::string print_unit(Unit const& unit) {
    constexpr struct {
        char const* name;
        double months;
    } times[] = {{"month", 1}, {"quarter", 3}, {"year", 12}, {"day", 12.0 / 365.0}};
    constexpr struct {
        char const* name;
        double factor;
    } plains[] = {{"1", 1}, {"%", 0.01}, {"bp", 0.0001}};
    int time_power = 0;
    Unit rest;
    for (auto const& one : unit.powers) {
        if (one.first == "month")
            time_power = one.second;
        else
            rest.powers.push_back(one);
    }
    for (auto const& time : times) {
        for (auto const& plain : plains) {
            double const factor = plain.factor * std::pow(time.months, time_power);
            if (std::fabs(unit.factor / factor - 1) > 1e-9) continue;
            if (plain.factor != 1 && !rest.plain()) continue; // no "% of dollars"
            std::string const front = rest.plain() ? plain.name : print_dimension(rest);
            if (time_power == 0) return front;
            std::string const name = printed_power(time.name, std::abs(time_power));
            if (time_power < 0) return front + "/" + name;
            if (front == "1") return name;
            // A slash in front would take the time below it as well.
            if (front.find('/') == std::string::npos) return front + "." + name;
        }
    }
    return print_dimension(unit);
}

} // namespace perpetuum
