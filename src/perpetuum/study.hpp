#pragma once
/// study: what matters, what breaks it, and what players do: one number of every path (an output),
/// under draws and settings that are the same wherever they are compared.

#include <perpetuum/ensemble.hpp>

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace perpetuum {

// ---- quantities: what a run shows, by name ------------------------------------------------------

/// One rule for all that shows quantities of a book's run: what is per time (USD/month, 1/year) is
/// given as what it comes to in the step, or in the steps of a year that are added up: USD of the
/// quarter, USD of the year. A model by itself, which has no dates, gives rates by the month.

/// A column of `run --csv`: variables, accounts, payments, totals.
bool is_column(Cell const& cell);
/// Payments that the model gives no name are called OWNER.TRANSACTION. Where several columns are
/// called so, each such payment becomes OWNER.TRANSACTION@OTHER (the other side; of a deal who
/// receives), from the second of these on with ".2" behind: then every column has a name of its own.
/// cost  n log n in the columns
void tell_payments_apart(System& system);
/// By the names of columns, and of parameters; -1: there is none.
CellId find_quantity(System const& system, std::string const& name);
/// A hint for a name that is not known: "say with whom: …", "did you mean …?", or nothing.
std::string quantities_near(System const& system, std::string const& name);
/// Whether steps of a year are added up: a payment, income, an expense, or what is per time.
bool is_flowing(System const& system, Cell const& cell);
/// From the cell's number to what is shown of a step: a coin, the step's length, or 1.
double shown_factor(System const& system, Cell const& cell);
/// In which that stands, in base units: USD where the cell is in USD/month.
Unit shown_unit(System const& system, Cell const& cell);

// ---- outputs: one number of each path -----------------------------------------------------------

/// What is asked of every path. Written as
///
///     default FIRM [by TIME]             1 where it defaults
///     NAME [at TIME]                     a quantity; of a period what flowed in it (a rate:
///                                        what it came to), else its end
///     NAME < FIGURE [at TIME | by TIME]  1 where that holds (by: in any step up to it)
///     when NAME > FIGURE                 the year it first holds (a plain model: the step); the
///                                        step after the run's last where it never does
///     share FIRM ORIGIN [in TIME]        pro rata; circular, own, partners, customers, outside, held
///     growth NAME [over N]               factor a step by which a nudge of its start by 0.01 % grows
///                                        over N steps (8)
///
/// TIME is a period, or of a model without dates a step; left out it is the run's end (of a share:
/// its first whole year).
struct StudyOutput {
    enum class Kind { value, holds, when, defaults, share, growth };
    std::string text; ///< as asked
    Kind kind = Kind::value;
    Series series;                     ///< of value, holds, when, growth
    bool above = false;                ///< NAME > FIGURE, else <
    double bound = 0;                  ///< the figure, in base units
    int first = 1, last = 1;           ///< steps that are looked at
    int entity = -1;                   ///< of defaults and share
    int origin = 0;                    ///< of share: in the order above
    double begin = 0, step_length = 1; ///< of when: (begin + step × step_length) is the answer
    bool indicator() const { return kind == Kind::holds || kind == Kind::defaults; }
};
/// Nothing, with an error, where a firm, a quantity, a time or a unit is not right.
std::optional<StudyOutput> read_output(System const& system, std::string const& text,
                                       Diagnostics& diagnostics);

/// An output's mean over paths against a figure: "default openai > 50 %", "openai.cash at 2027 < 0
/// USD", "growth sentiment > 1". Of an indicator by itself: true on more than half of the paths.
struct StudyCondition {
    StudyOutput output;
    bool above = true;
    double bound = 0.5;
    bool holds(double mean) const { return above ? mean > bound : mean < bound; }
};
std::optional<StudyCondition> read_condition(System const& system, std::string const& text,
                                             Diagnostics& diagnostics);

/// The cells that a program must keep for outputs.
std::vector<CellId> wanted_by(System const& system, std::vector<StudyOutput> const& outputs);

/// Outputs of a range of paths; NaN where a path failed, and of a share where nothing was received.
struct OutputValues {
    Coverage::Range range;
    std::vector<double> values; ///< [output × paths + path]
    FailedPaths failed;
    std::size_t paths() const { return static_cast<std::size_t>(range.end - range.begin); }
    std::span<double const> of(std::size_t output) const {
        return {values.data() + output * paths(), paths()};
    }
};
/// What runs need: `book` may be none where no share is asked for. All must outlive the study.
struct StudyRun {
    System const* system = nullptr;
    Program const* program = nullptr;
    Book const* book = nullptr;
    std::vector<StudyOutput> outputs;
    int threads = 1;
    int block =
        64; ///< lanes side by side; must divide the paths of a setting, the rows of a design
};
/// Runs paths on these draws; the same bytes for any threads. Nothing when `stop` said so. The range
/// begins at a multiple of the block.
/// cost  a run of the paths; of a share besides one tracing a path (`origins`), and its payments of
///       256 paths at a time in memory
/// throws  BadInput for `growth`, which takes two runs: see nudge_growth
std::optional<OutputValues> evaluate(StudyRun const& run, DrawRows const& draws,
                                     Coverage::Range range, std::function<bool()> const& stop = {});

// ---- settings: some figures held, everything else drawn alike -----------------------------------

/// A figure that a study varies: put, or multiplied onto what the path draws.
struct Variation {
    std::string name; ///< as asked
    CellId cell = -1;
    bool times = false;
    bool own = false;        ///< the name alone: within its own spread
    double from = 0, to = 1; ///< base units
    int points = 5;          ///< "by 5"
    double scale = 1;        ///< base units of one of the unit it was written in
    std::string unit;        ///< as written
    double at(double share) const { return from + (to - from) * share; }
};
/// "deal.ID.parameter = 1..4 B USD by 7", "entity.ID.parameter = * 0.5..1.5", "PARAMETER = 5..40 %",
/// "PARAMETER" (its own spread).
/// Nothing, with an error, where it is no figure of the run that paths could hold otherwise.
std::optional<Variation> read_variation(System const& system, std::string const& text,
                                        Diagnostics& diagnostics);
/// The system in which these figures are drawn, so that a setting can hold them: to be compiled.
System held_open(System system, std::vector<CellId> const& cells);

/// Values of figures by setting: path s × paths + j is path j of the draws under setting s.
struct Settings {
    std::vector<CellId> cells;
    std::vector<bool> times;
    std::vector<double> values; ///< [setting × cells + cell]
    std::size_t count() const { return cells.empty() ? 0 : values.size() / cells.size(); }
};
/// throws  BadInput when paths is no multiple of 16
DrawRows with_settings(Program const& program, DrawRows draws, Settings settings,
                       std::uint64_t paths);
/// Path s is the central path under setting s: a lane each.
DrawRows central_settings(System const& system, Program const& program, Settings settings);
/// Every draw at its median.
DrawRows central_draws(System const& system, Program const& program);

/// Mean of an output over the paths of a setting, with its standard error.
struct SettingMean {
    double mean = 0, error = 0; ///< NaN where no path has it
    std::uint64_t paths = 0;    ///< that have it
};
SettingMean mean_of(std::span<double const> values);

// ---- sensitivity: docs/methods/sensitivity.md ---------------------------------------------------

/// Inputs that are varied together.
struct InputGroup {
    std::string name;
    std::vector<CellId> cells;
    bool shocks = false; ///< all that is drawn anew in each step: the random stream
};
/// Every figure that the program draws, each a group (figures that go together share one), in the
/// order of the draws; last the random stream, where there is one.
std::vector<InputGroup> input_groups(System const& system, Program const& program,
                                     std::vector<Correlation> const& correlations);

/// Draws of a design in which path v × rows + j is row j of variant v: 0 is A, 1 is B, 2 + g is A
/// with group g from B. Owen-scrambled Sobol points; shocks from two streams.
/// throws  BadInput when rows is no multiple of 64, or a drawn figure is in no group
DrawRows pick_freeze(System const& system, Program const& program,
                     std::vector<InputGroup> const& groups, std::uint64_t rows, std::uint64_t seed,
                     std::vector<Correlation> const& correlations);

struct Interval {
    double value = 0, low = 0, high = 0;
    double half_width() const { return (high - low) / 2; }
};
struct GroupIndex {
    Interval first, total; ///< of the variance
    double moved = 0; ///< mean |change| of the output when the group alone changes (Morris' μ*)
};
struct SobolIndices {
    double mean = 0, variance = 0;
    std::uint64_t rows = 0, dropped = 0; ///< dropped: some variant of the row has no value
    std::vector<GroupIndex> groups;
};
/// First-order (Saltelli 2010, with the weight of A that leaves the least error) and total (Jansen)
/// indices; intervals by resampling rows. Indices are NaN where the output does not vary.
///
/// values  (2 + groups) × rows, as pick_freeze lays them out
/// cost    resamples × rows × groups
SobolIndices sobol_indices(std::span<double const> values, std::size_t groups,
                           double confidence = 0.9, int resamples = 1000, std::uint64_t seed = 1);

/// Largest distance between the distribution functions of a figure on the paths where an indicator
/// is 1 and on the others, in [0, 1]; NaN where either has none. `by_chance`: what it stays below
/// with 95 % where the figure makes no difference (Smirnov's limit).
struct KolmogorovDistance {
    double distance = 0, by_chance = 0;
};
KolmogorovDistance kolmogorov_distance(std::span<double const> figure,
                                       std::span<double const> indicator);
/// A figure's values on paths [0, paths) of the draws; paths a multiple of 16.
std::vector<double> drawn_values(Program const& program, DrawRows const& draws, CellId cell,
                                 std::uint64_t first, std::uint64_t paths);

// ---- breakpoints: docs/methods/breakpoint.md ----------------------------------------------------

/// Whether a condition holds at a point; asked one after the other.
using HoldsAt = std::function<bool(double)>;
struct Breakpoint {
    bool at_start = false; ///< holds from the start
    bool found = false;
    double below = 0, above = 0; ///< does not hold at the one, holds at the other
    int changes = 0; ///< of the answer over the first points: more than 1 is not monotone
    int asked = 0;
};
/// The first change from false to true on [0, 1]: `points` equal parts, then bisection.
Breakpoint bisect(HoldsAt const& holds, double tolerance, int points = 8);

/// The point nearest to 0 (Euclid) at which a condition holds: rays, then a search over directions.
struct NearestPoint {
    bool found = false;
    std::vector<double> point;
    double distance = 0;
    int asked = 0;
};
/// No guarantee of the very nearest where the region is not convex; `farthest` bounds the search.
NearestPoint nearest_point(std::function<bool(std::span<double const>)> const& holds,
                           std::size_t dimensions, double farthest = 4, double tolerance = 0.01);

/// How a nudge of an output's start grows on the central path.
struct NudgeGrowth {
    double factor = 0;  ///< a step: |difference after the last step / at the start|^(1/steps)
    double after = 0;   ///< difference after the last step over that at the start; below 0: turned
    double largest = 0; ///< … where it is largest on the way, its sign kept
    int largest_at = 0; ///< in this step
};
/// For each setting; all NaN where the nudge does not move the start. `nudge` is the cell that
/// nudgeable() added. A difference that swings passes through nothing: there `factor` dips, and
/// `largest` tells.
std::vector<NudgeGrowth> nudge_growth(System const& system, Program const& program,
                                      StudyOutput const& output, Settings const& settings,
                                      CellId nudge, int threads = 1);
/// The system in which a cell starts from (1 + nudge) times its start; the nudge is a figure of 0.
System nudgeable(System system, CellId cell, CellId& nudge);

// ---- games: docs/methods/game.md ----------------------------------------------------------------

/// Pay-offs of all players for each profile of moves: [profile × players + player].
using PayOffs = std::function<std::vector<double>(std::vector<std::vector<double>> const&)>;
struct GameRules {
    std::vector<double> low, high; ///< of each player's move
    int points = 9;          ///< moves tried at once, then again between the best one's neighbours
    double tolerance = 1e-3; ///< of the range
    int most_rounds = 60;
};
struct Equilibrium {
    std::vector<double> moves, pay_offs;
    bool settled = false; ///< no player gains by moving alone, within the tolerance
    int rounds = 0;
    double total() const;
};
struct GameResult {
    std::vector<Equilibrium> equilibria; ///< different ones, from several starts
    Equilibrium joint;                   ///< moves that make the sum of the pay-offs largest
    std::uint64_t profiles = 0;          ///< evaluated
};
/// Best responses in turn from the lowest, middle and highest moves and `start`; the joint optimum by
/// the same search on the sum.
GameResult play(GameRules const& rules, PayOffs const& pay_offs, std::vector<double> const& start);
/// Each player's best move while all others stay at `moves`.
std::vector<double> best_answers(GameRules const& rules, PayOffs const& pay_offs,
                                 std::vector<double> const& moves);
/// Best responses in turn from these moves alone.
Equilibrium settle(GameRules const& rules, PayOffs const& pay_offs,
                   std::vector<double> const& moves);

} // namespace perpetuum
