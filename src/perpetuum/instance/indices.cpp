// Indices of interest: a series of dated figures of the book becomes a quantity of its own, read by
// every parameter that names it.

#include "builder.hpp"

#include <algorithm>

namespace perpetuum::instancing {

namespace {

bool is_certain(DatedFigure const& figure) {
    return figure.rivals.size() == 1 && figure.rivals[0].shape == Shape::point;
}

/// Those that are known, by date.
std::vector<DatedFigure> figures_of(DatedSeries const& series, bool all_rivals) {
    std::vector<DatedFigure> figures;
    for (auto const& [period, entry] : series.values) {
        Figure const* used = entry.used();
        if (!used || used->holds != Figure::Holds::amount) continue;
        auto rivals = all_rivals ? rivals_of(entry, 1) : std::vector<Distribution>{};
        if (rivals.empty()) rivals.push_back(spread_of_figure(*used));
        figures.push_back({period, std::move(rivals)});
    }
    std::stable_sort(figures.begin(), figures.end(),
                     [](auto const& a, auto const& b) { return a.at.begin < b.at.begin; });
    return figures;
}

} // namespace

NodeId Builder::index_value(std::string const& id) {
    std::string const name = "index." + id;
    if (auto const known = cell_named(name)) return of_cell(*known);
    auto const series = std::find_if(book.indices.begin(), book.indices.end(),
                                     [&](DatedSeries const& one) { return one.id == id; });
    if (series == book.indices.end()) return constant(0);
    auto const figures = figures_of(*series, options.draw_rivals);
    if (figures.empty()) {
        diagnostics.warning(series->where,
                            "index " + quoted(id) +
                                " has no figure known by the book's as_of: it counts as 0",
                            "an assumed figure would say what you think it is");
        add_index_cell(name, *series).value = constant(0);
        return of_cell(last_cell());
    }
    // The last that has begun by a step's middle, before the first of them the first.
    std::vector<std::size_t> holds;
    for (int step = 1; step <= system.steps; ++step) {
        double const middle = system.start.months + (step - 0.5) * system.step_months;
        std::size_t found = 0;
        while (found + 1 < figures.size() && figures[found + 1].at.begin.months <= middle) ++found;
        holds.push_back(found);
    }
    if (holds.front() == holds.back())
        return index_figure(name, *series, figures[holds.front()].rivals);
    return index_by_step(*series, figures, holds);
}

/// One figure of an index, or one of its rivals.
NodeId Builder::index_figure(std::string const& name, DatedSeries const& series,
                             std::vector<Distribution> const& rivals) {
    NodeId const one = rivals.size() > 1 ? one_of(name, rivals) : -1;
    Cell& cell = add_index_cell(name, series);
    if (rivals.size() > 1) {
        cell.value = one;
    } else {
        cell.drawn = true;
        cell.draw = rivals[0];
    }
    return of_cell(last_cell());
}

/// holds  by step, which of the figures
NodeId Builder::index_by_step(DatedSeries const& series, std::vector<DatedFigure> const& figures,
                              std::vector<std::size_t> const& holds) {
    std::string const name = "index." + series.id;
    auto const by_step = [&](std::string called, auto const& value) {
        count_given(1);
        Cell& cell = add_index_cell(std::move(called), series);
        cell.type = CellType::series;
        for (std::size_t const i : holds) cell.steps.push_back(value(i));
        return of_cell(last_cell());
    };
    auto const known = [&](std::size_t i) {
        return is_certain(figures[i]) ? median(figures[i].rivals[0]) : 0;
    };
    bool const certain = std::all_of(holds.begin(), holds.end(),
                                     [&](std::size_t i) { return is_certain(figures[i]); });
    if (certain) return by_step(name, known);
    NodeId value = by_step(name + ".known", known);
    for (std::size_t i = holds.front(); i <= holds.back(); ++i) {
        if (is_certain(figures[i])) continue;
        std::string const called = name + "." + print_period(figures[i].at);
        NodeId const now =
            by_step(called + " holds", [&](std::size_t held) { return held == i ? 1.0 : 0.0; });
        NodeId const figure = index_figure(called, series, figures[i].rivals);
        value = make(NodeOp::add, value, make(NodeOp::multiply, now, figure));
    }
    add_index_cell(name, series).value = value;
    return of_cell(last_cell());
}

Cell& Builder::add_index_cell(std::string name, DatedSeries const& series) {
    Cell& cell = add_cell(std::move(name), CellType::parameter);
    cell.phrase = "the index " + series.id;
    cell.unit = {{{"month", -1}}, 1};
    cell.where = series.where;
    return cell;
}

} // namespace perpetuum::instancing
