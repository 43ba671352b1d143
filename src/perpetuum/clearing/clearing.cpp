#include <perpetuum/clearing.hpp>

#include <perpetuum/base.hpp>
#include <perpetuum/clearing/lane.hpp>
#include <perpetuum/clearing/pay.hpp>
#include <perpetuum/lanes.hpp>

#include <algorithm>
#include <cstdio>
#include <optional>
#include <string>

namespace perpetuum {

PERPETUUM_CLONES(bool, pay_in_full, PayInFull const&, double*, double*)

namespace {

std::size_t index_of(int i) { return static_cast<std::size_t>(i); }

[[noreturn]] void refuse(char const* what, std::size_t item, std::size_t lane, double value,
                         char const* expected) {
    char text[200];
    std::snprintf(text, sizeof text, "clearing: %s %zu is %.17g in lane %zu; expected %s", what,
                  item, value, lane, expected);
    throw BadInput{text};
}

/// Whole, from 0 to 2^53. Below 2^52 adding 2^52 rounds to whole numbers; above, there are no
/// others.
bool is_amount(double value) {
    constexpr double whole = 4503599627370496.0; // 2^52
    bool const in_range = (value >= 0) & (value <= largest_amount);
    return in_range & ((value >= whole) | ((value + whole) - whole == value));
}

/// The amounts of one item in all lanes. A flag first, so that the loop has no exits; the culprit
/// is looked for later.
void check_amounts(double const* values, std::size_t lanes, char const* what, std::size_t item) {
    bool fine = true;
    for (std::size_t lane = 0; lane < lanes; ++lane) fine &= is_amount(values[lane]);
    if (fine) return;
    for (std::size_t lane = 0; lane < lanes; ++lane)
        if (!is_amount(values[lane]))
            refuse(what, item, lane, values[lane], "whole coins from 0 to 2^53");
}

void check_pointer(void const* pointer, std::size_t items, char const* name) {
    if (items > 0 && pointer == nullptr)
        throw BadInput{std::string("clearing: no place for ") + name};
}

struct Sizes {
    std::size_t lanes, entities, payments, guarantees, costs;
};

Sizes check_shapes(ClearingSystem const& system, ClearingInput const& input,
                   ClearingOutput const& output) {
    if (input.lanes < 1)
        throw BadInput{"clearing: " + std::to_string(input.lanes) +
                       " lanes; expected at least one"};
    Sizes const sizes{index_of(input.lanes), index_of(system.entities), system.payments.size(),
                      system.guarantees.size(), system.costs.size()};
    check_pointer(input.cash, sizes.entities, "cash");
    check_pointer(input.owed, sizes.payments, "owed");
    check_pointer(input.cover, sizes.guarantees, "cover");
    check_pointer(input.cost_share, sizes.costs, "cost_share");
    check_pointer(output.paid, sizes.payments, "paid");
    check_pointer(output.called, sizes.guarantees, "called");
    check_pointer(output.lost, sizes.costs, "lost");
    check_pointer(output.short_of, sizes.entities, "short_of");
    return sizes;
}

void check_rest(ClearingInput const& input, Sizes const& sizes) {
    auto const [lanes, entities, payments, guarantees, costs] = sizes;
    for (std::size_t g = 0; g < guarantees; ++g)
        check_amounts(input.cover + g * lanes, lanes, "the cover of guarantee", g);
    for (std::size_t i = 0; i < costs * lanes; ++i)
        if (!(input.cost_share[i] >= 0 && input.cost_share[i] <= 1))
            refuse("the share of default cost", i / lanes, i % lanes, input.cost_share[i],
                   "0 to 1");
}

void check_values(ClearingInput const& input, ClearingPlan const& plan, Sizes const& sizes) {
    for (std::size_t e = 0; e < sizes.entities; ++e)
        if (plan.limited[e])
            check_amounts(input.cash + e * sizes.lanes, sizes.lanes, "the cash of entity", e);
    for (std::size_t p = 0; p < sizes.payments; ++p)
        check_amounts(input.owed + p * sizes.lanes, sizes.lanes, "payment", p);
}

void gather(ClearingLane& to, ClearingLanes const& rows, std::size_t lane) {
    auto const coins = [&](double const* row) {
        return row ? static_cast<Coins>(row[lane]) : Coins{0};
    };
    for (std::size_t e = 0; e < rows.cash.size(); ++e)
        to.cash[e] = to.plan->limited[e] ? coins(rows.cash[e]) : 0;
    for (std::size_t p = 0; p < rows.owed.size(); ++p) to.owed[p] = coins(rows.owed[p]);
    for (std::size_t g = 0; g < rows.cover.size(); ++g) to.cover[g] = coins(rows.cover[g]);
    for (std::size_t c = 0; c < rows.cost_share.size(); ++c) to.share[c] = rows.cost_share[c][lane];
}

void scatter(ClearingLane const& from, ClearingLanes const& rows, std::size_t lane) {
    auto const put = [&](double* row, Coins value) {
        if (row) row[lane] = static_cast<double>(value);
    };
    for (std::size_t p = 0; p < rows.paid.size(); ++p) put(rows.paid[p], from.paid[p]);
    for (std::size_t g = 0; g < rows.called.size(); ++g)
        put(rows.called[g], from.paid[rows.paid.size() + g]);
    for (std::size_t c = 0; c < rows.lost.size(); ++c)
        put(rows.lost[c], from.lost[index_of(from.system->costs[c].entity)]);
    for (std::size_t e = 0; e < rows.short_of.size(); ++e) put(rows.short_of[e], from.short_of[e]);
}

void pay_nothing(ClearingLanes const& rows, std::size_t lane) {
    for (auto const* list : {&rows.paid, &rows.called, &rows.lost, &rows.short_of})
        for (double* const row : *list)
            if (row) row[lane] = 0;
}

} // namespace

Clearing::Clearing(ClearingSystem system)
    : system_(std::move(system)),
      plan_(std::make_shared<ClearingPlan const>(plan_clearing(system_))) {}

void Clearing::clear(ClearingInput const& input, ClearingOutput const& output) {
    Sizes const sizes = check_shapes(system_, input, output);
    check_rest(input, sizes);
    check_values(input, *plan_, sizes);
    auto const lay = [&](auto& rows, auto* first, std::size_t items) {
        rows.clear();
        for (std::size_t i = 0; i < items; ++i) rows.push_back(first + i * sizes.lanes);
    };
    rows_.lanes = input.lanes;
    lay(rows_.cash, input.cash, sizes.entities);
    lay(rows_.owed, input.owed, sizes.payments);
    lay(rows_.cover, input.cover, sizes.guarantees);
    lay(rows_.cost_share, input.cost_share, sizes.costs);
    lay(rows_.paid, output.paid, sizes.payments);
    lay(rows_.called, output.called, sizes.guarantees);
    lay(rows_.lost, output.lost, sizes.costs);
    lay(rows_.short_of, output.short_of, sizes.entities);
    for (int const lane : clear(rows_).left_out)
        refuse("the sum of all amounts, system", 0, index_of(lane), scratch_[index_of(lane)],
               "at most 2^62");
}

ClearingOutcome Clearing::clear(ClearingLanes const& rows) {
    auto const lanes = index_of(rows.lanes);
    scratch_.resize(2 * lanes);
    double* const sum = scratch_.data();
    double* const is_short = sum + lanes;
    PayInFull pay;
    pay.lanes = rows.lanes;
    pay.entities = plan_->entities;
    pay.cash = rows.cash.data();
    pay.limited = plan_->limited.data();
    pay.owed = rows.owed.data();
    pay.paid = rows.paid.data();
    pay.owes = {plan_->first_owed.data(), plan_->owed.data()};
    pay.receives = {plan_->first_received.data(), plan_->received.data()};
    pay.largest = largest_amount;
    ClearingOutcome outcome;
    outcome.fine = each_pay_in_full(pay, sum, is_short);
    if (!outcome.fine) return outcome;
    for (auto const* list : {&rows.called, &rows.lost, &rows.short_of})
        for (double* const row : *list)
            if (row) std::fill(row, row + lanes, 0.0);

    std::optional<ClearingLane> slow;
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        if (is_short[lane] == 0) continue;
        if (sum[lane] > largest_sum) {
            pay_nothing(rows, lane);
            outcome.left_out.push_back(static_cast<int>(lane));
            continue;
        }
        if (!slow) slow.emplace(*plan_, system_);
        gather(*slow, rows, lane);
        clear_lane(*slow);
        scatter(*slow, rows, lane);
    }
    return outcome;
}

} // namespace perpetuum
