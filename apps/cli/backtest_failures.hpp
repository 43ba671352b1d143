#pragma once
// Probabilities of default by quarter against who failed and when.

#include "loading.hpp"

#include <perpetuum/backtest.hpp>

#include <array>
#include <optional>

namespace perpetuum {

constexpr int quarters_scored = 12;
constexpr std::array<int, 3> quarters_of_brier{4, 8, 12};

/// A line of the file of outcomes.
struct OutcomeLine {
    std::string firm, date, source;
    int failed = 0;     ///< quarter, from 1; 0: alive after twelve
    bool later = false; ///< failed after twelve quarters: counts as alive
};

/// One number a firm, as a formula over the book's figures.
struct BaselineLine {
    std::string name, formula;
    Span where;
};

struct BrierAt {
    int quarter = 0;
    std::size_t failed = 0;
    double score = 0;
    Bracket skill;
};
struct Forecaster { ///< the model, or a baseline
    std::string name;
    Bracket area;
    std::vector<BrierAt> brier;
};
struct BaselineResult {
    BaselineLine line;
    std::vector<std::string> firms;       ///< that have its inputs
    std::string why_not;                  ///< of the first firm that has not
    Forecaster fitted, model;             ///< on these firms: the fitted curve, and the run
    double plain_area = 0;                ///< of the number itself, the better way round
    Bracket difference, plain_difference; ///< area of the run less the baseline's
};
struct FailuresBacktest {
    std::string title;
    Date start;
    std::uint64_t paths = 0, failed = 0, seed = 1;
    std::vector<FailureForecast> firms;
    std::vector<OutcomeLine> outcomes;        ///< in the same order
    std::vector<std::string> without_outcome; ///< firms that can default and are not in the file
    Forecaster model;
    QuarterError quarter;
    std::vector<BaselineResult> baselines;
    Resampling resampling;
};

std::optional<FailuresBacktest> failures_backtest(Options const& options, Reading& reading);
std::string failures_as_text(FailuresBacktest const& result);
std::string failures_as_json(FailuresBacktest const& result);

/// "beats it", "is beaten", "cannot tell": by the interval of the difference.
char const* words_of_difference(Bracket const& difference);

// ---- files --------------------------------------------------------------------------------------

/// Lines of a file of tab-separated columns under a head; # begins a comment. Errors with their
/// places: no such column, too few.
struct TabTable {
    struct Line {
        std::vector<std::string> cells; ///< in the order asked
        Span where;
    };
    std::vector<Line> lines;
};
TabTable read_tab_table(std::string const& file, std::vector<std::string> const& columns,
                        Diagnostics& diagnostics);

} // namespace perpetuum
