// Everything whose start is known is taken to stay there; what does not is struck off, and what rested
// on it looked at again, until nothing is struck off any more. What is left does not depend on the
// order: striking off one thing never settles another.

#include "settled.hpp"

#include <limits>
#include <optional>

namespace perpetuum {

namespace {

constexpr double moves = std::numeric_limits<double>::quiet_NaN();

std::size_t index(int id) { return static_cast<std::size_t>(id); }

double known_or_moves(Pool const& pool, TermId id) { return pool.known(id).value_or(moves); }

/// Who rests on what: a list for each, all in one array.
class Users {
  public:
    explicit Users(std::size_t count) : last_(count, -1) { uses_.reserve(count); }
    void put(int of, int user) {
        uses_.push_back({user, last_[index(of)]});
        last_[index(of)] = static_cast<int>(uses_.size()) - 1;
    }
    template <class Visitor>
    void each(int of, Visitor visit) const {
        for (int use = last_[index(of)]; use >= 0; use = uses_[index(use)].before)
            visit(uses_[index(use)].user);
    }

  private:
    struct Use {
        int user, before;
    };
    std::vector<int> last_;
    std::vector<Use> uses_;
};

class Settler {
  public:
    Settler(System const& flat, Sequence const& sequence, Pool const& terms)
        : system_(flat), definitions_(sequence.definitions), pool_(terms),
          flow_of_(flat.cells.size(), -1) {}

    Settled settle(Sequence const& sequence, std::vector<TermId> const& start) {
        suppose(sequence, start);
        settled_.node.resize(system_.nodes.size());
        for (std::size_t n = 0; n < system_.nodes.size(); ++n)
            settled_.node[n] = computed(system_.nodes[n]);
        for (std::size_t c = 0; c < system_.cells.size(); ++c) check(static_cast<CellId>(c));
        if (!dropped_.empty()) spread();
        return std::move(settled_);
    }

  private:
    System const& system_;
    std::vector<Definition> const& definitions_;
    Pool const& pool_;
    Settled settled_;
    std::vector<CellId> dropped_;
    std::vector<int> flow_of_; ///< by cell: the payment that it says the owed amount of; −1: none

    double& of_cell(CellId id) { return settled_.cell[index(id)]; }
    static bool names_cell(Node const& node) {
        return node.op == NodeOp::cell || node.op == NodeOp::past || node.op == NodeOp::past_sum;
    }

    // ---- what is supposed to stay

    void suppose(Sequence const& sequence, std::vector<TermId> const& start) {
        settled_.cell.assign(system_.cells.size(), moves);
        for (std::size_t c = 0; c < system_.cells.size(); ++c) {
            Origin const origin = definitions_[c].origin;
            if (origin == Origin::fixed || origin == Origin::equation || origin == Origin::still)
                settled_.cell[c] = known_or_moves(pool_, start[c]);
        }
        for (std::size_t f = 0; f < system_.flows.size(); ++f)
            suppose_unpaid(static_cast<int>(f), start);
        for (SystemFlow const& flow : system_.flows) // what a guarantee may bring about
            if (flow.covers >= 0) {
                SystemFlow const& covered = system_.flows[index(flow.covers)];
                of_cell(covered.paid) = moves;
                flow_of_[index(covered.owed)] = -1;
            }
        for (auto const* list : {&sequence.plans, &sequence.results})
            for (Component const& component : *list)
                if (component.torn > 0)
                    for (auto const& members :
                         {sequence.torn(component), sequence.cells(component)})
                        for (CellId const member : members) of_cell(member) = moves;
    }

    void suppose_unpaid(int number, std::vector<TermId> const& start) {
        SystemFlow const& flow = system_.flows[index(number)];
        if (flow.type != StatementType::due && flow.type != StatementType::transfer) return;
        if (flow_of_[index(flow.owed)] >= 0) return; // said for two: neither is looked into
        if (of_cell(flow.owed) != 0 || pool_.known(start[index(flow.paid)]) != 0.0) return;
        of_cell(flow.paid) = 0;
        flow_of_[index(flow.owed)] = number;
    }

    // ---- what is struck off

    void drop(CellId id) {
        if (!is_settled(of_cell(id))) return;
        of_cell(id) = moves;
        dropped_.push_back(id);
    }

    void drop_paid(int flow) {
        if (flow >= 0) drop(system_.flows[index(flow)].paid);
    }

    void check(CellId id) {
        double const mine = of_cell(id);
        if (!is_settled(mine)) return drop_paid(flow_of_[index(id)]);
        Definition const& definition = definitions_[index(id)];
        if (definition.origin == Origin::equation && settled_.node[index(definition.value)] != mine)
            drop(id);
    }

    /// Vertices: cells, then nodes. Whoever moves is asked after once; only what is settled so far
    /// can be struck off.
    void spread() {
        auto const cells = static_cast<int>(system_.cells.size());
        Users const users = settled_users();
        std::vector<int> work(dropped_.begin(), dropped_.end());
        dropped_.clear();
        while (!work.empty()) {
            int const moved = work.back();
            work.pop_back();
            if (moved < cells) drop_paid(flow_of_[index(moved)]);
            users.each(moved, [&](int user) {
                if (user < cells) return check(user);
                double& value = settled_.node[index(user - cells)];
                if (!is_settled(value) || !moves_now(system_.nodes[index(user - cells)])) return;
                value = moves;
                work.push_back(user);
            });
            work.insert(work.end(), dropped_.begin(), dropped_.end());
            dropped_.clear();
        }
    }

    Users settled_users() {
        auto const cells = static_cast<int>(system_.cells.size());
        Users users(system_.cells.size() + system_.nodes.size());
        for (std::size_t n = 0; n < system_.nodes.size(); ++n) {
            if (!is_settled(settled_.node[n])) continue;
            Node const& each = system_.nodes[n];
            int const user = cells + static_cast<int>(n);
            if (names_cell(each)) users.put(each.cell, user);
            for (NodeId const argument : each.arguments)
                if (argument >= 0 && is_settled(settled_.node[index(argument)]) &&
                    system_.nodes[index(argument)].op != NodeOp::constant)
                    users.put(cells + argument, user);
        }
        for (int cell = 0; cell < cells; ++cell)
            if (definitions_[index(cell)].origin == Origin::equation && is_settled(of_cell(cell)))
                users.put(cells + definitions_[index(cell)].value, cell);
        return users;
    }

    // ---- values

    static double plain(double value) { return value == 0 ? 0 : value; } // one zero

    /// What a node rests on.
    struct Arguments {
        std::array<double, 3> value{};
        bool settled = true; ///< all of them
    };
    Arguments arguments_of(Node const& each) const {
        Arguments in;
        for (std::size_t i = 0; i < 3; ++i)
            if (each.arguments[i] >= 0) {
                in.value[i] = settled_.node[index(each.arguments[i])];
                in.settled &= is_settled(in.value[i]);
            }
        return in;
    }

    /// What can be said of a node without computing it, `moves` included; nothing where its settled
    /// arguments say the rest.
    std::optional<double> said(Node const& each, Arguments const& in) const {
        auto const& [a, b, c] = in.value;
        switch (each.op) {
        case NodeOp::constant:
            return plain(each.value);
        case NodeOp::cell:
            return settled_.cell[index(each.cell)];
        case NodeOp::past:
            return settled_.cell[index(each.cell)] == 0 ? 0 : moves;
        case NodeOp::time:
        case NodeOp::since:
        case NodeOp::ramp_up:
        case NodeOp::past_sum:
            return moves;
        case NodeOp::conjunction:
            if (a == 0 || b == 0) return 0;
            break;
        case NodeOp::choose:
            if (is_settled(a)) return a != 0 ? b : c;
            return b == c ? b : moves;
        default:
            break;
        }
        if (!in.settled) return moves;
        return std::nullopt;
    }

    /// What a node comes to whatever else is the case.
    double computed(Node const& each) const {
        Arguments const in = arguments_of(each);
        if (auto const value = said(each, in)) return *value;
        bool const swapped = mirrored(each.op);
        return plain(pool_.evaluate(operation_of(each.op), in.value[swapped ? 1 : 0],
                                    in.value[swapped ? 0 : 1], in.value[2], 0));
    }

    /// Whether a node that was settled no longer is.
    bool moves_now(Node const& each) const {
        auto const value = said(each, arguments_of(each));
        return value && !is_settled(*value);
    }
};

} // namespace

Settled settled_of(System const& system, Sequence const& sequence, Pool const& pool,
                   std::vector<TermId> const& start) {
    return Settler(system, sequence, pool).settle(sequence, start);
}

} // namespace perpetuum
