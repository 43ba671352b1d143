#include <perpetuum/model/link.hpp>
#include <perpetuum/model/words.hpp>

#include <algorithm>
#include <set>

namespace perpetuum::grammar {

namespace {

constexpr int most_link_faults = 200;

void link_transactions(Model& model, Draft const& draft, Diagnostics& diagnostics) {
    int const cash = 0;
    int faults = 0;
    Suggestions suggestions;
    std::unordered_map<std::string_view, int> accounts;
    for (std::size_t i = 0; i < model.accounts.size(); ++i)
        accounts.try_emplace(model.accounts[i].name, static_cast<int>(i));
    for (std::size_t i = 0; i < model.transactions.size(); ++i) {
        Transaction& transaction = model.transactions[i];
        auto const& written = draft.transactions[i];
        std::array<int*, 4> const into{&transaction.payer_debits, &transaction.payer_credits,
                                       &transaction.payee_debits, &transaction.payee_credits};
        for (std::size_t side = 0; side < 4; ++side) {
            std::string const& name = written.names[side];
            if (name.empty()) {
                *into[side] = cash;
                continue;
            }
            if (name == "cash")
                diagnostics.error(written.wheres[side], "a transaction does not name cash",
                                  transaction.moves_cash
                                      ? "it is the other side of both accounts"
                                      : "one that names all four accounts moves none");
            auto const found = accounts.find(name);
            *into[side] = found == accounts.end() ? cash : found->second;
            if (found == accounts.end() && ++faults <= most_link_faults)
                diagnostics.error(written.wheres[side], "unknown account " + quoted(name),
                                  suggestions.hint(
                                      name, [&] { return names_of_all(model.accounts); },
                                      "declare it: account " + name + " : asset"));
        }
    }
}

/// Numbers for `extends`, with the wrong ones cut off so that every descent ends.
class Descent {
  public:
    Descent(Model& model, Diagnostics& diagnostics)
        : model_(model), diagnostics_(diagnostics), depth_(model.blocks.size(), unseen) {
        for (std::size_t i = 1; i < model.blocks.size(); ++i)
            numbers_.try_emplace(model.blocks[i].name, static_cast<int>(i));
    }

    void link() {
        for (std::size_t i = 3; i < model_.blocks.size(); ++i) link(model_.blocks[i]);
        for (std::size_t i = 3; i < model_.blocks.size(); ++i) cut_circle(static_cast<int>(i));
        for (std::size_t i = 3; i < model_.blocks.size(); ++i) inherit_conduit(static_cast<int>(i));
    }

  private:
    Block& at(int block) { return model_.blocks[static_cast<std::size_t>(block)]; }

    void link(Block& block) {
        bool const kind = block.type == BlockType::kind;
        block.extends = kind ? 1 : -1;
        if (block.extends_name.empty()) return;
        auto const found = numbers_.find(block.extends_name);
        if (found == numbers_.end()) {
            refuse(
                block,
                std::string("unknown ") + (kind ? "kind " : "instrument ") +
                    quoted(block.extends_name),
                suggestions_.hint(block.extends_name, [&] { return names_of_all(model_.blocks); }));
        } else if (at(found->second).type != block.type) {
            refuse(block, quoted(block.extends_name) + (kind ? " is an instrument" : " is a kind"),
                   kind ? "a kind extends a kind" : "an instrument extends an instrument");
        } else {
            block.extends = found->second;
        }
    }

    /// Follows `extends` until a block whose depth is known; each block is walked once.
    void cut_circle(int block) {
        std::vector<int> path;
        int b = block;
        for (; b >= 0 && depth_[static_cast<std::size_t>(b)] == unseen; b = at(b).extends) {
            depth_[static_cast<std::size_t>(b)] = on_path;
            path.push_back(b);
        }
        if (b >= 0 && depth_[static_cast<std::size_t>(b)] == on_path) {
            refuse(at(b), quoted(at(b).name) + " extends itself", "cut the circle");
            cut(b);
        }
        for (auto i = path.rbegin(); i != path.rend(); ++i) {
            int const parent = at(*i).extends;
            int depth = parent < 0 || depth_[static_cast<std::size_t>(parent)] < 0
                            ? 0
                            : depth_[static_cast<std::size_t>(parent)] + 1;
            if (depth >= longest_descent) {
                refuse(at(*i), "more than 50 blocks extend each other", "join some of them");
                cut(*i);
                depth = 0;
            }
            depth_[static_cast<std::size_t>(*i)] = depth;
        }
    }

    void refuse(Block const& block, std::string message, std::string hint) {
        if (++faults_ <= most_link_faults)
            diagnostics_.error(block.extends_where, std::move(message), std::move(hint));
    }
    void cut(int block) { at(block).extends = at(block).type == BlockType::kind ? 1 : -1; }

    void inherit_conduit(int block) {
        for (int b = at(block).extends; b >= 0; b = at(b).extends)
            if (at(b).conduit) at(block).conduit = true;
    }

    static constexpr int unseen = -2, on_path = -1;
    Model& model_;
    Diagnostics& diagnostics_;
    std::vector<int> depth_;
    std::unordered_map<std::string_view, int> numbers_;
    Suggestions suggestions_;
    int faults_ = 0;
};

/// Says where two declarations clash.
class Clashes {
  public:
    Clashes(Names const& names, Diagnostics& diagnostics)
        : names_(names), model_(names.model()), diagnostics_(diagnostics),
          units_(model_.units.names()) {
        std::sort(units_.begin(), units_.end());
    }

    void check() {
        check_globals();
        check_transactions();
        for (std::size_t i = 0; i < model_.blocks.size(); ++i) check_block(static_cast<int>(i));
    }

  private:
    struct Place {
        std::string what;
        Span where;
    };

    void clash(std::string const& name, Span where, Place const& first) {
        if (++clashes_ > 100) return;
        diagnostics_.error(where, quoted(name) + " is already " + first.what + line_of(first.where),
                           "choose another name");
        bool const noted =
            first.where.text < 0 || !noted_.emplace(first.where.text, first.where.begin).second;
        if (!noted) diagnostics_.note(first.where, quoted(name) + " is declared here first");
    }

    std::string line_of(Span where) const {
        if (where.text < 0) return {};
        auto const& text = diagnostics_.text(where.text);
        return " (" + printable(text.name, 60) + ", line " +
               std::to_string(line_column(text.content, where.begin).line) + ")";
    }

    /// Accounts, sectors, kinds, instruments and the names of `model` share one space.
    void check_globals() {
        auto const put = [&](std::string const& what, auto const& item) {
            if (item.name.empty()) return;
            auto const [known, fresh] = globals_.try_emplace(item.name, Place{what, item.where});
            if (!fresh) clash(item.name, item.where, known->second);
            if (is_long_unit(item.name)) clash(item.name, item.where, {"a unit", {}});
        };
        for (auto const& account : model_.accounts) put("an account", account);
        for (auto const& sector : model_.sectors) put("a sector", sector);
        for (std::size_t i = 1; i < model_.blocks.size(); ++i)
            put(model_.blocks[i].type == BlockType::kind ? "a kind" : "an instrument",
                model_.blocks[i]);
    }

    bool is_long_unit(std::string const& name) const {
        return std::binary_search(units_.begin(), units_.end(), name) && !is_short_unit(name);
    }

    void check_transactions() {
        std::unordered_map<std::string_view, Span> seen;
        for (auto const& transaction : model_.transactions) {
            auto const [known, fresh] = seen.try_emplace(transaction.name, transaction.where);
            if (!fresh)
                clash(transaction.name, transaction.where, {"a transaction", known->second});
        }
    }

    /// Members with a name, in the order in which they are looked at.
    struct MemberName {
        char const* what;
        std::string const& name;
        Span where;
        bool replaces = false;
    };
    template <class Take>
    static void each_member(Block const& block, Take take) {
        auto const each = [&](char const* what, auto const& items) {
            for (auto const& item : items)
                if (!item.name.empty()) take(MemberName{what, item.name, item.where});
        };
        each("a role", block.roles);
        each("a parameter", block.parameters);
        each("a schedule", block.schedules);
        for (auto const& variable : block.variables)
            if (!variable.name.empty())
                take(MemberName{"a variable", variable.name, variable.where, variable.replaces});
        each("a flow", block.statements);
    }

    void check_block(int number) {
        Block const& block = model_.blocks[static_cast<std::size_t>(number)];
        std::size_t members = 0;
        each_member(block, [&](MemberName const&) { ++members; });
        bool const all_differ = members == names_.own_names(number);
        std::unordered_map<std::string_view, Place> own; // only where names of a block clash
        each_member(block, [&](MemberName const& member) {
            if (!all_differ) {
                auto const [known, fresh] =
                    own.try_emplace(member.name, Place{member.what, member.where});
                if (!fresh) return clash(member.name, member.where, known->second);
            }
            check_member(number, member.name, member.where, member.replaces);
        });
        if (number == 0)
            each_member(block, [&](MemberName const& member) {
                globals_.try_emplace(
                    member.name, Place{std::string(member.what) + " of the model", member.where});
            });
    }

    void check_member(int number, std::string const& name, Span where, bool replaces) {
        Block const& block = model_.blocks[static_cast<std::size_t>(number)];
        if (is_long_unit(name)) return clash(name, where, {"a unit", {}});
        if (auto const global = globals_.find(name); global != globals_.end())
            return clash(name, where, global->second);
        if (has_built_in(block, name)) return clash(name, where, {"built in", {}});
        Symbol const inherited = names_.member(block.extends, name);
        bool const hides = inherited.type != SymbolType::nothing && inherited.block >= 0;
        if (replaces && (!hides || inherited.type != SymbolType::variable)) {
            if (++clashes_ <= 100)
                diagnostics_.error(where, "there is no variable " + quoted(name) + " to replace",
                                   suggestions_.hint(
                                       name, [&] { return inherited_variables(block); },
                                       "'replace' stands in a block that extends another"));
        } else if (hides && !replaces) {
            clash(name, where, inherited_place(inherited));
        }
    }

    /// A textbook model without kinds may use words like `profit` as it likes.
    bool has_built_in(Block const& block, std::string const& name) const {
        if (block.type == BlockType::kind) return is_entity_built_in(name);
        if (block.type == BlockType::instrument) return is_contract_built_in(name);
        return model_.blocks.size() > 3 && (is_entity_built_in(name) || is_contract_built_in(name));
    }

    Place inherited_place(Symbol const& symbol) const {
        Block const& from = model_.blocks[static_cast<std::size_t>(symbol.block)];
        auto const i = static_cast<std::size_t>(symbol.index);
        std::string const of = " of " + from.name;
        switch (symbol.type) {
        case SymbolType::role:
            return {"a role" + of, from.roles[i].where};
        case SymbolType::variable:
            return {"a variable" + of + ": 'replace' puts another in its place",
                    from.variables[i].where};
        case SymbolType::flow:
            return {"a flow" + of, from.statements[i].where};
        case SymbolType::schedule:
            return {"a schedule" + of, from.schedules[i].where};
        default:
            return {"a parameter" + of, from.parameters[i].where};
        }
    }

    std::vector<std::string> inherited_variables(Block const& block) const {
        std::vector<std::string> all;
        if (block.extends < 0) return all;
        for (auto const& [at, index] : all_variables(model_, block.extends))
            all.push_back(model_.blocks[static_cast<std::size_t>(at)]
                              .variables[static_cast<std::size_t>(index)]
                              .name);
        return all;
    }

    Names const& names_;
    Model const& model_;
    Diagnostics& diagnostics_;
    int clashes_ = 0;
    Suggestions suggestions_;
    std::set<std::pair<int, std::uint32_t>> noted_;
    std::unordered_map<std::string_view, Place> globals_;
    std::vector<std::string> units_; ///< in order
};

} // namespace

void link_declarations(Model& model, Draft const& draft, Diagnostics& diagnostics) {
    link_transactions(model, draft, diagnostics);
    Descent(model, diagnostics).link();
}

void check_declarations(Names const& names, Diagnostics& diagnostics) {
    Clashes(names, diagnostics).check();
}

} // namespace perpetuum::grammar
