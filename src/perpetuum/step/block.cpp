// One step of one block of paths: plans, clearing, results. Rows live in one arena; a ring of rows
// is a cell in time.

#include <perpetuum/step.hpp>

#include <algorithm>
#include <cmath>

namespace perpetuum {

namespace {

constexpr double largest_exact = 9007199254740992.0; ///< 2^53: whole coins beyond are not exact

ClearingSystem clearing_of(System const& system, Program const& program) {
    ClearingSystem clearing;
    clearing.entities = static_cast<int>(system.entities.size());
    for (SystemEntity const& entity : system.entities) clearing.unlimited.push_back(entity.outside);
    std::vector<int> place(system.flows.size(), -1);
    for (int const f : program.payments) {
        SystemFlow const& flow = system.flows[static_cast<std::size_t>(f)];
        place[static_cast<std::size_t>(f)] = static_cast<int>(clearing.payments.size());
        clearing.payments.push_back(
            {flow.payer, flow.payee, flow.type == StatementType::due, flow.rank});
    }
    for (int const f : program.guarantees) {
        SystemFlow const& flow = system.flows[static_cast<std::size_t>(f)];
        clearing.guarantees.push_back(
            {flow.payer, place[static_cast<std::size_t>(flow.covers)], flow.rank});
    }
    for (int const f : program.costs) {
        SystemFlow const& flow = system.flows[static_cast<std::size_t>(f)];
        clearing.costs.push_back({flow.payer, flow.payee});
    }
    return clearing;
}

} // namespace

PathBlock::PathBlock(System const& system, Program const& program, int lanes)
    : system_(system), program_(program), lanes_(lanes),
      arena_(static_cast<std::size_t>(program.rows) * static_cast<std::size_t>(lanes), 0.0),
      clearing_(clearing_of(system, program)), faults_(static_cast<std::size_t>(lanes)) {
    auto const rows = [&](std::size_t count) { return count * static_cast<std::size_t>(lanes); };
    cash_.resize(rows(system.entities.size()));
    short_.resize(rows(system.entities.size()));
    owed_.resize(rows(program.payments.size()));
    paid_.resize(rows(program.payments.size()));
    cover_.resize(rows(program.guarantees.size()));
    called_.resize(rows(program.guarantees.size()));
    share_.resize(rows(program.costs.size()));
    lost_.resize(rows(program.costs.size()));
}

double* PathBlock::at(Operand const& operand, int step) {
    Ring const& ring = program_.rings[static_cast<std::size_t>(operand.ring)];
    // Whoever looks further back than the start finds the start, while it is made too.
    int slot = ring.depth == 1 || step == 0 ? 0 : (step - operand.lag) % ring.depth;
    if (slot < 0) slot += ring.depth;
    return arena_.data() +
           static_cast<std::size_t>(ring.first + slot) * static_cast<std::size_t>(lanes_);
}

double const* PathBlock::row(CellId cell, int lag) const {
    return const_cast<PathBlock*>(this)->at({cell, lag}, step_);
}

void PathBlock::execute(std::vector<Instruction> const& instructions, int step) {
    double const time_end = system_.start.months + step * system_.step_months;
    for (Instruction const& instruction : instructions) {
        double* const out = at(instruction.out, step);
        std::array<double const*, 3> in{nullptr, nullptr, nullptr};
        for (std::size_t i = 0; i < 3; ++i)
            if (instruction.in[i].ring >= 0) in[i] = at(instruction.in[i], step);
        if (instruction.op != NodeOp::past && instruction.op != NodeOp::past_sum) {
            run_kernel(instruction.op, out, in, lanes_, time_end, system_.step_months,
                       system_.coin);
            continue;
        }
        for (int lane = 0; lane < lanes_; ++lane) {
            // How far back, in steps; whatever lies before the start is known by its start alone.
            double const back = std::max(0.0, in[0][lane] / system_.step_months);
            double const place = step - back;
            auto const value = [&](int then) {
                return at({instruction.in[2].ring, step - then}, step)[lane];
            };
            if (!(place > 0)) {
                double const before = instruction.op == NodeOp::past_sum ? in[1][lane] * place : 0;
                out[lane] = value(0) + before;
                continue;
            }
            int const earlier = static_cast<int>(std::floor(place));
            double const part = place - earlier;
            out[lane] =
                part == 0 ? value(earlier)
                          : value(earlier) * (1 - part) + value(std::min(earlier + 1, step)) * part;
        }
    }
}

void PathBlock::begin(double const* draws) {
    step_ = 0;
    std::fill(arena_.begin(), arena_.end(), 0.0);
    std::fill(faults_.begin(), faults_.end(), Fault{});
    auto const fill = [&](int ring, double value) {
        double* const row_start = at({ring, 0}, 0);
        std::fill(row_start, row_start + lanes_, value);
    };
    for (auto const& [ring, value] : program_.constants) fill(ring, value);
    fill(program_.time_ring, system_.start.months);
    for (CellId const cell : program_.series) {
        auto const& steps = system_.cells[static_cast<std::size_t>(cell)].steps;
        if (!steps.empty()) fill(cell, steps[0]);
    }
    for (std::size_t i = 0; i < program_.drawn.size(); ++i) {
        CellId const cell = program_.drawn[i];
        if (!draws) {
            fill(cell, median(system_.cells[static_cast<std::size_t>(cell)].draw));
            continue;
        }
        double const* const drawn = draws + i * static_cast<std::size_t>(lanes_);
        std::copy(drawn, drawn + lanes_, at({cell, 0}, 0));
    }
    execute(program_.start, 0);
    for (std::size_t cell = 0; cell < system_.cells.size(); ++cell) {
        Ring const& ring = program_.rings[cell];
        double* const first = at({static_cast<int>(cell), 0}, 0);
        for (int slot = 1; slot < ring.depth; ++slot)
            std::copy(first, first + lanes_, first + slot * lanes_);
    }
}

void PathBlock::run_stages(std::vector<Stage> const& stages, int step) {
    for (Stage const& stage : stages) {
        if (stage.simultaneous >= 0)
            solve(program_.blocks[static_cast<std::size_t>(stage.simultaneous)], step);
        execute(stage.instructions, step);
    }
}

void PathBlock::advance() {
    int const step = ++step_;
    double* const time = at({program_.time_ring, 0}, 0);
    std::fill(time, time + lanes_, system_.start.months + step * system_.step_months);
    for (CellId const cell : program_.series) {
        auto const& steps = system_.cells[static_cast<std::size_t>(cell)].steps;
        double* const target = at({cell, 0}, step);
        std::fill(target, target + lanes_, steps[static_cast<std::size_t>(step - 1)]);
    }
    run_stages(program_.plans, step);
    if (!program_.payments.empty() || !program_.guarantees.empty()) clear(step);
    run_stages(program_.results, step);
    check_balances(step);
}

void PathBlock::check_balances(int step) {
    for (CellId const cell : system_.balances) {
        if (cell < 0) continue;
        double const* const balance = at({cell, 0}, step);
        for (int lane = 0; lane < lanes_; ++lane) {
            Fault& fault = faults_[static_cast<std::size_t>(lane)];
            if (fault.step == 0 && !(std::abs(balance[lane]) <= largest_exact))
                fault = {step, cell,
                         std::isnan(balance[lane]) ? "is not a number" : "is beyond 2^53 coins"};
        }
    }
}

void PathBlock::check_amounts(int step) {
    auto const check = [&](std::vector<int> const& flows, std::vector<double>& amounts) {
        for (std::size_t i = 0; i < flows.size(); ++i) {
            SystemFlow const& flow = system_.flows[static_cast<std::size_t>(flows[i])];
            for (int lane = 0; lane < lanes_; ++lane) {
                double& amount =
                    amounts[i * static_cast<std::size_t>(lanes_) + static_cast<std::size_t>(lane)];
                bool const fine = amount >= 0 && amount <= largest_exact;
                if (fine) continue;
                Fault& fault = faults_[static_cast<std::size_t>(lane)];
                if (fault.step == 0)
                    fault = {step, flow.owed,
                             std::isnan(amount) ? "is not a number"
                             : amount < 0       ? "is below zero"
                                                : "is beyond 2^53 coins"};
                amount = 0; // the path is marked; its neighbours go on
                at({flow.owed, 0}, step)[lane] = 0;
            }
        }
    };
    check(program_.payments, owed_);
    check(program_.guarantees, cover_);
}

void PathBlock::clear(int step) {
    auto const lanes = static_cast<std::size_t>(lanes_);
    for (std::size_t e = 0; e < system_.entities.size(); ++e) {
        CellId const cash = system_.balance(static_cast<int>(e), 0);
        double const* const source = cash >= 0 ? at({cash, 1}, step) : nullptr;
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            double const held =
                source && !system_.entities[e].outside ? std::max(0.0, source[lane]) : 0.0;
            cash_[e * lanes + lane] = std::min(held, largest_exact);
            Fault& fault = faults_[lane];
            if (held > largest_exact && fault.step == 0)
                fault = {step, cash, "is beyond 2^53 coins"};
        }
    }
    auto const read = [&](std::vector<int> const& flows, std::vector<double>& into) {
        for (std::size_t i = 0; i < flows.size(); ++i) {
            double const* const source =
                at({system_.flows[static_cast<std::size_t>(flows[i])].owed, 0}, step);
            std::copy(source, source + lanes_,
                      into.begin() + static_cast<std::ptrdiff_t>(i * lanes));
        }
    };
    read(program_.payments, owed_);
    read(program_.guarantees, cover_);
    read(program_.costs, share_);
    check_amounts(step);
    clearing_.clear({lanes_, cash_.data(), owed_.data(), cover_.data(), share_.data()},
                    {paid_.data(), called_.data(), lost_.data(), short_.data()});
    auto const write = [&](std::vector<int> const& flows, std::vector<double> const& from) {
        for (std::size_t i = 0; i < flows.size(); ++i) {
            auto const begin = from.begin() + static_cast<std::ptrdiff_t>(i * lanes);
            std::copy(begin, begin + lanes_,
                      at({system_.flows[static_cast<std::size_t>(flows[i])].paid, 0}, step));
        }
    };
    write(program_.payments, paid_);
    write(program_.guarantees, called_);
    write(program_.costs, lost_);
    for (std::size_t e = 0; e < system_.entities.size(); ++e) {
        if (system_.short_of[e] < 0) continue;
        auto const begin = short_.begin() + static_cast<std::ptrdiff_t>(e * lanes);
        std::copy(begin, begin + lanes_, at({system_.short_of[e], 0}, step));
    }
}

} // namespace perpetuum
