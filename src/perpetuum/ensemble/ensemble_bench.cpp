/// What many paths cost.
///
///     ensemble_bench [PATHS]              the AI book (10,000 paths): where the time goes
///     ensemble_bench MODEL START PATHS    a textbook model as bench/ensemble.py wants it: START is
///                                         what bench/prototypes.py wrote, PATHS a multiple of 128
///
/// Least processor time of several repeats; of two threads, least time on the wall too. Each answer
/// is checked, here or by the caller.

#include "drawing.hpp"
#include "record.hpp"

#include <perpetuum/ensemble.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <thread>

namespace perpetuum {
namespace {

constexpr int periods = 100;

[[noreturn]] void refuse(std::string const& what) {
    std::printf("ensemble_bench: %s\n", what.c_str());
    std::exit(1);
}

void require(Diagnostics const& diagnostics) {
    if (diagnostics.failed()) refuse(diagnostics.render());
}

double processor_time() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}
double wall_time() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

struct Least {
    double processor = 1e300, wall = 1e300;
    template <class Work>
    void of(Work work) {
        double const wall_begin = wall_time(), begin = processor_time();
        work();
        processor = std::min(processor, processor_time() - begin);
        wall = std::min(wall, wall_time() - wall_begin);
    }
};

std::string content_of(std::string const& path) {
    std::string content, problem;
    if (!read_text_file(path, content, problem)) refuse(problem);
    return content;
}

// ---- textbook models ----------------------------------------------------------------------------

struct Textbook {
    std::string name;
    std::vector<std::pair<std::string, double>> parameters, states;
};

Textbook read_start(std::string const& name, std::string const& file) {
    Textbook textbook{name, {}, {}};
    std::ifstream in(file);
    std::string kind, what;
    double value = 0;
    while (in >> kind >> what >> value)
        (kind == "param" ? textbook.parameters : textbook.states).emplace_back(what, value);
    if (textbook.parameters.size() != 2 || textbook.states.empty())
        refuse(file + " does not name two parameters and states");
    return textbook;
}

/// The model with its two parameters drawn, within a twentieth of what they are, and every variable
/// starting where the baseline ends.
System system_of(Textbook const& textbook, Diagnostics& diagnostics) {
    std::string const file = PERPETUUM_SOURCE "/books/godley-lavoie/" + textbook.name + ".model";
    int const text = diagnostics.add_text(file, content_of(file));
    Model const model = parse_model({text}, {}, diagnostics);
    Book book;
    for (auto const& [parameter, value] : textbook.parameters) {
        Figure figure;
        figure.value = value;
        figure.spread = Distribution{Shape::uniform, {0.95 * value, 1.05 * value}};
        book.parameters[parameter].rivals = {figure};
    }
    InstanceOptions options;
    options.steps = periods;
    System system = instantiate(book, model, options, diagnostics);
    require(diagnostics);
    for (auto const& [variable, value] : textbook.states) {
        auto const found = system.names.find(variable);
        if (found == system.names.end()) continue;
        Cell& cell = system.cells[static_cast<std::size_t>(found->second)];
        if (cell.type != CellType::variable) continue;
        Node node;
        node.value = value;
        cell.start = static_cast<NodeId>(system.nodes.size());
        system.nodes.push_back(node);
    }
    return system;
}

/// The paths of prototypes/sim/limit.cpp: a factor in [0.95, 1.05) by the number of the path.
double factor(std::size_t parameter, std::uint64_t path) {
    std::uint64_t const hash =
        parameter == 0 ? path * 2654435761u % 1000003 : (path * 40503u + 77) % 1000003;
    return 1 + 0.1 * (static_cast<double>(hash) / 1000003 - 0.5);
}

struct Stepping {
    System const& system;
    Program const& program;
    std::vector<std::size_t> number; ///< by draw: which parameter
    std::vector<double> value;       ///< by draw
    CellId watched = -1;
    int lanes = 64;

    /// The sum of the watched state over paths [begin, end) and all steps.
    double run(std::uint64_t begin, std::uint64_t end) const {
        PathBlock block(system, program, lanes);
        std::vector<double> sums(static_cast<std::size_t>(lanes), 0.0);
        for (std::uint64_t first = begin; first < end; first += static_cast<std::uint64_t>(lanes)) {
            block.begin([&](std::size_t draw, int, double* row, int count) {
                for (int i = 0; i < count; ++i)
                    row[i] =
                        value[draw] * factor(number[draw], first + static_cast<std::uint64_t>(i));
            });
            for (int step = 1; step <= periods; ++step) {
                block.advance();
                RowView const view = block.view(watched);
                for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += view.row[i];
            }
        }
        double sum = 0;
        for (double const one : sums) sum += one;
        return sum;
    }

    double on_threads(int threads, std::uint64_t paths) const {
        std::vector<double> sums(static_cast<std::size_t>(threads));
        std::vector<std::thread> others;
        std::uint64_t const part = paths / static_cast<std::uint64_t>(threads);
        auto const work = [&](int t) {
            auto const first = static_cast<std::uint64_t>(t) * part;
            sums[static_cast<std::size_t>(t)] = run(first, first + part);
        };
        for (int t = 1; t < threads; ++t) others.emplace_back(work, t);
        work(0);
        for (std::thread& other : others) other.join();
        double sum = 0;
        for (double const one : sums) sum += one;
        return sum;
    }
};

Stepping stepping_of(System const& system, Program const& program, Textbook const& textbook,
                     CellId watched) {
    Stepping stepping{system, program, {}, {}, watched, 64};
    for (Draw const& draw : program.draws) {
        std::string const& name = system.cells[static_cast<std::size_t>(draw.cell)].name;
        std::size_t const number = name == textbook.parameters[0].first ? 0 : 1;
        if (name != textbook.parameters[number].first) refuse(name + " is drawn");
        stepping.number.push_back(number);
        stepping.value.push_back(textbook.parameters[number].second);
    }
    return stepping;
}

void measure_stepping(Stepping stepping, std::string const& name, std::uint64_t paths) {
    double const path_steps = static_cast<double>(paths) * periods;
    for (int const lanes : {64, 128})
        for (int const threads : {1, 2}) {
            stepping.lanes = lanes;
            Least least;
            double sum = 0;
            for (int i = 0; i < 5; ++i)
                least.of([&] { sum = stepping.on_threads(threads, paths); });
            std::printf("stepping %s %d %d %.4f %.4f %.17g\n", name.c_str(), lanes, threads,
                        least.processor / path_steps * 1e9, least.wall / path_steps * 1e9,
                        sum / path_steps);
        }
}

void measure_statistics(System const& system, CellId watched, std::string const& name,
                        std::uint64_t paths) {
    Diagnostics diagnostics;
    Keeping keeping = keeping_of(system, {{"watched", {{watched, 1}}, 1}});
    keeping.checks.clear();
    CompileOptions options;
    options.wanted = wanted_by(system, keeping);
    Program const program = compile(system, diagnostics, options);
    require(diagnostics);
    double const path_steps = static_cast<double>(paths) * periods;
    for (int const threads : {1, 2}) {
        Least least;
        double mean = 0;
        for (int i = 0; i < 3; ++i) {
            Ensemble ensemble({{&system, &program, keeping, summary_plan(system, keeping, {})}},
                              {{1, Sampling::independent, paths}, threads, 64});
            least.of([&] { ensemble.run({0, paths}); });
            Summary const summary = ensemble.summary();
            mean = 0;
            for (int step = 1; step <= periods; ++step)
                mean += summary.moments(0, step).mean() / periods;
        }
        std::printf("statistics %s 64 %d %.4f %.4f %.17g\n", name.c_str(), threads,
                    least.processor / path_steps * 1e9, least.wall / path_steps * 1e9, mean);
    }
}

int measure_textbook(std::string const& name, std::string const& start, std::uint64_t paths) {
    Textbook const textbook = read_start(name, start);
    Diagnostics diagnostics;
    System const system = system_of(textbook, diagnostics);
    CellId const watched = system.names.at(textbook.states[0].first);
    CompileOptions options;
    options.wanted = {watched};
    Program const program = compile(system, diagnostics, options);
    require(diagnostics);
    measure_stepping(stepping_of(system, program, textbook, watched), name, paths);
    measure_statistics(system, watched, name, paths);
    return 0;
}

// ---- the AI book --------------------------------------------------------------------------------

struct AiBook {
    Diagnostics diagnostics;
    System system;
};

void read_ai(AiBook& ai) {
    std::vector<std::string> files;
    for (auto const& entry :
         std::filesystem::directory_iterator(PERPETUUM_SOURCE "/models/ai-economy"))
        if (entry.path().extension() == ".model") files.push_back(entry.path().string());
    std::sort(files.begin(), files.end());
    std::vector<int> texts;
    for (std::string const& file : files)
        texts.push_back(ai.diagnostics.add_text(file, content_of(file)));
    Vocabulary const vocabulary = vocabulary_of(parse_model(texts, {}, ai.diagnostics));
    auto const text = read_book_text(PERPETUUM_SOURCE "/books/ai", ai.diagnostics);
    require(ai.diagnostics);
    Book const book = interpret_book(*text, vocabulary, std::nullopt, ai.diagnostics);
    Model const model = parse_model(texts, known_ids(book), ai.diagnostics);
    ai.system = instantiate(book, model, {}, ai.diagnostics);
    require(ai.diagnostics);
}

/// Cash, revenue and debt of firms: sixty series.
std::vector<Series> sixty_series(System const& system) {
    std::vector<Series> series;
    for (std::size_t e = 0; e < system.entities.size(); ++e) {
        if (system.entities[e].outside) continue;
        for (char const* what : {"cash", "revenue", "borrowings", "equity_held"}) {
            auto const found = system.names.find(system.entities[e].id + "." + what);
            if (found == system.names.end() || series.size() == 60) continue;
            Cell const& cell = system.cells[static_cast<std::size_t>(found->second)];
            series.push_back({cell.name, {{found->second, cell.coins ? system.coin : 1.0}}, 1});
        }
    }
    return series;
}

void print(char const* what, double seconds, double all) {
    std::printf("  %-46s %7.3f s %5.1f %%\n", what, seconds, 100 * seconds / all);
}

/// One thread, block after block, the clock read between the stages.
struct Stages {
    double begin = 0, advance = 0, look = 0, finish = 0;
};

template <class Work>
void timed(double& sum, Work work) {
    double const begin = processor_time();
    work();
    sum += processor_time() - begin;
}

Stages stages_of(EnsembleSide const& side, Sample const& sample, std::uint64_t paths, int lanes) {
    PathBlock block(*side.system, *side.program, lanes);
    Record record(side, lanes);
    Drawing const drawing(*side.system, *side.program, sample);
    Stages stages;
    for (std::uint64_t first = 0; first + static_cast<std::uint64_t>(lanes) <= paths;
         first += static_cast<std::uint64_t>(lanes)) {
        timed(stages.begin, [&] { block.begin(drawing.from(first)); });
        timed(stages.look, [&] { record.begin(block); });
        for (int step = 1; step <= side.system->steps; ++step) {
            timed(stages.advance, [&] { block.advance(); });
            timed(stages.look, [&] { record.look(block); });
        }
        timed(stages.finish, [&] { record.finish(block, lanes); });
    }
    return stages;
}

int measure_ai(std::uint64_t paths, std::vector<int> const& blocks) {
    AiBook ai;
    Least reading, compiling;
    reading.of([&] { read_ai(ai); });
    System const& system = ai.system;
    Keeping keeping = keeping_of(system, sixty_series(system));
    CompileOptions options;
    options.wanted = wanted_by(system, keeping);
    Program program;
    compiling.of([&] { program = compile(system, ai.diagnostics, options); });
    require(ai.diagnostics);
    EnsembleSide const side{&system, &program, keeping, summary_plan(system, keeping, {})};
    std::printf("The AI book: %llu paths of %d steps, %zu series, %zu checks, %zu firms, audited\n",
                static_cast<unsigned long long>(paths), system.steps, keeping.series.size(),
                keeping.checks.size(), keeping.firms.size());
    for (int const lanes : blocks)
        for (int const threads : {1, 2}) {
            Least least;
            for (int i = 0; i < 3; ++i) {
                Ensemble ensemble({side}, {{1, Sampling::independent, paths}, threads, lanes});
                least.of([&] { ensemble.run({0, paths}); });
                if (ensemble.summary().failed.count() != 0) refuse("a path failed");
            }
            std::printf(
                "  block %3d, %d threads: %.3f s of processors, %.3f s on the wall, %.0f ns "
                "a path-step\n",
                lanes, threads, least.processor, least.wall,
                least.processor / static_cast<double>(paths) / system.steps * 1e9);
        }
    Sample const sample{1, Sampling::independent, paths};
    Stages const stages = stages_of(side, sample, paths, 64);
    Least whole;
    Ensemble ensemble({side}, {sample, 1, 64});
    whole.of([&] { ensemble.run({0, paths}); });
    EnsembleSide unaudited = side;
    unaudited.keeping.audit = false;
    Stages const bare = stages_of(unaudited, sample, paths, 64);
    double const all = whole.processor, steps = stages.advance + stages.look + stages.begin;
    std::printf("Once: reading and instantiating %.3f s, compiling %.3f s\n", reading.processor,
                compiling.processor);
    std::printf("One thread, blocks of 64, all: %.3f s, of which\n", all);
    print("draws once a path, starts", stages.begin, all);
    print("steps: draws, plans, clearing, results", stages.advance, all);
    print("audit", stages.look - bare.look, all);
    print("record: series, checks, defaults", bare.look, all);
    print("record: windows, what is fit", stages.finish, all);
    print("statistics (the rest)", all - steps - stages.finish, all);
    return 0;
}

} // namespace
} // namespace perpetuum

int main(int argc, char** argv) {
    if (argc == 4)
        return perpetuum::measure_textbook(argv[1], argv[2], std::strtoull(argv[3], nullptr, 10));
    std::uint64_t const paths = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 10'000;
    return perpetuum::measure_ai(paths, {64, 128});
}
