// perpetuum study grid BOOK --x … --y … --of OUTPUT: two figures, the same draws at every point.

#include "study.hpp"

#include "tables.hpp"

#include <fmt/format.h>

namespace perpetuum {

namespace {

constexpr int most_points = 10'000;

double value_at(Variation const& variation, int point) {
    return variation.at(static_cast<double>(point) / (variation.points - 1));
}

std::string table_of(GridAnswer const& grid, bool central) {
    TextTable table;
    table.head = {printable(grid.y.name) + " \\ " + printable(grid.x.name)};
    table.align = "l";
    for (int x = 0; x < grid.x.points; ++x) {
        table.head.push_back(print_variation(grid.x, value_at(grid.x, x)));
        table.align += 'r';
    }
    double error = 0;
    for (int y = 0; y < grid.y.points; ++y) {
        std::vector<std::string> row{print_variation(grid.y, value_at(grid.y, y))};
        for (int x = 0; x < grid.x.points; ++x) {
            SettingMean const& mean = grid.means[static_cast<std::size_t>(y * grid.x.points + x)];
            row.push_back(print_output(grid.output, mean.mean));
            error = std::max(error, mean.error);
        }
        table.rows.push_back(std::move(row));
    }
    std::string const text =
        fmt::format("\n{}\n", printable(grid.output.text)) + print_table(table);
    if (central) return text;
    return text + fmt::format("standard error {} at most; between points far less: the draws are "
                              "the same\n",
                              print_output(grid.output, error));
}

} // namespace

Answer study_grid(Options const& options) {
    Answer refusal;
    if (options.study.x.empty() || options.study.y.empty() || options.study.of.empty())
        return refused(
            "a grid needs --x, --y and --of",
            "--x \"rent_decay = 5..35 % by 4\" --y \"NAME = A..B by N\" --of \"default openai\"");
    auto book =
        open_study(options, {options.study.of, {options.study.x, options.study.y}, {}}, refusal);
    if (!book) return refusal;
    Variation const &x = book->variations[0], &y = book->variations[1];
    if (x.own || y.own)
        return refused("a grid needs ranges", "--x \"" + printable(x.name) + " = A..B by N\"");
    if (x.points * y.points > most_points)
        return refused(fmt::format("{} points are too many", x.points * y.points),
                       fmt::format("at most {}", most_points));
    bool const central = options.study.central; // a lane for each point
    std::uint64_t const paths =
        central ? 1 : (std::max<std::uint64_t>(options.many.paths, 1) + 63) / 64 * 64;
    Settings settings{{x.cell, y.cell}, {x.times, y.times}, {}};
    for (int j = 0; j < y.points; ++j)
        for (int i = 0; i < x.points; ++i) {
            settings.values.push_back(value_at(x, i));
            settings.values.push_back(value_at(y, j));
        }
    std::uint64_t const all = paths * settings.count();
    auto draws = central
                     ? central_settings(book->system, book->program, std::move(settings))
                     : with_settings(book->program,
                                     draws_of(book->system, book->program, book->settings.sample),
                                     std::move(settings), paths);
    StudyPaths run(options, *book);
    run.expect(all, draws, all);
    std::vector<std::vector<double>> values;
    if (!run.run("grid", draws, {0, all}, values)) return run.cut_short();
    std::vector<GridAnswer> grids;
    for (std::size_t o = 0; o < values.size(); ++o) {
        GridAnswer grid{book->run.outputs[o], x, y, {}};
        for (std::size_t s = 0; s * paths < all; ++s)
            grid.means.push_back(mean_of(std::span(values[o]).subspan(s * paths, paths)));
        grids.push_back(std::move(grid));
    }
    Answer answer;
    if (options.json) {
        answer.text = grid_as_json(*book, grids, all);
        return answer;
    }
    answer.text = study_title(
        *book,
        fmt::format("{} by {} points, {}", x.points, y.points,
                    central ? std::string("central path") : fmt::format("{} paths each", paths)),
        central ? 0 : all);
    for (GridAnswer const& grid : grids) answer.text += table_of(grid, central);
    if (!book->reading.plain) answer.talk = talk_of(book->reading, options.book);
    return answer;
}

} // namespace perpetuum
