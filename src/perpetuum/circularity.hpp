#pragma once
/// circularity: how much of the flow is circular, and where a firm's money comes from.

#include <perpetuum/network.hpp>

#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace perpetuum {

// ---- where a firm's money comes from: docs/methods/origin-of-money.md
// ---------------------------------------------------

/// The same question under four orders out of the till; shares of the base, 0..1.
struct OriginReadings {
    double fifo = 0;     ///< what lay in the till at the step's beginning is paid out first
    double lifo = 0;     ///< what came in during the step is paid out first
    double pro_rata = 0; ///< everything alike (= typical)
    double linked =
        0; ///< pro rata, but money of a finance linked to a purchase pays that purchase first
};

/// One origin's share of what a firm received. All shares are NaN when the base is 0.
struct Split {
    double at_least = 0; ///< under every convention that conserves money at each till
    double typical = 0;  ///< pro rata
    double at_most = 0;  ///< under some convention; not attained together with the others' at_most
    OriginReadings readings;
    std::vector<std::pair<std::string, double>>
        parts; ///< customers: by sector; partners' money: by partner; typical, id → share
    double of_which_finance = 0; ///< own money back only, typical: what it had paid as finance
};

/// The same split of what a firm pays for goods and services; pro rata, shares of `paid`, NaN when
/// that is 0.
struct SpendingOrigin {
    double paid = 0; ///< USD
    double customers = 0, outside_capital = 0, held_before = 0, own_money_back = 0,
           partners_money = 0;
    std::vector<std::pair<std::string, double>> by_sector, by_partner; ///< id → share
};

/// Of what the firm paid to firms of the book: how much came back as revenue. May exceed 1 where
/// more came back than went out in the window.
struct ReturnShare {
    double at_least = 0, typical = 0, at_most = 0; ///< NaN when it paid nothing
};

struct FirmOrigin {
    int party = 0;
    std::string id;
    double revenue = 0; ///< USD received in the window for goods and services, whenever delivered;
                        ///< exchanges included
    double paid_in = 0; ///< USD paid in the window to firms and conduits of the book, for whatever
    ReturnShare return_share;
    Split customers, outside_capital, held_before, own_money_back,
        partners_money; ///< typical and readings sum to 1
    Split circular;     ///< own money back or partners' money
    SpendingOrigin spending;
};

struct OriginOptions {
    std::vector<int> firms{}; ///< whose money; empty = every party of type firm
    bool bounds = true;       ///< at_least and at_most; NaN without
    bool readings = true;     ///< fifo, lifo, linked; NaN without
};

/// Where the money of firms comes from. Tracing starts at step 0, the window [first, last] only
/// selects the receipts.
///
/// set      payments of a run or ledger from its start; tills need not be in balance: see
///          overdrafts()
/// returns  one row a firm, in the order of `options.firms` (or of the parties)
/// throws   BadInput when the set is damaged (see check_payments) or a firm asked about is not a
///          firm or conduit of the set
/// cost     per firm and step one linear system of the size of the tills, four times; 12 max-flows
///          on tills × steps
/// source   pro rata: absorbing chain by elimination without subtraction (Grassmann, Taksar & Heyman
///          1985); bounds: max-flow (Dinic 1970) over all conventions
std::vector<FirmOrigin> origins(PaymentSet const& set, int first, int last,
                                OriginOptions const& options = {});

/// A till that paid more than it held: the lack is traced as "held before" (its opening was not
/// known).
struct Overdraft {
    int party = 0, step = 0;
    double amount = 0; ///< USD
};
std::vector<Overdraft> overdrafts(PaymentSet const& set);

// ---- vendor financing
// ---------------------------------------------------------------------------------------------------

/// Finance a firm paid to those who then buy from it.
struct VendorFinancing {
    double finance = 0;             ///< USD paid as finance to its buyers
    double revenue_from_buyers = 0; ///< USD received from them for goods and services
    double revenue = 0;             ///< USD received from everyone for goods and services
    double of_revenue_from_buyers = 0, of_revenue = 0; ///< the two ratios; NaN when their base is 0
};
/// A financed firm is a buyer when at most `hops` payments for goods and services, in the window,
/// lead from it to the vendor (1 = it buys itself); the revenue counted is that from the last firms
/// on these ways.
VendorFinancing vendor_financing(PaymentSet const& set, int vendor, int first, int last,
                                 int hops = 2);

// ---- maximum circulation: docs/methods/max-circulation.md
// ----------------------------------------------------------------

/// The largest part of a network's payments that goes round: each edge at most what was paid, each
/// node gets what it pays.
struct Circulation {
    std::int64_t volume =
        0; ///< Σ flow, minor units; the value is unique, the flow on the edges is not
    std::int64_t gross = 0;         ///< Σ amounts of the network
    std::vector<std::int64_t> flow; ///< by edge, 0..amount
    std::vector<std::int64_t>
        level; ///< by node: floors; money goes up, what goes level or down is what circulates
};
/// throws  BadInput when the network is damaged
/// cost    cost scaling, per strongly connected component: O(n m log n) relabels and pushes, much
///         less as a rule; exact integers
/// source  Goldberg & Tarjan (1990); levels: Gupte et al. (2011), "agony"
Circulation max_circulation(Network const& network);
/// One pass: the flow is a circulation within the amounts, and Σ amount · max(0, 1 − (level of
/// payee − level of payer)) equals its volume; by duality no larger one exists.
bool certified(Network const& network, Circulation const& circulation);

// ---- compression: docs/methods/compression.md
// ----------------------------------------------------------------------------------------

/// What is left when a circulation is taken away: all net positions stay, no payment grows.
/// throws  BadInput when the circulation is of another network
Network compressed_conservative(Network const& network, Circulation const& circulation);
/// Net positions alone, paid along new ties: at most nodes − 1 payments, in the order of the nodes.
/// source  D'Errico & Roukny (2017), arXiv 1705.07155
Network compressed_non_conservative(Network const& network);

// ---- loop-erased volume: docs/methods/loop-erased-volume.md
// ----------------------------------------------------------------------------------------

struct WalkLimits {
    std::uint64_t walks = 200'000;
    std::int64_t steps = 100'000'000; ///< of all walks together; beyond it the answer is NaN
    std::uint64_t seed = 1;           ///< same seed, same answer
};
/// The expected steps on loops: each dollar that enters is followed pro rata until it leaves, and
/// every loop is cut out of its path as soon as it closes. Minor units.
struct LoopErasedVolume {
    double volume = 0;
    double error = 0;    ///< standard error of the simulation; 0 where nothing was simulated
    double returned = 0; ///< arrivals where the dollar has been before: what Finn's index counts
    double returned_error = 0;
};
LoopErasedVolume loop_erased_volume(Network const& network, OutsideFlows const& outside,
                                    WalkLimits const& limits = {});

// ---- more about loops as a whole
// ----------------------------------------------------------------------------------------

/// Between which amounts an edge's part lies over all maximum circulations; minor units.
struct CirculationInterval {
    std::int64_t least = 0, most = 0;
};
/// throws  BadInput when it is no maximum circulation of the network, or there is no such edge
/// cost    two max-flows
/// source  docs/methods/circulation-intervals.md
CirculationInterval circulation_interval(Network const& network, Circulation const& circulation,
                                         std::size_t edge);

/// What can go round on loops of at most so many payments; minor units. NaN where there are too
/// many loops (20,000, or 4,000,000 of loops times their payments).
struct ShortLoops {
    double dollars = 0; ///< each counted once a turn
    double volume = 0;  ///< each counted once a payment
    std::size_t loops = 0;
};
/// throws  BadInput when longest < 2
/// source  docs/methods/short-loops.md
ShortLoops short_loops(Network const& network, int longest = 4);

/// Payments without which there is no loop left, of small sum.
struct FeedbackArcs {
    std::vector<std::size_t> edges;
    std::int64_t amount = 0; ///< their sum, minor units
    bool least = true;       ///< no other choice is smaller; false: a heuristic chose
};
FeedbackArcs feedback_arcs(Network const& network);

/// By node: floors in the least-squares sense; a payment ideally goes up by one. NaN when the
/// equations do not converge.
/// source  MacKay, Johnson & Sansom (2020), doi 10.1098/rsos.201138
std::vector<double> trophic_heights(Network const& network);

// ---- measures of a whole network
// ------------------------------------------------------------------------------------------

/// By node: of the money that passes through, the share that has been there before: 1 − 1 / N_ii,
/// computed without that subtraction. Each node's books are balanced by flows from and to outside. NaN
/// in a component of more than 1,000 nodes whose elimination fills up (12 million pairs).
/// source  Finn (1976); research on ONO: 1/4 each
std::vector<double> own_money_shares(Network const& network, OutsideFlows const& outside);

/// A value, and its standard error where it was simulated; 0: computed.
struct Estimate {
    double value = 0, error = 0;
};
struct Measure {
    char const* name;
    char const* phrase;
    char const* source;
    double (*value)(Network const&,
                    OutsideFlows const&); ///< USD where the name ends in _usd, else a plain number
    bool by_name_only = false; ///< costs more than the others, or says the same as one of them
    /// The same with another bound on the length of loops than 4, where there is one.
    double (*within)(Network const&, int longest) = nullptr;
    /// The same with its standard error, of measures that can be simulated.
    Estimate (*estimate)(Network const&, OutsideFlows const&) = nullptr;
};
double gross_usd(Network const& network, OutsideFlows const& outside);
double max_circulation_usd(Network const& network, OutsideFlows const& outside);
double max_circulation_share(Network const& network, OutsideFlows const& outside);
double component_share(Network const& network, OutsideFlows const& outside);
double component_flow_usd(Network const& network, OutsideFlows const& outside);
double loop_capacity_usd(Network const& network, OutsideFlows const& outside);
double hodge_loop_share(Network const& network, OutsideFlows const& outside);
/// Throughflow that has been there before; simulated where own_money_shares() knows one not (see
/// LoopErasedVolume::returned).
double finn_cycled_usd(Network const& network, OutsideFlows const& outside);
Estimate finn_cycled_estimate(Network const& network, OutsideFlows const& outside);
/// Pro-rata circulation again and again on what it leaves, until no loop is left; NaN when that takes
/// too long.
double pro_rata_rounds_usd(Network const& network, OutsideFlows const& outside);
double dollars_going_round_within(Network const& network, int longest);
double short_loop_circulation_within(Network const& network, int longest);
double compression_excess_usd(Network const& network, OutsideFlows const& outside);
double loop_erased_usd(Network const& network, OutsideFlows const& outside);
double sure_circulation_usd(Network const& network, OutsideFlows const& outside);
double dollars_going_round_usd(Network const& network, OutsideFlows const& outside);
double short_loop_circulation_usd(Network const& network, OutsideFlows const& outside);
double feedback_arcs_usd(Network const& network, OutsideFlows const& outside);
double trophic_incoherence(Network const& network, OutsideFlows const& outside);
double compression_bilateral_usd(Network const& network, OutsideFlows const& outside);
double compression_conservative_usd(Network const& network, OutsideFlows const& outside);
/// NaN where a component has more than 1,000 nodes, its elimination fills up, and sweeps come to no
/// answer that is certainly near.
double pro_rata_circulation_usd(Network const& network, OutsideFlows const& outside);
/// As finn_cycled_usd(), over all throughflow.
double finn_index(Network const& network, OutsideFlows const& outside);
Estimate finn_index_estimate(Network const& network, OutsideFlows const& outside);
Estimate loop_erased_estimate(Network const& network, OutsideFlows const& outside);

inline constexpr Measure measures[] = {
    {"gross_usd", "all payments", "sum", gross_usd},
    {"component_flow_usd", "those inside strongly connected components: where loops can be",
     "Tarjan (1972)", component_flow_usd},
    {"component_share", "that, of the gross", "Tarjan (1972)", component_share},
    {"max_circulation_usd", "the most of them that can be going round",
     "docs/methods/max-circulation.md", max_circulation_usd},
    {"max_circulation_share", "that, of the gross", "docs/methods/max-circulation.md",
     max_circulation_share},
    {"pro_rata_circulation_usd", "what goes round if nobody favours any payee",
     "docs/methods/pro-rata-circulation.md", pro_rata_circulation_usd},
    {"finn_cycled_usd", "throughflow made of money seen at that firm before", "Finn (1976)",
     finn_cycled_usd, false, nullptr, finn_cycled_estimate},
    {"finn_index", "that, of all throughflow", "Finn (1976)", finn_index, false, nullptr,
     finn_index_estimate},
    {"loop_capacity_usd", "the largest smallest payment of any one loop", "docs/methods/loops.md",
     loop_capacity_usd},
    {"compression_excess_usd", "gross less what net positions alone would need",
     "D'Errico & Roukny (2017), arXiv 1705.07155", compression_excess_usd},
    {"compression_bilateral_usd", "what netting each pair would save",
     "docs/methods/compression.md", compression_bilateral_usd},
    {"compression_conservative_usd",
     "what can be torn up with all net positions kept and no new tie: the maximum circulation",
     "docs/methods/compression.md", compression_conservative_usd, true},
    {"pro_rata_rounds_usd", "pro-rata circulation of what it leaves, again and again",
     "docs/methods/pro-rata-circulation.md", pro_rata_rounds_usd, true},
    {"loop_erased_usd", "steps on loops of dollars that are passed on alike, simulated",
     "docs/methods/loop-erased-volume.md", loop_erased_usd, true, nullptr, loop_erased_estimate},
    {"dollars_going_round_usd",
     "what can go round on short loops (of at most 4 payments unless said otherwise), once a turn",
     "docs/methods/short-loops.md", dollars_going_round_usd, true, dollars_going_round_within},
    {"short_loop_circulation_usd", "the same, once a payment", "docs/methods/short-loops.md",
     short_loop_circulation_usd, true, short_loop_circulation_within},
    {"sure_circulation_usd", "payments that go round in every maximum circulation",
     "docs/methods/circulation-intervals.md", sure_circulation_usd, true},
    {"feedback_arcs_usd",
     "payments without which no loop is left; least up to 14 firms a component, else a heuristic",
     "docs/methods/feedback-arcs.md", feedback_arcs_usd, true},
    {"hodge_loop_share", "of net payments squared, the current that goes round",
     "docs/methods/hodge-loop-share.md", hodge_loop_share, true},
    {"trophic_incoherence", "0: a chain, 1: no direction", "docs/methods/trophic-incoherence.md",
     trophic_incoherence, true},
};

// ---- whose money, by a network alone: docs/methods/look-through.md
// ------------------------------------------------------------------------------------------

struct LookThrough {
    std::vector<double> mix;            ///< by node: of what it pays, funders' share; 1 of a funder
    std::vector<std::int64_t> received; ///< by node, from others of the network, minor units
    std::vector<double> funded;         ///< of that, funders' money, however many hands it came by
};
/// Backwards from each receipt through the payers' payers, all alike, until a funder is met; what
/// comes from outside or a till is no funder's.
/// throws  BadInput when the network is damaged or a funder is no node
/// cost    one elimination a component; NaN in one of more than 1,000 nodes that fills up and whose
///         sweeps come to no answer that is certainly near
LookThrough look_through(Network const& network, OutsideFlows const& outside,
                         std::vector<int> const& funders);
/// By node: turnover of all firms that a dollar causes which is put in there, the first time
/// included; each passes on, of what it gets, the share that it paid, times `passed_on`. Infinite
/// where it never leaves.
/// source  Leontief; with passed_on < 1 Katz (1953)
std::vector<double> turnover_multipliers(Network const& network, OutsideFlows const& outside,
                                         double passed_on = 1);

// ---- without some payments: docs/methods/removal.md
// ------------------------------------------------------------------------------------------

/// What a firm does that gets less than it got.
enum class SpendingRule {
    reserves, ///< pays as before, from what it has
    shared,   ///< pays less by the share of its throughflow that it lost, to all alike
    margin,   ///< pays less by all that it lost, to all alike, down to nothing
};
/// By node: what it would have got less, minor units; NaN when it is not known.
/// removed  edges of the network
/// throws   BadInput when the network is damaged or has no such edge
std::vector<double> income_lost(Network const& network, OutsideFlows const& outside,
                                std::vector<std::size_t> const& removed, SpendingRule rule);
Network network_without(Network const& network, std::vector<std::size_t> const& removed);

// ---- tracing on a ledger: docs/methods/ledger-tracing.md
// ------------------------------------------------------------------------------------------

/// Which of an account's money a payment takes, when some of it is the funders' and the rest clean.
enum class TracingRule {
    fifo,           ///< what came first
    lifo,           ///< what came last
    pro_rata,       ///< all alike
    clean_first,    ///< clean money while there is any
    taint_first,    ///< funders' money while there is any
    lowest_balance, ///< lowest intermediate balance: a claim is never more than the balance since
};
struct TracingRuleName {
    TracingRule rule;
    char const* name;
};
inline constexpr TracingRuleName tracing_rules[] = {
    {TracingRule::fifo, "fifo"},
    {TracingRule::lifo, "lifo"},
    {TracingRule::pro_rata, "pro_rata"},
    {TracingRule::clean_first, "clean_first"},
    {TracingRule::taint_first, "taint_first"},
    {TracingRule::lowest_balance, "lowest_balance"}};

/// Whose money came to whom. Payments are taken by time, or in their order where there is none.
struct TraceQuery {
    std::vector<int> funders;          ///< parties of the list: all they pay is their money
    int target = 0;                    ///< what it pays itself is its own money again, and clean
    std::vector<std::int64_t> opening; ///< by party, clean money before the first payment, or empty
    bool ties_reversed = false;        ///< payments of one moment: the last of the list first
    bool bounds = true;
};
struct TraceResult {
    std::int64_t received = 0;                    ///< by the target, from others, minor units
    double funded[std::size(tracing_rules)] = {}; ///< of that, by rule; NaN: too many lots
    /// Over all conventions that conserve money; sharp where each payment has a time of its own, else
    /// no order of those of one time gives less or more. NaN: not known.
    double at_least = 0, at_most = 0;
    /// What accounts paid without having got it, in this order: on them from the beginning, clean.
    std::int64_t held_before = 0;
};
/// throws  BadInput when the list is damaged or there are no such parties
/// cost    of most rules one pass; fifo and lifo move lots (300 million at most), the bounds are two
///         max-flows on payments in time (400 million arcs looked at each)
/// source  docs/methods/ledger-tracing.md
TraceResult trace_payments(PaymentList const& list, TraceQuery const& query);
/// `held_before` of all accounts but the funders', whatever the target.
std::int64_t held_before_in_all(PaymentList const& list, TraceQuery const& query);

/// A rule, or a convention that brings most (or least) of the funders' money to the target.
struct TraceConvention {
    std::optional<TracingRule> rule;
    bool most = false;
};
struct TracedPart {
    std::uint32_t payment = 0; ///< of the list
    double part = 0;           ///< of its amount, funders' money
    bool arrives = false;      ///< at the target
};
/// The payments behind: those that can lead on to the target and carry funders' money, in the order
/// in which they are made. Empty where the convention is not known.
std::vector<TracedPart> traced_parts(PaymentList const& list, TraceQuery const& query,
                                     TraceConvention convention);

// ---- one dollar booked many times: docs/methods/dollar.md
// ----------------------------------------------------------------------------------

struct DollarBooking {
    int party = 0;
    std::string id;
    double revenue = 0; ///< dollars booked there for goods and services, per dollar put in
    double capital = 0; ///< as equity or debt
    double other = 0;   ///< interest, repayment, and what else is neither
};
/// Where a part of the dollar comes to rest: paid outside under a type of payment, or "kept" by a
/// firm (then `to` is the firm).
struct DollarLeak {
    std::string kind, to;
    double share = 0; ///< of the dollar
};
/// A customer's dollar put in at a firm, and passed on until it has left.
struct DollarTrace {
    std::string id;
    bool leaves = true;  ///< false: it can come to where nobody ever keeps or pays out anything
    double velocity = 0; ///< booked as revenue in all, the first time included; infinite when it
                         ///< never leaves
    double bookings = 0; ///< booked in all
    std::vector<DollarBooking> firms; ///< the firm itself first, then the largest; empty when it
                                      ///< never leaves
    std::vector<DollarLeak> leaks;    ///< the largest first; shares sum to 1
};
/// Every firm passes on, of each dollar it gets, what it paid in the window over the larger of what
/// it got and paid, to all payees alike.
///
/// set      payments of a run or ledger; steps [first, last] count
/// firm     number of a firm or conduit
/// throws   BadInput when the set is damaged or the party is neither
/// cost     one elimination, the cube of the number of firms that the dollar can reach
/// source   expected visits of an absorbing chain (Kemeny & Snell 1960)
DollarTrace trace_dollar(PaymentSet const& set, int firm, int first, int last);

/// What two firms paid each other in a window, netted. USD.
struct PairFlows {
    double sales = 0;        ///< the customer to the vendor, for goods and services
    double bought_back = 0;  ///< the vendor to the customer, for goods and services (rent-backs)
    double finance = 0;      ///< the vendor into the customer: stakes, loans
    double finance_back = 0; ///< the customer into the vendor
    double other = 0;        ///< interest, repayments and the like, customer to vendor less back
    double net_outside_demand = 0; ///< sales - bought_back - finance
    double returned_share = 0;     ///< (bought_back + finance) / sales; NaN without sales
    double group_receipts = 0;     ///< for goods and services, of both as one group, from others
};
/// throws  BadInput when the set is damaged or the two are not two parties of it
PairFlows pair_flows(PaymentSet const& set, int vendor, int customer, int first, int last);

// ---- against chance: docs/methods/rewiring.md
// ------------------------------------------------------------------------------------------

/// A network in which every node pays and gets in all what it does here, to and from whom chance
/// says; the sample's number and the seed give the same one everywhere. What could only be paid to
/// its own payer is left out. At most one link a node more.
/// throws  BadInput when the network is damaged
/// cost    O(m log m) as a rule
Network rewired(Network const& network, std::uint64_t seed, std::uint64_t sample);

/// A measure beside the same of rewired networks.
struct NullScore {
    double value = 0;               ///< of the network itself
    double mean = 0, deviation = 0; ///< of the rewired ones
    double z = 0;                   ///< (value - mean) / deviation; NaN where that is 0
    double links = 0;               ///< of a rewired network, mean
    int samples = 0, as_high = 0;   ///< how many have at least the value
};
/// throws  BadInput when samples < 2, or the network is damaged
/// longest  ≥ 2: bound on the length of loops, of measures that have one; 0: theirs
NullScore null_score(Network const& network, OutsideFlows const& outside, Measure const& measure,
                     int samples, std::uint64_t seed = 1, int longest = 0);

} // namespace perpetuum
