// The same laws as `residuals` of a whole path, for all lanes of a block at once.

#include "audit.hpp"

#include <perpetuum/lanes.hpp>

#include <algorithm>
#include <map>

namespace perpetuum {

PERPETUUM_CLONES(void, audit_add, double*, double const* const*, int const*, double const*, int,
                 int)
PERPETUUM_CLONES(void, audit_take, double*, double*, int)
PERPETUUM_CLONES(void, audit_purse, double*, double const*, int)

namespace {

std::size_t index(int id) { return static_cast<std::size_t>(id); }

double side_of(AccountClass type) {
    switch (type) {
    case AccountClass::asset:
        return 1;
    case AccountClass::liability:
    case AccountClass::equity:
        return -1;
    default:
        return 0; // closed into what is retained
    }
}

} // namespace

std::vector<CellId> Audit::cells(System const& system) {
    std::vector<CellId> cells;
    if (!system.has_money) return cells;
    for (CellId const cell : system.balances)
        if (cell >= 0) cells.push_back(cell);
    for (SystemPosting const& posting : system.postings)
        if (posting.account == 0) cells.push_back(posting.amount);
    return cells;
}

Audit::Audit(System const& system, int lanes) : system_(system), lanes_(index(lanes)) {
    residual_.assign(lanes_, 0);
    if (!system.has_money) return;
    entities_ = static_cast<int>(system.entities.size());
    sums_ = std::max(entities_, static_cast<int>(system.transactions.size()) + 1);
    sum_.assign(index(sums_) * lanes_, 0);
    last_.assign(index(entities_) * lanes_, 0);
    for (int e = 0; e < entities_; ++e) {
        for (std::size_t a = 0; a < system.accounts.size(); ++a) {
            CellId const cell = system.balance(e, static_cast<int>(a));
            double const side = side_of(system.accounts[a].type);
            if (cell >= 0 && side != 0) balances_.add(cell, e, side);
        }
        all_cash_.push_back(system.balance(e, 0));
        purses_.push_back(system.entities[index(e)].outside ? -1 : system.balance(e, 0));
    }
    // Of one amount both sides of which go to the same sum nothing is left, whatever it is.
    std::map<std::pair<int, CellId>, double> to_entities, to_transactions;
    for (SystemPosting const& posting : system.postings) {
        if (posting.account != 0) continue;
        double const sign = posting.debit ? 1 : -1;
        int const transaction =
            posting.flow < 0 ? -1 : system.flows[index(posting.flow)].transaction;
        to_entities[{posting.entity, posting.amount}] += sign;
        to_transactions[{transaction + 1, posting.amount}] += sign;
    }
    auto const list = [](auto const& sums, Lines& lines) {
        for (auto const& [key, sign] : sums)
            if (sign != 0) lines.add(key.second, key.first, sign);
    };
    list(to_entities, cash_);
    list(to_transactions, rows_);
}

void Audit::Lines::add(CellId cell, int place, double sign) {
    cells.push_back(cell);
    places.push_back(place);
    signs.push_back(sign);
}

/// A block keeps its rows: where they stand at the start, after even steps and after odd ones is
/// found once. Values that are one for all lanes are rare: each gets a row of its own.
void Audit::find(PathBlock const& block, Lines& lines, Rows& found) {
    found.row.resize(lines.cells.size());
    for (std::size_t i = 0; i < lines.cells.size(); ++i) {
        RowView const view = block.view(lines.cells[i]);
        found.row[i] = view.row;
        if (!view.same) continue;
        found.spread.emplace_back(i, view.row);
    }
    found.spreads.assign(found.spread.size() * lanes_, 0.0);
    for (std::size_t k = 0; k < found.spread.size(); ++k)
        found.row[found.spread[k].first] = found.spreads.data() + k * lanes_;
}

void Audit::add(PathBlock const& block, Lines& lines) {
    if (lines.found_in != &block) lines.rows = {};
    lines.found_in = &block;
    Rows& rows = lines.rows[block.step() == 0 ? 2 : index(block.step() & 1)];
    if (rows.row.empty()) find(block, lines, rows);
    for (std::size_t k = 0; k < rows.spread.size(); ++k)
        std::fill_n(rows.spreads.data() + k * lanes_, lanes_, *rows.spread[k].second);
    each_audit_add(sum_.data(), rows.row.data(), lines.places.data(), lines.signs.data(),
                   static_cast<int>(lines.cells.size()), static_cast<int>(lanes_));
}

void Audit::take_sums() {
    for (int s = 0; s < sums_; ++s)
        each_audit_take(residual_.data(), sum_.data() + index(s) * lanes_,
                        static_cast<int>(lanes_));
}

void Audit::look_at_sheets(PathBlock const& block) {
    add(block, balances_);
    take_sums();
    for (CellId const purse : purses_) {
        if (purse < 0) continue;
        RowView const view = block.view(purse);
        if (!view.same)
            each_audit_purse(residual_.data(), view.row, static_cast<int>(lanes_));
        else if (*view.row < 0)
            for (double& residual : residual_) residual -= *view.row;
    }
}

void Audit::begin(PathBlock const& block) {
    std::fill(residual_.begin(), residual_.end(), 0.0);
    if (!system_.has_money) return;
    look_at_sheets(block);
    for (std::size_t e = 0; e < all_cash_.size(); ++e)
        for (std::size_t i = 0; i < lanes_ && all_cash_[e] >= 0; ++i)
            last_[e * lanes_ + i] = block.view(all_cash_[e])[static_cast<int>(i)];
}

void Audit::look(PathBlock const& block) {
    if (!system_.has_money) return;
    look_at_sheets(block);
    add(block, rows_);
    take_sums();
    add(block, cash_);
    for (std::size_t e = 0; e < all_cash_.size(); ++e) {
        if (all_cash_[e] < 0) continue;
        RowView const now = block.view(all_cash_[e]);
        double* const last = last_.data() + e * lanes_;
        double* const sum = sum_.data() + e * lanes_;
        for (std::size_t i = 0; i < lanes_; ++i) {
            double const cash = now[static_cast<int>(i)];
            sum[i] -= cash - last[i];
            last[i] = cash;
        }
    }
    take_sums();
}

} // namespace perpetuum
