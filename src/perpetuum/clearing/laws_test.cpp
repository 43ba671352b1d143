#include <perpetuum/clearing/trial.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

using namespace perpetuum;

namespace {

using Vector = std::vector<std::int64_t>;

bool less_or_equal(Vector const& a, Vector const& b) {
    for (std::size_t i = 0; i < a.size(); ++i)
        if (a[i] > b[i]) return false;
    return true;
}

/// The greatest vector by trying all: where everybody can pay its part, joined.
Vector greatest_of_all(Trial const& trial) {
    Vector const owed(trial.owed.begin(), trial.owed.end());
    Vector candidate(owed.size(), 0), greatest(owed.size(), 0);
    for (;;) {
        if (less_or_equal(candidate, one_round(trial, candidate)))
            for (std::size_t i = 0; i < owed.size(); ++i)
                greatest[i] = std::max(greatest[i], candidate[i]);
        std::size_t i = 0;
        while (i < owed.size() && candidate[i] == owed[i]) candidate[i++] = 0;
        if (i == owed.size()) return greatest;
        ++candidate[i];
    }
}

double sum(std::vector<double> const& values) {
    return std::accumulate(values.begin(), values.end(), 0.0);
}

} // namespace

TEST_CASE("nothing greater can be paid: all vectors of tiny systems tried") {
    for (std::uint64_t number = 0; number < 150; ++number) {
        Trial trial = random_trial(number, {3, 5, 4, 5, false, false});
        CAPTURE(number);
        Vector const greatest = greatest_of_all(trial);
        CHECK(clear(trial).paid == std::vector<double>(greatest.begin(), greatest.end()));
    }
}

TEST_CASE("nothing greater can be paid with default costs: all vectors of small systems tried") {
    for (std::uint64_t number = 0; number < 12; ++number) {
        Trial trial = random_trial(number, {3, 3, 3, 4, true, false});
        trial.due(0, 1, 120 + static_cast<double>(number)); // large enough to be short of
        CAPTURE(number);
        Vector const greatest = greatest_of_all(trial);
        CHECK(clear(trial).paid == std::vector<double>(greatest.begin(), greatest.end()));
    }
}

TEST_CASE("systems of every shape clear as the definition, word for word, says") {
    int short_ones = 0, called = 0, lost = 0;
    for (std::uint64_t number = 0; number < 3000; ++number) {
        int const firms = 2 + static_cast<int>(number % 7);
        Trial const trial =
            random_trial(1000 + number, {firms, 3 * firms, 1500, 2000, true, number % 2 == 0});
        CAPTURE(number);
        Cleared const cleared = clear(trial);
        REQUIRE(cleared == clear_plainly(trial));
        short_ones += sum(cleared.short_of) > 100;
        called += sum(cleared.called) > 0;
        lost += sum(cleared.lost) > 0;
    }
    CHECK(short_ones > 1000); // the law was put to the test
    CHECK(called > 300);
    CHECK(lost > 300);
}

TEST_CASE("money is neither made nor lost and nobody ends below zero") {
    for (std::uint64_t number = 0; number < 1000; ++number) {
        Trial const trial =
            random_trial(7000 + number, {6, 24, 1'000'000'000, 1'000'000'000, true, true});
        auto const after = cash_after(trial, clear(trial));
        CAPTURE(number);
        CHECK(sum(after) == sum(trial.cash));
        for (std::size_t e = 0; e < after.size(); ++e)
            if (!trial.system.unlimited[e]) CHECK(after[e] >= 0);
    }
}

TEST_CASE("a coin more in anybody's purse never makes any payment smaller") {
    for (std::uint64_t number = 0; number < 1000; ++number) {
        Trial trial = random_trial(9000 + number, {5, 16, 1500, 1500, true, false});
        auto const before = clear(trial).paid;
        trial.cash[number % 5] += static_cast<double>(1 + number % 200);
        auto const after = clear(trial).paid;
        CAPTURE(number);
        for (std::size_t p = 0; p < before.size(); ++p) CHECK(before[p] <= after[p]);
    }
}
