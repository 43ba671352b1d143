#include "laplacian.hpp"

#include <cmath>

namespace perpetuum {

namespace {

constexpr double height_tolerance = 1e-12; ///< of the residual, against the right side
constexpr int most_height_rounds = 20'000;

/// out = (diagonal − weights both ways) · x
void apply_laplacian(std::vector<HeightLink> const& links, std::vector<double> const& strength,
                     std::vector<double> const& x, std::vector<double>& out) {
    for (std::size_t i = 0; i < x.size(); ++i) out[i] = strength[i] * x[i];
    for (HeightLink const& link : links) {
        out[link.a] -= link.weight * x[link.b];
        out[link.b] -= link.weight * x[link.a];
    }
}

double dot(std::vector<double> const& a, std::vector<double> const& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
}

} // namespace

std::vector<double> solve_heights(std::vector<HeightLink> const& links, std::size_t nodes,
                                  std::vector<double> surplus) {
    std::vector<double> strength(nodes, 0);
    for (HeightLink const& link : links) {
        strength[link.a] += link.weight;
        strength[link.b] += link.weight;
    }
    std::vector<double> height(nodes, 0), scaled(nodes), direction(nodes, 0), image(nodes);
    std::vector<double>& residual = surplus;
    double const wanted = height_tolerance * std::sqrt(dot(residual, residual));
    double before = 0;
    for (int round = 0; round < most_height_rounds; ++round) {
        if (std::sqrt(dot(residual, residual)) <= wanted) return height;
        for (std::size_t i = 0; i < nodes; ++i)
            scaled[i] = strength[i] > 0 ? residual[i] / strength[i] : 0;
        double const now = dot(residual, scaled);
        double const turn = round == 0 ? 0 : now / before;
        for (std::size_t i = 0; i < nodes; ++i) direction[i] = scaled[i] + turn * direction[i];
        apply_laplacian(links, strength, direction, image);
        double const step = now / dot(direction, image);
        if (!std::isfinite(step)) return {};
        for (std::size_t i = 0; i < nodes; ++i) {
            height[i] += step * direction[i];
            residual[i] -= step * image[i];
        }
        before = now;
    }
    return {};
}

} // namespace perpetuum
