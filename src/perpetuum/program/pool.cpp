// Hash-consing with folding. What is folded is computed by the kernels, so that folding changes no
// bit; a simplification must give the same value for every number.

#include "pool.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace perpetuum {

double coins_per_usd(System const& system) {
    double const number = std::nearbyint(1 / system.coin);
    return std::abs(number * system.coin - 1) < 1e-9 ? number : 1 / system.coin;
}

namespace {

std::size_t hash_of_term(Term const& term) {
    std::uint64_t hash = 1469598103934665603ULL;
    auto const mix = [&hash](std::uint64_t word) {
        hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 32;
    };
    auto const both = [](int high, int low) {
        return static_cast<std::uint64_t>(static_cast<std::uint32_t>(high)) << 32 |
               static_cast<std::uint32_t>(low);
    };
    int const kind = static_cast<int>(term.type) * 1000 + static_cast<int>(term.operation) +
                     (term.at_start ? 500 : 0);
    mix(both(kind, term.arguments[2]));
    if (term.type == TermType::constant)
        mix(std::bit_cast<std::uint64_t>(term.value));
    else
        mix(both(term.cell, term.lag));
    mix(both(term.arguments[0], term.arguments[1]));
    return static_cast<std::size_t>(hash);
}

} // namespace

Pool::Pool(System const& system) : start_months_(system.start.months) {
    context_.step_months = system.step_months;
    context_.coins_per_usd = coins_per_usd(system);
    terms_.reserve(system.nodes.size());
    table_.assign(std::bit_ceil(std::max<std::size_t>(1024, system.nodes.size())), -1);
}

void Pool::grow() {
    std::vector<TermId> larger(table_.size() * 2, -1);
    std::size_t const mask = larger.size() - 1;
    for (TermId id = 0; id < size(); ++id) {
        std::size_t place = hash_of_term((*this)[id]) & mask;
        while (larger[place] >= 0) place = (place + 1) & mask;
        larger[place] = id;
    }
    table_ = std::move(larger);
}

TermId Pool::add(Term const& term) {
    if (terms_.size() * 2 >= table_.size()) grow();
    std::size_t const mask = table_.size() - 1;
    std::size_t place = hash_of_term(term) & mask;
    for (; table_[place] >= 0; place = (place + 1) & mask)
        if ((*this)[table_[place]] == term) return table_[place];
    table_[place] = size();
    terms_.push_back(term);
    return table_[place];
}

TermId Pool::constant(double value) {
    if (value == 0 && zero_ >= 0) return zero_;
    Term term;
    term.value = value == 0 ? 0 : value; // one zero
    if (value != value) term.cell = -2;  // nothing equals what is not a number: each its own term
    TermId const id = add(term);
    if (value == 0) zero_ = id;
    return id;
}

TermId Pool::leaf(CellId cell, int lag, Rate rate) {
    Term term;
    term.type = TermType::leaf;
    term.rate = rate;
    term.cell = cell;
    term.lag = lag;
    return add(term);
}

TermId Pool::time(bool at_start) {
    if (at_start) return constant(start_months_);
    Term term;
    term.type = TermType::time;
    term.rate = Rate::uniform;
    return add(term);
}

double Pool::evaluate(Opcode operation, double a, double b, double c, int step) const {
    StepContext at = context_;
    at.step = step;
    at.time_end = start_months_ + step * at.step_months;
    alignas(64) double memory[24] = {};
    memory[16] = a;
    memory[17] = b;
    memory[18] = c;
    BoundInstruction const instruction{0, {16, 17, 18}};
    kernel_of(operation, 7)(at, memory, &instruction, 1);
    return memory[0];
}

bool Pool::truth(TermId id) const {
    Term const& term = (*this)[id];
    if (term.type == TermType::constant) return term.value == 0 || term.value == 1;
    if (term.type != TermType::apply) return false;
    switch (term.operation) {
    case Opcode::equal:
    case Opcode::unequal:
    case Opcode::less:
    case Opcode::less_equal:
    case Opcode::conjunction:
    case Opcode::disjunction:
    case Opcode::negation:
        return true;
    default:
        return false;
    }
}

/// A term that is the same whatever its arguments are; −1: none that is known.
TermId Pool::simpler(Opcode operation, TermId a, TermId b, TermId c) const {
    switch (operation) {
    case Opcode::copy:
        return a;
    case Opcode::add:
        if (is(a, 0)) return b;
        [[fallthrough]];
    case Opcode::subtract:
        if (is(b, 0)) return a;
        break;
    case Opcode::multiply:
        if (is(a, 1)) return b;
        [[fallthrough]];
    case Opcode::divide:
        if (is(b, 1)) return a;
        break;
    case Opcode::conjunction:
        if (is(a, 1) && truth(b)) return b;
        if (is(b, 1) && truth(a)) return a;
        if (is(a, 0)) return a;
        if (is(b, 0)) return b;
        break;
    case Opcode::disjunction:
        if (is(a, 0) && truth(b)) return b;
        if (is(b, 0) && truth(a)) return a;
        if (is(a, 1)) return a;
        if (is(b, 1)) return b;
        break;
    case Opcode::minimum:
    case Opcode::maximum:
        if (a == b) return a;
        break;
    case Opcode::choose:
        if (b == c) return b;
        if (auto const condition = known(a)) return *condition != 0 ? b : c;
        break;
    default:
        break;
    }
    return -1;
}

TermId Pool::apply(Opcode operation, TermId a, TermId b, TermId c) {
    if (TermId const found = simpler(operation, a, b, c); found >= 0) return found;
    Term term;
    term.type = TermType::apply;
    term.operation = operation;
    bool const either_way = operation == Opcode::add || operation == Opcode::multiply ||
                            operation == Opcode::equal || operation == Opcode::unequal ||
                            operation == Opcode::conjunction || operation == Opcode::disjunction;
    if (either_way && b < a) std::swap(a, b);
    term.arguments = {a, b, c};
    std::array<double, 3> numbers{};
    for (std::size_t i = 0; i < 3; ++i) {
        if (term.arguments[i] < 0) continue;
        term.rate = join(term.rate, (*this)[term.arguments[i]].rate);
        numbers[i] = (*this)[term.arguments[i]].value;
    }
    if (term.rate == Rate::constant)
        return constant(evaluate(operation, numbers[0], numbers[1], numbers[2], 0));
    return add(term);
}

TermId Pool::clocked(Opcode operation, TermId a, TermId b, bool at_start) {
    Term term;
    term.type = TermType::apply;
    term.operation = operation;
    term.arguments = {a, b, -1};
    term.rate = (*this)[a].rate;
    if (b >= 0) term.rate = join(term.rate, (*this)[b].rate);
    if (at_start && term.rate == Rate::constant)
        return constant(evaluate(operation, (*this)[a].value, b < 0 ? 0 : (*this)[b].value, 0, 0));
    term.at_start = at_start;
    if (!at_start) term.rate = join(term.rate, Rate::uniform);
    return add(term);
}

TermId Pool::past(Opcode operation, CellId cell, TermId time, TermId before, TermId now) {
    Term term;
    term.type = TermType::apply;
    term.operation = operation;
    term.rate = Rate::varying;
    term.cell = cell;
    term.arguments = {time, before, now};
    return add(term);
}

} // namespace perpetuum
