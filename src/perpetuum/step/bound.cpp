// Operands → offsets, once a block.

#include "bound.hpp"

#include <algorithm>
#include <cstdlib>
#include <new>

namespace perpetuum {

namespace {

using Kind = Operand::Kind;

/// Rows begin on cache lines, and a line apart from a power of two, so that rows of the same lane do
/// not all fall into the same set of the cache.
constexpr std::size_t line = 8;

double* allocate(std::size_t doubles) {
    std::size_t const bytes = (doubles * sizeof(double) + 63) / 64 * 64;
    auto* const memory =
        static_cast<double*>(std::aligned_alloc(64, std::max<std::size_t>(64, bytes)));
    if (!memory) throw std::bad_alloc();
    std::fill(memory, memory + bytes / sizeof(double), 0.0);
    return memory;
}

void release(double* memory) { std::free(memory); }

} // namespace

BoundProgram::BoundProgram(Program const& program, int lanes)
    : padded((lanes + 15) / 16 * 16), stride(padded + static_cast<std::int64_t>(line)),
      arena(nullptr, release) {
    std::size_t const scalars = static_cast<std::size_t>(program.scalars) + 1; // one for none
    first_row = static_cast<std::uint32_t>((scalars + line - 1) / line * line);
    arena.reset(allocate(first_row + static_cast<std::size_t>(program.rows) *
                                         static_cast<std::size_t>(stride)));
    bind(program);
    std::copy(program.constants.begin(), program.constants.end(), arena.get() + 1);
}

std::uint32_t BoundProgram::place(Operand const& operand, int parity) const {
    auto const row = [&](int number) {
        return static_cast<std::uint32_t>(first_row + number * stride);
    };
    switch (operand.kind) {
    case Kind::none:
        return 0;
    case Kind::row:
    case Kind::memory:
        return row(operand.index);
    case Kind::now:
        return row(operand.index + parity);
    case Kind::before:
        return row(operand.index + 1 - parity);
    case Kind::scalar:
        return static_cast<std::uint32_t>(operand.index) + 1;
    }
    return 0;
}

void BoundProgram::fill(std::uint32_t row, double value) const {
    std::fill(at(row), at(row) + padded, value);
}

Stretch BoundProgram::bind(std::vector<Instruction> const& list, int parity) const {
    Stretch code;
    code.instructions.reserve(list.size());
    for (Instruction const& instruction : list) {
        BoundInstruction bound;
        int scalars = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            bound.in[i] = place(instruction.in[i], parity);
            if (instruction.in[i].kind == Kind::scalar) scalars |= 1 << i;
        }
        if (instruction.operation == Opcode::sum) {
            bound.in[0] = static_cast<std::uint32_t>(instruction.first_term);
            bound.in[1] = static_cast<std::uint32_t>(instruction.terms);
        }
        bound.out = place(instruction.out, parity);
        Kernel const kernel = kernel_of(instruction.operation, scalars);
        if (code.batches.empty() || code.batches.back().kernel != kernel)
            code.batches.push_back({kernel, static_cast<int>(code.instructions.size()), 0});
        ++code.batches.back().count;
        code.instructions.push_back(bound);
    }
    return code;
}

Code BoundProgram::bind(std::vector<Instruction> const& list) const {
    return {bind(list, 0), bind(list, 1)};
}

Places BoundProgram::places(std::vector<Operand> const& operands) const {
    Places result;
    for (int parity = 0; parity < 2; ++parity)
        for (Operand const& operand : operands)
            result[static_cast<std::size_t>(parity)].push_back(place(operand, parity));
    return result;
}

void BoundProgram::bind(Program const& program) {
    for (int parity = 0; parity < 2; ++parity)
        for (SumTerm const& term : program.terms)
            terms[static_cast<std::size_t>(parity)].push_back(
                {place(term.value, parity), place(term.condition, parity),
                 term.minus ? std::uint64_t{1} << 63 : 0});
    start = bind(program.start);
    for (auto const& [from, to] :
         {std::pair(&program.plans, &plans), std::pair(&program.results, &results)})
        for (Stage const& stage : *from)
            to->push_back({stage.simultaneous, bind(stage.instructions)});
    for (Simultaneous const& block : program.blocks) {
        BoundBlock bound;
        bound.solution = bind(block.solution);
        bound.equations = bind(block.equations);
        bound.derivatives = bind(block.derivatives);
        bound.guesses = places(block.guesses);
        bound.last = places(block.last);
        bound.images = places(block.images);
        bound.slopes = places(block.slopes);
        for (Operand const& slope : block.slopes)
            bound.slope_is_scalar.push_back(slope.kind == Kind::scalar);
        blocks.push_back(std::move(bound));
    }
    ClearingRows const& rows = program.clearing;
    clearing = {places(rows.owed),   places(rows.cover), places(rows.share), places(rows.paid),
                places(rows.called), places(rows.lost),  places(rows.cash),  places(rows.short_of)};
}

} // namespace perpetuum
