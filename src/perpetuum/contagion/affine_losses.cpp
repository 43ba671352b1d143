// Least losses of proportional rules with caps. Whoever cannot be reached from a first loss loses
// nothing. Among the others the solution is one (the rule is concave, and what it makes of nothing is
// above nothing), so it may be come by from above: all lose their caps; those whose rule gives less
// are solved as linear equations, which lowers the others; and so on. The set of those below their
// caps only grows (Newton's method, as the fictitious defaults of Eisenberg and Noe).

#include <perpetuum/contagion/affine_losses.hpp>

#include <algorithm>
#include <cmath>

namespace perpetuum {
namespace {

constexpr std::size_t eliminated_at_once = 500, most_eliminated = 2000;
constexpr int most_newton_steps = 200;

using Numbers = std::vector<double>;

/// slope · Σ claim · loss of debtor, for each firm.
Numbers passed_on(DebtorClaims const& claims, Numbers const& slope, Numbers const& loss) {
    Numbers sum(loss.size(), 0.0);
    for (std::size_t j = 0; j < loss.size(); ++j) {
        if (loss[j] == 0) continue;
        for (std::size_t k = claims.first[j]; k < claims.first[j + 1]; ++k)
            sum[static_cast<std::size_t>(claims.claims[k].creditor)] +=
                claims.claims[k].amount * loss[j];
    }
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] *= slope[i];
    return sum;
}

std::vector<char> reached(DebtorClaims const& claims, AffineLosses const& rule) {
    std::vector<char> found(rule.first.size(), 0);
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < found.size(); ++i)
        if (rule.first[i] > 0 && rule.cap[i] > 0) {
            found[i] = 1;
            open.push_back(i);
        }
    while (!open.empty()) {
        std::size_t const j = open.back();
        open.pop_back();
        for (std::size_t k = claims.first[j]; k < claims.first[j + 1]; ++k) {
            auto const i = static_cast<std::size_t>(claims.claims[k].creditor);
            if (found[i] != 0 || !(rule.cap[i] > 0) ||
                !(rule.slope[i] * claims.claims[k].amount > 0))
                continue;
            found[i] = 1;
            open.push_back(i);
        }
    }
    return found;
}

/// x of (1 − W) x = right by elimination; W is given by rows and destroyed.
bool eliminate(std::vector<Numbers>& rows, Numbers& right) {
    std::size_t const n = right.size();
    for (std::size_t c = 0; c < n; ++c) {
        std::size_t best = c;
        for (std::size_t r = c + 1; r < n; ++r)
            if (std::fabs(rows[r][c]) > std::fabs(rows[best][c])) best = r;
        if (rows[best][c] == 0) return false;
        std::swap(rows[c], rows[best]);
        std::swap(right[c], right[best]);
        for (std::size_t r = c + 1; r < n; ++r) {
            double const times = rows[r][c] / rows[c][c];
            if (times == 0) continue;
            for (std::size_t k = c; k < n; ++k) rows[r][k] -= times * rows[c][k];
            right[r] -= times * right[c];
        }
    }
    for (std::size_t c = n; c-- > 0;) {
        for (std::size_t k = c + 1; k < n; ++k) right[c] -= rows[c][k] * right[k];
        right[c] /= rows[c][c];
    }
    return true;
}

double dot(Numbers const& a, Numbers const& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
}

/// The linear equations of the firms below their caps.
class Below {
  public:
    Below(DebtorClaims const& claims, Numbers const& slope, std::vector<char> const& in)
        : claims_(claims), slope_(slope), in_(in), place_(in.size(), 0) {
        for (std::size_t i = 0; i < in.size(); ++i)
            if (in[i] != 0) {
                place_[i] = firms_.size();
                firms_.push_back(i);
            }
    }

    /// loss = right + W loss, right of each of these firms; other places are left as they are.
    bool solve(Numbers& loss, Numbers const& right) const {
        Numbers here;
        for (std::size_t const i : firms_) here.push_back(right[i]);
        // Iterating is quick where claims are many and slow along rings; then elimination helps out.
        bool solved = false;
        if (firms_.size() > eliminated_at_once) {
            Numbers near = here;
            solved = by_iteration(near);
            if (solved) here = std::move(near);
        }
        if (!solved && firms_.size() <= most_eliminated) solved = by_elimination(here);
        if (!solved) return false;
        for (std::size_t q = 0; q < here.size(); ++q) loss[firms_[q]] = here[q];
        return true;
    }

  private:
    template <class Do>
    void each_claim(Do&& act) const {
        for (std::size_t const j : firms_)
            for (std::size_t k = claims_.first[j]; k < claims_.first[j + 1]; ++k) {
                auto const i = static_cast<std::size_t>(claims_.claims[k].creditor);
                if (in_[i] != 0) act(place_[i], place_[j], slope_[i] * claims_.claims[k].amount);
            }
    }
    bool by_elimination(Numbers& right) const {
        std::vector<Numbers> rows(right.size(), Numbers(right.size(), 0.0));
        for (std::size_t q = 0; q < right.size(); ++q) rows[q][q] = 1;
        each_claim([&](std::size_t i, std::size_t j, double weight) { rows[i][j] -= weight; });
        return eliminate(rows, right);
    }
    Numbers less_passed_on(Numbers const& x) const {
        Numbers y = x;
        each_claim([&](std::size_t i, std::size_t j, double weight) { y[i] -= weight * x[j]; });
        return y;
    }
    /// Stabilised biconjugate gradients (van der Vorst 1992).
    bool by_iteration(Numbers& x) const {
        Numbers const right = x;
        std::size_t const n = x.size();
        Numbers left = less_passed_on(x), direction(n, 0.0), across(n, 0.0);
        for (std::size_t q = 0; q < n; ++q) left[q] = right[q] - left[q];
        Numbers const shadow = left;
        double const enough = 1e-26 * dot(right, right);
        double rho = 1, alpha = 1, omega = 1;
        for (int round = 0; round < 2000 && dot(left, left) > enough; ++round) {
            double const next = dot(shadow, left);
            double const beta = next / rho * (alpha / omega);
            rho = next;
            for (std::size_t q = 0; q < n; ++q)
                direction[q] = left[q] + beta * (direction[q] - omega * across[q]);
            across = less_passed_on(direction);
            alpha = rho / dot(shadow, across);
            for (std::size_t q = 0; q < n; ++q) left[q] -= alpha * across[q];
            Numbers const turned = less_passed_on(left);
            double const length = dot(turned, turned);
            omega = length > 0 ? dot(turned, left) / length : 0;
            for (std::size_t q = 0; q < n; ++q) {
                x[q] += alpha * direction[q] + omega * left[q];
                left[q] -= omega * turned[q];
            }
            if (!(std::isfinite(alpha) && omega != 0)) break;
        }
        return dot(left, left) <= enough;
    }

    DebtorClaims const& claims_;
    Numbers const& slope_;
    std::vector<char> const& in_;
    std::vector<std::size_t> place_, firms_;
};

} // namespace

std::optional<Numbers> affine_losses(DebtorClaims const& claims, AffineLosses const& rule) {
    std::size_t const n = rule.first.size();
    auto const reach = reached(claims, rule);
    Numbers loss(n, 0.0);
    for (std::size_t i = 0; i < n; ++i)
        if (reach[i] != 0) loss[i] = rule.cap[i];
    std::vector<char> below(n, 0);
    for (int step = 0; step < most_newton_steps; ++step) {
        auto const more = passed_on(claims, rule.slope, loss);
        double most = 0, off = 0;
        bool grew = false;
        for (std::size_t i = 0; i < n; ++i) {
            if (reach[i] == 0) continue;
            double const gives = rule.first[i] + more[i];
            if (below[i] == 0 && gives < rule.cap[i]) {
                below[i] = 1;
                grew = true;
            }
            most = std::max(most, loss[i]);
            off = std::max(off, std::fabs(loss[i] - std::min(rule.cap[i], gives)));
        }
        if (!grew && off <= 1e-10 * most) return loss;
        if (!grew) return std::nullopt;
        // Those at their caps pass on what is known.
        Numbers capped = loss, right = rule.first;
        for (std::size_t i = 0; i < n; ++i)
            if (below[i] != 0) capped[i] = 0;
        auto const known = passed_on(claims, rule.slope, capped);
        for (std::size_t i = 0; i < n; ++i) right[i] += known[i];
        if (!Below(claims, rule.slope, below).solve(loss, right)) return std::nullopt;
        for (std::size_t i = 0; i < n; ++i) {
            if (!std::isfinite(loss[i])) return std::nullopt;
            loss[i] = std::clamp(loss[i], 0.0, rule.cap[i]);
        }
    }
    return std::nullopt;
}

} // namespace perpetuum
