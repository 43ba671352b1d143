// perpetuum stress BOOK: the same paths with something that happens and without, side by side.

#include "stress.hpp"

#include "paths.hpp"
#include "stress_cut.hpp"
#include "stress_stages.hpp"
#include "stress_studies.hpp"
#include "tables.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace perpetuum {

namespace {

constexpr std::uint64_t usual_stress_paths = 2000, usual_study_paths = 512;

bool nothing_happens(Options const& options) {
    StressOptions const& stress = options.stress;
    return options.scenario.empty() && stress.shocks.empty() && stress.defaults.empty() &&
           stress.cuts.empty() && stress.file.empty();
}

bool only_studies(Options const& options) {
    return !options.stress.systemic.empty() || !options.stress.multiplier.empty();
}

std::vector<std::string> as_written(Options const& options) {
    std::vector<std::string> lines;
    if (!options.scenario.empty()) lines.push_back("scenario " + options.scenario);
    for (auto const& one : options.stress.shocks) lines.push_back(one);
    for (auto const& one : options.stress.defaults) lines.push_back("default of " + one);
    for (auto const& one : options.stress.cuts) lines.push_back("cut of " + one);
    if (!options.stress.file.empty()) lines.push_back("what " + options.stress.file + " says");
    return lines;
}

} // namespace

bool StressSetting::prepare(Options const& asked_for, Answer& refusal) {
    Options options = asked_for;
    if (options.many.paths == 0)
        options.many.paths = only_studies(options) ? usual_study_paths : usual_stress_paths;
    auto const checked = paths_asked(options, refusal);
    if (!checked) return false;
    settings = checked->settings;
    Options without = options;
    without.scenario.clear();
    if (!instantiate_book(without, reading, base)) return refusal = refused(reading), false;
    if (auto const fault = fault_of(base, settings.sample.correlations); !fault.empty())
        return refusal = refused("--correlate: " + fault), false;
    scenario = base;
    if (!options.scenario.empty()) {
        Reading other;
        if (!instantiate_book(options, other, scenario)) return refusal = refused(other), false;
    }
    shocks = shocks_asked(options, reading, scenario);
    horizon = base.steps;
    if (!options.stress.horizon.empty())
        horizon = horizon_asked(options.stress.horizon, reading, base);
    if (reading.diagnostics.failed()) return refusal = refused(reading), false;
    shocked = with_shocks(scenario, shocks);
    hit = really_hit(base, shocked, hit_by(base, scenario, shocks), settings.sample, horizon);
    for (Shock const& shock : shocks)
        if (shock.step <= horizon) return true;
    if (!options.scenario.empty() || shocks.empty()) return true;
    refusal = refused("all that happens begins after the horizon", "choose a later --horizon");
    return false;
}

StressAsked StressSetting::asked() const {
    StressAsked all;
    all.base = &base;
    all.shocked = &shocked;
    all.hit = hit;
    all.horizon = horizon;
    all.settings = settings;
    return all;
}

Answer run_stress(Options const& options) {
    if (nothing_happens(options) && !only_studies(options))
        return refused("say what happens: a scenario, a shock, a default or a cut",
                       "perpetuum stress BOOK --shock \"openai.raised = 0 from 2026-Q3\"");
    StressSetting setting;
    Answer refusal;
    if (!setting.prepare(options, refusal)) return refusal;
    if (only_studies(options)) return run_stress_studies(options, setting);
    StressAsked asked = setting.asked();
    asked.causal = options.stress.causal;
    if (options.stress.stop && !options.many.shard.empty())
        return refused("--stop looks for its cuts in one piece", "leave --stop to the last call");
    Answer answer;
    try {
        StressStages stages(options, setting, 1);
        StressTold told;
        told.result = stages.run("stress", asked);
        if (stages.only_part()) return stages.answer();
        told.options = &options;
        told.reading = &setting.reading;
        told.system = &setting.base;
        told.shocks = as_written(options);
        told.hit = setting.hit.firms;
        told.paths = setting.settings.sample.paths;
        if (options.stress.stop && stages.goes_on()) told.cut = smallest_cut(setting);
        answer.text = options.json ? stress_as_json(told) : stress_as_text(told);
        answer.talk = stages.talk();
        if (!stages.goes_on() || told.result.failed.count() > 0) answer.code = Exit::found;
    } catch (BadInput const& bad) {
        return refused(bad.what);
    }
    if (!setting.reading.plain) answer.talk += talk_of(setting.reading, options.book);
    return answer;
}

} // namespace perpetuum
