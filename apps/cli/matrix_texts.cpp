#include "matrix_texts.hpp"

#include "csv_field.hpp"
#include "tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace perpetuum {

namespace {

std::string number_text(double value, bool in_money) {
    if (std::isnan(value)) return "?";
    if (in_money) return value < 0 ? "-" + print_amount(-value) : print_amount(value);
    return fmt::format("{:.6g}", value);
}

/// A sum as it was measured: what is 0 is 0, what is only nearly so shows it.
std::string sum_text(Matrix const& matrix, double sum, bool in_money) {
    if (sum == 0) return "0";
    if (std::isnan(sum)) return "?";
    if (std::fabs(sum) >= 1e-6 * matrix.largest()) return number_text(sum, in_money);
    return fmt::format("{:.2g}", sum);
}

/// Of a textbook's numbers, rounding is not a sum: 1e-15 of 100 is 0.
double shown_sum(Matrix const& matrix, double sum) {
    return std::fabs(sum) <= 1e-12 * matrix.largest() ? 0 : sum;
}

std::string escaped_latex(std::string const& text) {
    std::string result;
    for (char const c : text) {
        if (std::string_view("&%$#_{}").find(c) != std::string_view::npos) {
            result += std::string("\\") + c;
        } else if (c == '\\') {
            result += "\\textbackslash{}";
        } else if (c == '~' || c == '^') {
            result += std::string("\\") + c + "{}";
        } else {
            result += c;
        }
    }
    return result;
}

struct LatexScale {
    double divisor;
    char const* name;
};
LatexScale scale_of(MeasuredMatrix const& measured) {
    double const size = measured.matrix.largest();
    if (!measured.in_money) return {1, ""};
    if (size >= 1e10) return {1e9, "billion USD"};
    if (size >= 1e7) return {1e6, "million USD"};
    return {1, "USD"};
}

std::string latex_number(double value, double divisor, bool in_money) {
    if (std::isnan(value)) return "?";
    std::string const digits =
        in_money ? fmt::format("{:.1f}", value / divisor) : fmt::format("{:.4g}", value / divisor);
    auto const exponent = digits.find('e');
    std::string const body = exponent == std::string::npos
                                 ? digits
                                 : digits.substr(0, exponent) + " \\cdot 10^{" +
                                       std::to_string(std::stoi(digits.substr(exponent + 1))) + "}";
    return "$" + body + "$";
}

bool has_targets(Matrix const& matrix) {
    for (double const target : matrix.row_targets)
        if (target != 0) return true;
    return false;
}

} // namespace

namespace {

constexpr std::size_t widest_table = 118;

/// Columns [first, last) as a table; the sums of rows stand behind the last ones.
std::string table_of_columns(MeasuredMatrix const& measured, std::size_t first, std::size_t last) {
    Matrix const& matrix = measured.matrix;
    bool const sums = last == matrix.columns.size();
    bool const targets = sums && !measured.in_money && has_targets(matrix);
    TextTable table{{""}, "l", {}};
    auto const add_column = [&](std::string const& name) {
        table.head.push_back(name);
        table.align += 'r';
    };
    for (std::size_t c = first; c < last; ++c) add_column(matrix.columns[c]);
    if (sums) add_column("sum");
    if (targets) add_column("should be");
    for (std::size_t r = 0; r < matrix.rows.size(); ++r) {
        std::vector<std::string> row{matrix.rows[r]};
        for (std::size_t c = first; c < last; ++c)
            row.push_back(matrix.written[r * matrix.columns.size() + c]
                              ? number_text(matrix.cell(r, c), measured.in_money)
                              : "");
        if (sums)
            row.push_back(
                sum_text(matrix, shown_sum(matrix, matrix.row_sum(r)), measured.in_money));
        if (targets) row.push_back(number_text(matrix.row_targets[r], false));
        table.rows.push_back(std::move(row));
    }
    std::vector<std::string> bottom{"sum"};
    for (std::size_t c = first; c < last; ++c)
        bottom.push_back(
            sum_text(matrix, shown_sum(matrix, matrix.column_sum(c)), measured.in_money));
    bottom.resize(table.head.size());
    table.rows.push_back(std::move(bottom));
    return print_table(table);
}

/// How many columns from `first` on stand side by side; a sector's two sides stay together.
std::size_t end_of_part(Matrix const& matrix, std::size_t first) {
    std::size_t width = 4;
    for (auto const& row : matrix.rows) width = std::max(width, row.size() + 2);
    std::size_t last = first;
    while (last < matrix.columns.size()) {
        width += std::max<std::size_t>(matrix.columns[last].size(), 7) + 2;
        if (width > widest_table && last > first) break;
        ++last;
    }
    bool const torn = last < matrix.columns.size() && last > first + 1 &&
                      matrix.columns[last - 1].ends_with(" current");
    return torn ? last - 1 : last;
}

} // namespace

std::string print_matrix(MeasuredMatrix const& measured) {
    Matrix const& matrix = measured.matrix;
    std::string text = fmt::format("{}, {}{}\n", printable(matrix.title), measured.when,
                                   measured.in_money ? "; USD" : "");
    for (std::size_t first = 0, last = 0; first < matrix.columns.size(); first = last) {
        last = end_of_part(matrix, first);
        text += (first > 0 ? "\n" : "") + table_of_columns(measured, first, last);
    }
    if (measured.unknown > 0)
        text += fmt::format("  {} not known here\n", count_of(measured.unknown, "cell"));
    if (measured.steps == 0) return text;
    if (measured.worst.where.empty())
        return text + fmt::format("  every sum is exactly what it should be in each of {}\n",
                                  count_of(static_cast<std::size_t>(measured.steps), "step"));
    return text + fmt::format("  the worst sum of {}: {:.2g} from what it should be ({:.1e} of the "
                              "largest cell), {}, {}\n",
                              count_of(static_cast<std::size_t>(measured.steps), "step"),
                              measured.worst.gap, std::fabs(measured.worst.relative()),
                              printable(measured.worst.where), measured.worst_when);
}

namespace {

/// Whether a row is longer than a page of A4 is wide, or high: about so many signs of 10 pt.
bool needs_shrinking(Matrix const& matrix, bool sideways) {
    std::size_t longest = 0, signs = 8;
    for (auto const& row : matrix.rows) longest = std::max(longest, row.size());
    for (auto const& column : matrix.columns) signs += std::max<std::size_t>(column.size(), 8) + 3;
    return signs + longest > (sideways ? 120 : 75);
}

} // namespace

std::string matrix_as_latex(MeasuredMatrix const& measured) {
    Matrix const& matrix = measured.matrix;
    auto const scale = scale_of(measured);
    bool const wide = matrix.columns.size() > 6;
    std::string const environment = wide ? "sidewaystable" : "table";
    bool const shrunk = needs_shrinking(matrix, wide);
    std::string text = "% \\usepackage{booktabs}";
    text += wide ? " \\usepackage{rotating}\n" : shrunk ? " \\usepackage{graphicx}\n" : "\n";
    text += "\\begin{" + environment + "}\n  \\centering\n  \\caption{" +
            escaped_latex(matrix.title + ", " + measured.when) +
            (scale.name[0] == 0 ? "" : std::string(" (") + scale.name + ")") + "}\n";

    if (shrunk) text += "  \\resizebox{\\linewidth}{!}{%\n";
    text += "  \\begin{tabular}{l" + std::string(matrix.columns.size() + 1, 'r') + "}\n";
    text += "    \\toprule\n   ";
    for (auto const& column : matrix.columns) text += " & " + escaped_latex(column);
    text += " & $\\Sigma$ \\\\\n    \\midrule\n";
    for (std::size_t r = 0; r < matrix.rows.size(); ++r) {
        text += "    " + escaped_latex(matrix.rows[r]);
        for (std::size_t c = 0; c < matrix.columns.size(); ++c)
            text += matrix.written[r * matrix.columns.size() + c]
                        ? " & " + latex_number(matrix.cell(r, c), scale.divisor, measured.in_money)
                        : " &";
        text +=
            " & " +
            latex_number(shown_sum(matrix, matrix.row_sum(r)), scale.divisor, measured.in_money) +
            " \\\\\n";
    }
    text += "    \\midrule\n    $\\Sigma$";
    for (std::size_t c = 0; c < matrix.columns.size(); ++c)
        text += " & " + latex_number(shown_sum(matrix, matrix.column_sum(c)), scale.divisor,
                                     measured.in_money);
    text += " & \\\\\n    \\bottomrule\n  \\end{tabular}";
    text += std::string(shrunk ? "}" : "") + "\n\\end{" + environment + "}\n";
    return text;
}

std::string matrices_as_csv(std::vector<MeasuredMatrix> const& matrices) {
    std::string text = "matrix,row,column,value\n";
    for (MeasuredMatrix const& measured : matrices) {
        Matrix const& matrix = measured.matrix;
        for (std::size_t r = 0; r < matrix.rows.size(); ++r)
            for (std::size_t c = 0; c < matrix.columns.size(); ++c)
                if (matrix.written[r * matrix.columns.size() + c])
                    text += fmt::format("{},{},{},{}\n", csv_field(matrix.title),
                                        csv_field(matrix.rows[r]), csv_field(matrix.columns[c]),
                                        matrix.cell(r, c));
    }
    return text;
}

} // namespace perpetuum
