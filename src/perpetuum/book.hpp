#pragma once
/// book: what is written about firms and contracts: figures with spread, standing and sources;
/// read, linked, as of a day.
///
/// The reader knows no kind of firm or deal by name: a Vocabulary, made from the model, says which
/// there are.

#include <perpetuum/base.hpp>
#include <perpetuum/text.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace perpetuum {

enum class Standing { filed, announced, reported, rumoured, estimated, derived, assumed, disputed };
enum class Bound { none, about, up_to, at_least };
std::string_view name_of(Standing standing);
std::string_view name_of(Bound bound);

struct SourceRef {
    std::string id;    ///< of Book::sources; "desk" is the author
    std::string place; ///< page, section or time; free text
};

/// One figure as written. Exactly one of amount, period, word or undisclosed is what it holds.
struct Figure {
    enum class Holds { amount, period, word, undisclosed } holds = Holds::amount;
    double value = 0; ///< in base units (USD, GW, months; 3 % is 0.03); the centre of a range
    Unit unit; ///< as written: value / unit.factor is the number in it, scale (k M B T) apart
    Distribution spread; ///< in base units; Shape::point when none is written and it is no range
    bool spread_written = false;
    Period period;    ///< when it holds a period
    std::string word; ///< when it holds a word
    Bound bound = Bound::none;
    std::string basis; ///< pre-money, post-money, it, site
    bool was = false;  ///< overtaken by a newer one
    Standing standing = Standing::assumed;
    std::vector<SourceRef> sources;
    std::string remark;
    std::string text; ///< the whole as written
    Span where;
};

/// What stands under a key: rivals side by side (the first is used), or one figure per period, or
/// both kinds of name.
struct Entry {
    std::vector<Figure> rivals; ///< those known at as_of; overtaken ones last
    std::vector<std::pair<Period, std::vector<Figure>>> by_period;
    std::vector<std::string> references;            ///< ids, where the key names deals or entities
    std::vector<std::map<std::string, Entry>> rows; ///< a table such as tranches: one map a row
    std::optional<Period>
        plain_period; ///< a bare or quoted date without standing: also the one rival, without source
    Span where, key_where;
    /// The one used: first rival not overtaken; null when none is known.
    Figure const* used() const;
};

// Entry holds maps of itself: clang 14 with the library of g++ 12 only manages when the pair is
// asked for here, before anything that is copied holds it.
static_assert(sizeof(std::pair<std::string const, Entry>) > 0);

struct Source {
    std::string id, title, url, where_found, original, seen, quote;
    std::optional<Date> date; ///< end of the day (or of the coarser period) on which it became
                              ///< public; none = unknown
    bool used = false;        ///< some figure or date of the book cites it, known at as_of or not
    Span where;
};

struct OwnerShare {
    std::string holder;
    Figure share;
};

struct Opening {
    Period at; ///< the day of the sheet
    std::map<std::string, Entry>
        accounts; ///< by the model's names, plus total_assets and equity as controls
    std::map<std::string, Entry>
        cash_from; ///< part of the cash known to be finance received before, by party
    Span where;
};

struct Entity {
    std::string id, name, kind;
    std::optional<FiscalYear> fiscal_year;
    std::vector<std::string> sponsors;
    std::map<std::string, Entry> parameters; ///< of its kind
    std::vector<OwnerShare> owners;
    std::vector<Opening> openings;         ///< oldest first; only what is known at as_of
    std::map<std::string, Entry> reported; ///< any name, by period
    std::map<std::string, Entry> facts;
    std::map<std::string, std::string> account; ///< overrides
    std::string note;
    Span where;
};

/// A role that one party holds, or a split with shares that sum to 1 (a "rest" takes what is left).
struct RoleHolder {
    std::string id;
    double share = 1;
    std::optional<Figure> share_figure;
};

struct Deal {
    std::string id, kind;
    std::map<std::string, std::vector<RoleHolder>>
        roles; ///< one that names deals is empty where none was known at as_of
    std::map<std::string, Entry>
        parameters; ///< of its instrument; tables as rows; one not known at as_of has no figure
    std::optional<Period> signed_on;
    std::optional<Figure> signed_figure;
    std::optional<bool> binding; ///< absent = not known, drawn as false
    std::optional<Figure> chance;
    std::string with; ///< comes true exactly where this deal does; then no chance of its own
    /// Where `with` leads in the end: the deal whose draw decides. Empty without `with`, and where
    /// a deal on the way was not known at as_of: then this one does not come true.
    std::string drawn_with;
    std::optional<Figure> ended;        ///< only if known at as_of; its period says when
    std::string superseded_by;          ///< only if the newer deal is known at as_of
    std::vector<std::string> bound_for; ///< `for`: deals to which the money is bound
    std::vector<std::string> linked;
    std::vector<std::pair<Period, Entry>> paid, drawn, repaid;
    std::map<std::string, std::string> account; ///< role → account that overrides the transaction's
    std::map<std::string, Entry> facts;
    std::map<std::string, Entry> says; ///< party → what it answers
    std::optional<std::map<std::string, Entry>> option;
    std::string note;
    Span where;

    bool firm() const { return binding.value_or(false); }
};

struct Headline {
    std::string id;
    std::vector<std::string> by, parts;
    Entry amount;
    bool complete = false;
    std::string note;
    Span where;
};

/// `name = "expression within lo..hi unit standing [source]"`
struct Expectation {
    std::string name;
    std::string left; ///< the expression's text, before " at " or " within "
    std::optional<Period> at;
    Figure within; ///< its range
    Span where, left_where;
};

struct ScenarioChange {
    std::string path;     ///< deal.ID.parameter, entity.ID.parameter, model.parameter
    char operation = '='; ///< '=' puts, '*' multiplies, '+' adds
    Figure figure;
    Span where;
};

struct Scenario {
    std::string id, says, extends;
    std::optional<Period> from;
    std::vector<ScenarioChange> set;
    std::vector<std::string> end, fail;
    Span where;
};

/// A series of dated figures: a currency's rate or an index of interest.
struct DatedSeries {
    std::string id;
    std::vector<std::pair<Period, Entry>> values;
    Span where;
};

struct Book {
    std::string path, title, currency = "USD", outside, model, licence;
    Date as_of;     ///< what was known: the end (exclusive) of that day
    Date own_as_of; ///< the head's own as_of; as_of differs from it under --as-of
    Date start;     ///< the run begins here: the end (exclusive) of that day; never after as_of
    std::vector<Source> sources;
    std::vector<Entity> entities;
    std::vector<Deal> deals; ///< only those known at as_of
    std::vector<Headline> headlines;
    std::vector<Expectation> expectations;
    std::vector<Scenario> scenarios;
    std::vector<DatedSeries> currencies, indices;
    std::map<std::string, Entry> parameters; ///< of the model itself: [model]
    Span head_where;

    Entity const* entity(std::string_view id) const;
    Deal const* deal(std::string_view id) const;
    Source const* source(std::string_view id) const;
};

// ---- what the model lets a book say
// -------------------------------------------------------------------------------------

/// A parameter that a kind, an instrument or the model declares.
struct FieldDescription {
    std::string name;
    Unit unit;
    bool unit_known = true; ///< false: anything goes (textbook models)
    bool is_date = false;   ///< declared `: date`
    bool is_table = false;  ///< declared NAME[]
    bool required = true;   ///< has no default
    bool is_word = false;   ///< declared with a list of words: `: cash | contract`
    std::vector<std::string> words;
    std::vector<FieldDescription> fields; ///< of a table
    std::string phrase;
};
struct KindDescription {
    std::string name;
    std::vector<std::string> ancestors; ///< itself first
    std::vector<FieldDescription> fields;
};
struct RoleDescription {
    std::string name;
    std::string kind; ///< of an entity, or an instrument's name when is_deal
    bool is_deal = false;
};
/// The account in which the holder of a role books what is outstanding of a deal.
struct ClaimDescription {
    std::string role, account;
    bool liability = false; ///< else the other side's asset
};
struct InstrumentDescription {
    std::string name;
    std::vector<std::string> ancestors;
    std::vector<RoleDescription> roles;
    std::vector<FieldDescription> fields;
    std::string phrase;
    std::vector<ClaimDescription> claims = {}; ///< of what it promises: empty when that is no debt
    bool reads_paid = true;        ///< its equations know what was paid before the start
    bool reads_outstanding = true; ///< … what was drawn and repaid
};
struct Vocabulary {
    Units units = Units::for_books();
    std::string money = "USD";
    std::vector<KindDescription> kinds;
    std::vector<InstrumentDescription> instruments;
    std::vector<FieldDescription> model_fields;
    std::vector<std::string> accounts; ///< names an opening may use
    std::vector<std::string> asset_accounts,
        liability_accounts; ///< which of them are; empty = not told: sheets are not added up
    std::vector<std::string> sectors; ///< entities that the model brings along
};

// ---- reading
// --------------------------------------------------------------------------------------------------------------

/// A book's texts, parsed as TOML within limits but not yet understood. Copyable; keeps the trees
/// alive.
struct BookText;
struct BookTextDeleter {
    void operator()(BookText*) const;
};
using BookTextPtr = std::unique_ptr<BookText, BookTextDeleter>;

/// Reads a folder of *.toml (in the order of their names) or one file. Size (4 MB a file, 64 MB a
/// book), nesting (32), key length (200 bytes), UTF-8 and line ends are checked before the TOML
/// library sees a byte. On trouble adds diagnostics and returns what could be read (maybe nothing).
BookTextPtr read_book_text(std::string const& path, Diagnostics& diagnostics);
/// The name of the model that the head asks for; empty when it names none.
std::string model_of(BookText const& text);
/// 16 hex digits (FNV-1a, 64 bits) of all its texts and their names, for citing: the same bytes
/// give the same digest.
std::string book_digest(BookText const& text);

/// Understands the tables against a vocabulary, keeps what was known at `as_of` (default: the
/// head's), and reports every mistake it finds. The result is only whole if diagnostics.failed() is
/// false.
Book interpret_book(BookText const& text, Vocabulary const& vocabulary, std::optional<Date> as_of,
                    Diagnostics& diagnostics);

/// One figure in the grammar of the handbook's page on books. `where` is the span of the whole
/// string.
std::optional<Figure> parse_figure(std::string_view text, Span where, Units const& units,
                                   std::optional<FiscalYear> fiscal, Diagnostics& diagnostics);
/// A plain number between 0 and 100 %, with all its spread: what a deal's chance must be.
bool is_chance(Figure const& figure);
/// "up to 100 B USD announced": value with bound, scale and unit, for tables.
std::string print_figure(Figure const& figure);

// ---- layout
// -----------------------------------------------------------------------------------------------------------------

/// Whether one file of a book is TOML within the limits; if not, errors with their places.
bool check_book_file(int text, Diagnostics& diagnostics);
/// A book's file laid out: keys in the first column, what goes on inside brackets by four for each;
/// equals signs of neighbouring keys in a column where one of them stands in one; one blank line at
/// most in a row and one before each header. Comments, strings and blanks within values stay, and
/// so does all that the file says (it is read before and after). Laying out twice changes nothing.
/// Nothing when the file is no TOML.
std::optional<std::string> format_book(std::string const& text);

// ---- small files beside a model
// --------------------------------------------------------------------------------------------

/// `KEY = "TEXT"` or `KEY = ["TEXT", "TEXT"]`; numbers count as texts, as they are written.
struct ListItem {
    struct Text {
        std::string text;
        Span where; ///< between its quotes
    };
    std::string key;
    Span where;
    bool is_list = false;
    std::vector<Text> texts;
};
struct ListSection {
    std::string name; ///< of its heading; empty: what stands above the first one
    Span where;
    std::vector<ListItem> items;
};
/// A TOML file of texts and lists of texts under headings, in their order: a scenario or a matrix
/// for a model without a book. Errors (no TOML, another sort of value) have their places; the first
/// section is always the one without a name, unless the file is no TOML.
std::vector<ListSection> read_lists(int text, Diagnostics& diagnostics);

// ---- what a book rests on
// ---------------------------------------------------------------------------------------------------

/// Dollars of the deals' amounts by standing of the figure used, and how many figures.
struct StandingRow {
    Standing standing = Standing::assumed;
    int figures = 0;
};
std::vector<StandingRow> standings(Book const& book);
/// Rivals more than 20 % apart, sources never used, second-hand filings … are warnings in
/// `diagnostics`.
void review_book(Book const& book, Vocabulary const& vocabulary, Diagnostics& diagnostics);

} // namespace perpetuum
