// Everything whose start is known is taken to stay there; what does not is struck off, and what rested
// on it looked at again, until nothing is struck off any more.

#include "settled.hpp"

#include <bit>

namespace perpetuum {

namespace {

using Known = std::optional<double>;

std::size_t index(int id) { return static_cast<std::size_t>(id); }

bool same_bits(double a, double b) {
    return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

/// Who rests on what: lists in one array.
class Users {
  public:
    explicit Users(std::size_t count) : first_(count + 1, 0) {}
    void count(int of) { ++first_[index(of) + 1]; }
    void lay_out() {
        for (std::size_t i = 1; i < first_.size(); ++i) first_[i] += first_[i - 1];
        list_.resize(first_.back());
        next_ = first_;
    }
    void put(int of, int user) { list_[next_[index(of)]++] = user; }
    template <class Visitor>
    void each(int of, Visitor visit) const {
        for (std::size_t i = first_[index(of)]; i < first_[index(of) + 1]; ++i) visit(list_[i]);
    }

  private:
    std::vector<std::size_t> first_, next_;
    std::vector<int> list_;
};

class Settler {
  public:
    Settler(System const& flat, Pool const& terms)
        : system_(flat), pool_(terms), readers_(flat.cells.size()), users_(flat.nodes.size()),
          valued_(flat.nodes.size()) {}

    Settled settle(Sequence const& sequence, std::vector<TermId> const& start) {
        list_users();
        suppose(sequence, start);
        for (std::size_t n = 0; n < system_.nodes.size(); ++n) value_of(static_cast<NodeId>(n));
        for (std::size_t c = 0; c < system_.cells.size(); ++c) check(static_cast<CellId>(c));
        while (!dropped_.empty()) {
            CellId const cell = dropped_.back();
            dropped_.pop_back();
            readers_.each(cell, [&](NodeId node) { look_again(node); });
            if (flow_of_[index(cell)] >= 0) owed_moves(flow_of_[index(cell)]);
        }
        return std::move(settled_);
    }

  private:
    System const& system_;
    Pool const& pool_;
    Settled settled_;
    Users readers_;               ///< by cell: nodes that name it
    Users users_, valued_;        ///< by node: nodes it is an argument of, cells it defines
    std::vector<char> looked_at_; ///< by node
    std::vector<CellId> dropped_;
    std::vector<int> flow_of_; ///< by cell: the payment that it says the owed amount of; −1: none

    Node const& node(NodeId id) const { return system_.nodes[index(id)]; }
    Cell const& cell(CellId id) const { return system_.cells[index(id)]; }
    static bool names_cell(Node const& node) {
        return node.op == NodeOp::cell || node.op == NodeOp::past || node.op == NodeOp::past_sum;
    }

    void list_users() {
        for (bool const putting : {false, true}) {
            for (std::size_t n = 0; n < system_.nodes.size(); ++n) {
                Node const& each = system_.nodes[n];
                auto const id = static_cast<NodeId>(n);
                if (names_cell(each))
                    putting ? readers_.put(each.cell, id) : readers_.count(each.cell);
                for (NodeId const argument : each.arguments)
                    if (argument >= 0) putting ? users_.put(argument, id) : users_.count(argument);
            }
            for (std::size_t c = 0; c < system_.cells.size(); ++c)
                if (defined(system_.cells[c])) {
                    NodeId const value = system_.cells[c].value;
                    putting ? valued_.put(value, static_cast<CellId>(c)) : valued_.count(value);
                }
            if (putting) break;
            readers_.lay_out();
            users_.lay_out();
            valued_.lay_out();
        }
        flow_of_.assign(system_.cells.size(), -1);
    }

    void suppose(Sequence const& sequence, std::vector<TermId> const& start) {
        settled_.node.resize(system_.nodes.size());
        settled_.cell.resize(system_.cells.size());
        looked_at_.assign(system_.nodes.size(), 0);
        for (std::size_t c = 0; c < system_.cells.size(); ++c) {
            Cell const& each = system_.cells[c];
            bool const keeps_start =
                fixed(each) || defined(each) || (!each.drawn && each.value < 0 && !is_put(each));
            if (keeps_start && each.type != CellType::series)
                settled_.cell[c] = pool_.known(start[c]);
            if (settled_.cell[c] && *settled_.cell[c] != *settled_.cell[c])
                settled_.cell[c].reset();
        }
        for (std::size_t f = 0; f < system_.flows.size(); ++f) {
            SystemFlow const& flow = system_.flows[f];
            if (flow.type != StatementType::due && flow.type != StatementType::transfer) continue;
            if (flow_of_[index(flow.owed)] >= 0) continue; // said for two: neither is looked into
            if (settled_.cell[index(flow.owed)] != 0.0 ||
                pool_.known(start[index(flow.paid)]) != 0.0)
                continue;
            settled_.cell[index(flow.paid)] = 0.0;
            flow_of_[index(flow.owed)] = static_cast<int>(f);
        }
        for (SystemFlow const& flow :
             system_.flows) // what a guarantee may bring about is not known
            if (flow.covers >= 0) {
                SystemFlow const& covered = system_.flows[index(flow.covers)];
                settled_.cell[index(covered.paid)].reset();
                flow_of_[index(covered.owed)] = -1;
            }
        for (auto const* list : {&sequence.plans, &sequence.results})
            for (Component const& component : *list)
                if (!component.torn.empty())
                    for (auto const* members : {&component.torn, &component.cells})
                        for (CellId const member : *members) settled_.cell[index(member)].reset();
    }

    /// By the step.
    static bool is_put(Cell const& each) {
        return each.type == CellType::series || each.type == CellType::paid ||
               each.type == CellType::called || each.type == CellType::lost ||
               each.type == CellType::short_of;
    }

    void drop(CellId id) {
        if (!settled_.cell[index(id)]) return;
        settled_.cell[index(id)].reset();
        dropped_.push_back(id);
    }

    void owed_moves(int flow) { drop(system_.flows[index(flow)].paid); }

    void check(CellId id) {
        Known const& mine = settled_.cell[index(id)];
        if (flow_of_[index(id)] >= 0 && !mine) owed_moves(flow_of_[index(id)]);
        if (!mine || !defined(cell(id))) return;
        Known const& value = settled_.node[index(cell(id).value)];
        if (!value || !same_bits(*value, *mine)) drop(id);
    }

    void look_again(NodeId id) {
        std::vector<NodeId> work{id};
        while (!work.empty()) {
            NodeId const next = work.back();
            work.pop_back();
            if (!settled_.node[index(next)]) continue;
            Known const value = computed(node(next));
            if (value) continue; // it hangs on something else
            settled_.node[index(next)].reset();
            valued_.each(next, [&](CellId user) { check(user); });
            users_.each(next, [&](NodeId user) { work.push_back(user); });
        }
    }

    /// Arguments first.
    void value_of(NodeId root) {
        std::vector<std::pair<NodeId, bool>> work{{root, false}};
        while (!work.empty()) {
            auto const [id, ready] = work.back();
            work.pop_back();
            if (looked_at_[index(id)]) continue;
            if (ready) {
                looked_at_[index(id)] = 1;
                settled_.node[index(id)] = computed(node(id));
                continue;
            }
            work.emplace_back(id, true);
            for (NodeId const argument : node(id).arguments)
                if (argument >= 0 && !looked_at_[index(argument)])
                    work.emplace_back(argument, false);
        }
    }

    static Known plain(double value) {
        if (value != value) return std::nullopt;
        return value == 0 ? 0 : value; // one zero
    }

    /// What a node comes to whatever else is the case; nothing where that cannot be said.
    Known computed(Node const& each) const {
        std::array<Known, 3> in;
        bool all = true;
        for (std::size_t i = 0; i < 3; ++i)
            if (each.arguments[i] >= 0) {
                in[i] = settled_.node[index(each.arguments[i])];
                all &= in[i].has_value();
            }
        switch (each.op) {
        case NodeOp::constant:
            return plain(each.value);
        case NodeOp::cell:
            return settled_.cell[index(each.cell)];
        case NodeOp::past:
            return settled_.cell[index(each.cell)] == 0.0 ? Known(0) : std::nullopt;
        case NodeOp::time:
        case NodeOp::since:
        case NodeOp::ramp_up:
        case NodeOp::past_sum:
            return std::nullopt;
        case NodeOp::conjunction:
            if (in[0] == 0.0 || in[1] == 0.0) return 0.0;
            break;
        case NodeOp::choose:
            if (in[0]) return *in[0] != 0 ? in[1] : in[2];
            if (in[1] && in[2] && same_bits(*in[1], *in[2])) return in[1];
            return std::nullopt;
        default:
            break;
        }
        if (!all) return std::nullopt;
        bool const swapped = mirrored(each.op);
        double const a = in[0].value_or(0), b = in[1].value_or(0);
        return plain(pool_.evaluate(operation_of(each.op), swapped ? b : a, swapped ? a : b,
                                    in[2].value_or(0), 0));
    }
};

} // namespace

Settled settled_of(System const& system, Sequence const& sequence, Pool const& pool,
                   std::vector<TermId> const& start) {
    return Settler(system, pool).settle(sequence, start);
}

} // namespace perpetuum
