// Rows of what is asked for, step after step; then sums over windows, then which paths are fit.

#include "record.hpp"

#include <perpetuum/lanes.hpp>

#include <algorithm>
#include <cmath>

namespace perpetuum {

PERPETUUM_CLONES(void, record_series, double*, double const* const*, char const*, double const*,
                 int, int)
PERPETUUM_CLONES(void, record_check, double*, double const*, bool, double const*, int)
PERPETUUM_CLONES(void, record_default, int*, double const*, bool, int, int)
PERPETUUM_CLONES(void, record_window, double*, int, long, int)
PERPETUUM_CLONES(bool, record_numbers, double const*, long)

Record::Record(EnsembleSide const& side, int lanes)
    : side_(side), lanes_(static_cast<std::size_t>(lanes)),
      steps_(static_cast<std::size_t>(side.system->steps)),
      series_(side.keeping.series.size() + side.keeping.checks.size()),
      values_(series_ * steps_ * lanes_), first_default_(side.keeping.firms.size() * lanes_),
      problems_(lanes_), audit_(*side.system, lanes) {
    for (Series const& series : side.keeping.series)
        for (Series::Term const& term : series.terms) factors_.push_back(term.factor);
}

void Record::begin(PathBlock const& block) {
    std::fill(first_default_.begin(), first_default_.end(), 0);
    if (side_.keeping.audit) audit_.begin(block);
}

void Record::Rows::add(RowView view) {
    row.push_back(view.row);
    same.push_back(view.same);
}

Record::Found const& Record::found(PathBlock const& block) {
    if (found_in_ != &block) found_ = {};
    found_in_ = &block;
    Found& found = found_[static_cast<std::size_t>(block.step() & 1)];
    if (found.terms.row.size() + found.checks.row.size() + found.firms.row.size() > 0) return found;
    auto const& keeping = side_.keeping;
    for (Series const& series : keeping.series)
        for (Series::Term const& term : series.terms) found.terms.add(block.view(term.cell));
    for (CellId const check : keeping.checks) found.checks.add(block.view(check));
    for (int const firm : keeping.firms)
        found.firms.add(block.view(side_.system->defaulted[static_cast<std::size_t>(firm)]));
    return found;
}

void Record::look(PathBlock const& block) {
    int const step = block.step(), lanes = static_cast<int>(lanes_);
    auto const& keeping = side_.keeping;
    Found const& here = found(block);
    std::size_t first = 0;
    for (std::size_t s = 0; s < keeping.series.size(); ++s) {
        std::size_t const terms = keeping.series[s].terms.size();
        each_record_series(at(s, step), here.terms.row.data() + first,
                           here.terms.same.data() + first, factors_.data() + first,
                           static_cast<int>(terms), lanes);
        first += terms;
    }
    for (std::size_t c = 0; c < keeping.checks.size(); ++c) {
        std::size_t const row = keeping.series.size() + c;
        each_record_check(at(row, step), here.checks.row[c], here.checks.same[c] != 0,
                          step > 1 ? at(row, step - 1) : nullptr, lanes);
    }
    for (std::size_t f = 0; f < keeping.firms.size(); ++f)
        each_record_default(first_default_.data() + f * lanes_, here.firms.row[f],
                            here.firms.same[f] != 0, step, lanes);
    if (keeping.audit) audit_.look(block);
}

/// From the last step backwards: what goes into a sum is still there.
void Record::add_up_windows() {
    for (std::size_t s = 0; s < side_.keeping.series.size(); ++s) {
        int const window = std::max(1, side_.keeping.series[s].window);
        if (window == 1) continue;
        for (int step = static_cast<int>(steps_); step > 0; --step)
            each_record_window(at(s, step), std::min(window, step), static_cast<long>(lanes_),
                               static_cast<int>(lanes_));
    }
}

void Record::find_problems(PathBlock const& block, int paths) {
    auto const& cells = side_.system->cells;
    for (std::size_t lane = 0; lane < static_cast<std::size_t>(paths); ++lane) {
        std::string& problem = problems_[lane];
        problem.clear();
        Fault const& fault = block.faults()[lane];
        if (fault.step != 0)
            problem = (fault.cell < 0 ? std::string("the run")
                                      : cells[static_cast<std::size_t>(fault.cell)].name) +
                      " " + fault.what;
        else if (side_.keeping.audit && audit_.residual()[lane] != 0)
            problem = "the books do not add up";
    }
    auto const values = static_cast<long>(side_.keeping.series.size() * steps_ * lanes_);
    if (each_record_numbers(values_.data(), values)) return;
    for (std::size_t s = 0; s < side_.keeping.series.size(); ++s)
        for (int step = 1; step <= side_.system->steps; ++step)
            for (std::size_t i = 0; i < static_cast<std::size_t>(paths); ++i)
                if (std::isnan(row(s, step)[i]) && problems_[i].empty())
                    problems_[i] = side_.keeping.series[s].name + " is not a number";
}

void Record::finish(PathBlock const& block, int paths) {
    add_up_windows();
    find_problems(block, paths);
}

} // namespace perpetuum
