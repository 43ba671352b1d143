#include "words.hpp"

#include <algorithm>
#include <charconv>
#include <tuple>

namespace perpetuum {

Words::Words(std::string const& option, std::string const& text, Diagnostics& diagnostics)
    : diagnostics_(diagnostics), number_(diagnostics.add_text(option, text)) {
    std::size_t at = 0;
    while ((at = text.find_first_not_of(' ', at)) != std::string::npos) {
        std::size_t const end = std::min(text.find(' ', at), text.size());
        words_.push_back(text.substr(at, end - at));
        begins_.push_back(static_cast<std::uint32_t>(at));
        at = end;
    }
}

Span Words::span(std::size_t i, std::size_t j) const {
    if (words_.empty()) return {number_, 0, 0};
    std::size_t const last = words_.size() - 1;
    i = std::min(i, last);
    j = std::max(i, std::min(j == 0 ? 0 : j - 1, last));
    return {number_, begins_[i], begins_[j] + static_cast<std::uint32_t>(words_[j].size())};
}

std::string Words::text(std::size_t i, std::size_t j) const {
    std::string joined;
    for (; i < std::min(j, count()); ++i) joined += (joined.empty() ? "" : " ") + words_[i];
    return joined;
}

bool Words::refuse(std::size_t i, std::size_t j, std::string message, std::string hint) const {
    diagnostics_.error(span(i, j), std::move(message), std::move(hint));
    return false;
}

std::optional<Figure> figure_of(Words const& words, std::size_t i, std::size_t j) {
    if (i >= j || i >= words.count()) {
        words.refuse(words.count(), words.count(), "a figure is missing", "write 10 B USD, say");
        return std::nullopt;
    }
    static Units const units = Units::for_books();
    auto figure = parse_figure(words.text(i, j) + " assumed [desk]", words.span(i, j), units,
                               std::nullopt, words.diagnostics());
    if (figure && figure->holds != Figure::Holds::amount) {
        words.refuse(i, j, quoted(words.text(i, j)) + " is no amount", "write 10 B USD, say");
        return std::nullopt;
    }
    return figure;
}

bool steps_named(System const& system, Words const& words, std::size_t i, int& first, int& last) {
    if (i >= words.count())
        return words.refuse(i, i, "a time is missing", "write 2027-Q4, say, or a step's number");
    std::string const& word = words[i];
    bool const digits = word.size() <= 5 && std::all_of(word.begin(), word.end(), [](char letter) {
                            return letter >= '0' && letter <= '9';
                        });
    // In a book four digits are a year; a run of quarters has no thousand steps.
    bool const dated = system.start.months > 0;
    if (digits && (!dated || word.size() <= 3)) {
        std::from_chars(word.data(), word.data() + word.size(), last);
        first = last;
    } else if (auto const period = parse_period(word)) {
        std::tie(first, last) = steps_of(system, *period);
    } else {
        return words.refuse(i, i + 1, quoted(word) + " is no time",
                            "write 2027-Q4, 2027 or the number of a step");
    }
    if (first >= 1 && first <= last && last <= system.steps) return true;
    return words.refuse(i, i + 1, "the run has no step at " + quoted(word),
                        "it goes to step " + std::to_string(system.steps) +
                            (dated ? ", " + step_label(system, system.steps) : ""));
}

} // namespace perpetuum
