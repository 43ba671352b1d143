/// What a summary knows, by quantile and step.

#include "netcdf_file.hpp"

#include <netcdf.h>

namespace perpetuum {
namespace {

struct SeriesTable {
    std::vector<double> value, low, high; ///< [quantile × steps + step]
    std::vector<double> mean, error;      ///< [step]
    std::vector<std::int64_t> count;
};

SeriesTable table_of(Summary const& summary, std::size_t series, StoreSteps const& steps,
                     std::vector<double> const& probabilities, double confidence) {
    SeriesTable out;
    for (double p : probabilities)
        for (int i = 0; i < steps.count; ++i) {
            Sketch const& sketch = summary.sketch(series, steps.first + i);
            Bracket const found = sketch.quantile_interval(p, confidence);
            out.value.push_back(found.value);
            out.low.push_back(found.at_least);
            out.high.push_back(found.at_most);
        }
    for (int i = 0; i < steps.count; ++i) {
        Moments const& moments = summary.moments(series, steps.first + i);
        out.mean.push_back(moments.mean());
        out.error.push_back(moments.standard_error());
        out.count.push_back(static_cast<std::int64_t>(moments.count()));
    }
    return out;
}

void write_series(NetcdfFile& file, StoreHead const& head, StoreVariable const& variable,
                  SeriesTable const& table, int quantile, int step, std::string const& confidence) {
    auto const put = [&](std::string const& suffix, std::vector<int> const& dimensions,
                         std::string const& what, std::vector<double> const& values) {
        int const id = file.variable(variable.name + suffix, NC_DOUBLE, dimensions);
        std::string const name = variable.long_name.empty() ? variable.name : variable.long_name;
        describe(file, id, what.empty() ? name : name + ", " + what, variable.unit);
        on_steps(file, id, head);
        file.missing_is_nan(id, NC_DOUBLE);
        if (suffix.empty())
            file.attribute(id, "ancillary_variables",
                           variable.name + "_low " + variable.name + "_high");
        file.put(id, values);
    };
    put("", {quantile, step}, "", table.value);
    put("_low", {quantile, step}, "lower end of the " + confidence + " interval of the quantile",
        table.low);
    put("_high", {quantile, step}, "upper end of the " + confidence + " interval of the quantile",
        table.high);
    put("_mean", {step}, "mean", table.mean);
    put("_error", {step}, "standard error of the mean", table.error);
    int const count = file.variable(variable.name + "_count", NC_INT64, {step});
    describe(file, count, "finite values", "1");
    on_steps(file, count, head);
    file.put(count, table.count);
}

void write_failures(NetcdfFile& file, StoreHead const& head, Summary const& summary, int step) {
    StoreSteps const& steps = head.steps;
    FailureTable const& table = summary.failures;
    std::size_t const firms = summary.plan().firms.size();
    int const firm = file.dimension("firm", firms), other = file.dimension("other_firm", firms);
    file.put(file.variable("firm", NC_STRING, {firm}), summary.plan().firms);
    file.put(file.variable("other_firm", NC_STRING, {other}), summary.plan().firms);
    std::vector<std::int64_t> first, never, before, same;
    auto const whole = [](std::uint64_t count) { return static_cast<std::int64_t>(count); };
    for (int i = 0; i < table.firms(); ++i) {
        for (int s = 0; s < steps.count; ++s) first.push_back(whole(table.at(i, steps.first + s)));
        never.push_back(whole(table.at(i, 0)));
        for (int j = 0; j < table.firms(); ++j) {
            before.push_back(whole(i == j ? 0 : table.before(i, j)));
            same.push_back(whole(i == j ? table.failed(i) : table.same_step(i, j)));
        }
    }
    auto const put = [&](char const* name, std::vector<int> const& dimensions,
                         std::string const& what, std::vector<std::int64_t> const& counts) {
        int const id = file.variable(name, NC_INT64, dimensions);
        describe(file, id, what, "1");
        if (dimensions.back() == step) on_steps(file, id, head);
        file.put(id, counts);
    };
    put("defaults", {firm, step}, "paths on which the firm first defaults in the step", first);
    put("never", {firm}, "paths on which the firm never defaults", never);
    put("before", {firm, other}, "paths on which both default, the firm first", before);
    put("same_step", {firm, other}, "paths on which both default first in the same step", same);
}

void check_against(Summary const& summary, StoreHead const& head,
                   std::vector<double> const& probabilities) {
    check_head(head);
    if (head.steps.first < 1 || head.steps.first + head.steps.count - 1 > summary.plan().steps)
        throw BadInput{"the summary has steps 1 to " + std::to_string(summary.plan().steps) +
                       ", asked for " + std::to_string(head.steps.count) + " from step " +
                       std::to_string(head.steps.first)};
    for (StoreVariable const& variable : head.variables)
        if (!summary.find(variable.name))
            throw BadInput{"the summary has no series '" + variable.name + "'"};
    if (probabilities.empty()) throw BadInput{"no quantile is asked for"};
    for (double p : probabilities)
        if (!(p > 0 && p < 1))
            throw BadInput{"a quantile is asked for a share between 0 and 1, found " +
                           std::to_string(p)};
}

std::string percent(double share) {
    std::string text = std::to_string(share * 100);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text + " %";
}

} // namespace

bool write_quantiles(std::string const& target, StoreHead const& head, Summary const& summary,
                     std::vector<double> const& probabilities, std::string& problem,
                     double confidence) {
    check_against(summary, head, probabilities);
    quantile_ranks(1, 0.5, confidence); // throws before a file is begun
    auto const lock = one_at_a_time();
    try {
        NetcdfFile file(target);
        int const step = write_head(file, head);
        file.attribute(whole_file, "paths", std::to_string(summary.coverage.count()));
        file.attribute(whole_file, "digest", print_digest(summary.digest()));
        int const quantile = file.dimension("quantile", probabilities.size());
        int const shares = file.variable("quantile", NC_DOUBLE, {quantile});
        describe(file, shares, "share of paths at or below the value", "1");
        file.put(shares, probabilities);
        for (StoreVariable const& variable : head.variables)
            write_series(file, head, variable,
                         table_of(summary, *summary.find(variable.name), head.steps, probabilities,
                                  confidence),
                         quantile, step, percent(confidence));
        if (!summary.plan().firms.empty()) write_failures(file, head, summary, step);
        file.finish();
        return true;
    } catch (StoreFault const& fault) {
        problem = fault.what;
        return false;
    }
}

} // namespace perpetuum
