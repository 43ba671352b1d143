#include <perpetuum/report.hpp>
#include <perpetuum/report/chart.hpp>

#include <doctest/doctest.h>

#include <cmath>

using namespace perpetuum;

namespace {

std::size_t times_found(std::string const& text, std::string const& what) {
    std::size_t count = 0;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
    return count;
}

ModelPage small_page() {
    ModelPage page;
    page.title = "a.model";
    page.phrase = "A model of \"one\" & <two>.";
    page.changes = {"G = 25 from 2 to 3"};
    page.first_step = 1;
    page.change_begin = 2;
    page.change_end = 3;
    page.charts = {{"Y", "income", "C + G", {1, 2, 3}, {1, 2.5, 4}}, {"C", "", "", {1, 1, 1}, {}}};
    page.model_text = "model\n  Y = C + G\n";
    page.command = "perpetuum report a.model";
    return page;
}

} // namespace

TEST_CASE("a textbook model's page has a picture a variable, its numbers and the model's text") {
    std::string const page = model_page(small_page());
    CHECK(times_found(page, "<figure>") == 2);
    CHECK(times_found(page, "role=\"img\"") == 2);
    CHECK(page.find("Y, income: steps 1 to 3, from 1 to 3; with the changes from 1 to 4") !=
          std::string::npos);
    CHECK(page.find("A model of &quot;one&quot; &amp; &lt;two&gt;.") != std::string::npos);
    CHECK(page.find("<pre>model\n  Y = C + G\n</pre>") != std::string::npos);
    CHECK(page.find("<td>2.5</td>") != std::string::npos);
    // Nothing is asked of any host, and no script runs.
    CHECK(page.find("http") == std::string::npos);
    CHECK(page.find("<script") == std::string::npos);
}

TEST_CASE("a gap in the values is a gap in the line, and no number is drawn from it") {
    std::vector<double> const values{1, std::nan(""), 3, 4}, none;
    ChartLines lines;
    lines.title = "x";
    lines.baseline = &values;
    lines.changed = &none;
    std::string const svg = chart_svg(lines);
    CHECK(svg.find("nan") == std::string::npos);
    auto const path = svg.substr(svg.rfind("<path"));
    CHECK(times_found(path, "M") == 2);
    CHECK(times_found(path, "L") == 1);
    std::vector<double> const nothing{std::nan("")};
    lines.baseline = &nothing;
    CHECK(chart_svg(lines).find("nan") == std::string::npos);
}

TEST_CASE("ticks are round numbers within their range") {
    CHECK(round_ticks(0, 100) == std::vector<double>{0, 50, 100});
    CHECK(round_ticks(-1, 1) == std::vector<double>{-1, 0, 1});
    auto const small = round_ticks(0.0249, 0.0351);
    REQUIRE(small.size() == 3);
    CHECK(std::fabs(small[0] - 0.025) < 1e-15);
    for (double low : {-1e9, -3.7, 0.0, 1e-7, 95.8})
        for (double span : {1e-6, 0.3, 17.0, 1e8}) {
            auto const ticks = round_ticks(low, low + span);
            CHECK(ticks.size() >= 1);
            CHECK(ticks.size() <= 5);
        }
}

TEST_CASE("numbers on a chart have no needless digits") {
    CHECK(chart_number(100, 6) == "100");
    CHECK(chart_number(0.025, 6) == "0.025");
    CHECK(chart_number(106.487, 5) == "106.49");
    CHECK(chart_number(-0.5, 4) == "-0.5");
    CHECK(chart_number(12345678, 6) == "1.235e+07");
    CHECK(chart_number(std::nan(""), 4) == "–");
}
