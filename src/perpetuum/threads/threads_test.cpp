#include <perpetuum/threads.hpp>

#include <doctest/doctest.h>

#include <pthread.h>

#include <atomic>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace perpetuum;

namespace {

/// While it lives no thread can be started: none finds room for a stack of 2^60 bytes.
class NoThreads {
  public:
    NoThreads() {
        pthread_getattr_default_np(&usual_);
        pthread_attr_t huge;
        pthread_attr_init(&huge);
        pthread_attr_setstacksize(&huge, std::size_t{1} << 60);
        pthread_setattr_default_np(&huge);
        pthread_attr_destroy(&huge);
    }
    ~NoThreads() {
        pthread_setattr_default_np(&usual_);
        pthread_attr_destroy(&usual_);
    }
    NoThreads(NoThreads const&) = delete;
    NoThreads& operator=(NoThreads const&) = delete;

  private:
    pthread_attr_t usual_{};
};

/// The sum of 0 … 999, taken one by one by whoever is free.
int sum_on(std::size_t threads, int& calls) {
    std::atomic<int> next{0}, sum{0}, called{0};
    run_on_threads(threads, [&](std::size_t) {
        ++called;
        for (int k = next++; k < 1000; k = next++) sum += k;
    });
    calls = called;
    return sum;
}

} // namespace

TEST_CASE("every worker is called once, the first of them on the caller's thread") {
    std::vector<int> called(5);
    std::thread::id first;
    run_on_threads(5, [&](std::size_t worker) {
        ++called[worker];
        if (worker == 0) first = std::this_thread::get_id();
    });
    CHECK(called == std::vector<int>(5, 1));
    CHECK(first == std::this_thread::get_id());
}

TEST_CASE("no threads at all are one") {
    int calls = 0;
    CHECK(sum_on(0, calls) == 499500);
    CHECK(calls == 1);
}

TEST_CASE("where no thread can be started the caller does it all") {
    int calls = 0;
    {
        NoThreads const none;
        CHECK_THROWS(std::thread([] {}).join());
        CHECK(sum_on(8, calls) == 499500);
        CHECK(calls == 1);
    }
    CHECK(sum_on(8, calls) == 499500);
    CHECK(calls == 8);
}

TEST_CASE("what one call throws comes out when all have ended") {
    std::atomic<int> ended{0};
    std::string thrown;
    try {
        run_on_threads(4, [&](std::size_t worker) {
            if (worker == 2) throw std::runtime_error("two");
            ++ended;
        });
    } catch (std::runtime_error const& error) {
        thrown = error.what();
    }
    CHECK(thrown == "two");
    CHECK(ended == 3);
}

TEST_CASE("what the caller's own call throws comes out when all have ended") {
    std::atomic<int> ended{0};
    CHECK_THROWS_AS(run_on_threads(4,
                                   [&](std::size_t worker) {
                                       if (worker == 0) throw std::runtime_error("own");
                                       ++ended;
                                   }),
                    std::runtime_error);
    CHECK(ended == 3);
}
