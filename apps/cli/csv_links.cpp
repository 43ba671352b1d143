// circularity edges.csv --link A,B and --links: which part of what the one pays the other goes round,
// over all maximum circulations, and the payments behind it.

#include "csv_circularity.hpp"
#include "json.hpp"
#include "tables.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace perpetuum {

namespace {

constexpr std::size_t most_listed_links = 3'000;
constexpr std::size_t links_in_text = 50;
constexpr std::size_t payments_in_text = 50;
constexpr std::size_t payments_in_json = 100'000;

struct LinkInterval {
    std::size_t link = 0;
    CirculationInterval interval;
};

Json link_json(CsvQuestion const& question, LinkInterval const& row) {
    Network::Edge const& edge = question.network.edges[row.link];
    auto const amount = [&](std::int64_t minor) { return amount_json(minor, question.list()); };
    return {{"from", question.name(edge.from)},
            {"to", question.name(edge.to)},
            {"amount", amount(edge.amount)},
            {"at_least", amount(row.interval.least)},
            {"at_most", amount(row.interval.most)}};
}

std::vector<std::string> link_row(CsvQuestion const& question, LinkInterval const& row) {
    Network::Edge const& edge = question.network.edges[row.link];
    int const decimals = question.list().decimals;
    return {question.name(edge.from) + " → " + question.name(edge.to),
            exact_amount(edge.amount, decimals), exact_amount(row.interval.least, decimals),
            exact_amount(row.interval.most, decimals)};
}

std::string payments_table(PaymentList const& list, std::vector<std::uint32_t> const& payments) {
    TextTable table{{}, "lrll", {}};
    for (std::size_t k = 0; k < payments.size() && k < payments_in_text; ++k)
        table.rows.push_back(payment_cells(list, payments[k]));
    std::string text = print_table(table);
    if (payments.size() > payments_in_text)
        text +=
            fmt::format("  … and {} more (--json has them)\n", payments.size() - payments_in_text);
    return text;
}

Answer one_link(CsvQuestion const& question, Circulation const& circulation, std::size_t link) {
    LinkInterval const row{link, circulation_interval(question.network, circulation, link)};
    auto const payments = payments_behind(question.list(), question.network.edges[link]);
    Answer answer;
    answer.talk = question.imported.stated;
    if (question.options.json) {
        Json json = link_json(question, row);
        json["payments"] = Json::array();
        for (std::size_t k = 0; k < payments.size() && k < payments_in_json; ++k)
            json["payments"].push_back(payment_as_json(question.list(), payments[k]));
        answer.text = print_json(json);
        return answer;
    }
    answer.text =
        fmt::format("{}\n", size_words(question)) +
        print_table(
            {{"", "paid", "at least round", "at most"}, "lrrr", {link_row(question, row)}}) +
        fmt::format("Over all maximum circulations. Behind it {}:\n",
                    count_of(payments.size(), "payment")) +
        payments_table(question.list(), payments);
    return answer;
}

} // namespace

Answer intervals_of_links(CsvQuestion const& question) {
    Network const& network = question.network;
    std::size_t link = 0;
    Answer wrong;
    if (!question.asked().link.empty() && !link_named(question, question.asked().link, link, wrong))
        return wrong;
    if (question.asked().links && network.edges.size() > most_listed_links)
        return refused("more than 3000 links", "--link PAYER,PAYEE asks for one");
    Circulation const circulation = max_circulation(network);
    if (!question.asked().links) return one_link(question, circulation, link);
    std::vector<LinkInterval> rows;
    for (std::size_t k = 0; k < network.edges.size(); ++k)
        rows.push_back({k, circulation_interval(network, circulation, k)});
    std::stable_sort(rows.begin(), rows.end(), [](LinkInterval const& a, LinkInterval const& b) {
        return a.interval.most > b.interval.most;
    });
    Answer answer;
    answer.talk = question.imported.stated;
    if (question.options.json) {
        Json links = Json::array();
        for (LinkInterval const& row : rows) links.push_back(link_json(question, row));
        answer.text =
            print_json({{"max_circulation", amount_json(circulation.volume, question.list())},
                        {"links", links}});
        return answer;
    }
    TextTable table{{"", "paid", "at least round", "at most"}, "lrrr", {}};
    for (std::size_t k = 0; k < rows.size() && k < links_in_text; ++k)
        table.rows.push_back(link_row(question, rows[k]));
    answer.text = fmt::format("{}; at most {} can go round\n", size_words(question),
                              exact_amount(circulation.volume, question.list().decimals)) +
                  print_table(table);
    if (rows.size() > links_in_text)
        answer.text +=
            fmt::format("  … and {} more (--json has them)\n", rows.size() - links_in_text);
    answer.text += "Over all maximum circulations; the ends are not attained together.\n";
    return answer;
}

} // namespace perpetuum
