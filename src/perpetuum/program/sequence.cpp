// One graph of cells and nodes, so that a sum which many ask for is walked once; strongly connected
// components give the order.

#include "sequence.hpp"

#include "order.hpp"

#include <algorithm>
#include <span>

namespace perpetuum {

using ordering::Arrows;
using ordering::Graph;

bool fixed(Cell const& cell) { return cell.type == CellType::parameter && !cell.each_step; }

bool defined(Cell const& cell) {
    switch (cell.type) {
    case CellType::parameter:
    case CellType::series:
    case CellType::paid:
    case CellType::called:
    case CellType::lost:
    case CellType::short_of:
        return false;
    default:
        return !cell.drawn && cell.value >= 0;
    }
}

NodeId start_of(Cell const& cell) {
    if (cell.drawn) return -1;
    return fixed(cell) && cell.value >= 0 ? cell.value : cell.start;
}

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

/// Vertices: cells, then nodes, then the clearing.
class Sequencer {
  public:
    Sequencer(System const& flat, ClearedFlows const& cleared, Diagnostics& found)
        : system_(flat), flows_(cleared), diagnostics_(found),
          cells_(static_cast<int>(flat.cells.size())),
          clearing_(cells_ + static_cast<int>(flat.nodes.size())) {}

    Sequence sequence() {
        order_start();
        if (!diagnostics_.failed()) order_step();
        return std::move(result_);
    }

  private:
    System const& system_;
    ClearedFlows const& flows_;
    Diagnostics& diagnostics_;
    int cells_, clearing_;
    Sequence result_;

    Cell const& cell(int id) const { return system_.cells[index(id)]; }
    bool is_cell(int vertex) const { return vertex < cells_; }

    /// After the cells: nodes and what they need, cells a step or more back only when `any_time`.
    void add_nodes(Arrows& graph, bool any_time) const {
        for (Node const& node : system_.nodes) {
            bool const past = node.op == NodeOp::past || node.op == NodeOp::past_sum;
            if (past || (node.op == NodeOp::cell && (any_time || node.lag == 0)))
                graph.need(node.cell);
            for (NodeId const argument : node.arguments)
                if (argument >= 0) graph.need(cells_ + argument);
            graph.next();
        }
    }

    /// The names on a way round, through what has one.
    std::string around(Arrows const& graph, std::span<int const> component, int vertex) const {
        std::string text;
        int named = 0;
        for (int const v : ordering::cycle_through(graph, component, vertex)) {
            if (!is_cell(v) || v == vertex || cell(v).name.empty() || cell(v).name[0] == '#')
                continue;
            if (++named > 8) break;
            text += (text.empty() ? ", through " : ", ") + quoted(cell(v).name);
        }
        return text;
    }

    int first_cell(std::span<int const> component) const { return component.front(); }

    void order_start() {
        Arrows graph;
        for (Cell const& each : system_.cells) {
            NodeId const node = start_of(each);
            if (node >= 0) graph.need(cells_ + node);
            graph.next();
        }
        add_nodes(graph, true);
        ordering::Parts const parts = ordering::components(graph);
        for (std::size_t p = 0; p < parts.size(); ++p) {
            auto const component = parts[p];
            int const first = first_cell(component);
            if (!is_cell(first)) continue;
            if (component.size() == 1) {
                result_.start.push_back(first);
                continue;
            }
            diagnostics_.error(cell(first).where,
                               "the start of " + quoted(cell(first).name) + " needs itself" +
                                   around(graph, component, first),
                               "give one of them a start that stands by itself");
        }
    }

    Arrows step_graph() const {
        Arrows graph;
        for (Cell const& each : system_.cells) {
            bool const cleared = each.type == CellType::paid || each.type == CellType::called ||
                                 each.type == CellType::lost || each.type == CellType::short_of;
            if (cleared) graph.need(clearing_);
            if (defined(each)) graph.need(cells_ + each.value);
            graph.next();
        }
        add_nodes(graph, false);
        for (auto const* list : {&flows_.payments, &flows_.guarantees, &flows_.costs})
            for (int const flow : *list) graph.need(system_.flows[index(flow)].owed);
        graph.next();
        return graph;
    }

    void order_step() {
        Arrows const graph = step_graph();
        result_.is_plan.assign(system_.cells.size(), true);
        std::vector<char> is_result(graph.size(), 0);
        ordering::Parts const parts = ordering::components(graph);
        for (std::size_t p = 0; p < parts.size(); ++p) {
            auto const component = parts[p];
            if (component.back() == clearing_) {
                if (component.size() > 1) report_circular_payment(graph, component);
                is_result[index(clearing_)] = 1;
                continue;
            }
            bool result = false;
            for (int const v : component)
                for (int const need : graph[index(v)]) result |= is_result[index(need)] != 0;
            for (int const v : component) {
                is_result[index(v)] = result;
                if (is_cell(v)) result_.is_plan[index(v)] = !result;
            }
            int const first = first_cell(component);
            if (!is_cell(first)) continue;
            auto& list = result ? result_.results : result_.plans;
            if (component.size() > 1)
                list.push_back(tear(graph, component));
            else if (defined(cell(first)))
                list.push_back({{first}, {}});
        }
    }

    /// The cells of a component and what they need of each other, numbered within it.
    Graph among_cells(Arrows const& graph, std::span<int const> component,
                      std::vector<int> const& members) const {
        Graph local(members.size());
        auto const inside = [&](int v) {
            return std::binary_search(component.begin(), component.end(), v);
        };
        for (std::size_t i = 0; i < members.size(); ++i) {
            auto const first = graph[index(members[i])];
            std::vector<int> work(first.begin(), first.end()), seen;
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
                    work.insert(work.end(), graph[index(v)].begin(), graph[index(v)].end());
            }
            std::sort(local[i].begin(), local[i].end());
        }
        return local;
    }

    Component tear(Arrows const& graph, std::span<int const> component) const {
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
        Component result;
        for (int const v : torn) result.torn.push_back(members[index(v)]);
        for (auto const& single : ordering::components(local))
            if (!is_torn(single[0])) result.cells.push_back(members[index(single[0])]);
        return result;
    }

    void report_circular_payment(Arrows const& graph, std::span<int const> component) {
        std::vector<int> cycle;
        for (int const v : ordering::cycle_through(graph, component, clearing_))
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
