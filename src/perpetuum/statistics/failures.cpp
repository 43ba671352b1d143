/// Counts of who fails when, and of paths that could not be computed.

#include <perpetuum/base.hpp>
#include <perpetuum/statistics.hpp>

#include <algorithm>

namespace perpetuum {
namespace {

std::size_t place(int index) { return static_cast<std::size_t>(index); }

void add_counts(std::vector<std::uint64_t>& counts, std::vector<std::uint64_t> const& more) {
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += more[i];
}

void check_index(char const* what, int index, int least, int most) {
    if (index < least || index > most)
        throw BadInput{std::string("a ") + what + " is " + std::to_string(least) + " to " +
                       std::to_string(most) + ", found " + std::to_string(index)};
}

} // namespace

FailureTable::FailureTable(int firms, int steps) : firms_(firms), steps_(steps) {
    check_index("number of firms", firms, 0, 4096);
    check_index("number of steps", steps, 0, 100'000);
    if (std::uint64_t{place(firms)} * place(steps) > 10'000'000)
        throw BadInput{"firms times steps is at most 10,000,000, found " +
                       std::to_string(std::uint64_t{place(firms)} * place(steps))};
    first_.resize(place(firms) * place(steps + 1));
    earlier_.resize(place(firms) * place(firms));
    same_.resize(earlier_.size());
    exactly_.resize(place(firms + 1));
}

void FailureTable::add(int const* first_default, std::size_t paths, std::uint8_t const* counted) {
    for (std::size_t i = 0; i < place(firms_) * paths; ++i)
        if (!counted || counted[i % paths])
            check_index("step of a default", first_default[i], 0, steps_);
    std::vector<int> failing;
    for (std::size_t path = 0; path < paths; ++path) {
        if (counted && !counted[path]) continue;
        ++paths_;
        failing.clear();
        auto const step_of = [&](int firm) { return first_default[place(firm) * paths + path]; };
        for (int firm = 0; firm < firms_; ++firm) {
            ++first_[place(firm) * place(steps_ + 1) + place(step_of(firm))];
            if (step_of(firm) == 0) continue;
            for (int other : failing) {
                bool const earlier = step_of(other) < step_of(firm);
                if (step_of(other) == step_of(firm))
                    ++same_[place(other) * place(firms_) + place(firm)];
                else
                    ++earlier_[place(earlier ? other : firm) * place(firms_) +
                               place(earlier ? firm : other)];
            }
            failing.push_back(firm);
        }
        ++exactly_[failing.size()];
    }
}

void FailureTable::merge(FailureTable const& other) {
    if (firms_ != other.firms_ || steps_ != other.steps_)
        throw BadInput{"failure tables of other firms or steps cannot be merged"};
    paths_ += other.paths_;
    add_counts(first_, other.first_);
    add_counts(earlier_, other.earlier_);
    add_counts(same_, other.same_);
    add_counts(exactly_, other.exactly_);
}

std::uint64_t FailureTable::at(int firm, int step) const {
    check_index("firm", firm, 0, firms_ - 1);
    check_index("step", step, 0, steps_);
    return first_[place(firm) * place(steps_ + 1) + place(step)];
}

std::uint64_t FailureTable::by(int firm, int step) const {
    std::uint64_t sum = 0;
    for (int s = 1; s <= step; ++s) sum += at(firm, s);
    return sum;
}

int FailureTable::median_step(int firm) const {
    std::uint64_t const all = failed(firm);
    std::uint64_t sum = 0;
    for (int step = 1; step <= steps_; ++step)
        if ((sum += at(firm, step)) >= all - all / 2 && all > 0) return step;
    return 0;
}

std::uint64_t FailureTable::before(int i, int j) const {
    check_index("firm", i, 0, firms_ - 1);
    check_index("firm", j, 0, firms_ - 1);
    return earlier_[place(i) * place(firms_) + place(j)];
}

std::uint64_t FailureTable::same_step(int i, int j) const {
    check_index("firm", i, 0, firms_ - 1);
    check_index("firm", j, 0, firms_ - 1);
    if (i == j) return failed(i);
    return same_[place(std::min(i, j)) * place(firms_) + place(std::max(i, j))];
}

std::uint64_t FailureTable::both(int i, int j) const {
    return same_step(i, j) + before(i, j) + before(j, i);
}

std::uint64_t FailureTable::exactly(int firms_failed) const {
    check_index("number of firms", firms_failed, 0, firms_);
    return exactly_[place(firms_failed)];
}

// ---- paths without an end -----------------------------------------------------------------------

namespace {

/// Two rising lists of path numbers; of both the smallest.
void keep_smallest(std::vector<std::uint64_t>& numbers, std::vector<std::uint64_t> const& more) {
    auto const middle = static_cast<std::ptrdiff_t>(numbers.size());
    numbers.insert(numbers.end(), more.begin(), more.end());
    std::inplace_merge(numbers.begin(), numbers.begin() + middle, numbers.end());
    if (numbers.size() > FailedPaths::most_numbers) numbers.resize(FailedPaths::most_numbers);
}

} // namespace

void FailedPaths::add(std::uint64_t path, std::string_view reason) {
    auto at = reasons_.find(reason);
    if (at == reasons_.end()) at = reasons_.emplace(std::string(reason), Reason{}).first;
    ++at->second.paths;
    keep_smallest(at->second.first, {path});
    drop_surplus();
}

void FailedPaths::merge(FailedPaths const& other) {
    for (auto const& [reason, theirs] : other.reasons_) {
        Reason& ours = reasons_[reason];
        ours.paths += theirs.paths;
        keep_smallest(ours.first, theirs.first);
    }
    other_ += other.other_;
    drop_surplus();
}

/// A reason that is dropped once has 64 before it for ever, so none is ever counted in part.
void FailedPaths::drop_surplus() {
    while (reasons_.size() > most_reasons) {
        auto const last = std::prev(reasons_.end());
        other_ += last->second.paths;
        reasons_.erase(last);
    }
}

std::uint64_t FailedPaths::count() const {
    std::uint64_t sum = other_;
    for (auto const& [reason, one] : reasons_) sum += one.paths;
    return sum;
}

} // namespace perpetuum
