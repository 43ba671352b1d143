// Which quantities a run of many paths keeps, and what the run says of itself.

#include "paths.hpp"

#include <perpetuum/study.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace perpetuum {

namespace {

constexpr std::size_t most_variables = 40; ///< of a model without firms, unless --series says more

bool is_flow(AccountClass type) {
    return type == AccountClass::income || type == AccountClass::expense;
}

/// Steps of a calendar year, or 1 where a year is no whole number of steps.
int steps_of_year(System const& system) {
    double const steps = 12 / system.step_months;
    return steps == static_cast<int>(steps) ? static_cast<int>(steps) : 1;
}

/// Accounts and profit of a firm that its table shows.
void add_firm(System const& system, int entity, int window, std::vector<Series>& all) {
    std::string const& id = system.entities[static_cast<std::size_t>(entity)].id;
    Series profit{id + ".profit", {}, window};
    for (std::size_t a = 0; a < system.accounts.size(); ++a) {
        CellId const cell = system.balance(entity, static_cast<int>(a));
        if (cell < 0) continue;
        Account const& account = system.accounts[a];
        if (is_flow(account.type))
            profit.terms.push_back(
                {cell, account.type == AccountClass::income ? system.coin : -system.coin});
        bool const shown = account.name == "cash" || account.name == "revenue" ||
                           account.type == AccountClass::liability;
        if (shown)
            all.push_back({id + "." + account.name,
                           {{cell, system.coin}},
                           is_flow(account.type) ? window : 1});
    }
    if (!profit.terms.empty()) all.push_back(std::move(profit));
}

/// What is per time as what it comes to, like income.
Series shown_series(System const& system, std::string const& name, CellId id, int window) {
    Cell const& cell = system.cells[static_cast<std::size_t>(id)];
    return {name, {{id, shown_factor(system, cell)}}, is_flowing(system, cell) ? window : 1};
}

bool is_variable(Cell const& cell) {
    return cell.type == CellType::variable && !cell.name.empty() && cell.name[0] != '#';
}

void add_variables(System const& system, int window, std::vector<Series>& all) {
    std::vector<Series> plain, told;
    for (std::size_t c = 0; c < system.cells.size(); ++c) {
        Cell const& cell = system.cells[c];
        if (!is_variable(cell) || cell.entity >= 0 || cell.contract >= 0) continue;
        auto const series = shown_series(system, cell.name, static_cast<CellId>(c), window);
        plain.push_back(series);
        if (!cell.phrase.empty()) told.push_back(series);
    }
    auto& chosen = plain.size() <= most_variables || told.empty() ? plain : told;
    if (chosen.size() > most_variables) chosen.resize(most_variables);
    all.insert(all.end(), chosen.begin(), chosen.end());
}

bool add_named(System const& system, std::string const& names, int window, Diagnostics& diagnostics,
               std::vector<Series>& all) {
    for (std::size_t begin = 0; begin <= names.size();) {
        std::size_t const end = std::min(names.find(',', begin), names.size());
        std::string const name = names.substr(begin, end - begin);
        CellId const found = find_quantity(system, name);
        if (found < 0) {
            int const text = diagnostics.add_text("--series", names);
            diagnostics.error(
                {text, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)},
                "no quantity of the run is called " + quoted(name), quantities_near(system, name));
            return false;
        }
        all.push_back(shown_series(system, name, found, window));
        begin = end + 1;
    }
    return true;
}

/// Later ones of a name that is there already go.
void drop_repeated(std::vector<Series>& all) {
    std::set<std::string> seen;
    std::erase_if(all, [&](Series const& series) { return !seen.insert(series.name).second; });
}

} // namespace

bool choose_series(Options const& options, System const& system, Diagnostics& diagnostics,
                   std::vector<Series>& series) {
    int const window = options.quarters ? 1 : steps_of_year(system);
    if (!options.many.series.empty() &&
        !add_named(system, options.many.series, window, diagnostics, series))
        return false;
    if (system.has_money && options.many.series.empty())
        for (std::size_t e = 0; e < system.entities.size(); ++e)
            if (!system.entities[e].outside) add_firm(system, static_cast<int>(e), window, series);
    if (series.empty()) add_variables(system, window, series);
    drop_repeated(series);
    return true;
}

std::map<std::string, std::string> about_run(Options const& options, Reading const& reading,
                                             System const& system,
                                             std::vector<Series> const& series,
                                             PathsAsked const& asked) {
    std::string texts = PERPETUUM_VERSION;
    for (int t = 0; t < reading.diagnostics.texts(); ++t) {
        texts += '\0' + reading.diagnostics.text(t).content;
    }
    std::map<std::string, std::string> about{
        {"book", printable(reading.book.title)},
        {"texts", print_digest(digest_of(texts))}, // of the book, the model, the changes
        {"version", PERPETUUM_VERSION},
        {"as of", options.as_of},
        {"scenario", options.scenario},
        {"seed", std::to_string(asked.settings.sample.seed)},
        {"sampling", options.many.sampling},
        {"rivals", options.many.rivals ? "drawn" : "first"},
        {"paths", std::to_string(asked.settings.sample.paths)},
        {"start", fmt::format("{}", system.start.months)},
        {"step months", fmt::format("{}", system.step_months)},
        {"table", reading.plain      ? "steps"
                  : options.quarters ? "quarters"
                                     : "years"},
    };
    for (std::string const& pair : options.many.correlate)
        about["correlate"] += (about["correlate"].empty() ? "" : "; ") + pair;
    for (std::string const& change : options.set)
        about["set"] += (about["set"].empty() ? "" : "; ") + change;
    for (SystemEntity const& entity : system.entities)
        if (!entity.outside) about["name of " + entity.id] = printable(entity.name);
    for (Series const& one : series) {
        Cell const& cell = system.cells[static_cast<std::size_t>(one.terms[0].cell)];
        Unit const unit = shown_unit(system, cell);
        if (!cell.unit.powers.empty() && !unit.powers.empty())
            about["unit of " + one.name] = print_dimension(unit);
    }
    for (std::size_t c = 0; c < system.checks.size(); ++c)
        about["check " + std::to_string(c + 1)] = printable(system.checks[c].text);
    return about;
}

} // namespace perpetuum
