// perpetuum check BOOK

#include "commands.hpp"
#include "json.hpp"
#include "tables.hpp"
#include "unit_words.hpp"

#include <fmt/format.h>

#include <cmath>

namespace perpetuum {

namespace {

std::string heading(Reading const& reading) {
    Book const& book = reading.book;
    std::string text = printable(book.title) + "\n";
    text +=
        fmt::format("as known on {}, run from the end of {}, model {}: {}, {}, {}\n",
                    print_day({book.as_of.months - 0.01}), print_day({book.start.months - 0.01}),
                    reading.model_name.empty() ? "beside the book" : printable(reading.model_name),
                    count_of(book.entities.size(), "firm") + " and crowds",
                    count_of(book.deals.size(), "deal"), count_of(book.sources.size(), "source"));
    return text;
}

std::string what_it_rests_on(std::vector<StandingSum> const& rows) {
    TextTable table{{"standing", "figures", "USD promised"}, "lrr", {}};
    for (StandingSum const& row : rows)
        if (row.figures > 0)
            table.rows.push_back({std::string(name_of(row.standing)), std::to_string(row.figures),
                                  row.usd > 0 ? print_amount(row.usd) : "-"});
    return "\nWhat it rests on (dollars by the standing of a deal's largest amount)\n" +
           print_table(table);
}

std::string contradictions(Book const& book) {
    auto const all = rivals_of(book);
    if (all.empty()) return {};
    std::string text =
        fmt::format("\n{} with rivals (the first is used)\n", count_of(all.size(), "figure"));
    TextTable table{{}, "ll", {}};
    for (Rivals const& rivals : all)
        for (std::size_t i = 0; i < rivals.figures.size(); ++i)
            table.rows.push_back({i == 0 ? rivals.path : "", rivals.figures[i]->text});
    return text + print_table(table);
}

std::string scenarios(Book const& book) {
    TextTable table{{}, "ll", {}};
    for (Scenario const& scenario : book.scenarios)
        table.rows.push_back({scenario.id, scenario.says});
    if (table.rows.empty()) return {};
    return "\nScenarios (--scenario NAME)\n" + print_table(table);
}

std::string openings(std::vector<OpeningGap> const& gaps) {
    if (gaps.empty()) return {};
    TextTable table{{"firm", "sheet", "assets named", "other", "liabilities", "equity left",
                     "equity stated", "debt in no deal"},
                    "llrrrrrr",
                    {}};
    for (OpeningGap const& gap : gaps)
        table.rows.push_back(
            {gap.entity, print_day({gap.at.months - 0.01}), print_amount(gap.named_assets),
             print_amount(gap.other), print_amount(gap.liabilities), print_amount(gap.equity),
             gap.stated_equity ? print_amount(*gap.stated_equity) : "-",
             gap.debt_outside_deals == 0 ? "-" : print_amount(gap.debt_outside_deals)});
    return "\nOpening sheets: what no account names is 'other', and equity is what is left\n" +
           print_table(table);
}

std::string not_running(System const& system) {
    TextTable table{{}, "ll", {}};
    for (SystemContract const& contract : system.contracts)
        if (!contract.runs) table.rows.push_back({contract.id, contract.why_not});
    if (table.rows.empty()) return {};
    return fmt::format("\n{} in the map and not in the run\n",
                       count_of(table.rows.size(), "contract")) +
           print_table(table);
}

/// "4.00 M to 5.00 M"; nothing where the figures leave no spread.
std::string spread_text(ExpectationResult const& result) {
    if (!result.problem.empty() || !(result.most > result.least)) return {};
    return value_in_unit(result.least, result.unit) + " to " +
           value_in_unit(result.most, result.unit);
}

std::string range_text(ExpectationResult const& result) {
    if (!std::isfinite(result.high)) return "from " + value_in_unit(result.low, result.unit);
    if (!std::isfinite(result.low)) return "up to " + value_in_unit(result.high, result.unit);
    if (result.low == result.high) return value_in_unit(result.low, result.unit);
    return value_in_unit(result.low, result.unit) + " to " +
           value_in_unit(result.high, result.unit);
}

std::string expectations_table(std::vector<ExpectationResult> const& results) {
    if (results.empty()) return {};
    TextTable table{
        {"", "claim", "it says", "book gives", "spread", "must lie in", "unit"}, "lllrrrl", {}};
    std::string problems;
    for (ExpectationResult const& result : results) {
        bool const known = result.problem.empty();
        table.rows.push_back({known ? (result.holds ? "holds" : "FAILS") : "?", result.name,
                              result.says,
                              known ? value_in_unit(result.value, result.unit) : "not known",
                              spread_text(result), range_text(result), name_of_unit(result.unit)});
        if (!known)
            problems +=
                "  " + printable(result.name) + ": " + printable(result.problem, 300) + "\n";
    }
    return "\nWhat sources say, and what the book gives (spread: as far as its figures lie in "
           "theirs)\n" +
           print_table(table) + problems;
}

/// An expectation that cannot be worked out is a mistake, unless the book is looked at as of an
/// earlier day.
bool all_hold(std::vector<ExpectationResult> const& results, Book const& book) {
    bool const earlier = book.as_of < book.own_as_of;
    for (ExpectationResult const& result : results)
        if (!result.holds && !(earlier && !result.problem.empty())) return false;
    return true;
}

} // namespace

Answer run_check(Options const& options) {
    if (options.book.ends_with(".model")) return check_model(options);
    Reading reading;
    System system;
    Program program;
    bool sound = compile_book(options, reading, system, program);
    std::vector<ExpectationResult> expectations;
    if (sound) {
        review_book(reading.book, reading.vocabulary, reading.diagnostics);
        expectations = check_expectations(reading.book, reading.model, reading.diagnostics);
        sound = !reading.diagnostics.failed();
    }
    Answer answer;
    if (options.json) {
        answer.text = check_as_json(reading, system, expectations);
    } else if (sound) {
        answer.text = heading(reading);
        if (!reading.diagnostics.all().empty()) answer.text += "\n" + reading.diagnostics.render();
        answer.text +=
            what_it_rests_on(standing_sums(reading.book, promises_of(system, reading.book)));
        answer.text += contradictions(reading.book);
        answer.text += openings(opening_gaps(reading.book, reading.model));
        answer.text += not_running(system);
        answer.text += scenarios(reading.book);
        answer.text += expectations_table(expectations);
    } else {
        return refused(reading);
    }
    answer.code = !sound                                 ? Exit::wrong_input
                  : all_hold(expectations, reading.book) ? Exit::ok
                                                         : Exit::found;
    return answer;
}

} // namespace perpetuum
