// Sums of clearing vectors on generated networks that others have solved: expected.json of the
// reference data (a fixed point, a Newton method and, for some, systemicrisk and NEVA agree there).

#include <perpetuum/clearing/networks_for_tests.hpp>

#include <doctest/doctest.h>

#include <algorithm>

using namespace perpetuum;

namespace {

struct ReferenceSums {
    double kept_cash, kept_income;
    int defaults;
    double paid, shortfall, weighted;
};
struct ReferenceNetwork {
    char const* name;
    std::uint64_t firms, core, each, seed, shock, leak;
    std::vector<ReferenceSums> sums;
};

ReferenceNetwork const reference_networks[] = {
    {"cp2",
     100,
     10,
     5,
     31,
     60,
     50,
     {
         {1, 1, 3, 2508338.0, 1098.0, 51622204.0},
         {0.7, 0.7, 3, 2507290.7, 2145.3, 51572055.1},
         {0.9, 0.5, 3, 2506957.3, 2478.7, 51550264.9},
     }},
    {"cp2b",
     500,
     25,
     5,
     36,
     60,
     50,
     {
         {1, 1, 56, 6197774.77, 90353.23006, 837943715.2},
         {0.7, 0.7, 95, 6032639.979, 255488.0205, 825625442.3},
         {0.9, 0.5, 97, 6011957.985, 276170.0147, 823824389.8},
     }},
    {"cp3",
     1000,
     30,
     5,
     32,
     60,
     50,
     {
         {1, 1, 97, 12382200.18, 101920.8174, 2360968688.0},
         {0.7, 0.7, 129, 12305156.38, 178964.6158, 2335413865.0},
         {0.9, 0.5, 130, 12305434.37, 178686.6276, 2336556410.0},
     }},
    {"cp4",
     10000,
     100,
     5,
     33,
     60,
     50,
     {
         {1, 1, 1361, 96928980.0, 4689468.999, 22208766490.0},
         {0.7, 0.7, 2091, 93525387.85, 8093061.152, 21146890590.0},
         {0.9, 0.5, 2232, 93277177.98, 8341271.017, 21166874290.0},
     }},
    {"cp5",
     100000,
     300,
     6,
     34,
     60,
     50,
     {
         {1, 1, 12791, 1036401271.0, 37754276.19, 344865577700.0},
         {0.7, 0.7, 22172, 996445172.9, 77710374.14, 331804835500.0},
         {0.9, 0.5, 23341, 992013613.1, 82141933.86, 330906110500.0},
     }},
    {"cq4",
     10000,
     100,
     5,
     43,
     190,
     1,
     {
         {1, 1, 8477, 8987535.766, 33386121.23, 2229739886.0},
         {0.7, 0.7, 9468, 4138325.092, 38235331.91, 1126592544.0},
         {0.9, 0.5, 9551, 4004399.18, 38369257.82, 1139159783.0},
     }},
    {"cq5",
     100000,
     300,
     6,
     44,
     190,
     1,
     {
         {1, 1, 86774, 98753949.86, 427830803.1, 33226561580.0},
         {0.7, 0.7, 95192, 49229618.58, 477355134.4, 17525026870.0},
         {0.9, 0.5, 95679, 49936959.09, 476647793.9, 18277606080.0},
     }},
};

void check_sums(NetworkClearing const& clearing, ClearedNetwork const& found,
                ReferenceSums const& expected) {
    double paid = 0, shortfall = 0, weighted = 0;
    int defaults = 0;
    for (std::size_t i = 0; i < found.paid.size(); ++i) {
        paid += found.paid[i];
        shortfall += found.owed[i] - found.paid[i];
        weighted += found.paid[i] * static_cast<double>(i % 1009 + 1);
        defaults += found.paid[i] < found.owed[i] * (1 - 1e-9);
    }
    CHECK(defaults == expected.defaults);
    CHECK(paid == doctest::Approx(expected.paid).epsilon(1e-8));
    CHECK(shortfall == doctest::Approx(expected.shortfall).epsilon(1e-8));
    CHECK(weighted == doctest::Approx(expected.weighted).epsilon(1e-8));
    auto const certificate = clearing.certify(clearing.network().cash, found);
    CHECK(certificate.residual < 1e-11);
    CHECK(certificate.off_by < 1e-10);
    CHECK(certificate.imbalance < 1e-11);
}

} // namespace

TEST_CASE("clearing sums of generated networks are those of other programs") {
    for (auto const& reference : reference_networks) {
        DebtNetwork network = core_periphery(reference.firms, reference.core, reference.each,
                                             reference.seed, reference.shock, reference.leak);
        for (auto const& sums : reference.sums) {
            CAPTURE(reference.name);
            CAPTURE(sums.kept_cash);
            network.kept_cash.assign(network.cash.size(), sums.kept_cash);
            network.kept_income.assign(network.cash.size(), sums.kept_income);
            NetworkClearing const clearing(network);
            check_sums(clearing, clearing.greatest(network.cash), sums);
        }
    }
}
