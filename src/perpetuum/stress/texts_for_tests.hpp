#pragma once
/// A small economy for tests: who is funded buys, who sells spends a part of it on others.

#include <perpetuum/step/texts_for_tests.hpp>
#include <perpetuum/stress.hpp>

namespace perpetuum::stress_tests {

inline constexpr char const* economy = R"(
money USD
account stakes     : asset
account loans      : asset
account paid_in    : equity
account borrowings : liability
account revenue    : income
account received   : income
account costs      : expense
account interest   : expense
account losses     : expense
account rents      : expense
transaction service  payer debits costs      payee credits revenue
transaction equity   payer debits stakes     payee credits paid_in
transaction lending  payer debits loans      payee credits borrowings
transaction interest payer debits interest   payee credits received
transaction rent     payer debits rents     payee credits received
sector customers
sector markets

model
  param mood_usual = 1
  param gloom = 0
  mood = mood_usual - gloom * sum(all firm.defaulted[-1]),  start 1

kind firm
  param raises : USD/quarter = 0
  param sells  : USD/quarter = 0
  param passes_on = 0 %
  raise : USD/quarter = raises * mood
  got : USD = sum(all order[seller = self].fee),  start sum(order[seller = self].amount) * 1 quarter
  spending : USD = passes_on * got[-1]
  worth : USD = raises * 10 quarter * mood * (1 - defaulted)
  transfer markets -> self : raise as equity
  transfer customers -> self : sells * mood as service

instrument order (buyer: firm, seller: firm)
  param amount : USD/quarter
  fee: due buyer -> seller : amount as service rank 2
  ends when buyer.defaulted

instrument passing (buyer: firm, seller: firm)
  transfer buyer -> seller : buyer.spending as service

instrument credit (lender: firm, borrower: firm)
  param limit : USD
  param rate  : 1/quarter = 0/quarter
  call : USD = max(0, limit - given[-1])
  paid: transfer lender -> borrower : call as lending rank 8
  given : USD = given[-1] + paid,  start 0
  due borrower -> lender : rate * borrowings[-1] * 1 quarter as interest rank 1
  on default of borrower : mark lender : loans to 0 against losses

instrument letting (owner: firm, user: firm)
  param amount : USD/quarter
  due user -> owner : amount as rent rank 2
  ends when user.defaulted

instrument holding (holder: firm, issuer: firm)
  param part = 10 %
  mark holder : stakes to part * issuer.worth against losses

instrument backing (guarantor: firm, covered: order)
  guarantee guarantor covers covered.fee up to 1 B USD as service
)";

using step_tests::deal;
inline Entry figure(double value) { return step_tests::entry(value); }
inline Entity firm(std::string id, double cash,
                   std::vector<std::pair<std::string, double>> const& parameters = {}) {
    Entity made = step_tests::firm(std::move(id), cash);
    for (auto const& [name, value] : parameters) made.parameters[name] = figure(value);
    return made;
}

inline System system_of(Book book, int steps) {
    book.start = date_of(2026, 1, 1);
    Diagnostics diagnostics;
    int const text = diagnostics.add_text("test.model", economy);
    Model const model = parse_model({text}, known_ids(book), diagnostics);
    InstanceOptions options;
    options.steps = steps;
    System system = instantiate(book, model, options, diagnostics);
    REQUIRE_MESSAGE(!diagnostics.failed(), diagnostics.render());
    return system;
}

inline StressResult stressed(System const& base, std::vector<Shock> const& shocks,
                             bool causal = false, int threads = 1, int block = 16) {
    System const shocked = with_shocks(base, shocks);
    StressAsked asked;
    asked.base = &base;
    asked.shocked = &shocked;
    asked.hit = hit_by(base, base, shocks);
    asked.causal = causal;
    asked.settings.sample.paths = 32;
    asked.settings.threads = threads;
    asked.settings.block = block;
    Stress stress(asked);
    REQUIRE(stress.run({0, 32}));
    return stress.result();
}

} // namespace perpetuum::stress_tests
