#pragma once
// The normal distribution's quantile in one formula for the whole of (0, 1), so that it vectorises:
// with y = 2u - 1 and w = -log(1 - y²) it is y R(w), R a quotient of polynomials of degree 14 that
// is within 2^-54.1 of it for w up to 35.36, u from 2^-53 (a fit of our own, by weighted least
// squares in Chebyshev polynomials, weights after Lawson; the variable w is that of Giles 2010,
// "Approximating the erfinv function"). All coefficients are positive: nothing cancels.

#include <perpetuum/lanes/elementary.hpp>

namespace perpetuum {

/// w for u in (0, 1); beyond 2^-53 from either end as at 2^-53.
static inline double lane_normal_argument(double u) {
    double const product = 4 * (u * (1 - u));
    return -lane_log_ordinary(product < 0x1p-51 ? 0x1p-51 : product);
}

/// The quantile at u, given its argument.
static inline double lane_normal_at(double u, double w) {
    double const w2 = w * w;
    double const above_even =
        0x1.40d931ff62706p+0 +
        w2 *
            (0x1.2e5913bcab299p-3 +
             w2 * (0x1.4237053a8d3dp-8 +
                   w2 * (0x1.11dc027a723f8p-14 +
                         w2 * (0x1.9fecba306bfbbp-22 +
                               w2 * (0x1.34462fc9e818cp-30 +
                                     w2 * (0x1.c6c839582504fp-40 + w2 * 0x1.fc7158fe308f8p-55))))));
    double const above_odd =
        0x1.06bf558d95db2p-1 +
        w2 * (0x1.f7195d7acf82ep-6 +
              w2 * (0x1.4a3f6827bc8a1p-11 +
                    w2 * (0x1.72c4eb81924dcp-18 +
                          w2 * (0x1.88d3be864060ap-26 +
                                w2 * (0x1.6091ac7bb7d7p-35 + w2 * 0x1.970e82fc01231p-46)))));
    double const below_even =
        0x1p+0 +
        w2 *
            (0x1.0ec2a66beaf25p-4 +
             w2 * (0x1.8fe00f5329712p-10 +
                   w2 * (0x1.fa04d9195ed87p-17 +
                         w2 * (0x1.2d7fe0d193495p-24 +
                               w2 * (0x1.4c8fe4edce7d1p-33 +
                                     w2 * (0x1.70bf206cee1bbp-43 + w2 * 0x1.87259d41a83a8p-61))))));
    double const below_odd =
        0x1.2e6739dbac4dap-3 +
        w2 * (0x1.03092352f4e57p-7 +
              w2 * (0x1.2c29f4b92e596p-13 +
                    w2 * (0x1.2365c5d73e9dep-20 +
                          w2 * (0x1.0cfb6204897b1p-28 +
                                w2 * (0x1.b398d3cc82153p-38 + w2 * 0x1.28bc29fbfb58cp-50)))));
    return 2 * (u - 0.5) * ((above_even + w * above_odd) / (below_even + w * below_odd));
}

static inline double lane_normal_quantile(double u) {
    return lane_normal_at(u, lane_normal_argument(u));
}

} // namespace perpetuum
