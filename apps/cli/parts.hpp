#pragma once
// What is done of a long stress or study, kept in files stage by stage: to go on from, or to put
// together what several machines have run.

#include "loading.hpp"

#include <map>
#include <string>
#include <vector>

namespace perpetuum {

/// Bundles by the stage that they are of.
using Parts = std::map<std::string, std::vector<Bundle>>;

/// What must agree before parts are put together: version, texts, command and options, but for how it
/// runs and where it is kept. `more`: what the command was asked besides.
std::string key_of_parts(Options const& options, Reading const& reading, std::string const& more);
/// The checkpoint, if there is one, and the files of --with. False, with what is wrong, where one
/// cannot be read or is of something else.
bool read_parts(Options const& options, std::string const& key, Parts& parts, std::string& problem);
bool write_parts(std::string const& file, std::string const& key,
                 std::map<std::string, Bundle> stages, std::string& problem);

/// The part of a stage of so many paths that --shard I/N asks for: whole blocks of so many; all
/// without it.
Coverage::Range part_of(std::uint64_t paths, std::uint64_t block, Options const& options);
/// "paths 0–499 of 2,000 written to FILE": what a shard answers.
std::string written_part(std::string const& title, Coverage const& in, std::uint64_t paths,
                         Options const& options);

} // namespace perpetuum
