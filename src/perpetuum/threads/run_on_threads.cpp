#include <perpetuum/threads.hpp>

#include <exception>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>
#include <vector>

namespace perpetuum {

void run_on_threads(std::size_t threads, std::function<void(std::size_t worker)> const& work) {
    std::mutex mutex;
    std::exception_ptr failure;
    auto const guarded = [&](std::size_t worker) {
        try {
            work(worker);
        } catch (...) {
            std::lock_guard const lock(mutex);
            if (!failure) failure = std::current_exception();
        }
    };
    std::vector<std::thread> others;
    try {
        others.reserve(threads);
        for (std::size_t worker = 1; worker < threads; ++worker)
            others.emplace_back(guarded, worker);
    } catch (std::system_error const&) { // no more threads: those that run do all
    } catch (std::bad_alloc const&) {    // no room for another: likewise
    }
    guarded(0);
    for (std::thread& other : others) other.join();
    if (failure) std::rethrow_exception(failure);
}

} // namespace perpetuum
