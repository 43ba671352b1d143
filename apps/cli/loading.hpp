#pragma once
// From a path to what the commands look at: texts → model → book → system → program → the central
// path.

#include "options.hpp"

#include <perpetuum/book.hpp>
#include <perpetuum/circularity.hpp>
#include <perpetuum/ensemble.hpp>
#include <perpetuum/instance.hpp>
#include <perpetuum/ledger.hpp>
#include <perpetuum/model.hpp>
#include <perpetuum/program.hpp>

namespace perpetuum {

/// NAME=FIGURE as one wrote it, and where it stands: behind --set or in a scenario's file.
struct WrittenChange {
    std::string text;
    Span where;
};

/// A book read against its model, with the scenario and the changes of the command line in it.
struct Reading {
    Diagnostics diagnostics;
    BookTextPtr text;
    std::string model_name;
    Model model;
    Vocabulary vocabulary;
    Book book;
    std::vector<WrittenChange> changes;   ///< of a scenario's file, then of --set
    std::vector<std::string> ended_deals; ///< by the scenario
    std::string scenario;                 ///< the one to instantiate under
    bool plain = false; ///< a model file without a book: its time is steps, not dates
};
/// False when something is wrong: the diagnostics say what.
bool read(Options const& options, Reading& reading);
/// Also instantiates: the system of all its equations.
bool instantiate_book(Options const& options, Reading& reading, System& system);
/// Also compiles, to keep every quantity.
bool compile_book(Options const& options, Reading& reading, System& system, Program& program);

struct Window {
    Period period;
    int first = 1, last = 0; ///< steps, counted from 1
};

struct Projection {
    Reading reading;
    System system;
    Program program;
    Path path;
    PaymentSet payments;
    Window window;
    bool no_number = false; ///< a variable of a plain model is none: a warning says which and when
};
constexpr int usual_plain_steps = 100; ///< of a model without a book
/// Reads, compiles, runs the central path, and finds the window that --from and --to ask for
/// (default: the calendar year 2026, or the first whole calendar year of the run, or all of a short
/// run).
bool project(Options const& options, Projection& projection);
/// The steps of --at: a number (0 is the start) or, with a book, a period. False, with an error,
/// when the run does not have them.
bool steps_at(std::string const& at, Projection& projection, int& first, int& last);
/// A calendar year if the run has all of it.
bool window_of_year(System const& system, int steps, int year, Window& window);

/// All errors to stderr, exit 2; how many warnings there are besides.
Answer refused(Reading const& reading);
/// For stderr: how many warnings a book that is fine has.
std::string talk_of(Reading const& reading, std::string const& book);

} // namespace perpetuum
