// Terms are emitted when something asks for them: what stays for a path before the first step, what
// stays for all paths into tables, the rest where it is first needed.

#include "emit.hpp"

#include "derive.hpp"
#include "needs.hpp"
#include "tables.hpp"

#include <algorithm>

namespace perpetuum {

namespace {

using Kind = Operand::Kind;

std::size_t index(int id) { return static_cast<std::size_t>(id); }

class Emitter {
  public:
    Emitter(System const& flat, Sequence const& order, ClearedFlows const& cleared, Lowered& terms,
            CompileOptions const& wishes)
        : system_(flat), sequence_(order), flows_(cleared), lowered_(terms),
          needs_(needs_of(flat, cleared, terms, order, wishes)), home_(flat.cells.size()),
          memories_(flat.cells.size(), -1) {
        draft_.memory_rows = flat.steps + 1;
        make_room();
    }

    Draft emit() {
        give_homes();
        program().plans.emplace_back();
        delay_lines();
        emit_components(sequence_.plans, program().plans);
        read_clearing(program().plans.back().instructions);
        program().results.emplace_back();
        emit_components(sequence_.results, program().results);
        write_starts();
        say_places();
        program().is_plan = sequence_.is_plan;
        program().tables = tables_of(system_, lowered_, table_terms_);
        draft_.tables = static_cast<int>(table_terms_.size());
        return std::move(draft_);
    }

  private:
    System const& system_;
    Sequence const& sequence_;
    ClearedFlows const& flows_;
    Lowered& lowered_;
    Needs needs_;
    Draft draft_;
    /// By cell: rows of its own; none: wherever its term is. After a pair come those that hold the
    /// cell 2, 3, … steps back.
    std::vector<Operand> home_;
    std::vector<int> memories_;      ///< by cell
    std::vector<Operand> place_;     ///< by term: where its value stands
    std::vector<Operand> term_home_; ///< by term of the equations: where it is to be written
    std::vector<char> remembered_;   ///< by memory: in this step
    std::vector<TermId> table_terms_, work_;
    Dependence dependence_;
    CellId emitting_ = -1;

    Program& program() { return draft_.program; }
    Pool& pool() { return lowered_.pool; }
    std::vector<Instruction>& start() { return program().start; }

    Operand new_value() { return {Kind::row, draft_.values++}; }
    Operand new_pair() { return {Kind::now, draft_.pairs++}; }
    static Operand before(Operand pair) { return {Kind::before, pair.index}; }
    void keep(Operand place) {
        if (place.kind == Kind::row) draft_.kept.push_back(place);
    }

    Operand& place(TermId id) { return place_[index(id)]; }
    Operand& term_home(TermId id) { return term_home_[index(id)]; }
    /// For terms that came since.
    void make_room() {
        place_.resize(index(pool().size()));
        term_home_.resize(index(pool().size()));
    }
    Operand delayed(CellId cell, int lag) const {
        return {Kind::now, home_[index(cell)].index + lag - 1};
    }

    // ---- rows of their own

    bool is_given(CellId id) const { // put by the step: a leaf of its own
        Term const& term = lowered_.pool[lowered_.value[index(id)]];
        return term.type == TermType::leaf && term.cell == id && term.lag == 0;
    }

    void give_homes() {
        for (std::size_t i = 0; i < system_.cells.size(); ++i) {
            auto const cell = static_cast<CellId>(i);
            TermId const value = lowered_.value[i];
            bool const varying = pool()[value].rate == Rate::varying;
            if (needs_.lags[i] > 0) {
                home_[i] = new_pair();
                draft_.pairs += needs_.lags[i] - 1;
            } else if (needs_.wanted[i] && varying) {
                home_[i] = new_value();
                keep(home_[i]);
            }
            if (needs_.memory[i]) memories_[i] = draft_.memories++;
            if (varying && is_given(cell) && needs_.term[index(value)]) give_leaf_a_place(cell);
            if (home_[i].kind != Kind::none && varying && pool()[value].type == TermType::apply &&
                term_home(value).kind == Kind::none)
                term_home(value) = home_[i];
        }
        remembered_.assign(index(draft_.memories), 0);
    }

    void give_leaf_a_place(CellId cell) {
        Operand& home = home_[index(cell)];
        bool const drawn = system_.cells[index(cell)].drawn;
        if (home.kind == Kind::none) home = new_value();
        if (drawn) {
            keep(home);
            program().draws.push_back({cell, home, true});
        }
        place(lowered_.value[index(cell)]) = home;
    }

    // ---- operands

    Operand scalar(TermId id) {
        program().constants.push_back(pool()[id].value);
        return {Kind::scalar, static_cast<int>(program().constants.size()) - 1};
    }

    Operand table(TermId id) {
        table_terms_.push_back(id);
        return {Kind::scalar, first_table + static_cast<int>(table_terms_.size()) - 1};
    }

    Operand leaf(Term const& term) {
        if (term.lag > 0) return before(delayed(term.cell, term.lag));
        Operand const where = new_value(); // a parameter, drawn once a path
        keep(where);
        program().draws.push_back({term.cell, where, false});
        return where;
    }

    /// Where a term's value stands; −none− if it has to be emitted first.
    Operand standing(TermId id) {
        Operand& where = place(id);
        if (where.kind != Kind::none) return where;
        Term const& term = pool()[id];
        if (term.rate == Rate::constant) return where = scalar(id);
        if (term.rate == Rate::uniform) return where = table(id);
        if (term.type == TermType::leaf) return where = leaf(term);
        return where;
    }

    // ---- instructions

    /// The operand of a term, after instructions for it and all it needs; of these the last argument
    /// first.
    Operand operand(TermId root, std::vector<Instruction>& list) {
        work_.assign(1, root);
        while (!work_.empty()) {
            TermId const id = work_.back();
            if (standing(id).kind == Kind::none) {
                if (put_arguments(pool()[id])) continue;
                write(id, pool()[id].rate == Rate::path ? start() : list);
            }
            work_.pop_back();
        }
        return place(root);
    }

    /// Those that have to be emitted first; true if there are any. Whatever gets its number when it
    /// is first asked for is asked for in the same order as these.
    bool put_arguments(Term const& term) {
        std::array<TermId, 3> waiting;
        std::size_t count = 0;
        for (std::size_t i = 3; i-- > 0;) {
            TermId const argument = term.arguments[i];
            if (argument < 0 || place(argument).kind != Kind::none) continue;
            if (count == 0 && standing(argument).kind != Kind::none) continue;
            waiting[count++] = argument;
        }
        for (std::size_t i = count; i-- > 0;) work_.push_back(waiting[i]);
        return count > 0;
    }

    void write(TermId id, std::vector<Instruction>& list) {
        Term const term = pool()[id];
        Instruction instruction{term.operation, {}, {}, emitting_};
        for (std::size_t i = 0; i < 3; ++i)
            if (term.arguments[i] >= 0) instruction.in[i] = place(term.arguments[i]);
        if (term.operation == Opcode::past || term.operation == Opcode::past_sum) {
            remember(term.cell, instruction.in[2], list);
            instruction.in[2] = {Kind::memory, memories_[index(term.cell)]};
        }
        Operand out = term_home(id);
        if (out.kind == Kind::none) out = new_value();
        instruction.out = out;
        list.push_back(instruction);
        place(id) = out;
    }

    void remember(CellId cell, Operand value, std::vector<Instruction>& list) {
        int const memory = memories_[index(cell)];
        if (remembered_[index(memory)]) return;
        remembered_[index(memory)] = 1;
        list.push_back(
            {Opcode::remember, {Kind::memory, memory}, {value, Operand{}, Operand{}}, cell});
    }

    static void copy(Operand from, Operand to, CellId cell, std::vector<Instruction>& list) {
        list.push_back({Opcode::copy, to, {from, Operand{}, Operand{}}, cell});
    }

    void delay_lines() {
        for (std::size_t i = 0; i < system_.cells.size(); ++i)
            for (int lag = 2; lag <= needs_.lags[i]; ++lag) {
                auto const cell = static_cast<CellId>(i);
                copy(before(delayed(cell, lag - 1)), delayed(cell, lag), cell,
                     program().plans.back().instructions);
            }
    }

    /// Puts a cell's value where its rows are.
    void settle(CellId cell, std::vector<Instruction>& list) {
        Operand const home = home_[index(cell)];
        emitting_ = cell;
        if (home.kind != Kind::none) {
            Operand const value = operand(lowered_.value[index(cell)], list);
            if (value != home) copy(value, home, cell, list);
        }
        emitting_ = -1;
    }

    void emit_components(std::vector<Component> const& components, std::vector<Stage>& stages) {
        for (Component const& component : components) {
            auto const torn = sequence_.torn(component);
            if (!torn.empty() && needs_.torn[index(torn[0])]) {
                emit_block(component, stages);
                for (CellId const cell : torn) settle(cell, stages.back().instructions);
            }
            for (CellId const cell : sequence_.cells(component))
                settle(cell, stages.back().instructions);
        }
    }

    // ---- blocks

    void emit_block(Component const& component, std::vector<Stage>& stages) {
        Simultaneous block;
        auto const torn = sequence_.torn(component);
        block.unknowns.assign(torn.begin(), torn.end());
        std::vector<TermId> leaves, images;
        for (CellId const cell : torn) {
            leaves.push_back(lowered_.value[index(cell)]);
            images.push_back(lowered_.image[index(cell)]);
        }
        auto const slopes =
            slopes_of(pool(), dependence_, system_.step_months, system_.coin, images, leaves);
        make_room();
        auto& earlier = stages.back().instructions;
        emit_around(images, earlier);
        dependence_.look(pool(), slopes, leaves);
        block.affine = std::none_of(slopes.begin(), slopes.end(),
                                    [&](TermId id) { return dependence_.rests(id); });
        emit_around(slopes, earlier);
        TermId const direct = torn.size() == 1 ? lowered_.direct[index(torn[0])] : -1;
        if (direct >= 0) emit_solution(direct, leaves[0], torn[0], block.solution);
        for (std::size_t u = 0; u < leaves.size(); ++u) {
            Operand const guess = place(leaves[u]);
            block.guesses.push_back(guess);
            block.last.push_back(guess.kind == Kind::now ? before(guess) : guess);
        }
        for (CellId const cell : sequence_.cells(component)) {
            emitting_ = cell;
            operand(lowered_.value[index(cell)], block.equations);
        }
        for (std::size_t u = 0; u < images.size(); ++u) {
            emitting_ = torn[u];
            block.images.push_back(operand(images[u], block.equations));
        }
        emitting_ = -1;
        for (TermId const slope : slopes) block.slopes.push_back(operand(slope, block.derivatives));
        int const number = static_cast<int>(program().blocks.size());
        program().blocks.push_back(std::move(block));
        stages.emplace_back();
        stages.back().simultaneous = number;
    }

    /// Straight into the guess; but a later step of the search may move that, so the term stands
    /// nowhere after it.
    void emit_solution(TermId direct, TermId unknown, CellId cell, std::vector<Instruction>& list) {
        Term const& term = pool()[direct];
        bool const fresh = term.type == TermType::apply && term.rate == Rate::varying &&
                           place(direct).kind == Kind::none && term_home(direct).kind == Kind::none;
        if (!fresh) return copy(operand(direct, list), place(unknown), cell, list);
        emitting_ = cell;
        term_home(direct) = place(unknown);
        operand(direct, list);
        term_home(direct) = place(direct) = {};
        emitting_ = -1;
    }

    /// Whatever terms need that does not rest on the unknowns is computed once, before. The terms
    /// are those that dependence was asked about.
    void emit_around(std::vector<TermId> const& roots, std::vector<Instruction>& list) {
        std::vector<char> seen(dependence_.terms().size(), 0);
        std::vector<TermId> waiting = roots;
        while (!waiting.empty()) {
            TermId const id = waiting.back();
            waiting.pop_back();
            if (id < 0) continue;
            if (!dependence_.rests(id)) {
                operand(id, list);
                continue;
            }
            char& known = seen[index(dependence_.place(id))];
            if (known) continue;
            known = 1;
            for (TermId const argument : pool()[id].arguments) waiting.push_back(argument);
        }
    }

    // ---- the clearing

    Operand row_of(TermId id, std::vector<Instruction>& list) {
        Operand const found = operand(id, list);
        if (found.kind != Kind::scalar) return found;
        Operand const row = new_value();
        keep(row);
        copy(found, row, -1, list);
        return row;
    }

    void read_clearing(std::vector<Instruction>& list) {
        ClearingRows& rows = program().clearing;
        rows.payments = flows_.payments;
        rows.guarantees = flows_.guarantees;
        rows.costs = flows_.costs;
        auto const flows = [&](std::vector<int> const& numbers, std::vector<Operand>& in,
                               std::vector<Operand>& out) {
            for (int const number : numbers) {
                SystemFlow const& flow = system_.flows[index(number)];
                emitting_ = flow.owed;
                in.push_back(row_of(lowered_.value[index(flow.owed)], list));
                out.push_back(written(flow.paid));
            }
        };
        flows(flows_.payments, rows.owed, rows.paid);
        flows(flows_.guarantees, rows.cover, rows.called);
        flows(flows_.costs, rows.share, rows.lost);
        emitting_ = -1;
        for (std::size_t e = 0; e < system_.entities.size(); ++e) {
            CellId const cash = system_.balance(static_cast<int>(e), 0);
            SystemEntity const& entity = system_.entities[e];
            bool const limited = !entity.outside && !entity.supported;
            bool const purse = cash >= 0 && limited && !rows.payments.empty();
            rows.cash.push_back(purse ? before(home_[index(cash)]) : Operand{});
            CellId const lacking = system_.short_of[e];
            rows.short_of.push_back(lacking < 0 ? Operand{} : written(lacking));
        }
    }

    Operand written(CellId cell) {
        Operand const home = home_[index(cell)];
        return home.kind == Kind::none ? new_value() : home;
    }

    // ---- the start, and where things stand

    void write_starts() {
        for (std::size_t i = 0; i < system_.cells.size(); ++i) {
            TermId const value = lowered_.start[i];
            bool const pair = home_[i].kind == Kind::now;
            if (!pair && memories_[i] < 0 && !needs_.wanted[i]) continue;
            auto const cell = static_cast<CellId>(i);
            Operand const found = operand(value, start());
            if (pair) copy(found, home_[i], cell, start());
            for (int lag = 2; lag <= needs_.lags[i]; ++lag)
                copy(found, delayed(cell, lag), cell, start());
            if (memories_[i] >= 0)
                start().push_back({Opcode::remember,
                                   {Kind::memory, memories_[i]},
                                   {found, Operand{}, Operand{}},
                                   cell});
        }
    }

    void say_places() {
        auto const count = system_.cells.size();
        program().cells.resize(count);
        program().starts.resize(count);
        for (std::size_t i = 0; i < count; ++i) {
            if (!needs_.wanted[i]) continue;
            auto& list = program().results.back().instructions;
            program().cells[i] =
                home_[i].kind != Kind::none ? home_[i] : operand(lowered_.value[i], list);
            program().starts[i] =
                home_[i].kind == Kind::now ? home_[i] : operand(lowered_.start[i], start());
            keep(program().cells[i]);
            keep(program().starts[i]);
        }
        for (CellId const cell : system_.balances)
            program().balances.push_back(cell < 0 ? Operand{} : home_[index(cell)]);
    }
};

} // namespace

Draft emit(System const& system, Sequence const& sequence, ClearedFlows const& flows,
           Lowered& lowered, CompileOptions const& options) {
    return Emitter(system, sequence, flows, lowered, options).emit();
}

} // namespace perpetuum
