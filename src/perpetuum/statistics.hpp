#pragma once
/// statistics: what is kept of very many paths. Everything here is whole numbers, smallest and
/// largest values, or exact sums: merging in any order and grouping gives the same bytes, and memory
/// does not grow with the paths. Definitions and bounds: docs/methods/ensembles.md.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace perpetuum {

// ---- how sure -----------------------------------------------------------------------------------

/// A number and between what it surely (a bracket) or probably (an interval) lies. NaN: not known.
struct Bracket {
    double value = 0, at_least = 0, at_most = 0;
};

/// The share k of n, with Wilson's score interval; n = 0 gives NaN within [0, 1].
/// throws  BadInput when k > n, or confidence is not in [0.5, 1 − 1e-9]
/// source  Wilson (1927); Newcombe (1998), method 3
Bracket probability(std::uint64_t k, std::uint64_t n, double confidence = 0.95);

/// Which order statistics (1 … n) enclose the p-quantile with at least this confidence, equal tails;
/// lower 0 or upper n + 1: too few values to say. `coverage` is what they really reach.
/// throws  BadInput when p is not in (0, 1) or confidence not in [0.5, 1 − 1e-9]
/// cost    some 20 √(n p (1 − p)) multiplications; beyond 10^9 of n p (1 − p) the normal
///         approximation, a few ranks wider
/// source  David & Nagaraja, Order Statistics (2003), 7.1
struct RankInterval {
    std::uint64_t lower = 0, upper = 0;
    double coverage = 0;
};
RankInterval quantile_ranks(std::uint64_t n, double p, double confidence = 0.95);

// ---- quantiles ----------------------------------------------------------------------------------

/// What a sketch resolves.
struct SketchShape {
    int bits = 7; ///< 2^bits buckets between a power of two and the next: error 1/(2^(bits+1) + 1)
    double smallest = 0x1p-30;          ///< nearer to zero only the sign is kept; a power of two
    std::uint64_t most_buckets = 32768; ///< at 8 bytes; beyond, the resolution is halved

    /// The coarsest shape with at most this relative error: 0.005 gives 7 bits, 1/257 = 0.39 %.
    /// throws  BadInput when error is not in [0.0001, 0.4]
    static SketchShape for_error(double error);
    bool operator==(SketchShape const&) const = default;
};

/// Quantiles of any number of values, with a stated error. A value's bucket is its sign, exponent
/// and the first bits of its fraction: integer arithmetic, the same everywhere.
///
/// error   any order statistic is returned within `relative_error()` of its true value; nearer to
///         zero than `smallest` as 0, within `smallest`. Least, greatest, zeros, signs and infinities
///         are exact. NaN is counted apart and takes no rank.
/// memory  grows with the powers of two between the values, to 8 × most_buckets bytes; values so far
///         apart that they would need more halve the resolution of all: what is then true stands in
///         `relative_error()`, and depends on the values only, never on their order
/// source  buckets: DDSketch (Masson, Rim & Lee 2019); halving: UDDSketch (Epicoco et al. 2020)
class Sketch {
  public:
    /// throws  BadInput when bits is not 2 … 12, smallest no power of two in [2^-1000, 2^1000], or
    ///         most_buckets not 2^12 … 2^24
    explicit Sketch(SketchShape shape = {});
    /// Takes in values[0 … n); where `counted` is given, those with counted[i] ≠ 0.
    void add(double const* values, std::size_t n, std::uint8_t const* counted = nullptr);
    void add(double value) { add(&value, 1); }
    /// throws  BadInput when the shapes differ, or both count more than 2^62 values
    void merge(Sketch const& other);

    SketchShape const& shape() const { return shape_; }
    double relative_error() const; ///< 1/(2^(bits+1) + 1) of the bits now resolved
    std::uint64_t count() const;   ///< values with a rank: all but NaN
    std::uint64_t not_numbers() const { return not_numbers_; }
    std::uint64_t infinities(bool negative) const { return infinities_[negative]; }
    std::uint64_t negative() const; ///< values < 0
    std::uint64_t zeros() const { return counts_[1]; }
    double least() const { return least_; }       ///< of the finite values; NaN where there is none
    double greatest() const { return greatest_; } ///< likewise
    std::size_t bytes() const;                    ///< of memory held

    /// The rank-th value from below (1 … count()), and between what it surely lies.
    /// throws  BadInput when there is no such rank
    Bracket order_statistic(std::uint64_t rank) const;
    /// The least value with at least the share p of all values at or below it: rank ⌈p n⌉, where p
    /// is taken as the decimal it was written as. NaN when empty.
    /// throws  BadInput when p is not in [0, 1]
    Bracket quantile(double p) const;
    /// The quantile of what the values are a sample of: enclosed with this confidence, the sketch's
    /// own error included. ±∞ where there are too few values to say.
    Bracket quantile_interval(double p, double confidence = 0.95) const;
    /// Surely at least, and surely at most, so many values are below x; exact at 0.
    std::pair<std::uint64_t, std::uint64_t> below(double x) const;
    bool operator==(Sketch const&) const;

  private:
    friend struct StatisticsBytes;
    friend class Summary;
    struct Window { ///< the buckets of one sign, from its smallest octave to its largest
        std::uint64_t first = 0, octaves = 0; ///< biased exponents
        bool operator==(Window const&) const = default;
    };
    struct Class; ///< values that share a bucket
    template <class Visit>
    void each_class(Visit visit) const;
    double edge(std::uint64_t bucket) const;
    std::uint64_t buckets(bool negative) const { return windows_[negative].octaves << bits_; }
    std::uint64_t slot(bool negative) const { return 4 + (negative ? buckets(false) : 0); }
    void cover(bool negative, std::uint64_t first, std::uint64_t last);
    int bits_for(std::uint64_t octaves) const;
    void rearrange(std::array<Window, 2> const& windows, int bits);
    void take_one(double value, std::uint64_t times = 1); ///< times at most 2^22
    void take_row(double const* values, std::uint64_t const* taken);

    SketchShape shape_;
    int bits_ = 0;
    std::array<Window, 2> windows_; ///< [negative]
    /// Near zero: negative, zero, positive; then one that is always zero; then the buckets of positive
    /// values, rising; then those of negative ones, falling.
    std::vector<std::uint64_t> counts_;
    std::array<std::uint64_t, 2> infinities_{}; ///< [negative]
    std::uint64_t not_numbers_ = 0;
    double least_, greatest_;
};

// ---- exact sums ---------------------------------------------------------------------------------

/// A sum of doubles without any rounding: a whole number of 2^-1074, in 64-bit parts.
struct ExactSum {
    std::array<std::uint64_t, 34> parts{}; ///< two's complement, lowest first; room for 2^64 terms
    bool operator==(ExactSum const&) const = default;
};
/// A sum of products of two doubles: a whole number of 2^-2148.
struct ExactSumOfProducts {
    std::array<std::uint64_t, 67> parts{};
    bool operator==(ExactSumOfProducts const&) const = default;
};

/// Count, mean and variance of finite values, correctly rounded from exact sums; what is not finite
/// is counted apart and left out.
///
/// source  the idea of one wide fixed-point number: Kulisch; Neal (2015), "Fast exact summation using
///         small and large superaccumulators"
class Moments {
  public:
    void add(double const* values, std::size_t n, std::uint8_t const* counted = nullptr);
    void add(double value) { add(&value, 1); }
    void merge(Moments const& other); ///< throws  BadInput when both count more than 2^62 values

    std::uint64_t count() const { return count_; }
    std::uint64_t left_out() const { return left_out_; } ///< infinite or NaN
    double sum() const;                                  ///< the exact sum, rounded once
    double mean() const;           ///< the exact mean, rounded once; NaN when empty
    double variance() const;       ///< over count − 1, rounded once; NaN below two values
    double deviation() const;      ///< √variance
    double standard_error() const; ///< of the mean: √(variance / count)
    bool operator==(Moments const&) const = default;

  private:
    friend class PairMoments;
    friend class Summary;
    friend struct StatisticsBytes;
    void take_one(double value, std::uint64_t times = 1); ///< times at most 2^22
    void take_row(double const* values, std::uint64_t* taken);

    std::uint64_t count_ = 0, left_out_ = 0;
    ExactSum sum_;
    ExactSumOfProducts squares_;
};

/// The same of pairs (x, y): paths with and without a shock, two firms on the same path. A pair of
/// which either is not finite is left out.
class PairMoments {
  public:
    void add(double const* x, double const* y, std::size_t n,
             std::uint8_t const* counted = nullptr);
    void merge(PairMoments const& other); ///< throws  BadInput when both count more than 2^62 pairs

    std::uint64_t count() const { return count_; }
    std::uint64_t left_out() const { return left_out_; }
    Moments x() const;
    Moments y() const;
    Moments difference() const; ///< of x − y in each pair, without any rounding before the last
    double covariance() const;  ///< over count − 1, rounded once; NaN below two pairs
    double correlation() const; ///< NaN where one of them does not vary
    bool operator==(PairMoments const&) const = default;

  private:
    friend struct StatisticsBytes;
    void take_one(double x, double y);
    void take_row(double const* x, double const* y, std::uint64_t* taken);

    std::uint64_t count_ = 0, left_out_ = 0;
    ExactSum sum_x_, sum_y_;
    ExactSumOfProducts squares_x_, squares_y_, products_;
};

// ---- failures -----------------------------------------------------------------------------------

/// Who defaults when, and who with whom, counted by paths.
class FailureTable {
  public:
    /// throws  BadInput when firms is not 0 … 4096 or steps not 0 … 100,000
    explicit FailureTable(int firms = 0, int steps = 0);
    /// first_default[firm × paths + path]: the step of its first default, 1 … steps; 0: never.
    /// throws  BadInput when a step is none of these; then nothing is counted
    void add(int const* first_default, std::size_t paths, std::uint8_t const* counted = nullptr);
    void merge(FailureTable const& other); ///< throws  BadInput when firms or steps differ

    int firms() const { return firms_; }
    int steps() const { return steps_; }
    std::uint64_t paths() const { return paths_; }
    std::uint64_t at(int firm, int step) const; ///< first default in this step; step 0: never
    std::uint64_t by(int firm, int step) const; ///< in this step or before
    std::uint64_t failed(int firm) const { return by(firm, steps_); }
    /// The step by which half of the failing paths have failed; 0 where none fails.
    int median_step(int firm) const;
    std::uint64_t before(int i, int j) const;      ///< both fail, i in an earlier step
    std::uint64_t same_step(int i, int j) const;   ///< both fail, in the same step
    std::uint64_t both(int i, int j) const;        ///< both fail
    std::uint64_t exactly(int firms_failed) const; ///< paths on which so many firms fail
    bool operator==(FailureTable const&) const = default;

  private:
    friend struct StatisticsBytes;
    int firms_ = 0, steps_ = 0;
    std::uint64_t paths_ = 0;
    std::vector<std::uint64_t> first_;   ///< [firm × (steps + 1) + step]
    std::vector<std::uint64_t> earlier_; ///< [i × firms + j]: i before j; on the diagonal nothing
    std::vector<std::uint64_t> same_;    ///< [i × firms + j], i < j
    std::vector<std::uint64_t> exactly_; ///< [firms that fail]
};

/// Paths that could not be computed to their end: how many for which reason, and the first of each
/// by number, so that one can be looked at alone. Of reasons the first 64 by alphabet are kept apart,
/// the others counted together.
class FailedPaths {
  public:
    static constexpr std::size_t most_reasons = 64, most_numbers = 8;
    struct Reason {
        std::uint64_t paths = 0;
        std::vector<std::uint64_t> first; ///< the smallest numbers, rising
        bool operator==(Reason const&) const = default;
    };
    void add(std::uint64_t path, std::string_view reason);
    void merge(FailedPaths const& other);
    std::map<std::string, Reason, std::less<>> const& reasons() const { return reasons_; }
    std::uint64_t other_reasons() const { return other_; } ///< paths whose reason is not kept apart
    std::uint64_t count() const;
    bool operator==(FailedPaths const&) const = default;

  private:
    friend struct StatisticsBytes;
    void drop_surplus();
    std::map<std::string, Reason, std::less<>> reasons_;
    std::uint64_t other_ = 0;
};

/// Which paths, by number, are in.
class Coverage {
  public:
    struct Range {
        std::uint64_t begin = 0, end = 0; ///< half open
        bool operator==(Range const&) const = default;
    };
    /// False, and nothing changes, where a path is in already (or begin > end).
    bool add(Range range);
    bool merge(Coverage const& other); ///< likewise
    std::uint64_t count() const;
    std::vector<Range> const& ranges() const { return ranges_; } ///< apart, rising, none empty
    std::vector<Range> missing(std::uint64_t paths) const;       ///< of 0 … paths − 1
    std::vector<Range> shared(Coverage const& other) const;      ///< what both have
    bool operator==(Coverage const&) const = default;

  private:
    friend struct StatisticsBytes;
    std::vector<Range> ranges_;
};
/// "0–99, 200, 300–399 and 4 more": numbers of paths as a reader wants them, at most eight ranges.
std::string print_ranges(std::vector<Coverage::Range> const& ranges);

// ---- all of a run -------------------------------------------------------------------------------

/// What a run is asked to keep, and what must agree before two parts of it are merged.
struct SummaryPlan {
    std::map<std::string, std::string> about; ///< "seed" → "1", "book" → its hash, …
    int steps = 0;
    std::vector<std::string> series; ///< names of what is sketched in every step
    std::vector<std::string> pairs;  ///< names of what is compared path by path in every step
    std::vector<std::string> firms;  ///< of the failure table
    SketchShape shape;
    bool operator==(SummaryPlan const&) const = default;
};

/// 128 bits that tell contents apart (FNV-1a); no defence against forgery.
struct Digest {
    std::uint64_t high = 0, low = 0;
    auto operator<=>(Digest const&) const = default;
};
Digest digest_of(std::string_view bytes);
std::string print_digest(Digest digest); ///< 32 hexadecimal digits

/// Everything kept of a run, or of a part of it. The same paths give the same bytes, whatever the
/// blocks, threads and shards they came in.
class Summary {
  public:
    /// throws  BadInput when steps is not 0 … 100,000, names repeat, or series × steps exceeds 10^7
    explicit Summary(SummaryPlan plan = {});
    SummaryPlan const& plan() const { return plan_; }

    /// A row of values of one series in one step (1 … steps), one a path.
    void add(std::size_t series, int step, double const* values, std::size_t n,
             std::uint8_t const* counted = nullptr);
    /// A row of pairs.
    void add_pairs(std::size_t pair, int step, double const* x, double const* y, std::size_t n,
                   std::uint8_t const* counted = nullptr);
    Sketch const& sketch(std::size_t series, int step) const;
    Moments const& moments(std::size_t series, int step) const;
    PairMoments const& pairs(std::size_t pair, int step) const;
    std::optional<std::size_t> find(std::string_view series) const;

    FailureTable failures; ///< of the plan's firms and steps
    FailedPaths failed;
    Coverage coverage;

    /// Takes in another part of the same run. False, and nothing changes, when the plans differ or
    /// both have a path: `problem` says which.
    bool merge(Summary const& part, std::string& problem);
    std::string bytes() const; ///< version 1, little endian, its own digest at the end
    Digest digest() const;     ///< of the bytes

  private:
    friend struct StatisticsBytes;
    std::size_t cell(std::size_t index, std::size_t of, int step) const;
    SummaryPlan plan_;
    std::vector<Sketch> sketches_;   ///< [series × steps + step − 1]
    std::vector<Moments> moments_;   ///< likewise
    std::vector<PairMoments> pairs_; ///< [pair × steps + step − 1]
};

/// Reads what `Summary::bytes` wrote. Nothing, with what is wrong and where in `problem`, for any
/// other bytes: what is read writes the same bytes again. Holds at most about `most_memory` bytes.
std::optional<Summary> read_summary(std::string_view bytes, std::string& problem,
                                    std::uint64_t most_memory = std::uint64_t{1} << 32);

// ---- parts of other runs ------------------------------------------------------------------------

/// What a run that is no Summary keeps of its paths, to be put together or gone on from: a stress, a
/// stage of a study. Plain data; who merges it knows what it means.
struct Bundle {
    std::map<std::string, std::string> about; ///< what it is of; must agree before two are merged
    Coverage coverage;
    FailedPaths failed;
    std::vector<Moments> moments;
    std::vector<FailureTable> tables;
    std::vector<std::uint64_t> counts;
    std::vector<double> values;
};
/// Bundles as bytes: version 1, little endian, their own digest at the end.
std::string bundle_bytes(std::vector<Bundle> const& bundles);
/// Reads what `bundle_bytes` wrote; nothing, with what is wrong and where in `problem`, for any other
/// bytes. Holds at most about `most_memory` bytes.
std::optional<std::vector<Bundle>> read_bundles(std::string_view bytes, std::string& problem,
                                                std::uint64_t most_memory = std::uint64_t{1} << 32);

} // namespace perpetuum
