#pragma once
// What a command is asked, and what it answers. Commands are functions from the one to the other;
// only main prints.

#include "network_options.hpp"
#include "payment_options.hpp"
#include "study_options.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace perpetuum {

/// Of a run of many paths.
struct PathsOptions {
    std::uint64_t paths = 0, seed = 1;      ///< 0 paths: the central one
    std::optional<std::uint64_t> path;      ///< this one, whole
    std::optional<std::uint64_t> of_report; ///< as many for a report; none: as usual, 0: no paths
    int threads = 0, block = 64;            ///< 0 threads: one for each processor
    std::string sampling = "independent", quantiles = "10,50,90", series, shard, checkpoint;
    int checkpoint_every = 10; ///< seconds
    std::string netcdf;
    std::vector<std::string> correlate;
    std::vector<std::string> parts; ///< files of parts of a stress or study, to be taken in
    bool paired = false, rivals = false;
    bool plan = false; ///< only say how many paths and how long
};

/// Of `backtest`.
struct BacktestOptions {
    std::string outcomes, baselines; ///< files
    std::string without;             ///< of `circularity`: a deal
};

/// Of `stress`.
struct StressOptions {
    std::vector<std::string> shocks, defaults, cuts;
    std::string file;                 ///< of shocks, one a line
    std::string horizon;              ///< a period or a number of steps
    std::string systemic, multiplier; ///< a date; an addition
    bool causal = false, stop = false;
};

struct Options {
    StressOptions stress;
    BacktestOptions backtest;
    PaymentOptions payments; ///< of files of payments
    PathsOptions many;
    NetworkOptions network;
    StudyOptions study;
    std::string book, name; ///< name: what `explain` is asked about
    std::string as_of, scenario, from, to;
    std::vector<std::string> set;
    int steps = 0; ///< of the run; 0: as many as usual
    bool json = false, quarters = false, promises = false;
    std::string csv, out, format = "html";
    std::vector<std::string> with;      ///< files of studies for a report
    std::string stop = "funding-stops"; ///< a scenario that a report stresses, or none
    std::string show;                   ///< variables, by commas: of a model's report
    std::string at;                     ///< a step or a period: what is shown of a run
    std::string by, matrix;             ///< of `matrices`
    bool latex = false;
    std::string dollar, pair;       ///< of `circularity`: a firm; two firms with a comma between
    std::vector<std::string> paths; ///< what `fmt` lays out
    bool only_check = false, stdout_only = false; ///< of `fmt`
    std::string command;                          ///< the command line itself, for citing
};

/// Exit codes: every command keeps to these.
enum class Exit { ok = 0, found = 1, wrong_input = 2, ours = 3 };

struct Answer {
    std::string text; ///< to stdout
    std::string talk; ///< to stderr
    Exit code = Exit::ok;
};

/// The input is wrong, and not at a place of a text.
Answer refused(std::string const& message, std::string const& hint = {});

} // namespace perpetuum
