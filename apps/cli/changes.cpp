#include "changes.hpp"

#include <algorithm>

namespace perpetuum {

namespace {

constexpr char const* scenario_of_options = "--set";

/// One --set: its text, and where in it things stand.
struct Setting {
    int text = -1;
    std::string path, figure;
    std::uint32_t figure_begin = 0;
    Span where() const { return {text, 0, figure_begin == 0 ? 0 : figure_begin - 1}; }
};

std::string hint_of(std::string const& name, std::vector<std::string> const& known) {
    auto const near = nearest(name, known);
    return near ? "did you mean " + quoted(*near) + "?" : std::string();
}

template <class Item>
Item const* by_id(std::vector<Item> const& items, std::string const& id) {
    auto const found =
        std::find_if(items.begin(), items.end(), [&](Item const& item) { return item.id == id; });
    return found == items.end() ? nullptr : &*found;
}

template <class Item>
std::vector<std::string> all_ids(std::vector<Item> const& items) {
    std::vector<std::string> ids;
    for (Item const& item : items) ids.push_back(item.id);
    return ids;
}

template <class Description>
std::vector<FieldDescription> fields_of(std::vector<Description> const& descriptions,
                                        std::string const& name) {
    for (Description const& description : descriptions)
        if (description.name == name) return description.fields;
    return {};
}

/// The fields among which a path's last name must be; nothing, with an error, when its owner is
/// unknown.
bool find_fields(Reading& reading, Setting& setting, std::vector<FieldDescription>& fields,
                 std::string& name) {
    auto const first = setting.path.find('.'), last = setting.path.rfind('.');
    auto const what = setting.path.substr(0, first);
    if (first == std::string::npos || (first == last && what == "model")) {
        name = first == std::string::npos ? setting.path : setting.path.substr(first + 1);
        setting.path = "model." + name;
        fields = reading.vocabulary.model_fields;
        return true;
    }
    auto const id =
        first == last ? std::string() : setting.path.substr(first + 1, last - first - 1);
    name = setting.path.substr(last + 1);
    if (what == "deal" && !id.empty()) {
        if (Deal const* deal = by_id(reading.book.deals, id)) {
            fields = fields_of(reading.vocabulary.instruments, deal->kind);
            return true;
        }
        reading.diagnostics.error(setting.where(), "no deal " + quoted(id) + " is known",
                                  hint_of(id, all_ids(reading.book.deals)));
    } else if (what == "entity" && !id.empty()) {
        if (Entity const* entity = by_id(reading.book.entities, id)) {
            fields = fields_of(reading.vocabulary.kinds, entity->kind);
            return true;
        }
        reading.diagnostics.error(setting.where(), "no entity " + quoted(id) + " is known",
                                  hint_of(id, all_ids(reading.book.entities)));
    } else {
        reading.diagnostics.error(
            setting.where(), quoted(setting.path) + " names no figure",
            "write deal.ID.parameter, entity.ID.parameter or a parameter of the model");
    }
    return false;
}

bool fits_field(Setting const& setting, ScenarioChange const& change, FieldDescription const& field,
                Diagnostics& diagnostics) {
    Figure const& figure = change.figure;
    auto const refuse = [&](std::string const& why, std::string const& hint) {
        diagnostics.error(figure.where, quoted(setting.path) + " " + why, hint);
        return false;
    };
    if (field.is_table) return refuse("is a table", "change it in the book");
    if (change.operation != '=' || figure.holds == Figure::Holds::undisclosed) return true;
    if (field.is_word) {
        auto const& words = field.words;
        bool const known = figure.holds == Figure::Holds::word &&
                           std::find(words.begin(), words.end(), figure.word) != words.end();
        std::string all;
        for (auto const& word : words) all += (all.empty() ? "" : " | ") + word;
        return known || refuse("is a word", "one of " + all);
    }
    if (field.is_date)
        return figure.holds == Figure::Holds::period || refuse("is a date", "write 2027-Q1, say");
    if (figure.holds != Figure::Holds::amount) return refuse("is a number", "write a figure");
    if (!field.unit_known || field.unit.same_dimension(figure.unit)) return true;
    return refuse("is in " + print_dimension(field.unit) + ", the figure in " +
                      print_dimension(figure.unit),
                  "give it in the unit of the parameter");
}

bool parse_setting(Reading& reading, Setting const& setting, ScenarioChange& change) {
    std::string text = setting.figure;
    std::uint32_t begin = setting.figure_begin;
    auto const skip = [&](std::size_t count) {
        text.erase(0, count);
        begin += static_cast<std::uint32_t>(count);
    };
    if (!text.empty() && (text[0] == '*' || text[0] == '+')) {
        change.operation = text[0];
        skip(std::max<std::size_t>(1, std::min(text.find_first_not_of("*+ "), text.size())));
    }
    Span const where{setting.text, begin, begin + static_cast<std::uint32_t>(text.size())};
    // Who gives a figure by hand assumes it.
    if (text.find('[') == std::string::npos) text += " assumed [desk]";
    auto figure =
        parse_figure(text, where, reading.vocabulary.units, std::nullopt, reading.diagnostics);
    if (!figure) return false;
    change.path = setting.path;
    change.figure = std::move(*figure);
    change.figure.where = change.where = where;
    return true;
}

} // namespace

std::string add_changes(Options const& options, Reading& reading) {
    if (options.set.empty()) return options.scenario;
    Scenario scenario;
    scenario.id = scenario_of_options;
    scenario.says = "changes of the command line";
    scenario.extends = options.scenario;
    for (std::string const& written : options.set) {
        Setting setting;
        setting.text = reading.diagnostics.add_text("--set", written);
        auto const equals = written.find('=');
        if (equals == std::string::npos) {
            reading.diagnostics.error({setting.text, 0, static_cast<std::uint32_t>(written.size())},
                                      "--set wants NAME=FIGURE", "deal.ID.total=\"20 B USD\", say");
            continue;
        }
        auto const begin = written.find_first_not_of(' ', equals + 1);
        setting.path =
            written.substr(0, std::min(written.find_last_not_of(' ', equals - 1) + 1, equals));
        setting.figure_begin = static_cast<std::uint32_t>(std::min(begin, written.size()));
        setting.figure = written.substr(setting.figure_begin);
        std::vector<FieldDescription> fields;
        std::string name;
        if (!find_fields(reading, setting, fields, name)) continue;
        ScenarioChange change;
        if (!parse_setting(reading, setting, change)) continue;
        bool const common = setting.path.starts_with("deal.") &&
                            (name == "chance" || name == "binding" || name == "ended");
        std::vector<std::string> names;
        FieldDescription const* field = nullptr;
        for (FieldDescription const& one : fields) {
            names.push_back(one.name);
            if (one.name == name) field = &one;
        }
        if (!field && !common) {
            reading.diagnostics.error(setting.where(), "there is no parameter " + quoted(name),
                                      hint_of(name, names));
            continue;
        }
        if (field && !fits_field(setting, change, *field, reading.diagnostics)) continue;
        scenario.set.push_back(std::move(change));
    }
    reading.book.scenarios.push_back(std::move(scenario));
    return scenario_of_options;
}

} // namespace perpetuum
