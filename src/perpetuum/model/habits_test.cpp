#include <perpetuum/model.hpp>

#include <doctest/doctest.h>

using namespace perpetuum;

namespace {

std::string said_of(std::string const& content) {
    Diagnostics diagnostics;
    int const text = diagnostics.add_text("x.model", content);
    parse_model({text}, {}, diagnostics);
    std::string said;
    for (auto const& diagnostic : diagnostics.all())
        if (diagnostic.severity != Severity::note) said += diagnostic.message + "\n";
    return said;
}

std::string const mark = "\xEF\xBB\xBF";

} // namespace

TEST_CASE("a byte order mark at the beginning is read over, elsewhere it is refused") {
    CHECK(said_of(mark + "model\n  x = 1\n") == "");
    // The first column is the one behind it: a header there closes what was left open.
    CHECK(said_of(mark + "# said above\nmodel\n  x = 1\n") == "");
    CHECK(said_of("model\n  x = 1" + mark + "\n") == "unexpected character '\\u{feff}'\n");
}

TEST_CASE("laid out, a text has no byte order mark") {
    CHECK(format_model(mark + "# said above\n model\nx = 1\n") == "# said above\nmodel\n  x = 1\n");
    // Found by the fuzzer: of two, each layout took one; of one behind a blank, the second.
    for (std::string const& before : {mark + mark, " " + mark, mark + "\n\t" + mark})
        CHECK(format_model(before + "model\n  x = 1\n") == "model\n  x = 1\n");
}

TEST_CASE("a star joins units where a unit can only be meant, and multiplies everywhere else") {
    std::string const units =
        "unit worker, good\nmodel\n  param per : worker*good = 2 worker*good\n";
    CHECK(said_of(units + "  x : good^2*worker = per * 3 good\n") == "");
    CHECK(said_of(units + "  price = 5 good\n  x : worker*good = 2 worker*price\n") == "");
    CHECK(said_of(units + "  y = 4 good\n  x : worker*good = 2 worker*y\n") == "");
}

TEST_CASE("an amount in years is no mistake where nothing is called y") {
    CHECK(said_of("model\n  x = 2 y + 3 q\n") == "");
    CHECK(said_of("model\n  k = 3\n  x = 2 k\n") ==
          "'2 k' would be one number, but 'k' is also a name here\n");
    CHECK(said_of("model\n  k = 3\n  x = 2 M\n") == "");
    // Somebody else's name is none here.
    CHECK(said_of("model\n  x = 2 k\nkind firm\n  k = 3\n") == "");
}

TEST_CASE("a start that rests on a variable without one is warned of once") {
    CHECK(said_of("model\n  y = 5\n  x = x[-1] + 1, start 2 * y\n") ==
          "a start rests on 'y', which has none itself: it begins at 0\n");
    CHECK(said_of("model\n  y = 5,  start 5\n  x = x[-1] + 1, start 2 * y\n") == "");
    CHECK(said_of("model\n  y = 5 + y[-1]\n  x = x[-1] + 1, start 2 * y\n") ==
          "'y' is read with a lag and has no start: it begins at 0\n");
}

TEST_CASE("what rests on a parameter that says nothing has the unit that the rest gives it") {
    CHECK(said_of("unit good\nmodel\n  worth = price * stock\n  more = worth + 3 good\n"
                  "  param price\n  param stock = 2 good\n") == "");
    CHECK(said_of("unit good\nmodel\n  param price\n  more = price + 3 good\n") ==
          "cannot add a plain number and 'good'\n");
}
