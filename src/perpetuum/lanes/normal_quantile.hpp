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

// The other way: with t = |x| the smaller of both probabilities is exp(-t²/2) M(t), M a quotient of
// polynomials of degrees 8 and 9 within 2^-56.9 of Mills' ratio for t up to 8.3.

/// How likely a standard normal number is below x, in [2^-53, 1 - 2^-53].
static inline double lane_normal_probability(double x) {
    double const size = lane_abs(x), t = size < 8.25 ? size : 8.25, t2 = t * t;
    double const above_even =
        0x1p-1 + t2 * (0x1.bd2a2f2167d9fp-2 +
                       t2 * (0x1.9cac464377129p-5 +
                             t2 * (0x1.4bd5c0c6b2851p-10 + t2 * 0x1.04f39d88e1b7dp-18)));
    double const above_odd =
        0x1.51f0d627b2f2dp-1 +
        t2 * (0x1.7034664727d5dp-3 + t2 * (0x1.3ef9d90f8458cp-7 + t2 * 0x1.aa3bb32272488p-14));
    double const below_even =
        0x1p+0 + t2 * (0x1.0798ee576aae5p+1 +
                       t2 * (0x1.e5f1fe26e657bp-2 +
                             t2 * (0x1.93f36b416dbdbp-6 + t2 * 0x1.0b1a2117e65edp-12)));
    double const below_odd = 0x1.0f197fe32a52ep+1 +
                             t2 * (0x1.35ada3fa0ce02p+0 +
                                   t2 * (0x1.090fe947d0d18p-3 +
                                         t2 * (0x1.a12bc1d446b8ap-9 + t2 * 0x1.470de9ec281cfp-17)));
    double const ratio = (above_even + t * above_odd) / (below_even + t * below_odd);
    // t² / 2 in two parts, the first exact: exp would make much of what is cut off.
    double const leading = lane_leading(t), rest = 0.5 * ((t - leading) * (t + leading));
    double const tail =
        lane_exp(-0.5 * (leading * leading)) * ((1 - rest * (1 - 0.5 * rest)) * ratio);
    double const least = tail > 0x1p-53 ? tail : 0x1p-53;
    double const probability = x < 0 ? least : 1 - least;
    return x == x ? probability : lane_nan;
}

} // namespace perpetuum
