#pragma once
// For the room's tests: how far a result is from the exact value, by MPFR with 200 bits.

#include <mpfr.h>

#include <algorithm>
#include <cmath>

namespace perpetuum {

/// A number of 200 bits.
class Exact {
  public:
    explicit Exact(double value = 0) {
        mpfr_init2(number_, 200);
        mpfr_set_d(number_, value, MPFR_RNDN);
    }
    Exact(Exact const&) = delete;
    Exact& operator=(Exact const&) = delete;
    ~Exact() { mpfr_clear(number_); }
    mpfr_ptr get() { return number_; }

  private:
    mpfr_t number_;
};

/// In units of the last place that a double of the exact value's size has; infinity where one is NaN
/// or infinite and the other is not.
inline double ulps_off(double found, Exact& exact) {
    double const nearest = mpfr_get_d(exact.get(), MPFR_RNDN);
    if (std::isnan(found) || std::isnan(nearest))
        return std::isnan(found) && std::isnan(nearest) ? 0 : HUGE_VAL;
    if (std::isinf(found) || std::isinf(nearest)) return found == nearest ? 0 : HUGE_VAL;
    int exponent = -1074;
    if (nearest != 0) std::frexp(nearest, &exponent);
    Exact difference;
    mpfr_sub_d(difference.get(), exact.get(), found, MPFR_RNDN);
    mpfr_div_2si(difference.get(), difference.get(), std::max(exponent - 53, -1074), MPFR_RNDN);
    return std::fabs(mpfr_get_d(difference.get(), MPFR_RNDN));
}

} // namespace perpetuum
