// circularity BOOK --dollar FIRM, --pair VENDOR,CUSTOMER

#include "circularity_dollar.hpp"
#include "tables.hpp"

#include <fmt/format.h>

namespace perpetuum {

namespace {

/// The party, or -1 and what to say.
int party_of(Projection const& projection, std::string const& id, Answer& answer) {
    auto const& parties = projection.payments.parties;
    std::vector<std::string> ids;
    for (std::size_t k = 0; k < parties.size(); ++k) {
        if (parties[k].type == PartyType::outside) continue;
        if (parties[k].id == id) return static_cast<int>(k);
        ids.push_back(parties[k].id);
    }
    auto const near = nearest(id, ids);
    answer =
        refused("no firm of the book is called " + quoted(printable(id)),
                near ? "did you mean " + quoted(*near) + "?" : "'perpetuum run' names the firms");
    return -1;
}

std::string print_share(double share) { return fmt::format("{:.4f}", share); }

std::string dollar_text(DollarTrace const& trace, std::string const& name, Window const& window) {
    std::string text = fmt::format(
        "A customer's dollar put in at {}, {}, central path: passed on alike, round after round\n",
        printable(name), print_period(window.period));
    if (!trace.leaves)
        return text + "It never leaves: it can come to firms that keep nothing and pay nothing "
                      "outside.\n";
    text += fmt::format("Booked as revenue {} times in all; with capital and the rest {} times.\n",
                        print_share(trace.velocity), print_share(trace.bookings));
    TextTable table{{"booked at", "revenue", "capital", "other"}, "lrrr", {}};
    for (DollarBooking const& booking : trace.firms)
        if (booking.revenue + booking.capital + booking.other >= 0.00005)
            table.rows.push_back({booking.id, print_share(booking.revenue),
                                  print_share(booking.capital), print_share(booking.other)});
    text += print_table(table) + "Where it comes to rest, of 1 dollar\n";
    TextTable leaks{{"as", "at", "share"}, "llr", {}};
    for (DollarLeak const& leak : trace.leaks)
        if (leak.share >= 0.00005)
            leaks.rows.push_back({leak.kind, leak.to, print_share(leak.share)});
    return text + print_table(leaks);
}

/// The calendar years in the window; the window itself when it has none whole.
std::vector<Window> years_in(Projection const& projection, bool all) {
    std::vector<Window> windows;
    for (int year = 1990; year < 2100; ++year) {
        Window window;
        if (!window_of_year(projection.system, projection.payments.steps, year, window)) continue;
        bool const asked =
            window.first >= projection.window.first && window.last <= projection.window.last;
        if (all || asked) windows.push_back(window);
    }
    if (windows.empty()) windows.push_back(projection.window);
    return windows;
}

std::string pair_text(std::vector<PairYear> const& years, std::string const& vendor,
                      std::string const& customer) {
    TextTable table{
        {"", "sales", "bought back", "put in", "net", "of 100 back", "group from others"},
        "lrrrrrr",
        {}};
    for (auto const& [window, flows] : years)
        table.rows.push_back({print_period(window.period), print_amount(flows.sales),
                              print_amount(flows.bought_back), print_amount(flows.finance),
                              print_amount(flows.net_outside_demand),
                              print_percent(flows.returned_share),
                              print_amount(flows.group_receipts)});
    return fmt::format("What {} sells to {}, less what goes back (rent-backs and other purchases, "
                       "stakes and loans), USD, central path\n",
                       vendor, customer) +
           print_table(table) +
           "net: demand from outside the pair. Last column: what both as one group receive from "
           "others for goods and services.\n";
}

} // namespace

Answer dollar_of(Options const& options, Projection const& projection) {
    Answer answer;
    int const firm = party_of(projection, options.dollar, answer);
    if (firm < 0) return answer;
    DollarTrace const trace = trace_dollar(projection.payments, firm, projection.window.first - 1,
                                           projection.window.last - 1);
    if (options.json) {
        answer.text = dollar_as_json(trace, projection.window);
        return answer;
    }
    auto const& entity = projection.system.entities[static_cast<std::size_t>(firm)];
    answer.text =
        dollar_text(trace, entity.name.empty() ? entity.id : entity.name, projection.window);
    return answer;
}

Answer pair_of(Options const& options, Projection const& projection) {
    auto const comma = options.pair.find(',');
    if (comma == std::string::npos)
        return refused("--pair wants two firms with a comma between", "--pair nvidia,coreweave");
    std::string const names[] = {options.pair.substr(0, comma), options.pair.substr(comma + 1)};
    Answer answer;
    int parties[2];
    for (int k = 0; k < 2; ++k)
        if ((parties[k] = party_of(projection, names[k], answer)) < 0) return answer;
    if (parties[0] == parties[1]) return refused("--pair wants two different firms");
    std::vector<PairYear> years;
    for (Window const& window : years_in(projection, options.from.empty() && options.to.empty()))
        years.push_back({window, pair_flows(projection.payments, parties[0], parties[1],
                                            window.first - 1, window.last - 1)});
    answer.text = options.json ? pair_as_json(years, names[0], names[1])
                               : pair_text(years, names[0], names[1]);
    return answer;
}

} // namespace perpetuum
