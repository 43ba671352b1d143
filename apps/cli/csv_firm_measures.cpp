// Measures of a file of payments that have a value a firm: own money back, multipliers, vendor
// financing, look-through.

#include "csv_circularity.hpp"
#include "json.hpp"
#include "tables.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace perpetuum {

namespace {

constexpr std::size_t firm_rows_in_text = 40;
constexpr std::size_t most_behind = 200;
constexpr std::size_t most_vendor_work = 200'000'000; // payments times vendors

struct FirmColumns {
    std::vector<std::string> head;         ///< of the columns after the name
    std::vector<std::vector<double>> rows; ///< by firm, the last is what is asked for; empty: none
    std::vector<bool> share;               ///< by column: shown in percent
    std::string foot;
};

std::string cell_text(CsvQuestion const& question, double value, bool share) {
    if (!share) return amount_text(value, question.list());
    return std::isnan(value) ? "-" : fmt::format("{:.1f} %", value * 100);
}

Answer firm_answer(std::string const& name, CsvQuestion const& question,
                   FirmColumns const& columns) {
    std::vector<std::size_t> order;
    for (std::size_t k = 0; k < columns.rows.size(); ++k)
        if (!columns.rows[k].empty()) order.push_back(k);
    auto const key = [&](std::size_t firm) {
        double const value = columns.rows[firm].back();
        return std::isnan(value) ? -1 : value;
    };
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return key(a) > key(b); });
    Answer answer;
    answer.talk = question.imported.stated;
    if (question.options.json) {
        Json firms = Json::object();
        for (std::size_t const firm : order) {
            double const value = columns.rows[firm].back();
            firms[question.name(static_cast<int>(firm))] =
                std::isinf(value)      ? Json("infinite")
                : std::isnan(value)    ? Json()
                : columns.share.back() ? Json(value)
                                       : Json(amount_value(value, question.list()));
        }
        answer.text = print_json({{name, firms}});
        return answer;
    }
    TextTable table{{""}, "l", {}};
    for (std::string const& head : columns.head) table.head.push_back(head);
    table.align += std::string(columns.head.size(), 'r');
    for (std::size_t k = 0; k < order.size() && k < firm_rows_in_text; ++k) {
        std::vector<std::string> row{question.name(static_cast<int>(order[k]))};
        for (std::size_t c = 0; c < columns.head.size(); ++c)
            row.push_back(cell_text(question, columns.rows[order[k]][c], columns.share[c]));
        table.rows.push_back(row);
    }
    answer.text = size_words(question) + "\n" + print_table(table);
    if (order.size() > firm_rows_in_text)
        answer.text +=
            fmt::format("  … and {} more (--json has them)\n", order.size() - firm_rows_in_text);
    answer.text += columns.foot;
    return answer;
}

FirmColumns own_money(CsvQuestion const& question) {
    OutsideFlows const outside = no_outside_flows(question.network);
    auto const through = throughflows(question.network, outside);
    auto const share = own_money_shares(question.network, outside);
    FirmColumns columns{{"throughflow", "its own money before"}, {}, {false, true}, {}};
    for (std::size_t k = 0; k < share.size(); ++k)
        columns.rows.push_back({static_cast<double>(through[k]), share[k]});
    columns.foot = "Of what passes through, pro rata: 1 − 1/N of Leontief's inverse (Finn 1976).\n";
    return columns;
}

FirmColumns multipliers(CsvQuestion const& question, double passed_on) {
    FirmColumns columns{{"turnover of all for a dollar put in"}, {}, {false}, {}};
    double const unit = question.list().minor_unit();
    for (double const value :
         turnover_multipliers(question.network, no_outside_flows(question.network), passed_on))
        columns.rows.push_back({value / unit}); // shown as amounts are, in the file's unit
    return columns;
}

/// The list as payments of one step, those of the kinds named being finance.
bool payments_with_natures(CsvQuestion const& question, PaymentSet& set, Answer& wrong) {
    PaymentList const& list = question.list();
    std::vector<std::string> const& finance = question.asked().finance;
    if (list.kind.empty() || finance.empty()) {
        wrong = refused("vendor financing wants to know which payments are finance",
                        "a column kind, and --finance KIND as often as needed");
        return false;
    }
    for (std::string const& kind : finance)
        if (std::find(list.kinds.begin(), list.kinds.end(), kind) == list.kinds.end()) {
            auto const near = nearest(kind, list.kinds);
            wrong = refused("no payment is of the kind " + quoted(kind),
                            near ? "did you mean " + quoted(*near) + "?" : "");
            return false;
        }
    for (std::string const& name : list.parties) set.parties.push_back({name, name, {}});
    set.opening.assign(list.parties.size(), 0);
    set.steps = 1;
    set.minor_unit = list.minor_unit();
    for (std::size_t k = 0; k < list.size(); ++k) {
        NetworkPayment payment;
        payment.payer = list.from[k];
        payment.payee = list.to[k];
        payment.amount = list.amount[k];
        std::string const& kind = list.kinds[static_cast<std::size_t>(list.kind[k])];
        bool const gives = std::find(finance.begin(), finance.end(), kind) != finance.end();
        payment.nature = gives ? Nature::finance : Nature::sale;
        set.payments.push_back(payment);
    }
    return true;
}

Answer vendors(std::string const& name, CsvQuestion const& question) {
    int hops = 2;
    if (std::string const& text = question.asked().hops; !text.empty()) {
        auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), hops);
        if (error != std::errc() || end != text.data() + text.size() || hops < 1 || hops > 100)
            return refused("--hops is " + quoted(text), "1 to 100");
    }
    PaymentSet set;
    Answer wrong;
    if (!payments_with_natures(question, set, wrong)) return wrong;
    std::vector<char> lends(set.parties.size(), 0);
    for (NetworkPayment const& payment : set.payments)
        if (payment.nature == Nature::finance) lends[static_cast<std::size_t>(payment.payer)] = 1;
    auto const many = static_cast<std::size_t>(std::count(lends.begin(), lends.end(), 1));
    if (many > 0 && set.payments.size() > most_vendor_work / many)
        return refused("too many payments and firms that give finance",
                       "--where and --exclude choose among them");
    FirmColumns columns{
        {"finance to buyers", "revenue", "from these buyers", "of revenue", "of revenue from them"},
        {},
        {false, false, false, true, true},
        {}};
    double const unit = set.minor_unit;
    for (std::size_t k = 0; k < lends.size(); ++k) {
        if (lends[k] == 0) {
            columns.rows.emplace_back();
            continue;
        }
        VendorFinancing const found = vendor_financing(set, static_cast<int>(k), 0, 0, hops);
        columns.rows.push_back({found.finance / unit, found.revenue / unit,
                                found.revenue_from_buyers / unit, found.of_revenue,
                                found.of_revenue_from_buyers});
    }
    columns.foot =
        fmt::format("A financed firm is a buyer if at most {} lead from it to the vendor.\n",
                    count_of(static_cast<std::size_t>(hops), "purchase"));
    return firm_answer(name, question, columns);
}

/// What one firm got, payer by payer, and the payments behind it.
Answer looked_through_at(CsvQuestion const& question, LookThrough const& found, int target) {
    PaymentList const& list = question.list();
    std::vector<std::pair<double, Network::Edge>> payers;
    for (Network::Edge const& edge : question.network.edges)
        if (edge.to == target)
            payers.emplace_back(static_cast<double>(edge.amount) *
                                    found.mix[static_cast<std::size_t>(edge.from)],
                                edge);
    std::stable_sort(payers.begin(), payers.end(),
                     [](auto const& a, auto const& b) { return a.first > b.first; });
    Answer answer;
    answer.talk = question.imported.stated;
    Json json = Json::array();
    TextTable table{{"", "paid", "of it theirs", "", ""}, "lrrll", {}};
    std::size_t listed = 0;
    for (auto const& [part, edge] : payers) {
        auto const payments = payments_behind(list, edge);
        Json rows = Json::array();
        table.rows.push_back({question.name(edge.from), exact_amount(edge.amount, list.decimals),
                              amount_text(part, list), count_of(payments.size(), "payment")});
        for (std::uint32_t const payment : payments) {
            if (++listed > most_behind) break;
            auto const cells = payment_cells(list, payment);
            table.rows.push_back({"   " + cells[0], cells[1], "", cells[2], cells[3]});
            rows.push_back(payment_as_json(list, payment));
        }
        json.push_back({{"from", question.name(edge.from)},
                        {"amount", amount_json(edge.amount, list)},
                        {"part", std::isfinite(part) ? Json(amount_value(part, list)) : Json()},
                        {"payments", rows}});
        if (listed > most_behind) break;
    }
    double const funded = found.funded[static_cast<std::size_t>(target)];
    if (question.options.json) {
        answer.text =
            print_json({{"look_through",
                         {{question.name(target),
                           std::isfinite(funded) ? Json(amount_value(funded, list)) : Json()}}},
                        {"payers", json}});
        return answer;
    }
    answer.text = fmt::format("{}; {} of what {} got were the money of {}\n", size_words(question),
                              amount_text(funded, list), printable(question.name(target), 60),
                              printable(question.asked().look_through, 100));
    answer.text += print_table(table);
    if (listed > most_behind)
        answer.text += fmt::format("  … and more: the first {} payments are shown\n", most_behind);
    return answer;
}

} // namespace

std::vector<std::string> firm_measure_names() {
    return {"own_money_share", "multiplier", "vendor_financing"};
}

bool is_firm_measure(std::string const& name) {
    auto const names = firm_measure_names();
    return std::find(names.begin(), names.end(), name) != names.end();
}

Answer firm_measure(std::string const& name, CsvQuestion const& question) {
    std::string const& asked = question.asked().measure;
    if (name == "vendor_financing") return vendors(asked, question);
    if (name == "own_money_share") return firm_answer(asked, question, own_money(question));
    double passed_on = 1;
    if (std::string const& text = question.asked().passed_on; !text.empty()) {
        auto const [end, error] =
            std::from_chars(text.data(), text.data() + text.size(), passed_on);
        if (error != std::errc() || end != text.data() + text.size() || !(passed_on > 0) ||
            passed_on > 1)
            return refused("--passed-on is " + quoted(text), "a share above 0, at most 1");
    }
    return firm_answer(asked, question, multipliers(question, passed_on));
}

Answer looked_through(CsvQuestion const& question) {
    std::vector<int> funders;
    Answer wrong;
    if (!parties_named(question, question.asked().look_through, funders, wrong)) return wrong;
    LookThrough const found =
        look_through(question.network, no_outside_flows(question.network), funders);
    if (!question.asked().target.empty()) {
        int target = 0;
        if (!party_named(question, question.asked().target, target, wrong)) return wrong;
        return looked_through_at(question, found, target);
    }
    FirmColumns columns{{"received", "share", "of it theirs"}, {}, {false, true, false}, {}};
    for (std::size_t k = 0; k < found.received.size(); ++k) {
        auto const got = static_cast<double>(found.received[k]);
        columns.rows.push_back(
            {got, got > 0 ? found.funded[k] / got : std::nan(""), found.funded[k]});
    }
    columns.foot = "Theirs: the money of " + printable(question.asked().look_through, 100) +
                   ", however many hands it came by; pro rata, all payments as one pool.\n";
    return firm_answer("look_through", question, columns);
}

} // namespace perpetuum
