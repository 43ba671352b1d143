#include "projection_rows.hpp"

#include "nodes_below.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace perpetuum {

namespace {

bool is_income_or_expense(AccountClass type) {
    return type == AccountClass::income || type == AccountClass::expense;
}

FirmSeries series_of_account(System const& system, Path const& path, CellId cell,
                             Account const& account) {
    FirmSeries series{account.name,
                      {},
                      is_income_or_expense(account.type),
                      account.type == AccountClass::liability};
    for (int step = 1; step <= path.steps; ++step)
        series.steps.push_back(value_at(system, path, cell, step));
    return series;
}

/// Income less expense, from the accounts: whether or not the model asks for it.
FirmSeries profit_of(System const& system, Path const& path, int entity) {
    FirmSeries profit{"profit", std::vector<double>(static_cast<std::size_t>(path.steps), 0), true,
                      false};
    for (std::size_t a = 0; a < system.accounts.size(); ++a) {
        CellId const cell = system.balance(entity, static_cast<int>(a));
        auto const type = system.accounts[a].type;
        if (cell < 0 || !is_income_or_expense(type)) continue;
        double const sign = type == AccountClass::income ? 1 : -1;
        for (int step = 1; step <= path.steps; ++step)
            profit.steps[static_cast<std::size_t>(step - 1)] +=
                sign * value_at(system, path, cell, step);
    }
    return profit;
}

/// 1 for money, the step's length for money per time, 0 for what is no money.
double money_factor(System const& system, Unit const& unit, std::string const& money) {
    std::vector<std::pair<std::string, int>> per_time{{money, 1}, {"month", -1}};
    std::sort(per_time.begin(), per_time.end());
    if (unit.powers == std::vector<std::pair<std::string, int>>{{money, 1}}) return 1;
    return unit.powers == per_time ? system.step_months : 0;
}

} // namespace

double value_at(System const& system, Path const& path, CellId cell, int step) {
    double const value = path.at(cell, step);
    return system.cells[static_cast<std::size_t>(cell)].coins ? value * system.coin : value;
}

std::vector<std::vector<CellId>> variables_of_entities(System const& system) {
    std::vector<std::vector<CellId>> variables(system.entities.size());
    for (std::size_t c = 0; c < system.cells.size(); ++c) {
        Cell const& cell = system.cells[c];
        if (cell.type == CellType::variable && cell.entity >= 0 && cell.contract < 0)
            variables[static_cast<std::size_t>(cell.entity)].push_back(static_cast<CellId>(c));
    }
    return variables;
}

std::vector<FirmSeries> series_of_entity(System const& system, Path const& path, int entity,
                                         std::vector<CellId> const& variables) {
    std::vector<FirmSeries> all;
    std::set<std::string> taken{"profit"};
    std::string money;
    for (std::size_t a = 0; a < system.accounts.size(); ++a) {
        CellId const cell = system.balance(entity, static_cast<int>(a));
        if (cell < 0) continue;
        all.push_back(series_of_account(system, path, cell, system.accounts[a]));
        taken.insert(system.accounts[a].name);
        auto const& powers = system.cells[static_cast<std::size_t>(cell)].unit.powers;
        if (!powers.empty()) money = powers[0].first;
    }
    all.push_back(profit_of(system, path, entity));
    for (CellId const id : variables) {
        Cell const& cell = system.cells[static_cast<std::size_t>(id)];
        double const factor = money_factor(system, cell.unit, money);
        auto const name = cell.name.substr(cell.name.rfind('.') + 1);
        if (factor == 0 || cell.name.empty() || cell.name[0] == '#' || !taken.insert(name).second)
            continue;
        FirmSeries series{name, {}, factor != 1, false};
        for (int step = 1; step <= path.steps; ++step)
            series.steps.push_back(factor * value_at(system, path, id, step));
        all.push_back(std::move(series));
    }
    return all;
}

std::vector<CellId> needed_at_once(System const& system, CellId cell) {
    std::vector<CellId> found;
    each_node_below(system, cell, [&](Node const& node) -> NodeId {
        if (node.op == NodeOp::cell && node.lag == 0 && node.cell >= 0) found.push_back(node.cell);
        return -1;
    });
    return found;
}

std::vector<DefaultLine> defaults_of(System const& system, Path const& path) {
    std::vector<DefaultLine> lines;
    for (std::size_t e = 0; e < system.defaulted.size(); ++e) {
        CellId const cell = system.defaulted[e];
        if (cell < 0) continue;
        for (int step = 1; step <= path.steps; ++step)
            if (path.at(cell, step) > 0.5) {
                lines.push_back({static_cast<int>(e), step});
                break;
            }
    }
    std::stable_sort(lines.begin(), lines.end(),
                     [](DefaultLine const& a, DefaultLine const& b) { return a.step < b.step; });
    return lines;
}

std::vector<FailedCheck> failed_checks(System const& system, Path const& path) {
    std::vector<FailedCheck> failed;
    for (SystemCheck const& check : system.checks)
        for (int step = 1; step <= path.steps; ++step)
            if (!(path.at(check.cell, step) > 0.5)) {
                failed.push_back({check.text, step});
                break;
            }
    return failed;
}

std::vector<StepGroup> groups_of_steps(System const& system, int steps, bool single) {
    std::vector<StepGroup> groups;
    double group_of_last = std::nan("");
    for (int step = 1; step <= steps; ++step) {
        double const middle = system.start.months + (step - 0.5) * system.step_months;
        double const year = single ? step : std::floor(middle / 12);
        if (groups.empty() || year != group_of_last) groups.push_back({"", step, step});
        group_of_last = year;
        StepGroup& group = groups.back();
        group.last = step;
        Period const period{{system.start.months + (group.first - 1) * system.step_months},
                            {system.start.months + step * system.step_months}};
        group.label = single ? step_label(system, step) : print_period(period);
        // A year that is not whole is named by its quarters, briefly.
        if (!single && group.label.size() > 7)
            group.label = step_label(system, group.first) + ".." + step_label(system, group.last);
    }
    return groups;
}

double grouped(FirmSeries const& series, StepGroup const& group) {
    if (!series.is_flow) return series.steps[static_cast<std::size_t>(group.last - 1)];
    double sum = 0;
    for (int step = group.first; step <= group.last; ++step)
        sum += series.steps[static_cast<std::size_t>(step - 1)];
    return sum;
}

} // namespace perpetuum
