// Who was thought likelier to fail, against who failed.

#include "resample.hpp"

#include <perpetuum/base.hpp>

#include <algorithm>
#include <cmath>

namespace perpetuum {

namespace {

struct Groups {
    std::vector<std::size_t> events, others;
};

Groups groups_of(std::span<double const> scores, std::vector<bool> const& events) {
    if (scores.size() != events.size())
        throw BadInput{std::to_string(scores.size()) + " scores of " +
                       std::to_string(events.size()) + " firms"};
    Groups groups;
    for (std::size_t i = 0; i < scores.size(); ++i) {
        if (std::isnan(scores[i])) throw BadInput{"a score that is no number"};
        (events[i] ? groups.events : groups.others).push_back(i);
    }
    return groups;
}

/// Twice the number of pairs won, by event and other: 2, 1 for a tie, 0.
std::vector<int> pairs_won(std::span<double const> scores, Groups const& groups) {
    std::vector<int> won;
    won.reserve(groups.events.size() * groups.others.size());
    for (std::size_t const event : groups.events)
        for (std::size_t const other : groups.others)
            won.push_back(scores[event] > scores[other]    ? 2
                          : scores[event] == scores[other] ? 1
                                                           : 0);
    return won;
}

/// For each repetition the area over the firms drawn, events and others apart.
template <class Take>
void each_repetition(Groups const& groups, Resampling const& resampling, Take take) {
    std::vector<std::size_t> events, others;
    for (int i = 0; i < resampling.times; ++i) {
        auto const repetition = static_cast<std::uint32_t>(i);
        draw_again(events, groups.events.size(), resampling.seed, 1, repetition);
        draw_again(others, groups.others.size(), resampling.seed, 2, repetition);
        take(events, others);
    }
}

double area_of(std::vector<int> const& won, std::vector<std::size_t> const& events,
               std::vector<std::size_t> const& others) {
    std::int64_t sum = 0;
    for (std::size_t const event : events)
        for (std::size_t const other : others) sum += won[event * others.size() + other];
    return static_cast<double>(sum) / 2 /
           (static_cast<double>(events.size()) * static_cast<double>(others.size()));
}

} // namespace

double area_under_curve(std::span<double const> scores, std::vector<bool> const& events) {
    Groups const groups = groups_of(scores, events);
    if (groups.events.empty() || groups.others.empty()) return std::nan("");
    std::int64_t sum = 0;
    for (int const won : pairs_won(scores, groups)) sum += won;
    return static_cast<double>(sum) / 2 /
           (static_cast<double>(groups.events.size()) * static_cast<double>(groups.others.size()));
}

Bracket area_with_interval(std::span<double const> scores, std::vector<bool> const& events,
                           Resampling const& resampling) {
    check_resampling(resampling);
    double const area = area_under_curve(scores, events);
    if (std::isnan(area)) return {area, area, area};
    Groups const groups = groups_of(scores, events);
    auto const won = pairs_won(scores, groups);
    std::vector<double> areas;
    each_repetition(groups, resampling, [&](auto const& some_events, auto const& some_others) {
        areas.push_back(area_of(won, some_events, some_others));
    });
    return percentile_interval(area, std::move(areas), resampling.confidence);
}

Bracket area_difference(std::span<double const> scores, std::span<double const> others,
                        std::vector<bool> const& events, Resampling const& resampling) {
    check_resampling(resampling);
    double const difference = area_under_curve(scores, events) - area_under_curve(others, events);
    if (std::isnan(difference)) return {difference, difference, difference};
    Groups const groups = groups_of(scores, events);
    auto won = pairs_won(scores, groups);
    auto const won_by_others = pairs_won(others, groups);
    for (std::size_t i = 0; i < won.size(); ++i) won[i] -= won_by_others[i];
    std::vector<double> differences;
    each_repetition(groups, resampling, [&](auto const& some_events, auto const& some_others) {
        differences.push_back(area_of(won, some_events, some_others));
    });
    return percentile_interval(difference, std::move(differences), resampling.confidence);
}

double brier_score(std::span<double const> probabilities, std::vector<bool> const& events) {
    if (probabilities.size() != events.size())
        throw BadInput{"as many probabilities as firms, please"};
    double sum = 0;
    for (std::size_t i = 0; i < events.size(); ++i) {
        if (!(probabilities[i] >= 0 && probabilities[i] <= 1))
            throw BadInput{"a probability that is not between 0 and 1"};
        double const off = probabilities[i] - (events[i] ? 1 : 0);
        sum += off * off;
    }
    return sum / static_cast<double>(events.size());
}

Bracket brier_skill(std::span<double const> probabilities, std::vector<bool> const& events,
                    Resampling const& resampling) {
    check_resampling(resampling);
    std::vector<double> loss;
    brier_score(probabilities, events); // throws where anything is wrong
    for (std::size_t i = 0; i < events.size(); ++i)
        loss.push_back((probabilities[i] - (events[i] ? 1 : 0)) *
                       (probabilities[i] - (events[i] ? 1 : 0)));
    auto const skill = [&](auto const& drawn) {
        double sum = 0, failed = 0;
        for (std::size_t const i : drawn) sum += loss[i], failed += events[i] ? 1 : 0;
        double const n = static_cast<double>(drawn.size()), rate = failed / n;
        double const base = rate * (1 - rate);
        return base > 0 ? 1 - sum / n / base : std::nan("");
    };
    std::vector<std::size_t> drawn;
    for (std::size_t i = 0; i < events.size(); ++i) drawn.push_back(i);
    double const value = skill(drawn);
    std::vector<double> skills;
    for (int i = 0; i < resampling.times; ++i) {
        draw_again(drawn, events.size(), resampling.seed, 3, static_cast<std::uint32_t>(i));
        skills.push_back(skill(drawn));
    }
    return percentile_interval(value, std::move(skills), resampling.confidence);
}

QuarterError quarter_error(std::span<FailureForecast const> forecasts) {
    QuarterError result{std::nan(""), {}, {}, {}};
    std::vector<double> off;
    for (FailureForecast const& firm : forecasts) {
        if (firm.failed == 0 || firm.by_quarter.empty() || !(firm.by_quarter.back() > 0.5))
            continue;
        int median = 1;
        for (double const probability : firm.by_quarter)
            if (probability < 0.5) ++median;
        result.firms.push_back(firm.firm);
        result.forecast.push_back(median);
        result.actual.push_back(firm.failed);
        off.push_back(std::abs(median - firm.failed));
    }
    if (off.empty()) return result;
    std::sort(off.begin(), off.end());
    std::size_t const half = off.size() / 2;
    result.median = off.size() % 2 == 1 ? off[half] : (off[half - 1] + off[half]) / 2;
    return result;
}

} // namespace perpetuum
