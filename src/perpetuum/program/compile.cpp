// Flat system → program: what needs what, order, then one instruction a node, each node once a
// step.

#include "order.hpp"

#include <perpetuum/program.hpp>

#include <algorithm>
#include <set>

namespace perpetuum {

namespace {

using ordering::Graph;

/// Parameters are made once, before the first step.
bool fixed(Cell const& cell) { return cell.type == CellType::parameter; }
/// Cells whose value is put by the step itself.
bool given(Cell const& cell) {
    return cell.type == CellType::series || cell.type == CellType::paid ||
           cell.type == CellType::called || cell.type == CellType::lost ||
           cell.type == CellType::short_of || cell.drawn;
}

class Compiler {
  public:
    Compiler(System const& flat, Diagnostics& found) : system_(flat), diagnostics_(found) {}

    Program compile() {
        lay_out_cells();
        list_payments();
        order_start();
        if (!diagnostics_.failed()) order_step();
        program_.rows = rows_;
        return std::move(program_);
    }

  private:
    System const& system_;
    Diagnostics& diagnostics_;
    Program program_;
    int rows_ = 0;
    std::vector<int> ring_of_node_;
    std::set<NodeId> emitted_;
    std::map<double, int> constant_rings_;

    Node const& node(NodeId id) const { return system_.nodes[static_cast<std::size_t>(id)]; }
    Cell const& cell(CellId id) const { return system_.cells[static_cast<std::size_t>(id)]; }

    int new_ring(int depth) {
        program_.rings.push_back({rows_, depth});
        rows_ += depth;
        return static_cast<int>(program_.rings.size()) - 1;
    }

    void lay_out_cells() {
        for (Cell const& each : system_.cells)
            new_ring(fixed(each)    ? 1
                     : each.history ? system_.steps + 1
                                    : std::max(2, each.lags + 1));
        program_.time_ring = new_ring(1);
        ring_of_node_.assign(system_.nodes.size(), -1);
        program_.is_plan.assign(system_.cells.size(), true);
        for (std::size_t i = 0; i < system_.cells.size(); ++i) {
            if (system_.cells[i].type == CellType::series)
                program_.series.push_back(static_cast<CellId>(i));
            if (system_.cells[i].drawn) program_.drawn.push_back(static_cast<CellId>(i));
        }
    }

    void list_payments() {
        for (std::size_t f = 0; f < system_.flows.size(); ++f) {
            auto const number = static_cast<int>(f);
            switch (system_.flows[f].type) {
            case StatementType::transfer:
            case StatementType::due:
                program_.payments.push_back(number);
                break;
            case StatementType::guarantee:
                program_.guarantees.push_back(number);
                break;
            case StatementType::default_loses:
                program_.costs.push_back(number);
                break;
            default:
                break;
            }
        }
    }

    int constant_ring(double value) {
        auto const [place, fresh] = constant_rings_.try_emplace(value, -1);
        if (fresh) {
            place->second = new_ring(1);
            program_.constants.emplace_back(place->second, value);
        }
        return place->second;
    }

    /// Cells that a node reads in the step itself (`now`) or at any time.
    void needs(NodeId id, bool now, std::vector<int>& cells, std::set<NodeId>& seen) const {
        std::vector<NodeId> work{id};
        while (!work.empty()) {
            NodeId const at = work.back();
            work.pop_back();
            if (at < 0 || !seen.insert(at).second) continue;
            Node const& n = node(at);
            bool const past = n.op == NodeOp::past || n.op == NodeOp::past_sum;
            if (past || (n.op == NodeOp::cell && (!now || n.lag == 0))) cells.push_back(n.cell);
            for (NodeId const argument : n.arguments) work.push_back(argument);
        }
    }

    std::vector<int> needs_of(NodeId id, bool now) const {
        std::vector<int> cells;
        std::set<NodeId> seen;
        needs(id, now, cells, seen);
        std::sort(cells.begin(), cells.end());
        cells.erase(std::unique(cells.begin(), cells.end()), cells.end());
        return cells;
    }

    Operand operand(NodeId id) const {
        Node const& n = node(id);
        if (n.op == NodeOp::cell) return {n.cell, n.lag};
        return {ring_of_node_[static_cast<std::size_t>(id)], 0};
    }

    /// Instructions for a node and all it needs, each once.
    void emit(NodeId root, std::vector<Instruction>& into) {
        std::vector<std::pair<NodeId, bool>> work{{root, false}};
        while (!work.empty()) {
            auto const [id, ready] = work.back();
            work.pop_back();
            Node const& n = node(id);
            auto& ring = ring_of_node_[static_cast<std::size_t>(id)];
            if (n.op == NodeOp::cell) continue;
            if (n.op == NodeOp::constant) {
                ring = constant_ring(n.value);
                continue;
            }
            if (n.op == NodeOp::time) {
                ring = program_.time_ring;
                continue;
            }
            if (emitted_.contains(id)) continue;
            if (!ready) {
                work.emplace_back(id, true);
                for (NodeId const argument : n.arguments)
                    if (argument >= 0) work.emplace_back(argument, false);
                continue;
            }
            emitted_.insert(id);
            if (ring < 0) ring = new_ring(1);
            Instruction instruction;
            instruction.op = n.op;
            instruction.out = {ring, 0};
            for (std::size_t i = 0; i < 3; ++i)
                if (n.arguments[i] >= 0) instruction.in[i] = operand(n.arguments[i]);
            // The ring that a memory looks into stands last: (time, what came before, memory).
            if (n.op == NodeOp::past || n.op == NodeOp::past_sum) instruction.in[2] = {n.cell, 0};
            into.push_back(instruction);
        }
    }

    void define(CellId id, NodeId value, std::vector<Instruction>& into) {
        emit(value, into);
        into.push_back({NodeOp::cell, {id, 0}, {operand(value), Operand{}, Operand{}}});
    }

    void order_start() {
        Graph graph(system_.cells.size());
        std::vector<NodeId> definition(system_.cells.size(), -1);
        for (std::size_t i = 0; i < system_.cells.size(); ++i) {
            Cell const& each = system_.cells[i];
            if (each.drawn) continue;
            definition[i] = fixed(each) && each.value >= 0 ? each.value : each.start;
            if (definition[i] >= 0) graph[i] = needs_of(definition[i], false);
        }
        for (auto const& component : ordering::components(graph)) {
            auto const first = static_cast<std::size_t>(component[0]);
            bool const itself = std::find(graph[first].begin(), graph[first].end(), component[0]) !=
                                graph[first].end();
            if (component.size() > 1 || itself) {
                diagnostics_.error(cell(component[0]).where,
                                   "the start of " + quoted(cell(component[0]).name) +
                                       " needs itself" + around(graph, component, component[0]),
                                   "give one of them a start that stands by itself");
                continue;
            }
            if (definition[first] < 0) continue;
            define(component[0], definition[first], program_.start);
        }
        emitted_.clear();
    }

    std::string around(Graph const& graph, std::vector<int> const& component, int vertex) const {
        std::string text;
        auto const cycle = ordering::cycle_through(graph, component, vertex);
        for (std::size_t i = 1; i < cycle.size() && i < 8; ++i)
            if (static_cast<std::size_t>(cycle[i]) < system_.cells.size() &&
                cell(cycle[i]).name[0] != '#')
                text += (text.empty() ? ", through " : ", ") + quoted(cell(cycle[i]).name);
        return text;
    }

    void order_step() {
        auto const clearing = static_cast<int>(system_.cells.size());
        Graph graph(system_.cells.size() + 1);
        std::vector<char> defined(system_.cells.size(), 0);
        for (std::size_t i = 0; i < system_.cells.size(); ++i) {
            Cell const& each = system_.cells[i];
            bool const cleared = each.type == CellType::paid || each.type == CellType::called ||
                                 each.type == CellType::lost || each.type == CellType::short_of;
            if (cleared) graph[i].push_back(clearing);
            if (fixed(each) || given(each) || each.value < 0) continue;
            defined[i] = 1;
            graph[i] = needs_of(each.value, true);
        }
        auto& pay = graph[static_cast<std::size_t>(clearing)];
        for (auto const* list : {&program_.payments, &program_.guarantees, &program_.costs})
            for (int const flow : *list)
                pay.push_back(system_.flows[static_cast<std::size_t>(flow)].owed);

        std::vector<char> is_result(graph.size(), 0);
        std::vector<std::vector<int>> plans, results;
        for (auto& component : ordering::components(graph)) {
            if (component.back() == clearing) {
                if (component.size() > 1) report_circular_payment(graph, component, clearing);
                is_result[static_cast<std::size_t>(clearing)] = 1;
                continue;
            }
            bool result = false;
            for (int const v : component)
                for (int const need : graph[static_cast<std::size_t>(v)])
                    result |= is_result[static_cast<std::size_t>(need)] != 0;
            for (int const v : component) {
                is_result[static_cast<std::size_t>(v)] = result;
                program_.is_plan[static_cast<std::size_t>(v)] = !result;
            }
            if (component.size() == 1 && !defined[static_cast<std::size_t>(component[0])]) continue;
            (result ? results : plans).push_back(std::move(component));
        }
        if (diagnostics_.failed()) return;
        write_stages(graph, plans, program_.plans);
        write_stages(graph, results, program_.results);
    }

    void write_stages(Graph const& graph, std::vector<std::vector<int>> const& order,
                      std::vector<Stage>& stages) {
        stages.emplace_back();
        for (auto const& component : order) {
            auto const first = static_cast<std::size_t>(component[0]);
            bool const itself = std::find(graph[first].begin(), graph[first].end(), component[0]) !=
                                graph[first].end();
            if (component.size() == 1 && !itself) {
                define(component[0], cell(component[0]).value, stages.back().instructions);
                continue;
            }
            stages.emplace_back();
            stages.back().simultaneous = static_cast<int>(program_.blocks.size());
            program_.blocks.push_back(tear(graph, component));
        }
    }

    /// The torn cells are guessed; the rest follows in order; then what the torn cells would be.
    Simultaneous tear(Graph const& graph, std::vector<int> const& component) {
        Simultaneous block;
        block.unknowns = ordering::torn(graph, component);
        auto const is_torn = [&](int v) {
            return std::binary_search(block.unknowns.begin(), block.unknowns.end(), v);
        };
        Graph rest(graph.size());
        for (int const v : component) {
            if (is_torn(v)) continue;
            for (int const need : graph[static_cast<std::size_t>(v)])
                if (std::binary_search(component.begin(), component.end(), need) && !is_torn(need))
                    rest[static_cast<std::size_t>(v)].push_back(need);
        }
        for (auto const& single : ordering::components(rest)) {
            int const v = single[0];
            if (!std::binary_search(component.begin(), component.end(), v) || is_torn(v)) continue;
            define(v, cell(v).value, block.instructions);
        }
        for (int const v : block.unknowns) {
            emit(cell(v).value, block.instructions);
            block.images.push_back(operand(cell(v).value));
        }
        return block;
    }

    void report_circular_payment(Graph const& graph, std::vector<int> const& component,
                                 int clearing) {
        auto const cycle = ordering::cycle_through(graph, component, clearing);
        std::string path, cure;
        Span where;
        for (std::size_t i = 1; i < cycle.size(); ++i) {
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

Program compile(System const& system, Diagnostics& diagnostics) {
    return Compiler(system, diagnostics).compile();
}

} // namespace perpetuum
