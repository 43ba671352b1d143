#include "central_runs.hpp"

#include "projection_rows.hpp"

#include <algorithm>

namespace perpetuum {

std::optional<CentralRun> run_central(Book const& book, Reading const& reading, int steps,
                                      std::string const& scenario,
                                      std::vector<std::string> const& ended, std::string& problem) {
    InstanceOptions under;
    under.scenario = scenario;
    under.ended_deals = ended;
    under.steps = steps;
    Diagnostics diagnostics = reading.diagnostics;
    CentralRun run;
    run.system = instantiate(book, reading.model, under, diagnostics);
    if (!diagnostics.failed()) {
        Program const program = compile(run.system, diagnostics);
        if (!diagnostics.failed()) run.path = central_path(run.system, program);
    }
    if (!diagnostics.failed()) return run;
    for (Diagnostic const& diagnostic : diagnostics.all())
        if (diagnostic.severity == Severity::error && problem.empty()) problem = diagnostic.message;
    return std::nullopt;
}

std::vector<FirmResult> results_of(CentralRun const& run, int first, int last) {
    System const& system = run.system;
    std::vector<FirmResult> results;
    int const end = std::min(last, run.path.steps);
    for (std::size_t e = 0; e < system.entities.size(); ++e) {
        if (system.entities[e].outside) continue;
        FirmResult result;
        result.firm = system.entities[e].id;
        for (std::size_t a = 0; a < system.accounts.size(); ++a) {
            Account const& account = system.accounts[a];
            CellId const cell = system.balance(static_cast<int>(e), static_cast<int>(a));
            if (cell < 0 || end < first) continue;
            double sum = 0;
            for (int step = first; step <= end; ++step) sum += run.path.at(cell, step);
            sum *= system.coin;
            double const closing = run.path.at(cell, end) * system.coin;
            if (account.type == AccountClass::income) result.profit += sum;
            if (account.type == AccountClass::expense) result.profit -= sum;
            if (account.name == "revenue") result.revenue = sum;
            if (account.name == "cash") result.cash = closing;
            if (account.type == AccountClass::liability) result.debt += closing;
        }
        results.push_back(std::move(result));
    }
    for (DefaultLine const& line : defaults_of(system, run.path))
        for (FirmResult& result : results)
            if (result.firm == system.entities[static_cast<std::size_t>(line.entity)].id)
                result.defaulted = line.step;
    return results;
}

} // namespace perpetuum
