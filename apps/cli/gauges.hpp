#pragma once
// Gauges of a book: on the central path in every quarter, over many paths at chosen ones.

#include "loading.hpp"

#include <perpetuum/gauges.hpp>

#include <optional>

namespace perpetuum {

struct GaugeAt {
    int step = 0;
    // NaN: not known there, or not run; infinite: no number but what the gauge says `without`, which
    // counts as beyond any number.
    double central = 0;
    double low = 0, middle = 0, high = 0; ///< 10, 50, 90 % of the paths
    std::uint64_t paths = 0, without = 0; ///< with any value; of them, without a number
};
/// One gauge of one firm, or pair of firms, or of all together.
struct GaugeRow {
    std::string of;    ///< id, or two with " and "; empty: all together
    std::string label; ///< the same as names
    std::vector<GaugeAt> at;
    Threshold const* passed = nullptr; ///< at the first of the steps, by the middle
    std::string since;                 ///< first step past a threshold on the central path
    std::optional<double> range_low, range_high; ///< of a lift: 90 %
};
struct GaugeTable {
    Gauge gauge;
    std::vector<GaugeRow> rows;
    bool traced = false; ///< its ranges are of the paths traced whole
    std::string history; ///< of 2000: computed, from the file, or empty: not known
};
struct GaugesAnswer {
    std::string title, file;
    std::vector<int> steps;
    std::vector<std::string> labels; ///< of the steps
    std::uint64_t paths = 0, failed = 0, traced = 0, seed = 1;
    std::vector<GaugeTable> tables;
};

std::optional<GaugesAnswer> gauges_of_book(Options const& options, Reading& reading);
std::string gauges_as_text(GaugesAnswer const& answer);
std::string gauges_as_json(GaugesAnswer const& answer);

// ---- parts --------------------------------------------------------------------------------------

/// What a book with gauges was made into.
struct GaugedSystem {
    GaugeFile file;
    std::string file_name;
    std::vector<GaugeContract> contracts;
    System system;
};
/// Reads book, model and gauges, and instantiates. False with diagnostics.
bool gauged_system(Options const& options, Reading& reading, GaugedSystem& gauged);

/// The measures that need payments or defaults, not formulae.
struct MeasuredPaths {
    System const* system = nullptr;
    Book const* book = nullptr;
    std::vector<int> steps;            ///< ends of windows of four quarters
    std::vector<PromiseLine> promises; ///< of the book
};
/// Values of a payment measure on one path: [gauge rows by name → value at each step].
using MeasureRows = std::vector<std::pair<std::string, std::vector<double>>>;
/// Of each of these measures on one path, in their order. The path needs the cells of
/// `cells_of_measures` only.
std::vector<MeasureRows> traced_measures(MeasuredPaths const& about, Path const& path,
                                         std::vector<std::string> const& names);
/// Cells of payments, of opening cash and of what is left of promises.
std::vector<CellId> cells_of_measures(System const& system);
/// The same on paths [0, paths) of a sample: [path][measure]; nothing of a path that failed.
/// cost  beside the run some 50 ms a path, on all threads
std::vector<std::vector<MeasureRows>>
traced_paths(MeasuredPaths const& about, EnsembleSettings const& settings, std::uint64_t paths,
             std::vector<std::string> const& names, Diagnostics& diagnostics);

/// Joint defaults of pairs of firms, the most frequent first.
struct JointDefault {
    std::string first, second;
    double lift = 0, low = 0, high = 0; ///< 90 %, of the paths' chance
    std::uint64_t both = 0;
};
std::vector<JointDefault> joint_defaults(Outcomes const& run, std::vector<std::string> const& firms,
                                         int apart);

/// A value as the gauge is shown: per cent, from a thousand on so many times; USD; a plain number.
std::string shown_gauge(Gauge const& gauge, double value);

} // namespace perpetuum
