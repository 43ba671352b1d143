// The fewest deals without which nobody else fails. Branch and bound: a set is looked at on the paths
// first that are hardest to stop, and left as soon as more of them fail than may; what is left so can
// not reach the share, so nothing is missed. All lanes are runs of one program, in which a path's
// number says which deals are cut.

#include "stress_cut.hpp"

#include "progress.hpp"
#include "stress_studies.hpp"
#include "tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

namespace perpetuum {

namespace {

constexpr std::uint64_t paths_of_search = 128, paths_of_check = 512;
constexpr std::uint64_t most_runs = 250'000, most_at_once = 1 << 15;
constexpr std::size_t most_cut = 10, paths_looked_at_once = 16;
constexpr double wanted_share = 0.9;

using DealSet = std::vector<std::size_t>; ///< places in the list of deals, rising

/// One run: a set of deals, a path of the sample.
struct CutRun {
    DealSet const* set = nullptr;
    std::size_t path = 0;
};

/// A sample's draws, each kept, so that a lane may take any path.
class KeptDraws {
  public:
    KeptDraws(Program const& program, DrawRows const& draws, std::uint64_t first,
              std::uint64_t paths, int steps)
        : paths_(paths) {
        for (std::size_t d = 0; d < program.draws.size(); ++d) {
            bool const often = program.draws[d].each_step;
            begins_.push_back(values_.size());
            often_.push_back(often);
            values_.resize(values_.size() + (often ? static_cast<std::size_t>(steps) : 1) * paths);
        }
        for (std::uint64_t group = 0; group < paths; group += 16) {
            auto const row = draws(first + group);
            for (std::size_t d = 0; d < begins_.size(); ++d)
                for (int step = often_[d] ? 1 : 0; step <= (often_[d] ? steps : 0); ++step)
                    row(d, step, values_.data() + place(d, step) + group, 16);
        }
    }
    double at(std::size_t draw, int step, std::size_t path) const {
        return values_[place(draw, step) + path];
    }

  private:
    std::uint64_t paths_;
    std::vector<std::size_t> begins_;
    std::vector<char> often_;
    std::vector<double> values_;
    std::size_t place(std::size_t draw, int step) const {
        return begins_[draw] + (often_[draw] ? static_cast<std::size_t>(step - 1) * paths_ : 0);
    }
};

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
        look_at(0, paths_of_search);
    }

    SmallestCut found() {
        SmallestCut cut;
        cut.all_deals = deals_.size();
        cut.paths = paths_.size();
        DealSet best;
        search(cut, best);
        cut.runs = runs_;
        cut.interrupted = interrupted_;
        for (std::size_t const deal : best) cut.deals.push_back(deals_[deal]);
        if (!interrupted_ && !best.empty()) {
            look_at(paths_of_search, paths_of_check);
            cut.share_elsewhere = share_of(failures_of({best}, paths_.size())[0]);
            cut.paths_elsewhere = paths_.size();
        }
        return cut;
    }

  private:
    StressSetting const& setting_;
    std::vector<std::string> deals_;
    System system_;
    OutcomesAsked asked_;
    Program program_;
    DrawRows draws_;
    std::vector<int> switch_of_; ///< by draw: which deal's switch; -1: none
    std::unique_ptr<KeptDraws> kept_;
    Outcomes without_;               ///< of the paths that are looked at
    std::vector<std::size_t> paths_; ///< of them, those that can be compared, the hardest first
    std::uint64_t runs_ = 0;
    bool interrupted_ = false;

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

    /// From now on these paths of the sample are meant: run without what happens, and kept.
    void look_at(std::uint64_t first, std::uint64_t count) {
        OutcomesAsked const base_asked = asked_of(setting_.base);
        Program const base = compiled(setting_.base, base_asked);
        without_ = *outcomes(setting_.base, base, base_asked,
                             draws_of(setting_.base, base, setting_.settings.sample),
                             {first, first + count}, setting_.settings.threads);
        kept_ = std::make_unique<KeptDraws>(program_, draws_, first, count, setting_.horizon);
        paths_.clear();
        for (std::size_t p = 0; p < count; ++p)
            if (without_.fit[p]) paths_.push_back(p);
    }

    /// One run after another, 64 lanes at once; whether a further firm fails (or the path stops).
    std::vector<char> fails(std::vector<CutRun> const& asked) {
        std::vector<char> all;
        for (std::size_t begin = 0; begin < asked.size() && !interrupted_; begin += most_at_once) {
            std::size_t const end = std::min<std::size_t>(asked.size(), begin + most_at_once);
            DrawRows const rows = [&](std::uint64_t first) -> DrawRow {
                return [this, &asked, end, from = begin + first](std::size_t draw, int step,
                                                                 double* row, int lanes) {
                    for (std::size_t i = 0; i < static_cast<std::size_t>(lanes); ++i)
                        row[i] = drawn(asked[std::min(end - 1, from + i)], draw, step);
                };
            };
            auto const found = outcomes(system_, program_, asked_, rows, {0, end - begin},
                                        setting_.settings.threads, 64, Interruptible::interrupted);
            interrupted_ = !found.has_value();
            for (std::size_t i = begin; found && i < end; ++i)
                all.push_back(further(*found, i - begin, asked[i].path));
        }
        runs_ += all.size();
        all.resize(asked.size(), 1);
        return all;
    }
    double drawn(CutRun const& run, std::size_t draw, int step) const {
        int const deal = switch_of_[draw];
        if (deal < 0) return kept_->at(draw, step, run.path);
        return std::binary_search(run.set->begin(), run.set->end(), at(deal)) ? 1 : 0;
    }
    bool further(Outcomes const& found, std::size_t place, std::size_t path) const {
        if (!found.fit[place]) return true;
        std::vector<int> const& hit = setting_.hit.firms;
        for (std::size_t f = 0; f < asked_.keeping.firms.size(); ++f)
            if (found.defaults(f)[place] > 0 && without_.defaults(f)[path] == 0 &&
                !std::binary_search(hit.begin(), hit.end(), asked_.keeping.firms[f]))
                return true;
        return false;
    }

    /// On how many paths of each set a further firm fails; once more than `most` do, a set is left, and
    /// what is told of it is only that it is more.
    std::vector<std::size_t> failures_of(std::vector<DealSet> const& sets, std::size_t most) {
        std::vector<std::size_t> failures(sets.size(), 0), left(sets.size());
        std::iota(left.begin(), left.end(), std::size_t{0});
        for (std::size_t begin = 0; begin < paths_.size(); begin += paths_looked_at_once) {
            std::size_t const end = std::min(paths_.size(), begin + paths_looked_at_once);
            std::vector<CutRun> asked;
            for (std::size_t const s : left)
                for (std::size_t p = begin; p < end; ++p) asked.push_back({&sets[s], paths_[p]});
            auto const failed = fails(asked);
            std::size_t place = 0;
            for (std::size_t const s : left)
                for (std::size_t p = begin; p < end; ++p) failures[s] += failed[place++] != 0;
            std::erase_if(left, [&](std::size_t s) { return failures[s] > most; });
        }
        return failures;
    }
    double share_of(std::size_t failures) const {
        return paths_.empty()
                   ? 0
                   : 1 - static_cast<double>(failures) / static_cast<double>(paths_.size());
    }
    std::size_t may_fail() const {
        auto const count = static_cast<double>(paths_.size());
        return static_cast<std::size_t>(std::floor(count - wanted_share * count + 1e-9));
    }

    /// By failures of single deals, every one on every path; the hardest paths first from now on.
    std::vector<std::size_t> try_singles(std::vector<DealSet> const& singles) {
        std::vector<CutRun> asked;
        for (DealSet const& set : singles)
            for (std::size_t const path : paths_) asked.push_back({&set, path});
        auto const failed = fails(asked);
        std::vector<std::size_t> by_deal(singles.size(), 0), by_path(without_.paths(), 0);
        for (std::size_t i = 0; i < failed.size(); ++i) {
            by_deal[i / paths_.size()] += failed[i] != 0;
            by_path[asked[i].path] += failed[i] != 0;
        }
        std::stable_sort(paths_.begin(), paths_.end(),
                         [&](std::size_t a, std::size_t b) { return by_path[a] > by_path[b]; });
        return by_deal;
    }

    bool take_best(std::vector<DealSet> const& sets, std::vector<std::size_t> const& failures,
                   SmallestCut& cut, DealSet& best) const {
        if (interrupted_ || sets.empty()) return false;
        auto const top = std::min_element(failures.begin(), failures.end()) - failures.begin();
        auto const place = static_cast<std::size_t>(top);
        best = sets[place];
        cut.share = share_of(failures[place]);
        return cut.reached = failures[place] <= may_fail();
    }

    void search(SmallestCut& cut, DealSet& best) {
        if (deals_.empty() || paths_.empty()) return;
        std::size_t const before = failures_of({{}}, paths_.size())[0];
        cut.before = cut.share = share_of(before);
        cut.reached = before <= may_fail();
        if (cut.reached || interrupted_) return;
        std::vector<DealSet> singles;
        for (std::size_t d = 0; d < deals_.size(); ++d) singles.push_back({d});
        auto const one = try_singles(singles);
        if (take_best(singles, one, cut, best)) return;
        std::vector<std::size_t> order(deals_.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::stable_sort(order.begin(), order.end(),
                         [&](std::size_t a, std::size_t b) { return one[a] < one[b]; });
        cut.proved = 1;
        for (std::size_t size = 2; size <= 3 && !interrupted_; ++size) {
            std::size_t const among = that_can_be_tried(size);
            if (among < size) break;
            auto const sets =
                sets_of({order.begin(), order.begin() + static_cast<std::ptrdiff_t>(among)}, size);
            DealSet candidate;
            SmallestCut found;
            if (take_best(sets, failures_of(sets, may_fail()), found, candidate)) {
                best = candidate;
                cut.share = found.share;
                cut.reached = true;
                if (cut.proved + 1 < size || among < deals_.size()) cut.among = among;
                return;
            }
            if (among == deals_.size() && cut.proved + 1 == size) cut.proved = size;
        }
        add_deals(cut, best);
    }

    /// How many of the deals may go into sets of a size, within what is left to run: each set costs as
    /// many runs as paths are looked at first.
    std::size_t that_can_be_tried(std::size_t size) const {
        double sets = 0;
        double const most = static_cast<double>(most_runs - std::min(most_runs, runs_)) / 2 /
                            static_cast<double>(paths_looked_at_once);
        for (std::size_t n = size; n <= deals_.size(); ++n) {
            sets = 1;
            for (std::size_t k = 0; k < size; ++k)
                sets *= static_cast<double>(n - k) / static_cast<double>(k + 1);
            if (sets > most) return n - 1;
        }
        return deals_.size();
    }

    static std::vector<DealSet> sets_of(std::vector<std::size_t> from, std::size_t size) {
        std::sort(from.begin(), from.end());
        std::vector<DealSet> sets{{}};
        for (std::size_t k = 0; k < size; ++k) {
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

    /// One deal more at a time, whichever helps most.
    void add_deals(SmallestCut& cut, DealSet& best) {
        cut.by_adding = true;
        while (!cut.reached && !interrupted_ && best.size() < std::min(most_cut, deals_.size()) &&
               runs_ < most_runs) {
            std::vector<DealSet> next;
            for (std::size_t d = 0; d < deals_.size(); ++d) {
                if (std::binary_search(best.begin(), best.end(), d)) continue;
                next.push_back(best);
                next.back().push_back(d);
                std::sort(next.back().begin(), next.back().end());
            }
            take_best(next, failures_of(next, paths_.size()), cut, best);
        }
    }
};

std::string how_sure(SmallestCut const& cut) {
    std::string const all = count_of(cut.all_deals, "deal");
    if (cut.deals.size() == 1 && cut.reached) return "each of " + all + " was tried alone";
    std::string const proved =
        cut.proved == 1 ? "no single one of " + all + " does" : "no pair of " + all + " does";
    if (cut.complete()) return "no fewer do: " + proved;
    if (cut.by_adding)
        return proved + "; this one was found by adding one deal at a time, so fewer may do";
    return proved + fmt::format("; larger sets were tried of the {} that help most alone, so "
                                "fewer may do",
                                cut.among);
}

} // namespace

SmallestCut smallest_cut(StressSetting const& setting) {
    Interruptible const interruptible;
    return CutSearch(setting).found();
}

std::string cut_as_text(SmallestCut const& cut) {
    if (cut.interrupted) return "\nsmallest cut: interrupted while looking for it\n";
    if (cut.deals.empty())
        return fmt::format("\nnothing needs to be cut: no further firm fails on {:.0f} % of the "
                           "paths\n",
                           100 * cut.before);
    std::string names;
    for (std::string const& deal : cut.deals)
        names += (names.empty() ? "" : ", ") + printable(deal);
    std::string const elsewhere =
        fmt::format("on {} others {:.0f} %", cut.paths_elsewhere, 100 * cut.share_elsewhere);
    if (!cut.reached)
        return fmt::format("\nsmallest cut: none is found that stops further failures on {:.0f} % "
                           "of {} paths: the best, {}, reaches {:.0f} %, {}; without any it is "
                           "{:.0f} %; {}\n",
                           100 * wanted_share, cut.paths, names, 100 * cut.share, elsewhere,
                           100 * cut.before, how_sure(cut));
    return fmt::format("\nsmallest cut: without {} no further firm fails on {:.0f} % of {} paths "
                       "(with {}: {:.0f} %), {}; {}\n",
                       names, 100 * cut.share, cut.paths, cut.deals.size() == 1 ? "it" : "them",
                       100 * cut.before, elsewhere, how_sure(cut));
}

} // namespace perpetuum
