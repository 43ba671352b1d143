// All uniform terms that the tables rest on, step after step.

#include "tables.hpp"

#include <algorithm>

namespace perpetuum {

namespace {

std::size_t index(int id) { return static_cast<std::size_t>(id); }

/// Uniform terms that `roots` rest on, through lags too; arguments first within a step.
std::vector<TermId> resting(Lowered const& lowered, std::vector<TermId> const& roots) {
    Pool const& pool = lowered.pool;
    std::vector<char> seen(index(pool.size()), 0);
    std::vector<TermId> work = roots, found;
    while (!work.empty()) {
        TermId const id = work.back();
        work.pop_back();
        if (id < 0 || seen[index(id)]) continue;
        seen[index(id)] = 1;
        Term const& term = pool[id];
        if (term.rate != Rate::uniform) continue;
        found.push_back(id);
        for (TermId const argument : term.arguments) work.push_back(argument);
        if (term.type == TermType::leaf && term.lag > 0)
            work.push_back(lowered.value[index(term.cell)]);
    }
    std::sort(found.begin(), found.end());
    return found;
}

class Evaluation {
  public:
    Evaluation(System const& flat, Lowered const& terms, std::vector<TermId> const& roots)
        : system_(flat), lowered_(terms), terms_(resting(terms, roots)),
          number_(index(terms.pool.size()), -1),
          history_(terms_.size() * (static_cast<std::size_t>(flat.steps) + 1)) {
        for (std::size_t i = 0; i < terms_.size(); ++i)
            number_[index(terms_[i])] = static_cast<int>(i);
    }

    void advance(int step) {
        for (std::size_t i = 0; i < terms_.size(); ++i)
            history_[index(step) * terms_.size() + i] = compute(terms_[i], step);
    }

    double value(TermId id, int step) const {
        Term const& term = lowered_.pool[id];
        if (term.rate == Rate::constant) return term.value;
        return history_[index(step) * terms_.size() + index(number_[index(id)])];
    }

  private:
    System const& system_;
    Lowered const& lowered_;
    std::vector<TermId> terms_;
    std::vector<int> number_; ///< by term
    std::vector<double> history_;

    double compute(TermId id, int step) const {
        Term const& term = lowered_.pool[id];
        if (term.type == TermType::time) return system_.start.months + step * system_.step_months;
        if (term.type == TermType::leaf) {
            int const then = step - term.lag;
            if (then <= 0) return lowered_.pool[lowered_.start[index(term.cell)]].value;
            Cell const& cell = system_.cells[index(term.cell)];
            if (cell.type == CellType::series) return cell.steps[index(then - 1)];
            return value(lowered_.value[index(term.cell)], then);
        }
        std::array<double, 3> in{};
        for (std::size_t i = 0; i < 3; ++i)
            if (term.arguments[i] >= 0) in[i] = value(term.arguments[i], step);
        return lowered_.pool.evaluate(term.operation, in[0], in[1], in[2], step);
    }
};

} // namespace

std::vector<double> tables_of(System const& system, Lowered const& lowered,
                              std::vector<TermId> const& terms) {
    Evaluation evaluation(system, lowered, terms);
    std::vector<double> tables;
    tables.reserve(terms.size() * static_cast<std::size_t>(system.steps));
    for (int step = 1; step <= system.steps; ++step) {
        evaluation.advance(step);
        for (TermId const term : terms) tables.push_back(evaluation.value(term, step));
    }
    return tables;
}

} // namespace perpetuum
