// One row a process, so that its peak memory is its own; bench/networks.py puts them together.
//
//   networks_bench                              the quick rows, on 1 and 2 threads
//   networks_bench ROW [THREADS [RUNS [FILE]]]  a row as JSON
//   networks_bench rows                         name, expected answer, whether threads and --quick count
//   networks_bench write GRAPH FILE [csv]       a graph for other programs

#include "measure.hpp"

#include <cmath>
#include <cstring>
#include <sys/resource.h>

namespace {

using namespace perpetuum::bench;

std::vector<Row> all_rows() {
    std::vector<Row> rows;
    for (auto part : {loop_rows(), file_rows(), circulation_rows(), clearing_rows()})
        rows.insert(rows.end(), part.begin(), part.end());
    return rows;
}

void print_reading(Row const& row, Order const& order) {
    Reading const reading = row.run(order);
    require(row.expected == 0 || std::fabs(reading.answer / row.expected - 1) <= 1e-8,
            std::string(row.name) + ": " + std::to_string(reading.answer) + ", expected " +
                std::to_string(row.expected));
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::printf("{\"row\": \"%s\", \"threads\": %d, \"wall\": %.6f, \"processor\": %.6f, "
                "\"answer\": %.17g, \"peak_mb\": %.1f, \"further\": {",
                row.name, order.threads, reading.time.wall, reading.time.processor, reading.answer,
                static_cast<double>(usage.ru_maxrss) / 1024);
    for (std::size_t k = 0; k < reading.further.size(); ++k)
        std::printf("%s\"%s\": %.6g", k == 0 ? "" : ", ", reading.further[k].first.c_str(),
                    reading.further[k].second);
    std::printf("}}\n");
    std::fflush(stdout);
}

int write_to(char const* graph, char const* path, bool csv) {
    std::FILE* file = std::fopen(path, "wb");
    bool const fine = file != nullptr && write_graph(graph, csv, file);
    if (file != nullptr && std::fclose(file) != 0) return 1;
    return fine ? 0 : 1;
}

} // namespace

int main(int count, char** words) {
    std::vector<Row> const rows = all_rows();
    if (count == 1) {
        for (Row const& row : rows)
            for (int threads = 1; row.quick && threads <= (row.threaded ? 2 : 1); ++threads)
                print_reading(row, {threads, 1, {}});
        return 0;
    }
    std::string const name = words[1];
    if (name == "rows") {
        for (Row const& row : rows)
            std::printf(
                "{\"row\": \"%s\", \"what\": \"%s\", \"expected\": %.17g, \"threaded\": %s, "
                "\"quick\": %s}\n",
                row.name, row.what, row.expected, row.threaded ? "true" : "false",
                row.quick ? "true" : "false");
        return 0;
    }
    if (name == "write" && count >= 4)
        return write_to(words[2], words[3], count > 4 && std::strcmp(words[4], "csv") == 0);
    for (Row const& row : rows) {
        if (name != row.name) continue;
        print_reading(row, {count > 2 ? std::atoi(words[2]) : 1,
                            count > 3 ? std::atoi(words[3]) : 3, count > 4 ? words[4] : ""});
        return 0;
    }
    std::fprintf(stderr, "no row is called '%s'; networks_bench rows lists them\n", words[1]);
    return 2;
}
