/// What reading a file of payments costs. The file is written first and what comes back is checked:
/// every amount, and the number of parties. `network_bench all` takes 10^7 rows (260 MB).

#include <perpetuum/network.hpp>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <sys/resource.h>

namespace perpetuum {
namespace {

struct RowDraws {
    std::uint64_t state = 1;
    std::uint64_t below(std::uint64_t bound) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        return (state >> 33) % bound;
    }
};

struct BenchFile {
    std::string path;
    std::int64_t sum = 0;
};

BenchFile write_rows(std::uint64_t rows, std::uint64_t parties) {
    std::string name = (std::filesystem::temp_directory_path() / "rows-XXXXXX").string();
    int const number = mkstemp(name.data());
    std::FILE* file = number < 0 ? nullptr : fdopen(number, "wb");
    if (file == nullptr) std::exit(1);
    RowDraws draws;
    BenchFile written{name, 0};
    std::fputs("from,to,amount,time\n", file);
    for (std::uint64_t k = 0; k < rows; ++k) {
        std::uint64_t const from = draws.below(parties);
        std::uint64_t const to = (from + 1 + draws.below(parties - 1)) % parties;
        std::uint64_t const cents = 100 + draws.below(1'000'000);
        written.sum += static_cast<std::int64_t>(cents);
        std::fprintf(
            file, "%llu,%llu,%llu.%02llu,%llu\n", static_cast<unsigned long long>(from),
            static_cast<unsigned long long>(to), static_cast<unsigned long long>(cents / 100),
            static_cast<unsigned long long>(cents % 100), static_cast<unsigned long long>(k / 4));
    }
    std::fclose(file);
    return written;
}

void read_rows_once(BenchFile const& file, std::uint64_t rows, std::uint64_t parties, int threads) {
    PaymentFileOptions options;
    options.threads = threads;
    Diagnostics diagnostics;
    PaymentFileCount count;
    auto const begin = std::chrono::steady_clock::now();
    std::clock_t const processor = std::clock();
    auto const list = read_payments(file.path, options, diagnostics, count);
    std::chrono::duration<double> const wall = std::chrono::steady_clock::now() - begin;
    double const used = static_cast<double>(std::clock() - processor) / CLOCKS_PER_SEC;
    std::int64_t sum = 0;
    if (list)
        for (std::int64_t const amount : list->amount) sum += amount;
    if (!list || sum != file.sum || count.kept != rows || list->parties.size() > parties) {
        std::printf("wrong answer: %s\n", print_count(count).c_str());
        std::exit(1);
    }
    std::printf("%llu rows of %.0f MB, %zu parties, %d threads: wall %.3f s, processor %.3f s, "
                "%.0f MB a second of processor\n",
                static_cast<unsigned long long>(rows), static_cast<double>(count.bytes) / 1e6,
                list->parties.size(), threads, wall.count(), used,
                static_cast<double>(count.bytes) / 1e6 / used);
}

} // namespace
} // namespace perpetuum

int main(int count, char** words) {
    using namespace perpetuum;
    bool const all = count > 1 && std::strcmp(words[1], "all") == 0;
    std::uint64_t const rows = all ? 10'000'000 : 1'000'000, parties = rows / 5;
    BenchFile const file = write_rows(rows, parties);
    for (int const threads : {1, 2}) read_rows_once(file, rows, parties, threads);
    std::filesystem::remove(file.path);
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::printf("peak memory: %ld MB\n", usage.ru_maxrss / 1024);
}
