// One graph of cells and nodes, so that a sum which many ask for is walked once; strongly connected
// components give the order.

#include "sequence.hpp"

#include "order.hpp"

#include <algorithm>
#include <cassert>
#include <functional>
#include <span>

namespace perpetuum {

using ordering::Graph;

ClearedFlows cleared_flows(System const& system) {
    ClearedFlows flows;
    for (std::size_t f = 0; f < system.flows.size(); ++f) {
        auto const number = static_cast<int>(f);
        switch (system.flows[f].type) {
        case StatementType::transfer:
        case StatementType::due:
            flows.payments.push_back(number);
            break;
        case StatementType::guarantee:
            flows.guarantees.push_back(number);
            break;
        case StatementType::default_loses:
            flows.costs.push_back(number);
            break;
        default:
            break;
        }
    }
    return flows;
}

namespace {

std::size_t index(int id) { return static_cast<std::size_t>(id); }

Origin origin_of(Cell const& cell) {
    switch (cell.type) {
    case CellType::parameter:
        if (!cell.each_step) return Origin::fixed;
        return cell.drawn ? Origin::drawn : Origin::still;
    case CellType::series:
        return Origin::given;
    case CellType::paid:
    case CellType::called:
    case CellType::lost:
    case CellType::short_of:
        return Origin::cleared;
    default:
        if (cell.drawn) return Origin::drawn;
        return cell.value >= 0 ? Origin::equation : Origin::still;
    }
}

std::vector<Definition> definitions_of(System const& system) {
    std::vector<Definition> definitions;
    definitions.reserve(system.cells.size());
    for (Cell const& cell : system.cells) {
        Definition each;
        each.origin = origin_of(cell);
        each.drawn = cell.drawn;
        bool const once = each.origin == Origin::fixed && cell.value >= 0;
        if (!cell.drawn) each.start = once ? cell.value : cell.start;
        if (each.origin == Origin::equation) each.value = cell.value;
        definitions.push_back(each);
    }
    return definitions;
}

/// When a cell is needed: before the first step those of whatever lag, in a step those of this step.
enum When : std::uint8_t { before_first = 1, in_step = 2 };

bool names_cell(Node const& node, When when) {
    if (node.op == NodeOp::cell) return when == before_first || node.lag == 0;
    return node.op == NodeOp::past || node.op == NodeOp::past_sum;
}

/// By node: when it leads to a cell that has to be computed or cleared first.
std::vector<std::uint8_t> leads_of(System const& system,
                                   std::vector<Definition> const& definitions) {
    std::vector<std::uint8_t> leads(system.nodes.size());
    for (std::size_t n = 0; n < leads.size(); ++n) {
        Node const& node = system.nodes[n];
        std::uint8_t mine = 0;
        if (names_cell(node, before_first)) {
            Origin const origin = definitions[index(node.cell)].origin;
            bool const moves = origin == Origin::equation || origin == Origin::cleared;
            mine = moves && names_cell(node, in_step) ? before_first | in_step : before_first;
        }
        for (NodeId const argument : node.arguments) {
            if (argument < 0) continue;
            assert(index(argument) < n); // arguments are older
            mine |= leads[index(argument)];
        }
        leads[n] = mine;
    }
    return leads;
}

/// One graph: cells, then nodes, then the clearing. Nobody writes it down: what a vertex needs is
/// read off the system when it is asked for. Left out are nodes that lead to no cell.
class Needed {
  public:
    /// `leads` as above; `by_cell` the vertex that a cell needs, −1: none.
    Needed(System const& system, When when, std::vector<std::uint8_t> const& leads,
           std::vector<int>&& by_cell, std::vector<int>&& by_clearing)
        : nodes_(system.nodes.data()), leads_(leads.data()),
          cells_(static_cast<int>(by_cell.size())),
          clearing_(cells_ + static_cast<int>(system.nodes.size())), when_(when),
          by_cell_(std::move(by_cell)), by_clearing_(std::move(by_clearing)) {}

    std::size_t vertices() const { return index(clearing_) + 1; }

    int operator()(int vertex, int& place) const {
        if (vertex < cells_) {
            int const need = place++ == 0 ? by_cell_[index(vertex)] : -1;
            return need < 0 || need == clearing_ || leads(need - cells_) ? need : -1;
        }
        if (vertex == clearing_)
            return index(place) < by_clearing_.size() ? by_clearing_[index(place++)] : -1;
        Node const& node = nodes_[vertex - cells_];
        if (place == 0) {
            place = 1;
            if (names_cell(node, when_)) return node.cell;
        }
        while (place <= 3) {
            NodeId const argument = node.arguments[index(place++ - 1)];
            if (argument >= 0 && leads(argument)) return cells_ + argument;
        }
        return -1;
    }

  private:
    Node const* nodes_;
    std::uint8_t const* leads_;
    int cells_, clearing_;
    When when_;
    std::vector<int> by_cell_, by_clearing_;

    bool leads(NodeId node) const { return (leads_[node] & when_) != 0; }
};

class Sequencer {
  public:
    Sequencer(System const& flat, ClearedFlows const& cleared, Diagnostics& found)
        : system_(flat), flows_(cleared), diagnostics_(found),
          cells_(static_cast<int>(flat.cells.size())),
          clearing_(cells_ + static_cast<int>(flat.nodes.size())) {}

    Sequence sequence() {
        result_.definitions = definitions_of(system_);
        leads_ = leads_of(system_, result_.definitions);
        order_start();
        if (!diagnostics_.failed()) order_step();
        return std::move(result_);
    }

  private:
    System const& system_;
    ClearedFlows const& flows_;
    Diagnostics& diagnostics_;
    int cells_, clearing_;
    std::vector<std::uint8_t> leads_;
    Sequence result_;
    bool defaults_follow_ = false;

    Cell const& cell(int id) const { return system_.cells[index(id)]; }
    bool is_cell(int vertex) const { return vertex < cells_; }

    /// The names on a way round, through what has one.
    std::string around(Needed const& graph, std::span<int const> component, int vertex) const {
        std::string text;
        int named = 0;
        auto const cycle =
            ordering::cycle_through(graph.vertices(), std::cref(graph), component, vertex);
        for (int const v : cycle) {
            if (!is_cell(v) || v == vertex || cell(v).name.empty() || cell(v).name[0] == '#')
                continue;
            if (++named > 8) break;
            text += (text.empty() ? ", through " : ", ") + quoted(cell(v).name);
        }
        return text;
    }

    /// A default is computed once while all that it rests on stays, else in each step. Whether a
    /// cell changes from step to step.
    bool changes(CellId id, bool rests_on_change) {
        Definition& how = result_.definitions[index(id)];
        if (how.origin == Origin::fixed && rests_on_change && !how.drawn && cell(id).value >= 0) {
            how.origin = Origin::equation;
            how.value = cell(id).value;
            defaults_follow_ = true;
        }
        return how.origin != Origin::fixed && how.origin != Origin::still;
    }

    /// Only what cells need is looked at: no cell stands after the nodes that none needs.
    void order_start() {
        std::vector<int> by_cell;
        by_cell.reserve(system_.cells.size());
        for (Definition const& each : result_.definitions)
            by_cell.push_back(each.start < 0 ? -1 : cells_ + each.start);
        Needed const graph(system_, before_first, leads_, std::move(by_cell), {});
        result_.start.reserve(system_.cells.size());
        auto const put = [&](std::span<int const> component, bool rests_on_change) {
            int const first = component.front();
            if (!is_cell(first)) return rests_on_change;
            if (component.size() == 1)
                result_.start.push_back(first);
            else
                diagnostics_.error(cell(first).where,
                                   "the start of " + quoted(cell(first).name) + " needs itself" +
                                       around(graph, component, first),
                                   "give one of them a start that stands by itself");
            return changes(first, rests_on_change);
        };
        ordering::each_component(graph.vertices(), index(cells_), std::cref(graph), put);
        if (defaults_follow_) leads_ = leads_of(system_, result_.definitions);
    }

    Needed step_graph() const {
        std::vector<int> by_cell, by_clearing;
        by_cell.reserve(system_.cells.size());
        for (Definition const& each : result_.definitions)
            by_cell.push_back(each.origin == Origin::cleared    ? clearing_
                              : each.origin == Origin::equation ? cells_ + each.value
                                                                : -1);
        for (auto const* list : {&flows_.payments, &flows_.guarantees, &flows_.costs})
            for (int const flow : *list) by_clearing.push_back(system_.flows[index(flow)].owed);
        return Needed(system_, in_step, leads_, std::move(by_cell), std::move(by_clearing));
    }

    /// What rests on the clearing is a result.
    void order_step() {
        Needed const graph = step_graph();
        result_.is_plan.assign(system_.cells.size(), true);
        result_.members.reserve(system_.cells.size());
        auto const put = [&](std::span<int const> component, bool result) {
            if (component.back() == clearing_) {
                if (component.size() > 1) report_circular_payment(graph, component);
                return true;
            }
            if (is_cell(component.front())) put_component(graph, component, result);
            return result;
        };
        ordering::each_component(graph.vertices(), index(cells_), std::cref(graph), put);
    }

    void put_component(Needed const& graph, std::span<int const> component, bool result) {
        for (int const v : component)
            if (result && is_cell(v)) result_.is_plan[index(v)] = false;
        auto const first = static_cast<int>(result_.members.size());
        int torn = 0;
        if (component.size() > 1)
            torn = tear(graph, component);
        else if (result_.definitions[index(component.front())].origin == Origin::equation)
            result_.members.push_back(component.front());
        else
            return;
        int const cells = static_cast<int>(result_.members.size()) - first - torn;
        (result ? result_.results : result_.plans).push_back({first, torn, cells});
    }

    /// The cells of a component and what they need of each other, numbered within it.
    Graph among_cells(Needed const& graph, std::span<int const> component,
                      std::vector<int> const& members) const {
        Graph local(members.size());
        auto const inside = [&](int v) {
            return std::binary_search(component.begin(), component.end(), v);
        };
        for (std::size_t i = 0; i < members.size(); ++i) {
            std::vector<int> work, seen;
            auto const put_needs = [&](int vertex) {
                int place = 0;
                for (int need = graph(vertex, place); need >= 0; need = graph(vertex, place))
                    work.push_back(need);
            };
            put_needs(members[i]);
            while (!work.empty()) {
                int const v = work.back();
                work.pop_back();
                if (!inside(v)) continue;
                auto const place = std::lower_bound(seen.begin(), seen.end(), v);
                if (place != seen.end() && *place == v) continue;
                seen.insert(place, v);
                if (is_cell(v))
                    local[i].push_back(static_cast<int>(
                        std::lower_bound(members.begin(), members.end(), v) - members.begin()));
                else
                    put_needs(v);
            }
            std::sort(local[i].begin(), local[i].end());
        }
        return local;
    }

    /// Puts a component among the members, the torn ones first; how many these are.
    int tear(Needed const& graph, std::span<int const> component) {
        std::vector<int> members;
        for (int const v : component)
            if (is_cell(v)) members.push_back(v);
        Graph local = among_cells(graph, component, members);
        std::vector<int> all(members.size());
        for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<int>(i);
        auto const torn = ordering::torn(local, all);
        auto const is_torn = [&](int v) { return std::binary_search(torn.begin(), torn.end(), v); };
        for (std::size_t i = 0; i < local.size(); ++i) {
            if (is_torn(static_cast<int>(i))) local[i].clear();
            std::erase_if(local[i], is_torn);
        }
        for (int const v : torn) result_.members.push_back(members[index(v)]);
        for (auto const& single : ordering::components(local))
            if (!is_torn(single[0])) result_.members.push_back(members[index(single[0])]);
        return static_cast<int>(torn.size());
    }

    void report_circular_payment(Needed const& graph, std::span<int const> component) {
        std::vector<int> cycle;
        for (int const v :
             ordering::cycle_through(graph.vertices(), std::cref(graph), component, clearing_))
            if (is_cell(v)) cycle.push_back(v);
        std::string path, cure;
        Span where;
        for (std::size_t i = 0; i < cycle.size(); ++i) {
            Cell const& on_the_way = cell(cycle[i]);
            if (where.text < 0) where = on_the_way.where;
            if (on_the_way.name.empty() || on_the_way.name[0] == '#') continue;
            if (path.size() < 200) path += (path.empty() ? "" : " ← ") + on_the_way.name;
            if (i + 1 < cycle.size() || cure.empty()) cure = on_the_way.name;
        }
        auto const dot = cure.rfind('.');
        diagnostics_.error(where,
                           "what is paid depends on what this very step brings about: " + path,
                           "look one step back, for example at " +
                               (dot == std::string::npos ? cure : cure.substr(dot + 1)) + "[-1]");
    }
};

} // namespace

Sequence sequence_of(System const& system, ClearedFlows const& flows, Diagnostics& diagnostics) {
    return Sequencer(system, flows, diagnostics).sequence();
}

} // namespace perpetuum
