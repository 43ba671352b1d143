// The smallest change that makes a condition hold: along one line by bisection; over several
// figures the nearest point, by rays and a compass search over directions.

#include <perpetuum/study.hpp>

#include <algorithm>
#include <cmath>

namespace perpetuum {

Breakpoint bisect(HoldsAt const& holds, double tolerance, int points) {
    Breakpoint result;
    auto const ask = [&](double at) {
        ++result.asked;
        return holds(at);
    };
    points = std::max(1, points);
    bool before = result.at_start = ask(0);
    for (int i = 1; i <= points; ++i) {
        double const at = static_cast<double>(i) / points;
        bool const now = ask(at);
        if (now != before) ++result.changes;
        if (now && !before && !result.found && !result.at_start) {
            result.found = true;
            result.below = static_cast<double>(i - 1) / points;
            result.above = at;
        }
        before = now;
    }
    while (result.found && result.above - result.below > std::max(tolerance, 1e-12)) {
        double const middle = (result.below + result.above) / 2;
        (ask(middle) ? result.above : result.below) = middle;
    }
    return result;
}

namespace {

using Vector = std::vector<double>;

double length_of(Vector const& vector) {
    double square = 0;
    for (double const x : vector) square += x * x;
    return std::sqrt(square);
}

/// Looks for the least radius at which the condition holds.
class RadiusSearch {
  public:
    RadiusSearch(std::function<bool(std::span<double const>)> const& holds, double farthest,
                 double tolerance, NearestPoint& best)
        : holds_(holds), tolerance_(tolerance), best_(best) {
        best_.distance = farthest;
    }

    /// Whether the condition holds nearer along this ray than at the best point so far; then that is
    /// the best.
    bool improve(Vector direction) {
        double const length = length_of(direction);
        if (length < 1e-12) return false;
        for (double& x : direction) x /= length;
        double high = best_.distance;
        if (best_.found) high -= tolerance_ / 2;
        if (high <= 0 || !at(direction, high)) return false;
        double low = 0;
        while (high - low > tolerance_ / 2) {
            double const middle = (low + high) / 2;
            (at(direction, middle) ? high : low) = middle;
        }
        best_.found = true;
        best_.distance = high;
        best_.point = direction;
        for (double& x : best_.point) x *= high;
        return true;
    }

  private:
    bool at(Vector point, double radius) {
        for (double& x : point) x *= radius;
        ++best_.asked;
        return holds_(point);
    }
    std::function<bool(std::span<double const>)> const& holds_;
    double tolerance_;
    NearestPoint& best_;
};

/// All signs of all axes, up to six of them; beyond, the axes alone.
std::vector<Vector> first_directions(std::size_t n) {
    std::vector<Vector> all;
    if (n > 6) {
        for (std::size_t i = 0; i < 2 * n; ++i) {
            all.emplace_back(n, 0.0);
            all.back()[i / 2] = i % 2 == 0 ? 1 : -1;
        }
        return all;
    }
    std::size_t count = 1;
    for (std::size_t i = 0; i < n; ++i) count *= 3;
    for (std::size_t code = 0; code < count; ++code) {
        Vector direction(n);
        std::size_t rest = code;
        for (double& x : direction) {
            x = static_cast<double>(rest % 3) - 1;
            rest /= 3;
        }
        all.push_back(std::move(direction));
    }
    return all;
}

} // namespace

NearestPoint nearest_point(std::function<bool(std::span<double const>)> const& holds,
                           std::size_t dimensions, double farthest, double tolerance) {
    NearestPoint best;
    Vector const origin(dimensions, 0.0);
    ++best.asked;
    if (holds(origin)) {
        best.found = true;
        best.point = origin;
        return best;
    }
    RadiusSearch search(holds, farthest, tolerance, best);
    for (Vector const& direction : first_directions(dimensions)) search.improve(direction);
    if (!best.found) return best;
    for (double step = 0.4; step > 0.02; step /= 2)
        for (bool better = true; better;) {
            better = false;
            for (std::size_t i = 0; i < dimensions; ++i)
                for (double const sign : {1.0, -1.0}) {
                    Vector direction = best.point;
                    direction[i] += sign * step * best.distance;
                    better = search.improve(std::move(direction)) || better;
                }
        }
    return best;
}

} // namespace perpetuum
