/// Trophic incoherence: heights of firms by least squares, solved by conjugate gradients with the
/// diagonal as preconditioner.

#include <perpetuum/circularity.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace perpetuum {

namespace {

constexpr double height_tolerance = 1e-12; ///< of the residual, against the right side
constexpr int most_height_rounds = 20'000;

/// out = (diagonal − weights both ways) · x
void apply_laplacian(Network const& network, std::vector<double> const& strength,
                     std::vector<double> const& x, std::vector<double>& out) {
    for (std::size_t i = 0; i < x.size(); ++i) out[i] = strength[i] * x[i];
    for (Network::Edge const& edge : network.edges) {
        auto const from = static_cast<std::size_t>(edge.from);
        auto const to = static_cast<std::size_t>(edge.to);
        out[from] -= static_cast<double>(edge.amount) * x[to];
        out[to] -= static_cast<double>(edge.amount) * x[from];
    }
}

double dot(std::vector<double> const& a, std::vector<double> const& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
}

/// Empty when it does not converge. `strength` is what a node got and paid.
std::vector<double> solve_heights(Network const& network, std::vector<double> const& strength,
                                  std::vector<double> residual) {
    std::size_t const n = residual.size();
    std::vector<double> height(n, 0), scaled(n), direction(n, 0), image(n);
    double const wanted = height_tolerance * std::sqrt(dot(residual, residual));
    double before = 0;
    for (int round = 0; round < most_height_rounds; ++round) {
        if (std::sqrt(dot(residual, residual)) <= wanted) return height;
        for (std::size_t i = 0; i < n; ++i)
            scaled[i] = strength[i] > 0 ? residual[i] / strength[i] : 0;
        double const now = dot(residual, scaled);
        double const turn = round == 0 ? 0 : now / before;
        for (std::size_t i = 0; i < n; ++i) direction[i] = scaled[i] + turn * direction[i];
        apply_laplacian(network, strength, direction, image);
        double const step = now / dot(direction, image);
        if (!std::isfinite(step)) return {};
        for (std::size_t i = 0; i < n; ++i) {
            height[i] += step * direction[i];
            residual[i] -= step * image[i];
        }
        before = now;
    }
    return {};
}

} // namespace

std::vector<double> trophic_heights(Network const& network) {
    std::vector<double> strength(network.nodes.size()), surplus(network.nodes.size());
    for (Network::Edge const& edge : network.edges) {
        auto const from = static_cast<std::size_t>(edge.from);
        auto const to = static_cast<std::size_t>(edge.to);
        auto const amount = static_cast<double>(edge.amount);
        strength[from] += amount;
        strength[to] += amount;
        surplus[from] -= amount;
        surplus[to] += amount;
    }
    std::vector<double> height = solve_heights(network, strength, std::move(surplus));
    if (height.empty())
        return std::vector<double>(network.nodes.size(), std::numeric_limits<double>::quiet_NaN());
    return height;
}

double trophic_incoherence(Network const& network, OutsideFlows const&) {
    std::vector<double> const height = trophic_heights(network);
    double penalty = 0, gross = 0;
    for (Network::Edge const& edge : network.edges) {
        double const off = height[static_cast<std::size_t>(edge.to)] -
                           height[static_cast<std::size_t>(edge.from)] - 1;
        penalty += static_cast<double>(edge.amount) * off * off;
        gross += static_cast<double>(edge.amount);
    }
    return gross > 0 ? penalty / gross : std::numeric_limits<double>::quiet_NaN();
}

} // namespace perpetuum
