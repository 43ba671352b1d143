#pragma once
/// Payment sets as one writes them down: by name. For tests only.

#include <perpetuum/network.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace perpetuum {

struct TestBook {
    PaymentSet set;

    /// Returns its number.
    int party(std::string const& id, PartyType type = PartyType::firm, std::int64_t opening = 0) {
        set.parties.push_back({id, id, type});
        set.opening.push_back(opening);
        return static_cast<int>(set.parties.size()) - 1;
    }
    int number(std::string const& id) const {
        for (std::size_t k = 0; k < set.parties.size(); ++k)
            if (set.parties[k].id == id) return static_cast<int>(k);
        throw BadInput{"no party " + id};
    }
    NetworkPayment& pay(int step, std::string const& payer, std::string const& payee,
                        std::int64_t amount, Nature nature, int deal = -1) {
        NetworkPayment payment;
        payment.step = step;
        payment.payer = number(payer);
        payment.payee = number(payee);
        payment.amount = amount;
        payment.nature = nature;
        payment.deal = deal;
        set.payments.push_back(payment);
        if (step >= set.steps) set.steps = step + 1;
        return set.payments.back();
    }
    /// The set, one minor unit being one dollar.
    PaymentSet const& in_dollars() {
        set.minor_unit = 1;
        return set;
    }
};

} // namespace perpetuum
