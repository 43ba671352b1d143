// Laws of clearing on random networks, and second ways to the same answer.

#include <perpetuum/clearing/networks_for_tests.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace perpetuum;

namespace {

constexpr SmallNetworkKinds all_kinds[] = {
    {},
    {.ranks = true},
    {.costs = true},
    {.ranks = true, .costs = true},
    {.holdings = true},
    {.ranks = true, .costs = true, .holdings = true},
    {.outside = false},
    {.ranks = true, .outside = false},
};

/// Greatest difference, of the largest amount owed.
double apart(std::vector<double> const& a, std::vector<double> const& b) {
    double most = 0, size = 1;
    for (std::size_t i = 0; i < a.size(); ++i) {
        most = std::max(most, std::fabs(a[i] - b[i]));
        size = std::max(size, std::fabs(a[i]));
    }
    return most / size;
}

bool nowhere_above(std::vector<double> const& low, std::vector<double> const& high) {
    for (std::size_t i = 0; i < low.size(); ++i)
        if (low[i] > high[i] + 1e-9) return false;
    return true;
}

/// Solves a x = b by elimination with pivoting; false when singular.
bool solve_dense(std::vector<std::vector<double>> a, std::vector<double> b,
                 std::vector<double>& x) {
    std::size_t const n = b.size();
    for (std::size_t c = 0; c < n; ++c) {
        std::size_t best = c;
        for (std::size_t r = c; r < n; ++r)
            if (std::fabs(a[r][c]) > std::fabs(a[best][c])) best = r;
        if (std::fabs(a[best][c]) < 1e-12) return false;
        std::swap(a[c], a[best]);
        std::swap(b[c], b[best]);
        for (std::size_t r = 0; r < n; ++r) {
            double const factor = r == c ? 0 : a[r][c] / a[c][c];
            for (std::size_t k = c; k < n && factor != 0; ++k) a[r][k] -= factor * a[c][k];
            b[r] -= factor * b[c];
        }
    }
    x.resize(n);
    for (std::size_t c = 0; c < n; ++c) x[c] = b[c] / a[c][c];
    return true;
}

/// All vectors that fit the rule, by trying every set of failing firms; one rank, no holdings.
std::vector<std::vector<double>> all_vectors(DebtNetwork const& network) {
    auto const n = static_cast<std::size_t>(network.firms);
    std::vector<double> owed(n, 0.0);
    for (auto const& debt : network.debts)
        owed[static_cast<std::size_t>(debt.debtor)] += debt.amount;
    std::vector<std::vector<double>> found;
    for (unsigned set = 0; set < 1u << n; ++set) {
        std::vector<std::vector<double>> a(n, std::vector<double>(n, 0.0));
        std::vector<double> b(n, 0.0), p;
        auto const fails = [&](std::size_t i) { return (set >> i & 1) != 0; };
        for (std::size_t i = 0; i < n; ++i) {
            a[i][i] = 1;
            b[i] = fails(i) ? network.kept_cash[i] * network.cash[i] : owed[i];
        }
        for (auto const& debt : network.debts) {
            if (debt.creditor == DebtNetwork::outside) continue;
            auto const i = static_cast<std::size_t>(debt.creditor),
                       j = static_cast<std::size_t>(debt.debtor);
            if (fails(i)) a[i][j] -= network.kept_income[i] * debt.amount / owed[j];
        }
        if (!solve_dense(a, b, p)) continue;
        std::vector<double> has = network.cash;
        for (auto const& debt : network.debts)
            if (debt.creditor != DebtNetwork::outside)
                has[static_cast<std::size_t>(debt.creditor)] +=
                    debt.amount / owed[static_cast<std::size_t>(debt.debtor)] *
                    p[static_cast<std::size_t>(debt.debtor)];
        bool fits = true;
        for (std::size_t i = 0; i < n; ++i) fits = fits && fails(i) == (has[i] < owed[i] - 1e-9);
        if (fits) found.push_back(p);
    }
    return found;
}

} // namespace

TEST_CASE("waves and plain sweeps find the same greatest vector") {
    NetworkDraws draws{1};
    int failing = 0;
    for (int k = 0; k < 4000; ++k) {
        DebtNetwork const network = small_network(draws, all_kinds[k % 8]);
        NetworkClearing const clearing(network);
        auto const waves = clearing.greatest(network.cash);
        auto const swept = clearing.swept(network.cash);
        CAPTURE(k);
        REQUIRE(waves.settled);
        REQUIRE(apart(waves.paid_ranks, swept.paid_ranks) < 1e-9);
        REQUIRE(apart(waves.equity, swept.equity) < 1e-9);
        auto const certificate = clearing.certify(network.cash, waves);
        REQUIRE(certificate.residual < 1e-11);
        REQUIRE(certificate.imbalance < 1e-10);
        failing += waves.waves > 1;
    }
    CHECK(failing > 1000); // of them with more than one wave
}

TEST_CASE("of all vectors that fit, ours are the greatest and the least") {
    NetworkDraws draws{2};
    int several = 0;
    for (int k = 0; k < 1500; ++k) {
        DebtNetwork network = small_network(draws, {.costs = true});
        for (double& kept : network.kept_income) kept = k % 3 == 0 ? 1 : kept;
        for (double& kept : network.kept_cash) kept = k % 3 == 0 ? 1 : kept * kept;
        NetworkClearing const clearing(network);
        auto const greatest = clearing.greatest(network.cash), least = clearing.least(network.cash);
        auto const found = all_vectors(network);
        CAPTURE(k);
        double to_greatest = 1, to_least = 1;
        for (auto const& vector : found) {
            REQUIRE(nowhere_above(vector, greatest.paid));
            REQUIRE(nowhere_above(least.paid, vector));
            to_greatest = std::min(to_greatest, apart(vector, greatest.paid));
            to_least = std::min(to_least, apart(vector, least.paid));
        }
        if (found.empty()) continue; // equations of groups that nothing enters or leaves
        REQUIRE(to_greatest < 1e-9);
        several += found.size() > 1;
        if (to_least < 1e-9) continue;
        REQUIRE(apart(clearing.swept(network.cash, true).paid, least.paid) < 1e-6);
    }
    CHECK(several > 20);
}

TEST_CASE("the least vector is what payments from nothing upwards come to") {
    NetworkDraws draws{3};
    int lower = 0;
    for (int k = 0; k < 1000; ++k) {
        DebtNetwork const network =
            small_network(draws, {.costs = k % 2 == 0, .outside = k % 4 < 2});
        NetworkClearing const clearing(network);
        auto const least = clearing.least(network.cash);
        CAPTURE(k);
        REQUIRE(apart(least.paid, clearing.swept(network.cash, true).paid) < 1e-6);
        auto const greatest = clearing.greatest(network.cash);
        REQUIRE(nowhere_above(least.paid, greatest.paid));
        lower += apart(least.paid, greatest.paid) > 0.01;
        REQUIRE(clearing.certify(network.cash, least).residual < 1e-11);
    }
    CHECK(lower > 10);
}

TEST_CASE("more cash never makes anybody pay less") {
    NetworkDraws draws{4};
    for (int k = 0; k < 2000; ++k) {
        DebtNetwork const network = small_network(draws, all_kinds[k % 8]);
        NetworkClearing const clearing(network);
        auto const before = clearing.greatest(network.cash);
        auto richer = network.cash;
        richer[draws.below(richer.size())] += static_cast<double>(draws.below(30));
        auto const after = clearing.greatest(richer);
        CAPTURE(k);
        REQUIRE(nowhere_above(before.paid_ranks, after.paid_ranks));
        REQUIRE(nowhere_above(before.equity, after.equity));
    }
}

TEST_CASE("limited liability, priority of debts, and money conserved") {
    NetworkDraws draws{5};
    for (int k = 0; k < 2000; ++k) {
        DebtNetwork const network = small_network(draws, all_kinds[k % 8]);
        NetworkClearing const clearing(network);
        auto const found = clearing.greatest(network.cash);
        auto const paid = clearing.payments(found);
        CAPTURE(k);
        std::vector<double> got(network.cash.size(), 0.0), gave(network.cash.size(), 0.0);
        for (std::size_t d = 0; d < paid.size(); ++d) {
            auto const& debt = network.debts[d];
            REQUIRE(paid[d] >= 0);
            REQUIRE(paid[d] <= debt.amount);
            gave[static_cast<std::size_t>(debt.debtor)] += paid[d];
            if (debt.creditor >= 0) got[static_cast<std::size_t>(debt.creditor)] += paid[d];
        }
        for (auto const& held : network.holdings)
            got[static_cast<std::size_t>(held.owner)] +=
                held.share * found.equity[static_cast<std::size_t>(held.firm)];
        for (std::size_t i = 0; i < got.size(); ++i) {
            double const has = network.cash[i] + got[i], fuzz = 1e-10 * (1 + has);
            REQUIRE(gave[i] <= has + fuzz);                                 // limited liability
            REQUIRE(std::fabs(gave[i] - found.paid[i]) < fuzz);             // nothing invented
            REQUIRE((found.wave[i] == 0 || found.equity[i] == 0));          // owners come last
            REQUIRE((found.wave[i] > 0 || gave[i] > found.owed[i] - fuzz)); // who can, pays
            if (network.kept_cash.empty())
                REQUIRE(std::fabs(has - gave[i] - found.equity[i]) < fuzz); // all is shared out
        }
        for (std::size_t d = 0; d < paid.size() && !network.ranks.empty(); ++d)
            for (std::size_t senior = 0; senior < paid.size(); ++senior)
                if (network.debts[d].debtor == network.debts[senior].debtor &&
                    network.ranks[senior] < network.ranks[d] && paid[d] > 1e-9)
                    REQUIRE(paid[senior] > network.debts[senior].amount - 1e-9);
    }
}

TEST_CASE("how firms are numbered and debts are ordered changes nothing") {
    NetworkDraws draws{6};
    for (int k = 0; k < 1000; ++k) {
        DebtNetwork const network = small_network(draws, all_kinds[k % 8]);
        auto const n = network.cash.size();
        std::vector<int> name(n);
        std::iota(name.begin(), name.end(), 0);
        for (std::size_t i = n; i > 1; --i) std::swap(name[i - 1], name[draws.below(i)]);
        auto const renamed = [&](int i) { return i < 0 ? i : name[static_cast<std::size_t>(i)]; };
        DebtNetwork other = network;
        for (std::size_t i = 0; i < n; ++i) {
            auto const to = static_cast<std::size_t>(name[i]);
            other.cash[to] = network.cash[i];
            if (network.kept_cash.empty()) continue;
            other.kept_cash[to] = network.kept_cash[i];
            other.kept_income[to] = network.kept_income[i];
        }
        std::reverse(other.debts.begin(), other.debts.end());
        std::reverse(other.ranks.begin(), other.ranks.end());
        for (auto& debt : other.debts)
            debt = {renamed(debt.debtor), renamed(debt.creditor), debt.amount};
        for (auto& held : other.holdings)
            held = {renamed(held.owner), renamed(held.firm), held.share};
        auto const a = NetworkClearing(network).greatest(network.cash);
        auto const b = NetworkClearing(other).greatest(other.cash);
        CAPTURE(k);
        for (std::size_t i = 0; i < n; ++i) {
            auto const to = static_cast<std::size_t>(name[i]);
            REQUIRE(b.paid[to] == doctest::Approx(a.paid[i]).epsilon(1e-10));
            REQUIRE(b.wave[to] == a.wave[i]);
        }
    }
}

TEST_CASE("the network of whole coins that steps clear pays the same to within its rounding") {
    NetworkDraws draws{7};
    for (int k = 0; k < 300; ++k) {
        DebtNetwork network = small_network(draws, {.ranks = k % 2 == 0});
        for (auto& debt : network.debts) debt.amount *= 1e9;
        for (double& cash : network.cash) cash *= 1e9;
        ClearingSystem system;
        system.entities = network.firms + 1;
        system.unlimited.assign(static_cast<std::size_t>(system.entities), false);
        system.unlimited.back() = true;
        std::vector<double> owed, cash = network.cash;
        cash.push_back(0);
        for (std::size_t d = 0; d < network.debts.size(); ++d) {
            auto const& debt = network.debts[d];
            system.payments.push_back({debt.debtor,
                                       debt.creditor < 0 ? network.firms : debt.creditor, true,
                                       network.ranks.empty() ? 1 : network.ranks[d]});
            owed.push_back(debt.amount);
        }
        std::vector<double> paid(owed.size()), short_of(cash.size());
        Clearing(system).clear({1, cash.data(), owed.data(), nullptr, nullptr},
                               {paid.data(), nullptr, nullptr, short_of.data()});
        NetworkClearing const clearing(network);
        auto const real = clearing.payments(clearing.greatest(network.cash));
        CAPTURE(k);
        for (std::size_t d = 0; d < paid.size(); ++d) {
            REQUIRE(paid[d] <= real[d] + 1);
            REQUIRE(paid[d] > real[d] - 1e5); // rounding down, round after round
        }
    }
}
