#pragma once
/// clearing: what is really paid when nobody can pay more than it has: within a step for lanes of
/// paths, and in large static networks of debts.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace perpetuum {

/// One thing to be paid in a step, the same for every path.
struct ClearingPayment {
    int payer = 0, payee = 0;
    bool due = false; ///< owed: served before offers, and who leaves it unpaid defaults
    int rank = 5;     ///< 1 first
};
/// A guarantee: what is left unpaid of a due is owed by the guarantor, in the same step.
struct ClearingGuarantee {
    int guarantor = 0;
    int covers = 0; ///< index of the due
    int rank = 5;   ///< of the guarantor's payment
};
/// What insolvency eats, of all that an entity has, in a step in which it leaves a due unpaid.
struct DefaultCost {
    int entity = 0, sector = 0; ///< paid to
};
struct ClearingSystem {
    int entities = 0;
    std::vector<bool> unlimited; ///< an outside sector: can always pay
    std::vector<ClearingPayment> payments;
    std::vector<ClearingGuarantee> guarantees; ///< in the book's order
    std::vector<DefaultCost> costs;            ///< at most one an entity
};

/// Values over lanes of paths: [item × lanes + lane], whole coins kept in doubles (exact below
/// 2^53).
struct ClearingInput {
    int lanes = 1;
    double const* cash = nullptr;       ///< entity: opening cash ≥ 0 (ignored for unlimited ones)
    double const* owed = nullptr;       ///< payment: ≥ 0
    double const* cover = nullptr;      ///< guarantee: most that it pays
    double const* cost_share = nullptr; ///< cost: share of all it has, 0..1
};
struct ClearingOutput {
    double* paid = nullptr; ///< payment: by its payer, 0 ≤ paid ≤ owed
    double* called =
        nullptr;            ///< guarantee: what the guarantor paid to the payee of the covered due
    double* lost = nullptr; ///< cost: paid to its sector
    double* short_of =
        nullptr; ///< entity: its dues left unpaid, calls on its debts included; guarantors' too
};

/// The same as rows that stand anywhere: by item, [lane]. Covers must be whole coins in range and
/// shares 0..1: that is not looked at again.
struct ClearingLanes {
    int lanes = 1;
    std::vector<double const*> cash; ///< entity; null: has none (an unlimited one may be null)
    std::vector<double const*> owed, cover, cost_share;
    std::vector<double*> paid, called, lost;
    std::vector<double*> short_of; ///< entity; null: not asked for
};

struct ClearingOutcome {
    bool fine =
        true; ///< false: cash or an amount is negative, beyond 2^53 or no number; nothing is
              ///< cleared
    /// Lanes in which nothing is paid because all amounts sum to more than 2^62.
    std::vector<int> left_out;
};

/// The greatest clearing vector with ranks (dues before offers, then by rank; equal ranks pro rata,
/// rounded down to whole coins), default costs, and guarantees called in rounds. When all can pay:
/// one pass. An entity is short when what it can spend is more than 100 coins below its dues, calls
/// on them included, or a guarantee on its dues is called for more; default costs bite only then.
/// Coins that pro-rata rounding leaves in its till are not missing.
///
/// throws  BadInput when a value is negative, not whole, not finite or beyond 2^53, when a share is
///         not 0..1, when all amounts of a lane with a shortfall sum to more than 2^62, or (from the
///         constructor) when the system contradicts itself; default costs must go to an unlimited
///         entity. After a throw the output holds anything
/// cost    a pass over the payments; a lane with a shortfall some tens of microseconds for twenty
///         firms, tens of milliseconds at the very worst
/// exact   but for loops in which money goes round more than some 10^4 times before it leaves:
///         docs/methods/clearing.md
/// source  Eisenberg & Noe (2001); Rogers & Veraart (2013); Elsinger (2009)
class Clearing {
  public:
    explicit Clearing(ClearingSystem system);
    void clear(ClearingInput const& input, ClearingOutput const& output);
    ClearingOutcome clear(ClearingLanes const& rows);
    ClearingSystem const& system() const { return system_; }

  private:
    ClearingSystem system_;
    std::shared_ptr<struct ClearingPlan const>
        plan_; ///< who serves what before what; shared by copies
    std::vector<double> scratch_;
    ClearingLanes rows_; ///< of a call with input and output
};

// ---- large static networks
// --------------------------------------------------------------------------------------------

/// Who owes whom on one day. Firms are 0 … firms − 1; amounts are finite, ≥ 0, in any one unit.
struct DebtNetwork {
    static constexpr int outside = -1; ///< as a creditor: nobody of the network
    struct Debt {
        int debtor = 0, creditor = 0;
        double amount = 0;
    };
    struct Holding {
        int owner = 0, firm = 0;
        double share = 0; ///< of the firm's equity, 0..1
    };
    /// What a debt is short of is owed by the guarantor to the same creditor, up to the cover.
    struct Guarantee {
        int guarantor = 0;
        std::size_t debt = 0;
        double cover = 0;
        int rank = 1; ///< among the guarantor's debts
    };
    int firms = 0;
    std::vector<double> cash; ///< firm: all it has that is neither a debt nor equity of a firm here
    std::vector<Debt> debts;  ///< to oneself: none
    std::vector<int> ranks;   ///< debt: 1 is served first; empty: all alike
    /// Firm: what default leaves of its cash and of what it receives, 0..1; empty: all of it.
    std::vector<double> kept_cash, kept_income;
    std::vector<Holding> holdings;
    std::vector<Guarantee> guarantees; ///< in the order in which they are called
};

/// What each firm ends with. Amounts in the network's unit, by firm unless said otherwise.
struct ClearedNetwork {
    std::vector<double> owed, paid; ///< to all its creditors, outside included
    std::vector<double> received;   ///< from its debtors, and its holdings' worth
    std::vector<double> equity;     ///< what is left of cash and receipts; of one that fails, 0
    /// 0: pays in full. 1: fails even if all others pay in full. k + 1: fails because those of waves
    /// up to k do (the fictitious defaults of Eisenberg and Noe). Of the least vector: 1 for all
    /// that fail.
    std::vector<int> wave;
    int waves = 0;
    std::vector<double> paid_ranks; ///< by firm, then rank, of the ranks on which it owes something
    std::vector<double> called;     ///< guarantee: what became a debt of the guarantor
    std::int64_t looks = 0;         ///< how many times a debt or holding was passed over
    int solved = 0;      ///< loops of failing firms solved as linear equations instead of walked
    bool settled = true; ///< false: a limit ended the walk above the answer
};

/// What can be said of an answer by looking at it and at the debts alone.
struct ClearingCertificate {
    /// Most that a firm's payments differ from what the rule lets it pay out of what the others are
    /// said to pay; of what it owes.
    double residual = 0;
    /// Most that the same difference, passed on from debtor to creditor, can move any payment; of
    /// what the firm owes. NaN where that cannot be said (holdings).
    double off_by = 0;
    /// Cash and receipts of all firms less payments, equity and what default costs ate; of all cash.
    double imbalance = 0;
    /// Every loop of failing firms owes somebody who does not fail: no other payments fit the rule
    /// once it is known who fails. Without default costs this proves that the answer is the greatest.
    bool anchored = true;
};

/// Scenarios of cash, cleared side by side.
struct ClearingScenarios {
    std::size_t count = 0;
    std::vector<double> cash; ///< scenario × firms + firm; or empty: drawn
    /// Drawn: each firm's cash times 1 − depth · u^steepness, u uniform in (0, 1), a function of
    /// seed, scenario and firm only.
    std::uint64_t seed = 0;
    double depth = 0.25;
    int steepness = 3; ///< 1 or more
    int threads = 1;
};
struct ClearedScenarios {
    std::vector<int> failing;           ///< scenario: firms that do not pay in full
    std::vector<double> shortfall;      ///< scenario: owed less paid, of all firms
    std::vector<std::int64_t> failures; ///< firm: in how many scenarios it fails
    std::vector<double> unpaid;         ///< firm: mean over scenarios of owed less paid
    std::vector<double> paid;           ///< scenario × firms + firm; only when asked for
    std::size_t single = 0;             ///< scenarios too slow for lanes, cleared one by one
};

/// Clearing of a network of debts, prepared once for any number of shocks.
///
/// Pro rata within a rank, ranks in order; equity is what is left, and its holders' asset; default
/// costs as in Rogers and Veraart: who cannot pay in full keeps the stated shares of cash and
/// receipts. The greatest vector is found from above: firms that fail although all others pay, then
/// those that fail because of these, wave by wave; a wave's losses are passed on from debtor to
/// creditor until they are below 10^-13 of what a firm owes. Where that is predicted to take more
/// than 200 rounds, the failing firms' loops are solved as linear equations, one strongly connected
/// component after the other.
///
/// throws  BadInput (constructor) when a number is out of range, sums are above 1e300, somebody owes
///         itself, a firm's holders have more than the whole of it, or a group of firms is wholly
///         held by itself; (others) when cash has another length or is negative or not finite
/// cost    preparing: passes over the debts; clearing: a pass over the firms, and some tens of
///         passes over the debts of those that fail
/// source  Eisenberg & Noe (2001); Elsinger (2009); Rogers & Veraart (2013)
class NetworkClearing {
  public:
    explicit NetworkClearing(DebtNetwork network);
    DebtNetwork const& network() const { return network_; }

    /// Guarantees are called in rounds: a call becomes a debt, the debt guaranteed falls, all is
    /// cleared again; each guarantee once.
    ClearedNetwork greatest(std::vector<double> const& cash) const;
    /// The least vector: what is paid when nobody pays before it has been paid. One rank, neither
    /// holdings nor guarantees: else BadInput.
    ClearedNetwork least(std::vector<double> const& cash) const;
    /// The same greatest (or least) vector by the plainest means: all firms again and again, from
    /// paying in full (or nothing) until nothing changes by more than 10^-14 of what a firm owes, at
    /// most `most` times. To check the others by. No guarantees.
    ClearedNetwork swept(std::vector<double> const& cash, bool from_below = false,
                         int most = 100'000) const;

    ClearingCertificate certify(std::vector<double> const& cash,
                                ClearedNetwork const& cleared) const;
    /// What is paid on each debt, in the network's order (of guaranteed ones the debtor's part), and
    /// then on each call of a guarantee.
    std::vector<double> payments(ClearedNetwork const& cleared) const;

    /// Each scenario as `greatest` finds it (to 10^-12 of what a firm owes). The same bytes for any
    /// number of threads and any company. One rank, neither holdings nor guarantees: else BadInput.
    ClearedScenarios all(ClearingScenarios const& scenarios, bool keep_paid = false) const;

  private:
    DebtNetwork network_;
    std::shared_ptr<struct NetworkPlan const> plan_;
};

} // namespace perpetuum
