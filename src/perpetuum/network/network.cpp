/// Payments added up to a graph, and the checks that everything above relies on.

#include <perpetuum/network.hpp>

#include <algorithm>
#include <utility>

namespace perpetuum {

namespace {

constexpr std::int64_t most_money = std::int64_t{1} << 62;

[[noreturn]] void refuse(std::string const& what, std::int64_t value, std::string const& expected) {
    throw BadInput{what + " is " + std::to_string(value) + ", expected " + expected};
}

/// Adds, and refuses before a sum of sums could overflow.
void add_money(std::int64_t& total, std::int64_t amount) {
    if (amount >= most_money - total) refuse("sum of amounts", amount, "less than 2^62 in all");
    total += amount;
}

bool inside(int index, std::size_t size) {
    return index >= 0 && static_cast<std::size_t>(index) < size;
}

void check_payment(PaymentSet const& set, NetworkPayment const& payment) {
    std::size_t const parties = set.parties.size();
    if (!inside(payment.payer, parties)) refuse("payer", payment.payer, "the number of a party");
    if (!inside(payment.payee, parties)) refuse("payee", payment.payee, "the number of a party");
    if (payment.step < 0 || payment.step >= set.steps)
        refuse("step of a payment", payment.step, "0.." + std::to_string(set.steps - 1));
    if (payment.amount <= 0) refuse("amount of a payment", payment.amount, "more than 0");
    if (payment.till_payer < 0) refuse("till of a payer", payment.till_payer, "0 or more");
    if (payment.till_payee < 0) refuse("till of a payee", payment.till_payee, "0 or more");
}

/// Number of each party's node; -1 for outside sectors.
std::vector<int> nodes_of(PaymentSet const& set) {
    std::vector<int> node;
    int next = 0;
    for (NetworkParty const& party : set.parties)
        node.push_back(party.type == PartyType::outside ? -1 : next++);
    return node;
}

template <class Use>
void for_each_payment(PaymentSet const& set, int first, int last, Use use) {
    for (NetworkPayment const& payment : set.payments)
        if (payment.step >= first && payment.step <= last) use(payment);
}

} // namespace

Network network_from(std::vector<std::string> nodes, std::vector<Network::Edge> edges,
                     double minor_unit) {
    std::int64_t total = 0;
    for (Network::Edge const& edge : edges) {
        if (!inside(edge.from, nodes.size())) refuse("payer of an edge", edge.from, "a node");
        if (!inside(edge.to, nodes.size())) refuse("payee of an edge", edge.to, "a node");
        if (edge.amount <= 0) refuse("amount of an edge", edge.amount, "more than 0");
        add_money(total, edge.amount);
    }
    std::erase_if(edges, [](Network::Edge const& edge) { return edge.from == edge.to; });
    std::sort(edges.begin(), edges.end(), [](Network::Edge const& a, Network::Edge const& b) {
        return std::pair{a.from, a.to} < std::pair{b.from, b.to};
    });
    Network network;
    network.nodes = std::move(nodes);
    network.minor_unit = minor_unit;
    for (Network::Edge const& edge : edges) {
        bool const same = !network.edges.empty() && network.edges.back().from == edge.from &&
                          network.edges.back().to == edge.to;
        if (same)
            network.edges.back().amount += edge.amount;
        else
            network.edges.push_back(edge);
    }
    return network;
}

Network network_of(PaymentSet const& set, int first, int last) {
    check_payments(set);
    std::vector<int> const node = nodes_of(set);
    std::vector<std::string> names;
    for (NetworkParty const& party : set.parties)
        if (party.type != PartyType::outside) names.push_back(party.id);
    std::vector<Network::Edge> edges;
    for_each_payment(set, first, last, [&](NetworkPayment const& payment) {
        int const from = node[static_cast<std::size_t>(payment.payer)];
        int const to = node[static_cast<std::size_t>(payment.payee)];
        if (from >= 0 && to >= 0) edges.push_back({from, to, payment.amount});
    });
    return network_from(std::move(names), std::move(edges), set.minor_unit);
}

OutsideFlows outside_flows_of(PaymentSet const& set, int first, int last) {
    check_payments(set);
    std::vector<int> const node = nodes_of(set);
    auto const inner = static_cast<std::size_t>(
        std::count_if(node.begin(), node.end(), [](int number) { return number >= 0; }));
    OutsideFlows flows{std::vector<std::int64_t>(inner), std::vector<std::int64_t>(inner)};
    for_each_payment(set, first, last, [&](NetworkPayment const& payment) {
        int const from = node[static_cast<std::size_t>(payment.payer)];
        int const to = node[static_cast<std::size_t>(payment.payee)];
        if (from < 0 && to >= 0) flows.in[static_cast<std::size_t>(to)] += payment.amount;
        if (from >= 0 && to < 0) flows.out[static_cast<std::size_t>(from)] += payment.amount;
    });
    return flows;
}

OutsideFlows no_outside_flows(Network const& network) {
    return {std::vector<std::int64_t>(network.nodes.size()),
            std::vector<std::int64_t>(network.nodes.size())};
}

std::vector<std::int64_t> throughflows(Network const& network, OutsideFlows const& outside) {
    check_network(network);
    if (outside.in.size() != network.nodes.size() || outside.out.size() != network.nodes.size())
        refuse("number of outside flows", static_cast<std::int64_t>(outside.in.size()),
               std::to_string(network.nodes.size()) + " in and out, as many as nodes");
    std::vector<std::int64_t> got = outside.in, paid = outside.out;
    for (std::size_t node = 0; node < got.size(); ++node) {
        if (got[node] < 0 || got[node] >= most_money)
            refuse("flow from outside", got[node], "0 or more, less than 2^62");
        if (paid[node] < 0 || paid[node] >= most_money)
            refuse("flow to outside", paid[node], "0 or more, less than 2^62");
    }
    for (Network::Edge const& edge : network.edges) {
        got[static_cast<std::size_t>(edge.to)] += edge.amount;
        paid[static_cast<std::size_t>(edge.from)] += edge.amount;
    }
    for (std::size_t node = 0; node < got.size(); ++node)
        got[node] = std::max(got[node], paid[node]);
    return got;
}

void check_payments(PaymentSet const& set) {
    if (set.opening.size() != set.parties.size())
        refuse("number of opening tills", static_cast<std::int64_t>(set.opening.size()),
               std::to_string(set.parties.size()) + ", one a party");
    if (set.steps < 0) refuse("number of steps", set.steps, "0 or more");
    std::int64_t total = 0;
    for (std::size_t party = 0; party < set.parties.size(); ++party) {
        if (set.parties[party].type == PartyType::outside)
            continue; // an outside sector has no till
        if (set.opening[party] < 0) refuse("opening till", set.opening[party], "0 or more");
        add_money(total, set.opening[party]);
    }
    for (NetworkPayment const& payment : set.payments) {
        check_payment(set, payment);
        add_money(total, payment.amount);
    }
}

void check_network(Network const& network) {
    std::int64_t total = 0;
    for (std::size_t number = 0; number < network.edges.size(); ++number) {
        Network::Edge const& edge = network.edges[number];
        if (!inside(edge.from, network.nodes.size()))
            refuse("payer of an edge", edge.from, "a node");
        if (!inside(edge.to, network.nodes.size())) refuse("payee of an edge", edge.to, "a node");
        if (edge.from == edge.to)
            refuse("payee of an edge", edge.to, "another node than its payer");
        if (edge.amount <= 0) refuse("amount of an edge", edge.amount, "more than 0");
        add_money(total, edge.amount);
        if (number == 0) continue;
        Network::Edge const& before = network.edges[number - 1];
        if (std::pair{before.from, before.to} >= std::pair{edge.from, edge.to})
            refuse("edge", static_cast<std::int64_t>(number), "edges by (from, to), each once");
    }
}

} // namespace perpetuum
