#pragma once
// Runs of many paths: what is asked, how it runs, and what is said of the statistics. What is said
// needs the statistics alone, so that merged parts answer like one run.

#include "loading.hpp"

#include <perpetuum/ensemble.hpp>

#include <nlohmann/json_fwd.hpp>

#include <optional>

namespace perpetuum {

/// What --paths and what goes with it ask for, checked.
struct PathsAsked {
    EnsembleSettings settings;
    std::vector<double> quantiles;
    Coverage::Range range; ///< of this shard
};
/// "independent", "latin", "sobol".
std::optional<Sampling> sampling_named(std::string const& name);
/// Nothing, and a refusal, where an option cannot be.
std::optional<PathsAsked> paths_asked(Options const& options, Answer& refusal);

/// The series of a run: cash, what is owed, revenue and profit of each firm, by year unless
/// --quarters; of a model without firms its variables; and what --series names. False, with an
/// error, where a name is unknown.
bool choose_series(Options const& options, System const& system, Diagnostics& diagnostics,
                   std::vector<Series>& series);

/// What was read, compiled and run, in words that tell two runs apart; merged parts must agree.
std::map<std::string, std::string> about_run(Options const& options, Reading const& reading,
                                             System const& system,
                                             std::vector<Series> const& series,
                                             PathsAsked const& asked);

Answer run_paths(Options const& options);
Answer run_merge(Options const& options);

/// The answer to a run, or to a merge: from the statistics alone.
Answer answer_of(Summary const& summary, Options const& options,
                 std::vector<double> const& quantiles);
std::string summary_as_json(Summary const& summary, std::vector<double> const& quantiles);
std::string summary_as_text(Summary const& summary, std::vector<double> const& quantiles);

/// Quantiles of every series as NetCDF-4; false with a problem where that cannot be.
bool write_netcdf(std::string const& file, Summary const& summary,
                  std::vector<double> const& quantiles, std::string& problem);

// ---- what a summary says of itself --------------------------------------------------------------

/// A word of `about`, or nothing.
std::string about(Summary const& summary, std::string const& word);
/// "2027-Q3", or a number of a plain model.
std::string step_name(Summary const& summary, int step);
/// The steps that a table shows: ends of years, or all.
std::vector<std::pair<int, std::string>> shown_steps(Summary const& summary);

} // namespace perpetuum
