// Kernels: one loop over the lanes for each operation and each choice of which operands are one
// value for all lanes. A lane is a path and never sees another.

#include <perpetuum/lanes/elementary.hpp>
#include <perpetuum/lanes/words.hpp>
#include <perpetuum/program/operations.hpp>

namespace perpetuum::PERPETUUM_CLONE {
namespace {

constexpr double whole_from = 4503599627370496.0; // 2^52: from here on all doubles are whole

inline double absolute_of(double x) { return __builtin_fabs(x); }

/// To the nearest whole number, ties to even; adding 2^52 rounds.
inline double nearest_whole(double x) {
    double const size = absolute_of(x);
    double const rounded = __builtin_copysign((size + whole_from) - whole_from, x);
    return size < whole_from ? rounded : x;
}

inline double towards_zero(double x) {
    double const size = absolute_of(x);
    double const rounded = (size + whole_from) - whole_from;
    double const cut = rounded > size ? rounded - 1 : rounded;
    return size < whole_from ? __builtin_copysign(cut, x) : x;
}

inline double down(double x) {
    double const rounded = nearest_whole(x);
    return rounded > x ? rounded - 1 : rounded;
}

/// Whole coins towards zero; within a thousandth of a coin of a whole number it is that number, so
/// that a balance read in dollars and paid again comes out even.
inline double whole_coins(double usd, double coins_per_usd) {
    double const coins = usd * coins_per_usd;
    double const near = nearest_whole(coins);
    return absolute_of(coins - near) < 1e-3 ? near : towards_zero(coins);
}

/// Integral of a rise from 0 to 1 over `length`, from the far past to `elapsed` months after its
/// begin.
inline double risen(double elapsed, double length) {
    double const rising = elapsed * elapsed / (2 * length);
    double const over = elapsed - length / 2;
    return elapsed <= 0 ? 0 : elapsed >= length ? over : rising;
}

/// The lesser and the greater of two; no number where either is none. As two choices, of which the
/// first is one instruction.
inline double less_of(double a, double b) {
    double const less = b < a ? b : a;
    return b != b ? b : less;
}
inline double more_of(double a, double b) {
    double const more = b > a ? b : a;
    return b != b ? b : more;
}

// ---- one operation on one lane
// ------------------------------------------------------------------------------------------

#define OPERATION(NAME, EXPRESSION)                                                                \
    struct NAME {                                                                                  \
        static inline double of([[maybe_unused]] StepContext const& at, [[maybe_unused]] double a, \
                                [[maybe_unused]] double b, [[maybe_unused]] double c) {            \
            return EXPRESSION;                                                                     \
        }                                                                                          \
    };

OPERATION(Copy, a)
OPERATION(Negate, -a)
OPERATION(Absolute, absolute_of(a))
OPERATION(SquareRoot, __builtin_sqrt(a))
OPERATION(RoundDown, down(a))
OPERATION(Exponential, lane_exp(a))
OPERATION(Logarithm, lane_log(a))
OPERATION(Negation, a == 0 ? 1.0 : 0.0)
OPERATION(ToCoins, whole_coins(a, at.coins_per_usd))
OPERATION(Since, less_of(more_of((at.time_end - a) / at.step_months, 0.0), 1.0))
OPERATION(Add, a + b)
OPERATION(Subtract, a - b)
OPERATION(Multiply, a* b)
OPERATION(Divide, a / b)
OPERATION(Power, lane_pow(a, b))
OPERATION(Minimum, less_of(a, b))
OPERATION(Maximum, more_of(a, b))
OPERATION(Equal, a == b ? 1.0 : 0.0)
OPERATION(Unequal, a != b ? 1.0 : 0.0)
OPERATION(Less, a < b ? 1.0 : 0.0)
OPERATION(LessEqual, a <= b ? 1.0 : 0.0)
OPERATION(Conjunction, ((a != 0) & (b != 0)) ? 1.0 : 0.0)
OPERATION(Disjunction, ((a != 0) | (b != 0)) ? 1.0 : 0.0)
OPERATION(RampUp, (risen(at.time_end - a, more_of(b, 1e-9)) -
                   risen(at.time_end - a - at.step_months, more_of(b, 1e-9))) /
                      at.step_months)
OPERATION(Choose, a != 0 ? b : c)
#undef OPERATION

struct From {
    static inline double of(StepContext const&, double a, double b, double) { return b - a; }
};

template <class One>
struct Swapped {
    static inline double of(StepContext const& at, double a, double b, double) {
        return One::of(at, b, a, 0);
    }
};

struct ChooseToCoins {
    static inline double of(StepContext const& at, double a, double b, double c) {
        return ToCoins::of(at, Choose::of(at, a, b, c), 0, 0);
    }
};

/// Second after First, each rounded.
template <class First, class Second>
struct Fused {
    static inline double of(StepContext const& at, double a, double b, double c) {
        return Second::of(at, First::of(at, a, b, 0), c, 0);
    }
};

// ---- loops
// ---------------------------------------------------------------------------------------------------------

template <class One, int operands, int scalars>
inline void one_row(StepContext const& at, double* out, double const* a, double const* b,
                    double const* c) {
    int const groups = at.lanes / 16;
    double const sa = (scalars & 1) ? *a : 0, sb = (scalars & 2) ? *b : 0,
                 sc = (scalars & 4) ? *c : 0;
#pragma GCC ivdep
    for (int i = 0; i < groups * 16; ++i)
        out[i] = One::of(at, (scalars & 1) ? sa : a[i],
                         operands < 2    ? 0
                         : (scalars & 2) ? sb
                                         : b[i],
                         operands < 3    ? 0
                         : (scalars & 4) ? sc
                                         : c[i]);
}

template <class One, int operands, int scalars>
void loop(StepContext const& at, double* memory, BoundInstruction const* first, int count) {
    double* const rows = memory + at.first;
    for (int k = 0; k < count; ++k)
        one_row<One, operands, scalars>(at, rows + first[k].out,
                                        ((scalars & 1) ? memory : rows) + first[k].in[0],
                                        ((scalars & 2) ? memory : rows) + first[k].in[1],
                                        ((scalars & 4) ? memory : rows) + first[k].in[2]);
}

template <class One>
Kernel unary(int scalars) {
    return (scalars & 1) ? loop<One, 1, 1> : loop<One, 1, 0>;
}

template <class One>
Kernel binary(int scalars) {
    switch (scalars & 3) {
    case 0:
        return loop<One, 2, 0>;
    case 1:
        return loop<One, 2, 1>;
    case 2:
        return loop<One, 2, 2>;
    default:
        return loop<One, 2, 3>;
    }
}

template <class One>
Kernel ternary(int scalars) {
    switch (scalars & 7) {
    case 0:
        return loop<One, 3, 0>;
    case 1:
        return loop<One, 3, 1>;
    case 2:
        return loop<One, 3, 2>;
    case 3:
        return loop<One, 3, 3>;
    case 4:
        return loop<One, 3, 4>;
    case 5:
        return loop<One, 3, 5>;
    case 6:
        return loop<One, 3, 6>;
    default:
        return loop<One, 3, 7>;
    }
}

// ---- sums
// ----------------------------------------------------------------------------------------------------------

inline Doubles doubles_at(double const* from) {
    Doubles out;
    __builtin_memcpy(&out, from, sizeof out);
    return out;
}

/// Terms of some lanes, which stay in registers until all are added.
template <int vectors>
inline void sum_of_lanes(double* out, double const* rows, BoundTerm const* terms, int count) {
    constexpr int step = static_cast<int>(width);
    Doubles sum[vectors];
    for (int t = 0; t < count; ++t) {
        BoundTerm const term = terms[t];
        double const* const value = rows + term.value;
        Doubles added[vectors];
        for (int v = 0; v < vectors; ++v) added[v] = doubles_at(value + v * step);
        if (term.condition != 0) {
            double const* const condition = rows + term.condition;
            for (int v = 0; v < vectors; ++v)
                added[v] = (Doubles)((Words)added[v] &
                                     (Words)(doubles_at(condition + v * step) != Doubles{}));
        }
        // What is taken away is added with the other sign: the same bits.
        if (t == 0)
            for (int v = 0; v < vectors; ++v) sum[v] = added[v];
        else
            for (int v = 0; v < vectors; ++v) sum[v] += (Doubles)((Words)added[v] ^ term.flip);
    }
    for (int v = 0; v < vectors; ++v) __builtin_memcpy(out + v * step, &sum[v], sizeof sum[v]);
}

void sums(StepContext const& at, double* memory, BoundInstruction const* first, int count) {
    constexpr int some = 8 * static_cast<int>(width); // as many as there are registers for
    double* const rows = memory + at.first;
    for (int k = 0; k < count; ++k) {
        BoundTerm const* const terms = at.terms + first[k].in[0];
        int const many = static_cast<int>(first[k].in[1]);
        double* const out = rows + first[k].out;
        int i = 0;
        for (; i + some <= at.lanes; i += some) sum_of_lanes<8>(out + i, rows + i, terms, many);
        for (; i < at.lanes; i += 16)
            sum_of_lanes<16 / static_cast<int>(width)>(out + i, rows + i, terms, many);
    }
}

// ---- memories
// ------------------------------------------------------------------------------------------------------

template <int scalars>
void remember(StepContext const& at, double* memory, BoundInstruction const* first, int count) {
    for (int k = 0; k < count; ++k) {
        double* const row = memory + at.first + first[k].out + at.step * at.stride;
        double const* const a = memory + ((scalars & 1) ? 0 : at.first) + first[k].in[0];
        for (int i = 0; i < at.lanes; ++i) row[i] = a[(scalars & 1) ? 0 : i];
    }
}

/// What a memory held some time ago, between steps interpolated; a running sum goes on before the
/// start at what it grew by there, anything else stays as it started.
template <int scalars, bool sum>
inline void past_row(StepContext const& at, double* out, double const* a, double const* b,
                     double const* c) {
    for (int i = 0; i < at.lanes; ++i) {
        double const time = a[(scalars & 1) ? 0 : i];
        double const place = at.step - more_of(0, time / at.step_months);
        if (!(place > 0)) {
            double const before = sum ? b[(scalars & 2) ? 0 : i] * place : 0;
            out[i] = place == place ? c[i] + before : place;
            continue;
        }
        int const earlier = static_cast<int>(place);
        double const part = place - earlier;
        double const* const row = c + earlier * at.stride;
        out[i] = part == 0 ? row[i] : row[i] * (1 - part) + row[i + at.stride] * part;
    }
}

template <int scalars, bool sum>
void past(StepContext const& at, double* memory, BoundInstruction const* first, int count) {
    double* const rows = memory + at.first;
    for (int k = 0; k < count; ++k)
        past_row<scalars, sum>(
            at, rows + first[k].out, ((scalars & 1) ? memory : rows) + first[k].in[0],
            ((scalars & 2) ? memory : rows) + first[k].in[1], rows + first[k].in[2]);
}

template <bool sum>
Kernel memory(int scalars) {
    switch (scalars & 3) {
    case 0:
        return past<0, sum>;
    case 1:
        return past<1, sum>;
    case 2:
        return past<2, sum>;
    default:
        return past<3, sum>;
    }
}

} // namespace

Kernel choose_kernel(Opcode operation, int scalars) {
    switch (operation) {
    case Opcode::copy:
        return unary<Copy>(scalars);
    case Opcode::negate:
        return unary<Negate>(scalars);
    case Opcode::absolute:
        return unary<Absolute>(scalars);
    case Opcode::square_root:
        return unary<SquareRoot>(scalars);
    case Opcode::round_down:
        return unary<RoundDown>(scalars);
    case Opcode::exponential:
        return unary<Exponential>(scalars);
    case Opcode::logarithm:
        return unary<Logarithm>(scalars);
    case Opcode::negation:
        return unary<Negation>(scalars);
    case Opcode::to_coins:
        return unary<ToCoins>(scalars);
    case Opcode::since:
        return unary<Since>(scalars);
    case Opcode::add:
        return binary<Add>(scalars);
    case Opcode::subtract:
        return binary<Subtract>(scalars);
    case Opcode::multiply:
        return binary<Multiply>(scalars);
    case Opcode::divide:
        return binary<Divide>(scalars);
    case Opcode::power:
        return binary<Power>(scalars);
    case Opcode::minimum:
        return binary<Minimum>(scalars);
    case Opcode::maximum:
        return binary<Maximum>(scalars);
    case Opcode::equal:
        return binary<Equal>(scalars);
    case Opcode::unequal:
        return binary<Unequal>(scalars);
    case Opcode::less:
        return binary<Less>(scalars);
    case Opcode::less_equal:
        return binary<LessEqual>(scalars);
    case Opcode::conjunction:
        return binary<Conjunction>(scalars);
    case Opcode::disjunction:
        return binary<Disjunction>(scalars);
    case Opcode::ramp_up:
        return binary<RampUp>(scalars);
    case Opcode::choose:
        return ternary<Choose>(scalars);
    case Opcode::choose_to_coins:
        return ternary<ChooseToCoins>(scalars);
    case Opcode::add_add:
        return ternary<Fused<Add, Add>>(scalars);
    case Opcode::add_subtract:
        return ternary<Fused<Add, Subtract>>(scalars);
    case Opcode::add_from:
        return ternary<Fused<Add, From>>(scalars);
    case Opcode::add_multiply:
        return ternary<Fused<Add, Multiply>>(scalars);
    case Opcode::subtract_add:
        return ternary<Fused<Subtract, Add>>(scalars);
    case Opcode::subtract_subtract:
        return ternary<Fused<Subtract, Subtract>>(scalars);
    case Opcode::subtract_from:
        return ternary<Fused<Subtract, From>>(scalars);
    case Opcode::subtract_multiply:
        return ternary<Fused<Subtract, Multiply>>(scalars);
    case Opcode::multiply_add:
        return ternary<Fused<Multiply, Add>>(scalars);
    case Opcode::multiply_subtract:
        return ternary<Fused<Multiply, Subtract>>(scalars);
    case Opcode::multiply_from:
        return ternary<Fused<Multiply, From>>(scalars);
    case Opcode::multiply_multiply:
        return ternary<Fused<Multiply, Multiply>>(scalars);
    case Opcode::add_minimum:
        return ternary<Fused<Add, Swapped<Minimum>>>(scalars);
    case Opcode::add_maximum:
        return ternary<Fused<Add, Swapped<Maximum>>>(scalars);
    case Opcode::subtract_minimum:
        return ternary<Fused<Subtract, Swapped<Minimum>>>(scalars);
    case Opcode::subtract_maximum:
        return ternary<Fused<Subtract, Swapped<Maximum>>>(scalars);
    case Opcode::multiply_minimum:
        return ternary<Fused<Multiply, Swapped<Minimum>>>(scalars);
    case Opcode::multiply_maximum:
        return ternary<Fused<Multiply, Swapped<Maximum>>>(scalars);
    case Opcode::remember:
        return (scalars & 1) ? remember<1> : remember<0>;
    case Opcode::past:
        return memory<false>(scalars);
    case Opcode::past_sum:
        return memory<true>(scalars);
    case Opcode::sum:
        return sums;
    case Opcode::count_of_operations:
        break;
    }
    return nullptr;
}

} // namespace perpetuum::PERPETUUM_CLONE
