#include <doctest/doctest.h>
#include <perpetuum/circularity.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>

using namespace perpetuum;

namespace {

unsigned below(std::mt19937& random, unsigned bound) {
    return static_cast<unsigned>(random() % bound);
}

/// Payments as one writes them down, one after the other.
struct LedgerText {
    PaymentList list;
    int party(std::string const& name) {
        auto const found = std::find(list.parties.begin(), list.parties.end(), name);
        if (found != list.parties.end()) return static_cast<int>(found - list.parties.begin());
        list.parties.push_back(name);
        return static_cast<int>(list.parties.size()) - 1;
    }
    LedgerText& pay(std::string const& from, std::string const& to, std::int64_t amount) {
        list.from.push_back(party(from));
        list.to.push_back(party(to));
        list.amount.push_back(amount);
        list.time.push_back(static_cast<std::int64_t>(list.time.size()));
        return *this;
    }
};

LedgerText research_ledger() {
    LedgerText text;
    text.pay("C", "O", 5).pay("N", "O", 10).pay("O", "R", 6).pay("O", "R", 9).pay("R", "N", 12);
    return text;
}

double by(TraceResult const& result, TracingRule rule) {
    for (std::size_t k = 0; k < std::size(tracing_rules); ++k)
        if (tracing_rules[k].rule == rule) return result.funded[k];
    return -1;
}

LedgerText random_ledger(std::mt19937& random, unsigned parties, unsigned payments,
                         unsigned largest) {
    LedgerText text;
    for (unsigned k = 0; k < parties; ++k) text.party("p" + std::to_string(k));
    while (text.list.size() < payments) {
        unsigned const from = below(random, parties), to = below(random, parties);
        if (from == to) continue;
        text.pay("p" + std::to_string(from), "p" + std::to_string(to),
                 static_cast<std::int64_t>(1 + random() % largest));
    }
    return text;
}

/// Every convention in whole coins: in each payment any number of the funders' coins that its account
/// can give. How many can have come to the target: all sums, from states kept apart.
std::set<std::int64_t> all_outcomes(PaymentList const& list, TraceQuery const& query) {
    using State = std::vector<std::int64_t>; // funders' coins by account, and arrived
    std::set<State> states{State(list.parties.size() + 1, 0)};
    auto const funder = [&](int party) {
        return std::count(query.funders.begin(), query.funders.end(), party) > 0;
    };
    // What an account pays without having got it lay there from the beginning.
    std::vector<std::int64_t> balance(list.parties.size(), 0), before = balance;
    for (std::size_t k = 0; k < list.size(); ++k) {
        auto const from = static_cast<std::size_t>(list.from[k]);
        before[from] -= list.amount[k];
        balance[from] = std::max(balance[from], -before[from]);
        before[static_cast<std::size_t>(list.to[k])] += list.amount[k];
    }
    for (std::size_t k = 0; k < list.size(); ++k) {
        int const from = list.from[k], to = list.to[k];
        bool const end = funder(from) || from == query.target;
        auto& held = balance[static_cast<std::size_t>(from)];
        std::set<State> next;
        for (State const& state : states) {
            std::int64_t const has = state[static_cast<std::size_t>(from)];
            std::int64_t least = std::max<std::int64_t>(0, list.amount[k] - (held - has));
            std::int64_t most = std::min(list.amount[k], has);
            if (end) least = most = funder(from) ? list.amount[k] : 0;
            for (std::int64_t part = least; part <= most; ++part) {
                State after = state;
                if (!end) after[static_cast<std::size_t>(from)] -= part;
                if (to == query.target)
                    after.back() += part;
                else if (!funder(to))
                    after[static_cast<std::size_t>(to)] += part;
                next.insert(after);
            }
        }
        states = next;
        if (!end) held -= list.amount[k];
        if (!funder(to) && to != query.target)
            balance[static_cast<std::size_t>(to)] += list.amount[k];
    }
    std::set<std::int64_t> sums;
    for (State const& state : states) sums.insert(state.back());
    return sums;
}

} // namespace

TEST_CASE("of R's 12, N's own money is 7, 7, 8, 7 or 10 by the rule: at least 7, at most 10") {
    LedgerText text = research_ledger();
    TraceResult const found =
        trace_payments(text.list, {{text.party("N")}, text.party("N"), {}, false, true});
    CHECK(found.received == 12);
    CHECK(by(found, TracingRule::fifo) == 7);
    CHECK(by(found, TracingRule::lifo) == 7);
    CHECK(by(found, TracingRule::pro_rata) == doctest::Approx(8));
    CHECK(by(found, TracingRule::clean_first) == 7);
    CHECK(by(found, TracingRule::lowest_balance) == 7);
    CHECK(by(found, TracingRule::taint_first) == 10);
    CHECK(found.at_least == 7);
    CHECK(found.at_most == 10);
    CHECK(found.held_before == 5); // C's
}

TEST_CASE("clean money that comes later does not restore a claim: the lowest balance counts") {
    LedgerText text;
    // The trustee mixes 50 of the claimant with 50 of its own, pays 80 away, gets 100, pays T 60.
    text.pay("x", "trustee", 50).pay("claimant", "trustee", 50).pay("trustee", "y", 80);
    text.pay("x", "trustee", 100).pay("trustee", "T", 120);
    TraceResult const found =
        trace_payments(text.list, {{text.party("claimant")}, text.party("T"), {}, false, true});
    CHECK(by(found, TracingRule::lowest_balance) == 20);
    CHECK(by(found, TracingRule::clean_first) == 20);
    CHECK(by(found, TracingRule::taint_first) == 0);
    CHECK(by(found, TracingRule::fifo) == 20); // 80 were x's 50 and 30; 20 are left
    CHECK(by(found, TracingRule::lifo) == 0);  // 80 were the claimant's 50 and 30 of x
    CHECK(by(found, TracingRule::pro_rata) == doctest::Approx(10));
    CHECK(found.at_least == 0);
    CHECK(found.at_most == 20);
}

TEST_CASE("what the target paid itself comes back as its own, not as the funders'") {
    LedgerText text;
    text.pay("S", "T", 10).pay("T", "a", 10).pay("a", "T", 10);
    TraceResult const found =
        trace_payments(text.list, {{text.party("S")}, text.party("T"), {}, false, true});
    CHECK(found.received == 20);
    CHECK(by(found, TracingRule::taint_first) == 10);
    CHECK(found.at_most == 10);
    CHECK(found.at_least == 10);
}

TEST_CASE("an opening balance is clean and stands in front of the queue") {
    LedgerText text;
    text.pay("S", "a", 10).pay("a", "T", 10);
    int const a = text.party("a");
    TraceQuery query{{text.party("S")}, text.party("T"), {0, 0, 0}, false, true};
    query.opening[static_cast<std::size_t>(a)] = 4;
    TraceResult const found = trace_payments(text.list, query);
    CHECK(by(found, TracingRule::fifo) == 6);
    CHECK(by(found, TracingRule::lifo) == 10);
    CHECK(by(found, TracingRule::pro_rata) == doctest::Approx(100. / 14));
    CHECK(found.at_least == 6);
    CHECK(found.at_most == 10);
}

TEST_CASE("payments of one moment are taken in the order of the list, or the other way round") {
    LedgerText text;
    text.pay("x", "a", 5).pay("S", "a", 5).pay("a", "T", 5);
    text.list.time = {1, 1, 2};
    TraceQuery query{{text.party("S")}, text.party("T"), {}, false, true};
    CHECK(by(trace_payments(text.list, query), TracingRule::fifo) == 0);
    query.ties_reversed = true;
    CHECK(by(trace_payments(text.list, query), TracingRule::fifo) == 5);
}

TEST_CASE("what an account must have had lay on it from the beginning, as if it were stated") {
    // O gets N's 10 on day 1, pays X 10 on day 2 and R 10 on day 3: it had 10 before. First in, first
    // out X got these and R N's; whose money R got can be either's.
    LedgerText text;
    text.pay("N", "O", 10).pay("O", "X", 10).pay("O", "R", 10);
    TraceQuery query{{text.party("N")}, text.party("R"), {}, false, true};
    for (bool const stated : {false, true}) {
        if (stated) query.opening = {0, 10, 0, 0};
        TraceResult const found = trace_payments(text.list, query);
        CHECK(by(found, TracingRule::fifo) == 10);
        CHECK(by(found, TracingRule::lifo) == 0);
        CHECK(by(found, TracingRule::pro_rata) == 5);
        CHECK(by(found, TracingRule::clean_first) == 10);
        CHECK(by(found, TracingRule::taint_first) == 0);
        CHECK(found.at_least == 0);
        CHECK(found.at_most == 10);
        CHECK(found.held_before == (stated ? 0 : 10));
        CHECK(held_before_in_all(text.list, query) == (stated ? 0 : 10));
    }
}

TEST_CASE("of one moment the interval holds whatever the order") {
    // O pays R 10 and gets N's 10 on one day: R got N's money or what O had before.
    LedgerText text;
    text.pay("O", "R", 10).pay("N", "O", 10);
    text.list.time = {2, 2};
    TraceQuery query{{text.party("N")}, text.party("R"), {}, false, true};
    for (bool const reversed : {false, true}) {
        query.ties_reversed = reversed;
        TraceResult const found = trace_payments(text.list, query);
        CHECK(by(found, TracingRule::fifo) == (reversed ? 10 : 0));
        CHECK(found.at_least == 0);
        CHECK(found.at_most == 10);
        CHECK(found.held_before == (reversed ? 0 : 10));
    }
    auto const most = traced_parts(text.list, query, {std::nullopt, true});
    REQUIRE(most.size() == 2);
    CHECK(most[0].part == 10);
    CHECK(most[1].part == 10);
}

TEST_CASE("in every order of payments of one moment all conventions lie in the interval") {
    std::mt19937 random(11);
    for (int trial = 0; trial < 60; ++trial) {
        LedgerText text = random_ledger(random, 4 + below(random, 2), 7, 4);
        for (std::size_t k = 0; k < text.list.size(); ++k)
            text.list.time[k] = static_cast<std::int64_t>(k / 3); // three a moment
        TraceQuery const query{{0}, 1 + static_cast<int>(below(random, 2)), {}, false, true};
        TraceResult const found = trace_payments(text.list, query);
        std::vector<std::size_t> order{0, 1, 2, 3, 4, 5, 6};
        do {
            bool in_time = true;
            for (std::size_t k = 0; k < order.size(); ++k)
                in_time = in_time && order[k] / 3 == k / 3;
            if (!in_time) continue;
            PaymentList list = text.list;
            for (std::size_t k = 0; k < order.size(); ++k) {
                list.from[k] = text.list.from[order[k]];
                list.to[k] = text.list.to[order[k]];
                list.amount[k] = text.list.amount[order[k]];
            }
            std::set<std::int64_t> const outcomes = all_outcomes(list, query);
            CHECK(found.at_least <= static_cast<double>(*outcomes.begin()));
            CHECK(found.at_most >= static_cast<double>(*outcomes.rbegin()));
        } while (std::next_permutation(order.begin(), order.end()));
        auto const behind = [&](bool most) {
            double sum = 0;
            for (TracedPart const& part : traced_parts(text.list, query, {std::nullopt, most}))
                if (part.arrives) sum += part.part;
            return sum;
        };
        CHECK(behind(true) == doctest::Approx(found.at_most));
        CHECK(behind(false) == doctest::Approx(found.at_least));
    }
}

TEST_CASE(
    "every rule lies in the sharp interval, whose ends some convention in whole coins attains") {
    std::mt19937 random(5);
    for (int trial = 0; trial < 150; ++trial) {
        LedgerText const text =
            random_ledger(random, 4 + below(random, 3), 6 + below(random, 6), 5);
        TraceQuery query{{0}, static_cast<int>(random() % 3), {}, false, true};
        if (trial % 3 == 0) query.funders.push_back(1);
        TraceResult const found = trace_payments(text.list, query);
        std::set<std::int64_t> const outcomes = all_outcomes(text.list, query);
        CHECK(found.at_least == static_cast<double>(*outcomes.begin()));
        CHECK(found.at_most == static_cast<double>(*outcomes.rbegin()));
        for (double const funded : found.funded) {
            CHECK(funded >= found.at_least - 1e-9);
            CHECK(funded <= found.at_most + 1e-9);
        }
        CHECK(by(found, TracingRule::clean_first) == by(found, TracingRule::lowest_balance));
    }
}

TEST_CASE("on longer ledgers every rule stays in the interval, and the payments behind add up") {
    std::mt19937 random(6);
    for (int trial = 0; trial < 20; ++trial) {
        LedgerText text = random_ledger(random, 30, 2000, 1000);
        if (trial % 2 == 1) // fifty a moment: what is paid there can go round
            for (std::int64_t& time : text.list.time) time /= 50;
        TraceQuery const query{{0, 1}, trial % 4, {}, false, true};
        TraceResult const found = trace_payments(text.list, query);
        double const slack = 1e-9 * static_cast<double>(found.received);
        auto const behind = [&](TraceConvention convention) {
            double sum = 0;
            for (TracedPart const& part : traced_parts(text.list, query, convention)) {
                CHECK(part.part <= static_cast<double>(text.list.amount[part.payment]) + slack);
                if (part.arrives) sum += part.part;
            }
            return sum;
        };
        for (std::size_t k = 0; k < std::size(tracing_rules); ++k) {
            CHECK(found.funded[k] >= found.at_least - slack);
            CHECK(found.funded[k] <= found.at_most + slack);
            CHECK(behind({tracing_rules[k].rule, false}) == doctest::Approx(found.funded[k]));
        }
        CHECK(behind({std::nullopt, true}) == doctest::Approx(found.at_most));
        CHECK(behind({std::nullopt, false}) == doctest::Approx(found.at_least));
    }
}

TEST_CASE("numbering parties otherwise changes nothing") {
    std::mt19937 random(8);
    LedgerText const text = random_ledger(random, 12, 300, 100);
    PaymentList turned = text.list;
    std::reverse(turned.parties.begin(), turned.parties.end());
    for (int& party : turned.from) party = 11 - party;
    for (int& party : turned.to) party = 11 - party;
    TraceResult const a = trace_payments(text.list, {{0, 3}, 5, {}, false, true});
    TraceResult const b = trace_payments(turned, {{11, 8}, 6, {}, false, true});
    for (std::size_t k = 0; k < std::size(tracing_rules); ++k)
        CHECK(a.funded[k] == doctest::Approx(b.funded[k]).epsilon(1e-12));
    CHECK(a.at_least == b.at_least);
    CHECK(a.at_most == b.at_most);
}

TEST_CASE("money passed round whole in ever more pieces ends, known or not") {
    // Two accounts that hand each other all they have while single coins of both labels drip in.
    LedgerText text;
    for (int k = 0; k < 20'000; ++k) {
        text.pay(k % 2 == 0 ? "S" : "x", "a", 1);
        text.pay("a", "b", k + 1).pay("b", "a", k + 1);
    }
    text.pay("a", "T", 10'000);
    TraceResult const found =
        trace_payments(text.list, {{text.party("S")}, text.party("T"), {}, false, true});
    bool const known = !std::isnan(by(found, TracingRule::fifo));
    CHECK((!known || by(found, TracingRule::fifo) == 5000));
    CHECK(by(found, TracingRule::taint_first) == 10'000);
    CHECK(by(found, TracingRule::pro_rata) == doctest::Approx(5000));
    CHECK_THROWS_AS(trace_payments(text.list, {{0}, 77, {}, false, true}), BadInput);
}
