// Matrices of a run with money, read off balances and postings: the two that the literature on
// stock-flow consistency writes by hand (Godley and Lavoie 2007, chapters 2 and 3).

#include <perpetuum/ledger.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace perpetuum {

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

AccountClass class_of(System const& system, int account) {
    return system.accounts[static_cast<std::size_t>(account)].type;
}

bool is_current(System const& system, int account) {
    auto const type = class_of(system, account);
    return type == AccountClass::income || type == AccountClass::expense;
}

/// Whose column an entity stands in.
struct Grouping {
    std::vector<std::string> names;
    std::vector<int> of_entity;
};
Grouping grouping_of(System const& system, MatrixBy by) {
    Grouping grouping;
    for (SystemEntity const& entity : system.entities) {
        std::string const name = by == MatrixBy::entity                       ? entity.id
                                 : entity.outside && entity.kind == "outside" ? "outside"
                                                                              : entity.kind;
        auto const found = std::find(grouping.names.begin(), grouping.names.end(), name);
        grouping.of_entity.push_back(static_cast<int>(found - grouping.names.begin()));
        if (found == grouping.names.end()) grouping.names.push_back(name);
    }
    return grouping;
}

/// Rows by name as they come, in whole coins until the end: sums of these are exact.
class MatrixBuilder {
  public:
    MatrixBuilder(std::string title, std::vector<std::string> columns) {
        matrix_.title = std::move(title);
        matrix_.columns = std::move(columns);
    }
    void add(std::string const& row, int column, double coins) {
        auto const [known, fresh] = numbers_.emplace(row, static_cast<int>(matrix_.rows.size()));
        if (fresh) {
            matrix_.rows.push_back(row);
            matrix_.row_targets.push_back(0);
            matrix_.cells.resize(matrix_.cells.size() + matrix_.columns.size(), 0);
            matrix_.written.resize(matrix_.cells.size(), false);
        }
        auto const at = static_cast<std::size_t>(known->second) * matrix_.columns.size() +
                        static_cast<std::size_t>(column);
        matrix_.cells[at] += coins;
        matrix_.written[at] = true;
    }
    void aim(std::string const& row, double target) {
        auto const known = numbers_.find(row);
        if (known != numbers_.end())
            matrix_.row_targets[static_cast<std::size_t>(known->second)] = target;
    }
    double sum_of_column(std::size_t column) const { return matrix_.column_sum(column); }
    /// Without the columns in which nothing was ever booked.
    Matrix finish(double coin) {
        Matrix kept;
        kept.title = matrix_.title;
        kept.rows = matrix_.rows;
        kept.row_targets = matrix_.row_targets;
        kept.unit = coin;
        std::vector<std::size_t> columns;
        for (std::size_t c = 0; c < matrix_.columns.size(); ++c) {
            bool any = false;
            for (std::size_t r = 0; r < matrix_.rows.size(); ++r)
                any = any || matrix_.written[r * matrix_.columns.size() + c];
            if (any) columns.push_back(c);
        }
        for (std::size_t const c : columns) kept.columns.push_back(matrix_.columns[c]);
        for (std::size_t r = 0; r < matrix_.rows.size(); ++r)
            for (std::size_t const c : columns) {
                kept.cells.push_back(matrix_.cells[r * matrix_.columns.size() + c]);
                kept.written.push_back(matrix_.written[r * matrix_.columns.size() + c]);
            }
        return kept;
    }

  private:
    Matrix matrix_;
    std::map<std::string, int> numbers_;
};

/// What a line of a booking puts in its own row: the cash side goes to the change of cash.
std::string row_of_posting(System const& system, SystemPosting const& posting,
                           SystemPosting const& other) {
    if (posting.flow < 0) {
        // An entity's own booking: named by both accounts, the current one first.
        auto const& a = system.accounts[static_cast<std::size_t>(posting.account)].name;
        auto const& b = system.accounts[static_cast<std::size_t>(other.account)].name;
        bool const first = is_current(system, posting.account) ||
                           (!is_current(system, other.account) && posting.debit);
        return first ? a + " / " + b : b + " / " + a;
    }
    SystemFlow const& flow = system.flows[static_cast<std::size_t>(posting.flow)];
    std::string const name =
        flow.transaction >= 0 ? system.transactions[static_cast<std::size_t>(flow.transaction)].name
                              : flow.name;
    // Of an exchange, what is given for it: the payer's credit and the payee's debit.
    bool const back = posting.debit == (posting.entity == flow.payee);
    return back ? name + ", given for it" : name;
}

/// The other line of the same entity in the same booking: they come in pairs, or in fours.
SystemPosting const& partner_of(System const& system, std::size_t number) {
    SystemPosting const& posting = system.postings[number];
    auto const matches = [&](SystemPosting const& other) {
        return other.amount == posting.amount && other.entity == posting.entity &&
               other.flow == posting.flow && other.debit != posting.debit;
    };
    for (std::size_t near = 1; near <= 3; ++near) {
        if (number + near < system.postings.size() && matches(system.postings[number + near]))
            return system.postings[number + near];
        if (number >= near && matches(system.postings[number - near]))
            return system.postings[number - near];
    }
    return posting;
}

} // namespace

double Matrix::row_sum(std::size_t row) const {
    double sum = 0;
    for (std::size_t c = 0; c < columns.size(); ++c)
        if (written[row * columns.size() + c]) sum += cells[row * columns.size() + c];
    return sum * unit;
}

double Matrix::column_sum(std::size_t column) const {
    double sum = 0;
    for (std::size_t r = 0; r < rows.size(); ++r)
        if (written[r * columns.size() + column]) sum += cells[r * columns.size() + column];
    return sum * unit;
}

double Matrix::largest() const {
    double size = 0;
    for (std::size_t i = 0; i < cells.size(); ++i)
        if (written[i] && std::isfinite(cells[i])) size = std::max(size, std::fabs(cells[i]));
    return size * unit;
}

Matrix balance_sheet_matrix(System const& system, Path const& path, int step, MatrixBy by) {
    auto const grouping = grouping_of(system, by);
    MatrixBuilder builder("balance sheet", grouping.names);
    for (AccountClass const type :
         {AccountClass::asset, AccountClass::liability, AccountClass::equity})
        for (std::size_t a = 0; a < system.accounts.size(); ++a) {
            if (system.accounts[a].type != type) continue;
            auto const& name = system.accounts[a].name;
            for (std::size_t e = 0; e < system.entities.size(); ++e) {
                CellId const cell = system.balance(static_cast<int>(e), static_cast<int>(a));
                if (cell < 0 || path.at(cell, step) == 0) continue;
                double const sign = type == AccountClass::asset ? 1 : -1;
                builder.add(name, grouping.of_entity[e], sign * path.at(cell, step));
                builder.aim(name, not_a_number);
            }
        }
    return builder.finish(system.coin);
}

Matrix transaction_flow_matrix(System const& system, Path const& path, int first, int last,
                               MatrixBy by) {
    auto const grouping = grouping_of(system, by);
    std::vector<std::string> columns;
    for (auto const& name : grouping.names)
        for (char const* side : {" current", " capital"}) columns.push_back(name + side);
    MatrixBuilder builder("transaction flows", columns);
    for (std::size_t p = 0; p < system.postings.size(); ++p) {
        SystemPosting const& posting = system.postings[p];
        if (posting.account == 0) continue; // as the balances say, below
        double coins = 0;
        for (int step = first; step <= last; ++step) coins += path.at(posting.amount, step);
        if (coins == 0) continue;
        int const column = 2 * grouping.of_entity[static_cast<std::size_t>(posting.entity)] +
                           (is_current(system, posting.account) ? 0 : 1);
        builder.add(row_of_posting(system, posting, partner_of(system, p)), column,
                    posting.debit ? -coins : coins);
    }
    for (std::size_t e = 0; e < system.entities.size(); ++e) {
        CellId const cash = system.balance(static_cast<int>(e), 0);
        if (cash < 0) continue;
        double const change = path.at(cash, last) - path.at(cash, first - 1);
        if (change != 0) builder.add("change in cash", 2 * grouping.of_entity[e] + 1, -change);
    }
    for (std::size_t c = 0; c < columns.size(); c += 2) {
        double const saved = builder.sum_of_column(c);
        if (saved == 0) continue;
        builder.add("saving", static_cast<int>(c), -saved);
        builder.add("saving", static_cast<int>(c) + 1, saved);
    }
    return builder.finish(system.coin);
}

WorstSum worst_sum(Matrix const& matrix, int step) {
    WorstSum worst;
    worst.size = matrix.largest();
    worst.step = step;
    auto const look = [&](double gap, std::string const& where) {
        if (!std::isfinite(gap) || std::fabs(gap) <= std::fabs(worst.gap)) return;
        worst.gap = gap;
        worst.where = where;
    };
    for (std::size_t r = 0; r < matrix.rows.size(); ++r)
        look(matrix.row_sum(r) - matrix.row_targets[r], "row '" + matrix.rows[r] + "'");
    for (std::size_t c = 0; c < matrix.columns.size(); ++c)
        look(matrix.column_sum(c), "column '" + matrix.columns[c] + "'");
    return worst;
}

} // namespace perpetuum
