// What a stress says, as tables.

#include "stress.hpp"
#include "tables.hpp"

#include <perpetuum/base.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace perpetuum {

namespace {

std::string firm_name(StressTold const& told, std::size_t firm) {
    SystemEntity const& entity =
        told.system->entities[static_cast<std::size_t>(told.result.firms[firm])];
    return printable(entity.name, 30);
}

std::string step_word(StressTold const& told, int step) {
    return told.reading->plain ? std::to_string(step) : step_label(*told.system, step);
}

std::string money(double usd) { return std::abs(usd) < 0.5 ? "0" : print_amount(usd); }
std::string error_of(Moments const& moments) {
    double const error = moments.standard_error();
    return std::isnan(error) ? "-" : "± " + money(error);
}

std::string percent_with_range(std::uint64_t k, std::uint64_t n) {
    Bracket const share = probability(k, n);
    return fmt::format("{:.1f} % ({:.1f} to {:.1f})", 100 * share.value, 100 * share.at_least,
                       100 * share.at_most);
}

std::string head_lines(StressTold const& told) {
    StressResult const& result = told.result;
    std::string text =
        fmt::format("{}: {}, seed {}, with and without, to {}\n",
                    printable(told.reading->book.title), count_of(result.coverage.count(), "path"),
                    told.options->many.seed, step_word(told, result.steps));
    for (std::string const& shock : told.shocks)
        text += fmt::format("  what happens: {}\n", printable(shock));
    std::string hit;
    for (int const entity : told.hit) {
        SystemEntity const& one = told.system->entities[static_cast<std::size_t>(entity)];
        hit += (hit.empty() ? "" : ", ") + printable(one.name, 30);
    }
    return text + "  hit at once: " + (hit.empty() ? "nobody" : hit) + "\n";
}

std::string failure_lines(StressTold const& told) {
    FailureTable const& with = told.result.with;
    FailureTable const& without = told.result.without;
    auto const order = order_of_failures(with);
    if (order.empty()) return "\nnobody fails with it on any path\n";
    TextTable table{{"who fails by " + step_word(told, told.result.steps), "with, at 95 %",
                     "without", "half of them by"},
                    "lrrl",
                    {}};
    for (int const firm : order)
        table.rows.push_back(
            {firm_name(told, static_cast<std::size_t>(firm)),
             percent_with_range(with.failed(firm), with.paths()),
             fmt::format("{:.1f} %", 100.0 * static_cast<double>(without.failed(firm)) /
                                         static_cast<double>(without.paths())),
             step_word(told, with.median_step(firm))});
    std::string text = "\n" + print_table(table);
    for (FailureOrder const& pair : first_pairs(with, 5)) {
        auto const share = [&](std::uint64_t k) {
            return print_percent(static_cast<double>(k) / static_cast<double>(pair.both));
        };
        text +=
            fmt::format("  {} before {}: on {} % of the {} paths on which both fail, in the same "
                        "step on {} %\n",
                        firm_name(told, static_cast<std::size_t>(pair.first)),
                        firm_name(told, static_cast<std::size_t>(pair.second)), share(pair.before),
                        print_count(pair.both), share(pair.same));
    }
    return text +
           fmt::format("  on {} of the paths a firm fails that was not hit and would not have "
                       "failed\n",
                       percent_with_range(told.result.spread, with.paths()));
}

/// Firms that lose or gain more than rounding, the largest loss first.
std::vector<std::size_t> by_loss(LossTable const& loss, LossTable const* also = nullptr) {
    std::vector<std::size_t> firms(loss.firms.size());
    std::iota(firms.begin(), firms.end(), std::size_t{0});
    std::erase_if(firms, [&](std::size_t f) {
        double const size = std::abs(loss.firms[f].mean());
        double const other = also ? std::abs(also->firms[f].mean()) : 0;
        return !(std::max(size, other) >= 0.5);
    });
    std::stable_sort(firms.begin(), firms.end(), [&](std::size_t a, std::size_t b) {
        return loss.firms[a].mean() > loss.firms[b].mean();
    });
    return firms;
}

std::string loss_lines(StressTold const& told) {
    StressResult const& result = told.result;
    std::vector<std::size_t> shown;
    for (std::size_t c = 0; c < channels; ++c) {
        bool any = false;
        for (auto const& firm : result.loss.by_channel)
            any = any || std::abs(firm[c].mean()) >= 0.5;
        if (any) shown.push_back(c);
    }
    TextTable table{{"loss of income, USD", "mean", "of which:"}, "lrl", {}};
    for (std::size_t const c : shown) {
        table.head.emplace_back(channel_names[c]);
        table.align += 'r';
    }
    for (std::size_t const f : by_loss(result.loss)) {
        std::vector<std::string> row{firm_name(told, f), money(result.loss.firms[f].mean()),
                                     error_of(result.loss.firms[f])};
        for (std::size_t const c : shown) row.push_back(money(result.loss.by_channel[f][c].mean()));
        table.rows.push_back(std::move(row));
    }
    std::vector<std::string> sum{"all firms", money(result.loss.sum.mean()),
                                 error_of(result.loss.sum)};
    for (std::size_t const c : shown) sum.push_back(money(result.sum_channels[c].mean()));
    table.rows.push_back(std::move(sum));
    std::vector<std::string> whole{"consolidated", money(result.loss.consolidated.mean()),
                                   error_of(result.loss.consolidated)};
    whole.resize(table.head.size());
    table.rows.push_back(std::move(whole));
    double const relative =
        result.largest_loss > 0 ? result.residual / result.largest_loss : result.residual;
    return "\n" + print_table(table) +
           fmt::format("  channels sum to the loss of every firm on every path to {:.1g} of the "
                       "largest; ± is the standard error of the paired mean\n"
                       "  consolidated: without what firms mark down on claims on each other\n",
                       relative);
}

std::string round_lines(StressTold const& told) {
    StressResult const& result = told.result;
    TextTable table{
        {"loss of income, USD", "in all", "first round", "", "feedback", ""}, "lrrlrl", {}};
    auto const add = [&](std::string const& name, Moments const& all, Moments const& first,
                         Moments const& feedback) {
        table.rows.push_back({name, money(all.mean()), money(first.mean()), error_of(first),
                              money(feedback.mean()), error_of(feedback)});
    };
    for (std::size_t const f : by_loss(result.loss, &result.first_round))
        add(firm_name(told, f), result.loss.firms[f], result.first_round.firms[f],
            result.feedback.firms[f]);
    add("all firms", result.loss.sum, result.first_round.sum, result.feedback.sum);
    add("consolidated", result.loss.consolidated, result.first_round.consolidated,
        result.feedback.consolidated);
    return "\n" + print_table(table) +
           fmt::format("  memo: support that those not hit would draw in the first round, at the "
                       "horizon: {} {}\n",
                       money(result.support_sum.mean()), error_of(result.support_sum));
}

std::string share_lines(StressTold const& told) {
    StressResult const& result = told.result;
    TextTable table{
        {"feedback by channel (Shapley)", "consolidated", "", "all firms", ""}, "lrlrl", {}};
    for (std::size_t c = 0; c < switches; ++c)
        table.rows.push_back({switch_names[c], money(result.share[c].mean()),
                              error_of(result.share[c]), money(result.share_sum[c].mean()),
                              error_of(result.share_sum[c])});
    table.rows.push_back({"feedback", money(result.feedback.consolidated.mean()),
                          error_of(result.feedback.consolidated), money(result.feedback.sum.mean()),
                          error_of(result.feedback.sum)});
    return "\n" + print_table(table) +
           fmt::format("  shares sum to the feedback on every path to {:.2g} USD\n",
                       result.share_residual);
}

std::string left_out_lines(StressResult const& result) {
    std::string text;
    for (auto const& [reason, found] : result.failed.reasons())
        text += fmt::format("{} stopped and left out: {} (path {} first)\n",
                            count_of(found.paths, "path"), printable(reason, 300),
                            print_count(found.first[0]));
    return text;
}

} // namespace

std::vector<int> order_of_failures(FailureTable const& with) {
    std::vector<int> firms;
    for (int firm = 0; firm < with.firms(); ++firm)
        if (with.failed(firm) > 0) firms.push_back(firm);
    std::stable_sort(firms.begin(), firms.end(), [&](int a, int b) {
        if (with.failed(a) != with.failed(b)) return with.failed(a) > with.failed(b);
        return with.median_step(a) < with.median_step(b);
    });
    return firms;
}

std::vector<FailureOrder> first_pairs(FailureTable const& with, std::size_t most) {
    std::vector<FailureOrder> pairs;
    auto const order = order_of_failures(with);
    for (std::size_t j = 1; j < order.size(); ++j)
        for (std::size_t i = 0; i < j && pairs.size() < most; ++i) {
            FailureOrder pair{order[i], order[j], with.both(order[i], order[j]),
                              with.before(order[i], order[j]), with.same_step(order[i], order[j])};
            if (pair.both > 0) pairs.push_back(pair);
        }
    return pairs;
}

std::string stress_as_text(StressTold const& told) {
    std::string text =
        head_lines(told) + failure_lines(told) + loss_lines(told) + round_lines(told);
    if (told.options->stress.causal) text += share_lines(told);
    if (told.cut) text += cut_as_text(*told.cut);
    return text + left_out_lines(told.result);
}

} // namespace perpetuum
