#pragma once
// Long runs: a line of progress on a terminal, and an end when somebody interrupts.

#include <chrono>
#include <csignal>
#include <cstdint>
#include <string>

namespace perpetuum {

/// While one stands, an interruption is noted; a second one ends the program at once.
class Interruptible {
  public:
    Interruptible();
    ~Interruptible();
    Interruptible(Interruptible const&) = delete;
    Interruptible& operator=(Interruptible const&) = delete;
    static bool interrupted();

  private:
    struct sigaction before_int_ {
    }, before_term_{};
};

/// A line that is written over, on a terminal only.
class Progress {
  public:
    Progress(std::uint64_t paths, std::uint64_t done);
    ~Progress();
    Progress(Progress const&) = delete;
    Progress& operator=(Progress const&) = delete;
    void show(std::uint64_t done);
    /// Something to know beforehand, on a line of its own.
    void say(std::string const& text);

  private:
    std::uint64_t paths_, first_;
    bool shown_, any_ = false;
    std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now(), last_ = begin_;
};

} // namespace perpetuum
