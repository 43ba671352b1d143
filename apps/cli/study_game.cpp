// perpetuum study game BOOK --player "MOVE = A..B for OUTPUT" …: who moves where when all do what is
// best for them, and what that costs all.

#include "study.hpp"

#include "tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace perpetuum {

namespace {

constexpr std::size_t most_players = 12;

/// Thrown through the search when somebody interrupts.
struct CutShort {};

class Race {
  public:
    Race(Options const& options, StudyBook& book, std::size_t players)
        : book_(book), players_(players), paths_(options, book), central_(options.study.central),
          each_(central_ ? 1 : (std::max<std::uint64_t>(options.many.paths, 1) + 63) / 64 * 64) {
        for (Variation const& variation : book_.variations) {
            cells_.push_back(variation.cell);
            times_.push_back(variation.times);
        }
        if (central_)
            book_.run.block = 16; // the moves tried at once are few
        else
            draws_ = draws_of(book_.system, book_.program, book_.settings.sample);
        for (std::size_t i = 0; i < players; ++i) {
            Variation const& player = book_.variations[i];
            rules.low.push_back(std::min(player.from, player.to));
            rules.high.push_back(std::max(player.from, player.to));
            start.push_back(std::clamp(player.times ? 1.0 : stated(player.cell), rules.low.back(),
                                       rules.high.back()));
        }
        rules.points = options.study.points;
        rules.tolerance = std::max(1e-6, options.study.tolerance);
        // About a search of a move takes three times `points` profiles, four rounds settle most games,
        // and there are four starts, each also for all together.
        std::uint64_t const searches =
            cells_.size() > players ? 4 * (5 + 7) : std::uint64_t{4} * 4 * 2;
        paths_.expect(each_ * searches * players * 3 * static_cast<std::uint64_t>(rules.points),
                      settled_at({start}), each_, true);
    }

    GameRules rules;
    std::vector<double> start; ///< the moves of the book

    /// Means of outputs [first, first + count) of each profile.
    std::vector<double> means(std::vector<std::vector<double>> const& profiles, std::size_t first,
                              std::size_t count) {
        std::vector<std::vector<double>> outputs;
        if (!paths_.run("profiles " + std::to_string(asked_++), settled_at(profiles),
                        {0, each_ * profiles.size()}, outputs))
            throw CutShort{};
        std::vector<double> all;
        for (std::size_t p = 0; p < profiles.size(); ++p)
            for (std::size_t o = first; o < first + count; ++o)
                all.push_back(mean_of(std::span(outputs[o]).subspan(p * each_, each_)).mean);
        return all;
    }
    PayOffs pay_offs() {
        return [this](std::vector<std::vector<double>> const& profiles) {
            return means(profiles, 0, players_);
        };
    }
    /// Sum of the outputs of --capex, or of the moves themselves.
    double capex_at(std::vector<double> const& moves, std::size_t outputs) {
        if (outputs == 0) return std::accumulate(moves.begin(), moves.end(), 0.0);
        auto const values = means({moves}, players_, outputs);
        return std::accumulate(values.begin(), values.end(), 0.0);
    }
    void put_figure(double value) { figure_ = value; }
    std::uint64_t paths() const { return central_ ? 0 : paths_.done(); }
    std::uint64_t each() const { return each_; }
    StudyPaths const& progress() const { return paths_; }

  private:
    StudyBook& book_;
    std::size_t players_;
    StudyPaths paths_;
    bool central_;
    std::uint64_t each_;
    std::vector<CellId> cells_;
    std::vector<bool> times_;
    DrawRows draws_;
    double figure_ = 0; ///< of --vary
    int asked_ = 0;

    double stated(CellId cell) const {
        return median(book_.system.cells[static_cast<std::size_t>(cell)].draw);
    }
    DrawRows settled_at(std::vector<std::vector<double>> const& profiles) const {
        Settings settings{cells_, times_, {}};
        for (auto const& profile : profiles) {
            settings.values.insert(settings.values.end(), profile.begin(), profile.end());
            if (cells_.size() > players_) settings.values.push_back(figure_);
        }
        return central_ ? central_settings(book_.system, book_.program, std::move(settings))
                        : with_settings(book_.program, draws_, std::move(settings), each_);
    }
};

/// The first player whose move is the least that it has, if one is.
int who_leaves(GameRules const& rules, std::vector<double> const& moves) {
    for (std::size_t i = 0; i < moves.size(); ++i)
        if (moves[i] <= rules.low[i] + 2 * rules.tolerance * (rules.high[i] - rules.low[i]))
            return static_cast<int>(i);
    return -1;
}

/// Along the figure of --vary: best answers to the book's moves, equilibria, and where the first
/// player leaves in either.
void look_along(Race& race, Variation const& figure, double tolerance, GameAnswer& answer) {
    answer.figure = figure;
    auto const at = [&](double share) -> GameAt const& {
        double const value = figure.at(share);
        for (GameAt const& known : answer.curve)
            if (known.value == value) return known;
        race.put_figure(value);
        GameAt point{value, best_answers(race.rules, race.pay_offs(), race.start),
                     settle(race.rules, race.pay_offs(), race.start)};
        answer.curve.push_back(std::move(point));
        return answer.curve.back();
    };
    int const parts = std::max(2, figure.points - 1);
    auto const left = [&](auto moves_of) {
        GameLeft found;
        found.at =
            bisect([&](double share) { return who_leaves(race.rules, moves_of(at(share))) >= 0; },
                   tolerance, parts);
        if (found.at.found || found.at.at_start)
            found.first =
                who_leaves(race.rules, moves_of(at(found.at.at_start ? 0 : found.at.above)));
        return found;
    };
    answer.alone = left([](GameAt const& point) { return point.answers; });
    answer.together = left([](GameAt const& point) { return point.settled.moves; });
    std::stable_sort(answer.curve.begin(), answer.curve.end(),
                     [&](GameAt const& a, GameAt const& b) {
                         return figure.from < figure.to ? a.value < b.value : a.value > b.value;
                     });
}

std::string left_in_words(GameAnswer const& answer, GameLeft const& left, std::string const& when) {
    Variation const& figure = *answer.figure;
    std::string const range = fmt::format("between {} and {}", print_variation(figure, figure.from),
                                          print_variation(figure, figure.to));
    if (left.first < 0)
        return fmt::format("{} nobody does best with the least it may do, {}.\n", when, range);
    std::string const who =
        printable(answer.players[static_cast<std::size_t>(left.first)].name, 60);
    if (left.at.at_start)
        return fmt::format("{} {} does best with the least it may do from the start, at {}.\n",
                           when, who, print_variation(figure, figure.from));
    return fmt::format("{} {} is the first that does best with the least it may do: at {}, not yet "
                       "at {}.\n",
                       when, who, print_variation(figure, figure.at(left.at.above)),
                       print_variation(figure, figure.at(left.at.below)));
}

std::string text_along(GameAnswer const& answer) {
    TextTable table;
    table.head = {printable(answer.figure->name), ""};
    table.align = "rl";
    for (Variation const& player : answer.players) {
        table.head.push_back(printable(player.name));
        table.align += 'r';
    }
    for (GameAt const& point : answer.curve) {
        std::vector<std::string> alone{print_variation(*answer.figure, point.value),
                                       "answer to the book's moves"};
        std::vector<std::string> settled{"", point.settled.settled ? "equilibrium" : "goes round"};
        for (std::size_t i = 0; i < answer.players.size(); ++i) {
            alone.push_back(print_variation(answer.players[i], point.answers[i]));
            settled.push_back(print_variation(answer.players[i], point.settled.moves[i]));
        }
        table.rows.push_back(std::move(alone));
        table.rows.push_back(std::move(settled));
    }
    return print_table(table) +
           left_in_words(answer, answer.alone, "While all others stay where the book has them,") +
           left_in_words(answer, answer.together, "At equilibrium");
}

void add_rows(TextTable& table, GameAnswer const& answer, Equilibrium const& at, double capex,
              std::string const& name) {
    std::vector<std::string> moves{name + ", moves"}, gains{"  pay-offs"};
    for (std::size_t i = 0; i < at.moves.size(); ++i) {
        moves.push_back(print_variation(answer.players[i], at.moves[i]));
        gains.push_back(print_output(answer.pay_offs[i], at.pay_offs[i]));
    }
    moves.push_back(print_output(answer.pay_offs[0], capex));
    gains.push_back(print_output(answer.pay_offs[0], at.total()));
    table.rows.push_back(std::move(moves));
    table.rows.push_back(std::move(gains));
}

std::string text_of(GameAnswer const& answer) {
    TextTable table;
    table.head = {""};
    table.align = "l";
    for (Variation const& player : answer.players) {
        table.head.push_back(printable(player.name));
        table.align += 'r';
    }
    table.head.push_back("together");
    table.align += 'r';
    std::string text;
    for (std::size_t e = 0; e < answer.result.equilibria.size(); ++e) {
        Equilibrium const& found = answer.result.equilibria[e];
        add_rows(table, answer, found, answer.capex[e],
                 found.settled ? "equilibrium" : "goes round");
    }
    add_rows(table, answer, answer.result.joint, answer.capex.back(), "best for all");
    text += print_table(table);
    for (std::size_t e = 0; e < answer.result.equilibria.size(); ++e) {
        Equilibrium const& found = answer.result.equilibria[e];
        double const loss = answer.result.joint.total() - found.total();
        text +=
            fmt::format("Price of anarchy: {} of pay-off lost, {} of what is spent there{}.\n",
                        print_output(answer.pay_offs[0], loss),
                        answer.capex[e] != 0 ? fmt::format("{:.1f} %", 100 * loss / answer.capex[e])
                                             : std::string("no share"),
                        found.settled ? "" : " (no equilibrium: the players go round in a circle)");
    }
    return text;
}

/// "MOVE = A..B for OUTPUT" into its halves.
bool split_player(std::string const& text, StudyTexts& texts, Answer& refusal) {
    auto const place = text.find(" for ");
    if (place == std::string::npos) {
        refusal = refused("--player " + quoted(text) + " says no pay-off",
                          "--player \"entity.microsoft.capex_now = * 0..2 for "
                          "microsoft.net_worth at 2032\"");
        return false;
    }
    texts.variations.push_back(text.substr(0, place));
    texts.outputs.push_back(text.substr(place + 5));
    return true;
}

} // namespace

Answer study_game(Options const& options) {
    Answer refusal;
    StudyTexts texts;
    std::size_t const players = options.study.players.size();
    if (players == 0 || players > most_players)
        return refused(players == 0 ? "say who plays"
                                    : fmt::format("{} players are too many", players),
                       "--player \"MOVE = A..B for OUTPUT\", once for each, at most 12");
    for (std::string const& player : options.study.players)
        if (!split_player(player, texts, refusal)) return refusal;
    texts.outputs.insert(texts.outputs.end(), options.study.capex.begin(),
                         options.study.capex.end());
    if (options.study.vary.size() > 1)
        return refused("a game is looked at along one figure", "one --vary \"NAME = A..B\"");
    texts.variations.insert(texts.variations.end(), options.study.vary.begin(),
                            options.study.vary.end());
    auto book = open_study(options, texts, refusal);
    if (!book) return refusal;
    for (Variation const& variation : book->variations)
        if (variation.own)
            return refused(quoted(variation.name) + " needs a range",
                           "--player \"" + printable(variation.name) + " = A..B for OUTPUT\"");
    for (StudyOutput const& output : book->run.outputs)
        if (output.kind == StudyOutput::Kind::growth)
            return refused("the growth of a nudge is no pay-off", "name a quantity of the run");
    Race race(options, *book, players);
    GameAnswer answer;
    answer.players = {book->variations.begin(),
                      book->variations.begin() + static_cast<std::ptrdiff_t>(players)};
    answer.pay_offs = {book->run.outputs.begin(),
                       book->run.outputs.begin() + static_cast<std::ptrdiff_t>(players)};
    try {
        if (book->variations.size() > players) {
            look_along(race, book->variations.back(), race.rules.tolerance, answer);
        } else {
            answer.result = play(race.rules, race.pay_offs(), race.start);
            for (Equilibrium const& found : answer.result.equilibria)
                answer.capex.push_back(race.capex_at(found.moves, options.study.capex.size()));
            answer.capex.push_back(
                race.capex_at(answer.result.joint.moves, options.study.capex.size()));
        }
    } catch (CutShort const&) {
        return race.progress().cut_short();
    }
    Answer said;
    if (options.json) {
        said.text = game_as_json(*book, answer, race.paths());
        return said;
    }
    said.text = study_title(
        *book,
        fmt::format("a game of {}, {}", players,
                    options.study.central
                        ? std::string("central path")
                        : fmt::format("{} paths a profile, the same draws", race.each())),
        race.paths());
    said.text += answer.figure ? text_along(answer) : text_of(answer);
    if (!book->reading.plain) said.talk = talk_of(book->reading, options.book);
    return said;
}

} // namespace perpetuum
