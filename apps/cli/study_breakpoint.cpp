// perpetuum study breakpoint BOOK --vary … --until CONDITION: the smallest change that does it.

#include "study.hpp"

#include "tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace perpetuum {

namespace {

constexpr std::size_t most_figures = 8;
constexpr double farthest = 4; ///< standard deviations

class BreakpointSearch {
  public:
    BreakpointSearch(Options const& options, StudyBook& book)
        : options_(options), book_(book), condition_(*book.condition), paths_(options, book),
          central_(options.study.central || condition_.output.kind == StudyOutput::Kind::growth),
          each_(central_ ? 1 : (std::max<std::uint64_t>(options.many.paths, 1) + 63) / 64 * 64) {
        if (central_) book_.run.block = 16;
        for (Variation const& variation : book_.variations) {
            cells_.push_back(variation.cell);
            times_.push_back(variation.times);
        }
        if (!central_) draws_ = draws_of(book_.system, book_.program, book_.settings.sample);
    }

    bool along_one(BreakpointAnswer& answer) {
        Variation const& variation = book_.variations[0];
        int const points = std::max(2, variation.points - 1);
        if (condition_.output.kind != StudyOutput::Kind::growth)
            paths_.expect(
                each_ * static_cast<std::uint64_t>(
                            points + 1 +
                            std::max(0.0, std::ceil(std::log2(1 / (points * answer.tolerance))))),
                settled({variation.at(0)}), each_);
        answer.found = bisect(
            [&](double share) {
                double const value = variation.at(share);
                double const mean = mean_at({value});
                answer.curve.emplace_back(value, mean);
                if (condition_.output.kind == StudyOutput::Kind::growth)
                    answer.growth.push_back(grown_);
                return condition_.holds(mean);
            },
            answer.tolerance, points);
        if (answer.found.found) answer.point = {variation.at(answer.found.above)};
        return !stopped_;
    }

    bool over_several(BreakpointAnswer& answer) {
        auto const n = book_.variations.size();
        std::vector<double> none(n, 0.0);
        paths_.expect(each_ * 40 * n, settled(values_at(none)), each_, true);
        answer.nearest = nearest_point(
            [&](std::span<double const> at) {
                return condition_.holds(mean_at(values_at({at.begin(), at.end()})));
            },
            n, farthest, std::max(0.005, answer.tolerance));
        if (answer.nearest.found) answer.point = values_at(answer.nearest.point);
        return !stopped_;
    }

    /// Figures at so many standard deviations of independent normals: each through its own spread,
    /// those that go together through their correlation.
    std::vector<double> values_at(std::vector<double> at) const {
        auto const n = at.size();
        std::vector<double> table(n * n, 0.0), lanes(n * 16);
        std::vector<double*> rows;
        for (std::size_t i = 0; i < n; ++i) {
            table[i * n + i] = 1;
            std::fill_n(lanes.begin() + static_cast<std::ptrdiff_t>(i * 16), 16, at[i]);
            rows.push_back(lanes.data() + i * 16);
            for (std::size_t j = 0; j < i; ++j)
                table[i * n + j] = table[j * n + i] = correlation(i, j);
        }
        Copula(table).correlate(rows, 16);
        normals_to_probabilities(lanes.data(), lanes.size());
        std::vector<double> values;
        for (std::size_t i = 0; i < n; ++i)
            values.push_back(quantile(book_.system.cells[static_cast<std::size_t>(cells_[i])].draw,
                                      lanes[i * 16]));
        return values;
    }

    std::uint64_t paths() const { return paths_.done(); }
    std::uint64_t each() const { return each_; }
    bool central() const { return central_; }
    StudyPaths const& progress() const { return paths_; }
    std::string problem() const { return problem_; }

  private:
    Options const& options_;
    StudyBook& book_;
    StudyCondition const& condition_;
    StudyPaths paths_;
    bool central_ = false, stopped_ = false;
    std::uint64_t each_;
    std::vector<CellId> cells_;
    std::vector<bool> times_;
    DrawRows draws_;
    int asked_ = 0;
    NudgeGrowth grown_;
    std::string problem_;

    double correlation(std::size_t i, std::size_t j) const {
        auto const name = [&](std::size_t k) {
            return book_.system.cells[static_cast<std::size_t>(cells_[k])].name;
        };
        for (Correlation const& pair : book_.settings.sample.correlations)
            if ((pair.first == name(i) && pair.second == name(j)) ||
                (pair.first == name(j) && pair.second == name(i)))
                return pair.value;
        return 0;
    }

    DrawRows settled(std::vector<double> values) const {
        Settings settings{cells_, times_, std::move(values)};
        return central_ ? central_settings(book_.system, book_.program, std::move(settings))
                        : with_settings(book_.program, draws_, std::move(settings), each_);
    }

    /// Once interrupted, everything is NaN, which no condition holds for.
    double mean_at(std::vector<double> const& values) {
        if (stopped_) return std::nan("");
        if (condition_.output.kind == StudyOutput::Kind::growth) {
            grown_ = nudge_growth(book_.system, book_.program, condition_.output,
                                  {cells_, times_, values}, book_.nudge, book_.run.threads)[0];
            return grown_.factor;
        }
        std::vector<std::vector<double>> outputs;
        stopped_ =
            !paths_.run("point " + std::to_string(asked_++), settled(values), {0, each_}, outputs);
        return stopped_ ? std::nan("") : mean_of(outputs.back()).mean;
    }
};

std::string text_of_one(BreakpointAnswer const& answer) {
    Variation const& variation = answer.variations[0];
    StudyOutput const& output = answer.condition.output;
    std::string text;
    TextTable table{{printable(variation.name), printable(output.text)}, "rr", {}};
    bool const grows = !answer.growth.empty();
    if (grows) {
        table.head.insert(table.head.end(),
                          {fmt::format("after {} steps", output.last), "largest", "in step"});
        table.align += "rrr";
    }
    bool turns = false;
    for (std::size_t i = 0; i < answer.curve.size(); ++i) {
        auto const& [value, mean] = answer.curve[i];
        table.rows.push_back({print_variation(variation, value), print_output(output, mean)});
        if (!grows) continue;
        NudgeGrowth const& growth = answer.growth[i];
        turns = turns || growth.after < 0 || growth.largest < 0;
        table.rows.back().insert(table.rows.back().end(), {fmt::format("{:+.4f}", growth.after),
                                                           fmt::format("{:+.4f}", growth.largest),
                                                           std::to_string(growth.largest_at)});
    }
    text += print_table(table);
    if (turns)
        text +=
            "Differences are times that of the start. They swing: below 0 the nudge has turned "
            "into its opposite, and where it passes through nothing in the last step the growth "
            "dips without any calm: see how large it was on the way.\n";
    if (answer.found.at_start)
        text += fmt::format("It holds from the start, at {}.\n",
                            print_variation(variation, variation.from));
    else if (!answer.found.found)
        text += fmt::format("It does not hold anywhere up to {}.\n",
                            print_variation(variation, variation.to));
    else
        text += fmt::format("It holds from {} on, not yet at {}.\n",
                            print_variation(variation, variation.at(answer.found.above)),
                            print_variation(variation, variation.at(answer.found.below)));
    if (answer.found.changes > 1)
        text += "It does not go one way: further on the answer changes again.\n";
    return text;
}

std::string text_of_several(BreakpointAnswer const& answer) {
    if (!answer.nearest.found)
        return fmt::format("It does not hold anywhere within {:g} standard deviations, as far as "
                           "was looked.\n",
                           farthest);
    if (answer.nearest.distance == 0) return "It holds with every figure at its median.\n";
    std::string text = fmt::format(
        "The nearest found: {:.2f} standard deviations from the medians (Mahalanobis).\n",
        answer.nearest.distance);
    TextTable table{{"figure", "there", "standard deviations"}, "lrr", {}};
    for (std::size_t i = 0; i < answer.variations.size(); ++i)
        table.rows.push_back({printable(answer.variations[i].name),
                              print_variation(answer.variations[i], answer.point[i]),
                              fmt::format("{:+.2f}", answer.nearest.point[i])});
    return text + print_table(table);
}

} // namespace

Answer study_breakpoint(Options const& options) {
    Answer refusal;
    StudyOptions const& study = options.study;
    if (study.vary.empty() || study.until.empty())
        return refused("a breakpoint needs --vary and --until",
                       "--vary \"funding_switch = 100..0 %\" --until \"default openai > 50 %\"");
    if (study.vary.size() > most_figures)
        return refused(fmt::format("{} figures are too many to search over", study.vary.size()),
                       fmt::format("at most {}", most_figures));
    auto book = open_study(options, {{}, study.vary, study.until}, refusal);
    if (!book) return refusal;
    bool const several = book->variations.size() > 1;
    for (Variation& variation : book->variations) {
        if (variation.own != several)
            return refused(several ? "several figures are searched in their own spreads"
                                   : "one figure is varied over a range",
                           several ? "--vary " + printable(variation.name)
                                   : "--vary \"" + printable(variation.name) + " = A..B\"");
        if (!several) continue;
        variation.scale = 1;
        variation.unit =
            print_dimension(book->system.cells[static_cast<std::size_t>(variation.cell)].unit);
        if (variation.unit == "1") variation.unit.clear();
    }
    bool const grows = book->condition->output.kind == StudyOutput::Kind::growth;
    if (grows && options.many.plan) {
        Answer plan;
        plan.text = "the central path, twice at each point: no time to speak of\n";
        return plan;
    }
    if (several && grows)
        return refused("the growth of a nudge is looked at along one figure", "one --vary");
    BreakpointSearch search(options, *book);
    BreakpointAnswer answer{
        *book->condition, book->variations, {}, {}, {}, {}, {}, std::max(1e-6, study.tolerance)};
    if (!(several ? search.over_several(answer) : search.along_one(answer)))
        return search.progress().cut_short();
    Answer said;
    bool const found = several ? answer.nearest.found : answer.found.found || answer.found.at_start;
    said.code = found ? Exit::ok : Exit::found;
    if (options.json) {
        said.text = breakpoint_as_json(*book, answer, search.paths());
        return said;
    }
    said.text =
        study_title(*book,
                    fmt::format("what makes {} true, {}", printable(study.until),
                                search.central() ? std::string("central path")
                                                 : fmt::format("{} paths a point, the same draws",
                                                               search.each())),
                    search.central() ? 0 : search.paths());
    said.text += several ? text_of_several(answer) : text_of_one(answer);
    if (!book->reading.plain) said.talk = talk_of(book->reading, options.book);
    return said;
}

} // namespace perpetuum
