// Clearing of large networks, and of many scenarios of a small one.

#include "measure.hpp"

#include <perpetuum/clearing/networks_for_tests.hpp>

#include <cmath>

namespace perpetuum::bench {
namespace {

struct LargeNetwork {
    std::uint64_t firms, core, each, seed, shock, leak;
    int defaults;
};

/// The answer is what is paid in all; the certificate must hold.
Reading cleared(LargeNetwork const& large, Order const& order) {
    DebtNetwork const network =
        core_periphery(large.firms, large.core, large.each, large.seed, large.shock, large.leak);
    Reading reading;
    Seconds const prepare = least_of(1, [&] { NetworkClearing const once(network); });
    NetworkClearing const clearing(network);
    ClearedNetwork found;
    reading.time = least_of(order.runs, [&] { found = clearing.greatest(network.cash); });
    ClearingCertificate certificate;
    Seconds const certify =
        least_of(1, [&] { certificate = clearing.certify(network.cash, found); });
    require(certificate.residual < 1e-11 && certificate.off_by < 1e-10, "the certificate");
    int defaults = 0;
    for (std::size_t i = 0; i < found.paid.size(); ++i) {
        reading.answer += found.paid[i];
        defaults += found.paid[i] < found.owed[i] * (1 - 1e-9);
    }
    require(defaults == large.defaults, "the number of firms that fail");
    reading.further = {{"prepare", prepare.processor},
                       {"certify", certify.processor},
                       {"waves", found.waves},
                       {"off by", certificate.off_by},
                       {"claims looked at, of all", static_cast<double>(found.looks) /
                                                        static_cast<double>(network.debts.size())}};
    return reading;
}

Reading clear_cp5(Order const& order) {
    return cleared({100'000, 300, 6, 34, 60, 50, 12'791}, order);
}
Reading clear_cp6(Order const& order) {
    return cleared({1'000'000, 1'000, 8, 35, 60, 50, 130'996}, order);
}
Reading clear_cq6(Order const& order) {
    return cleared({1'000'000, 1'000, 8, 45, 190, 1, 890'720}, order);
}

/// The answer is how many firms fail on average; the first scenarios are cleared once more alone.
Reading scenarios(std::size_t count, Order const& order) {
    DebtNetwork const network = core_periphery(500, 25, 5, 36, 60, 50);
    NetworkClearing const clearing(network);
    ClearingScenarios asked;
    asked.count = count;
    asked.threads = order.threads;
    ClearedScenarios all;
    Reading reading;
    reading.time = least_of(order.runs, [&] { all = clearing.all(asked); });
    double failing = 0, by_firm = 0;
    for (int const fails : all.failing) failing += fails;
    for (auto const fails : all.failures) by_firm += static_cast<double>(fails);
    require(failing == by_firm && all.single == 0, "failures by scenario and by firm");
    asked.count = 16;
    auto const few = clearing.all(asked, true);
    for (std::size_t s = 0; s < asked.count; ++s)
        require(few.shortfall[s] == all.shortfall[s], "a scenario by itself");
    reading.answer = failing / static_cast<double>(count);
    reading.further.emplace_back("scenarios a second of processor",
                                 static_cast<double>(count) / reading.time.processor);
    return reading;
}

Reading scenarios_5(Order const& order) { return scenarios(100'000, order); }
Reading scenarios_6(Order const& order) { return scenarios(1'000'000, order); }

/// What memory delivers: a sum over 512 MB, on one thread. The answer is the sum.
Reading memory_stream(Order const& order) {
    std::vector<double> const ones(std::size_t{1} << 26, 1.0);
    double sum = 0;
    Reading reading;
    reading.time = least_of(order.runs, [&] {
        double part[8] = {};
        for (std::size_t k = 0; k < ones.size(); k += 8)
            for (std::size_t lane = 0; lane < 8; ++lane) part[lane] += ones[k + lane];
        sum = 0;
        for (double const one : part) sum += one;
    });
    reading.answer = sum;
    reading.further.emplace_back("GB/s",
                                 static_cast<double>(ones.size()) * 8e-9 / reading.time.processor);
    return reading;
}

} // namespace

std::vector<Row> clearing_rows() {
    return {
        {"clear-cp5", "clearing, 10^5 firms, 703,525 debts", 1036401271.0, false, true, clear_cp5},
        {"clear-cp6", "clearing, 10^6 firms, 9,014,479 debts", 12531087820.0, false, false,
         clear_cp6},
        {"clear-cq6", "clearing, 10^6 firms of which 89 % fail", 1194592543.0, false, false,
         clear_cq6},
        {"scenarios-5", "10^5 scenarios of 500 banks", 144.74175, true, true, scenarios_5},
        {"scenarios-6", "10^6 scenarios of 500 banks", 0, true, false, scenarios_6},
        {"memory", "512 MB read in order", 67'108'864, false, true, memory_stream},
    };
}

} // namespace perpetuum::bench
