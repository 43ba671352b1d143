#include "csv_network.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>
#include <vector>

namespace perpetuum {

namespace {

constexpr std::size_t most_lines = 200'000;
constexpr std::size_t longest_name = 200;
constexpr int most_errors = 100;
constexpr double most_usd = 9e13;    // 2^53 cents
constexpr double most_in_all = 4e16; // 2^62 cents, rounded down

struct CsvField {
    std::string text;
    Span where;
};

/// One line's fields, from byte `at` on; `at` moves behind its end. Quotes as in RFC 4180.
std::vector<CsvField> take_line(std::string const& content, std::size_t& at, int text,
                                Diagnostics& diagnostics) {
    std::vector<CsvField> fields(1);
    bool quoted_field = false;
    auto const here = [&] { return static_cast<std::uint32_t>(at); };
    fields.back().where = {text, here(), here()};
    for (; at < content.size(); ++at) {
        char const c = content[at];
        if (quoted_field && c == '"' && at + 1 < content.size() && content[at + 1] == '"') {
            fields.back().text += '"';
            ++at;
        } else if (c == '"' && (quoted_field || fields.back().text.empty())) {
            quoted_field = !quoted_field;
        } else if (!quoted_field && (c == ',' || c == '\n')) {
            fields.back().where.end = here();
            if (c == '\n') break;
            fields.push_back({"", {text, here() + 1, here() + 1}});
        } else if (c != '\r') {
            fields.back().text += c;
        }
    }
    if (at >= content.size()) fields.back().where.end = here();
    if (quoted_field)
        diagnostics.error(fields.back().where, "a quotation mark that is not closed", "");
    if (at < content.size()) ++at;
    return fields;
}

std::string trimmed(std::string const& text) {
    auto const first = text.find_first_not_of(" \t"), last = text.find_last_not_of(" \t");
    return first == std::string::npos ? std::string() : text.substr(first, last - first + 1);
}

struct CsvColumns {
    std::size_t from = 0, to = 0, amount = 0;
    std::size_t last() const { return std::max({from, to, amount}); }
};

std::optional<CsvColumns> columns_of(std::vector<CsvField> const& head, Diagnostics& diagnostics) {
    auto const find = [&](char const* name) -> std::optional<std::size_t> {
        for (std::size_t i = 0; i < head.size(); ++i)
            if (trimmed(head[i].text) == name) return i;
        diagnostics.error(head.front().where,
                          std::string("the first line names no column '") + name + "'",
                          "it must hold from, to and amount: from,to,amount");
        return std::nullopt;
    };
    auto const from = find("from"), to = find("to"), amount = find("amount");
    if (!from || !to || !amount) return std::nullopt;
    return CsvColumns{*from, *to, *amount};
}

std::optional<std::int64_t> cents_of(CsvField const& field, Diagnostics& diagnostics) {
    auto const text = trimmed(field.text);
    double usd = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), usd);
    bool const whole = error == std::errc() && end == text.data() + text.size();
    if (!whole || !std::isfinite(usd) || usd < 0 || usd > most_usd) {
        diagnostics.error(field.where, quoted(text) + " is no amount of dollars",
                          "a number from 0 to 9e13, with a point and without blanks or commas");
        return std::nullopt;
    }
    return std::llround(usd * 100);
}

class NodeNumbers {
  public:
    std::optional<int> of(CsvField const& field, Diagnostics& diagnostics) {
        auto const name = trimmed(field.text);
        if (name.empty() || name.size() > longest_name) {
            diagnostics.error(field.where,
                              name.empty() ? "who pays or is paid has no name"
                                           : "a name of more than 200 bytes",
                              "");
            return std::nullopt;
        }
        auto const [place, fresh] = numbers_.try_emplace(name, static_cast<int>(names.size()));
        if (fresh) names.push_back(name);
        return place->second;
    }
    std::vector<std::string> names;

  private:
    std::map<std::string, int> numbers_;
};

} // namespace

bool read_csv_network(std::string const& path, Network& network, Diagnostics& diagnostics) {
    std::string content, problem;
    if (!read_text_file(path, content, problem)) {
        diagnostics.error({}, problem);
        return false;
    }
    if (content.starts_with("\xEF\xBB\xBF")) content.erase(0, 3);
    int const text = diagnostics.add_text(path, content);
    if (auto const damage = damaged_utf8(content); damage != std::string::npos) {
        auto const at = static_cast<std::uint32_t>(damage);
        diagnostics.error({text, at, at + 1}, "not UTF-8", "save the file as UTF-8");
        return false;
    }
    std::size_t at = 0, lines = 0, own = 0;
    double in_all = 0;
    auto const columns = columns_of(take_line(content, at, text, diagnostics), diagnostics);
    if (!columns) return false;
    NodeNumbers nodes;
    std::vector<Network::Edge> edges;
    while (at < content.size() && diagnostics.errors() < most_errors) {
        auto const fields = take_line(content, at, text, diagnostics);
        if (fields.size() == 1 && trimmed(fields[0].text).empty()) continue;
        if (++lines > most_lines) {
            diagnostics.error(fields[0].where, "more than 200,000 payments",
                              "add up what belongs together");
            break;
        }
        if (fields.size() <= columns->last()) {
            diagnostics.error(fields[0].where, "this line has too few columns", "");
            continue;
        }
        auto const from = nodes.of(fields[columns->from], diagnostics);
        auto const to = nodes.of(fields[columns->to], diagnostics);
        auto const cents = cents_of(fields[columns->amount], diagnostics);
        if (!from || !to || !cents || *cents == 0) continue;
        in_all += static_cast<double>(*cents) / 100;
        if (in_all > most_in_all) {
            diagnostics.error(fields[columns->amount].where, "more than 4e16 dollars in all", "");
            break;
        }
        if (*from == *to)
            ++own;
        else
            edges.push_back({*from, *to, *cents});
    }
    if (diagnostics.failed()) return false;
    if (own > 0)
        diagnostics.warning({},
                            std::to_string(own) + (own == 1 ? " payment to oneself is left out"
                                                            : " payments to oneself are left out"),
                            "");
    network = network_from(std::move(nodes.names), std::move(edges));
    return true;
}

} // namespace perpetuum
