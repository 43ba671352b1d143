// Threads take blocks of paths, one after another, until none is left.

#include <perpetuum/ensemble.hpp>

#include <perpetuum/base.hpp>
#include <perpetuum/threads.hpp>

#include <algorithm>
#include <atomic>
#include <string>

namespace perpetuum {

bool each_block(
    Coverage::Range paths, std::uint64_t width, std::size_t workers,
    std::function<bool()> const& stop,
    std::function<void(std::size_t worker, std::uint64_t first, int paths)> const& run) {
    if (paths.begin % 16 != 0)
        throw BadInput{"paths come in groups of 16; " + std::to_string(paths.begin) +
                       " does not begin one"};
    std::atomic<std::uint64_t> next{paths.begin};
    std::atomic<bool> stopped{false};
    run_on_threads(workers, [&](std::size_t worker) {
        try {
            while (!stopped) {
                if (stop && stop()) {
                    stopped = true;
                    break;
                }
                std::uint64_t const first = next.fetch_add(width);
                if (first >= paths.end) break;
                run(worker, first, static_cast<int>(std::min(width, paths.end - first)));
            }
        } catch (...) {
            stopped = true; // the others need not go on
            throw;
        }
    });
    return !stopped;
}

} // namespace perpetuum
