#include "debt_tables.hpp"

#include <perpetuum/base.hpp>
#include <perpetuum/network.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

namespace perpetuum {

namespace {

constexpr std::size_t largest_table = 64'000'000;
constexpr std::size_t most_cells_of_scenarios = 50'000'000;
constexpr int most_table_errors = 100;

/// A table with the columns that a command knows.
struct KnownTable {
    CsvTable table;
    std::vector<std::optional<std::size_t>> columns; ///< in the order asked for

    CsvCell const* cell(std::vector<CsvCell> const& row, std::size_t column) const {
        auto const place = columns[column];
        if (!place || *place >= row.size()) return nullptr;
        return trimmed_cell(row[*place].text).empty() ? nullptr : &row[*place];
    }
};

std::optional<CsvTable> read_table(std::string const& path, Diagnostics& diagnostics) {
    std::string content, problem;
    if (!read_text_file(path, content, problem, largest_table)) {
        diagnostics.error({}, problem);
        return std::nullopt;
    }
    return parse_csv_table(path, std::move(content), 0, diagnostics);
}

/// The first `needed` of the columns must be there; one without a name is none of the table.
std::optional<KnownTable> read_known(std::string const& path, std::vector<std::string> const& names,
                                     std::size_t needed, Diagnostics& diagnostics) {
    auto table = read_table(path, diagnostics);
    if (!table || diagnostics.failed()) return std::nullopt;
    KnownTable known;
    std::vector<bool> used(table->head.size(), false);
    for (std::size_t c = 0; c < names.size(); ++c) {
        known.columns.push_back(names[c].empty() ? std::nullopt : table->column(names[c]));
        if (known.columns.back())
            used[*known.columns.back()] = true;
        else if (c < needed && !table->head.empty())
            diagnostics.error(table->head.front().where,
                              "the first line names no column '" + names[c] + "'");
    }
    for (std::size_t c = 0; c < used.size(); ++c)
        if (!used[c])
            diagnostics.warning(table->head[c].where,
                                "column " + quoted(table->head[c].text) + " plays no part");
    known.table = std::move(*table);
    if (diagnostics.failed()) return std::nullopt;
    return known;
}

std::optional<double> number_in(CsvCell const& cell, double most, char const* what,
                                Diagnostics& diagnostics) {
    std::string_view text = trimmed_cell(cell.text);
    double scale = 1, value = 0;
    if (text.ends_with('%') && most == 1) {
        text.remove_suffix(1);
        scale = 0.01;
    }
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    value *= scale;
    if (error == std::errc() && end == text.data() + text.size() && value >= 0 && value <= most)
        return value;
    diagnostics.error(cell.where, quoted(cell.text) + " is no " + what,
                      most == 1      ? "a number from 0 to 1, or a percentage"
                      : most == 1000 ? "a whole number from 1 to 1000"
                                     : "a number from 0 to 1e300, with a point and without blanks "
                                       "or commas");
    return std::nullopt;
}

/// A number where there is one; `otherwise` where the cell is empty or there is no such column.
double number_or(KnownTable const& table, std::vector<CsvCell> const& row, std::size_t column,
                 double otherwise, double most, char const* what, Diagnostics& diagnostics) {
    CsvCell const* const cell = table.cell(row, column);
    if (!cell) return otherwise;
    return number_in(*cell, most, what, diagnostics).value_or(otherwise);
}

/// The cell that must be there.
CsvCell const* needed_cell(KnownTable const& table, std::vector<CsvCell> const& row,
                           std::size_t column, char const* name, Diagnostics& diagnostics) {
    CsvCell const* const cell = table.cell(row, column);
    if (!cell) diagnostics.error(row.back().where, std::string("this line has no ") + name);
    return cell;
}

int firm_in(CsvCell const& cell, FirmNames const& firms, Diagnostics& diagnostics) {
    auto const found = firms.numbers.find(trimmed_cell(cell.text));
    if (found != firms.numbers.end()) return found->second;
    std::string hint = "firms.csv must have a line for each firm";
    if (firms.names.size() <= 10'000)
        if (auto const near = nearest(trimmed_cell(cell.text), firms.names))
            hint = "did you mean " + quoted(*near) + "?";
    diagnostics.error(cell.where, "no firm is called " + quoted(cell.text), hint);
    return -2;
}

bool enough(Diagnostics const& diagnostics) { return diagnostics.errors() >= most_table_errors; }

/// What firms lent and borrowed, where the debts are not known one by one.
struct DebtSums {
    std::vector<double> lent, borrowed;
    std::vector<Span> where; ///< firm: its line
};

bool read_firms(std::string const& path, NetworkOptions const& options,
                std::vector<std::string> const& unread, DebtTables& tables, DebtSums& sums,
                Diagnostics& diagnostics) {
    std::vector<std::string> columns = {"name", "cash",  "outside_debt", "alpha",
                                        "beta", "shock", "lent",         "borrowed"};
    for (std::string& column : columns)
        if (std::find(unread.begin(), unread.end(), column) != unread.end()) column.clear();
    auto const table = read_known(path, columns, 2, diagnostics);
    if (!table) return false;
    DebtNetwork& network = tables.network;
    bool const costs =
        options.alpha >= 0 || options.beta >= 0 || table->columns[3] || table->columns[4];
    for (auto const& row : table->table.rows) {
        if (enough(diagnostics)) break;
        CsvCell const* const name = needed_cell(*table, row, 0, "name", diagnostics);
        CsvCell const* const cash = needed_cell(*table, row, 1, "cash", diagnostics);
        if (!name || !cash) continue;
        std::string const text(trimmed_cell(name->text));
        if (text == "outside" || text.size() > 200) {
            diagnostics.error(name->where, text.size() > 200 ? "a name of more than 200 bytes"
                                                             : "no firm may be called 'outside'");
            continue;
        }
        if (!tables.firms.numbers.emplace(text, network.firms).second) {
            diagnostics.error(name->where, "a second firm called " + quoted(text));
            continue;
        }
        tables.firms.names.push_back(text);
        double const has = number_in(*cash, 1e300, "amount", diagnostics).value_or(0);
        double const owes = number_or(*table, row, 2, 0, 1e300, "amount", diagnostics);
        double const lost = number_or(*table, row, 5, 0, 1, "share", diagnostics);
        sums.lent.push_back(number_or(*table, row, 6, 0, 1e300, "amount", diagnostics));
        sums.borrowed.push_back(number_or(*table, row, 7, 0, 1e300, "amount", diagnostics));
        sums.where.push_back(name->where);
        network.cash.push_back(has);
        tables.lost.push_back(lost);
        tables.cash.push_back(has * (1 - lost));
        if (costs) {
            network.kept_cash.push_back(number_or(
                *table, row, 3, options.alpha >= 0 ? options.alpha : 1, 1, "share", diagnostics));
            network.kept_income.push_back(number_or(
                *table, row, 4, options.beta >= 0 ? options.beta : 1, 1, "share", diagnostics));
        }
        if (owes > 0) network.debts.push_back({network.firms, DebtNetwork::outside, owes});
        ++network.firms;
    }
    return !diagnostics.failed();
}

struct DebtRow {
    int from = -2, to = -2;
    double amount = 0;
    int rank = 1;
};

std::optional<DebtRow> debt_in(KnownTable const& table, std::vector<CsvCell> const& row,
                               FirmNames const& firms, Diagnostics& diagnostics) {
    CsvCell const* const from = needed_cell(table, row, 0, "debtor", diagnostics);
    CsvCell const* const to = needed_cell(table, row, 1, "creditor", diagnostics);
    CsvCell const* const amount = needed_cell(table, row, 2, "amount", diagnostics);
    if (!from || !to || !amount) return std::nullopt;
    DebtRow debt;
    debt.from = firm_in(*from, firms, diagnostics);
    bool const outside = trimmed_cell(to->text) == "outside";
    debt.to = outside ? DebtNetwork::outside : firm_in(*to, firms, diagnostics);
    auto const owed = number_in(*amount, 1e300, "amount", diagnostics);
    if (!owed || debt.from < 0 || debt.to < -1) return std::nullopt;
    if (debt.from == debt.to) {
        diagnostics.error(to->where, quoted(to->text) + " owes itself");
        return std::nullopt;
    }
    debt.amount = *owed;
    double const rank = number_or(table, row, 3, 1, 1000, "rank", diagnostics);
    if (rank < 1 || rank != std::floor(rank)) {
        diagnostics.error(table.cell(row, 3)->where, "a rank is a whole number from 1 to 1000",
                          "1 is served first");
        return std::nullopt;
    }
    debt.rank = static_cast<int>(rank);
    return debt;
}

bool read_debts(std::string const& path, DebtTables& tables, Diagnostics& diagnostics) {
    auto const table =
        read_known(path, {"from", "to", "amount", "rank", "guarantor", "cover"}, 3, diagnostics);
    if (!table) return false;
    DebtNetwork& network = tables.network;
    bool const ranks = table->columns[3].has_value();
    if (ranks) network.ranks.assign(network.debts.size(), 1);
    for (auto const& row : table->table.rows) {
        if (enough(diagnostics)) break;
        auto const debt = debt_in(*table, row, tables.firms, diagnostics);
        if (!debt) continue;
        if (CsvCell const* const cell = table->cell(row, 4)) {
            int const guarantor = firm_in(*cell, tables.firms, diagnostics);
            if (guarantor == debt->from || guarantor == debt->to)
                diagnostics.error(cell->where,
                                  "a guarantor is neither the debtor nor the creditor");
            double const cover =
                number_or(*table, row, 5, debt->amount, 1e300, "amount", diagnostics);
            network.guarantees.push_back({guarantor, network.debts.size(), cover, debt->rank});
        }
        network.debts.push_back({debt->from, debt->to, debt->amount});
        if (ranks) network.ranks.push_back(debt->rank);
    }
    return !diagnostics.failed();
}

/// Whether there are debts with these sums; if not, why, at the line of the file.
bool sums_fit(DebtSums const& sums, FirmNames const& firms, Diagnostics& diagnostics) {
    std::string const hint =
        "without a file of debts, the columns lent and borrowed say what each firm lent to and "
        "borrowed from the others";
    double lent = 0, borrowed = 0;
    for (std::size_t i = 0; i < sums.lent.size(); ++i) {
        lent += sums.lent[i];
        borrowed += sums.borrowed[i];
    }
    double const rounding = 1e-9 * std::max(lent, borrowed);
    if (std::fabs(lent - borrowed) > rounding) {
        diagnostics.error(sums.where.back(),
                          fmt::format("all have lent {:.10g} and borrowed {:.10g}: as much must be "
                                      "borrowed as lent",
                                      lent, borrowed),
                          hint);
        return false;
    }
    for (std::size_t i = 0; i < sums.lent.size(); ++i)
        if (sums.lent[i] > lent - sums.borrowed[i] + rounding)
            diagnostics.error(sums.where[i],
                              fmt::format("{} lent {:.10g}, and all others borrowed {:.10g}",
                                          quoted(firms.names[i]), sums.lent[i],
                                          lent - sums.borrowed[i]),
                              hint);
    return !diagnostics.failed();
}

} // namespace

bool read_debt_tables(std::vector<std::string> const& files, NetworkOptions const& options,
                      DebtTables& tables, Diagnostics& diagnostics,
                      std::vector<std::string> const& unread) {
    DebtSums sums;
    std::vector<std::string> idle = unread;
    if (files.size() > 1) idle.insert(idle.end(), {"lent", "borrowed"});
    if (!read_firms(files[0], options, idle, tables, sums, diagnostics)) return false;
    if (files.size() > 1) return read_debts(files[1], tables, diagnostics);
    auto const none = [](double sum) { return sum == 0; };
    if (std::all_of(sums.lent.begin(), sums.lent.end(), none) &&
        std::all_of(sums.borrowed.begin(), sums.borrowed.end(), none)) {
        diagnostics.error({}, "there is neither a file of debts nor a column 'lent' in " + files[0],
                          "name the file of debts (from, to, amount) after it");
        return false;
    }
    if (!sums_fit(sums, tables.firms, diagnostics)) return false;
    try {
        for (auto const& debt : spread_debts(sums.lent, sums.borrowed))
            tables.network.debts.push_back(debt);
    } catch (BadInput const& bad) {
        diagnostics.error({}, files[0] + ": " + bad.what);
        return false;
    }
    return true;
}

bool read_holdings(std::string const& file, DebtTables& tables, Diagnostics& diagnostics) {
    auto const table = read_known(file, {"owner", "firm", "share"}, 3, diagnostics);
    if (!table) return false;
    for (auto const& row : table->table.rows) {
        if (enough(diagnostics)) break;
        CsvCell const* const owner = needed_cell(*table, row, 0, "owner", diagnostics);
        CsvCell const* const firm = needed_cell(*table, row, 1, "firm", diagnostics);
        CsvCell const* const share = needed_cell(*table, row, 2, "share", diagnostics);
        if (!owner || !firm || !share) continue;
        int const by = firm_in(*owner, tables.firms, diagnostics);
        int const of = firm_in(*firm, tables.firms, diagnostics);
        if (by >= 0 && by == of)
            diagnostics.error(owner->where, quoted(owner->text) + " holds itself");
        if (auto const part = number_in(*share, 1, "share", diagnostics))
            tables.network.holdings.push_back({by, of, *part});
    }
    return !diagnostics.failed();
}

bool read_scenarios(std::string const& file, DebtTables const& tables,
                    std::vector<std::string>& names, ClearingScenarios& scenarios,
                    Diagnostics& diagnostics) {
    auto const table = read_table(file, diagnostics);
    if (!table || diagnostics.failed() || table->head.empty()) return false;
    if (trimmed_cell(table->head[0].text) != "scenario") {
        diagnostics.error(table->head[0].where, "the first column must be 'scenario'");
        return false;
    }
    std::vector<int> firm{-2};
    for (std::size_t c = 1; c < table->head.size(); ++c)
        firm.push_back(firm_in(table->head[c], tables.firms, diagnostics));
    if (table->rows.size() * tables.cash.size() > most_cells_of_scenarios)
        diagnostics.error({}, "scenarios times firms are more than 50 million", "split the file");
    if (diagnostics.failed()) return false;
    scenarios.count = table->rows.size();
    for (auto const& row : table->rows) {
        names.emplace_back(trimmed_cell(row[0].text));
        std::size_t const first = scenarios.cash.size();
        scenarios.cash.insert(scenarios.cash.end(), tables.cash.begin(), tables.cash.end());
        for (std::size_t c = 1; c < row.size() && !enough(diagnostics); ++c) {
            if (c >= firm.size())
                diagnostics.error(row[c].where, "more cells than columns");
            else if (!trimmed_cell(row[c].text).empty())
                scenarios.cash[first + static_cast<std::size_t>(firm[c])] =
                    number_in(row[c], 1e300, "amount", diagnostics).value_or(0);
        }
    }
    return !diagnostics.failed();
}

bool read_assets(std::string const& assets, std::string const& holdings, DebtTables const& tables,
                 AssetTables& found, Diagnostics& diagnostics) {
    auto const table = read_known(assets, {"asset", "impact", "shock"}, 2, diagnostics);
    if (!table) return false;
    FirmNames numbers;
    for (auto const& row : table->table.rows) {
        CsvCell const* const name = needed_cell(*table, row, 0, "name", diagnostics);
        if (!name || enough(diagnostics)) continue;
        std::string const text(trimmed_cell(name->text));
        if (!numbers.numbers.emplace(text, found.holdings.assets++).second)
            diagnostics.error(name->where, "a second asset called " + quoted(text));
        numbers.names.push_back(text);
        found.holdings.impact.push_back(number_or(*table, row, 1, 0, 1e300, "amount", diagnostics));
        found.shock.push_back(number_or(*table, row, 2, 0, 1, "share", diagnostics));
    }
    auto const held = read_known(holdings, {"firm", "asset", "amount"}, 3, diagnostics);
    if (!held) return false;
    found.holdings.firms = tables.network.firms;
    for (auto const& row : held->table.rows) {
        if (enough(diagnostics)) break;
        CsvCell const* const firm = needed_cell(*held, row, 0, "firm", diagnostics);
        CsvCell const* const asset = needed_cell(*held, row, 1, "asset", diagnostics);
        CsvCell const* const amount = needed_cell(*held, row, 2, "amount", diagnostics);
        if (!firm || !asset || !amount) continue;
        auto const number = numbers.numbers.find(trimmed_cell(asset->text));
        if (number == numbers.numbers.end())
            diagnostics.error(asset->where, "no asset is called " + quoted(asset->text));
        else
            found.holdings.holdings.push_back(
                {firm_in(*firm, tables.firms, diagnostics), number->second,
                 number_in(*amount, 1e300, "amount", diagnostics).value_or(0)});
    }
    found.names = numbers.names;
    return !diagnostics.failed();
}

std::string parse_shock(std::string const& text, FirmNames const& firms, int& firm, double& share) {
    auto const sign = text.rfind('=');
    std::string const name = text.substr(0, sign);
    auto const found = firms.numbers.find(name);
    if (found == firms.numbers.end()) return "no firm is called " + quoted(name);
    firm = found->second;
    share = 1;
    if (sign == std::string::npos) return "";
    std::string_view figure = std::string_view(text).substr(sign + 1);
    std::string const said(figure);
    double const scale = figure.ends_with('%') ? 0.01 : 1;
    if (scale < 1) figure.remove_suffix(1);
    auto const [end, error] = std::from_chars(figure.data(), figure.data() + figure.size(), share);
    share *= scale;
    bool const whole = error == std::errc() && end == figure.data() + figure.size();
    return whole && share >= 0 && share <= 1
               ? ""
               : quoted(said) + " is no share from 0 to 1, and no percentage";
}

} // namespace perpetuum
