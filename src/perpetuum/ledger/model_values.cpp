// Expressions over a textbook model's own quantities, worked out along a path: matrices as written,
// identities that no equation says, and starts against the equations that must hold for them.

#include <perpetuum/ledger.hpp>

#include <algorithm>
#include <cmath>

namespace perpetuum {

namespace {

constexpr double smallest_start = 1e-12; ///< what begins below began with nothing
constexpr double exact_enough = 1e-9;
constexpr int deepest_definition = 200;

using Known = std::optional<double>;

/// Arithmetic and conditions; nothing for what looks at time or history.
Known apply_operation(Operation operation, std::vector<double> const& v) {
    auto const fold = [&](auto with) {
        double result = v[0];
        for (std::size_t i = 1; i < v.size(); ++i) result = with(result, v[i]);
        return result;
    };
    switch (operation) {
    case Operation::negate:
        return -v[0];
    case Operation::add:
        return v[0] + v[1];
    case Operation::subtract:
        return v[0] - v[1];
    case Operation::multiply:
        return v[0] * v[1];
    case Operation::divide:
        return v[0] / v[1];
    case Operation::power:
        return std::pow(v[0], v[1]);
    case Operation::equal:
        return std::fabs(v[0] - v[1]) == 0 ? 1 : 0;
    case Operation::unequal:
        return std::fabs(v[0] - v[1]) == 0 ? 0 : 1;
    case Operation::less:
        return v[0] < v[1] ? 1 : 0;
    case Operation::less_equal:
        return v[0] <= v[1] ? 1 : 0;
    case Operation::greater:
        return v[0] > v[1] ? 1 : 0;
    case Operation::greater_equal:
        return v[0] >= v[1] ? 1 : 0;
    case Operation::conjunction:
        return v[0] > 0.5 && v[1] > 0.5 ? 1 : 0;
    case Operation::disjunction:
        return v[0] > 0.5 || v[1] > 0.5 ? 1 : 0;
    case Operation::negation:
        return v[0] > 0.5 ? 0 : 1;
    case Operation::choose:
        return v[0] > 0.5 ? v[1] : v[2];
    case Operation::minimum:
        return fold([](double a, double b) { return std::min(a, b); });
    case Operation::maximum:
        return fold([](double a, double b) { return std::max(a, b); });
    case Operation::absolute:
        return std::fabs(v[0]);
    case Operation::exponential:
        return std::exp(v[0]);
    case Operation::logarithm:
        return std::log(v[0]);
    case Operation::square_root:
        return std::sqrt(v[0]);
    case Operation::round_down:
        return std::floor(v[0]);
    case Operation::clip:
        return std::min(std::max(v[0], v[1]), v[2]);
    default:
        return std::nullopt;
    }
}

Variable const* own_variable(Model const& model, std::string const& name) {
    for (Variable const& variable : model.blocks[0].variables)
        if (variable.name == name) return &variable;
    return nullptr;
}

class PathReader {
  public:
    PathReader(Model const& model, System const& system, Path const& path)
        : model_(model), system_(system), path_(path) {}

    Known value(ExpressionId id, int step, int depth = 0) const {
        if (id < 0 || depth > deepest_definition) return std::nullopt;
        auto const& node = model_.expressions[static_cast<std::size_t>(id)].node;
        if (auto const* number = std::get_if<Number>(&node)) return number->value;
        if (auto const* name = std::get_if<Name>(&node)) return value(*name, step, depth);
        auto const* apply = std::get_if<Apply>(&node);
        if (!apply) return std::nullopt;
        std::vector<double> arguments;
        for (ExpressionId const argument : apply->arguments) {
            Known const known = value(argument, step, depth + 1);
            if (!known) return std::nullopt;
            arguments.push_back(*known);
        }
        Known const result = apply_operation(apply->operation, arguments);
        return result && std::isfinite(*result) ? result : std::nullopt;
    }

  private:
    Known value(Name const& name, int step, int depth) const {
        if (name.parts.size() != 1 || name.lag > step) return std::nullopt;
        auto const found = system_.names.find(name.parts[0]);
        if (found == system_.names.end() || found->second < 0) return std::nullopt;
        Cell const& cell = system_.cells[static_cast<std::size_t>(found->second)];
        int const at = step - name.lag;
        bool const begins = cell.type == CellType::variable && at == 0 && cell.start < 0;
        if (begins) {
            Variable const* variable = own_variable(model_, name.parts[0]);
            return variable ? value(variable->value, 0, depth + 1) : std::nullopt;
        }
        double const known = path_.at(found->second, at);
        return std::isfinite(known) ? Known(known) : std::nullopt;
    }

    Model const& model_;
    System const& system_;
    Path const& path_;
};

double relative_to(double gap, double a, double b) {
    double const size = std::max(std::fabs(a), std::fabs(b));
    return size > 0 ? std::fabs(gap) / size : 0;
}

/// The sides of `A = B`, and what they add up: rounding is as large as the largest of them is.
std::vector<ExpressionId> sides_and_terms(Model const& model, Apply const& equal) {
    std::vector<ExpressionId> all = equal.arguments;
    for (std::size_t next = 0; next < all.size(); ++next) {
        auto const* apply =
            std::get_if<Apply>(&model.expressions[static_cast<std::size_t>(all[next])].node);
        if (apply &&
            (apply->operation == Operation::add || apply->operation == Operation::subtract ||
             apply->operation == Operation::negate))
            all.insert(all.end(), apply->arguments.begin(), apply->arguments.end());
    }
    return all;
}

} // namespace

std::optional<double> value_on_path(Model const& model, System const& system, Path const& path,
                                    ExpressionId expression, int step) {
    return PathReader(model, system, path).value(expression, step);
}

Matrix matrix_at(WrittenMatrix const& written, Model const& model, System const& system,
                 Path const& path, int step) {
    PathReader const reader(model, system, path);
    Matrix matrix;
    matrix.title = written.title;
    matrix.columns = written.columns;
    matrix.rows = written.rows;
    for (ExpressionId const id : written.cells) {
        matrix.written.push_back(id >= 0);
        matrix.cells.push_back(id < 0 ? 0 : reader.value(id, step).value_or(std::nan("")));
    }
    for (ExpressionId const id : written.row_targets)
        matrix.row_targets.push_back(id < 0 ? 0 : reader.value(id, step).value_or(std::nan("")));
    return matrix;
}

double StartGap::relative() const { return relative_to(start - equation, start, equation); }

std::vector<StartGap> start_gaps(Model const& model, System const& system, Path const& path) {
    PathReader const reader(model, system, path);
    std::vector<StartGap> gaps;
    for (Variable const& variable : model.blocks[0].variables) {
        auto const found = system.names.find(variable.name);
        if (variable.start < 0 || found == system.names.end() || found->second < 0) continue;
        Known const equation = reader.value(variable.value, 0);
        double const start = path.at(found->second, 0);
        if (!equation || !(std::fabs(start) > smallest_start)) continue;
        StartGap const gap{variable.name, start, *equation, variable.where};
        if (gap.relative() > exact_enough) gaps.push_back(gap);
    }
    return gaps;
}

std::vector<IdentityGap> identity_gaps(Model const& model, System const& system, Path const& path) {
    PathReader const reader(model, system, path);
    std::vector<IdentityGap> gaps;
    for (Statement const& statement : model.blocks[0].statements) {
        if (statement.type != StatementType::expect || statement.amount < 0) continue;
        auto const* apply =
            std::get_if<Apply>(&model.expressions[static_cast<std::size_t>(statement.amount)].node);
        if (!apply || apply->operation != Operation::equal) continue;
        IdentityGap gap;
        gap.text = print_expression(model, statement.amount);
        auto const measured = sides_and_terms(model, *apply);
        bool known = path.steps > 0;
        for (int step = 0; step <= path.steps && known; ++step) {
            Known const a = reader.value(apply->arguments[0], step);
            Known const b = reader.value(apply->arguments[1], step);
            if (step == 0) {
                if (a && b) gap.at_start = *a - *b;
                continue;
            }
            known = a && b;
            if (!known) break;
            double size = 0;
            for (ExpressionId const id : measured)
                size = std::max(size, std::fabs(reader.value(id, step).value_or(0)));
            double const relative = relative_to(*a - *b, size, 0);
            if (relative <= exact_enough) continue;
            if (gap.first_step == 0) {
                gap.first_step = step;
                gap.first = *a - *b;
                gap.first_relative = relative;
            }
            // Larger by more than rounding.
            if (std::fabs(*a - *b) <= 1.0001 * std::fabs(gap.worst)) continue;
            gap.worst = *a - *b;
            gap.worst_relative = relative;
            gap.worst_step = step;
        }
        if (known) gaps.push_back(std::move(gap));
    }
    return gaps;
}

} // namespace perpetuum
