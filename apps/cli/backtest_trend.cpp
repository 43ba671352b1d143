// What could be said without any model: the last value grown on, and what the firm itself announced.

#include "backtest_figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace perpetuum {

namespace {

constexpr std::size_t fewest_trials = 5;
constexpr double assumed_spread = 0.2;      // of a year, where the past says too little
constexpr double median_of_normal = 0.6745; // of the absolute value of a standard normal number
constexpr double near_months = 0.6;         // fiscal quarters do not end on the day

struct Known {
    Period period;
    double value = 0;
};

double months_of(Period period) { return period.end.months - period.begin.months; }

/// What is known of a figure, oldest first; of sums only those over as long a period, or (where
/// there are none) a year's part.
std::vector<Known> known_values(Entity const& entity, std::string const& name, FigureType type,
                                double months) {
    std::vector<Known> values, years;
    auto const take = [&](Period period, std::vector<Figure> const& figures) {
        for (Figure const& figure : figures) {
            if (figure.was || figure.holds != Figure::Holds::amount) continue;
            bool const alike = std::abs(months_of(period) - months) < near_months;
            if (type != FigureType::sum || alike)
                values.push_back({period, figure.value});
            else if (std::abs(months_of(period) - 12) < near_months && months < 12)
                years.push_back({period, figure.value * months / 12});
            return;
        }
    };
    auto const reported = entity.reported.find(name);
    if (reported != entity.reported.end())
        for (auto const& [period, figures] : reported->second.by_period) take(period, figures);
    if (type == FigureType::state)
        for (Opening const& sheet : entity.openings)
            if (auto const entry = sheet.accounts.find(name); entry != sheet.accounts.end())
                take(sheet.at, entry->second.rivals);
    if (values.empty()) values = years;
    std::stable_sort(values.begin(), values.end(), [](Known const& a, Known const& b) {
        return a.period.end.months < b.period.end.months;
    });
    return values;
}

/// Yearly growth up to a value: from the one a year before it; nothing where there is none.
std::optional<double> growth_before(std::vector<Known> const& values, Known const& last) {
    for (Known const& earlier : values) {
        double const apart = last.period.end.months - earlier.period.end.months;
        if (std::abs(apart - 12) < near_months && earlier.value > 0 && last.value > 0)
            return last.value / earlier.value - 1;
    }
    return std::nullopt;
}

double grown(Known const& last, std::optional<double> growth, double months) {
    return growth ? last.value * std::pow(1 + *growth, months / 12) : last.value;
}

} // namespace

FigureType type_of_figure(Figure const& figure, Period period, bool is_balance) {
    bool const is_long = months_of(period) > 3 - near_months;
    if (is_balance || !is_long) return FigureType::state;
    for (auto const& [unit, exponent] : figure.unit.powers)
        if (unit == "month" && exponent < 0) return FigureType::mean;
    return figure.unit.powers.empty() ? FigureType::mean : FigureType::sum;
}

std::optional<PlainForecast> trend_of(Entity const& known, std::string const& name, FigureType type,
                                      Period period, double yearly_spread) {
    auto values = known_values(known, name, type, months_of(period));
    std::erase_if(values, [&](Known const& value) {
        return value.period.end.months > period.end.months - near_months;
    });
    if (values.empty()) return std::nullopt;
    Known const last = values.back();
    double const months = period.end.months - last.period.end.months;
    auto const growth = growth_before(values, last);
    PlainForecast forecast;
    forecast.centre = grown(last, growth, months);
    forecast.deviation = std::abs(forecast.centre) * yearly_spread * std::sqrt(months / 12);
    forecast.how = fmt::format("{} of {}", print_amount(last.value), print_period(last.period));
    forecast.how += growth ? fmt::format(", growing by {:.0f} % a year", *growth * 100)
                           : std::string(", no year before it");
    return forecast;
}

std::optional<Figure> guidance_of(Entity const& known, std::string const& name, Period period) {
    for (char const* word : {"_guidance", "_plan", "_target"}) {
        auto const entry = known.reported.find(name + word);
        if (entry == known.reported.end()) continue;
        for (auto const& [when, figures] : entry->second.by_period) {
            bool const same = std::abs(when.begin.months - period.begin.months) < near_months &&
                              std::abs(when.end.months - period.end.months) < near_months;
            for (Figure const& figure : figures)
                if (same && !figure.was && figure.holds == Figure::Holds::amount) return figure;
        }
    }
    return std::nullopt;
}

TrendSpread trend_spread_of(Book const& known) {
    std::vector<double> errors;
    for (Entity const& entity : known.entities)
        for (auto const& [name, entry] : entity.reported)
            for (auto const& [period, figures] : entry.by_period) {
                auto const used = std::find_if(figures.begin(), figures.end(),
                                               [](Figure const& figure) { return !figure.was; });
                if (used == figures.end() || used->holds != Figure::Holds::amount) continue;
                auto const type = type_of_figure(*used, period, false);
                if (type != FigureType::sum) continue;
                auto const trend = trend_of(entity, name, type, period, 1);
                if (!trend || !(trend->centre > 0) || !(trend->deviation > 0)) continue;
                // The deviation at a yearly spread of 1 is what an error is measured in.
                errors.push_back(std::abs(used->value - trend->centre) / trend->deviation);
            }
    if (errors.size() < fewest_trials) return {assumed_spread, 0};
    std::sort(errors.begin(), errors.end());
    return {errors[errors.size() / 2] / median_of_normal, errors.size()};
}

} // namespace perpetuum
