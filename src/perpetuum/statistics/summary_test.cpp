#include <perpetuum/base.hpp>
#include <perpetuum/lanes.hpp>
#include <perpetuum/statistics.hpp>

#include "streams_for_tests.hpp"

#include <algorithm>
#include <doctest/doctest.h>

using namespace perpetuum;

namespace {

SummaryPlan small_plan() {
    SummaryPlan plan;
    plan.about = {{"seed", "1"}, {"book", "6c62272e"}};
    plan.steps = 3;
    plan.series = {"nvidia.cash", "openai.revenue"};
    plan.pairs = {"nvidia.income"};
    plan.firms = {"nvidia", "openai"};
    return plan;
}

/// Paths begin … end − 1 as a run would hand them over, in blocks of so many lanes.
void run_paths(Summary& summary, std::uint64_t begin, std::uint64_t end, std::size_t lanes) {
    for (std::uint64_t at = begin; at < end; at += lanes) {
        auto const n = static_cast<std::size_t>(std::min<std::uint64_t>(lanes, end - at));
        std::vector<double> cash(n), revenue(n), income(n);
        std::vector<int> first(2 * n);
        std::vector<std::uint8_t> counted(n, 1);
        for (int step = 1; step <= 3; ++step) {
            for (std::size_t lane = 0; lane < n; ++lane) {
                TestDraws draws{(at + lane) * 100 + static_cast<std::uint64_t>(step)};
                cash[lane] = std::floor(draws.normal() * 1e11);
                revenue[lane] = draws.unit() < 0.3 ? 0 : std::exp(draws.normal() * 4);
                income[lane] = cash[lane] * draws.unit();
                counted[lane] = (at + lane) % 97 != 5;
            }
            summary.add(0, step, cash.data(), n, counted.data());
            summary.add(1, step, revenue.data(), n, counted.data());
            summary.add_pairs(0, step, cash.data(), income.data(), n, counted.data());
        }
        for (std::size_t lane = 0; lane < n; ++lane) {
            TestDraws draws{at + lane};
            first[lane] = static_cast<int>(draws.below(4));
            first[n + lane] = static_cast<int>(draws.below(4));
            if (!counted[lane]) summary.failed.add(at + lane, "cash is not a number");
        }
        summary.failures.add(first.data(), n, counted.data());
        REQUIRE(summary.coverage.add({at, at + n}));
    }
}

Summary run_all(std::size_t lanes) {
    Summary summary(small_plan());
    run_paths(summary, 0, 2000, lanes);
    return summary;
}

/// The bytes with their digest made right again, as one would who wants to be believed.
std::string signed_again(std::string bytes) {
    bytes.resize(bytes.size() - 16);
    Digest const digest = digest_of(bytes);
    for (std::uint64_t half : {digest.low, digest.high})
        for (int i = 0; i < 8; ++i) bytes += static_cast<char>(half >> (8 * i));
    return bytes;
}

} // namespace

TEST_CASE("the digest is FNV-1a with 128 bits, as its authors tabulated it") {
    CHECK(print_digest(digest_of("")) == "6c62272e07bb014262b821756295c58d");
    CHECK(print_digest(digest_of("a")) == "d228cb696f1a8caf78912b704e4a8964");
    CHECK(print_digest(digest_of("foobar")) == "343e1662793c64bf6f0d3597ba446f18");
}

TEST_CASE("blocks, threads and shards do not show in the bytes") {
    std::string const whole = run_all(64).bytes();
    for (std::size_t lanes : {1u, 7u, 96u, 128u, 2000u}) CHECK(run_all(lanes).bytes() == whole);
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        TestDraws draws{seed};
        std::vector<Summary> parts;
        for (std::uint64_t at = 0; at < 2000;) {
            std::uint64_t const end = std::min<std::uint64_t>(2000, at + 1 + draws.below(400));
            parts.emplace_back(small_plan());
            run_paths(parts.back(), at, end, 1 + draws.below(130));
            at = end;
        }
        std::string problem;
        while (parts.size() > 1) {
            std::size_t const i = draws.below(parts.size()), j = draws.below(parts.size());
            if (i == j) continue;
            REQUIRE(parts[i].merge(parts[j], problem));
            parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(j));
        }
        CHECK(parts[0].bytes() == whole);
        CHECK(parts[0].digest() == run_all(64).digest());
    }
}

TEST_CASE("the instruction set does not show in the bytes") {
    InstructionSet const usual = instruction_set();
    std::vector<std::string> all;
    for (auto set : {InstructionSet::baseline, InstructionSet::avx2, InstructionSet::avx512}) {
        use_instruction_set(set);
        SummaryPlan plan;
        plan.steps = 1;
        for (Stream const& stream : hard_streams(1)) plan.series.push_back(stream.name);
        plan.pairs = plan.series;
        Summary summary(plan);
        auto const streams = hard_streams(1000);
        for (std::size_t i = 0; i < streams.size(); ++i) {
            auto const& other = streams[(i + 5) % streams.size()].values;
            summary.add(i, 1, streams[i].values.data(), 1000);
            summary.add_pairs(i, 1, streams[i].values.data(), other.data(), 1000);
        }
        all.push_back(summary.bytes() + run_all(100).bytes());
    }
    use_instruction_set(usual);
    CHECK(all[0] == all[1]);
    CHECK(all[0] == all[2]);
}

TEST_CASE("what is read back says the same and writes the same bytes") {
    Summary const summary = run_all(64);
    std::string problem;
    auto const again = read_summary(summary.bytes(), problem);
    REQUIRE_MESSAGE(again, problem);
    CHECK(again->bytes() == summary.bytes());
    CHECK(again->plan() == summary.plan());
    CHECK(again->sketch(1, 2) == summary.sketch(1, 2));
    CHECK(again->moments(0, 3) == summary.moments(0, 3));
    CHECK(again->pairs(0, 1) == summary.pairs(0, 1));
    CHECK(again->failures == summary.failures);
    CHECK(again->failed == summary.failed);
    CHECK(again->coverage.count() == 2000);
    CHECK(again->find("openai.revenue") == 1);
    CHECK_FALSE(again->find("openai.cash"));
}

TEST_CASE("every hard stream survives its bytes") {
    for (SketchShape const shape : {SketchShape{}, SketchShape{7, 0x1p-1000, 4096}})
        for (Stream const& stream : hard_streams(300)) {
            CAPTURE(stream.name);
            SummaryPlan plan;
            plan.steps = 1;
            plan.series = {stream.name};
            plan.shape = shape;
            Summary summary(plan);
            summary.add(0, 1, stream.values.data(), stream.values.size());
            std::string problem;
            auto const again = read_summary(summary.bytes(), problem);
            REQUIRE_MESSAGE(again, problem);
            CHECK(again->sketch(0, 1) == summary.sketch(0, 1));
            CHECK(again->moments(0, 1) == summary.moments(0, 1));
        }
}

TEST_CASE("parts of different runs, or with paths in common, are refused and nothing changes") {
    Summary first(small_plan());
    run_paths(first, 0, 100, 64);
    std::string const before = first.bytes();
    std::string problem;
    Summary common(small_plan());
    run_paths(common, 90, 200, 64);
    CHECK_FALSE(first.merge(common, problem));
    CHECK(problem == "the parts have paths in common: 90–99");
    SummaryPlan plan = small_plan();
    plan.about["seed"] = "2";
    CHECK_FALSE(first.merge(Summary(plan), problem));
    CHECK(problem == "the parts are of different runs: seed is '1' in one and '2' in the other");
    plan = small_plan();
    plan.about.erase("book");
    CHECK_FALSE(first.merge(Summary(plan), problem));
    CHECK(problem.find("book is '6c62272e' in one and '' in the other") != std::string::npos);
    plan = small_plan();
    plan.series.pop_back();
    CHECK_FALSE(first.merge(Summary(plan), problem));
    plan = small_plan();
    plan.shape.bits = 6;
    CHECK_FALSE(first.merge(Summary(plan), problem));
    CHECK(first.bytes() == before);
}

TEST_CASE("a byte that is changed, missing or too many is found") {
    Summary summary(small_plan());
    run_paths(summary, 0, 20, 64);
    std::string const bytes = summary.bytes();
    std::string problem;
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        std::string damaged = bytes;
        damaged[at] = static_cast<char>(damaged[at] ^ (1 << at % 8));
        REQUIRE_FALSE(read_summary(damaged, problem));
        REQUIRE_FALSE(read_summary(std::string_view(bytes).substr(0, at), problem));
    }
    CHECK_FALSE(read_summary(bytes + "x", problem));
    CHECK(problem.find("its digest is another") != std::string::npos);
    CHECK_FALSE(read_summary("not a summary", problem));
    CHECK(problem == "byte 0: these are not the bytes of a summary, or it is cut off");
}

TEST_CASE("bytes made up by somebody who knows the digest are refused or mean what they say") {
    Summary summary(small_plan());
    run_paths(summary, 0, 20, 64);
    std::string const bytes = summary.bytes();
    TestDraws draws;
    int refused = 0, accepted = 0;
    for (int run = 0; run < 20'000; ++run) {
        std::string made_up = bytes;
        for (std::size_t changes = 1 + draws.below(3); changes > 0; --changes) {
            std::size_t const at = 22 + draws.below(made_up.size() - 38);
            switch (draws.below(4)) {
            case 0:
                made_up[at] = static_cast<char>(draws.bits());
                break;
            case 1:
                made_up.erase(at, 1 + draws.below(9));
                break;
            case 2:
                made_up.insert(at, 1 + draws.below(9), static_cast<char>(draws.bits()));
                break;
            default:
                made_up[at] = static_cast<char>(made_up[at] + 1);
            }
            if (made_up.size() < 60) made_up = bytes;
        }
        made_up = signed_again(std::move(made_up));
        std::string problem;
        auto const read = read_summary(made_up, problem, 1 << 22);
        ++(read ? accepted : refused);
        if (read) REQUIRE(read->bytes() == made_up);
        if (!read) REQUIRE_FALSE(problem.empty());
    }
    CHECK(refused > 10'000);
    CHECK(accepted > 0); // a count of failed paths, a name: nothing contradicts them
}

TEST_CASE("a summary that asks for more memory than is allowed is refused") {
    Summary const summary = run_all(64);
    std::string problem;
    CHECK_FALSE(read_summary(summary.bytes(), problem, 5000));
    CHECK(problem.find("more memory is needed than is allowed") != std::string::npos);
}

TEST_CASE("what a summary does not have is refused") {
    Summary summary(small_plan());
    double const value = 1;
    CHECK_THROWS_AS(summary.add(2, 1, &value, 1), BadInput);
    CHECK_THROWS_AS(summary.add(0, 0, &value, 1), BadInput);
    CHECK_THROWS_AS(summary.add(0, 4, &value, 1), BadInput);
    SummaryPlan plan = small_plan();
    plan.series = {"same", "same"};
    CHECK_THROWS_AS(Summary{plan}, BadInput);
    plan = small_plan();
    plan.steps = 200'000;
    CHECK_THROWS_AS(Summary{plan}, BadInput);
}

TEST_CASE("a row of one value counts as its values do one by one") {
    double const nan = std::nan("");
    for (double const value : {0.0, -0.0, 1.0, -3.0, 0.1, 1e-40, 9007199254740991.0, 1e300, nan,
                               static_cast<double>(HUGE_VAL)}) {
        CAPTURE(value);
        for (std::size_t const n : {64u, 128u, 70u, 3u}) {
            std::vector<double> const values(n, value);
            std::vector<std::uint8_t> counted(n, 1);
            counted[n / 2] = 0;
            Summary rows(small_plan()), single(small_plan());
            rows.add(0, 1, values.data(), n, counted.data());
            rows.add(0, 1, values.data(), n);
            for (std::size_t i = 0; i < 2 * n - 1; ++i) single.add(0, 1, &value, 1);
            CHECK(rows.sketch(0, 1) == single.sketch(0, 1));
            CHECK(rows.moments(0, 1) == single.moments(0, 1));
        }
    }
}
