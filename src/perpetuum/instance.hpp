#pragma once
/// instance: book + model → one flat system: every quantity of every entity and contract is a
/// numbered cell with one definition; payments and bookings are lists over cells. Nothing here
/// knows a kind of firm or deal by name.

#include <perpetuum/base.hpp>
#include <perpetuum/book.hpp>
#include <perpetuum/model.hpp>
#include <perpetuum/text.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace perpetuum {

// ---- flat expressions
// ---------------------------------------------------------------------------------------------------

using NodeId = int; ///< index into System::nodes; -1 = none
using CellId = int; ///< index into System::cells; -1 = none

enum class NodeOp {
    constant,
    cell,
    time,
    negate,
    add,
    subtract,
    multiply,
    divide,
    power,
    minimum,
    maximum,
    equal,
    unequal,
    less,
    less_equal,
    greater,
    greater_equal,
    conjunction,
    disjunction,
    negation,
    choose, ///< (condition, then, else)
    absolute,
    exponential,
    logarithm,
    square_root,
    round_down,
    since,    ///< (date): share of the step after it
    ramp_up,  ///< (begin, length): mean over the step of a rise from 0 to 1
    to_coins, ///< USD → whole coins, towards zero
    past,     ///< cell, (time): its value that long ago, between steps interpolated,
              ///< before the start its start value
    past_sum, ///< cell (a running sum), (time), (value a step before the start)
};
/// Equal nodes are one node, so a sum that many ask for is computed once.
struct Node {
    NodeOp op = NodeOp::constant;
    CellId cell = -1; ///< cell, past, past_sum
    double value = 0; ///< constant
    int lag = 0;      ///< cell: steps back
    std::array<NodeId, 3> arguments{-1, -1, -1};
    bool operator==(Node const&) const = default;
};

enum class CellType {
    parameter, ///< fixed for a path: a figure of the book, or an expression over other parameters
    series,    ///< given by step
    variable,  ///< an equation's value, shown to readers
    hidden,    ///< running sums and memories behind functions of time
    state,     ///< live, begun, estate, defaulted
    owed,
    paid, ///< whole coins; paid comes from the clearing or (exchanges) is what is owed
    cover,
    called, ///< of a guarantee
    cost_share,
    lost,     ///< what insolvency eats
    short_of, ///< of an entity: dues left unpaid
    posting,  ///< of an entry or mark: whole coins, may be negative
    balance,  ///< of an entity and account: closing balance; of income and expense: the step's flow
    part,     ///< what one contract has booked there
    total,    ///< assets, liabilities, net_worth, profit, dues_in, dues_out: in USD
    check,    ///< an `expect`: 1 holds
};
struct Cell {
    std::string name, phrase; ///< "oracle.debt", "openai-oracle.fee"
    CellType type = CellType::variable;
    NodeId value = -1;      ///< each step; parameters: once; -1: set by the clearing, or given
    NodeId start = -1;      ///< before the first step; -1: 0
    Distribution draw;      ///< parameter given by a figure
    bool drawn = false;     ///< parameter: from `draw`, not from `value`
    bool each_step = false; ///< drawn anew in each step (a shock); the start is its median
    /// Parameter: the figure as written, before its spread; NaN: undisclosed.
    std::optional<double> written;
    std::vector<double> steps; ///< series: one value a step, from the first
    int lags = 0;              ///< steps back that anything looks
    bool history = false;      ///< the whole past is looked at
    bool coins = false;        ///< counts coins, not USD
    Unit unit;
    int entity = -1, contract = -1, account = -1;
    Span where; ///< of the text that defines it
};

struct SystemEntity {
    std::string id, name, kind;
    int block = -1;
    bool outside = false, conduit = false;
    /// Pays whatever it owes, beyond what it has: its cash goes below zero (`stress`).
    bool supported = false;
};
struct SystemContract {
    std::string id; ///< the deal's id; a split role adds "@party"
    std::string deal;
    int block = -1;
    std::vector<std::pair<std::string, int>> entities;  ///< role → entity
    std::vector<std::pair<std::string, int>> contracts; ///< role → contract
    bool runs = false;                                  ///< false: in the map only
    std::string why_not;                                ///< when it does not run
    double share = 1;                                   ///< of a split role
};

/// A flow: what one pays another, or both sides of an exchange.
struct SystemFlow {
    StatementType type = StatementType::transfer;
    std::string name; ///< "openai-oracle.payment", or transaction and parties
    int payer = -1, payee = -1;
    int transaction = -1;
    int contract = -1;
    int rank = 5;
    int till = 0; ///< number into System::tills, 0 = the main one
    CellId owed = -1,
           paid =
               -1; ///< exchanges: the same cell; guarantees: cover and called; lost: share and lost
    int covers = -1; ///< guarantee: number of the flow it covers
    std::array<int, 4> accounts{-1, -1, -1,
                                -1}; ///< payer debits, payer credits, payee debits, payee credits
};
/// One line of a booking: the cell's coins are debited (or credited) to an account of an entity.
struct SystemPosting {
    CellId amount = -1;
    bool debit = true;
    int entity = -1, account = -1, contract = -1;
    int flow = -1; ///< −1: of an entry or mark
};
/// What a deal promises in all.
struct SystemPromise {
    int from = -1, to = -1, transaction = -1, contract = -1;
    double amount = 0;      ///< USD; NaN when it is not known
    double paid_before = 0; ///< USD
    CellId remaining = -1;  ///< what is left of it, where the contract runs
};
struct SystemCheck {
    CellId cell = -1;
    std::string text;
    Span where;
};

/// Cells by name. The names stand one after another in one text, found by their hash.
class CellNames {
  public:
    struct Entry {
        std::size_t begin = 0; ///< of its name in the text
        std::uint32_t length = 0;
        CellId second = -1; ///< the cell, as in a map
    };
    /// Its place, good until another name is added; end() where there is none of that name.
    Entry const* find(std::string_view name) const;
    Entry const* end() const { return entries_.data() + entries_.size(); }
    bool contains(std::string_view name) const { return find(name) != end(); }
    /// throws std::out_of_range where there is none of that name
    CellId at(std::string_view name) const;
    /// Leaves a name that is known where it is.
    void emplace(std::string_view name, CellId cell) { place(name, cell); }
    /// The cell of a name, -1 where it is new; a reference, good until another name is added.
    CellId& operator[](std::string_view name) { return place(name, -1); }
    /// Makes room for so many names.
    void reserve(std::size_t names);
    /// All of them in the order of their names.
    std::vector<std::pair<std::string, CellId>> sorted() const;

  private:
    struct Place {
        std::uint32_t hash = 0;
        int entry = -1; ///< -1: free
    };
    CellId& place(std::string_view name, CellId cell);
    void widen(std::size_t places);
    std::size_t place_of(std::string_view name, std::uint32_t hash) const;

    std::string text_;
    std::vector<Entry> entries_;
    std::vector<Place> places_; ///< open addressing; a power of two
};

struct System {
    double step_months = 3;
    int steps = 0;
    Date start;
    double coin = 0.01;
    bool has_money = false;
    std::vector<Node> nodes;
    std::vector<Cell> cells;
    std::vector<SystemEntity> entities;
    std::vector<SystemContract> contracts;
    std::vector<Account> accounts;
    std::vector<Transaction> transactions;
    std::vector<std::string> tills{""};
    std::vector<SystemFlow> flows;
    std::vector<SystemPosting> postings;
    std::vector<SystemPromise> promises;
    std::vector<SystemCheck> checks;
    /// Account cells: balances[entity * accounts + account], −1 where nothing is ever booked nor
    /// opened.
    std::vector<CellId> balances;
    std::vector<CellId> defaulted, short_of; ///< by entity; −1: it owes nothing
    CellNames names; ///< variables, parameters, flows, accounts by full name

    CellId balance(int entity, int account) const {
        return balances[static_cast<std::size_t>(entity) * accounts.size() +
                        static_cast<std::size_t>(account)];
    }
    int entity(std::string_view id) const;
    int contract(std::string_view id) const;
};

/// How large a system may become: what bounds memory and time, whatever the texts say. Beyond any of
/// these `instantiate` reports one error with a way out and returns an empty system.
struct InstanceLimits {
    std::size_t nodes = 10'000'000;  ///< 32 bytes each, and at most as much for their index
    std::size_t cells = 2'000'000;   ///< about 500 bytes each
    std::size_t instances = 100'000; ///< entities and contracts
    std::size_t sheets = 20'000'000; ///< entities × accounts
    std::size_t given = 50'000'000;  ///< numbers given by step: series × steps
    std::size_t work = 100'000'000;  ///< readings of an expression, for an instance or a member
};

struct InstanceOptions {
    int steps = 0; ///< 0: to the end of 2035
    double step_months = 3;
    std::string scenario; ///< of the book
    std::vector<std::string> ended_deals;
    InstanceLimits limits;
    /// Deals that are not binding and have a chance are drawn by each path; else those that are
    /// likelier than not run, and the others do not.
    bool draw_chances = false;
    /// Of figures side by side each path draws one, all as likely; else the first is used.
    bool draw_rivals = false;
};

/// What a model lets a book say.
Vocabulary vocabulary_of(Model const& model);
/// Ids of a book for the model's names.
std::vector<KnownId> known_ids(Book const& book);
/// Entities and contracts of the book with the equations, payments and bookings of the model.
/// Errors (an unresolved name, a contract without its parameters, a role of the wrong kind) go to
/// `diagnostics`.
System instantiate(Book const& book, Model const& model, InstanceOptions const& options,
                   Diagnostics& diagnostics);
/// The book in which whatever the scenario and its parents change, and the book leaves to the
/// model's default, is a figure (where the default is a plain number), so that it can be changed:
/// to be called before with_scenario.
Book with_defaults(Book book, Model const& model, std::string const& scenario);
/// The book with a scenario's changes applied (its parents first). Its scenario of that name is
/// left flat: `end` and `fail` hold the parents' too, without the deals that end by a date
/// (`from`), which are ended in the book itself.
Book with_scenario(Book book, std::string const& scenario, Diagnostics& diagnostics);

/// What became of an [expect] line: its value against its range.
struct ExpectationResult {
    std::string name;
    std::string says; ///< the remark of its range: what the source says
    double value = 0; ///< in base units; NaN when it cannot be computed
    double least = 0,
           most = 0; ///< as the figures lie in their spreads, each free of the others, rivals
                     ///< included; of a spread without ends the middle nine tenths
    double low = 0, high = 0;
    Unit unit; ///< in which the range is written
    bool holds = false;
    std::string problem; ///< why it cannot be computed
};
/// Reads figures only (openings, reported, deals, headlines); no run.
std::vector<ExpectationResult> check_expectations(Book const& book, Model const& model,
                                                  Diagnostics& diagnostics);

/// What an opening sheet leaves open: assets that no account names, equity as remainder, debt not
/// found in deals.
struct OpeningGap {
    std::string entity;
    Date at;
    double named_assets = 0, liabilities = 0, equity = 0, other = 0;
    std::optional<double> total_assets, stated_equity;
    double debt_outside_deals = 0;
};
std::vector<OpeningGap> opening_gaps(Book const& book, Model const& model);

} // namespace perpetuum
