// Sums of many terms are one instruction: the sum stays where the processor adds, instead of going to
// memory and back after every second term. Terms are added in the order in which they were, so no
// bit changes; what is chosen or nothing is chosen on the way.

#include "draft.hpp"

#include <bit>
#include <utility>

namespace perpetuum {

namespace {

using Kind = Operand::Kind;

constexpr int worth = 3; ///< operations that one sum must replace: pairs are fused as well

class Gatherer {
  public:
    Gatherer(Program& into, std::vector<int> const& read_by)
        : program_(into), readers_(read_by), writer_(read_by.size(), -1) {}

    void run(std::vector<Instruction>& list) {
        list_ = &list;
        sums_.assign(list.size(), {});
        added_.clear();
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
    /// A term of a sum, and what it makes superfluous: instructions, −1: none.
    struct Added {
        SumTerm term;
        int before = -1;    ///< into `added_`: the term before it
        int choice = -1;    ///< the choice that it does itself
        int continued = -1; ///< the sum without it
    };
    /// What an addition has come to so far.
    struct Sum {
        int last = -1; ///< into `added_`; −1: no sum, or part of another
        int terms = 0, replaces = 0;
    };
    Program& program_;
    std::vector<int> const& readers_;
    std::vector<int> writer_; ///< by value with one reader: the sum or choice of this list
    std::vector<Instruction>* list_ = nullptr;
    std::vector<Sum> sums_; ///< by instruction
    std::vector<Added> added_;
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
        return writer >= 0 && sums_[static_cast<std::size_t>(writer)].last >= 0 ? writer : -1;
    }

    void add_term(Sum& sum, Operand const& operand, bool minus, int continued) {
        Added added{{operand, {}, minus}, sum.last, -1, continued};
        int const writer = writer_of(operand);
        if (writer >= 0) {
            Instruction const& choice = (*list_)[static_cast<std::size_t>(writer)];
            if (choice.operation == Opcode::choose) {
                added.term = {choice.in[1], choice.in[0], minus};
                added.choice = writer;
                ++sum.replaces;
            }
        }
        sum.last = static_cast<int>(added_.size());
        ++sum.terms;
        added_.push_back(added);
    }

    void gather(std::size_t i, bool adds) {
        Instruction const& instruction = (*list_)[i];
        int const first = sum_of(instruction.in[0]), second = adds ? sum_of(instruction.in[1]) : -1;
        std::size_t const place = first >= 0 || second < 0 ? 0 : 1;
        int const from = place == 0 ? first : second;
        Sum sum;
        if (from >= 0) {
            sum = std::exchange(sums_[static_cast<std::size_t>(from)], {});
            ++sum.replaces;
        } else {
            add_term(sum, instruction.in[0], false, -1);
        }
        add_term(sum, instruction.in[1 - place], !adds, from);
        sums_[i] = sum;
    }

    /// One instruction in place of many: its terms, from the last to the first.
    void put_sum(Instruction& instruction, Sum const& sum) {
        std::size_t at = program_.terms.size() + static_cast<std::size_t>(sum.terms);
        instruction.operation = Opcode::sum;
        instruction.in = {};
        instruction.first_term = static_cast<int>(program_.terms.size());
        instruction.terms = sum.terms;
        program_.terms.resize(at);
        for (int a = sum.last; a >= 0; a = added_[static_cast<std::size_t>(a)].before) {
            Added const& added = added_[static_cast<std::size_t>(a)];
            program_.terms[--at] = added.term;
            for (int const other : {added.choice, added.continued})
                if (other >= 0) gone_[static_cast<std::size_t>(other)] = 1;
        }
    }

    void rewrite() {
        for (std::size_t i = 0; i < list_->size(); ++i) {
            Sum const& sum = sums_[i];
            if (sum.last < 0 || sum.replaces + 1 < worth) continue;
            put_sum((*list_)[i], sum);
        }
        std::size_t kept = 0;
        for (std::size_t i = 0; i < list_->size(); ++i)
            if (!gone_[i]) (*list_)[kept++] = (*list_)[i];
        list_->resize(kept);
    }
};

} // namespace

void gather_sums(Draft& draft, std::vector<int> const& readers) {
    Gatherer gatherer(draft.program, readers);
    each_list(draft.program, [&](std::vector<Instruction>& list) { gatherer.run(list); });
}

} // namespace perpetuum
