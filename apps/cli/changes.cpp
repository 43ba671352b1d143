#include "changes.hpp"

#include "unit_words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace perpetuum {

namespace {

constexpr char const* scenario_of_options = "--set";
constexpr char const* scenario_of_times = "--set from";
constexpr Date far_future{12.0 * 10'000};
using Dated = std::pair<Period, std::vector<Figure>>;

/// A change taken apart, and where in it things stand.
struct Setting {
    Span all; ///< the whole of it
    std::size_t length = 0;
    std::string path, figure;
    std::string from, to; ///< as written: steps or dates; empty: always, to the end
    Span from_where, to_where;
    std::size_t path_end = 0, figure_begin = 0;
    Span where() const { return part(0, path_end); }
    /// Where its letters from `begin` on stand; of a text with escapes in a file: all of it.
    Span part(std::size_t begin, std::size_t end) const {
        if (all.end - all.begin != length) return all;
        return {all.text, all.begin + static_cast<std::uint32_t>(begin),
                all.begin + static_cast<std::uint32_t>(end)};
    }
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
    return refuse("is in " + print_unit(field.unit) + ", the figure in " + print_unit(figure.unit),
                  "give it in the unit of the parameter");
}

/// What a book refuses in a deal: less than nothing. Nothing at all is allowed here: that is how one
/// asks what would be without it.
bool fits_deal(Setting const& setting, ScenarioChange const& change, Diagnostics& diagnostics) {
    Figure const& figure = change.figure;
    bool const amount = setting.path.starts_with("deal.") && figure.holds == Figure::Holds::amount;
    bool const below =
        figure.value < 0 || (figure.spread.shape != Shape::normal && lowest(figure.spread) < 0);
    if (!amount || change.operation != '=' || !below) return true;
    diagnostics.error(figure.where, quoted(setting.path) + " is less than nothing",
                      "money goes from role to role: the roles give the direction");
    return false;
}

bool parse_setting(Reading& reading, Setting const& setting, ScenarioChange& change) {
    std::string text = setting.figure;
    std::size_t begin = setting.figure_begin;
    auto const skip = [&](std::size_t count) {
        text.erase(0, count);
        begin += count;
    };
    if (!text.empty() && (text[0] == '*' || text[0] == '+')) {
        change.operation = text[0];
        skip(std::max<std::size_t>(1, std::min(text.find_first_not_of("*+ "), text.size())));
    }
    Span const where = setting.part(begin, begin + text.size());
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

/// Takes `from A` or `from A to B` off the end of a figure.
void take_time(Setting& setting) {
    std::vector<std::pair<std::size_t, std::string>> words; // the last four, the last first
    for (std::size_t end = setting.figure.size(); end > 0 && words.size() < 4;) {
        end = setting.figure.find_last_not_of(' ', end - 1) + 1;
        if (end == 0) break;
        std::size_t const begin = setting.figure.find_last_of(' ', end - 1) + 1;
        words.emplace_back(begin, setting.figure.substr(begin, end - begin));
        end = begin;
    }
    auto const is = [&](std::size_t place, char const* word) {
        return words.size() > place && words[place].second == word;
    };
    std::size_t const place = is(1, "from") ? 1 : is(1, "to") && is(3, "from") ? 3 : 0;
    if (place == 0) return;
    auto const where = [&](std::size_t word) {
        std::size_t const begin = setting.figure_begin + words[word].first;
        return setting.part(begin, begin + words[word].second.size());
    };
    setting.from = words[place - 1].second;
    setting.from_where = where(place - 1);
    if (place == 3) {
        setting.to = words[0].second;
        setting.to_where = where(0);
    }
    setting.figure.erase(words[place].first);
}

/// What a --set says, where it names and fits a parameter; nothing with an error.
std::optional<ScenarioChange> change_of(Reading& reading, Setting& setting) {
    std::vector<FieldDescription> fields;
    std::string name;
    if (!find_fields(reading, setting, fields, name)) return std::nullopt;
    ScenarioChange change;
    if (!parse_setting(reading, setting, change)) return std::nullopt;
    bool const common = setting.path.starts_with("deal.") && setting.from.empty() &&
                        (name == "chance" || name == "binding" || name == "ended");
    std::vector<std::string> names;
    FieldDescription const* field = nullptr;
    for (FieldDescription const& one : fields) {
        names.push_back(one.name);
        if (one.name == name) field = &one;
    }
    if (!field && !common) {
        auto const& own = reading.model.blocks[0].variables;
        bool const computed = setting.path.starts_with("model.") &&
                              std::any_of(own.begin(), own.end(), [&](Variable const& variable) {
                                  return variable.name == name;
                              });
        reading.diagnostics.error(setting.where(), "there is no parameter " + quoted(name),
                                  computed ? "a variable has its equation: only parameters are set"
                                           : hint_of(name, names));
        return std::nullopt;
    }
    if (field && !fits_field(setting, change, *field, reading.diagnostics)) return std::nullopt;
    if (field && !fits_deal(setting, change, reading.diagnostics)) return std::nullopt;
    return change;
}

/// A change taken apart; nothing, with an error, where it is none.
std::optional<Setting> setting_of(WrittenChange const& change, Diagnostics& diagnostics) {
    std::string const& written = change.text;
    Setting setting;
    setting.all = change.where;
    setting.length = written.size();
    auto const equals = written.find('=');
    if (equals == std::string::npos) {
        diagnostics.error(change.where, "a change is written NAME=FIGURE",
                          "in a model \"G = 25\", in a book \"deal.ID.total = 20 B USD\", say");
        return std::nullopt;
    }
    auto const begin = written.find_first_not_of(' ', equals + 1);
    setting.path_end = std::min(written.find_last_not_of(' ', equals - 1) + 1, equals);
    setting.path = written.substr(0, setting.path_end);
    setting.figure_begin = std::min(begin, written.size());
    setting.figure = written.substr(setting.figure_begin);
    take_time(setting);
    return setting;
}

bool is_timed(WrittenChange const& change) {
    Diagnostics ignored;
    auto const setting = setting_of(change, ignored);
    return setting && !setting->from.empty();
}

/// A step's number, where the word is one: in a book a year is no step.
std::optional<int> step_number(std::string const& word, Reading const& reading) {
    bool const digits = !word.empty() && word.size() <= 5 &&
                        word.find_first_not_of("0123456789") == std::string::npos;
    if (!digits || (!reading.plain && word.size() > 3)) return std::nullopt;
    return std::stoi(word);
}

/// When a --set holds; nothing, with an error, when that cannot be. `steps` of the run; 0: to the
/// end of 2035.
std::optional<Period> period_of(Reading& reading, Setting const& setting, int steps) {
    double const length = InstanceOptions{}.step_months;
    double const first = reading.book.start.months;
    Period period{{0}, far_future};
    for (bool const begins : {true, false}) {
        std::string const& word = begins ? setting.from : setting.to;
        if (word.empty()) continue;
        auto const step = step_number(word, reading);
        auto const date = step || reading.plain ? std::optional<Period>() : parse_period(word);
        if (!date && (!step || *step == 0)) {
            reading.diagnostics.error(
                begins ? setting.from_where : setting.to_where,
                quoted(word) + (reading.plain ? " is no step" : " is no date"),
                reading.plain ? "steps are counted from 1"
                              : "write 2027-Q1, say, or the number of a step, from 1");
            return std::nullopt;
        }
        if (begins)
            period.begin = date ? date->begin : Date{first + (*step - 1) * length};
        else
            period.end = date ? date->end : Date{first + *step * length};
    }
    if (!(period.begin < period.end)) {
        reading.diagnostics.error(setting.to_where, "the change ends before it begins",
                                  "write from 50 to 60, say");
        return std::nullopt;
    }
    Date const end = steps > 0 ? Date{first + steps * length} : date_of(2036, 1, 1);
    if (period.begin < end) return period;
    reading.diagnostics.error(setting.from_where, "the run ends before the change begins",
                              steps > 0 ? "it has " + std::to_string(steps) +
                                              " steps: ask for more with --steps"
                                        : "it goes to the end of 2035");
    return std::nullopt;
}

Entry* entry_at(Book& book, std::string const& path) {
    auto const first = path.find('.'), last = path.rfind('.');
    auto const what = path.substr(0, first), name = path.substr(last + 1);
    std::map<std::string, Entry>* among = nullptr;
    if (what == "model") among = &book.parameters;
    auto const id = first == last ? std::string() : path.substr(first + 1, last - first - 1);
    for (Deal& deal : book.deals)
        if (what == "deal" && deal.id == id) among = &deal.parameters;
    for (Entity& entity : book.entities)
        if (what == "entity" && entity.id == id) among = &entity.parameters;
    if (!among) return nullptr;
    auto const found = among->find(name);
    return found == among->end() ? nullptr : &found->second;
}

/// A figure's number and unit, without standing, sources and remark.
std::string number_as_written(Figure const& figure) {
    std::string const standing = " " + std::string(name_of(figure.standing));
    auto const end = std::min({figure.text.find(standing), figure.text.find(" ["),
                               figure.text.find(": "), figure.text.size()});
    return figure.text.substr(0, figure.text.find_last_not_of(' ', end - 1) + 1);
}

std::string value_with_unit(double value, Unit const& unit) {
    bool const bare = unit.plain() && unit.factor == 1;
    auto const name = name_of_unit(unit);
    return (bare ? fmt::format("{:.6g}", value) : value_in_unit(value, unit)) +
           (name.empty() ? "" : " " + name);
}

/// A figure without a spread, times or plus the change's: "20 * 2 = 40 assumed [desk]".
Figure changed_figure(Figure figure, ScenarioChange const& change) {
    if (change.operation == '=') return change.figure;
    double const by = change.figure.value;
    figure.value = change.operation == '*' ? figure.value * by : figure.value + by;
    for (double& parameter : figure.spread.parameters) parameter = figure.value;
    std::string const number = number_as_written(change.figure);
    std::string const& written = change.figure.text;
    auto const rest = std::min(written.find_first_not_of(' ', number.size()), written.size());
    figure.text = number_as_written(figure) + " " + change.operation + " " + number + " = " +
                  value_with_unit(figure.value, figure.unit) + " " + written.substr(rest);
    figure.standing = change.figure.standing;
    figure.sources = change.figure.sources;
    figure.remark = change.figure.remark;
    figure.where = change.where;
    return figure;
}

/// The amounts that hold, each until the next one begins, the first from ever on; empty without
/// any.
std::vector<Dated> history_of(Entry const& entry) {
    auto const no_amount = [](Dated const& one) {
        return one.second.empty() || one.second.front().holds != Figure::Holds::amount;
    };
    std::vector<Dated> usual = entry.by_period;
    if (Figure const* used = usual.empty() ? entry.used() : nullptr) usual = {{{}, {*used}}};
    std::erase_if(usual, no_amount);
    if (usual.empty()) return usual;
    std::stable_sort(usual.begin(), usual.end(),
                     [](Dated const& a, Dated const& b) { return a.first.begin < b.first.begin; });
    usual.front().first.begin = std::min(usual.front().first.begin, Date{0});
    for (std::size_t i = 0; i < usual.size(); ++i)
        usual[i].first.end = i + 1 < usual.size() ? usual[i + 1].first.begin : far_future;
    return usual;
}

/// Other figures for a time; before and after it what held before.
void put_for_a_while(Entry& entry, ScenarioChange const& change, Period when) {
    std::vector<Dated> changed;
    auto const add = [&](Date begin, Date end, std::vector<Figure> figures) {
        if (begin < end) changed.push_back({{begin, end}, std::move(figures)});
    };
    for (auto const& [period, figures] : history_of(entry)) {
        add(period.begin, std::min(period.end, when.begin), figures);
        add(std::max(period.begin, when.begin), std::min(period.end, when.end),
            {changed_figure(figures.front(), change)});
        add(std::max(period.begin, when.end), period.end, figures);
    }
    entry.rivals.clear();
    entry.by_period = std::move(changed);
}

/// So much money in all, to be paid under a deal or by a firm: it has no value at a time. What a
/// model itself calls money (spending, a stock) is so much in each step.
bool is_total(Setting const& setting, Unit const& unit, std::string const& money) {
    auto const& powers = unit.powers;
    return !setting.path.starts_with("model.") && powers.size() == 1 && powers[0].second == 1 &&
           powers[0].first == money;
}

/// Whether an entry can be another for a while.
bool can_vary(Reading& reading, Setting const& setting, ScenarioChange const& change,
              Entry const* entry) {
    auto const refuse = [&](std::string const& why, std::string const& hint) {
        reading.diagnostics.error(setting.where(), quoted(setting.path) + " " + why, hint);
        return false;
    };
    if (change.figure.holds != Figure::Holds::amount)
        return refuse("can be another number for a time, nothing else", "leave 'from' out");
    auto const held = entry ? history_of(*entry) : std::vector<Dated>();
    Unit const& unit =
        change.operation == '=' || held.empty() ? change.figure.unit : held[0].second[0].unit;
    if (is_total(setting, unit, reading.model.money))
        return refuse("is a total over the whole term", "leave 'from' out");
    if (held.empty())
        return refuse("has no figure to go back to",
                      std::string("give it one ") +
                          (reading.plain ? "with --set or in the model" : "in the book") +
                          ", or leave 'from' out");
    if (change.operation == '=') return true;
    bool const certain =
        !entry->by_period.empty() || held[0].second[0].spread.shape == Shape::point;
    if (!certain)
        return refuse("has a spread: for a time it can only be put, not multiplied or added to",
                      "give the figure itself");
    if (change.operation == '*' && !change.figure.unit.plain())
        return refuse("is multiplied by a plain number only", "write '* 0.5' or '* 50 %'");
    if (change.operation == '+' && !unit.same_dimension(change.figure.unit))
        return refuse("is in " + print_unit(unit) + ", the addition in " +
                          print_unit(change.figure.unit),
                      "add a figure of the same unit");
    return true;
}

} // namespace

std::string add_changes(Options const& options, Reading& reading) {
    if (std::all_of(reading.changes.begin(), reading.changes.end(), is_timed))
        return options.scenario;
    Scenario scenario;
    scenario.id = scenario_of_options;
    scenario.says = "changes of the command line";
    scenario.extends = options.scenario;
    for (WrittenChange const& written : reading.changes) {
        if (is_timed(written)) continue;
        auto setting = setting_of(written, reading.diagnostics);
        if (!setting) continue;
        if (auto change = change_of(reading, *setting)) scenario.set.push_back(std::move(*change));
    }
    reading.book.scenarios.push_back(std::move(scenario));
    return scenario_of_options;
}

void make_timed_changes(Options const& options, Reading& reading) {
    int const steps = options.steps > 0 ? options.steps : reading.plain ? usual_plain_steps : 0;
    for (WrittenChange const& written : reading.changes) {
        if (!is_timed(written)) continue;
        auto setting = setting_of(written, reading.diagnostics);
        auto const when = period_of(reading, *setting, steps);
        auto const change = change_of(reading, *setting);
        if (!when || !change) continue;
        Scenario defaults; // for a moment, so that the model's default stands in the book
        defaults.id = scenario_of_times;
        defaults.set = {*change};
        reading.book.scenarios.push_back(std::move(defaults));
        reading.book = with_defaults(std::move(reading.book), reading.model, scenario_of_times);
        reading.book.scenarios.pop_back();
        Entry* const entry = entry_at(reading.book, setting->path);
        if (can_vary(reading, *setting, *change, entry)) put_for_a_while(*entry, *change, *when);
    }
}

} // namespace perpetuum
