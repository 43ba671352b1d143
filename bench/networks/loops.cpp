// Counting all loops: static by number of legs, and temporal.

#include "graphs.hpp"
#include "measure.hpp"

#include <perpetuum/loops.hpp>

namespace perpetuum::bench {
namespace {

LoopBudget budget_of(Order const& order) {
    LoopBudget budget;
    budget.threads = order.threads;
    return budget;
}

Reading static_loops(char const* graph, int longest, Order const& order) {
    GraphSeed const& seed = *seed_of(graph);
    Network const network = reference::as_network(seed.nodes, payments_of(seed));
    LoopTally tally;
    Reading reading;
    reading.time = least_of(
        order.runs, [&] { tally = search_loops(network, {.longest = longest}, budget_of(order)); });
    require(tally.complete, "the search was cut");
    reading.answer = static_cast<double>(tally.count);
    return reading;
}

Reading temporal_loops(char const* graph, std::int64_t days, Order const& order) {
    GraphSeed const& seed = *seed_of(graph);
    PaymentList const list = reference::as_list(seed.nodes, payments_of(seed));
    TemporalRules rules;
    rules.window = days * day;
    LoopTally tally;
    Reading reading;
    reading.time = least_of(
        order.runs, [&] { tally = search_temporal_loops(list, {}, rules, budget_of(order)); });
    require(tally.complete, "the search was cut");
    reading.answer = static_cast<double>(tally.count);
    reading.further.emplace_back("loops a payment",
                                 reading.answer / static_cast<double>(list.size()));
    return reading;
}

template <int longest>
Reading static_of_sf3(Order const& order) {
    return static_loops("sf3", longest, order);
}
Reading static_of_sf5(Order const& order) { return static_loops("sf5", 4, order); }
Reading week_of_tt5(Order const& order) { return temporal_loops("tt5", 7, order); }
Reading days_of_tt6(Order const& order) { return temporal_loops("tt6", 3, order); }
Reading day_of_tt7(Order const& order) { return temporal_loops("tt7", 1, order); }
Reading day_of_dense(Order const& order) { return temporal_loops("dense", 1, order); }

} // namespace

std::vector<Row> loop_rows() {
    return {
        {"static-sf3", "loops of at most 6 legs, 5,000 edges", 86'764, true, true,
         static_of_sf3<6>},
        {"static-sf5", "loops of at most 4 legs, 800,000 edges", 10'961, true, true, static_of_sf5},
        {"temporal-tt5", "loops within 7 days, 10^5 payments", 16'510, true, true, week_of_tt5},
        {"temporal-tt6", "loops within 3 days, 10^6 payments", 3'157, true, true, days_of_tt6},
        {"temporal-tt7", "loops within a day, 10^7 payments", 20'150, true, false, day_of_tt7},
        {"temporal-dense", "loops within a day, 10^5 payments in bursts", 299'522, true, true,
         day_of_dense},
    };
}

} // namespace perpetuum::bench
