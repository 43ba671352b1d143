// A network by itself has no natures of payment and no tills: what is left are measures of the whole.

#include "csv_circularity.hpp"
#include "loading.hpp"
#include "tables.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace perpetuum {

namespace {

constexpr std::size_t most_links = 1'000'000;
constexpr int most_legs = 1'000;

bool is_money(std::string_view name) { return name.ends_with("_usd"); }

/// Without a name: what chance can change and what is quick.
bool compared_as_a_rule(Measure const& measure) {
    for (char const* const name : {"max_circulation_usd", "pro_rata_circulation_usd", "finn_index"})
        if (measure.name == std::string_view(name)) return true;
    return false;
}

/// Names that others use.
constexpr std::pair<char const*, char const*> other_names[] = {
    {"compression_non_conservative", "compression_excess"},
    {"feedback_arc_set", "feedback_arcs"},
    {"loop_erased_volume", "loop_erased"},
    {"own_money", "own_money_share"},
    {"pro_rata", "pro_rata_circulation"},
    {"scc_share", "component_share"},
    {"vendor_financing_ratio", "vendor_financing"},
};

std::string known_name(std::string const& asked) {
    for (auto const& [other, name] : other_names)
        if (asked == other) return name;
    return asked;
}

Answer no_such_measure(std::string const& name) {
    std::vector<std::string> known;
    for (Measure const& measure : measures) known.push_back(plain_name(measure.name));
    for (std::string const& one : firm_measure_names()) known.push_back(one);
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

Estimate value_in_file(Measure const& measure, CsvQuestion const& question, int longest) {
    Network const& network = question.network;
    Estimate found;
    if (longest > 0 && measure.within)
        found.value = measure.within(network, longest);
    else if (measure.estimate)
        found = measure.estimate(network, no_outside_flows(network));
    else
        found.value = measure.value(network, no_outside_flows(network));
    if (found.error == 0) // else its digits are chance
        found.value =
            in_file_units(found.value, is_money(measure.name) ? question.list().decimals : 17);
    return found;
}

std::string value_text(Measure const& measure, Estimate const& found) {
    if (std::isnan(found.value)) return "not known";
    double const unit = is_money(measure.name) ? 1 : 100;
    std::string const words = is_money(measure.name) ? "" : " %";
    if (found.error > 0) return text_with_error(found.value * unit, found.error * unit) + words;
    if (is_money(measure.name)) return fmt::format("{:.12g}", found.value);
    return print_percent(found.value) + words;
}

std::vector<std::string> table_row(Measure const& measure, Estimate const& found) {
    std::string phrase = measure.phrase;
    if (found.error > 0 && phrase.find("simulated") == std::string::npos) phrase += ", simulated";
    return {plain_name(measure.name), value_text(measure, found),
            phrase + " (" + measure.source + ")"};
}

/// Its value, and its standard error where it has one.
void put_value(std::vector<std::pair<std::string, double>>& values, std::string const& name,
               Estimate const& found) {
    values.emplace_back(name, found.value);
    if (found.error > 0) values.emplace_back(name + "_standard_error", found.error);
}

Answer answer_one(Measure const& measure, CsvQuestion const& question, int longest) {
    Estimate const found = value_in_file(measure, question, longest);
    Answer answer;
    answer.talk = question.imported.stated;
    if (question.options.json) {
        std::vector<std::pair<std::string, double>> values;
        put_value(values, question.asked().measure, found);
        answer.text = measures_as_json(values);
        return answer;
    }
    TextTable table{{}, "lrl", {table_row(measure, found)}};
    table.widest = 160;
    answer.text = size_words(question) + "\n" + print_table(table);
    if (measure.within)
        answer.text += fmt::format("Loops of at most {} payments.\n", longest > 0 ? longest : 4);
    return answer;
}

Answer answer_all(CsvQuestion const& question) {
    Answer answer;
    answer.talk = question.imported.stated;
    std::vector<std::pair<std::string, double>> values;
    TextTable table{{}, "lrl", {}};
    for (Measure const& measure : measures) {
        if (measure.by_name_only) continue;
        Estimate const found = value_in_file(measure, question, 0);
        put_value(values, plain_name(measure.name), found);
        table.rows.push_back(table_row(measure, found));
    }
    if (question.options.json) {
        answer.text = measures_as_json(values);
        return answer;
    }
    table.widest = 160;
    answer.text = size_words(question) + "\n" + print_table(table) +
                  "A loop is not a round trip; goods are delivered. Elements, no verdict.\n";
    return answer;
}

/// Which of the questions that exclude each other are asked.
std::vector<std::string> questions_of(Options const& options) {
    PaymentOptions const& asked = options.payments;
    std::vector<std::string> questions;
    if (!asked.look_through.empty()) questions.emplace_back("--look-through");
    if (!asked.trace.empty()) questions.emplace_back("--trace");
    if (!asked.link.empty()) questions.emplace_back("--link");
    if (asked.links) questions.emplace_back("--links");
    if (!options.backtest.without.empty()) questions.emplace_back("--without");
    if (!asked.rewired.empty()) questions.emplace_back("--rewired");
    if (!asked.by.empty()) questions.emplace_back("--by");
    return questions;
}

/// An option that the question does not read, or nothing.
std::string idle_option(Options const& options, std::string const& question) {
    PaymentOptions const& asked = options.payments;
    bool const traces = question == "--trace", measured = question.empty();
    auto const idle = [&](bool given, bool read) { return given && !read; };
    if (idle(!asked.target.empty(), traces || question == "--look-through")) return "--target";
    if (idle(!asked.opening.empty(), traces)) return "--opening";
    if (idle(!asked.explain.empty(), traces)) return "--explain";
    if (idle(!asked.seed.empty(), measured || question == "--rewired")) return "--seed";
    bool const by_name = measured || question == "--rewired" || question == "--by";
    if (idle(!asked.measure.empty(), by_name || traces)) return "--measure";
    if (idle(!asked.max_length.empty(), by_name)) return "--max-length";
    bool const vendors = measured && known_name(asked.measure) == "vendor_financing";
    if (idle(!asked.hops.empty(), vendors)) return "--hops";
    if (idle(!asked.finance.empty(), vendors)) return "--finance";
    if (idle(!asked.passed_on.empty(), measured && asked.measure == "multiplier"))
        return "--passed-on";
    return {};
}

bool read_file(Options const& options, bool lines, ImportedPayments& imported, Answer& wrong) {
    // Times say which period the numbers are of; where they cannot be read and nobody asks for them,
    // the rest still counts.
    bool const needed = !options.payments.trace.empty() || !options.payments.by.empty();
    bool const wanted = needed || options.payments.through.empty();
    for (bool const times : {wanted, false}) {
        Reading reading;
        imported = {};
        if (import_payments(options.book, options.payments, times, lines, imported,
                            reading.diagnostics)) {
            if (wanted && !times) imported.stated += "the times are not all times: none is read\n";
            return true;
        }
        wrong = refused(reading);
        wrong.talk += imported.stated;
        if (needed || !wanted) return false;
    }
    return false;
}

Answer answer_question(std::string const& kind, CsvQuestion const& question) {
    if (kind == "--look-through") return looked_through(question);
    if (kind == "--trace") return traced_on_ledger(question);
    if (kind == "--without") return without_payments(question);
    if (kind == "--link" || kind == "--links") return intervals_of_links(question);
    std::string const name = known_name(question.asked().measure);
    if (is_firm_measure(name) && kind.empty()) return firm_measure(name, question);
    int longest = 0;
    if (std::string const& text = question.asked().max_length; !text.empty()) {
        auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), longest);
        if (error != std::errc() || end != text.data() + text.size() || longest < 2 ||
            longest > most_legs)
            return refused("--max-length is " + quoted(text), "2 to 1000");
    }
    Measure const* measure = name.empty() ? nullptr : find_measure(name);
    if (!name.empty() && measure == nullptr) return no_such_measure(question.asked().measure);
    if (longest > 0 && !(measure && measure->within))
        return refused("--max-length is for measures of short loops",
                       "--measure dollars_going_round or short_loop_circulation");
    if (kind == "--by")
        return by_period(measure ? *measure : *find_measure("max_circulation"), question, longest);
    if (kind == "--rewired" || !question.asked().seed.empty()) {
        std::vector<Measure const*> chosen;
        for (Measure const& one : measures)
            if (measure ? &one == measure : compared_as_a_rule(one)) chosen.push_back(&one);
        return against_chance(chosen, question, longest);
    }
    return measure ? answer_one(*measure, question, longest) : answer_all(question);
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

double amount_value(double minor, PaymentList const& list) {
    return in_file_units(minor * list.minor_unit(), list.decimals);
}

std::string text_with_error(double value, double error) {
    auto const places = static_cast<int>(std::clamp(1 - std::floor(std::log10(error)), 0.0, 12.0));
    return fmt::format("{:.{}f} ± {:.{}f}", value, places, error, places);
}

nlohmann::ordered_json amount_json(std::int64_t minor, PaymentList const& list) {
    constexpr std::int64_t most_exact = std::int64_t{1} << 53;
    if (list.decimals == 0 && std::abs(minor) > most_exact) return minor;
    return amount_value(static_cast<double>(minor), list);
}

std::string amount_text(double minor, PaymentList const& list) {
    if (std::isnan(minor)) return "not known";
    if (std::isinf(minor)) return "infinite";
    return fmt::format("{:.10g}", amount_value(minor, list));
}

std::string size_words(CsvQuestion const& question) {
    PaymentList const& list = question.list();
    std::string words = fmt::format("{} and {}", count_of(question.network.nodes.size(), "firm"),
                                    count_of(question.network.edges.size(), "link"));
    if (list.time.empty()) return words;
    auto const [first, last] = std::minmax_element(list.time.begin(), list.time.end());
    return words + ", " + print_time(*first, list.time_form) + " to " +
           print_time(*last, list.time_form);
}

Answer circularity_of_csv(Options const& options) {
    if (!options.as_of.empty() || !options.scenario.empty() || !options.set.empty() ||
        !options.from.empty() || !options.to.empty())
        return refused("a CSV file has no dates and scenarios",
                       "only --json, --measure and how the file is read go with it");
    std::vector<std::string> const questions = questions_of(options);
    if (questions.size() > 1)
        return refused(questions[0] + " and " + questions[1] + " are two questions",
                       "ask one after the other");
    std::string const kind = questions.empty() ? "" : questions[0];
    if (std::string const idle = idle_option(options, kind); !idle.empty())
        return refused(idle + " says nothing to what is asked",
                       "'perpetuum circularity --help' says what it goes with");
    ImportedPayments imported;
    Answer wrong;
    bool const lines = !kind.empty() && kind != "--rewired" && kind != "--by";
    if (!read_file(options, lines, imported, wrong)) return wrong;
    Network const network = network_of(imported.list);
    if (network.edges.size() > most_links && kind != "--trace")
        return refused("more than a million pairs of payer and payee",
                       "loops take any number; measures of the whole take a million");
    return answer_question(kind, {options, imported, network});
}

} // namespace perpetuum
