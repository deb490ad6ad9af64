// The names that logrotate and its kin give to what they move away. A glob such as "access.log*"
// matches them too, but what is in them was read when it was written.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace accesslog {

// The live log behind a rotated name: "access.log" for access.log.1, access.log.2.gz,
// access.log-20231108 and access-20231108.log. Nothing for a name that is not of this kind.
std::optional<std::string> LiveNameOf(std::string_view path);

// Whether rotations of the log `live` make such a name; both without their directory. Knows more
// ways to write a time than LiveNameOf, which has no live name to go by:
// access.log-2023-11-08_0300.gz.
bool IsRotationOf(std::string_view live, std::string_view name);

// Whether the rotation that made the name `a` was surely before the one that made `b`: a higher number
// or an earlier time, written alike. Both are IsRotationOf(live, …).
bool IsOlderRotation(std::string_view live, std::string_view a, std::string_view b);

// By its ending: .gz, .bz2, .xz, .zst, .lz4, .Z or .zip.
bool IsCompressedName(std::string_view path);

}  // namespace accesslog
