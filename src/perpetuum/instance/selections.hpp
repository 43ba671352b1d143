#pragma once
/// Who is selected by the brackets of a sum: by kind, and by who stands in a role, without looking
/// at everybody for everybody.

#include <perpetuum/instance.hpp>

#include "words.hpp"

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace perpetuum::instancing {

/// Who a block's statements speak for: an entity, a contract, or the model itself.
struct Owner {
    int entity = -1, contract = -1;
    bool model() const { return entity < 0 && contract < 0; }
    auto operator<=>(Owner const&) const = default;
};
/// A number of its own for each owner.
inline std::uint64_t owner_code(Owner owner) {
    if (owner.contract >= 0) return 2 * static_cast<std::uint64_t>(owner.contract) + 1;
    return owner.entity < 0 ? 0 : 2 * static_cast<std::uint64_t>(owner.entity) + 2;
}

/// Of all that are selected by a kind, by place, who stands in a role (or at the end of a path).
struct PartyIndex {
    bool usable = true; ///< false: not a party, for some
    std::vector<Owner> of_member;
    std::unordered_map<std::uint64_t, std::vector<std::size_t>> members; ///< by owner code, rising
};

/// `seller = self`, `it != self`: a party of the selected one (by its index) against one that is the
/// same for all selected.
struct Tie {
    bool equal = true;
    PartyIndex const* inner = nullptr;
    Path outer;
    ExpressionId condition = -1;
};
/// A filter's conditions, told apart: who it is, and the rest.
struct Selector {
    std::vector<Tie> ties;
    std::vector<ExpressionId> rest;
};

} // namespace perpetuum::instancing
