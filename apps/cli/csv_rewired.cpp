// circularity edges.csv --rewired N: what is circular beside what chance makes circular.

#include "csv_circularity.hpp"
#include "json.hpp"
#include "loading.hpp"
#include "tables.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

namespace perpetuum {

namespace {

constexpr std::uint64_t most_samples = 10'000;
constexpr std::uint64_t usual_samples = 100;

std::optional<std::uint64_t> whole(std::string const& text, std::uint64_t least,
                                   std::uint64_t most) {
    std::uint64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < least || value > most)
        return std::nullopt;
    return value;
}

/// All the file's digits.
std::string value_here(double value, bool money) {
    if (std::isnan(value)) return "not known";
    return money ? fmt::format("{:.12g}", value) : fmt::format("{:.4g}", value);
}

/// A mean or a deviation, to three digits of the deviation.
std::string of_many(double value, double deviation) {
    if (std::isnan(value)) return "not known";
    if (!(deviation > 0)) return fmt::format("{:.12g}", value);
    auto const places =
        static_cast<int>(std::clamp(2 - std::floor(std::log10(deviation)), 0.0, 12.0));
    return fmt::format("{:.{}f}", value, places);
}

std::vector<std::string> row(Measure const& measure, NullScore const& score) {
    bool const money = plain_name(measure.name) != measure.name;
    return {plain_name(measure.name),
            value_here(score.value, money),
            of_many(score.mean, score.deviation),
            of_many(score.deviation, score.deviation),
            std::isnan(score.z) ? "-" : fmt::format("{:+.1f}", score.z),
            fmt::format("{} of {}", score.as_high, score.samples)};
}

Json score_json(NullScore const& score, int decimals) {
    auto const known = [](double value) { return std::isfinite(value) ? Json(value) : Json(); };
    return {{"value", known(in_file_units(score.value, decimals))},
            {"mean", known(score.mean)},
            {"deviation", known(score.deviation)},
            {"z", known(score.z)},
            {"as_high", score.as_high}};
}

} // namespace

Answer against_chance(std::vector<Measure const*> const& asked, CsvQuestion const& question,
                      int longest) {
    Network const& network = question.network;
    std::string const& many = question.asked().rewired;
    std::string const& start = question.asked().seed;
    auto const samples = many.empty() ? usual_samples : whole(many, 2, most_samples);
    if (!samples)
        return refused("--rewired is " + quoted(many), "a number of networks from 2 to 10000");
    auto const seed = start.empty() ? 1 : whole(start, 0, ~std::uint64_t{0});
    if (!seed) return refused("--seed is " + quoted(start), "a whole number, 0 or more");
    OutsideFlows const outside = no_outside_flows(network);
    TextTable table{{"", "here", "rewired", "+-", "z", "as high"}, "lrrrrr", {}};
    Json json = Json::object();
    double links = 0;
    for (Measure const* measure : asked) {
        NullScore const score =
            null_score(network, outside, *measure, static_cast<int>(*samples), *seed, longest);
        links = score.links;
        table.rows.push_back(row(*measure, score));
        bool const money = plain_name(measure->name) != measure->name;
        json[plain_name(measure->name)] = score_json(score, money ? question.list().decimals : 17);
    }
    Answer answer;
    answer.talk = question.imported.stated;
    if (question.options.json) {
        answer.text = print_json({{"samples", *samples},
                                  {"seed", *seed},
                                  {"links", network.edges.size()},
                                  {"links_rewired", links},
                                  {"measures", json}});
        return answer;
    }
    answer.text =
        fmt::format("{}; rewired {} times, seed {}: everybody pays and gets as much, "
                    "chance says to and from whom ({:.0f} links)\n",
                    size_words(question), *samples, *seed, links) +
        print_table(table) +
        "Dense networks look circular by chance: z counts standard deviations above that.\n";
    return answer;
}

} // namespace perpetuum
