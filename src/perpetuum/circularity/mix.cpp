/// One step: q = A q + L, where row i of A and L says what till i's payments are made of: other
/// tills' payments, and origins at which the chain ends. Each row sums to one, so this is an
/// absorbing chain; it is solved by censoring one till after the other (Grassmann, Taksar & Heyman
/// 1985), which only adds, multiplies and divides numbers ≥ 0.

#include "mix.hpp"

#include <algorithm>
#include <deque>

namespace perpetuum {

namespace {

std::size_t index_of(int number) { return static_cast<std::size_t>(number); }

/// `rows` tills, each with shares that come from other tills and shares that end.
struct Chain {
    std::size_t rows = 0, columns = 0;
    std::vector<double> from; ///< rows × rows
    std::vector<double> ends; ///< rows × columns
};

void add_times(double* to, double const* what, double times, std::size_t count) {
    for (std::size_t k = 0; k < count; ++k) to[k] += what[k] * times;
}

/// Leaves the mix of each row in `ends`. A ring of tills that nothing enters has no origin at all
/// (and nothing leaves it): it gets held_before.
void absorb(Chain& chain) {
    std::size_t const n = chain.rows, m = chain.columns;
    for (std::size_t k = n; k-- > 0;) { // out of the rows before it
        double* row = &chain.from[k * n];
        double* ends = &chain.ends[k * m];
        double leaves = 0;
        for (std::size_t j = 0; j < k; ++j) leaves += row[j];
        for (std::size_t l = 0; l < m; ++l) leaves += ends[l];
        if (leaves > 0) {
            for (std::size_t j = 0; j < k; ++j) row[j] /= leaves;
            for (std::size_t l = 0; l < m; ++l) ends[l] /= leaves;
        } else {
            ends[index_of(static_cast<int>(Origin::held_before))] = 1;
        }
        for (std::size_t i = 0; i < k; ++i) {
            double const share = chain.from[i * n + k];
            if (share == 0) continue;
            add_times(&chain.from[i * n], row, share, k);
            add_times(&chain.ends[i * m], ends, share, m);
        }
    }
    for (std::size_t k = 1; k < n; ++k)
        for (std::size_t j = 0; j < k; ++j)
            if (double const share = chain.from[k * n + j]; share != 0)
                add_times(&chain.ends[k * m], &chain.ends[j * m], share, m);
}

class MixTrace {
  public:
    MixTrace(PaymentSet const& set, TillPlan const& plan, MixColumns const& columns, int firm,
             TillOrder order)
        : set_(set), plan_(plan), columns_(columns), firm_(firm), order_(order),
          width_(index_of(columns.count)), lots_(plan.party.size()),
          row_of_(plan.party.size(), -1) {
        std::vector<double> before(width_, 0);
        before[held] = 1;
        for (std::size_t till = 0; till < plan.party.size(); ++till)
            if (plan.opening[till] > 0)
                put(static_cast<int>(till), plan.opening[till], before.data(), 1);
    }

    MixedMoney run(int first, int last) {
        MixedMoney money;
        money.receipts.assign(width_, 0);
        money.purchases.assign(width_, 0);
        for (TillStep const& step : plan_.steps) {
            if (step.step > last) break;
            trace(step);
            if (step.step >= first) collect(step, money);
        }
        for (BoundExchange const& exchange : plan_.exchanges) {
            int const when = set_.payments[index_of(exchange.payment)].step;
            if (when >= first && when <= last) collect(exchange, money);
        }
        return money;
    }

  private:
    static constexpr std::size_t held = static_cast<std::size_t>(Origin::held_before);

    /// Column at which the chain ends, or -1 where it goes on.
    int column_of(int payment) const {
        Origin const origin = origin_of(set_, payment, firm_);
        if (origin == Origin::through) return -1;
        NetworkPayment const& p = set_.payments[index_of(payment)];
        if (origin == Origin::own_money_back)
            return p.nature == Nature::finance && columns_.own_finance >= 0
                       ? columns_.own_finance
                       : static_cast<int>(origin);
        bool const by_party = origin == Origin::customers || origin == Origin::partners_money;
        int const detail = by_party ? columns_.of_party[index_of(p.payer)] : -1;
        return detail >= 0 ? detail : static_cast<int>(origin);
    }

    /// How much of what a till pays in the step comes from what it held before. Whole numbers: the
    /// same for every firm asked about.
    std::int64_t paid_from_opening(TillBalance const& row) const {
        return order_ == TillOrder::opening_first ? std::min(row.opening, row.out)
                                                  : row.out - std::min(row.in, row.out);
    }

    /// Takes lots out of a till, oldest or newest first; adds them by column.
    void take(int till, std::int64_t amount, double* to) {
        std::deque<Lot>& lots = lots_[index_of(till)];
        while (amount > 0) {
            Lot& lot = order_ == TillOrder::opening_first ? lots.front() : lots.back();
            std::int64_t const part = std::min(amount, lot.amount);
            add_times(to, lot.mix.data(), static_cast<double>(part), width_);
            amount -= part;
            lot.amount -= part;
            if (lot.amount > 0) continue;
            if (order_ == TillOrder::opening_first)
                lots.pop_front();
            else
                lots.pop_back();
        }
    }

    void put(int till, std::int64_t amount, double const* mix, double times) {
        Lot lot{amount, std::vector<double>(width_, 0)};
        add_times(lot.mix.data(), mix, times, width_);
        std::deque<Lot>& lots = lots_[index_of(till)];
        if (order_ == TillOrder::alike) lots.clear();
        lots.push_back(std::move(lot));
    }

    void trace(TillStep const& step) {
        std::size_t const n = step.balances.size();
        chain_.rows = n;
        chain_.columns = width_;
        chain_.from.assign(n * n, 0);
        chain_.ends.assign(n * width_, 0);
        received_.assign(n * width_, 0);
        for (std::size_t k = 0; k < n; ++k)
            row_of_[index_of(step.balances[k].till)] = static_cast<int>(k);
        receive(step);
        weigh(step);
        absorb(chain_);
        if (order_ != TillOrder::alike) receive_mixes(step);
        for (std::size_t k = 0; k < n; ++k) keep(step.balances[k], k);
    }

    /// Amounts into rows: from other tills, or already ended.
    void receive(TillStep const& step) {
        for (TillMove const& move : step.moves) {
            if (move.to == no_till) continue;
            std::size_t const to = index_of(row_of_[index_of(move.to)]);
            auto const amount = static_cast<double>(move.amount);
            if (int const column = column_of(move.payment); column >= 0)
                received_[to * width_ + index_of(column)] += amount;
            else
                chain_.from[to * chain_.rows + index_of(row_of_[index_of(move.from)])] += amount;
        }
        for (std::size_t k = 0; k < chain_.rows; ++k)
            received_[k * width_ + held] += static_cast<double>(step.balances[k].lack);
    }

    /// Amounts into shares of what the till pays out. Where nothing is paid out nobody asks for
    /// them, but they must sum to one.
    void weigh(TillStep const& step) {
        for (std::size_t k = 0; k < chain_.rows; ++k) {
            TillBalance const& row = step.balances[k];
            double* const ends = &chain_.ends[k * width_];
            double rest = row.in > 0 ? 1 / static_cast<double>(row.in)
                                     : 0; // a share for each unit of receipts
            if (order_ == TillOrder::alike) {
                double const pool = static_cast<double>(row.opening + row.in);
                if (row.opening > 0)
                    add_times(ends, lots_[index_of(row.till)].back().mix.data(),
                              static_cast<double>(row.opening) / pool, width_);
                rest = 1 / pool;
            } else if (row.out > 0) {
                std::int64_t const before = paid_from_opening(row);
                take(row.till, before, ends);
                for (std::size_t l = 0; l < width_; ++l) ends[l] /= static_cast<double>(row.out);
                rest *= static_cast<double>(row.out - before) / static_cast<double>(row.out);
            }
            add_times(ends, &received_[k * width_], rest, width_);
            double* const from = &chain_.from[k * chain_.rows];
            for (std::size_t j = 0; j < chain_.rows; ++j) from[j] *= rest;
        }
    }

    /// What came in, all of it by origin, now that the mixes are known.
    void receive_mixes(TillStep const& step) {
        for (TillMove const& move : step.moves) {
            if (move.to == no_till || column_of(move.payment) >= 0) continue;
            std::size_t const to = index_of(row_of_[index_of(move.to)]);
            add_times(&received_[to * width_], mix(move.from), static_cast<double>(move.amount),
                      width_);
        }
    }

    double const* mix(int till) const {
        return &chain_.ends[index_of(row_of_[index_of(till)]) * width_];
    }

    /// Alike, what stays is one lot of the till's mix; else what is left of the step's receipts is
    /// a lot of its own.
    void keep(TillBalance const& row, std::size_t k) {
        if (order_ == TillOrder::alike) {
            put(row.till, row.kept(), &chain_.ends[k * width_], 1);
            return;
        }
        std::int64_t const left = row.in - (row.out - paid_from_opening(row));
        if (left > 0) put(row.till, left, &received_[k * width_], 1 / static_cast<double>(row.in));
    }

    void add_share(std::vector<double>& to, TillMove const& move) const {
        auto const amount = static_cast<double>(move.amount);
        if (int const column = column_of(move.payment); column >= 0)
            to[index_of(column)] += amount;
        else
            add_times(to.data(), mix(move.from), amount, width_);
    }

    void collect(TillStep const& step, MixedMoney& money) const {
        for (TillMove const& move : step.moves) {
            if (move.payment < 0) continue;
            NetworkPayment const& p = set_.payments[index_of(move.payment)];
            auto const amount = static_cast<double>(move.amount);
            if (is_receipt(p, firm_)) {
                money.receipts_total += amount;
                add_share(money.receipts, move);
            }
            if (is_purchase(
                    p,
                    firm_)) { // its own payments end others' chains, not the one through its till
                money.purchases_total += amount;
                add_times(money.purchases.data(), mix(move.from), amount, width_);
            }
        }
    }

    void collect(BoundExchange const& exchange, MixedMoney& money) const {
        NetworkPayment const& p = set_.payments[index_of(exchange.payment)];
        auto const amount = static_cast<double>(exchange.amount);
        if (is_receipt(p, firm_)) { // paid for with what the firm itself gave
            money.receipts_total += amount;
            money.receipts[index_of(column_of(exchange.counter))] += amount;
        }
        if (is_purchase(p, firm_)) { // paid for with what the other side gave
            int const column = column_of(exchange.counter);
            money.purchases_total += amount;
            money.purchases[index_of(
                column >= 0 ? column : static_cast<int>(Origin::own_money_back))] += amount;
        }
    }

    PaymentSet const& set_;
    TillPlan const& plan_;
    MixColumns const& columns_;
    int firm_;
    TillOrder order_;
    std::size_t width_;
    struct Lot {
        std::int64_t amount;
        std::vector<double> mix; ///< sums to one
    };
    std::vector<std::deque<Lot>>
        lots_;                ///< by till, oldest first; one lot where everything leaves alike
    std::vector<int> row_of_; ///< of tills that move in this step
    Chain chain_;
    std::vector<double> received_; ///< rows × columns: amounts
};

} // namespace

MixColumns mix_columns(PaymentSet const& set, bool details) {
    MixColumns columns;
    columns.of_party.assign(set.parties.size(), -1);
    if (!details) return columns;
    columns.own_finance = columns.count++;
    for (NetworkPayment const& p : set.payments) {
        PartyType const type = set.parties[index_of(p.payer)].type;
        bool const detail = (type == PartyType::outside && p.nature == Nature::sale) ||
                            (type == PartyType::firm && p.nature == Nature::finance);
        int& column = columns.of_party[index_of(p.payer)];
        if (detail && column < 0) column = columns.count++;
    }
    return columns;
}

MixedMoney trace_mix(PaymentSet const& set, TillPlan const& plan, MixColumns const& columns,
                     int firm, int first, int last, TillOrder order) {
    return MixTrace(set, plan, columns, firm, order).run(first, last);
}

} // namespace perpetuum
