#pragma once
// The meaning of every name in every expression, party and statement.

#include <perpetuum/model/names.hpp>

namespace perpetuum::grammar {

/// A quantity whose unit has to be found: a variable, a parameter or a table's field.
struct CellKey {
    int block = -1, index = -1, field = -1;
    bool is_parameter = false;
};
/// What a name means.
struct Meaning {
    enum class Is {
        fault,  ///< reported, or nothing that can be told (an id of a kind that the model does not
                ///< have)
        cell,   ///< variable, parameter, field: `key`
        money,  ///< an account, a flow, an entity's total
        plain,  ///< live, defaulted
        time,   ///< step
        date,   ///< time
        entity, ///< of kind `block`
        contract, ///< of instrument `block`
        row,      ///< of the table `key`
        table,    ///< `key`
        word,     ///< a word parameter: `key`
        flow,     ///< on the way to `.unpaid`
        schedule, ///< on the way to one of its series: `key`
    } is = Is::fault;
    int block = -1; ///< entity, contract; of an account: whose it is
    CellKey key;
    Symbol symbol;
};

/// Where an expression stands: its block, and the selections around it, the innermost first.
struct Frame {
    int block = -1; ///< of the selected entities or contracts; -1 for a table
    CellKey table;
    bool known = true; ///< false: what is selected is not known, and that was reported
    Frame const* outer = nullptr;
};
struct Scope {
    int block = 0;
    Frame const* frame = nullptr;
};

class Resolver {
  public:
    Resolver(Names const& names, std::vector<KnownId> const& ids, Diagnostics* diagnostics);

    Meaning name(Name const& name, Span where, Scope const& scope);
    Frame select(Aggregate const& aggregate, Scope const& scope);
    Meaning party(Party const& party, int block, bool may_be_flow = false);
    void error(Span where, std::string message, std::string hint = {});
    Names const& names() const { return names_; }
    /// The meaning without a word about its faults.
    Meaning try_name(Name const& name, Span where, Scope const& scope);

  private:
    Meaning first_part(std::string const& part, Span where, Scope const& scope);
    Meaning in_frame(Frame const& frame, std::string const& part);
    Meaning of_member(int block, std::string const& name);
    Meaning of_symbol(Symbol const& symbol, std::string const& name);
    Meaning next_part(Meaning const& from, std::string const& owner, std::string const& part,
                      Span where);
    Meaning of_series(Meaning const& from, std::string const& part, Span where);
    Meaning of_id(std::string const& part, Span where);
    Meaning path(std::vector<std::string> const& parts, std::vector<Span> const& wheres,
                 Scope const& scope);
    Meaning unknown(std::string const& part, Span where, Scope const& scope);
    bool is_scheduled(Meaning const& meaning) const;
    Parameter const& table_at(CellKey const& key) const;

    Names const& names_;
    Model const& model_;
    std::unordered_map<std::string_view, KnownId const*> ids_;
    Diagnostics* diagnostics_; ///< null: silent
    int faults_ = 0;
    Suggestions suggestions_;
    std::unordered_map<std::string, bool> warned_;
};

/// The meanings of all names of a model, by expression; faults for all that is no name.
std::vector<Meaning> resolve_model(Model& model, Names const& names,
                                   std::vector<KnownId> const& ids, Diagnostics& diagnostics);

} // namespace perpetuum::grammar
