// What a run shows, by name: payments that a model gives no name are told apart, found again, and
// what is per time is what flows.

#include <perpetuum/study.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace perpetuum {

namespace {

constexpr std::size_t most_named = 6; ///< of several payments that one name could mean

/// The payment of a flow, where it has a column of its own; -1 where what is owed is what is paid.
CellId payment_of(System const& system, SystemFlow const& flow) {
    if (flow.paid < 0 || flow.payer < 0 || flow.payee < 0) return -1;
    return system.cells[static_cast<std::size_t>(flow.paid)].type == CellType::paid ? flow.paid
                                                                                    : -1;
}

/// The other one where one of the two has the payment in its own block; of a deal who receives it.
std::string other_side(System const& system, SystemFlow const& flow, Cell const& cell) {
    bool const receives = cell.entity >= 0 && cell.entity == flow.payee;
    return system.entities[static_cast<std::size_t>(receives ? flow.payer : flow.payee)].id;
}

std::string numbered(std::string const& name, std::set<std::string> const& taken) {
    int number = 1;
    std::string found = name;
    while (taken.count(found) > 0) found = name + "." + std::to_string(++number);
    return found;
}

std::vector<std::string> payments_without_name(System const& system) {
    std::vector<std::string> names;
    for (SystemFlow const& flow : system.flows) {
        CellId const cell = payment_of(system, flow);
        if (cell < 0) continue;
        std::string const& name = system.cells[static_cast<std::size_t>(cell)].name;
        if (!system.names.contains(name)) names.push_back(name);
    }
    return names;
}

} // namespace

void tell_payments_apart(System& system) {
    std::map<std::string, int> shown; // names of columns, and how often each would stand there
    for (Cell const& cell : system.cells)
        if (is_column(cell)) ++shown[cell.name];
    std::set<std::string> taken;
    for (auto const& [name, count] : shown) taken.insert(name);
    for (SystemFlow const& flow : system.flows) {
        CellId const id = payment_of(system, flow);
        if (id < 0) continue;
        Cell& cell = system.cells[static_cast<std::size_t>(id)];
        auto const named = system.names.find(cell.name);
        bool const owns_name = named != system.names.end() && named->second == id;
        if (owns_name || shown[cell.name] < 2) continue;
        cell.name = numbered(cell.name + "@" + other_side(system, flow, cell), taken);
        taken.insert(cell.name);
        system.cells[static_cast<std::size_t>(flow.owed)].name = cell.name + " (owed)";
    }
}

bool is_column(Cell const& cell) {
    bool const known = cell.type == CellType::variable || cell.type == CellType::balance ||
                       cell.type == CellType::paid || cell.type == CellType::total;
    return known && !cell.name.empty() && cell.name[0] != '#';
}

CellId find_quantity(System const& system, std::string const& name) {
    if (auto const found = system.names.find(name); found != system.names.end())
        return found->second;
    for (SystemFlow const& flow : system.flows)
        if (CellId const cell = payment_of(system, flow);
            cell >= 0 && system.cells[static_cast<std::size_t>(cell)].name == name)
            return cell;
    return -1;
}

std::string quantities_near(System const& system, std::string const& name) {
    std::vector<std::string> known = payments_without_name(system);
    std::string several;
    std::size_t count = 0;
    for (std::string const& one : known)
        if (one.starts_with(name + "@") && ++count <= most_named)
            several += (several.empty() ? "" : ", ") + one;
    if (count > most_named) several += ", … (" + std::to_string(count) + ")";
    if (count > 0) return "say with whom: " + several;
    for (auto const& [each, cell] : system.names.sorted()) known.push_back(each);
    auto const near = nearest(name, known);
    return near ? "did you mean " + quoted(*near) + "?" : "";
}

bool per_time(System const& system, Cell const& cell) {
    if (system.start.months <= 0) return false; // a model by itself: its rates stay by the month
    auto const& powers = cell.unit.powers;
    return std::any_of(powers.begin(), powers.end(), [](auto const& power) {
        return power.first == "month" && power.second == -1;
    });
}

bool is_flowing(System const& system, Cell const& cell) {
    if (cell.type == CellType::paid || per_time(system, cell)) return true;
    if (cell.account < 0) return false;
    auto const type = system.accounts[static_cast<std::size_t>(cell.account)].type;
    return type == AccountClass::income || type == AccountClass::expense;
}

double shown_factor(System const& system, Cell const& cell) {
    if (cell.coins) return system.coin;
    return per_time(system, cell) ? system.step_months : 1;
}

Unit shown_unit(System const& system, Cell const& cell) {
    if (cell.coins && cell.unit.powers.empty()) return {{{"USD", 1}}, 1};
    Unit unit{cell.unit.powers, 1};
    if (per_time(system, cell))
        std::erase_if(unit.powers, [](auto const& power) { return power.first == "month"; });
    return unit;
}

} // namespace perpetuum
