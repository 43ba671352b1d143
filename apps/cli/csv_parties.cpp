// Firms, links and payments of a file as they are named on the command line and shown.

#include "csv_circularity.hpp"
#include "json.hpp"
#include "tables.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace perpetuum {

namespace {

int number_of_party(PaymentList const& list, std::string_view name) {
    auto const found = std::find(list.parties.begin(), list.parties.end(), name);
    return found == list.parties.end() ? -1 : static_cast<int>(found - list.parties.begin());
}

Answer no_such_party(PaymentList const& list, std::string const& name) {
    auto const near = nearest(name, list.parties);
    return refused("no firm of the file is called " + quoted(name),
                   near ? "did you mean " + quoted(*near) + "?" : "");
}

} // namespace

bool party_named(CsvQuestion const& question, std::string const& name, int& party, Answer& wrong) {
    party = number_of_party(question.list(), name);
    if (party < 0) wrong = no_such_party(question.list(), name);
    return party >= 0;
}

bool parties_named(CsvQuestion const& question, std::string const& names, std::vector<int>& parties,
                   Answer& wrong) {
    // A name may have commas: the longest that fits is taken.
    for (std::size_t from = 0; from <= names.size();) {
        std::size_t end = names.size();
        int found = -1;
        for (;; end = names.rfind(',', end - 1)) {
            found = number_of_party(question.list(), names.substr(from, end - from));
            std::size_t const before = end == 0 ? std::string::npos : names.rfind(',', end - 1);
            if (found >= 0 || before == std::string::npos || before < from) break;
        }
        if (found < 0) {
            wrong =
                no_such_party(question.list(), names.substr(from, names.find(',', from) - from));
            return false;
        }
        parties.push_back(found);
        from = end + 1;
    }
    return true;
}

bool link_named(CsvQuestion const& question, std::string const& names, std::size_t& link,
                Answer& wrong) {
    std::vector<int> ends;
    if (!parties_named(question, names, ends, wrong)) return false;
    if (ends.size() != 2) {
        wrong = refused("a link is PAYER,PAYEE", "");
        return false;
    }
    auto const& edges = question.network.edges;
    auto const found =
        std::lower_bound(edges.begin(), edges.end(), std::pair{ends[0], ends[1]},
                         [](Network::Edge const& edge, std::pair<int, int> const& wanted) {
                             return std::pair{edge.from, edge.to} < wanted;
                         });
    if (found == edges.end() || found->from != ends[0] || found->to != ends[1]) {
        wrong = refused(question.name(ends[0]) + " pays " + question.name(ends[1]) + " nothing",
                        "PAYER,PAYEE: the payer first");
        return false;
    }
    link = static_cast<std::size_t>(found - edges.begin());
    return true;
}

std::vector<std::uint32_t> payments_behind(PaymentList const& list, Network::Edge const& link) {
    std::vector<std::uint32_t> payments;
    for (std::size_t k = 0; k < list.size(); ++k)
        if (list.from[k] == link.from && list.to[k] == link.to)
            payments.push_back(static_cast<std::uint32_t>(k));
    return payments;
}

std::vector<std::string> payment_cells(PaymentList const& list, std::uint32_t payment) {
    return {list.line.empty() ? "" : "line " + std::to_string(list.line[payment]),
            exact_amount(list.amount[payment], list.decimals),
            list.time.empty() ? "" : print_time(list.time[payment], list.time_form),
            list.kind.empty() ? "" : list.kinds[static_cast<std::size_t>(list.kind[payment])]};
}

Json payment_as_json(PaymentList const& list, std::uint32_t payment) {
    Json json;
    if (!list.line.empty()) json["line"] = list.line[payment];
    json["from"] = list.parties[static_cast<std::size_t>(list.from[payment])];
    json["to"] = list.parties[static_cast<std::size_t>(list.to[payment])];
    json["amount"] = amount_json(list.amount[payment], list);
    if (!list.time.empty()) {
        if (list.time_form == TimeForm::integer)
            json["time"] = list.time[payment];
        else
            json["time"] = print_time(list.time[payment], list.time_form);
    }
    if (!list.kind.empty()) json["kind"] = list.kinds[static_cast<std::size_t>(list.kind[payment])];
    return json;
}

} // namespace perpetuum
