// Losses that agree with each other, from below. Rounds in which only those whose loss grew pass it
// on; where they do not end soon, each curve is replaced by a line that touches it and lies below it,
// so that the least losses by the lines are linear equations (with caps) and never above the answer:
// Newton's method for convex rules, exact in one step for proportional ones. A curve that is convex
// and then concave gets the flatter of its tangent and the chord to a loss known to be too large.

#include <perpetuum/contagion/affine_losses.hpp>
#include <perpetuum/contagion/least_losses.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace perpetuum {
namespace {

constexpr double passed_on_of_largest = 1e-14;
constexpr double rounding = 4 * std::numeric_limits<double>::epsilon();
constexpr double most_moved_by_rounding = 1e-6;
constexpr int rounds_before_solving = 200;
constexpr int most_solved = 500;

class Walk {
  public:
    Walk(DebtorClaims const& claims, LossRules const& rules)
        : claims_(claims), rules_(rules), n_(claims.first.size() - 1), grew_(n_, 1) {
        found_.loss.assign(n_, 0.0);
        found_.lost.assign(n_, 0.0);
        if (!rules.convex) too_much_ = amounts_lost(std::vector<double>(n_, 1.0));
    }

    LeastLosses run() {
        int solved = 0;
        while (!rounds()) {
            if (found_.rounds >= rules_.most_rounds || solved == most_solved) {
                found_.settled = false;
                break;
            }
            solve();
            ++solved;
        }
        found_.lost = amounts_lost(found_.loss);
        if (solved > 0 && found_.settled) found_.settled = stands_rounding();
        return std::move(found_);
    }

  private:
    std::vector<double> amounts_lost(std::vector<double> const& loss) const {
        std::vector<double> sum(n_, 0.0);
        for (std::size_t j = 0; j < n_; ++j)
            if (loss[j] != 0)
                for (std::size_t k = claims_.first[j]; k < claims_.first[j + 1]; ++k)
                    sum[static_cast<std::size_t>(claims_.claims[k].creditor)] +=
                        claims_.claims[k].amount * loss[j];
        return sum;
    }
    double noise(std::size_t firm, double slope) const {
        return std::min(1.0, rounding * slope * rules_.size[firm]);
    }

    /// Some rounds; whether nothing more is passed on.
    bool rounds() {
        std::vector<std::pair<std::size_t, double>> steps;
        for (int round = 0; round < before_solving_; ++round) {
            if (found_.rounds >= rules_.most_rounds) return false;
            ++found_.rounds;
            steps.clear();
            for (std::size_t i = 0; i < n_; ++i) {
                if (grew_[i] == 0) continue;
                grew_[i] = 0;
                auto const now = rules_.curve(i, found_.lost[i]);
                double const step = now.loss - found_.loss[i];
                largest_ = std::max(largest_, now.loss);
                if (step > passed_on_of_largest * largest_ &&
                    (step > noise(i, now.slope) || found_.loss[i] == 0))
                    steps.emplace_back(i, step);
            }
            if (steps.empty()) return true;
            for (auto const& [j, step] : steps) {
                found_.loss[j] += step;
                for (std::size_t k = claims_.first[j]; k < claims_.first[j + 1]; ++k) {
                    auto const i = static_cast<std::size_t>(claims_.claims[k].creditor);
                    found_.lost[i] += claims_.claims[k].amount * step;
                    grew_[i] = 1;
                }
            }
        }
        return false;
    }

    /// All by their tangents at what is lost by now.
    AffineLosses tangents() const {
        AffineLosses lines{std::vector<double>(n_), std::vector<double>(n_),
                           std::vector<double>(n_)};
        for (std::size_t i = 0; i < n_; ++i) {
            auto const now = rules_.curve(i, found_.lost[i]);
            lines.first[i] = std::max(0.0, now.loss - found_.loss[i]);
            lines.slope[i] = now.slope;
            lines.cap[i] = std::max(0.0, 1 - found_.loss[i]);
        }
        return lines;
    }
    /// Makes the lines no steeper than the chords to losses that are too large.
    void flatten(AffineLosses& lines) {
        if (auto const more = affine_losses(claims_, lines)) {
            // Too large is what the curves would lower.
            auto guess = found_.loss;
            for (std::size_t i = 0; i < n_; ++i) guess[i] = std::min(1.0, guess[i] + (*more)[i]);
            auto const lost = amounts_lost(guess);
            bool lowered = true;
            for (std::size_t i = 0; lowered && i < n_; ++i)
                lowered = rules_.curve(i, lost[i]).loss <= guess[i];
            if (lowered)
                for (std::size_t i = 0; i < n_; ++i) too_much_[i] = std::min(too_much_[i], lost[i]);
        }
        for (std::size_t i = 0; i < n_; ++i) {
            double const further = too_much_[i] - found_.lost[i];
            double const rise =
                rules_.curve(i, too_much_[i]).loss - found_.loss[i] - lines.first[i];
            if (further > 0)
                lines.slope[i] = std::min(lines.slope[i], std::max(0.0, rise) / further);
        }
    }
    void solve() {
        found_.lost = amounts_lost(found_.loss);
        AffineLosses lines = tangents();
        if (!rules_.convex) flatten(lines);
        if (auto const more = affine_losses(claims_, lines))
            for (std::size_t i = 0; i < n_; ++i)
                found_.loss[i] = std::min(1.0, found_.loss[i] + (*more)[i]);
        else
            before_solving_ *= 2; // it would hardly go better soon
        found_.lost = amounts_lost(found_.loss);
        std::fill(grew_.begin(), grew_.end(), 1);
    }

    /// Whether what is left over, and the rounding of sums, passed on to the end, moves little.
    bool stands_rounding() const {
        AffineLosses lines = tangents();
        for (std::size_t i = 0; i < n_; ++i)
            lines.first[i] = std::fabs(rules_.curve(i, found_.lost[i]).loss - found_.loss[i]) +
                             noise(i, lines.slope[i]);
        auto const moved = affine_losses(claims_, lines);
        return moved && std::all_of(moved->begin(), moved->end(),
                                    [](double by) { return by <= most_moved_by_rounding; });
    }

    DebtorClaims const& claims_;
    LossRules const& rules_;
    std::size_t n_;
    LeastLosses found_;
    std::vector<char> grew_;
    std::vector<double> too_much_; ///< firm: amount lost; more than the answer
    double largest_ = 0;
    int before_solving_ = rounds_before_solving;
};

} // namespace

LeastLosses least_losses(DebtorClaims const& claims, LossRules const& rules) {
    return Walk(claims, rules).run();
}

} // namespace perpetuum
