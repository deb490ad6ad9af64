// What a carrier puts around a line of the server's: container runtimes and syslog. Undone before any
// format sees the line.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/byte_codec.h"
#include "parse/text_arena.h"

namespace accesslog {

enum class Framing : uint8_t {
  kNone,
  kDocker,  // {"log":"…\n","stream":"stdout","time":"…"}, Docker's json-file driver
  kCri,     // 2016-10-06T00:17:09.669794202Z stdout F …, containerd and CRI-O
  kSyslog,  // <190>Nov 22 10:00:00 host nginx[1]: …, RFC 3164 and 5424, also with an RFC 3339 time
};
inline constexpr std::array<Framing, 3> kFramings = {Framing::kDocker, Framing::kCri,
                                                     Framing::kSyslog};

// `line` without what files do to it: the CR of Windows, the BOM, the NULs that a writer without O_APPEND
// leaves after copytruncate.
std::string_view TrimLine(std::string_view line);

std::string_view FramingName(Framing framing);  // "docker"; "" for kNone

// Cheap, and true for hardly any line that is not framed so.
bool LooksFramed(Framing framing, std::string_view line);

enum class Frame : uint8_t {
  kWhole,     // a whole line of the server's
  kFragment,  // a part of one, kept; more comes
  kNone,      // not framed so
};

// Takes the frame off, and puts lines together that the runtime cut (at 16 KiB). One object a file.
class Deframer {
 public:
  // `inner` is a view into `line` or into `texts`.
  Frame Unframe(Framing framing, std::string_view line, TextArena& texts, std::string_view& inner);

  // No fragment waits for its rest.
  bool is_clean() const { return fragments_[0].empty() && fragments_[1].empty(); }

  void Save(ByteWriter& writer) const;
  // For an object that was just made; false, and it is to be thrown away, where the bytes are damaged.
  bool Load(ByteReader& reader);

 private:
  Frame Join(bool whole, bool err, std::string_view part, TextArena& texts,
             std::string_view& inner);

  std::array<std::string, 2> fragments_;  // of stdout and stderr; together at most kMaxFramedBytes
};

// A line that is put together from more than this is cut there.
inline constexpr size_t kMaxFramedBytes = size_t{1} << 20U;

}  // namespace accesslog
