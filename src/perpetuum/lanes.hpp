#pragma once
/// lanes: rows of lanes (one double a path) that come out the same to the bit on every instruction
/// set: kernels cloned per set, elementary functions, random draws and sampling plans.

#include <perpetuum/base.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace perpetuum {

// ---- instruction sets
// -------------------------------------------------------------------------------------------------

/// The sets that a source named `*.clones.cpp` is compiled for; narrowest first.
enum class InstructionSet { baseline, avx2, avx512 };

/// The widest set that this machine and its operating system have.
InstructionSet widest();

/// The set in use, by all threads: the widest, unless the environment variable PERPETUUM_ISA
/// (baseline, avx2, avx512) or `use_instruction_set` says narrower. Results never depend on it.
/// Throws BadInput on first use if PERPETUUM_ISA is another word.
InstructionSet instruction_set();

/// From now on this set, or the widest if the machine has no such. Returns what is used.
InstructionSet use_instruction_set(InstructionSet set);

char const* name_of(InstructionSet set);

/// A function's clones; a call runs the one of `instruction_set()`.
template <class Signature>
struct Clones;
template <class Result, class... Arguments>
struct Clones<Result(Arguments...)> {
    Result (*clones[3])(Arguments...);
    Result operator()(Arguments... arguments) const {
        return clones[static_cast<std::size_t>(instruction_set())](arguments...);
    }
};

/// Declares a function that a `*.clones.cpp` defines in namespace perpetuum::PERPETUUM_CLONE, and
/// `each_NAME`, a Clones table to call it through. To be used in namespace perpetuum, in a .cpp:
///
///     // twice.clones.cpp: includes <cstddef>, <cstdint>, <perpetuum/lanes/elementary.hpp> and words.hpp only
///     namespace perpetuum::PERPETUUM_CLONE {
///     void twice(double* row, int lanes) { for (int i = 0; i < lanes; ++i) row[i] += row[i]; }
///     } // namespace perpetuum::PERPETUUM_CLONE
///
///     // twice.cpp
///     PERPETUUM_CLONES(void, twice, double*, int)
///     … each_twice(row, lanes);
///
/// A clone may emit nothing that other objects share (no inline function or template of a common
/// header, unless static); tools/check_clones.py sees to it.
#if defined(__x86_64__)
#define PERPETUUM_CLONES(RESULT, NAME, ...)                                                        \
    namespace baseline {                                                                           \
    RESULT NAME(__VA_ARGS__);                                                                      \
    }                                                                                              \
    namespace avx2 {                                                                               \
    RESULT NAME(__VA_ARGS__);                                                                      \
    }                                                                                              \
    namespace avx512 {                                                                             \
    RESULT NAME(__VA_ARGS__);                                                                      \
    }                                                                                              \
    [[maybe_unused]] static constexpr Clones<RESULT(__VA_ARGS__)> each_##NAME{                     \
        {baseline::NAME, avx2::NAME, avx512::NAME}};
#else
#define PERPETUUM_CLONES(RESULT, NAME, ...)                                                        \
    namespace baseline {                                                                           \
    RESULT NAME(__VA_ARGS__);                                                                      \
    }                                                                                              \
    [[maybe_unused]] static constexpr Clones<RESULT(__VA_ARGS__)> each_##NAME{                     \
        {baseline::NAME, baseline::NAME, baseline::NAME}};
#endif

// ---- draws
// ------------------------------------------------------------------------------------------------------------
//
// A draw is a function of (seed, name, path, step) and of nothing else: no state, no order. Rows are
// filled in groups of 16 paths: `first_path` and `lanes` are multiples of 16, or BadInput is thrown.

/// The key of a stream of draws: one for each seed and name.
std::uint64_t stream_key(std::uint64_t seed, std::string_view name);

/// Philox4x32-10 (Salmon et al. 2011), the generator under all draws; low word of the key first.
std::array<std::uint32_t, 4> philox(std::uint64_t key, std::array<std::uint32_t, 4> counter);

/// out[i] in (0, 1) for path first_path + i at this step: an odd multiple of 2^-53.
void uniforms(double* out, std::uint64_t key, std::uint64_t first_path, std::size_t lanes,
              std::uint64_t step);

/// Standard normal draws, each pair of paths p and p + 8 of a group from one radius and direction (Box
/// and Muller 1958); a stream of its own, not the quantiles of `uniforms`. At most 8.6 from 0.
void normals(double* out, std::uint64_t key, std::uint64_t first_path, std::size_t lanes,
             std::uint64_t step);

/// A distribution made ready for drawing; worth keeping, for a PERT costs a millisecond to prepare.
/// Throws BadInput when the parameters are not as `Distribution` says, or not finite.
class Quantile {
  public:
    explicit Quantile(Distribution const& distribution);

    /// The value that a draw stays below with probability u, for u in (0, 1); it never falls when u
    /// rises. Beyond 2^-53 from either end u counts as being there.
    double at(double u) const;
    /// Each u of the row becomes at(u).
    void in_place(double* row, std::size_t lanes) const;

    /// Whether a value is a function of a standard normal number: then a row of such (as a Copula
    /// gives, or `normals`) becomes values without being made probabilities first.
    bool from_normal() const;
    void normals_to_values(double* row, std::size_t lanes) const;

    /// Draws by `normals` if from_normal(), else by `uniforms`: functions of (key, path, step).
    void draw(double* out, std::uint64_t key, std::uint64_t first_path, std::size_t lanes,
              std::uint64_t step) const;

  private:
    Shape shape_;
    std::vector<double> numbers_; ///< what the shape's kernel needs
};

/// Quantile(distribution).at(u), for now and then.
double quantile(Distribution const& distribution, double u);

/// Each probability of the row becomes the standard normal quantile there, within 4 units in the
/// last place; and back, within 5, to between 2^-53 and 1 - 2^-53.
void probabilities_to_normals(double* row, std::size_t lanes);
void normals_to_probabilities(double* row, std::size_t lanes);

// ---- plans
// ------------------------------------------------------------------------------------------------------------
//
// What is drawn once a path (a parameter) may be drawn by a plan that covers its range better than
// chance does. Every plan is a function of the path's number: any part of it can be computed alone.

enum class Sampling {
    independent,     ///< by `uniforms`
    latin_hypercube, ///< each parameter falls once into each of `paths` equal parts of its range
    sobol, ///< Sobol's sequence (Joe and Kuo 2008), scrambled after Owen; best for 2^k paths
};
struct SamplingPlan {
    Sampling sampling = Sampling::independent;
    std::uint64_t seed = 0;
    std::uint64_t paths = 0; ///< a Latin hypercube's; later paths are drawn independently
};

/// out[i] in (0, 1): where path first_path + i draws the parameter `name`, which is number
/// `dimension` of all that are drawn (only Sobol asks; the first are the best, the 1,111 of the
/// table are reused after that in another order of paths). Groups of 16, as all draws. Throws
/// BadInput for Sobol's paths beyond 2^32.
void planned(double* out, SamplingPlan const& plan, std::string_view name, std::size_t dimension,
             std::uint64_t first_path, std::size_t lanes);

// ---- correlation
// ------------------------------------------------------------------------------------------------------

/// What keeps a table of correlations from being one: the pair that needs the least change, and
/// between what that correlation may lie while the others stand (lowest > highest: no value does).
struct CorrelationFault {
    std::size_t first = 0, second = 0; ///< first < second
    double lowest = 1, highest = -1;
};

/// A Gaussian copula: correlated normals from independent ones, by Cholesky's factor.
class Copula {
  public:
    /// `correlations`: n × n, row major, symmetric with ones on the diagonal. Full correlation (1 or
    /// -1) is possible. Throws BadInput with the pair where `fault` finds one, and for other shapes.
    explicit Copula(std::span<double const> correlations);
    /// What is wrong with such a table, if anything; of the first rows that cannot be.
    static std::optional<CorrelationFault> fault(std::span<double const> correlations);

    std::size_t size() const { return size_; }
    /// `size()` rows of independent standard normals become correlated ones; costs n² / 2
    /// multiplications a lane.
    void correlate(std::span<double* const> rows, std::size_t lanes) const;

  private:
    std::size_t size_ = 0;
    std::vector<double> factor_; ///< lower triangle, row major
};

} // namespace perpetuum
