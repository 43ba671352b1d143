// Simultaneous equations: Newton's method on the torn unknowns, each lane by itself, with
// differences for derivatives. Convergence is judged on the scaled residual, never on the change of
// the guess; a lane stops where the residual no longer falls, so that identities hold to rounding.

#include <perpetuum/step.hpp>

#include <algorithm>
#include <cmath>
#include <functional>

namespace perpetuum {

namespace {

/// Gaussian elimination with partial pivoting; false where the matrix is singular. n is small.
bool solve_dense(std::vector<double>& matrix, std::vector<double>& right, std::size_t n) {
    for (std::size_t column = 0; column < n; ++column) {
        std::size_t pivot = column;
        for (std::size_t r = column + 1; r < n; ++r)
            if (std::abs(matrix[r * n + column]) > std::abs(matrix[pivot * n + column])) pivot = r;
        if (!(std::abs(matrix[pivot * n + column]) > 0)) return false;
        for (std::size_t k = 0; k < n && pivot != column; ++k)
            std::swap(matrix[pivot * n + k], matrix[column * n + k]);
        std::swap(right[pivot], right[column]);
        for (std::size_t r = column + 1; r < n; ++r) {
            double const factor = matrix[r * n + column] / matrix[column * n + column];
            for (std::size_t k = column; k < n; ++k)
                matrix[r * n + k] -= factor * matrix[column * n + k];
            right[r] -= factor * right[column];
        }
    }
    for (std::size_t r = n; r-- > 0;) {
        for (std::size_t k = r + 1; k < n; ++k) right[r] -= matrix[r * n + k] * right[k];
        right[r] /= matrix[r * n + r];
    }
    return true;
}

constexpr int most_iterations = 60;
constexpr double settled_at = 1e-13; ///< from here on a lane may stop
constexpr double accepted_at = 1e-9; ///< what a solution must reach
/// Where to begin, beside the last values: a ratio of two things that were 0 a step ago has no
/// value there, and what has no value has no derivative to follow.
constexpr std::array offsets{0.0, 1.0, 1e-3, 100.0, -1.0};

/// Guesses and residuals of all lanes: [unknown × lanes + lane].
using Values = std::vector<double>;
/// Puts guesses, runs the equations, gives what they say less what was put.
using Residuals = std::function<void(Values const& guess, Values& residual)>;

class Newton {
  public:
    Newton(std::size_t unknowns, std::size_t lanes, Residuals residuals)
        : n_(unknowns), lanes_(lanes), residuals_(std::move(residuals)), guess_(n_ * lanes),
          residual_(n_ * lanes), jacobian_(n_ * n_ * lanes), worst_(lanes, HUGE_VAL),
          damping_(lanes, 1.0), resting_(lanes, 0) {}

    /// The best guesses, lane by lane; `skipped` lanes are left as they are.
    Values run(Values const& last, std::vector<char> const& skipped) {
        Values best = last;
        std::vector<double> reached(lanes_, HUGE_VAL);
        std::vector<char> settled = skipped;
        for (double const offset : offsets) {
            begin(last, best, settled, offset);
            for (int i = 0; i < most_iterations && !all_rest(); ++i) iterate(i == 0);
            for (std::size_t lane = 0; lane < lanes_; ++lane) {
                if (settled[lane] || !(worst_[lane] < reached[lane])) continue;
                reached[lane] = worst_[lane];
                settled[lane] = reached[lane] <= accepted_at;
                for (std::size_t u = 0; u < n_; ++u) best[at(u, lane)] = best_[at(u, lane)];
            }
            if (std::all_of(settled.begin(), settled.end(), [](char one) { return one != 0; }))
                break;
        }
        return best;
    }

    /// The largest residual of a lane, relative to its unknown; infinite where one is no number.
    double size_of(Values const& guess, Values const& residual, std::size_t lane) const {
        double worst = 0;
        for (std::size_t u = 0; u < n_; ++u) {
            double const scaled =
                std::abs(residual[at(u, lane)]) / std::max(1e-9, std::abs(guess[at(u, lane)]));
            if (!(scaled <= worst)) worst = std::isnan(scaled) ? HUGE_VAL : scaled;
        }
        return worst;
    }

  private:
    std::size_t n_, lanes_;
    Residuals residuals_;
    Values guess_, best_, residual_, jacobian_;
    std::vector<double> worst_, damping_; ///< by lane: of the best guess; part of a step taken
    std::vector<char> resting_;

    std::size_t at(std::size_t unknown, std::size_t lane) const { return unknown * lanes_ + lane; }

    bool all_rest() const {
        return std::all_of(resting_.begin(), resting_.end(), [](char one) { return one != 0; });
    }

    void begin(Values const& last, Values const& best, std::vector<char> const& settled,
               double offset) {
        guess_ = best;
        resting_ = settled;
        std::fill(worst_.begin(), worst_.end(), HUGE_VAL);
        std::fill(damping_.begin(), damping_.end(), 1.0);
        for (std::size_t u = 0; u < n_; ++u)
            for (std::size_t lane = 0; lane < lanes_; ++lane)
                if (!settled[lane])
                    guess_[at(u, lane)] =
                        last[at(u, lane)] + offset * std::max(1.0, std::abs(last[at(u, lane)]));
        best_ = guess_;
    }

    void iterate(bool first) {
        residuals_(guess_, residual_);
        for (std::size_t lane = 0; lane < lanes_; ++lane)
            if (!resting_[lane]) judge(lane, first);
        if (all_rest()) return;
        guess_ = best_;
        residuals_(guess_, residual_);
        differentiate();
        for (std::size_t lane = 0; lane < lanes_; ++lane)
            if (!resting_[lane]) move(lane);
    }

    /// Keeps what is better; goes half the way, from the best point, where it is worse.
    void judge(std::size_t lane, bool first) {
        double const now = size_of(guess_, residual_, lane);
        bool const settled = worst_[lane] <= settled_at;
        if (now < worst_[lane]) {
            resting_[lane] = now == 0 || (settled && now > worst_[lane] / 2);
            worst_[lane] = now;
            damping_[lane] = 1;
            for (std::size_t u = 0; u < n_; ++u) best_[at(u, lane)] = guess_[at(u, lane)];
            return;
        }
        damping_[lane] /= 2;
        resting_[lane] = settled || first || damping_[lane] < 1e-9;
    }

    void differentiate() {
        Values shifted, moved(n_ * lanes_);
        for (std::size_t column = 0; column < n_; ++column) {
            shifted = guess_;
            for (std::size_t lane = 0; lane < lanes_; ++lane)
                shifted[at(column, lane)] +=
                    1e-6 * std::max(1e-3, std::abs(guess_[at(column, lane)]));
            residuals_(shifted, moved);
            for (std::size_t u = 0; u < n_; ++u)
                for (std::size_t lane = 0; lane < lanes_; ++lane)
                    jacobian_[at(u * n_ + column, lane)] =
                        (moved[at(u, lane)] - residual_[at(u, lane)]) /
                        (shifted[at(column, lane)] - guess_[at(column, lane)]);
        }
    }

    void move(std::size_t lane) {
        std::vector<double> matrix(n_ * n_), change(n_);
        for (std::size_t i = 0; i < n_ * n_; ++i) matrix[i] = jacobian_[at(i, lane)];
        for (std::size_t u = 0; u < n_; ++u) change[u] = -residual_[at(u, lane)];
        bool const regular = solve_dense(matrix, change, n_);
        for (std::size_t u = 0; u < n_; ++u)
            guess_[at(u, lane)] += damping_[lane] * (regular ? change[u] : residual_[at(u, lane)]);
    }
};

} // namespace

void PathBlock::solve(Simultaneous const& block, int step) {
    auto const n = block.unknowns.size();
    auto const lanes = static_cast<std::size_t>(lanes_);
    Values last(n * lanes), residual(n * lanes);
    for (std::size_t u = 0; u < n; ++u)
        std::copy_n(at({block.unknowns[u], 1}, step), lanes,
                    last.begin() + static_cast<std::ptrdiff_t>(u * lanes));
    auto const residuals = [&](Values const& guess, Values& into) {
        for (std::size_t u = 0; u < n; ++u)
            std::copy_n(guess.begin() + static_cast<std::ptrdiff_t>(u * lanes), lanes,
                        at({block.unknowns[u], 0}, step));
        execute(block.instructions, step);
        for (std::size_t u = 0; u < n; ++u) {
            double const* const image = at(block.images[u], step);
            for (std::size_t lane = 0; lane < lanes; ++lane)
                into[u * lanes + lane] = image[lane] - guess[u * lanes + lane];
        }
    };
    std::vector<char> stopped;
    for (Fault const& fault : faults_) stopped.push_back(fault.step != 0);
    Newton newton(n, lanes, residuals);
    Values const solution = newton.run(last, stopped);
    residuals(solution, residual);
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        if (newton.size_of(solution, residual, lane) <= accepted_at || stopped[lane]) continue;
        faults_[lane] = {
            step, block.unknowns[0],
            "does not settle: its equations need each other and no solution was found"};
    }
}

} // namespace perpetuum
