/// Groups, exclusions and pass-throughs: the same payments between other parties.

#include "party_names.hpp"

#include <perpetuum/network.hpp>

#include <algorithm>
#include <map>

namespace perpetuum {

namespace {

__extension__ using Wider = __int128;

constexpr std::size_t most_passed = 10'000'000;

std::size_t place(int number) { return static_cast<std::size_t>(number); }

/// Keeps the payments that `keep` says, in their order.
template <class Keep>
void keep_payments(PaymentList& list, Keep keep) {
    std::size_t kept = 0;
    for (std::size_t k = 0; k < list.size(); ++k) {
        if (!keep(k)) continue;
        list.from[kept] = list.from[k];
        list.to[kept] = list.to[k];
        list.amount[kept] = list.amount[k];
        if (!list.time.empty()) list.time[kept] = list.time[k];
        if (!list.line.empty()) list.line[kept] = list.line[k];
        if (!list.kind.empty()) list.kind[kept] = list.kind[k];
        ++kept;
    }
    list.from.resize(kept);
    list.to.resize(kept);
    list.amount.resize(kept);
    if (!list.time.empty()) list.time.resize(kept);
    if (!list.line.empty()) list.line.resize(kept);
    if (!list.kind.empty()) list.kind.resize(kept);
}

/// Who every party counts as; the names of groups come behind those of the parties.
void merge_groups(PaymentList& list, PartyChanges const& changes, PartyChangeCount& count) {
    PartyNames names;
    for (std::string const& party : list.parties) names.number(party);
    std::vector<int> counts_as(list.parties.size());
    for (std::size_t k = 0; k < counts_as.size(); ++k) counts_as[k] = static_cast<int>(k);
    for (auto const& [party, group] : changes.groups) {
        int const member = names.find(party);
        if (member < 0 || place(member) >= counts_as.size()) {
            count.unknown.push_back(party);
            continue;
        }
        counts_as[place(member)] = names.number(group);
        count.merged += party != group;
    }
    list.parties = names.take();
    for (std::size_t k = 0; k < list.size(); ++k) {
        list.from[k] = counts_as[place(list.from[k])];
        list.to[k] = counts_as[place(list.to[k])];
    }
    keep_payments(list, [&](std::size_t k) {
        if (list.from[k] != list.to[k]) return true;
        ++count.inside_groups;
        count.inside_amount += list.amount[k];
        return false;
    });
}

/// Marks of the parties named; names that nobody has are noted.
std::vector<char> marked(PaymentList const& list, std::vector<std::string> const& wanted,
                         PartyChangeCount& count) {
    PartyNames names;
    for (std::string const& party : list.parties) names.number(party);
    std::vector<char> marks(list.parties.size());
    for (std::string const& name : wanted) {
        int const party = names.find(name);
        if (party < 0)
            count.unknown.push_back(name);
        else
            marks[place(party)] = 1;
    }
    return marks;
}

void exclude_parties(PaymentList& list, PartyChanges const& changes, PartyChangeCount& count) {
    std::vector<char> const out = marked(list, changes.exclude, count);
    keep_payments(list, [&](std::size_t k) {
        if (out[place(list.from[k])] == 0 && out[place(list.to[k])] == 0) return true;
        ++count.excluded;
        count.excluded_amount += list.amount[k];
        return false;
    });
}

/// One side of a party that passes on: who, and how much.
struct PassedShare {
    int party = 0;
    std::int64_t amount = 0;
};
using Amounts = std::map<std::pair<int, int>, std::int64_t>;

/// The parts of `through` in whole units, in proportion to the amounts: all rounded down, what is
/// missing goes to the first ones.
std::vector<std::int64_t> parts_of(std::int64_t through, std::vector<PassedShare> const& shares) {
    std::int64_t sum = 0, given = 0;
    for (PassedShare const& share : shares) sum += share.amount;
    std::vector<std::int64_t> parts;
    for (PassedShare const& share : shares) {
        parts.push_back(
            static_cast<std::int64_t>(static_cast<Wider>(through) * share.amount / sum));
        given += parts.back();
    }
    for (std::size_t k = 0; given < through; ++k)
        if (parts[k] < shares[k].amount) {
            ++parts[k];
            ++given;
        }
    return parts;
}

/// What payer i gives to payee j of what goes through: i's part times j's part over all, rounded
/// down; the units missing are matched in the order of the parties, so that all sums are exact.
class PassThrough {
  public:
    PassThrough(Amounts& amounts, int party) : amounts_(amounts), party_(party) {
        for (auto const& [pair, amount] : amounts) {
            if (pair.second == party) in_.push_back({pair.first, amount});
            if (pair.first == party) out_.push_back({pair.second, amount});
        }
    }

    std::int64_t apply() {
        std::int64_t const through = std::min(sum(in_), sum(out_));
        if (through == 0) return 0;
        if (in_.size() * out_.size() > most_passed)
            throw BadInput{"a pass-through has " + std::to_string(in_.size()) + " payers and " +
                           std::to_string(out_.size()) +
                           " payees, expected at most 10^7 pairs of them"};
        std::vector<std::int64_t> from = parts_of(through, in_), to = parts_of(through, out_);
        for (std::size_t i = 0; i < in_.size(); ++i) change({in_[i].party, party_}, -from[i]);
        for (std::size_t j = 0; j < out_.size(); ++j) change({party_, out_[j].party}, -to[j]);
        spread(from, to, through);
        return through;
    }

  private:
    static std::int64_t sum(std::vector<PassedShare> const& shares) {
        std::int64_t total = 0;
        for (PassedShare const& share : shares) total += share.amount;
        return total;
    }

    void change(std::pair<int, int> pair, std::int64_t by) {
        // Who gets its own money back through another paid itself: no payment between two.
        if (by == 0 || pair.first == pair.second) return;
        auto const found = amounts_.try_emplace(pair, 0).first;
        found->second += by;
        if (found->second == 0) amounts_.erase(found);
    }

    void spread(std::vector<std::int64_t> from, std::vector<std::int64_t> to,
                std::int64_t through) {
        std::vector<std::int64_t> const from_all = from, to_all = to;
        for (std::size_t i = 0; i < from.size(); ++i)
            for (std::size_t j = 0; j < to.size(); ++j) {
                auto const part = static_cast<std::int64_t>(static_cast<Wider>(from_all[i]) *
                                                            to_all[j] / through);
                from[i] -= part;
                to[j] -= part;
                change({in_[i].party, out_[j].party}, part);
            }
        for (std::size_t i = 0, j = 0; i < from.size() && j < to.size();) {
            std::int64_t const part = std::min(from[i], to[j]);
            change({in_[i].party, out_[j].party}, part);
            from[i] -= part;
            to[j] -= part;
            if (from[i] == 0)
                ++i;
            else
                ++j;
        }
    }

    Amounts& amounts_;
    int party_;
    std::vector<PassedShare> in_, out_;
};

void pass_through(PaymentList& list, PartyChanges const& changes, PartyChangeCount& count) {
    std::vector<char> const marks = marked(list, changes.through, count);
    Amounts amounts;
    for (std::size_t k = 0; k < list.size(); ++k)
        amounts[{list.from[k], list.to[k]}] += list.amount[k];
    for (std::size_t party = 0; party < marks.size(); ++party)
        if (marks[party] != 0)
            count.passed_through += PassThrough(amounts, static_cast<int>(party)).apply();
    PaymentList added;
    added.parties = std::move(list.parties);
    added.decimals = list.decimals;
    for (auto const& [pair, amount] : amounts) {
        added.from.push_back(pair.first);
        added.to.push_back(pair.second);
        added.amount.push_back(amount);
    }
    list = std::move(added);
}

/// Parties that no payment names any more are none.
void drop_unused_parties(PaymentList& list) {
    std::vector<int> number(list.parties.size(), -1);
    std::vector<std::string> names;
    for (auto* side : {&list.from, &list.to})
        for (int const party : *side) number[place(party)] = 0;
    for (std::size_t k = 0; k < number.size(); ++k)
        if (number[k] == 0) {
            number[k] = static_cast<int>(names.size());
            names.push_back(std::move(list.parties[k]));
        }
    for (auto* side : {&list.from, &list.to})
        for (int& party : *side) party = number[place(party)];
    list.parties = std::move(names);
}

} // namespace

PaymentList changed_parties(PaymentList list, PartyChanges const& changes,
                            PartyChangeCount& count) {
    count = {};
    if (!changes.groups.empty()) merge_groups(list, changes, count);
    if (!changes.exclude.empty()) exclude_parties(list, changes, count);
    if (!changes.through.empty()) pass_through(list, changes, count);
    if (!changes.empty()) drop_unused_parties(list);
    return list;
}

Network network_of(PaymentList const& list) {
    std::vector<Network::Edge> edges(list.size());
    for (std::size_t k = 0; k < list.size(); ++k)
        edges[k] = {list.from[k], list.to[k], list.amount[k]};
    return network_from(list.parties, std::move(edges), list.minor_unit());
}

} // namespace perpetuum
