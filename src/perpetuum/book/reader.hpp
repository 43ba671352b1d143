#pragma once
// The reader's workbench: everything that the parts of reading a book share. Private to the room.
//
// Order of work: head, sources, currencies, then the ids of everything, then the tables themselves,
// then what can only be seen with all of them at hand. A figure that was not known at `as_of` is
// parsed and checked like any other and then left out.

#include <perpetuum/book/figure.hpp>
#include <perpetuum/book/tree.hpp>

#include <map>
#include <set>
#include <unordered_map>

namespace perpetuum {

/// What a table adds to the figures in it.
struct TableRules {
    std::optional<FiscalYear> fiscal;
    std::optional<Citation> fallback;
    bool minus_allowed = true;
    Reading reading = Reading::either;
    bool converts = true;           ///< other currencies become the model's money
    std::optional<Period> money_at; ///< at the rates of this time; none: at the last known
    bool flow = false; ///< at its mean rate; a balance takes the last rate before its end
};

/// How many sourced figures a table has, and how many of them are known: what as-of goes by.
struct KnownTally {
    int sourced = 0, sourced_known = 0;
    bool kept() const { return sourced == 0 || sourced_known > 0; }
};

/// A key of a top-level table such as [deal], from whichever file.
struct TopKey {
    std::string key;
    Span where;
    TomlNode const* value = nullptr;
};

struct BookReader {
    BookText const& text;
    Vocabulary const& vocabulary;
    Diagnostics& diagnostics;
    std::optional<Date> asked_as_of;

    Book book;
    Units units;
    std::map<std::string, std::vector<TopKey>> tables;
    std::unordered_map<std::string, std::size_t> source_numbers;
    std::unordered_map<std::string, Span> entity_places, deal_places, headline_places,
        scenario_places;
    std::unordered_map<std::string, std::string> entity_kinds;
    std::unordered_map<std::string, std::string> deal_kinds;
    std::unordered_map<std::string, FiscalYear> fiscal_years;
    std::set<std::string> index_ids, currency_ids;
    std::set<std::string> kept_deals;
    /// As written, known or not: by deal, the newer one; by deal, the one that it comes true with.
    std::map<std::string, std::string> superseded, comes_with;
    std::map<std::string, std::set<std::string>>
        equation_names;                      ///< of deals, entities, headlines; made when asked for
    std::vector<DatedSeries> all_currencies; ///< also rates that were not known at as_of
    KnownTally* tally = nullptr;
    std::vector<Span> cited_places;         ///< of the sources of the figure that is read
    std::size_t suggestions_left = 200'000; ///< comparisons; bounds the work on hostile books

    BookReader(BookText const& of, Vocabulary const& by, std::optional<Date> as_of, Diagnostics& to)
        : text(of), vocabulary(by), diagnostics(to), asked_as_of(as_of), units(by.units) {}
    Book read();

    // reader.cpp: the order of work, what all parts need
    void collect_tables();
    std::vector<TopKey> const& table(std::string const& name) const;
    std::string suggestion(std::string_view name, std::vector<std::string> const& candidates);
    /// The nearest name, or else the whole list where it is short.
    std::string suggestion_or_list(std::string_view name,
                                   std::vector<std::string> const& candidates);
    void unknown_key(TomlMember const& member, std::string const& place,
                     std::vector<std::string> const& known);
    bool good_id(TopKey const& key, std::string const& what);
    /// Of several tables of one id (reported elsewhere) only the first is read.
    static bool stands_at(std::unordered_map<std::string, Span> const& places, TopKey const& key);
    void error(Span where, std::string message, std::string hint = {}) {
        diagnostics.error(where, std::move(message), std::move(hint));
    }

    // reader_head.cpp
    void read_head();
    void read_head_key(TomlMember const& member);
    void read_sources();
    void read_source(TopKey const& key);
    void read_ids();
    void read_entity_id(TopKey const& key);
    void register_name(TopKey const& key, std::unordered_map<std::string, Span>& places,
                       std::unordered_map<std::string, std::pair<std::string, Span>>& written);

    // reader_values.cpp: plain values
    /// When something so dated was known: its last day, but no later than the book's own as_of if
    /// it had begun by then.
    Date known_from(Period period) const;
    std::string plain_text(TomlMember const& member);
    std::vector<std::string> text_list(TomlMember const& member,
                                       std::vector<Span>* places = nullptr);
    std::optional<bool> truth_of(TomlMember const& member);
    std::optional<Period> period_of(TomlNode const& node, std::optional<FiscalYear> const& fiscal);
    std::optional<Period> period_key(TomlMember const& member, TableRules const& rules);
    std::vector<std::string> ids_of(TomlMember const& member,
                                    std::unordered_map<std::string, Span> const& known,
                                    std::string const& what);
    bool known_id(std::string const& id, Span where,
                  std::unordered_map<std::string, Span> const& known, std::string const& what);
    /// The table's own `source`, or what the table around it gave.
    TableRules rules_of(TomlNode const& node, TableRules around);

    // reader_entry.cpp: figures
    bool known(Figure const& figure) const;
    void cite(std::vector<SourceRef> const& sources, std::vector<Span> const& places, Span where);
    /// Into a fresh one; false when something was wrong, and reported.
    bool read_figure(Figure& into, TomlNode const& node, FieldDescription const* field,
                     TableRules const& rules);
    bool check_figure(Figure& figure, FieldDescription const* field, TableRules const& rules);
    bool check_word(Figure const& figure, FieldDescription const& field);
    std::optional<std::vector<Figure>> rivals(TomlNode const& node, FieldDescription const* field,
                                              TableRules const& rules);
    std::optional<Entry> entry(TomlMember const& member, FieldDescription const* field,
                               TableRules const& rules);
    bool plain_date(TomlNode const& node, FieldDescription const* field, TableRules const& rules,
                    Entry& entry);
    bool rows(TomlNode const& node, FieldDescription const& field, TableRules const& rules,
              Entry& entry);
    bool by_period(TomlNode const& node, FieldDescription const* field, TableRules const& rules,
                   Entry& entry);
    void no_figure(TomlNode const& node, FieldDescription const* field);
    std::map<std::string, Entry> named_entries(TomlMember const& member, TableRules const& rules);

    // reader_currency.cpp
    void read_currencies();
    void read_indices();
    DatedSeries read_series(TopKey const& key, FieldDescription const* field);
    bool convert(Figure& figure, TableRules const& rules);
    std::optional<double> rate(std::string const& currency, TableRules const& rules) const;
    std::optional<double> rate_in(std::vector<DatedSeries> const& all, std::string const& currency,
                                  TableRules const& rules) const;
    void keep_known(DatedSeries& series) const;
    double money_per_unit(Figure const& figure, std::string const& currency) const;

    // reader_entity.cpp
    void read_entities();
    Entity read_entity(TopKey const& key);
    void read_entity_key(Entity& entity, KindDescription const* kind, TomlMember const& member,
                         TableRules const& rules);
    void read_owners(Entity& entity, TomlMember const& member, TableRules const& rules);
    void read_openings(Entity& entity, TomlMember const& member, TableRules const& rules);
    std::optional<Opening> read_opening(TomlMember const& member, TableRules const& rules);
    void read_reported(Entity& entity, TomlMember const& member, TableRules rules);
    void check_opening_cash(Entity const& entity);
    FieldDescription money_field(std::string name) const;

    // reader_deal.cpp, reader_roles.cpp
    void read_deals();
    void read_deal(TopKey const& key);
    void read_role(Deal& deal, RoleDescription const& role, TomlMember const& member,
                   TableRules const& rules);
    void read_split(std::vector<RoleHolder>& holders, TomlNode const& node,
                    RoleDescription const& role, TableRules const& rules);
    bool check_party(std::string const& id, Span where, RoleDescription const& role);
    bool read_common_key(Deal& deal, InstrumentDescription const& instrument,
                         TomlMember const& member, TableRules const& rules);
    void read_option(Deal& deal, InstrumentDescription const& instrument, TomlMember const& member,
                     TableRules const& rules);
    void read_says(Deal& deal, TomlMember const& member);
    void read_history(std::vector<std::pair<Period, Entry>>& into, TomlMember const& member,
                      TableRules rules);
    void read_deal_dates(Deal& deal, TomlMember const& member, TableRules const& rules);
    void read_accounts(std::map<std::string, std::string>& into, TomlMember const& member,
                       std::vector<std::string> const& roles);
    bool keep(Deal const& deal, KnownTally const& counted) const;
    void fill_outside(Deal& deal, InstrumentDescription const& instrument, Span where);

    // deal_checks.cpp
    void check_deal(Deal const& deal, InstrumentDescription const& instrument,
                    TomlNode const& written);
    void check_parties(Deal const& deal, InstrumentDescription const& instrument);
    void check_required(Deal const& deal, InstrumentDescription const& instrument,
                        TomlNode const& written);
    void check_with(Deal const& deal, TomlNode const& written);
    void check_term(Deal const& deal, Period begin);
    Date public_from(Figure const& figure) const;
    void check_amounts(Deal const& deal, InstrumentDescription const& instrument);
    void check_rows(Deal const& deal, FieldDescription const& table);
    void check_dates(Deal const& deal);
    void derive_term(Deal& deal, InstrumentDescription const& instrument);
    void finish_deals();
    void check_rings(std::map<std::string, std::string> const& next_of, std::string const& what,
                     std::string const& hint);
    void follow_draws();

    // history_checks.cpp
    void check_history(Deal const& deal, InstrumentDescription const& instrument);
    void check_total();

    // reader_study.cpp: headlines, expectations, scenarios, the model's own parameters
    void read_headlines();
    void read_headline(TopKey const& key);
    void read_expectations();
    void read_expectation(TopKey const& key);
    void check_expectation_names(Expectation const& expectation);
    bool in_equations(std::string const& prefix,
                      std::unordered_map<std::string, Span> const& places, std::string_view name);
    void read_scenarios();
    void read_scenario(TopKey const& key);
    void read_changes(Scenario& scenario, TomlMember const& member, std::string const& path,
                      TableRules const& rules);
    void read_change(Scenario& scenario, TomlMember const& member, std::string const& path,
                     TableRules const& rules);
    bool change_target(std::string const& path, Span where, FieldDescription& field, bool& kept);
    void check_extends();
    void read_model_parameters();

    // what the vocabulary says
    InstrumentDescription const* instrument(std::string_view name) const;
    KindDescription const* kind(std::string_view name) const;
    bool is_money(Unit const& unit) const;
};

/// 1 to 100 of a-z A-Z 0-9 - _
bool could_be_id(std::string_view text);
std::vector<std::string> names_of(std::vector<FieldDescription> const& fields);
FieldDescription const* field_named(std::vector<FieldDescription> const& fields,
                                    std::string_view name);
std::vector<std::string> ids_in(std::unordered_map<std::string, Span> const& places);
/// "USD", "a date", "one of cash, contract": what a field wants, for messages.
std::string wanted_words(FieldDescription const& field);

} // namespace perpetuum
