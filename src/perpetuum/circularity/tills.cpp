/// From payments to moves between tills, step by step. Totals only: what a till holds never depends
/// on where it came from.

#include "tills.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace perpetuum {

namespace {

__extension__ using Product = __int128;

std::size_t slot(int index) { return static_cast<std::size_t>(index); }

/// Money of one finance in one receiver's hands, to be spent on its purposes first.
struct BoundTill {
    int till = 0, receiver = 0, finance = 0;
    std::set<int> purposes;
    bool hard = true;
    int last_use = -1; ///< the last step in which the receiver pays under a purpose
};

/// Bound amounts of exchanges: what is left of each payment goes through tills. Payments there are
/// set against payments back in the order of the set.
std::vector<BoundExchange> bind_exchanges(PaymentSet const& set, int last,
                                          std::vector<std::int64_t>& left) {
    using Key = std::tuple<int, int, int, int>; // step, pair, the two parties
    std::map<Key, std::pair<std::vector<int>, std::vector<int>>> groups;
    for (std::size_t k = 0; k < set.payments.size(); ++k) {
        NetworkPayment const& p = set.payments[k];
        if (p.pair < 0 || p.step > last || p.payer == p.payee) continue;
        auto& group =
            groups[{p.step, p.pair, std::min(p.payer, p.payee), std::max(p.payer, p.payee)}];
        (p.payer < p.payee ? group.first : group.second).push_back(static_cast<int>(k));
    }
    std::vector<BoundExchange> exchanges;
    for (auto const& [key, sides] : groups) {
        auto const& [there, back] = sides;
        for (std::size_t a = 0, b = 0; a < there.size() && b < back.size();) {
            std::int64_t const amount = std::min(left[slot(there[a])], left[slot(back[b])]);
            exchanges.push_back({there[a], back[b], amount});
            exchanges.push_back({back[b], there[a], amount});
            left[slot(there[a])] -= amount;
            left[slot(back[b])] -= amount;
            if (left[slot(there[a])] == 0) ++a;
            if (b < back.size() && left[slot(back[b])] == 0) ++b;
        }
    }
    return exchanges;
}

class TillLayout {
  public:
    TillLayout(PaymentSet const& set, int last, Links links) : set_(set), last_(last) {
        for (NetworkPayment const& payment : set.payments) left_.push_back(payment.amount);
        plan_.exchanges = bind_exchanges(set, last, left_);
        for (std::size_t party = 0; party < set.parties.size(); ++party) {
            bool const outside = set.parties[party].type == PartyType::outside;
            plan_.party.push_back(static_cast<int>(party));
            plan_.opening.push_back(outside ? 0 : set.opening[party]);
        }
        for (std::size_t k = 0; k < set.payments.size(); ++k)
            if (set.payments[k].deal >= 0)
                by_deal_[set.payments[k].deal].push_back(static_cast<int>(k));
        add_bound_tills(links);
    }

    TillPlan run() {
        std::map<int, std::vector<int>> by_step;
        for (std::size_t k = 0; k < set_.payments.size(); ++k)
            if (set_.payments[k].step <= last_ && left_[k] > 0)
                by_step[set_.payments[k].step].push_back(static_cast<int>(k));
        for (auto const& [step, payments] : by_step)
            for (int const payment : payments) open_named_tills(payment);
        held_ = plan_.opening;
        for (auto const& [step, payments] : by_step) lay_out(step, payments);
        return std::move(plan_);
    }

  private:
    bool outside(int party) const { return set_.parties[slot(party)].type == PartyType::outside; }

    int add_till(int party) {
        plan_.party.push_back(party);
        plan_.opening.push_back(0);
        return static_cast<int>(plan_.party.size()) - 1;
    }

    // ---- which tills there are ------------------------------------------------------------------

    void open_named_tills(int payment) {
        NetworkPayment const& p = set_.payments[slot(payment)];
        for (auto const& [party, name] :
             {std::pair{p.payer, p.till_payer}, {p.payee, p.till_payee}})
            if (name > 0 && !outside(party) && !named_.contains({party, name}))
                named_[{party, name}] = add_till(party);
    }

    /// Payments under a contract.
    std::vector<int> const& under(int deal) const {
        static std::vector<int> const none;
        auto const found = by_deal_.find(deal);
        return found == by_deal_.end() ? none : found->second;
    }

    void add_bound_tills(Links links) {
        std::map<int, std::set<int>> hard, soft; // finance → purposes
        for (PaymentSet::Binding const& binding : set_.bindings)
            hard[binding.deal].insert(binding.purposes.begin(), binding.purposes.end());
        if (links == Links::bound_and_linked)
            for (auto const& [finance, purchase] : set_.linked)
                if (!hard.contains(finance)) soft[finance].insert(purchase);
        for (auto const& [finance, purposes] : hard) add_bound_tills_of(finance, purposes, true);
        for (auto const& [finance, purposes] : soft) add_bound_tills_of(finance, purposes, false);
        // Narrow purposes first, so that money of a wide one is not used up where only narrow money
        // could not go elsewhere.
        std::stable_sort(bound_.begin(), bound_.end(), [](BoundTill const& a, BoundTill const& b) {
            return std::pair{!a.hard, a.purposes.size()} < std::pair{!b.hard, b.purposes.size()};
        });
        for (std::size_t k = 0; k < bound_.size(); ++k)
            bound_of_[{bound_[k].finance, bound_[k].receiver}] = k;
    }

    void add_bound_tills_of(int finance, std::set<int> const& purposes, bool hard) {
        if (finance < 0) return;
        std::map<int, int> last_use; // receiver → step
        for (int const purpose : purposes)
            for (int const payment : under(purpose)) {
                NetworkPayment const& p = set_.payments[slot(payment)];
                if (outside(p.payer)) continue;
                int& step = last_use.try_emplace(p.payer, p.step).first->second;
                step = std::max(step, p.step);
            }
        std::set<int> receivers;
        for (int const payment : under(finance)) {
            NetworkPayment const& p = set_.payments[slot(payment)];
            if (p.nature != Nature::other && last_use.contains(p.payee)) receivers.insert(p.payee);
        }
        for (int const receiver : receivers)
            bound_.push_back(
                {add_till(receiver), receiver, finance, purposes, hard, last_use[receiver]});
    }

    // ---- one step -------------------------------------------------------------------------------

    void lay_out(int step, std::vector<int> const& payments) {
        now_ = TillStep{};
        now_.step = step;
        in_.assign(plan_.party.size(), 0);
        out_.assign(plan_.party.size(), 0);
        for (int const payment : payments)
            if (int const to = till_of_payee(payment); to != no_till)
                in_[slot(to)] += left_[slot(payment)];
        for (BoundTill const& bound : bound_) pay_purposes(bound, payments);
        for (int const payment : payments)
            if (left_[slot(payment)] > 0) {
                NetworkPayment const& p = set_.payments[slot(payment)];
                pay(outside(p.payer)   ? no_till
                    : p.till_payer > 0 ? named_.at({p.payer, p.till_payer})
                                       : p.payer,
                    payment, left_[slot(payment)]);
            }
        for (auto const& [key, till] : named_) even_out(till, key.first);
        for (BoundTill const& bound : bound_)
            if (bound.last_use <= step) shift(bound.till, bound.receiver, balance(bound.till));
        for (bool const hard : {false, true}) help_out(hard);
        close();
    }

    std::int64_t balance(int till) {
        return held_[slot(till)] + in_[slot(till)] - out_[slot(till)];
    }

    int till_of_payee(int payment) const {
        NetworkPayment const& p = set_.payments[slot(payment)];
        if (outside(p.payee)) return no_till;
        auto const found = bound_of_.find({p.deal, p.payee});
        if (found != bound_of_.end() && p.nature != Nature::other && p.payer != p.payee) {
            BoundTill const& bound = bound_[found->second];
            if (bound.hard || p.till_payee == 0) return bound.till;
        }
        return p.till_payee > 0 ? named_.at({p.payee, p.till_payee}) : p.payee;
    }

    void pay(int from, int payment, std::int64_t amount) {
        int const to = till_of_payee(payment);
        if (from == to) { // from a till into itself: nothing moves
            if (to != no_till) in_[slot(to)] -= amount;
            return;
        }
        now_.moves.push_back({from, to, amount, payment});
        if (from != no_till) out_[slot(from)] += amount;
    }

    void shift(int from, int to, std::int64_t amount) {
        if (amount <= 0) return;
        now_.moves.push_back({from, to, amount, -1});
        out_[slot(from)] += amount;
        in_[slot(to)] += amount;
    }

    /// Bound money pays its purposes before any other does; where it does not suffice, all of them
    /// alike.
    void pay_purposes(BoundTill const& bound, std::vector<int> const& payments) {
        std::int64_t const available = balance(bound.till);
        if (available <= 0) return;
        std::vector<int> due;
        std::int64_t wanted = 0;
        for (int const payment : payments) {
            NetworkPayment const& p = set_.payments[slot(payment)];
            bool const purpose = p.payer == bound.receiver && p.deal >= 0 &&
                                 bound.purposes.contains(p.deal) && p.payee != p.payer;
            // A reading may only split the main till: money of a named one is told apart already,
            // and must stay so.
            if (!purpose || (!bound.hard && p.till_payer > 0)) continue;
            due.push_back(payment);
            wanted += left_[slot(payment)];
        }
        if (wanted == 0) return;
        std::int64_t const spent = std::min(available, wanted);
        std::int64_t asked = 0, given = 0;
        for (int const payment : due) { // rounded on the running sum, so that it adds up
            asked += left_[slot(payment)];
            auto const until =
                static_cast<std::int64_t>(static_cast<Product>(spent) * asked / wanted);
            if (until > given) pay(bound.till, payment, until - given);
            left_[slot(payment)] -= until - given;
            given = until;
        }
    }

    /// A named till hands over what it has left, or gets what it lacks, within the step.
    void even_out(int till, int party) {
        std::int64_t const left = balance(till);
        shift(till, party, left);
        shift(party, till, -left);
    }

    /// What a main till lacks comes from the party's bound tills: the run has spent that money
    /// otherwise.
    void help_out(bool hard) {
        for (BoundTill const& bound : bound_) {
            if (bound.hard != hard) continue;
            std::int64_t const lack = -balance(bound.receiver);
            if (lack > 0) shift(bound.till, bound.receiver, std::min(lack, balance(bound.till)));
        }
    }

    void close() {
        std::set<int> touched;
        for (TillMove const& move : now_.moves)
            for (int const till : {move.from, move.to})
                if (till != no_till) touched.insert(till);
        for (int const till : touched) {
            TillBalance row{till, held_[slot(till)], in_[slot(till)], out_[slot(till)], 0};
            row.lack = std::max<std::int64_t>(0, -row.kept());
            row.in += row.lack;
            held_[slot(till)] = row.kept();
            now_.balances.push_back(row);
        }
        plan_.steps.push_back(std::move(now_));
    }

    PaymentSet const& set_;
    int last_;
    TillPlan plan_;
    std::vector<std::int64_t> left_, held_; ///< of payments; of tills
    std::map<int, std::vector<int>> by_deal_;
    std::map<std::pair<int, int>, int> named_; ///< (party, name) → till
    std::vector<BoundTill> bound_;
    std::map<std::pair<int, int>, std::size_t> bound_of_; ///< (finance, receiver) → bound_
    TillStep now_;
    std::vector<std::int64_t> in_, out_; ///< of the step, by till
};

} // namespace

TillPlan lay_out_tills(PaymentSet const& set, int last, Links links) {
    return TillLayout(set, last, links).run();
}

} // namespace perpetuum
