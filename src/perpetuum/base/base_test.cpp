#include <perpetuum/base.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace perpetuum;

namespace {

Unit unit_of_text(std::string_view text) {
    UnitError error;
    auto const unit = Units::for_books().parse(text, error);
    REQUIRE_MESSAGE(unit, error.message);
    return *unit;
}

UnitError error_of_unit(std::string_view text) {
    UnitError error;
    CHECK_FALSE(Units::for_books().parse(text, error));
    return error;
}

Period period(std::string_view text) {
    auto const found = parse_period(text);
    REQUIRE_MESSAGE(found, std::string{text});
    return *found;
}

} // namespace

TEST_CASE("a year is twelve months, four quarters and 365 days") {
    CHECK(unit_of_text("year").factor == 12);
    CHECK(unit_of_text("q").factor == 3);
    CHECK(365 * unit_of_text("day").factor == doctest::Approx(12));
    CHECK(unit_of_text("USD/quarter").factor == doctest::Approx(1.0 / 3));
}

TEST_CASE("units of one dimension convert and others do not") {
    CHECK(unit_of_text("USD/year").same_dimension(unit_of_text("USD/quarter")));
    CHECK_FALSE(unit_of_text("USD").same_dimension(unit_of_text("USD/year")));
    CHECK_FALSE(unit_of_text("USD").same_dimension(unit_of_text("EUR")));
    CHECK(unit_of_text("MW").factor == doctest::Approx(0.001));
    CHECK(unit_of_text("MW").same_dimension(unit_of_text("GW")));
}

TEST_CASE("percent and basis points are plain numbers") {
    CHECK(unit_of_text("%").plain());
    CHECK(unit_of_text("bp").factor == doctest::Approx(1e-4));
    CHECK(unit_of_text("%/year").factor == doctest::Approx(0.01 / 12));
    CHECK(unit_of_text("%/year").same_dimension(unit_of_text("1/month")));
}

TEST_CASE("a dimension prints in base units and reads back") {
    CHECK(print_dimension(unit_of_text("USD/GW/year")) == "USD/GW/month");
    CHECK(print_dimension(unit_of_text("%")) == "1");
    CHECK(print_dimension(unit_of_text("1/quarter")) == "1/month");
    CHECK(print_dimension(unit_of_text("GW.year")) == "GW.month");
    CHECK(print_dimension(unit_of_text("GW*GW")) == "GW^2");
    CHECK(unit_of_text("GW^2").same_dimension(unit_of_text("GW*GW")));
    CHECK(unit_of_text("USD/USD").plain());
}

TEST_CASE("a unit prints with the time it was written in") {
    for (auto const* text : {"USD/year", "%/year", "bp", "%", "USD", "1/quarter", "year",
                             "USD/GW/year", "day", "USD/month", "GW.year"})
        CHECK(print_unit(unit_of_text(text)) == text);
    CHECK(print_unit(unit_of_text("MW")) == "GW");
    CHECK(print_unit({}) == "1");
}

TEST_CASE("an unknown unit is shown with its place and the nearest known one") {
    UnitError const error = error_of_unit("USDD/year");
    CHECK(error.offset == 0);
    CHECK(error.length == 4);
    CHECK(error.message == "unknown unit 'USDD'");
    CHECK(error.hint == "did you mean 'USD'?");
    CHECK(error_of_unit("USD/yaer").offset == 4);
    CHECK(error_of_unit("USD/yaer").hint == "did you mean 'year'?");
    CHECK(error_of_unit("m").hint == "write 'month', or 'M' before the unit for a million");
}

TEST_CASE("malformed units are refused, also hostile ones") {
    CHECK(error_of_unit("").message == "a unit's name is missing here");
    CHECK(error_of_unit("USD/").offset == 4);
    CHECK(error_of_unit("USD//year").offset == 4);
    CHECK_FALSE(error_of_unit("GW^x").message.empty());
    CHECK_FALSE(error_of_unit("GW^99999999999").message.empty());
    std::string many = "GW";
    for (int i = 0; i < 100; ++i) many += ".GW";
    CHECK(error_of_unit(many).message == "a unit to a power above 20");
    CHECK(error_of_unit(std::string(100000, 'x')).message.size() < 120);
    CHECK(error_of_unit("\x1b[31m").message.find('\x1b') == std::string::npos);
}

TEST_CASE("the powers of a product are added and those of a quotient cancel") {
    Unit const usd = unit_of_text("USD"), year = unit_of_text("year");
    CHECK((usd / year * year).same_dimension(usd));
    CHECK((usd / year * year).factor == doctest::Approx(1));
    CHECK(power(year, 2).factor == doctest::Approx(144));
    CHECK(power(year, 0).plain());
    CHECK(power(year, -1).same_dimension(unit_of_text("1/day")));
}

TEST_CASE("the axis of time counts months since year 0") {
    CHECK(date_of(2026, 1).months == 24312);
    CHECK(date_of(2026, 2, 15).months == doctest::Approx(24313.5));
    CHECK(date_of(2025, 12, 32) == date_of(2026, 1));
}

TEST_CASE("periods are as coarse as they are written") {
    CHECK(period("2025").begin == date_of(2025, 1));
    CHECK(period("2025").end == date_of(2026, 1));
    CHECK(period("2025-Q3").begin == date_of(2025, 7));
    CHECK(period("2025-H2").end == date_of(2026, 1));
    CHECK(period("2025-09").end == date_of(2025, 10));
    CHECK(period("2025-09-30").end == date_of(2025, 10));
    CHECK(period("2024-02-29").end == date_of(2024, 3));
    CHECK(period("2027..2028").end == date_of(2029, 1));
    CHECK(period("2025-Q3..2026-Q1").end == date_of(2026, 4));
    CHECK(period("2025").middle() == date_of(2025, 7));
}

TEST_CASE("what is no date is refused") {
    for (auto const* text :
         {"",        "25",      "2025-13",     "2025-00",  "2025-02-29",  "2025-02-30",
          "2025-Q5", "2025-Q0", "2025-H3",     "2025-9-1", "2025-09-22x", "2028..2027",
          "2027..",  "..2027",  "2027...2028", "FY2026",   "next spring", "20255",
          "2025-",   "2025-q1", "-2025"})
        CHECK_MESSAGE(!parse_period(text), text);
}

TEST_CASE("a fiscal year is named by its firm") {
    FiscalYear const oracle{2026, period("2026-05-31").end};
    CHECK(parse_fiscal_period("FY2026", oracle)->begin == date_of(2025, 6));
    CHECK(parse_fiscal_period("FY2026-Q1", oracle)->end == date_of(2025, 9));
    CHECK(parse_fiscal_period("FY2028", oracle)->end == date_of(2028, 6));
    CHECK(parse_fiscal_period("FY2026-Q1..FY2026-Q3", oracle)->end == date_of(2026, 3));
    CHECK(parse_fiscal_period("FY2026-H2", oracle)->begin == date_of(2025, 12));
    CHECK(*parse_fiscal_period("2025-Q1", oracle) == period("2025-Q1"));
    CHECK_FALSE(parse_fiscal_period("FY26", oracle));
}

TEST_CASE("every day of a leap and a common year prints as itself") {
    for (int year : {2024, 2025}) {
        for (int month = 1; month <= 12; ++month) {
            for (int day = 1; day <= 28; ++day) {
                char text[16];
                std::snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
                CHECK(print_day(date_of(year, month, day)) == text);
                CHECK(print_period(period(text)) == text);
            }
        }
    }
    CHECK(print_day(date_of(2024, 2, 29)) == "2024-02-29");
}

TEST_CASE("a period prints by its shortest name and reads back") {
    for (auto const* text : {"2025", "2025-Q4", "2025-H1", "2025-09", "2025-09-22", "2027..2028",
                             "2025-09-22..2025-10-03"})
        CHECK(print_period(period(text)) == text);
    CHECK(print_period(period("2025-Q3..2026-Q1")) == "2025-07-01..2026-03-31");
    CHECK(print_quarter(date_of(2026, 1)) == "2025-Q4");
    CHECK(print_quarter(date_of(2025, 4)) == "2025-Q1");
}

TEST_CASE("the centre of a spread is its median") {
    CHECK(median({Shape::uniform, {31, 35}}) == 33);
    CHECK(median({Shape::point, {7}}) == 7);
    CHECK(median({Shape::triangular, {0, 1, 2}}) == doctest::Approx(1));
    // A triangle falling from 0 to 1: half its area lies below 1 - sqrt(1/2).
    CHECK(median({Shape::triangular, {0, 0, 1}}) == doctest::Approx(1 - std::sqrt(0.5)));
    CHECK(median({Shape::normal, {5, 100}}) == 5);
    CHECK(median({Shape::lognormal, {5, 9}}) == 5);
    CHECK(median({Shape::discrete, {1, 0.2, 2, 0.5, 3, 0.3}}) == 2);
    CHECK(median({Shape::bernoulli, {0.5}}) == 1);
    CHECK(median({Shape::bernoulli, {0.4}}) == 0);
}

TEST_CASE("the median of a PERT is that of its beta distribution") {
    CHECK(median({Shape::pert, {0, 5, 10}}) == 5);
    // Mode at the lower end: beta(1, 5), whose median is 1 - 2^(-1/5).
    CHECK(median({Shape::pert, {0, 0, 1}}) == doctest::Approx(1 - std::pow(2, -0.2)).epsilon(1e-9));
    CHECK(median({Shape::pert, {0, 1, 1}}) == doctest::Approx(std::pow(2, -0.2)).epsilon(1e-9));
    CHECK(median({Shape::pert, {4, 4, 4}}) == 4);
}

TEST_CASE("the ends of a spread are its bounds or its 5 and 95 % quantiles") {
    CHECK(lowest({Shape::uniform, {31, 35}}) == 31);
    CHECK(highest({Shape::triangular, {8, 12, 15}}) == 15);
    CHECK(highest({Shape::normal, {0, 1}}) == doctest::Approx(1.644854));
    CHECK(lowest({Shape::lognormal, {1, std::exp(1.2815515655446004)}}) ==
          doctest::Approx(std::exp(-1.644854)));
    CHECK(lowest({Shape::discrete, {1, 0, 2, 1, 3, 1}}) == 2);
    CHECK(highest({Shape::discrete, {1, 0, 2, 1, 3, 1}}) == 3);
    CHECK(highest({Shape::bernoulli, {0.1}}) == 1);
}

TEST_CASE("the nearest name forgives a slip and no more") {
    std::vector<std::string> const names{"amount", "beta", "openai-oracle", "USD", "begin"};
    CHECK(nearest("ammount", names) == "amount");
    CHECK(nearest("betta", names) == "beta");
    CHECK(nearest("usd", names) == "USD");
    CHECK(nearest("bgein", names) == "begin");
    CHECK(nearest("openai_oracle", names) == "openai-oracle");
    CHECK_FALSE(nearest("gamma", names));
    CHECK_FALSE(nearest("m", names));
    CHECK_FALSE(nearest("", names));
    CHECK_FALSE(nearest("x", {}));
    CHECK_FALSE(nearest(std::string(10'000'000, 'x'), names));
}

TEST_CASE("money prints with three digits and a magnitude") {
    CHECK(print_amount(12345678900) == "12.3 B");
    CHECK(print_amount(1e9) == "1.00 B");
    CHECK(print_amount(999.6e6) == "1.00 B");
    CHECK(print_amount(99.96e9) == "100 B");
    CHECK(print_amount(-1.17e9) == "-1.17 B");
    CHECK(print_amount(3.8e12) == "3.80 T");
    CHECK(print_amount(1.234e18) == "1234000 T");
    CHECK(print_amount(12) == "12");
    CHECK(print_amount(0.05) == "0.05");
    CHECK(print_amount(-0.001) == "0");
    CHECK(print_amount(0) == "0");
    CHECK(print_amount(std::nan("")) == "not known");
    CHECK(print_amount(std::numeric_limits<double>::infinity()) == "infinite");
    CHECK(print_amount(std::numeric_limits<double>::max()).size() > 3);
}
