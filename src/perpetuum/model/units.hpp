#pragma once
// Units of a whole model: found where they are not written, then checked.

#include <perpetuum/model/dimensions.hpp>
#include <perpetuum/model/resolve.hpp>

namespace perpetuum::grammar {

/// Dimensions of all variables, parameters and fields. A variable that replaces another shares its
/// cell.
struct Cells {
    std::vector<std::vector<int>> variables, parameters; ///< [block][index] → cell
    std::vector<std::vector<std::vector<int>>> fields;   ///< [block][index][field] → cell
    std::vector<Dimension> dimensions;

    int cell(CellKey const& key) const;
};

/// A cell each, with the dimensions that are written.
Cells number_cells(Model const& model, Names const& names, Dimensions& table);
/// Finds the others: by propagation from what is known, each expression and each cell settling
/// once.
void infer_units(Model const& model, std::vector<Meaning> const& meanings, Cells& cells,
                 Dimensions& table);
/// Writes what was found into the model.
void store_units(Model& model, Cells const& cells, Dimensions const& table);
/// Reports every place where dimensions do not fit, once.
void check_units(Model const& model, std::vector<Meaning> const& meanings, Cells const& cells,
                 Dimensions& table, Diagnostics& diagnostics);

/// Of a name, given its meaning; unknown when its cell is.
Dimension dimension_of_name(Meaning const& meaning, Model const& model, Cells const* cells,
                            Dimensions& table);
/// The whole number that an exponent is, if it is one: `2`, `-1`.
std::optional<int> whole_exponent(Model const& model, ExpressionId exponent);

} // namespace perpetuum::grammar
