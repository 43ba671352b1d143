#include "matrix_file.hpp"

#include "tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace perpetuum {

namespace {

constexpr std::size_t most_cells_written = 20'000;

class MatrixReader {
  public:
    explicit MatrixReader(Projection& projection)
        : model_(projection.reading.model), diagnostics_(projection.reading.diagnostics) {
        for (auto const& [name, cell] : projection.system.names.sorted())
            if (!name.empty() && name[0] != '#') names_.push_back(name);
    }

    WrittenMatrix read(ListSection const& section) {
        WrittenMatrix matrix;
        matrix.title = section.name;
        std::replace(matrix.title.begin(), matrix.title.end(), '_', ' ');
        for (ListItem const& item : section.items)
            if (item.key == "columns")
                for (auto const& column : item.texts) matrix.columns.push_back(column.text);
        if (matrix.columns.empty()) {
            diagnostics_.error(section.where, "this matrix has no columns",
                               "write columns = [\"Households\", \"Firms\"]");
            return matrix;
        }
        for (ListItem const& item : section.items)
            if (item.key != "columns") read_row(item, matrix);
        return matrix;
    }

  private:
    void read_row(ListItem const& item, WrittenMatrix& matrix) {
        std::size_t const columns = matrix.columns.size();
        if (item.texts.size() != columns && item.texts.size() != columns + 1) {
            diagnostics_.error(
                item.where,
                fmt::format("{} has {}, the matrix {}", perpetuum::quoted(item.key),
                            count_of(item.texts.size(), "cell"), count_of(columns, "column")),
                "\"\" where nothing stands; one cell more says what the row sums to");
            return;
        }
        matrix.rows.push_back(item.key);
        for (std::size_t c = 0; c < columns; ++c) matrix.cells.push_back(cell(item.texts[c]));
        matrix.row_targets.push_back(item.texts.size() > columns ? cell(item.texts.back()) : -1);
    }

    ExpressionId cell(ListItem::Text const& text) {
        if (text.text.find_first_not_of(' ') == std::string::npos) return -1;
        ExpressionId const id = parse_expression(model_, text.where, diagnostics_);
        if (id >= 0) check_names(id);
        return id;
    }

    void check_names(ExpressionId id) {
        auto const& expression = model_.expressions[static_cast<std::size_t>(id)];
        if (auto const* apply = std::get_if<Apply>(&expression.node)) {
            // A copy: arguments are looked at in turn.
            auto const arguments = apply->arguments;
            for (ExpressionId const argument : arguments) check_names(argument);
        } else if (auto const* name = std::get_if<Name>(&expression.node)) {
            std::string const written = name->parts.size() == 1 ? name->parts[0] : "";
            if (std::find(names_.begin(), names_.end(), written) != names_.end()) return;
            auto const near = nearest(written, names_);
            diagnostics_.error(expression.where, "the model has no variable " + quoted(written),
                               near ? "did you mean " + quoted(*near) + "?" : "");
        } else if (!std::holds_alternative<Number>(expression.node)) {
            diagnostics_.error(expression.where,
                               "a cell holds arithmetic over the model's variables",
                               "give the sum a name in the model");
        }
    }

    Model& model_;
    Diagnostics& diagnostics_;
    std::vector<std::string> names_;
};

} // namespace

std::vector<WrittenMatrix> read_matrix_file(std::string const& path, Projection& projection) {
    Diagnostics& diagnostics = projection.reading.diagnostics;
    std::string content, problem;
    if (!read_text_file(path, content, problem)) {
        diagnostics.error({}, problem);
        return {};
    }
    int const text = diagnostics.add_text(path, content);
    auto const sections = read_lists(text, diagnostics);
    std::vector<WrittenMatrix> matrices;
    MatrixReader reader(projection);
    std::size_t cells = 0;
    for (ListSection const& section : sections) {
        for (ListItem const& item : section.items) cells += item.texts.size();
        if (cells > most_cells_written) {
            diagnostics.error(section.where, "more than 20,000 cells");
            return {};
        }
        if (!section.name.empty()) matrices.push_back(reader.read(section));
    }
    if (matrices.empty() && !diagnostics.failed())
        diagnostics.error({text, 0, 0}, "there is no matrix in this file",
                          "write [balance_sheet], columns = [...] and a row a line");
    return matrices;
}

std::string matrix_file_beside(std::string const& model_path) {
    std::string const path = model_path.substr(0, model_path.rfind('.')) + ".matrix";
    std::error_code error;
    return std::filesystem::is_regular_file(path, error) ? path : std::string();
}

} // namespace perpetuum
