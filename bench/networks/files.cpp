// Files of payments: reading 10^7 rows, and from the file to the loops in it.

#include "graphs.hpp"
#include "measure.hpp"

#include <perpetuum/loops.hpp>

#include <filesystem>

namespace perpetuum::bench {
namespace {

/// The file that was named, or one that is written for the moment.
class PaymentFile {
  public:
    PaymentFile(Order const& order, char const* graph) : path_(order.file) {
        if (!path_.empty()) return;
        path_ = (std::filesystem::temp_directory_path() / "payments-XXXXXX").string();
        int const number = mkstemp(path_.data());
        std::FILE* file = number < 0 ? nullptr : fdopen(number, "wb");
        require(file != nullptr && write_graph(graph, true, file), "no temporary file");
        std::fclose(file);
        mine_ = true;
    }
    PaymentFile(PaymentFile const&) = delete;
    PaymentFile& operator=(PaymentFile const&) = delete;
    ~PaymentFile() {
        if (mine_) std::filesystem::remove(path_);
    }
    std::string const& path() const { return path_; }

  private:
    std::string path_;
    bool mine_ = false;
};

PaymentList read_all(PaymentFile const& file, Order const& order, PaymentFileCount& count) {
    PaymentFileOptions options;
    options.threads = order.threads;
    Diagnostics diagnostics;
    auto list = read_payments(file.path(), options, diagnostics, count);
    require(list.has_value(), "the file could not be read");
    return std::move(*list);
}

Reading read_rows(char const* graph, Order const& order) {
    PaymentFile const file(order, graph);
    double sum = 0;
    PaymentFileCount count;
    Reading reading;
    reading.time = least_of(order.runs, [&] {
        PaymentList const list = read_all(file, order, count);
        std::int64_t minor = 0;
        for (std::int64_t const amount : list.amount) minor += amount;
        sum = static_cast<double>(minor);
    });
    reading.answer = sum;
    reading.further.emplace_back("rows", static_cast<double>(count.kept));
    reading.further.emplace_back("MB/s of processor",
                                 static_cast<double>(count.bytes) / 1e6 / reading.time.processor);
    return reading;
}

/// End to end: from a file to the number of loops.
Reading file_to_loops(Order const& order) {
    PaymentFile const file(order, "tt7");
    TemporalRules rules;
    rules.window = day;
    LoopBudget budget;
    budget.threads = order.threads;
    LoopTally tally;
    Seconds read;
    Reading reading;
    reading.time = least_of(order.runs, [&] {
        PaymentFileCount count;
        PaymentList list;
        Seconds const once = least_of(1, [&] { list = read_all(file, order, count); });
        read.wall = std::min(read.wall, once.wall);
        read.processor = std::min(read.processor, once.processor);
        tally = search_temporal_loops(list, {}, rules, budget);
    });
    require(tally.complete, "the search was cut");
    reading.answer = static_cast<double>(tally.count);
    reading.further.emplace_back("reading, wall", read.wall);
    reading.further.emplace_back("reading, processor", read.processor);
    return reading;
}

Reading read_tt6(Order const& order) { return read_rows("tt6", order); }
Reading read_tt7(Order const& order) { return read_rows("tt7", order); }

} // namespace

std::vector<Row> file_rows() {
    return {
        {"read-tt6", "a CSV file of 10^6 rows, 200,000 parties", 796'847'820, true, true, read_tt6},
        {"read-tt7", "a CSV file of 10^7 rows, 2,000,000 parties", 7'821'869'979, true, false,
         read_tt7},
        {"file-tt7", "from a CSV file of 10^7 rows to its loops within a day", 20'150, true, false,
         file_to_loops},
    };
}

bool write_graph(std::string const& name, bool csv, std::FILE* file) {
    GraphSeed const* seed = seed_of(name.c_str());
    if (seed == nullptr) return false;
    char const* const line = csv ? "%u,%u,%lld,%lld\n" : "%u %u %lld %lld\n";
    if (csv) std::fputs("from,to,amount,time\n", file);
    for (reference::Payment const& payment : payments_of(*seed))
        std::fprintf(file, line, payment.from, payment.to, static_cast<long long>(payment.amount),
                     static_cast<long long>(payment.time));
    return true;
}

} // namespace perpetuum::bench
