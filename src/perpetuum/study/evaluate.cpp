// Outputs of many paths: from the values and defaults that `outcomes` keeps; a share from the
// payments of each path, by the very tracing of `circularity`.

#include <perpetuum/study.hpp>

#include <perpetuum/circularity.hpp>
#include <perpetuum/ledger.hpp>
#include <perpetuum/threads.hpp>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>

namespace perpetuum {

namespace {

using Kind = StudyOutput::Kind;
constexpr double no_value = std::numeric_limits<double>::quiet_NaN();
constexpr std::uint64_t paths_of_a_share = 256; ///< their payments are held at once

/// Where outputs find their numbers among what is asked of each path.
struct Lookup {
    OutcomesAsked asked;
    std::vector<std::size_t> begins; ///< by output: its first column, or its firm
    std::vector<CellId> traced;      ///< cells whose values in all steps a share needs
    std::size_t first_traced = 0;    ///< column of the first one's start
};

bool traces(std::vector<StudyOutput> const& outputs) {
    return std::any_of(outputs.begin(), outputs.end(),
                       [](StudyOutput const& output) { return output.kind == Kind::share; });
}

Lookup look_up(System const& system, std::vector<StudyOutput> const& outputs) {
    Lookup lookup;
    OutcomesAsked& asked = lookup.asked;
    asked.keeping.audit = false;
    for (StudyOutput const& output : outputs) {
        lookup.begins.push_back(asked.columns.size());
        if (output.kind == Kind::growth) throw BadInput{"growth takes two runs: nudge_growth"};
        if (output.kind == Kind::share) continue;
        asked.last_step = std::max(asked.last_step, output.last);
        if (output.kind == Kind::defaults) {
            lookup.begins.back() = asked.keeping.firms.size();
            asked.keeping.firms.push_back(output.entity);
            continue;
        }
        int const first = output.kind == Kind::value ? output.last : output.first;
        for (int step = first; step <= output.last; ++step)
            asked.columns.push_back({asked.keeping.series.size(), step});
        asked.keeping.series.push_back(output.series);
    }
    if (!traces(outputs)) return lookup;
    asked.last_step = system.steps; // money bound to a purpose is free after its last use
    lookup.traced = cells_of_payments(system);
    lookup.first_traced = asked.columns.size();
    for (CellId const cell : lookup.traced) {
        for (int step = 0; step <= system.steps; ++step)
            asked.columns.push_back({asked.keeping.series.size(), step});
        asked.keeping.series.push_back({"", {{cell, 1}}, 1});
    }
    return lookup;
}

bool true_at(StudyOutput const& output, double value) {
    return output.above ? value > output.bound : value < output.bound;
}

double plain_value(StudyOutput const& output, std::size_t begin, Outcomes const& all,
                   std::size_t path) {
    if (output.kind == Kind::defaults) {
        int const step = all.defaults(begin)[path];
        return step > 0 && step <= output.last ? 1 : 0;
    }
    if (output.kind == Kind::value) return all.column(begin)[path];
    for (int step = output.first; step <= output.last; ++step)
        if (true_at(output,
                    all.column(begin + static_cast<std::size_t>(step - output.first))[path]))
            return output.kind == Kind::holds ? 1 : output.begin + step * output.step_length;
    return output.kind == Kind::holds ? 0 : output.begin + (output.last + 1) * output.step_length;
}

double share_of(FirmOrigin const& firm, int origin) {
    Split const* const splits[] = {&firm.circular,  &firm.own_money_back,  &firm.partners_money,
                                   &firm.customers, &firm.outside_capital, &firm.held_before};
    return splits[origin]->typical;
}

/// Takes one path after another through the tracing of `circularity`.
class Tracer {
  public:
    Tracer(StudyRun const& run, Lookup const& lookup) : run_(run), lookup_(lookup) {
        path_.steps = run.system->steps;
        path_.cells = run.system->cells.size();
        path_.values.resize(path_.cells * static_cast<std::size_t>(path_.steps + 1));
    }
    void trace(Outcomes const& all, std::size_t path, OutputValues& out, std::size_t place) {
        System const& system = *run_.system;
        std::size_t column = lookup_.first_traced;
        for (CellId const cell : lookup_.traced)
            for (int step = 0; step <= system.steps; ++step)
                path_.values[static_cast<std::size_t>(step) * path_.cells +
                             static_cast<std::size_t>(cell)] = all.column(column++)[path];
        PaymentSet const set = payments_of(system, path_, *run_.book);
        for (std::size_t o = 0; o < run_.outputs.size(); ++o) {
            StudyOutput const& output = run_.outputs[o];
            if (output.kind != Kind::share) continue;
            OriginOptions options;
            options.firms = {output.entity};
            options.bounds = options.readings = false;
            auto const firms = origins(set, output.first - 1, output.last - 1, options);
            out.values[o * out.paths() + place] = share_of(firms.at(0), output.origin);
        }
    }

  private:
    StudyRun const& run_;
    Lookup const& lookup_;
    Path path_;
};

void trace_all(StudyRun const& run, Lookup const& lookup, Outcomes const& all, OutputValues& out,
               std::size_t place) {
    std::atomic<std::size_t> next{0};
    auto const asked = static_cast<std::size_t>(std::max(run.threads, 1));
    run_on_threads(std::min(asked, all.paths()), [&](std::size_t) {
        Tracer tracer(run, lookup);
        for (std::size_t path = next++; path < all.paths(); path = next++)
            if (all.fit[path]) tracer.trace(all, path, out, place + path);
    });
}

/// From a piece's outcomes to its places among all.
void put_outputs(StudyRun const& run, Lookup const& lookup, Outcomes const& all,
                 OutputValues& out) {
    auto const place = static_cast<std::size_t>(all.range.begin - out.range.begin);
    for (std::size_t o = 0; o < run.outputs.size(); ++o) {
        if (run.outputs[o].kind == Kind::share) continue;
        double* const to = out.values.data() + o * out.paths() + place;
        for (std::size_t path = 0; path < all.paths(); ++path)
            to[path] =
                all.fit[path] ? plain_value(run.outputs[o], lookup.begins[o], all, path) : no_value;
    }
    if (!lookup.traced.empty()) trace_all(run, lookup, all, out, place);
    out.failed.merge(all.failed);
}

} // namespace

std::vector<CellId> wanted_by(System const& system, std::vector<StudyOutput> const& outputs) {
    std::vector<CellId> wanted;
    for (StudyOutput const& output : outputs) {
        for (Series::Term const& term : output.series.terms) wanted.push_back(term.cell);
        if (output.kind == Kind::defaults)
            wanted.push_back(system.defaulted[static_cast<std::size_t>(output.entity)]);
    }
    if (traces(outputs)) {
        auto const traced = cells_of_payments(system);
        wanted.insert(wanted.end(), traced.begin(), traced.end());
    }
    std::sort(wanted.begin(), wanted.end());
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    return wanted;
}

std::optional<OutputValues> evaluate(StudyRun const& run, DrawRows const& draws,
                                     Coverage::Range range, std::function<bool()> const& stop) {
    Lookup const lookup = look_up(*run.system, run.outputs);
    if (!lookup.traced.empty() && !run.book) throw BadInput{"a share needs the book"};
    OutputValues out;
    out.range = range;
    out.values.assign(run.outputs.size() * out.paths(), no_value);
    // A block's draws are told by its first path: it must not straddle two settings.
    int const block = run.block;
    if (block < 16 || range.begin % static_cast<std::uint64_t>(block) != 0)
        throw BadInput{"paths from " + std::to_string(range.begin) + " on are no blocks of " +
                       std::to_string(block)};
    std::uint64_t const piece =
        lookup.traced.empty()
            ? std::max<std::uint64_t>(64, out.paths())
            : paths_of_a_share * static_cast<std::uint64_t>(std::max(1, run.threads));
    for (std::uint64_t begin = range.begin; begin < range.end; begin += piece) {
        auto const all =
            outcomes(*run.system, *run.program, lookup.asked, draws,
                     {begin, std::min(range.end, begin + piece)}, run.threads, block, stop);
        if (!all) return std::nullopt;
        put_outputs(run, lookup, *all, out);
    }
    return out;
}

} // namespace perpetuum
