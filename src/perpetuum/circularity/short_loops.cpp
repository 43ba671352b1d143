/// What can go round on loops of few payments: loops packed within the amounts, a linear programme
/// with a column a loop; simplex on the condensed tableau, and its dual checked.

#include <perpetuum/circularity.hpp>
#include <perpetuum/loops.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace perpetuum {

namespace {

constexpr double no_answer = std::numeric_limits<double>::quiet_NaN();
constexpr double packing_tolerance = 1e-9;
constexpr std::size_t most_columns = 20'000;
constexpr std::size_t most_entries = 4'000'000; ///< of the tableau
constexpr std::size_t most_pivot_work = 4'000'000'000;

/// max Σ worth x with, for each row, Σ of the columns that hold it ≤ room.
struct Packing {
    std::vector<std::vector<std::size_t>> columns; ///< rows of each column
    std::vector<double> worth, room;
};

class Tableau {
  public:
    explicit Tableau(Packing const& packing)
        : rows_(packing.room.size()), width_(packing.columns.size() + 1),
          entry_((rows_ + 1) * width_, 0), name_of_row_(rows_), name_of_column_(width_ - 1) {
        for (std::size_t c = 0; c + 1 < width_; ++c) {
            for (std::size_t const r : packing.columns[c]) at(r, c) = 1;
            at(rows_, c) = -packing.worth[c];
            name_of_column_[c] = rows_ + c;
        }
        for (std::size_t r = 0; r < rows_; ++r) {
            at(r, width_ - 1) = packing.room[r];
            name_of_row_[r] = r;
        }
    }

    /// False when it takes too long.
    bool solve() {
        std::size_t const most = most_pivot_work / entry_.size() + 1;
        for (std::size_t round = 0; round < most; ++round) {
            std::size_t enters = width_ - 1, leaves = rows_;
            double worst = -packing_tolerance;
            for (std::size_t c = 0; c + 1 < width_; ++c)
                if (at(rows_, c) < worst) {
                    worst = at(rows_, c);
                    enters = c;
                }
            if (enters == width_ - 1) return true;
            double least = std::numeric_limits<double>::infinity();
            for (std::size_t r = 0; r < rows_; ++r) {
                if (at(r, enters) <= packing_tolerance) continue;
                double const ratio = at(r, width_ - 1) / at(r, enters);
                if (ratio < least) {
                    least = ratio;
                    leaves = r;
                }
            }
            if (leaves == rows_) return false; // cannot be: every column is bounded
            pivot(leaves, enters);
        }
        return false;
    }

    double value() { return at(rows_, width_ - 1); }
    /// Price of each row.
    std::vector<double> prices() {
        std::vector<double> price(rows_, 0);
        for (std::size_t c = 0; c + 1 < width_; ++c)
            if (name_of_column_[c] < rows_) price[name_of_column_[c]] = at(rows_, c);
        return price;
    }

  private:
    double& at(std::size_t r, std::size_t c) { return entry_[r * width_ + c]; }
    void pivot(std::size_t row, std::size_t column) {
        double const by = at(row, column);
        double* const top = &at(row, 0);
        for (std::size_t c = 0; c < width_; ++c) top[c] /= by;
        top[column] = 1 / by;
        for (std::size_t r = 0; r <= rows_; ++r) {
            double* const line = &at(r, 0);
            double const times = line[column];
            if (r == row || times == 0) continue;
            line[column] = 0;
            for (std::size_t c = 0; c < width_; ++c) line[c] -= times * top[c];
        }
        std::swap(name_of_row_[row], name_of_column_[column]);
    }
    std::size_t rows_, width_;
    std::vector<double> entry_; ///< rows + 1 (prices) × columns + 1 (room)
    std::vector<std::size_t> name_of_row_, name_of_column_;
};

/// Prices ≥ 0 that make every column cost at least its worth prove that no packing is worth more
/// than they make the room cost.
bool proved(Packing const& packing, std::vector<double> const& prices, double value) {
    double room_costs = 0;
    for (std::size_t r = 0; r < prices.size(); ++r) {
        if (prices[r] < -packing_tolerance) return false;
        room_costs += prices[r] * packing.room[r];
    }
    for (std::size_t c = 0; c < packing.columns.size(); ++c) {
        double cost = packing_tolerance * 10;
        for (std::size_t const r : packing.columns[c]) cost += prices[r];
        if (cost < packing.worth[c]) return false;
    }
    return std::abs(room_costs - value) <= 1e-7 * std::max(1.0, std::abs(value));
}

double packed(Packing const& packing) {
    if (packing.columns.empty()) return 0;
    if ((packing.room.size() + 1) * (packing.columns.size() + 1) > most_entries) return no_answer;
    Tableau tableau(packing);
    if (!tableau.solve()) return no_answer;
    return proved(packing, tableau.prices(), tableau.value()) ? tableau.value() : no_answer;
}

} // namespace

ShortLoops short_loops(Network const& network, int longest) {
    Packing packing;
    std::vector<std::size_t> row(network.edges.size(), network.edges.size());
    auto const keep = [&](LoopSeen const& loop) {
        packing.columns.emplace_back();
        for (std::uint32_t const edge : loop.payments) {
            if (row[edge] == network.edges.size()) {
                row[edge] = packing.room.size();
                packing.room.push_back(static_cast<double>(network.edges[edge].amount));
            }
            packing.columns.back().push_back(row[edge]);
        }
        return packing.columns.size() <= most_columns;
    };
    LoopTally const tally = search_loops(network, {.longest = longest},
                                         {.effort = 200'000'000, .count = most_columns + 1}, keep);
    ShortLoops result;
    result.loops = packing.columns.size();
    if (!tally.complete) {
        result.dollars = result.volume = no_answer;
        return result;
    }
    packing.worth.assign(packing.columns.size(), 1);
    result.dollars = packed(packing);
    for (std::size_t c = 0; c < packing.columns.size(); ++c)
        packing.worth[c] = static_cast<double>(packing.columns[c].size());
    result.volume = packed(packing);
    return result;
}

double dollars_going_round_within(Network const& network, int longest) {
    return short_loops(network, longest).dollars * network.minor_unit;
}

double short_loop_circulation_within(Network const& network, int longest) {
    return short_loops(network, longest).volume * network.minor_unit;
}

double dollars_going_round_usd(Network const& network, OutsideFlows const&) {
    return short_loops(network).dollars * network.minor_unit;
}

double short_loop_circulation_usd(Network const& network, OutsideFlows const&) {
    return short_loops(network).volume * network.minor_unit;
}

} // namespace perpetuum
