#include "resample.hpp"

#include <perpetuum/lanes.hpp>

#include <algorithm>
#include <cmath>

namespace perpetuum {

void check_resampling(Resampling const& resampling) {
    if (resampling.times < 100 || resampling.times > 1'000'000)
        throw BadInput{"a bootstrap needs 100 to 1,000,000 repetitions, got " +
                       std::to_string(resampling.times)};
    if (!(resampling.confidence >= 0.5 && resampling.confidence < 1))
        throw BadInput{"confidence is at least 0.5 and below 1, got " +
                       std::to_string(resampling.confidence)};
}

void draw_again(std::vector<std::size_t>& out, std::size_t n, std::uint64_t seed,
                std::uint32_t stream, std::uint32_t repetition) {
    out.resize(n);
    for (std::size_t i = 0; i < n; i += 4) {
        auto const words =
            philox(seed, {static_cast<std::uint32_t>(i / 4), repetition, stream, 0x62743031u});
        for (std::size_t k = 0; k < 4 && i + k < n; ++k)
            out[i + k] = static_cast<std::size_t>((std::uint64_t{words[k]} * n) >> 32);
    }
}

Bracket percentile_interval(double value, std::vector<double> values, double confidence) {
    std::erase_if(values, [](double v) { return std::isnan(v); });
    if (values.empty()) return {value, std::nan(""), std::nan("")};
    std::sort(values.begin(), values.end());
    double const last = static_cast<double>(values.size() - 1);
    auto const at = [&](double share) {
        return values[static_cast<std::size_t>(std::lround(share * last))];
    };
    return {value, at((1 - confidence) / 2), at((1 + confidence) / 2)};
}

} // namespace perpetuum
