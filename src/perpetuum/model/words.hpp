#pragma once
// Which words the language keeps for itself. Names may be anything else.

#include <perpetuum/model.hpp>

#include <string_view>

namespace perpetuum::grammar {

/// `money unit account …`: a line that begins with one closes the block before it.
bool is_header(std::string_view word);
/// Words of statements and expressions; units are reserved too, but only the model knows them.
bool is_reserved(std::string_view word);
/// Words after `NAME :` that make it a flow's name and not a unit.
bool is_flow_word(std::string_view word);
/// k M B T: 10^3 … 10^12; 0 for any other word.
double magnitude_of(std::string_view word);
/// d q y: units only straight behind a number, so that a textbook may call its output y.
bool is_short_unit(std::string_view word);

/// A function of fixed operation: `clip(x, lo, hi)`.
struct FunctionWord {
    std::string_view name;
    Operation operation;
    int least, most; ///< arguments
    std::string_view usage;
    bool takes_time = false; ///< its second argument says how far back it looks
};
/// Null when the word is no function.
FunctionWord const* function_word(std::string_view word);
/// All functions of fixed operation, by name.
std::vector<std::string> function_names();
std::string_view name_of(Operation operation);

/// `sum mean max min count`; nothing when the word gathers nothing.
std::optional<Gather> gather_of(std::string_view word);
std::string_view name_of(Gather gather);

/// Names every entity (of a kind) or contract has without declaring them.
bool is_entity_built_in(std::string_view word);
bool is_contract_built_in(std::string_view word);
/// All names that a block of this type has without declaring them.
std::vector<std::string> built_in_names(BlockType type);

} // namespace perpetuum::grammar
