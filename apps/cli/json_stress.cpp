// What a stress says, as JSON.

#include "json.hpp"
#include "stress.hpp"

#include <nlohmann/json.hpp>

#include <cmath>

namespace perpetuum {

namespace {

Json finite(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json estimate(Moments const& moments) {
    return {{"mean", finite(moments.mean())}, {"standard_error", finite(moments.standard_error())}};
}

class Telling {
  public:
    explicit Telling(StressTold const& told) : told_(told), result_(told.result) {}

    Json all() const {
        Json json{{"book", told_.reading->book.title},
                  {"shocks", told_.shocks},
                  {"hit", Json::array()},
                  {"paths", result_.coverage.count()},
                  {"paths_left_out", result_.failed.count()},
                  {"seed", told_.options->many.seed},
                  {"steps", Json::array()}};
        for (int const entity : told_.hit)
            json["hit"].push_back(told_.system->entities[static_cast<std::size_t>(entity)].id);
        for (int step = 1; step <= result_.steps; ++step)
            json["steps"].push_back(told_.reading->plain ? std::to_string(step)
                                                         : step_label(*told_.system, step));
        json["failures"] = failures();
        json["pairs"] = pairs();
        json["further_failure"] = {{"paths", result_.spread}};
        json["loss"] = losses();
        json["timeline"] = timeline();
        json["residual_usd"] = result_.residual;
        json["support_usd"] = estimate(result_.support_sum);
        if (told_.options->stress.causal) json["shapley"] = shares();
        if (told_.cut) json["smallest_cut"] = cut();
        return json;
    }

  private:
    StressTold const& told_;
    StressResult const& result_;

    std::string id(std::size_t firm) const {
        return told_.system->entities[static_cast<std::size_t>(result_.firms[firm])].id;
    }

    Json cut() const {
        SmallestCut const& cut = *told_.cut;
        return {{"deals", cut.deals},
                {"reached", cut.reached},
                {"complete", cut.complete() || (cut.reached && cut.deals.empty())},
                {"share", cut.share},
                {"share_without_a_cut", cut.before},
                {"paths", cut.paths},
                {"share_on_other_paths", cut.share_elsewhere},
                {"other_paths", cut.paths_elsewhere},
                {"deals_in_all", cut.all_deals},
                {"no_set_up_to", cut.proved},
                {"runs", cut.runs}};
    }

    Json failures() const {
        Json list = Json::array();
        for (int const firm : order_of_failures(result_.with)) {
            Bracket const with = probability(result_.with.failed(firm), result_.with.paths());
            Json by = Json::array();
            for (int step = 1; step <= result_.steps; ++step)
                by.push_back(result_.with.by(firm, step));
            list.push_back({{"firm", id(static_cast<std::size_t>(firm))},
                            {"with", result_.with.failed(firm)},
                            {"without", result_.without.failed(firm)},
                            {"probability", finite(with.value)},
                            {"at_least", finite(with.at_least)},
                            {"at_most", finite(with.at_most)},
                            {"median_step", result_.with.median_step(firm)},
                            {"paths_by_step", by}});
        }
        return list;
    }

    Json pairs() const {
        Json list = Json::array();
        for (FailureOrder const& pair : first_pairs(result_.with, 20))
            list.push_back({{"first", id(static_cast<std::size_t>(pair.first))},
                            {"second", id(static_cast<std::size_t>(pair.second))},
                            {"both", pair.both},
                            {"before", pair.before},
                            {"same_step", pair.same}});
        return list;
    }

    Json losses() const {
        Json firms = Json::object();
        for (std::size_t f = 0; f < result_.firms.size(); ++f) {
            Json by = Json::object();
            for (std::size_t c = 0; c < channels; ++c)
                by[channel_names[c]] = estimate(result_.loss.by_channel[f][c]);
            Json cumulated = Json::array();
            for (Moments const& step : result_.firm_timeline[f])
                cumulated.push_back(finite(step.mean()));
            firms[id(f)] = {{"loss_usd", estimate(result_.loss.firms[f])},
                            {"channels", by},
                            {"first_round", estimate(result_.first_round.firms[f])},
                            {"feedback", estimate(result_.feedback.firms[f])},
                            {"support", estimate(result_.support[f])},
                            {"cumulated_by_step", cumulated}};
        }
        Json by = Json::object();
        for (std::size_t c = 0; c < channels; ++c)
            by[channel_names[c]] = estimate(result_.sum_channels[c]);
        return {{"firms", firms},
                {"sum",
                 {{"loss_usd", estimate(result_.loss.sum)},
                  {"channels", by},
                  {"first_round", estimate(result_.first_round.sum)},
                  {"feedback", estimate(result_.feedback.sum)}}},
                {"consolidated",
                 {{"loss_usd", estimate(result_.loss.consolidated)},
                  {"first_round", estimate(result_.first_round.consolidated)},
                  {"feedback", estimate(result_.feedback.consolidated)}}}};
    }

    /// All firms together, cumulated to each step, by channel.
    Json timeline() const {
        Json json = Json::object();
        for (std::size_t c = 0; c < channels; ++c) {
            Json mean = Json::array(), error = Json::array();
            for (auto const& step : result_.timeline) {
                mean.push_back(finite(step[c].mean()));
                error.push_back(finite(step[c].standard_error()));
            }
            json[channel_names[c]] = {{"mean", mean}, {"standard_error", error}};
        }
        return json;
    }

    Json shares() const {
        Json json{{"residual_usd", result_.share_residual}};
        for (std::size_t c = 0; c < switches; ++c)
            json[switch_names[c]] = {{"consolidated", estimate(result_.share[c])},
                                     {"sum", estimate(result_.share_sum[c])}};
        return json;
    }
};

} // namespace

std::string stress_as_json(StressTold const& told) { return print_json(Telling(told).all()); }

} // namespace perpetuum
