/// Everything kept of a run: rows in, parts merged.

#include <perpetuum/base.hpp>
#include <perpetuum/statistics.hpp>

#include "each_row.hpp"
#include "wide_sums.hpp"

#include <algorithm>
#include <set>

namespace perpetuum {
namespace {

constexpr std::size_t most_cells = 10'000'000;

void check_names(char const* what, std::vector<std::string> const& names) {
    std::set<std::string_view> seen;
    for (std::string const& name : names)
        if (!seen.insert(name).second)
            throw BadInput{std::string("two ") + what + " of a summary are called '" + name + "'"};
}

std::size_t cells_of(SummaryPlan const& plan, std::size_t names) {
    if (plan.steps < 0 || plan.steps > 100'000)
        throw BadInput{"a summary has 0 to 100,000 steps, found " + std::to_string(plan.steps)};
    auto const steps = static_cast<std::size_t>(plan.steps);
    if (steps > 0 && names > most_cells / steps)
        throw BadInput{"a summary has at most 10,000,000 series times steps, found " +
                       std::to_string(names) + " times " + std::to_string(steps)};
    return names * steps;
}

std::string difference(char const* what, std::string const& ours, std::string const& theirs) {
    return std::string("the parts are of different runs: ") + what + " is '" + ours +
           "' in one and '" + theirs + "' in the other";
}

/// What keeps two plans from being the same; empty when nothing does.
std::string why_different(SummaryPlan const& a, SummaryPlan const& b) {
    static std::string const none;
    for (auto const& both : {std::pair{&a, &b}, std::pair{&b, &a}})
        for (auto const& [key, value] : both.first->about) {
            auto const other = both.second->about.find(key);
            std::string const& theirs = other == both.second->about.end() ? none : other->second;
            if (other == both.second->about.end() || value != theirs)
                return difference(key.c_str(), value, theirs);
        }
    if (a.steps != b.steps)
        return difference("the number of steps", std::to_string(a.steps), std::to_string(b.steps));
    if (a.series != b.series || a.pairs != b.pairs)
        return "the parts keep different series, or in another order";
    if (a.firms != b.firms) return "the parts have different firms, or in another order";
    if (!(a.shape == b.shape)) return "the parts keep quantiles with different resolutions";
    return {};
}

template <class Sums>
bool all_fit(std::vector<Sums> const& ours, std::vector<Sums> const& theirs) {
    for (std::size_t i = 0; i < ours.size(); ++i) {
        std::uint64_t const a = ours[i].count() + ours[i].left_out();
        std::uint64_t const b = theirs[i].count() + theirs[i].left_out();
        if (a > most_values || b > most_values - a) return false;
    }
    return true;
}

} // namespace

Summary::Summary(SummaryPlan plan) : plan_(std::move(plan)) {
    check_names("series", plan_.series);
    check_names("pairs", plan_.pairs);
    check_names("firms", plan_.firms);
    std::size_t const cells = cells_of(plan_, plan_.series.size());
    std::size_t const pair_cells = cells_of(plan_, plan_.pairs.size());
    failures = FailureTable(static_cast<int>(std::min<std::size_t>(plan_.firms.size(), 5000)),
                            plan_.steps);
    sketches_.assign(cells, Sketch(plan_.shape));
    moments_.resize(cells);
    pairs_.resize(pair_cells);
}

std::size_t Summary::cell(std::size_t index, std::size_t of, int step) const {
    if (index >= of || step < 1 || step > plan_.steps)
        throw BadInput{"a summary of " + std::to_string(of) + " series and " +
                       std::to_string(plan_.steps) + " steps has none at series " +
                       std::to_string(index) + ", step " + std::to_string(step)};
    return index * static_cast<std::size_t>(plan_.steps) + static_cast<std::size_t>(step) - 1;
}

void Summary::add(std::size_t series, int step, double const* values, std::size_t n,
                  std::uint8_t const* counted) {
    std::size_t const at = cell(series, plan_.series.size(), step);
    each_row(values, n, counted, [&](double const* row, std::uint64_t* taken) {
        // Of one value throughout (checks, what has not begun): it is looked at once.
        if (std::memcmp(row, row + 1, (row_size - 1) * sizeof *row) == 0) {
            auto const times = static_cast<std::uint64_t>(std::count_if(
                taken, taken + row_size, [](std::uint64_t mine) { return mine != 0; }));
            if (times > 0) sketches_[at].take_one(*row, times);
            if (times > 0) moments_[at].take_one(*row, times);
            return;
        }
        sketches_[at].take_row(row, taken);
        moments_[at].take_row(row, taken);
    });
}

void Summary::add_pairs(std::size_t pair, int step, double const* x, double const* y, std::size_t n,
                        std::uint8_t const* counted) {
    pairs_[cell(pair, plan_.pairs.size(), step)].add(x, y, n, counted);
}

Sketch const& Summary::sketch(std::size_t series, int step) const {
    return sketches_[cell(series, plan_.series.size(), step)];
}

Moments const& Summary::moments(std::size_t series, int step) const {
    return moments_[cell(series, plan_.series.size(), step)];
}

PairMoments const& Summary::pairs(std::size_t pair, int step) const {
    return pairs_[cell(pair, plan_.pairs.size(), step)];
}

std::optional<std::size_t> Summary::find(std::string_view series) const {
    auto const at = std::find(plan_.series.begin(), plan_.series.end(), series);
    if (at == plan_.series.end()) return std::nullopt;
    return static_cast<std::size_t>(at - plan_.series.begin());
}

bool Summary::merge(Summary const& part, std::string& problem) {
    problem = why_different(plan_, part.plan_);
    if (!problem.empty()) return false;
    if (auto const twice = coverage.shared(part.coverage); !twice.empty()) {
        problem = "the parts have paths in common: " + print_ranges(twice);
        return false;
    }
    if (!all_fit(moments_, part.moments_) || !all_fit(pairs_, part.pairs_)) {
        problem = "the parts together count more than 2^62 values";
        return false;
    }
    for (std::size_t i = 0; i < sketches_.size(); ++i) {
        sketches_[i].merge(part.sketches_[i]);
        moments_[i].merge(part.moments_[i]);
    }
    for (std::size_t i = 0; i < pairs_.size(); ++i) pairs_[i].merge(part.pairs_[i]);
    failures.merge(part.failures);
    failed.merge(part.failed);
    return coverage.merge(part.coverage);
}

} // namespace perpetuum
