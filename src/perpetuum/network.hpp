#pragma once
/// network: who pays whom: payments with times and natures, in exact minor units; from runs and
/// from CSV files.

#include <perpetuum/base.hpp>
#include <perpetuum/text.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace perpetuum {

/// What a payment is to the one who gets it. Told from how it is booked, never from a list of
/// names.
enum class Nature {
    sale,    ///< for goods and services: the payee books revenue (or an advance from customers)
    finance, ///< gives the payer a claim on the payee: equity, loan, vendor credit, guarantee
             ///< called
    other,   ///< repayment, interest, dividend, wage, tax, pay-out: neither
};

/// What sort of party a node is, for questions of origin.
enum class PartyType {
    firm,    ///< an operating firm
    conduit, ///< a fund, bank or vehicle of the book: looked through
    outside, ///< an outside sector: what it pays for goods is customers' money, by sector; all else
             ///< outside capital
};

struct NetworkParty {
    std::string id, name;
    PartyType type = PartyType::firm;
};

/// One payment of a run or ledger.
struct NetworkPayment {
    int step = 0;
    int payer = 0, payee = 0; ///< indices of parties
    std::int64_t amount = 0;  ///< minor units, > 0
    Nature nature = Nature::other;
    int deal = -1; ///< contract number, -1 = none
    int kind = -1; ///< transaction number, for showing
    int pair = -1; ///< ≥ 0: one side of an exchange without cash; both sides share the number
    int till_payer = 0,
        till_payee =
            0; ///< sub-till it leaves and enters: 0 the main till, > 0 a named one (same party)
};

/// Payments over steps, and what lies in the tills before the first.
struct PaymentSet {
    std::vector<NetworkParty> parties;
    std::vector<std::int64_t> opening;    ///< till of each party at the start, minor units
    std::vector<NetworkPayment> payments; ///< by step
    int steps = 0;
    double minor_unit = 0.01;       ///< USD a minor unit
    std::vector<std::string> tills; ///< names of sub-tills; 0 is the main one
    struct Binding {
        int deal = -1;             ///< finance whose money is bound …
        std::vector<int> purposes; ///< … to pay under these contracts
    };
    std::vector<Binding> bindings;           ///< `for`
    std::vector<std::pair<int, int>> linked; ///< (finance, purchase): for the reading `linked`
    std::vector<std::string> deals, kinds;   ///< names, for showing
};

/// A directed graph of amounts: parallel payments merged, self-payments left out.
struct Network {
    std::vector<std::string> nodes;
    struct Edge {
        int from = 0, to = 0;
        std::int64_t amount = 0;
    };
    std::vector<Edge> edges; ///< sorted by (from, to); amount > 0
    double minor_unit = 0.01;
};
/// Firms and conduits only (the outside is never an ordinary node), payments of steps [first,
/// last].
Network network_of(PaymentSet const& set, int first, int last);
/// From edges in any order: parallel ones are added up, self-payments left out.
/// throws  BadInput when an edge names no node, an amount is ≤ 0, or they sum to 2^62 minor units
/// or more
Network network_from(std::vector<std::string> nodes, std::vector<Network::Edge> edges,
                     double minor_unit = 0.01);

/// What each node of a network got from outside sectors and paid to them, minor units; in the order
/// of its nodes.
struct OutsideFlows {
    std::vector<std::int64_t> in, out;
};
/// Of the same nodes as network_of(set, first, last).
OutsideFlows outside_flows_of(PaymentSet const& set, int first, int last);
/// No outside flow but what balances the books.
OutsideFlows no_outside_flows(Network const& network);
/// By node, minor units: the larger of all it got and all it paid, outside included (the rest came
/// from or stayed in its till).
std::vector<std::int64_t> throughflows(Network const& network, OutsideFlows const& outside);

/// throws  BadInput when an index, step, till or amount of the set is out of range, or amounts sum
/// to 2^62 minor units or more
void check_payments(PaymentSet const& set);
/// throws  BadInput when an edge is out of order, names no node, pays itself or ≤ 0
void check_network(Network const& network);

// ---- CSV files
// ------------------------------------------------------------------------------------------------------

struct CsvCell {
    std::string text; ///< without the quotation marks around it
    Span where;       ///< with them
};
/// A small CSV file as it stands (RFC 4180): nothing is trimmed, rows may differ in length.
struct CsvTable {
    std::vector<CsvCell> head;              ///< the first line
    std::vector<std::vector<CsvCell>> rows; ///< blank lines are left out
    char delimiter = ',';
    /// The place of a column, by its trimmed name.
    std::optional<std::size_t> column(std::string_view name) const;
};
/// Of a text that is already there. delimiter  0: guessed from the first line among , ; tab and |
/// errors  not UTF-8, a quotation mark that is left open, an empty text: nothing, and diagnostics
/// say where
std::optional<CsvTable> parse_csv_table(std::string const& name, std::string content,
                                        char delimiter, Diagnostics& diagnostics);
/// Of a file of at most 16 MB.
std::optional<CsvTable> read_csv_table(std::string const& path, char delimiter,
                                       Diagnostics& diagnostics);
/// Without blanks and tabs around it.
std::string_view trimmed_cell(std::string_view text);

/// An exact decimal number: digits · 10^-decimals.
struct DecimalAmount {
    std::int64_t digits = 0;
    int decimals = 0;     ///< as few as it needs; at most 18
    bool rounded = false; ///< the text says more decimals than were asked for
};
/// "12", "12.50", "1.25e3"; nothing when it is no such number, is negative, or needs more than 18
/// digits. decimals ≥ 0: rounded to so many, half away from zero.
std::optional<DecimalAmount> parse_decimal_amount(std::string_view text, int decimals = -1);

/// How the times of a file are written: all in the same way.
enum class TimeForm {
    none,    ///< there are none
    integer, ///< plain numbers, in a unit of the file's own (taken as seconds where it matters)
    date,    ///< 2025-01-31: seconds since 1970
    instant, ///< 2025-01-31T12:30[:15[.25]][Z|+01:00]: microseconds since 1970
};
struct TimeRead {
    TimeForm form = TimeForm::none; ///< none: it is no time
    std::int64_t value = 0;
};
TimeRead parse_time(std::string_view text);
/// As it is written in files.
std::string print_time(std::int64_t value, TimeForm form);
/// How many units of a form are a second.
std::int64_t units_a_second(TimeForm form);

/// What is kept of a file of payments: columns of equal length, in the order of the rows.
struct PaymentList {
    std::vector<std::string> parties; ///< in the order of their first appearance
    std::vector<int> from, to;        ///< indices of parties
    std::vector<std::int64_t> amount; ///< minor units, > 0
    std::vector<std::int64_t> time;   ///< empty when the file has none
    std::vector<std::uint32_t> line;  ///< of the file, from 1; empty unless asked for
    std::vector<int> kind;            ///< index of kinds; empty when the file has none
    std::vector<std::string> kinds;
    int decimals = 0; ///< a minor unit is 10^-decimals of the file's unit
    TimeForm time_form = TimeForm::none;

    std::size_t size() const { return from.size(); }
    double minor_unit() const;
};

struct PaymentFileOptions {
    char delimiter = 0; ///< 0: guessed from the first line
    /// Which column plays a role (from, to, amount, time, kind), where it has another name.
    std::vector<std::pair<std::string, std::string>> columns;
    /// Only rows whose column (first) holds this text (second); others are left out.
    std::vector<std::pair<std::string, std::string>> where;
    int decimals = -1;    ///< ≥ 0: amounts are rounded to so many; -1: as many as the file has
    bool lenient = false; ///< a damaged row is refused by itself, not the whole file
    bool times = true;    ///< read the time column, if there is one
    bool kinds = true;    ///< read the kind column, if there is one
    bool lines = false;   ///< keep the line of each payment
    int threads = 1;      ///< the result is the same whatever their number
};

/// What became of the rows. read = kept + to_oneself + of_nothing + elsewhere + refused.
struct PaymentFileCount {
    std::uint64_t read = 0, kept = 0;
    std::uint64_t to_oneself = 0, of_nothing = 0; ///< payer is payee; the amount is 0
    std::uint64_t elsewhere = 0;                  ///< left out by `where`
    std::uint64_t refused = 0;                    ///< damaged
    std::uint64_t rounded = 0;                    ///< kept, but with fewer decimals than written
    std::uint64_t bytes = 0;
    char delimiter = ',';
    std::vector<std::string> ignored; ///< columns that play no role
};
/// "read 5 rows: kept 3, left out 1 (1 to oneself), refused 1"
std::string print_count(PaymentFileCount const& count);

/// Payments from a CSV file with a line of column names: from, to, amount[, time][, kind] in any
/// order among others (also payer, payee, source, target, src, dst, date). Nothing when a row is
/// damaged (unless lenient), or the file is; diagnostics say where, by line and column, and count
/// says how far it was read.
///
/// memory  24 bytes a payment with time, and the names; the file is read in pieces, never kept
/// cost    about as long as it takes to look at each byte, and at each name in a table
std::optional<PaymentList> read_payments(std::string const& path, PaymentFileOptions const& options,
                                         Diagnostics& diagnostics, PaymentFileCount& count);

/// Payments added up by (from, to).
Network network_of(PaymentList const& list);

// ---- other parties than the file's
// ----------------------------------------------------------------------------------

struct PartyChanges {
    std::vector<std::pair<std::string, std::string>> groups; ///< party → the group it counts as
    std::vector<std::string> exclude;                        ///< nothing to or from these counts
    std::vector<std::string>
        through; ///< what these pass on counts as paid by those they got it from
    bool empty() const { return groups.empty() && exclude.empty() && through.empty(); }
};
struct PartyChangeCount {
    std::uint64_t merged = 0;         ///< parties that became part of a group
    std::uint64_t inside_groups = 0;  ///< payments left out: payer and payee are one group
    std::int64_t inside_amount = 0;   ///< their sum, minor units
    std::uint64_t excluded = 0;       ///< payments left out
    std::int64_t excluded_amount = 0; ///< their sum
    std::int64_t passed_through = 0;  ///< sum of what now goes past the parties of `through`
    std::vector<std::string> unknown; ///< names that no payment has
};
/// Parties that are left without payments are dropped. Groups first, then exclusions, then pass-throughs (names of groups count there).
///
/// A party passes on the smaller of what it got and what it paid, T. Each of its payers' share in T
/// is spread over its payees in proportion to what they got, in whole minor units with exact sums;
/// what it got or paid above T stays its own. Its loops vanish; everybody else's
/// sums stay, but for what came back to the same payer.
/// Payments are added up and lose times, kinds and lines where `through` is not empty.
/// throws  BadInput when a pass-through would make more than 10^7 payments
PaymentList changed_parties(PaymentList list, PartyChanges const& changes, PartyChangeCount& count);

} // namespace perpetuum
