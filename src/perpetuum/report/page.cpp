// The page is three texts (report/page/) and a skeleton with a place for each. They are joined by
// cutting the skeleton at its places, never by searching the joined text, so that nothing in the
// data can pass for a place.

#include <perpetuum/report.hpp>

#include "tables.hpp"

#include <perpetuum/base.hpp>
#include <perpetuum/report/page_texts.hpp>

namespace perpetuum {
namespace {

// Inside a <script> element only "<" can end it ("</script", "<!--"); in JSON it stands in strings
// alone, where \u003c means the same. U+2028 and U+2029 end a line in older script engines.
std::string harmless_json(std::string_view json) {
    std::string out;
    out.reserve(json.size() + json.size() / 16);
    for (std::size_t i = 0; i < json.size(); ++i) {
        std::string_view const rest = json.substr(i, 3);
        if (json[i] == '<') {
            out += "\\u003c";
        } else if (rest == "\xE2\x80\xA8" || rest == "\xE2\x80\xA9") {
            out += rest.back() == '\xA8' ? "\\u2028" : "\\u2029";
            i += 2;
        } else if (json[i] != '\0') { // a NUL is no JSON, and a browser would change it
            out += json[i];
        }
    }
    return out;
}

std::string_view trimmed_json(std::string_view text) {
    std::size_t const first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// Appends what stands before the place and returns what stands behind it.
std::string_view up_to_place(std::string_view skeleton, std::string_view place, std::string& out) {
    std::size_t const at = skeleton.find(place);
    if (at == std::string_view::npos)
        throw BadInput{"the page has no place for " + std::string(place)};
    out += skeleton.substr(0, at);
    return skeleton.substr(at + place.size());
}

} // namespace

std::string report_page(std::string_view data_json) {
    std::string_view const json = trimmed_json(data_json);
    if (json.size() < 2 || json.front() != '{' || json.back() != '}')
        throw BadInput{"a report's data is one JSON object, found " +
                       (json.empty() ? std::string("nothing")
                                     : "a text of " + std::to_string(json.size()) +
                                           " bytes that does not begin with { and end with }")};
    std::string page;
    page.reserve(page_skeleton.size() + page_style.size() + page_script.size() + json.size() * 2);
    std::string_view rest = up_to_place(page_skeleton, "{{style}}", page);
    page += page_style;
    rest = up_to_place(rest, "{{data}}", page);
    page += harmless_json(tabulated(json));
    rest = up_to_place(rest, "{{script}}", page);
    page += page_script;
    page += rest;
    return page;
}

} // namespace perpetuum
