#pragma once
/// clearing: what is really paid when nobody can pay more than it has.

#include <memory>
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
    ClearingSystem const& system() const { return system_; }

  private:
    ClearingSystem system_;
    std::shared_ptr<struct ClearingPlan const>
        plan_; ///< who serves what before what; shared by copies
    std::vector<double> scratch_;
};

} // namespace perpetuum
