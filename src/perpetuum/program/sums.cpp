// Sums of many terms are one instruction: the sum stays where the processor adds, instead of going to
// memory and back after every second term. Terms are added in the order in which they were, so no
// bit changes; what is chosen or nothing is chosen on the way.

#include "draft.hpp"

#include <bit>

namespace perpetuum {

namespace {

using Kind = Operand::Kind;

constexpr std::size_t worth = 3; ///< operations that one sum must replace: pairs are fused as well

class Gatherer {
  public:
    Gatherer(Program& into, std::vector<int> const& read_by)
        : program_(into), readers_(read_by), writer_(read_by.size(), -1) {}

    void run(std::vector<Instruction>& list) {
        list_ = &list;
        sums_.assign(list.size(), {});
        gone_.assign(list.size(), 0);
        for (std::size_t i = 0; i < list.size(); ++i) {
            Instruction const& instruction = list[i];
            bool const adds = instruction.operation == Opcode::add;
            if ((adds || instruction.operation == Opcode::subtract) && is_row(instruction.in[0]) &&
                is_row(instruction.in[1]))
                gather(i, adds);
            else if (!is_choice(instruction))
                continue;
            if (has_one_reader(instruction.out))
                writer_[static_cast<std::size_t>(instruction.out.index)] = static_cast<int>(i);
        }
        rewrite();
        for (Instruction const& instruction : list)
            if (instruction.out.kind == Kind::row)
                writer_[static_cast<std::size_t>(instruction.out.index)] = -1;
    }

  private:
    /// What an addition has come to so far.
    struct Sum {
        std::vector<SumTerm> terms;
        std::vector<std::size_t> replaces; ///< instructions, itself not counted
    };
    Program& program_;
    std::vector<int> const& readers_;
    std::vector<int> writer_; ///< by value with one reader: the sum or choice of this list
    std::vector<Instruction>* list_ = nullptr;
    std::vector<Sum> sums_; ///< by instruction
    std::vector<char> gone_;

    static bool is_row(Operand const& operand) {
        return operand.kind == Kind::row || operand.kind == Kind::now ||
               operand.kind == Kind::before;
    }
    bool has_one_reader(Operand const& operand) const {
        return operand.kind == Kind::row && readers_[static_cast<std::size_t>(operand.index)] == 1;
    }
    /// A value or 0.
    bool is_choice(Instruction const& instruction) const {
        Operand const& otherwise = instruction.in[2];
        return instruction.operation == Opcode::choose && is_row(instruction.in[0]) &&
               is_row(instruction.in[1]) && otherwise.kind == Kind::scalar &&
               otherwise.index < first_table &&
               std::bit_cast<std::uint64_t>(
                   program_.constants[static_cast<std::size_t>(otherwise.index)]) == 0;
    }
    int writer_of(Operand const& operand) const {
        return operand.kind == Kind::row ? writer_[static_cast<std::size_t>(operand.index)] : -1;
    }
    /// Which sum of this list an operand is; −1: none.
    int sum_of(Operand const& operand) const {
        int const writer = writer_of(operand);
        return writer >= 0 && !sums_[static_cast<std::size_t>(writer)].terms.empty() ? writer : -1;
    }

    void add_term(Sum& sum, Operand const& operand, bool minus) {
        int const writer = writer_of(operand);
        Instruction const* const choice =
            writer >= 0 ? &(*list_)[static_cast<std::size_t>(writer)] : nullptr;
        if (!choice || choice->operation != Opcode::choose) {
            sum.terms.push_back({operand, {}, minus});
            return;
        }
        sum.terms.push_back({choice->in[1], choice->in[0], minus});
        sum.replaces.push_back(static_cast<std::size_t>(writer));
    }

    void gather(std::size_t i, bool adds) {
        Instruction const& instruction = (*list_)[i];
        int const first = sum_of(instruction.in[0]), second = adds ? sum_of(instruction.in[1]) : -1;
        std::size_t const place = first >= 0 || second < 0 ? 0 : 1;
        int const from = place == 0 ? first : second;
        Sum sum;
        if (from >= 0) {
            sum = std::move(sums_[static_cast<std::size_t>(from)]);
            sums_[static_cast<std::size_t>(from)] = {};
            sum.replaces.push_back(static_cast<std::size_t>(from));
        } else {
            add_term(sum, instruction.in[0], false);
        }
        add_term(sum, instruction.in[1 - place], !adds);
        sums_[i] = std::move(sum);
    }

    void rewrite() {
        for (std::size_t i = 0; i < list_->size(); ++i) {
            Sum const& sum = sums_[i];
            if (sum.terms.empty() || sum.replaces.size() + 1 < worth) continue;
            for (std::size_t const other : sum.replaces) gone_[other] = 1;
            Instruction& instruction = (*list_)[i];
            instruction.operation = Opcode::sum;
            instruction.in = {};
            instruction.first_term = static_cast<int>(program_.terms.size());
            instruction.terms = static_cast<int>(sum.terms.size());
            program_.terms.insert(program_.terms.end(), sum.terms.begin(), sum.terms.end());
        }
        std::size_t kept = 0;
        for (std::size_t i = 0; i < list_->size(); ++i)
            if (!gone_[i]) (*list_)[kept++] = (*list_)[i];
        list_->resize(kept);
    }
};

} // namespace

void gather_sums(Draft& draft) {
    auto const readers = count_readers(draft);
    Gatherer gatherer(draft.program, readers);
    each_list(draft.program, [&](std::vector<Instruction>& list) { gatherer.run(list); });
}

} // namespace perpetuum
