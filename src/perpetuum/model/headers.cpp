// The first look at all texts: what must be known before an expression can be read, since the order
// of texts and of declarations does not matter.

#include <perpetuum/model/parser.hpp>

#include <cstdlib>
#include <map>

namespace perpetuum::grammar {

namespace {

constexpr std::size_t most_units = 500;

struct DerivedUnit {
    std::string name;
    Span where;
    TokenizedText const* source;
    std::size_t first, last; ///< tokens of the definition
};

class HeaderReader {
  public:
    HeaderReader(Model& model, Draft& draft, Diagnostics& diagnostics)
        : model_(model), draft_(draft), diagnostics_(diagnostics) {}

    void look_at(TokenizedText const& text, Line const& line) {
        Cursor cursor(text, line.first, line.last, line.broken, diagnostics_);
        try {
            std::string_view const word = cursor.peek();
            if (word == "money") money(cursor);
            if (word == "unit") units(cursor);
            if ((word == "kind" || word == "instrument") && cursor.next_is(TokenType::word, 1))
                draft_.known.selectable.emplace(cursor.peek(1));
            if (word == "param" && cursor.peek(2) == "[")
                draft_.known.tables.emplace(cursor.peek(1));
        } catch (StatementFault const&) {
        }
    }

    /// Derived units may rest on each other in any order.
    void resolve_derived() {
        for (bool progress = true; progress && !derived_.empty();) {
            progress = false;
            std::vector<DerivedUnit> waiting;
            for (auto& unit : derived_) {
                if (define(unit, true))
                    progress = true;
                else
                    waiting.push_back(std::move(unit));
            }
            derived_ = std::move(waiting);
        }
        for (auto const& unit : derived_) {
            define(unit, false);
            model_.units.add_base(unit.name); // so that its uses are no faults of their own
        }
    }

  private:
    void money(Cursor& cursor) {
        cursor.skip();
        Span const where = cursor.where();
        std::string const name = unit_name(cursor);
        double coin = 0.01;
        if (model_.money.empty()) { // known even when the rest of the line is wrong
            model_.money = name;
            model_.declares_units = true;
            declare(cursor, name, where, true);
        }
        if (cursor.accept("in")) coin = positive_number(cursor);
        while (cursor.next_is(TokenType::string)) cursor.skip();
        cursor.expect_end();
        if (draft_.money_declared) {
            if (name == model_.money && !(coin < model_.coin) && !(coin > model_.coin)) return;
            cursor.complain(where, "money is declared twice", "a model has one currency");
            diagnostics_.note(money_where_, "money is declared here first");
            return;
        }
        draft_.money_declared = true;
        money_where_ = where;
        model_.coin = coin;
    }

    double positive_number(Cursor& cursor) {
        Span const where = cursor.where();
        if (!cursor.next_is(TokenType::number))
            cursor.fail(where, "expected the size of a coin, found " + cursor.found(),
                        "write for instance 'money USD in 0.000001'");
        double const value = std::strtod(std::string(cursor.take()).c_str(), nullptr);
        if (!(value >= 1e-12 && value <= 1e12))
            cursor.fail(where, "a coin must be from 1e-12 to 1e12 of the currency");
        return value;
    }

    void one_unit(Cursor& cursor) {
        try {
            Span const where = cursor.where();
            std::string const name = unit_name(cursor);
            if (!cursor.accept("=")) return void(declare(cursor, name, where, true));
            std::size_t const first = cursor.position();
            skip_definition(cursor);
            if (declare(cursor, name, where, false))
                derived_.push_back({name, where, &cursor.source(), first, cursor.position()});
        } catch (StatementFault const&) {
            if (++faults_ > 100) throw;
            skip_definition(cursor); // the next one may be right
        }
    }

    void units(Cursor& cursor) {
        cursor.skip();
        model_.declares_units = true;
        do {
            one_unit(cursor);
        } while (cursor.accept(","));
        while (cursor.next_is(TokenType::string)) cursor.skip();
        cursor.expect_end();
    }

    static void skip_definition(Cursor& cursor) {
        while (!cursor.done() && cursor.peek() != "," && !cursor.next_is(TokenType::string))
            cursor.skip();
    }

    std::string unit_name(Cursor& cursor) {
        Span const where = cursor.where();
        std::string name = cursor.take_name("a unit");
        if (magnitude_of(name) > 0)
            cursor.fail(where, quoted(name) + " stands for a magnitude", "k M B T are taken");
        return name;
    }

    /// False when the name is taken. The same base unit may stand in several texts.
    bool declare(Cursor& cursor, std::string const& name, Span where, bool base) {
        for (auto const& [known, first] : declared_) {
            if (known != name) continue;
            if (base && base_[known]) return false;
            if (++faults_ > 100) return false;
            cursor.complain(where, "unit " + quoted(name) + " is declared twice");
            diagnostics_.note(first, quoted(name) + " is declared here first");
            return false;
        }
        if (model_.units.known(name)) {
            cursor.complain(where, quoted(name) + " is a built-in unit", "leave it away");
            return false;
        }
        if (declared_.size() >= most_units)
            cursor.fail(where, "more than 500 units", "declare fewer");
        declared_.emplace(name, where);
        base_[name] = base;
        if (base) model_.units.add_base(name);
        return true;
    }

    /// `0.001 A` or `A`; false when a unit in it is not known (yet).
    bool define(DerivedUnit const& unit, bool muted) {
        Cursor cursor(*unit.source, unit.first, unit.last, muted, diagnostics_);
        try {
            Unit result;
            if (cursor.next_is(TokenType::number)) {
                ExpressionParser parser(cursor, model_, draft_.known);
                Number const number = parser.read_signed_number();
                result = number.unit;
                result.factor = number.value;
            } else {
                result = take_declared_unit(cursor, model_.units);
            }
            cursor.expect_end();
            if (!(result.factor > 0)) cursor.fail(unit.where, "a unit of size 0 measures nothing");
            model_.units.add_derived(unit.name, result);
            return true;
        } catch (StatementFault const&) {
            return false;
        }
    }

    Model& model_;
    Draft& draft_;
    Diagnostics& diagnostics_;
    Span money_where_;
    int faults_ = 0;
    std::map<std::string, Span> declared_;
    std::map<std::string, bool> base_;
    std::vector<DerivedUnit> derived_;
};

} // namespace

void read_headers(std::vector<TokenizedText> const& texts, Model& model, Draft& draft,
                  Diagnostics& diagnostics) {
    draft.known.selectable = {"entity", "outside"};
    HeaderReader reader(model, draft, diagnostics);
    for (auto const& text : texts)
        for (auto const& line : text.lines) reader.look_at(text, line);
    reader.resolve_derived();
}

} // namespace perpetuum::grammar
