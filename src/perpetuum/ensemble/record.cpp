// Rows of what is asked for, step after step; then sums over windows, then which paths are fit.

#include "record.hpp"

#include <algorithm>
#include <cmath>

namespace perpetuum {

Record::Record(EnsembleSide const& side, int lanes)
    : side_(side), lanes_(static_cast<std::size_t>(lanes)),
      steps_(static_cast<std::size_t>(side.system->steps)),
      series_(side.keeping.series.size() + side.keeping.checks.size()),
      values_(series_ * steps_ * lanes_), first_default_(side.keeping.firms.size() * lanes_),
      problems_(lanes_), audit_(*side.system, lanes) {}

void Record::begin(PathBlock const& block) {
    std::fill(first_default_.begin(), first_default_.end(), 0);
    if (side_.keeping.audit) audit_.begin(block);
}

void Record::look(PathBlock const& block) {
    int const step = block.step();
    auto const& keeping = side_.keeping;
    for (std::size_t s = 0; s < keeping.series.size(); ++s) {
        double* const row = at(s, step);
        std::fill(row, row + lanes_, 0.0);
        for (Series::Term const& term : keeping.series[s].terms) {
            RowView const view = block.view(term.cell);
            for (std::size_t i = 0; i < lanes_; ++i)
                row[i] += view.row[view.same ? 0 : i] * term.factor;
        }
    }
    for (std::size_t c = 0; c < keeping.checks.size(); ++c) {
        RowView const view = block.view(keeping.checks[c]);
        double* const row = at(keeping.series.size() + c, step);
        double const* const before = step > 1 ? at(keeping.series.size() + c, step - 1) : nullptr;
        for (std::size_t i = 0; i < lanes_; ++i)
            row[i] = view[static_cast<int>(i)] == 1 && (!before || before[i] == 1) ? 1 : 0;
    }
    for (std::size_t f = 0; f < keeping.firms.size(); ++f) {
        auto const firm = static_cast<std::size_t>(keeping.firms[f]);
        RowView const view = block.view(side_.system->defaulted[firm]);
        int* const first = first_default_.data() + f * lanes_;
        for (std::size_t i = 0; i < lanes_; ++i)
            if (first[i] == 0 && view[static_cast<int>(i)] > 0) first[i] = step;
    }
    if (keeping.audit) audit_.look(block);
}

void Record::add_up_windows() {
    std::vector<double> steps(steps_);
    for (std::size_t s = 0; s < side_.keeping.series.size(); ++s) {
        auto const window = static_cast<std::size_t>(std::max(1, side_.keeping.series[s].window));
        if (window == 1) continue;
        for (std::size_t lane = 0; lane < lanes_; ++lane) {
            double* const first = at(s, 1) + lane;
            for (std::size_t k = 0; k < steps_; ++k) steps[k] = first[k * lanes_];
            for (std::size_t k = 0; k < steps_; ++k) {
                double sum = 0;
                for (std::size_t i = k + 1 > window ? k + 1 - window : 0; i <= k; ++i)
                    sum += steps[i];
                first[k * lanes_] = sum;
            }
        }
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
    for (std::size_t s = 0; s < side_.keeping.series.size(); ++s)
        for (int step = 1; step <= side_.system->steps; ++step) {
            double const* const values = row(s, step);
            double none = 0;
            for (std::size_t i = 0; i < lanes_; ++i) none += values[i] == values[i] ? 0.0 : 1.0;
            for (std::size_t i = 0; none > 0 && i < static_cast<std::size_t>(paths); ++i)
                if (std::isnan(values[i]) && problems_[i].empty())
                    problems_[i] = side_.keeping.series[s].name + " is not a number";
        }
}

void Record::finish(PathBlock const& block, int paths) {
    add_up_windows();
    find_problems(block, paths);
}

} // namespace perpetuum
