// A sum, difference or product that one instruction reads, and nothing else, is computed there.

#include "draft.hpp"

#include <optional>

namespace perpetuum {

namespace {

using Kind = Operand::Kind;

} // namespace

std::vector<int> count_readers(Draft& draft) {
    std::vector<int> readers(static_cast<std::size_t>(draft.values), 0);
    auto const read = [&](Operand const& operand, int times) {
        if (operand.kind == Kind::row) readers[static_cast<std::size_t>(operand.index)] += times;
    };
    each_list(draft.program, [&](std::vector<Instruction> const& list) {
        for (Instruction const& instruction : list)
            each_read(draft.program, instruction,
                      [&](Operand const& operand) { read(operand, 1); });
    });
    auto const many = [&](std::vector<Operand> const& operands) {
        for (Operand const& operand : operands) read(operand, 2);
    };
    many(draft.kept);
    for (Simultaneous const& block : draft.program.blocks)
        for (auto const* list : {&block.guesses, &block.last, &block.images, &block.slopes})
            many(*list);
    ClearingRows const& clearing = draft.program.clearing;
    for (auto const* list : {&clearing.owed, &clearing.cover, &clearing.share}) many(*list);
    return readers;
}

namespace {

std::optional<int> first_place(Opcode operation) {
    switch (operation) {
    case Opcode::add:
        return 0;
    case Opcode::subtract:
        return 1;
    case Opcode::multiply:
        return 2;
    default:
        return std::nullopt;
    }
}

/// What does `first` on (a, b) and then `second` with the result as operand `place`.
std::optional<Opcode> fused(Opcode first, Opcode second, std::size_t place) {
    using enum Opcode;
    constexpr Opcode table[3][6] = {
        {add_add, add_subtract, add_from, add_multiply, add_minimum, add_maximum},
        {subtract_add, subtract_subtract, subtract_from, subtract_multiply, subtract_minimum,
         subtract_maximum},
        {multiply_add, multiply_subtract, multiply_from, multiply_multiply, multiply_minimum,
         multiply_maximum}};
    auto const row = first_place(first);
    if (!row) return std::nullopt;
    auto const& names = table[*row];
    switch (second) {
    case add:
        return names[0];
    case subtract:
        return names[place == 0 ? 1 : 2];
    case multiply:
        return names[3];
    case minimum: // of 0 and -0 the first is taken: the order matters
        return place == 1 ? std::optional(names[4]) : std::nullopt;
    case maximum:
        return place == 1 ? std::optional(names[5]) : std::nullopt;
    default:
        return std::nullopt;
    }
}

class Fuser {
  public:
    explicit Fuser(std::vector<int> const& read_by)
        : readers_(read_by), writer_(read_by.size(), -1) {}

    void run(std::vector<Instruction>& list) {
        gone_.assign(list.size(), 0);
        for (std::size_t i = 0; i < list.size(); ++i) {
            Instruction& instruction = list[i];
            for (std::size_t place = 0; place < 2; ++place) {
                int const from = writer_of(instruction.in[place]);
                if (from < 0) continue;
                Instruction const& first = list[static_cast<std::size_t>(from)];
                if (first.operation == Opcode::choose) {
                    if (instruction.operation != Opcode::to_coins) continue;
                    instruction.in = first.in;
                    instruction.operation = Opcode::choose_to_coins;
                    gone_[static_cast<std::size_t>(from)] = 1;
                    break;
                }
                auto const both = fused(first.operation, instruction.operation, place);
                if (!both) continue;
                instruction.in = {first.in[0], first.in[1], instruction.in[1 - place]};
                instruction.operation = *both;
                gone_[static_cast<std::size_t>(from)] = 1;
                break;
            }
            bool const is_first =
                first_place(instruction.operation) || instruction.operation == Opcode::choose;
            if (instruction.out.kind == Kind::row && is_first &&
                readers_[static_cast<std::size_t>(instruction.out.index)] == 1)
                writer_[static_cast<std::size_t>(instruction.out.index)] = static_cast<int>(i);
        }
        for (Instruction const& instruction : list)
            if (instruction.out.kind == Kind::row)
                writer_[static_cast<std::size_t>(instruction.out.index)] = -1;
        std::size_t kept = 0;
        for (std::size_t i = 0; i < list.size(); ++i)
            if (!gone_[i]) list[kept++] = list[i];
        list.resize(kept);
    }

  private:
    std::vector<int> const& readers_;
    std::vector<int> writer_; ///< by value with one reader: who writes it in this list
    std::vector<char> gone_;  ///< by instruction of this list

    int writer_of(Operand const& operand) const {
        return operand.kind == Kind::row ? writer_[static_cast<std::size_t>(operand.index)] : -1;
    }
};

} // namespace

void fuse(Draft& draft, std::vector<int> const& readers) {
    Fuser fuser(readers);
    each_list(draft.program, [&](std::vector<Instruction>& list) { fuser.run(list); });
}

} // namespace perpetuum
