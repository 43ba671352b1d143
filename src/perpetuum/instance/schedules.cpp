// Schedules: the terms of a contract's loan become numbers, the loan its payments by step.

#include "builder.hpp"

#include <perpetuum/schedule.hpp>

#include <algorithm>
#include <cmath>

namespace perpetuum::instancing {

namespace {

constexpr double longest_day = 1.0 / 28 + 1e-9; ///< months

/// Whether a parameter is the same on all paths and in all steps; a day of the book is one.
bool is_certain(Cell const& cell) {
    if (cell.type != CellType::parameter || cell.each_step) return false;
    if (!cell.drawn) return cell.value >= 0;
    auto const& drawn = cell.draw.parameters;
    if (cell.draw.shape == Shape::uniform && cell.unit.powers.size() == 1 &&
        cell.unit.powers[0].first == "date")
        return drawn[1] - drawn[0] <= longest_day;
    return cell.draw.shape == Shape::point;
}

/// So many months later, on the same day where there is one, else on the month's last; parts of a
/// month on the axis of months.
std::optional<Day> later_by(Day from, double months) {
    if (!(std::abs(months) < 12 * 10000.0)) return std::nullopt;
    if (std::abs(months - std::round(months)) > 1e-9)
        return day_of(Date{date_of(from).months + months});
    namespace chr = std::chrono;
    chr::year_month_day const date{from};
    auto const month =
        date.year() / date.month() + chr::months{static_cast<int>(std::lround(months))};
    if (month.year() < chr::year{1} || month.year() > chr::year{9999}) return std::nullopt;
    chr::year_month_day const same{month / date.day()};
    return Day{same.ok() ? same : chr::year_month_day{month / chr::last}};
}

/// Whole months or, failing that, whole days.
std::optional<Cycle> cycle_of(double months) {
    Cycle cycle;
    double const days = months * 365 / 12;
    if (!(months > 0 && months <= 12000)) return std::nullopt;
    cycle.days = std::abs(months - std::round(months)) > 1e-9;
    if (cycle.days && std::abs(days - std::round(days)) > 1e-6) return std::nullopt;
    cycle.count = static_cast<int>(std::lround(cycle.days ? days : months));
    if (cycle.count < 1) return std::nullopt;
    return cycle;
}

double months_of_cycle(std::string const& word) {
    return word == "month" ? 1 : word == "quarter" ? 3 : word == "half_year" ? 6 : 12;
}

/// Reads the terms of one contract's loan; every fault is reported where the term stands.
class LoanReader {
  public:
    LoanReader(Builder& builder, Owner owner, LoanSchedule const& schedule, Scope const& scope)
        : builder_(builder), name_(quoted(builder.owner_name(owner))), schedule_(schedule),
          scope_(scope) {}

    std::optional<LoanTerms> read() {
        auto const first = number("begin");
        auto const begin = first ? day_of(Date{*first}) : std::nullopt;
        if (first && !begin) fail("begin", "begins on no day of the years 1 to 9999", "");
        if (!begin) return std::nullopt;
        loan_.begin = loan_.end = *begin;
        loan_.rate = number("rate").value_or(0) * 12;
        if (auto const* term = find("term"); term && !later("term", loan_.end)) return std::nullopt;
        loan_.payment = number("payment");
        read_words();
        if (!read_cycles() || !read_days() || failed_) return std::nullopt;
        if (auto const fault = loan_fault(loan_)) {
            fail(term_of(fault->term), fault->message, fault->hint);
            return std::nullopt;
        }
        return loan_;
    }

  private:
    LoanTerm const* find(std::string_view name) const {
        for (auto const& term : schedule_.terms)
            if (term.name == name) return &term;
        return nullptr;
    }

    void fail(std::string_view term, std::string const& message, std::string const& hint) {
        failed_ = true;
        LoanTerm const* const found = find(term);
        builder_.diagnostics.error(found ? found->where : schedule_.where, name_ + ": " + message,
                                   hint);
    }

    /// The term in whose place a loan's fault is seen.
    static std::string_view term_of(std::string_view member) {
        if (member == "end") return "term";
        if (member == "capitalise_until") return "capitalise";
        if (member == "amortised_by") return "amortise_over";
        return member;
    }

    std::optional<double> number(std::string_view name) {
        LoanTerm const* const term = find(name);
        if (!term || term->value < 0) return std::nullopt;
        std::string uncertain;
        auto const value = builder_.certain(builder_.compile(term->value, scope_), uncertain);
        if (value && std::isfinite(*value)) return value;
        if (uncertain.empty())
            fail(name, quoted(name) + " is not known before the run",
                 "write it with + - * / and figures that are known");
        else
            fail(name, quoted(name) + " rests on " + quoted(uncertain) + ", which is not certain",
                 "its terms are certain: a figure without a spread, a date to the day; else write "
                 "the loan as equations");
        return std::nullopt;
    }

    /// A day so long after the begin; false when the term is faulty.
    bool later(std::string_view name, Day& day) {
        if (!find(name)) return true;
        auto const months = number(name);
        if (!months) return false;
        auto const found = later_by(loan_.begin, *months);
        if (!found) {
            fail(name, quoted(name) + " leads beyond the years 1 to 9999", "shorten it");
            return false;
        }
        day = *found;
        return true;
    }

    void read_words() {
        auto const word = [&](std::string_view name) {
            LoanTerm const* const term = find(name);
            return term ? term->word : std::string();
        };
        std::string const kind = word("kind");
        loan_.kind = kind == "linear"    ? LoanKind::linear
                     : kind == "annuity" ? LoanKind::annuity
                     : kind == "payment" ? LoanKind::payment
                                         : LoanKind::bullet;
        loan_.day_count = parse_day_count(word("day_count")).value_or(DayCount::thirty_360);
        loan_.business_days =
            parse_business_days(word("business_days")).value_or(BusinessDays::as_planned);
        loan_.month_end = word("month_end") == "yes";
        long_stub_ = word("stub") == "long";
    }

    bool read_cycles() {
        Cycle both;
        if (!read_cycle("cycle", both)) return false;
        loan_.interest_cycle = loan_.principal_cycle = both;
        if (!read_cycle("interest_cycle", loan_.interest_cycle) ||
            !read_cycle("principal_cycle", loan_.principal_cycle))
            return false;
        loan_.interest_cycle.long_stub = loan_.principal_cycle.long_stub = long_stub_;
        return true;
    }

    bool read_cycle(std::string_view name, Cycle& cycle) {
        LoanTerm const* const term = find(name);
        if (!term) return true;
        auto const months =
            term->word.empty() ? number(name) : std::optional(months_of_cycle(term->word));
        if (!months) return false;
        auto const found = cycle_of(*months);
        if (!found)
            fail(name, "a cycle is a number of whole months, or of whole days",
                 "write quarter, 2 month or 30 day");
        else
            cycle = *found;
        return found.has_value();
    }

    /// Where nothing else is said a cycle's first day is one cycle after the begin; that of principal
    /// after the last day on which interest is added to the debt.
    bool read_days() {
        auto const after = [&](Day from, Cycle const& cycle) {
            auto const day = cycle.days ? std::optional(from + std::chrono::days{cycle.count})
                                        : later_by(from, cycle.count);
            return std::min(day.value_or(loan_.end), std::max(loan_.begin, loan_.end));
        };
        loan_.first_interest = after(loan_.begin, loan_.interest_cycle);
        loan_.first_principal = after(loan_.begin, loan_.principal_cycle);
        Day until = loan_.begin, by = loan_.end;
        if (!later("first_interest", loan_.first_interest) ||
            !later("first_principal", loan_.first_principal) || !later("capitalise", until) ||
            !later("amortise_over", by))
            return false;
        if (find("capitalise")) loan_.capitalise_until = until;
        if (!find("first_principal") && until > loan_.begin)
            loan_.first_principal = after(until, loan_.principal_cycle);
        if (find("amortise_over")) loan_.amortised_by = by;
        return true;
    }

    Builder& builder_;
    std::string name_;
    LoanSchedule const& schedule_;
    Scope const& scope_;
    LoanTerms loan_;
    bool long_stub_ = false, failed_ = false;
};

} // namespace

std::optional<double> Builder::certain(NodeId root, std::string& uncertain) {
    std::vector<NodeId> open{root};
    std::unordered_set<NodeId> seen;
    while (!open.empty()) {
        NodeId const id = open.back();
        open.pop_back();
        if (id < 0 || !seen.insert(id).second) continue;
        Node const& node = system.nodes[static_cast<std::size_t>(id)];
        for (NodeId const argument : node.arguments) open.push_back(argument);
        if (node.cell < 0) continue;
        Cell const& cell = system.cells[static_cast<std::size_t>(node.cell)];
        if (!is_certain(cell)) {
            uncertain = cell.name;
            return std::nullopt;
        }
        if (!cell.drawn) open.push_back(cell.value);
    }
    return fold(root);
}

void Builder::define_schedules(Owner owner) {
    for (int block = block_of(owner); block >= 0;
         block = model.blocks[static_cast<std::size_t>(block)].extends)
        for (LoanSchedule const& schedule :
             model.blocks[static_cast<std::size_t>(block)].schedules) {
            doing = schedule.where;
            Scope const scope = scope_of(owner, block);
            auto const terms = LoanReader(*this, owner, schedule, scope).read();
            if (!terms) continue;
            count_given(schedule_series.size());
            LoanSteps const loan =
                loan_steps(*terms, system.start, system.step_months, system.steps);
            std::vector<double> const* const series[] = {&loan.interest, &loan.principal,
                                                         &loan.debt};
            for (int i = 0; i < 3; ++i) {
                CellId const cell =
                    variables.find(member_key(owner, block, schedule.first_variable + i));
                if (cell >= 0) system.cells[static_cast<std::size_t>(cell)].steps = *series[i];
            }
        }
}

} // namespace perpetuum::instancing
