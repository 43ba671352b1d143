// Numbers of another implementation: the trial of this split in Python with numpy (its own max-flow
// in floating point, its own linear solver), on one of its random books: check.py, random_book with
// Random(2026). The same comparison on its stylised book of 2026-2030 (1,970 payments, 12 firms, 3
// windows, 612 figures) agreed to 6e-7 of receipts, which is the rounding of its payments.
#include "payments_for_tests.hpp"

#include <doctest/doctest.h>
#include <perpetuum/circularity.hpp>

#include <array>

using namespace perpetuum;

namespace {

constexpr Nature sale = Nature::sale, finance = Nature::finance, other = Nature::other;

struct OraclePayment {
    int step;
    char const *payer, *payee;
    int amount;
    Nature nature;
    int till_payer, till_payee;
};
constexpr OraclePayment oracle_payments[] = {
    {0, "market", "d", 9, finance, 0, 0}, {0, "d", "e", 15, sale, 0, 0},
    {0, "c", "a", 15, sale, 0, 0},        {0, "b", "d", 3, finance, 0, 0},
    {0, "c", "d", 5, sale, 0, 0},         {0, "a", "e", 9, finance, 0, 0},
    {0, "market", "b", 3, finance, 0, 1}, {0, "b", "a", 3, sale, 1, 0},
    {1, "market", "d", 6, finance, 0, 0}, {1, "classic", "e", 2, sale, 0, 0},
    {1, "market", "f", 9, finance, 0, 0}, {1, "d", "a", 14, other, 0, 0},
    {1, "d", "e", 5, other, 0, 0},        {1, "e", "d", 33, sale, 0, 0},
    {1, "e", "b", 5, sale, 0, 0},         {1, "f", "e", 2, other, 0, 0},
    {1, "d", "b", 31, sale, 0, 0},        {1, "a", "d", 22, other, 0, 0},
    {1, "f", "e", 3, other, 0, 0},        {1, "f", "c", 4, other, 0, 0},
    {1, "d", "b", 19, finance, 0, 0},     {1, "market", "b", 3, finance, 0, 1},
    {1, "b", "a", 3, sale, 1, 0},         {2, "market", "c", 8, finance, 0, 0},
    {2, "ai", "d", 5, sale, 0, 0},        {2, "classic", "f", 7, sale, 0, 0},
    {2, "e", "a", 10, finance, 0, 0},     {2, "d", "a", 15, finance, 0, 0},
    {2, "d", "b", 4, other, 0, 0},        {2, "a", "c", 29, other, 0, 0},
    {2, "c", "a", 13, other, 0, 0},       {2, "b", "d", 59, sale, 0, 0},
    {2, "a", "f", 8, sale, 0, 0},         {2, "e", "b", 4, sale, 0, 0},
    {2, "e", "a", 3, finance, 0, 0},      {2, "b", "a", 3, other, 0, 0},
    {2, "market", "b", 3, finance, 0, 1}, {2, "b", "a", 3, sale, 1, 0},
    {3, "ai", "b", 9, sale, 0, 0},        {3, "classic", "c", 3, sale, 0, 0},
    {3, "c", "e", 14, other, 0, 0},       {3, "b", "e", 4, other, 0, 0},
    {3, "a", "f", 7, sale, 0, 0},         {3, "a", "c", 6, finance, 0, 0},
    {3, "e", "d", 11, finance, 0, 0},     {3, "d", "c", 16, other, 0, 0},
    {3, "d", "e", 40, sale, 0, 0},        {3, "b", "e", 4, other, 0, 0},
    {3, "e", "c", 30, sale, 0, 0},        {3, "market", "b", 2, finance, 0, 1},
    {3, "b", "a", 2, sale, 1, 0},         {4, "market", "b", 3, finance, 0, 0},
    {4, "market", "c", 1, finance, 0, 0}, {4, "market", "d", 4, finance, 0, 0},
    {4, "market", "e", 1, finance, 0, 0}, {4, "market", "f", 4, finance, 0, 0},
    {4, "e", "b", 6, sale, 0, 0},         {4, "d", "c", 14, other, 0, 0},
    {4, "a", "d", 2, sale, 0, 0},         {4, "c", "b", 34, other, 0, 0},
    {4, "d", "f", 3, other, 0, 0},        {4, "b", "c", 34, other, 0, 0},
    {4, "d", "a", 3, finance, 0, 0},      {4, "a", "b", 2, sale, 0, 0},
    {4, "a", "d", 2, other, 0, 0},        {4, "e", "b", 1, finance, 0, 0},
};

struct OracleRange {
    double least, typical, most; // dollars
};
struct OracleReceipts {
    char const* firm;
    int first;
    double revenue;
    OracleRange of[5]; // customers, outside capital, held before, own money back, partners' money
    OracleRange circular;
};
constexpr OracleReceipts oracle_receipts[] = {
    {"a",
     0,
     26,
     {{0, 0.000000000, 0},
      {11, 11.000000000, 11},
      {15, 15.000000000, 15},
      {0, 0.000000000, 0},
      {0, 0.000000000, 0}},
     {0, 0.000000000, 0}},
    {"b",
     0,
     57,
     {{9, 10.165427895, 17},
      {0, 9.753487220, 28},
      {0, 23.506311359, 48},
      {0, 7.011660727, 17},
      {0, 6.563112800, 17}},
     {0, 13.574773527, 26}},
    {"c",
     0,
     33,
     {{3, 7.194658856, 18},
      {0, 3.276490574, 26},
      {0, 5.703199495, 30},
      {0, 8.262774589, 28},
      {0, 8.562876485, 30}},
     {0, 16.825651074, 30}},
    {"a",
     3,
     2,
     {{0, 0.000000000, 0},
      {2, 2.000000000, 2},
      {0, 0.000000000, 0},
      {0, 0.000000000, 0},
      {0, 0.000000000, 0}},
     {0, 0.000000000, 0}},
    {"b",
     3,
     17,
     {{9, 9.294458204, 17},
      {0, 0.694254187, 8},
      {0, 0.492699872, 8},
      {0, 3.874838545, 8},
      {0, 2.643749191, 8}},
     {0, 6.518587737, 8}},
    {"c",
     3,
     33,
     {{3, 7.194658856, 18},
      {0, 3.276490574, 26},
      {0, 5.703199495, 30},
      {0, 8.262774589, 28},
      {0, 8.562876485, 30}},
     {0, 16.825651074, 30}},
};

struct OracleSpending {
    char const* firm;
    double paid;
    double of[5];
};
constexpr OracleSpending oracle_spending[] = {
    {"a", 19, {0.025791565, 3.718057478, 0.935183618, 3.279798349, 11.041168990}},
    {"b", 70, {1.034574572, 19.380144661, 23.076987755, 5.653890867, 20.854402144}},
    {"d", 86, {2.813395570, 12.046219246, 26.910660683, 32.996505816, 11.233218686}},
    {"e", 78, {6.588923236, 11.392561425, 28.302657679, 17.168072775, 14.547784885}},
};

PaymentSet oracle_book() {
    TestBook book;
    for (char const* sector : {"ai", "classic", "market"}) book.party(sector, PartyType::outside);
    std::array<std::int64_t, 6> const opening{0, 5, 20, 20, 20, 0};
    for (std::size_t k = 0; k < opening.size(); ++k)
        book.party(std::string(1, static_cast<char>('a' + k)), PartyType::firm, opening[k]);
    for (OraclePayment const& p : oracle_payments) {
        auto& payment = book.pay(p.step, p.payer, p.payee, p.amount, p.nature);
        payment.till_payer = p.till_payer;
        payment.till_payee = p.till_payee;
    }
    return book.in_dollars();
}

} // namespace

TEST_CASE("the trial in Python finds the same shares and the same bounds") {
    PaymentSet const set = oracle_book();
    for (OracleReceipts const& expected : oracle_receipts) {
        FirmOrigin const row =
            origins(set, expected.first, 4, {.firms = {3 + expected.firm[0] - 'a'}}).front();
        CHECK(row.revenue == expected.revenue);
        std::array<Split const*, 6> const mine{&row.customers,      &row.outside_capital,
                                               &row.held_before,    &row.own_money_back,
                                               &row.partners_money, &row.circular};
        for (std::size_t k = 0; k < mine.size(); ++k) {
            OracleRange const& range = k < 5 ? expected.of[k] : expected.circular;
            CHECK(mine[k]->at_least * row.revenue == doctest::Approx(range.least).epsilon(1e-9));
            CHECK(mine[k]->typical * row.revenue == doctest::Approx(range.typical).epsilon(1e-8));
            CHECK(mine[k]->at_most * row.revenue == doctest::Approx(range.most).epsilon(1e-9));
        }
    }
}

TEST_CASE("the trial in Python finds the same split of spending") {
    PaymentSet const set = oracle_book();
    for (OracleSpending const& expected : oracle_spending) {
        SpendingOrigin const s =
            origins(set, 0, 4, {.firms = {3 + expected.firm[0] - 'a'}}).front().spending;
        CHECK(s.paid == expected.paid);
        std::array<double, 5> const mine{s.customers, s.outside_capital, s.held_before,
                                         s.own_money_back, s.partners_money};
        for (std::size_t k = 0; k < mine.size(); ++k)
            CHECK(mine[k] * s.paid == doctest::Approx(expected.of[k]).epsilon(1e-8));
    }
}
