#pragma once
// What the figures of a book say of it as a whole, for its report.

#include "loading.hpp"

#include <functional>

namespace perpetuum {

/// Every figure in use that has a standing, as `standings` counts them: of the entries, and shares of
/// owners and roles, where opening cash came from, options, answers, chances, days, rates.
void for_each_used_figure(Book const& book,
                          std::function<void(std::string const&, Figure const&)> const& visit);

/// The day by which is paid what the book dates as paid: the start, or the end of the last such
/// period that was known, exclusive as all ends.
Date paid_until(Book const& book);
/// The day before an end, which is exclusive.
std::string last_day(Date end);

/// What is said instead of a table of promises.
std::string no_promises(Book const& book);

/// A source's date as the book has it ("2026", "2025-12", "2026-03-31"): a month or a year is no day.
/// Where its text is not found, or says another end than the date that was read, the date's day; empty
/// without a date.
std::string written_date(Source const& source, Book const& book, Diagnostics const& diagnostics);

} // namespace perpetuum
