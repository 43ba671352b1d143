// Parameters: a figure of the book becomes a cell that a path draws once, a default one that it
// computes once.

#include "builder.hpp"

#include <algorithm>
#include <limits>

namespace perpetuum::instancing {

Distribution spread_of_figure(Figure const& figure) {
    if (figure.spread.shape == Shape::point) return {Shape::point, {figure.value}};
    return figure.spread;
}

namespace {

Distribution scaled(Distribution distribution, double factor) {
    for (std::size_t i = 0; i < distribution.parameters.size(); ++i) {
        bool const weight = (distribution.shape == Shape::discrete && i % 2 == 1) ||
                            distribution.shape == Shape::bernoulli;
        if (!weight) distribution.parameters[i] *= factor;
    }
    return distribution;
}

/// Dollars, gigawatts, shares, also so many a year: what is halved when a contract is. Ratios, times
/// and dates are not.
bool extensive(Unit const& unit) {
    int amounts = 0, others = 0;
    for (auto const& [name, exponent] : unit.powers)
        if (name != "month" && name != "date") ++(exponent == 1 ? amounts : others);
    return amounts == 1 && others == 0;
}

bool known(Entry const& entry) {
    if (entry.plain_period || !entry.by_period.empty() || !entry.rows.empty()) return true;
    Figure const* used = entry.used();
    return used && used->holds != Figure::Holds::undisclosed;
}

/// What the book writes for an owner's parameter; null when it writes nothing.
Entry const* written_entry(Builder const& builder, Owner owner, std::string const& name) {
    std::map<std::string, Entry> const* table = nullptr;
    if (owner.contract >= 0) {
        table = &builder.deal_of(owner.contract).parameters;
    } else if (owner.entity >= 0) {
        if (Entity const* entity = builder.written_entity(owner.entity))
            table = &entity->parameters;
    } else {
        table = &builder.book.parameters;
    }
    if (!table) return nullptr;
    auto const found = table->find(name);
    return found == table->end() ? nullptr : &found->second;
}

/// The same, when it says a value.
Entry const* entry_of(Builder const& builder, Owner owner, std::string const& name) {
    Entry const* entry = written_entry(builder, owner, name);
    return entry && known(*entry) ? entry : nullptr;
}

/// What a promise says is the figure as written, not the middle of its spread, nor a default in
/// place of it.
std::optional<double> as_written(Entry const& entry, double factor) {
    Figure const* used = entry.used();
    if (used && used->holds == Figure::Holds::amount) return used->value * factor;
    if (used && used->holds == Figure::Holds::undisclosed)
        return std::numeric_limits<double>::quiet_NaN();
    return std::nullopt;
}

/// The value of each step: of the last period that has begun by its middle, else of the first.
void fill_series(Cell& cell, Entry const& entry, System const& system) {
    cell.type = CellType::series;
    cell.steps.reserve(static_cast<std::size_t>(system.steps));
    std::vector<std::pair<Date, double>> known;
    for (auto const& [period, figures] : entry.by_period)
        if (!figures.empty() && figures[0].holds == Figure::Holds::amount)
            known.emplace_back(period.begin, median(spread_of_figure(figures[0])));
    std::stable_sort(known.begin(), known.end(),
                     [](auto const& x, auto const& y) { return x.first < y.first; });
    std::size_t next = known.empty() ? 0 : 1;
    for (int step = 1; step <= system.steps; ++step) {
        double const middle = system.start.months + (step - 0.5) * system.step_months;
        while (next < known.size() && known[next].first.months <= middle) ++next;
        cell.steps.push_back(known.empty() ? 0 : known[next - 1].second);
    }
}

/// A schedule of dollars is paid in all: its sum is the total.
void fill_total(Cell& cell, Entry const& entry, double share) {
    double total = 0;
    for (auto const& [period, figures] : entry.by_period)
        if (!figures.empty()) total += median(spread_of_figure(figures[0]));
    cell.drawn = true;
    cell.draw = {Shape::point, {total * share}};
}

/// Whether it is another on another path.
bool varies(Cell const& cell) {
    return cell.value >= 0 || (cell.drawn && cell.draw.shape != Shape::point);
}

int word_index(Parameter const& parameter, std::string const& word) {
    auto const found = std::find(parameter.words.begin(), parameter.words.end(), word);
    return found == parameter.words.end() ? 0 : static_cast<int>(found - parameter.words.begin());
}

} // namespace

std::vector<Distribution> rivals_of(Entry const& entry, double factor) {
    std::vector<Distribution> rivals;
    for (Figure const& figure : entry.rivals)
        if (!figure.was &&
            (figure.holds == Figure::Holds::amount || figure.holds == Figure::Holds::period))
            rivals.push_back(scaled(spread_of_figure(figure), factor));
    return rivals;
}

bool Builder::has_all_parameters(Deal const& deal, int block, std::string& missing) {
    for (auto const& [owner_block, index] : catalog.parameters(block)) {
        Parameter const& parameter = model.blocks[static_cast<std::size_t>(owner_block)]
                                         .parameters[static_cast<std::size_t>(index)];
        if (parameter.fallback >= 0 || !parameter.words.empty() || parameter.is_table) continue;
        auto const found = deal.parameters.find(parameter.name);
        if (found == deal.parameters.end() ||
            (!known(found->second) && found->second.references.empty())) {
            missing = parameter.name;
            return false;
        }
    }
    return true;
}

/// Of the parties of a split role the first, for whom what is drawn is drawn; -1: owner is it itself.
int Builder::first_part(Owner owner) const {
    if (owner.contract < 0) return -1;
    auto const& contracts = system.contracts;
    int first = owner.contract;
    auto const deal = [&](int contract) -> std::string const& {
        return contracts[static_cast<std::size_t>(contract)].deal;
    };
    while (first > 0 && deal(first - 1) == deal(owner.contract)) --first;
    return first < owner.contract && share_of(first) > 0 ? first : -1;
}

double Builder::share_of(int contract) const {
    return contract >= 0 ? system.contracts[static_cast<std::size_t>(contract)].share : 1;
}

/// What was drawn for the first party of a split role, as large as it is for another.
NodeId Builder::drawn_for(NodeId first, Owner owner, int part, Unit const& unit) {
    double const ratio = share_of(owner.contract) / share_of(part);
    return extensive(unit) && ratio != 1 ? make(NodeOp::multiply, constant(ratio), first) : first;
}

void Builder::add_parameters(Owner owner) {
    double const share = share_of(owner.contract);
    int const part = first_part(owner);
    auto const prefix = prefix_of(owner);
    for (auto const& [block, index] : catalog.parameters(block_of(owner))) {
        if (!owner.model() && block == 0) continue;
        Parameter const& parameter = model.blocks[static_cast<std::size_t>(block)]
                                         .parameters[static_cast<std::size_t>(index)];
        if (parameter.is_table) continue; // rows are made when they are asked for
        Unit const& unit = catalog.unit_of_parameter(block, index);
        double const factor = extensive(unit) ? share : 1;
        Entry const* const said = written_entry(*this, owner, parameter.name);
        Entry const* const entry = said && known(*said) ? said : nullptr;
        // Their cells come before the parameter's own.
        NodeId const reference =
            said && !said->references.empty() ? index_value(said->references[0]) : -1;
        NodeId drawn_rival = -1;
        NodeId from_first = -1;
        if (entry && part >= 0) {
            CellId const first = parameters.find(member_key({-1, part}, block, index));
            if (first >= 0 && varies(system.cells[static_cast<std::size_t>(first)]))
                from_first = drawn_for(of_cell(first), owner, part, unit);
        }
        if (entry && options.draw_rivals && from_first < 0)
            if (auto const rivals = rivals_of(*entry, factor); rivals.size() > 1)
                drawn_rival = one_of(prefix + parameter.name, rivals);
        Cell& cell = add_cell(prefix + parameter.name, CellType::parameter, owner,
                              entry ? entry->where : parameter.where);
        cell.phrase = parameter.phrase;
        cell.unit = unit;
        if (said) cell.written = as_written(*said, factor);
        if (reference >= 0) cell.value = reference;
        if (entry) {
            give(cell, *entry, parameter, factor);
            NodeId const value = from_first >= 0 ? from_first : drawn_rival;
            if (value >= 0) {
                cell.drawn = false;
                cell.value = value;
            }
        }
        parameters.put(member_key(owner, block, index), last_cell());
    }
}

/// What the book says becomes what is drawn, or is given by step.
void Builder::give(Cell& cell, Entry const& entry, Parameter const& parameter, double factor) {
    Figure const* const used = entry.rivals.empty() ? nullptr : entry.used();
    bool const of_model = cell.entity < 0 && cell.contract < 0; // a level, of no term
    if (used) {
        cell.drawn = true;
        cell.draw = used->holds == Figure::Holds::word
                        ? Distribution{Shape::point,
                                       {static_cast<double>(word_index(parameter, used->word))}}
                        : scaled(spread_of_figure(*used), factor);
    } else if (cell.unit.powers == money.powers && !of_model) {
        fill_total(cell, entry, factor);
    } else {
        count_given(1);
        fill_series(cell, entry, system);
    }
}

NodeId Builder::drawn_once(std::string name, Distribution spread) {
    Cell& cell = add_cell(std::move(name), CellType::parameter);
    cell.drawn = true;
    cell.draw = std::move(spread);
    return of_cell(last_cell());
}

NodeId Builder::one_of(std::string const& name, std::vector<Distribution> const& rivals) {
    auto const count = static_cast<double>(rivals.size());
    NodeId const which = drawn_once(name + ".rival", {Shape::uniform, {0, count}});
    NodeId chosen = drawn_once(name + ".rival " + std::to_string(rivals.size()), rivals.back());
    for (std::size_t i = rivals.size() - 1; i-- > 0;)
        chosen =
            make(NodeOp::choose, make(NodeOp::less, which, constant(static_cast<double>(i + 1))),
                 drawn_once(name + ".rival " + std::to_string(i + 1), rivals[i]), chosen);
    return chosen;
}

int Builder::rows_of(Owner owner, int block, int index) const {
    Parameter const& table =
        model.blocks[static_cast<std::size_t>(block)].parameters[static_cast<std::size_t>(index)];
    Entry const* entry = entry_of(*this, owner, table.name);
    return entry ? static_cast<int>(entry->rows.size()) : 0;
}

NodeId Builder::row_field(Owner owner, int block, int index, int row, int field) {
    Parameter const& table =
        model.blocks[static_cast<std::size_t>(block)].parameters[static_cast<std::size_t>(index)];
    Parameter const& column = table.fields[static_cast<std::size_t>(field)];
    Entry const* entry = entry_of(*this, owner, table.name);
    if (!entry || row >= static_cast<int>(entry->rows.size())) return constant(0);
    auto const name =
        owner_name(owner) + "." + table.name + "[" + std::to_string(row + 1) + "]." + column.name;
    if (auto const known_cell = cell_named(name)) return of_cell(*known_cell);
    auto const& cells = entry->rows[static_cast<std::size_t>(row)];
    auto const found = cells.find(column.name);
    if (found != cells.end() && !found->second.references.empty())
        return index_value(found->second.references[0]);
    if (found == cells.end() || !known(found->second)) {
        if (column.fallback < 0) return constant(0);
        int const before = touched; // a default rests on its own table's owner, not on who asks
        NodeId const value = compile(column.fallback, scope_of(owner, block));
        touched = before;
        return value;
    }
    Unit const unit = column.unit.value_or(Unit{});
    NodeId from_first = -1;
    Figure const& figure = *found->second.used();
    if (int const part = first_part(owner);
        part >= 0 && spread_of_figure(figure).shape != Shape::point)
        from_first = drawn_for(row_field({-1, part}, block, index, row, field), owner, part, unit);
    Cell& cell = add_cell(name, CellType::parameter, owner, found->second.where);
    cell.phrase = column.phrase;
    cell.unit = unit;
    cell.value = from_first;
    cell.drawn = from_first < 0;
    if (from_first >= 0) return of_cell(last_cell());
    if (figure.holds == Figure::Holds::word)
        cell.draw = {Shape::point, {static_cast<double>(word_index(column, figure.word))}};
    else
        cell.draw =
            scaled(spread_of_figure(figure), extensive(unit) ? share_of(owner.contract) : 1);
    return of_cell(last_cell());
}

} // namespace perpetuum::instancing
