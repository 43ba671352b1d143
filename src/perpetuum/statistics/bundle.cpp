/// Bundles as bytes: a line that says what they are, their version, their content, its digest.

#include "framed_bytes.hpp"
#include "statistics_bytes.hpp"

namespace perpetuum {
namespace {

constexpr Frame bundle_frame{"perpetuum bundle\n", 1, "part"};

/// Room for so many things, of each of which at least so many bytes must still come.
std::uint64_t items(BytesIn& in, std::uint64_t least_bytes, std::uint64_t memory) {
    std::uint64_t const count = in.whole_up_to(in.left() / least_bytes, "a number of things");
    in.take_memory(count * memory);
    return count;
}

void write_bundle(BytesOut& out, Bundle const& bundle) {
    out.whole(bundle.about.size());
    for (auto const& [key, value] : bundle.about) {
        out.text(key);
        out.text(value);
    }
    StatisticsBytes::write(out, bundle.coverage);
    StatisticsBytes::write(out, bundle.failed);
    out.whole(bundle.moments.size());
    for (Moments const& one : bundle.moments) StatisticsBytes::write(out, one);
    out.whole(bundle.tables.size());
    for (FailureTable const& table : bundle.tables) {
        out.whole(static_cast<std::uint64_t>(table.firms()));
        out.whole(static_cast<std::uint64_t>(table.steps()));
        StatisticsBytes::write(out, table);
    }
    out.whole(bundle.counts.size());
    for (std::uint64_t const count : bundle.counts) out.whole(count);
    out.whole(bundle.values.size());
    for (double const value : bundle.values) out.real(value);
}

FailureTable read_table(BytesIn& in) {
    std::uint64_t const firms = in.whole_up_to(4096, "the number of firms");
    std::uint64_t const steps = in.whole_up_to(100'000, "the number of steps");
    std::uint64_t const counts = firms * (steps + 1 + firms);
    if (counts > in.left()) in.damaged("the bytes end too early");
    in.take_memory(counts * 16);
    FailureTable table(static_cast<int>(firms), static_cast<int>(steps));
    StatisticsBytes::read(in, table);
    return table;
}

Bundle read_bundle(BytesIn& in) {
    Bundle bundle;
    for (std::uint64_t n = in.whole_up_to(in.left() / 2, "the number of facts"); n > 0; --n) {
        std::string key = in.text();
        if (!bundle.about.empty() && key <= bundle.about.rbegin()->first)
            in.damaged("facts that are not in order");
        bundle.about[std::move(key)] = in.text();
    }
    StatisticsBytes::read(in, bundle.coverage);
    StatisticsBytes::read(in, bundle.failed);
    bundle.moments.resize(items(in, 4, sizeof(Moments)));
    for (Moments& one : bundle.moments) StatisticsBytes::read(in, one);
    for (std::uint64_t n = items(in, 3, sizeof(FailureTable)); n > 0; --n)
        bundle.tables.push_back(read_table(in));
    bundle.counts.resize(items(in, 1, 8));
    for (std::uint64_t& count : bundle.counts) count = in.whole();
    bundle.values.resize(items(in, 8, 8));
    for (double& value : bundle.values) value = in.real();
    return bundle;
}

std::vector<Bundle> read_all(BytesIn& in) {
    std::vector<Bundle> bundles;
    for (std::uint64_t n = items(in, 7, sizeof(Bundle)); n > 0; --n)
        bundles.push_back(read_bundle(in));
    if (in.left() > 0) in.damaged("bytes after the end");
    return bundles;
}

} // namespace

std::string bundle_bytes(std::vector<Bundle> const& bundles) {
    BytesOut out = begin_framed(bundle_frame);
    out.whole(bundles.size());
    for (Bundle const& bundle : bundles) write_bundle(out, bundle);
    return end_framed(std::move(out));
}

std::optional<std::vector<Bundle>> read_bundles(std::string_view bytes, std::string& problem,
                                                std::uint64_t most_memory) {
    return read_framed(bundle_frame, bytes, problem, most_memory, read_all);
}

} // namespace perpetuum
