// The Gaussian copula: Cholesky's factor of a table of correlations, and what is wrong with a table
// that has none.

#include <perpetuum/lanes.hpp>

#include <algorithm>
#include <cmath>

namespace perpetuum {

PERPETUUM_CLONES(void, linear_in_place, double*, std::size_t, double, double)
PERPETUUM_CLONES(void, add_multiple, double*, double const*, std::size_t, double)

namespace {

using Table = std::span<double const>;

/// A pivot this small is 0: what is left of a variable that others determine.
constexpr double no_pivot = 1e-12;

std::size_t side_of(Table table) {
    auto const side = static_cast<std::size_t>(std::lround(std::sqrt(double(table.size()))));
    if (side * side != table.size())
        throw BadInput{"correlations form a square, not " + std::to_string(table.size()) +
                       " numbers"};
    return side;
}

void require_symmetric(Table table, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j <= i; ++j)
            if (!(table[i * n + j] == table[j * n + i]) || (i == j && table[i * n + i] != 1))
                throw BadInput{"correlations are symmetric with 1 on the diagonal, not " +
                               std::to_string(table[i * n + j]) + " and " +
                               std::to_string(table[j * n + i]) + " at " + std::to_string(i) +
                               ", " + std::to_string(j)};
}

/// Row i of the factor from the rows before; false where no real factor goes on.
bool factor_row(Table table, std::size_t n, std::size_t i, std::vector<double>& factor) {
    double left = table[i * n + i];
    for (std::size_t j = 0; j < i; ++j) {
        double rest = table[i * n + j];
        for (std::size_t k = 0; k < j; ++k) rest -= factor[i * n + k] * factor[j * n + k];
        double const pivot = factor[j * n + j];
        if (pivot == 0 && std::abs(rest) > 1e-7) return false;
        factor[i * n + j] = pivot == 0 ? 0 : rest / pivot;
        left -= factor[i * n + j] * factor[i * n + j];
    }
    if (left < -no_pivot) return false;
    factor[i * n + i] = left > no_pivot ? std::sqrt(left) : 0;
    return true;
}

/// The inverse of the leading m × m part, from its factor: solving for each unit vector. Empty where
/// a variable is determined by others.
std::vector<double> inverse_of(std::vector<double> const& factor, std::size_t n, std::size_t m) {
    std::vector<double> inverse(m * m);
    for (std::size_t column = 0; column < m; ++column) {
        std::vector<double> x(m);
        x[column] = 1;
        for (std::size_t i = 0; i < m; ++i) {
            if (factor[i * n + i] == 0) return {};
            for (std::size_t k = 0; k < i; ++k) x[i] -= factor[i * n + k] * x[k];
            x[i] /= factor[i * n + i];
        }
        for (std::size_t i = m; i-- > 0;) {
            for (std::size_t k = i + 1; k < m; ++k) x[i] -= factor[k * n + i] * x[k];
            x[i] /= factor[i * n + i];
        }
        for (std::size_t i = 0; i < m; ++i) inverse[i * m + column] = x[i];
    }
    return inverse;
}

double outside_by(double value, CorrelationFault const& fault) {
    if (fault.lowest > fault.highest) return HUGE_VAL;
    return std::max({fault.lowest - value, value - fault.highest, 0.0});
}

/// Row `last` does not go with the rows before, which go together: r' A⁻¹ r > 1 for its correlations
/// r with them. For each of these in turn that is a quadratic, hence an interval where it would do.
CorrelationFault least_change(Table table, std::size_t n, std::size_t last,
                              std::vector<double> const& factor) {
    auto const row = table.subspan(last * n, last);
    CorrelationFault best{0, last, 1, -1};
    for (std::size_t j = 0; j < last; ++j)
        if (std::abs(row[j]) > std::abs(row[best.first])) best.first = j;
    auto const inverse = inverse_of(factor, n, last);
    if (inverse.empty()) return best;
    std::vector<double> y(last);
    double all = 0;
    for (std::size_t i = 0; i < last; ++i) {
        for (std::size_t k = 0; k < last; ++k) y[i] += inverse[i * last + k] * row[k];
        all += y[i] * row[i];
    }
    for (std::size_t j = 0; j < last; ++j) {
        double const square = inverse[j * last + j], cross = y[j] - square * row[j];
        double const others = all - 2 * row[j] * cross - square * row[j] * row[j];
        double const root = cross * cross - square * (others - 1);
        if (root < 0) continue;
        CorrelationFault const found{j, last, (-cross - std::sqrt(root)) / square,
                                     (-cross + std::sqrt(root)) / square};
        if (outside_by(row[j], found) < outside_by(row[best.first], best)) best = found;
    }
    return best;
}

std::optional<CorrelationFault> no_correlation(Table table, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (!(std::abs(table[i * n + j]) <= 1)) return CorrelationFault{j, i, -1, 1};
    return {};
}

/// The factor, or the fault of the first row that does not go with those before.
std::optional<CorrelationFault> factorise(Table table, std::size_t n, std::vector<double>& factor) {
    require_symmetric(table, n);
    if (auto const fault = no_correlation(table, n)) return fault;
    factor.assign(n * n, 0);
    for (std::size_t i = 0; i < n; ++i)
        if (!factor_row(table, n, i, factor)) return least_change(table, n, i, factor);
    return {};
}

} // namespace

std::optional<CorrelationFault> Copula::fault(std::span<double const> correlations) {
    std::vector<double> factor;
    return factorise(correlations, side_of(correlations), factor);
}

Copula::Copula(std::span<double const> correlations) : size_(side_of(correlations)) {
    auto const fault = factorise(correlations, size_, factor_);
    if (!fault) return;
    throw BadInput{"the correlation of " + std::to_string(fault->first) + " with " +
                   std::to_string(fault->second) + " does not go with the others"};
}

void Copula::correlate(std::span<double* const> rows, std::size_t lanes) const {
    if (rows.size() != size_)
        throw BadInput{"a copula of " + std::to_string(size_) + " needs as many rows, not " +
                       std::to_string(rows.size())};
    // From the last row up, so that those a row is made of are still independent.
    for (std::size_t i = size_; i-- > 0;) {
        each_linear_in_place(rows[i], lanes, 0, factor_[i * size_ + i]);
        for (std::size_t j = 0; j < i; ++j)
            if (factor_[i * size_ + j] != 0)
                each_add_multiple(rows[i], rows[j], lanes, factor_[i * size_ + j]);
    }
}

} // namespace perpetuum
