// What must be zero, measured from balances and postings as they stand on the path.

#include <perpetuum/ledger.hpp>

#include <algorithm>
#include <cmath>

namespace perpetuum {

namespace {

/// Assets less liabilities less equity of an entity after a step, in coins.
double imbalance(System const& system, Path const& path, int entity, int step) {
    double gap = 0;
    for (std::size_t a = 0; a < system.accounts.size(); ++a) {
        CellId const cell = system.balance(entity, static_cast<int>(a));
        if (cell < 0) continue;
        auto const type = system.accounts[a].type;
        if (type == AccountClass::asset) gap += path.at(cell, step);
        if (type == AccountClass::liability || type == AccountClass::equity)
            gap -= path.at(cell, step);
    }
    return std::abs(gap);
}

/// Per flow: how many postings carry it, and debits less credits of one dollar.
struct Booked {
    int lines = 0, debits_less_credits = 0;
};

std::vector<Booked> bookings_of(System const& system) {
    std::vector<Booked> booked(system.flows.size());
    for (SystemPosting const& posting : system.postings) {
        if (posting.flow < 0) continue;
        Booked& flow = booked[static_cast<std::size_t>(posting.flow)];
        ++flow.lines;
        flow.debits_less_credits += posting.debit ? 1 : -1;
    }
    return booked;
}

/// Largest |column| (an entity's change of cash against its payments) and |row| (a transaction over
/// all), in coins.
double matrix_gap(System const& system, Path const& path, int step) {
    std::vector<double> columns(system.entities.size(), 0), rows(system.transactions.size() + 1, 0);
    for (SystemPosting const& posting : system.postings) {
        if (posting.account != 0) continue;
        double const amount = path.at(posting.amount, step) * (posting.debit ? 1 : -1);
        columns[static_cast<std::size_t>(posting.entity)] += amount;
        int const transaction =
            posting.flow < 0 ? -1
                             : system.flows[static_cast<std::size_t>(posting.flow)].transaction;
        rows[static_cast<std::size_t>(transaction + 1)] += amount;
    }
    double worst = 0;
    for (std::size_t e = 0; e < columns.size(); ++e) {
        CellId const cash = system.balance(static_cast<int>(e), 0);
        double const change = cash < 0 ? 0 : path.at(cash, step) - path.at(cash, step - 1);
        worst = std::max(worst, std::abs(change - columns[e]));
    }
    for (double const row : rows) worst = std::max(worst, std::abs(row));
    return worst;
}

} // namespace

Residuals residuals(System const& system, Path const& path) {
    Residuals result;
    if (!system.has_money) return result;
    auto const booked = bookings_of(system);
    for (int step = 0; step <= path.steps; ++step) {
        for (std::size_t e = 0; e < system.entities.size(); ++e) {
            auto const entity = static_cast<int>(e);
            result.balance =
                std::max(result.balance, imbalance(system, path, entity, step) * system.coin);
            CellId const cash = system.balance(entity, 0);
            if (cash >= 0 && !system.entities[e].outside)
                result.cash_negative = std::max(result.cash_negative,
                                                -std::min(0.0, path.at(cash, step)) * system.coin);
        }
        if (step == 0) continue;
        for (std::size_t f = 0; f < system.flows.size(); ++f) {
            double const amount = path.at(system.flows[f].paid, step);
            if (amount == 0) continue;
            ++result.payments;
            result.postings_seen += booked[f].lines;
            bool const whole = amount > 0 && amount == std::floor(amount);
            if (booked[f].lines != 4 || booked[f].debits_less_credits != 0 || !whole)
                result.postings += 1;
        }
        result.matrix = std::max(result.matrix, matrix_gap(system, path, step) * system.coin);
    }
    return result;
}

std::string step_label(System const& system, int step) {
    Date const end{system.start.months + step * system.step_months};
    if (system.step_months == 3) return print_quarter(end);
    Period const period{{end.months - system.step_months}, end};
    return print_period(period);
}

std::pair<int, int> steps_of(System const& system, Period period) {
    int const first =
        static_cast<int>(
            std::ceil((period.begin.months - system.start.months) / system.step_months - 1e-6)) +
        1;
    int const last = static_cast<int>(
        std::floor((period.end.months - system.start.months) / system.step_months + 1e-6));
    return {std::max(1, first), std::min(last, system.steps)};
}

} // namespace perpetuum
