// The page is three texts (report/page/) and a skeleton with a place for each. They are joined by
// cutting the skeleton at its places, never by searching the joined text, so that nothing in the
// data can pass for a place.

#include <perpetuum/report.hpp>

#include <perpetuum/base.hpp>
#include <perpetuum/report/page_texts.hpp>

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace perpetuum {
namespace {

// Four bytes are five letters, of the 85 from # on without <; n bytes at the end are n + 1.
std::string in_letters(std::string_view bytes) {
    std::string out;
    out.reserve((bytes.size() + 3) / 4 * 5);
    for (std::size_t i = 0; i < bytes.size(); i += 4) {
        std::uint32_t four = 0;
        for (std::size_t k = 0; k < 4; ++k)
            four =
                four << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0u);
        std::array<char, 5> letters{};
        for (std::size_t k = 5; k-- > 0; four /= 85)
            letters[k] = static_cast<char>('#' + four % 85 + (four % 85 >= '<' - '#' ? 1 : 0));
        out.append(letters.data(), std::min<std::size_t>(5, bytes.size() - i + 1));
    }
    return out;
}

// The data repeat their keys and words, so that deflated they are a sixth as long, as letters a fifth; the script is a third. The
// letters cannot end the element they stand in, whatever the data hold.
std::string deflated(std::string_view json) {
    auto size = compressBound(static_cast<uLong>(json.size()));
    std::string packed(size, '\0');
    int const outcome =
        compress2(reinterpret_cast<Bytef*>(packed.data()), &size,
                  reinterpret_cast<Bytef const*>(json.data()), static_cast<uLong>(json.size()), 9);
    if (outcome != Z_OK) throw BadInput{"a report cannot be compressed: out of memory"};
    packed.resize(size);
    return in_letters(packed);
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
    page += deflated(json);
    rest = up_to_place(rest, "{{script}}", page);
    page += deflated(page_script);
    rest = up_to_place(rest, "{{unpack}}", page);
    page += page_unpack;
    page += rest;
    return page;
}

} // namespace perpetuum
