#pragma once
// What statements name, apart from their amounts: parties, transactions, accounts, dues.

#include <perpetuum/model/resolve.hpp>

#include <map>
#include <set>

namespace perpetuum::grammar {

class StatementCheck {
  public:
    StatementCheck(Names const& names, Resolver& resolver)
        : names_(names), model_(names.model()), resolver_(resolver) {}

    void check(Statement const& statement, int block);
    /// In an instrument a bare account is what the contract has booked there: of whom, must be clear.
    void check_account_of_contract(Name const& name, Span where, Meaning const& account);

  private:
    void check_money(Statement const& statement);
    void check_flow(Statement const& statement, int block);
    void check_guarantee(Statement const& statement, int block);
    void check_transaction(Statement const& statement);
    void check_booking(Statement const& statement, int block);
    void check_account(std::string const& account, Span where);
    void check_loses(Statement const& statement, int block);
    std::map<int, std::set<std::string>> const& bookers_of_new(int block);
    std::map<int, std::set<std::string>>& bookers(int block);

    Names const& names_;
    Model const& model_;
    Resolver& resolver_;
    Suggestions suggestions_;
    /// Parties that book in an account, by instrument and account.
    std::map<int, std::map<int, std::set<std::string>>> bookers_;
    bool said_no_money_ = false;
};

} // namespace perpetuum::grammar
