// A run's payments with their natures: told from how they are booked.

#include <perpetuum/ledger.hpp>

#include <algorithm>
#include <cmath>
#include <set>

namespace perpetuum {

namespace {

std::string const& account_name(System const& system, int account) {
    static std::string const none;
    return account < 0 ? none : system.accounts[static_cast<std::size_t>(account)].name;
}

bool is_asset(System const& system, int account) {
    return account >= 0 &&
           system.accounts[static_cast<std::size_t>(account)].type == AccountClass::asset;
}

bool is_claim_on_payee(System const& system, int payee_credits) {
    if (payee_credits < 0) return false;
    auto const type = system.accounts[static_cast<std::size_t>(payee_credits)].type;
    return type == AccountClass::equity || type == AccountClass::liability;
}

/// What a payment is when its payer debits one account and its payee credits the other.
Nature nature_by_accounts(System const& system, int payer_debits, int payee_credits) {
    auto const& credited = account_name(system, payee_credits);
    if (credited == "revenue" || credited == "advances") return Nature::sale;
    // A buyer settles what it owed for goods; who buys the claim itself (factoring) debits an asset.
    if (credited == "receivables" && !is_asset(system, payer_debits)) return Nature::sale;
    if (is_asset(system, payer_debits) && is_claim_on_payee(system, payee_credits))
        return Nature::finance;
    return Nature::other;
}

/// An exchange counts as two bound payments when goods go one way and a claim comes back; a
/// receivable within terms is no payment until it is paid, and a warrant granted no money at all.
struct ExchangeSides {
    bool counts = false;
    Nature there = Nature::other, back = Nature::other;
};
ExchangeSides sides_of(System const& system, SystemFlow const& flow) {
    ExchangeSides sides;
    sides.there = nature_by_accounts(system, flow.accounts[0], flow.accounts[3]);
    sides.back = nature_by_accounts(system, flow.accounts[2], flow.accounts[1]);
    // A sale's goods are booked by the buyer as anything; the claim that comes back must be one.
    if (sides.there == Nature::sale)
        sides.back =
            is_asset(system, flow.accounts[2]) && is_claim_on_payee(system, flow.accounts[1])
                ? Nature::finance
                : Nature::other;
    sides.counts = (sides.there == Nature::sale && sides.back == Nature::finance) ||
                   (sides.there == Nature::finance && sides.back == Nature::sale);
    if (account_name(system, flow.accounts[2]) == "receivables") sides.counts = false;
    return sides;
}

std::vector<int> contracts_of(System const& system, std::string const& deal) {
    std::vector<int> numbers;
    for (std::size_t c = 0; c < system.contracts.size(); ++c)
        if (system.contracts[c].deal == deal) numbers.push_back(static_cast<int>(c));
    return numbers;
}

void bind(PaymentSet& set, System const& system, Book const& book) {
    std::set<int> finance;
    for (NetworkPayment const& payment : set.payments)
        if (payment.nature == Nature::finance && payment.deal >= 0) finance.insert(payment.deal);
    for (int const contract : finance) {
        Deal const* deal = book.deal(system.contracts[static_cast<std::size_t>(contract)].deal);
        if (!deal || deal->bound_for.empty()) continue;
        PaymentSet::Binding binding;
        binding.deal = contract;
        for (auto const& purpose : deal->bound_for)
            for (int const number : contracts_of(system, purpose))
                binding.purposes.push_back(number);
        if (!binding.purposes.empty()) set.bindings.push_back(std::move(binding));
    }
    std::set<std::pair<int, int>> links;
    for (Deal const& deal : book.deals)
        for (auto const& other : deal.linked)
            for (int const a : contracts_of(system, deal.id))
                for (int const b : contracts_of(system, other)) {
                    // Said on one side; the money is the side that finances.
                    if (finance.contains(a) && !finance.contains(b)) links.emplace(a, b);
                    if (finance.contains(b) && !finance.contains(a)) links.emplace(b, a);
                }
    set.linked.assign(links.begin(), links.end());
}

} // namespace

Nature nature_of(System const& system, SystemFlow const& flow) {
    if (flow.type == StatementType::guarantee) return Nature::finance;
    return nature_by_accounts(system, flow.accounts[0], flow.accounts[3]);
}

std::vector<CellId> cells_of_payments(System const& system) {
    std::set<CellId> cells;
    for (SystemFlow const& flow : system.flows)
        if (flow.payer >= 0 && flow.payee >= 0) cells.insert(flow.paid);
    for (std::size_t e = 0; e < system.entities.size(); ++e)
        if (CellId const cash = system.balance(static_cast<int>(e), 0); cash >= 0)
            cells.insert(cash);
    return {cells.begin(), cells.end()};
}

PaymentSet payments_of(System const& system, Path const& path, Book const& book) {
    PaymentSet set;
    set.steps = path.steps;
    set.minor_unit = system.coin;
    set.tills = system.tills;
    for (std::size_t e = 0; e < system.entities.size(); ++e) {
        SystemEntity const& entity = system.entities[e];
        set.parties.push_back({entity.id, entity.name,
                               entity.outside   ? PartyType::outside
                               : entity.conduit ? PartyType::conduit
                                                : PartyType::firm});
        CellId const cash = system.balance(static_cast<int>(e), 0);
        set.opening.push_back(cash < 0 || entity.outside
                                  ? 0
                                  : static_cast<std::int64_t>(std::llround(path.at(cash, 0))));
    }
    for (SystemContract const& contract : system.contracts) set.deals.push_back(contract.id);
    for (Transaction const& transaction : system.transactions)
        set.kinds.push_back(transaction.name);
    // What a flow is does not change from step to step.
    std::vector<Nature> natures;
    std::vector<ExchangeSides> exchanges;
    for (SystemFlow const& flow : system.flows) {
        bool const exchange = flow.type == StatementType::exchange;
        natures.push_back(exchange ? Nature::other : nature_of(system, flow));
        exchanges.push_back(exchange ? sides_of(system, flow) : ExchangeSides{});
    }
    int pairs = 0;
    for (int step = 1; step <= path.steps; ++step)
        for (std::size_t f = 0; f < system.flows.size(); ++f) {
            SystemFlow const& flow = system.flows[f];
            if (flow.payer < 0 || flow.payee < 0) continue;
            double const coins = path.at(flow.paid, step);
            if (!(coins >= 0.5)) continue; // most pay nothing in most steps
            auto const amount = static_cast<std::int64_t>(std::llround(coins));
            NetworkPayment payment;
            payment.step = step - 1;
            payment.payer = flow.payer;
            payment.payee = flow.payee;
            payment.amount = amount;
            payment.deal = flow.contract;
            payment.kind = flow.transaction;
            if (flow.type == StatementType::exchange) {
                auto const& sides = exchanges[f];
                if (!sides.counts) continue;
                payment.pair = pairs++;
                payment.nature = sides.there;
                set.payments.push_back(payment);
                std::swap(payment.payer, payment.payee);
                payment.nature = sides.back;
                set.payments.push_back(payment);
                continue;
            }
            payment.nature = natures[f];
            bool const payer_outside =
                system.entities[static_cast<std::size_t>(flow.payer)].outside;
            bool const payee_outside =
                system.entities[static_cast<std::size_t>(flow.payee)].outside;
            if (flow.till > 0) {
                payment.till_payer = payer_outside ? 0 : flow.till;
                payment.till_payee = payee_outside ? 0 : flow.till;
            }
            set.payments.push_back(payment);
        }
    bind(set, system, book);
    return set;
}

std::vector<PromiseLine> promises_of(System const& system, Book const& book) {
    std::vector<PromiseLine> lines;
    for (SystemPromise const& promise : system.promises) {
        if (promise.contract < 0) continue;
        SystemContract const& contract =
            system.contracts[static_cast<std::size_t>(promise.contract)];
        Deal const& deal = *book.deal(contract.deal);
        PromiseLine line;
        line.from = system.entities[static_cast<std::size_t>(promise.from)].id;
        line.to = system.entities[static_cast<std::size_t>(promise.to)].id;
        line.deal = contract.id;
        line.kind = deal.kind;
        if (promise.transaction >= 0) {
            Transaction const& t =
                system.transactions[static_cast<std::size_t>(promise.transaction)];
            line.transaction = t.name;
            line.nature = nature_by_accounts(system, t.payer_debits, t.payee_credits);
        }
        bool const over = deal.ended || !deal.superseded_by.empty();
        line.status = over ? "ended" : deal.firm() ? "signed" : "announced";
        line.usd = promise.amount;
        for (auto const& [period, entry] : deal.paid)
            if (period.begin < book.as_of)
                if (Figure const* figure = entry.used();
                    figure && figure->holds == Figure::Holds::amount)
                    line.paid_usd += figure->value * contract.share;
        line.why_not = contract.why_not;
        lines.push_back(std::move(line));
    }
    return lines;
}

} // namespace perpetuum
