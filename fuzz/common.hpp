#pragma once
// What both fuzz targets do with a text that was read: show what was said of it, run what it means.

#include <perpetuum/book.hpp>
#include <perpetuum/instance.hpp>
#include <perpetuum/model.hpp>

#include <ctime>

namespace perpetuum::fuzz {

/// Ends the program, for libFuzzer to keep the input: a promise of the library is broken.
void require(bool holds, char const* promise);

/// An input that takes longer ends the program. Processor time, not the clock's: fuzzers run beside
/// other work, at the lowest priority, and libFuzzer's own -timeout sees only the clock.
class ShortWork {
  public:
    ShortWork() : begin_(std::clock()) {}
    ShortWork(ShortWork const&) = delete;
    ~ShortWork() {
        require(std::clock() - begin_ < 10 * CLOCKS_PER_SEC, "an input takes less than 10 seconds");
    }

  private:
    std::clock_t begin_;
};

/// What is printed has no raw control character and is UTF-8; every error has words.
void check_shown_well(Diagnostics const& diagnostics);

/// Instance, program and `steps` steps of one lane, as far as there are no errors; what is said on
/// the way has its place in the texts of `diagnostics`.
void run_book(Book const& book, Model const& model, int steps, Diagnostics diagnostics);

} // namespace perpetuum::fuzz
