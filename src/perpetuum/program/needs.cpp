// Reachability from what is asked for: the payments, and the cells that readers want.

#include "needs.hpp"

#include <algorithm>

namespace perpetuum {

namespace {

std::size_t index(int id) { return static_cast<std::size_t>(id); }

class Search {
  public:
    Search(System const& flat, Lowered const& terms, Sequence const& sequence)
        : lowered_(terms), sequence_(sequence), block_of_(flat.cells.size(), nullptr) {
        needs_.term.assign(index(terms.pool.size()), 0);
        needs_.wanted.assign(flat.cells.size(), 0);
        needs_.torn.assign(flat.cells.size(), 0);
        needs_.lags.assign(flat.cells.size(), 0);
        needs_.memory.assign(flat.cells.size(), 0);
        for (auto const* list : {&sequence.plans, &sequence.results})
            for (Component const& component : *list)
                for (CellId const cell : sequence.torn(component))
                    block_of_[index(cell)] = &component;
    }

    void want(CellId cell) {
        needs_.wanted[index(cell)] = 1;
        ask(lowered_.value[index(cell)]);
        ask(lowered_.start[index(cell)]);
    }
    void read(CellId cell) { ask(lowered_.value[index(cell)]); }
    void read_last(CellId cell) { look_back(cell, 1); }

    Needs finish() {
        while (!work_.empty()) {
            TermId const id = work_.back();
            work_.pop_back();
            visit(lowered_.pool[id]);
        }
        return std::move(needs_);
    }

  private:
    Lowered const& lowered_;
    Sequence const& sequence_;
    std::vector<Component const*> block_of_;
    Needs needs_;
    std::vector<TermId> work_;

    void ask(TermId id) {
        if (id < 0 || needs_.term[index(id)]) return;
        needs_.term[index(id)] = 1;
        work_.push_back(id);
    }

    void look_back(CellId cell, int lag) {
        int& lags = needs_.lags[index(cell)];
        bool const first = lags == 0;
        lags = std::max(lags, lag);
        if (!first) return;
        ask(lowered_.value[index(cell)]);
        ask(lowered_.start[index(cell)]);
    }

    void visit(Term const& term) {
        for (TermId const argument : term.arguments) ask(argument);
        if (term.type == TermType::apply && term.cell >= 0) {
            needs_.memory[index(term.cell)] = 1;
            ask(lowered_.start[index(term.cell)]);
        }
        if (term.type != TermType::leaf) return;
        if (term.lag > 0 && term.rate == Rate::varying) look_back(term.cell, term.lag);
        if (term.lag > 0 && term.rate == Rate::uniform) ask(lowered_.value[index(term.cell)]);
        if (term.lag == 0 && block_of_[index(term.cell)]) solve_for(*block_of_[index(term.cell)]);
    }

    void solve_for(Component const& block) {
        for (CellId const cell : sequence_.torn(block)) {
            needs_.torn[index(cell)] = 1;
            ask(lowered_.value[index(cell)]);
            ask(lowered_.image[index(cell)]);
            if (lowered_.direct[index(cell)] < 0) look_back(cell, 1);
        }
    }
};

} // namespace

Needs needs_of(System const& system, ClearedFlows const& flows, Lowered const& lowered,
               Sequence const& sequence, CompileOptions const& options) {
    Search search(system, lowered, sequence);
    if (options.wanted.empty())
        for (std::size_t i = 0; i < system.cells.size(); ++i) search.want(static_cast<CellId>(i));
    for (CellId const cell : options.wanted) search.want(cell);
    for (auto const* list : {&flows.payments, &flows.guarantees, &flows.costs})
        for (int const flow : *list) search.read(system.flows[index(flow)].owed);
    if (!flows.payments.empty())
        for (std::size_t e = 0; e < system.entities.size(); ++e) {
            CellId const cash = system.balance(static_cast<int>(e), 0);
            bool const limited = !system.entities[e].outside && !system.entities[e].supported;
            if (cash >= 0 && limited) search.read_last(cash);
        }
    return search.finish();
}

} // namespace perpetuum
