#include "progress.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>

namespace perpetuum {

namespace {

std::atomic<bool> interruption{false};
extern "C" void on_interruption(int) { interruption = true; }

} // namespace

Interruptible::Interruptible() {
    interruption = false;
    struct sigaction action {};
    action.sa_handler = on_interruption;
    action.sa_flags = SA_RESETHAND;
    sigaction(SIGINT, &action, &before_int_);
    sigaction(SIGTERM, &action, &before_term_);
}
Interruptible::~Interruptible() {
    sigaction(SIGINT, &before_int_, nullptr);
    sigaction(SIGTERM, &before_term_, nullptr);
}
bool Interruptible::interrupted() { return interruption.load(); }

Progress::Progress(std::uint64_t paths, std::uint64_t done)
    : paths_(paths), first_(done), shown_(isatty(STDERR_FILENO) != 0) {}
Progress::~Progress() {
    if (any_) std::fputs("\r\x1b[K", stderr);
}

void Progress::show(std::uint64_t done) {
    auto const now = std::chrono::steady_clock::now();
    if (!shown_ || now - last_ < std::chrono::milliseconds(200)) return;
    last_ = now;
    any_ = true;
    double const seconds = std::chrono::duration<double>(now - begin_).count();
    double const rate = static_cast<double>(done - first_) / std::max(seconds, 1e-3);
    double const left = static_cast<double>(paths_ - done) / std::max(rate, 1e-3);
    std::fputs(fmt::format("\r\x1b[K{} of {} paths, {:.0f} a second, {:.0f} s left", done, paths_,
                           rate, left)
                   .c_str(),
               stderr);
}

void Progress::say(std::string const& text) {
    if (shown_) std::fputs((text + "\n").c_str(), stderr);
}

} // namespace perpetuum
