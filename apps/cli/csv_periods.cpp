// circularity ledger.csv --by month: a measure period by period, beside that of the whole. A longer
// period makes more loops: what can go round in all is at least the sum of its parts.

#include "csv_circularity.hpp"
#include "json.hpp"
#include "tables.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <charconv>
#include <cmath>
#include <map>

namespace perpetuum {

namespace {

constexpr std::size_t most_periods = 10'000;

/// How many letters of a printed time name the period; 0: no such period.
std::size_t letters_of(std::string const& by) {
    if (by == "year") return 4;
    if (by == "month") return 7;
    return by == "day" ? 10 : 0;
}

using Periods = std::map<std::pair<std::int64_t, std::string>, std::vector<std::uint32_t>>;

bool split_periods(CsvQuestion const& question, Periods& periods, Answer& wrong) {
    PaymentList const& list = question.list();
    std::string const& by = question.asked().by;
    if (list.time.empty()) {
        wrong = refused("--by wants times", "a column time; --column time=NAME");
        return false;
    }
    std::int64_t span = 0;
    std::size_t const letters = letters_of(by);
    if (list.time_form == TimeForm::integer) {
        auto const [end, error] = std::from_chars(by.data(), by.data() + by.size(), span);
        if (error != std::errc() || end != by.data() + by.size() || span < 1) {
            wrong =
                refused("--by is " + quoted(by), "times are plain numbers: so is a span of them");
            return false;
        }
    } else if (letters == 0) {
        wrong = refused("--by is " + quoted(by), "year, month or day");
        return false;
    }
    for (std::size_t k = 0; k < list.size(); ++k) {
        std::pair<std::int64_t, std::string> period;
        std::int64_t const time = list.time[k];
        if (span > 0) {
            period.first = time / span - (time % span < 0 ? 1 : 0);
            period.second = std::to_string(period.first * span) + " on";
        } else {
            period.second = print_time(time, list.time_form).substr(0, letters);
        }
        periods[period].push_back(static_cast<std::uint32_t>(k));
        if (periods.size() > most_periods) {
            wrong = refused("more than 10000 periods", "a longer one");
            return false;
        }
    }
    return true;
}

Network network_of_period(CsvQuestion const& question, std::vector<std::uint32_t> const& payments) {
    PaymentList const& list = question.list();
    std::vector<Network::Edge> edges;
    for (std::uint32_t const k : payments)
        edges.push_back({list.from[k], list.to[k], list.amount[k]});
    return network_from(list.parties, std::move(edges), list.minor_unit());
}

} // namespace

Answer by_period(Measure const& measure, CsvQuestion const& question, int longest) {
    Periods periods;
    Answer wrong;
    if (!split_periods(question, periods, wrong)) return wrong;
    bool const money = plain_name(measure.name) != measure.name;
    auto const value_of = [&](Network const& network) {
        double const value = longest > 0 && measure.within
                                 ? measure.within(network, longest)
                                 : measure.value(network, no_outside_flows(network));
        return in_file_units(value, money ? question.list().decimals : 17);
    };
    auto const text_of = [&](double value) {
        return std::isnan(value) ? std::string("not known")
               : money           ? fmt::format("{:.12g}", value)
                                 : fmt::format("{:.6f}", value);
    };
    auto const json_of = [](double value) { return std::isfinite(value) ? Json(value) : Json(); };
    std::string const name = plain_name(measure.name);
    TextTable table{{"", "payments", name}, "lrr", {}};
    Json json = Json::object();
    double sum = 0;
    for (auto const& [period, payments] : periods) {
        double const value = value_of(network_of_period(question, payments));
        sum += value;
        table.rows.push_back({period.second, std::to_string(payments.size()), text_of(value)});
        json[period.second] = json_of(value);
    }
    double const whole = value_of(question.network);
    if (money) table.rows.push_back({"sum", "", text_of(sum)});
    table.rows.push_back({"whole", std::to_string(question.list().size()), text_of(whole)});
    Answer answer;
    answer.talk = question.imported.stated;
    if (question.options.json) {
        Json all{{"measure", name}, {"by", question.asked().by}, {"periods", json}};
        if (money) all["sum"] = json_of(sum);
        all["whole"] = json_of(whole);
        answer.text = print_json(all);
    } else {
        answer.text = size_words(question) + "\n" + print_table(table);
    }
    return answer;
}

} // namespace perpetuum
