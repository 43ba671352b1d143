// Which draws a row of a sensitivity study takes: A, B, or A with one group from B.

#include <perpetuum/study.hpp>

#include <algorithm>
#include <map>

namespace perpetuum {

namespace {

/// B's seed: other streams than A's.
std::uint64_t other_seed(std::uint64_t seed) { return stream_key(seed, "the other half"); }

std::size_t figures_drawn(System const& system) {
    return static_cast<std::size_t>(
        std::count_if(system.cells.begin(), system.cells.end(), [](Cell const& cell) {
            return cell.drawn && !cell.each_step && cell.draw.shape != Shape::point;
        }));
}

/// By name: the least name of those that go together with it, itself at first.
std::map<std::string, std::string> joined_names(std::vector<Correlation> const& correlations) {
    std::map<std::string, std::string> least;
    auto const of = [&](std::string const& name) {
        return least.try_emplace(name, name).first->second;
    };
    for (Correlation const& pair : correlations) {
        std::string const a = of(pair.first), b = of(pair.second);
        for (auto& [name, leader] : least)
            if (leader == a || leader == b) leader = std::min(a, b);
    }
    return least;
}

} // namespace

std::vector<InputGroup> input_groups(System const& system, Program const& program,
                                     std::vector<Correlation> const& correlations) {
    std::vector<InputGroup> groups;
    InputGroup stream{"the random stream", {}, true};
    auto const joined = joined_names(correlations);
    std::map<std::string, std::size_t> of_leader;
    for (Draw const& draw : program.draws) {
        Cell const& cell = system.cells[static_cast<std::size_t>(draw.cell)];
        if (draw.each_step) {
            stream.cells.push_back(draw.cell);
            continue;
        }
        auto const together = joined.find(cell.name);
        if (together != joined.end()) {
            auto const [place, is_new] = of_leader.try_emplace(together->second, groups.size());
            if (!is_new) {
                groups[place->second].cells.push_back(draw.cell);
                groups[place->second].name += " + " + cell.name;
                continue;
            }
        }
        groups.push_back({cell.name, {draw.cell}, false});
    }
    std::sort(groups.begin(), groups.end(), [](InputGroup const& a, InputGroup const& b) {
        return a.cells.front() < b.cells.front();
    });
    if (!stream.cells.empty()) groups.push_back(std::move(stream));
    return groups;
}

DrawRows pick_freeze(System const& system, Program const& program,
                     std::vector<InputGroup> const& groups, std::uint64_t rows, std::uint64_t seed,
                     std::vector<Correlation> const& correlations) {
    if (rows == 0 || rows % 64 != 0)
        throw BadInput{"a design has a multiple of 64 rows, not " + std::to_string(rows)};
    std::vector<std::uint64_t> variant(program.draws.size(), 0);
    for (std::size_t d = 0; d < variant.size(); ++d)
        for (std::size_t g = 0; g < groups.size(); ++g)
            if (std::count(groups[g].cells.begin(), groups[g].cells.end(), program.draws[d].cell))
                variant[d] = 2 + g;
    for (std::size_t d = 0; d < variant.size(); ++d)
        if (variant[d] == 0)
            throw BadInput{system.cells[static_cast<std::size_t>(program.draws[d].cell)].name +
                           " is in no group"};
    auto a = draws_of(system, program, {seed, Sampling::sobol, rows, correlations, 0});
    auto b =
        draws_of(system, program,
                 {other_seed(seed), Sampling::sobol, rows, correlations, figures_drawn(system)});
    return [a = std::move(a), b = std::move(b), variant = std::move(variant),
            rows](std::uint64_t first) -> DrawRow {
        std::uint64_t const which = first / rows, row = first % rows;
        return [&variant, which, from_a = a(row), from_b = b(row)](std::size_t draw, int step,
                                                                   double* out, int lanes) {
            bool const other = which == 1 || variant[draw] == which;
            (other ? from_b : from_a)(draw, step, out, lanes);
        };
    };
}

std::vector<double> drawn_values(Program const& program, DrawRows const& draws, CellId cell,
                                 std::uint64_t first, std::uint64_t paths) {
    std::vector<double> values(static_cast<std::size_t>(paths));
    for (std::size_t d = 0; d < program.draws.size(); ++d)
        if (program.draws[d].cell == cell && !program.draws[d].each_step)
            for (std::uint64_t path = 0; path < paths; path += 16)
                draws(first + path)(d, 0, values.data() + path, 16);
    return values;
}

} // namespace perpetuum
