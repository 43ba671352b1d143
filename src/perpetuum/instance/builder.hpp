#pragma once
/// What the stages of `instantiate` share: the system under construction and how names find their
/// cells.

#include <perpetuum/instance.hpp>

#include "bookings.hpp"
#include "catalog.hpp"
#include "gathering.hpp"
#include "numbers.hpp"
#include "selections.hpp"
#include "words.hpp"

#include <limits>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace perpetuum::instancing {

/// Where a name is looked up: inside a selection's brackets the selected one's names first, then
/// those outside.
struct Scope {
    Owner owner;
    int block = 0;                                    ///< the owner's
    int declared = 0;                                 ///< the block that the text speaks of: that
                                                      ///< it stands in, or the kind selected
    Scope const* outer = nullptr;                     ///< the scope outside a selection's brackets
    int table_index = -1, table_block = -1, row = -1; ///< inside a table's brackets
    int depth = 0;                                    ///< how many brackets stand around
};

/// What a name means once it is looked up.
struct Meaning {
    enum class Is { nothing, number, entity, contract, table, word } is = Is::nothing;
    NodeId node = -1;           ///< number
    Owner owner;                ///< entity, contract, table
    int block = -1, index = -1; ///< table
    Word word = -1;
};

/// A limit was broken: it is reported once, and nothing is returned.
struct TooLarge {
    Span where;
    std::string message, hint;
};

/// 2000000 → "2,000,000".
std::string with_commas(std::size_t number);

/// A block's member of one instance.
using MemberKey = std::uint64_t;
inline MemberKey member_key(Owner owner, int block, int index) {
    // At most 20,000 declarations in a model, so that both fit into 16 bits.
    return owner_code(owner) << 32 | static_cast<MemberKey>(block & 0xFFFF) << 16 |
           static_cast<MemberKey>(index & 0xFFFF);
}
using MemberNumbers = Numbers<MemberKey>;

/// What a figure is drawn from.
Distribution spread_of_figure(Figure const& figure);
/// The spreads of figures that stand side by side, none overtaken.
std::vector<Distribution> rivals_of(Entry const& entry, double factor);
/// A figure of a series.
struct DatedFigure {
    Period at;
    std::vector<Distribution> rivals; ///< of which the first is used
};

class Builder {
  public:
    Builder(Book const& of, Model const& with, InstanceOptions const& under, Diagnostics& found)
        : book(of), model(with), options(under), diagnostics(found), catalog(of, with),
          numbers_(with.expressions.size(), -1) {
        money.powers = {{with.money, 1}};
    }

    Book const& book;
    Model const& model;
    InstanceOptions const& options;
    Diagnostics& diagnostics;
    Catalog catalog;
    System system;

    // nodes.cpp: equal nodes are one, constants are folded
    NodeId constant(double value);
    NodeId of_cell(CellId cell, int lag = 0);
    NodeId make(NodeOp op, NodeId a = -1, NodeId b = -1, NodeId c = -1);
    NodeId make_past(NodeOp op, CellId cell, NodeId time, NodeId before = -1);
    /// In pairs, pairs in pairs, as selections are summed.
    NodeId sum(std::vector<NodeId> terms);
    /// The node's value if it rests on parameters alone (their medians), else nothing. Cells are
    /// defined by then.
    std::optional<double> fold(NodeId node);
    /// The next cell, found by its name unless that is empty; a reference, good until another is
    /// added.
    Cell& add_cell(std::string name, CellType type, Owner owner = {}, Span where = {});
    CellId last_cell() const { return static_cast<CellId>(system.cells.size()) - 1; }
    std::optional<CellId> cell_named(std::string_view name) const;
    /// Room for about as many cells and nodes as the owners' texts will make.
    void reserve(std::vector<Owner> const& owners);

    // parties.cpp: entities, contracts, which of them run
    void add_entities();
    void add_contracts();
    int entity_of(Party const& party, Scope const& scope);
    int block_of(Owner owner) const;
    /// Where the texts of a block are read for one of its instances.
    Scope scope_of(Owner owner, int declared) const;
    Deal const& deal_of(int contract) const;        ///< what the book writes of it
    Entity const* written_entity(int entity) const; ///< null: brought along by the model

    // parameters.cpp: figures and defaults → cells
    void add_parameters(Owner owner);
    void give(Cell& cell, Entry const& entry, Parameter const& parameter, double factor);
    bool has_all_parameters(Deal const& deal, int block, std::string& missing);
    NodeId row_field(Owner owner, int block, int index, int row, int field);
    int rows_of(Owner owner, int block, int index) const;

    /// indices.cpp: an index of the book; 0 without a figure.
    NodeId index_value(std::string const& id);
    NodeId index_figure(std::string const& name, DatedSeries const& series,
                        std::vector<Distribution> const& rivals);
    NodeId index_by_step(DatedSeries const& series, std::vector<DatedFigure> const& figures,
                         std::vector<std::size_t> const& holds);
    Cell& add_index_cell(std::string name, DatedSeries const& series);
    int first_part(Owner owner) const;
    double share_of(int contract) const;
    NodeId drawn_for(NodeId first, Owner owner, int part, Unit const& unit);

    // names.cpp, expressions.cpp
    Meaning look_up(Path const& path, Scope const& scope);
    /// Who stands in a role of a contract.
    Meaning in_role(int contract, Word role) const;
    NodeId lives(Owner owner, int lag = 0);
    NodeId compile(ExpressionId expression, Scope const& scope);
    NodeId compile_extreme(NodeOp op, Apply const& apply, Scope const& scope);
    void refuse_changing_life(NodeId life);
    NodeOp before_the_end(NodeOp comparison, NodeId left, NodeId right) const;
    NodeId compile_memory(Apply const& apply, ExpressionId expression, Scope const& scope);
    /// USD per time becomes USD of the step.
    NodeId compile_amount(ExpressionId expression, Scope const& scope);

    // aggregates.cpp
    NodeId compile_aggregate(ExpressionId id, Span where, Scope const& scope);

    // selections.cpp: who is selected, by kind and by role
    void list_selected();
    std::vector<Owner> const& selected(int block) const;
    Selector const& selector(ExpressionId id, int block);
    PartyIndex const& party_index(Path const& path, int block);

    /// A statement of an owner's block, with where its names are looked up.
    struct Told {
        Statement const& statement;
        Owner owner;
        Scope scope;
        MemberKey key;
    };
    Told statement_of(Owner owner, int block, int index) const;
    /// "openai-oracle.payment", "openai-oracle.purchase".
    std::string name_of(Told const& told) const;
    bool owner_runs(Owner owner) const;
    void set_cell(CellId cell, NodeId value, NodeId start = -1);

    // declare.cpp
    int till_number(std::string const& name);
    void add_flow(MemberKey key, SystemFlow flow);
    CellId add_coins(CellType type, std::string name, Told const& told);
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

    // schedules.cpp
    void define_schedules(Owner owner);
    /// The value of a node that rests on figures without a spread and without dates, else the name
    /// of the first cell that is not so.
    std::optional<double> certain(NodeId node, std::string& uncertain);

    // states.cpp
    void declare_states();
    void declare_chance(Deal const& deal);
    /// What is no figure's own: a cell of this name that a path draws.
    NodeId drawn_once(std::string name, Distribution spread);
    /// One of several spreads, all as likely, drawn once a path.
    NodeId one_of(std::string const& name, std::vector<Distribution> const& rivals);
    NodeId comes(std::size_t contract);     ///< 1 on paths that draw its deal
    NodeId has_begun(std::size_t contract); ///< signed, on paths that draw it
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
    void start_parts();
    std::vector<std::array<std::vector<NodeId>, 2>> dues_by_entity(); ///< {out, in}
    void define_totals();
    NodeId total(int entity, Word name);

    std::string const& owner_name(Owner owner) const;
    /// What the names of an owner's cells begin with: "openai."; nothing for the model.
    std::string prefix_of(Owner owner) const;
    NodeId usd(CellId coins, int lag = 0);

    Unit money;                          ///< the model's, by itself
    MemberNumbers variables, parameters; ///< cells
    MemberNumbers flows, commits;        ///< flow numbers; promise numbers
    MemberNumbers bookings;              ///< cells
    /// The last flow by (contract, transaction, payer, payee), and by flow the one before it.
    Numbers<std::array<int, 4>> last_flow_between;
    std::vector<int> flow_before;
    std::unordered_map<std::string, Owner> owner_of_name; ///< by id, with underscores for hyphens
    Numbers<std::array<int, 3>> parts;                    ///< cells by (contract, entity, account)
    Bookings booked;
    /// By (contract, account): the entity that it books for, or `several`.
    static constexpr int several = std::numeric_limits<int>::max();
    Numbers<std::array<int, 2>> touches;
    Numbers<std::array<int, 2>> totals; ///< cells by (entity, word)
    std::vector<CellId> contract_live, contract_begun, contract_ended, contract_life;
    std::map<std::string, NodeId> deal_comes; ///< by deal with a chance: 1 on paths that draw it
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

    /// The outermost brackets that a name was found in since this was last set (0: outside all):
    /// whether what stands in brackets means the same for all who ask.
    static constexpr int untouched = std::numeric_limits<int>::max();
    int touched = untouched;
    Span doing; ///< the text that is being read, for limits

  private:
    NodeId keep(Node const& node);
    NodeId append(Node const& node);
    void widen(std::size_t places);
    void add_entity(std::string id, std::string name, std::string const& kind,
                    Entity const* written, bool outside);
    void add_contract(SystemContract contract, Deal const& deal);
    std::vector<SystemContract> contracts_of(Deal const& deal, int block);
    std::string why_not(Deal const& deal, int block);
    void resolve_deal_roles();
    void list_roles();
    /// Another series of numbers, one a step.
    void count_given(std::size_t series);
    NodeId aggregate_rows(ExpressionId id, Span where, Scope const& scope);
    Gathered aggregate_all(ExpressionId id, Aggregate const& aggregate, Scope const& scope);

    struct NodePlace {
        std::uint32_t hash = 0;
        NodeId node = -1; ///< -1: free
    };
    std::vector<NodePlace> places_; ///< open addressing; a power of two
    std::size_t places_taken_ = 0;
    std::vector<NodeId> numbers_; ///< by expression that is a number; −1: not yet
    static constexpr std::size_t near_nodes = 2;
    /// By cell: the nodes of its value now and a step ago, which are not in places_; −1: not yet.
    std::vector<std::array<NodeId, near_nodes>> cell_nodes_;
    std::vector<signed char> fold_state_;
    std::vector<double> fold_value_;
    std::size_t work_ = 0, given_ = 0;

    std::unordered_map<std::string, int> entity_numbers_, contract_numbers_, tills_{{"", 0}};
    std::set<std::string> ended_deals_;
    std::vector<Deal const*> deals_;
    std::vector<Entity const*> entities_;
    std::vector<std::vector<Owner>> selected_; ///< by block
    std::unordered_map<ExpressionId, Selector> selectors_;
    std::map<std::pair<int, std::vector<Word>>, PartyIndex> party_indices_; ///< by block and path
    SharedTrees shared_;                        ///< by selection and who is asked for
    std::unordered_set<ExpressionId> unshared_; ///< whose bodies depend on who asks

    /// Who stands in a contract's roles: those of contract c from role_starts_[c] on.
    struct RoleOf {
        Word role;
        Owner who;
    };
    std::vector<RoleOf> roles_;
    std::vector<std::size_t> role_starts_;
    std::vector<NodeId> operands_; ///< of the expressions that are being read
};

} // namespace perpetuum::instancing
