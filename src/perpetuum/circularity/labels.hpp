#pragma once
/// Where the backward chain ends: the origin of a payment, seen from the firm asked about.

#include <perpetuum/network.hpp>

namespace perpetuum {

enum class Origin {
    customers,
    outside_capital,
    held_before,
    own_money_back,
    partners_money,
    through
};
constexpr int origins_in_all = 5; ///< `through` is none: the chain goes on through the payer's till

inline Origin origin_of(PaymentSet const& set, int payment, int firm) {
    if (payment < 0) return Origin::through; // between two tills of one party
    NetworkPayment const& p = set.payments[static_cast<std::size_t>(payment)];
    PartyType const payer = set.parties[static_cast<std::size_t>(p.payer)].type;
    if (payer == PartyType::outside)
        return p.nature == Nature::sale ? Origin::customers : Origin::outside_capital;
    if (p.payer == p.payee) return Origin::through;
    if (p.payer == firm) return Origin::own_money_back;
    if (p.nature == Nature::finance && payer == PartyType::firm) return Origin::partners_money;
    return Origin::through;
}

/// What the firm asked about is paid for goods and services, by anyone else.
inline bool is_receipt(NetworkPayment const& p, int firm) {
    return p.nature == Nature::sale && p.payee == firm && p.payer != firm;
}
inline bool is_purchase(NetworkPayment const& p, int firm) {
    return p.nature == Nature::sale && p.payer == firm && p.payee != firm;
}

} // namespace perpetuum
