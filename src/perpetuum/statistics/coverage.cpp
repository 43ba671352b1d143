/// Sets of path numbers as rising ranges that do not touch.

#include <perpetuum/statistics.hpp>

#include <algorithm>

namespace perpetuum {
namespace {

using Range = Coverage::Range;

/// Both lists rise; what lies in both.
std::vector<Range> overlap(std::vector<Range> const& a, std::vector<Range> const& b) {
    std::vector<Range> out;
    for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
        Range const both{std::max(a[i].begin, b[j].begin), std::min(a[i].end, b[j].end)};
        if (both.begin < both.end) out.push_back(both);
        ++(a[i].end < b[j].end ? i : j);
    }
    return out;
}

std::vector<Range> joined(std::vector<Range> const& a, std::vector<Range> const& b) {
    std::vector<Range> all(a.size() + b.size()), out;
    std::merge(a.begin(), a.end(), b.begin(), b.end(), all.begin(),
               [](Range x, Range y) { return x.begin < y.begin; });
    for (Range const& one : all)
        if (!out.empty() && out.back().end == one.begin)
            out.back().end = one.end;
        else
            out.push_back(one);
    return out;
}

std::string print_count(std::uint64_t number) {
    std::string digits = std::to_string(number);
    for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
    return digits;
}

} // namespace

bool Coverage::add(Range range) {
    if (range.begin > range.end) return false;
    if (range.begin == range.end) return true;
    auto const next = std::lower_bound(ranges_.begin(), ranges_.end(), range.begin,
                                       [](Range r, std::uint64_t at) { return r.end < at; });
    auto here = next; // the first that ends where this begins, or later
    if (here != ranges_.end() && here->end == range.begin) {
        auto const after = std::next(here);
        if (after != ranges_.end() && after->begin < range.end) return false;
        here->end = range.end;
        if (after != ranges_.end() && after->begin == range.end) {
            here->end = after->end;
            ranges_.erase(after);
        }
        return true;
    }
    if (here != ranges_.end() && here->begin < range.end) return false;
    if (here != ranges_.end() && here->begin == range.end)
        here->begin = range.begin;
    else
        ranges_.insert(here, range);
    return true;
}

bool Coverage::merge(Coverage const& other) {
    if (!shared(other).empty()) return false;
    ranges_ = joined(ranges_, other.ranges_);
    return true;
}

std::uint64_t Coverage::count() const {
    std::uint64_t sum = 0;
    for (Range const& range : ranges_) sum += range.end - range.begin;
    return sum;
}

std::vector<Range> Coverage::missing(std::uint64_t paths) const {
    std::vector<Range> out;
    std::uint64_t next = 0;
    for (Range const& range : ranges_) {
        if (range.begin >= paths) break;
        if (range.begin > next) out.push_back({next, range.begin});
        next = range.end;
    }
    if (next < paths) out.push_back({next, paths});
    return out;
}

std::vector<Range> Coverage::shared(Coverage const& other) const {
    return overlap(ranges_, other.ranges_);
}

std::string print_ranges(std::vector<Range> const& ranges) {
    std::string out;
    std::size_t const shown = ranges.size() <= 8 ? ranges.size() : 7;
    for (std::size_t i = 0; i < shown; ++i) {
        if (i > 0) out += ", ";
        out += print_count(ranges[i].begin);
        if (ranges[i].end - ranges[i].begin > 1) out += "–" + print_count(ranges[i].end - 1);
    }
    if (shown < ranges.size()) out += " and " + std::to_string(ranges.size() - shown) + " more";
    return out;
}

} // namespace perpetuum
