#include <perpetuum/statistics.hpp>

#include <doctest/doctest.h>

#include <cmath>

namespace perpetuum {

namespace {

Bundle some_bundle() {
    Bundle bundle;
    bundle.about = {{"of", "a stress"}, {"stage", "more"}};
    bundle.coverage.add({16, 48});
    bundle.failed.add(17, "cash is not a number");
    bundle.moments.resize(2);
    for (double const value : {0.1, -3e40, 5e-300}) bundle.moments[1].add(value);
    FailureTable table(2, 3);
    int const first[] = {1, 0, 3, 3};
    table.add(first, 2);
    bundle.tables = {table};
    bundle.counts = {0, 300, ~std::uint64_t{0}};
    bundle.values = {-0.0, std::nan(""), INFINITY};
    return bundle;
}

} // namespace

TEST_CASE("bundles come back from their bytes as they were") {
    std::string const bytes = bundle_bytes({some_bundle(), {}});
    std::string problem;
    auto const read = read_bundles(bytes, problem);
    REQUIRE_MESSAGE(read.has_value(), problem);
    REQUIRE(read->size() == 2);
    Bundle const expected = some_bundle();
    Bundle const& found = read->front();
    CHECK(found.about == expected.about);
    CHECK(found.coverage == expected.coverage);
    CHECK(found.failed == expected.failed);
    CHECK(found.moments == expected.moments);
    CHECK(found.tables == expected.tables);
    CHECK(found.counts == expected.counts);
    CHECK(std::signbit(found.values[0]));
    CHECK(std::isnan(found.values[1]));
    CHECK(bundle_bytes(*read) == bytes);
    CHECK(bundle_bytes({}).size() == 17 + 4 + 1 + 16);
}

TEST_CASE("bytes of bundles that are damaged anywhere are refused") {
    std::string const bytes = bundle_bytes({some_bundle()});
    std::string problem;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        std::string damaged = bytes;
        damaged[i] = static_cast<char>(damaged[i] ^ 4);
        CHECK_FALSE(read_bundles(damaged, problem).has_value());
        CHECK_FALSE(read_bundles(bytes.substr(0, i), problem).has_value());
    }
    CHECK_FALSE(read_bundles(bytes, problem, 1000).has_value());
    CHECK(problem.find("more memory") != std::string::npos);
}

TEST_CASE("bundles whose digest is right but whose content is not are refused") {
    std::string const bytes = bundle_bytes({some_bundle()});
    for (std::size_t i = 21; i + 16 < bytes.size(); ++i)
        for (int const bit : {1, 128}) {
            std::string forged = bytes.substr(0, bytes.size() - 16);
            forged[i] = static_cast<char>(forged[i] ^ bit);
            Digest const digest = digest_of(forged);
            for (std::uint64_t const half : {digest.low, digest.high})
                for (int b = 0; b < 8; ++b) forged += static_cast<char>(half >> (8 * b) & 0xff);
            std::string problem;
            auto const read = read_bundles(forged, problem);
            if (read) CHECK(bundle_bytes(*read) == forged); // it says something else, but says it
        }
}

} // namespace perpetuum
