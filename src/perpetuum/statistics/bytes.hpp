#pragma once
/// Bytes of a summary: whole numbers in as few bytes as they need (seven bits each, lowest first),
/// doubles as eight, texts with their length. There is one way only to write a content.

#include <perpetuum/base.hpp>

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

namespace perpetuum {

struct BytesOut {
    std::string bytes;

    void whole(std::uint64_t value) {
        for (; value >= 128; value >>= 7) bytes += static_cast<char>(value | 128);
        bytes += static_cast<char>(value);
    }
    void fixed(std::uint64_t value, int width = 8) {
        for (int i = 0; i < width; ++i) bytes += static_cast<char>(value >> (8 * i));
    }
    void real(double value) { fixed(std::bit_cast<std::uint64_t>(value)); }
    void text(std::string_view value) {
        whole(value.size());
        bytes += value;
    }
};

/// What is wrong with bytes, and at which of them.
struct DamagedBytes {
    std::size_t at = 0;
    std::string what;
};

/// Throws DamagedBytes (within the room only) where the bytes do not say what is asked for.
struct BytesIn {
    std::string_view bytes;
    std::size_t at = 0;
    std::uint64_t memory = 0; ///< that may still be taken

    [[noreturn]] void damaged(std::string what) const { throw DamagedBytes{at, std::move(what)}; }
    std::size_t left() const { return bytes.size() - at; }
    void take_memory(std::uint64_t wanted) {
        if (wanted > memory) damaged("more memory is needed than is allowed");
        memory -= wanted;
    }
    std::uint64_t fixed(int width = 8) {
        if (left() < static_cast<std::size_t>(width)) damaged("the bytes end too early");
        std::uint64_t value = 0;
        for (int i = 0; i < width; ++i)
            value |= std::uint64_t{static_cast<std::uint8_t>(bytes[at++])} << (8 * i);
        return value;
    }
    double real() { return std::bit_cast<double>(fixed()); }
    std::uint64_t whole() {
        std::uint64_t value = 0;
        for (int shift = 0;; shift += 7) {
            auto const byte = static_cast<std::uint64_t>(fixed(1));
            if (shift == 63 && byte > 1) damaged("a whole number of more than 64 bits");
            value |= (byte & 127) << shift;
            if (byte < 128) {
                if (byte == 0 && shift > 0) damaged("a whole number with superfluous bytes");
                return value;
            }
        }
    }
    std::uint64_t whole_up_to(std::uint64_t most, char const* what) {
        std::uint64_t const value = whole();
        if (value > most)
            damaged(std::string(what) + " is " + std::to_string(most) + " at most, found " +
                    std::to_string(value));
        return value;
    }
    std::string text() {
        std::uint64_t const size = whole();
        if (size > left()) damaged("the bytes end within a text");
        take_memory(size + sizeof(std::string));
        std::string const value(bytes.substr(at, size));
        at += size;
        return value;
    }
};

} // namespace perpetuum
