// A model's texts as one model, stage by stage.

#include <perpetuum/model/link.hpp>
#include <perpetuum/model/units.hpp>

namespace perpetuum {

namespace {

constexpr std::size_t largest_text = 1'000'000;

void add_built_ins(Model& model) {
    auto const account = [&](char const* name, AccountClass type, char const* phrase) {
        Account built_in;
        built_in.name = name;
        built_in.type = type;
        built_in.phrase = phrase;
        model.accounts.push_back(built_in);
    };
    account("cash", AccountClass::asset, "money");
    account("retained", AccountClass::equity, "income less expense of all steps before");
    account("other", AccountClass::asset, "assets that no account names");
    model.blocks.resize(3);
    model.blocks[1].type = model.blocks[2].type = BlockType::kind;
    model.blocks[1].name = "entity";
    model.blocks[1].phrase = "whoever signs, pays and is paid";
    model.blocks[2].name = "outside";
    model.blocks[2].phrase = "a sector: its purse is not modelled, it can always pay";
    model.blocks[2].extends = 1;
}

/// A text that can be read at all: not too long, and UTF-8.
bool fit_to_read(int text, Diagnostics& diagnostics) {
    std::string const& content = diagnostics.text(text).content;
    Span const start{text, 0, 0};
    if (content.size() > largest_text) {
        diagnostics.error(start, "this text has more than 1 MB", "split the model");
        return false;
    }
    if (std::size_t const at = damaged_utf8(content); at != std::string::npos) {
        auto const byte = static_cast<std::uint32_t>(at);
        diagnostics.error({text, byte, byte + 1}, "this is no UTF-8 text", "save it as UTF-8");
        return false;
    }
    return true;
}

void check_all_units(Model& model, grammar::Names const& names,
                     std::vector<grammar::Meaning> const& meanings, Diagnostics& diagnostics) {
    if (!model.declares_units) {
        Span where = model.blocks[0].where;
        for (auto const& block : model.blocks)
            if (where.text < 0) where = block.where;
        if (where.text >= 0)
            diagnostics.note(where, "this model declares no units, so none are checked",
                             "declare them: unit NAME, money USD");
        return;
    }
    grammar::Dimensions table;
    grammar::Cells cells = grammar::number_cells(model, names, table);
    grammar::infer_units(model, meanings, cells, table);
    grammar::check_units(model, meanings, cells, table, diagnostics);
    grammar::store_units(model, cells, table);
}

/// Every declaration as it is written; what it refers to is not looked at.
grammar::Draft read_texts(std::vector<int> const& texts, Model& model, Diagnostics& diagnostics) {
    add_built_ins(model);
    std::vector<grammar::TokenizedText> lines;
    for (int const text : texts)
        if (fit_to_read(text, diagnostics))
            lines.push_back(grammar::read_lines(text, diagnostics.text(text).content, diagnostics));
    std::size_t tokens = 0;
    for (auto const& text : lines) tokens += text.tokens.size();
    model.expressions.reserve(tokens / 2); // more than most models need
    grammar::Draft draft;
    grammar::read_headers(lines, model, draft, diagnostics);
    for (auto const& text : lines) grammar::read_text(text, model, draft, diagnostics);
    return draft;
}

} // namespace

Model parse_model(std::vector<int> const& texts, std::vector<KnownId> const& ids,
                  Diagnostics& diagnostics) {
    Model model;
    model.ids = ids;
    grammar::Draft draft = read_texts(texts, model, diagnostics);
    grammar::link_declarations(model, draft, diagnostics);
    grammar::Names const names(model, true);
    grammar::check_declarations(names, diagnostics);
    auto const meanings = grammar::resolve_model(model, names, ids, diagnostics);
    check_all_units(model, names, meanings, diagnostics);
    return model;
}

bool check_model_texts(std::vector<int> const& texts, Diagnostics& diagnostics) {
    int const before = diagnostics.errors();
    Model model;
    read_texts(texts, model, diagnostics);
    return diagnostics.errors() == before;
}

ExpressionId parse_expression(Model& model, Span where, Diagnostics& diagnostics) {
    int const before = diagnostics.errors();
    auto const tokens = grammar::tokenize(where.text, diagnostics.text(where.text).content,
                                          where.begin, where.end, diagnostics);
    grammar::KnownWords known;
    for (std::size_t i = 1; i < model.blocks.size(); ++i)
        known.selectable.insert(model.blocks[i].name);
    for (auto const& block : model.blocks)
        for (auto const& parameter : block.parameters)
            if (parameter.is_table) known.tables.insert(parameter.name);
    if (diagnostics.errors() > before) return -1;
    grammar::Cursor cursor(tokens, 0, tokens.tokens.size(), false, diagnostics);
    try {
        if (cursor.done()) cursor.fail(where, "an expression is missing here");
        ExpressionId const expression = grammar::ExpressionParser(cursor, model, known).read();
        cursor.expect_end();
        return expression;
    } catch (grammar::StatementFault const&) {
        return -1;
    }
}

} // namespace perpetuum
