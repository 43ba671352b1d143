#pragma once
/// What the stages of `instantiate` share: the system under construction and how names find their
/// cells.

#include <perpetuum/instance.hpp>

#include <set>
#include <tuple>
#include <unordered_map>

namespace perpetuum::instancing {

/// Who a block's statements speak for: an entity, a contract, or the model itself.
struct Owner {
    int entity = -1, contract = -1;
    bool model() const { return entity < 0 && contract < 0; }
    auto operator<=>(Owner const&) const = default;
};

/// Where a name is looked up: the owner's own names first, then those outside the brackets.
struct Scope {
    Owner owner;
    int block = 0;
    Scope const* outer = nullptr;                     ///< the scope outside a selection's brackets
    int table_index = -1, table_block = -1, row = -1; ///< inside a table's brackets
};

/// What a name means once it is looked up.
struct Meaning {
    enum class Is { nothing, number, entity, contract, table, word } is = Is::nothing;
    NodeId node = -1;           ///< number
    Owner owner;                ///< entity, contract, table
    int block = -1, index = -1; ///< table
    std::string word;
};

struct NodeHash {
    std::size_t operator()(Node const& node) const;
};

class Builder {
  public:
    Builder(Book const& of, Model const& with, InstanceOptions const& under, Diagnostics& found)
        : book(of), model(with), options(under), diagnostics(found) {}

    Book const& book;
    Model const& model;
    InstanceOptions const& options;
    Diagnostics& diagnostics;
    System system;

    // nodes.cpp: equal nodes are one, constants are folded
    NodeId constant(double value);
    NodeId of_cell(CellId cell, int lag = 0);
    NodeId make(NodeOp op, NodeId a = -1, NodeId b = -1, NodeId c = -1);
    NodeId make_past(NodeOp op, CellId cell, NodeId time, NodeId before = -1);
    NodeId sum(std::vector<NodeId> const& terms);
    /// The node's value if it rests on parameters alone (their medians), else nothing.
    std::optional<double> fold(NodeId node, int depth = 0) const;
    CellId add_cell(Cell cell);

    // parties.cpp: entities, contracts, which of them run
    void add_entities();
    void add_contracts();
    int entity_of(Party const& party, Scope const& scope);
    int block_of(Owner owner) const;

    // parameters.cpp: figures and defaults → cells
    void add_parameters(Owner owner);
    bool has_all_parameters(Deal const& deal, int block, std::string& missing) const;
    NodeId row_field(Owner owner, int block, int index, int row, int field);
    int rows_of(Owner owner, int block, int index) const;

    // names.cpp, expressions.cpp
    Meaning look_up(Name const& name, Scope const& scope);
    NodeId compile(ExpressionId expression, Scope const& scope);
    NodeId compile_aggregate(Aggregate const& aggregate, Span where, Scope const& scope);
    NodeId compile_memory(Apply const& apply, ExpressionId expression, Scope const& scope);
    /// USD per time becomes USD of the step.
    NodeId compile_amount(ExpressionId expression, Scope const& scope);

    /// A statement of an owner's block, with its name and where its names are looked up.
    struct Told {
        Statement const& statement;
        Owner owner;
        Scope scope;
        std::tuple<Owner, int, int> key;
        std::string name;
    };
    Told statement_of(Owner owner, int block, int index) const;
    bool owner_runs(Owner owner) const;
    void set_cell(CellId cell, NodeId value, NodeId start = -1);

    // declare.cpp
    void declare_variables(Owner owner);
    void declare_statements(Owner owner);
    void declare_commit(Told const& told);
    void declare_flow(Told const& told);
    void declare_guarantee(Told const& told);
    void declare_booking(Told const& told);

    // define.cpp
    void define_variables(Owner owner);
    void define_statements(Owner owner);
    void define_commit(Told const& told);
    void define_flow(Told const& told);
    void define_guarantee(Told const& told);
    void define_booking(Told const& told);
    void define_breach(Told const& told);
    void define_check(Told const& told);

    // states.cpp
    void declare_states();
    void declare_shortfalls();
    void define_states();
    void define_life(std::size_t contract);
    void define_default(std::size_t entity);

    // accounts.cpp
    CellId balance(int entity, int account);
    CellId part(int contract, int entity, int account);
    void note_touch(int contract, int entity, int account);
    /// The account cell that a bare name means in a contract; -1 and an error when two roles book
    /// in it.
    CellId bare_account(int contract, int account, Span where);
    void post(CellId amount, bool debit, int entity, int account, int contract, int flow);
    void open_accounts();
    void close_accounts();
    NodeId total(int entity, std::string_view name);

    std::string owner_name(Owner owner) const;
    NodeId usd(CellId coins, int lag = 0);

    std::map<std::tuple<Owner, int, int>, CellId> variables, parameters;
    /// flow numbers by (owner, block, statement); commits: promise numbers
    std::map<std::tuple<Owner, int, int>, int> flows, commits;
    std::map<std::tuple<Owner, int, int>, CellId> bookings;
    std::map<std::tuple<int, int, int>, CellId> parts; ///< (contract, entity, account)
    std::map<CellId, std::vector<std::pair<CellId, bool>>>
        booked; ///< account cell → (posting, raises it)
    std::map<std::pair<int, int>, std::set<int>>
        touches; ///< (contract, account) → entities it books for
    std::map<std::pair<int, std::string>, CellId> totals;
    std::vector<CellId> contract_live, contract_begun, contract_ended, contract_life;
    std::vector<CellId> entity_estate, entity_breach, entity_defaulted;
    std::vector<std::vector<NodeId>> breach_terms; ///< by entity
    std::vector<std::vector<NodeId>> end_terms;    ///< by contract
    std::set<std::pair<Owner, std::string>> warned;
    struct Mark {
        CellId cell;
        int entity, account, against, contract;
        NodeId mask, target;
    };
    std::vector<Mark> marks;
    std::vector<std::pair<std::string, double>> failing; ///< whom a scenario lets fail, from when

  private:
    std::unordered_map<Node, NodeId, NodeHash> known_;
};

} // namespace perpetuum::instancing
