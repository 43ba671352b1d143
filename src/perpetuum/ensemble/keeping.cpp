// What a run keeps of its paths, and the cells that this needs.

#include "audit.hpp"

#include <perpetuum/ensemble.hpp>

#include <algorithm>

namespace perpetuum {

Keeping keeping_of(System const& system, std::vector<Series> series) {
    Keeping keeping;
    keeping.series = std::move(series);
    for (std::size_t e = 0; e < system.entities.size(); ++e)
        if (system.defaulted[e] >= 0 && !system.entities[e].outside)
            keeping.firms.push_back(static_cast<int>(e));
    for (SystemCheck const& check : system.checks) keeping.checks.push_back(check.cell);
    keeping.audit = system.has_money;
    return keeping;
}

std::vector<CellId> wanted_by(System const& system, Keeping const& keeping) {
    std::vector<CellId> wanted;
    for (Series const& series : keeping.series)
        for (Series::Term const& term : series.terms) wanted.push_back(term.cell);
    for (CellId const check : keeping.checks) wanted.push_back(check);
    for (int const firm : keeping.firms)
        wanted.push_back(system.defaulted[static_cast<std::size_t>(firm)]);
    if (keeping.audit) {
        auto const audited = Audit::cells(system);
        wanted.insert(wanted.end(), audited.begin(), audited.end());
    }
    std::sort(wanted.begin(), wanted.end());
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    return wanted;
}

SummaryPlan summary_plan(System const& system, Keeping const& keeping,
                         std::map<std::string, std::string> about) {
    SummaryPlan plan;
    plan.about = std::move(about);
    plan.steps = system.steps;
    for (Series const& series : keeping.series) plan.series.push_back(series.name);
    for (std::size_t c = 0; c < keeping.checks.size(); ++c)
        plan.series.push_back("check " + std::to_string(c + 1));
    for (int const firm : keeping.firms)
        plan.firms.push_back(system.entities[static_cast<std::size_t>(firm)].id);
    return plan;
}

} // namespace perpetuum
