#pragma once
/// stress: what follows from a shock, path by path beside the same paths without it: who fails, what
/// it costs whom through which channel, and how much of that is feedback.

#include <perpetuum/ensemble.hpp>

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace perpetuum {

// ---- shocks -------------------------------------------------------------------------------------

/// One thing that happens from a step on.
struct Shock {
    enum class What {
        put,      ///< a quantity becomes `values`: one a step, the last from then on
        multiply, ///< … is multiplied by them
        add,      ///< … is raised by them, and what was not below zero does not get there
        give,     ///< a firm is given `values` from outside, USD a step, 0 from then on; below zero
                  ///< it gives as much away, as far as it has it. Neither is income
        fail,     ///< a firm defaults
        cut,      ///< a deal ends
    };
    What what = What::put;
    std::string name;           ///< of a quantity in System::names; id of a firm; id of a deal
    std::vector<double> values; ///< in the quantity's base unit; of a payment USD
    int step = 1;               ///< from this step on
};
/// What is wrong with a shock: no such quantity, firm or deal, or one that cannot be put (a balance is
/// moved by payments only). Empty: nothing.
std::string fault_of(System const& system, Shock const& shock);
/// Names that a shock may have, of its sort.
std::vector<std::string> shock_names(System const& system, Shock::What what);
/// The system in which the shocks happen. Starts stay as they are.
/// throws  BadInput for what `fault_of` finds
System with_shocks(System system, std::vector<Shock> const& shocks);

/// The system in which each deal ends at a step on paths on which its switch is 1: the switches are
/// figures "#cut.DEAL", drawn once a path, to be filled with 0 or 1 by the caller.
/// throws  BadInput when a deal is not known or does not run
System with_cut_switches(System system, std::vector<std::string> const& deals, int step);

/// By cell of `to`: the cell of `from` with the same name (of several the same in order); -1: none.
std::vector<CellId> matching_cells(System const& from, System const& to);
/// What a shock hits at once.
struct ShockHit {
    std::vector<int>
        firms; ///< whose figures, equations or deals it changes, or who reads …; rising
    /// … quantities of the model itself that it changes, or that follow from those; rising
    std::vector<CellId> quantities;
    std::vector<int> named;      ///< of the firms, those that the shock itself names; rising
    std::vector<CellId> readers; ///< cells of firms and deals that read one of `quantities`; rising
};
/// `shocked`: the instance before `with_shocks`, which may be that of a scenario of the book.
ShockHit hit_by(System const& base, System const& shocked, std::vector<Shock> const& shocks);
/// Of the firms that are hit because they read a quantity of the model, those for which what reads it
/// comes out otherwise, when all else stays as it is, on any of the first 64 paths up to a step.
/// `shocked`: after `with_shocks`.
ShockHit really_hit(System const& base, System const& shocked, ShockHit const& hit,
                    Sample const& sample, int last_step);

// ---- channels -----------------------------------------------------------------------------------

/// Through what income is lost. docs/methods/stress.md says which posting is which.
enum class Channel { payables, stakes, guarantees, collateral, orders, demand, funding, other };
constexpr std::size_t channels = 8;
constexpr std::array<char const*, channels> channel_names{
    "payables", "stakes", "guarantees", "collateral", "orders", "demand", "funding", "other"};

/// What can be switched off: then it works on contracts with the firms hit only.
enum class Switch { payables, stakes, guarantees, collateral, decisions };
constexpr int switches = 5;
constexpr std::array<char const*, switches> switch_names{"payables", "stakes", "guarantees",
                                                         "collateral", "orders and sentiment"};
constexpr unsigned all_switches = (1U << switches) - 1;

// ---- the world in which something is held -------------------------------------------------------

/// A value that a system takes from the unshocked run beside it.
struct Feed {
    CellId cell = -1;    ///< of the holding system: drawn in each step
    CellId source = -1;  ///< of the base: its value in this step …
    CellId part_of = -1; ///< … or its part of this one (1 where that is 0); -1: the value itself
};
struct HoldingSystem {
    System system;
    std::vector<Feed> feeds;
};
/// The shocked system in which whatever belongs to a switch that is off, and to no contract with a
/// firm hit, stays as in the base. Payables off: the others draw on a free line where they cannot
/// pay (their cash goes below zero), and fail where they fail in the base. All on: the shocked system.
HoldingSystem holding_system(System const& shocked, System const& base, ShockHit const& hit,
                             unsigned on);

// ---- runs ---------------------------------------------------------------------------------------

struct StressAsked {
    System const* base = nullptr;
    System const* shocked = nullptr;
    ShockHit hit;
    int horizon = 0;         ///< last step that counts; 0: the run's
    bool first_round = true; ///< also the run in which everything is held
    bool causal = false;     ///< also all other combinations of switches
    CellId given = -1; ///< of base and shocked: what is given more or less of, in `given_step`
    int given_step = 1;
    bool keep_changes = false; ///< of every path, to be paired with another shock's
    int induced_by = -1;       ///< a firm: what all others lose is kept too
    EnsembleSettings settings;
};

/// What a shock changes on a path, with less without, USD: all firms' revenue to the horizon, the same
/// in the first round, and what is given.
struct PathChange {
    std::uint64_t path = 0;
    double revenue = 0, first_round = 0, given = 0;
    bool operator==(PathChange const&) const = default;
};

/// Loss of income: without the shock less with it, USD, a value a path.
struct LossTable {
    std::vector<std::array<Moments, channels>> by_channel; ///< by firm
    std::vector<Moments> firms;                            ///< by firm: all channels
    Moments sum;                                           ///< over firms
    Moments consolidated; ///< less what is marked down on claims between firms
};

struct StressResult {
    std::vector<int> firms; ///< entities, in the order of all tables here
    int steps = 0;
    Coverage coverage;
    FailedPaths failed;
    FailureTable without, with;
    /// Paths on which a firm that was not hit defaults with the shock and not without it.
    std::uint64_t spread = 0;
    LossTable loss;                                      ///< to the horizon
    std::array<Moments, channels> sum_channels;          ///< of all firms together
    std::vector<std::array<Moments, channels>> timeline; ///< by step: of all firms together
    std::vector<std::vector<Moments>> firm_timeline;     ///< [firm][step - 1]
    double residual = 0;     ///< USD: the largest |sum of channels - loss| of a firm on a path
    double largest_loss = 0; ///< USD: of a firm on a path, either sign
    /// Change, with less without, of all firms' revenue to the horizon, in USD; the same in the first
    /// round; and of what is given.
    Moments revenue, revenue_first_round, given;
    std::vector<PathChange> changes; ///< by path, where `keep_changes` is asked for: 32 bytes each
    Moments induced;                 ///< consolidated loss less that of `induced_by`
    LossTable first_round, feedback; ///< without channels
    std::vector<Moments> support;    ///< by firm: USD drawn on the free line at the horizon
    Moments support_sum;
    std::array<Moments, switches> share;     ///< Shapley, of the consolidated feedback
    std::array<Moments, switches> share_sum; ///< … of the feedback summed over firms
    double share_residual = 0; ///< USD: the largest |sum of shares - feedback| on a path
};

/// Runs a shock and what it is held against, all on the same draws, block by block.
///
/// The same result for any threads and blocks. A path that fails in any run counts in none.
/// throws  BadInput when something cannot be compiled
class Stress {
  public:
    explicit Stress(StressAsked asked);
    ~Stress();
    /// Paths [begin, end); begin a multiple of 16. False when `stop` said so.
    bool run(Coverage::Range paths, std::function<bool()> const& stop = {});
    std::uint64_t done() const; ///< paths run here
    std::size_t runs() const;   ///< of each path: with, without, and with something held
    StressResult result() const;
    /// What is in so far, exactly; merged in any order parts come to the same bytes. `about` is left
    /// to the caller, who knows which texts it is of.
    Bundle bundle() const;
    /// Takes in what another one has run. False, and nothing changes, with what is wrong: it is not of
    /// such a stress, or has a path that is in already.
    bool take(Bundle const& part, std::string& problem);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace perpetuum
