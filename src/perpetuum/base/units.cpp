// The table of units, and the little grammar of their texts: name { ("." | "*" | "/") name [ "^"
// digits ] }.

#include <perpetuum/base.hpp>

#include <algorithm>
#include <cstdlib>

namespace perpetuum {

namespace {

constexpr int largest_exponent = 20;

bool is_operator(char c) { return c == '/' || c == '.' || c == '*'; }

UnitError unit_error(std::size_t offset, std::size_t length, std::string message,
                     std::string hint = {}) {
    return {offset, length, std::move(message), std::move(hint)};
}

/// "GW^2" → GW and 2; nothing when the exponent is no small whole number.
std::optional<std::pair<std::string_view, int>> split_exponent(std::string_view word) {
    auto const caret = word.find('^');
    if (caret == std::string_view::npos) return std::pair{word, 1};
    std::string_view const digits = word.substr(caret + 1);
    if (digits.empty() || digits.size() > 2) return {};
    int exponent = 0;
    for (char const c : digits) {
        if (c < '0' || c > '9') return {};
        exponent = exponent * 10 + (c - '0');
    }
    if (exponent < 1 || exponent > largest_exponent) return {};
    return std::pair{word.substr(0, caret), exponent};
}

bool exponents_too_large(Unit const& unit) {
    return std::any_of(unit.powers.begin(), unit.powers.end(),
                       [](auto const& p) { return std::abs(p.second) > largest_exponent; });
}

std::string way_out(std::string_view name, Units const& units) {
    if (name == "m") return "write 'month', or 'M' before the unit for a million";
    auto const near = nearest(name, units.names());
    return near ? "did you mean '" + *near + "'?" : std::string{};
}

/// Only what a terminal may show: the rest of a hostile name becomes '?'.
std::string shown_name(std::string_view name) {
    std::string shown;
    for (char const c : name.substr(0, 60)) shown += c >= ' ' && c <= '~' ? c : '?';
    return shown + (name.size() > 60 ? "…" : "");
}

} // namespace

Units::Units() {
    add_base("month");
    Unit const month = table_.back().second;
    auto const months = [&](double count) { return Unit{month.powers, count}; };
    // A day as a unit of time is 1/365 of a year; as a point in time it is its part of its own
    // month.
    for (auto const* day : {"day", "d"}) add_derived(day, months(12.0 / 365.0));
    for (auto const* quarter : {"quarter", "q"}) add_derived(quarter, months(3));
    for (auto const* year : {"year", "y"}) add_derived(year, months(12));
    add_derived("%", {{}, 0.01});
    add_derived("bp", {{}, 0.0001});
}

Units Units::for_books() {
    Units units;
    for (auto const* name :
         {"USD", "EUR", "JPY", "GBP", "CNY", "TWD", "GW", "GPU", "share", "user"})
        units.add_base(name);
    units.add_derived("MW", {{{"GW", 1}}, 0.001});
    return units;
}

void Units::add_base(std::string const& name) { add_derived(name, {{{name, 1}}, 1}); }

void Units::add_derived(std::string const& name, Unit unit) {
    for (auto& row : table_) {
        if (row.first != name) continue;
        row.second = std::move(unit);
        return;
    }
    table_.emplace_back(name, std::move(unit));
}

bool Units::known(std::string_view name) const {
    return std::any_of(table_.begin(), table_.end(),
                       [&](auto const& r) { return r.first == name; });
}

std::vector<std::string> Units::names() const {
    std::vector<std::string> result;
    for (auto const& row : table_) result.push_back(row.first);
    return result;
}

std::optional<Unit> Units::parse(std::string_view text, UnitError& error) const {
    auto const row_of = [&](std::string_view name) {
        return std::find_if(table_.begin(), table_.end(),
                            [name](auto const& row) { return row.first == name; });
    };
    // Most units are one word of the table.
    if (auto const row = row_of(text); text != "1" && row != table_.end()) return row->second;
    Unit result;
    std::size_t at = 0;
    bool below = false;
    while (true) {
        std::size_t end = at;
        while (end < text.size() && !is_operator(text[end])) ++end;
        std::string_view const word = text.substr(at, end - at);
        if (word.empty()) {
            error = unit_error(at, at < text.size() ? 1 : 0, "a unit's name is missing here");
            return {};
        }
        auto const parts = split_exponent(word);
        if (!parts) {
            error = unit_error(at, word.size(), "an exponent must be a whole number from 1 to 20",
                               "write for instance 'GW^2'");
            return {};
        }
        auto const [name, exponent] = *parts;
        if (name != "1") {
            auto const row = row_of(name);
            if (row == table_.end()) {
                error = unit_error(at, name.size(), "unknown unit '" + shown_name(name) + "'",
                                   way_out(name, *this));
                return {};
            }
            Unit const part = exponent == 1 ? row->second : power(row->second, exponent);
            result = at == 0 ? part : below ? result / part : result * part;
        }
        if (exponents_too_large(result)) {
            error = unit_error(0, text.size(), "a unit to a power above 20");
            return {};
        }
        if (end == text.size()) return result;
        below = text[end] == '/';
        at = end + 1;
    }
}

} // namespace perpetuum
