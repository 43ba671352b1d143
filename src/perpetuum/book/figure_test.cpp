// The grammar of figures, example by example as on the handbook's page.

#include <perpetuum/book/vocabulary_for_tests.hpp>

#include <cmath>

using namespace perpetuum;
using namespace perpetuum::book_tests;

namespace {

Figure figure_of(std::string const& text, std::optional<FiscalYear> fiscal = {}) {
    Diagnostics diagnostics;
    int const number = diagnostics.add_text("figure", text);
    auto const figure = parse_figure(text, {number, 0, static_cast<std::uint32_t>(text.size())},
                                     Units::for_books(), fiscal, diagnostics);
    REQUIRE_MESSAGE(figure, diagnostics.render());
    CHECK(diagnostics.all().empty());
    return *figure;
}

/// The one complaint about a figure; `under` is what its caret run covers.
Diagnostic complaint(std::string const& text, std::string& under) {
    Diagnostics diagnostics;
    int const number = diagnostics.add_text("figure", text);
    CHECK_FALSE(parse_figure(text, {number, 0, static_cast<std::uint32_t>(text.size())},
                             Units::for_books(), {}, diagnostics));
    REQUIRE_MESSAGE(diagnostics.all().size() == 1, text);
    Diagnostic const one = diagnostics.all()[0];
    under = text.substr(one.where.begin, one.where.end - one.where.begin);
    return one;
}

void check_refused(std::string const& text, std::string const& message, std::string const& where,
                   std::string const& hint = {}) {
    std::string under;
    Diagnostic const one = complaint(text, under);
    CHECK_MESSAGE(one.message.find(message) != std::string::npos, text << ": " << one.message);
    CHECK_MESSAGE(one.hint.find(hint) != std::string::npos, text << ": " << one.hint);
    CHECK_MESSAGE(under == where, text << ": under " << under);
}

} // namespace

TEST_CASE("a plain figure has a value, a unit, a standing and a source with its place") {
    Figure const figure = figure_of("11.9 B USD filed [crwv-8k p.3]");
    CHECK(figure.holds == Figure::Holds::amount);
    CHECK(figure.value == doctest::Approx(11.9e9));
    CHECK(figure.unit.same_dimension(unit("USD")));
    CHECK(figure.standing == Standing::filed);
    REQUIRE(figure.sources.size() == 1);
    CHECK(figure.sources[0].id == "crwv-8k");
    CHECK(figure.sources[0].place == "p.3");
    CHECK(figure.spread.shape == Shape::point);
    CHECK(print_figure(figure) == "11.9 B USD filed");
}

TEST_CASE("the unit says whether a figure is a total or per year") {
    CHECK(figure_of("30 B USD/year filed [x]").value == doctest::Approx(30e9 / 12));
    CHECK(figure_of("4.50 %/year filed [x]").value == doctest::Approx(0.045 / 12));
    CHECK(figure_of("67 % filed [x]").value == doctest::Approx(0.67));
    CHECK(figure_of("12 month filed [x]").value == 12);
    CHECK(figure_of("850 MW filed [x]").value == doctest::Approx(0.85));
    CHECK(figure_of("3.8 T JPY reported [x]").value == doctest::Approx(3.8e12));
    CHECK(figure_of("0.5/year filed [x]").value == doctest::Approx(0.5 / 12));
    CHECK(figure_of("0.5 1/year filed [x]").unit.same_dimension(unit("1/month")));
    CHECK(figure_of("67% filed [x]").value == doctest::Approx(0.67)); // the blank may be left out
}

TEST_CASE("a range is uniform and its centre is the value") {
    Figure const figure = figure_of("31..35 B USD announced [q1-call]");
    CHECK(figure.value == doctest::Approx(33e9));
    CHECK(figure.spread.shape == Shape::uniform);
    CHECK(figure.spread.parameters == std::vector<double>{31e9, 35e9});
    CHECK_FALSE(figure.spread_written);
}

TEST_CASE("a spread is in the scale and unit of its figure") {
    Figure const chips = figure_of("400 k GPU ~ uniform 300..400 reported [ft]");
    CHECK(chips.value == 400e3);
    CHECK(chips.spread.parameters == std::vector<double>{300e3, 400e3});
    CHECK(chips.spread_written);
    Figure const share = figure_of("40 % ~ uniform 10..70 assumed [desk]");
    CHECK(share.spread.parameters[1] == doctest::Approx(0.7));
    CHECK(figure_of("12 B USD ~ tri 8 12 15 assumed [desk]").spread.shape == Shape::triangular);
    CHECK(figure_of("12 B USD ~ pert 8 12 15 assumed [desk]").spread.shape == Shape::pert);
    CHECK(figure_of("5 year ~ normal 5 0.5 assumed [desk]").spread.parameters[1] ==
          doctest::Approx(6));
    CHECK(figure_of("5 B USD ~ lognormal 5 9 assumed [desk]").spread.parameters[1] == 9e9);
    Figure const discrete =
        figure_of("2 GW ~ discrete 1:0.2 2:0.5 3:0.3 assumed [desk]: three sizes");
    CHECK(discrete.spread.parameters == std::vector<double>{1, 0.2, 2, 0.5, 3, 0.3});
    CHECK(discrete.remark == "three sizes");
}

TEST_CASE("bounds and bases stand before the amount and are printed with it") {
    CHECK(figure_of("up to 100 B USD announced [loi]").bound == Bound::up_to);
    CHECK(
        figure_of("at least 10 B USD ~ uniform 10..14 reported [x]: the spread is assumed").bound ==
        Bound::at_least);
    CHECK(figure_of("about 5 year reported [x]").bound == Bound::about);
    CHECK(figure_of("post-money 500 B USD reported [bbg]").basis == "post-money");
    CHECK(figure_of("site 1.2 GW reported [ft]").basis == "site");
    CHECK(print_figure(figure_of("was up to 35 B USD ~ uniform 20..35 announced [q1]")) ==
          "up to 35 B USD announced");
}

TEST_CASE("a figure may hold a date as coarse as it is known") {
    Figure const half = figure_of("2026-H2 announced [amd-8k]");
    CHECK(half.holds == Figure::Holds::period);
    CHECK(half.period == *parse_period("2026-H2"));
    CHECK(figure_of("2027 announced [x]").period == *parse_period("2027"));
    CHECK(figure_of("2026..2028 assumed [desk]").period == *parse_period("2026..2028"));
    CHECK(figure_of("2025-09-22 filed [x]").period == *parse_period("2025-09-22"));
    FiscalYear const oracle{2026, end_of("2026-05-31")};
    CHECK(figure_of("FY2028 filed [x]", oracle).period.end == date_of(2028, 6));
    CHECK(figure_of("about 2030 reported [x]").bound == Bound::about);
    // With a unit behind it the same text is a number.
    CHECK(figure_of("2027 USD filed [x]").value == 2027);
    CHECK(figure_of("2000..3000 GPU filed [x]").value == 2500);
}

TEST_CASE("a figure may be undisclosed, overtaken or a word") {
    CHECK(figure_of("undisclosed announced [pr]").holds == Figure::Holds::undisclosed);
    CHECK(figure_of("was 35 B USD announced [q1]").was);
    Figure const word = figure_of("cash disputed [x]");
    CHECK(word.holds == Figure::Holds::word);
    CHECK(word.word == "cash");
    CHECK(word.standing == Standing::disputed);
}

TEST_CASE("a remark begins at the first colon outside brackets and may hold anything") {
    Figure const figure =
        figure_of("8.5 B USD derived [vcpost p. 3: table] [b]: 20 less 11.5 [undrawn]: so far");
    CHECK(figure.remark == "20 less 11.5 [undrawn]: so far");
    CHECK(figure.sources.size() == 2);
    CHECK(figure.sources[0].place == "p. 3: table");
}

TEST_CASE("minus is a number's") {
    CHECK(figure_of("-1.17 B USD filed [10-k]").value == doctest::Approx(-1.17e9));
    CHECK(figure_of("-5..-3 % filed [x]").value == doctest::Approx(-0.04));
}

TEST_CASE("a wrong figure is refused with the caret under what is wrong") {
    check_refused("40 bn USD reported [x]", "unknown unit 'bn'", "bn", "'B'");
    check_refused("40 mn USD reported [x]", "unknown unit 'mn'", "mn", "'M'");
    check_refused("12 m reported [x]", "unknown unit 'm'", "m", "'month'");
    check_refused("400,000 GPU reported [x]", "has a comma", "400,000", "400 k");
    check_refused("5 percent reported [x]", "unknown unit 'percent'", "percent", "'%'");
    check_refused("5/yaer reported [x]", "unknown unit 'yaer'", "yaer", "year");
    check_refused("5/ reported [x]", "a unit's name is missing here", " ");
    check_refused("10 USDD reported [x]", "unknown unit 'USDD'", "USDD", "did you mean 'USD'");
    check_refused("10 B USD/yaer reported [x]", "unknown unit 'yaer'", "yaer", "year");
    check_refused("10 B USD heard [x]", "unknown standing 'heard'", "heard", "announced");
    check_refused("10 B USD reportd [x]", "unknown standing 'reportd'", "reportd",
                  "did you mean 'reported'");
    check_refused("10 B USD reported", "a standing without a source", "reported");
    check_refused("10 B USD [x]", "a source without a standing", "x");
    check_refused("nan USD filed [x]", "is no number", "nan");
    check_refused("NaN USD filed [x]", "is no number", "NaN");
    check_refused("1e400 USD filed [x]", "has an exponent", "1e400");
    check_refused("1e9 USD filed [x]", "has an exponent", "1e9", "2 B");
    check_refused("10 B USD reported [x", "is not closed", "[");
    check_refused("~ 10 B USD filed [x]", "must begin with its value", "~");
    check_refused("", "a figure is missing", "");
    check_refused("10 B USD filed []", "a source is missing", "");
    check_refused("2026-02-30 filed [x]", "no such date", "2026-02-30");
    check_refused("2026-13 filed [x]", "no such date", "2026-13");
    check_refused("FY2026 filed [x]", "a fiscal year without a firm", "FY2026");
    check_refused("35..31 B USD filed [x]", "the lower end", "35..31");
    check_refused("5 B USD ~ normal 5 -1 filed [x]", "must not be negative", "normal 5 -1");
    check_refused("5 B USD ~ uniform 9..1 filed [x]", "above the upper one", "uniform 9..1");
    check_refused("5 B USD ~ tri 9 1 2 filed [x]", "must rise", "tri 9 1 2");
    check_refused("5 B USD ~ gauss 1 2 filed [x]", "unknown spread 'gauss'", "gauss 1 2");
    check_refused("5 B USD ~ filed [x]", "a spread is missing", "~");
    check_refused("5 B USD ~ lognormal 0 2 filed [x]", "0 < median", "lognormal 0 2");
    check_refused("5 B USD ~ discrete 1:0 filed [x]", "more than 0", "discrete 1:0");
    check_refused("2026 ~ uniform 1..2 filed [x]", "a spread needs a number", "~");
    check_refused("10 B USD filed [x] and more", "did not expect 'and'", "and");
    check_refused("ten B USD filed [x]", "did not expect 'B'", "B");
    check_refused("+5 B USD filed [x]", "is no number", "+5");
    check_refused(".5 B USD filed [x]", "is no number", ".5");
    check_refused("next spring", "did not expect 'spring'", "spring");
}

TEST_CASE("hostile figures are refused in linear time") {
    std::string under;
    complaint(std::string(1'000'000, '9') + " USD filed [x]", under);
    complaint(std::string(300'000, '['), under);
    complaint("1 " + std::string(500'000, '~'), under);
    std::string sources = "1 USD filed ";
    for (int i = 0; i < 100'000; ++i) sources += "[a] ";
    CHECK(complaint(sources, under).message == "more than 50 sources of one figure");
    CHECK(complaint("1 \x1b[31mUSD filed [x]", under).message.find('\x1b') == std::string::npos);
}
