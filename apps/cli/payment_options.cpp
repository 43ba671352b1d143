#include "payment_options.hpp"

namespace perpetuum {

namespace {

constexpr TextOption import_texts[] = {{"--decimals", &PaymentOptions::decimals},
                                       {"--delimiter", &PaymentOptions::delimiter},
                                       {"--groups", &PaymentOptions::groups},
                                       {"--threads", &PaymentOptions::threads}};
constexpr ListOption import_lists[] = {{"--column", &PaymentOptions::columns},
                                       {"--exclude", &PaymentOptions::exclude},
                                       {"--through", &PaymentOptions::through},
                                       {"--where", &PaymentOptions::where}};
constexpr FlagOption import_flags[] = {{"--lenient", &PaymentOptions::lenient}};

constexpr TextOption loop_texts[] = {
    {"--effort", &PaymentOptions::effort},       {"--explain", &PaymentOptions::explain},
    {"--firm", &PaymentOptions::firm},           {"--first", &PaymentOptions::first},
    {"--leg-from", &PaymentOptions::leg_from},   {"--leg-to", &PaymentOptions::leg_to},
    {"--max-gap", &PaymentOptions::max_gap},     {"--max-length", &PaymentOptions::max_length},
    {"--max-ratio", &PaymentOptions::max_ratio}, {"--min-ratio", &PaymentOptions::min_ratio},
    {"--most", &PaymentOptions::most},           {"--time-limit", &PaymentOptions::time_limit},
    {"--window", &PaymentOptions::window}};
constexpr FlagOption loop_flags[] = {{"--count", &PaymentOptions::count},
                                     {"--non-decreasing", &PaymentOptions::non_decreasing}};
constexpr TextOption measure_texts[] = {{"--by", &PaymentOptions::by},
                                        {"--explain", &PaymentOptions::explain},
                                        {"--hops", &PaymentOptions::hops},
                                        {"--link", &PaymentOptions::link},
                                        {"--look-through", &PaymentOptions::look_through},
                                        {"--max-length", &PaymentOptions::max_length},
                                        {"--measure", &PaymentOptions::measure},
                                        {"--opening", &PaymentOptions::opening},
                                        {"--passed-on", &PaymentOptions::passed_on},
                                        {"--rewired", &PaymentOptions::rewired},
                                        {"--seed", &PaymentOptions::seed},
                                        {"--target", &PaymentOptions::target},
                                        {"--trace", &PaymentOptions::trace}};
constexpr ListOption measure_lists[] = {{"--finance", &PaymentOptions::finance}};
constexpr FlagOption measure_flags[] = {{"--links", &PaymentOptions::links}};

} // namespace

PaymentOptionTable import_options() { return {import_texts, import_lists, import_flags}; }

PaymentOptionTable loop_options() { return {loop_texts, {}, loop_flags}; }

PaymentOptionTable measure_options() { return {measure_texts, measure_lists, measure_flags}; }

std::string given_option(PaymentOptionTable const& table, PaymentOptions const& options) {
    for (TextOption const& option : table.texts)
        if (!(options.*option.value).empty()) return option.name;
    for (ListOption const& option : table.lists)
        if (!(options.*option.values).empty()) return option.name;
    for (FlagOption const& option : table.flags)
        if (options.*option.value) return option.name;
    return {};
}

} // namespace perpetuum
