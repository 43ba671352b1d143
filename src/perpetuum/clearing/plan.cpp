#include <perpetuum/clearing/plan.hpp>

#include <perpetuum/base.hpp>

#include <algorithm>
#include <numeric>
#include <string>
#include <tuple>

namespace perpetuum {
namespace {

void require(bool fine, std::string const& what) {
    if (!fine) throw BadInput{"clearing: " + what};
}

void check_entity(ClearingSystem const& system, int entity, char const* role) {
    if (entity >= 0 && entity < system.entities) return;
    require(false, std::string(role) + " is entity " + std::to_string(entity) + "; there are " +
                       std::to_string(system.entities) + ", counted from 0");
}

void check_guarantee(ClearingSystem const& system, ClearingGuarantee const& guarantee) {
    check_entity(system, guarantee.guarantor, "a guarantor");
    require(guarantee.covers >= 0 && guarantee.covers < static_cast<int>(system.payments.size()),
            "a guarantee covers payment " + std::to_string(guarantee.covers) + "; there are " +
                std::to_string(system.payments.size()));
    require(system.payments[static_cast<std::size_t>(guarantee.covers)].due,
            "a guarantee covers payment " + std::to_string(guarantee.covers) +
                ", which is an offer; only dues can be guaranteed");
}

void check_costs(ClearingSystem const& system) {
    std::vector<char> seen(static_cast<std::size_t>(system.entities), 0);
    for (DefaultCost const& cost : system.costs) {
        check_entity(system, cost.entity, "who bears default costs");
        check_entity(system, cost.sector, "who gets default costs");
        require(system.unlimited[static_cast<std::size_t>(cost.sector)],
                "default costs go to entity " + std::to_string(cost.sector) +
                    ", which is not an outside sector");
        char& mine = seen[static_cast<std::size_t>(cost.entity)];
        require(mine == 0, "entity " + std::to_string(cost.entity) + " has two default costs");
        mine = 1;
    }
}

void check_system(ClearingSystem const& system) {
    require(system.entities >= 0, "a negative number of entities");
    require(system.unlimited.size() == static_cast<std::size_t>(system.entities),
            "'unlimited' has " + std::to_string(system.unlimited.size()) + " entries for " +
                std::to_string(system.entities) + " entities");
    for (ClearingPayment const& payment : system.payments) {
        check_entity(system, payment.payer, "a payer");
        check_entity(system, payment.payee, "a payee");
    }
    for (ClearingGuarantee const& guarantee : system.guarantees) check_guarantee(system, guarantee);
    check_costs(system);
}

struct Seniority {
    int payer;
    bool offer;
    int rank;
    auto operator<=>(Seniority const&) const = default;
};

std::vector<Seniority> seniority_of_flows(ClearingSystem const& system) {
    std::vector<Seniority> result;
    for (ClearingPayment const& p : system.payments) result.push_back({p.payer, !p.due, p.rank});
    for (ClearingGuarantee const& g : system.guarantees)
        result.push_back({g.guarantor, false, g.rank});
    return result;
}

void add_groups(ClearingPlan& plan, std::vector<Seniority> const& seniority) {
    auto const of = [&](int place) {
        return seniority[static_cast<std::size_t>(plan.order[static_cast<std::size_t>(place)])];
    };
    plan.first_group.assign(static_cast<std::size_t>(plan.entities) + 1, 0);
    for (int begin = 0, end = 0; begin < plan.flows; begin = end) {
        while (end < plan.flows && of(end) == of(begin)) ++end;
        plan.groups.push_back({begin, end, !of(begin).offer});
        ++plan.first_group[static_cast<std::size_t>(of(begin).payer) + 1];
    }
    std::partial_sum(plan.first_group.begin(), plan.first_group.end(), plan.first_group.begin());
}

/// Payments by one of their sides, in their own order.
void list_by(std::vector<int> const& entity_of, int payments, int entities, std::vector<int>& first,
             std::vector<int>& list) {
    first.assign(static_cast<std::size_t>(entities) + 1, 0);
    for (int p = 0; p < payments; ++p)
        ++first[static_cast<std::size_t>(entity_of[static_cast<std::size_t>(p)]) + 1];
    std::partial_sum(first.begin(), first.end(), first.begin());
    list.resize(static_cast<std::size_t>(payments));
    std::vector<int> next = first;
    for (int p = 0; p < payments; ++p) {
        int& place = next[static_cast<std::size_t>(entity_of[static_cast<std::size_t>(p)])];
        list[static_cast<std::size_t>(place++)] = p;
    }
}

} // namespace

ClearingPlan plan_clearing(ClearingSystem const& system) {
    check_system(system);
    ClearingPlan plan;
    plan.entities = system.entities;
    plan.payments = static_cast<int>(system.payments.size());
    plan.flows = plan.payments + static_cast<int>(system.guarantees.size());
    for (ClearingPayment const& payment : system.payments) {
        plan.payer.push_back(payment.payer);
        plan.payee.push_back(payment.payee);
    }
    for (ClearingGuarantee const& guarantee : system.guarantees) {
        plan.payer.push_back(guarantee.guarantor);
        plan.payee.push_back(system.payments[static_cast<std::size_t>(guarantee.covers)].payee);
    }
    for (bool unlimited : system.unlimited) plan.limited.push_back(unlimited ? 0 : 1);
    plan.cost_of.assign(static_cast<std::size_t>(plan.entities), -1);
    for (std::size_t i = 0; i < system.costs.size(); ++i)
        plan.cost_of[static_cast<std::size_t>(system.costs[i].entity)] = static_cast<int>(i);

    auto const seniority = seniority_of_flows(system);
    plan.order.resize(seniority.size());
    std::iota(plan.order.begin(), plan.order.end(), 0);
    std::stable_sort(plan.order.begin(), plan.order.end(), [&](int a, int b) {
        return seniority[static_cast<std::size_t>(a)] < seniority[static_cast<std::size_t>(b)];
    });
    add_groups(plan, seniority);
    list_by(plan.payer, plan.payments, plan.entities, plan.first_owed, plan.owed);
    list_by(plan.payee, plan.payments, plan.entities, plan.first_received, plan.received);
    return plan;
}

} // namespace perpetuum
