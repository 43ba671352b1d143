// A PERT's quantile. In logits of both u and x the beta distribution's quantile is a smooth curve
// that straightens towards its ends (slope 1/a on the left, 1/b on the right), so few cells do.
// A node is found by Newton's method on the logarithm of the distribution function, itself a
// continued fraction (Lentz; Press et al., Numerical Recipes, section 6.4). All functions are this
// room's, so that a table is the same on every machine.

#include <perpetuum/lanes/elementary.hpp>
#include <perpetuum/lanes/pert.hpp>

#include <array>
#include <cstddef>

namespace perpetuum {

namespace {

/// Beta(a, 6 - a) with its logarithm's parts.
struct BetaShape {
    double a, b, log_function;
};

/// B(a, 6 - a) = Gamma(a) Gamma(6 - a) / 5!, by the reflection of Gamma a product over k = 1 … 5 of
/// |k - a|, times pi / |sin(pi a)|; the factor nearest to 0 is taken together with the sine.
double beta_function(double a) {
    double const nearest_whole = lane_round(a);
    double const angle = 3.14159265358979323846 * (a - nearest_whole);
    double sinc = 0, term = 1;
    for (int i = 1; i <= 14; ++i) {
        sinc += term;
        term *= -angle * angle / (2 * i * (2 * i + 1));
    }
    double product = 1 / sinc;
    for (int k = 1; k <= 5; ++k)
        if (k != nearest_whole) product *= lane_abs(k - a);
    return product / 120;
}

double beta_lentz(double x, double a, double b) {
    constexpr double tiny = 1e-300;
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (lane_abs(d) < tiny ? tiny : d);
    double result = d;
    for (int m = 1; m <= 200; ++m) {
        double const even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        double const odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        double factor = 1;
        for (double const part : {even, odd}) {
            d = 1 + part * d;
            c = 1 + part / c;
            d = 1 / (lane_abs(d) < tiny ? tiny : d);
            if (lane_abs(c) < tiny) c = tiny;
            factor = d * c;
            result *= factor;
        }
        if (lane_abs(factor - 1) < 1e-16) break;
    }
    return result;
}

/// What there is to know at a logit of x: how much lies below, and the density per unit of logit.
struct BetaAt {
    double x, below, density;
};

BetaAt beta_at(BetaShape const& shape, double logit) {
    double const e = lane_exp(-lane_abs(logit)), more = lane_log(1 + e);
    double const log_x = logit < 0 ? logit - more : -more, log_rest = log_x - logit;
    double const x = logit < 0 ? e / (1 + e) : 1 / (1 + e);
    double const rest = logit < 0 ? 1 / (1 + e) : e / (1 + e);
    double const density = lane_exp(shape.a * log_x + shape.b * log_rest - shape.log_function);
    double const below = x < (shape.a + 1) / (shape.a + shape.b + 2)
                             ? density * beta_lentz(x, shape.a, shape.b) / shape.a
                             : 1 - density * beta_lentz(rest, shape.b, shape.a) / shape.b;
    return {x, below, density};
}

struct TableNode {
    double value, slope, curvature; ///< of logit x over logit u
};

/// The node at logit u <= 0, from a guess.
TableNode table_node(BetaShape const& shape, double logit_u, double guess) {
    double const u = lane_exp(logit_u) / (1 + lane_exp(logit_u)), log_u = lane_log(u);
    double logit = guess;
    for (int i = 0; i < 40; ++i) {
        BetaAt const at = beta_at(shape, logit);
        double const step = (lane_log(at.below) - log_u) * at.below / at.density;
        logit -= step > 1 ? 1 : step < -1 ? -1 : step;
        if (lane_abs(step) < 1e-13) break;
    }
    BetaAt const at = beta_at(shape, logit);
    double const slope = u * (1 - u) / at.density;
    double const bend = (1 - 2 * u) - (shape.a * (1 - at.x) - shape.b * at.x) * slope;
    return {logit, slope, slope * bend};
}

constexpr std::size_t half_of_nodes = static_cast<std::size_t>(pert_table_end * pert_table_density);

/// Nodes at logit u = 0, -1/density, -2/density …: each guessed from the one before.
std::vector<TableNode> nodes_downwards(double a) {
    BetaShape const shape{a, 6 - a, lane_log(beta_function(a))};
    std::vector<TableNode> nodes;
    double guess = lane_log(a / (6 - a));
    for (std::size_t i = 0; i <= half_of_nodes; ++i) {
        TableNode const node =
            table_node(shape, -static_cast<double>(i) / pert_table_density, guess);
        nodes.push_back(node);
        guess = node.value - node.slope / pert_table_density;
    }
    return nodes;
}

/// The polynomial over a cell of unit width with these ends.
std::array<double, 6> polynomial_between(TableNode from, TableNode to) {
    double const h = 1 / pert_table_density;
    double const first = from.slope * h, second = from.curvature * h * h / 2;
    double const rise = to.value - from.value - first - second;
    double const turn = to.slope * h - first - 2 * second;
    double const bend = to.curvature * h * h / 2 - second;
    return {from.value,
            first,
            second,
            10 * rise - 4 * turn + bend,
            -15 * rise + 7 * turn - 2 * bend,
            6 * rise - 3 * turn + bend};
}

} // namespace

std::vector<double> pert_table(double a) {
    // The upper half is the lower half of the mirrored distribution, turned around.
    auto const lower = nodes_downwards(a), upper = nodes_downwards(6 - a);
    std::vector<TableNode> nodes(lower.rbegin(), lower.rend());
    for (std::size_t i = 1; i < upper.size(); ++i)
        nodes.push_back({-upper[i].value, upper[i].slope, -upper[i].curvature});
    std::vector<double> cells;
    for (std::size_t i = 0; i + 1 < nodes.size(); ++i) {
        auto const polynomial = polynomial_between(nodes[i], nodes[i + 1]);
        cells.insert(cells.end(), polynomial.begin(), polynomial.end());
    }
    return cells;
}

} // namespace perpetuum
