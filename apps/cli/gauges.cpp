// perpetuum gauges BOOK

#include "gauges.hpp"
#include "commands.hpp"
#include "tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace perpetuum {

std::string shown_gauge(Gauge const& gauge, double value) {
    if (std::isinf(value) && !gauge.without.empty()) return gauge.without;
    if (!std::isfinite(value)) return "-";
    if (gauge.shown == "%") {
        // A rate is per month inside; a gauge shown in per cent is a share, or a rate of a year.
        if (std::fabs(value) < 10) return fmt::format("{:.3g} %", value * 100);
        // What is divided by next to nothing has a size, but digits that mean nothing.
        if (std::fabs(value) > 1000) return value > 0 ? "over 1,000 times" : "under -1,000 times";
        return fmt::format("{:.0f} times", value);
    }
    if (gauge.shown == "USD") return print_amount(value);
    return fmt::format("{:.3g}", std::fabs(value) < 0.0005 ? 0 : value);
}

namespace {

constexpr std::uint64_t usual_paths = 1000;

std::string range_of(Gauge const& gauge, GaugeAt const& at) {
    if (std::isnan(at.middle)) return shown_gauge(gauge, at.central);
    if (std::isinf(at.low)) return shown_gauge(gauge, at.low);
    return fmt::format("{} ({} to {})", shown_gauge(gauge, at.middle), shown_gauge(gauge, at.low),
                       shown_gauge(gauge, at.high));
}

/// No number on nearly any path, at any time.
bool is_without(GaugeRow const& row) {
    return std::all_of(row.at.begin(), row.at.end(), [](GaugeAt const& at) {
        return std::isinf(std::isnan(at.middle) ? at.central : at.low);
    });
}

/// Rows in which there is nothing to see: zero everywhere.
bool says_nothing(GaugeRow const& row) {
    return std::all_of(row.at.begin(), row.at.end(), [](GaugeAt const& at) {
        return at.central == 0 && (std::isnan(at.high) || at.high == 0);
    });
}

std::string text_of_table(GaugeTable const& table, GaugesAnswer const& answer) {
    std::vector<std::string> const& labels = answer.labels;
    Gauge const& gauge = table.gauge;
    std::string text = fmt::format(
        "\n{}: {}{}\n", printable(gauge.title), printable(gauge.says, 300),
        table.traced ? fmt::format(" (of {} traced whole)", count_of(answer.traced, "path")) : "");
    for (Threshold const& threshold : gauge.thresholds)
        text += fmt::format("  {} {} {} ({}{}{})\n", threshold.colour,
                            threshold.above ? "above" : "below",
                            shown_gauge(gauge, threshold.value), printable(threshold.source, 200),
                            threshold.reason.empty() ? "" : ": ", printable(threshold.reason, 200));
    text += fmt::format("  2000: {}\n",
                        table.history.empty() ? "not known" : printable(table.history, 300));
    bool const joint = gauge.measure == "joint default lift";
    TextTable rows{{joint ? "pair" : "firm"}, "l", {}};
    if (joint) {
        rows.head.push_back("lift, 90 % of chance (paths)");
        rows.align += 'r';
    } else {
        for (auto const& label : labels) rows.head.push_back(label), rows.align += 'r';
        rows.head.push_back("colour");
        rows.head.push_back("since");
        rows.align += "ll";
    }
    std::size_t silent = 0;
    std::string without;
    for (GaugeRow const& row : table.rows) {
        if (is_without(row)) {
            without += (without.empty() ? "" : ", ") + printable(row.label);
            continue;
        }
        if (says_nothing(row)) {
            ++silent;
            continue;
        }
        std::vector<std::string> cells{printable(row.label)};
        for (GaugeAt const& at : row.at)
            cells.push_back(range_of(gauge, at) +
                            (joint ? fmt::format(", {}", print_count(at.paths)) : ""));
        if (!joint) {
            cells.push_back(row.passed ? row.passed->colour : gauge.thresholds.empty() ? "" : "-");
            cells.push_back(row.since);
        }
        rows.rows.push_back(std::move(cells));
    }
    if (rows.rows.empty())
        text += joint ? "  no pair defaults together on five paths\n" : "";
    else
        text += print_table(rows);
    if (!without.empty()) text += "  " + printable(gauge.without) + ": " + without + "\n";
    if (silent > 0) text += fmt::format("  nothing to see: {}\n", count_of(silent, "firm"));
    return text;
}

} // namespace

std::string gauges_as_text(GaugesAnswer const& answer) {
    std::string text = fmt::format(
        "{}: gauges of {}, four quarters to the end of each; middle of {} (10 to 90 %), seed {}\n"
        "Shares of money and backlogs: of {} traced whole. A colour only where a threshold has a "
        "source; since: first on the central path.\nNo single score: each tells of one thing.\n",
        printable(answer.title), printable(answer.file), count_of(answer.paths, "path"),
        answer.seed, count_of(answer.traced, "path"));
    for (GaugeTable const& table : answer.tables) text += text_of_table(table, answer);
    return text;
}

Answer run_gauges(Options const& asked) {
    Options options = asked;
    if (options.many.paths == 0) options.many.paths = usual_paths;
    Reading reading;
    auto const found = gauges_of_book(options, reading);
    if (!found) return refused(reading);
    Answer answer;
    answer.text = options.json ? gauges_as_json(*found) : gauges_as_text(*found);
    answer.talk = talk_of(reading, options.book);
    return answer;
}

} // namespace perpetuum
