#pragma once
/// Expressions of a program: equal ones are one, what is known is folded, and each knows how often
/// it changes.

#include <perpetuum/instance.hpp>
#include <perpetuum/program.hpp>

#include <array>
#include <optional>
#include <vector>

namespace perpetuum {

/// How often a value changes: the join of two is at least as changeable as both.
enum class Rate : std::uint8_t {
    constant = 0,
    uniform = 1, ///< differs by step, the same on every path
    path = 2,    ///< differs by path, the same in every step
    varying = 3,
};
inline Rate join(Rate a, Rate b) {
    return static_cast<Rate>(static_cast<int>(a) | static_cast<int>(b));
}

enum class TermType : std::uint8_t { constant, leaf, time, apply };

/// A value: a constant, a cell some steps back, or an operation on others.
struct Term {
    TermType type = TermType::constant;
    Opcode operation = Opcode::copy; ///< apply
    Rate rate = Rate::constant;
    bool at_start = false; ///< seen before the first step, where the clock stands at the start
    CellId cell = -1;      ///< leaf; past, past_sum: whose memory
    double value = 0;      ///< constant
    int lag = 0;           ///< leaf
    std::array<int, 3> arguments{-1, -1, -1};
    bool operator==(Term const&) const = default;
};
static_assert(sizeof(Term) == 32); // two to a cache line: every stage walks through all of them

using TermId = int; ///< index into Pool; −1: none

class Pool {
  public:
    explicit Pool(System const& system);
    TermId constant(double value);
    TermId leaf(CellId cell, int lag, Rate rate);
    TermId time(bool at_start);
    TermId apply(Opcode operation, TermId a, TermId b = -1, TermId c = -1);
    /// since, ramp_up: what looks at the clock.
    TermId clocked(Opcode operation, TermId a, TermId b, bool at_start);
    /// past, past_sum of a cell whose value in this step is `now`.
    TermId past(Opcode operation, CellId cell, TermId time, TermId before, TermId now);

    Term const& operator[](TermId id) const { return terms_[static_cast<std::size_t>(id)]; }
    TermId size() const { return static_cast<TermId>(terms_.size()); }
    std::optional<double> known(TermId id) const {
        if (id < 0 || (*this)[id].type != TermType::constant) return std::nullopt;
        return (*this)[id].value;
    }
    /// An operation on numbers, at a step.
    double evaluate(Opcode operation, double a, double b, double c, int step) const;

  private:
    double start_months_;
    StepContext context_; ///< without the step
    std::vector<Term> terms_;
    std::vector<TermId> table_; ///< open addressing: terms by their hash; −1: free
    TermId zero_ = -1;          ///< asked for most of all

    TermId add(Term const& term);
    void grow();
    bool is(TermId id, double value) const {
        return id >= 0 && (*this)[id].type == TermType::constant && (*this)[id].value == value;
    }
    bool truth(TermId id) const; ///< is 0 or 1 whatever happens
    TermId simpler(Opcode operation, TermId a, TermId b, TermId c) const;
};

} // namespace perpetuum
