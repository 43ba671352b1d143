#include <doctest/doctest.h>

#include <perpetuum/base.hpp>
#include <perpetuum/report.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

using namespace perpetuum;

namespace {

int times_in(std::string const& text, std::string const& part) {
    int n = 0;
    for (std::size_t at = text.find(part); at != std::string::npos;
         at = text.find(part, at + part.size()))
        ++n;
    return n;
}

// What stands in the page's data element.
std::string data_element(std::string const& page) {
    std::string const open = R"(<script type="application/json" id="data">)";
    std::size_t const begin = page.find(open) + open.size();
    return page.substr(begin, page.find("</script>", begin) - begin);
}

} // namespace

TEST_CASE("the page holds its style, its script and its data once each") {
    std::string const page = report_page(R"({"meta":{"title":"A loop of two"}})");
    CHECK(page.substr(0, 15) == "<!doctype html>");
    CHECK(times_in(page, "A loop of two") == 1);
    CHECK(times_in(page, "function showLoops") == 1);
    CHECK(times_in(page, "@media print") == 1);
    CHECK(times_in(page, "{{") == 0);
}

TEST_CASE("the page asks nothing of any host") {
    std::string page = report_page("{}");
    // The name space of drawings is a name, not an address; the pattern tells links of sources from
    // other texts.
    for (std::string const& name :
         {std::string("http://www.w3.org/2000/svg"), std::string("/^https?:\\/\\//i")})
        for (std::size_t at = page.find(name); at != std::string::npos; at = page.find(name))
            page.erase(at, name.size());
    for (char const* asks : {"http:", "https:", "//cdn", "@import", "url(http", "<link", "<iframe",
                             "<img", "fetch(", "XMLHttpRequest", "WebSocket", "sendBeacon",
                             "EventSource", "import(", "eval(", "innerHTML", "document.write"})
        CHECK_MESSAGE(times_in(page, asks) == 0, asks);
    CHECK(times_in(page, "default-src 'none'") == 1);
    CHECK(times_in(page, "<script") == 2);
    CHECK(times_in(page, " src=") == 0);
}

TEST_CASE("text that would end the data element stays data") {
    std::string const page =
        report_page(R"({"meta":{"title":"</script><script>alert(1)</script><!--"}})");
    CHECK(times_in(page, "<script") == 2);
    CHECK(times_in(page, "</script>") == 2);
    CHECK(data_element(page).find('<') == std::string::npos);
    CHECK(times_in(page, R"(\u003c/script>\u003cscript>alert(1)\u003c/script>\u003c!--)") == 1);
}

TEST_CASE("line ends of old script engines are written as escapes, other letters stay") {
    std::string const page =
        report_page("{\"a\":\"x\xE2\x80\xA8y\xE2\x80\xA9z \xE2\x86\x92 \xC3\xA9\"}");
    CHECK(times_in(page, R"(x\u2028y\u2029z)") == 1);
    CHECK(times_in(data_element(page), "z \xE2\x86\x92 \xC3\xA9") == 1);
    CHECK(times_in(page, "\xE2\x80\xA8") == 0);
}

TEST_CASE("data that looks like a place of the page is left alone") {
    std::string const page = report_page(R"({"a":"{{script}} {{style}} {{data}}"})");
    CHECK(times_in(page, "{{script}} {{style}} {{data}}") == 1);
    CHECK(times_in(page, "function showLoops") == 1);
}

TEST_CASE("what is no JSON object is the caller's mistake") {
    for (char const* text : {"", "  ", "[]", "1", "{", "}", "null", "\xFF"})
        CHECK_THROWS_AS(report_page(text), BadInput);
    CHECK_NOTHROW(report_page(" {} \n"));
}

TEST_CASE("without data the page is at most 90 kB, and grows by its data alone") {
    std::size_t const empty = report_page("{}").size();
    CHECK(empty < 90'000);
    std::string const data = "{\"a\":\"" + std::string(100'000, 'x') + "\"}";
    CHECK(report_page(data).size() == empty + data.size() - 2);
}
