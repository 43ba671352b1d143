// Bad books: each file of tests/errors/books says in its first lines what is wrong and where the
// reader must say so. What cannot stand in a file that people edit (bytes, sizes) is made here.

#include <perpetuum/book/vocabulary_for_tests.hpp>

#include <set>

using namespace perpetuum;
using namespace perpetuum::book_tests;

namespace {

std::string whole_file(std::filesystem::path const& path) {
    std::string content, problem;
    REQUIRE_MESSAGE(read_text_file(path.string(), content, problem), problem);
    return content;
}

/// Every complaint has a place, and no byte of the text reaches the terminal raw.
void check_shown_well(ReadBook const& read) {
    for (auto const& one : read.diagnostics.all()) CHECK_MESSAGE(one.where.text >= 0, one.message);
    for (char const c : read.all) CHECK((c == '\n' || static_cast<unsigned char>(c) >= 0x20));
    CHECK(damaged_utf8(read.all) == std::string_view::npos);
}

void check_refused_with(std::string const& content, std::string const& place_and_message) {
    ReadBook const read = read_text_as_book(content);
    CHECK(read.diagnostics.failed());
    check_shown_well(read);
    CHECK_MESSAGE(read.all.find("book.toml:" + place_and_message) != std::string::npos,
                  place_and_message << " not in\n"
                                    << read.all.substr(0, 2000));
}

std::string ok_base() {
    return whole_file(std::string{PERPETUUM_SOURCE} + "/tests/errors/books/ok-base.toml");
}

std::string with(std::string content, std::string const& old, std::string const& fresh) {
    auto const at = content.find(old);
    REQUIRE(at != std::string::npos);
    return content.replace(at, old.size(), fresh);
}

} // namespace

TEST_CASE("every bad book is refused where it is bad, every good one is read") {
    std::set<std::filesystem::path> files;
    for (auto const& entry :
         std::filesystem::directory_iterator{std::string{PERPETUUM_SOURCE} + "/tests/errors/books"})
        if (entry.path().extension() == ".toml") files.insert(entry.path());
    REQUIRE(files.size() >= 45);
    for (auto const& file : files) {
        CAPTURE(file);
        std::string const content = whole_file(file);
        ReadBook const read = read_folder(file.string());
        check_shown_well(read);
        std::string const mark = "\n# expect: ";
        auto const at = content.find(mark);
        if (at == std::string::npos) {
            // What is said of the others, word by word, is the gallery's business.
            if (file.filename().string().substr(0, 3) == "ok-")
                CHECK_MESSAGE(read.all.empty(), read.all);
            continue;
        }
        auto const begin = at + mark.size();
        std::string const expected = content.substr(begin, content.find('\n', begin) - begin);
        auto const blank = expected.find(' ');
        std::string const wanted = file.string() + ":" + expected.substr(0, blank) +
                                   ": error: " + expected.substr(blank + 1);
        CHECK(read.diagnostics.failed());
        CHECK_MESSAGE(read.all.find(wanted) != std::string::npos, wanted << " not in\n"
                                                                         << read.all);
    }
}

TEST_CASE("a near name is suggested") {
    ReadBook const read =
        read_folder(std::string{PERPETUUM_SOURCE} + "/tests/errors/books/misspelt-key.toml");
    CHECK(read.all.find("   hint: did you mean 'amount'?") != std::string::npos);
}

TEST_CASE("bytes that are no text are refused at their place") {
    check_refused_with(with(ok_base(), "Alpha", "Al\xffpha"), "13:11: error: damaged text");
    check_refused_with(ok_base() + "# caf\xc3", "50:6: error: damaged text");
    check_refused_with(with(ok_base(), "\"100 USD",
                            "\"\xEF\xBB\xBF"
                            "100 USD"),
                       "28:10: error: a byte order mark");
    check_refused_with(with(ok_base(), "Alpha", std::string("Al\0pha", 6)),
                       "13:11: error: a control character");
    check_refused_with(with(ok_base(), "Alpha", "Al\x1bpha"), "13:11: error: a control character");
    std::string carriage = ok_base();
    for (char& c : carriage)
        if (c == '\n') c = '\r';
    check_refused_with(carriage, "1:32: error: a carriage return without a line feed");
}

TEST_CASE("line ends, a byte order mark in front and a missing last line end are fine") {
    std::string crlf;
    for (char const c : ok_base()) crlf += c == '\n' ? std::string{"\r\n"} : std::string{c};
    std::string cut = ok_base();
    cut.pop_back();
    for (std::string const& content : {crlf, cut, "\xEF\xBB\xBF" + ok_base()}) {
        ReadBook const read = read_text_as_book(content);
        CHECK_MESSAGE(read.all.empty(), read.all);
        CHECK(read.book.deals.size() == 3);
    }
    // Columns are right behind a byte order mark and in CRLF texts too.
    check_refused_with("\xEF\xBB\xBFx = 1\n", "1:1: error: unknown table 'x'");
    check_refused_with(with(crlf, "\"beta\"", "\"betta\""), "27:11: error: unknown party 'betta'");
}

TEST_CASE("what is nested too deep or too long is refused at once") {
    auto const repeated = [](std::string const& part, std::size_t times) {
        std::string result;
        for (std::size_t i = 0; i < times; ++i) result += part;
        return result;
    };
    std::string const start = with(ok_base(), "\"100 USD filed [s1]\"", "@");
    check_refused_with(with(start, "@", repeated("[", 20000) + repeated("]", 20000)),
                       "28:41: error: nested more than 32 deep");
    check_refused_with(with(start, "@", repeated("{a=", 20000) + "1" + repeated("}", 20000)),
                       "28:105: error: nested more than 32 deep");
    check_refused_with("a" + repeated(".a", 100000) + " = 1\n",
                       "1:66: error: a key of more than 32 parts");
    check_refused_with("a" + repeated(" . a", 100000) + " = 1\n",
                       "1:131: error: a key of more than 32 parts");
    check_refused_with("[a" + repeated(" . a", 100000) + "]\n",
                       "1:132: error: a key of more than 32 parts");
    check_refused_with("\"" + repeated("k", 300) + "\" = 1\n",
                       "1:1: error: a key longer than 200 bytes");
    check_refused_with("[\"" + repeated("k", 300) + "\"]\n",
                       "1:2: error: a key longer than 200 bytes");
    check_refused_with("a = " + repeated("1", 100000) + "\n",
                       "1:5: error: a name or number longer than 200 bytes");
    check_refused_with("a." + repeated("x.y = {q.", 20) + "r = 1" + repeated("}", 20) + "\n", "1:");
    check_refused_with("a = [1" + repeated(",1", 200'001) + "]\n",
                       "1:400005: error: more than 200,000 keys and values");
    check_refused_with(repeated("[a.b]\n[a]\n", 30000), "40001:5: error: more than 40,000 tables");
    check_refused_with(with(ok_base(), "\"beta\"", "\"" + std::string(300000, 'g') + "\""),
                       "27:11: error: unknown party 'gggg");
    std::string const long_id = std::string(120, 'g');
    check_refused_with(ok_base() + "[entity." + long_id + "]\nkind = \"firm\"\n",
                       "50:9: error: the id of this firm is longer than 100 bytes");
}

TEST_CASE("a table without a name is refused before the TOML library asserts") {
    check_refused_with("[ = 1\n", "1:3: error: the name of a table is missing here");
    check_refused_with("[]\n", "1:2: error: the name of a table is missing here");
    check_refused_with("[[ \xC3\xA9 ]]\n", "1:4: error: the name of a table is missing here");
    check_refused_with("x = 1\n  [", "2:4: error: the name of a table is missing here");
}

TEST_CASE(
    "a letter of another alphabet outside quotes is refused before the TOML library sees it") {
    check_refused_with("\xC3\xA9 = 1\n",
                       "1:1: error: a letter outside a-z A-Z 0-9 - _ needs quotes");
    check_refused_with("x = \xC3\xA9\n",
                       "1:5: error: a letter outside a-z A-Z 0-9 - _ needs quotes");
    check_refused_with("[a.\xC3\xA9]\n",
                       "1:4: error: a letter outside a-z A-Z 0-9 - _ needs quotes");
}

TEST_CASE("letters of other alphabets may stand anywhere in a text of several lines") {
    ReadBook const read = read_text_as_book(
        with(ok_base(), "\"Alpha Labs\"", "\"\"\"\\\n \xC2\xA7 \xC3\xB6 \\\n \xE4\xB8\xAD\"\"\""));
    CHECK_MESSAGE(read.all.empty(), read.all);
    CHECK(read.book.entities[0].name == "\xC2\xA7 \xC3\xB6 \xE4\xB8\xAD");
}

TEST_CASE("an empty book, an empty folder and what is no book are refused") {
    ReadBook const empty = read_text_as_book("");
    CHECK(empty.all.find("error: there is nothing in this book") != std::string::npos);
    BookFolder folder;
    CHECK(read_folder(folder.path.string()).all.find("has no *.toml in it") != std::string::npos);
    CHECK(read_folder((folder.path / "none.toml").string()).all.find("No such file") !=
          std::string::npos);
    CHECK(read_folder("/dev/null").all.find("is not a file") != std::string::npos);
    folder.write("big.toml", "# " + std::string(4'000'001, 'x'));
    CHECK(read_folder(folder.path.string()).all.find("larger than 4000000 bytes") !=
          std::string::npos);
}

TEST_CASE("a file that cannot be read does not make the others wrong") {
    BookFolder folder;
    folder.write("book.toml", head + "[deal.d]\nkind = \"sale\"\nbuyer = \"delta\"\nseller = "
                                     "\"alpha\"\ntotal = \"1 USDD filed [s9]\"\n");
    folder.write("delta.toml", "[entity.delta]\nkind = \"firm\"\nname = \"half\n");
    ReadBook const read = read_folder(folder.path.string());
    CHECK(read.all.find("delta.toml:3:13: error: not TOML") != std::string::npos);
    CHECK(read.all.find("unknown unit 'USDD'") != std::string::npos);
    CHECK(read.diagnostics.errors() == 2); // delta and s9 may stand in the broken file
}

TEST_CASE("a book of many mistakes is answered in bounded time") {
    std::string content = head;
    for (int i = 0; i < 5000; ++i) {
        std::string const n = std::to_string(i);
        content += "[entity.e" + n + "]\nkind = \"firm\"\n[deal.d" + n +
                   "]\nkind = \"sale\"\nbuyer = \"ee" + n + "\"\nseller = \"ff" + n +
                   "\"\ntotal = \"1 USD filed [q" + n + "]\"\n";
    }
    ReadBook const read = read_text_as_book(content);
    CHECK(read.diagnostics.errors() == 15000);
    CHECK(read.all.find("more\n") != std::string::npos);
}
