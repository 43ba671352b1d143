// `schedule NAME = loan(begin, term, rate, name = value, …)`.

#include <perpetuum/model/parser.hpp>

#include <algorithm>
#include <array>

namespace perpetuum::grammar {

namespace {

constexpr std::string_view loan_usage =
    "write 'schedule NAME = loan(begin, term, rate)', more terms by name: kind = annuity";

struct LoanTermWord {
    std::string_view name;
    LoanTermType type;
    std::vector<std::string_view> words;
};

/// The first three may stand without their names, and must be given.
std::vector<LoanTermWord> const& loan_term_words() {
    std::vector<std::string_view> const cycles{"month", "quarter", "half_year", "year"};
    static std::vector<LoanTermWord> const words{
        {"begin", LoanTermType::date, {}},
        {"term", LoanTermType::time, {}},
        {"rate", LoanTermType::rate, {}},
        {"kind", LoanTermType::word, {"bullet", "linear", "annuity", "payment"}},
        {"cycle", LoanTermType::cycle, cycles},
        {"interest_cycle", LoanTermType::cycle, cycles},
        {"principal_cycle", LoanTermType::cycle, cycles},
        {"first_interest", LoanTermType::time, {}},
        {"first_principal", LoanTermType::time, {}},
        {"payment", LoanTermType::share, {}},
        {"amortise_over", LoanTermType::time, {}},
        {"capitalise", LoanTermType::time, {}},
        {"stub", LoanTermType::word, {"short", "long"}},
        {"month_end", LoanTermType::word, {"no", "yes"}},
        {"day_count", LoanTermType::word, {"A/A", "A/360", "A/365", "30E/360", "28/336"}},
        {"business_days",
         LoanTermType::word,
         {"none", "SCF", "SCMF", "SCP", "SCMP", "CSF", "CSMF", "CSP", "CSMP"}},
    };
    return words;
}

std::string listed_words(std::vector<std::string_view> const& words) {
    std::string text;
    for (auto const word : words) text += (text.empty() ? "" : ", ") + std::string(word);
    return text;
}

std::string listed_terms() {
    std::vector<std::string_view> names;
    for (auto const& word : loan_term_words()) names.push_back(word.name);
    return listed_words(names);
}

} // namespace

void LineParser::schedule() {
    Span const begin = cursor_.where();
    if (block().type != BlockType::instrument)
        cursor_.fail(begin, "a schedule stands in an instrument",
                     "the loan is a contract: instrument NAME (lender: KIND, borrower: KIND)");
    cursor_.skip();
    LoanSchedule schedule;
    schedule.where = cursor_.where();
    schedule.name = cursor_.take_name("the name of a schedule", loan_usage);
    // Declared before its terms are read: a fault there makes no unknown name elsewhere.
    schedule.first_variable = static_cast<int>(block().variables.size());
    for (auto const series : schedule_series) {
        Variable variable;
        variable.name = schedule.name + "." + std::string(series);
        variable.unit = Unit{};
        variable.is_scheduled = true;
        variable.where = schedule.where;
        block().variables.push_back(std::move(variable));
    }
    block().schedules.push_back(schedule);
    LoanSchedule& declared = block().schedules.back();
    cursor_.expect("=", loan_usage);
    cursor_.expect("loan", loan_usage);
    cursor_.expect("(", loan_usage);
    loan_terms(declared);
    cursor_.expect(")", loan_usage);
    finish(declared.phrase);
}

void LineParser::loan_terms(LoanSchedule& schedule) {
    Span const open = cursor_.where();
    do {
        loan_term(schedule);
    } while (cursor_.accept(","));
    for (std::size_t i = 0; i < 3; ++i) {
        auto const name = loan_term_words()[i].name;
        bool const given = std::any_of(schedule.terms.begin(), schedule.terms.end(),
                                       [&](LoanTerm const& term) { return term.name == name; });
        if (!given) cursor_.fail(open, "the loan has no " + quoted(name), std::string(loan_usage));
    }
}

void LineParser::loan_term(LoanSchedule& schedule) {
    Span const begin = cursor_.where();
    LoanTerm const term = take_loan_term(schedule.terms.size());
    for (auto const& known : schedule.terms)
        if (known.name == term.name)
            cursor_.fail(begin, quoted(term.name) + " stands here twice", "leave one of them away");
    schedule.terms.push_back(term);
}

LoanTerm LineParser::take_loan_term(std::size_t place) {
    auto const& words = loan_term_words();
    auto word = words.begin() + static_cast<std::ptrdiff_t>(std::min(place, words.size() - 1));
    if (cursor_.next_is(TokenType::word) && cursor_.peek(1) == "=") {
        auto const name = cursor_.peek();
        word = std::find_if(words.begin(), words.end(),
                            [&](auto const& known) { return known.name == name; });
        if (word == words.end()) {
            std::vector<std::string> names;
            for (auto const& known : words) names.emplace_back(known.name);
            auto const near = nearest(name, names);
            cursor_.fail(cursor_.where(), "a loan has no term " + quoted(printable(name, 40)),
                         near ? "did you mean '" + *near + "'?" : "it has " + listed_terms());
        }
        cursor_.skip();
        cursor_.skip();
    } else if (place >= 3) {
        cursor_.fail(cursor_.where(), "behind begin, term and rate all terms have names",
                     std::string(loan_usage));
    }
    LoanTerm term;
    term.name = word->name;
    term.type = word->type;
    term.where = cursor_.where();
    bool const cycle_word =
        term.type == LoanTermType::cycle &&
        std::find(word->words.begin(), word->words.end(), cursor_.peek()) != word->words.end();
    if (term.type == LoanTermType::word || cycle_word)
        take_loan_word(term, word->words);
    else
        term.value = expression();
    return term;
}

void LineParser::take_loan_word(LoanTerm& term, std::vector<std::string_view> const& words) {
    if (cursor_.next_is(TokenType::string))
        term.word = cursor_.take_string();
    else if (cursor_.next_is(TokenType::word))
        term.word = cursor_.take();
    if (std::find(words.begin(), words.end(), term.word) == words.end())
        cursor_.fail(term.where, quoted(term.name) + " is one of a few words",
                     listed_words(words) + (term.name == "day_count" ? ", in quotes" : ""));
}

} // namespace perpetuum::grammar
