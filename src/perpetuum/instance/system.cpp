// instantiate: the stages in order.

#include "builder.hpp"

#include <cmath>
#include <utility>

namespace perpetuum {

namespace {

using instancing::Builder;
using instancing::Owner;

std::vector<Owner> all_owners(System const& system) {
    std::vector<Owner> owners{Owner{}};
    for (std::size_t e = 0; e < system.entities.size(); ++e)
        if (system.entities[e].block >= 0) owners.push_back({static_cast<int>(e), -1});
    for (std::size_t c = 0; c < system.contracts.size(); ++c)
        owners.push_back({-1, static_cast<int>(c)});
    return owners;
}

/// Whom a scenario lets fail, and from when: its parents' first.
std::vector<std::pair<std::string, double>> failures_of(Book const& book, std::string const& name) {
    std::vector<std::pair<std::string, double>> failures;
    std::string next = name;
    for (std::size_t depth = 0; !next.empty() && depth <= book.scenarios.size(); ++depth) {
        std::string const at = std::exchange(next, {});
        for (Scenario const& scenario : book.scenarios) {
            if (scenario.id != at) continue;
            double const from = scenario.from ? scenario.from->begin.months : book.start.months;
            for (auto const& entity : scenario.fail) failures.emplace_back(entity, from);
            next = scenario.extends;
        }
    }
    return failures;
}

/// The stages in order: everything is declared before anything is defined, so that the order of
/// texts does not matter.
void build(Builder& builder) {
    System& system = builder.system;
    InstanceOptions const& options = builder.options;
    Model const& model = builder.model;
    system.step_months = options.step_months;
    system.start = builder.book.start;
    system.steps =
        options.steps > 0
            ? options.steps
            : std::max(1,
                       static_cast<int>(std::lround(
                           (date_of(2036, 1).months - system.start.months) / options.step_months)));
    system.coin = model.coin;
    system.has_money = !model.money.empty();
    system.accounts = model.accounts;
    system.transactions = model.transactions;
    builder.failing = failures_of(builder.book, options.scenario);

    builder.add_entities();
    builder.add_contracts();
    auto const owners = all_owners(system);
    builder.reserve(owners);
    builder.declare_states();
    builder.open_accounts();
    for (Owner const owner : owners) builder.add_parameters(owner);
    for (Owner const owner : owners)
        if (builder.owner_runs(owner)) builder.declare_variables(owner);
    for (Owner const owner : owners) builder.declare_statements(owner);
    for (Owner const owner : owners) builder.define_variables(owner);
    for (Owner const owner : owners)
        if (builder.owner_runs(owner)) builder.define_schedules(owner);
    for (Owner const owner : owners) builder.define_statements(owner);
    builder.declare_shortfalls();
    builder.define_states();
    builder.close_accounts();
}

} // namespace

System instantiate(Book const& book, Model const& model, InstanceOptions const& options,
                   Diagnostics& diagnostics) {
    Builder builder(book, model, options, diagnostics);
    try {
        build(builder);
    } catch (instancing::TooLarge const& limit) {
        diagnostics.error(limit.where, limit.message, limit.hint);
        return {};
    }
    return std::move(builder.system);
}

} // namespace perpetuum
