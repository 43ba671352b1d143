#pragma once
/// For the tests of this room: one system and its amounts, cleared lane by lane; and the same by
/// the plainest means.

#include <perpetuum/clearing.hpp>

#include <cstdint>
#include <vector>

namespace perpetuum {

/// A system with one path's amounts.
struct Trial {
    ClearingSystem system;
    std::vector<double> cash, owed, cover, share;

    int firm(double coins);
    int sector();
    int due(int payer, int payee, double amount, int rank = 5);
    int offer(int payer, int payee, double amount, int rank = 5);
    int guarantee(int guarantor, int covers, double up_to, int rank = 5);
    int default_cost(int entity, int to_sector, double part);
};

struct Cleared {
    std::vector<double> paid, called, lost, short_of;
    bool operator==(Cleared const&) const = default;
};

Cleared clear(Trial const& trial);
/// Sum of what everybody but the sectors holds afterwards; throws when one holds less than nothing.
std::vector<double> cash_after(Trial const& trial, Cleared const& cleared);

/// The definition, word for word and without care for time: from all that is owed down, everybody
/// at once.
Cleared clear_plainly(Trial const& trial);
/// What each payment could be if everybody else paid `paid`: one application of the map whose
/// greatest fixed point is sought. Without guarantees.
std::vector<std::int64_t> one_round(Trial const& trial, std::vector<std::int64_t> const& paid);

/// Small systems of every shape, a function of the number only.
struct TrialShape {
    int firms = 4, payments = 8;
    std::int64_t cash = 1000, owed = 1000;
    bool costs = true, guarantees = true;
};
Trial random_trial(std::uint64_t number, TrialShape const& shape);

} // namespace perpetuum
