// Players move in turn, each to what is best for it while the others stay; then the moves that are
// best for all together.

#include <perpetuum/study.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

namespace perpetuum {

namespace {

using Moves = std::vector<double>;

/// Pay-offs of profiles, each asked for once.
class Table {
  public:
    Table(PayOffs const& pay_offs, std::size_t players) : pay_offs_(pay_offs), players_(players) {}

    std::vector<Moves> of(std::vector<Moves> const& profiles) {
        std::vector<Moves> missing;
        for (Moves const& profile : profiles)
            if (!known_.contains(profile) &&
                std::find(missing.begin(), missing.end(), profile) == missing.end())
                missing.push_back(profile);
        if (!missing.empty()) {
            auto const values = pay_offs_(missing);
            if (values.size() != missing.size() * players_)
                throw BadInput{"pay-offs of " + std::to_string(missing.size()) + " profiles are " +
                               std::to_string(values.size()) + " numbers"};
            for (std::size_t p = 0; p < missing.size(); ++p) {
                auto const begin = values.begin() + static_cast<std::ptrdiff_t>(p * players_);
                known_[missing[p]] = {begin, begin + static_cast<std::ptrdiff_t>(players_)};
            }
        }
        std::vector<Moves> found;
        for (Moves const& profile : profiles) found.push_back(known_.at(profile));
        return found;
    }
    std::uint64_t asked() const { return known_.size(); }

  private:
    PayOffs const& pay_offs_;
    std::size_t players_;
    std::map<Moves, Moves> known_;
};

double sum_of(Moves const& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

class Search {
  public:
    Search(GameRules const& rules, Table& table) : rules_(rules), table_(table) {}

    /// Players in turn until nobody moves. `jointly`: each moves to what is best for all.
    Equilibrium from(Moves moves, bool jointly) {
        Equilibrium result;
        while (!result.settled && result.rounds < rules_.most_rounds) {
            ++result.rounds;
            double farthest = 0;
            for (std::size_t i = 0; i < moves.size(); ++i) {
                double const next = best_move(moves, i, jointly);
                double const range = rules_.high[i] - rules_.low[i];
                farthest = std::max(farthest, std::abs(next - moves[i]) / range);
                moves[i] = next;
            }
            if (jointly) farthest = std::max(farthest, all_alike(moves));
            result.settled = farthest <= 2 * rules_.tolerance;
        }
        result.pay_offs = table_.of({moves})[0];
        result.moves = std::move(moves);
        return result;
    }

    double best_move(Moves const& moves, std::size_t player, bool jointly) {
        double const low = rules_.low[player], range = rules_.high[player] - low;
        auto const at = [&](double share) {
            Moves profile = moves;
            profile[player] = low + share * range;
            return profile;
        };
        double const next = at(best_share(at, player, jointly))[player];
        // What is no better is no reason to move.
        Moves moved = moves;
        moved[player] = next;
        auto const pay_offs = table_.of({moves, moved});
        return worth(pay_offs[1], player, jointly) > worth(pay_offs[0], player, jointly)
                   ? next
                   : moves[player];
    }

  private:
    double worth(Moves const& pay_offs, std::size_t player, bool jointly) const {
        double const value = jointly ? sum_of(pay_offs) : pay_offs[player];
        return std::isnan(value) ? -std::numeric_limits<double>::infinity() : value;
    }

    /// The best of points on a line, then again between its neighbours, down to the tolerance. The
    /// profile at `share` of the line is `at(share)`.
    template <class At>
    double best_share(At at, std::size_t player, bool jointly) {
        double low = 0, high = 1, best = 0;
        // Of three the outer ones are the middle's neighbours: the range would stay as it is.
        auto const points = static_cast<std::size_t>(std::max(4, rules_.points));
        do {
            std::vector<Moves> profiles;
            double const step = (high - low) / static_cast<double>(points - 1);
            for (std::size_t k = 0; k < points; ++k)
                profiles.push_back(at(low + static_cast<double>(k) * step));
            auto const pay_offs = table_.of(profiles);
            std::size_t top = 0;
            for (std::size_t k = 1; k < points; ++k)
                if (worth(pay_offs[k], player, jointly) > worth(pay_offs[top], player, jointly))
                    top = k;
            best = low + static_cast<double>(top) * step;
            low = std::max(0.0, best - step);
            high = std::min(1.0, best + step);
        } while (high - low > rules_.tolerance);
        return best;
    }

    /// All at the same share of their ranges, where that is better still; how far that moves.
    double all_alike(Moves& moves) {
        auto const at = [&](double share) {
            Moves profile;
            for (std::size_t i = 0; i < moves.size(); ++i)
                profile.push_back(rules_.low[i] + share * (rules_.high[i] - rules_.low[i]));
            return profile;
        };
        Moves const alike = at(best_share(at, 0, true));
        auto const pay_offs = table_.of({moves, alike});
        if (!(worth(pay_offs[1], 0, true) > worth(pay_offs[0], 0, true))) return 0;
        moves = alike;
        return 1;
    }

    GameRules const& rules_;
    Table& table_;
};

/// Two equilibria within ten tolerances of each other in every move are one.
bool same(GameRules const& rules, Moves const& a, Moves const& b) {
    for (std::size_t i = 0; i < a.size(); ++i)
        if (std::abs(a[i] - b[i]) > 10 * rules.tolerance * (rules.high[i] - rules.low[i]))
            return false;
    return true;
}

} // namespace

double Equilibrium::total() const { return sum_of(pay_offs); }

namespace {

void check_rules(GameRules const& rules, std::size_t players) {
    if (players == 0 || rules.low.size() != players || rules.high.size() != players)
        throw BadInput{"a game has a lowest and a highest move for each player"};
    for (std::size_t i = 0; i < players; ++i)
        if (!(rules.low[i] < rules.high[i])) throw BadInput{"a player has no choice"};
    if (!(rules.tolerance >= 1e-9)) throw BadInput{"a tolerance below 1e-9"};
}

} // namespace

std::vector<double> best_answers(GameRules const& rules, PayOffs const& pay_offs,
                                 std::vector<double> const& moves) {
    check_rules(rules, moves.size());
    Table table(pay_offs, moves.size());
    Search search(rules, table);
    std::vector<double> answers;
    for (std::size_t i = 0; i < moves.size(); ++i)
        answers.push_back(search.best_move(moves, i, false));
    return answers;
}

Equilibrium settle(GameRules const& rules, PayOffs const& pay_offs,
                   std::vector<double> const& moves) {
    check_rules(rules, moves.size());
    Table table(pay_offs, moves.size());
    return Search(rules, table).from(moves, false);
}

GameResult play(GameRules const& rules, PayOffs const& pay_offs, std::vector<double> const& start) {
    std::size_t const players = start.size();
    check_rules(rules, players);
    Table table(pay_offs, players);
    Search search(rules, table);
    Moves middle;
    for (std::size_t i = 0; i < players; ++i) middle.push_back((rules.low[i] + rules.high[i]) / 2);
    GameResult result;
    bool any = false;
    for (Moves const& from : {start, rules.low, middle, rules.high}) {
        Equilibrium found = search.from(from, false);
        bool const is_new = std::none_of(
            result.equilibria.begin(), result.equilibria.end(),
            [&](Equilibrium const& known) { return same(rules, known.moves, found.moves); });
        if (is_new) result.equilibria.push_back(std::move(found));
        Equilibrium joint = search.from(from, true);
        if (!any || joint.total() > result.joint.total()) result.joint = std::move(joint);
        any = true;
    }
    result.profiles = table.asked();
    return result;
}

} // namespace perpetuum
