// The nearest known name, by the optimal string alignment distance (Damerau-Levenshtein without
// overlapping swaps).

#include <perpetuum/base.hpp>

#include <algorithm>

namespace perpetuum {

namespace {

constexpr std::size_t longest_compared =
    100; // the distance costs length², and nobody mistypes longer names

std::string lower_case(std::string_view text) {
    std::string result{text.substr(0, longest_compared)};
    for (char& c : result)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    std::replace(result.begin(), result.end(), '_', '-'); // equations write a hyphen as _
    return result;
}

/// Edits (insert, drop, replace, swap neighbours) from a to b.
std::size_t edits(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), now(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        now[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            now[j] = std::min(
                {last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0u : 1u)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = std::min(now[j], before[j - 2] + 1);
        }
        std::swap(before, last);
        std::swap(last, now);
    }
    return last[b.size()];
}

/// How far a name may be from what was meant: nothing in two letters, three edits in a long one.
std::size_t bound_for(std::size_t length) {
    return length <= 2 ? 0 : length <= 5 ? 1 : length <= 8 ? 2 : 3;
}

} // namespace

std::optional<std::string> nearest(std::string_view name,
                                   std::vector<std::string> const& candidates) {
    std::string const wanted = lower_case(name);
    std::optional<std::string> best;
    std::size_t best_distance = bound_for(wanted.size()) + 1;
    for (auto const& candidate : candidates) {
        std::string const known = lower_case(candidate);
        std::size_t const gap = known.size() > wanted.size() ? known.size() - wanted.size()
                                                             : wanted.size() - known.size();
        if (gap >= best_distance) continue;
        std::size_t const distance = edits(wanted, known);
        if (distance >= best_distance) continue;
        best_distance = distance;
        best = candidate;
    }
    return best;
}

} // namespace perpetuum
