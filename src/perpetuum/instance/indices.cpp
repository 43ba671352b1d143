// Indices of interest: a series of dated figures of the book becomes a quantity of its own, read by
// every parameter that names it.

#include "builder.hpp"

#include <algorithm>

namespace perpetuum::instancing {

namespace {

struct DatedFigure {
    Date from;
    Distribution spread;
};

/// The figures used, by date.
std::vector<DatedFigure> figures_of(DatedSeries const& series) {
    std::vector<DatedFigure> figures;
    for (auto const& [period, entry] : series.values)
        if (Figure const* used = entry.used(); used && used->holds == Figure::Holds::amount)
            figures.push_back({period.begin, spread_of_figure(*used)});
    std::stable_sort(figures.begin(), figures.end(),
                     [](auto const& a, auto const& b) { return a.from < b.from; });
    return figures;
}

} // namespace

NodeId Builder::index_value(std::string const& id) {
    std::string const name = "index." + id;
    if (auto const known = cell_named(name)) return of_cell(*known);
    auto const series = std::find_if(book.indices.begin(), book.indices.end(),
                                     [&](DatedSeries const& one) { return one.id == id; });
    if (series == book.indices.end()) return constant(0);
    auto const figures = figures_of(*series);
    if (figures.empty()) return constant(0);
    // The last that has begun by a step's middle, before the first of them the first.
    auto const at = [&](int step) {
        double const middle = system.start.months + (step - 0.5) * system.step_months;
        std::size_t found = 0;
        while (found + 1 < figures.size() && figures[found + 1].from.months <= middle) ++found;
        return found;
    };
    std::size_t const newest = figures.size() - 1;
    bool const changes = at(1) != at(system.steps);
    bool const drawn = at(system.steps) == newest && figures[newest].spread.shape != Shape::point;
    auto const describe = [&](Cell& cell) -> Cell& {
        cell.phrase = "the index " + id;
        cell.unit = {{{"month", -1}}, 1};
        cell.where = series->where;
        return cell;
    };
    if (!changes) {
        Cell& cell = describe(add_cell(name, CellType::parameter));
        cell.drawn = true;
        cell.draw = figures[at(1)].spread;
        return of_cell(last_cell());
    }
    NodeId const later = drawn ? drawn_once(name + ".newest", figures[newest].spread) : -1;
    auto const by_step = [&](std::string called, auto const& value) {
        count_given(1);
        Cell& cell = describe(add_cell(std::move(called), CellType::series));
        for (int step = 1; step <= system.steps; ++step) cell.steps.push_back(value(at(step)));
        return of_cell(last_cell());
    };
    if (!drawn) return by_step(name, [&](std::size_t i) { return median(figures[i].spread); });
    NodeId const known = by_step(name + ".known", [&](std::size_t i) {
        return i == newest ? 0 : median(figures[i].spread);
    });
    NodeId const is_newest =
        by_step(name + ".is newest", [&](std::size_t i) { return i == newest ? 1.0 : 0.0; });
    describe(add_cell(name, CellType::parameter));
    CellId const whole = last_cell();
    system.cells[static_cast<std::size_t>(whole)].value =
        make(NodeOp::add, known, make(NodeOp::multiply, is_newest, later));
    return of_cell(whole);
}

} // namespace perpetuum::instancing
