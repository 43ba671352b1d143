#include "csv_loops.hpp"
#include "json.hpp"

#include <nlohmann/json.hpp>

namespace perpetuum {

namespace {

constexpr std::size_t most_payments_a_leg = 1000;

/// In the file's own unit: a whole number where it has no decimals.
Json amount_json(std::int64_t minor, PaymentList const& list) {
    if (list.decimals == 0) return minor;
    return static_cast<double>(minor) * list.minor_unit();
}

Json time_json(PaymentList const& list, std::uint32_t payment) {
    if (list.time.empty()) return nullptr;
    if (list.time_form == TimeForm::integer) return list.time[payment];
    return print_time(list.time[payment], list.time_form);
}

Json payment_json(PaymentList const& list, std::uint32_t payment) {
    Json json{{"amount", amount_json(list.amount[payment], list)}};
    if (!list.time.empty()) json["time"] = time_json(list, payment);
    if (!list.kind.empty()) json["kind"] = list.kinds[static_cast<std::size_t>(list.kind[payment])];
    if (!list.line.empty()) json["line"] = list.line[payment];
    return json;
}

Json leg_json(PaymentList const& list, LegPayments const& behind, FoundLoop const& loop,
              std::size_t leg) {
    auto const name = [&](std::size_t k) {
        return list.parties[static_cast<std::size_t>(loop.nodes[k % loop.nodes.size()])];
    };
    auto const payments = behind.of(loop, leg);
    std::int64_t sum = 0;
    Json list_json = Json::array();
    for (std::uint32_t const payment : payments) {
        sum += list.amount[payment];
        if (list_json.size() < most_payments_a_leg)
            list_json.push_back(payment_json(list, payment));
    }
    Json json{{"from", name(leg)},
              {"to", name(leg + 1)},
              {"amount", amount_json(sum, list)},
              {"payments", list_json}};
    if (payments.size() > most_payments_a_leg)
        json["payments_not_listed"] = payments.size() - most_payments_a_leg;
    return json;
}

/// Of what the first firm gets, how much comes back this way if each spends all it gets alike.
double gain_of(Network const& network, std::vector<std::int64_t> const& through,
               FoundLoop const& loop) {
    double gain = 1;
    for (std::size_t k = 0; k < loop.nodes.size(); ++k)
        gain *= static_cast<double>(network.edges[loop.payments[k]].amount) /
                static_cast<double>(through[static_cast<std::size_t>(loop.nodes[k])]);
    return gain;
}

} // namespace

std::string csv_count_as_json(CsvLoops const& loops, CsvLoopQuery const& query) {
    Json by_length = Json::object();
    for (std::size_t legs = 2; legs < loops.tally.by_length.size(); ++legs)
        if (loops.tally.by_length[legs] > 0)
            by_length[std::to_string(legs)] = loops.tally.by_length[legs];
    Json json{{"complete", loops.tally.complete},
              {"count", loops.tally.count},
              {"by_length", by_length},
              {"asked", query.words}};
    if (!loops.tally.complete) json["cut_by"] = loops.why();
    return print_json(json);
}

std::string csv_loops_as_json(ImportedPayments const& imported, CsvLoops const& loops,
                              CsvLoopQuery const& query) {
    PaymentList const& list = imported.list;
    Json json{{"complete", loops.complete()}};
    if (!loops.complete()) json["cut_by"] = loops.why();
    if (loops.counted) json["count"] = loops.tally.count;
    json["asked"] = query.words;
    PaymentFileCount const& count = imported.count;
    json["rows"] = {{"read", count.read},
                    {"kept", count.kept},
                    {"to_oneself", count.to_oneself},
                    {"of_nothing", count.of_nothing},
                    {"not_asked_for", count.elsewhere},
                    {"refused", count.refused}};
    LegPayments const behind(list, query.temporal, loops.found);
    std::vector<std::int64_t> through;
    if (!query.temporal) through = throughflows(loops.network, no_outside_flows(loops.network));
    Json found = Json::array();
    for (FoundLoop const& loop : loops.found) {
        Json firms = Json::array(), legs = Json::array();
        for (std::size_t k = 0; k < loop.nodes.size(); ++k) {
            firms.push_back(list.parties[static_cast<std::size_t>(loop.nodes[k])]);
            legs.push_back(leg_json(list, behind, loop, k));
        }
        Json one{{"firms", firms}, {"bottleneck", amount_json(loop.bottleneck, list)}};
        if (!query.temporal) one["gain"] = gain_of(loops.network, through, loop);
        one["legs"] = legs;
        found.push_back(one);
    }
    json["loops"] = found;
    return print_json(json);
}

} // namespace perpetuum
