// Instructions of the same kernel in a row run without a jump between them. Among the next few that
// could run, one of the kernel that is running is taken; near ones first, so that values are read
// while they are close at hand.

#include "draft.hpp"

#include <algorithm>
#include <array>
#include <functional>

namespace perpetuum {

namespace {

using Kind = Operand::Kind;

constexpr int window = 192; ///< how far ahead is looked
constexpr std::size_t kernels = static_cast<std::size_t>(Opcode::count_of_operations) * 8;

std::size_t index(int id) { return static_cast<std::size_t>(id); }

/// Instructions of one number go by one kernel.
std::size_t kernel_number(Instruction const& instruction) {
    std::size_t number = static_cast<std::size_t>(instruction.operation) * 8;
    for (std::size_t i = 0; i < 3; ++i)
        if (instruction.in[i].kind == Kind::scalar) number += std::size_t{1} << i;
    return number;
}

/// Who wrote last what an operand names; only rows, this step's of a pair, and memories are waited
/// for.
class Writers {
  public:
    int* of(Operand const& operand) {
        switch (operand.kind) {
        case Kind::row:
            return place(rows_, operand.index);
        case Kind::now:
            return place(pairs_, operand.index);
        case Kind::memory:
            return place(memories_, operand.index);
        default:
            return nullptr;
        }
    }

  private:
    std::vector<int> rows_, pairs_, memories_;
    static int* place(std::vector<int>& list, int number) {
        if (index(number) >= list.size()) list.resize(index(number) * 2 + 64, -1);
        return &list[index(number)];
    }
};

class Scheduler {
  public:
    Scheduler(Program const& program, std::vector<Instruction> const& list)
        : list_(list), count_(static_cast<int>(list.size())), first_reader_(list.size(), -1),
          open_(list.size(), 0), done_(list.size(), 0) {
        Writers writers;
        for (int i = 0; i < count_; ++i) {
            each_read(program, list[index(i)], [&](Operand const& operand) {
                int const* const writer = writers.of(operand);
                if (!writer || *writer < 0) return;
                edges_.push_back({i, first_reader_[index(*writer)]});
                first_reader_[index(*writer)] = static_cast<int>(edges_.size()) - 1;
                ++open_[index(i)];
            });
            if (int* const mine = writers.of(list[index(i)].out)) *mine = i;
        }
    }

    std::vector<Instruction> order() {
        std::vector<Instruction> order;
        order.reserve(list_.size());
        std::size_t running = 0;
        while (order.size() < list_.size()) {
            while (seen_ < count_ && seen_ < first_ + window) look_at(seen_++);
            if (ready_[running].empty()) running = busiest();
            int const next = take(running);
            order.push_back(list_[index(next)]);
            done_[index(next)] = 1;
            while (first_ < count_ && done_[index(first_)]) ++first_;
            for (int e = first_reader_[index(next)]; e >= 0; e = edges_[index(e)].next) {
                int const reader = edges_[index(e)].reader;
                if (--open_[index(reader)] == 0 && reader < seen_) put(reader);
            }
        }
        return order;
    }

  private:
    struct Edge {
        int reader, next;
    };
    std::vector<Instruction> const& list_;
    int count_, first_ = 0,
                seen_ = 0;    ///< all before `first_` are done; of those before `seen_` is known
    std::vector<Edge> edges_; ///< lists of who reads what an instruction writes
    std::vector<int> first_reader_, open_;
    std::vector<char> done_;
    std::array<std::vector<int>, kernels> ready_;  ///< by kernel: heaps, the first on top
    std::array<std::uint16_t, kernels> waiting_{}; ///< by kernel: how many, at most the window

    void look_at(int i) {
        if (open_[index(i)] == 0) put(i);
    }
    void put(int i) {
        auto& heap = ready_[kernel_number(list_[index(i)])];
        heap.push_back(i);
        ++waiting_[kernel_number(list_[index(i)])];
        std::push_heap(heap.begin(), heap.end(), std::greater<>());
    }
    int take(std::size_t kernel) {
        auto& heap = ready_[kernel];
        std::pop_heap(heap.begin(), heap.end(), std::greater<>());
        int const next = heap.back();
        heap.pop_back();
        --waiting_[kernel];
        return next;
    }
    /// The kernel with most to do; of equals the one with the instruction that comes first.
    std::size_t busiest() const {
        std::uint16_t const most = *std::max_element(waiting_.begin(), waiting_.end());
        std::size_t best = kernels;
        for (std::size_t k = 0; k < kernels; ++k)
            if (waiting_[k] == most &&
                (best == kernels || ready_[k].front() < ready_[best].front()))
                best = k;
        return best;
    }
};

} // namespace

void schedule(Draft& draft) {
    each_list(draft.program, [&](std::vector<Instruction>& list) {
        if (list.size() > 2) list = Scheduler(draft.program, list).order();
    });
}

} // namespace perpetuum
