// Accounts: opening balances, what is booked, marks, closing; all in whole coins, so that sums
// agree exactly.

#include "builder.hpp"

#include <algorithm>

namespace perpetuum::instancing {

namespace {

/// A debit raises assets and expenses, a credit the rest.
bool raised_by_debit(AccountClass type) {
    return type == AccountClass::asset || type == AccountClass::expense;
}

bool is_flow(AccountClass type) {
    return type == AccountClass::income || type == AccountClass::expense;
}

/// The latest sheet at or before the start.
Opening const* opening_of(Entity const* entity, Date start) {
    Opening const* latest = nullptr;
    if (entity)
        for (Opening const& opening : entity->openings)
            if (opening.at.end <= start) latest = &opening;
    return latest;
}

/// Last year's flow of an income or expense account, spread evenly, in USD a step: the latest
/// reported period that is known and not longer than a year and a half before the start.
std::optional<double> reported_flow(Entity const* entity, std::string const& account, Date start,
                                    double step_months) {
    if (!entity) return std::nullopt;
    auto const found = entity->reported.find(account);
    if (found == entity->reported.end()) return std::nullopt;
    std::optional<double> best;
    Date latest{0};
    for (auto const& [period, figures] : found->second.by_period) {
        if (figures.empty() || figures[0].holds != Figure::Holds::amount) continue;
        double const months = period.end.months - period.begin.months;
        // A sheet of the quarter that holds the start is the nearest to what the first step
        // continues.
        if (period.end.months > start.months + step_months / 2 || months < 2.5) continue;
        if (period.end < latest) continue;
        latest = period.end;
        best = figures[0].value * step_months / months;
    }
    return best;
}

} // namespace

CellId Builder::balance(int entity, int account) {
    auto& cell = system.balances[static_cast<std::size_t>(entity) * system.accounts.size() +
                                 static_cast<std::size_t>(account)];
    if (cell >= 0) return cell;
    Account const& account_text = system.accounts[static_cast<std::size_t>(account)];
    Cell& made =
        add_cell(prefix_of({entity, -1}) + account_text.name, CellType::balance, {entity, -1});
    made.phrase = account_text.phrase;
    made.coins = true;
    made.account = account;
    made.unit = money;
    return cell = last_cell();
}

CellId Builder::part(int contract, int entity, int account) {
    if (CellId const known = parts.find({contract, entity, account}); known >= 0) return known;
    Cell& made = add_cell(prefix_of({-1, contract}) +
                              system.accounts[static_cast<std::size_t>(account)].name + "@" +
                              owner_name({entity, -1}),
                          CellType::part, {entity, contract});
    made.coins = true;
    made.account = account;
    made.unit = money;
    parts.put({contract, entity, account}, last_cell());
    return last_cell();
}

void Builder::note_touch(int contract, int entity, int account) {
    if (contract < 0 || entity < 0 || account < 0) return;
    int& known = touches.try_emplace({contract, account}, entity).first;
    if (known != entity) known = several;
}

CellId Builder::bare_account(int contract, int account, Span where) {
    int const entity = touches.find({contract, account});
    if (entity < 0) return -1;
    if (entity == several) {
        auto const& name = system.accounts[static_cast<std::size_t>(account)].name;
        if (warned.emplace(Owner{-1, contract}, "@" + name).second)
            diagnostics.error(
                where,
                "two roles of " + quoted(system.contracts[static_cast<std::size_t>(contract)].id) +
                    " book in " + quoted(name) + ", so its name alone does not say whose",
                "let each role book in an account of its own, or write ROLE." + name);
        return -1;
    }
    return part(contract, entity, account);
}

void Builder::post(CellId amount, bool debit, int entity, int account, int contract, int flow) {
    if (account < 0 || entity < 0) return;
    system.postings.push_back({amount, debit, entity, account, contract, flow});
    balance(entity, account);
}

NodeId Builder::total(int entity, Word name) {
    if (CellId const known = totals.find({entity, name}); known >= 0) return of_cell(known);
    add_cell(prefix_of({entity, -1}).append(catalog.words.text(name)), CellType::total,
             {entity, -1})
        .unit = money;
    totals.put({entity, name}, last_cell());
    return of_cell(last_cell());
}

void Builder::open_accounts() {
    // What deals have paid, drawn and repaid before the start.
    for (std::size_t c = 0; c < system.contracts.size(); ++c) {
        SystemContract const& contract = system.contracts[c];
        if (!contract.runs) continue;
        Deal const& deal = deal_of(static_cast<int>(c));
        auto const value = [](Entry const& entry) {
            Figure const* figure = entry.used();
            return figure && figure->holds == Figure::Holds::amount ? figure->value : 0.0;
        };
        double paid = 0, outstanding = 0;
        Date drawn_on{0};
        for (auto const& [period, entry] : deal.paid)
            if (period.middle() <= book.start) paid += value(entry);
        outstanding = paid;
        for (auto const& [period, entry] : deal.drawn)
            if (period.middle() <= book.start && period.end > drawn_on) {
                drawn_on = period.end;
                outstanding = value(entry);
            }
        for (auto const& [period, entry] : deal.repaid)
            if (period.middle() <= book.start && period.end > drawn_on) outstanding -= value(entry);
        auto const add = [&](char const* name, double usd_value) {
            Cell& cell =
                add_cell(contract.id + "." + name, CellType::parameter, {-1, static_cast<int>(c)});
            cell.drawn = true;
            cell.draw = {Shape::point, {usd_value * contract.share}};
            cell.unit = money;
        };
        add("paid_before", paid);
        add("outstanding_before", std::max(0.0, outstanding));
    }
    for (std::size_t e = 0; e < system.entities.size(); ++e) {
        SystemEntity const& entity = system.entities[e];
        if (entity.outside) continue;
        balance(static_cast<int>(e), 0);
        Entity const* written = written_entity(static_cast<int>(e));
        Opening const* opening = opening_of(written, book.start);
        if (!opening) {
            diagnostics.warning(written ? written->where : Span{},
                                "no opening sheet of " + quoted(entity.id) + " was known on " +
                                    print_day({book.as_of.months - 0.01}) +
                                    ": its run starts with an empty till",
                                "an assumed sheet is known on any day");
            continue;
        }
        // Assets that no account names are `other`, equity that none names is `retained`.
        std::vector<NodeId> assets, claims;
        NodeId stated_total = -1;
        for (auto const& [name, entry] : opening->accounts) {
            Figure const* figure = entry.used();
            if (!figure || figure->holds != Figure::Holds::amount) continue;
            if (name == "equity") continue; // a control; the remainder is what counts
            int const account = catalog.account(name);
            if (account < 0 && name != "total_assets") continue;
            Cell& cell = add_cell(entity.id + ".opening." + name, CellType::parameter,
                                  {static_cast<int>(e), -1}, entry.where);
            cell.drawn = true;
            cell.draw = figure->spread.shape == Shape::point
                            ? Distribution{Shape::point, {figure->value}}
                            : figure->spread;
            cell.unit = money;
            NodeId const value = make(NodeOp::to_coins, of_cell(last_cell()));
            if (name == "total_assets") {
                stated_total = value;
                continue;
            }
            AccountClass const type = system.accounts[static_cast<std::size_t>(account)].type;
            CellId const target = balance(static_cast<int>(e), account);
            system.cells[static_cast<std::size_t>(target)].start = value;
            if (type == AccountClass::asset)
                assets.push_back(value);
            else if (!is_flow(type))
                claims.push_back(value);
        }
        NodeId all = sum(assets);
        if (stated_total >= 0) {
            CellId const rest = balance(static_cast<int>(e), 2);
            NodeId const unnamed =
                make(NodeOp::maximum, constant(0), make(NodeOp::subtract, stated_total, all));
            if (system.cells[static_cast<std::size_t>(rest)].start < 0) {
                system.cells[static_cast<std::size_t>(rest)].start = unnamed;
                all = make(NodeOp::add, all, unnamed);
            }
        }
        CellId const retained = balance(static_cast<int>(e), 1);
        if (system.cells[static_cast<std::size_t>(retained)].start < 0)
            system.cells[static_cast<std::size_t>(retained)].start =
                make(NodeOp::subtract, all, sum(claims));
    }
}

void Builder::close_accounts() {
    for (std::size_t f = 0; f < system.flows.size(); ++f) {
        SystemFlow const& flow = system.flows[f];
        if (flow.payer < 0 || flow.payee < 0) continue;
        for (std::size_t side = 0; side < 4; ++side)
            post(flow.paid, side % 2 == 0, side < 2 ? flow.payer : flow.payee, flow.accounts[side],
                 flow.contract, static_cast<int>(f));
    }
    std::size_t done = 0;
    auto const book_new = [&] {
        for (; done < system.postings.size(); ++done) {
            SystemPosting const& p = system.postings[done];
            bool const raises =
                p.debit ==
                raised_by_debit(system.accounts[static_cast<std::size_t>(p.account)].type);
            booked.add(balance(p.entity, p.account), p.amount, raises);
            if (p.contract < 0) continue;
            if (CellId const own = parts.find({p.contract, p.entity, p.account}); own >= 0)
                booked.add(own, p.amount, raises);
        }
    };
    auto const closing = [&](CellId cell) {
        Cell const& account = system.cells[static_cast<std::size_t>(cell)];
        bool const flow = is_flow(system.accounts[static_cast<std::size_t>(account.account)].type);
        AccountBookings& all = booked.of(cell); // goes on from where it was closed before
        if (all.closing < 0) all.closing = flow ? constant(0) : of_cell(cell, 1);
        for (int next = booked.next_to_close(all); next >= 0; next = booked.next_to_close(all)) {
            Booking const& one = booked.booking(next);
            all.closing = make(one.raises ? NodeOp::add : NodeOp::subtract, all.closing,
                               of_cell(one.posting));
            all.closed = next;
        }
        return all.closing;
    };
    book_new();
    // Contracts mark their own part; entities the whole, after them.
    for (bool const own : {true, false}) {
        for (Mark const& mark : marks) {
            if ((mark.contract >= 0) != own) continue;
            CellId const marked = own ? part(mark.contract, mark.entity, mark.account)
                                      : balance(mark.entity, mark.account);
            NodeId const change = make(NodeOp::subtract, mark.target, closing(marked));
            system.cells[static_cast<std::size_t>(mark.cell)].value =
                make(NodeOp::choose, mark.mask, change, constant(0));
            bool const debit =
                raised_by_debit(system.accounts[static_cast<std::size_t>(mark.account)].type);
            post(mark.cell, debit, mark.entity, mark.account, mark.contract, -1);
            post(mark.cell, !debit, mark.entity, mark.against, mark.contract, -1);
        }
        book_new();
    }
    // Income and expense are closed into `retained`.
    for (std::size_t e = 0; e < system.entities.size(); ++e)
        for (std::size_t a = 0; a < system.accounts.size(); ++a) {
            CellId const flow = system.balances[e * system.accounts.size() + a];
            if (flow < 0 || !is_flow(system.accounts[a].type)) continue;
            booked.add(balance(static_cast<int>(e), 1), flow,
                       system.accounts[a].type == AccountClass::income);
            auto const last =
                reported_flow(written_entity(static_cast<int>(e)), system.accounts[a].name,
                              book.start, system.step_months);
            if (last && system.cells[static_cast<std::size_t>(flow)].start < 0)
                system.cells[static_cast<std::size_t>(flow)].start =
                    make(NodeOp::to_coins, constant(*last));
        }
    start_parts();
    for (auto const& cell : system.balances)
        if (cell >= 0) system.cells[static_cast<std::size_t>(cell)].value = closing(cell);
    for (auto const& [key, cell] : parts.in_order())
        system.cells[static_cast<std::size_t>(cell)].value = closing(cell);
    define_totals();
}

/// What a contract has promised stands, at the start, where it books it.
void Builder::start_parts() {
    for (SystemPromise const& p : system.promises) {
        if (p.transaction < 0 || p.contract < 0) continue;
        Transaction const& t = system.transactions[static_cast<std::size_t>(p.transaction)];
        auto const before = cell_named(system.contracts[static_cast<std::size_t>(p.contract)].id +
                                       ".outstanding_before");
        if (!before) continue;
        for (auto const& [entity, account] :
             {std::pair{p.from, t.payer_debits}, std::pair{p.to, t.payee_credits}}) {
            CellId const found = parts.find({p.contract, entity, account});
            if (found < 0 || account < 0 ||
                is_flow(system.accounts[static_cast<std::size_t>(account)].type))
                continue;
            system.cells[static_cast<std::size_t>(found)].start =
                make(NodeOp::to_coins, of_cell(*before));
        }
    }
}

/// What an entity owes in this step, or is owed by those who live, before clearing.
std::vector<std::array<std::vector<NodeId>, 2>> Builder::dues_by_entity() {
    std::vector<std::array<std::vector<NodeId>, 2>> dues(system.entities.size());
    bool asked = false; // by most models of a few firms only
    for (auto const& total : totals.in_order())
        asked |= total.key[1] == word_dues_in || total.key[1] == word_dues_out;
    for (SystemFlow const& flow : system.flows) {
        bool const counts = flow.type == StatementType::due && flow.payer >= 0 && flow.payee >= 0;
        if (!asked || !counts) continue;
        auto const payer = static_cast<std::size_t>(flow.payer);
        NodeId const owed = of_cell(flow.owed);
        dues[payer][0].push_back(owed);
        dues[static_cast<std::size_t>(flow.payee)][1].push_back(
            system.entities[payer].outside
                ? owed
                : make(NodeOp::choose, of_cell(entity_estate[payer]), constant(0), owed));
    }
    return dues;
}

/// Totals, from what is there now.
void Builder::define_totals() {
    auto const of_class = [&](int entity, AccountClass type) {
        std::vector<NodeId> terms;
        for (std::size_t a = 0; a < system.accounts.size(); ++a) {
            CellId const cell =
                system.balances[static_cast<std::size_t>(entity) * system.accounts.size() + a];
            if (cell >= 0 && system.accounts[a].type == type) terms.push_back(of_cell(cell));
        }
        return sum(std::move(terms));
    };
    auto const dues = dues_by_entity();
    for (auto const& [key, cell] : totals.in_order()) {
        auto const [entity, name] = key;
        auto const& [out, in] = dues[static_cast<std::size_t>(entity)];
        NodeId value = constant(0);
        if (name == word_assets) value = of_class(entity, AccountClass::asset);
        if (name == word_liabilities) value = of_class(entity, AccountClass::liability);
        if (name == word_net_worth)
            value = make(NodeOp::subtract, of_class(entity, AccountClass::asset),
                         of_class(entity, AccountClass::liability));
        if (name == word_profit)
            value = make(NodeOp::subtract, of_class(entity, AccountClass::income),
                         of_class(entity, AccountClass::expense));
        bool const due = name == word_dues_in || name == word_dues_out;
        if (due) value = sum(name == word_dues_out ? out : in);
        NodeId const in_usd = make(NodeOp::multiply, value, constant(system.coin));
        system.cells[static_cast<std::size_t>(cell)].value = in_usd;
        if (!due) system.cells[static_cast<std::size_t>(cell)].start = in_usd;
    }
}

} // namespace perpetuum::instancing
