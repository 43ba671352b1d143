// What the opening sheets leave open: the differences that a run has to book somewhere.

#include <perpetuum/instance.hpp>

#include <algorithm>
#include <set>

namespace perpetuum {

namespace {

/// The sheet that a run starts from: the latest at or before the start.
Opening const* sheet_at_start(Entity const& entity, Date start) {
    Opening const* latest = nullptr;
    for (Opening const& opening : entity.openings)
        if (opening.at.end <= start) latest = &opening;
    return latest;
}

std::optional<double> amount_of_entry(Entry const& entry) {
    Figure const* figure = entry.used();
    if (!figure || figure->holds != Figure::Holds::amount) return std::nullopt;
    return figure->value;
}

/// What a finance deal leaves owing at the start, by the book's history of it.
double outstanding_at(Deal const& deal, Date start) {
    double outstanding = 0;
    Date drawn_until{0};
    auto const add = [&](std::vector<std::pair<Period, Entry>> const& history, double sign) {
        for (auto const& [period, entry] : history)
            if (period.middle() <= start && period.end > drawn_until)
                outstanding += sign * amount_of_entry(entry).value_or(0);
    };
    add(deal.paid, 1);
    // A drawn figure is a balance, not a flow: the latest one counts, with what came after it.
    for (auto const& [period, entry] : deal.drawn)
        if (period.middle() <= start && period.end > drawn_until) {
            drawn_until = period.end;
            outstanding = amount_of_entry(entry).value_or(0);
        }
    add(deal.repaid, -1);
    return std::max(0.0, outstanding);
}

/// The liability account in which the payee of an instrument's commitment stands, −1 = none:
/// debt-like instruments are told by how they book, not by name.
int debt_account_of(Model const& model, int block, std::string& payee_role) {
    for (auto const& [owner, index] : all_statements(model, block)) {
        Statement const& statement = model.blocks[static_cast<std::size_t>(owner)]
                                         .statements[static_cast<std::size_t>(index)];
        if (statement.type != StatementType::commit || statement.to.parts.size() != 1) continue;
        int const transaction = model.transaction(statement.transaction);
        if (transaction < 0) continue;
        int const account = model.transactions[static_cast<std::size_t>(transaction)].payee_credits;
        if (account < 0 ||
            model.accounts[static_cast<std::size_t>(account)].type != AccountClass::liability)
            continue;
        payee_role = statement.to.parts[0];
        return account;
    }
    return -1;
}

/// By entity and account: what the book's deals leave owing.
std::map<std::pair<std::string, std::string>, double> debts_in_deals(Book const& book,
                                                                     Model const& model) {
    std::map<std::pair<std::string, std::string>, double> debts;
    for (Deal const& deal : book.deals) {
        int const block = model.block(deal.kind);
        if (block < 0) continue;
        std::string role;
        int const account = debt_account_of(model, block, role);
        auto const holders = deal.roles.find(role);
        if (account < 0 || holders == deal.roles.end()) continue;
        for (RoleHolder const& holder : holders->second)
            debts[{holder.id, model.accounts[static_cast<std::size_t>(account)].name}] +=
                holder.share * outstanding_at(deal, book.start);
    }
    return debts;
}

/// Accounts in which some instrument's commitment is owed.
std::set<std::string> debt_accounts(Model const& model) {
    std::set<std::string> accounts;
    for (std::size_t b = 0; b < model.blocks.size(); ++b) {
        if (model.blocks[b].type != BlockType::instrument) continue;
        std::string role;
        int const account = debt_account_of(model, static_cast<int>(b), role);
        if (account >= 0) accounts.insert(model.accounts[static_cast<std::size_t>(account)].name);
    }
    return accounts;
}

OpeningGap gap_of(Entity const& entity, Opening const& sheet, Model const& model) {
    OpeningGap gap;
    gap.entity = entity.id;
    gap.at = sheet.at.end;
    double stated_other = 0;
    bool other_stated = false;
    for (auto const& [name, entry] : sheet.accounts) {
        auto const value = amount_of_entry(entry);
        if (!value) continue;
        if (name == "total_assets") gap.total_assets = *value;
        if (name == "equity") gap.stated_equity = *value;
        int const account = model.account(name);
        if (account < 0) continue;
        AccountClass const type = model.accounts[static_cast<std::size_t>(account)].type;
        if (name == "other") {
            stated_other = *value;
            other_stated = true;
        } else if (type == AccountClass::asset) {
            gap.named_assets += *value;
        } else if (type == AccountClass::liability) {
            gap.liabilities += *value;
        }
    }
    gap.other = other_stated
                    ? stated_other
                    : std::max(0.0, gap.total_assets.value_or(gap.named_assets) - gap.named_assets);
    gap.equity = gap.named_assets + gap.other - gap.liabilities;
    return gap;
}

} // namespace

std::vector<OpeningGap> opening_gaps(Book const& book, Model const& model) {
    std::vector<OpeningGap> gaps;
    auto const debts = debts_in_deals(book, model);
    auto const accounts = debt_accounts(model);
    for (Entity const& entity : book.entities) {
        Opening const* sheet = sheet_at_start(entity, book.start);
        if (!sheet) continue;
        OpeningGap gap = gap_of(entity, *sheet, model);
        for (auto const& [name, entry] : sheet->accounts) {
            auto const value = amount_of_entry(entry);
            if (!value || accounts.count(name) == 0) continue;
            auto const found = debts.find({entity.id, name});
            gap.debt_outside_deals += *value - (found == debts.end() ? 0 : found->second);
        }
        gaps.push_back(std::move(gap));
    }
    return gaps;
}

} // namespace perpetuum
