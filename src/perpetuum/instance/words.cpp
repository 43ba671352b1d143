// Words are numbered in the order in which they are met, the known ones first.

#include "words.hpp"

#include <functional>

namespace perpetuum::instancing {

namespace {

constexpr std::string_view known_words[] = {
    "assets", "dues_in", "dues_out", "liabilities", "net_worth", "profit",   "self",
    "it",     "unpaid",  "step",     "time",        "live",      "defaulted"};

std::vector<std::string> const* parts_of(ExpressionNode const& node) {
    if (auto const* name = std::get_if<Name>(&node)) return &name->parts;
    if (auto const* sum = std::get_if<Aggregate>(&node)) return &sum->over;
    return nullptr;
}

} // namespace

Words::Words(Model const& model) : path_of_(model.expressions.size(), -1) {
    for (std::string_view const word : known_words) number(word);
    for (std::size_t e = 0; e < model.expressions.size(); ++e) {
        ExpressionNode const& node = model.expressions[e].node;
        auto const* parts = parts_of(node);
        if (!parts) continue;
        Path path = enter(*parts);
        if (auto const* name = std::get_if<Name>(&node)) {
            path.lag = name->lag;
            if (!name->wheres.empty()) path.where = name->wheres.front();
        }
        path_of_[e] = static_cast<int>(paths_.size());
        paths_.push_back(path);
    }
}

Word Words::number(std::string_view text) {
    if (2 * (texts_.size() + 1) > places_.size()) {
        places_.assign(places_.empty() ? 256 : 2 * places_.size(), -1);
        for (std::size_t word = 0; word < texts_.size(); ++word) {
            std::size_t at = std::hash<std::string_view>{}(texts_[word]) & (places_.size() - 1);
            while (places_[at] >= 0) at = (at + 1) & (places_.size() - 1);
            places_[at] = static_cast<int>(word);
        }
    }
    std::size_t at = std::hash<std::string_view>{}(text) & (places_.size() - 1);
    for (; places_[at] >= 0; at = (at + 1) & (places_.size() - 1))
        if (texts_[static_cast<std::size_t>(places_[at])] == text) return places_[at];
    places_[at] = static_cast<int>(texts_.size());
    texts_.emplace_back(text);
    return places_[at];
}

Path Words::enter(std::vector<std::string> const& parts) {
    Path const path{static_cast<int>(parts_.size()), static_cast<int>(parts.size()), 0, {}};
    for (std::string const& part : parts) parts_.push_back(number(part));
    return path;
}

} // namespace perpetuum::instancing
