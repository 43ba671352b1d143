// Which instruction sets there are, and which is used.

#include <perpetuum/lanes.hpp>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <string_view>

namespace perpetuum {

namespace {

InstructionSet wanted_by_environment() {
    char const* const text = std::getenv("PERPETUUM_ISA");
    if (text == nullptr || *text == 0) return widest();
    for (auto const set : {InstructionSet::baseline, InstructionSet::avx2, InstructionSet::avx512})
        if (std::string_view(text) == name_of(set)) return set;
    throw BadInput{"PERPETUUM_ISA is '" + std::string(text).substr(0, 40) +
                   "'; it may be baseline, avx2 or avx512"};
}

std::atomic<InstructionSet>& set_in_use() {
    static std::atomic<InstructionSet> set{std::min(wanted_by_environment(), widest())};
    return set;
}

} // namespace

InstructionSet widest() {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
        return InstructionSet::avx512;
    if (__builtin_cpu_supports("avx2")) return InstructionSet::avx2;
#endif
    return InstructionSet::baseline;
}

InstructionSet instruction_set() { return set_in_use().load(std::memory_order_relaxed); }

InstructionSet use_instruction_set(InstructionSet set) {
    set_in_use() = std::min(set, widest());
    return instruction_set();
}

char const* name_of(InstructionSet set) {
    static constexpr char const* names[] = {"baseline", "avx2", "avx512"};
    return names[static_cast<std::size_t>(set)];
}

} // namespace perpetuum
