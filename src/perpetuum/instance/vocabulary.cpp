// What a model lets a book say: read off its blocks, so that no kind of firm or deal is named in
// the program.

#include <perpetuum/instance.hpp>

namespace perpetuum {

namespace {

/// The model's units, then those that every book may use.
Units units_of_books(Model const& model) {
    Units units = model.units;
    Units const common = Units::for_books();
    for (std::string const& name : common.names()) {
        if (units.known(name)) continue;
        UnitError error;
        if (auto const unit = common.parse(name, error)) units.add_derived(name, *unit);
    }
    return units;
}

FieldDescription described(Parameter const& parameter, bool units_declared,
                           std::optional<Unit> const& inferred) {
    FieldDescription field;
    field.name = parameter.name;
    field.phrase = parameter.phrase;
    field.is_date = parameter.is_date;
    field.is_table = parameter.is_table;
    field.is_word = !parameter.words.empty();
    field.words = parameter.words;
    field.required = parameter.fallback < 0;
    field.unit_known = units_declared;
    if (parameter.unit)
        field.unit = *parameter.unit;
    else if (inferred)
        field.unit = *inferred;
    return field;
}

FieldDescription field_of_parameter(Model const& model, int block, int index) {
    Parameter const& parameter =
        model.blocks[static_cast<std::size_t>(block)].parameters[static_cast<std::size_t>(index)];
    FieldDescription field =
        described(parameter, model.declares_units, unit_of_parameter(model, block, index));
    for (Parameter const& column : parameter.fields)
        field.fields.push_back(
            described(column, model.declares_units,
                      column.fallback < 0 ? std::nullopt : unit_of(model, column.fallback, block)));
    // A table is empty where the book gives no rows.
    if (field.is_table) field.required = false;
    return field;
}

std::vector<FieldDescription> fields_of_block(Model const& model, int block) {
    std::vector<FieldDescription> fields;
    for (auto const& [owner, index] : all_parameters(model, block))
        if (owner != 0 || block == 0) fields.push_back(field_of_parameter(model, owner, index));
    return fields;
}

std::vector<std::string> ancestors_of_block(Model const& model, int block) {
    std::vector<std::string> names;
    // A broken model may extend in a ring; it has errors, but must not hang us.
    for (int b = block; b >= 0 && names.size() <= model.blocks.size();
         b = model.blocks[static_cast<std::size_t>(b)].extends)
        names.push_back(model.blocks[static_cast<std::size_t>(b)].name);
    return names;
}

/// Whether an expression asks for a name of the contract itself.
bool mentions(Model const& model, ExpressionId expression, std::string_view name) {
    std::vector<ExpressionId> open{expression};
    while (!open.empty()) {
        ExpressionId const at = open.back();
        open.pop_back();
        if (at < 0) continue;
        ExpressionNode const& node = model.expressions[static_cast<std::size_t>(at)].node;
        if (auto const* found = std::get_if<Name>(&node)) {
            if (!found->parts.empty() && found->parts.back() == name) return true;
        } else if (auto const* apply = std::get_if<Apply>(&node)) {
            open.insert(open.end(), apply->arguments.begin(), apply->arguments.end());
        } else if (auto const* all = std::get_if<Aggregate>(&node)) {
            open.insert(open.end(), {all->filter, all->body, all->otherwise});
        }
    }
    return false;
}

/// Whether an instrument's equations ask for what was done before the start.
bool reads(Model const& model, int block, std::string_view name) {
    for (auto const& [owner, index] : all_variables(model, block)) {
        Variable const& variable = model.blocks[static_cast<std::size_t>(owner)]
                                       .variables[static_cast<std::size_t>(index)];
        if (mentions(model, variable.value, name) || mentions(model, variable.start, name))
            return true;
    }
    for (auto const& [owner, index] : all_statements(model, block))
        if (mentions(model,
                     model.blocks[static_cast<std::size_t>(owner)]
                         .statements[static_cast<std::size_t>(index)]
                         .amount,
                     name))
            return true;
    return false;
}

/// Whether a side books what the instrument promises in an account that opens with what is
/// outstanding: what was lent, or what a stake is carried at.
bool opens_an_account(Model const& model, int block) {
    auto const balance = [&](int account) {
        if (account < 0) return false;
        AccountClass const type = model.accounts[static_cast<std::size_t>(account)].type;
        return type != AccountClass::income && type != AccountClass::expense;
    };
    for (auto const& [owner, index] : all_statements(model, block)) {
        Statement const& told = model.blocks[static_cast<std::size_t>(owner)]
                                    .statements[static_cast<std::size_t>(index)];
        int const number =
            told.type == StatementType::commit ? model.transaction(told.transaction) : -1;
        if (number < 0) continue;
        Transaction const& booked = model.transactions[static_cast<std::size_t>(number)];
        if (balance(booked.payer_debits) || balance(booked.payee_credits)) return true;
    }
    return false;
}

/// Where both sides book what is owed: the accounts of what the instrument promises, if the payer
/// gets an asset for it and the payee a liability.
std::vector<ClaimDescription> claims_of(Model const& model, int block) {
    std::vector<ClaimDescription> claims;
    for (auto const& [owner, index] : all_statements(model, block)) {
        Statement const& told = model.blocks[static_cast<std::size_t>(owner)]
                                    .statements[static_cast<std::size_t>(index)];
        int const number =
            told.type == StatementType::commit ? model.transaction(told.transaction) : -1;
        if (number < 0 || told.from.parts.size() != 1 || told.to.parts.size() != 1) continue;
        Transaction const& booked = model.transactions[static_cast<std::size_t>(number)];
        if (booked.payer_debits < 0 || booked.payee_credits < 0) continue;
        Account const& asset = model.accounts[static_cast<std::size_t>(booked.payer_debits)];
        Account const& debt = model.accounts[static_cast<std::size_t>(booked.payee_credits)];
        if (asset.type != AccountClass::asset || debt.type != AccountClass::liability) continue;
        claims.push_back({told.from.parts[0], asset.name, false});
        claims.push_back({told.to.parts[0], debt.name, true});
    }
    return claims;
}

InstrumentDescription instrument_of(Model const& model, int block) {
    Block const& text = model.blocks[static_cast<std::size_t>(block)];
    InstrumentDescription instrument;
    instrument.name = text.name;
    instrument.phrase = text.phrase;
    instrument.ancestors = ancestors_of_block(model, block);
    instrument.fields = fields_of_block(model, block);
    for (auto const& [owner, index] : all_roles(model, block)) {
        Role const& role =
            model.blocks[static_cast<std::size_t>(owner)].roles[static_cast<std::size_t>(index)];
        int const kind = model.block(role.kind);
        bool const is_deal =
            kind >= 0 && model.blocks[static_cast<std::size_t>(kind)].type == BlockType::instrument;
        instrument.roles.push_back({role.name, role.kind, is_deal});
    }
    instrument.claims = claims_of(model, block);
    instrument.reads_outstanding =
        opens_an_account(model, block) || reads(model, block, "outstanding_before");
    // An account that opens with what was paid says nothing of what is still to be paid.
    instrument.reads_paid =
        reads(model, block, "paid_before") || reads(model, block, "outstanding_before");
    return instrument;
}

} // namespace

Vocabulary vocabulary_of(Model const& model) {
    Vocabulary vocabulary;
    vocabulary.units = units_of_books(model);
    if (!model.money.empty()) vocabulary.money = model.money;
    for (std::size_t b = 0; b < model.blocks.size(); ++b) {
        int const block = static_cast<int>(b);
        switch (model.blocks[b].type) {
        case BlockType::model:
            vocabulary.model_fields = fields_of_block(model, block);
            break;
        case BlockType::kind:
            vocabulary.kinds.push_back({model.blocks[b].name, ancestors_of_block(model, block),
                                        fields_of_block(model, block)});
            break;
        case BlockType::instrument:
            vocabulary.instruments.push_back(instrument_of(model, block));
            break;
        }
    }
    for (Account const& account : model.accounts)
        if (account.type != AccountClass::income && account.type != AccountClass::expense) {
            vocabulary.accounts.push_back(account.name);
            if (account.type == AccountClass::asset)
                vocabulary.asset_accounts.push_back(account.name);
            if (account.type == AccountClass::liability)
                vocabulary.liability_accounts.push_back(account.name);
        }
    for (Sector const& sector : model.sectors) vocabulary.sectors.push_back(sector.name);
    return vocabulary;
}

} // namespace perpetuum
