// Rows by linear scan: a value lives from its instruction to its last reader. What a block to be
// solved reads lives to the block's end, for its instructions run again and again.

#include "draft.hpp"

#include <algorithm>
#include <span>

namespace perpetuum {

namespace {

using Kind = Operand::Kind;

std::size_t index(int id) { return static_cast<std::size_t>(id); }

/// When a value is written and last read, in instructions counted through a step.
struct Life {
    int first = -1, last = -1;
};

/// Values by the position at which something becomes of them, in order of number: lists in one array.
class ByPosition {
  public:
    template <class Where>
    ByPosition(std::size_t positions, std::vector<int> const& values, Where where)
        : first_(positions + 1, 0), values_(values.size()) {
        for (int const value : values) ++first_[index(where(value))];
        for (std::size_t at = 1; at <= positions; ++at) first_[at] += first_[at - 1];
        for (std::size_t i = values.size(); i-- > 0;)
            values_[index(--first_[index(where(values[i]))])] = values[i];
    }
    std::span<int const> operator[](std::size_t at) const {
        return {values_.data() + first_[at], values_.data() + first_[at + 1]};
    }

  private:
    std::vector<int> first_, values_;
};

class Layout {
  public:
    explicit Layout(Draft&& draft) : draft_(std::move(draft)), row_(index(draft_.values), -1) {}

    Program lay_out() {
        for (Operand const& operand : draft_.kept)
            if (operand.kind == Kind::row) give_own_row(operand.index);
        keep_what_steps_read_of_the_start();
        own_ = rows_;
        lay_start();
        lay_step();
        rows_ = own_ + shared_;
        place_pairs_and_memories();
        rewrite();
        return std::move(program());
    }

  private:
    Draft draft_;
    std::vector<int> row_; ///< by value
    int rows_ = 0, own_ = 0, shared_ = 0;
    int first_pair_ = 0, first_memory_ = 0;
    std::vector<int> free_;
    std::vector<Life> life_;

    Program& program() { return draft_.program; }

    void give_own_row(int value) {
        if (row_[index(value)] < 0) row_[index(value)] = rows_++;
    }

    void keep_what_steps_read_of_the_start() {
        std::vector<char> made(index(draft_.values), 0);
        for (Instruction const& instruction : program().start)
            if (instruction.out.kind == Kind::row) made[index(instruction.out.index)] = 1;
        auto const check = [&](Operand const& operand) {
            if (operand.kind == Kind::row && made[index(operand.index)])
                give_own_row(operand.index);
        };
        each_step_list(program(), [&](std::vector<Instruction> const& list) {
            for (Instruction const& instruction : list) each_read(program(), instruction, check);
        });
        ClearingRows const& clearing = program().clearing;
        for (auto const* list : {&clearing.owed, &clearing.cover, &clearing.share})
            for (Operand const& operand : *list) check(operand);
        for (Simultaneous const& block : program().blocks)
            for (auto const* list : {&block.images, &block.slopes})
                for (Operand const& operand : *list) check(operand);
    }

    // ---- lives

    void read(Operand const& operand, int at) {
        if (operand.kind == Kind::row) {
            Life& life = life_[index(operand.index)];
            life.last = std::max(life.last, at);
        }
    }
    void write(Operand const& operand, int at) {
        if (operand.kind == Kind::row && life_[index(operand.index)].first < 0)
            life_[index(operand.index)] = {at, std::max(at, life_[index(operand.index)].last)};
    }

    int list_lives(std::vector<Instruction> const& list, int at) {
        for (Instruction const& instruction : list) {
            each_read(program(), instruction, [&](Operand const& operand) { read(operand, at); });
            write(instruction.out, at);
            ++at;
        }
        return at;
    }

    int block_lives(Simultaneous const& block, int at) {
        int const begin = at;
        for (Operand const& guess : block.guesses) write(guess, begin);
        at = list_lives(block.solution, at + 1);
        at = list_lives(block.equations, at);
        at = list_lives(block.derivatives, at);
        for (auto const* list : {&block.guesses, &block.images, &block.slopes, &block.last})
            for (Operand const& operand : *list) read(operand, at);
        for (auto const* list : {&block.solution, &block.equations, &block.derivatives})
            for (Instruction const& instruction : *list)
                each_read(program(), instruction, [&](Operand const& operand) {
                    if (operand.kind == Kind::row && life_[index(operand.index)].first < begin)
                        read(operand, at);
                });
        return at + 1;
    }

    int stage_lives(std::vector<Stage> const& stages, int at) {
        for (Stage const& stage : stages) {
            if (stage.simultaneous >= 0)
                at = block_lives(program().blocks[index(stage.simultaneous)], at);
            at = list_lives(stage.instructions, at);
        }
        return at;
    }

    int clearing_lives(int at) {
        ClearingRows const& rows = program().clearing;
        for (auto const* list : {&rows.paid, &rows.called, &rows.lost, &rows.short_of})
            for (Operand const& operand : *list) write(operand, at);
        for (auto const* list : {&rows.owed, &rows.cover, &rows.share})
            for (Operand const& operand : *list) read(operand, at + 1);
        // Whatever is written lives as long as the clearing works.
        for (auto const* list : {&rows.paid, &rows.called, &rows.lost, &rows.short_of})
            for (Operand const& operand : *list) read(operand, at + 1);
        return at + 2;
    }

    // ---- rows

    void lay_start() {
        life_.assign(index(draft_.values), {});
        allocate(list_lives(program().start, 0));
    }

    void lay_step() {
        life_.assign(index(draft_.values), {});
        int at = stage_lives(program().plans, 0);
        at = clearing_lives(at);
        allocate(stage_lives(program().results, at));
    }

    /// Values that are written, and have no row of their own.
    std::vector<int> rowless() const {
        std::vector<int> values;
        for (int v = 0; v < draft_.values; ++v)
            if (life_[index(v)].first >= 0 && row_[index(v)] < 0) values.push_back(v);
        return values;
    }

    /// A row freed by the last reader may be written by that very instruction: lane by lane a kernel
    /// reads before it writes.
    void allocate(int positions) {
        auto const count = index(positions) + 1;
        auto const values = rowless();
        ByPosition const born(count, values, [&](int v) { return life_[index(v)].first; });
        ByPosition const dying(count, values, [&](int v) { return life_[index(v)].last; });
        free_.clear();
        for (int row = shared_; row-- > 0;) free_.push_back(row);
        for (std::size_t at = 0; at < count; ++at) {
            for (int const value : dying[at])
                if (life_[index(value)].first < static_cast<int>(at))
                    free_.push_back(row_[index(value)] - own_);
            for (int const value : born[at]) {
                int const row = free_.empty() ? shared_++ : free_.back();
                if (!free_.empty()) free_.pop_back();
                row_[index(value)] = own_ + row;
            }
            for (int const value : dying[at])
                if (life_[index(value)].first == static_cast<int>(at))
                    free_.push_back(row_[index(value)] - own_);
        }
    }

    void place_pairs_and_memories() {
        first_pair_ = rows_;
        first_memory_ = first_pair_ + 2 * draft_.pairs;
        program().rows = first_memory_ + draft_.memories * draft_.memory_rows;
        program().scalars = static_cast<int>(program().constants.size()) + draft_.tables;
    }

    void rewrite(Operand& operand) const {
        switch (operand.kind) {
        case Kind::none:
            break;
        case Kind::row:
            operand.index = row_[index(operand.index)];
            break;
        case Kind::now:
        case Kind::before:
            operand.index = first_pair_ + 2 * operand.index;
            break;
        case Kind::scalar:
            if (operand.index >= first_table)
                operand.index += static_cast<int>(draft_.program.constants.size()) - first_table;
            break;
        case Kind::memory:
            operand.index = first_memory_ + operand.index * draft_.memory_rows;
            break;
        }
    }
    void rewrite(std::vector<Operand>& operands) const {
        for (Operand& operand : operands) rewrite(operand);
    }

    void rewrite() {
        each_list(program(), [&](std::vector<Instruction>& list) {
            for (Instruction& instruction : list) {
                rewrite(instruction.out);
                for (Operand& operand : instruction.in) rewrite(operand);
            }
        });
        for (SumTerm& term : program().terms) {
            rewrite(term.value);
            rewrite(term.condition);
        }
        for (Simultaneous& block : program().blocks)
            for (auto* list : {&block.guesses, &block.last, &block.images, &block.slopes})
                rewrite(*list);
        ClearingRows& rows = program().clearing;
        for (auto* list : {&rows.owed, &rows.cover, &rows.share, &rows.paid, &rows.called,
                           &rows.lost, &rows.cash, &rows.short_of})
            rewrite(*list);
        for (Draw& draw : program().draws) rewrite(draw.place);
        for (auto* list : {&program().cells, &program().starts, &program().balances})
            rewrite(*list);
    }
};

} // namespace

Program lay_out(Draft draft) { return Layout(std::move(draft)).lay_out(); }

} // namespace perpetuum
