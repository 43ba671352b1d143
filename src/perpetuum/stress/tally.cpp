// Coins are added up as whole numbers; costs that belong to no sale are put against all sales of
// the step, pro rata.

#include "tally.hpp"

#include "nodes.hpp"

#include <algorithm>

namespace perpetuum::stressing {

TallyPlan::TallyPlan(System const& of, int last, bool each_step)
    : system(&of), firms(firms_of(of)), terms(income_terms(of, firms)), horizon(last),
      by_step(each_step) {
    for (std::size_t f = 0; f < firms.size(); ++f)
        for (std::size_t a = 0; a < of.accounts.size(); ++a) {
            AccountClass const type = of.accounts[a].type;
            CellId const cell = of.balance(firms[f], static_cast<int>(a));
            if (cell < 0 || (type != AccountClass::income && type != AccountClass::expense))
                continue;
            if (of.accounts[a].name == "revenue") revenue.push_back(cell);
            balances.push_back(
                {cell, type == AccountClass::income ? 1.0 : -1.0, static_cast<int>(f), other_line});
        }
}

std::vector<CellId> TallyPlan::wanted() const {
    std::vector<CellId> cells;
    if (given >= 0) cells.push_back(given);
    for (auto const* list : {&terms, &balances})
        for (IncomeTerm const& term : *list) cells.push_back(term.cell);
    for (int const firm : firms) {
        if (CellId const state = system->defaulted[index(firm)]; state >= 0) cells.push_back(state);
        if (CellId const cash = system->balance(firm, 0); cash >= 0) cells.push_back(cash);
    }
    std::sort(cells.begin(), cells.end());
    cells.erase(std::unique(cells.begin(), cells.end()), cells.end());
    return cells;
}

Tally::Tally(TallyPlan const& plan, int lanes)
    : plan_(plan), lanes_(static_cast<std::size_t>(lanes)),
      slots_(plan.by_step ? static_cast<std::size_t>(plan.horizon) : 1),
      lines_(plan.firms.size() * lines_of_firm * lanes_),
      channels_(slots_ * plan.firms.size() * channels * lanes_),
      totals_(slots_ * plan.firms.size() * lanes_), inside_(slots_ * lanes_),
      booked_(plan.firms.size() * lanes_), cash_(plan.firms.size() * lanes_), revenue_(lanes_),
      given_(lanes_), first_default_(plan.firms.size() * lanes_) {}

void Tally::begin() {
    for (auto* rows : {&channels_, &totals_, &inside_, &booked_, &cash_, &revenue_, &given_})
        std::fill(rows->begin(), rows->end(), 0.0);
    std::fill(first_default_.begin(), first_default_.end(), 0);
}

void Tally::look(PathBlock const& block) {
    int const step = block.step();
    if (step > plan_.horizon) return;
    std::fill(lines_.begin(), lines_.end(), 0.0);
    auto const add = [&](IncomeTerm const& term, double* row) {
        RowView const view = block.view(term.cell);
        for (std::size_t i = 0; i < lanes_; ++i) row[i] += term.sign * view.row[view.same ? 0 : i];
    };
    for (IncomeTerm const& term : plan_.terms)
        add(term,
            lines_.data() +
                (index(term.firm) * lines_of_firm + static_cast<std::size_t>(term.line)) * lanes_);
    for (IncomeTerm const& term : plan_.balances)
        add(term, booked_.data() + index(term.firm) * lanes_);
    for (std::size_t f = 0; f < plan_.firms.size(); ++f) {
        put_against_sales(f, slot_of(step));
        auto const firm = index(plan_.firms[f]);
        if (CellId const cell = plan_.system->defaulted[firm]; cell >= 0) {
            RowView const view = block.view(cell);
            int* const first = first_default_.data() + f * lanes_;
            for (std::size_t i = 0; i < lanes_; ++i)
                if (first[i] == 0 && view[static_cast<int>(i)] > 0) first[i] = step;
        }
        CellId const cash = plan_.system->balance(plan_.firms[f], 0);
        if (step != plan_.horizon || cash < 0) continue;
        RowView const view = block.view(cash);
        for (std::size_t i = 0; i < lanes_; ++i) cash_[f * lanes_ + i] = view[static_cast<int>(i)];
    }
    for (CellId const cell : plan_.revenue) add({cell, 1, 0, other_line}, revenue_.data());
    if (plan_.given >= 0 && step == plan_.given_step) {
        bool const coins = plan_.system->cells[index(plan_.given)].coins;
        add({plan_.given, coins ? 1 : 1 / plan_.system->coin, 0, other_line}, given_.data());
    }
}

void Tally::put_against_sales(std::size_t firm, std::size_t slot) {
    auto const line = [&](Line one) {
        return lines_.data() + (firm * lines_of_firm + static_cast<std::size_t>(one)) * lanes_;
    };
    auto const place = slot * plan_.firms.size() + firm;
    auto const row = [&](Channel one) {
        return channels_.data() + (place * channels + static_cast<std::size_t>(one)) * lanes_;
    };
    double* const total = totals_.data() + place * lanes_;
    double* const inside = inside_.data() + slot * lanes_;
    for (std::size_t i = 0; i < lanes_; ++i) {
        double const orders = line(order_sales)[i], demand = line(demand_sales)[i];
        double const costs = line(running_costs)[i];
        // Who buys from firms more than it sells to them has no sales there to put costs against.
        double const to_firms = std::max(0.0, orders), outside = std::max(0.0, demand);
        double const sales = to_firms + outside;
        double const part = sales > 0 ? to_firms / sales : 0;
        double const with_orders = costs * part;
        row(Channel::payables)[i] += (line(payables_inside)[i] + line(payables_outside)[i]);
        row(Channel::stakes)[i] += (line(stakes_inside)[i] + line(stakes_outside)[i]);
        row(Channel::guarantees)[i] += line(guarantee_line)[i];
        row(Channel::collateral)[i] += line(collateral_line)[i];
        row(Channel::orders)[i] += (orders + with_orders);
        row(Channel::demand)[i] += (demand + (costs - with_orders));
        row(Channel::funding)[i] += line(funding_line)[i];
        row(Channel::other)[i] += line(other_line)[i];
        double all = 0;
        for (int one = 0; one < lines_of_firm; ++one) all += line(static_cast<Line>(one))[i];
        total[i] += all;
        inside[i] += (line(payables_inside)[i] + line(stakes_inside)[i]);
    }
}

double const* Tally::channel(std::size_t firm, Channel channel, int step) const {
    return channels_.data() + ((slot_of(step) * plan_.firms.size() + firm) * channels +
                               static_cast<std::size_t>(channel)) *
                                  lanes_;
}
double const* Tally::total(std::size_t firm, int step) const {
    return totals_.data() + (slot_of(step) * plan_.firms.size() + firm) * lanes_;
}
double const* Tally::inside(int step) const { return inside_.data() + slot_of(step) * lanes_; }

} // namespace perpetuum::stressing
