#pragma once
/// What every file of this room is: a line that says what it is, its version, its content, the
/// digest of all that.

#include <perpetuum/statistics.hpp>

#include "bytes.hpp"

namespace perpetuum {

struct Frame {
    std::string_view mark; ///< the first line
    std::uint64_t version;
    char const* what; ///< in messages: "part"
};

constexpr std::size_t digest_size = 16;

inline BytesOut begin_framed(Frame const& frame) {
    BytesOut out;
    out.bytes = frame.mark;
    out.fixed(frame.version, 4);
    return out;
}

inline std::string end_framed(BytesOut out) {
    Digest const digest = digest_of(out.bytes);
    out.fixed(digest.low);
    out.fixed(digest.high);
    return std::move(out.bytes);
}

/// The digest at the end of bytes that are at least as long as one.
inline Digest written_digest(std::string_view bytes) {
    BytesIn end{bytes, bytes.size() - digest_size, 0};
    Digest digest;
    digest.low = end.fixed();
    digest.high = end.fixed();
    return digest;
}

/// The content, at its begin. Throws DamagedBytes where the frame is not whole.
inline BytesIn open_framed(Frame const& frame, std::string_view bytes, std::uint64_t most_memory) {
    std::string const what = frame.what;
    BytesIn in{bytes, 0, most_memory};
    if (bytes.size() < frame.mark.size() + 4 + digest_size || !bytes.starts_with(frame.mark))
        in.damaged("these are not the bytes of a " + what + ", or it is cut off");
    in.at = frame.mark.size();
    if (auto const version = in.fixed(4); version != frame.version)
        in.damaged("a " + what + " of version " + std::to_string(version) +
                   "; this program reads version " + std::to_string(frame.version));
    std::string_view const content = bytes.substr(0, bytes.size() - digest_size);
    if (digest_of(content) != written_digest(bytes))
        in.damaged("the " + what + " is damaged: its digest is another");
    in.bytes = content;
    return in;
}

/// What `read` makes of the content; nothing, and why, where a byte is wrong.
template <class Read>
auto read_framed(Frame const& frame, std::string_view bytes, std::string& problem,
                 std::uint64_t most_memory, Read const& read)
    -> std::optional<decltype(read(std::declval<BytesIn&>()))> {
    try {
        BytesIn in = open_framed(frame, bytes, most_memory);
        return read(in);
    } catch (DamagedBytes const& damage) {
        problem = "byte " + std::to_string(damage.at) + ": " + damage.what;
    } catch (BadInput const& bad) {
        problem = bad.what;
    }
    return std::nullopt;
}

} // namespace perpetuum
