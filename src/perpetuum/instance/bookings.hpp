#pragma once
/// What is booked in account cells: lists of postings, all in one vector.

#include <perpetuum/instance.hpp>

#include <cstddef>
#include <vector>

namespace perpetuum::instancing {

struct Booking {
    CellId posting = -1;
    bool raises = false; ///< the account
    int next = -1;       ///< of the same account
};
/// The postings of one account, and its closing balance after those up to `closed`.
struct AccountBookings {
    int first = -1, last = -1;
    int closed = -1;
    NodeId closing = -1;
};

class Bookings {
  public:
    void add(CellId account, CellId posting, bool raises) {
        AccountBookings& account_bookings = of(account);
        int const number = static_cast<int>(all_.size());
        all_.push_back({posting, raises, -1});
        if (account_bookings.last < 0)
            account_bookings.first = number;
        else
            all_[static_cast<std::size_t>(account_bookings.last)].next = number;
        account_bookings.last = number;
    }
    /// Good until the next account is asked for.
    AccountBookings& of(CellId account) {
        auto const at = static_cast<std::size_t>(account);
        if (at >= accounts_.size()) accounts_.resize(at + at / 2 + 1);
        return accounts_[at];
    }
    Booking const& booking(int number) const { return all_[static_cast<std::size_t>(number)]; }
    /// The next that is not in the closing balance; −1: none is left.
    int next_to_close(AccountBookings const& account) const {
        return account.closed < 0 ? account.first : booking(account.closed).next;
    }

  private:
    std::vector<Booking> all_;
    std::vector<AccountBookings> accounts_; ///< by cell
};

} // namespace perpetuum::instancing
