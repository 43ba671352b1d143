#include <perpetuum/model/memory.hpp>

#include <algorithm>

namespace perpetuum::grammar {

namespace {

Variable const& variable_at(Model const& model, MemberKey key) {
    return model.blocks[static_cast<std::size_t>(key.first)]
        .variables[static_cast<std::size_t>(key.second)];
}

bool is_written_zero(Model const& model, ExpressionId id) {
    auto const* number = std::get_if<Number>(&model.expressions[static_cast<std::size_t>(id)].node);
    return number != nullptr && !(number->value < 0) && !(number->value > 0);
}

/// Of a variable that says nothing of its start.
void check_start(Variable const& variable, MemberKey root, LookedBack const& looked_back,
                 Diagnostics& diagnostics) {
    bool const lagged = looked_back.lagged.contains(root);
    bool const remembered = looked_back.remembered.contains(root);
    std::string const name = quoted(variable.name);
    if (variable.is_shock) {
        if (lagged || remembered)
            diagnostics.warning(variable.where,
                                "the shock " + name + " is " +
                                    (lagged ? "read with a lag" : "delayed or smoothed") +
                                    ": before the first step it is its median",
                                "where it begins elsewhere let a variable have it: NAME = " +
                                    variable.name + ", start …");
    } else if (lagged) {
        diagnostics.warning(variable.where,
                            name + " is read with a lag and has no start: it begins at 0",
                            "say so: " + variable.name + " = …, start 0");
    } else if (remembered) {
        diagnostics.warning(variable.where,
                            name + " is delayed or smoothed and has no start: it begins at 0",
                            "say what it was before: " + variable.name + " = …, start …");
    } else if (looked_back.starting.contains(root)) {
        diagnostics.warning(variable.where,
                            "a start rests on " + name + ", which has none itself: it begins at 0",
                            "give it one: " + variable.name + " = …, start …");
    }
}

} // namespace

MemberKey root_of(Model const& model, Names const& names, MemberKey variable) {
    for (int left = longest_descent; left > 0 && variable_at(model, variable).replaces; --left) {
        int const parent = model.blocks[static_cast<std::size_t>(variable.first)].extends;
        Symbol const above = names.member(parent, variable_at(model, variable).name);
        if (above.type != SymbolType::variable) break;
        variable = {above.block, above.index};
    }
    return variable;
}

void check_starts(Model const& model, Names const& names, LookedBack const& looked_back,
                  Diagnostics& diagnostics) {
    for (std::size_t b = 0; b < model.blocks.size(); ++b) {
        for (std::size_t i = 0; i < model.blocks[b].variables.size(); ++i) {
            MemberKey const key{static_cast<int>(b), static_cast<int>(i)};
            Variable const& variable = variable_at(model, key);
            bool const told = variable.start >= 0 || (variable.value < 0 && !variable.is_shock) ||
                              (variable.value >= 0 && is_written_zero(model, variable.value));
            if (!told) check_start(variable, root_of(model, names, key), looked_back, diagnostics);
        }
    }
}

void check_circles(Model const& model, std::map<MemberKey, std::vector<MemberKey>> const& rests_on,
                   Diagnostics& diagnostics) {
    enum { followed = 1, ends = 2 };
    std::map<MemberKey, int> state;
    for (auto const& [first, unused] : rests_on) {
        std::vector<std::pair<MemberKey, std::size_t>> path;
        if (state[first] == 0) path.emplace_back(first, 0);
        while (!path.empty()) {
            auto const [at, next] = path.back();
            state[at] = followed;
            auto const found = rests_on.find(at);
            if (found == rests_on.end() || next == found->second.size()) {
                state[at] = ends;
                path.pop_back();
                continue;
            }
            ++path.back().second;
            MemberKey const target = found->second[next];
            if (state[target] == 0) path.emplace_back(target, 0);
            if (state[target] != followed) continue;
            auto const& parameter = model.blocks[static_cast<std::size_t>(at.first)]
                                        .parameters[static_cast<std::size_t>(at.second)];
            diagnostics.error(parameter.where,
                              "the default of " + quoted(parameter.name) + " rests on itself",
                              "give one of the circle a number");
        }
    }
}

} // namespace perpetuum::grammar
