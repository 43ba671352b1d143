// Simultaneous equations: Newton's method on the torn unknowns, each lane by itself, with
// differences for derivatives. Convergence is judged on the scaled residual, never on the change of
// the guess.

#include <perpetuum/step.hpp>

#include <algorithm>
#include <cmath>

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
constexpr double tolerance = 1e-13;

} // namespace

void PathBlock::solve(Simultaneous const& block, int step) {
    auto const n = block.unknowns.size();
    auto const lanes = static_cast<std::size_t>(lanes_);
    std::vector<double> guess(n * lanes), residual(n * lanes), jacobian(n * n * lanes),
        best(n * lanes);
    std::vector<double> norm(lanes, HUGE_VAL), damping(lanes, 1.0);
    std::vector<char> done(lanes, 0);
    for (std::size_t u = 0; u < n; ++u) {
        double const* const last = at({block.unknowns[u], 1}, step);
        std::copy(last, last + lanes_, guess.begin() + static_cast<std::ptrdiff_t>(u * lanes));
    }
    auto const put = [&](std::vector<double> const& values) {
        for (std::size_t u = 0; u < n; ++u)
            std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(u * lanes), lanes,
                        at({block.unknowns[u], 0}, step));
    };
    // residual = what the equations give − what was put
    auto const evaluate = [&](std::vector<double> const& at_values, std::vector<double>& into) {
        put(at_values);
        execute(block.instructions, step);
        for (std::size_t u = 0; u < n; ++u) {
            double const* const image = at(block.images[u], step);
            for (std::size_t lane = 0; lane < lanes; ++lane)
                into[u * lanes + lane] = image[lane] - at_values[u * lanes + lane];
        }
    };
    auto const size_of = [&](std::vector<double> const& values, std::vector<double> const& r,
                             std::size_t lane) {
        double worst = 0;
        for (std::size_t u = 0; u < n; ++u) {
            double const scaled =
                std::abs(r[u * lanes + lane]) / std::max(1e-9, std::abs(values[u * lanes + lane]));
            if (!(scaled <= worst)) worst = std::isnan(scaled) ? HUGE_VAL : scaled;
        }
        return worst;
    };
    std::vector<double> moved(n * lanes), shifted(n * lanes), matrix(n * n), right(n);
    for (int iteration = 0; iteration < most_iterations; ++iteration) {
        evaluate(guess, residual);
        bool all = true;
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            if (done[lane]) continue;
            double const now = size_of(guess, residual, lane);
            if (now < norm[lane]) {
                norm[lane] = now;
                damping[lane] = 1;
                for (std::size_t u = 0; u < n; ++u)
                    best[u * lanes + lane] = guess[u * lanes + lane];
            } else {
                damping[lane] /= 2; // worse than before: half the way, from the best point
            }
            done[lane] = norm[lane] <= tolerance || damping[lane] < 1e-9;
            all = all && done[lane] != 0;
        }
        if (all) break;
        guess = best;
        evaluate(guess, residual);
        for (std::size_t column = 0; column < n; ++column) {
            shifted = guess;
            for (std::size_t lane = 0; lane < lanes; ++lane)
                shifted[column * lanes + lane] +=
                    1e-6 * std::max(1e-3, std::abs(guess[column * lanes + lane]));
            evaluate(shifted, moved);
            for (std::size_t u = 0; u < n; ++u)
                for (std::size_t lane = 0; lane < lanes; ++lane)
                    jacobian[(u * n + column) * lanes + lane] =
                        (moved[u * lanes + lane] - residual[u * lanes + lane]) /
                        (shifted[column * lanes + lane] - guess[column * lanes + lane]);
        }
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            if (done[lane]) continue;
            for (std::size_t i = 0; i < n * n; ++i) matrix[i] = jacobian[i * lanes + lane];
            for (std::size_t u = 0; u < n; ++u) right[u] = -residual[u * lanes + lane];
            bool const regular = solve_dense(matrix, right, n);
            for (std::size_t u = 0; u < n; ++u) {
                double const change = regular ? right[u] : residual[u * lanes + lane];
                guess[u * lanes + lane] += damping[lane] * change;
            }
        }
    }
    evaluate(best, residual);
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        if (size_of(best, residual, lane) <= 1e-9 || faults_[lane].step != 0) continue;
        faults_[lane] = {
            step, block.unknowns[0],
            "does not settle: its equations need each other and no solution was found"};
    }
}

} // namespace perpetuum
