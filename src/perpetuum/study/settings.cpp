// Figures held, everything else drawn alike.

#include "words.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace perpetuum {

namespace {

/// "deal.x.total" and "entity.x.capex" are cells "x.total", "x.capex"; a parameter of the model is
/// one of that name.
std::string cell_name(std::string const& path) {
    for (char const* prefix : {"deal.", "entity.", "model."})
        if (path.starts_with(prefix)) return path.substr(std::string(prefix).size());
    return path;
}

/// A figure of the book, or a number that the model gives where the book is silent.
bool can_be_held(System const& system, Cell const& cell) {
    if (cell.drawn) return !cell.each_step;
    return cell.type == CellType::parameter && cell.value >= 0 &&
           system.nodes[static_cast<std::size_t>(cell.value)].op == NodeOp::constant;
}

bool find_figure(System const& system, Words const& words, Variation& variation) {
    auto const found =
        words.count() > 0 ? system.names.find(cell_name(words[0])) : system.names.end();
    if (found == system.names.end()) {
        std::vector<std::string> known;
        for (auto const& [name, cell] : system.names.sorted())
            if (system.cells[static_cast<std::size_t>(cell)].drawn) known.push_back(name);
        auto const near = words.count() > 0 ? nearest(cell_name(words[0]), known) : std::nullopt;
        return words.refuse(0, 1, "no figure of the run is called so",
                            near ? "did you mean " + quoted(*near) + "?"
                                 : "write deal.ID.parameter, entity.ID.parameter or a parameter");
    }
    variation.cell = found->second;
    Cell const& cell = system.cells[static_cast<std::size_t>(found->second)];
    if (can_be_held(system, cell)) return true;
    return words.refuse(0, 1, quoted(words[0]) + " is no figure that a path could hold otherwise",
                        cell.type == CellType::parameter
                            ? "the book gives it by an expression, or as not known"
                            : "it is worked out by the run");
}

/// A range taken apart: two plain numbers and their one unit.
struct RangeEnds {
    std::string low, high; ///< as written, without a unit
    std::string glued;     ///< the part of the unit that stands at the number: "%" of "90%"
    std::string unit;      ///< all of it
    double low_number = 0, high_number = 0;

    std::string figure(std::string const& number) const {
        return number + (glued.empty() && !unit.empty() ? " " : "") + unit;
    }
};

bool whole_number(std::string const& text, double& value) {
    auto const result = std::from_chars(text.data(), text.data() + text.size(), value);
    return result.ec == std::errc{} && result.ptr == text.data() + text.size();
}

/// "10..90 %", "10..90%", "10%..90%", "1..9B USD": words [i, n), two dots in the first. Nothing, with
/// an error, where an end is no number or the ends have units of their own.
std::optional<RangeEnds> ends_of_range(Words const& words, std::size_t i, std::size_t n) {
    std::size_t const dots = words[i].find("..");
    std::string const low = words[i].substr(0, dots), high = words[i].substr(dots + 2);
    auto const number_ends = [](std::string const& text) {
        return std::min(text.find_first_not_of("0123456789.-"), text.size());
    };
    RangeEnds ends;
    ends.low = low.substr(0, number_ends(low));
    ends.high = high.substr(0, number_ends(high));
    ends.glued = high.substr(ends.high.size());
    std::string const behind = words.text(i + 1, n);
    ends.unit = ends.glued + (ends.glued.empty() || behind.empty() ? "" : " ") + behind;
    std::string const of_low = low.substr(ends.low.size());
    bool const numbers =
        whole_number(ends.low, ends.low_number) && whole_number(ends.high, ends.high_number);
    if (numbers && (of_low.empty() || of_low == ends.glued || of_low == ends.unit)) return ends;
    words.refuse(i, n, quoted(words.text(i, n)) + " is no range of two numbers in one unit",
                 "write 10..90 %, or 1..4 B USD");
    return std::nullopt;
}

/// The figure of the deal's chance, which `luck` is drawn against.
bool is_chance_of_deal(System const& system, Cell const& cell) {
    constexpr std::string_view tail = ".chance";
    if (!cell.drawn || !cell.name.ends_with(tail)) return false;
    auto const deal = cell.name.substr(0, cell.name.size() - tail.size());
    return system.names.find(deal + ".luck") != system.names.end();
}

/// Whether a chance stays one over the whole range.
bool fits_chance(Cell const& cell, Variation const& variation) {
    double low = std::min(variation.from, variation.to),
           high = std::max(variation.from, variation.to);
    if (variation.times) high *= highest(cell.draw);
    return low >= 0 && high <= 1;
}

/// "NAME = A..B UNIT by N": the word that holds the two dots is cut in two.
bool read_range(System const& system, Words const& words, Variation& variation) {
    Cell const& cell = system.cells[static_cast<std::size_t>(variation.cell)];
    std::size_t i = 2, n = words.count();
    if (words.is(2, "*")) {
        variation.times = true;
        ++i;
    }
    if (n >= 4 && words.is(n - 2, "by")) {
        std::string const& points = words[n - 1];
        bool const digits =
            points.size() <= 4 && points.find_first_not_of("0123456789") == std::string::npos;
        variation.points = digits ? std::stoi(points) : 0;
        if (variation.points < 2 || variation.points > 1000)
            return words.refuse(n - 1, n, quoted(points) + " points cannot be", "by 2 to by 1000");
        n -= 2;
    }
    std::size_t const dots = i < n ? words[i].find("..") : std::string::npos;
    if (dots == std::string::npos)
        return words.refuse(i, n, "a range is missing",
                            words.text(0, 1) + " = 1..4 B USD, or = * 0.5..2");
    auto const ends = ends_of_range(words, i, n);
    if (!ends) return false;
    auto const one = [&](std::string const& number) {
        Words const end("--vary", ends->figure(number), words.diagnostics());
        return figure_of(end, 0, end.count());
    };
    auto const from = one(ends->low), to = one(ends->high);
    if (!from || !to) return false;
    bool const fits = variation.times ? from->unit.plain() : from->unit.same_dimension(cell.unit);
    if (!fits)
        return words.refuse(i, n,
                            variation.times
                                ? std::string("a figure is multiplied by a plain number")
                                : quoted(words[0]) + " is in " + print_dimension(cell.unit) +
                                      ", the range in " + print_dimension(from->unit),
                            "give it in the unit of the figure");
    if (!(std::abs(from->value) < 1e300) || !(std::abs(to->value) < 1e300) ||
        from->value == to->value)
        return words.refuse(i, n, "the range is empty", "write two different numbers");
    variation.from = from->value;
    variation.to = to->value;
    variation.unit = ends->unit;
    variation.scale =
        ends->high_number != 0 ? to->value / ends->high_number : from->value / ends->low_number;
    if (is_chance_of_deal(system, cell) && !fits_chance(cell, variation))
        return words.refuse(i, n, "a chance must lie between 0 and 100 %",
                            variation.times ? "take smaller factors" : "write 10..90 %, say");
    return true;
}

} // namespace

std::optional<Variation> read_variation(System const& system, std::string const& text,
                                        Diagnostics& diagnostics) {
    Words const words("--vary", text, diagnostics);
    Variation variation;
    variation.name = words.count() > 0 ? words[0] : "";
    if (!find_figure(system, words, variation)) return std::nullopt;
    if (words.count() == 1) {
        variation.own = true;
        Cell const& cell = system.cells[static_cast<std::size_t>(variation.cell)];
        if (cell.drawn && cell.draw.shape != Shape::point) return variation;
        words.refuse(0, 1, quoted(words[0]) + " has no spread of its own",
                     "say between what it varies: " + words[0] + " = * 0.5..2");
        return std::nullopt;
    }
    if (!words.is(1, "=")) {
        words.refuse(1, 2, "write NAME = FROM..TO", words.text(0, 1) + " = * 0.5..2");
        return std::nullopt;
    }
    if (!read_range(system, words, variation)) return std::nullopt;
    return variation;
}

System held_open(System system, std::vector<CellId> const& cells) {
    for (CellId const id : cells) {
        Cell& cell = system.cells.at(static_cast<std::size_t>(id));
        if (!can_be_held(system, cell)) throw BadInput{cell.name + " is no figure"};
        if (cell.drawn && cell.draw.shape != Shape::point) continue;
        // Any spread keeps it from being a constant; where nobody holds it, it is what it was.
        double const value = cell.drawn ? median(cell.draw)
                                        : system.nodes[static_cast<std::size_t>(cell.value)].value;
        cell.drawn = true;
        cell.draw = {Shape::discrete, {value, 1}};
    }
    return system;
}

DrawRows with_settings(Program const& program, DrawRows draws, Settings settings,
                       std::uint64_t paths) {
    if (paths == 0 || paths % 16 != 0)
        throw BadInput{"settings have a multiple of 16 paths, not " + std::to_string(paths)};
    std::vector<int> held(program.draws.size(), -1);
    for (std::size_t d = 0; d < held.size(); ++d)
        for (std::size_t c = 0; c < settings.cells.size(); ++c)
            if (program.draws[d].cell == settings.cells[c]) held[d] = static_cast<int>(c);
    return [held = std::move(held), draws = std::move(draws), settings = std::move(settings),
            paths](std::uint64_t first) -> DrawRow {
        double const* const values = settings.values.data() + first / paths * settings.cells.size();
        return [&held, &settings, values, rest = draws(first % paths)](std::size_t draw, int step,
                                                                       double* row, int lanes) {
            int const cell = held[draw];
            if (cell < 0 || settings.times[static_cast<std::size_t>(cell)])
                rest(draw, step, row, lanes);
            if (cell < 0) return;
            double const value = values[cell];
            if (settings.times[static_cast<std::size_t>(cell)])
                for (int i = 0; i < lanes; ++i) row[i] *= value;
            else
                std::fill(row, row + lanes, value);
        };
    };
}

DrawRows central_settings(System const& system, Program const& program, Settings settings) {
    std::vector<double> medians;
    std::vector<int> held;
    for (Draw const& draw : program.draws) {
        medians.push_back(median(system.cells[static_cast<std::size_t>(draw.cell)].draw));
        auto const found = std::find(settings.cells.begin(), settings.cells.end(), draw.cell);
        held.push_back(
            found == settings.cells.end() ? -1 : static_cast<int>(found - settings.cells.begin()));
    }
    return [medians = std::move(medians), held = std::move(held),
            settings = std::move(settings)](std::uint64_t first) -> DrawRow {
        return [&medians, &held, &settings, first](std::size_t draw, int, double* row, int lanes) {
            std::fill(row, row + lanes, medians[draw]);
            if (held[draw] < 0) return;
            auto const cell = static_cast<std::size_t>(held[draw]);
            for (std::size_t i = 0; i < static_cast<std::size_t>(lanes); ++i) {
                // Lanes beyond the last path are run too, and thrown away.
                std::size_t const setting = std::min<std::size_t>(first + i, settings.count() - 1);
                double const value = settings.values[setting * settings.cells.size() + cell];
                row[i] = settings.times[cell] ? row[i] * value : value;
            }
        };
    };
}

DrawRows central_draws(System const& system, Program const& program) {
    std::vector<double> medians;
    for (Draw const& draw : program.draws)
        medians.push_back(median(system.cells[static_cast<std::size_t>(draw.cell)].draw));
    return [medians = std::move(medians)](std::uint64_t) -> DrawRow {
        return [&medians](std::size_t draw, int, double* row, int lanes) {
            std::fill(row, row + lanes, medians[draw]);
        };
    };
}

SettingMean mean_of(std::span<double const> values) {
    Moments moments;
    for (double const value : values)
        if (!std::isnan(value)) moments.add(value);
    return {moments.mean(), moments.count() > 1 ? moments.standard_error() : 0, moments.count()};
}

} // namespace perpetuum
