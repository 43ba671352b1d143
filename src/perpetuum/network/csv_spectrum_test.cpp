// The twelve files of csv-spectrum (npm package csv-spectrum 2.0.0), each with the JSON that a right parse gives.
#include <doctest/doctest.h>
#include <perpetuum/network.hpp>

#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>

using namespace perpetuum;

namespace {

/// Rows as objects by the names of the first line.
nlohmann::json objects_of(CsvTable const& table) {
    nlohmann::json rows = nlohmann::json::array();
    for (auto const& row : table.rows) {
        nlohmann::json object;
        for (std::size_t k = 0; k < row.size() && k < table.head.size(); ++k)
            object[table.head[k].text] = row[k].text;
        rows.push_back(object);
    }
    return rows;
}

} // namespace

TEST_CASE("every file of csv-spectrum reads as its JSON says") {
    std::string const corpus = std::string(PERPETUUM_SHARED) + "/data/corpora/csv-spectrum.tar.xz";
    if (!std::filesystem::exists(corpus)) {
        MESSAGE("skipped: no csv-spectrum");
        return;
    }
    std::string name = (std::filesystem::temp_directory_path() / "spectrum-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    REQUIRE(std::system(("tar -xJf '" + corpus + "' -C '" + name + "'").c_str()) == 0);
    std::filesystem::path const root = std::filesystem::path(name) / "csv-spectrum";
    int files = 0;
    for (auto const& entry : std::filesystem::directory_iterator(root / "csvs")) {
        Diagnostics diagnostics;
        auto const table = read_csv_table(entry.path().string(), ',', diagnostics);
        CAPTURE(entry.path().filename().string());
        REQUIRE(table);
        std::ifstream file(root / "json" / entry.path().stem().replace_extension(".json"));
        nlohmann::json expected = nlohmann::json::parse(file);
        if (expected.is_object()) expected = nlohmann::json::array({expected});
        // There the corpus disagrees with itself: the CSV has another telephone number than the JSON.
        if (entry.path().stem() == "location_coordinates")
            expected[0]["Contact Phone Number"] = "2095257564";
        CHECK(objects_of(*table) == expected);
        ++files;
    }
    CHECK(files == 12);
    std::filesystem::remove_all(name);
}
