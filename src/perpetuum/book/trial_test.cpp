// Books written by hand before the reader was: they must be readable as they stand.

#include <perpetuum/book/vocabulary_for_tests.hpp>

using namespace perpetuum;
using namespace perpetuum::book_tests;

TEST_CASE("three companies written down by hand before there was a reader are read") {
    std::string const folder = std::string{PERPETUUM_SHARED} + "/prototypes/book";
    if (!std::filesystem::exists(folder)) {
        MESSAGE("skipped: " << folder << " is absent");
        return;
    }
    auto const read = read_folder(folder);
    CHECK_MESSAGE(read.all.empty(), read.all);
    CHECK(read.book.deals.size() == 43);
    CHECK(read.book.sources.size() == 57);
    Diagnostics review = read.diagnostics;
    review_book(read.book, test_vocabulary(), review);
    MESSAGE(review.render(300));
}
