#pragma once
/// base: what every room shares: units as they stand in texts, the calendar, spreads, exact money.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace perpetuum {

/// Thrown when a caller (not a reader's text) breaks a contract; the text gives the value and what
/// was expected.
struct BadInput {
    std::string what;
};

// ---- units as they stand in texts
// -----------------------------------------------------------------------------------

/// A unit: powers of base units, and the factor that turns a number in it into base units.
/// Base of time is the month (12 months, 4 quarters, 365 days are a year); "%" and "bp" are plain
/// numbers.
struct Unit {
    std::vector<std::pair<std::string, int>> powers; ///< base unit → exponent ≠ 0, sorted by name
    double factor = 1;                               ///< 1 USD/quarter = 1/3 USD/month: factor 1/3

    bool same_dimension(Unit const& other) const { return powers == other.powers; }
    bool plain() const { return powers.empty(); }
};

Unit operator*(Unit const& a, Unit const& b);
Unit operator/(Unit const& a, Unit const& b);
Unit power(Unit const& a, int exponent);
/// "USD/GW", "1/month", "1" for a plain number; the dimension only, in base units.
std::string print_dimension(Unit const& unit);
/// The unit as people write it where its factor allows: "USD/year", "%", "bp"; else as
/// print_dimension does.
std::string print_unit(Unit const& unit);

/// What is wrong with a unit's text: where in the text, and the nearest known name if there is one.
struct UnitError {
    std::size_t offset = 0, length = 0;
    std::string message, hint;
};

/// The units that a book and a model may use.
class Units {
  public:
    /// The built-in ones: day month quarter year (and d q y), % and bp.
    Units();
    /// Those, and what every book may use without a model's leave: USD EUR JPY GBP CNY TWD, GW MW
    /// GPU share user.
    static Units for_books();
    void add_base(std::string const& name);
    void add_derived(std::string const& name, Unit unit);
    bool known(std::string_view name) const;
    /// "USD/GW/year", "1/quarter", "%/year". A product is written with a dot or a star: "GW.year".
    std::optional<Unit> parse(std::string_view text, UnitError& error) const;
    std::vector<std::string> names() const;

  private:
    std::vector<std::pair<std::string, Unit>> table_;
};

// ---- calendar
// ---------------------------------------------------------------------------------------------------------

/// A point in time on an axis of months since year 0; a day is its part of its month. 2026-01-01 is
/// 24312.
struct Date {
    double months = 0;
    auto operator<=>(Date const&) const = default;
};

/// The beginning of a day.
Date date_of(int year, int month, int day = 1);
/// Half open: from the beginning of its first day to the end of its last.
struct Period {
    Date begin, end;
    Date middle() const { return {(begin.months + end.months) / 2}; }
    bool operator==(Period const&) const = default;
};
/// "2025-09-22" "2025-09" "2025-Q3" "2025-H2" "2025" "2027..2028" "2025-Q3..2026-Q1"; nothing when
/// it is no date.
std::optional<Period> parse_period(std::string_view text);
/// The fiscal year named FYn ends on `end`: "FY2026" "FY2026-Q1" "FY2026-Q1..FY2026-Q3" or any
/// calendar period.
struct FiscalYear {
    int year = 0;
    Date end; ///< the end (exclusive) of its last day
};
std::optional<Period> parse_fiscal_period(std::string_view text, FiscalYear const& fiscal);
std::string print_day(Date date);    ///< 2025-09-22: the day that holds this point
std::string print_quarter(Date end); ///< 2025-Q4: the quarter that ends here
std::string
print_period(Period period); ///< the shortest name: 2025, 2025-Q4, 2025-09, or begin..end by day

// ---- spreads
// ----------------------------------------------------------------------------------------------------------

enum class Shape { point, uniform, triangular, pert, normal, lognormal, discrete, bernoulli };

/// What is not known exactly. Parameters: uniform lo hi; triangular and pert lo mode hi; normal
/// mean sd; lognormal median p90; discrete value weight value weight …; bernoulli p; point value.
struct Distribution {
    Shape shape = Shape::point;
    std::vector<double> parameters;
};
/// The central value: the median (of a discrete one the heaviest value, of a Bernoulli 1 if p ≥
/// 0.5).
double median(Distribution const& distribution);
double lowest(Distribution const& distribution); ///< lower end, or 5 % quantile where there is none
double
highest(Distribution const& distribution); ///< upper end, or 95 % quantile where there is none

// ---- words
// ------------------------------------------------------------------------------------------------------------

/// The candidate nearest to `name` (by edits), or nothing when none is near.
std::optional<std::string> nearest(std::string_view name,
                                   std::vector<std::string> const& candidates);

/// Money as a reader wants it: 12345678900 → "12.3 B", with three digits; NaN → "not known".
std::string print_amount(double usd);

} // namespace perpetuum
