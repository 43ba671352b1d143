/// What it costs to turn texts into a program: an invented economy of n firms with 50 equations each
/// and 5 n contracts, at several n (the ratio to half the size shows how it grows), and the shipped
/// book of the AI economy. Times are of this process alone: others may be at work.
///
/// compile_bench [N …]: other sizes than 250, 500, 1000 and 2000 firms.

#include <perpetuum/instance.hpp>
#include <perpetuum/program.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>

namespace perpetuum {
namespace {

std::string const economy_model = R"(
money USD
unit GW
account loans : asset
account stock : asset
account debt : liability
account revenue : income
account costs : expense
transaction service payer debits costs payee credits revenue
transaction lending payer debits loans payee credits debt
transaction repayment payer debits debt payee credits loans
transaction interest payer debits costs payee credits revenue
sector world

model
  param drift = 2 %
  all_sales : USD = sum(firm.sales),  start 0
  all_fees : USD = sum(supply.fee)
  mean_size = all_sales / max(1 USD, count(firm) * 1 USD)

kind firm
  "Sells to the world, buys from others, borrows and lends."
  param size : USD
  param pace = 1 %
  param price : USD = 3 USD
  sales : USD = sales[-1] * (1 + pace * step / 1 year + drift * 0),  start size
  of_all = sales / max(1 USD, all_sales[-1])
  rivals : USD = mean(firm[it != self].sales[-1], 0)
  others : USD = sum(firm[it != self].sales[-1])
  dearest : USD = max(firm[it != self].price, 0)
  cheapest : USD = min(firm.price, 0)
  large = count(firm[sales[-1] > 150 USD])
  received : USD = sum(supply[seller = self].fee)
  spent : USD = sum(supply[buyer = self].fee)
  open_offers : USD = sum(supply[seller = self and cost > 1 USD].cost)
  owed : USD = sum(all loan[borrower = self].left[-1])
  lent : USD = sum(all loan[lender = self].left[-1])
  gap : USD = rivals - sales[-1] + 0 * (others + dearest + cheapest + large * 1 USD)
  need : USD = max(0, spent + owed / 40 - cash[-1])
  transfer world -> self : sales as service
  transfer self -> world : 0.5 * sales as service rank 7
  entry self : 0.01 * stock[-1] debits costs credits stock
)";

std::string firm_equations() {
    std::string text;
    for (int i = 0; i < 36; ++i) {
        auto const name = [&](int k) {
            return k < 0 ? std::string("gap") : "x" + std::to_string(k);
        };
        text += "  " + name(i) + " : USD = 0.9 * " + name(i) + "[-1] + 0.05 * " + name(i - 1) +
                " + min(size, max(0, " + (i % 2 ? "received" : "need") + " - " + name(i - 1) +
                ")) * " + (i % 3 ? "pace" : "of_all") + ",  start size\n";
    }
    return text;
}

std::string const economy_contracts = R"(
instrument supply (seller: firm, buyer: firm)
  param cost : USD
  param begin : date
  param term : quarter = 20 quarter
  commit buyer -> seller : cost * 20 as service
  on_time = since(begin) - since(begin + term)
  peers : USD = sum(supply[seller = self.seller and it != self].fee[-1])
  fee : USD = cost * on_time * (1 + seller.of_all * 0.01) + 0 * peers
  paid: due buyer -> seller : fee as service rank 2
  got : USD = got[-1] + paid,  start 0
  entry buyer : 0.1 * fee debits stock credits costs
  ends when buyer.defaulted

instrument loan (lender: firm, borrower: firm)
  param limit : USD
  param rate : 1/year = 5 %/year
  commit lender -> borrower : limit as lending
  draw : USD = max(0, min(limit - drawn[-1], borrower.need))
  given: transfer lender -> borrower : draw as lending rank 6
  drawn : USD = drawn[-1] + given,  start 0
  instalment : USD = left[-1] * 0.05
  back: due borrower -> lender : instalment as repayment rank 2
  due borrower -> lender : left[-1] * rate as interest rank 1
  left : USD = max(0, left[-1] + given - back),  start 0
  mark lender : loans to (if borrower.defaulted then 0.4 else 0.99) * left against costs
  ends when borrower.defaulted
)";

/// Firms in a ring of many chords: each sells to four others and lends to one.
std::string economy_book(int firms) {
    std::string text = R"([book]
title = "An invented economy"
as_of = 2025-12-31
currency = "USD"
model = "economy"
outside = "world"

[source]
desk-note = { title = "Invented", date = 2025-11-01, where = "nowhere" }

)";
    auto const id = [&](int i) { return "f" + std::to_string(i % firms); };
    for (int i = 0; i < firms; ++i)
        text += "[entity." + id(i) + "]\nname = \"Firm " + std::to_string(i) +
                "\"\nkind = \"firm\"\nsize = \"" + std::to_string(100 + i % 97) +
                " USD ~ uniform 90..210 derived [desk-note]: invented\"\npace = \"" +
                std::to_string(1 + i % 5) +
                " % assumed [desk]\"\nopening.2025-12-31 = { cash = \"" +
                std::to_string(50 + i % 31) +
                " USD announced [desk-note]\", stock = \"20 USD assumed [desk]\" }\n\n";
    for (int i = 0; i < firms; ++i) {
        for (int k = 0; k < 4; ++k)
            text += "[deal.s" + std::to_string(i) + "-" + std::to_string(k) +
                    "]\nkind = \"supply\"\nseller = \"" + id(i) + "\"\nbuyer = \"" +
                    id(i + 1 + k * 7 + i % 3) +
                    "\"\nsigned = 2025-09-22\nbinding = true\ncost = \"" +
                    std::to_string(2 + (i + k) % 9) +
                    " USD ~ tri 1 3 12 announced [desk-note]\"\nbegin = \"2026-H1 announced "
                    "[desk-note]\"\n\n";
        text += "[deal.l" + std::to_string(i) + "]\nkind = \"loan\"\nlender = \"" + id(i) +
                "\"\nborrower = \"" + id(i + 5) +
                "\"\nsigned = 2025-09-22\nbinding = true\nlimit = \"up to 30 USD announced "
                "[desk-note]\"\nrate = \"5 %/year assumed [desk]\"\n\n";
    }
    return text;
}

struct Texts {
    std::string book; ///< a path
    std::vector<SourceText> models;
};

struct Stages {
    static constexpr int count = 5;
    static constexpr char const* names[count] = {"read book", "parse model", "interpret",
                                                 "instantiate", "compile"};
    double milliseconds[count] = {};
    double all() const {
        double sum = 0;
        for (double const each : milliseconds) sum += each;
        return sum;
    }
    std::size_t entities = 0, contracts = 0, cells = 0, nodes = 0;
};

void require(bool fine, Diagnostics const& diagnostics) {
    if (fine && !diagnostics.failed()) return;
    std::fputs(diagnostics.render(20).c_str(), stdout);
    std::exit(1);
}

/// From texts to a program, once, in the order of the commands.
Stages compiled(Texts const& texts) {
    Stages stages;
    std::clock_t before = std::clock();
    auto const done = [&](int stage) {
        std::clock_t const now = std::clock();
        stages.milliseconds[stage] = 1000.0 * static_cast<double>(now - before) / CLOCKS_PER_SEC;
        before = now;
    };
    Diagnostics diagnostics;
    BookTextPtr const text = read_book_text(texts.book, diagnostics);
    done(0);
    std::vector<int> numbers;
    for (SourceText const& model : texts.models)
        numbers.push_back(diagnostics.add_text(model.name, model.content));
    Model const model = parse_model(numbers, {}, diagnostics);
    require(true, diagnostics);
    done(1);
    Book const book = interpret_book(*text, vocabulary_of(model), std::nullopt, diagnostics);
    require(true, diagnostics);
    done(2);
    System const system = instantiate(book, model, {}, diagnostics);
    require(true, diagnostics);
    done(3);
    Program const program = compile(system, diagnostics);
    require(program.rows > 0, diagnostics);
    done(4);
    stages.entities = book.entities.size();
    stages.contracts = system.contracts.size();
    stages.cells = system.cells.size();
    stages.nodes = system.nodes.size();
    return stages;
}

/// The least of several runs, stage by stage: what disturbs only adds.
Stages least_of(Texts const& texts, int runs) {
    Stages best = compiled(texts);
    for (int i = 1; i < runs; ++i) {
        Stages const next = compiled(texts);
        for (int s = 0; s < Stages::count; ++s)
            best.milliseconds[s] = std::min(best.milliseconds[s], next.milliseconds[s]);
    }
    return best;
}

void print_header(char const* first) {
    std::printf("%-12s", first);
    for (char const* name : Stages::names) std::printf(" %12s", name);
    std::printf(" %10s\n", "ms in all");
}

void print_row(std::string const& name, Stages const& stages) {
    std::printf("%-12s", name.c_str());
    for (double const each : stages.milliseconds) std::printf(" %12.1f", each);
    std::printf(" %10.1f   %zu entities, %zu contracts, %zu cells, %zu nodes\n", stages.all(),
                stages.entities, stages.contracts, stages.cells, stages.nodes);
}

void print_ratios(Stages const& half, Stages const& whole) {
    std::printf("%-12s", "  ratio");
    for (int s = 0; s < Stages::count; ++s)
        std::printf(" %12.2f", whole.milliseconds[s] / half.milliseconds[s]);
    std::printf(" %10.2f\n", whole.all() / half.all());
}

void measure_invented(std::vector<int> const& sizes) {
    auto const file = std::filesystem::temp_directory_path() / "perpetuum-compile-bench.toml";
    print_header("firms");
    Stages half;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        std::ofstream(file) << economy_book(sizes[i]);
        Stages const whole =
            least_of({file.string(),
                      {{"economy.model", economy_model + firm_equations() + economy_contracts}}},
                     sizes[i] <= 1000 ? 3 : 2);
        print_row(std::to_string(sizes[i]), whole);
        if (i > 0) print_ratios(half, whole);
        half = whole;
    }
    std::filesystem::remove(file);
}

void measure_shipped() {
    std::filesystem::path const models = "models/ai-economy", book = "books/ai";
    if (!std::filesystem::is_directory(models) || !std::filesystem::is_directory(book)) {
        std::printf("books/ai: not in this folder, not measured\n");
        return;
    }
    Texts texts{book.string(), {}};
    for (auto const& entry : std::filesystem::directory_iterator(models)) {
        if (entry.path().extension() != ".model") continue;
        SourceText text{entry.path().string(), {}};
        std::string problem;
        require(read_text_file(text.name, text.content, problem), {});
        texts.models.push_back(std::move(text));
    }
    std::sort(texts.models.begin(), texts.models.end(),
              [](auto const& a, auto const& b) { return a.name < b.name; });
    print_header("book");
    print_row("books/ai", least_of(texts, 20));
}

} // namespace
} // namespace perpetuum

int main(int count, char** words) {
    std::vector<int> sizes;
    for (int i = 1; i < count; ++i) sizes.push_back(std::max(50, std::atoi(words[i])));
    perpetuum::measure_shipped();
    perpetuum::measure_invented(sizes.empty() ? std::vector<int>{250, 500, 1000, 2000} : sizes);
}
