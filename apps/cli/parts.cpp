// Files of parts: a bundle for each stage, with the key of what it is of.

#include "parts.hpp"

#include "tables.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>

namespace perpetuum {

namespace {

constexpr std::size_t most_bytes_of_parts = std::size_t{1} << 32;

bool read_part_file(std::string const& file, std::string const& key, Parts& parts,
                    std::string& problem) {
    std::string bytes;
    if (!read_text_file(file, bytes, problem, most_bytes_of_parts)) return false;
    auto bundles = read_bundles(bytes, problem);
    if (!bundles) {
        problem = printable(file) + " is no part of a stress or a study: " + printable(problem);
        return false;
    }
    for (Bundle& bundle : *bundles) {
        if (bundle.about["key"] != key) {
            problem = printable(file) + ": it is of another stress or study, book or model";
            return false;
        }
        parts[bundle.about["stage"]].push_back(std::move(bundle));
    }
    return true;
}

/// "2/7" that `paths_asked` has found right.
std::pair<std::uint64_t, std::uint64_t> shard_numbers(std::string const& shard) {
    auto const slash = shard.find('/');
    if (slash == std::string::npos) return {1, 1};
    return {std::stoull(shard.substr(0, slash)), std::stoull(shard.substr(slash + 1))};
}

} // namespace

std::string key_of_parts(Options const& options, Reading const& reading, std::string const& more) {
    std::string all = PERPETUUM_VERSION;
    for (int t = 0; t < reading.diagnostics.texts(); ++t)
        all += '\0' + reading.diagnostics.text(t).content;
    PathsOptions const& many = options.many;
    all += fmt::format("|{}|{}|{}|{}|{}|{}|{}|", many.paths, many.seed, many.sampling, many.rivals,
                       options.steps, options.as_of, options.scenario);
    for (auto const* list : {&options.set, &many.correlate})
        for (std::string const& text : *list) all += '|' + text;
    return print_digest(digest_of(all + '|' + more));
}

bool read_parts(Options const& options, std::string const& key, Parts& parts,
                std::string& problem) {
    std::string const& checkpoint = options.many.checkpoint;
    if (!checkpoint.empty() && access(checkpoint.c_str(), F_OK) == 0 &&
        !read_part_file(checkpoint, key, parts, problem))
        return false;
    auto const& files = options.many.parts;
    return std::all_of(files.begin(), files.end(), [&](std::string const& file) {
        return read_part_file(file, key, parts, problem);
    });
}

bool write_parts(std::string const& file, std::string const& key,
                 std::map<std::string, Bundle> stages, std::string& problem) {
    if (file.empty()) return true;
    std::vector<Bundle> bundles;
    for (auto& [name, bundle] : stages) {
        bundle.about = {{"key", key}, {"stage", name}};
        bundles.push_back(std::move(bundle));
    }
    return write_text_file(file, bundle_bytes(bundles), problem);
}

Coverage::Range part_of(std::uint64_t paths, std::uint64_t block, Options const& options) {
    auto const [i, n] = shard_numbers(options.many.shard);
    std::uint64_t const blocks = (paths + block - 1) / block;
    Coverage::Range const part = shard_of(blocks * 16, i - 1, n); // whole groups of 16
    return {std::min(paths, part.begin / 16 * block), std::min(paths, part.end / 16 * block)};
}

std::string written_part(std::string const& title, Coverage const& in, std::uint64_t paths,
                         Options const& options) {
    return fmt::format("{}: paths {} of {}, written to {}\n", printable(title),
                       print_ranges(in.ranges()), print_count(paths), printable(options.out));
}

} // namespace perpetuum
