// Inference by propagation. A node of an expression settles when enough of its arguments have; a
// variable when one of its equations has; each tells those who wait for it, once. What is left when
// nothing moves any more is settled in this order: a sum of a time and something unknown is a time,
// what rests on a fault is a fault, the next one is plain.

#include <perpetuum/model/units.hpp>

namespace perpetuum::grammar {

namespace {

class Inference {
  public:
    Inference(Model const& model, std::vector<Meaning> const& meanings, Cells& cells,
              Dimensions& table)
        : model_(model), meanings_(meanings), cells_(cells), table_(table),
          nodes_(model.expressions.size(), unknown_dimension),
          parents_(model.expressions.size(), -1), roots_(model.expressions.size(), -1),
          reader_begins_(cells.dimensions.size() + 1) {
        node_queue_.reserve(nodes_.size());
    }

    void run() {
        connect();
        begin();
        spread();
        settle_times();
        settle_faults();
        settle_plain();
    }

  private:
    /// What hangs on what; how often a cell is read is counted on the way.
    void connect() {
        for (std::size_t i = 0; i < model_.expressions.size(); ++i) {
            auto const id = static_cast<ExpressionId>(i);
            auto const& node = model_.expressions[i].node;
            if (auto const* apply = std::get_if<Apply>(&node)) {
                for (auto const argument : apply->arguments) set_parent(argument, id);
            } else if (auto const* aggregate = std::get_if<Aggregate>(&node)) {
                set_parent(aggregate->body, id);
                set_parent(aggregate->otherwise, id);
            } else if (std::holds_alternative<Name>(node) && meanings_[i].is == Meaning::Is::cell) {
                ++reader_begins_[static_cast<std::size_t>(cells_.cell(meanings_[i].key))];
            }
        }
        std::size_t sum = 0;
        for (std::size_t& begin : reader_begins_) sum += std::exchange(begin, sum);
        readers_.resize(sum);
        for (std::size_t b = 0; b < model_.blocks.size(); ++b) connect_block(b);
    }

    void connect_block(std::size_t b) {
        Block const& block = model_.blocks[b];
        for (std::size_t i = 0; i < block.variables.size(); ++i) {
            set_root(block.variables[i].value, cells_.variables[b][i]);
            set_root(block.variables[i].start, cells_.variables[b][i]);
        }
        for (std::size_t i = 0; i < block.parameters.size(); ++i) {
            set_root(block.parameters[i].fallback, cells_.parameters[b][i]);
            for (std::size_t f = 0; f < block.parameters[i].fields.size(); ++f)
                set_root(block.parameters[i].fields[f].fallback, cells_.fields[b][i][f]);
        }
    }

    void set_parent(ExpressionId child, ExpressionId parent) {
        if (child >= 0) parents_[static_cast<std::size_t>(child)] = parent;
    }
    void set_root(ExpressionId expression, int cell) {
        if (expression >= 0) roots_[static_cast<std::size_t>(expression)] = cell;
    }

    /// Leaves, and operations that give a plain number whatever they are given.
    void begin() {
        for (std::size_t c = 0; c < cells_.dimensions.size(); ++c)
            if (cells_.dimensions[c] >= 0) cell_queue_.push_back(static_cast<int>(c));
        std::vector<std::size_t> next_reader(reader_begins_);
        for (std::size_t i = 0; i < model_.expressions.size(); ++i) {
            auto const id = static_cast<ExpressionId>(i);
            auto const& node = model_.expressions[i].node;
            if (auto const* apply = std::get_if<Apply>(&node)) {
                if (always_plain(apply->operation)) settle(id, table_.plain);
            } else if (std::holds_alternative<Name>(node)) {
                if (meanings_[i].is == Meaning::Is::cell)
                    readers_[next_reader[static_cast<std::size_t>(
                        cells_.cell(meanings_[i].key))]++] = id;
                else
                    settle_leaf(id, dimension_of_name(meanings_[i], model_, &cells_, table_));
            } else if (auto const* number = std::get_if<Number>(&node)) {
                settle(id, number->bare && is_zero(number->value) ? any_dimension
                                                                  : table_.of(number->unit));
            } else if (auto const* aggregate = std::get_if<Aggregate>(&node)) {
                if (aggregate->gather == Gather::count) settle(id, table_.plain);
            } else {
                settle(id, table_.date); // a date literal
            }
        }
    }

    static bool is_zero(double value) { return !(value < 0) && !(value > 0); }
    static bool always_plain(Operation operation) {
        switch (operation) {
        case Operation::equal:
        case Operation::unequal:
        case Operation::less:
        case Operation::less_equal:
        case Operation::greater:
        case Operation::greater_equal:
        case Operation::conjunction:
        case Operation::disjunction:
        case Operation::negation:
        case Operation::exponential:
        case Operation::logarithm:
        case Operation::latched:
        case Operation::since:
        case Operation::ramp_up:
            return true;
        default:
            return false;
        }
    }

    void settle_leaf(ExpressionId id, Dimension dimension) {
        if (dimension == fault_dimension)
            faults_.push_back(id); // later, so that what can be told is told
        else
            settle(id, dimension);
    }

    void settle(ExpressionId id, Dimension dimension) {
        Dimension& own = nodes_[static_cast<std::size_t>(id)];
        if (own != unknown_dimension || dimension == unknown_dimension) return;
        own = dimension;
        node_queue_.push_back(id);
    }

    void settle_cell(int cell, Dimension dimension) {
        Dimension& own = cells_.dimensions[static_cast<std::size_t>(cell)];
        if (own != unknown_dimension || dimension == unknown_dimension ||
            dimension == any_dimension)
            return;
        own = dimension;
        cell_queue_.push_back(cell);
    }

    void spread() {
        while (next_node_ < node_queue_.size() || next_cell_ < cell_queue_.size()) {
            if (next_cell_ < cell_queue_.size()) {
                auto const cell = static_cast<std::size_t>(cell_queue_[next_cell_++]);
                for (std::size_t i = reader_begins_[cell]; i < reader_begins_[cell + 1]; ++i)
                    settle(readers_[i], cells_.dimensions[cell]);
                continue;
            }
            ExpressionId const id = node_queue_[next_node_++];
            Dimension const dimension = nodes_[static_cast<std::size_t>(id)];
            if (int const cell = roots_[static_cast<std::size_t>(id)]; cell >= 0)
                settle_cell(cell, dimension);
            if (ExpressionId const parent = parents_[static_cast<std::size_t>(id)]; parent >= 0)
                tell(parent, id, dimension);
        }
    }

    /// A child of `parent` has settled.
    void tell(ExpressionId parent, ExpressionId child, Dimension dimension) {
        if (nodes_[static_cast<std::size_t>(parent)] != unknown_dimension) return;
        auto const& node = model_.expressions[static_cast<std::size_t>(parent)].node;
        auto const* apply = std::get_if<Apply>(&node);
        if (apply == nullptr) {
            if (dimension != any_dimension)
                settle(parent, dimension); // aggregate: body or otherwise
            return;
        }
        if (takes_any_argument(apply->operation)) {
            // Wide ones settle by their first known argument: asking all each time would be
            // quadratic.
            bool const condition =
                apply->operation == Operation::choose && child == apply->arguments[0];
            if (!condition && dimension != any_dimension) settle(parent, dimension);
            return;
        }
        settle(parent, of_apply(*apply));
    }

    static bool takes_any_argument(Operation operation) {
        return operation == Operation::minimum || operation == Operation::maximum ||
               operation == Operation::clip || operation == Operation::choose;
    }

    Dimension of_apply(Apply const& apply) {
        arguments_.clear();
        for (auto const argument : apply.arguments)
            arguments_.push_back(argument < 0 ? fault_dimension
                                              : nodes_[static_cast<std::size_t>(argument)]);
        std::optional<int> exponent;
        if (apply.operation == Operation::power)
            exponent = whole_exponent(model_, apply.arguments[1]);
        return dimension_of(apply.operation, arguments_, exponent, table_, nullptr);
    }

    /// `t + step` with t unknown: t is a time, since nothing made it a date.
    void settle_times() {
        for (std::size_t i = 0; i < nodes_.size(); ++i) {
            if (nodes_[i] != unknown_dimension) continue;
            auto const* apply = std::get_if<Apply>(&model_.expressions[i].node);
            if (apply == nullptr) continue;
            if (apply->operation != Operation::add && apply->operation != Operation::subtract)
                continue;
            for (auto const argument : apply->arguments)
                if (argument >= 0 && nodes_[static_cast<std::size_t>(argument)] == table_.time)
                    settle(static_cast<ExpressionId>(i), table_.time);
            spread();
        }
    }

    void settle_faults() {
        for (auto const id : faults_) settle(id, fault_dimension);
        spread();
    }

    /// Parameters that say nothing are plain; then what rests on nothing but itself. In this order, for
    /// the variables come first among the cells, and may rest on such a parameter and on more.
    void settle_plain() {
        for (std::size_t b = 0; b < model_.blocks.size(); ++b)
            for (std::size_t i = 0; i < model_.blocks[b].parameters.size(); ++i)
                if (model_.blocks[b].parameters[i].fallback < 0)
                    settle_cell(cells_.parameters[b][i], table_.plain);
        spread();
        for (std::size_t c = 0; c < cells_.dimensions.size(); ++c) {
            settle_cell(static_cast<int>(c), table_.plain);
            spread();
        }
    }

    Model const& model_;
    std::vector<Meaning> const& meanings_;
    Cells& cells_;
    Dimensions& table_;
    std::vector<Dimension> nodes_;
    std::vector<ExpressionId> parents_;
    std::vector<int> roots_;                 ///< the cell that an expression defines
    std::vector<std::size_t> reader_begins_; ///< by cell: where its readers begin
    std::vector<ExpressionId> readers_;
    // Queues of what has settled, each once: what was taken out stays in front.
    std::vector<ExpressionId> node_queue_;
    std::vector<int> cell_queue_;
    std::size_t next_node_ = 0, next_cell_ = 0;
    std::vector<Dimension> arguments_; ///< of the operation that is looked at
    std::vector<ExpressionId> faults_;
};

Dimension written_dimension(Parameter const& parameter, Dimensions& table) {
    if (parameter.is_date) return table.date;
    if (!parameter.words.empty()) return table.plain;
    if (parameter.unit) return table.of(*parameter.unit);
    return unknown_dimension;
}

/// As store_units left it.
Dimension stored_dimension(CellKey const& key, Model const& model, Dimensions& table) {
    Block const& block = model.blocks[static_cast<std::size_t>(key.block)];
    auto const i = static_cast<std::size_t>(key.index);
    if (!key.is_parameter) {
        auto const& unit = block.variables[i].unit;
        return unit ? table.of(*unit) : unknown_dimension;
    }
    auto const& parameter = block.parameters[i];
    return written_dimension(
        key.field < 0 ? parameter : parameter.fields[static_cast<std::size_t>(key.field)], table);
}

} // namespace

int Cells::cell(CellKey const& key) const {
    auto const b = static_cast<std::size_t>(key.block), i = static_cast<std::size_t>(key.index);
    if (key.field >= 0) return fields[b][i][static_cast<std::size_t>(key.field)];
    return key.is_parameter ? parameters[b][i] : variables[b][i];
}

Cells number_cells(Model const& model, Names const& names, Dimensions& table) {
    Cells cells;
    auto const add = [&](Dimension dimension) {
        cells.dimensions.push_back(dimension);
        return static_cast<int>(cells.dimensions.size()) - 1;
    };
    for (Block const& block : model.blocks) {
        auto& variables = cells.variables.emplace_back();
        for (auto const& variable : block.variables)
            variables.push_back(add(variable.unit ? table.of(*variable.unit) : unknown_dimension));
        auto& parameters = cells.parameters.emplace_back();
        auto& fields = cells.fields.emplace_back();
        for (auto const& parameter : block.parameters) {
            parameters.push_back(add(written_dimension(parameter, table)));
            auto& own = fields.emplace_back();
            for (auto const& field : parameter.fields)
                own.push_back(add(written_dimension(field, table)));
        }
    }
    // A replacement is what it replaces, as far as units go; without a written unit it has that
    // one's.
    for (std::size_t b = 0; b < model.blocks.size(); ++b) {
        for (std::size_t i = 0; i < model.blocks[b].variables.size(); ++i) {
            auto const& variable = model.blocks[b].variables[i];
            if (!variable.replaces || variable.unit) continue;
            int block = model.blocks[b].extends;
            Symbol found = names.member(block, variable.name);
            for (int left = longest_descent; left > 0 && found.type == SymbolType::variable;
                 --left) {
                auto const& above = model.blocks[static_cast<std::size_t>(found.block)]
                                        .variables[static_cast<std::size_t>(found.index)];
                cells.variables[b][i] = cells.variables[static_cast<std::size_t>(found.block)]
                                                       [static_cast<std::size_t>(found.index)];
                if (!above.replaces || above.unit) break;
                found = names.member(model.blocks[static_cast<std::size_t>(found.block)].extends,
                                     variable.name);
            }
        }
    }
    return cells;
}

void infer_units(Model const& model, std::vector<Meaning> const& meanings, Cells& cells,
                 Dimensions& table) {
    Inference(model, meanings, cells, table).run();
}

void store_units(Model& model, Cells const& cells, Dimensions const& table) {
    auto const store = [&](std::optional<Unit>& unit, int cell) {
        Dimension const dimension = cells.dimensions[static_cast<std::size_t>(cell)];
        if (!unit && dimension >= 0) unit = table.unit(dimension);
    };
    for (std::size_t b = 0; b < model.blocks.size(); ++b) {
        Block& block = model.blocks[b];
        for (std::size_t i = 0; i < block.variables.size(); ++i)
            store(block.variables[i].unit, cells.variables[b][i]);
        for (std::size_t i = 0; i < block.parameters.size(); ++i) {
            auto& parameter = block.parameters[i];
            if (!parameter.is_table) store(parameter.unit, cells.parameters[b][i]);
            for (std::size_t f = 0; f < parameter.fields.size(); ++f)
                store(parameter.fields[f].unit, cells.fields[b][i][f]);
        }
    }
}

Dimension dimension_of_name(Meaning const& meaning, Model const& model, Cells const* cells,
                            Dimensions& table) {
    switch (meaning.is) {
    case Meaning::Is::plain:
    case Meaning::Is::word:
        return table.plain;
    case Meaning::Is::time:
        return table.time;
    case Meaning::Is::date:
        return table.date;
    case Meaning::Is::money:
    case Meaning::Is::flow:
        return model.money.empty() ? table.plain : table.money(model.money);
    case Meaning::Is::cell:
        if (cells == nullptr) return stored_dimension(meaning.key, model, table);
        return cells->dimensions[static_cast<std::size_t>(cells->cell(meaning.key))];
    default:
        return fault_dimension;
    }
}

std::optional<int> whole_exponent(Model const& model, ExpressionId exponent) {
    if (exponent < 0) return {};
    auto const& node = model.expressions[static_cast<std::size_t>(exponent)].node;
    if (auto const* number = std::get_if<Number>(&node)) {
        if (!number->bare || !(number->value >= -100 && number->value <= 100)) return {};
        int const whole = static_cast<int>(number->value);
        bool const exact = !(number->value < whole) && !(number->value > whole);
        return exact ? std::optional(whole) : std::nullopt;
    }
    auto const* apply = std::get_if<Apply>(&node);
    if (apply == nullptr || apply->operation != Operation::negate) return {};
    auto const inner = whole_exponent(model, apply->arguments[0]);
    return inner ? std::optional(-*inner) : std::nullopt;
}

} // namespace perpetuum::grammar
