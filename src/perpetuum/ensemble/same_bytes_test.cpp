// The same seed gives the same bytes: threads, blocks, shards, instruction sets, and a run that goes
// on where another was cut off.

#include "models_for_tests.hpp"

#include <cstdlib>

using namespace perpetuum;
using namespace perpetuum::ensemble_tests;

namespace {

struct Variant {
    int threads = 1, block = 64, shards = 1;
    InstructionSet set = InstructionSet::baseline;
    bool resumed = false;
};

/// One shard; a resumed one stops after some blocks, and another process goes on from its bytes.
Summary run_shard(EnsembleSide const& side, Variant const& variant, Sample const& sample,
                  Coverage::Range range) {
    EnsembleSettings const settings{sample, variant.threads, variant.block};
    Ensemble first({side}, settings);
    if (!variant.resumed) {
        REQUIRE(first.run(range));
        return first.summary();
    }
    std::uint64_t const half = (range.end - range.begin) / 32 * 16;
    REQUIRE(first.run({range.begin, range.begin + half}));
    std::string problem;
    auto const kept = read_summary(first.summary().bytes(), problem);
    REQUIRE_MESSAGE(kept.has_value(), problem);
    Ensemble second({side}, settings);
    REQUIRE_MESSAGE(second.take(0, *kept, problem), problem);
    for (auto const& missing : kept->coverage.missing(range.end))
        REQUIRE(second.run({std::max(missing.begin, range.begin), missing.end}));
    return second.summary();
}

Digest digest_of_run(Prepared const& prepared, Variant const& variant, std::uint64_t paths) {
    use_instruction_set(variant.set);
    Sample const sample{7, Sampling::independent, paths, {}};
    Summary whole(prepared.side().plan);
    std::string problem;
    // Parts come in any order.
    for (int i = variant.shards; i-- > 0;) {
        auto const range = shard_of(paths, static_cast<std::uint64_t>(i),
                                    static_cast<std::uint64_t>(variant.shards));
        if (range.begin == range.end) continue;
        Summary const part = run_shard(prepared.side(), variant, sample, range);
        REQUIRE_MESSAGE(whole.merge(part, problem), problem);
    }
    CHECK(whole.coverage.missing(paths).empty());
    use_instruction_set(widest());
    return whole.digest();
}

std::vector<InstructionSet> sets_here() {
    std::vector<InstructionSet> sets{InstructionSet::baseline};
    if (widest() >= InstructionSet::avx2) sets.push_back(InstructionSet::avx2);
    if (widest() >= InstructionSet::avx512) sets.push_back(InstructionSet::avx512);
    return sets;
}

void check_matrix(Prepared const& prepared, std::uint64_t paths) {
    Digest const expected = digest_of_run(prepared, {}, paths);
    int variants = 0;
    for (int const threads : {1, 2, 3})
        for (int const block : {64, 96, 128})
            for (int const shards : {1, 3, 7})
                for (InstructionSet const set : sets_here()) {
                    bool const resumed = (variants++ + threads) % 2 == 0;
                    INFO("threads " << threads << " block " << block << " shards " << shards << " "
                                    << name_of(set) << (resumed ? " resumed" : ""));
                    CHECK(digest_of_run(prepared, {threads, block, shards, set, resumed}, paths) ==
                          expected);
                }
    CHECK(variants == 27 * static_cast<int>(sets_here().size()));
}

} // namespace

TEST_CASE(
    "the AI book's paths come out the same for any threads, blocks, shards, instruction sets") {
    Diagnostics diagnostics;
    Prepared const prepared(ai_system(diagnostics),
                            {"openai.cash", "nvidia.revenue", "coreweave.borrowings", "sentiment"},
                            diagnostics);
    check_matrix(prepared, 200);
}

TEST_CASE("so do textbook models, simultaneous or not") {
    Diagnostics diagnostics;
    Prepared const sim(textbook_system(diagnostics, "sim", 60,
                                       {{"alpha1", {Shape::uniform, {0.5, 0.7}}},
                                        {"Gd", {Shape::lognormal, {20, 25}}}}),
                       {"Y", "Hh"}, diagnostics);
    check_matrix(sim, 500);
    Prepared const growth(textbook_system(diagnostics, "growth", 30,
                                          {{"alpha1", {Shape::normal, {0.75, 0.01}}},
                                           {"beta", {Shape::triangular, {0.4, 0.5, 0.6}}}}),
                          {"Y", "K", "NPLke"}, diagnostics);
    check_matrix(growth, 300);
}

TEST_CASE("a path by its number is the path that the ensemble counted") {
    Diagnostics diagnostics;
    System const system = ai_system(diagnostics);
    Prepared const prepared(system, {"openai.cash"}, diagnostics);
    Sample const sample{3, Sampling::independent, 64, {}};
    Ensemble one({prepared.side()}, {sample, 1, 64});
    REQUIRE(one.run({16, 32}));
    Program const whole = compile(system, diagnostics);
    Moments cash;
    for (std::uint64_t number = 16; number < 32; ++number) {
        Path const path = path_by_number(system, whole, sample, number);
        CellId const cell = system.names.at("openai.cash");
        cash.add(path.at(cell, 20) * system.coin);
    }
    CHECK(cash == one.summary().moments(0, 20));
}

TEST_CASE(
    "a million path-steps of the AI book, firms defaulting: books add up to the cent on each") {
    Diagnostics diagnostics;
    Prepared const prepared(ai_system(diagnostics), {"openai.cash"}, diagnostics);
    std::uint64_t const paths = 1'000'000 / static_cast<std::uint64_t>(prepared.system.steps) + 1;
    Ensemble ensemble({prepared.side()}, {{1, Sampling::independent, paths, {}}, 2, 64});
    REQUIRE(ensemble.run({0, paths}));
    Summary const summary = ensemble.summary();
    CHECK(summary.coverage.count() == paths);
    // Residuals, cash below zero and what is no number would each be a reason.
    for (auto const& [reason, found] : summary.failed.reasons()) FAIL_CHECK(reason);
    CHECK(summary.failed.count() == 0);
    CHECK(summary.sketch(0, 1).not_numbers() == 0);
    CHECK(summary.sketch(0, prepared.system.steps).negative() == 0);
    int defaulting = 0;
    for (int firm = 0; firm < summary.failures.firms(); ++firm)
        defaulting += summary.failures.failed(firm) > 0 ? 1 : 0;
    CHECK(defaulting > 3);
}
