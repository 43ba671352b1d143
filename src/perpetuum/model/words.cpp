#include <perpetuum/model/words.hpp>

#include <algorithm>
#include <array>

namespace perpetuum::grammar {

namespace {

using namespace std::string_view_literals;

constexpr std::array header_words{"money"sv,  "unit"sv, "account"sv,    "transaction"sv,
                                  "sector"sv, "kind"sv, "instrument"sv, "model"sv};
constexpr std::array statement_words{
    "param"sv,   "shock"sv, "replace"sv, "commit"sv,  "transfer"sv, "due"sv,       "exchange"sv,
    "entry"sv,   "mark"sv,  "ends"sv,    "default"sv, "expect"sv,   "guarantee"sv, "covers"sv,
    "extends"sv, "start"sv, "as"sv,      "rank"sv,    "till"sv,     "when"sv,      "loses"sv,
    "to"sv,      "of"sv,    "up"sv,      "debits"sv,  "credits"sv,  "against"sv,   "schedule"sv};
constexpr std::array expression_words{"and"sv,  "or"sv,   "not"sv,  "if"sv,    "then"sv,
                                      "else"sv, "sum"sv,  "mean"sv, "count"sv, "all"sv,
                                      "date"sv, "step"sv, "time"sv, "self"sv,  "it"sv};
constexpr std::array flow_words{"commit"sv,   "transfer"sv,  "due"sv,
                                "exchange"sv, "guarantee"sv, "on"sv};
constexpr std::array entity_words{"live"sv,   "defaulted"sv,   "dues_in"sv,   "dues_out"sv,
                                  "assets"sv, "liabilities"sv, "net_worth"sv, "profit"sv};
constexpr std::array contract_words{"live"sv, "paid_before"sv, "outstanding_before"sv};

constexpr int many = 1000;
constexpr std::array functions{
    FunctionWord{"min", Operation::minimum, 2, many, "min(a, b, …)"},
    FunctionWord{"max", Operation::maximum, 2, many, "max(a, b, …)"},
    FunctionWord{"abs", Operation::absolute, 1, 1, "abs(x)"},
    FunctionWord{"exp", Operation::exponential, 1, 1, "exp(x)"},
    FunctionWord{"log", Operation::logarithm, 1, 1, "log(x)"},
    FunctionWord{"sqrt", Operation::square_root, 1, 1, "sqrt(x)"},
    FunctionWord{"floor", Operation::round_down, 1, 1, "floor(x)"},
    FunctionWord{"clip", Operation::clip, 3, 3, "clip(x, lowest, highest)"},
    FunctionWord{"since", Operation::since, 1, 1, "since(date)"},
    FunctionWord{"ramp_up", Operation::ramp_up, 2, 2, "ramp_up(begin, length)"},
    FunctionWord{"delay", Operation::delay, 2, 2, "delay(x, time)", true},
    FunctionWord{"sum_over", Operation::sum_over, 1, 2, "sum_over(x, time) or sum_over(x)", true},
    FunctionWord{"smooth", Operation::smooth, 2, 2, "smooth(x, time)", true},
    FunctionWord{"latched", Operation::latched, 1, 1, "latched(condition)"},
    FunctionWord{"straight_line", Operation::straight_line, 2, 2, "straight_line(x, life)", true},
};

/// For each first letter the lengths of the words that begin with it: most names are told from all
/// words of the language by this alone.
class Beginnings {
  public:
    template <class... Lists>
    constexpr explicit Beginnings(Lists const&... lists) {
        (add_all(lists), ...);
    }
    constexpr bool admit(std::string_view word) const {
        return !word.empty() && word.size() < 32 &&
               (lengths_[static_cast<unsigned char>(word[0])] >> word.size() & 1u) != 0;
    }

  private:
    static constexpr std::string_view word_of(std::string_view word) { return word; }
    static constexpr std::string_view word_of(FunctionWord const& function) {
        return function.name;
    }
    constexpr void add_all(auto const& list) {
        for (auto const& one : list)
            lengths_[static_cast<unsigned char>(word_of(one)[0])] |= 1u << word_of(one).size();
    }
    std::array<std::uint32_t, 256> lengths_{};
};
constexpr Beginnings headers(header_words);
constexpr Beginnings reserved(header_words, statement_words, expression_words, functions);
constexpr Beginnings function_beginnings(functions);

template <class Words>
bool holds_word(Words const& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

} // namespace

bool is_header(std::string_view word) {
    return headers.admit(word) && holds_word(header_words, word);
}
bool is_reserved(std::string_view word) {
    if (!reserved.admit(word)) return false;
    return is_header(word) || holds_word(statement_words, word) ||
           holds_word(expression_words, word) || function_word(word) != nullptr;
}
bool is_flow_word(std::string_view word) { return holds_word(flow_words, word); }

double magnitude_of(std::string_view word) {
    if (word == "k") return 1e3;
    if (word == "M") return 1e6;
    if (word == "B") return 1e9;
    if (word == "T") return 1e12;
    return 0;
}

bool is_short_unit(std::string_view word) { return word == "d" || word == "q" || word == "y"; }

FunctionWord const* function_word(std::string_view word) {
    if (!function_beginnings.admit(word)) return nullptr;
    for (auto const& function : functions)
        if (function.name == word) return &function;
    return nullptr;
}

std::vector<std::string> function_names() {
    std::vector<std::string> names;
    for (auto const& function : functions) names.emplace_back(function.name);
    return names;
}

std::string_view name_of(Operation operation) {
    for (auto const& function : functions)
        if (function.operation == operation) return function.name;
    switch (operation) {
    case Operation::negate:
    case Operation::subtract:
        return "-";
    case Operation::add:
        return "+";
    case Operation::multiply:
        return "*";
    case Operation::divide:
        return "/";
    case Operation::power:
        return "^";
    case Operation::equal:
        return "=";
    case Operation::unequal:
        return "!=";
    case Operation::less:
        return "<";
    case Operation::less_equal:
        return "<=";
    case Operation::greater:
        return ">";
    case Operation::greater_equal:
        return ">=";
    case Operation::conjunction:
        return "and";
    case Operation::disjunction:
        return "or";
    case Operation::negation:
        return "not";
    default:
        return "if";
    }
}

std::optional<Gather> gather_of(std::string_view word) {
    if (word == "sum") return Gather::sum;
    if (word == "mean") return Gather::mean;
    if (word == "max") return Gather::maximum;
    if (word == "min") return Gather::minimum;
    if (word == "count") return Gather::count;
    return {};
}

std::string_view name_of(Gather gather) {
    switch (gather) {
    case Gather::sum:
        return "sum";
    case Gather::mean:
        return "mean";
    case Gather::maximum:
        return "max";
    case Gather::minimum:
        return "min";
    default:
        return "count";
    }
}

bool is_entity_built_in(std::string_view word) { return holds_word(entity_words, word); }
bool is_contract_built_in(std::string_view word) { return holds_word(contract_words, word); }

std::vector<std::string> built_in_names(BlockType type) {
    if (type == BlockType::kind) return {entity_words.begin(), entity_words.end()};
    if (type == BlockType::instrument) return {contract_words.begin(), contract_words.end()};
    return {};
}

} // namespace perpetuum::grammar
