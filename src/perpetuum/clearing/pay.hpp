#pragma once
/// The fast pass: everybody pays in full, and who would then have less than nothing is told.

namespace perpetuum {

constexpr int pay_width = 16; ///< lanes done together

struct PayInFull {
    int lanes = 0, entities = 0, payments = 0;
    double const* const* cash = nullptr; ///< entity; null: none
    char const* limited = nullptr;       ///< entity
    double const* const* owed = nullptr; ///< payment
    double* const* paid = nullptr;       ///< payment: becomes what is owed
    int const* payer = nullptr;
    int const* payee = nullptr;
    double largest = 0;     ///< up to where doubles count coins exactly
    double* left = nullptr; ///< a buffer of entities × pay_width
};

} // namespace perpetuum
