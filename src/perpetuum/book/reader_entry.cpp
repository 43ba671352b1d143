// What stands under a key: a figure, rivals, one figure per period, rows of a table, a plain date.

#include <perpetuum/book/figure.hpp>
#include <perpetuum/book/reader.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace perpetuum {

namespace {

constexpr double largest_money = 9e13; // whole cents stay exact up to 2^53 of them

/// 1/month and its like: what an index of interest can stand for.
bool is_time_rate(FieldDescription const& field) {
    auto const& powers = field.unit.powers;
    return powers.size() == 1 && powers[0].first == "month" && powers[0].second == -1;
}

/// A single word that is no figure.
bool could_be_index(std::string const& text) {
    return could_be_id(text) && std::isalpha(static_cast<unsigned char>(text[0])) &&
           text != "undisclosed";
}

/// A plain date as a figure: nobody is cited for it.
Figure dated_figure(TomlNode const& node, Period period) {
    Figure figure;
    figure.holds = Figure::Holds::period;
    figure.period = period;
    figure.value = point_of(period).months;
    figure.unit = {{{"month", 1}}, 1};
    figure.spread = spread_of(period);
    figure.text = node.text;
    figure.where = node.where;
    return figure;
}

/// A share or a rate as people write it: 0.06 is "6 %/year", and so is 6 for a rate.
std::string as_percent(std::string const& written, bool rate) {
    char* end = nullptr;
    double const number = std::strtod(written.c_str(), &end);
    if (end != written.c_str() + written.size() || !std::isfinite(number)) return "6 %/year";
    char buffer[40];
    std::snprintf(buffer, sizeof buffer, "%.6g %%%s",
                  std::fabs(number) < 1 || !rate ? number * 100 : number, rate ? "/year" : "");
    return buffer;
}

/// A bare number in a unit that its key could have.
std::string in_unit_of(FieldDescription const* field, std::string const& written) {
    if (!field || !field->unit_known || field->is_date || field->is_word) return written + " B USD";
    if (is_time_rate(*field)) return as_percent(written, true);
    bool const share = field->unit.plain() && std::fabs(std::strtod(written.c_str(), nullptr)) < 1;
    if (share) return as_percent(written, false);
    if (field->unit.plain()) return written;
    std::string const unit = print_unit(field->unit);
    return written + (unit == "USD" ? " B " : " ") + unit;
}

std::string basis_in_words(std::string const& basis) {
    return basis.empty() ? "none" : quoted(basis);
}

bool is_rate_per_time(Unit const& unit) {
    return std::any_of(unit.powers.begin(), unit.powers.end(),
                       [](auto const& p) { return p.first == "month" && p.second == -1; });
}

} // namespace

bool BookReader::known(Figure const& figure) const {
    if (figure.standing == Standing::assumed || figure.sources.empty()) return true;
    for (auto const& cited : figure.sources) {
        if (cited.id == "desk") return true;
        auto const found = source_numbers.find(cited.id);
        if (found == source_numbers.end()) return true; // reported as unknown; no second complaint
        auto const& date = book.sources[found->second].date;
        if (date ? *date <= book.as_of : book.own_as_of <= book.as_of) return true;
    }
    return false;
}

void BookReader::cite(std::vector<SourceRef> const& sources, std::vector<Span> const& places,
                      Span where) {
    for (std::size_t i = 0; i < sources.size(); ++i) {
        if (sources[i].id == "desk") continue;
        auto const found = source_numbers.find(sources[i].id);
        if (found != source_numbers.end()) {
            book.sources[found->second].used = true;
            continue;
        }
        if (text.partial) continue;
        std::string hint;
        if (book.sources.size() < suggestions_left) {
            std::vector<std::string> names{"desk"};
            for (auto const& source : book.sources) names.push_back(source.id);
            hint = suggestion(sources[i].id, names);
        }
        if (hint.empty()) hint = "sources stand in [source]; 'desk' is your own judgement";
        error(i < places.size() ? places[i] : where, "unknown source " + quoted(sources[i].id),
              hint);
    }
}

void BookReader::no_figure(TomlNode const& node, FieldDescription const* field) {
    std::string const wanted = field ? " (" + wanted_words(*field) + ")" : "";
    switch (node.type) {
    case TomlNode::Type::number:
        error(node.where, "a number without quotes: " + quoted(node.text),
              "write a figure: \"" + in_unit_of(field, printable(node.text, 40)) + " filed [id]\"");
        break;
    case TomlNode::Type::boolean:
        error(node.where, "a figure is wanted here" + wanted + ", found true or false",
              "write for instance \"100 B USD filed [id]\"");
        break;
    case TomlNode::Type::day:
        error(node.where, "a figure is wanted here" + wanted + ", found a date",
              "write for instance \"100 B USD filed [id]\"");
        break;
    default:
        error(node.where, "a figure in quotes is wanted here" + wanted,
              "write for instance \"100 B USD filed [id]\"");
    }
}

bool BookReader::check_word(Figure const& figure, FieldDescription const& field) {
    auto const& words = field.words;
    if (figure.holds == Figure::Holds::word &&
        std::find(words.begin(), words.end(), figure.word) != words.end())
        return true;
    bool const word = figure.holds == Figure::Holds::word;
    std::string hint = word ? suggestion(figure.word, words) : std::string{};
    error(figure.where,
          word ? quoted(figure.word) + " is no word that " + quoted(field.name) + " knows"
               : quoted(field.name) + " wants a word",
          hint.empty() ? wanted_words(field) : hint);
    return false;
}

/// Is the figure what the field wants? Converts other currencies on the way.
bool BookReader::check_figure(Figure& figure, FieldDescription const* field,
                              TableRules const& rules) {
    if (figure.holds == Figure::Holds::undisclosed) return true;
    if (field && field->is_word) return check_word(figure, *field);
    if (field && field->is_date) {
        if (figure.holds == Figure::Holds::period) return true;
        error(figure.where,
              quoted(field->name) + " wants a date, found " + quoted(print_figure(figure)),
              "write 2025-09-22, 2025-09, 2025-Q3, 2025-H2, 2025 or 2027..2028");
        return false;
    }
    if (field && figure.holds != Figure::Holds::amount) {
        error(figure.where, quoted(field->name) + " wants " + wanted_words(*field) + ", found " +
                                quoted(print_figure(figure)));
        return false;
    }
    if (figure.holds != Figure::Holds::amount) return true;
    if (rules.converts && !convert(figure, rules)) return false;
    if (field && field->unit_known && !field->unit.same_dimension(figure.unit)) {
        std::string hint;
        bool const per_time = is_rate_per_time(field->unit) && !is_rate_per_time(figure.unit);
        if (figure.unit.plain() && figure.unit.factor == 1 && is_time_rate(*field))
            hint = "a rate is a share of a time: '" +
                   as_percent(std::to_string(figure.value), true) + "'";
        else if (figure.unit.plain() && figure.unit.factor == 1)
            hint = "the unit stands behind the number: '" + print_unit(field->unit) + "'";
        else if (per_time && (figure.unit / field->unit).powers.size() == 1)
            hint = "it needs a time: '" + print_unit(figure.unit) + "/year'";
        error(figure.where,
              quoted(field->name) + " wants " + wanted_words(*field) + ", found " +
                  print_unit(figure.unit),
              hint);
        return false;
    }
    double const money = money_per_unit(figure, vocabulary.money);
    if (!(money <= largest_money)) {
        error(figure.where, "an amount beyond 90 T " + vocabulary.money,
              "money is counted in whole cents, exactly up to there");
        return false;
    }
    return true;
}

bool BookReader::read_figure(Figure& into, TomlNode const& node, FieldDescription const* field,
                             TableRules const& rules) {
    // A bare day among rivals.
    if (node.type == TomlNode::Type::day && field && field->is_date) {
        into = dated_figure(node, node.day);
        return true;
    }
    if (node.type != TomlNode::Type::text) {
        no_figure(node, field);
        return false;
    }
    cited_places.clear();
    FigureRules figure_rules;
    figure_rules.units = &units;
    figure_rules.fiscal = rules.fiscal;
    figure_rules.reading = !field           ? rules.reading
                           : field->is_date ? Reading::date
                                            : Reading::amount;
    figure_rules.fallback = rules.fallback ? &*rules.fallback : nullptr;
    figure_rules.minus_allowed = rules.minus_allowed;
    figure_rules.source_places = &cited_places;
    if (!parse_figure_into(into, node.text, node.where, figure_rules, diagnostics)) return false;
    cite(into.sources, cited_places, node.where);
    if (!check_figure(into, field, rules)) return false;
    if (tally && into.standing != Standing::assumed) {
        ++tally->sourced;
        if (known(into)) ++tally->sourced_known;
    }
    return true;
}

/// All figures of a text or list; those known at as_of, the overtaken last. Nothing when one was
/// wrong.
std::optional<std::vector<Figure>>
BookReader::rivals(TomlNode const& node, FieldDescription const* field, TableRules const& rules) {
    std::optional<std::vector<Figure>> result{std::in_place};
    if (node.type != TomlNode::Type::array) {
        if (!read_figure(result->emplace_back(), node, field, rules))
            result.reset();
        else if (!known(result->front()))
            result->clear();
        return result;
    }
    std::vector<Figure> all;
    bool good = true;
    std::size_t first_amount = std::string::npos; // what the rivals are held against
    if (node.items.empty()) {
        error(node.where, "an empty list: a figure is missing here",
              "leave the name out, or write \"undisclosed filed [id]\"");
        return {};
    }
    for (TomlNode const& item : node.items) {
        Figure& one = all.emplace_back();
        if (!read_figure(one, item, field, rules)) {
            all.pop_back();
            good = false;
            continue;
        }
        Figure const* first = first_amount < all.size() - 1 ? &all[first_amount] : nullptr;
        bool const comparable = first && one.holds == Figure::Holds::amount;
        if (comparable && !first->unit.same_dimension(one.unit)) {
            error(one.where,
                  "rivals of different units: " + print_unit(first->unit) + " and " +
                      print_unit(one.unit),
                  "a figure of another definition is no rival: put it under fact.NAME");
            good = false;
        } else if (comparable && first->basis != one.basis) {
            error(one.where,
                  "rivals of different basis: " + basis_in_words(first->basis) + " and " +
                      basis_in_words(one.basis),
                  "a figure of another definition is no rival: put it under fact.NAME");
            good = false;
        }
        if (!first && one.holds == Figure::Holds::amount) first_amount = all.size() - 1;
    }
    if (!good) return {};
    bool newer_exists = false, newer_known = false;
    std::vector<Figure>& current = *result;
    std::vector<Figure> overtaken;
    for (auto& one : all) {
        bool const is_known = known(one);
        newer_exists = newer_exists || !one.was;
        newer_known = newer_known || (!one.was && is_known);
        if (is_known) (one.was ? overtaken : current).push_back(std::move(one));
    }
    // Before the newer figure was known the older one, newest first, was in use.
    if (newer_exists && !newer_known && !overtaken.empty()) overtaken.front().was = false;
    current.insert(current.end(), std::make_move_iterator(overtaken.begin()),
                   std::make_move_iterator(overtaken.end()));
    return result;
}

bool BookReader::plain_date(TomlNode const& node, FieldDescription const* field,
                            TableRules const& rules, Entry& entry) {
    bool const day = node.type == TomlNode::Type::day;
    if (!day && (!field || !field->is_date || rules.fallback)) return false;
    if (day && field && !field->is_date) return false;
    auto const period = period_of(node, rules.fiscal);
    if (!period) return false;
    entry.plain_period = period;
    entry.rivals.push_back(dated_figure(node, *period));
    return true;
}

bool BookReader::rows(TomlNode const& node, FieldDescription const& field, TableRules const& rules,
                      Entry& entry) {
    if (node.type != TomlNode::Type::array || node.items.empty()) {
        error(node.where, quoted(field.name) + " wants a list of tables",
              field.name + " = [ { … }, { … } ] with " +
                  (field.fields.empty() ? "its fields" : field.fields[0].name));
        return false;
    }
    for (auto const& item : node.items) {
        if (item.type != TomlNode::Type::table) {
            error(item.where, "a row of " + quoted(field.name) + " must be a table in braces",
                  field.fields.empty() ? "" : "{ " + field.fields[0].name + " = … }");
            continue;
        }
        TableRules const own = rules_of(item, rules);
        std::map<std::string, Entry> row;
        for (auto const& member : item.members) {
            if (member.key == "source") continue;
            auto const* wanted = field_named(field.fields, member.key);
            if (!wanted) {
                unknown_key(member, "a row of " + quoted(field.name), names_of(field.fields));
                continue;
            }
            if (auto one = this->entry(member, wanted, own)) row[member.key] = std::move(*one);
        }
        for (auto const& wanted : field.fields) {
            bool const written =
                std::any_of(item.members.begin(), item.members.end(),
                            [&](TomlMember const& member) { return member.key == wanted.name; });
            if (wanted.required && !written)
                error(
                    item.where, "a row of " + quoted(field.name) + " has no " + quoted(wanted.name),
                    "write " + wanted.name + " = \"… [source]\": the model has no default for it");
        }
        entry.rows.push_back(std::move(row));
    }
    return true;
}

bool BookReader::by_period(TomlNode const& node, FieldDescription const* field,
                           TableRules const& rules, Entry& entry) {
    if (node.members.empty()) {
        error(node.where, "an empty table: a figure is missing here",
              "leave the name out, or write one figure for each period");
        return false;
    }
    TableRules own = rules;
    entry.by_period.reserve(node.members.size());
    for (auto const& member : node.members) {
        auto const period = period_key(member, rules);
        own.money_at = period;
        auto figures = rivals(member.value, field, own);
        if (!period || !figures) continue;
        if (!figures->empty()) entry.by_period.emplace_back(*period, std::move(*figures));
    }
    auto const earlier = [](auto const& a, auto const& b) { return a.first.begin < b.first.begin; };
    if (!std::is_sorted(entry.by_period.begin(), entry.by_period.end(), earlier))
        std::stable_sort(entry.by_period.begin(), entry.by_period.end(), earlier);
    return true;
}

std::optional<Entry> BookReader::entry(TomlMember const& member, FieldDescription const* field,
                                       TableRules const& rules) {
    Entry result;
    result.where = member.value.where;
    result.key_where = member.key_where;
    TomlNode const& node = member.value;
    if (field && field->is_table) {
        if (!rows(node, *field, rules, result)) return {};
        return result;
    }
    if (node.type == TomlNode::Type::table) {
        if (!by_period(node, field, rules, result)) return {};
        return result;
    }
    if (field && is_time_rate(*field) && node.type == TomlNode::Type::text) {
        if (index_ids.count(node.text)) {
            result.references.push_back(node.text);
            return result;
        }
        if (could_be_index(node.text)) {
            std::string const hint =
                suggestion_or_list(node.text, {index_ids.begin(), index_ids.end()});
            error(node.where, "no index is called " + quoted(node.text),
                  hint.empty() ? "write a figure, or add [index." + node.text + "]" : hint);
            return {};
        }
    }
    if (plain_date(node, field, rules, result)) return result;
    auto figures = rivals(node, field, rules);
    if (!figures) return {};
    result.rivals = std::move(*figures);
    return result;
}

std::map<std::string, Entry> BookReader::named_entries(TomlMember const& member,
                                                       TableRules const& rules) {
    std::map<std::string, Entry> result;
    if (member.value.type != TomlNode::Type::table) {
        error(member.value.where, quoted(member.key) + " needs a name for each figure",
              "write " + member.key + ".NAME = \"…\"");
        return result;
    }
    TableRules const own = rules_of(member.value, rules);
    for (auto const& one : member.value.members) {
        if (one.key == "source") continue;
        if (auto found = entry(one, nullptr, own)) result[one.key] = std::move(*found);
    }
    return result;
}

} // namespace perpetuum
