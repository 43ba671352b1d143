// A figure by itself: read without a table around it, and printed.

#include <perpetuum/book/figure.hpp>

#include <cstdio>

namespace perpetuum {

std::optional<Figure> parse_figure(std::string_view text, Span where, Units const& units,
                                   std::optional<FiscalYear> fiscal, Diagnostics& diagnostics) {
    static Citation const desk{Standing::assumed, {{"desk", ""}}};
    FigureRules rules;
    rules.units = &units;
    rules.fiscal = fiscal;
    rules.fallback = &desk;
    // A span of the string in a file may take in its quotes.
    if (where.end - where.begin == text.size() + 2) {
        ++where.begin;
        --where.end;
    }
    std::optional<Figure> figure{std::in_place};
    if (!parse_figure_into(*figure, text, where, rules, diagnostics)) figure.reset();
    return figure;
}

bool is_chance(Figure const& figure) {
    return figure.holds == Figure::Holds::amount && figure.unit.plain() && figure.value >= 0 &&
           figure.value <= 1 && lowest(figure.spread) >= 0 && highest(figure.spread) <= 1;
}

std::string print_figure(Figure const& figure) {
    std::string result;
    auto const add = [&](std::string_view word) {
        if (!word.empty()) result += (result.empty() ? "" : " ") + std::string{word};
    };
    for (auto const& token : split_figure(figure.text).tokens) {
        if (token.bracket || token.text == "~" || standing_named(token.text)) break;
        if (token.text != "was") add(printable(token.text));
    }
    if (figure.text.empty() && figure.holds == Figure::Holds::amount) {
        add(name_of(figure.bound));
        add(figure.basis);
        char buffer[40];
        double const shown = figure.value / figure.unit.factor;
        std::snprintf(buffer, sizeof buffer, "%.12g", shown);
        add(buffer);
        std::string const unit = print_unit(figure.unit);
        if (unit != "1") add(unit);
    }
    add(name_of(figure.standing));
    return result;
}

} // namespace perpetuum
