// What moved between two runs, and how much of it each group of changed figures brings about.

#include "compare.hpp"
#include "labels.hpp"
#include "paths.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

namespace perpetuum {

namespace {

constexpr std::size_t most_explained = 5; ///< movers that shares are given for
constexpr std::size_t most_groups = 120;  ///< each costs two runs
constexpr std::size_t most_named = 12;    ///< the rest is one sum
constexpr std::size_t most_of_shapley = 6;
char const* const not_figures = "what ends or fails";

using Values = std::vector<double>;

std::map<std::string, double> values_of(CentralRun const& run, int last) {
    std::map<std::string, double> values;
    for (FirmResult const& firm : results_of(run, 1, last)) {
        values[firm.firm + ".revenue"] = firm.revenue;
        values[firm.firm + ".profit"] = firm.profit;
        values[firm.firm + ".cash"] = firm.cash;
        values[firm.firm + ".debt"] = firm.debt;
    }
    return values;
}

std::vector<Mover> movers_between(std::map<std::string, double> const& before,
                                  std::map<std::string, double> const& after) {
    std::vector<Mover> movers;
    auto all = before;
    all.insert(after.begin(), after.end());
    for (auto const& [name, value] : all) {
        auto const dot = name.rfind('.');
        auto const at = [&](auto const& map) {
            auto const found = map.find(name);
            return found == map.end() ? 0.0 : found->second;
        };
        Mover const mover{name.substr(0, dot), name.substr(dot + 1), at(before), at(after)};
        if (std::abs(mover.change()) >= 1) movers.push_back(mover);
    }
    std::stable_sort(movers.begin(), movers.end(), [](Mover const& a, Mover const& b) {
        return std::abs(a.change()) > std::abs(b.change());
    });
    return movers;
}

/// Runs of the first book with some groups as in the second.
class Switchboard {
  public:
    Switchboard(ComparedSide const& from, ComparedSide const& to, int steps, int last,
                std::vector<Mover> const& movers, std::size_t explained)
        : from_(from), to_(to), steps_(steps), last_(last) {
        for (std::size_t i = 0; i < explained; ++i)
            names_.push_back(movers[i].firm + "." + movers[i].quantity);
    }
    /// The movers' values; nothing where the mixture cannot be run.
    std::optional<Values> with(std::vector<std::string> const& groups) const {
        bool ends = false;
        Book const book = mixed(groups, ends);
        Reading const& side = ends ? to_.reading : from_.reading;
        std::string problem;
        auto const run =
            run_central(book, from_.reading, steps_, side.scenario, side.ended_deals, problem);
        if (!run) return std::nullopt;
        auto const values = values_of(*run, last_);
        Values list;
        for (std::string const& name : names_) {
            auto const found = values.find(name);
            list.push_back(found == values.end() ? 0 : found->second);
        }
        return list;
    }
    /// The same on many paths.
    std::optional<PathValues> on_paths(std::vector<std::string> const& groups,
                                       std::vector<Mover> const& movers,
                                       Options const& options) const {
        bool ends = false;
        Book const book = mixed(groups, ends);
        Reading const& side = ends ? to_.reading : from_.reading;
        return values_on_paths(book, from_.reading, side.scenario, side.ended_deals, steps_, last_,
                               movers, names_.size(), options);
    }

  private:
    ComparedSide const &from_, &to_;
    int steps_, last_;
    std::vector<std::string> names_;

    /// `ends`: also what ends or fails is that of the second side.
    Book mixed(std::vector<std::string> const& groups, bool& ends) const {
        Book book = from_.reading.book;
        for (std::string const& group : groups) {
            if (group == not_figures)
                ends = true;
            else
                switch_group(book, to_.reading.book, group);
        }
        if (ends) book.scenarios = to_.reading.book.scenarios;
        return book;
    }
};

Values less(Values const& a, Values const& b) {
    Values difference;
    for (std::size_t i = 0; i < a.size(); ++i) difference.push_back(a[i] - b[i]);
    return difference;
}

/// How much a group alone moves, each mover measured by its whole change.
double size_of(Values const& change, std::vector<Mover> const& movers) {
    double size = 0;
    for (std::size_t i = 0; i < change.size(); ++i)
        size += std::abs(change[i]) / std::abs(movers[i].change());
    return size;
}

/// Each group's share is its mean effect over all orders of switching.
bool share_by_shapley(Switchboard const& board, std::vector<ChangedGroup>& groups) {
    std::size_t const n = groups.size();
    std::vector<Values> of_set;
    for (unsigned set = 0; set < 1u << n; ++set) {
        std::vector<std::string> names;
        for (std::size_t g = 0; g < n; ++g)
            if (set >> g & 1) names.push_back(groups[g].name);
        auto const values = board.with(names);
        if (!values) return false;
        of_set.push_back(*values);
    }
    std::vector<double> factorial{1};
    for (std::size_t i = 1; i <= n; ++i)
        factorial.push_back(factorial.back() * static_cast<double>(i));
    for (std::size_t g = 0; g < n; ++g) {
        groups[g].shares.assign(of_set[0].size(), 0);
        for (unsigned set = 0; set < 1u << n; ++set) {
            if (set >> g & 1) continue;
            auto const size = static_cast<std::size_t>(std::popcount(set));
            double const weight = factorial[size] * factorial[n - size - 1] / factorial[n];
            for (std::size_t i = 0; i < of_set[0].size(); ++i)
                groups[g].shares[i] += weight * (of_set[set | 1u << g][i] - of_set[set][i]);
        }
    }
    return true;
}

/// One after another, the one that alone moves most before the others.
void share_in_order(Switchboard const& board, Values const& start, std::vector<Mover> const& movers,
                    std::vector<ChangedGroup>& groups) {
    std::vector<std::pair<double, std::size_t>> order;
    for (std::size_t g = 0; g < groups.size(); ++g) {
        auto const alone = board.with({groups[g].name});
        groups[g].alone = alone.has_value();
        if (alone) order.emplace_back(-size_of(less(*alone, start), movers), g);
    }
    std::stable_sort(order.begin(), order.end());
    std::vector<ChangedGroup> named;
    std::vector<std::string> switched;
    Values at = start;
    for (auto const& [size, g] : order) {
        if (named.size() >= most_named || size == 0) break;
        switched.push_back(groups[g].name);
        auto const next = board.with(switched);
        if (!next) {
            switched.pop_back();
            continue;
        }
        groups[g].shares = less(*next, at);
        at = *next;
        named.push_back(groups[g]);
    }
    groups = std::move(named);
}

/// Shares of paths on which each firm has defaulted, in the order of their names.
std::map<std::string, double> chances_of(ComparedSide const& side, Options const& options,
                                         int steps) {
    std::map<std::string, double> chances;
    InstanceOptions under;
    under.scenario = side.reading.scenario;
    under.ended_deals = side.reading.ended_deals;
    under.draw_chances = true;
    under.steps = steps;
    Diagnostics diagnostics = side.reading.diagnostics;
    System const system = instantiate(side.reading.book, side.reading.model, under, diagnostics);
    OutcomesAsked asked;
    asked.keeping = keeping_of(system, {});
    CompileOptions wishes;
    wishes.wanted = wanted_by(system, asked.keeping);
    if (diagnostics.failed() || asked.keeping.firms.empty()) return chances;
    Program const program = compile(system, diagnostics, wishes);
    Answer refusal;
    auto const paths = paths_asked(options, refusal);
    if (diagnostics.failed() || !paths) return chances;
    auto const run =
        outcomes(system, program, asked, draws_of(system, program, paths->settings.sample),
                 paths->range, paths->settings.threads, paths->settings.block);
    double fit = 0;
    for (auto const one : run->fit) fit += one;
    for (std::size_t f = 0; f < asked.keeping.firms.size(); ++f) {
        double count = 0;
        for (std::size_t p = 0; p < run->paths(); ++p)
            count += run->fit[p] && run->defaults(f)[p] > 0;
        auto const firm = static_cast<std::size_t>(asked.keeping.firms[f]);
        chances[system.entities[firm].id] = fit > 0 ? count / fit : 0;
    }
    return chances;
}

void add_chances(Comparison& result, ComparedSide const& from, ComparedSide const& to,
                 Options const& options, int steps) {
    if (options.many.paths == 0) return;
    auto const before = chances_of(from, options, steps), after = chances_of(to, options, steps);
    result.paths = options.many.paths;
    for (auto const& [firm, chance] : after) {
        auto const other = before.find(firm);
        double const was = other == before.end() ? 0 : other->second;
        if (was > 0 || chance > 0) result.chances.push_back({firm, was, chance});
    }
    std::stable_sort(result.chances.begin(), result.chances.end(),
                     [](auto const& a, auto const& b) {
                         return std::abs(a.after - a.before) > std::abs(b.after - b.before);
                     });
}

/// Firms that a side's scenario lets fail.
std::vector<std::string> failures_of(ComparedSide const& side) {
    for (Scenario const& scenario : side.reading.book.scenarios)
        if (scenario.id == side.reading.scenario) return scenario.fail;
    return {};
}

/// With --paths: the same shares over paths.
void explain_many(Comparison& result, Switchboard const& board, ComparedSide const& to, int steps,
                  int last, Options const& options) {
    if (options.many.paths == 0) return;
    auto const run = [&](std::vector<std::string> const& groups) {
        return board.on_paths(groups, result.movers, options);
    };
    auto const before = run({});
    auto const after =
        values_on_paths(to.reading.book, to.reading, to.reading.scenario, to.reading.ended_deals,
                        steps, last, result.movers, result.explained, options);
    if (before && after) explain_on_paths(result, run, *before, *after);
}

void explain_movers(Comparison& result, ComparedSide const& from, ComparedSide const& to, int steps,
                    int last, Options const& options) {
    for (auto& [name, figures] : changed_groups(from.reading.book, to.reading.book))
        result.groups.push_back({name, figures, {}, true, {}});
    if (failures_of(from) != failures_of(to) || from.reading.ended_deals != to.reading.ended_deals)
        result.groups.push_back({not_figures, to.reading.ended_deals, {}, true, {}});
    result.changed_groups = result.groups.size();
    result.explained = std::min(most_explained, result.movers.size());
    if (result.explained == 0) return result.groups.clear();
    if (result.groups.size() > most_groups) {
        result.why_no_shares = fmt::format("{} groups of figures differ: more than {}",
                                           result.groups.size(), most_groups);
        return;
    }
    Switchboard const board(from, to, steps, last, result.movers, result.explained);
    auto const start = board.with({});
    if (!start) return;
    result.shapley =
        result.groups.size() <= most_of_shapley && share_by_shapley(board, result.groups);
    if (!result.shapley) share_in_order(board, *start, result.movers, result.groups);
    for (std::size_t i = 0; i < result.explained; ++i) {
        double left = result.movers[i].change();
        for (ChangedGroup const& group : result.groups) left -= group.shares[i];
        result.rest.push_back(left);
    }
    explain_many(result, board, to, steps, last, options);
    if (result.shapley)
        std::stable_sort(result.groups.begin(), result.groups.end(),
                         [&](ChangedGroup const& a, ChangedGroup const& b) {
                             return size_of(a.shares, result.movers) >
                                    size_of(b.shares, result.movers);
                         });
}

/// What is nowhere in the second book is called as in the first.
void add_labels(Comparison& result, Reading const& from, Reading const& to) {
    auto const label_of = [&](std::string const& id) {
        return label_of_entity(to.book.entity(id) ? to.book : from.book, id);
    };
    for (Mover& mover : result.movers) mover.label = label_of(mover.firm);
    for (Comparison::Chance& chance : result.chances) chance.label = label_of(chance.firm);
    for (ChangedGroup& group : result.groups) {
        std::string const& name = group.figures.size() == 1 ? group.figures[0] : group.name;
        bool const gone = name.starts_with("deal.") && !to.book.deal(group.name.substr(5));
        group.label = label_of_figure(gone ? from : to, name);
    }
}

} // namespace

std::optional<Comparison> compare_sides(ComparedSide& from, ComparedSide& to,
                                        Options const& options, std::string& problem) {
    auto const run_of = [&](ComparedSide const& side, int steps) {
        return run_central(side.reading.book, side.reading, steps, side.reading.scenario,
                           side.reading.ended_deals, problem);
    };
    auto const before = run_of(from, options.steps), after = run_of(to, options.steps);
    if (!before || !after) return std::nullopt;
    bool const same_start = before->system.start == after->system.start;
    int const last = std::min(before->path.steps, after->path.steps);
    Comparison result;
    result.from = from.text, result.to = to.text;
    result.horizon =
        fmt::format("{} to {}", step_label(before->system, 1), step_label(before->system, last));
    result.movers = movers_between(values_of(*before, last), values_of(*after, last));
    if (!same_start)
        result.why_no_shares = "they do not start on the same day";
    else
        explain_movers(result, from, to, before->system.steps, last, options);
    add_chances(result, from, to, options, options.steps);
    add_labels(result, from.reading, to.reading);
    return result;
}

} // namespace perpetuum
