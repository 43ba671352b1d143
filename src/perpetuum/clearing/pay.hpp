#pragma once
/// The fast pass: everybody pays in full, and who would then have less than nothing is told.

namespace perpetuum {

/// Rows that belong to one entity: rows[first[e], first[e + 1]).
struct RowsByEntity {
    int const* first = nullptr;
    int const* payment = nullptr; ///< numbers of payments, by entity
};

struct PayInFull {
    int lanes = 0, entities = 0;
    double const* const* cash = nullptr; ///< entity; null: none
    char const* limited = nullptr;       ///< entity
    double const* const* owed = nullptr; ///< payment
    double* const* paid = nullptr;       ///< payment: becomes what is owed
    RowsByEntity owes, receives;
    double largest = 0; ///< up to where doubles count coins exactly
};

} // namespace perpetuum
