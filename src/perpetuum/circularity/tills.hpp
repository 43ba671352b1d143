#pragma once
/// Payments laid out over tills: which till each coin leaves and enters, in whole minor units,
/// before anyone asks for origins.

#include <perpetuum/network.hpp>

#include <cstdint>
#include <vector>

namespace perpetuum {

constexpr int no_till = -1;

/// Money that leaves one till and enters another in a step.
struct TillMove {
    int from = no_till, to = no_till; ///< no_till: an outside sector
    std::int64_t amount = 0;          ///< > 0
    int payment = -1;                 ///< of the set; -1: between two tills of one party
};

struct TillBalance {
    int till = 0;
    std::int64_t opening = 0, in = 0, out = 0; ///< in: receipts of the step, lack included
    std::int64_t lack = 0;                     ///< paid beyond what it held: taken as held before
    std::int64_t kept() const { return opening + in - out; }
};

struct TillStep {
    int step = 0;
    std::vector<TillMove> moves;
    std::vector<TillBalance>
        balances; ///< of tills that move something in this step; main tills first
};

/// Two payments bound to each other: what the payment's payer gives is what it gets in the counter
/// payment.
struct BoundExchange {
    int payment = 0, counter = 0;
    std::int64_t amount = 0;
};

struct TillPlan {
    std::vector<int> party; ///< of each till; till p < parties is the main till of party p
    std::vector<std::int64_t> opening; ///< of each till at the start
    std::vector<TillStep> steps;       ///< only those with payments, in order
    std::vector<BoundExchange> exchanges;
};

/// Purposes that a finance's money pays: hard ones are contracts' (`for`), soft ones only a
/// reading's (`linked`).
enum class Links { bound_only, bound_and_linked };

/// Lays out all payments up to step `last`. Rules: docs/methods/origin-of-money.md.
TillPlan lay_out_tills(PaymentSet const& set, int last, Links links);

} // namespace perpetuum
