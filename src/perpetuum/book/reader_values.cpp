// Plain values of a book: texts, lists of ids, truth values, dates.

#include <perpetuum/book/reader.hpp>

#include <algorithm>

namespace perpetuum {

Date BookReader::known_from(Period period) const {
    // The author wrote it down by then, however coarse the date.
    return period.begin < book.own_as_of ? std::min(period.end, book.own_as_of) : period.end;
}

std::string BookReader::plain_text(TomlMember const& member) {
    if (member.value.type == TomlNode::Type::text) return member.value.text;
    error(member.value.where, quoted(member.key) + " must be a text in quotes",
          "write " + printable(member.key, 40) + " = \"…\"");
    return {};
}

std::optional<bool> BookReader::truth_of(TomlMember const& member) {
    if (member.value.type == TomlNode::Type::boolean) return member.value.truth;
    error(member.value.where, quoted(member.key) + " must be true or false, without quotes",
          "write " + printable(member.key, 40) + " = true");
    return {};
}

std::vector<std::string> BookReader::text_list(TomlMember const& member,
                                               std::vector<Span>* places) {
    std::vector<std::string> result;
    auto const add = [&](TomlNode const& node) {
        if (node.type != TomlNode::Type::text) {
            error(node.where, quoted(member.key) + " must be an id in quotes or a list of them",
                  "write " + printable(member.key, 40) + " = [\"id\", \"id\"]");
            return;
        }
        result.push_back(node.text);
        if (places) places->push_back(node.where);
    };
    if (member.value.type == TomlNode::Type::array)
        for (auto const& item : member.value.items) add(item);
    else
        add(member.value);
    return result;
}

bool BookReader::known_id(std::string const& id, Span where,
                          std::unordered_map<std::string, Span> const& known,
                          std::string const& what) {
    if (known.count(id)) return true;
    // Listing the candidates is the dear part: only as long as suggestions are given at all.
    bool const suggest = known.size() <= suggestions_left;
    if (!text.partial)
        error(where, "unknown " + what + " " + quoted(id),
              suggest ? suggestion_or_list(id, ids_in(known)) : std::string{});
    return false;
}

std::vector<std::string> BookReader::ids_of(TomlMember const& member,
                                            std::unordered_map<std::string, Span> const& known,
                                            std::string const& what) {
    std::vector<Span> places;
    std::vector<std::string> const written = text_list(member, &places);
    std::vector<std::string> result;
    for (std::size_t i = 0; i < written.size(); ++i)
        if (known_id(written[i], places[i], known, what)) result.push_back(written[i]);
    return result;
}

std::optional<Period> BookReader::period_of(TomlNode const& node,
                                            std::optional<FiscalYear> const& fiscal) {
    if (node.type == TomlNode::Type::day) return node.day;
    if (node.type != TomlNode::Type::text) return {};
    return fiscal ? parse_fiscal_period(node.text, *fiscal) : parse_period(node.text);
}

std::optional<Period> BookReader::period_key(TomlMember const& member, TableRules const& rules) {
    auto const period =
        rules.fiscal ? parse_fiscal_period(member.key, *rules.fiscal) : parse_period(member.key);
    if (period) return period;
    bool const fiscal = member.key.substr(0, 2) == "FY";
    if (fiscal && !rules.fiscal)
        error(member.key_where, "a fiscal year without a firm that it belongs to",
              "give the firm a fiscal_year = \"FY2026 ends 2026-05-31\"; a deal names the firm: "
              "fiscal = \"id\"");
    else
        error(member.key_where, "no such period: " + quoted(member.key),
              "write 2025-09-22, 2025-09, 2025-Q3, 2025-H2, 2025 or \"2027..2028\"");
    return {};
}

TableRules BookReader::rules_of(TomlNode const& node, TableRules around) {
    auto const* own = node.type == TomlNode::Type::table ? node.member("source") : nullptr;
    if (!own) return around;
    if (own->value.type != TomlNode::Type::text) {
        error(own->value.where, "'source' must be a standing and its sources, as \"filed [id]\"");
        return around;
    }
    std::vector<Span> places;
    around.fallback = parse_citation(own->value.text, own->value.where, &places, diagnostics);
    if (around.fallback) cite(around.fallback->sources, places, own->value.where);
    // A broken one was reported; its figures should not each be reported as well.
    else
        around.fallback = Citation{Standing::assumed, {{"desk", ""}}};
    return around;
}

} // namespace perpetuum
