// Instructions of the same kernel in a row run without a jump between them. Among the next few that
// could run, one of the kernel that is running is taken; near ones first, so that values are read
// while they are close at hand.

#include "draft.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace perpetuum {

namespace {

using Kind = Operand::Kind;

constexpr std::size_t window = 192; ///< how far ahead is looked

/// What an operand names within a step, or nothing that anything in a list must wait for.
std::pair<int, int> name_of(Operand const& operand) {
    return {static_cast<int>(operand.kind), operand.index};
}

bool waits(Operand const& operand) {
    return operand.kind == Kind::row || operand.kind == Kind::now || operand.kind == Kind::memory;
}

/// Instructions with one of these go by one kernel.
std::pair<Opcode, int> kernel_key(Instruction const& instruction) {
    int scalars = 0;
    for (std::size_t i = 0; i < 3; ++i)
        if (instruction.in[i].kind == Kind::scalar) scalars |= 1 << i;
    return {instruction.operation, scalars};
}

/// By instruction: those that read what it writes, and how many it waits for.
struct Waiting {
    std::vector<std::vector<int>> readers;
    std::vector<int> open;
};

Waiting waiting_in(std::vector<Instruction> const& list) {
    Waiting waiting{std::vector<std::vector<int>>(list.size()), std::vector<int>(list.size(), 0)};
    std::map<std::pair<int, int>, std::size_t> writer;
    for (std::size_t i = 0; i < list.size(); ++i) {
        for (Operand const& operand : list[i].in) {
            if (!waits(operand)) continue;
            auto const found = writer.find(name_of(operand));
            if (found == writer.end()) continue;
            waiting.readers[found->second].push_back(static_cast<int>(i));
            ++waiting.open[i];
        }
        writer[name_of(list[i].out)] = i;
    }
    return waiting;
}

void schedule(std::vector<Instruction>& list) {
    Waiting waiting = waiting_in(list);
    std::vector<Instruction> order;
    order.reserve(list.size());
    std::vector<char> done(list.size(), 0);
    std::pair<Opcode, int> running{Opcode::count_of_operations, 0};
    std::size_t first = 0; // all before it are done
    while (order.size() < list.size()) {
        while (done[first]) ++first;
        std::size_t const end = std::min(list.size(), first + window);
        std::size_t next = end;
        std::map<std::pair<Opcode, int>, int> ready;
        for (std::size_t i = first; i < end; ++i) {
            if (done[i] || waiting.open[i] > 0) continue;
            if (kernel_key(list[i]) == running) {
                next = i;
                break;
            }
            ++ready[kernel_key(list[i])];
        }
        if (next == end) {
            // The kernel with most to do; of equals the one that comes first.
            int most = 0;
            for (std::size_t i = first; i < end; ++i) {
                if (done[i] || waiting.open[i] > 0) continue;
                int const count = ready[kernel_key(list[i])];
                if (count > most) {
                    most = count;
                    next = i;
                }
            }
        }
        running = kernel_key(list[next]);
        done[next] = 1;
        order.push_back(list[next]);
        for (int const reader : waiting.readers[next])
            --waiting.open[static_cast<std::size_t>(reader)];
    }
    list = std::move(order);
}

} // namespace

void schedule(Draft& draft) {
    each_list(draft.program, [](std::vector<Instruction>& list) { schedule(list); });
}

} // namespace perpetuum
