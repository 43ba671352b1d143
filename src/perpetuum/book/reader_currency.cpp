// Currencies and indices: dated series, and how a figure in another currency becomes the model's
// money.

#include <perpetuum/book/reader.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace perpetuum {

namespace {

std::vector<std::string> const usual_currencies{"USD", "EUR", "JPY", "GBP", "CNY", "TWD"};

Unit single_unit(std::string const& name) { return {{{name, 1}}, 1}; }

/// The exponent with which a unit holds a base unit.
int exponent_of(Unit const& unit, std::string const& name) {
    for (auto const& [base, exponent] : unit.powers)
        if (base == name) return exponent;
    return 0;
}

} // namespace

DatedSeries BookReader::read_series(TopKey const& key, FieldDescription const* field) {
    DatedSeries series;
    series.id = key.key;
    series.where = key.where;
    if (key.value->type != TomlNode::Type::table) {
        error(key.value->where, "a series has one figure per date",
              key.key + ".2025-12-31 = \"…\"");
        return series;
    }
    TableRules around;
    around.converts = false;
    TableRules const rules = rules_of(*key.value, around);
    for (auto const& member : key.value->members) {
        if (member.key == "source") continue;
        auto const period = period_key(member, rules);
        auto value = entry(member, field, rules);
        if (period && value && !value->rivals.empty())
            series.values.emplace_back(*period, std::move(*value));
    }
    std::stable_sort(series.values.begin(), series.values.end(),
                     [](auto const& a, auto const& b) { return a.first.end < b.first.end; });
    return series;
}

void BookReader::read_currencies() {
    for (auto const& key : table("currency")) {
        if (!currency_ids.count(key.key)) continue;
        // All rates first: an amount must stay an amount even where no rate was known yet.
        Date const asked = book.as_of;
        book.as_of = {std::numeric_limits<double>::infinity()};
        DatedSeries series = read_series(key, nullptr);
        book.as_of = asked;
        Unit const per = single_unit(key.key) / single_unit(vocabulary.money);
        for (auto const& [period, entry] : series.values) {
            for (auto const& one : entry.rivals) {
                bool const either =
                    one.unit.same_dimension(per) || one.unit.same_dimension(power(per, -1));
                if (one.holds != Figure::Holds::amount || !either || !(one.value > 0))
                    error(one.where, "a rate of " + quoted(key.key) +
                                         " must be a number above 0 in " + key.key + "/" +
                                         vocabulary.money + " or " + vocabulary.money + "/" +
                                         key.key);
            }
        }
        all_currencies.push_back(series);
        keep_known(series);
        book.currencies.push_back(std::move(series));
    }
}

void BookReader::keep_known(DatedSeries& series) const {
    for (auto& [period, entry] : series.values)
        entry.rivals.erase(std::remove_if(entry.rivals.begin(), entry.rivals.end(),
                                          [&](auto const& one) { return !known(one); }),
                           entry.rivals.end());
    auto& values = series.values;
    values.erase(std::remove_if(values.begin(), values.end(),
                                [](auto const& value) { return value.second.rivals.empty(); }),
                 values.end());
}

void BookReader::read_indices() {
    FieldDescription field;
    field.name = "index";
    field.unit = power(single_unit("month"), -1);
    for (auto const& key : table("index"))
        if (index_ids.count(key.key)) book.indices.push_back(read_series(key, &field));
}

/// What one unit of a currency was worth in the model's money, by these series.
std::optional<double> BookReader::rate_in(std::vector<DatedSeries> const& all,
                                          std::string const& currency,
                                          TableRules const& rules) const {
    auto const series =
        std::find_if(all.begin(), all.end(), [&](auto const& s) { return s.id == currency; });
    if (series == all.end()) return {};
    Date const until = rules.money_at ? rules.money_at->end : book.as_of;
    std::optional<double> last, first;
    double sum = 0;
    int count = 0;
    for (auto const& [period, entry] : series->values) {
        Figure const* used = entry.used();
        if (!used || used->holds != Figure::Holds::amount || !(used->value > 0)) continue;
        bool const per_money = exponent_of(used->unit, currency) > 0;
        double const value = per_money ? 1 / used->value : used->value;
        if (!first) first = value;
        if (period.end <= until) last = value;
        if (rules.flow && rules.money_at && rules.money_at->begin < period.end &&
            period.end <= until) {
            sum += value;
            ++count;
        }
    }
    if (count > 0) return sum / count;
    // Before the first rate that one is the nearest there is.
    return last ? last : first;
}

std::optional<double> BookReader::rate(std::string const& currency, TableRules const& rules) const {
    auto const by_known = rate_in(book.currencies, currency, rules);
    return by_known ? by_known : rate_in(all_currencies, currency, rules);
}

bool BookReader::convert(Figure& figure, TableRules const& rules) {
    std::string const& money = vocabulary.money;
    if (money.empty() || exponent_of(figure.unit, money) != 0) return true;
    auto const is_currency = [&](std::string const& name) {
        return name != money && (currency_ids.count(name) ||
                                 std::find(usual_currencies.begin(), usual_currencies.end(),
                                           name) != usual_currencies.end());
    };
    if (std::none_of(figure.unit.powers.begin(), figure.unit.powers.end(),
                     [&](auto const& power) { return is_currency(power.first); }))
        return true;
    auto const powers = figure.unit.powers; // those of the figure change on the way
    for (auto const& [name, exponent] : powers) {
        if (!is_currency(name)) continue;
        auto const worth = rate(name, rules);
        if (!worth) {
            if (!text.partial)
                error(figure.where, "no rate is known for " + name,
                      "add [currency." + name + "] 2025-12-31 = \"… " + name + "/" + money +
                          " …\"");
            return false;
        }
        double const times = std::pow(*worth, exponent);
        figure.value *= times;
        auto& parameters = figure.spread.parameters;
        std::size_t const stride =
            figure.spread.shape == Shape::discrete ? 2 : 1; // not the weights
        for (std::size_t i = 0; i < parameters.size(); i += stride) parameters[i] *= times;
        figure.unit =
            figure.unit / power(single_unit(name), exponent) * power(single_unit(money), exponent);
        figure.unit.factor *= times;
    }
    return true;
}

/// How much of a currency a figure moves: its largest number where the unit holds that currency
/// once, else 0.
double BookReader::money_per_unit(Figure const& figure, std::string const& currency) const {
    if (exponent_of(figure.unit, currency) <= 0) return 0;
    return std::max({std::fabs(figure.value), std::fabs(lowest(figure.spread)),
                     std::fabs(highest(figure.spread))});
}

} // namespace perpetuum
