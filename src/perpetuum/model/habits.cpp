#include <perpetuum/model/habits.hpp>

#include <array>

namespace perpetuum::grammar {

namespace {

struct Habit {
    std::string_view written, hint;
};

constexpr std::array functions_elsewhere{
    Habit{"ln", "the natural logarithm is log(x)"},
    Habit{"log10", "write log(x) / log(10)"},
    Habit{"log2", "write log(x) / log(2)"},
    Habit{"pow", "a power is written a ^ b"},
    Habit{"power", "a power is written a ^ b"},
    Habit{"tanh", "write 1 - 2 / (exp(2 * x) + 1)"},
    Habit{"round", "write floor(x + 0.5)"},
    Habit{"ceil", "write -floor(-x)"},
    Habit{"mod", "write a - b * floor(a / b)"},
    Habit{"sign", "write (x > 0) - (x < 0)"},
    Habit{"ifelse", "a choice is written: if condition then a else b"},
    Habit{"iif", "a choice is written: if condition then a else b"},
    Habit{"lag", "one step ago is written x[-1]"},
    Habit{"delta", "a change is written x - x[-1]"},
    Habit{"diff", "a change is written x - x[-1]"},
    Habit{"d", "a change is written x - x[-1]; a product needs its operator: d * (a + b)"},
};

constexpr std::array characters_elsewhere{
    Habit{"!", "write 'not' before a condition, '!=' between two values"},
    Habit{"&", "write 'and'"},
    Habit{"&&", "write 'and'"},
    Habit{";", "one statement a line"},
    Habit{"'", "strings stand in double quotes"},
    Habit{"\u00A0", "this is no ordinary blank (a no-break space): type it anew"},
    Habit{"\u202F", "this is no ordinary blank (a narrow no-break space): type it anew"},
    Habit{"\u2009", "this is no ordinary blank (a thin space): type it anew"},
    Habit{"\u2212", "write '-': this is the minus sign of set type"},
    Habit{"\u2013", "write '-': this is a dash of set type"},
    Habit{"\u00D7", "write '*'"},
    Habit{"\u00B7", "write '*'"},
    Habit{"\u22C5", "write '*'"},
    Habit{"\u00F7", "write '/'"},
    Habit{"\u2264", "write '<='"},
    Habit{"\u2265", "write '>='"},
    Habit{"\u2260", "write '!='"},
    Habit{"\u201C", "strings stand in straight quotes: \"so\""},
    Habit{"\u201D", "strings stand in straight quotes: \"so\""},
    Habit{"\u201E", "strings stand in straight quotes: \"so\""},
};

template <class Habits>
std::string_view hint_among(Habits const& habits, std::string_view written) {
    for (Habit const& habit : habits)
        if (habit.written == written) return habit.hint;
    return {};
}

} // namespace

std::string_view instead_of_function(std::string_view name) {
    return hint_among(functions_elsewhere, name);
}

std::string_view instead_of_characters(std::string_view bad) {
    return hint_among(characters_elsewhere, bad);
}

} // namespace perpetuum::grammar
