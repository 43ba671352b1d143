// Whether bands are as wide as they say, and centred. Figures of a firm move together, so what is
// sampled again are firms.

#include "resample.hpp"

#include <perpetuum/base.hpp>
#include <perpetuum/lanes.hpp>

#include <algorithm>
#include <cmath>
#include <map>

namespace perpetuum {

namespace {

/// Of one firm: its weight, and what of it lies in a band (or its places, weighted).
struct FirmWeight {
    double weight = 0, half = 0, most = 0, places = 0;
};

bool within(double place, double band) {
    double const edge = (1 - band) / 2;
    return place >= edge && place <= 1 - edge;
}

std::vector<FirmWeight> by_firm(std::span<PlacedFigure const> figures) {
    std::map<std::string, FirmWeight> firms;
    for (PlacedFigure const& figure : figures) {
        if (!(figure.place >= 0 && figure.place <= 1) || !(figure.weight > 0))
            throw BadInput{"a place not in [0, 1], or a weight not above 0, of " + figure.firm};
        FirmWeight& firm = firms[figure.firm];
        firm.weight += figure.weight;
        firm.half += within(figure.place, 0.5) ? figure.weight : 0;
        firm.most += within(figure.place, 0.8) ? figure.weight : 0;
        firm.places += figure.place * figure.weight;
    }
    std::vector<FirmWeight> list;
    for (auto const& [name, firm] : firms) list.push_back(firm);
    return list;
}

using FirmSum = double FirmWeight::*;

double share(std::vector<FirmWeight> const& firms, FirmSum sum) {
    double part = 0, all = 0;
    for (FirmWeight const& firm : firms) part += firm.*sum, all += firm.weight;
    return part / all;
}

Bracket share_by_firm(std::vector<FirmWeight> const& firms, FirmSum sum,
                      Resampling const& resampling) {
    std::vector<double> shares;
    std::vector<std::size_t> again;
    for (int i = 0; i < resampling.times; ++i) {
        draw_again(again, firms.size(), resampling.seed, 0, static_cast<std::uint32_t>(i));
        double part = 0, all = 0;
        for (std::size_t const f : again) part += firms[f].*sum, all += firms[f].weight;
        shares.push_back(part / all);
    }
    return percentile_interval(share(firms, sum), std::move(shares), resampling.confidence);
}

/// Which side of a value two intervals lie on: −1 both below, 1 both above, 0 else.
int side_of(Bracket const& a, Bracket const& b, double value) {
    if (a.at_most < value && b.at_most < value) return -1;
    if (a.at_least > value && b.at_least > value) return 1;
    return 0;
}

BandScore band_score(std::vector<FirmWeight> const& firms, double nominal, FirmSum sum,
                     Resampling const& resampling) {
    double part = 0, all = 0;
    for (FirmWeight const& firm : firms) part += firm.*sum, all += firm.weight;
    double const count = static_cast<double>(firms.size());
    BandScore band{nominal, exact_share(part, all, resampling.confidence),
                   share_by_firm(firms, sum, resampling),
                   exact_share(count * part / all, count, resampling.confidence)};
    int const side = side_of(band.by_firm, band.as_one, nominal);
    band.verdict = side < 0   ? Verdict::too_narrow
                   : side > 0 ? Verdict::too_wide
                              : Verdict::cannot_tell;
    return band;
}

} // namespace

char const* words_of(Verdict verdict) {
    switch (verdict) {
    case Verdict::cannot_tell:
        return "cannot tell";
    case Verdict::too_narrow:
        return "too narrow";
    case Verdict::too_wide:
        return "too wide";
    case Verdict::biased_low:
        return "biased low";
    case Verdict::biased_high:
        return "biased high";
    }
    return "";
}

Calibration calibration_of(std::span<PlacedFigure const> figures, Resampling const& resampling) {
    check_resampling(resampling);
    Calibration result;
    auto const firms = by_firm(figures);
    result.firms = firms.size();
    double const none = std::nan("");
    if (firms.empty()) {
        result.half = {0.5, {none, 0, 1}, {none, none, none}, {none, 0, 1}};
        result.most = {0.8, {none, 0, 1}, {none, none, none}, {none, 0, 1}};
        result.mean_place = {none, none, none};
        return result;
    }
    for (PlacedFigure const& figure : figures) {
        result.figures += figure.weight;
        auto const bin = std::min<std::size_t>(9, static_cast<std::size_t>(figure.place * 10));
        result.histogram[bin] += figure.weight;
    }
    result.half = band_score(firms, 0.5, &FirmWeight::half, resampling);
    result.most = band_score(firms, 0.8, &FirmWeight::most, resampling);
    result.mean_place = share_by_firm(firms, &FirmWeight::places, resampling);
    // The mean of so many uniform places has deviation √(1/12n), and thinner tails than the normal.
    double const z = quantile({Shape::normal, {0, 1}}, (1 + resampling.confidence) / 2);
    double const spread = z / std::sqrt(12 * static_cast<double>(firms.size()));
    Bracket const as_one{result.mean_place.value, result.mean_place.value - spread,
                         result.mean_place.value + spread};
    int const side = side_of(result.mean_place, as_one, 0.5);
    // What came lay high in the forecast: the forecast was low.
    result.bias = side > 0   ? Verdict::biased_low
                  : side < 0 ? Verdict::biased_high
                             : Verdict::cannot_tell;
    return result;
}

Bracket score_ratio(std::span<ScoredPair const> pairs, Resampling const& resampling) {
    check_resampling(resampling);
    std::map<std::string, std::pair<double, double>> sums;
    for (ScoredPair const& pair : pairs) {
        if (!(pair.score >= 0 && pair.other >= 0) || !(pair.weight > 0))
            throw BadInput{"a score below 0, or a weight not above it, of " + pair.firm};
        sums[pair.firm].first += pair.weight * pair.score;
        sums[pair.firm].second += pair.weight * pair.other;
    }
    if (sums.empty()) return {std::nan(""), std::nan(""), std::nan("")};
    std::vector<std::pair<double, double>> firms;
    double score = 0, other = 0;
    for (auto const& [name, sum] : sums) {
        firms.push_back(sum);
        score += sum.first, other += sum.second;
    }
    std::vector<double> ratios;
    std::vector<std::size_t> again;
    for (int i = 0; i < resampling.times; ++i) {
        draw_again(again, firms.size(), resampling.seed, 4, static_cast<std::uint32_t>(i));
        double a = 0, b = 0;
        for (std::size_t const f : again) a += firms[f].first, b += firms[f].second;
        ratios.push_back(b > 0 ? a / b : std::nan(""));
    }
    return percentile_interval(other > 0 ? score / other : std::nan(""), std::move(ratios),
                               resampling.confidence);
}

} // namespace perpetuum
