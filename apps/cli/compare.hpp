#pragma once
// Two books, dates or scenarios side by side: what moved, and which changed figures explain it.

#include "central_runs.hpp"

#include <functional>
#include <map>
#include <optional>
#include <set>

namespace perpetuum {

/// BOOK, BOOK@DATE, BOOK+SCENARIO, BOOK@DATE+SCENARIO.
struct ComparedSide {
    std::string text;
    Options options;
    Reading reading;
};

/// A quantity of a firm that moved.
struct Mover {
    std::string firm, quantity; ///< its identifier; revenue, profit, cash, debt
    double before = 0, after = 0;
    std::string label = {}; ///< the firm's name
    double change() const { return after - before; }
};
/// A mean over paths with its standard error, USD.
struct PathEstimate {
    double mean = 0, error = 0;
};
/// Changed figures that are switched together: those of a firm, a deal, or a parameter of the model.
struct ChangedGroup {
    std::string name; ///< entity.openai, deal.openai-oracle, model.rent_decay, "what ends or fails"
    std::vector<std::string> figures;   ///< what in it changed
    std::vector<double> shares;         ///< of each mover's change: USD
    bool alone = true;                  ///< false: it cannot be switched without others
    std::vector<PathEstimate> on_paths; ///< of each mover's change; with --paths
    std::string label = {};             ///< the name in words
};
struct Comparison {
    std::string from, to, horizon;
    std::vector<Mover> movers;        ///< the largest change first
    std::size_t explained = 0;        ///< of the movers, how many the groups' shares are for
    std::vector<ChangedGroup> groups; ///< in the order in which they were switched
    std::vector<double> rest;         ///< what remains
    std::vector<PathEstimate> change_on_paths;
    std::vector<double> rest_on_paths;
    bool shapley = false;
    std::size_t changed_groups = 0;
    std::string why_no_shares;
    struct Chance {
        std::string firm;
        double before = 0, after = 0;
        std::string label = {}; ///< its name
    };
    std::vector<Chance> chances; ///< of default by the end of the run
    std::uint64_t paths = 0;
};

std::optional<Comparison> compare_sides(ComparedSide& from, ComparedSide& to,
                                        Options const& options, std::string& problem);
std::string comparison_as_text(Comparison const& comparison);
std::string comparison_as_json(Comparison const& comparison);

/// Movers' values by path: [mover][path]; NaN on a path that failed.
using PathValues = std::vector<std::vector<double>>;
/// Runs the first book with some groups as in the second; nothing where that cannot be run.
using PathRunner = std::function<std::optional<PathValues>(std::vector<std::string> const&)>;
std::optional<PathValues> values_on_paths(Book const& book, Reading const& reading,
                                          std::string const& scenario,
                                          std::vector<std::string> const& ended, int steps,
                                          int last, std::vector<Mover> const& movers,
                                          std::size_t count, Options const& options);
/// Shares of what moved as means over paths, on the same draws, with standard errors of the paired
/// differences: as the groups were switched on the central path.
void explain_on_paths(Comparison& result, PathRunner const& run, PathValues const& before,
                      PathValues const& after);

/// Names of groups whose figures differ, with what in them does.
std::map<std::string, std::vector<std::string>> changed_groups(Book const& from, Book const& to);
/// The book with one group as it is in the other.
void switch_group(Book& book, Book const& other, std::string const& group);

} // namespace perpetuum
