#pragma once
// The stages of a stress: one of its own, or one for each firm, or one up and one down. Each runs the
// same paths; what is done is kept in a file, taken up again, and put together from shards.

#include "parts.hpp"
#include "progress.hpp"
#include "stress.hpp"

#include <memory>
#include <optional>

namespace perpetuum {

struct StressSetting;

class StressStages {
  public:
    /// So many stages are to come. `problem()` when what is to be gone on from cannot be read.
    StressStages(Options const& options, StressSetting const& setting, std::size_t stages);

    /// Runs what is missing of a stage: result of all that is in, also when interrupted.
    StressResult run(std::string const& stage, StressAsked const& asked);
    /// Nothing came between: no interruption, no problem.
    bool goes_on() const { return problem_.empty() && !interrupted_ && !planned_; }
    /// --plan or --shard: the answer is not the stress; when all stages are through.
    bool only_part() const;
    /// What is said then, or of a problem.
    Answer answer() const;
    std::string talk() const; ///< for stderr: how many paths are in, when interrupted

  private:
    Options const& options_;
    StressSetting const& setting_;
    std::size_t stages_;
    std::uint64_t paths_;
    Coverage::Range range_;
    std::string key_, problem_, plan_;
    Parts parts_;
    std::map<std::string, Bundle> done_;
    Coverage covered_; ///< by the last stage
    Interruptible interruptible_;
    std::unique_ptr<Progress> progress_;
    std::uint64_t ran_ = 0, in_ = 0;
    bool interrupted_ = false, planned_ = false;
    std::chrono::steady_clock::time_point saved_ = std::chrono::steady_clock::now();

    bool take_parts(std::string const& stage, Stress& stress);
    void run_missing(std::string const& stage, Stress& stress);
    void forecast(Stress const& stress, std::uint64_t done, double seconds);
    void save(bool last);
};

} // namespace perpetuum
