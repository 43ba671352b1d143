// The world in which others' decisions, failures or marks stay as without the shock: their cells
// take the values of the unshocked run, step by step.

#include "lines.hpp"
#include "nodes.hpp"

#include <perpetuum/stress.hpp>

#include <algorithm>
#include <map>

namespace perpetuum {

using namespace stressing;

namespace {

class Holding {
  public:
    Holding(System const& shocked, System const& base, ShockHit const& hit, unsigned on)
        : base_(base), on_(on), match_(matching_cells(base, shocked)),
          roles_(account_roles(shocked)), made_{shocked, {}}, hit_(shocked.entities.size(), 0),
          touched_(shocked.contracts.size(), 0) {
        for (int const firm : hit.firms) hit_[index(firm)] = 1;
        for (std::size_t c = 0; c < shocked.contracts.size(); ++c)
            for (int const party : parties_of(shocked, static_cast<int>(c)))
                if (hit_[index(party)]) touched_[c] = 1;
        free_.assign(shocked.cells.size(), 0);
        std::vector<char> transmits(base.cells.size(), 0);
        for (CellId const cell : hit.quantities) transmits[index(cell)] = 1;
        for (std::size_t c = 0; c < free_.size(); ++c)
            free_[c] = match_[c] < 0 || transmits[index(match_[c])] || of_hit(shocked.cells[c]);
        match_flows(shocked);
    }

    HoldingSystem made() {
        if (off(Switch::decisions)) {
            hold_type(CellType::variable);
            let_costs_follow();
        }
        if (off(Switch::payables)) support();
        hold_bookings();
        hold_flows();
        return std::move(made_);
    }

  private:
    System const& base_;
    unsigned on_;
    std::vector<CellId> match_;
    AccountRoles roles_;
    HoldingSystem made_;
    std::vector<char> hit_, touched_, free_;
    std::map<CellId, NodeId> usual_;     ///< of held cells: what defines them otherwise
    std::map<CellId, CellId> followers_; ///< of held variables: as they follow from the step
    std::vector<SystemFlow> known_; ///< by flow of the shocked system: the base's; paid -1: none
    std::vector<CellId> shocked_owed_;

    void match_flows(System const& shocked) {
        std::vector<int> paid_by(base_.cells.size(), -1);
        for (std::size_t f = 0; f < base_.flows.size(); ++f)
            if (base_.flows[f].paid >= 0) paid_by[index(base_.flows[f].paid)] = static_cast<int>(f);
        for (SystemFlow const& flow : shocked.flows) {
            CellId const paid = flow.paid < 0 ? -1 : match_[index(flow.paid)];
            int const f = paid < 0 ? -1 : paid_by[index(paid)];
            known_.push_back(f < 0 ? SystemFlow{} : base_.flows[index(f)]);
            shocked_owed_.push_back(flow.owed);
        }
    }

    bool off(Switch one) const { return (on_ >> static_cast<unsigned>(one) & 1U) == 0; }
    bool off(Channel channel) const {
        switch (channel) {
        case Channel::payables:
            return off(Switch::payables);
        case Channel::stakes:
            return off(Switch::stakes);
        case Channel::guarantees:
            return off(Switch::guarantees);
        case Channel::collateral:
            return off(Switch::collateral);
        default:
            return false;
        }
    }
    bool of_hit(int entity, int contract) const {
        return (entity >= 0 && hit_[index(entity)]) || (contract >= 0 && touched_[index(contract)]);
    }
    bool of_hit(Cell const& cell) const { return of_hit(cell.entity, cell.contract); }

    /// A node with the base's value of a cell, or its part of another.
    NodeId fed(CellId source, CellId part_of = -1) {
        Cell cell;
        cell.name = "#held." + std::to_string(made_.feeds.size());
        cell.type = CellType::parameter;
        cell.drawn = cell.each_step = true;
        cell.draw = {Shape::point, {0}};
        CellId const made = add_cell(made_.system, std::move(cell));
        made_.feeds.push_back({made, source, part_of});
        return add_cell_node(made_.system, made);
    }
    void hold(CellId cell) {
        usual_.try_emplace(cell, made_.system.cells[index(cell)].value);
        NodeId const value = fed(match_[index(cell)]);
        made_.system.cells[index(cell)].value = value;
    }
    void hold_type(CellType type) {
        for (std::size_t c = 0; c < free_.size(); ++c)
            if (made_.system.cells[c].type == type && !free_[c] && made_.system.cells[c].value >= 0)
                hold(static_cast<CellId>(c));
    }

    // ---- costs that follow from what is sold are no decisions

    /// What others owe outside for what they sell and earn (not what they invest or repay) is made
    /// of their own variables as these would follow from the step, not as they are held.
    void let_costs_follow() {
        System& system = made_.system;
        for (std::size_t f = 0; f < known_.size(); ++f) {
            SystemFlow const& flow = system.flows[f];
            if (known_[f].paid < 0 || of_hit(flow.payer, flow.contract)) continue;
            bool const goes_out = flow.payer >= 0 && flow.payee >= 0 &&
                                  !system.entities[index(flow.payer)].outside &&
                                  system.entities[index(flow.payee)].outside;
            bool const expense =
                flow.accounts[0] >= 0 &&
                system.accounts[index(flow.accounts[0])].type == AccountClass::expense;
            CellId const owed = flow.owed;
            if (!goes_out || !expense || free_[index(owed)]) continue;
            std::map<NodeId, NodeId> done;
            NodeId const value = following(system.cells[index(owed)].value, flow.payer, true, done);
            made_.system.cells[index(owed)].value = value;
        }
    }

    /// The node with held variables of a firm replaced by what follows; of lagged ones only where
    /// the amount itself reads them.
    NodeId following(NodeId node, int firm, bool amount, std::map<NodeId, NodeId>& done) {
        if (node < 0) return node;
        if (auto const known = done.find(node); known != done.end()) return known->second;
        done[node] = node;
        Node made = made_.system.nodes[index(node)];
        bool changed = false;
        if (made.op == NodeOp::cell && (amount || made.lag == 0)) {
            CellId const instead = follower(made.cell, firm);
            changed = instead != made.cell;
            made.cell = instead;
        }
        for (NodeId& argument : made.arguments) {
            NodeId const next = following(argument, firm, amount, done);
            changed = changed || next != argument;
            argument = next;
        }
        if (!changed) return node;
        made_.system.nodes.push_back(made);
        return done[node] = static_cast<NodeId>(made_.system.nodes.size()) - 1;
    }

    CellId follower(CellId cell, int firm) {
        auto const held = usual_.find(cell);
        if (held == usual_.end() || made_.system.cells[index(cell)].entity != firm) return cell;
        auto const [place, fresh] = followers_.try_emplace(cell, -1);
        if (!fresh) return place->second;
        Cell made = made_.system.cells[index(cell)];
        made.name += ".following";
        made.phrase.clear();
        CellId const id = place->second = add_cell(made_.system, std::move(made));
        std::map<NodeId, NodeId> done;
        NodeId const value = following(held->second, firm, false, done);
        made_.system.cells[index(id)].value = value;
        return id;
    }

    /// Nobody fails who does not fail without the shock, and all pay what they pay there.
    void support() {
        hold_type(CellType::state);
        System& system = made_.system;
        for (std::size_t e = 0; e < system.entities.size(); ++e)
            system.entities[e].supported = !system.entities[e].outside && !hit_[e];
        for (std::size_t f = 0; f < known_.size(); ++f) {
            SystemFlow const flow = system.flows[f];
            if (known_[f].paid < 0 || flow.payer < 0 ||
                !system.entities[index(flow.payer)].supported)
                continue;
            bool const payment =
                flow.type == StatementType::transfer || flow.type == StatementType::due;
            if (payment) pay_the_same_part(f);
            if (flow.type == StatementType::default_loses) pay_outright(f);
            if (flow.type != StatementType::guarantee) continue;
            int const debtor = system.flows[index(flow.covers)].payer;
            if (debtor >= 0 && system.entities[index(debtor)].supported) pay_outright(f);
        }
    }

    CellId amount_cell(NodeId value) {
        Cell cell;
        cell.name = "#pays." + std::to_string(made_.system.cells.size());
        cell.type = CellType::owed;
        cell.coins = true;
        cell.value = value;
        return add_cell(made_.system, std::move(cell));
    }
    /// What somebody leaves unpaid without the shock stays unpaid; all else is paid.
    void pay_the_same_part(std::size_t f) {
        NodeId const part = fed(known_[f].paid, known_[f].owed);
        NodeId const owed = add_cell_node(made_.system, made_.system.flows[f].owed);
        NodeId const times = add_node(made_.system, NodeOp::multiply, owed, part);
        made_.system.flows[f].owed = amount_cell(add_node(made_.system, NodeOp::round_down, times));
    }
    /// What the clearing brought about without the shock becomes a plain payment.
    void pay_outright(std::size_t f) {
        SystemFlow& flow = made_.system.flows[f];
        flow.type = StatementType::transfer;
        flow.rank = 9;
        flow.covers = -1;
        flow.owed = amount_cell(fed(known_[f].paid));
        made_.system.cells[index(flow.paid)].type = CellType::paid;
    }

    /// Marks and entries by channel: of others, in contracts with nobody hit.
    void hold_bookings() {
        auto const& postings = made_.system.postings;
        for (std::size_t p = 0; p + 1 < postings.size(); ++p) {
            SystemPosting const& one = postings[p];
            SystemPosting const& next = postings[p + 1];
            if (one.flow >= 0 || one.amount != next.amount) continue;
            bool const held = off(channel_of_booking(made_.system, roles_, one, next)) &&
                              !of_hit(one.entity, one.contract) && !free_[index(one.amount)];
            if (held) hold(one.amount);
        }
    }
    void hold_flows() {
        for (std::size_t f = 0; f < known_.size(); ++f) {
            SystemFlow const flow = made_.system.flows[f];
            bool const firms = of_hit(flow.payer, flow.contract) || of_hit(flow.payee, -1);
            // An amount that pays the same part stands on one that is held.
            if (firms || known_[f].paid < 0) continue;
            CellId const amount = shocked_owed_[f];
            auto const role = [&](std::vector<char> const& of, std::size_t side) {
                return flow.accounts[side] >= 0 && of[index(flow.accounts[side])];
            };
            bool const backs = role(roles_.loss, 0);
            bool const takes = flow.type == StatementType::exchange &&
                               (role(roles_.seized, 2) || role(roles_.seized, 0));
            if (takes && off(Switch::collateral)) hold(amount);
            if (backs && off(Switch::guarantees)) hold(amount);
            if (flow.type == StatementType::guarantee && off(Switch::guarantees))
                made_.system.cells[index(flow.owed)].value = fed(known_[f].paid);
        }
    }
};

} // namespace

HoldingSystem holding_system(System const& shocked, System const& base, ShockHit const& hit,
                             unsigned on) {
    return Holding(shocked, base, hit, on).made();
}

} // namespace perpetuum
