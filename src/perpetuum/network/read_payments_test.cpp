#include <doctest/doctest.h>
#include <perpetuum/network.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

using namespace perpetuum;

namespace {

/// A file that lasts as long as the test.
struct PaymentFile {
    std::filesystem::path path;
    explicit PaymentFile(std::string const& content) {
        std::string name = (std::filesystem::temp_directory_path() / "payments-XXXXXX").string();
        int const file = mkstemp(name.data());
        REQUIRE(file >= 0);
        path = name;
        std::ofstream(path, std::ios::binary) << content;
        std::fclose(fdopen(file, "r"));
    }
    PaymentFile(PaymentFile const&) = delete;
    PaymentFile& operator=(PaymentFile const&) = delete;
    ~PaymentFile() { std::filesystem::remove(path); }
};

struct PaymentsRead {
    std::optional<PaymentList> list;
    PaymentFileCount count;
    Diagnostics diagnostics;
};

PaymentsRead read_text(std::string const& content, PaymentFileOptions const& options = {}) {
    PaymentFile const file(content);
    PaymentsRead read;
    read.list = read_payments(file.path.string(), options, read.diagnostics, read.count);
    return read;
}

/// "a>b 12@5" for each payment.
std::string payments_text(PaymentList const& list) {
    std::string text;
    for (std::size_t k = 0; k < list.size(); ++k) {
        text += (text.empty() ? "" : " ") + list.parties[static_cast<std::size_t>(list.from[k])] +
                ">" + list.parties[static_cast<std::size_t>(list.to[k])] + ":" +
                std::to_string(list.amount[k]);
        if (!list.time.empty()) text += "@" + print_time(list.time[k], list.time_form);
    }
    return text;
}

/// Line and column of the first error, and what it says.
std::string first_fault(PaymentsRead const& read) {
    if (read.diagnostics.all().empty()) return {};
    Diagnostic const& first = read.diagnostics.all().front();
    std::string const text = read.diagnostics.render(first);
    auto const at = text.find(":");
    return text.substr(at + 1, text.find('\n') - at - 1);
}

std::string shared_corpus() {
    return std::string(PERPETUUM_SHARED) + "/data/corpora/bad-csv.tar.xz";
}

} // namespace

TEST_CASE("columns stand in any order among others, which are named as ignored") {
    auto const read = read_text("note,to,amount,from\nx,b,5,a\n\"y, z\",c,7,b\n");
    REQUIRE(read.list);
    CHECK(payments_text(*read.list) == "a>b:5 b>c:7");
    CHECK(read.count.ignored == std::vector<std::string>{"note"});
    CHECK(print_count(read.count) == "read 2 rows: kept 2, refused 0");
}

TEST_CASE("a head of a hundred thousand columns is looked through a few times, not once a column") {
    // Once a column, this takes minutes.
    std::string head = "from,to,amount", row = "a,b,5";
    for (int k = 0; k < 100'000; ++k) {
        head += ",c" + std::to_string(k);
        row += ",x";
    }
    auto const read = read_text(head + "\n" + row + "\n");
    REQUIRE(read.list);
    CHECK(payments_text(*read.list) == "a>b:5");
    REQUIRE(read.count.ignored.size() == 100'000);
    CHECK(read.count.ignored.back() == "c99999");
}

TEST_CASE("amounts become whole units of their smallest decimal, whichever row has it") {
    auto const read = read_text("from,to,amount\na,b,5\nb,c,1.25\nc,a,0.5\n");
    REQUIRE(read.list);
    CHECK(payments_text(*read.list) == "a>b:500 b>c:125 c>a:50");
    CHECK(read.list->decimals == 2);
    CHECK(read.list->minor_unit() == doctest::Approx(0.01));
    PaymentFileOptions options;
    options.decimals = 1;
    auto const rounded = read_text("from,to,amount\na,b,5\nb,c,1.25\n", options);
    REQUIRE(rounded.list);
    CHECK(payments_text(*rounded.list) == "a>b:50 b>c:13");
    CHECK(rounded.count.rounded == 1);
}

TEST_CASE("what is paid to oneself or is nothing is left out and counted") {
    auto const read = read_text("from,to,amount\na,a,5\na,b,0\na,b,0.00\na,b,1\n");
    REQUIRE(read.list);
    CHECK(print_count(read.count) ==
          "read 4 rows: kept 1, left out 3 (1 to oneself, 2 of nothing), refused 0");
}

TEST_CASE("times are kept in the form of the first row, kinds by name, lines when asked for") {
    PaymentFileOptions options;
    options.lines = true;
    auto const read =
        read_text("from,to,amount,time,kind\na,b,5,2025-01-31,loan\n\nb,a,6,2025-02-01,"
                  "rent\nb,a,6,2025-02-01,loan\n",
                  options);
    REQUIRE(read.list);
    CHECK(payments_text(*read.list) == "a>b:5@2025-01-31 b>a:6@2025-02-01 b>a:6@2025-02-01");
    CHECK(read.list->kinds == std::vector<std::string>{"loan", "rent"});
    CHECK(read.list->kind == std::vector<int>{0, 1, 0});
    CHECK(read.list->line == std::vector<std::uint32_t>{2, 4, 5});
    auto const mixed = read_text("from,to,amount,time\na,b,5,2025-01-31\na,b,5,7\n");
    CHECK_FALSE(mixed.list);
    CHECK(first_fault(mixed) == "3:7: error: '7' is written otherwise than the first time");
}

TEST_CASE("names are any text, quoted or not") {
    auto const read =
        read_text("from;to;amount\n\"Bank \"\"A\"\"\"; Bäckerei ;5\n\"x;\ny\";\"z\";7\n");
    REQUIRE(read.list);
    CHECK(payments_text(*read.list) == "Bank \"A\">Bäckerei:5 x;\ny>z:7");
    CHECK(read.count.delimiter == ';');
}

TEST_CASE("each damaged row has its line and column, and one refuses the file") {
    auto const read = read_text("from,to,amount\na,b,5\na,b,1 000\n,b,-2\na\na,b,1,9\n");
    CHECK_FALSE(read.list);
    CHECK(first_fault(read) == "3:5: error: '1 000' is no amount");
    CHECK(read.diagnostics.errors() == 4);
    CHECK(print_count(read.count) == "read 5 rows: kept 1, refused 4");
    PaymentFileOptions options;
    options.lenient = true;
    auto const lenient = read_text("from,to,amount\na,b,5\na,b,1 000\n,b,-2\na\nb,a,1\n", options);
    REQUIRE(lenient.list);
    CHECK(payments_text(*lenient.list) == "a>b:5 b>a:1");
    CHECK(print_count(lenient.count) == "read 5 rows: kept 2, refused 3");
    CHECK(lenient.diagnostics.errors() == 0);
    CHECK(lenient.diagnostics.all().size() == 3);
}

TEST_CASE("the place is right behind line ends in quotes and carriage returns") {
    auto const read = read_text("from,to,amount\r\n\"a\nb\",c,1\r\n\"d\n\ne\",\"f\",x\r\n");
    CHECK(first_fault(read) == "6:8: error: 'x' is no amount");
}

TEST_CASE("rows of one currency are not mixed with others; --where takes the rows of one") {
    std::string const text = "from,to,amount,currency\na,b,5,USD\nb,a,6,EUR\n";
    auto const mixed = read_text(text);
    CHECK_FALSE(mixed.list);
    CHECK(first_fault(mixed) == "3:7: error: the currency is 'EUR', in the first row it is 'USD'");
    PaymentFileOptions options;
    options.where = {{"currency", "EUR"}};
    auto const one = read_text(text, options);
    REQUIRE(one.list);
    CHECK(payments_text(*one.list) == "b>a:6");
    CHECK(print_count(one.count) == "read 2 rows: kept 1, left out 1 (1 not asked for), refused 0");
}

TEST_CASE("columns of other names are told") {
    PaymentFileOptions options;
    options.columns = {{"from", "LEI"}, {"amount", "Total"}, {"time", "Period"}};
    auto const read =
        read_text("\"LEI\",\"to\",\"Total\",\"Period\"\n\"x\",\"y\",1.5,201512\n", options);
    REQUIRE(read.list);
    CHECK(payments_text(*read.list) == "x>y:15@201512");
    options.columns = {{"from", "nobody"}};
    auto const missing = read_text("from,to,amount\na,b,1\n", options);
    CHECK(first_fault(missing) == "1:1: error: the first line names no column 'from'");
    options.columns = {{"sum", "amount"}};
    CHECK_FALSE(read_text("from,to,amount\na,b,1\n", options).list);
}

TEST_CASE("sums that would leave 2^62 are refused at their row") {
    auto const read = read_text("from,to,amount\na,b,999999999999999999\nb,a,1\nb,a,0.001\n");
    CHECK_FALSE(read.list);
    CHECK(first_fault(read).starts_with("4:1: error: with this row, amounts add up to 2^62"));
    CHECK(print_count(read.count) == "read 3 rows: kept 2, refused 1");
}

TEST_CASE("a file that is none, is empty or has no columns is refused in words") {
    Diagnostics diagnostics;
    PaymentFileCount count;
    CHECK_FALSE(read_payments("/nowhere/at/all.csv", {}, diagnostics, count));
    CHECK_FALSE(read_payments("/tmp", {}, diagnostics, count));
    CHECK(diagnostics.errors() == 2);
    CHECK_FALSE(read_text("").list);
    CHECK_FALSE(read_text("payer,payee,usd\n").list);
    auto const empty = read_text("from,to,amount");
    REQUIRE(empty.list);
    CHECK(empty.list->size() == 0);
}

TEST_CASE("threads and pieces do not show in the result") {
    std::string text = "from,to,amount,time\n";
    for (std::int64_t k = 0; k < 200'000; ++k)
        text += "firm " + std::to_string(k * 7919 % 5003) + ",\"firm " +
                std::to_string(k * 104729 % 4999) + "\"," + std::to_string(k % 900) +
                (k == 150'000 ? ".125" : "") + "," + std::to_string(k) + "\n";
    REQUIRE(text.size() > 4'000'000);
    PaymentFile const file(text);
    std::vector<std::string> results;
    for (int const threads : {1, 2, 5}) {
        PaymentsRead read;
        PaymentFileOptions options;
        options.threads = threads;
        options.lines = true;
        read.list = read_payments(file.path.string(), options, read.diagnostics, read.count);
        REQUIRE(read.list);
        CHECK(read.count.read == 200'000);
        CHECK(read.count.kept + read.count.to_oneself + read.count.of_nothing == 200'000);
        CHECK(read.list->decimals == 3);
        CHECK(read.list->line.back() == 200'001);
        results.push_back(payments_text(*read.list));
    }
    CHECK(results[0] == results[1]);
    CHECK(results[0] == results[2]);
}

TEST_CASE("a quotation mark left open in a large file ends in an error, not in memory") {
    std::string text = "from,to,amount\n\"a,b,1\n";
    while (text.size() < 9'000'000) text += "alpha,beta,100\n";
    auto const read = read_text(text);
    CHECK_FALSE(read.list);
    CHECK(first_fault(read).find("more than 4 MB") != std::string::npos);
}

TEST_CASE("the damaged files of the corpus are refused, the odd ones are not") {
    if (!std::filesystem::exists(shared_corpus())) {
        MESSAGE("skipped: no corpus of damaged CSV files");
        return;
    }
    std::string name = (std::filesystem::temp_directory_path() / "corpus-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    std::string const command = "tar -xJf '" + shared_corpus() + "' -C '" + name + "'";
    REQUIRE(std::system(command.c_str()) == 0);
    std::ifstream manifest(name + "/bad-csv/MANIFEST.tsv");
    std::string line;
    std::getline(manifest, line);
    int files = 0;
    while (std::getline(manifest, line)) {
        auto const first = line.find('\t'), second = line.find('\t', first + 1);
        std::string const file = line.substr(0, first);
        std::string const verdict = line.substr(first + 1, second - first - 1);
        Diagnostics diagnostics;
        PaymentFileCount count;
        auto const list = read_payments(name + "/bad-csv/" + file, {}, diagnostics, count);
        CHECK_MESSAGE(list.has_value() == (verdict != "bad"), file);
        if (list) CHECK_MESSAGE(std::to_string(list->size()) == line.substr(second + 1), file);
        ++files;
    }
    CHECK(files == 16);
    std::filesystem::remove_all(name);
}
