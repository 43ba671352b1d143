#pragma once
// Dimensions as small numbers, and what each operation makes of them.

#include <perpetuum/model.hpp>

#include <array>
#include <map>
#include <span>

namespace perpetuum::grammar {

/// A dimension's number in a table, or one of these.
using Dimension = int;
constexpr Dimension unknown_dimension = -1; ///< not known yet
constexpr Dimension any_dimension = -2;     ///< a bare 0
constexpr Dimension fault_dimension = -3;   ///< something was wrong; said already

class Dimensions {
  public:
    Dimensions();
    Dimension of(Unit const& unit); ///< of a unit that a text writes: its time unit is remembered
    Unit unit(Dimension dimension) const;
    /// "a plain number", "a date", "'USD/quarter'": in the time unit in which a text first wrote
    /// that dimension; where none did, in the only one that any text wrote, or months.
    std::string name(Dimension dimension) const;
    /// sign -1 divides; fault beyond a power of 20
    Dimension times(Dimension a, Dimension b, int sign);
    Dimension money(std::string const& name); ///< of that base unit, always the same one
    Dimension to_power(Dimension a, int exponent);
    Dimension root(Dimension a);      ///< fault when a power is odd
    bool per_time(Dimension a) const; ///< month to the power -1

    Dimension plain = 0, time = 0, date = 0;

  private:
    Dimension number_of(Unit const& unit);
    Dimension bounded(std::vector<std::pair<std::string, int>> powers);
    /// What was multiplied last, by a place that is made of both and the sign: most are asked for
    /// again and again.
    struct Product {
        Dimension a = unknown_dimension, b = unknown_dimension;
        int sign = 0;
        Dimension result = unknown_dimension;
    };
    std::array<Product, 256> products_{};
    Dimension money_ = unknown_dimension;
    std::map<std::vector<std::pair<std::string, int>>, Dimension> numbers_;
    std::vector<Unit> units_;
    std::vector<double> months_; ///< of the time unit in which a dimension was written; 0: in none
    double all_months_ = 0;      ///< of the only one in any dimension; 0: none; below: several
};

/// What is wrong with an operation's arguments.
struct DimensionFault {
    std::string message, hint;
    int argument = -1; ///< -1: the operator
};
/// The dimension of an operation on arguments, of which some may be unknown: then the result may
/// be, too. `exponent`: of a power, where it is a whole number in the text.
Dimension dimension_of(Operation operation, std::span<Dimension const> arguments,
                       std::optional<int> exponent, Dimensions& table, DimensionFault* fault);
/// The one of two that must agree; date and time may be added.
bool agree(Dimension a, Dimension b);

} // namespace perpetuum::grammar
