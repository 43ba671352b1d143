/// A summary as bytes: a line that says what it is, its version, its content, the content's digest.

#include "framed_bytes.hpp"
#include "statistics_bytes.hpp"

namespace perpetuum {
namespace {

constexpr Frame summary_frame{"perpetuum summary\n", 1, "summary"};

void write_names(BytesOut& out, std::vector<std::string> const& names) {
    out.whole(names.size());
    for (std::string const& name : names) out.text(name);
}

std::vector<std::string> read_names(BytesIn& in) {
    std::vector<std::string> names;
    for (std::uint64_t n = in.whole_up_to(in.left(), "the number of names"); n > 0; --n)
        names.push_back(in.text());
    return names;
}

/// Room for so many things, of each of which at least so many bytes must still come.
void take_items(BytesIn& in, std::uint64_t items, std::uint64_t least_bytes, std::uint64_t memory) {
    if (items > in.left() / least_bytes) in.damaged("the bytes end too early");
    in.take_memory(items * memory);
}

} // namespace

void StatisticsBytes::write(BytesOut& out, SummaryPlan const& plan) {
    out.whole(plan.about.size());
    for (auto const& [key, value] : plan.about) {
        out.text(key);
        out.text(value);
    }
    out.whole(static_cast<std::uint64_t>(plan.steps));
    write_names(out, plan.series);
    write_names(out, plan.pairs);
    write_names(out, plan.firms);
    out.whole(static_cast<std::uint64_t>(plan.shape.bits));
    out.real(plan.shape.smallest);
    out.whole(plan.shape.most_buckets);
}

void StatisticsBytes::read(BytesIn& in, SummaryPlan& plan) {
    for (std::uint64_t n = in.whole_up_to(in.left() / 2, "the number of facts"); n > 0; --n) {
        std::string key = in.text();
        if (!plan.about.empty() && key <= plan.about.rbegin()->first)
            in.damaged("facts that are not in order");
        plan.about[std::move(key)] = in.text();
    }
    plan.steps = static_cast<int>(in.whole_up_to(100'000, "the number of steps"));
    plan.series = read_names(in);
    plan.pairs = read_names(in);
    plan.firms = read_names(in);
    plan.shape.bits = static_cast<int>(in.whole_up_to(12, "a resolution"));
    plan.shape.smallest = in.real();
    plan.shape.most_buckets = in.whole();
}

void StatisticsBytes::write(BytesOut& out, FailureTable const& table) {
    auto const firms = static_cast<std::size_t>(table.firms_);
    out.whole(table.paths_);
    for (std::uint64_t count : table.first_) out.whole(count);
    for (std::size_t i = 0; i < firms; ++i)
        for (std::size_t j = 0; j < firms; ++j) {
            if (i != j) out.whole(table.earlier_[i * firms + j]);
            if (i < j) out.whole(table.same_[i * firms + j]);
        }
    for (std::uint64_t count : table.exactly_) out.whole(count);
}

/// Into an empty table of the right size.
void StatisticsBytes::read(BytesIn& in, FailureTable& table) {
    auto const firms = static_cast<std::size_t>(table.firms_);
    std::size_t const row = static_cast<std::size_t>(table.steps_) + 1;
    std::uint64_t const paths = in.whole_up_to(std::uint64_t{1} << 62, "the number of paths");
    auto const count = [&] { return in.whole_up_to(paths, "a number of paths"); };
    auto const must_sum = [&](std::vector<std::uint64_t> const& counts, std::size_t begin,
                              std::size_t n) {
        std::uint64_t left = paths;
        for (std::size_t i = begin; i < begin + n; ++i) {
            if (counts[i] > left) in.damaged("counts of failures that exceed the paths");
            left -= counts[i];
        }
        if (left > 0) in.damaged("counts of failures that do not sum to the paths");
    };
    table.paths_ = paths;
    for (std::uint64_t& one : table.first_) one = count();
    for (std::size_t i = 0; i < firms; ++i) must_sum(table.first_, i * row, row);
    for (std::size_t i = 0; i < firms; ++i)
        for (std::size_t j = 0; j < firms; ++j) {
            if (i != j) table.earlier_[i * firms + j] = count();
            if (i < j) table.same_[i * firms + j] = count();
        }
    for (std::size_t i = 0; i < firms; ++i)
        for (std::size_t j = 0; j < i; ++j) {
            std::uint64_t const apart =
                table.earlier_[i * firms + j] + table.earlier_[j * firms + i];
            std::uint64_t const both = apart + table.same_[j * firms + i];
            if (both > paths - table.first_[i * row] || both > paths - table.first_[j * row])
                in.damaged("two firms fail together more often than one of them");
        }
    for (std::uint64_t& one : table.exactly_) one = count();
    must_sum(table.exactly_, 0, table.exactly_.size());
}

void StatisticsBytes::write(BytesOut& out, FailedPaths const& failed) {
    out.whole(failed.reasons_.size());
    for (auto const& [reason, one] : failed.reasons_) {
        out.text(reason);
        out.whole(one.paths);
        for (std::uint64_t number : one.first) out.whole(number);
    }
    if (failed.reasons_.size() == FailedPaths::most_reasons) out.whole(failed.other_);
}

void StatisticsBytes::read(BytesIn& in, FailedPaths& failed) {
    std::uint64_t const most = std::uint64_t{1} << 56; // so that all together fit
    for (std::uint64_t n = in.whole_up_to(FailedPaths::most_reasons, "the number of reasons");
         n > 0; --n) {
        std::string reason = in.text();
        if (!failed.reasons_.empty() && reason <= failed.reasons_.rbegin()->first)
            in.damaged("reasons that are not in order");
        FailedPaths::Reason& one = failed.reasons_[std::move(reason)];
        one.paths = in.whole_up_to(most, "a number of paths");
        if (one.paths == 0) in.damaged("a reason without a path");
        while (one.first.size() < std::min<std::uint64_t>(one.paths, FailedPaths::most_numbers)) {
            std::uint64_t const number = in.whole();
            if (!one.first.empty() && number < one.first.back())
                in.damaged("numbers of paths that are not in order");
            one.first.push_back(number);
        }
    }
    if (failed.reasons_.size() == FailedPaths::most_reasons)
        failed.other_ = in.whole_up_to(most, "a number of paths");
}

void StatisticsBytes::write(BytesOut& out, Coverage const& coverage) {
    out.whole(coverage.ranges_.size());
    std::uint64_t next = 0;
    for (Coverage::Range const& range : coverage.ranges_) {
        out.whole(range.begin - next);
        out.whole(range.end - range.begin);
        next = range.end;
    }
}

void StatisticsBytes::read(BytesIn& in, Coverage& coverage) {
    std::uint64_t const ranges = in.whole_up_to(in.left() / 2, "the number of ranges");
    in.take_memory(ranges * sizeof(Coverage::Range));
    std::uint64_t next = 0;
    for (std::uint64_t i = 0; i < ranges; ++i) {
        std::uint64_t const begin = next + in.whole_up_to(~next, "the begin of a range");
        std::uint64_t const size = in.whole_up_to(~begin, "the size of a range");
        if (size == 0 || (i > 0 && begin == next)) in.damaged("ranges that are not apart");
        coverage.ranges_.push_back({begin, begin + size});
        next = begin + size;
    }
}

void StatisticsBytes::write(BytesOut& out, Summary const& summary) {
    write(out, summary.plan_);
    write(out, summary.coverage);
    write(out, summary.failed);
    write(out, summary.failures);
    for (std::size_t i = 0; i < summary.sketches_.size(); ++i) {
        write(out, summary.sketches_[i]);
        write(out, summary.moments_[i]);
    }
    for (PairMoments const& one : summary.pairs_) write(out, one);
}

Summary StatisticsBytes::read_summary(BytesIn& in) {
    SummaryPlan plan;
    read(in, plan);
    std::uint64_t const steps = static_cast<std::uint64_t>(plan.steps), firms = plan.firms.size();
    if (firms > 4096 || steps * plan.series.size() > 10'000'000 ||
        steps * plan.pairs.size() > 10'000'000)
        in.damaged("a summary of more than 4,096 firms or 10,000,000 series times steps");
    take_items(in, firms * (steps + 1 + firms), 1, 16);
    take_items(in, steps * plan.series.size(), 12, sizeof(Sketch) + sizeof(Moments));
    take_items(in, steps * plan.pairs.size(), 7, sizeof(PairMoments));
    Summary summary(std::move(plan));
    read(in, summary.coverage);
    read(in, summary.failed);
    read(in, summary.failures);
    for (std::size_t i = 0; i < summary.sketches_.size(); ++i) {
        Sketch& sketch = summary.sketches_[i];
        Moments& moments = summary.moments_[i];
        read(in, sketch);
        read(in, moments);
        if (sketch.count() + sketch.not_numbers() != moments.count() + moments.left_out())
            in.damaged("quantiles and sums of different numbers of values");
    }
    for (PairMoments& one : summary.pairs_) read(in, one);
    if (in.left() > 0) in.damaged("bytes after the end");
    return summary;
}

std::string Summary::bytes() const {
    BytesOut out = begin_framed(summary_frame);
    StatisticsBytes::write(out, *this);
    return end_framed(std::move(out));
}

Digest Summary::digest() const { return written_digest(bytes()); }

std::optional<Summary> read_summary(std::string_view bytes, std::string& problem,
                                    std::uint64_t most_memory) {
    return read_framed(summary_frame, bytes, problem, most_memory, StatisticsBytes::read_summary);
}

} // namespace perpetuum
