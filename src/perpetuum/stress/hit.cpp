// Who is hit at once, seen from what differs between two instances and from who reads it.

#include "nodes.hpp"

#include <perpetuum/stress.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace perpetuum {

using namespace stressing;

namespace {

bool same_draw(Distribution const& a, Distribution const& b) {
    return a.shape == b.shape && a.parameters == b.parameters;
}

/// Figures and states by step, as far as they can differ between scenarios of one book.
bool same_cell(System const& from, Cell const& a, System const& to, Cell const& b) {
    auto const number = [](System const& system, NodeId node) {
        bool const known = node >= 0 && system.nodes[index(node)].op == NodeOp::constant;
        return known ? system.nodes[index(node)].value : 0.0;
    };
    if (b.type == CellType::state) return number(from, a.start) == number(to, b.start);
    bool const given = b.type == CellType::parameter || b.type == CellType::series;
    if (!given) return true;
    if (a.type == b.type && a.drawn == b.drawn)
        return a.steps == b.steps && (!a.drawn || same_draw(a.draw, b.draw)) &&
               (a.drawn || number(from, a.value) == number(to, b.value));
    // The model's default became a figure of the same value.
    bool const point = b.drawn && b.draw.shape == Shape::point;
    return point && a.value >= 0 && number(from, a.value) == median(b.draw);
}

class Hit {
  public:
    explicit Hit(System const& system)
        : system_(system), changed_(system.cells.size(), 0), reads_(system.nodes.size(), 0) {}

    void by_cell(CellId cell) {
        Cell const& at = system_.cells[index(cell)];
        if (at.entity >= 0)
            by_entity(at.entity);
        else if (at.contract >= 0)
            by_contract(at.contract);
        else
            changed_[index(cell)] = 1;
    }
    void by_entity(int entity) {
        if (entity >= 0 && !system_.entities[index(entity)].outside) firms_.insert(entity);
    }
    void by_contract(int contract) {
        for (int const firm : parties_of(system_, contract)) firms_.insert(firm);
    }

    /// Through quantities of the model to the firms and contracts that read them.
    ShockHit found() {
        for (bool more = true; more;) {
            more = false;
            mark_readers();
            for (std::size_t c = 0; c < system_.cells.size(); ++c) {
                Cell const& cell = system_.cells[c];
                if (changed_[c] || cell.value < 0 || !reads_[index(cell.value)]) continue;
                changed_[c] = 1;
                if (cell.entity >= 0 || cell.contract >= 0)
                    readers_.push_back(static_cast<CellId>(c));
                else
                    more = true;
            }
        }
        ShockHit found;
        found.readers = readers_;
        std::sort(found.readers.begin(), found.readers.end());
        found.named = {firms_.begin(), firms_.end()};
        for (CellId const reader : readers_) by_cell(reader);
        found.firms = {firms_.begin(), firms_.end()};
        for (std::size_t c = 0; c < system_.cells.size(); ++c)
            if (changed_[c] && system_.cells[c].entity < 0 && system_.cells[c].contract < 0 &&
                !system_.cells[c].name.starts_with('#'))
                found.quantities.push_back(static_cast<CellId>(c));
        return found;
    }

  private:
    System const& system_;
    std::vector<char> changed_, reads_;
    std::vector<CellId> readers_;
    std::set<int> firms_;

    /// Nodes that read a quantity of the model that has changed; arguments stand before their node,
    /// or one more pass finds them.
    void mark_readers() {
        for (bool again = true; again;) {
            again = false;
            for (std::size_t n = 0; n < system_.nodes.size(); ++n) {
                Node const& node = system_.nodes[n];
                if (reads_[n]) continue;
                bool reads = node.cell >= 0 && changed_[index(node.cell)] &&
                             system_.cells[index(node.cell)].entity < 0 &&
                             system_.cells[index(node.cell)].contract < 0;
                for (NodeId const argument : node.arguments)
                    if (argument >= 0 && reads_[index(argument)]) reads = true;
                reads_[n] = reads;
                if (!reads) continue;
                again = again || reads;
            }
        }
    }
};

} // namespace

std::vector<CellId> matching_cells(System const& from, System const& to) {
    std::map<std::string, std::vector<CellId>> known;
    for (std::size_t c = 0; c < from.cells.size(); ++c)
        known[from.cells[c].name].push_back(static_cast<CellId>(c));
    std::map<std::string, std::size_t> used;
    std::vector<CellId> matches;
    for (Cell const& cell : to.cells) {
        auto const found = known.find(cell.name);
        std::size_t const place = used[cell.name]++;
        bool const there = found != known.end() && place < found->second.size();
        matches.push_back(there ? found->second[place] : -1);
    }
    return matches;
}

ShockHit hit_by(System const& base, System const& shocked, std::vector<Shock> const& shocks) {
    Hit hit(base);
    auto const match = matching_cells(base, shocked);
    for (std::size_t c = 0; c < shocked.cells.size(); ++c) {
        Cell const& cell = shocked.cells[c];
        if (match[c] >= 0) {
            if (!same_cell(base, base.cells[index(match[c])], shocked, cell)) hit.by_cell(match[c]);
            continue;
        }
        if (!cell.name.starts_with("#fails.")) continue;
        for (std::size_t e = 0; e < base.entities.size(); ++e) {
            std::string const start = "#fails." + base.entities[e].id;
            if (cell.name.starts_with(start) &&
                cell.name.find_first_not_of("0123456789", start.size()) == std::string::npos)
                hit.by_entity(static_cast<int>(e));
        }
    }
    for (Shock const& shock : shocks) {
        if (shock.what == Shock::What::fail || shock.what == Shock::What::give)
            hit.by_entity(base.entity(shock.name));
        else if (shock.what == Shock::What::cut)
            for (std::size_t c = 0; c < base.contracts.size(); ++c) {
                auto const& contract = base.contracts[c];
                if (contract.deal == shock.name || contract.id == shock.name)
                    hit.by_contract(static_cast<int>(c));
            }
        else if (auto const found = base.names.find(shock.name); found != base.names.end()) {
            bool paid = false;
            for (SystemFlow const& flow : base.flows)
                if (flow.paid == found->second) {
                    hit.by_entity(flow.payer);
                    hit.by_entity(flow.payee);
                    paid = true;
                }
            if (!paid) hit.by_cell(found->second);
        }
    }
    return hit.found();
}

} // namespace perpetuum
