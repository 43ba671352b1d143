#pragma once
// Studies: many paths under one design after another.

#include "loading.hpp"
#include "paths.hpp"

#include <perpetuum/study.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>

namespace perpetuum {

/// A book ready to be studied: outputs read, the figures that the study holds left open.
struct StudyBook {
    Reading reading;
    System system;
    Program program;
    StudyRun run;
    std::vector<Variation> variations;
    std::optional<StudyCondition> condition;
    EnsembleSettings settings;
    CellId nudge = -1; ///< where the condition is of growth

    StudyBook() = default;
    StudyBook(StudyBook const&) = delete;
};
struct StudyTexts {
    std::vector<std::string> outputs, variations;
    std::string condition; ///< its output comes after the others
};
/// Nothing, with a refusal, where something is wrong.
std::unique_ptr<StudyBook> open_study(Options const& options, StudyTexts const& texts,
                                      Answer& refusal);

/// Runs pieces of a study's paths one after another: says beforehand how long it takes, shows
/// progress, ends when interrupted, and keeps what is done in a file, to go on from there.
class StudyPaths {
  public:
    StudyPaths(Options const& options, StudyBook const& book);
    ~StudyPaths();
    /// How many paths are to come in all (or at most), for the terminal; timed by the first of those
    /// `drawn` that the draws know. With --plan nothing is run after it, and that is the answer.
    void expect(std::uint64_t paths, DrawRows const& draws, std::uint64_t drawn,
                bool at_most = false);
    /// Outputs of a range, [output × paths + path]; the range begins at a multiple of 64. A stage's
    /// name stands for its draws. False: interrupted, a problem, only a plan, or a shard whose part of
    /// the stage is written.
    bool run(std::string const& stage, DrawRows const& draws, Coverage::Range range,
             std::vector<std::vector<double>>& outputs);
    std::uint64_t done() const;
    FailedPaths const& failed() const;
    /// --shard: what `run` left out is another's part, and nothing is wrong.
    bool only_shard() const;
    /// The answer when `run` returned false.
    Answer cut_short() const;
    double expected_seconds() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// "23.4 %" of an indicator, else an amount; with the output's unit in mind.
std::string print_output(StudyOutput const& output, double value);
std::string print_variation(Variation const& variation, double value);
/// A figure that a study varies, and figures that it changes together, in words (labels.hpp); a group
/// that is not just its figures keeps its name.
std::string label_of_cell(StudyBook const& book, CellId cell);
std::string label_of_group(StudyBook const& book, InputGroup const& group);
/// "A title: what; N paths, seed S"; without the paths where there are none but the central one.
std::string study_title(StudyBook const& book, std::string const& what, std::uint64_t paths);

Answer study_sensitivity(Options const& options);
Answer study_breakpoint(Options const& options);
Answer study_grid(Options const& options);
Answer study_game(Options const& options);

// ---- answers as data, for texts and JSON --------------------------------------------------------

struct SensitivityAnswer {
    StudyOutput output;
    std::vector<InputGroup> groups;
    std::vector<double> slopes; ///< correlation of each group's first figure with the output
    SobolIndices indices;
    bool rare = false; ///< a probability outside 2 to 98 %: distances, no indices
    std::vector<std::pair<InputGroup, KolmogorovDistance>> distances; ///< by figure, largest first
};
struct GridAnswer {
    StudyOutput output;
    Variation x, y;
    std::vector<SettingMean> means; ///< [y × points of x + x]
};
struct BreakpointAnswer {
    StudyCondition condition;
    std::vector<Variation> variations;
    std::vector<std::pair<double, double>> curve; ///< asked: value, mean; one figure only
    std::vector<NudgeGrowth> growth;              ///< beside the curve, where it is of growth
    Breakpoint found;
    NearestPoint nearest;
    std::vector<double> point; ///< values of the figures at the nearest point, or at the break
    double tolerance = 0;
};
/// A game at one value of the figure that `--vary` names.
struct GameAt {
    double value = 0;
    std::vector<double> answers; ///< of each player to the moves of the book
    Equilibrium settled;         ///< from those moves on
};
/// From where on somebody does best with the least that it may do.
struct GameLeft {
    Breakpoint at;
    int first = -1; ///< a player; -1: nobody leaves
};
struct GameAnswer {
    std::vector<Variation> players;
    std::vector<StudyOutput> pay_offs;
    GameResult result;
    std::vector<double> capex;       ///< of each equilibrium, then of the joint optimum
    std::optional<Variation> figure; ///< of --vary: then only what follows is told
    std::vector<GameAt> curve;
    GameLeft alone, together; ///< while the others stay; at equilibrium
};
std::string sensitivity_as_json(StudyBook const& book, std::vector<SensitivityAnswer> const& all,
                                std::uint64_t paths);
std::string grid_as_json(StudyBook const& book, std::vector<GridAnswer> const& all,
                         std::uint64_t paths);
std::string breakpoint_as_json(StudyBook const& book, BreakpointAnswer const& answer,
                               std::uint64_t paths);
std::string game_as_json(StudyBook const& book, GameAnswer const& answer, std::uint64_t paths);

} // namespace perpetuum
