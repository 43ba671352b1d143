// perpetuum merge PART…: shards of one run become the run.

#include "commands.hpp"
#include "paths.hpp"
#include "tables.hpp"

#include <perpetuum/base.hpp>

#include <fmt/format.h>

namespace perpetuum {

namespace {

constexpr std::size_t most_bytes = std::size_t{1} << 32;

std::optional<Summary> read_part(std::string const& file, Answer& refusal) {
    std::string bytes, problem;
    if (!read_text_file(file, bytes, problem, most_bytes)) {
        refusal = refused(problem);
        return std::nullopt;
    }
    auto part = read_summary(bytes, problem);
    if (!part)
        refusal =
            refused(printable(file) + " is no part of a run: " + printable(problem, 300),
                    "parts are written by: perpetuum run BOOK --paths N --shard 1/4 --out FILE");
    return part;
}

} // namespace

Answer run_merge(Options const& options) {
    Answer refusal;
    auto const asked = paths_asked(options, refusal);
    if (!asked) return refusal;
    std::optional<Summary> whole;
    for (std::string const& file : options.paths) {
        auto part = read_part(file, refusal);
        if (!part) return refusal;
        std::string problem;
        if (!whole)
            whole = std::move(part);
        else if (!whole->merge(*part, problem))
            return refused(printable(file) + ": " + printable(problem, 400),
                           "parts of one run have the same book, seed, number of paths and "
                           "version, and no path twice");
    }
    std::uint64_t const paths = std::stoull("0" + about(*whole, "paths"));
    auto const missing = whole->coverage.missing(paths);
    if (!missing.empty())
        return refused(fmt::format("of {} paths these are in no part: {}", print_count(paths),
                                   print_ranges(missing)),
                       "run the missing shards too");
    std::string problem;
    if (!options.out.empty() && !write_text_file(options.out, whole->bytes(), problem))
        return refused(problem);
    if (!options.many.netcdf.empty() &&
        !write_netcdf(options.many.netcdf, *whole, asked->quantiles, problem))
        return refused(problem);
    return answer_of(*whole, options, asked->quantiles);
}

} // namespace perpetuum
