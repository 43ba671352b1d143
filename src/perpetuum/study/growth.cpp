// How a nudge of a start grows: the central path with and without it, settings side by side.

#include <perpetuum/study.hpp>

#include <cmath>
#include <limits>

namespace perpetuum {

namespace {

constexpr double size_of_nudge = 1e-4;
constexpr int lanes_of_a_block = 16;

template <class Difference>
NudgeGrowth growth_of(Difference difference, int steps) {
    double const before = difference(0), none = std::numeric_limits<double>::quiet_NaN();
    if (before == 0) return {none, none, none, 0};
    NudgeGrowth growth;
    for (int step = 1; step <= steps; ++step) {
        growth.after = difference(step) / before;
        if (std::abs(growth.after) > std::abs(growth.largest)) {
            growth.largest = growth.after;
            growth.largest_at = step;
        }
    }
    growth.factor = std::pow(std::abs(growth.after), 1.0 / steps);
    return growth;
}

} // namespace

System nudgeable(System system, CellId id, CellId& nudge) {
    nudge = static_cast<CellId>(system.cells.size());
    Cell figure;
    figure.name = "the nudge of " + system.cells.at(static_cast<std::size_t>(id)).name;
    figure.type = CellType::parameter;
    figure.drawn = true;
    figure.draw = {Shape::discrete, {0, 1}}; // no constant, so that a setting can hold it
    system.cells.push_back(figure);
    NodeId const start = system.cells[static_cast<std::size_t>(id)].start;
    if (start < 0)
        throw BadInput{system.cells[static_cast<std::size_t>(id)].name +
                       " starts from nothing: there is nothing to nudge"};
    auto const add = [&](Node node) {
        system.nodes.push_back(node);
        return static_cast<NodeId>(system.nodes.size() - 1);
    };
    Node one, read, sum, product;
    one.value = 1;
    read.op = NodeOp::cell;
    read.cell = nudge;
    NodeId const one_id = add(one), read_id = add(read);
    sum.op = NodeOp::add;
    sum.arguments = {one_id, read_id, -1};
    product.op = NodeOp::multiply;
    product.arguments = {start, add(sum), -1};
    system.cells[static_cast<std::size_t>(id)].start = add(product);
    return system;
}

std::vector<NudgeGrowth> nudge_growth(System const& system, Program const& program,
                                      StudyOutput const& output, Settings const& settings,
                                      CellId nudge, int threads) {
    // Each setting twice: as it is, and nudged.
    Settings twice{settings.cells, settings.times, {}};
    twice.cells.push_back(nudge);
    twice.times.push_back(false);
    for (std::size_t s = 0; s < settings.count(); ++s)
        for (double const size : {0.0, size_of_nudge}) {
            auto const begin =
                settings.values.begin() + static_cast<std::ptrdiff_t>(s * settings.cells.size());
            twice.values.insert(twice.values.end(), begin,
                                begin + static_cast<std::ptrdiff_t>(settings.cells.size()));
            twice.values.push_back(size);
        }
    OutcomesAsked asked;
    asked.keeping.series = {output.series};
    asked.keeping.series[0].window = 1;
    asked.keeping.audit = false;
    for (int step = 0; step <= output.last; ++step) asked.columns.push_back({0, step});
    asked.last_step = output.last;
    std::size_t const count = twice.count();
    auto const all =
        outcomes(system, program, asked, central_settings(system, program, std::move(twice)),
                 {0, count}, threads, lanes_of_a_block);
    std::vector<NudgeGrowth> growth;
    for (std::size_t s = 0; s + 1 < count; s += 2) {
        auto const difference = [&](int step) {
            double const* const column = all->column(static_cast<std::size_t>(step));
            return column[s + 1] - column[s];
        };
        growth.push_back(growth_of(difference, output.last));
    }
    return growth;
}

} // namespace perpetuum
