// Instructions of the same kernel in a row run without a jump between them. Among the next few that
// could run, one of the kernel that is running is taken; near ones first, so that values are read
// while they are close at hand.

#include "draft.hpp"

#include <array>
#include <bit>
#include <cstdint>

namespace perpetuum {

namespace {

using Kind = Operand::Kind;

constexpr int window = 192; ///< how far ahead is looked
constexpr std::size_t kernels = static_cast<std::size_t>(Opcode::count_of_operations) * 8;

std::size_t index(int id) { return static_cast<std::size_t>(id); }

/// Instructions of one number go by one kernel.
std::uint16_t kernel_number(Instruction const& instruction) {
    int number = static_cast<int>(instruction.operation) * 8;
    for (std::size_t i = 0; i < 3; ++i)
        if (instruction.in[i].kind == Kind::scalar) number += 1 << i;
    return static_cast<std::uint16_t>(number);
}

/// A set of instructions that lie within one window: a bit each, on a ring that is longer than it.
class Ring {
  public:
    void put(int i) { word(i) |= bit(i); }
    void take(int i) { word(i) &= ~bit(i); }
    /// The least number in it, where none is below `first`; it must not be empty.
    int least(int first) const {
        std::uint64_t const here = words_[index(first) / 64 % words] >> (index(first) % 64);
        if (here) return first + std::countr_zero(here);
        int at = first / 64 * 64 + 64;
        while (!words_[index(at) / 64 % words]) at += 64;
        return at + std::countr_zero(words_[index(at) / 64 % words]);
    }

  private:
    static constexpr std::size_t words = 4;
    static_assert(window <= static_cast<int>(words - 1) * 64); // the first word may be half over
    std::array<std::uint64_t, words> words_{};
    std::uint64_t& word(int i) { return words_[index(i) / 64 % words]; }
    static std::uint64_t bit(int i) { return std::uint64_t{1} << (index(i) % 64); }
};

/// What can run, by kernel; and which kernels have something.
class Ready {
  public:
    bool has(std::size_t kernel) const { return waiting_[kernel] > 0; }
    void put(std::size_t kernel, int i) {
        by_kernel_[kernel].put(i);
        if (waiting_[kernel]++ == 0) some_[kernel / 64] |= std::uint64_t{1} << kernel % 64;
    }
    /// The first of a kernel's, none of which is below `from`.
    int take(std::size_t kernel, int from) {
        int const next = by_kernel_[kernel].least(from);
        by_kernel_[kernel].take(next);
        if (--waiting_[kernel] == 0) some_[kernel / 64] &= ~(std::uint64_t{1} << kernel % 64);
        return next;
    }
    /// The kernel with most to do; of equals the one with the instruction that comes first.
    std::size_t busiest(int from) const {
        std::size_t best = kernels;
        for (std::size_t w = 0; w < some_.size(); ++w)
            for (std::uint64_t rest = some_[w]; rest; rest &= rest - 1) {
                std::size_t const kernel = w * 64 + index(std::countr_zero(rest));
                if (best == kernels || waiting_[kernel] > waiting_[best] ||
                    (waiting_[kernel] == waiting_[best] &&
                     by_kernel_[kernel].least(from) < by_kernel_[best].least(from)))
                    best = kernel;
            }
        return best;
    }

  private:
    std::array<Ring, kernels> by_kernel_{};
    std::array<int, kernels> waiting_{};
    std::array<std::uint64_t, (kernels + 63) / 64> some_{}; ///< a bit by kernel
};

/// Brings one list after the other in order; what it needs for one serves for the next.
class Scheduler {
  public:
    explicit Scheduler(Draft const& draft)
        : program_(draft.program), rows_(index(draft.values), -1), pairs_(index(draft.pairs), -1),
          memories_(index(draft.memories), -1) {}

    void run(std::vector<Instruction>& list) {
        link(list);
        std::vector<Instruction> order;
        order.reserve(list.size());
        auto const count = static_cast<int>(list.size());
        int first = 0, seen = 0; // all before `first` are done; of those before `seen` is known
        std::size_t running = 0;
        while (first < count) {
            for (; seen < count && seen < first + window; ++seen)
                if (open_[index(seen)] == 0) ready_.put(kernel_[index(seen)], seen);
            if (!ready_.has(running)) running = ready_.busiest(first);
            int const next = ready_.take(running, first);
            order.push_back(list[index(next)]);
            open_[index(next)] = done;
            while (first < count && open_[index(first)] == done) ++first;
            for (int e = first_reader_[index(next)]; e >= 0; e = edges_[index(e)].next) {
                int const reader = edges_[index(e)].reader;
                if (--open_[index(reader)] == 0 && reader < seen)
                    ready_.put(kernel_[index(reader)], reader);
            }
        }
        list = std::move(order);
    }

  private:
    static constexpr int done = -1;
    struct Edge {
        int reader, next;
    };
    Program const& program_;
    std::vector<int> rows_, pairs_, memories_; ///< who wrote last what an operand names; −1: nobody
    std::vector<std::uint16_t> kernel_;        ///< by instruction
    std::vector<int> open_;                    ///< by instruction: what it waits for; or `done`
    std::vector<int> first_reader_;            ///< by instruction: into `edges_`
    std::vector<Edge> edges_;                  ///< lists of who reads what an instruction writes
    Ready ready_;

    /// Only rows, this step's of a pair, and memories are waited for.
    int* writer(Operand const& operand) {
        switch (operand.kind) {
        case Kind::row:
            return &rows_[index(operand.index)];
        case Kind::now:
            return &pairs_[index(operand.index)];
        case Kind::memory:
            return &memories_[index(operand.index)];
        default:
            return nullptr;
        }
    }

    void link(std::vector<Instruction> const& list) {
        kernel_.clear();
        edges_.clear();
        open_.assign(list.size(), 0);
        first_reader_.assign(list.size(), -1);
        for (std::size_t i = 0; i < list.size(); ++i) {
            kernel_.push_back(kernel_number(list[i]));
            auto const reader = static_cast<int>(i);
            each_read(program_, list[i], [&](Operand const& operand) {
                int const* const by = writer(operand);
                if (!by || *by < 0) return;
                edges_.push_back({reader, first_reader_[index(*by)]});
                first_reader_[index(*by)] = static_cast<int>(edges_.size()) - 1;
                ++open_[i];
            });
            if (int* const mine = writer(list[i].out)) *mine = reader;
        }
        for (Instruction const& instruction : list) // forgotten for the next list
            if (int* const mine = writer(instruction.out)) *mine = -1;
    }
};

} // namespace

void schedule(Draft& draft) {
    Scheduler scheduler(draft);
    each_list(draft.program, [&](std::vector<Instruction>& list) {
        if (list.size() > 2) scheduler.run(list);
    });
}

} // namespace perpetuum
