// Parts of a stress: all that is counted and summed, listed once, to be merged, written and read.

#include "nodes.hpp"
#include "sums.hpp"

#include <algorithm>

namespace perpetuum::stressing {

namespace {

/// Everything that is summed, in one order.
template <class Result, class Use>
void each_moments(Result& all, Use use) {
    auto const list = [&](auto& many) {
        for (auto& one : many) use(one);
    };
    for (auto* table : {&all.loss, &all.first_round, &all.feedback}) {
        for (auto& firm : table->by_channel) list(firm);
        list(table->firms);
        use(table->sum);
        use(table->consolidated);
    }
    list(all.sum_channels);
    for (auto& step : all.timeline) list(step);
    for (auto& firm : all.firm_timeline) list(firm);
    for (auto* one : {&all.revenue, &all.revenue_first_round, &all.given, &all.induced}) use(*one);
    list(all.support);
    use(all.support_sum);
    list(all.share);
    list(all.share_sum);
}

bool same_shape(FailureTable const& a, FailureTable const& b) {
    return a.firms() == b.firms() && a.steps() == b.steps();
}

} // namespace

void merge_into(StressResult& all, StressResult const& part) {
    std::vector<Moments const*> moments;
    each_moments(part, [&](Moments const& one) { moments.push_back(&one); });
    std::size_t place = 0;
    each_moments(all, [&](Moments& one) { one.merge(*moments[place++]); });
    all.changes.insert(all.changes.end(), part.changes.begin(), part.changes.end());
    std::sort(all.changes.begin(), all.changes.end(),
              [](PathChange const& a, PathChange const& b) { return a.path < b.path; });
    all.coverage.merge(part.coverage);
    all.failed.merge(part.failed);
    all.without.merge(part.without);
    all.with.merge(part.with);
    all.spread += part.spread;
    all.residual = std::max(all.residual, part.residual);
    all.largest_loss = std::max(all.largest_loss, part.largest_loss);
    all.share_residual = std::max(all.share_residual, part.share_residual);
}

Bundle bundle_of(StressResult const& all) {
    Bundle bundle;
    bundle.coverage = all.coverage;
    bundle.failed = all.failed;
    each_moments(all, [&](Moments const& one) { bundle.moments.push_back(one); });
    bundle.tables = {all.without, all.with};
    bundle.counts = {all.spread};
    bundle.values = {all.residual, all.largest_loss, all.share_residual};
    for (PathChange const& one : all.changes) {
        bundle.counts.push_back(one.path);
        for (double const value : {one.revenue, one.first_round, one.given})
            bundle.values.push_back(value);
    }
    return bundle;
}

bool read_bundle(Bundle const& bundle, StressResult& part) {
    std::size_t count = 0;
    each_moments(part, [&](Moments const&) { ++count; });
    std::size_t const changes = bundle.counts.empty() ? 0 : bundle.counts.size() - 1;
    bool const fits =
        bundle.moments.size() == count && bundle.tables.size() == 2 && !bundle.counts.empty() &&
        bundle.values.size() == 3 + 3 * changes && same_shape(bundle.tables[0], part.without) &&
        same_shape(bundle.tables[1], part.with) && bundle.counts[0] <= bundle.coverage.count();
    if (!fits) return false;
    count = 0;
    each_moments(part, [&](Moments& one) { one = bundle.moments[count++]; });
    part.coverage = bundle.coverage;
    part.failed = bundle.failed;
    part.without = bundle.tables[0];
    part.with = bundle.tables[1];
    part.spread = bundle.counts[0];
    part.residual = bundle.values[0];
    part.largest_loss = bundle.values[1];
    part.share_residual = bundle.values[2];
    for (std::size_t i = 0; i < changes; ++i) {
        double const* const one = bundle.values.data() + 3 + 3 * i;
        part.changes.push_back({bundle.counts[1 + i], one[0], one[1], one[2]});
    }
    return true;
}

} // namespace perpetuum::stressing
