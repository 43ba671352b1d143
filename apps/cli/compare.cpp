// perpetuum compare A B

#include "compare.hpp"
#include "commands.hpp"
#include "tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace perpetuum {

namespace {

constexpr std::size_t movers_shown = 20;

ComparedSide side_of(std::string const& text, Options const& options) {
    ComparedSide side;
    side.text = text;
    side.options = options;
    side.options.many.paths = 0;
    std::string rest = text;
    if (auto const plus = rest.rfind('+'); plus != std::string::npos) {
        side.options.scenario = rest.substr(plus + 1);
        rest.resize(plus);
    }
    if (auto const at = rest.rfind('@'); at != std::string::npos) {
        side.options.as_of = rest.substr(at + 1);
        rest.resize(at);
    }
    side.options.book = rest;
    return side;
}

std::string signed_amount(double usd) {
    return usd > 0 ? "+" + print_amount(usd) : usd < 0 ? "-" + print_amount(-usd) : "0";
}

std::string shares_table(Comparison const& comparison) {
    TextTable table{{"changed"}, "l", {}};
    for (std::size_t i = 0; i < comparison.explained; ++i) {
        table.head.push_back(comparison.movers[i].label + " " + comparison.movers[i].quantity);
        table.align += 'r';
    }
    table.head.emplace_back("which is");
    table.align += 'l';
    auto const row_of = [&](std::string const& name, std::vector<double> const& shares,
                            std::string const& label = "") {
        std::vector<std::string> row{name};
        for (double const share : shares) row.push_back(signed_amount(std::round(share)));
        row.push_back(label);
        table.rows.push_back(std::move(row));
    };
    for (ChangedGroup const& group : comparison.groups) {
        std::string name = group.name;
        if (group.figures.size() == 1) name = group.figures[0];
        if (group.figures.size() > 1) name += fmt::format(" ({} figures)", group.figures.size());
        row_of(name, group.shares, group.label == group.name ? "" : group.label);
    }
    row_of("the rest", comparison.rest);
    std::vector<double> sums;
    for (std::size_t i = 0; i < comparison.explained; ++i)
        sums.push_back(comparison.movers[i].change());
    row_of("in all", sums);
    return print_table(table);
}

/// The same as means over paths, each with its standard error.
std::string path_shares_table(Comparison const& comparison) {
    if (comparison.change_on_paths.empty()) return {};
    TextTable table{{"changed"}, "l", {}};
    for (std::size_t i = 0; i < comparison.explained; ++i) {
        table.head.push_back(comparison.movers[i].label + " " + comparison.movers[i].quantity);
        table.head.emplace_back("");
        table.align += "rl";
    }
    auto const add = [&](std::string const& name, auto const& estimate_of) {
        std::vector<std::string> row{name};
        for (std::size_t i = 0; i < comparison.explained; ++i) {
            PathEstimate const one = estimate_of(i);
            row.push_back(signed_amount(std::round(one.mean)));
            row.push_back(std::isnan(one.error) ? "" : "± " + print_amount(one.error));
        }
        table.rows.push_back(std::move(row));
    };
    for (ChangedGroup const& group : comparison.groups)
        add(group.figures.size() == 1 ? group.figures[0] : group.name,
            [&](std::size_t i) { return group.on_paths[i]; });
    add("the rest", [&](std::size_t i) {
        return PathEstimate{comparison.rest_on_paths[i], std::nan("")};
    });
    add("in all", [&](std::size_t i) { return comparison.change_on_paths[i]; });
    return fmt::format("\nThe same as means over {}, the same draws, ± one standard error of the "
                       "paired difference:\n",
                       count_of(comparison.paths, "path")) +
           print_table(table);
}

std::string explanation(Comparison const& comparison) {
    if (comparison.movers.empty()) return "Nothing moves.\n";
    if (!comparison.why_no_shares.empty())
        return "Not taken apart: " + comparison.why_no_shares + ".\n";
    if (comparison.rest.empty()) return "Not taken apart: no mixture of the two can be run.\n";
    std::string const how =
        comparison.shapley
            ? comparison.changed_groups == 1
                  ? "all changed figures are of one group"
                  : fmt::format("mean over all orders in which the {} groups of changed figures "
                                "can be switched (Shapley)",
                                comparison.changed_groups)
            : fmt::format("{} of {} groups of changed figures switched one after another, the one "
                          "that alone moves most first (another order gives other shares)",
                          comparison.groups.size(), comparison.changed_groups);
    return "What explains it: " + how + "\n" + shares_table(comparison) +
           path_shares_table(comparison);
}

} // namespace

std::string comparison_as_text(Comparison const& comparison) {
    std::string text = fmt::format(
        "{} against {}, {}, central path, USD: revenue and profit in all, cash and debt at "
        "the end\n\n",
        printable(comparison.to), printable(comparison.from), comparison.horizon);
    TextTable table{{"firm", "what", "before", "after", "change"}, "llrrr", {}};
    for (std::size_t i = 0; i < std::min(movers_shown, comparison.movers.size()); ++i) {
        Mover const& mover = comparison.movers[i];
        table.rows.push_back({mover.label, mover.quantity, print_amount(mover.before),
                              print_amount(mover.after), signed_amount(mover.change())});
    }
    if (!table.rows.empty()) text += print_table(table) + "\n";
    if (comparison.movers.size() > movers_shown)
        text += fmt::format("{} more moved less.\n\n", comparison.movers.size() - movers_shown);
    text += explanation(comparison);
    if (comparison.chances.empty()) return text;
    text +=
        fmt::format("\nDefaults by the end, {}, same draws:\n", count_of(comparison.paths, "path"));
    TextTable chances{{"firm", "before", "after"}, "lrr", {}};
    for (auto const& chance : comparison.chances)
        chances.rows.push_back({chance.label, print_percent(chance.before) + " %",
                                print_percent(chance.after) + " %"});
    return text + print_table(chances);
}

Answer run_compare(Options const& options) {
    ComparedSide from = side_of(options.book, options), to = side_of(options.name, options);
    for (ComparedSide* side : {&from, &to})
        if (!read(side->options, side->reading)) return refused(side->reading);
    if (from.reading.model_name != to.reading.model_name)
        return refused("the two books rest on different models",
                       "what moves is compared firm by firm: the models must agree");
    std::string problem;
    auto const comparison = compare_sides(from, to, options, problem);
    if (!comparison) return refused(problem);
    Answer answer;
    answer.text = options.json ? comparison_as_json(*comparison) : comparison_as_text(*comparison);
    answer.talk = talk_of(from.reading, from.options.book);
    if (auto const talk = talk_of(to.reading, to.options.book); talk != answer.talk)
        answer.talk += talk;
    return answer;
}

} // namespace perpetuum
