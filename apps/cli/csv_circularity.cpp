// A network by itself has no natures of payment and no tills: what is left are measures of the whole.

#include "csv_circularity.hpp"
#include "csv_network.hpp"
#include "loading.hpp"
#include "tables.hpp"

#include <perpetuum/circularity.hpp>

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <string_view>

namespace perpetuum {

namespace {

constexpr std::size_t most_links = 1'000'000;

bool is_money(std::string_view name) { return name.ends_with("_usd"); }

/// Without a name: what chance can change and what is quick.
bool compared_as_a_rule(Measure const& measure) {
    for (char const* const name : {"max_circulation_usd", "pro_rata_circulation_usd", "finn_index"})
        if (measure.name == std::string_view(name)) return true;
    return false;
}

Answer no_such_measure(std::string const& name) {
    std::vector<std::string> known;
    for (Measure const& measure : measures) known.push_back(plain_name(measure.name));
    std::string list;
    for (std::string const& one : known) list += (list.empty() ? "" : ", ") + one;
    auto const near = nearest(name, known);
    return refused("there is no measure " + quoted(name),
                   near ? "did you mean " + quoted(*near) + "?" : "one of " + list);
}

Measure const* find_measure(std::string const& name) {
    for (Measure const& measure : measures)
        if (name == measure.name || name == plain_name(measure.name)) return &measure;
    return nullptr;
}

std::string value_text(Measure const& measure, double value) {
    std::string_view const name = measure.name;
    if (std::isnan(value)) return "not known";
    if (is_money(name)) return print_amount(value) + " USD";
    if (name.ends_with("_score")) return fmt::format("{:.1f}", value);
    return print_percent(value) + " %";
}

std::vector<std::string> table_row(Measure const& measure, double value) {
    return {measure.name, value_text(measure, value),
            std::string(measure.phrase) + " (" + measure.source + ")"};
}

Answer answer_one(Measure const& measure, Options const& options, ImportedPayments const& imported,
                  Network const& network) {
    double const value = in_file_units(measure.value(network, no_outside_flows(network)),
                                       is_money(measure.name) ? imported.list.decimals : 17);
    Answer answer;
    answer.talk = imported.stated;
    if (options.json) {
        answer.text = measures_as_json({{options.payments.measure, value}});
        return answer;
    }
    TextTable table{{}, "lrl", {table_row(measure, value)}};
    table.widest = 160;
    answer.text = print_table(table);
    return answer;
}

Answer answer_all(Options const& options, ImportedPayments const& imported,
                  Network const& network) {
    Answer answer;
    answer.talk = imported.stated;
    OutsideFlows const outside = no_outside_flows(network);
    std::vector<std::pair<std::string, double>> values;
    TextTable table{{}, "lrl", {}};
    for (Measure const& measure : measures) {
        if (measure.by_name_only) continue;
        double const value = in_file_units(measure.value(network, outside),
                                           is_money(measure.name) ? imported.list.decimals : 17);
        values.emplace_back(measure.name, value);
        table.rows.push_back(table_row(measure, value));
    }
    if (options.json) {
        answer.text = measures_as_json(values);
        return answer;
    }
    table.widest = 160;
    answer.text = fmt::format("{} and {}\n", count_of(network.nodes.size(), "firm"),
                              count_of(network.edges.size(), "link")) +
                  print_table(table) +
                  "A loop is not a round trip; goods are delivered. Elements, no verdict.\n";
    return answer;
}

} // namespace

std::string plain_name(std::string_view name) {
    return std::string(is_money(name) ? name.substr(0, name.size() - 4) : name);
}

double in_file_units(double value, int decimals) {
    if (!std::isfinite(value)) return value;
    double const exact = std::strtod(fmt::format("{:.{}f}", value, decimals).c_str(), nullptr);
    return std::abs(exact - value) <= 1e-12 * std::abs(value) ? exact : value;
}

Answer circularity_of_csv(Options const& options) {
    if (!options.as_of.empty() || !options.scenario.empty() || !options.set.empty() ||
        !options.from.empty() || !options.to.empty())
        return refused("a CSV file has no dates and scenarios",
                       "only --json, --measure and how the file is read go with it");
    std::string const& asked = options.payments.measure;
    Measure const* measure = asked.empty() ? nullptr : find_measure(asked);
    if (!asked.empty() && measure == nullptr) return no_such_measure(asked);
    Reading reading;
    ImportedPayments imported;
    if (!import_payments(options.book, options.payments, false, false, imported,
                         reading.diagnostics)) {
        Answer answer = refused(reading);
        answer.talk += imported.stated;
        return answer;
    }
    Network const network = network_of(imported.list);
    if (network.edges.size() > most_links)
        return refused("more than a million pairs of payer and payee",
                       "loops take any number; measures of the whole take a million");
    if (!options.payments.rewired.empty() || !options.payments.seed.empty()) {
        std::vector<Measure const*> chosen;
        for (Measure const& one : measures)
            if (measure ? &one == measure : compared_as_a_rule(one)) chosen.push_back(&one);
        return against_chance(chosen, options, imported, network);
    }
    return measure ? answer_one(*measure, options, imported, network)
                   : answer_all(options, imported, network);
}

} // namespace perpetuum
