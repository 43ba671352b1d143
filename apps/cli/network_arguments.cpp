// The options of clear and contagion, for CLI11.

#include "network_arguments.hpp"

#include <CLI/CLI.hpp>

namespace perpetuum {

namespace {

constexpr std::uint64_t most_draws = 1'000'000'000;

void add_clear(CLI::App& app, Options& options) {
    NetworkOptions& network = options.network;
    app.add_option("--rule", network.rule);
    app.add_option("--alpha", network.alpha)->check(CLI::Range(0.0, 1.0));
    app.add_option("--beta", network.beta)->check(CLI::Range(0.0, 1.0));
    app.add_flag("--least", network.least);
    app.add_option("--holdings", network.holdings);
    app.add_option("--scenarios", network.scenarios);
    app.add_option("--draws", network.draws)->check(CLI::Range(std::uint64_t{1}, most_draws));
    app.add_option("--seed", network.seed);
    app.add_option("--depth", network.depth)->check(CLI::Range(0.0, 1.0));
    app.add_option("--threads", network.threads)->check(CLI::Range(1, 1024));
    app.add_option("--csv", options.csv);
}

void add_contagion(CLI::App& app, Options& options) {
    NetworkOptions& network = options.network;
    app.add_option("--method", network.method);
    app.add_option("--shock", network.shocks)->take_all()->allow_extra_args(false);
    app.add_option("--curve", network.curve)->check(CLI::Range(0.0, 1e6));
    app.add_option("--recovery", network.recovery)->check(CLI::Range(0.0, 1.0));
    app.add_option("--threshold", network.threshold)->check(CLI::Range(0.0, 1.0));
    app.add_option("--valuation", network.valuation);
    app.add_option("--volatility", network.volatility)->check(CLI::Range(0.0, 100.0));
    app.add_option("--maturity", network.maturity)->check(CLI::Range(0.0, 1000.0));
    app.add_option("--by", network.by);
    app.add_option("--share", network.share)->check(CLI::Range(0.0, 1.0));
    app.add_option("--assets", network.assets);
    app.add_option("--holdings", network.holdings);
    app.add_option("--ratio", network.ratio)->check(CLI::Range(1e-9, 1.0));
}

} // namespace

void add_network(CLI::App& app, Options& options, bool contagion) {
    app.add_option("FILES", options.paths);
    app.add_flag("--json", options.json);
    contagion ? add_contagion(app, options) : add_clear(app, options);
    app.parse_complete_callback([&app, &options] {
        for (CLI::Option const* option : app.get_options())
            if (option->count() > 0) options.network.given.push_back(option->get_name());
    });
}

} // namespace perpetuum
