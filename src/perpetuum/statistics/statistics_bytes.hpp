#pragma once
/// The one way in which each statistic is written, and read with every doubt.

#include <perpetuum/statistics.hpp>

#include "bytes.hpp"

namespace perpetuum {

struct StatisticsBytes {
    static void write(BytesOut& out, SummaryPlan const& plan);
    static void write(BytesOut& out, Sketch const& sketch);
    static void write(BytesOut& out, Moments const& moments);
    static void write(BytesOut& out, PairMoments const& pairs);
    static void write(BytesOut& out, FailureTable const& table);
    static void write(BytesOut& out, FailedPaths const& failed);
    static void write(BytesOut& out, Coverage const& coverage);
    static void write(BytesOut& out, Summary const& summary);

    static void read(BytesIn& in, SummaryPlan& plan);
    static void read(BytesIn& in, Sketch& sketch);
    static void read(BytesIn& in, Moments& moments);
    static void read(BytesIn& in, PairMoments& pairs);
    static void read(BytesIn& in, FailureTable& table);
    static void read(BytesIn& in, FailedPaths& failed);
    static void read(BytesIn& in, Coverage& coverage);
    static Summary read_summary(BytesIn& in);

  private:
    struct SketchEnd; ///< which bucket, from below: its kind and its key
    static SketchEnd end_of(Sketch const& sketch, double value);
    static void check_extremes(BytesIn const& in, Sketch const& sketch);
    static void read_windows(BytesIn& in, Sketch& sketch, std::uint64_t& total);
    static void check(BytesIn const& in, Moments const& moments);
};

} // namespace perpetuum
