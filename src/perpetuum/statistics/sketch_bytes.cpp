/// Sketches and exact sums as bytes.

#include "statistics_bytes.hpp"
#include "wide_sums.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace perpetuum {
namespace {

void add_count(BytesIn const& in, std::uint64_t& total, std::uint64_t count) {
    if (count > most_values - total) in.damaged("more than 2^62 values are counted");
    total += count;
}

void write_wide(BytesOut& out, Wide const& wide) {
    std::size_t const used = wide.used();
    std::size_t low = 0;
    while (low < used && wide.parts[low] == 0) ++low;
    out.whole(used - low);
    if (used == 0) return;
    out.whole(2 * low + wide.negative);
    for (std::size_t i = low; i < used; ++i) out.fixed(wide.parts[i]);
}

/// Of a length that a sum of so many terms can have.
template <std::size_t n>
std::array<std::uint64_t, n> read_wide(BytesIn& in, std::uint64_t terms, std::size_t term_bits) {
    Wide wide;
    std::uint64_t const parts = in.whole_up_to(n, "a sum's size");
    if (parts > 0) {
        std::uint64_t const place = in.whole_up_to(2 * n, "a sum's place");
        wide.negative = place % 2;
        if (place / 2 + parts > n) in.damaged("a sum beyond all doubles");
        for (std::uint64_t i = 0; i < parts; ++i) wide.parts[place / 2 + i] = in.fixed();
        if (wide.parts[place / 2] == 0 || wide.parts[place / 2 + parts - 1] == 0)
            in.damaged("a sum with superfluous zeros");
    }
    std::size_t const most =
        terms == 0 ? 0 : term_bits + static_cast<std::size_t>(std::bit_width(terms));
    if (wide.length() > most) in.damaged("a sum is larger than so many terms can make it");
    return narrow<n>(wide);
}

ExactSum read_sum(BytesIn& in, std::uint64_t terms) {
    return {read_wide<34>(in, terms, 1074 + 1024)};
}
ExactSumOfProducts read_products(BytesIn& in, std::uint64_t terms) {
    return {read_wide<67>(in, terms, 2148 + 2048)};
}

} // namespace

// ---- sketches -----------------------------------------------------------------------------------

struct StatisticsBytes::SketchEnd {
    int kind =
        0; ///< negative bucket, negative near zero, zero, positive near zero, positive bucket
    std::uint64_t key = 0;
    bool operator==(SketchEnd const&) const = default;
};

void StatisticsBytes::write(BytesOut& out, Sketch const& sketch) {
    out.whole(static_cast<std::uint64_t>(sketch.bits_));
    out.whole(sketch.not_numbers_);
    for (std::uint64_t count : sketch.infinities_) out.whole(count);
    for (std::size_t i : {0u, 1u, 2u}) out.whole(sketch.counts_[i]);
    for (bool negative : {false, true}) {
        std::uint64_t const* const counts = sketch.counts_.data() + sketch.slot(negative);
        std::uint64_t const buckets = sketch.buckets(negative);
        out.whole(buckets - static_cast<std::uint64_t>(std::count(counts, counts + buckets, 0u)));
        std::uint64_t next = 0;
        for (std::uint64_t i = 0; i < buckets; ++i) {
            if (counts[i] == 0) continue;
            std::uint64_t const key = (sketch.windows_[negative].first << sketch.bits_) + i;
            out.whole(key - next);
            out.whole(counts[i]);
            next = key + 1;
        }
    }
    if (std::isnan(sketch.least_)) return;
    out.real(sketch.least_);
    out.real(sketch.greatest_);
}

StatisticsBytes::SketchEnd StatisticsBytes::end_of(Sketch const& sketch, double value) {
    std::uint64_t const size = magnitude_bits(value);
    if (size == 0) return {2, 0};
    if (std::abs(value) < sketch.shape_.smallest) return {value < 0 ? 1 : 3, 0};
    return {value < 0 ? 0 : 4, size >> (52 - sketch.bits_)};
}

void StatisticsBytes::check_extremes(BytesIn const& in, Sketch const& sketch) {
    std::vector<SketchEnd> ends; // of the buckets in use, from below: the outermost of each kind
    auto const window = [&](bool negative, int kind) {
        std::uint64_t const* const counts = sketch.counts_.data() + sketch.slot(negative);
        std::uint64_t const buckets = sketch.buckets(negative);
        std::uint64_t low = 0, high = buckets;
        while (low < buckets && counts[low] == 0) ++low;
        if (low == buckets) return;
        while (counts[high - 1] == 0) --high;
        std::uint64_t const base = sketch.windows_[negative].first << sketch.bits_;
        SketchEnd const a{kind, base + low}, b{kind, base + high - 1};
        ends.push_back(negative ? b : a);
        ends.push_back(negative ? a : b);
    };
    window(true, 0);
    for (int kind : {1, 2, 3})
        if (sketch.counts_[static_cast<std::size_t>(kind - 1)] > 0) ends.push_back({kind, 0});
    window(false, 4);
    double const least = sketch.least_, greatest = sketch.greatest_;
    auto const plain = [](double x) { return std::isfinite(x) && !(x == 0 && std::signbit(x)); };
    if (ends.empty() || !plain(least) || !plain(greatest) || least > greatest ||
        !(end_of(sketch, least) == ends.front()) || !(end_of(sketch, greatest) == ends.back()))
        in.damaged("the least and greatest values do not fit the counts");
}

void StatisticsBytes::read_windows(BytesIn& in, Sketch& sketch, std::uint64_t& total) {
    struct Entry {
        std::uint64_t key, count;
    };
    std::array<std::vector<Entry>, 2> entries;
    int const bits = sketch.bits_;
    auto const first_octave = std::bit_cast<std::uint64_t>(sketch.shape_.smallest) >> 52;
    std::uint64_t octaves = 0;
    for (std::size_t sign : {0u, 1u}) {
        std::uint64_t const used = in.whole_up_to(in.left() / 2, "the number of buckets");
        in.take_memory(used * sizeof(Entry));
        entries[sign].reserve(used);
        std::uint64_t next = 0;
        for (std::uint64_t i = 0; i < used; ++i) {
            std::uint64_t const key =
                next + in.whole_up_to(std::uint64_t{2047} << bits, "a bucket");
            std::uint64_t const count = in.whole();
            if (key >> bits < first_octave || key >> bits > 2046 || count == 0)
                in.damaged("a bucket that holds no values");
            add_count(in, total, count);
            entries[sign].push_back({key, count});
            next = key + 1;
        }
        if (used == 0) continue;
        Sketch::Window& window = sketch.windows_[sign];
        window.first = entries[sign].front().key >> bits;
        window.octaves = (entries[sign].back().key >> bits) - window.first + 1;
        octaves += window.octaves;
    }
    if (bits != sketch.bits_for(octaves)) in.damaged("a resolution that its values do not ask for");
    in.take_memory(8 * (octaves << bits));
    sketch.counts_.resize(4 + (octaves << bits));
    for (bool negative : {false, true}) {
        std::uint64_t* const counts = sketch.counts_.data() + sketch.slot(negative);
        std::uint64_t const base = sketch.windows_[negative].first << bits;
        for (Entry const& one : entries[negative]) counts[one.key - base] = one.count;
    }
}

/// Into an empty sketch of the right shape.
void StatisticsBytes::read(BytesIn& in, Sketch& sketch) {
    auto const bits =
        in.whole_up_to(static_cast<std::uint64_t>(sketch.shape_.bits), "a resolution");
    sketch.bits_ = static_cast<int>(bits);
    std::uint64_t total = 0;
    add_count(in, total, sketch.not_numbers_ = in.whole());
    for (std::uint64_t& count : sketch.infinities_) add_count(in, total, count = in.whole());
    std::uint64_t const others = total;
    for (std::size_t i : {0u, 1u, 2u}) add_count(in, total, sketch.counts_[i] = in.whole());
    read_windows(in, sketch, total);
    if (total == others) return;
    sketch.least_ = in.real();
    sketch.greatest_ = in.real();
    check_extremes(in, sketch);
}

// ---- sums ---------------------------------------------------------------------------------------

void StatisticsBytes::write(BytesOut& out, Moments const& moments) {
    out.whole(moments.count_);
    out.whole(moments.left_out_);
    write_wide(out, wide_of(moments.sum_.parts));
    write_wide(out, wide_of(moments.squares_.parts));
}

/// What no values can have: a negative variance.
void StatisticsBytes::check(BytesIn const& in, Moments const& moments) {
    Wide const squares = wide_of(moments.squares_.parts), sum = wide_of(moments.sum_.parts);
    if (squares.negative || smaller(times(squares, moments.count_), product(sum, sum)))
        in.damaged("sums that no values can have");
}

void StatisticsBytes::read(BytesIn& in, Moments& moments) {
    std::uint64_t total = 0;
    add_count(in, total, moments.count_ = in.whole());
    add_count(in, total, moments.left_out_ = in.whole());
    moments.sum_ = read_sum(in, moments.count_);
    moments.squares_ = read_products(in, moments.count_);
    check(in, moments);
}

void StatisticsBytes::write(BytesOut& out, PairMoments const& pairs) {
    out.whole(pairs.count_);
    out.whole(pairs.left_out_);
    write_wide(out, wide_of(pairs.sum_x_.parts));
    write_wide(out, wide_of(pairs.sum_y_.parts));
    write_wide(out, wide_of(pairs.squares_x_.parts));
    write_wide(out, wide_of(pairs.squares_y_.parts));
    write_wide(out, wide_of(pairs.products_.parts));
}

void StatisticsBytes::read(BytesIn& in, PairMoments& pairs) {
    std::uint64_t total = 0;
    add_count(in, total, pairs.count_ = in.whole());
    add_count(in, total, pairs.left_out_ = in.whole());
    pairs.sum_x_ = read_sum(in, pairs.count_);
    pairs.sum_y_ = read_sum(in, pairs.count_);
    pairs.squares_x_ = read_products(in, pairs.count_);
    pairs.squares_y_ = read_products(in, pairs.count_);
    pairs.products_ = read_products(in, pairs.count_);
    for (Moments const& one : {pairs.x(), pairs.y(), pairs.difference()}) check(in, one);
}

} // namespace perpetuum
