// The fewest deals without which nobody else fails. All sets run as one program, in which a path's
// number says which deals are cut: the same draws for every set.

#include "progress.hpp"
#include "stress_studies.hpp"
#include "tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace perpetuum {

namespace {

constexpr std::uint64_t paths_of_a_set = 128, most_paths_at_once = 1 << 16;
constexpr std::size_t searched_together = 14, most_cut = 10;
constexpr double wanted_share = 0.9;

using DealSet = std::vector<std::size_t>; ///< places in the list of deals, rising

class CutSearch {
  public:
    explicit CutSearch(StressSetting const& setting)
        : setting_(setting), deals_(deals_that_run(setting.shocked)),
          system_(with_cut_switches(setting.shocked, deals_, first_step(setting))),
          asked_(asked_of(system_)), program_(compiled(system_, asked_)),
          draws_(draws_of(system_, program_, setting.settings.sample)),
          switch_of_(program_.draws.size(), -1) {
        for (std::size_t d = 0; d < program_.draws.size(); ++d) {
            auto const& name = system_.cells[at(program_.draws[d].cell)].name;
            for (std::size_t i = 0; i < deals_.size(); ++i)
                if (name == "#cut." + deals_[i]) switch_of_[d] = static_cast<int>(i);
        }
        OutcomesAsked const base_asked = asked_of(setting.base);
        Program const base = compiled(setting.base, base_asked);
        without_ = *outcomes(setting.base, base, base_asked,
                             draws_of(setting.base, base, setting.settings.sample),
                             {0, paths_of_a_set}, setting.settings.threads);
    }

    std::string told() {
        double const before = stopped({{}})[0];
        if (before >= wanted_share)
            return fmt::format(
                "\nnothing needs to be cut: no further firm fails on {:.0f} % of the "
                "paths\n",
                100 * before);
        std::vector<DealSet> singles;
        for (std::size_t d = 0; d < deals_.size(); ++d) singles.push_back({d});
        auto const one = stopped(singles);
        if (auto const found = best(singles, one)) return sentence(*found, before, true);
        std::vector<std::size_t> order(deals_.size());
        for (std::size_t d = 0; d < order.size(); ++d) order[d] = d;
        std::stable_sort(order.begin(), order.end(),
                         [&](std::size_t a, std::size_t b) { return one[a] > one[b]; });
        order.resize(std::min(order.size(), searched_together));
        std::sort(order.begin(), order.end());
        std::vector<DealSet> sets = singles;
        for (int size = 2; size <= 3; ++size) {
            sets = size == 2 ? larger({{}}, order, 2) : larger({{}}, order, 3);
            auto const shares = stopped(sets);
            if (auto const found = best(sets, shares)) return sentence(*found, before, true);
            auto const top = std::max_element(shares.begin(), shares.end()) - shares.begin();
            if (size == 3 && !sets.empty())
                return greedy(sets[static_cast<std::size_t>(top)], before);
        }
        return greedy({}, before);
    }

  private:
    struct Found {
        DealSet set;
        double share = 0;
    };
    StressSetting const& setting_;
    std::vector<std::string> deals_;
    System system_;
    OutcomesAsked asked_;
    Program program_;
    DrawRows draws_;
    std::vector<int> switch_of_; ///< by draw: which deal's switch; -1: none
    Outcomes without_;

    static std::size_t at(int id) { return static_cast<std::size_t>(id); }

    static std::vector<std::string> deals_that_run(System const& system) {
        std::set<std::string> deals;
        for (SystemContract const& contract : system.contracts)
            if (contract.runs) deals.insert(contract.deal);
        return {deals.begin(), deals.end()};
    }
    static int first_step(StressSetting const& setting) {
        int first = setting.base.steps;
        for (Shock const& shock : setting.shocks) first = std::min(first, shock.step);
        return setting.shocks.empty() ? 1 : first;
    }
    OutcomesAsked asked_of(System const& system) const {
        OutcomesAsked asked;
        asked.keeping = keeping_of(system, {});
        asked.keeping.checks.clear();
        asked.keeping.audit = false;
        asked.last_step = setting_.horizon;
        return asked;
    }
    static Program compiled(System const& system, OutcomesAsked const& asked) {
        CompileOptions options;
        options.wanted = wanted_by(system, asked.keeping);
        Diagnostics diagnostics;
        Program program = compile(system, diagnostics, options);
        if (diagnostics.failed()) throw BadInput{diagnostics.render()};
        return program;
    }

    /// Share of the paths on which, without the deals of a set, nobody fails who was not hit and
    /// would not have failed.
    std::vector<double> stopped(std::vector<DealSet> const& sets) {
        std::vector<double> shares;
        std::size_t const at_once = most_paths_at_once / paths_of_a_set;
        for (std::size_t begin = 0; begin < sets.size(); begin += at_once) {
            std::size_t const end = std::min(sets.size(), begin + at_once);
            DrawRows const rows = [&](std::uint64_t first) -> DrawRow {
                DealSet const& set = sets[begin + first / paths_of_a_set];
                DrawRow usual = draws_(first % paths_of_a_set);
                return [this, &set, usual = std::move(usual)](std::size_t draw, int step,
                                                              double* row, int lanes) {
                    int const deal = switch_of_[draw];
                    if (deal < 0) return usual(draw, step, row, lanes);
                    bool const cut = std::binary_search(set.begin(), set.end(), at(deal));
                    std::fill(row, row + lanes, cut ? 1.0 : 0.0);
                };
            };
            auto const found =
                outcomes(system_, program_, asked_, rows, {0, (end - begin) * paths_of_a_set},
                         setting_.settings.threads, 64, Interruptible::interrupted);
            if (!found) throw BadInput{"interrupted while looking for the smallest cut"};
            for (std::size_t s = 0; s < end - begin; ++s) shares.push_back(share_of(*found, s));
        }
        return shares;
    }

    double share_of(Outcomes const& found, std::size_t set) const {
        std::uint64_t fit = 0, stopped = 0;
        for (std::size_t p = 0; p < paths_of_a_set; ++p) {
            std::size_t const place = set * paths_of_a_set + p;
            if (!found.fit[place] || !without_.fit[p]) continue;
            ++fit;
            bool further = false;
            for (std::size_t f = 0; f < asked_.keeping.firms.size(); ++f) {
                bool const hit = std::binary_search(
                    setting_.hit.firms.begin(), setting_.hit.firms.end(), asked_.keeping.firms[f]);
                further = further ||
                          (!hit && found.defaults(f)[place] > 0 && without_.defaults(f)[p] == 0);
            }
            stopped += !further;
        }
        return fit == 0 ? 0 : static_cast<double>(stopped) / static_cast<double>(fit);
    }

    static std::vector<DealSet> larger(std::vector<DealSet> sets,
                                       std::vector<std::size_t> const& from, int size) {
        for (int k = 0; k < size; ++k) {
            std::vector<DealSet> next;
            for (DealSet const& set : sets)
                for (std::size_t const deal : from)
                    if (set.empty() || deal > set.back()) {
                        next.push_back(set);
                        next.back().push_back(deal);
                    }
            sets = std::move(next);
        }
        return sets;
    }

    static std::optional<Found> best(std::vector<DealSet> const& sets,
                                     std::vector<double> const& shares) {
        auto const top = std::max_element(shares.begin(), shares.end());
        if (top == shares.end() || *top < wanted_share) return std::nullopt;
        return Found{sets[static_cast<std::size_t>(top - shares.begin())], *top};
    }

    /// One deal more at a time, whichever helps most.
    std::string greedy(DealSet set, double before) {
        double reached = before;
        while (set.size() < most_cut && set.size() < deals_.size()) {
            std::vector<DealSet> next;
            for (std::size_t d = 0; d < deals_.size(); ++d) {
                if (std::binary_search(set.begin(), set.end(), d)) continue;
                next.push_back(set);
                next.back().push_back(d);
                std::sort(next.back().begin(), next.back().end());
            }
            auto const shares = stopped(next);
            auto const top = std::max_element(shares.begin(), shares.end());
            if (top == shares.end()) break;
            set = next[static_cast<std::size_t>(top - shares.begin())];
            reached = *top;
            if (reached >= wanted_share) return sentence({set, reached}, before, false);
        }
        return fmt::format(
            "\nno {} deals are found whose removal stops further failures on {:.0f} % "
            "of the paths: the best {} reach {:.0f} %, without any it is {:.0f} %\n",
            most_cut, 100 * wanted_share, set.size(), 100 * reached, 100 * before);
    }

    std::string sentence(Found const& found, double before, bool exact) const {
        std::string names;
        for (std::size_t const deal : found.set)
            names += (names.empty() ? "" : ", ") + printable(deals_[deal]);
        std::string const how =
            !exact ? "found by adding one deal at a time, so perhaps not the smallest"
            : found.set.size() == 1 ? "exact: every deal was tried"
            : deals_.size() <= searched_together
                ? "exact: every smaller set was tried"
                : fmt::format("exact among the {} deals that help most by themselves",
                              searched_together);
        return fmt::format(
            "\nsmallest cut: without {} no further firm fails on {:.0f} % of {} paths "
            "(with {}: {:.0f} %); {}\n",
            names, 100 * found.share, paths_of_a_set, found.set.size() == 1 ? "it" : "them",
            100 * before, how);
    }
};

} // namespace

std::string smallest_cut_as_text(StressSetting const& setting) {
    Interruptible const interruptible;
    return CutSearch(setting).told();
}

} // namespace perpetuum
