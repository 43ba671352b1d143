// From a book to its gauges: formulae as contracts of the model, measured from payments and defaults.

#include "gauges.hpp"
#include "labels.hpp"
#include "paths.hpp"
#include "tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>

namespace perpetuum {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t paths_traced = 64; ///< whole, for measures of payments
constexpr int joint_quarters = 4;
constexpr std::size_t most_pairs = 10;
constexpr std::size_t years_shown = 3;

/// The one *.gauges file beside the model's texts.
bool read_gauge_file(Reading& reading, GaugedSystem& gauged) {
    std::vector<fs::path> files;
    for (int text = 0; text < reading.diagnostics.texts(); ++text) {
        fs::path const path(reading.diagnostics.text(text).name);
        if (path.extension() != ".model") continue;
        fs::path const folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
        std::error_code error;
        for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
             entry.increment(error))
            if (entry->path().extension() == ".gauges") files.push_back(entry->path());
        break;
    }
    std::sort(files.begin(), files.end());
    if (files.empty()) {
        reading.diagnostics.error({}, "no *.gauges file stands beside the model",
                                  "models/ai-economy/economy.gauges shows what it says");
        return false;
    }
    for (fs::path const& file : files) {
        std::string content, problem;
        if (!read_text_file(file.string(), content, problem)) {
            reading.diagnostics.error({}, problem);
            return false;
        }
        int const text = reading.diagnostics.add_text(file.string(), content);
        GaugeFile part = read_gauges(text, reading.diagnostics);
        if (!part.history_book.empty()) gauged.file.history_book = part.history_book;
        for (Gauge& gauge : part.gauges) gauged.file.gauges.push_back(std::move(gauge));
        gauged.file_name = file.string();
    }
    return !reading.diagnostics.failed();
}

/// Windows of four quarters end at these steps: the ends of calendar years after a whole year.
std::vector<int> usual_steps(System const& system) {
    std::vector<int> steps;
    int const year = std::max(1, static_cast<int>(std::lround(12 / system.step_months)));
    for (int step = year; step <= system.steps && steps.size() < years_shown; ++step) {
        double const end = system.start.months + step * system.step_months;
        if (std::abs(std::remainder(end, 12)) < 0.01) steps.push_back(step);
    }
    if (steps.empty()) steps.push_back(std::min(year, system.steps));
    return steps;
}

CellId cell_of(System const& system, GaugeContract const& contract, std::string const& variable) {
    auto const found = system.names.find(contract.deal + "." + variable);
    return found == system.names.end() ? -1 : found->second;
}

/// A gauge of one firm: its cell, and the one without which there is no number; -1: there is none.
struct GaugeCells {
    CellId value = -1, needs = -1;
};

double with_or_without(double value, double needed) {
    return needed > 0 ? value : std::numeric_limits<double>::infinity();
}

double central_value(Path const& central, GaugeCells const& cells, int step) {
    double const value = central.at(cells.value, step);
    return cells.needs < 0 ? value : with_or_without(value, central.at(cells.needs, step));
}

/// A formula's rows, on the central path.
std::vector<std::pair<GaugeRow, GaugeCells>> formula_rows(GaugedSystem const& gauged,
                                                          Gauge const& gauge, Path const& central,
                                                          std::vector<int> const& steps) {
    std::vector<std::pair<GaugeRow, GaugeCells>> rows;
    System const& system = gauged.system;
    for (GaugeContract const& contract : gauged.contracts) {
        GaugeCells const cells{cell_of(system, contract, gauge.variable),
                               cell_of(system, contract, gauge.needs)};
        if (contract.instrument != gauge.instrument || cells.value < 0) continue;
        GaugeRow row;
        int const entity = system.entity(contract.entity);
        bool const all = entity >= 0 && system.entities[static_cast<std::size_t>(entity)].outside;
        row.of = all ? "" : contract.entity;
        for (int const step : steps)
            row.at.push_back(
                {step, step <= central.steps ? central_value(central, cells, step) : std::nan(""),
                 std::nan(""), std::nan(""), std::nan(""), 0, 0});
        int const year = std::max(1, static_cast<int>(std::lround(12 / system.step_months)));
        for (int step = year; step <= central.steps && row.since.empty(); ++step)
            if (passed_by(gauge, central_value(central, cells, step)))
                row.since = step_label(system, step);
        rows.emplace_back(std::move(row), cells);
    }
    return rows;
}

void set_range(GaugeAt& at, std::vector<double> values) {
    std::erase_if(values, [](double value) { return std::isnan(value); });
    if (values.empty()) return;
    std::sort(values.begin(), values.end());
    auto const rank = [&](double share) {
        return values[static_cast<std::size_t>(
            std::lround(share * static_cast<double>(values.size() - 1)))];
    };
    at.low = rank(0.1), at.middle = rank(0.5), at.high = rank(0.9);
    at.paths = values.size();
    at.without = static_cast<std::uint64_t>(std::count_if(
        values.begin(), values.end(), [](double value) { return std::isinf(value); }));
}

struct WantedPlace {
    GaugeAt* at = nullptr;
    std::size_t value = 0;
    std::optional<std::size_t> needs; ///< columns
};
struct Wanted {
    OutcomesAsked asked;
    std::vector<WantedPlace> places;
};

std::size_t add_series(std::vector<Series>& series, CellId cell, System const& system) {
    bool const coins = system.cells[static_cast<std::size_t>(cell)].coins;
    series.push_back({fmt::format("gauge {}", series.size()), {{cell, coins ? system.coin : 1.0}}});
    return series.size() - 1;
}

void add_columns(Wanted& wanted, GaugeRow& row, GaugeCells const& cells,
                 std::vector<Series>& series, System const& system) {
    std::size_t const value = add_series(series, cells.value, system);
    std::optional<std::size_t> needs;
    if (cells.needs >= 0) needs = add_series(series, cells.needs, system);
    auto& columns = wanted.asked.columns;
    for (GaugeAt& at : row.at) {
        WantedPlace place{&at, columns.size(), {}};
        columns.push_back({value, at.step});
        if (needs) {
            place.needs = columns.size();
            columns.push_back({*needs, at.step});
        }
        wanted.places.push_back(place);
    }
}

void set_range(WantedPlace const& place, Outcomes const& run) {
    std::vector<double> values(run.column(place.value), run.column(place.value) + run.paths());
    if (place.needs)
        for (std::size_t path = 0; path < values.size(); ++path)
            if (!std::isnan(values[path]))
                values[path] = with_or_without(values[path], run.column(*place.needs)[path]);
    set_range(*place.at, std::move(values));
}

/// Of a measure of payments: on the central path, with its range over those traced whole.
std::vector<GaugeRow> measure_rows(std::vector<int> const& steps, MeasureRows const& central,
                                   std::vector<std::vector<MeasureRows>> const& traced,
                                   std::size_t measure) {
    std::map<std::string, std::vector<std::vector<double>>> on_paths;
    for (auto const& path : traced) {
        if (path.empty()) continue; // it failed
        for (auto const& [id, values] : path[measure]) {
            auto& list = on_paths[id];
            list.resize(values.size());
            for (std::size_t i = 0; i < values.size(); ++i) list[i].push_back(values[i]);
        }
    }
    std::vector<GaugeRow> rows;
    for (auto const& [id, values] : central) {
        GaugeRow row;
        row.of = id;
        for (std::size_t i = 0; i < steps.size(); ++i) {
            row.at.push_back({steps[i], values[i], std::nan(""), std::nan(""), std::nan(""), 0, 0});
            if (auto const found = on_paths.find(id); found != on_paths.end())
                set_range(row.at.back(), found->second[i]);
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

std::vector<GaugeRow> joint_rows(Outcomes const& run, System const& system, Book const& book,
                                 std::vector<int> const& firms) {
    std::vector<std::string> ids;
    for (int const firm : firms) ids.push_back(system.entities[static_cast<std::size_t>(firm)].id);
    std::vector<GaugeRow> rows;
    for (JointDefault const& pair : joint_defaults(run, ids, joint_quarters)) {
        if (rows.size() >= most_pairs) break;
        GaugeRow row;
        row.of = pair.first + " and " + pair.second;
        row.label =
            label_of_entity(book, pair.first) + " and " + label_of_entity(book, pair.second);
        row.at.push_back(
            {system.steps, std::nan(""), pair.low, pair.lift, pair.high, pair.both, 0});
        row.range_low = pair.low, row.range_high = pair.high;
        rows.push_back(std::move(row));
    }
    return rows;
}

/// "median 47 % of 60 firms, 3 % to 90 %; 12: no market value": who has no number stands apart.
std::string spread_in_words(Gauge const& gauge, std::vector<double> values,
                            std::string (*shown)(Gauge const&, double)) {
    std::size_t const all = values.size();
    std::erase_if(values, [](double value) { return std::isinf(value); });
    std::string text;
    if (values.size() == 1 && all == 1)
        text = shown(gauge, values[0]);
    else if (!values.empty()) {
        std::sort(values.begin(), values.end());
        text = fmt::format("median {} of {}, {} to {}", shown(gauge, values[values.size() / 2]),
                           count_of(values.size(), "firm"), shown(gauge, values.front()),
                           shown(gauge, values.back()));
    }
    if (std::size_t const rest = all - values.size(); rest > 0)
        text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", rest, gauge.without);
    return text;
}

/// The same formulae on an older book, at the end of its first four quarters.
std::map<std::string, std::string> history_of(Options const& options, GaugedSystem const& gauged,
                                              std::string (*shown)(Gauge const&, double)) {
    std::map<std::string, std::string> history;
    fs::path const here = fs::path(options.book).lexically_normal();
    fs::path const folder = (here.has_filename() ? here : here.parent_path()).parent_path();
    fs::path const there = folder / gauged.file.history_book;
    std::error_code ignored;
    if (gauged.file.history_book.empty() || !fs::is_directory(there, ignored) ||
        fs::equivalent(there, here, ignored))
        return history;
    Options older;
    older.book = there.string();
    Reading reading;
    GaugedSystem past;
    if (!gauged_system(older, reading, past)) return history;
    Program const program = compile(past.system, reading.diagnostics);
    if (reading.diagnostics.failed()) return history;
    Path const central = central_path(past.system, program);
    int const step = usual_steps(past.system)[0];
    for (Gauge const& gauge : past.file.gauges) {
        std::vector<double> values;
        for (auto const& [row, cells] : formula_rows(past, gauge, central, {step}))
            if (!std::isnan(row.at[0].central)) values.push_back(row.at[0].central);
        if (values.empty()) continue;
        history[gauge.id] =
            fmt::format("{} {}: {}", there.filename().string(), step_label(past.system, step),
                        spread_in_words(gauge, std::move(values), shown));
    }
    return history;
}

void check_variable(GaugedSystem const& gauged, Gauge const& gauge, std::string const& variable,
                    Diagnostics& diagnostics) {
    for (GaugeContract const& contract : gauged.contracts)
        if (contract.instrument == gauge.instrument &&
            cell_of(gauged.system, contract, variable) < 0)
            return diagnostics.error(gauge.where, quoted(gauge.instrument) + " has no variable " +
                                                      quoted(variable));
}

} // namespace

bool gauged_system(Options const& options, Reading& reading, GaugedSystem& gauged) {
    if (!read(options, reading) || !read_gauge_file(reading, gauged)) return false;
    gauged.contracts =
        add_gauge_deals(reading.book, reading.vocabulary, gauged.file.gauges, reading.diagnostics);
    if (reading.diagnostics.failed()) return false;
    InstanceOptions under;
    under.scenario = reading.scenario;
    under.ended_deals = reading.ended_deals;
    under.draw_chances = options.many.paths > 0;
    under.steps = options.steps;
    gauged.system = instantiate(reading.book, reading.model, under, reading.diagnostics);
    for (Gauge const& gauge : gauged.file.gauges)
        for (std::string const& variable : {gauge.variable, gauge.needs})
            if (!variable.empty()) check_variable(gauged, gauge, variable, reading.diagnostics);
    return !reading.diagnostics.failed();
}

std::optional<GaugesAnswer> gauges_of_book(Options const& options, Reading& reading) {
    GaugedSystem gauged;
    if (!gauged_system(options, reading, gauged)) return std::nullopt;
    System const& system = gauged.system;
    Program const whole = compile(system, reading.diagnostics);
    Answer refusal;
    auto const asked = paths_asked(options, refusal);
    if (reading.diagnostics.failed() || !asked) {
        if (!asked) reading.diagnostics.error({}, refusal.talk);
        return std::nullopt;
    }
    GaugesAnswer answer;
    answer.title = reading.book.title;
    answer.file = fs::path(gauged.file_name).lexically_normal().filename().string();
    answer.steps = usual_steps(system);
    for (int const step : answer.steps) answer.labels.push_back(step_label(system, step));
    answer.seed = options.many.seed;

    Path const central = central_path(system, whole);
    std::vector<std::string> measured;
    for (Gauge const& gauge : gauged.file.gauges)
        if (!gauge.measure.empty()) measured.push_back(gauge.measure);
    MeasuredPaths const about{&system, &reading.book, answer.steps,
                              promises_of(system, reading.book)};
    auto const on_central = traced_measures(about, central, measured);
    auto const traced = traced_paths(about, asked->settings,
                                     std::min<std::uint64_t>(asked->range.end, paths_traced),
                                     measured, reading.diagnostics);
    answer.traced = static_cast<std::uint64_t>(std::count_if(
        traced.begin(), traced.end(), [](auto const& path) { return !path.empty(); }));
    auto const history = history_of(options, gauged, shown_gauge);

    std::vector<Series> series;
    Wanted wanted;
    std::size_t joint = gauged.file.gauges.size();
    answer.tables.reserve(gauged.file.gauges.size());
    for (Gauge const& gauge : gauged.file.gauges) {
        GaugeTable& table = answer.tables.emplace_back();
        table.gauge = gauge;
        auto const past = history.find(gauge.id);
        table.history =
            gauge.history.empty() && past != history.end() ? past->second : gauge.history;
        if (gauge.measure == "joint default lift") {
            joint = answer.tables.size() - 1;
        } else if (!gauge.measure.empty()) {
            auto const place = static_cast<std::size_t>(
                std::find(measured.begin(), measured.end(), gauge.measure) - measured.begin());
            table.rows = measure_rows(answer.steps, on_central[place], traced, place);
            table.traced = true;
        } else {
            auto rows = formula_rows(gauged, gauge, central, answer.steps);
            table.rows.reserve(rows.size());
            for (auto& [row, cells] : rows) {
                table.rows.push_back(std::move(row));
                add_columns(wanted, table.rows.back(), cells, series, system);
            }
        }
    }
    wanted.asked.keeping = keeping_of(system, std::move(series));
    CompileOptions wishes;
    wishes.wanted = wanted_by(system, wanted.asked.keeping);
    Program const lean = compile(system, reading.diagnostics, wishes);
    auto const run =
        outcomes(system, lean, wanted.asked, draws_of(system, lean, asked->settings.sample),
                 asked->range, asked->settings.threads, asked->settings.block);
    if (!run) return std::nullopt;
    answer.paths = run->paths();
    answer.failed = run->failed.count();
    for (WantedPlace const& place : wanted.places) set_range(place, *run);
    if (joint < answer.tables.size())
        answer.tables[joint].rows =
            joint_rows(*run, system, reading.book, wanted.asked.keeping.firms);
    for (GaugeTable& table : answer.tables)
        for (GaugeRow& row : table.rows) {
            if (row.label.empty())
                row.label = row.of.empty() ? "all together" : label_of_entity(reading.book, row.of);
            if (!row.at.empty() && std::isfinite(row.at[0].middle))
                row.passed = passed_by(table.gauge, row.at[0].middle);
        }
    return answer;
}

} // namespace perpetuum
