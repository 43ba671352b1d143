// --paths, --shard, --quantiles …: what they mean, and what cannot be.

#include "paths.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <thread>

namespace perpetuum {

namespace {

std::optional<double> number_in(std::string_view text) {
    double value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<std::uint64_t> count_in(std::string_view text) {
    std::uint64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

/// "5,50,95": per cent, rising.
std::optional<std::vector<double>> quantiles_in(std::string const& text) {
    std::vector<double> quantiles;
    for (std::size_t begin = 0; begin <= text.size();) {
        std::size_t const end = std::min(text.find(',', begin), text.size());
        auto const percent = number_in(std::string_view(text).substr(begin, end - begin));
        if (!percent || !(*percent > 0 && *percent < 100)) return std::nullopt;
        quantiles.push_back(*percent / 100);
        begin = end + 1;
    }
    std::sort(quantiles.begin(), quantiles.end());
    quantiles.erase(std::unique(quantiles.begin(), quantiles.end()), quantiles.end());
    return quantiles.size() > 20 ? std::nullopt : std::optional(quantiles);
}

/// "2/7" of so many paths.
std::optional<Coverage::Range> shard_in(std::string const& text, std::uint64_t paths) {
    auto const slash = text.find('/');
    if (slash == std::string::npos) return std::nullopt;
    auto const i = count_in(std::string_view(text).substr(0, slash));
    auto const n = count_in(std::string_view(text).substr(slash + 1));
    if (!i || !n || *i < 1 || *i > *n || *n > 100'000) return std::nullopt;
    return shard_of(paths, *i - 1, *n);
}

/// "a.x, b.y = 0.5"
std::optional<Correlation> correlation_in(std::string const& text) {
    auto const comma = text.find(','), equals = text.find('=');
    if (comma == std::string::npos || equals == std::string::npos || comma > equals)
        return std::nullopt;
    auto const trimmed = [](std::string part) {
        part.erase(0, part.find_first_not_of(' '));
        part.erase(part.find_last_not_of(' ') + 1);
        return part;
    };
    auto const value = number_in(trimmed(text.substr(equals + 1)));
    Correlation const pair{trimmed(text.substr(0, comma)),
                           trimmed(text.substr(comma + 1, equals - comma - 1)), value.value_or(0)};
    if (!value || pair.first.empty() || pair.second.empty()) return std::nullopt;
    return pair;
}

} // namespace

std::optional<Sampling> sampling_named(std::string const& name) {
    if (name == "independent") return Sampling::independent;
    if (name == "latin") return Sampling::latin_hypercube;
    if (name == "sobol") return Sampling::sobol;
    return std::nullopt;
}

std::optional<PathsAsked> paths_asked(Options const& options, Answer& refusal) {
    PathsOptions const& many = options.many;
    PathsAsked asked;
    auto const refuse = [&](std::string const& what, std::string const& hint) {
        refusal = refused(what, hint);
        return std::nullopt;
    };
    asked.settings.sample.seed = many.seed;
    asked.settings.sample.paths = many.paths;
    asked.settings.block = many.block;
    if (many.block % 16 != 0)
        return refuse(fmt::format("--block {} is no multiple of 16", many.block), "--block 64");
    unsigned const processors = std::max(1u, std::thread::hardware_concurrency());
    asked.settings.threads = many.threads > 0 ? many.threads : static_cast<int>(processors);
    auto const sampling = sampling_named(many.sampling);
    if (!sampling)
        return refuse("there is no sampling " + quoted(many.sampling),
                      "--sampling independent, latin or sobol");
    asked.settings.sample.sampling = *sampling;
    if (*sampling == Sampling::sobol && many.paths > std::uint64_t{1} << 32)
        return refuse("Sobol's points end at 2^32 paths", "--sampling latin");
    for (std::string const& pair : many.correlate) {
        auto const correlation = correlation_in(pair);
        if (!correlation)
            return refuse("--correlate " + quoted(pair) + " is no correlation",
                          "--correlate \"openai.growth, anthropic.growth = 0.5\"");
        asked.settings.sample.correlations.push_back(*correlation);
    }
    auto const quantiles = quantiles_in(many.quantiles);
    if (!quantiles)
        return refuse("--quantiles " + quoted(many.quantiles) + " are no per cents",
                      "--quantiles 5,50,95: at most twenty, each between 0 and 100");
    asked.quantiles = *quantiles;
    asked.range = {0, many.paths};
    if (many.shard.empty()) return asked;
    auto const range = shard_in(many.shard, many.paths);
    if (!range)
        return refuse("--shard " + quoted(many.shard) + " is no part of a run", "--shard 2/7");
    if (options.out.empty())
        return refuse("a shard is written to a file, to be merged",
                      "--shard " + printable(many.shard) + " --out part.sum");
    asked.range = *range;
    return asked;
}

} // namespace perpetuum
