// What is asked of every path, from words.

#include "words.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace perpetuum {

namespace {

constexpr std::array<char const*, 6> origin_words{"circular",  "own",     "partners",
                                                  "customers", "outside", "held"};

bool find_firm(System const& system, Words const& words, std::size_t i, int& entity) {
    if (i < words.count()) entity = system.entity(words[i]);
    if (i < words.count() && entity >= 0) return true;
    std::vector<std::string> ids;
    for (SystemEntity const& one : system.entities)
        if (!one.outside) ids.push_back(one.id);
    auto const near = i < words.count() ? nearest(words[i], ids) : std::nullopt;
    return words.refuse(
        i, i + 1, i < words.count() ? "no firm is called " + quoted(words[i]) : "a firm is missing",
        near ? "did you mean " + quoted(*near) + "?" : "");
}

bool read_quantity(System const& system, Words const& words, std::size_t i, StudyOutput& output) {
    CellId const found = i < words.count() ? find_quantity(system, words[i]) : -1;
    if (found >= 0) {
        Cell const& cell = system.cells[static_cast<std::size_t>(found)];
        output.series = {words[i], {{found, cell.coins ? system.coin : 1.0}}, 1};
        return true;
    }
    auto const near = i < words.count() ? quantities_near(system, words[i]) : std::string();
    return words.refuse(i, i + 1,
                        i < words.count() ? "no quantity of the run is called " + quoted(words[i])
                                          : "a quantity is missing",
                        near.empty() ? "'perpetuum run BOOK --csv -' names them all" : near);
}

/// Coins are shown as money.
Unit unit_of(Cell const& cell) {
    return cell.coins && cell.unit.powers.empty() ? Unit{{{"USD", 1}}, 1} : cell.unit;
}

/// NAME < FIGURE, words [i, j).
bool read_comparison(System const& system, Words const& words, std::size_t i, std::size_t j,
                     StudyOutput& output) {
    if (!read_quantity(system, words, i, output)) return false;
    if (!words.is(i + 1, "<") && !words.is(i + 1, ">"))
        return words.refuse(i + 1, i + 2, "a comparison is missing", "write NAME > 10 B USD, say");
    output.above = words.is(i + 1, ">");
    auto const figure = figure_of(words, i + 2, j);
    if (!figure) return false;
    Cell const& cell = system.cells[static_cast<std::size_t>(output.series.terms[0].cell)];
    Unit const unit = unit_of(cell);
    if (!unit.same_dimension(figure->unit))
        return words.refuse(i + 2, j,
                            quoted(words[i]) + " is in " + print_dimension(unit) +
                                ", the figure in " + print_dimension(figure->unit),
                            "give it in the unit of the quantity");
    output.bound = figure->value;
    return true;
}

/// Takes `at TIME`, `by TIME`, `in TIME` off the end: the words that are left; 0 with an error.
std::size_t take_time(System const& system, Words const& words, StudyOutput& output, bool& by) {
    std::size_t const n = words.count();
    output.first = output.last = system.steps;
    by = false;
    if (n < 3 || !(words.is(n - 2, "at") || words.is(n - 2, "by") || words.is(n - 2, "in")))
        return n;
    by = words.is(n - 2, "by");
    return steps_named(system, words, n - 1, output.first, output.last) ? n - 2 : 0;
}

bool too_many(Words const& words, std::size_t i, std::size_t n) {
    return i < n && !words.refuse(i, n, "what does " + quoted(words.text(i, n)) + " mean here?",
                                  "'perpetuum study --help' shows what can be asked of a path");
}

/// The steps of the run's first whole calendar year, or all.
void first_year(System const& system, StudyOutput& output) {
    double const length = 12 / system.step_months;
    output.first = 1;
    output.last = system.steps;
    if (length != std::floor(length)) return;
    double const begin = std::ceil(system.start.months / 12 - 1e-9) * 12;
    auto const [first, last] = steps_of(system, {{begin}, {begin + 12}});
    if (first < 1 || last > system.steps || last < first) return;
    output.first = first;
    output.last = last;
}

bool read_share(System const& system, Words const& words, std::size_t n, StudyOutput& output) {
    output.kind = StudyOutput::Kind::share;
    if (!find_firm(system, words, 1, output.entity)) return false;
    auto const* const found =
        std::find_if(origin_words.begin(), origin_words.end(),
                     [&](char const* word) { return n > 2 && words.is(2, word); });
    if (found == origin_words.end())
        return words.refuse(2, 3, "a share is of an origin",
                            "circular, own, partners, customers, outside or held");
    output.origin = static_cast<int>(found - origin_words.begin());
    if (n == words.count()) first_year(system, output);
    return !too_many(words, 3, n);
}

bool read_growth(System const& system, Words const& words, StudyOutput& output) {
    output.kind = StudyOutput::Kind::growth;
    if (!read_quantity(system, words, 1, output)) return false;
    output.first = 1;
    output.last = std::min(8, system.steps);
    if (words.is(2, "over") && words.count() == 4) {
        int ignored = 0;
        return steps_named(system, words, 3, ignored, output.last);
    }
    return !too_many(words, 2, words.count());
}

bool read_words(System const& system, Words const& words, StudyOutput& output) {
    if (words.count() == 0)
        return words.refuse(0, 0, "nothing is asked for", "default FIRM, or NAME at 2027, say");
    if (words.is(0, "growth")) return read_growth(system, words, output);
    bool by = false;
    std::size_t const n = take_time(system, words, output, by);
    if (n == 0) return false;
    if (words.is(0, "share")) return read_share(system, words, n, output);
    if (words.is(0, "default")) {
        output.kind = StudyOutput::Kind::defaults;
        if (!find_firm(system, words, 1, output.entity)) return false;
        if (system.defaulted[static_cast<std::size_t>(output.entity)] < 0)
            return words.refuse(1, 2, quoted(words[1]) + " owes nothing: it cannot default");
        return !too_many(words, 2, n);
    }
    if (words.is(0, "when")) {
        output.kind = StudyOutput::Kind::when;
        output.first = 1;
        if (n == words.count()) output.last = system.steps;
        bool const dated = system.start.months > 0;
        // In the middle of a step, in years: a step that ends with 2027 lies in 2027.
        output.step_length = dated ? system.step_months / 12 : 1;
        output.begin = dated ? system.start.months / 12 - output.step_length / 2 : 0;
        return read_comparison(system, words, 1, n, output);
    }
    if (words.is(1, "<") || words.is(1, ">")) {
        output.kind = StudyOutput::Kind::holds;
        if (by) output.first = 1;
        if (!by) output.first = output.last;
        return read_comparison(system, words, 0, n, output);
    }
    output.kind = StudyOutput::Kind::value;
    if (!read_quantity(system, words, 0, output)) return false;
    Cell const& cell = system.cells[static_cast<std::size_t>(output.series.terms[0].cell)];
    output.series.terms[0].factor = shown_factor(system, cell);
    if (is_flowing(system, cell)) output.series.window = output.last - output.first + 1;
    return !too_many(words, 1, n);
}

} // namespace

std::optional<StudyOutput> read_output(System const& system, std::string const& text,
                                       Diagnostics& diagnostics) {
    StudyOutput output;
    output.text = text;
    Words const words("--of", text, diagnostics);
    if (!read_words(system, words, output)) return std::nullopt;
    return output;
}

std::optional<StudyCondition> read_condition(System const& system, std::string const& text,
                                             Diagnostics& diagnostics) {
    Words const words("--until", text, diagnostics);
    std::size_t sign = words.count();
    while (sign > 0 && !words.is(sign - 1, "<") && !words.is(sign - 1, ">")) --sign;
    bool timed = false; // NAME < FIGURE at TIME is an indicator as it stands
    for (std::size_t i = sign; i < words.count(); ++i)
        timed = timed || words.is(i, "at") || words.is(i, "by");
    bool const by_itself = sign == 0 || timed || words.is(0, "when");
    auto const output =
        read_output(system, by_itself ? text : words.text(0, sign - 1), diagnostics);
    if (!output) return std::nullopt;
    StudyCondition condition{*output, true, 0.5};
    if (by_itself) {
        if (output->indicator()) return condition;
        words.refuse(0, words.count(), quoted(text) + " is no condition",
                     "compare it: " + words.text(0, words.count()) + " > FIGURE");
        return std::nullopt;
    }
    condition.above = words.is(sign - 1, ">");
    auto const figure = figure_of(words, sign, words.count());
    if (!figure) return std::nullopt;
    condition.bound = figure->value;
    Unit unit;
    if (output->kind == StudyOutput::Kind::value) {
        Cell const& cell = system.cells[static_cast<std::size_t>(output->series.terms[0].cell)];
        unit = shown_unit(system, cell);
        // So much a year, of a quantity that is: over the time that is looked at.
        if (!unit.same_dimension(figure->unit) && unit_of(cell).same_dimension(figure->unit)) {
            condition.bound *= output->series.window * system.step_months;
            return condition;
        }
    }
    if (unit.same_dimension(figure->unit)) return condition;
    words.refuse(sign, words.count(),
                 "the output is in " + print_dimension(unit) + ", the figure in " +
                     print_dimension(figure->unit),
                 "give it in the unit of the output");
    return std::nullopt;
}

} // namespace perpetuum
