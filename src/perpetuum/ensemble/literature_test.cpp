// The models in books/literature against the same equations solved by hand in 30 digits
// (tools/exact_literature.py), and the rest points that papers print.

#include <perpetuum/ensemble.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <sstream>

using namespace perpetuum;

namespace {

struct Told {
    Diagnostics diagnostics;
    System system;
    Path path;
    double at(std::string const& name, int step) const {
        return path.at(system.names.at(name), step);
    }
};

void tell(std::string const& name, int steps, Book const& book, Told& told) {
    std::string content, problem;
    REQUIRE_MESSAGE(
        read_text_file(PERPETUUM_SOURCE "/books/literature/" + name + ".model", content, problem),
        problem);
    int const text = told.diagnostics.add_text(name, content);
    Model const model = parse_model({text}, {}, told.diagnostics);
    InstanceOptions options;
    options.steps = steps;
    if (!told.diagnostics.failed())
        told.system = instantiate(book, model, options, told.diagnostics);
    REQUIRE_MESSAGE(!told.diagnostics.failed(), told.diagnostics.render());
    Program const program = compile(told.system, told.diagnostics);
    told.path = central_path(told.system, program);
    REQUIRE_MESSAGE(told.path.fault.step == 0, told.path.fault.what);
    for (SystemCheck const& check : told.system.checks)
        for (int step = 1; step <= steps; ++step)
            REQUIRE_MESSAGE(told.path.at(check.cell, step) == 1, check.text);
}

/// One more of a parameter in the steps 5 and 6.
Book with_luck() {
    Book book;
    for (auto const& [first, value] : {std::pair{1, 0.0}, std::pair{5, 1.0}, std::pair{7, 0.0}}) {
        Figure figure;
        figure.value = value;
        book.parameters["luck"].by_period.push_back({{{(first - 1) * 3.0}, {12e4}}, {figure}});
    }
    return book;
}

Book with(std::string const& name, double value) {
    Book book;
    Figure figure;
    figure.value = value;
    book.parameters[name].rivals.push_back(figure);
    return book;
}

} // namespace

TEST_CASE("three models of the literature agree with 30 digits, step by step") {
    std::map<std::string, Told> told;
    tell("debt-cycle", 400, {}, told["debt-cycle"]);
    tell("heuristics", 60, with_luck(), told["heuristics"]);
    tell("generations", 30, {}, told["generations"]);
    std::ifstream file(PERPETUUM_SOURCE "/tests/exact/literature.csv");
    std::string line;
    int compared = 0;
    for (std::getline(file, line); std::getline(file, line); ++compared) {
        std::istringstream fields(line);
        std::string model, name, step, value;
        std::getline(fields, model, ',');
        std::getline(fields, name, ',');
        std::getline(fields, step, ',');
        std::getline(fields, value);
        double const exact = std::stod(value), ours = told.at(model).at(name, std::stoi(step));
        INFO(line, ", ours ", ours);
        CHECK(std::abs(ours - exact) <= 1e-12 * std::max(std::abs(exact), 1e-3));
    }
    CHECK(compared == 60);
}

TEST_CASE("the debt cycle comes to rest where Grasselli and Costa Lima (2012) say") {
    Told told;
    tell("debt-cycle", 8000, {}, told);
    CHECK(told.at("wages", 8000) == doctest::Approx(0.8361).epsilon(1e-4));
    CHECK(told.at("employed", 8000) == doctest::Approx(0.9686).epsilon(1e-4));
    CHECK(told.at("debt", 8000) == doctest::Approx(0.0702).epsilon(1e-3));
}

TEST_CASE("with logarithmic utility the generations save what is known by hand") {
    Told told;
    tell("generations", 60, with("bend", 1), told);
    // Two sevenths of the wage; at rest (2/7 · 0.7 · 10 / 1.5) ^ (1 / 0.7).
    CHECK(told.at("saving", 9) == doctest::Approx(told.at("wage", 9) * 2 / 7).epsilon(1e-14));
    CHECK(told.at("capital", 60) == doctest::Approx(std::pow(4.0 / 3, 1 / 0.7)).epsilon(1e-12));
}

TEST_CASE("who never goes over to another rule sees smaller waves") {
    Told learning, still;
    tell("heuristics", 60, with_luck(), learning);
    Book book = with_luck();
    Figure none;
    book.parameters["choosing"].rivals.push_back(none);
    tell("heuristics", 60, book, still);
    CHECK(still.at("believers", 60) == 0.5);
    CHECK(learning.at("output", 8) > still.at("output", 8));
}
