#include <perpetuum/clearing.hpp>

#include <perpetuum/base.hpp>
#include <perpetuum/clearing/lane.hpp>

#include <algorithm>
#include <cstdio>
#include <optional>
#include <string>

namespace perpetuum {
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

/// One pass over the payments: what everybody would have left if all paid in full, and the sum of
/// all amounts, in whose range doubles are exact.
void pay_in_full(ClearingPlan const& plan, ClearingInput const& input, ClearingOutput const& output,
                 std::size_t lanes, double* left, double* sum) {
    for (std::size_t e = 0; e < index_of(plan.entities); ++e) {
        double* const mine = left + e * lanes;
        std::fill(mine, mine + lanes, 0.0);
        if (!plan.limited[e]) continue;
        double const* const cash = input.cash + e * lanes;
        check_amounts(cash, lanes, "the cash of entity", e);
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            mine[lane] = cash[lane];
            sum[lane] += cash[lane];
        }
    }
    for (std::size_t p = 0; p < index_of(plan.payments); ++p) {
        double const* const owed = input.owed + p * lanes;
        double* const paid = output.paid + p * lanes;
        check_amounts(owed, lanes, "payment", p);
        double* const payer = left + index_of(plan.payer[p]) * lanes;
        double* const payee = left + index_of(plan.payee[p]) * lanes;
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            double const amount = owed[lane];
            payer[lane] -= amount;
            payee[lane] += amount;
            sum[lane] += amount;
            paid[lane] = amount;
        }
    }
}

/// short[lane] becomes 1 where somebody would have less than nothing, or where doubles cannot tell.
void find_short(ClearingPlan const& plan, std::size_t lanes, double const* left, double const* sum,
                double* is_short) {
    for (std::size_t lane = 0; lane < lanes; ++lane)
        is_short[lane] = sum[lane] <= largest_amount ? 0 : 1;
    for (std::size_t e = 0; e < index_of(plan.entities); ++e) {
        if (!plan.limited[e]) continue;
        double const* const mine = left + e * lanes;
        for (std::size_t lane = 0; lane < lanes; ++lane)
            is_short[lane] = mine[lane] < 0 ? 1 : is_short[lane];
    }
}

void gather(ClearingLane& to, ClearingInput const& input, std::size_t lane, Sizes const& sizes) {
    auto const coins = [&](double const* from, std::size_t i) {
        return static_cast<Coins>(from[i * sizes.lanes + lane]);
    };
    for (std::size_t e = 0; e < sizes.entities; ++e)
        to.cash[e] = to.plan->limited[e] ? coins(input.cash, e) : 0;
    for (std::size_t p = 0; p < sizes.payments; ++p) to.owed[p] = coins(input.owed, p);
    for (std::size_t g = 0; g < sizes.guarantees; ++g) to.cover[g] = coins(input.cover, g);
    for (std::size_t c = 0; c < sizes.costs; ++c)
        to.share[c] = input.cost_share[c * sizes.lanes + lane];
}

void scatter(ClearingLane const& from, ClearingOutput const& output, std::size_t lane,
             Sizes const& sizes) {
    auto const put = [&](double* to, std::size_t i, Coins value) {
        to[i * sizes.lanes + lane] = static_cast<double>(value);
    };
    for (std::size_t p = 0; p < sizes.payments; ++p) put(output.paid, p, from.paid[p]);
    for (std::size_t g = 0; g < sizes.guarantees; ++g)
        put(output.called, g, from.paid[sizes.payments + g]);
    for (std::size_t c = 0; c < sizes.costs; ++c)
        put(output.lost, c, from.lost[index_of(from.system->costs[c].entity)]);
    for (std::size_t e = 0; e < sizes.entities; ++e) put(output.short_of, e, from.short_of[e]);
}

} // namespace

Clearing::Clearing(ClearingSystem system)
    : system_(std::move(system)),
      plan_(std::make_shared<ClearingPlan const>(plan_clearing(system_))) {}

void Clearing::clear(ClearingInput const& input, ClearingOutput const& output) {
    Sizes const sizes = check_shapes(system_, input, output);
    check_rest(input, sizes);
    std::size_t const lanes = sizes.lanes;
    scratch_.assign((sizes.entities + 2) * lanes, 0.0);
    double* const left = scratch_.data();
    double* const sum = left + sizes.entities * lanes;
    double* const is_short = sum + lanes;

    pay_in_full(*plan_, input, output, lanes, left, sum);
    find_short(*plan_, lanes, left, sum, is_short);
    std::fill(output.called, output.called + sizes.guarantees * lanes, 0.0);
    std::fill(output.lost, output.lost + sizes.costs * lanes, 0.0);
    std::fill(output.short_of, output.short_of + sizes.entities * lanes, 0.0);

    std::optional<ClearingLane> slow;
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        if (is_short[lane] == 0) continue;
        if (sum[lane] > largest_sum)
            refuse("the sum of all amounts, system", 0, lane, sum[lane], "at most 2^62");
        if (!slow) slow.emplace(*plan_, system_);
        gather(*slow, input, lane, sizes);
        clear_lane(*slow);
        scatter(*slow, output, lane, sizes);
    }
}

} // namespace perpetuum
