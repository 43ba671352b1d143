#include "loop_lists.hpp"

#include "tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace perpetuum {

namespace {

// Of any length: so whatever a limit leaves out is no larger than what is shown.
LoopLimits const limits_of_lists{0, 1000, 20'000'000};

/// What is known of all that goes from one to another.
struct LegParts {
    std::map<std::string, double> by_kind, by_status, by_deal; ///< USD
};
using Legs = std::map<std::pair<std::string, std::string>, LegParts>;

std::string largest(std::map<std::string, double> const& parts) {
    auto const found =
        std::max_element(parts.begin(), parts.end(),
                         [](auto const& a, auto const& b) { return a.second < b.second; });
    return found == parts.end() ? std::string() : found->first;
}

std::vector<std::pair<std::string, double>> by_size(std::map<std::string, double> const& parts) {
    std::vector<std::pair<std::string, double>> sorted(parts.begin(), parts.end());
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](auto const& a, auto const& b) { return a.second > b.second; });
    return sorted;
}

std::vector<std::string> names_by_size(std::map<std::string, double> const& parts) {
    std::vector<std::string> names;
    for (auto const& [name, usd] : by_size(parts)) names.push_back(name);
    return names;
}

/// "service"; of several kinds each with its amount: "service 11.1 B, royalty 6.03 B".
std::string kinds_of_leg(LoopLeg const& leg) {
    if (leg.kinds.size() < 2) return leg.kind;
    std::string text;
    for (auto const& [kind, usd] : leg.kinds)
        text += (text.empty() ? "" : ", ") + kind + " " + print_amount(usd);
    return text;
}

LoopList described(Loops const& loops, Network const& network, Legs const& legs) {
    LoopList list;
    list.complete = loops.complete;
    for (Loop const& loop : loops.found) {
        LoopLine line;
        line.bottleneck = static_cast<double>(loop.bottleneck) * network.minor_unit;
        line.gain = loop.gain;
        for (std::size_t k = 0; k < loop.nodes.size(); ++k) {
            auto const& from = network.nodes[static_cast<std::size_t>(loop.nodes[k])];
            auto const& to =
                network.nodes[static_cast<std::size_t>(loop.nodes[(k + 1) % loop.nodes.size()])];
            LegParts const& parts = legs.at({from, to});
            line.firms.push_back(from);
            line.legs.push_back({from, to, largest(parts.by_kind), by_size(parts.by_kind),
                                 largest(parts.by_status),
                                 static_cast<double>(loop.amounts[k]) * network.minor_unit,
                                 names_by_size(parts.by_deal)});
        }
        list.loops.push_back(std::move(line));
    }
    return list;
}

} // namespace

std::string deal_of_contract(std::string const& contract) {
    return contract.substr(0, contract.find('@'));
}

LoopList loops_of_promises(System const& system, std::vector<PromiseLine> const& promises) {
    std::vector<std::string> nodes;
    std::map<std::string, int> number;
    for (SystemEntity const& entity : system.entities)
        if (!entity.outside) {
            number.emplace(entity.id, static_cast<int>(nodes.size()));
            nodes.push_back(entity.id);
        }
    std::vector<Network::Edge> edges;
    Legs legs;
    for (PromiseLine const& promise : promises) {
        auto const from = number.find(promise.from), to = number.find(promise.to);
        bool const known = promise.usd >= 0.01 && promise.usd < 1e15;
        if (from == number.end() || to == number.end() || !known || promise.status == "ended")
            continue;
        edges.push_back(
            {from->second, to->second, static_cast<std::int64_t>(std::llround(promise.usd * 100))});
        LegParts& parts = legs[{promise.from, promise.to}];
        parts.by_kind[promise.kind] += promise.usd;
        parts.by_status[promise.status] += promise.usd;
        parts.by_deal[deal_of_contract(promise.deal)] += promise.usd;
    }
    Network const network = network_from(std::move(nodes), std::move(edges));
    return described(find_loops(network, limits_of_lists), network, legs);
}

LoopList loops_of_run(Projection const& projection) {
    PaymentSet const& set = projection.payments;
    int const first = projection.window.first - 1, last = projection.window.last - 1;
    Network const network = network_of(set, first, last);
    Legs legs;
    for (NetworkPayment const& payment : set.payments) {
        if (payment.step < first || payment.step > last) continue;
        double const usd = static_cast<double>(payment.amount) * set.minor_unit;
        LegParts& parts = legs[{set.parties[static_cast<std::size_t>(payment.payer)].id,
                                set.parties[static_cast<std::size_t>(payment.payee)].id}];
        if (payment.kind >= 0)
            parts.by_kind[set.kinds[static_cast<std::size_t>(payment.kind)]] += usd;
        if (payment.deal >= 0)
            parts.by_deal[deal_of_contract(set.deals[static_cast<std::size_t>(payment.deal)])] +=
                usd;
        parts.by_status["paid"] += usd;
    }
    return described(find_loops(network, outside_flows_of(set, first, last), limits_of_lists),
                     network, legs);
}

std::string name_of_entity(System const& system, std::string const& id) {
    int const entity = system.entity(id);
    if (entity < 0) return id;
    auto const& name = system.entities[static_cast<std::size_t>(entity)].name;
    return name.empty() ? id : name;
}

std::string print_way(LoopLine const& loop, System const& system) {
    std::string way;
    for (auto const& firm : loop.firms) way += name_of_entity(system, firm) + " → ";
    return way + (loop.firms.empty() ? "" : name_of_entity(system, loop.firms.front()));
}

std::string print_loops(LoopList const& list, System const& system, std::size_t most) {
    std::string text;
    for (std::size_t i = 0; i < list.loops.size() && i < most; ++i) {
        LoopLine const& loop = list.loops[i];
        auto const narrow =
            std::min_element(loop.legs.begin(), loop.legs.end(),
                             [](LoopLeg const& a, LoopLeg const& b) { return a.usd < b.usd; });
        text += fmt::format("{}. {}: at most {} USD can go round; the narrowest leg is {} → {}\n",
                            i + 1, printable(print_way(loop, system), 300),
                            print_amount(loop.bottleneck),
                            printable(name_of_entity(system, narrow->from)),
                            printable(name_of_entity(system, narrow->to)));
        TextTable table{{}, "llrll", {}};
        for (LoopLeg const& leg : loop.legs) {
            std::string deals;
            for (auto const& deal : leg.deals) deals += (deals.empty() ? "" : ", ") + deal;
            table.rows.push_back(
                {"   " + name_of_entity(system, leg.from) + " → " + name_of_entity(system, leg.to),
                 kinds_of_leg(leg), print_amount(leg.usd), leg.status, deals});
        }
        text += print_table(table);
    }
    if (list.loops.size() > most)
        text += fmt::format("… and {} more (--json has them)\n", list.loops.size() - most);
    if (!list.complete) text += "The search was cut: there may be more, none of them larger.\n";
    return text;
}

} // namespace perpetuum
