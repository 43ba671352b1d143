#pragma once
/// store: ensembles as files that other programs open. NetCDF-4, for xarray, R and ncdump:
/// docs/handbook/netcdf.md. Files appear whole or not at all: written beside the target, then
/// renamed. One thread at a time writes, whoever calls (the library below allows no more).

#include <perpetuum/base.hpp>
#include <perpetuum/statistics.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace perpetuum {

/// The steps that a file holds. Names and ends are of each step, or empty.
struct StoreSteps {
    int first = 1, count = 0;
    std::vector<std::string> names; ///< "2025-Q4"
    std::vector<Date> ends; ///< where each step ends (exclusive): the file gives its last day
};
struct StoreVariable {
    std::string name;      ///< "nvidia.cash"; what NetCDF allows: no "/", no blank at its end
    std::string long_name; ///< "cash of nvidia"
    std::string unit;      ///< "USD", "USD/quarter", "1"
};
/// What a reader of the file is told.
struct StoreHead {
    std::string title;
    std::string version;                      ///< of the program
    std::map<std::string, std::string> about; ///< attributes: "seed", "book", "model", …
    StoreSteps steps;
    std::vector<StoreVariable> variables;
};

struct PathsFileOptions {
    bool single_precision = false; ///< 7 digits in half the room
    bool compressed = true;        ///< without loss
};

/// Paths as they come, block by block, in any order: a variable each with dimensions (path, step).
/// What is not written, and what a failed path has no more, is NaN.
/// memory  about half a megabyte a variable, whatever the number of paths
class PathsFile {
  public:
    /// Of paths `range` by number; nothing, with the reason in `problem`, where no such file can be.
    /// throws  BadInput when the head contradicts itself or the range is empty
    static std::optional<PathsFile> create(std::string const& target, StoreHead const& head,
                                           Coverage::Range range, std::string& problem,
                                           PathsFileOptions options = {});
    PathsFile(PathsFile&&) noexcept;
    PathsFile& operator=(PathsFile&&) noexcept;
    ~PathsFile(); ///< not finished: nothing remains

    /// values[(variable × steps + step) × lanes + lane] of paths first_path + lane; `failed_at`
    /// (null: none): the step in which a path failed, 0 if it did not; NaN from there on is yours to
    /// give. False, with the reason in `problem`, where the disk is full or so; then give up.
    /// throws  BadInput when a path lies outside the range or was written before
    bool write(std::uint64_t first_path, std::size_t lanes, double const* values,
               int const* failed_at, std::string& problem);
    /// The file takes its name; says in an attribute which paths are missing, if any.
    bool finish(std::string& problem);

  private:
    struct State;
    explicit PathsFile(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// The quantiles of a summary: for each variable (a series of the summary, by its name) NAME(quantile,
/// step), NAME_low and NAME_high (the interval of each quantile), NAME_mean, NAME_error (of the mean),
/// NAME_count (step); first defaults by firm and step, and of pairs of firms.
/// throws  BadInput when the head contradicts itself or the summary, or a probability is not in (0, 1)
bool write_quantiles(std::string const& target, StoreHead const& head, Summary const& summary,
                     std::vector<double> const& probabilities, std::string& problem,
                     double confidence = 0.95);

} // namespace perpetuum
