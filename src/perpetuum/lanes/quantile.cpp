// Distributions made ready for drawing.

#include <perpetuum/lanes.hpp>
#include <perpetuum/lanes/elementary.hpp>
#include <perpetuum/lanes/pert.hpp>

#include <algorithm>
#include <cmath>

namespace perpetuum {

PERPETUUM_CLONES(void, normal_quantile_in_place, double*, std::size_t)
PERPETUUM_CLONES(void, normal_probability_in_place, double*, std::size_t)
PERPETUUM_CLONES(void, linear_in_place, double*, std::size_t, double, double)
PERPETUUM_CLONES(void, exponential_in_place, double*, std::size_t, double, double)
PERPETUUM_CLONES(void, triangular_in_place, double*, std::size_t, double, double, double)
PERPETUUM_CLONES(void, logit_table_in_place, double*, std::size_t, double const*, double, double)

namespace {

using Parameters = std::vector<double>;

[[noreturn]] void refuse(char const* expected, Parameters const& found) {
    std::string text = std::string(expected) + ", not (";
    for (std::size_t i = 0; i < std::min<std::size_t>(found.size(), 6); ++i)
        text += (i > 0 ? ", " : "") + std::to_string(found[i]);
    throw BadInput{text + (found.size() > 6 ? ", …)" : ")")};
}

void require_parameters(bool fine, char const* expected, Parameters const& found) {
    if (!fine) refuse(expected, found);
}

bool rising(Parameters const& p, std::size_t count) {
    return p.size() == count && std::is_sorted(p.begin(), p.end()) &&
           std::isfinite(p.back() - p.front());
}

/// Values in rising order, each with the probability of it or a lower one.
Parameters steps_of(Parameters const& pairs) {
    std::vector<std::pair<double, double>> sorted;
    double sum = 0;
    for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
        require_parameters(pairs[i + 1] >= 0, "a weight is not negative", pairs);
        if (pairs[i + 1] > 0) sorted.emplace_back(pairs[i], pairs[i + 1]);
    }
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](auto const& a, auto const& b) { return a.first < b.first; });
    for (auto const& [value, weight] : sorted) sum += weight;
    require_parameters(pairs.size() % 2 == 0 && sum > 0 && std::isfinite(sum),
                       "a discrete distribution has values and weights, some above 0", pairs);
    Parameters steps;
    double below = 0;
    for (auto const& [value, weight] : sorted) {
        below += weight;
        steps.push_back(value);
        steps.push_back(below / sum);
    }
    steps.back() = 1;
    return steps;
}

double step_at(Parameters const& steps, double u) {
    std::size_t low = 0, high = steps.size() / 2 - 1; // the first whose probability reaches u
    while (low < high) {
        std::size_t const middle = (low + high) / 2;
        if (steps[2 * middle + 1] < u)
            low = middle + 1;
        else
            high = middle;
    }
    return steps[2 * low];
}

/// lo, width, then the table; without one where there is no width.
Parameters pert_numbers(Parameters const& p) {
    Parameters numbers{p[0], p[2] - p[0]};
    if (!(numbers[1] > 0)) return numbers;
    auto const table = pert_table(1 + 4 * ((p[1] - p[0]) / numbers[1]));
    numbers.insert(numbers.end(), table.begin(), table.end());
    return numbers;
}

constexpr double normal_90 = 1.2815515655446004; // the standard normal's 90 % quantile

Parameters numbers_of(Shape shape, Parameters const& p) {
    for (double const number : p)
        require_parameters(std::isfinite(number), "parameters are finite", p);
    switch (shape) {
    case Shape::point:
        require_parameters(p.size() <= 1, "a point has one value", p);
        return {p.empty() ? 0 : p[0]};
    case Shape::uniform:
        require_parameters(rising(p, 2), "a uniform distribution has lo <= hi", p);
        return {p[0], p[1] - p[0]};
    case Shape::triangular:
        require_parameters(rising(p, 3), "a triangular distribution has lo <= mode <= hi", p);
        return p;
    case Shape::pert:
        require_parameters(rising(p, 3), "a PERT has lo <= mode <= hi", p);
        return pert_numbers(p);
    case Shape::normal:
        require_parameters(p.size() == 2 && p[1] >= 0, "a normal has a mean and an sd >= 0", p);
        return p;
    case Shape::lognormal:
        require_parameters(p.size() == 2 && p[0] > 0 && p[1] >= p[0],
                           "a lognormal has 0 < median <= 90 % quantile", p);
        return {p[0], lane_log(p[1] / p[0]) / normal_90};
    case Shape::discrete:
        return steps_of(p);
    case Shape::bernoulli:
        require_parameters(p.size() == 1 && p[0] >= 0 && p[0] <= 1,
                           "a Bernoulli distribution has a probability", p);
        return p;
    }
    return {};
}

} // namespace

Quantile::Quantile(Distribution const& distribution)
    : shape_(distribution.shape), numbers_(numbers_of(shape_, distribution.parameters)) {}

bool Quantile::from_normal() const { return shape_ == Shape::normal || shape_ == Shape::lognormal; }

void Quantile::normals_to_values(double* row, std::size_t lanes) const {
    if (shape_ == Shape::normal)
        each_linear_in_place(row, lanes, numbers_[0], numbers_[1]);
    else
        each_exponential_in_place(row, lanes, numbers_[0], numbers_[1]);
}

void Quantile::in_place(double* row, std::size_t lanes) const {
    switch (shape_) {
    case Shape::point:
        std::fill(row, row + lanes, numbers_[0]);
        break;
    case Shape::uniform:
        each_linear_in_place(row, lanes, numbers_[0], numbers_[1]);
        break;
    case Shape::triangular:
        if (numbers_[0] < numbers_[2])
            each_triangular_in_place(row, lanes, numbers_[0], numbers_[1], numbers_[2]);
        else
            std::fill(row, row + lanes, numbers_[0]);
        break;
    case Shape::pert:
        if (numbers_.size() > 2)
            each_logit_table_in_place(row, lanes, numbers_.data() + 2, pert_table_density,
                                      pert_table_end);
        each_linear_in_place(row, lanes, numbers_[0], numbers_[1]);
        break;
    case Shape::normal:
    case Shape::lognormal:
        each_normal_quantile_in_place(row, lanes);
        normals_to_values(row, lanes);
        break;
    case Shape::discrete:
        for (std::size_t i = 0; i < lanes; ++i) row[i] = step_at(numbers_, row[i]);
        break;
    case Shape::bernoulli:
        for (std::size_t i = 0; i < lanes; ++i) row[i] = row[i] > 1 - numbers_[0] ? 1 : 0;
        break;
    }
}

double Quantile::at(double u) const {
    in_place(&u, 1);
    return u;
}

void Quantile::draw(double* out, std::uint64_t key, std::uint64_t first_path, std::size_t lanes,
                    std::uint64_t step) const {
    if (from_normal()) {
        normals(out, key, first_path, lanes, step);
        normals_to_values(out, lanes);
    } else {
        uniforms(out, key, first_path, lanes, step);
        in_place(out, lanes);
    }
}

void probabilities_to_normals(double* row, std::size_t lanes) {
    each_normal_quantile_in_place(row, lanes);
}

void normals_to_probabilities(double* row, std::size_t lanes) {
    each_normal_probability_in_place(row, lanes);
}

double quantile(Distribution const& distribution, double u) { return Quantile(distribution).at(u); }

} // namespace perpetuum
