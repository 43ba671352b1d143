// Who holds the roles of a deal: one party, several with their parts, or other deals.

#include <perpetuum/book/reader.hpp>

#include <algorithm>
#include <cstdio>

namespace perpetuum {

namespace {

/// A kind or instrument is what it extends, too.
template <class Described>
bool is_or_extends(Described const& described, std::string const& name) {
    auto const& ancestors = described.ancestors;
    return described.name == name ||
           std::find(ancestors.begin(), ancestors.end(), name) != ancestors.end();
}

} // namespace

void BookReader::fill_outside(Deal& deal, InstrumentDescription const& of, Span where) {
    for (auto const& role : of.roles) {
        if (deal.roles.count(role.name)) continue;
        if (!role.is_deal && !book.outside.empty() && entity_places.count(book.outside)) {
            deal.roles[role.name] = {{book.outside, 1, {}}};
            continue;
        }
        error(where, "deal " + quoted(deal.id) + " names no " + quoted(role.name),
              role.is_deal ? "write " + role.name + " = \"the id of a deal\""
                           : "write " + role.name +
                                 " = \"the id of a firm\"; for somebody unnamed an entity of kind "
                                 "\"outside\"");
        deal.roles[role.name] = {};
    }
}

bool BookReader::check_party(std::string const& id, Span where, RoleDescription const& role) {
    if (!known_id(id, where, role.is_deal ? deal_places : entity_places,
                  role.is_deal ? "deal" : "party"))
        return false;
    if (role.kind.empty()) return true;
    if (role.is_deal) {
        auto const found = deal_kinds.find(id);
        auto const* is = found == deal_kinds.end() ? nullptr : instrument(found->second);
        if (!is || is_or_extends(*is, role.kind)) return true;
        error(where, quoted(id) + " is a deal of kind " + quoted(is->name) + ", but " +
                         quoted(role.name) + " wants one of kind " + quoted(role.kind));
        return false;
    }
    auto const found = entity_kinds.find(id);
    if (found == entity_kinds.end() || role.kind == "entity" || found->second == role.kind)
        return true;
    auto const* is = kind(found->second);
    if (!is || is_or_extends(*is, role.kind)) return true;
    error(where, quoted(id) + " is of kind " + quoted(is->name) + ", but " + quoted(role.name) +
                     " wants a party of kind " + quoted(role.kind));
    return false;
}

void BookReader::read_role(Deal& deal, RoleDescription const& role, TomlMember const& member,
                           TableRules const& rules) {
    auto& holders = deal.roles[role.name];
    TomlNode const& node = member.value;
    if (node.type == TomlNode::Type::text) {
        if (check_party(node.text, node.where, role)) holders.push_back({node.text, 1, {}});
    } else if (node.type == TomlNode::Type::array && role.is_deal) {
        for (auto const& item : node.items) {
            if (item.type != TomlNode::Type::text)
                error(item.where, quoted(role.name) + " wants ids of deals",
                      role.name + " = [\"id\", \"id\"]");
            else if (check_party(item.text, item.where, role))
                holders.push_back({item.text, 1, {}});
        }
    } else if (node.type == TomlNode::Type::table && !role.is_deal) {
        read_split(holders, node, role, rules);
    } else {
        error(node.where,
              quoted(role.name) + (role.is_deal ? " wants the id of a deal" : " wants one party"),
              role.is_deal ? ""
                           : "several parties share a role with their parts: " + role.name +
                                 " = { a = \"25 % assumed [desk]\", b = \"rest\" }");
    }
}

void BookReader::read_split(std::vector<RoleHolder>& holders, TomlNode const& node,
                            RoleDescription const& role, TableRules const& rules) {
    FieldDescription share;
    share.name = "share";
    double sum = 0;
    bool good = true, rest = false;
    KnownTally* const outer = tally;
    tally = nullptr; // how a role is split does not tell whether the deal was known
    for (auto const& one : node.members) {
        if (!check_party(one.key, one.key_where, role)) {
            good = false;
            continue;
        }
        if (one.value.type == TomlNode::Type::text && one.value.text == "rest") {
            if (rest) error(one.value.where, "only one party can take the rest");
            rest = true;
            holders.push_back({one.key, -1, {}});
            continue;
        }
        std::optional<Figure> found{std::in_place};
        bool const fine = read_figure(*found, one.value, &share, rules);
        if (fine && found->holds != Figure::Holds::amount)
            error(one.value.where,
                  "a share must be a number; who takes what is left gets \"rest\"");
        if (!fine || found->holds != Figure::Holds::amount) {
            good = false;
            continue;
        }
        sum += found->value;
        holders.push_back({one.key, found->value, std::move(found)});
    }
    tally = outer;
    for (auto& holder : holders)
        if (holder.share < 0) holder.share = std::max(0.0, 1 - sum);
    if (!good) return;
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.6g %%", sum * 100);
    if (sum > 1 + 1e-9)
        error(node.where, "the parts of " + quoted(role.name) + " add up to " + buffer,
              "they must be 100 % together");
    else if (!rest && sum < 1 - 1e-9)
        error(node.where, "the parts of " + quoted(role.name) + " add up to only " + buffer,
              "give one party \"rest\"");
}

} // namespace perpetuum
