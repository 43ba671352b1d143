#include <perpetuum/store.hpp>

#include <cmath>
#include <cstdio>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <netcdf.h>

using namespace perpetuum;

namespace {

/// A folder of its own that goes away.
struct TestFolder {
    std::filesystem::path path;
    TestFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "store_test_XXXXXX").string();
        REQUIRE(mkdtemp(name.data()) != nullptr);
        path = name;
    }
    ~TestFolder() { std::filesystem::remove_all(path); }
    std::string file(char const* name) const { return (path / name).string(); }
    std::size_t files() const {
        return static_cast<std::size_t>(
            std::distance(std::filesystem::directory_iterator(path), {}));
    }
};

/// A file read back by the library alone.
struct ReadBack {
    int file = -1;
    explicit ReadBack(std::string const& path) {
        REQUIRE(nc_open(path.c_str(), NC_NOWRITE, &file) == NC_NOERR);
    }
    ~ReadBack() { nc_close(file); }
    int variable(char const* name) const {
        int id = -1;
        REQUIRE_MESSAGE(nc_inq_varid(file, name, &id) == NC_NOERR, name);
        return id;
    }
    std::vector<std::size_t> shape(char const* name) const {
        int dimensions[8], count = 0;
        REQUIRE(nc_inq_var(file, variable(name), nullptr, nullptr, &count, dimensions, nullptr) ==
                NC_NOERR);
        std::vector<std::size_t> sizes(static_cast<std::size_t>(count));
        for (std::size_t i = 0; i < sizes.size(); ++i)
            nc_inq_dimlen(file, dimensions[i], &sizes[i]);
        return sizes;
    }
    std::vector<double> values(char const* name) const {
        std::size_t all = 1;
        for (std::size_t size : shape(name)) all *= size;
        std::vector<double> out(all);
        REQUIRE(nc_get_var_double(file, variable(name), out.data()) == NC_NOERR);
        return out;
    }
    std::vector<std::string> texts(char const* name) const {
        std::vector<char*> raw(shape(name)[0]);
        REQUIRE(nc_get_var_string(file, variable(name), raw.data()) == NC_NOERR);
        std::vector<std::string> const out(raw.begin(), raw.end());
        nc_free_string(raw.size(), raw.data());
        return out;
    }
    std::string attribute(char const* of, char const* name) const {
        int const id = *of ? variable(of) : NC_GLOBAL;
        std::size_t size = 0;
        if (nc_inq_attlen(file, id, name, &size) != NC_NOERR) return "none";
        std::string text(size, ' ');
        nc_get_att_text(file, id, name, text.data());
        return text;
    }
};

StoreHead small_head() {
    StoreHead head;
    head.title = "two firms";
    head.version = "0.1.0";
    head.about = {{"seed", "7"}, {"book", "6c62272e"}};
    head.steps = {1,
                  3,
                  {"2025-Q3", "2025-Q4", "2026-Q1"},
                  {date_of(2025, 10), date_of(2026, 1), date_of(2026, 4)}};
    head.variables = {{"nvidia.cash", "cash of nvidia", "USD"}, {"price", "", "USD/GW"}};
    return head;
}

/// values of a block whose every number says where it belongs: 100 × path + 10 × variable + step.
std::vector<double> block(std::uint64_t first, std::size_t lanes) {
    std::vector<double> out;
    for (int variable = 0; variable < 2; ++variable)
        for (int step = 0; step < 3; ++step)
            for (std::size_t lane = 0; lane < lanes; ++lane)
                out.push_back(100.0 * static_cast<double>(first + lane) + 10 * variable + step);
    return out;
}

} // namespace

TEST_CASE("paths stand where they belong, in whatever order their blocks came") {
    TestFolder const folder;
    std::string const target = folder.file("paths.nc");
    std::string problem;
    for (bool single : {false, true}) {
        auto file =
            PathsFile::create(target, small_head(), {1000, 1010}, problem, {single, !single});
        REQUIRE_MESSAGE(file, problem);
        std::vector<int> const failed{0, 0, 0, 2, 0, 0};
        REQUIRE(file->write(1004, 6, block(1004, 6).data(), failed.data(), problem));
        CHECK_FALSE(std::filesystem::exists(target)); // not yet whole
        REQUIRE(file->write(1000, 4, block(1000, 4).data(), nullptr, problem));
        REQUIRE(file->finish(problem));
        ReadBack const back(target);
        CHECK(back.shape("nvidia.cash") == std::vector<std::size_t>{10, 3});
        auto const cash = back.values("nvidia.cash"), price = back.values("price");
        for (std::size_t path = 0; path < 10; ++path)
            for (std::size_t step = 0; step < 3; ++step) {
                double const expected =
                    100.0 * static_cast<double>(1000 + path) + static_cast<double>(step);
                CHECK(cash[path * 3 + step] == expected);
                CHECK(price[path * 3 + step] == expected + 10);
            }
        CHECK(back.values("path")[9] == 1009);
        CHECK(back.values("failed_at") == std::vector<double>{0, 0, 0, 0, 0, 0, 0, 2, 0, 0});
        CHECK(back.attribute("", "missing_paths") == "none");
        std::filesystem::remove(target);
        CHECK(folder.files() == 0);
    }
}

TEST_CASE("a file says what it is: units, names, steps and their days") {
    TestFolder const folder;
    std::string problem;
    auto file = PathsFile::create(folder.file("a.nc"), small_head(), {0, 1}, problem);
    REQUIRE(file);
    REQUIRE(file->write(0, 1, block(0, 1).data(), nullptr, problem));
    REQUIRE(file->finish(problem));
    ReadBack const back(folder.file("a.nc"));
    CHECK(back.attribute("", "title") == "two firms");
    CHECK(back.attribute("", "source") == "perpetuum 0.1.0");
    CHECK(back.attribute("", "seed") == "7");
    CHECK(back.attribute("", "book") == "6c62272e");
    CHECK(back.attribute("nvidia.cash", "units") == "USD");
    CHECK(back.attribute("nvidia.cash", "long_name") == "cash of nvidia");
    CHECK(back.attribute("price", "units") == "USD/GW");
    CHECK(back.attribute("price", "coordinates") == "period time");
    CHECK(back.texts("period") == std::vector<std::string>{"2025-Q3", "2025-Q4", "2026-Q1"});
    // 2025-09-30, 2025-12-31 and 2026-03-31 in days since 1970-01-01
    CHECK(back.values("time") == std::vector<double>{20361, 20453, 20543});
    CHECK(back.values("step") == std::vector<double>{1, 2, 3});
}

TEST_CASE("the last days of steps are right in leap years and long ago") {
    TestFolder const folder;
    StoreHead head = small_head();
    head.steps = {
        0, 4, {}, {date_of(1970, 1, 2), date_of(2000, 3), date_of(1900, 3), date_of(2024, 2, 29)}};
    std::string problem;
    auto file = PathsFile::create(folder.file("a.nc"), head, {0, 1}, problem);
    REQUIRE(file);
    REQUIRE(file->finish(problem));
    // 1970-01-01, 2000-02-29, 1900-02-28, 2024-02-28
    CHECK(ReadBack(folder.file("a.nc")).values("time") ==
          std::vector<double>{0, 11016, -25509, 19781});
}

TEST_CASE("paths that never came are no numbers, and the file names them") {
    TestFolder const folder;
    std::string problem;
    auto file = PathsFile::create(folder.file("a.nc"), small_head(), {5, 10}, problem);
    REQUIRE(file);
    REQUIRE(file->write(7, 1, block(7, 1).data(), nullptr, problem));
    REQUIRE(file->finish(problem));
    ReadBack const back(folder.file("a.nc"));
    CHECK(back.attribute("", "missing_paths") == "5–6, 8–9");
    CHECK(std::isnan(back.values("price")[0]));
    CHECK(back.values("price")[6] == 710);
}

TEST_CASE("a file that is not finished leaves nothing, and an older one as it was") {
    TestFolder const folder;
    std::string const target = folder.file("a.nc");
    std::ofstream(target) << "older";
    std::string problem;
    {
        auto file = PathsFile::create(target, small_head(), {0, 100}, problem);
        REQUIRE(file);
        REQUIRE(file->write(0, 64, block(0, 64).data(), nullptr, problem));
    }
    CHECK(folder.files() == 1);
    std::string text;
    std::ifstream(target) >> text;
    CHECK(text == "older");
}

TEST_CASE("what cannot be written is said in words") {
    TestFolder const folder;
    std::string problem;
    CHECK_FALSE(PathsFile::create(folder.file("no/such/folder.nc"), small_head(), {0, 1}, problem));
    CHECK(problem.find("No such file or directory") != std::string::npos);
    CHECK_FALSE(PathsFile::create(folder.path.string(), small_head(), {0, 1}, problem));
    CHECK(problem.find("is not a file") != std::string::npos);
    CHECK_FALSE(PathsFile::create("/dev/null", small_head(), {0, 1}, problem));
    StoreHead head = small_head();
    head.variables[1].name = "cost/price";
    CHECK_FALSE(PathsFile::create(folder.file("a.nc"), head, {0, 1}, problem));
    CHECK(problem.find("variable 'cost/price'") != std::string::npos);
    head.variables[1].name = "step";
    CHECK_FALSE(PathsFile::create(folder.file("a.nc"), head, {0, 1}, problem));
    CHECK(folder.files() == 0);
    head.variables[1].name = "nvidia.cash";
    CHECK_THROWS_AS(PathsFile::create(folder.file("a.nc"), head, {0, 1}, problem), BadInput);
    head = small_head();
    head.steps.names.pop_back();
    CHECK_THROWS_AS(PathsFile::create(folder.file("a.nc"), head, {0, 1}, problem), BadInput);
    auto file = PathsFile::create(folder.file("a.nc"), small_head(), {10, 20}, problem);
    CHECK_THROWS_AS(file->write(9, 2, block(9, 2).data(), nullptr, problem), BadInput);
    CHECK_THROWS_AS(file->write(19, 2, block(19, 2).data(), nullptr, problem), BadInput);
    CHECK(file->write(10, 2, block(10, 2).data(), nullptr, problem));
    CHECK_THROWS_AS(file->write(11, 2, block(11, 2).data(), nullptr, problem), BadInput);
}

TEST_CASE("a target that looks like an address is a file in this folder") {
    TestFolder const folder;
    auto const before = std::filesystem::current_path();
    std::filesystem::current_path(folder.path);
    std::string problem;
    CHECK_FALSE(PathsFile::create("http://localhost/a.nc", small_head(), {0, 1}, problem));
    CHECK(problem.find("No such file or directory") != std::string::npos);
    auto file = PathsFile::create("a#mode=zarr", small_head(), {0, 1}, problem);
    REQUIRE_MESSAGE(file, problem);
    CHECK(file->finish(problem));
    CHECK(std::filesystem::is_regular_file(folder.file("a#mode=zarr")));
    std::filesystem::current_path(before);
}

TEST_CASE("the quantiles of a summary, their intervals, means and failures come out as they are") {
    TestFolder const folder;
    SummaryPlan plan;
    plan.steps = 4;
    plan.series = {"nvidia.cash", "price"};
    plan.firms = {"nvidia", "openai"};
    Summary summary(plan);
    for (int step = 1; step <= 4; ++step)
        for (int path = 1; path <= 1000; ++path) {
            double const value = path * step;
            summary.add(0, step, &value, 1);
            summary.add(1, step, &value, 1);
        }
    std::vector<int> const first{1, 2, 0, 2, 2, 3};
    summary.failures.add(first.data(), 3);
    summary.coverage.add({0, 1000});
    StoreHead head = small_head();
    head.steps = {2, 3, {}, {}};
    std::string problem;
    REQUIRE_MESSAGE(write_quantiles(folder.file("q.nc"), head, summary, {0.05, 0.5, 0.95}, problem),
                    problem);
    ReadBack const back(folder.file("q.nc"));
    CHECK(back.shape("price") == std::vector<std::size_t>{3, 3});
    auto const value = back.values("price"), low = back.values("price_low"),
               high = back.values("price_high");
    for (std::size_t quantile = 0; quantile < 3; ++quantile)
        for (int step = 2; step <= 4; ++step) {
            std::size_t const at = quantile * 3 + static_cast<std::size_t>(step) - 2;
            double const p = back.values("quantile")[quantile];
            CHECK(value[at] == summary.sketch(1, step).quantile(p).value);
            CHECK(value[at] == doctest::Approx(1000 * p * step).epsilon(1.0 / 257));
            CHECK(low[at] < value[at]);
            CHECK(value[at] < high[at]);
        }
    CHECK(back.values("price_mean") == std::vector<double>{1001, 1501.5, 2002});
    CHECK(back.values("price_count") == std::vector<double>{1000, 1000, 1000});
    CHECK(back.values("defaults") == std::vector<double>{1, 0, 0, 2, 1, 0});
    CHECK(back.values("never") == std::vector<double>{1, 0});
    CHECK(back.values("before") == std::vector<double>{0, 1, 0, 0});
    CHECK(back.values("same_step") == std::vector<double>{2, 1, 1, 3});
    CHECK(back.texts("firm") == plan.firms);
    CHECK(back.attribute("", "paths") == "1000");
    CHECK(back.attribute("", "digest") == print_digest(summary.digest()));
    CHECK(back.attribute("price_low", "long_name") ==
          "price, lower end of the 95 % interval of the quantile");
    head.variables[0].name = "unknown";
    CHECK_THROWS_AS(write_quantiles(folder.file("q.nc"), head, summary, {0.5}, problem), BadInput);
    CHECK_THROWS_AS(write_quantiles(folder.file("q.nc"), small_head(), summary, {1.5}, problem),
                    BadInput);
}
