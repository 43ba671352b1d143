// What each group of changed figures brings about path by path, on the same draws.

#include "compare.hpp"
#include "paths.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace perpetuum {

namespace {

/// Of one firm to the end of a step: what `results_of` takes from the central path.
Series series_of_mover(System const& system, Mover const& mover, int last) {
    Series series{mover.firm + "." + mover.quantity, {}, 1};
    int const entity = system.entity(mover.firm);
    for (std::size_t a = 0; entity >= 0 && a < system.accounts.size(); ++a) {
        Account const& account = system.accounts[a];
        CellId const cell = system.balance(entity, static_cast<int>(a));
        if (cell < 0) continue;
        bool const income = account.type == AccountClass::income;
        bool const expense = account.type == AccountClass::expense;
        if ((mover.quantity == "profit" && (income || expense)) ||
            (mover.quantity == "revenue" && account.name == "revenue"))
            series.terms.push_back({cell, expense ? -system.coin : system.coin});
        if ((mover.quantity == "cash" && account.name == "cash") ||
            (mover.quantity == "debt" && account.type == AccountClass::liability))
            series.terms.push_back({cell, system.coin});
    }
    if (mover.quantity == "profit" || mover.quantity == "revenue") series.window = last;
    return series;
}

PathEstimate estimate_of(std::vector<double> const& values) {
    Moments moments;
    for (double const value : values)
        if (!std::isnan(value)) moments.add(value);
    return {moments.mean(), moments.standard_error()};
}

void add_weighted(std::vector<double>& to, double weight, std::vector<double> const& with,
                  std::vector<double> const& without) {
    for (std::size_t p = 0; p < to.size(); ++p) to[p] += weight * (with[p] - without[p]);
}

/// By group: mean effects over all orders; by mover a share a path.
bool shapley_on_paths(PathRunner const& run, Comparison& result) {
    std::size_t const n = result.groups.size();
    std::vector<PathValues> of_set;
    for (unsigned set = 0; set < 1u << n; ++set) {
        std::vector<std::string> names;
        for (std::size_t g = 0; g < n; ++g)
            if (set >> g & 1) names.push_back(result.groups[g].name);
        auto values = run(names);
        if (!values) return false;
        of_set.push_back(std::move(*values));
    }
    for (std::size_t g = 0; g < n; ++g)
        for (std::size_t i = 0; i < result.explained; ++i) {
            std::vector<double> share(of_set[0][i].size(), 0);
            for (unsigned set = 0; set < 1u << n; ++set) {
                if (set >> g & 1) continue;
                double weight = 1 / static_cast<double>(n); // s! (n - s - 1)! / n!
                for (int s = 1; s <= std::popcount(set); ++s)
                    weight *= s / (static_cast<double>(n) - s);
                add_weighted(share, weight, of_set[set | 1u << g][i], of_set[set][i]);
            }
            result.groups[g].on_paths.push_back(estimate_of(share));
        }
    return true;
}

/// In the order in which the groups were switched on the central path.
bool in_order_on_paths(PathRunner const& run, PathValues at, Comparison& result) {
    std::vector<std::string> switched;
    for (ChangedGroup& group : result.groups) {
        switched.push_back(group.name);
        auto next = run(switched);
        if (!next) return false;
        for (std::size_t i = 0; i < result.explained; ++i) {
            std::vector<double> share(at[i].size(), 0);
            add_weighted(share, 1, (*next)[i], at[i]);
            group.on_paths.push_back(estimate_of(share));
        }
        at = std::move(*next);
    }
    return true;
}

} // namespace

std::optional<PathValues> values_on_paths(Book const& book, Reading const& reading,
                                          std::string const& scenario,
                                          std::vector<std::string> const& ended, int steps,
                                          int last, std::vector<Mover> const& movers,
                                          std::size_t count, Options const& options) {
    InstanceOptions under;
    under.scenario = scenario;
    under.ended_deals = ended;
    under.draw_chances = true;
    under.steps = steps;
    Diagnostics diagnostics = reading.diagnostics;
    System const system = instantiate(book, reading.model, under, diagnostics);
    if (diagnostics.failed()) return std::nullopt;
    if (system.cells.empty()) // every firm and deal switched away: nothing is anybody's
        return PathValues(count, std::vector<double>(options.many.paths, 0.0));
    OutcomesAsked asked;
    asked.keeping.audit = false;
    asked.last_step = last;
    for (std::size_t i = 0; i < count; ++i) {
        asked.keeping.series.push_back(series_of_mover(system, movers[i], last));
        asked.columns.push_back({i, last});
    }
    CompileOptions wishes;
    wishes.wanted = wanted_by(system, asked.keeping);
    if (wishes.wanted.empty()) wishes.wanted.push_back(0);
    Program const program = compile(system, diagnostics, wishes);
    Answer refusal;
    auto const paths = paths_asked(options, refusal);
    if (diagnostics.failed() || !paths) return std::nullopt;
    auto const run =
        outcomes(system, program, asked, draws_of(system, program, paths->settings.sample),
                 paths->range, paths->settings.threads, paths->settings.block);
    PathValues values;
    for (std::size_t i = 0; i < count; ++i)
        values.emplace_back(run->column(i), run->column(i) + run->paths());
    return values;
}

void explain_on_paths(Comparison& result, PathRunner const& run, PathValues const& before,
                      PathValues const& after) {
    for (ChangedGroup& group : result.groups) group.on_paths.clear();
    bool const told =
        result.shapley ? shapley_on_paths(run, result) : in_order_on_paths(run, before, result);
    if (!told) {
        for (ChangedGroup& group : result.groups) group.on_paths.clear();
        return;
    }
    for (std::size_t i = 0; i < result.explained; ++i) {
        std::vector<double> change(before[i].size(), 0);
        add_weighted(change, 1, after[i], before[i]);
        result.change_on_paths.push_back(estimate_of(change));
        double left = result.change_on_paths.back().mean;
        for (ChangedGroup const& group : result.groups) left -= group.on_paths[i].mean;
        result.rest_on_paths.push_back(left);
    }
}

} // namespace perpetuum
