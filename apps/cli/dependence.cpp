// circularity BOOK --without DEAL: revenue with the deal less revenue without, under each rule.

#include "dependence.hpp"
#include "commands.hpp"
#include "tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace perpetuum {

namespace {

struct DependenceRow {
    std::string firm;
    double revenue = 0;                                                     ///< with the deal
    double replaced = 0, shared = 0, cut_first = 0, levered = 0, model = 0; ///< sold less
    double least() const { return std::min({replaced, shared, cut_first, levered, model}); }
    double most() const { return std::max({replaced, shared, cut_first, levered, model}); }
};

/// The book in which outsiders put in what the deal's payer did.
Book funded_by_others(Book book, System const& system, std::string const& id) {
    std::string payer;
    for (SystemPromise const& promise : system.promises)
        if (promise.contract >= 0 && promise.from >= 0 &&
            system.contracts[static_cast<std::size_t>(promise.contract)].deal == id)
            payer = system.entities[static_cast<std::size_t>(promise.from)].id;
    for (Deal& deal : book.deals)
        if (deal.id == id)
            for (auto& [role, holders] : deal.roles)
                for (RoleHolder& holder : holders)
                    if (holder.id == payer && !book.outside.empty()) holder.id = book.outside;
    return book;
}

std::vector<double> revenues(CentralRun const& run, int first, int last,
                             std::vector<std::string> const& firms) {
    std::vector<double> list(firms.size(), 0);
    for (FirmResult const& result : results_of(run, first, last)) {
        auto const at = std::find(firms.begin(), firms.end(), result.firm);
        if (at != firms.end()) list[static_cast<std::size_t>(at - firms.begin())] = result.revenue;
    }
    return list;
}

std::string json_of_rows(std::vector<DependenceRow> const& rows, std::string const& deal,
                         Window const& window) {
    std::string text =
        fmt::format("{{\n  \"without\": \"{}\",\n  \"window\": \"{}\",\n  \"firms\": {{", deal,
                    print_period(window.period));
    for (std::size_t i = 0; i < rows.size(); ++i) {
        DependenceRow const& row = rows[i];
        text +=
            fmt::format("{}\n    \"{}\": {{\"revenue_usd\": {}, \"replaced\": {}, \"shared\": {}, "
                        "\"cut_first\": {}, \"levered\": {}, \"model\": {}}}",
                        i > 0 ? "," : "", row.firm, row.revenue, row.replaced, row.shared,
                        row.cut_first, row.levered, row.model);
    }
    return text + "\n  }\n}\n";
}

std::string text_of_rows(std::vector<DependenceRow> const& rows, std::string const& deal,
                         Window const& window) {
    TextTable table{
        {"firm", "revenue", "replaced", "shared", "cut first", "levered", "model", "range"},
        "lrrrrrrr",
        {}};
    for (DependenceRow const& row : rows)
        table.rows.push_back({row.firm, print_amount(row.revenue), print_amount(row.replaced),
                              print_amount(row.shared), print_amount(row.cut_first),
                              print_amount(row.levered), print_amount(row.model),
                              print_amount(row.least()) + " to " + print_amount(row.most())});
    return fmt::format(
               "What would have been sold less without {}, {}, central path, USD\n"
               "replaced: others put the money in. shared: who gets less cuts all it pays alike. "
               "cut first: what it\nchooses to pay goes first, then dues by rank. levered: as "
               "shared, and new debt falls with receipts.\nmodel: the deal is left out and "
               "everyone decides anew.\n\n",
               printable(deal), print_period(window.period)) +
           (table.rows.empty() ? "  nobody's sales change\n" : print_table(table)) +
           "\nTracing says which dollars came, this says which sales needed them: it may exceed "
           "what tracing allows at most. A range of rules is convention, no uncertainty.\n";
}

} // namespace

Answer dependence_of(Options const& options, std::string const& deal,
                     Projection const& projection) {
    Reading const& reading = projection.reading;
    System const& system = projection.system;
    std::vector<std::string> known;
    for (Deal const& each : reading.book.deals) known.push_back(each.id);
    if (std::find(known.begin(), known.end(), deal) == known.end()) {
        auto const near = nearest(deal, known);
        return refused("--without: the book has no deal " + quoted(deal),
                       near ? "did you mean " + quoted(*near) + "?" : "");
    }
    Window const& window = projection.window;
    std::vector<int> contracts;
    for (std::size_t c = 0; c < system.contracts.size(); ++c)
        if (system.contracts[c].deal == deal) contracts.push_back(static_cast<int>(c));

    std::vector<DependenceRow> rows;
    std::vector<std::string> firms;
    CentralRun const with{system, projection.path};
    for (FirmResult const& result : results_of(with, window.first, window.last)) {
        rows.push_back({result.firm, result.revenue});
        firms.push_back(result.firm);
    }
    auto ended = reading.ended_deals;
    ended.push_back(deal);
    std::string problem;
    auto const model =
        run_central(reading.book, reading, system.steps, reading.scenario, ended, problem);
    auto const replaced = run_central(funded_by_others(reading.book, system, deal), reading,
                                      system.steps, reading.scenario, reading.ended_deals, problem);
    if (!model || !replaced) return refused("without this deal the book cannot be run: " + problem);
    auto const revenue_model = revenues(*model, window.first, window.last, firms);
    auto const revenue_replaced = revenues(*replaced, window.first, window.last, firms);
    auto const cut = [&](CutRule rule) {
        return sold_less(system, projection.payments, contracts, rule, window.first, window.last);
    };
    auto const shared = cut(CutRule::shared), first = cut(CutRule::first),
               levered = cut(CutRule::levered);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        auto const entity = static_cast<std::size_t>(system.entity(rows[i].firm));
        rows[i].shared = shared[entity];
        rows[i].cut_first = first[entity];
        rows[i].levered = levered[entity];
        rows[i].model = rows[i].revenue - revenue_model[i];
        rows[i].replaced = rows[i].revenue - revenue_replaced[i];
    }
    std::erase_if(rows, [](DependenceRow const& row) {
        return std::max(std::abs(row.least()), std::abs(row.most())) < 1;
    });
    Answer answer;
    answer.text =
        options.json ? json_of_rows(rows, deal, window) : text_of_rows(rows, deal, window);
    answer.talk = talk_of(reading, options.book);
    return answer;
}

} // namespace perpetuum
