// A shock is a change of definitions: readers of a figure, the equation of a variable, the amount of
// a payment, the breach of a firm, the life of a deal.

#include "nodes.hpp"

#include <perpetuum/stress.hpp>

#include <algorithm>
#include <cmath>

namespace perpetuum {

using namespace stressing;

namespace {

/// The cell whose definition says how much a payment of this name is; -1: it is no payment.
CellId amount_of_payment(System const& system, CellId named) {
    for (SystemFlow const& flow : system.flows)
        if (flow.paid == named && flow.type != StatementType::guarantee &&
            flow.type != StatementType::default_loses)
            return flow.owed;
    return -1;
}

bool is_quantity(System const& system, CellId id) {
    Cell const& cell = system.cells[index(id)];
    switch (cell.type) {
    case CellType::parameter:
    case CellType::series:
    case CellType::variable:
        return true;
    case CellType::paid:
    case CellType::owed:
        return amount_of_payment(system, id) >= 0;
    default:
        return false;
    }
}

/// Whether `straight_line` writes off by it: the time that it looks back for what was bought.
bool is_life(System const& system, CellId id) {
    std::vector<NodeId> ask;
    for (Node const& node : system.nodes)
        if (node.op == NodeOp::past_sum &&
            system.cells[index(node.cell)].name.starts_with("#middle"))
            ask.push_back(node.arguments[0]);
    std::vector<bool> asked(system.nodes.size(), false);
    while (!ask.empty()) {
        NodeId const next = ask.back();
        ask.pop_back();
        if (next < 0 || asked[index(next)]) continue;
        asked[index(next)] = true;
        Node const& node = system.nodes[index(next)];
        if (node.op == NodeOp::cell && node.cell == id) return true;
        ask.insert(ask.end(), node.arguments.begin(), node.arguments.end());
        if (node.op == NodeOp::cell && system.cells[index(node.cell)].type == CellType::parameter)
            ask.push_back(system.cells[index(node.cell)].value);
    }
    return false;
}

/// A sector, whose purse has no bottom; -1: there is none.
int outside_of(System const& system) {
    for (std::size_t e = 0; e < system.entities.size(); ++e)
        if (system.entities[e].outside) return static_cast<int>(e);
    return -1;
}

CellId state_of(System const& system, std::string const& prefix, std::string const& id) {
    for (std::size_t c = 0; c < system.cells.size(); ++c)
        if (system.cells[c].name == prefix + id) return static_cast<CellId>(c);
    return -1;
}

std::string fault_of_values(Shock const& shock) {
    if (shock.values.empty()) return "wants a value";
    for (double const value : shock.values)
        if (!std::isfinite(value)) return "wants numbers";
    return {};
}

class Shocking {
  public:
    Shocking(System& system, Shock const& shock, int number)
        : system_(system), shock_(shock), name_("#shock." + std::to_string(number)) {}

    void apply() {
        switch (shock_.what) {
        case Shock::What::fail:
            return fail();
        case Shock::What::cut:
            return cut();
        case Shock::What::give:
            return give();
        default:
            return change();
        }
    }

  private:
    System& system_;
    Shock const& shock_;
    std::string name_;

    /// By step: what `value` says of the steps since the shock began, 0 before.
    template <class Value>
    std::vector<double> from_then_on(int first, Value value) const {
        std::vector<double> steps(index(system_.steps), 0.0);
        for (int s = std::max(1, first); s <= system_.steps; ++s)
            steps[index(s - 1)] = value(s - first);
        return steps;
    }

    void fail() {
        // A failure is a covenant broken in the step before.
        CellId const breach = state_of(system_, "#breach.", shock_.name);
        if (shock_.step <= 1) system_.cells[index(breach)].start = add_constant(system_, 1);
        CellId const fails =
            add_series(system_, name_, from_then_on(shock_.step - 1, [](int) { return 1.0; }));
        NodeId const usual = system_.cells[index(breach)].value;
        NodeId const now = add_cell_node(system_, fails);
        system_.cells[index(breach)].value =
            usual < 0 ? now : add_node(system_, NodeOp::disjunction, usual, now);
    }

    void book(int entity, int account, CellId paid, bool raises, bool debit) {
        CellId const balance = system_.balance(entity, account);
        if (balance < 0) return;
        Cell& cell = system_.cells[index(balance)];
        NodeId const usual = cell.value;
        NodeId const now = add_node(system_, raises ? NodeOp::add : NodeOp::subtract, usual,
                                    add_cell_node(system_, paid));
        system_.cells[index(balance)].value = now;
        system_.postings.push_back(
            {paid, debit, entity, account, -1, static_cast<int>(system_.flows.size()) - 1});
    }

    /// A payment against retained earnings: money that is nobody's income.
    void give() {
        int const firm = system_.entity(shock_.name);
        bool const takes = shock_.values[0] < 0;
        std::vector<double> coins(index(system_.steps), 0.0);
        for (std::size_t i = 0; i < shock_.values.size(); ++i)
            if (std::size_t const s = index(shock_.step - 1) + i; s < coins.size())
                coins[s] = std::abs(shock_.values[i]);
        Cell owed, paid;
        owed.name = name_ + ".owed";
        owed.type = CellType::owed;
        owed.coins = true;
        owed.value = add_node(
            system_, NodeOp::to_coins,
            add_cell_node(system_, add_series(system_, name_ + ".amount", std::move(coins))));
        paid.name = name_ + ".paid";
        paid.type = CellType::paid;
        paid.coins = true;
        SystemFlow flow;
        flow.name = name_;
        int const sector = outside_of(system_);
        flow.payer = takes ? firm : sector;
        flow.payee = takes ? sector : firm;
        flow.rank = 1;
        flow.owed = add_cell(system_, std::move(owed));
        flow.paid = add_cell(system_, std::move(paid));
        system_.names[name_] = flow.paid;
        system_.flows.push_back(flow);
        book(firm, 0, flow.paid, !takes, !takes);
        book(firm, 1, flow.paid, !takes, takes);
    }

    void cut() {
        for (SystemContract const& contract : system_.contracts) {
            if (contract.deal != shock_.name && contract.id != shock_.name) continue;
            CellId const life = state_of(system_, "#life.", contract.id);
            if (life < 0) continue;
            auto& steps = system_.cells[index(life)].steps;
            for (std::size_t s = index(shock_.step - 1); s < steps.size(); ++s) steps[s] = 0;
        }
    }

    void change() {
        CellId const named = system_.names.at(shock_.name);
        CellType const type = system_.cells[index(named)].type;
        if (type == CellType::paid || type == CellType::owed)
            redefine(amount_of_payment(system_, named), true);
        else if (type == CellType::variable)
            redefine(named, false);
        else
            reread(named);
    }

    /// What the quantity is, made of what it would be.
    NodeId shocked(NodeId usual, bool coins) {
        CellId const active =
            add_series(system_, name_, from_then_on(shock_.step, [](int) { return 1.0; }));
        CellId const value =
            add_series(system_, name_ + ".value", from_then_on(shock_.step, [&](int since) {
                           auto const last = shock_.values.size() - 1;
                           return shock_.values[std::min(last, index(since))];
                       }));
        NodeId by = add_cell_node(system_, value);
        if (coins && shock_.what != Shock::What::multiply)
            by = add_node(system_, NodeOp::to_coins, by);
        if (shock_.what == Shock::What::multiply)
            by = add_node(system_, NodeOp::multiply, usual, by);
        if (shock_.what == Shock::What::add) {
            // What is taken away ends at zero: a payment below zero would stop the path.
            by = add_node(system_, NodeOp::add, usual, by);
            NodeId const least =
                add_node(system_, NodeOp::minimum, usual, add_constant(system_, 0));
            by = add_node(system_, NodeOp::maximum, by, least);
        }
        if (coins && shock_.what == Shock::What::multiply)
            by = add_node(system_, NodeOp::round_down, by);
        return add_node(system_, NodeOp::choose, add_cell_node(system_, active), by, usual);
    }

    void redefine(CellId cell, bool coins) {
        NodeId const now = shocked(system_.cells[index(cell)].value, coins);
        system_.cells[index(cell)].value = now;
    }

    /// A figure stays what it is, drawn as before; whoever reads it reads something else.
    void reread(CellId cell) {
        std::vector<NodeId> readers;
        for (std::size_t n = 0; n < system_.nodes.size(); ++n)
            if (system_.nodes[n].op == NodeOp::cell && system_.nodes[n].cell == cell)
                readers.push_back(static_cast<NodeId>(n));
        if (readers.empty()) return;
        Cell made;
        made.name = name_ + ".instead";
        NodeId const usual = add_cell_node(system_, cell);
        NodeId const now = shocked(usual, false);
        made.value = now;
        made.start = usual;
        CellId const instead = add_cell(system_, std::move(made));
        for (NodeId const reader : readers) {
            system_.nodes[index(reader)].cell = instead;
            int& lags = system_.cells[index(instead)].lags;
            lags = std::max(lags, system_.nodes[index(reader)].lag);
        }
    }
};

} // namespace

std::string fault_of(System const& system, Shock const& shock) {
    if (shock.step < 1 || shock.step > system.steps)
        return "begins in step " + std::to_string(shock.step) + " of a run of " +
               std::to_string(system.steps);
    if (shock.what == Shock::What::fail || shock.what == Shock::What::give) {
        int const entity = system.entity(shock.name);
        bool const gives = shock.what == Shock::What::give;
        if (entity < 0) return "no firm is called '" + shock.name + "'";
        if (system.entities[index(entity)].outside)
            return "'" + shock.name + "' is an outside sector, which " +
                   (gives ? "has what it wants" : "cannot default");
        if (gives && outside_of(system) < 0) return "there is no sector to give anything";
        if (gives)
            for (double const value : shock.values)
                if (!(value * shock.values[0] >= 0)) return "is given or gives away, not both";
        return gives ? fault_of_values(shock) : std::string();
    }
    if (shock.what == Shock::What::cut) {
        bool known = false;
        for (SystemContract const& contract : system.contracts)
            if (contract.deal == shock.name || contract.id == shock.name) {
                known = true;
                if (contract.runs) return {};
            }
        return known ? "'" + shock.name + "' is in the map only: the run has nothing to cut"
                     : "no deal is called '" + shock.name + "'";
    }
    auto const found = system.names.find(shock.name);
    if (found == system.names.end()) return "no quantity is called '" + shock.name + "'";
    if (!is_quantity(system, found->second))
        return "'" + shock.name + "' is what payments and bookings leave: it cannot be put";
    if (is_life(system, found->second))
        return "'" + shock.name +
               "' is a life of what is written off, which is one for the whole run";
    return fault_of_values(shock);
}

std::vector<std::string> shock_names(System const& system, Shock::What what) {
    std::vector<std::string> names;
    if (what == Shock::What::fail || what == Shock::What::give) {
        for (SystemEntity const& entity : system.entities)
            if (!entity.outside) names.push_back(entity.id);
    } else if (what == Shock::What::cut) {
        for (SystemContract const& contract : system.contracts)
            if (contract.runs) names.push_back(contract.deal);
    } else {
        for (auto const& [name, cell] : system.names.sorted())
            if (is_quantity(system, cell)) names.push_back(name);
    }
    return names;
}

System with_cut_switches(System system, std::vector<std::string> const& deals, int step) {
    for (std::size_t d = 0; d < deals.size(); ++d) {
        Cell flag;
        flag.name = "#cut." + deals[d];
        flag.type = CellType::parameter;
        flag.drawn = true;
        flag.draw = {Shape::uniform, {0, 1}}; // in place of which the caller puts 0 or 1
        CellId const cut = add_cell(system, std::move(flag));
        std::vector<double> steps(index(system.steps), 0.0);
        std::fill(steps.begin() + std::min(step, system.steps) - 1, steps.end(), 1.0);
        CellId const active = add_series(system, "#cutting." + deals[d], std::move(steps));
        bool found = false;
        for (SystemContract const& contract : system.contracts) {
            CellId const life =
                contract.deal == deals[d] ? state_of(system, "#life.", contract.id) : CellId{-1};
            if (life < 0) continue;
            found = true;
            NodeId const usual = add_cell_node(system, life);
            NodeId const over = add_node(system, NodeOp::multiply, add_cell_node(system, cut),
                                         add_cell_node(system, active));
            Cell lives;
            lives.name = "#lives." + contract.id;
            lives.start = usual;
            lives.value = add_node(system, NodeOp::choose, over, add_constant(system, 0), usual);
            CellId const instead = add_cell(system, std::move(lives));
            for (std::size_t n = 0; n < system.nodes.size(); ++n) {
                Node& node = system.nodes[n];
                bool const reads = node.op == NodeOp::cell && node.cell == life;
                if (reads && static_cast<NodeId>(n) != usual) node.cell = instead;
            }
        }
        if (!found) throw BadInput{"no deal is called '" + deals[d] + "', or it does not run"};
    }
    return system;
}

System with_shocks(System system, std::vector<Shock> const& shocks) {
    int number = 0;
    for (Shock const& shock : shocks) {
        if (auto const fault = fault_of(system, shock); !fault.empty()) throw BadInput{fault};
        Shocking(system, shock, ++number).apply();
    }
    return system;
}

} // namespace perpetuum
