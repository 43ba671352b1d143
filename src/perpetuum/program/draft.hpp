#pragma once
/// A program whose rows are not laid out yet: an operand of kind `row` names a value, written by one
/// instruction; one of kind `scalar` beyond `first_table` a value that changes by step.

#include <perpetuum/program.hpp>

#include <vector>

namespace perpetuum {

constexpr int first_table = 1 << 24;

struct Draft {
    Program program;
    int values = 0;            ///< operands of kind row
    std::vector<Operand> kept; ///< must stand for the whole run
    int pairs = 0, memories = 0, tables = 0;
    int memory_rows = 1; ///< of each memory: the start and every step
};

/// By value: how many operands read it; two for one that is looked at from outside.
std::vector<int> count_readers(Draft& draft);

/// Additions of many terms become one instruction, which reads what they read: whatever is still
/// written has as many readers as before.
/// cost  linear in the instructions
void gather_sums(Draft& draft, std::vector<int> const& readers);

/// Pairs of operations that one loop can do become one instruction: a value with a single reader
/// need not go through memory.
void fuse(Draft& draft, std::vector<int> const& readers);

/// Brings instructions of the same kernel together, where what they need allows.
/// cost  instructions × a window of some hundred
void schedule(Draft& draft);

/// Gives every value a row; values that are not needed at the same time share one.
/// cost  linear in the instructions
Program lay_out(Draft draft);

/// Whatever an instruction reads.
template <class Visitor>
void each_read(Program const& program, Instruction const& instruction, Visitor visit) {
    for (Operand const& operand : instruction.in) visit(operand);
    for (int t = 0; t < instruction.terms; ++t) {
        SumTerm const& term = program.terms[static_cast<std::size_t>(instruction.first_term + t)];
        visit(term.value);
        visit(term.condition);
    }
}

/// Every instruction list that runs in a step.
template <class Visitor>
void each_step_list(Program& program, Visitor visit) {
    for (auto* stages : {&program.plans, &program.results})
        for (Stage& stage : *stages) {
            if (stage.simultaneous >= 0) {
                auto& block = program.blocks[static_cast<std::size_t>(stage.simultaneous)];
                visit(block.solution);
                visit(block.equations);
                visit(block.derivatives);
            }
            visit(stage.instructions);
        }
}

/// And the one that runs before the first.
template <class Visitor>
void each_list(Program& program, Visitor visit) {
    visit(program.start);
    each_step_list(program, visit);
}

} // namespace perpetuum
