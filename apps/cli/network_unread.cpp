#include "network_unread.hpp"

#include <algorithm>

namespace perpetuum {

namespace {

bool is(std::string const& word, std::initializer_list<char const*> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}
bool ranks_by(NetworkOptions const& options, char const* by) {
    return options.method == "rank" && options.by == by;
}
bool values_by(NetworkOptions const& options, char const* valuation) {
    return options.method == "value" && options.valuation == valuation;
}
bool reads_shocks(NetworkOptions const& options) {
    return !is(options.method, {"leverage-sales", "rank"});
}

struct ReadOption {
    char const* option;
    char const* readers;
    bool (*reads)(NetworkOptions const&);
};
constexpr ReadOption of_methods[] = {
    {"--shock", "every --method but leverage-sales and rank", reads_shocks},
    {"--curve", "--method debtrank, and rank --by debtrank",
     [](NetworkOptions const& o) { return o.method == "debtrank" || ranks_by(o, "debtrank"); }},
    {"--recovery",
     "--method debtrank, debtrank-once, cascade, value --valuation furfine, and rank --by debtrank "
     "or cascade",
     [](NetworkOptions const& o) {
         return is(o.method, {"debtrank", "debtrank-once", "cascade"}) || values_by(o, "furfine") ||
                ranks_by(o, "debtrank") || ranks_by(o, "cascade");
     }},
    {"--threshold", "--method threshold",
     [](NetworkOptions const& o) { return o.method == "threshold"; }},
    {"--valuation", "--method value", [](NetworkOptions const& o) { return o.method == "value"; }},
    {"--volatility", "--method value --valuation before-default",
     [](NetworkOptions const& o) { return values_by(o, "before-default"); }},
    {"--maturity", "--method value --valuation before-default",
     [](NetworkOptions const& o) { return values_by(o, "before-default"); }},
    {"--by", "--method rank", [](NetworkOptions const& o) { return o.method == "rank"; }},
    {"--share", "--method rank --by clearing or debtrank",
     [](NetworkOptions const& o) { return ranks_by(o, "clearing") || ranks_by(o, "debtrank"); }},
    {"--assets", "--method leverage-sales and capital-sales",
     [](NetworkOptions const& o) {
         return is(o.method, {"leverage-sales", "capital-sales"});
     }},
    {"--holdings", "--method leverage-sales and capital-sales",
     [](NetworkOptions const& o) {
         return is(o.method, {"leverage-sales", "capital-sales"});
     }},
    {"--ratio", "--method capital-sales",
     [](NetworkOptions const& o) { return o.method == "capital-sales"; }},
};

Answer refuse_idle(std::string const& option, std::string const& readers) {
    return refused(option + " says nothing to what is asked", option + " is of " + readers);
}

bool given(NetworkOptions const& options, char const* option) {
    return std::find(options.given.begin(), options.given.end(), option) != options.given.end();
}

} // namespace

std::optional<Answer> refuse_unread_by_contagion(NetworkOptions const& options) {
    for (auto const& [option, readers, reads] : of_methods)
        if (given(options, option) && !reads(options)) return refuse_idle(option, readers);
    return std::nullopt;
}

std::optional<Answer> refuse_unread_by_clear(NetworkOptions const& options) {
    bool const drawn = options.draws > 0;
    for (char const* option : {"--seed", "--depth"})
        if (given(options, option) && !drawn) return refuse_idle(option, "--draws N");
    if (given(options, "--threads") && !drawn && options.scenarios.empty())
        return refuse_idle("--threads", "--draws N and --scenarios FILE");
    return std::nullopt;
}

std::vector<std::string> columns_unread_by_contagion(NetworkOptions const& options) {
    std::vector<std::string> unread;
    if (!reads_shocks(options)) unread.push_back("shock");
    // Default costs count where debts are cleared as `clear` does it.
    if (options.method != "capital-sales" && !ranks_by(options, "clearing"))
        unread.insert(unread.end(), {"alpha", "beta"});
    return unread;
}

} // namespace perpetuum
