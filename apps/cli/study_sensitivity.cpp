// perpetuum study sensitivity BOOK --of OUTPUT: which figures move it, and what chance alone does.

#include "study.hpp"

#include "tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

namespace perpetuum {

namespace {

constexpr double least_probability = 0.02;
constexpr std::size_t most_distances = 15;
constexpr std::size_t widest = 140;   ///< of a figure in words
constexpr std::size_t shortlist = 40; ///< figures changed one by one before any has a group

double correlation_of(std::vector<double> const& figure, std::vector<double> const& output) {
    std::vector<double> x, y;
    for (std::size_t i = 0; i < std::min(figure.size(), output.size()); ++i)
        if (!std::isnan(output[i])) {
            x.push_back(figure[i]);
            y.push_back(output[i]);
        }
    PairMoments pairs;
    pairs.add(x.data(), y.data(), x.size());
    return pairs.correlation();
}

/// "name = a, b*": cells of the figures that are drawn; nothing with an error.
std::optional<InputGroup> read_group(StudyBook& book, std::vector<InputGroup> const& single,
                                     std::string const& text) {
    auto const trimmed = [](std::string part) {
        part.erase(0, part.find_first_not_of(' '));
        part.erase(part.find_last_not_of(' ') + 1);
        for (char const* prefix : {"deal.", "entity.", "model."})
            if (part.starts_with(prefix)) return part.substr(std::string(prefix).size());
        return part;
    };
    Diagnostics& diagnostics = book.reading.diagnostics;
    int const number = diagnostics.add_text("--group", text);
    Span const whole{number, 0, static_cast<std::uint32_t>(text.size())};
    auto const equals = text.find('=');
    InputGroup group{trimmed(text.substr(0, std::min(equals, text.size()))), {}, false};
    if (equals == std::string::npos || group.name.empty()) {
        diagnostics.error(whole, "--group wants NAME = FIGURE, FIGURE …",
                          "\"openai = openai.*\", say");
        return std::nullopt;
    }
    for (std::size_t begin = equals + 1; begin <= text.size();) {
        std::size_t const end = std::min(text.find(',', begin), text.size());
        std::string const name = trimmed(text.substr(begin, end - begin));
        bool const all = name.ends_with("*");
        std::string const stem = name.substr(0, name.size() - (all ? 1 : 0));
        std::size_t const before = group.cells.size();
        std::vector<std::string> known;
        for (InputGroup const& one : single) {
            if (one.shocks) continue;
            known.push_back(one.name);
            if (all ? one.name.starts_with(stem) : one.name == name)
                group.cells.insert(group.cells.end(), one.cells.begin(), one.cells.end());
        }
        if (group.cells.size() == before) {
            auto const near = nearest(name, known);
            diagnostics.error({number, static_cast<std::uint32_t>(begin),
                               static_cast<std::uint32_t>(std::max(end, begin + 1))},
                              "no figure " + quoted(name) + " is drawn for this output",
                              near ? "did you mean " + quoted(*near) + "?"
                                   : "a figure is drawn where it has a spread");
            return std::nullopt;
        }
        begin = end + 1;
    }
    return group;
}

class Sensitivity {
  public:
    Sensitivity(Options const& options, StudyBook& book)
        : options_(options), book_(book), paths_(options, book),
          rows_((options.study.rows + 63) / 64 * 64),
          single_(input_groups(book.system, book.program, book.settings.sample.correlations)) {}

    /// False, with a refusal, where a group cannot be.
    bool read_groups(Answer& refusal) {
        std::set<CellId> taken;
        for (std::string const& text : options_.study.groups) {
            auto const group = read_group(book_, single_, text);
            if (!group) return refusal = refused(book_.reading), false;
            for (CellId const cell : group->cells)
                if (!taken.insert(cell).second) {
                    refusal =
                        refused("a figure is in two groups: " +
                                    quoted(book_.system.cells[static_cast<std::size_t>(cell)].name),
                                "each figure in one");
                    return false;
                }
            chosen_.push_back(*group);
        }
        for (InputGroup const& one : single_)
            if (!one.shocks && !taken.contains(one.cells.front())) free_.push_back(one);
        return true;
    }

    /// A and B, the screening, then a column for each group. False: cut short.
    bool run() {
        auto const draws = design(single_);
        bool const screened =
            free_.size() > static_cast<std::size_t>(options_.study.keep) && !single_.empty();
        std::uint64_t const screening =
            screened ? std::min(rows_, (options_.study.screen + 63) / 64 * 64) : 0;
        std::size_t const most_screened =
            screened ? std::min(free_.size(), shortlist * book_.run.outputs.size()) : 0;
        std::uint64_t const most_groups =
            chosen_.size() + 2 +
            std::min<std::uint64_t>(free_.size(), static_cast<std::uint64_t>(options_.study.keep) *
                                                      book_.run.outputs.size());
        paths_.expect(rows_ * (2 + most_groups) + screening * most_screened, draws, 2 * rows_);
        if (!paths_.run("halves", draws, {0, 2 * rows_}, halves_)) return false;
        find_slopes(draws);
        if (screened && screening > 0 && !screen(draws, screening)) return false;
        settle_groups(screened);
        auto const last = design(chosen_);
        return paths_.run("groups", last, {2 * rows_, rows_ * (2 + chosen_.size())}, columns_);
    }

    std::vector<SensitivityAnswer> answers() const {
        std::vector<SensitivityAnswer> all;
        for (std::size_t o = 0; o < book_.run.outputs.size(); ++o) {
            std::vector<double> values = halves_[o];
            values.insert(values.end(), columns_[o].begin(), columns_[o].end());
            SensitivityAnswer answer;
            answer.output = book_.run.outputs[o];
            answer.groups = chosen_;
            answer.indices = sobol_indices(values, chosen_.size(), options_.study.confidence / 100,
                                           1000, book_.settings.sample.seed);
            for (InputGroup const& group : chosen_) answer.slopes.push_back(slope(o, group));
            double const p = answer.indices.mean;
            answer.rare =
                answer.output.indicator() && (p < least_probability || p > 1 - least_probability);
            if (answer.rare) answer.distances = distances(o);
            all.push_back(std::move(answer));
        }
        return all;
    }
    std::uint64_t paths() const { return paths_.done(); }
    std::uint64_t rows() const { return rows_; }
    std::size_t figures() const {
        return static_cast<std::size_t>(std::count_if(
            single_.begin(), single_.end(), [](InputGroup const& one) { return !one.shocks; }));
    }
    StudyPaths const& progress() const { return paths_; }

  private:
    Options const& options_;
    StudyBook& book_;
    StudyPaths paths_;
    std::uint64_t rows_;
    std::vector<InputGroup> single_, free_, chosen_;    ///< each figure; not grouped yet; studied
    std::vector<std::vector<double>> halves_, columns_; ///< by output
    std::map<CellId, std::vector<double>> slopes_;      ///< by figure, of each output
    std::map<CellId, std::vector<double>> scores_;

    DrawRows design(std::vector<InputGroup> const& groups) const {
        return pick_freeze(book_.system, book_.program, groups, rows_, book_.settings.sample.seed,
                           book_.settings.sample.correlations);
    }

    void find_slopes(DrawRows const& draws) {
        for (InputGroup const& one : single_) {
            if (one.shocks) continue;
            auto const figure = drawn_values(book_.program, draws, one.cells.front(), 0, 2 * rows_);
            double const sign = is_luck(one.cells.front()) ? -1 : 1;
            for (auto const& output : halves_)
                slopes_[one.cells.front()].push_back(sign * correlation_of(figure, output));
        }
    }

    /// What decides whether a letter comes true, which it does where the draw is low.
    bool is_luck(CellId cell) const {
        return book_.system.cells[static_cast<std::size_t>(cell)].name.ends_with(".luck");
    }

    double squared_correlation(InputGroup const& one, std::size_t output) const {
        double const r = slopes_.at(one.cells.front())[output];
        return std::isnan(r) ? 0 : r * r;
    }

    /// Of each output the figures that go with it most.
    std::set<CellId> shortlisted() const {
        std::set<CellId> listed;
        for (std::size_t o = 0; o < book_.run.outputs.size(); ++o) {
            std::vector<InputGroup> ranked = free_;
            std::stable_sort(ranked.begin(), ranked.end(),
                             [&](InputGroup const& a, InputGroup const& b) {
                                 return squared_correlation(a, o) > squared_correlation(b, o);
                             });
            for (std::size_t i = 0; i < std::min(shortlist, ranked.size()); ++i)
                listed.insert(ranked[i].cells.front());
        }
        return listed;
    }

    /// Changes one figure of the short list after the other in the first rows (Morris' effects on Sobol's points), and
    /// scores it by what it surely moves: the linear share, and the total less a standard error.
    bool screen(DrawRows const& draws, std::uint64_t screening) {
        auto const listed = shortlisted();
        bool whole = true;
        for (std::size_t g = 0; g < single_.size(); ++g) {
            if (single_[g].shocks || !listed.contains(single_[g].cells.front())) continue;
            std::uint64_t const begin = (2 + g) * rows_;
            std::vector<std::vector<double>> changed;
            if (!paths_.run("screen " + std::to_string(g), draws, {begin, begin + screening},
                            changed)) {
                if (!paths_.only_shard()) return false;
                whole = false; // the next figure's part does not wait for this one's rest
                continue;
            }
            for (std::size_t o = 0; o < changed.size(); ++o) {
                Moments variance, squares;
                for (double const value : halves_[o])
                    if (!std::isnan(value)) variance.add(value);
                for (std::size_t i = 0; i < changed[o].size(); ++i) {
                    double const change = changed[o][i] - halves_[o][i];
                    if (!std::isnan(change)) squares.add(change * change);
                }
                double const scale = 2 * variance.variance();
                double const sure = squares.mean() - squares.standard_error();
                scores_[single_[g].cells.front()].push_back(
                    squared_correlation(single_[g], o) +
                    (scale > 0 && sure > 0 ? sure / scale : 0));
            }
        }
        return whole;
    }

    /// The groups that were asked for, the figures that matter most, all others, chance.
    void settle_groups(bool screened) {
        std::set<CellId> kept;
        for (std::size_t o = 0; o < book_.run.outputs.size(); ++o) {
            std::vector<InputGroup> ranked = free_;
            auto const score = [&](InputGroup const& one) {
                auto const found = scores_.find(one.cells.front());
                return found != scores_.end() ? found->second[o] : squared_correlation(one, o);
            };
            std::stable_sort(
                ranked.begin(), ranked.end(),
                [&](InputGroup const& a, InputGroup const& b) { return score(a) > score(b); });
            for (std::size_t i = 0; i < ranked.size(); ++i)
                if (!screened || i < static_cast<std::size_t>(options_.study.keep))
                    kept.insert(ranked[i].cells.front());
        }
        InputGroup rest{"", {}, false};
        std::size_t others = 0;
        for (InputGroup const& one : free_) {
            if (kept.contains(one.cells.front())) {
                chosen_.push_back(one);
                continue;
            }
            ++others;
            rest.cells.insert(rest.cells.end(), one.cells.begin(), one.cells.end());
        }
        rest.name = others == 1 ? "the other figure" : fmt::format("the {} other figures", others);
        if (others > 0) chosen_.push_back(rest);
        for (InputGroup const& one : single_)
            if (one.shocks) chosen_.push_back(one);
    }

    /// Of a group of one figure; of others there is no one direction.
    double slope(std::size_t output, InputGroup const& group) const {
        auto const found = slopes_.find(group.cells.front());
        return group.shocks || group.cells.size() > 1 || found == slopes_.end()
                   ? std::nan("")
                   : found->second[output];
    }

    std::vector<std::pair<InputGroup, KolmogorovDistance>> distances(std::size_t output) const {
        std::vector<std::pair<InputGroup, KolmogorovDistance>> all;
        auto const draws = design(chosen_);
        for (InputGroup const& one : single_) {
            if (one.shocks) continue;
            auto const figure = drawn_values(book_.program, draws, one.cells.front(), 0, 2 * rows_);
            all.emplace_back(one, kolmogorov_distance(figure, halves_[output]));
        }
        std::erase_if(all, [](auto const& one) { return std::isnan(one.second.distance); });
        std::stable_sort(all.begin(), all.end(), [](auto const& a, auto const& b) {
            return a.second.distance > b.second.distance;
        });
        if (all.size() > most_distances) all.resize(most_distances);
        return all;
    }
};

std::string index_cell(Interval const& interval) {
    return std::isnan(interval.value) ? "-"
                                      : fmt::format("{:.3f} ({:.3f} to {:.3f})", interval.value,
                                                    interval.low, interval.high);
}

/// Beside its name; empty where that is all there is to say.
std::string words_of(StudyBook const& book, InputGroup const& group) {
    std::string const label = label_of_group(book, group);
    return label == group.name ? std::string() : label;
}

std::string text_of(StudyBook const& book, SensitivityAnswer const& answer, double confidence) {
    SobolIndices const& indices = answer.indices;
    std::string text =
        fmt::format("\n{}: {} on average, {}\n", printable(answer.output.text),
                    print_output(answer.output, indices.mean),
                    answer.output.indicator()
                        ? "over all paths"
                        : fmt::format("standard deviation {}",
                                      print_output(answer.output, std::sqrt(indices.variance))));
    if (indices.dropped > 0)
        text += fmt::format("{} rows are left out: a path of theirs has no value\n",
                            print_count(indices.dropped));
    if (answer.rare && answer.distances.empty())
        return text + "It is so on none of the paths, or on all: there is nothing to compare.\n";
    if (answer.rare) {
        text += "Too near to 0 or 100 % for indices; how far a figure's distribution on these "
                "paths is from that on the others:\n";
        TextTable table{
            {"figure", "distance", "by chance, at 95 %", "in words"}, "lrrl", {}, widest};
        for (auto const& [group, found] : answer.distances)
            table.rows.push_back({group.name, fmt::format("{:.3f}", found.distance),
                                  fmt::format("below {:.3f}", found.by_chance),
                                  words_of(book, group)});
        return text + print_table(table);
    }
    TextTable table{{"what varies", fmt::format("alone, at {:g} %", confidence), "with all others",
                     "direction", "mean change", "in words"},
                    "lrrlrl",
                    {},
                    widest};
    std::vector<std::size_t> order(answer.groups.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return indices.groups[a].total.value > indices.groups[b].total.value;
    });
    double stream = std::nan("");
    for (std::size_t const g : order) {
        double const slope = answer.slopes[g];
        table.rows.push_back({answer.groups[g].name, index_cell(indices.groups[g].first),
                              index_cell(indices.groups[g].total),
                              std::isnan(slope)        ? ""
                              : std::abs(slope) < 0.02 ? "none"
                              : slope > 0              ? "raises"
                                                       : "lowers",
                              print_output(answer.output, indices.groups[g].moved),
                              words_of(book, answer.groups[g])});
        if (answer.groups[g].shocks) stream = indices.groups[g].total.value;
    }
    text += print_table(table);
    if (!std::isnan(stream))
        text += fmt::format("The figures explain {:.3f} of the variance; the rest hangs on the "
                            "random stream, alone or with them.\n",
                            1 - stream);
    return text;
}

} // namespace

Answer study_sensitivity(Options const& options) {
    Answer refusal;
    if (options.study.of.empty())
        return refused("say what the study is of", "--of \"default openai\", say");
    auto book = open_study(options, {options.study.of, {}, {}}, refusal);
    if (!book) return refusal;
    for (StudyOutput const& output : book->run.outputs)
        if (output.kind == StudyOutput::Kind::growth)
            return refused("the growth of a nudge is no output of a path",
                           "perpetuum study breakpoint BOOK --until \"growth NAME > 1\"");
    Sensitivity study(options, *book);
    if (study.figures() == 0)
        return refused("nothing that these outputs hang on has a spread",
                       "--set \"NAME = 3 ~ uniform 2..4\" gives a figure one");
    if (!study.read_groups(refusal)) return refusal;
    if (!study.run()) return study.progress().cut_short();
    auto const answers = study.answers();
    Answer answer;
    if (options.json) {
        answer.text = sensitivity_as_json(*book, answers, study.paths());
        return answer;
    }
    answer.text = study_title(*book,
                              fmt::format("what moves it, {} figures, {} rows", study.figures(),
                                          print_count(study.rows())),
                              study.paths());
    for (SensitivityAnswer const& one : answers)
        answer.text += text_of(*book, one, options.study.confidence);
    if (study.progress().failed().count() > 0)
        answer.text += fmt::format("{} paths could not be run to their end\n",
                                   print_count(study.progress().failed().count()));
    if (!book->reading.plain) answer.talk = talk_of(book->reading, options.book);
    return answer;
}

} // namespace perpetuum
