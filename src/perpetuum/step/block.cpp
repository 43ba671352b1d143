// One step of one block of paths: plans, clearing, results.

#include "state.hpp"

#include <algorithm>

namespace perpetuum {

PathBlock::State::State(System const& flat, Program const& compiled, int count)
    : system(flat), program(compiled), lanes(count), bound(compiled, count),
      clearing(clearing_of(flat, compiled)), faults(static_cast<std::size_t>(count)) {
    context.lanes = bound.padded;
    context.stride = bound.stride;
    context.step_months = flat.step_months;
    context.coins_per_usd = coins_per_usd(flat);
    fine.assign(static_cast<std::size_t>(bound.padded), 0.0);
    bind_clearing();
    for (std::size_t i = 0; i < program.balances.size(); ++i) {
        Operand const& operand = program.balances[i];
        if (operand.kind == Operand::Kind::none) continue;
        balance_cells.push_back(flat.balances[i]);
        for (int p = 0; p < 2; ++p) balances[p].push_back(bound.at(bound.place(operand, p)));
    }
}

PathBlock::PathBlock(System const& system, Program const& program, int lanes)
    : state_(std::make_unique<State>(system, program, lanes)) {}
PathBlock::~PathBlock() = default;
PathBlock::PathBlock(PathBlock&&) noexcept = default;

int PathBlock::step() const { return state_->step; }
int PathBlock::lanes() const { return state_->lanes; }
std::vector<Fault> const& PathBlock::faults() const { return state_->faults; }

RowView PathBlock::view(CellId cell) const {
    auto const& places = state_->step == 0 ? state_->program.starts : state_->program.cells;
    Operand const& operand = places[static_cast<std::size_t>(cell)];
    int const parity = static_cast<int>(state_->parity());
    return {state_->bound.at(state_->bound.place(operand, parity)),
            operand.kind == Operand::Kind::scalar};
}

void PathBlock::State::fail(int lane, CellId cell, std::string what) {
    Fault& fault = faults[static_cast<std::size_t>(lane)];
    if (fault.step != 0) return;
    fault = {step, cell, std::move(what)};
    fine[static_cast<std::size_t>(lane)] = 0;
}

void PathBlock::State::draw(bool each_step) {
    for (std::size_t d = 0; d < program.draws.size(); ++d) {
        Draw const& one = program.draws[d];
        if (one.each_step != each_step) continue;
        std::uint32_t const row = bound.place(one.place, static_cast<int>(parity()));
        if (draws)
            draws(d, step, bound.at(row), bound.padded);
        else
            bound.fill(row, median(system.cells[static_cast<std::size_t>(one.cell)].draw));
    }
}

void PathBlock::begin(DrawRow draws) {
    State& at = *state_;
    at.step = 0;
    at.draws = std::move(draws);
    std::fill(at.faults.begin(), at.faults.end(), Fault{});
    std::fill(at.fine.begin(), at.fine.begin() + at.lanes, 1.0);
    at.context.step = 0;
    at.context.terms = at.bound.terms[0].data();
    at.context.time_end = at.system.start.months;
    at.draw(false);
    at.bound.run(at.bound.start[0], at.context);
}

void PathBlock::State::load_tables() {
    auto const constants = program.constants.size();
    auto const count = static_cast<std::size_t>(program.scalars) - constants;
    double const* const from = program.tables.data() + static_cast<std::size_t>(step - 1) * count;
    std::copy(from, from + count, bound.arena.get() + 1 + constants);
}

void PathBlock::State::run(std::vector<BoundStage> const& stages) {
    for (BoundStage const& stage : stages) {
        if (stage.simultaneous >= 0) solve(static_cast<std::size_t>(stage.simultaneous));
        bound.run(stage.code[parity()], context);
    }
}

void PathBlock::advance() {
    State& at = *state_;
    ++at.step;
    at.context.step = at.step;
    at.context.terms = at.bound.terms[at.parity()].data();
    at.context.time_end = at.system.start.months + at.step * at.system.step_months;
    at.load_tables();
    at.draw(true);
    at.run(at.bound.plans);
    if (!at.program.clearing.payments.empty()) at.clear();
    at.run(at.bound.results);
    at.check_balances();
}

} // namespace perpetuum
