// What a backtest says to a reader.

#include "backtest_failures.hpp"
#include "backtest_figures.hpp"
#include "tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace perpetuum {

namespace {

std::string number_range(Bracket const& bracket) {
    if (std::isnan(bracket.value)) return "not known";
    return fmt::format("{:.2f} ({:.2f} to {:.2f})", bracket.value, bracket.at_least,
                       bracket.at_most);
}

/// A figure's number in the unit it was reported in.
std::string in_its_unit(double value, Figure const& figure) {
    auto const& powers = figure.unit.powers;
    bool const money = powers.size() == 1 && powers[0].first == "USD" && powers[0].second == 1;
    if (money) return print_amount(value);
    double const shown = value / figure.unit.factor;
    return std::abs(shown) >= 1e5 ? print_amount(shown) : fmt::format("{:.3g}", shown);
}

std::string table_of_figures(std::vector<BacktestFigure> const& figures, bool later) {
    TextTable table{
        {"firm", "figure", "period", "reported", "10 %", "50 %", "90 %", "place", "score/trend"},
        "lllrrrrrr",
        {}};
    for (BacktestFigure const& figure : figures) {
        if (figure.later != later || !figure.why_not.empty()) continue;
        auto const shown = [&](double value) { return in_its_unit(value, figure.reported); };
        bool const beside = figure.trend && *figure.trend->score > 0;
        table.rows.push_back(
            {figure.firm, figure.name, print_period(figure.period), shown(figure.reported.value),
             shown(figure.quantiles[0]), shown(figure.quantiles[2]), shown(figure.quantiles[4]),
             fmt::format("{:.2f}", figure.place),
             beside ? fmt::format("{:.2f}", figure.score / *figure.trend->score) : "-"});
    }
    return table.rows.empty() ? "  none\n" : print_table(table);
}

std::string band_line(BandScore const& band) {
    return fmt::format("  within the {:.0f} % band: {}; by figure {} to {}, by firm {} to {}, "
                       "each firm as one figure {} to {}: {}\n",
                       band.nominal * 100, print_percent(band.by_figure.value) + " %",
                       print_percent(band.by_figure.at_least),
                       print_percent(band.by_figure.at_most), print_percent(band.by_firm.at_least),
                       print_percent(band.by_firm.at_most), print_percent(band.as_one.at_least),
                       print_percent(band.as_one.at_most), words_of(band.verdict));
}

std::string calibration_lines(Calibration const& calibration) {
    if (calibration.firms == 0) return {};
    std::string text =
        fmt::format("{:g} figures of {} (rivals share one):\n", calibration.figures,
                    count_of(calibration.firms, "firm")) +
        band_line(calibration.half) + band_line(calibration.most) +
        fmt::format("  mean place {}, of firms: {}\n", number_range(calibration.mean_place),
                    words_of(calibration.bias)) +
        "  by tenth of the forecast:";
    for (double const weight : calibration.histogram) text += fmt::format(" {:g}", weight);
    return text + "\n";
}

std::string score_line(char const* what, Bracket const& ratio, std::size_t figures) {
    if (figures == 0) return fmt::format("  against {}: no figure has one\n", what);
    // A few figures of one or two firms give an interval of no width.
    char const* words = "cannot tell";
    if (figures >= 10 && ratio.at_most < 1) words = "better";
    if (figures >= 10 && ratio.at_least > 1) words = "worse";
    return fmt::format("  against {}: {} over {}: {}\n", what, number_range(ratio),
                       count_of(figures, "figure"), words);
}

std::string left_out_lines(std::vector<BacktestFigure> const& figures) {
    std::string text;
    for (BacktestFigure const& figure : figures)
        if (!figure.why_not.empty())
            text += fmt::format("  {}.{} of {}: {}\n", figure.firm, figure.name,
                                print_period(figure.period), figure.why_not);
    return text.empty() ? text : "\nNot placed:\n" + text;
}

TextTable brier_table(std::vector<std::pair<std::string, Forecaster const*>> const& rows) {
    TextTable table{{""}, "l", {}};
    for (int const quarter : quarters_of_brier) {
        table.head.push_back(fmt::format("Brier, {} quarters", quarter));
        table.head.push_back("skill (90 %)");
        table.align += "rr";
    }
    for (auto const& [name, forecaster] : rows) {
        std::vector<std::string> row{name};
        for (BrierAt const& at : forecaster->brier) {
            row.push_back(fmt::format("{:.3f}", at.score));
            row.push_back(number_range(at.skill));
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

std::string firms_table(FailuresBacktest const& result) {
    TextTable table{{"firm", "4 q", "8 q", "12 q", "failed in quarter"}, "lrrrr", {}};
    std::vector<std::size_t> order(result.firms.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return result.firms[a].by_quarter.back() > result.firms[b].by_quarter.back();
    });
    for (std::size_t const i : order) {
        FailureForecast const& firm = result.firms[i];
        table.rows.push_back({firm.firm, print_percent(firm.by_quarter[3]),
                              print_percent(firm.by_quarter[7]), print_percent(firm.by_quarter[11]),
                              firm.failed > 0            ? std::to_string(firm.failed)
                              : result.outcomes[i].later ? "after 12"
                                                         : "-"});
    }
    return print_table(table);
}

std::string baseline_lines(BaselineResult const& baseline) {
    if (baseline.firms.empty())
        return fmt::format("  {}: no firm has its inputs ({})\n", printable(baseline.line.name),
                           printable(baseline.why_not));
    return fmt::format(
        "  {} ({}), {}: AUC of the run there {:.2f}, of the fitted curve {}, of the number itself "
        "{:.2f}\n"
        "    run less fitted {}: {}; less the number {}: {}\n",
        printable(baseline.line.name), printable(baseline.line.formula),
        count_of(baseline.firms.size(), "firm"), baseline.model.area.value,
        number_range(baseline.fitted.area), baseline.plain_area, number_range(baseline.difference),
        words_of_difference(baseline.difference), number_range(baseline.plain_difference),
        words_of_difference(baseline.plain_difference));
}

std::string quarter_line(QuarterError const& error) {
    if (error.firms.empty())
        return "Of no firm that failed the forecast was above one half: no quarter to compare.\n";
    return fmt::format("Quarter of failure: median error {:g} quarters over {} that failed and "
                       "had more than one half.\n",
                       error.median, count_of(error.firms.size(), "firm"));
}

} // namespace

std::string figures_as_text(FiguresBacktest const& result) {
    std::string text = fmt::format(
        "{}: as it was known on {}, {} from the end of {}, seed {}\n"
        "place: share of the paths below what was reported. score: CRPS over that of the last "
        "value grown on.\n\n"
        "Of periods after that day:\n",
        printable(result.title), print_day({result.as_of.months - 0.01}),
        count_of(result.paths, "path"), print_day({result.start.months - 0.01}), result.seed);
    text += table_of_figures(result.figures, true) + "\n" + calibration_lines(result.later);
    text += score_line("the last value grown on", result.against_trend, result.with_trend) +
            score_line("guidance known on the day", result.against_guidance, result.with_guidance);
    text +=
        result.trend_trials > 0
            ? fmt::format("  spread of the trend: {:.0f} % of a year, from {} known on the day\n",
                          result.trend_spread * 100, count_of(result.trend_trials, "past figure"))
            : fmt::format("  spread of the trend: {:.0f} % of a year, assumed: too little past "
                          "is known\n",
                          result.trend_spread * 100);
    bool const any = std::any_of(result.figures.begin(), result.figures.end(),
                                 [](auto const& f) { return !f.later && f.why_not.empty(); });
    if (any)
        text += "\nOf periods that had ended, published later (kept apart):\n" +
                table_of_figures(result.figures, false) + "\n" + calibration_lines(result.nowcast);
    return text + left_out_lines(result.figures);
}

std::string failures_as_text(FailuresBacktest const& result) {
    auto const failed = static_cast<std::size_t>(
        std::count_if(result.firms.begin(), result.firms.end(),
                      [](FailureForecast const& firm) { return firm.failed > 0; }));
    std::string text = fmt::format(
        "{}: {} from the end of {}, seed {}; {}, of which {} failed within twelve quarters\n\n",
        printable(result.title), count_of(result.paths, "path"),
        print_day({result.start.months - 0.01}), result.seed, count_of(result.firms.size(), "firm"),
        failed);
    text += firms_table(result);
    text += fmt::format("\nAUC {}, 90 %\n", number_range(result.model.area));
    std::vector<std::pair<std::string, Forecaster const*>> rows{{"the run", &result.model}};
    for (BaselineResult const& baseline : result.baselines)
        if (!baseline.firms.empty())
            rows.emplace_back(
                fmt::format("{} ({})", baseline.line.name, count_of(baseline.firms.size(), "firm")),
                &baseline.fitted);
    text += print_table(brier_table(rows)) + quarter_line(result.quarter);
    if (!result.baselines.empty()) text += "\nBaselines:\n";
    for (BaselineResult const& baseline : result.baselines) text += baseline_lines(baseline);
    if (!result.without_outcome.empty()) {
        text += "\nNot in the file of outcomes:";
        for (auto const& id : result.without_outcome) text += " " + printable(id);
        text += "\n";
    }
    return text;
}

} // namespace perpetuum
