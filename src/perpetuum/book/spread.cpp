// Spreads: "uniform lo..hi", "tri lo mode hi", "pert lo mode hi", "normal mean sd", "lognormal
// median p90", "discrete v:weight …". Their numbers are in the scale and unit of the figure.

#include <perpetuum/book/figure.hpp>

#include <cmath>

namespace perpetuum {

namespace {

constexpr std::size_t most_values = 1000; // of a discrete spread

std::optional<std::vector<double>> spread_numbers(std::vector<std::string_view> const& words,
                                                  double scale, std::string& problem) {
    std::vector<double> numbers;
    for (auto const word : words) {
        auto const value = plain_number(word);
        if (!value) {
            problem = quoted(word) + " is no number";
            return {};
        }
        numbers.push_back(*value * scale);
    }
    return numbers;
}

/// One word "lo..hi".
std::optional<Distribution> uniform_spread(std::vector<std::string_view> const& words, double scale,
                                           std::string& problem) {
    std::optional<NumberOrRange> range;
    if (words.size() == 1) range = number_or_range(words[0]);
    if (words.size() != 1 || !range || !range->range) {
        problem = "a uniform spread is written 'uniform lo..hi'";
        return {};
    }
    if (range->low > range->high) {
        problem = "the lower end of a spread is above the upper one";
        return {};
    }
    return Distribution{Shape::uniform, {range->low * scale, range->high * scale}};
}

std::optional<Distribution> three_point_spread(Shape shape,
                                               std::vector<std::string_view> const& words,
                                               double scale, std::string& problem) {
    auto numbers = spread_numbers(words, scale, problem);
    if (!numbers) return {};
    if (numbers->size() != 3) {
        problem = "this spread takes three numbers: lowest, most likely, highest";
        return {};
    }
    auto const& n = *numbers;
    if (!(n[0] <= n[1] && n[1] <= n[2])) {
        problem = "lowest, most likely and highest must rise in this order";
        return {};
    }
    return Distribution{shape, n};
}

std::optional<Distribution> normal_spread(std::vector<std::string_view> const& words, double scale,
                                          std::string& problem) {
    auto numbers = spread_numbers(words, scale, problem);
    if (!numbers) return {};
    if (numbers->size() != 2) {
        problem = "a normal spread takes two numbers: mean and standard deviation";
        return {};
    }
    if ((*numbers)[1] < 0) {
        problem = "a standard deviation must not be negative";
        return {};
    }
    return Distribution{Shape::normal, *numbers};
}

std::optional<Distribution> lognormal_spread(std::vector<std::string_view> const& words,
                                             double scale, std::string& problem) {
    auto numbers = spread_numbers(words, scale, problem);
    if (!numbers) return {};
    if (numbers->size() != 2) {
        problem =
            "a lognormal spread takes two numbers: the median and what nine in ten stay below";
        return {};
    }
    if (!((*numbers)[0] > 0 && (*numbers)[1] >= (*numbers)[0])) {
        problem = "a lognormal spread needs 0 < median <= what nine in ten stay below";
        return {};
    }
    return Distribution{Shape::lognormal, *numbers};
}

std::optional<Distribution> discrete_spread(std::vector<std::string_view> const& words,
                                            double scale, std::string& problem) {
    Distribution result{Shape::discrete, {}};
    double sum = 0;
    for (auto const word : words) {
        auto const colon = word.find(':');
        auto const value = plain_number(word.substr(0, colon));
        auto const weight = colon == std::string_view::npos ? std::optional<double>{}
                                                            : plain_number(word.substr(colon + 1));
        if (!value || !weight || *weight < 0) {
            problem = "a discrete spread is written 'discrete value:weight value:weight'";
            return {};
        }
        sum += *weight;
        result.parameters.push_back(*value * scale);
        result.parameters.push_back(*weight);
    }
    if (words.size() > most_values)
        problem = "a discrete spread of more than 1,000 values";
    else if (!(sum > 0) || !std::isfinite(sum))
        problem = "the weights of a discrete spread must add up to more than 0";
    if (!problem.empty()) return {};
    return result;
}

} // namespace

std::optional<Distribution> parse_spread(std::string_view name,
                                         std::vector<std::string_view> const& words, double scale,
                                         std::string& problem) {
    if (name == "uniform") return uniform_spread(words, scale, problem);
    if (name == "tri") return three_point_spread(Shape::triangular, words, scale, problem);
    if (name == "pert") return three_point_spread(Shape::pert, words, scale, problem);
    if (name == "normal") return normal_spread(words, scale, problem);
    if (name == "lognormal") return lognormal_spread(words, scale, problem);
    if (name == "discrete") return discrete_spread(words, scale, problem);
    problem = "unknown spread " + quoted(name);
    return {};
}

} // namespace perpetuum
