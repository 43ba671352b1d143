// The maximum circulation with its certificate.

#include "graphs.hpp"
#include "measure.hpp"

#include <perpetuum/circularity.hpp>

namespace perpetuum::bench {
namespace {

Reading circulation_of(char const* graph, Order const& order) {
    GraphSeed const& seed = *seed_of(graph);
    Network const network = reference::as_network(seed.nodes, payments_of(seed));
    Circulation found;
    bool proved = true;
    Reading reading;
    reading.time = least_of(order.runs, [&] {
        found = max_circulation(network);
        proved = certified(network, found);
    });
    require(proved, "the certificate does not hold");
    reading.answer = static_cast<double>(found.volume);
    reading.further.emplace_back("share of gross",
                                 reading.answer / static_cast<double>(found.gross));
    return reading;
}

Reading circulation_of_sf4(Order const& order) { return circulation_of("sf4", order); }
Reading circulation_of_sf5(Order const& order) { return circulation_of("sf5", order); }
Reading circulation_of_tt6(Order const& order) { return circulation_of("tt6", order); }

} // namespace

std::vector<Row> circulation_rows() {
    return {
        {"circulation-sf4", "maximum circulation, 60,000 edges", 9'296'313, false, true,
         circulation_of_sf4},
        {"circulation-sf5", "maximum circulation, 800,000 edges", 141'283'355, false, false,
         circulation_of_sf5},
        {"circulation-tt6", "maximum circulation, 10^6 payments", 177'817'080, false, false,
         circulation_of_tt6},
    };
}

} // namespace perpetuum::bench
