// Exposures between countries' banks as the European Banking Authority disclosed them; the examples
// of docs/networks. The counts are those of a program of a few lines that tries every path.
#include <doctest/doctest.h>
#include <perpetuum/loops.hpp>

#include <filesystem>

using namespace perpetuum;

namespace {

using Counts = std::vector<std::uint64_t>;

struct Disclosure {
    PaymentList list;
    PaymentFileCount count;
};

std::optional<Disclosure> read_disclosure(std::string const& name,
                                          PaymentFileOptions const& options,
                                          PartyChanges const& changes) {
    std::string const path = std::string(PERPETUUM_SHARED) + "/data/networks/" + name;
    if (!std::filesystem::exists(path)) {
        MESSAGE("skipped: no " << name);
        return std::nullopt;
    }
    Disclosure disclosure;
    Diagnostics diagnostics;
    auto list = read_payments(path, options, diagnostics, disclosure.count);
    REQUIRE(list);
    PartyChangeCount count;
    disclosure.list = changed_parties(std::move(*list), changes, count);
    return disclosure;
}

PaymentFileOptions options_of_exposures() {
    PaymentFileOptions options;
    options.columns = {{"from", "Country_code"}, {"to", "Country"}, {"amount", "Total_Amount"}};
    options.where = {{"Exposure", "Institutions"}};
    return options;
}

} // namespace

TEST_CASE("loops among countries' banks at the end of 2015") {
    auto const eba = read_disclosure("eba2016_exposures_51banks.csv", options_of_exposures(),
                                     {{}, {"Total"}, {}});
    if (!eba) return;
    CHECK(eba->count.read == 2682);
    CHECK(eba->count.kept == 373);
    CHECK(eba->list.parties.size() == 48);
    Network const network = network_of(eba->list);
    CHECK(network.edges.size() == 163);
    CHECK(search_loops(network, {.longest = 4}, {}).by_length == Counts{0, 0, 23, 71, 206});
    Loops const largest = find_loops(network, {.longest = 4, .most = 1});
    REQUIRE(largest.found.size() == 1);
    CHECK(static_cast<double>(largest.found[0].bottleneck) * network.minor_unit ==
          doctest::Approx(25395.35194042));
}

TEST_CASE("loops among countries' banks at the end of 2019") {
    auto const eba =
        read_disclosure("eba2020_exposures.csv", options_of_exposures(), {{}, {"Total"}, {}});
    if (!eba) return;
    CHECK(eba->count.read == 5721);
    Network const network = network_of(eba->list);
    CHECK(network.nodes.size() == 64);
    CHECK(network.edges.size() == 277);
    CHECK(search_loops(network, {.longest = 4}, {}).by_length == Counts{0, 0, 40, 161, 676});
}

TEST_CASE("loops among countries' banks at the end of 2010, banks grouped by country") {
    PaymentFileOptions options;
    options.columns = {{"from", "bank_id"}, {"to", "counterparty_area"}, {"amount", "ead_eur_m"}};
    std::string const name = "eba2011_ead_institutions_by_country.csv";
    PartyChanges changes;
    changes.exclude = {"A1", "E3", "E5", "M1", "R5", "TO"};
    auto const banks = read_disclosure(name, options, {});
    if (!banks) return;
    for (std::string const& party : banks->list.parties)
        if (party.size() > 2) changes.groups.emplace_back(party, party.substr(0, 2));
    auto const eba = read_disclosure(name, options, changes);
    CHECK(changes.groups.size() == 90);
    CHECK(eba->list.parties.size() == 32);
    Network const network = network_of(eba->list);
    CHECK(network.edges.size() == 428);
    CHECK(search_loops(network, {.longest = 4}, {}).by_length == Counts{0, 0, 119, 1099, 10766});
}
