// A draw depends on the seed, the figure's name, the path and the step, and on nothing else; where
// figures go together, on the names of those.

#include "drawing.hpp"

#include <algorithm>
#include <cmath>

namespace perpetuum {

namespace {

std::size_t place_of(std::vector<std::string> const& names, std::string const& name) {
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

std::optional<CellId> drawn_cell(System const& system, std::string const& name) {
    auto const found = system.names.find(name);
    if (found == system.names.end()) return std::nullopt;
    Cell const& cell = system.cells[static_cast<std::size_t>(found->second)];
    return cell.drawn ? std::optional(found->second) : std::nullopt;
}

} // namespace

std::vector<CorrelationGroup> groups_of(std::vector<Correlation> const& correlations) {
    std::vector<std::vector<std::string>> groups;
    for (Correlation const& pair : correlations) {
        std::vector<std::string> joined{pair.first, pair.second};
        std::erase_if(groups, [&](std::vector<std::string> const& group) {
            bool const touches = place_of(group, pair.first) < group.size() ||
                                 place_of(group, pair.second) < group.size();
            if (touches) joined.insert(joined.end(), group.begin(), group.end());
            return touches;
        });
        std::sort(joined.begin(), joined.end());
        joined.erase(std::unique(joined.begin(), joined.end()), joined.end());
        groups.push_back(std::move(joined));
    }
    std::sort(groups.begin(), groups.end());
    std::vector<CorrelationGroup> result;
    for (auto& names : groups) {
        auto const n = names.size();
        std::vector<double> table(n * n, 0.0);
        for (std::size_t i = 0; i < n; ++i) table[i * n + i] = 1;
        for (Correlation const& pair : correlations) {
            auto const i = place_of(names, pair.first), j = place_of(names, pair.second);
            if (i < n && j < n) table[i * n + j] = table[j * n + i] = pair.value;
        }
        result.push_back({std::move(names), std::move(table)});
    }
    return result;
}

std::string fault_of(System const& system, std::vector<Correlation> const& correlations) {
    for (Correlation const& pair : correlations) {
        auto const first = drawn_cell(system, pair.first), second = drawn_cell(system, pair.second);
        if (!first || !second)
            return quoted(first ? pair.second : pair.first) + " is not drawn: it has no spread";
        if (*first == *second) return quoted(pair.first) + " cannot go together with itself";
        auto const of = [&](CellId cell) { return system.cells[static_cast<std::size_t>(cell)]; };
        if (of(*first).each_step != of(*second).each_step)
            return quoted(pair.first) + " and " + quoted(pair.second) +
                   " cannot go together: one is drawn once a path, the other in each step";
        if (!(std::abs(pair.value) <= 1))
            return "a correlation lies between -1 and 1, not at " + std::to_string(pair.value);
    }
    for (CorrelationGroup const& group : groups_of(correlations))
        if (auto const fault = Copula::fault(group.table))
            return "the correlations contradict each other: that of " +
                   quoted(group.names[fault->first]) + " and " +
                   quoted(group.names[fault->second]) +
                   (fault->lowest > fault->highest
                        ? " can have no value beside the others"
                        : " would have to lie between " + std::to_string(fault->lowest) + " and " +
                              std::to_string(fault->highest));
    return {};
}

Drawing::Drawing(System const& system, Program const& program, Sample const& sample)
    : plan_{sample.sampling, sample.seed, sample.paths} {
    if (auto const fault = fault_of(system, sample.correlations); !fault.empty())
        throw BadInput{fault};
    // Dimensions of a plan go by the order of the cells, which is the book's and the model's.
    std::vector<std::size_t> order(system.cells.size(), 0);
    std::size_t dimensions = sample.first_dimension;
    for (std::size_t i = 0; i < system.cells.size(); ++i)
        if (system.cells[i].drawn && !system.cells[i].each_step &&
            system.cells[i].draw.shape != Shape::point)
            order[i] = dimensions++;
    auto const source = [&](CellId id) {
        Cell const& cell = system.cells[static_cast<std::size_t>(id)];
        return Source{cell.name, stream_key(sample.seed, cell.name),
                      order[static_cast<std::size_t>(id)], cell.each_step};
    };
    auto const groups = groups_of(sample.correlations);
    for (CorrelationGroup const& group : groups) {
        groups_.push_back({Copula(group.table), {}});
        for (std::string const& name : group.names)
            groups_.back().sources.push_back(source(system.names.at(name)));
    }
    for (Draw const& draw : program.draws) {
        Cell const& cell = system.cells[static_cast<std::size_t>(draw.cell)];
        Figure figure{Quantile(cell.draw), source(draw.cell)};
        for (std::size_t g = 0; g < groups.size(); ++g) {
            auto const place = place_of(groups[g].names, cell.name);
            if (place == groups[g].names.size()) continue;
            figure.group = static_cast<int>(g);
            figure.place = static_cast<int>(place);
        }
        figures_.push_back(std::move(figure));
    }
}

void Drawing::normal_row(Source const& source, int step, std::uint64_t first, double* row,
                         std::size_t lanes) const {
    if (planned_source(source)) {
        planned(row, plan_, source.name, source.dimension, first, lanes);
        probabilities_to_normals(row, lanes);
    } else {
        normals(row, source.key, first, lanes, static_cast<std::uint64_t>(step));
    }
}

void Drawing::fill(std::size_t number, int step, std::uint64_t first, double* row,
                   int lanes) const {
    Figure const& figure = figures_[number];
    auto const count = static_cast<std::size_t>(lanes);
    if (figure.group < 0 && !planned_source(figure.source)) {
        figure.quantile.draw(row, figure.source.key, first, count,
                             static_cast<std::uint64_t>(step));
        return;
    }
    if (figure.group < 0) {
        planned(row, plan_, figure.source.name, figure.source.dimension, first, count);
        figure.quantile.in_place(row, count);
        return;
    }
    Group const& group = groups_[static_cast<std::size_t>(figure.group)];
    std::vector<double> all(group.sources.size() * count);
    std::vector<double*> rows;
    for (std::size_t i = 0; i < group.sources.size(); ++i) {
        rows.push_back(all.data() + i * count);
        normal_row(group.sources[i], step, first, rows[i], count);
    }
    group.copula.correlate(rows, count);
    std::copy_n(rows[static_cast<std::size_t>(figure.place)], count, row);
    if (figure.quantile.from_normal()) {
        figure.quantile.normals_to_values(row, count);
    } else {
        normals_to_probabilities(row, count);
        figure.quantile.in_place(row, count);
    }
}

DrawRow Drawing::from(std::uint64_t first) const {
    return [this, first](std::size_t number, int step, double* row, int lanes) {
        fill(number, step, first, row, lanes);
    };
}

} // namespace perpetuum
