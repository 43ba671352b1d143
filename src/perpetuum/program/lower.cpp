// Nodes of the system → terms, cell after cell in an order in which what a cell needs is there.

#include "lower.hpp"

#include "derive.hpp"
#include "settled.hpp"

#include <cassert>

namespace perpetuum {

namespace {

std::size_t index(int id) { return static_cast<std::size_t>(id); }

} // namespace

Opcode operation_of(NodeOp op) {
    switch (op) {
    case NodeOp::negate:
        return Opcode::negate;
    case NodeOp::add:
        return Opcode::add;
    case NodeOp::subtract:
        return Opcode::subtract;
    case NodeOp::multiply:
        return Opcode::multiply;
    case NodeOp::divide:
        return Opcode::divide;
    case NodeOp::power:
        return Opcode::power;
    case NodeOp::minimum:
        return Opcode::minimum;
    case NodeOp::maximum:
        return Opcode::maximum;
    case NodeOp::equal:
        return Opcode::equal;
    case NodeOp::unequal:
        return Opcode::unequal;
    case NodeOp::less:
    case NodeOp::greater:
        return Opcode::less;
    case NodeOp::less_equal:
    case NodeOp::greater_equal:
        return Opcode::less_equal;
    case NodeOp::conjunction:
        return Opcode::conjunction;
    case NodeOp::disjunction:
        return Opcode::disjunction;
    case NodeOp::negation:
        return Opcode::negation;
    case NodeOp::choose:
        return Opcode::choose;
    case NodeOp::absolute:
        return Opcode::absolute;
    case NodeOp::exponential:
        return Opcode::exponential;
    case NodeOp::logarithm:
        return Opcode::logarithm;
    case NodeOp::square_root:
        return Opcode::square_root;
    case NodeOp::round_down:
        return Opcode::round_down;
    case NodeOp::since:
        return Opcode::since;
    case NodeOp::ramp_up:
        return Opcode::ramp_up;
    case NodeOp::to_coins:
        return Opcode::to_coins;
    case NodeOp::past:
        return Opcode::past;
    case NodeOp::past_sum:
        return Opcode::past_sum;
    case NodeOp::constant:
    case NodeOp::cell:
    case NodeOp::time:
        break;
    }
    return Opcode::copy;
}

bool mirrored(NodeOp op) { return op == NodeOp::greater || op == NodeOp::greater_equal; }

namespace {

class Lowerer {
  public:
    Lowerer(System const& flat, Sequence const& order, CompileOptions const& wishes)
        : system_(flat), sequence_(order), options_(wishes), result_(flat),
          in_step_(flat.nodes.size(), -1), at_start_(flat.nodes.size(), -1) {
        result_.value.assign(flat.cells.size(), -1);
        result_.start.assign(flat.cells.size(), -1);
        result_.image.assign(flat.cells.size(), -1);
        result_.direct.assign(flat.cells.size(), -1);
    }

    Lowered lower() {
        for (CellId const cell : sequence_.start) lower_start(cell);
        settled_ = settled_of(system_, sequence_, pool(), result_.start);
        for (std::size_t i = 0; i < system_.cells.size(); ++i) give_leaf(static_cast<CellId>(i));
        for (auto const* list : {&sequence_.plans, &sequence_.results})
            for (Component const& component : *list) {
                auto const torn = sequence_.torn(component);
                for (CellId const cell : torn) put(cell, pool().leaf(cell, 0, Rate::varying));
                for (CellId const cell : sequence_.cells(component))
                    if (!is_settled(settled_.cell[index(cell)])) put(cell, lowered(cell));
                for (CellId const cell : torn) result_.image[index(cell)] = lowered(cell);
                if (torn.size() == 1) solve_directly(torn[0]);
            }
        return std::move(result_);
    }

  private:
    System const& system_;
    Sequence const& sequence_;
    CompileOptions const& options_;
    Lowered result_;
    std::vector<TermId> in_step_, at_start_; ///< by node
    Settled settled_;
    std::vector<NodeId> work_; ///< of `walk`: what is still to be lowered
    Dependence dependence_;

    Pool& pool() { return result_.pool; }
    Definition const& definition(CellId id) const { return sequence_.definitions[index(id)]; }
    /// What an equation comes to in a step.
    TermId lowered(CellId id) { return walk(definition(id).value, in_step_, false); }

    void put(CellId id, TermId value) { result_.value[index(id)] = value; }

    /// x = a + b x, where b does not rest on x: x = a / (1 - b).
    void solve_directly(CellId id) {
        TermId const unknown = result_.value[index(id)], image = result_.image[index(id)];
        TermId const slope = slopes_of(pool(), dependence_, system_.step_months, system_.coin,
                                       {image}, {unknown})[0];
        dependence_.look(pool(), {slope}, {unknown});
        if (dependence_.rests(slope)) return;
        TermId const rest = with_leaf(pool(), dependence_, image, unknown, 0);
        if (rest < 0) return;
        TermId const part = pool().apply(Opcode::subtract, pool().constant(1), slope);
        // What does not change in a step is inverted before it: the equations check the answer.
        bool const moves = pool()[part].rate == Rate::varying;
        result_.direct[index(id)] =
            moves ? pool().apply(Opcode::divide, rest, part)
                  : pool().apply(Opcode::multiply, rest,
                                 pool().apply(Opcode::divide, pool().constant(1), part));
    }

    void lower_start(CellId id) {
        Definition const& how = definition(id);
        TermId& start = result_.start[index(id)];
        if (how.origin == Origin::given) {
            auto const& steps = system_.cells[index(id)].steps;
            start = pool().constant(steps.empty() ? 0 : steps[0]);
        } else if (how.drawn) {
            Cell const& each = system_.cells[index(id)];
            bool const known = each.draw.shape == Shape::point && options_.fold_points;
            start = known || each.each_step ? pool().constant(median(each.draw))
                                            : pool().leaf(id, 0, Rate::path);
        } else {
            start = how.start < 0 ? pool().constant(0) : walk(how.start, at_start_, true);
        }
    }

    /// Cells that no equation of the step defines.
    void give_leaf(CellId id) {
        if (double const known = settled_.cell[index(id)]; is_settled(known))
            return put(id, pool().constant(known));
        switch (definition(id).origin) {
        case Origin::fixed:
        case Origin::still:
            return put(id, result_.start[index(id)]);
        case Origin::given:
            return put(id, pool().leaf(id, 0, Rate::uniform));
        case Origin::drawn:
        case Origin::cleared:
            return put(id, pool().leaf(id, 0, Rate::varying));
        case Origin::equation:
            return;
        }
    }

    TermId cell_in_step(CellId id, int lag) {
        double const settled = settled_.cell[index(id)];
        if (is_settled(settled)) return pool().constant(settled);
        TermId const now = result_.value[index(id)]; // −1: later in this step
        if (lag == 0) return now;
        if (now < 0) return pool().leaf(id, lag, Rate::varying);
        TermId const start = result_.start[index(id)];
        Rate const rate = pool()[now].rate;
        bool const same = now == start;
        if (same && (rate == Rate::constant || rate == Rate::path)) return now;
        bool const known = pool().known(start).has_value();
        if (known && (rate == Rate::constant || rate == Rate::uniform))
            return pool().leaf(id, lag, Rate::uniform);
        return pool().leaf(id, lag, Rate::varying);
    }

    /// The term of a node and of all that it needs; arguments before the node, the last one first,
    /// without recursion.
    TermId walk(NodeId root, std::vector<TermId>& terms, bool starting) {
        work_.assign(1, root);
        while (!work_.empty()) {
            NodeId const id = work_.back();
            TermId& term = terms[index(id)];
            if (term < 0 && !starting && is_settled(settled_.node[index(id)]))
                term = pool().constant(settled_.node[index(id)]);
            if (term < 0) {
                Node const& node = system_.nodes[index(id)];
                std::size_t const before = work_.size();
                for (NodeId const argument : node.arguments)
                    if (argument >= 0 && terms[index(argument)] < 0) work_.push_back(argument);
                if (work_.size() > before) continue;
                term = term_of(node, terms, starting);
                assert(term >= 0);
            }
            work_.pop_back();
        }
        return terms[index(root)];
    }

    TermId term_of(Node const& node, std::vector<TermId> const& terms, bool starting) {
        auto const argument = [&](std::size_t i) {
            return node.arguments[i] < 0 ? -1 : terms[index(node.arguments[i])];
        };
        switch (node.op) {
        case NodeOp::constant:
            return pool().constant(node.value);
        case NodeOp::time:
            return pool().time(starting);
        case NodeOp::cell:
            return starting ? result_.start[index(node.cell)] : cell_in_step(node.cell, node.lag);
        case NodeOp::since:
        case NodeOp::ramp_up:
            return pool().clocked(operation_of(node.op), argument(0), argument(1), starting);
        case NodeOp::past:
        case NodeOp::past_sum:
            return starting ? past_at_start(node, argument(0), argument(1))
                            : pool().past(operation_of(node.op), node.cell, argument(0),
                                          argument(1), cell_in_step(node.cell, 0));
        default:
            return mirrored(node.op)
                       ? pool().apply(operation_of(node.op), argument(1), argument(0))
                       : pool().apply(operation_of(node.op), argument(0), argument(1), argument(2));
        }
    }

    /// Before the start everything is its start; a running sum grew there at `before` a step.
    TermId past_at_start(Node const& node, TermId time, TermId before) {
        TermId const start = result_.start[index(node.cell)];
        if (node.op == NodeOp::past) return start;
        TermId const steps =
            pool().apply(Opcode::divide, time, pool().constant(system_.step_months));
        TermId const back = pool().apply(Opcode::maximum, pool().constant(0), steps);
        return pool().apply(Opcode::subtract, start, pool().apply(Opcode::multiply, before, back));
    }
};

} // namespace

Lowered lower(System const& system, Sequence const& sequence, CompileOptions const& options) {
    return Lowerer(system, sequence, options).lower();
}

} // namespace perpetuum
