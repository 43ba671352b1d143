// perpetuum map BOOK

#include "commands.hpp"
#include "json.hpp"
#include "report_figures.hpp"
#include "tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace perpetuum {

namespace {

constexpr std::size_t loops_shown = 10;

std::string amount_or_unknown(double usd) {
    return std::isnan(usd) ? "not known" : print_amount(usd);
}

/// By status (signed first), then by amount.
std::vector<PromiseLine> in_order(std::vector<PromiseLine> promises) {
    auto const rank = [](PromiseLine const& line) {
        return line.status == "signed" ? 0 : line.status == "announced" ? 1 : 2;
    };
    auto const size = [](PromiseLine const& line) {
        return std::isnan(line.usd) ? -1.0 : line.usd;
    };
    std::stable_sort(promises.begin(), promises.end(), [&](auto const& a, auto const& b) {
        if (rank(a) != rank(b)) return rank(a) < rank(b);
        return size(a) > size(b);
    });
    return promises;
}

std::string table_of_promises(System const& system, std::vector<PromiseLine> const& promises) {
    TextTable table{
        {"from", "to", "deal", "kind", "status", "USD in all", "paid", ""}, "lllllrrl", {}};
    for (PromiseLine const& line : promises)
        table.rows.push_back({name_of_entity(system, line.from), name_of_entity(system, line.to),
                              line.deal, line.kind, line.status, amount_or_unknown(line.usd),
                              line.paid_usd == 0 ? "-" : print_amount(line.paid_usd),
                              line.why_not.empty() ? "" : "not run: " + line.why_not});
    return print_table(table);
}

std::string totals_by_status(std::vector<PromiseLine> const& promises) {
    struct Sum {
        std::size_t lines = 0, unknown = 0;
        double usd = 0, paid = 0;
    };
    std::map<std::string, Sum> sums;
    for (PromiseLine const& line : promises) {
        Sum& sum = sums[line.status];
        ++sum.lines;
        if (std::isnan(line.usd))
            ++sum.unknown;
        else
            sum.usd += line.usd;
        sum.paid += line.paid_usd;
    }
    TextTable table{{"", "promises", "USD in all", "paid", ""}, "lrrrl", {}};
    for (char const* status : {"signed", "announced", "ended"}) {
        auto const found = sums.find(status);
        if (found == sums.end()) continue;
        Sum const& sum = found->second;
        table.rows.push_back(
            {status, std::to_string(sum.lines), print_amount(sum.usd), print_amount(sum.paid),
             sum.unknown == 0 ? "" : fmt::format("{} of unknown amount", sum.unknown)});
    }
    return "\nTotals by status (ended ones count in no sum)\n" + print_table(table);
}

std::string headlines_beside_parts(Book const& book, std::vector<PromiseLine> const& promises) {
    TextTable table{{"headline", "USD", "parts", "of which known", "rest"}, "lrlrr", {}};
    for (Headline const& headline : book.headlines) {
        Figure const* figure = headline.amount.used();
        if (!figure || figure->holds != Figure::Holds::amount) continue;
        double parts = 0;
        std::string names;
        for (auto const& part : headline.parts) {
            names += (names.empty() ? "" : ", ") + part;
            for (PromiseLine const& line : promises)
                if (deal_of_contract(line.deal) == part && !std::isnan(line.usd)) parts += line.usd;
        }
        bool const money =
            figure->unit.powers.size() == 1 && figure->unit.powers[0].first == book.currency;
        table.rows.push_back(
            {headline.id, money ? print_amount(figure->value) : print_figure(*figure), names,
             print_amount(parts), money ? print_amount(figure->value - parts) : "-"});
    }
    if (table.rows.empty()) return {};
    return "\nHeadlines beside their parts (counted nowhere; the rest is in no deal of the "
           "book)\n" +
           print_table(table);
}

} // namespace

Answer run_map(Options const& options) {
    Reading reading;
    System system;
    Program program;
    if (!compile_book(options, reading, system, program)) return refused(reading);
    auto const promises = in_order(promises_of(system, reading.book));
    Answer answer;
    if (options.json) {
        answer.text = map_as_json(system, promises);
        return answer;
    }
    answer.talk = talk_of(reading, options.book);
    answer.text =
        fmt::format("{}: who has promised what, over whole terms, as known on {}; paid by {}\n",
                    printable(reading.book.title), last_day(reading.book.as_of),
                    last_day(paid_until(reading.book)));
    if (promises.empty()) {
        answer.text += no_promises(reading.book);
    } else {
        answer.text += table_of_promises(system, promises);
        answer.text += totals_by_status(promises);
    }
    answer.text += headlines_beside_parts(reading.book, promises);
    LoopList const loops = loops_of_promises(system, promises);
    answer.text +=
        fmt::format("\n{} among promises of known amount (announced ones counted and marked)\n",
                    count_of(loops.loops.size(), "loop"));
    answer.text += print_loops(loops, system, loops_shown);
    return answer;
}

} // namespace perpetuum
