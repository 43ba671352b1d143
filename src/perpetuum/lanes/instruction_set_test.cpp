#include <perpetuum/lanes.hpp>

#include <doctest/doctest.h>

namespace perpetuum {

TEST_CASE("no wider instruction set is used than the machine has") {
    InstructionSet const before = instruction_set();
    for (auto const set :
         {InstructionSet::baseline, InstructionSet::avx2, InstructionSet::avx512}) {
        CHECK(use_instruction_set(set) == std::min(set, widest()));
        CHECK(instruction_set() <= widest());
    }
    use_instruction_set(before);
}

TEST_CASE("Philox gives the published words of Random123 on every instruction set") {
    using Words = std::array<std::uint32_t, 4>;
    constexpr std::uint32_t ones = 0xffffffffu;
    InstructionSet const before = instruction_set();
    for (auto const set :
         {InstructionSet::baseline, InstructionSet::avx2, InstructionSet::avx512}) {
        use_instruction_set(set);
        CHECK(philox(0, {0, 0, 0, 0}) == Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
        CHECK(philox(~0ull, {ones, ones, ones, ones}) ==
              Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
        CHECK(philox(0x299f31d0a4093822u, {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}) ==
              Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
    }
    use_instruction_set(before);
}

} // namespace perpetuum
