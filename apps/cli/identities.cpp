#include "identities.hpp"

#include "projection_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace perpetuum {

namespace {

constexpr std::size_t most_starts_listed = 12;

std::string line_of_start(StartGap const& gap) {
    return fmt::format(
        "at the start {} is {:.8g}, its own equation gives {:.8g}: {:.4g} apart, {}\n",
        printable(gap.name), gap.start, gap.equation, std::fabs(gap.start - gap.equation),
        relative_text(gap.relative()));
}

std::string apart(IdentityGap const& gap, Projection const& projection) {
    std::string text = fmt::format(": apart by {:.4g}, {}", std::fabs(gap.first),
                                   relative_text(gap.first_relative));
    if (gap.worst_step != gap.first_step && std::fabs(gap.worst) > 1.0001 * std::fabs(gap.first))
        text += fmt::format("; at worst by {:.4g}, {}, in {}", std::fabs(gap.worst),
                            relative_text(gap.worst_relative),
                            name_of_step(projection, gap.worst_step));
    if (gap.at_start)
        text += std::fabs(*gap.at_start) <= 1e-12 * std::fabs(gap.first)
                    ? "; at the start it holds"
                    : fmt::format("; at the start by {:.4g}", std::fabs(*gap.at_start));
    return text;
}

} // namespace

std::string name_of_step(Projection const& projection, int step) {
    if (step == 0) return "the start";
    return projection.reading.plain ? fmt::format("step {}", step)
                                    : step_label(projection.system, step);
}

std::optional<LostVariable> first_lost(System const& system, Path const& path) {
    std::vector<CellId> lost;
    int step = 0;
    auto const is_lost = [&](CellId id) {
        return !std::isfinite(value_at(system, path, id, step));
    };
    while (lost.empty() && ++step <= path.steps)
        for (std::size_t c = 0; c < system.cells.size(); ++c)
            if (system.cells[c].type == CellType::variable && is_lost(static_cast<CellId>(c)))
                lost.push_back(static_cast<CellId>(c));
    if (lost.empty()) return std::nullopt;
    auto const needs_none = [&](CellId id) {
        auto const needed = needed_at_once(system, id);
        return std::none_of(needed.begin(), needed.end(), is_lost);
    };
    auto const found = std::find_if(lost.begin(), lost.end(), needs_none);
    return LostVariable{found == lost.end() ? lost[0] : *found, step, lost.size() - 1};
}

std::string lost_sentence(System const& system, LostVariable const& lost) {
    return fmt::format("{} is no number in step {}{}",
                       quoted(system.cells[static_cast<std::size_t>(lost.cell)].name), lost.step,
                       lost.others > 0 ? fmt::format(", with {} more", lost.others) : "");
}

std::string no_number_sentence(Projection const& projection) {
    auto const lost = projection.no_number ? first_lost(projection.system, projection.path)
                                           : std::optional<LostVariable>();
    return lost ? lost_sentence(projection.system, *lost) : std::string();
}

std::string stop_sentence(Projection const& projection) {
    Fault const& fault = projection.path.fault;
    if (fault.step == 0) return {};
    auto const& cells = projection.system.cells;
    return fmt::format("the path stops in {}: {} {}", name_of_step(projection, fault.step),
                       fault.cell < 0 ? std::string("a quantity")
                                      : quoted(cells[static_cast<std::size_t>(fault.cell)].name),
                       printable(fault.what, 300));
}

void tell_stop(Projection const& projection, Answer& answer) {
    auto const stop = stop_sentence(projection);
    if (stop.empty() || answer.code != Exit::ok) return;
    answer.code = Exit::found;
    answer.talk = stop + "; what is told ends before it\n" + answer.talk;
}

bool has_gaps(Projection const& projection) {
    return projection.path.fault.step > 0 || projection.no_number;
}

bool finds_something(Projection const& projection) {
    return has_gaps(projection) || !failed_checks(projection.system, projection.path).empty();
}

std::string relative_text(double share) { return fmt::format("{:.3g} %", 100 * share); }

std::string failure_lines(Projection const& projection) {
    std::string text;
    Model const& model = projection.reading.model;
    auto const identities = identity_gaps(model, projection.system, projection.path);
    auto const failed = failed_checks(projection.system, projection.path);
    if (projection.reading.plain) {
        auto const starts = start_gaps(model, projection.system, projection.path);
        for (std::size_t i = 0; i < std::min(starts.size(), most_starts_listed); ++i)
            text += line_of_start(starts[i]);
        if (starts.size() > most_starts_listed)
            text += fmt::format("… and {} more starts that their own equations do not give\n",
                                starts.size() - most_starts_listed);
    }
    for (FailedCheck const& check : failed) {
        auto const gap =
            std::find_if(identities.begin(), identities.end(), [&](IdentityGap const& one) {
                return one.text == check.text && one.first_step > 0;
            });
        text += fmt::format("a check of the model fails in {}: {}{}\n",
                            name_of_step(projection, check.step), printable(check.text),
                            gap == identities.end() ? "" : apart(*gap, projection));
    }
    return text;
}

} // namespace perpetuum
