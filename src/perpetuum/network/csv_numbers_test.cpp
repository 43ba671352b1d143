#include <doctest/doctest.h>
#include <perpetuum/network.hpp>

using namespace perpetuum;

namespace {

/// "digits/decimals", or "-" when it is no amount.
std::string amount_of(std::string const& text, int decimals = -1) {
    auto const amount = parse_decimal_amount(text, decimals);
    if (!amount) return "-";
    return std::to_string(amount->digits) + "/" + std::to_string(amount->decimals) +
           (amount->rounded ? " rounded" : "");
}

std::string time_of(std::string const& text) {
    TimeRead const time = parse_time(text);
    return time.form == TimeForm::none ? "-" : print_time(time.value, time.form);
}

} // namespace

TEST_CASE("an amount is its digits and as few decimals as it needs") {
    CHECK(amount_of("12") == "12/0");
    CHECK(amount_of("12.50") == "125/1");
    CHECK(amount_of("0.00") == "0/0");
    CHECK(amount_of("007.010") == "701/2");
    CHECK(amount_of("1.25e3") == "1250/0");
    CHECK(amount_of("5E-3") == "5/3");
    CHECK(amount_of("+4.") == "4/0");
    CHECK(amount_of("123456789012345678") == "123456789012345678/0");
    CHECK(amount_of("63.0456319999983") == "630456319999983/13");
    CHECK(amount_of("100000000000000000000.000e-10") == "10000000000/0");
}

TEST_CASE("what is not a number of at most 18 digits from 0 on is no amount") {
    for (std::string const text :
         {"", ".", "-1", "nan", "inf", "1,5", "1.234,56", "1 000", "0x10", "1e", "1e99", "1..2",
          "1234567890123456789", "12a", "1e-19", "$5", "e5"})
        CHECK_MESSAGE(amount_of(text) == "-", text);
}

TEST_CASE("asked for decimals, an amount is rounded half away from zero") {
    CHECK(amount_of("1.005", 2) == "101/2 rounded");
    CHECK(amount_of("1.004", 2) == "1/0 rounded");
    CHECK(amount_of("9.996", 2) == "10/0 rounded");
    CHECK(amount_of("0.4", 0) == "0/0 rounded");
    CHECK(amount_of("0.5", 0) == "1/0 rounded");
    CHECK(amount_of("0.0004", 2) == "0/0 rounded");
    CHECK(amount_of("1.50", 2) == "15/1");
    CHECK(amount_of("137026.23590399997123", 2) == "13702624/2 rounded");
}

TEST_CASE("times are integers, dates or date-times, and print as they were read") {
    for (std::string const text :
         {"0", "-5", "1289241912", "1970-01-01", "2024-02-29", "2000-12-31", "2025-01-31T12:30:15",
          "2025-01-31T12:30:15.250000"})
        CHECK(time_of(text) == text);
    CHECK(parse_time("1970-01-02").value == 86'400);
    CHECK(parse_time("2000-03-01").value == 951'868'800); // as `date -d 2000-03-01 +%s` says
    CHECK(time_of("2025-01-31 12:30") == "2025-01-31T12:30:00");
    CHECK(time_of("2025-01-31T00:30:00+01:00") == "2025-01-30T23:30:00");
    CHECK(time_of("2025-01-31T12:30:15.25Z") == "2025-01-31T12:30:15.250000");
}

TEST_CASE("days that the calendar does not have are no times") {
    for (std::string const text :
         {"2025-02-29", "2025-13-01", "2025-00-10", "2025-1-1", "31.01.2025", "2025-01-31T25:00",
          "2025-01-31T12", "2025-01-31T12:30:15.", "2025-01-31T12:30+1", "12:30", "", "1e5"})
        CHECK_MESSAGE(time_of(text) == "-", text);
}
