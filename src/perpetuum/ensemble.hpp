#pragma once
/// ensemble: many paths. Blocks of lanes on threads; what is kept are statistics that merge exactly,
/// chosen values of every path, and single paths whole, by number. The same seed gives the same bytes for any threads, blocks, shards
/// and instruction set.

#include <perpetuum/lanes.hpp>
#include <perpetuum/statistics.hpp>
#include <perpetuum/step.hpp>

#include <functional>
#include <memory>

namespace perpetuum {

/// One path kept whole, or as far as it went: a fault ends it before the step in which it happens.
/// values[step × cells + cell]; step 0 is before the first.
struct Path {
    int steps = 0;
    std::size_t cells = 0;
    std::vector<double> values;
    Fault fault; ///< step 0: none

    double at(CellId cell, int step) const {
        return values[static_cast<std::size_t>(step) * cells + static_cast<std::size_t>(cell)];
    }
};

/// Every draw at its median. The program must keep all cells.
Path central_path(System const& system, Program const& program);

// ---- draws --------------------------------------------------------------------------------------

/// Two figures (or two shocks) that go together: Gaussian copula.
struct Correlation {
    std::string first, second; ///< names of cells: "openai.growth", "deal.rate"
    double value = 0;          ///< of the normals behind them, -1 to 1
    bool operator==(Correlation const&) const = default;
};

/// How figures and shocks are drawn.
struct Sample {
    std::uint64_t seed = 1;
    Sampling sampling = Sampling::independent; ///< of figures, which are drawn once a path
    std::uint64_t paths = 0;                   ///< of the whole sample, all shards
    std::vector<Correlation> correlations{};   ///< pairs that are not named are independent
    std::size_t first_dimension = 0;           ///< of a Sobol sequence: where its figures begin
};

/// What is wrong with correlations, if anything: a name that is not drawn, a figure with a shock, a
/// value out of range, or values that contradict each other. Empty: nothing.
std::string fault_of(System const& system, std::vector<Correlation> const& correlations);

/// A path by its number, whole. The program must keep all cells.
Path path_by_number(System const& system, Program const& program, Sample const& sample,
                    std::uint64_t number);

// ---- what is kept -------------------------------------------------------------------------------

/// A quantity whose values are sketched in every step: a sum of cells.
struct Series {
    struct Term {
        CellId cell = -1;
        double factor = 1; ///< a coin, a step's length, a sign
        bool operator==(Term const&) const = default;
    };
    std::string name;
    std::vector<Term> terms;
    int window = 1; ///< steps added up, the step's own the last; before the first step nothing is
    bool operator==(Series const&) const = default;
};

/// What of a system's paths is kept.
struct Keeping {
    std::vector<Series> series;
    std::vector<int> firms;     ///< entities of the failure table
    std::vector<CellId> checks; ///< of the model: on how many paths each holds so far
    bool audit = true;          ///< measure the residuals of every path and step
};
/// Checks of the model, and firms that can default.
Keeping keeping_of(System const& system, std::vector<Series> series);
/// The cells that a program must keep for it.
std::vector<CellId> wanted_by(System const& system, Keeping const& keeping);
/// Names of series, then of checks ("check 1", …), and of firms.
SummaryPlan summary_plan(System const& system, Keeping const& keeping,
                         std::map<std::string, std::string> about);

/// A system on whose paths statistics are taken. What it points to must outlive the ensemble.
struct EnsembleSide {
    System const* system = nullptr;
    Program const* program = nullptr;
    Keeping keeping;
    SummaryPlan plan;
};

struct EnsembleSettings {
    Sample sample;
    int threads = 1;
    int block = 64; ///< lanes of a block: a multiple of 16
};

/// Statistics of one side; or of two on the same draws, path by path: what differs is then not
/// chance. A path that fails on one side counts on neither.
class Ensemble {
  public:
    /// With two sides, the first side's plan names in `pairs` the series to compare.
    Ensemble(std::vector<EnsembleSide> sides, EnsembleSettings settings);
    ~Ensemble();

    /// Runs paths [begin, end); begin a multiple of 16. `stop` is asked by every thread before each
    /// block; returns false when it said so: then what is covered stands in the summaries.
    /// memory  a block's rows and records, and one summary, for each thread
    bool run(Coverage::Range paths, std::function<bool()> const& stop = {});
    /// Paths done so far, from any thread.
    std::uint64_t done() const;
    /// What is known so far, of a side.
    Summary summary(std::size_t side = 0) const;
    /// Takes in what another run of the same sample has done.
    bool take(std::size_t side, Summary const& part, std::string& problem);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

// ---- single values of paths ---------------------------------------------------------------------

/// Draws for a block of paths from `first` on, a multiple of 16; asked by several threads at once.
using DrawRows = std::function<DrawRow(std::uint64_t first)>;
/// As a sample says; what it is made of must outlive it. Throws BadInput for what `fault_of` finds.
DrawRows draws_of(System const& system, Program const& program, Sample const& sample);

/// What is asked of every path.
struct OutcomesAsked {
    Keeping keeping; ///< its series can be asked for, of its firms the first default
    struct Column {
        std::size_t series = 0; ///< of keeping.series, then of keeping.checks
        int step = 1;           ///< 0: the start, of a series of keeping.series; no window there
    };
    std::vector<Column> columns;
    int last_step = 0; ///< paths end after it: nothing later is known of them; 0: the run's
};

/// Answers, path by path.
struct Outcomes {
    Coverage::Range range;
    std::vector<double> values;      ///< [column × paths + path]; NaN on a path that failed
    std::vector<int> first_defaults; ///< [firm × paths + path]: a step, from 1; 0: never
    std::vector<std::uint8_t> fit;   ///< [path]: 0 where the path failed
    FailedPaths failed;

    std::size_t paths() const { return static_cast<std::size_t>(range.end - range.begin); }
    double const* column(std::size_t c) const { return values.data() + c * paths(); }
    int const* defaults(std::size_t firm) const { return first_defaults.data() + firm * paths(); }
};

/// Runs paths of a range that begins at a multiple of 16 and keeps what is asked for; the same bytes
/// for any threads, blocks and instruction set, and for a range in one piece or several. The program
/// must keep `wanted_by(system, asked.keeping)`. Nothing when `stop` (asked before each block) said so.
/// memory  8 bytes a column, 4 a firm and 1 besides, for each path: at most 4 GiB, or BadInput; and a
///         block's rows and record for each thread
std::optional<Outcomes> outcomes(System const& system, Program const& program,
                                 OutcomesAsked const& asked, DrawRows const& draws,
                                 Coverage::Range range, int threads = 1, int block = 64,
                                 std::function<bool()> const& stop = {});

/// run(worker, first, paths) for each block of `width` paths of a range; `worker` in [0, workers) has
/// one thread at a time. `stop` is asked before each block; false when it said so. The first exception
/// of a worker stops all and is thrown again. Throws BadInput for a range that begins within a group
/// of 16.
bool each_block(Coverage::Range paths, std::uint64_t width, std::size_t workers,
                std::function<bool()> const& stop,
                std::function<void(std::size_t worker, std::uint64_t first, int paths)> const& run);

/// The part i of n (counted from 0) of a sample of so many paths: whole groups of 16.
Coverage::Range shard_of(std::uint64_t paths, std::uint64_t i, std::uint64_t n);

} // namespace perpetuum
