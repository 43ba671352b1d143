// Each firm's default by itself; ten billion more and less; the deals that carry the failures on.

#include "stress_studies.hpp"

#include "json.hpp"
#include "stress_stages.hpp"
#include "tables.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace perpetuum {

namespace {

constexpr std::uint64_t most_paired_paths = 10'000'000;

std::string signed_money(double usd) { return std::abs(usd) < 0.5 ? "0" : print_amount(usd); }

// ---- the most systemic firm ---------------------------------------------------------------------

struct Systemic {
    std::string id, name;
    double induced = 0, error = 0, own = 0;
    std::uint64_t spread = 0, paths = 0;
};

std::vector<Systemic> rank_firms(StressStages& stages, StressSetting const& setting,
                                 Shock const& when) {
    std::vector<Systemic> ranked;
    for (std::size_t e = 0; e < setting.base.entities.size(); ++e) {
        SystemEntity const& entity = setting.base.entities[e];
        if (entity.outside) continue;
        Shock shock = when;
        shock.what = Shock::What::fail;
        shock.name = entity.id;
        System const shocked = with_shocks(setting.base, {shock});
        StressAsked asked = setting.asked();
        asked.shocked = &shocked;
        asked.hit = hit_by(setting.base, setting.base, {shock});
        asked.first_round = false;
        asked.induced_by = static_cast<int>(e);
        StressResult const result = stages.run("firm " + entity.id, asked);
        if (!stages.goes_on()) break; // half a firm's paths are no rank
        auto const place = static_cast<std::size_t>(
            std::find(result.firms.begin(), result.firms.end(), static_cast<int>(e)) -
            result.firms.begin());
        ranked.push_back({entity.id, printable(entity.name, 30), result.induced.mean(),
                          result.induced.standard_error(), result.loss.firms[place].mean(),
                          result.spread, result.with.paths()});
    }
    std::stable_sort(ranked.begin(), ranked.end(),
                     [](auto const& a, auto const& b) { return a.induced > b.induced; });
    return ranked;
}

std::string systemic_as_text(std::vector<Systemic> const& ranked, std::string const& head) {
    TextTable table{
        {"firm that defaults alone", "loss it induces", "", "its own loss", "another fails then"},
        "lrlrr",
        {}};
    for (Systemic const& one : ranked)
        table.rows.push_back(
            {one.name, signed_money(one.induced), "± " + signed_money(one.error),
             signed_money(one.own),
             fmt::format("{:.1f} %", 100.0 * static_cast<double>(one.spread) /
                                         std::max(1.0, static_cast<double>(one.paths)))});
    return head + print_table(table) +
           "  induced: consolidated loss of income of all firms less the firm's own\n";
}

// ---- what a dollar moves ------------------------------------------------------------------------

struct Moved {
    double asked = 0, given = 0, revenue = 0, error = 0, first = 0, first_error = 0;
    std::vector<PathChange> changes; ///< by path
    double multiplier() const { return revenue / given; }
};

Moved moved_by(StressStages& stages, StressSetting const& setting, Shock shock, double amount) {
    bool const gives = shock.what == Shock::What::give;
    shock.values = {amount, 0};
    StressAsked asked = setting.asked();
    System const shocked = with_shocks(setting.base, {shock});
    asked.shocked = &shocked;
    asked.hit = really_hit(setting.base, shocked, hit_by(setting.base, setting.base, {shock}),
                           setting.settings.sample, setting.horizon);
    asked.horizon = std::min(setting.base.steps, shock.step + 7);
    asked.given = gives ? shocked.names.at("#shock.1") : setting.base.names.at(shock.name);
    asked.given_step = shock.step;
    asked.keep_changes = true;
    StressResult result = stages.run(amount > 0 ? "more" : "less", asked);
    // What is taken leaves as a payment of its own: counted as given, it is below zero.
    double const sign = gives && amount < 0 ? -1 : 1;
    for (PathChange& one : result.changes) one.given *= sign;
    return {amount,
            sign * result.given.mean(),
            result.revenue.mean(),
            result.revenue.standard_error(),
            result.revenue_first_round.mean(),
            result.revenue_first_round.standard_error(),
            std::move(result.changes)};
}

/// M of less against M of more, on the same paths.
struct Asymmetry {
    double difference = 0, error = 0, ratio = 0, ratio_error = 0;
    /// False where neither more nor less moves anything: nothing is compared with nothing.
    bool told() const {
        return std::isfinite(error) && std::isfinite(difference) && !std::isnan(ratio);
    }
    /// Whether the difference is more than two standard errors from nothing.
    bool found() const { return told() && std::abs(difference) > 2 * error; }
};

/// Errors of ratios of means, by the delta method: a path's part is (change - M given) / mean given,
/// for more and for less, and what they have in common falls out of the difference.
Asymmetry asymmetry_of(Moved const& more, Moved const& less, double PathChange::*change) {
    auto const mean = [&](Moved const& one, double PathChange::*what) {
        Moments moments;
        for (PathChange const& path : one.changes) moments.add(path.*what);
        return moments.mean();
    };
    double const given_more = mean(more, &PathChange::given);
    double const given_less = mean(less, &PathChange::given);
    double const up = mean(more, change) / given_more, down = mean(less, change) / given_less;
    Moments differences, ratios;
    for (std::size_t i = 0, j = 0; i < more.changes.size() && j < less.changes.size();) {
        PathChange const &a = more.changes[i], &b = less.changes[j];
        if (a.path != b.path) {
            ++(a.path < b.path ? i : j);
            continue;
        }
        double const above = (a.*change - up * a.given) / given_more;
        double const below = (b.*change - down * b.given) / given_less;
        differences.add(below - above);
        ratios.add(below / up - down / up * (above / up));
        ++i, ++j;
    }
    return {down - up, differences.standard_error(), down / up, ratios.standard_error()};
}

std::string asymmetry_line(std::string const& what, Asymmetry const& one) {
    if (!one.told()) return fmt::format("  {}: not known, neither moves anything\n", what);
    std::string const ratio = std::isfinite(one.ratio) && std::isfinite(one.ratio_error)
                                  ? fmt::format("{:.3f} ± {:.3f}", one.ratio, one.ratio_error)
                                  : "no ratio, more moves nothing";
    return fmt::format("  {}: {}; difference {:+.4f} ± {:.4f}, {}\n", what, ratio, one.difference,
                       one.error,
                       one.found() ? "more than two standard errors from none"
                                   : "within two standard errors: none is found");
}

std::string multiplier_as_text(Moved const& up, Moved const& down, std::string const& head) {
    TextTable table{
        {"given", "really", "M over 8 steps", "", "of it in the first round", ""}, "rrrlrl", {}};
    for (Moved const* one : {&up, &down})
        table.rows.push_back({signed_money(one->asked), signed_money(one->given),
                              fmt::format("{:.3f}", one->multiplier() + 0.0), // no -0
                              fmt::format("± {:.3f}", std::abs(one->error / one->given)),
                              fmt::format("{:.3f}", one->first / one->given),
                              fmt::format("± {:.3f}", std::abs(one->first_error / one->given))});
    return head + print_table(table) +
           asymmetry_line("asymmetry, M of less over M of more",
                          asymmetry_of(up, down, &PathChange::revenue)) +
           asymmetry_line("the same of the first round",
                          asymmetry_of(up, down, &PathChange::first_round)) +
           "  M: change of all firms' revenue over change of what is given; both on the same "
           "paths, so what is chance in both falls out of the difference\n";
}

nlohmann::ordered_json moved_json(Moved const& one) {
    auto const number = [](double value) {
        return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json();
    };
    return {{"asked_usd", one.asked},
            {"given_usd", number(one.given)},
            {"multiplier", number(one.multiplier())},
            {"standard_error", number(std::abs(one.error / one.given))},
            {"first_round", number(one.first / one.given)},
            {"first_round_standard_error", number(std::abs(one.first_error / one.given))}};
}

nlohmann::ordered_json asymmetry_json(Asymmetry const& one) {
    auto const number = [](double value) {
        return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json();
    };
    return {{"ratio", number(one.ratio)},
            {"ratio_standard_error", number(one.ratio_error)},
            {"difference", number(one.difference)},
            {"difference_standard_error", number(one.error)},
            {"found", one.found()}};
}

/// The one shock that stands in the setting; nothing, with a refusal, where it is not one.
std::optional<Shock> the_shock(std::vector<Shock> const& shocks, Shock::What what) {
    if (shocks.size() != 1 || shocks[0].what != what) return std::nullopt;
    return shocks[0];
}

Answer systemic(Options const& options, StressSetting const& setting) {
    auto const shock = the_shock(setting.shocks, Shock::What::fail);
    if (!shock) return refused("--systemic wants a date and no other shock");
    Answer answer;
    auto const firms = static_cast<std::size_t>(
        std::count_if(setting.base.entities.begin(), setting.base.entities.end(),
                      [](SystemEntity const& entity) { return !entity.outside; }));
    StressStages stages(options, setting, firms);
    auto const ranked = rank_firms(stages, setting, *shock);
    if (stages.only_part()) return stages.answer();
    std::string const head = fmt::format(
        "{}: each firm defaults alone in {}, {}, to {}\n\n", printable(setting.reading.book.title),
        step_label(setting.base, shock->step), count_of(setting.settings.sample.paths, "path"),
        step_label(setting.base, setting.horizon));
    if (ranked.size() < firms) {
        answer.code = Exit::found;
        answer.talk = stages.talk() +
                      fmt::format("interrupted: {} of {} firms are in\n", ranked.size(), firms);
    }
    if (!options.json) {
        answer.text = systemic_as_text(ranked, head);
        return answer;
    }
    Json json = Json::array();
    for (Systemic const& one : ranked)
        json.push_back({{"firm", one.id},
                        {"induced_usd", one.induced},
                        {"standard_error", one.error},
                        {"own_usd", one.own},
                        {"paths_on_which_another_fails", one.spread},
                        {"paths", one.paths}});
    answer.text = print_json(json);
    return answer;
}

Answer multiplier(Options const& options, StressSetting const& setting) {
    auto shock = the_shock(setting.shocks, Shock::What::add);
    if (!shock) shock = the_shock(setting.shocks, Shock::What::give);
    if (!shock || shock->values.size() != 1 || shock->values[0] == 0)
        return refused("--multiplier wants one addition",
                       "--multiplier \"openai + 10 B USD from 2026-Q3\"");
    if (setting.settings.sample.paths > most_paired_paths)
        return refused(fmt::format("a multiplier keeps what every path says: at most {} paths",
                                   print_count(most_paired_paths)));
    StressStages stages(options, setting, 2);
    Moved const up = moved_by(stages, setting, *shock, std::abs(shock->values[0]));
    Moved const down = moved_by(stages, setting, *shock, -std::abs(shock->values[0]));
    if (stages.only_part()) return stages.answer();
    Answer answer;
    if (!stages.goes_on()) {
        answer.code = Exit::found;
        answer.talk = stages.talk();
    }
    std::string const head = fmt::format(
        "{}: more and less of {} in {}, {}\n\n", printable(setting.reading.book.title), shock->name,
        step_label(setting.base, shock->step), count_of(setting.settings.sample.paths, "path"));
    answer.text =
        options.json
            ? print_json(
                  {{"more", moved_json(up)},
                   {"less", moved_json(down)},
                   {"asymmetry", asymmetry_json(asymmetry_of(up, down, &PathChange::revenue))},
                   {"asymmetry_first_round",
                    asymmetry_json(asymmetry_of(up, down, &PathChange::first_round))}})
            : multiplier_as_text(up, down, head);
    return answer;
}

} // namespace

Answer run_stress_studies(Options const& options, StressSetting const& setting) {
    try {
        return options.stress.systemic.empty() ? multiplier(options, setting)
                                               : systemic(options, setting);
    } catch (BadInput const& bad) {
        return refused(bad.what);
    }
}

} // namespace perpetuum
