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
        : book_(book), players_(players), paths_(options, book),
          each_(options.study.central
                    ? 16
                    : (std::max<std::uint64_t>(options.many.paths, 1) + 63) / 64 * 64) {
        if (options.study.central) book_.run.block = 16;
        for (Variation const& variation : book_.variations) {
            cells_.push_back(variation.cell);
            times_.push_back(variation.times);
        }
        draws_ = options.study.central
                     ? central_draws(book_.system, book_.program)
                     : draws_of(book_.system, book_.program, book_.settings.sample);
        paths_.expect(each_ * 60 * players * 4,
                      with_settings(book_.program, draws_,
                                    {cells_, times_, std::vector<double>(cells_.size(), 0)},
                                    each_));
    }

    /// Means of outputs [first, first + players) of each profile.
    std::vector<double> means(std::vector<std::vector<double>> const& profiles, std::size_t first,
                              std::size_t count) {
        Settings settings{cells_, times_, {}};
        for (auto const& profile : profiles)
            settings.values.insert(settings.values.end(), profile.begin(), profile.end());
        std::vector<std::vector<double>> outputs;
        if (!paths_.run("profiles " + std::to_string(asked_++),
                        with_settings(book_.program, draws_, std::move(settings), each_),
                        {0, each_ * profiles.size()}, outputs))
            throw CutShort{};
        std::vector<double> all;
        for (std::size_t p = 0; p < profiles.size(); ++p)
            for (std::size_t o = first; o < first + count; ++o)
                all.push_back(mean_of(std::span(outputs[o]).subspan(p * each_, each_)).mean);
        return all;
    }
    GameResult play_it(int points, double tolerance) {
        GameRules rules;
        std::vector<double> start;
        for (Variation const& variation : book_.variations) {
            rules.low.push_back(std::min(variation.from, variation.to));
            rules.high.push_back(std::max(variation.from, variation.to));
            start.push_back(std::clamp(variation.times ? 1.0 : stated(variation.cell),
                                       rules.low.back(), rules.high.back()));
        }
        rules.points = points;
        rules.tolerance = tolerance;
        return play(
            rules,
            [&](std::vector<std::vector<double>> const& profiles) {
                return means(profiles, 0, players_);
            },
            start);
    }
    /// Sum of the outputs of --capex, or of the moves themselves.
    double capex_at(std::vector<double> const& moves, std::size_t outputs) {
        if (outputs == 0) return std::accumulate(moves.begin(), moves.end(), 0.0);
        auto const values = means({moves}, players_, outputs);
        return std::accumulate(values.begin(), values.end(), 0.0);
    }
    std::uint64_t paths() const { return paths_.done(); }
    std::uint64_t each() const { return each_; }
    StudyPaths const& progress() const { return paths_; }

  private:
    StudyBook& book_;
    std::size_t players_;
    StudyPaths paths_;
    std::uint64_t each_;
    std::vector<CellId> cells_;
    std::vector<bool> times_;
    DrawRows draws_;
    int asked_ = 0;

    double stated(CellId cell) const {
        return median(book_.system.cells[static_cast<std::size_t>(cell)].draw);
    }
};

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
    answer.players = book->variations;
    answer.pay_offs = {book->run.outputs.begin(),
                       book->run.outputs.begin() + static_cast<std::ptrdiff_t>(players)};
    try {
        answer.result = race.play_it(options.study.points, std::max(1e-6, options.study.tolerance));
        for (Equilibrium const& found : answer.result.equilibria)
            answer.capex.push_back(race.capex_at(found.moves, options.study.capex.size()));
        answer.capex.push_back(
            race.capex_at(answer.result.joint.moves, options.study.capex.size()));
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
    said.text += text_of(answer);
    if (!book->reading.plain) said.talk = talk_of(book->reading, options.book);
    return said;
}

} // namespace perpetuum
