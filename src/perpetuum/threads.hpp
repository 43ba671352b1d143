#pragma once
/// threads: work that several threads share, done to its end however many of them the system grants.

#include <cstddef>
#include <functional>

namespace perpetuum {

/// Calls work(0) on the thread of the caller and work(1) … work(threads - 1) each on one of its own;
/// comes back when all of them have ended.
///
/// threads  at least 1 is taken. Where the system starts no more, those that run do all: each call
///          of `work` must go on until nothing is left to take, and no result may tell who took it
/// throws   what a call threw first, when all have ended. A call that throws while others wait for it
///          must wake them on its way out
/// cost     about 20 µs a thread
void run_on_threads(std::size_t threads, std::function<void(std::size_t worker)> const& work);

} // namespace perpetuum
