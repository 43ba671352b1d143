// A file of gauges: a heading for each, keys with texts below.

#include <perpetuum/gauges.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace perpetuum {

namespace {

std::vector<std::string> const gauge_keys{"title", "formula", "measure", "shown", "says",
                                          "amber", "red",     "in_2000", "note",  "without"};
std::vector<std::string> const shown_words{"%", "times", "quarters", "USD", "ratio"};

std::string trimmed(std::string text) {
    text.erase(0, text.find_first_not_of(' '));
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
}

/// "above 24 % [source]: reason"
std::optional<Threshold> threshold_of(std::string const& colour, ListItem::Text const& item,
                                      Diagnostics& diagnostics) {
    auto const wrong = [&](std::string const& what) {
        diagnostics.error(item.where, what, "write \"above 24 % [who says so]: what it tells\"");
        return std::nullopt;
    };
    Threshold threshold;
    threshold.colour = colour;
    std::string const& text = item.text;
    auto const open = text.find('['), close = text.rfind(']');
    if (open == std::string::npos || close == std::string::npos || close <= open + 1)
        return wrong("a threshold needs its source");
    threshold.source = trimmed(text.substr(open + 1, close - open - 1));
    if (auto const colon = text.find(':', close); colon != std::string::npos)
        threshold.reason = trimmed(text.substr(colon + 1));
    std::string const head = trimmed(text.substr(0, open));
    threshold.above = head.starts_with("above ");
    if (!threshold.above && !head.starts_with("below "))
        return wrong("it says neither above nor below");
    std::string const number = trimmed(head.substr(6));
    auto const [end, error] =
        std::from_chars(number.data(), number.data() + number.size(), threshold.value);
    if (error != std::errc{}) return wrong("a threshold needs a number");
    std::string const unit = trimmed(std::string(end, number.data() + number.size()));
    if (unit == "%")
        threshold.value /= 100;
    else if (unit == "B USD")
        threshold.value *= 1e9;
    else if (!unit.empty() && unit != "quarters" && unit != "times")
        return wrong(quoted(unit) + " is no unit of a threshold");
    return threshold;
}

void read_formula(Gauge& gauge, ListItem::Text const& item, Diagnostics& diagnostics) {
    auto const dot = item.text.find('.');
    if (dot == std::string::npos || dot == 0 || dot + 1 == item.text.size())
        return diagnostics.error(item.where, quoted(item.text) + " is no variable of an instrument",
                                 "write formula = \"firm_gauges.runway\"");
    gauge.instrument = item.text.substr(0, dot);
    gauge.variable = item.text.substr(dot + 1);
}

/// "year_interest: no interest"
void read_without(Gauge& gauge, ListItem::Text const& item, Diagnostics& diagnostics) {
    auto const colon = item.text.find(':');
    gauge.needs = trimmed(item.text.substr(0, std::min(colon, item.text.size())));
    if (colon != std::string::npos) gauge.without = trimmed(item.text.substr(colon + 1));
    if (gauge.needs.empty() || gauge.without.empty())
        diagnostics.error(
            item.where, quoted(item.text) + " does not say without what there is what",
            "write without = \"year_interest: no interest\": a variable of the formula's "
            "instrument, and what is said where it is not above zero");
}

void check_word(ListItem::Text const& item, std::vector<std::string> const& known, char const* what,
                Diagnostics& diagnostics) {
    if (std::find(known.begin(), known.end(), item.text) != known.end()) return;
    std::string list;
    for (auto const& word : known) list += (list.empty() ? "" : ", ") + word;
    diagnostics.error(item.where, quoted(item.text) + " is no " + what, "there are " + list);
}

void read_item(Gauge& gauge, ListItem const& item, Diagnostics& diagnostics) {
    if (std::find(gauge_keys.begin(), gauge_keys.end(), item.key) == gauge_keys.end()) {
        auto const near = nearest(item.key, gauge_keys);
        return diagnostics.error(item.where, "a gauge has no " + quoted(item.key),
                                 near ? "did you mean " + quoted(*near) + "?" : "");
    }
    for (ListItem::Text const& text : item.texts) {
        if (item.key == "amber" || item.key == "red") {
            if (auto threshold = threshold_of(item.key, text, diagnostics))
                gauge.thresholds.push_back(std::move(*threshold));
        } else if (item.key == "formula") {
            read_formula(gauge, text, diagnostics);
        } else if (item.key == "without") {
            read_without(gauge, text, diagnostics);
        } else if (item.key == "measure") {
            check_word(text, known_measures(), "measure", diagnostics);
            gauge.measure = text.text;
        } else if (item.key == "shown") {
            check_word(text, shown_words, "way to show a gauge", diagnostics);
            gauge.shown = text.text;
        } else if (item.key == "title") {
            gauge.title = text.text;
        } else if (item.key == "says") {
            gauge.says = text.text;
        } else if (item.key == "in_2000") {
            gauge.history = text.text;
        }
    }
}

} // namespace

std::vector<std::string> const& known_measures() {
    static std::vector<std::string> const names{"circular share",
                                                "vendor financing paid",
                                                "vendor financing promised",
                                                "vendor financing paid, of buyers",
                                                "vendor financing promised, of buyers",
                                                "largest customer's share of backlog",
                                                "joint default lift"};
    return names;
}

GaugeFile read_gauges(int text, Diagnostics& diagnostics) {
    GaugeFile file;
    for (ListSection const& section : read_lists(text, diagnostics)) {
        if (section.name.empty()) {
            for (ListItem const& item : section.items)
                if (item.key == "history" && item.texts.size() == 1)
                    file.history_book = item.texts[0].text;
                else
                    diagnostics.error(item.where, "only 'history' stands above the first gauge",
                                      "history = \"telecom-2000\"");
            continue;
        }
        Gauge gauge;
        gauge.id = section.name;
        gauge.title = section.name;
        gauge.where = section.where;
        for (ListItem const& item : section.items) read_item(gauge, item, diagnostics);
        if (gauge.variable.empty() == gauge.measure.empty())
            diagnostics.error(section.where, quoted(section.name) + " wants a formula or a measure",
                              "formula = \"firm_gauges.runway\", and nothing beside it");
        if (!gauge.needs.empty() && gauge.variable.empty())
            diagnostics.error(section.where, "'without' wants a formula",
                              "a measure has no variables beside it");
        std::stable_sort(
            gauge.thresholds.begin(), gauge.thresholds.end(),
            [](Threshold const& a, Threshold const& b) { return a.colour < b.colour; });
        file.gauges.push_back(std::move(gauge));
    }
    return file;
}

Threshold const* passed_by(Gauge const& gauge, double value) {
    if (!std::isfinite(value)) return nullptr;
    for (auto threshold = gauge.thresholds.rbegin(); threshold != gauge.thresholds.rend();
         ++threshold)
        if (threshold->passed(value)) return &*threshold;
    return nullptr;
}

} // namespace perpetuum
