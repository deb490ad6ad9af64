// Knows a file again by what stands in it: the bytes in front of some place. The lines of a log
// hold times and addresses, so a few of them at one place are in no other file, unless in a copy of
// it.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "input/file_system.h"

namespace accesslog {

struct ContentMark {
  uint64_t end = 0;     // the place in the file
  uint32_t length = 0;  // so many bytes in front of it …
  uint64_t hash = 0;    // … have this hash
  bool operator==(const ContentMark&) const = default;
};

// So many bytes are remembered at most.
inline constexpr size_t kMarkBytes = 256;
// Fewer may stand in another file, too: the directives at the beginning of IIS' logs, say.
inline constexpr size_t kTellingBytes = 32;

// `before` are the bytes that end at `end`, at least kMarkBytes of them if there are so many.
ContentMark MarkOf(uint64_t end, std::string_view before);

// Whether these bytes stand there in `file`; false if it is too short or cannot be read. A mark of
// no bytes is in any file that reaches to its end.
bool Holds(File& file, const ContentMark& mark);

// The first bytes of a file, of which a copy may end in the midst: so there is a hash for each 4 more
// of them. The bytes themselves, which tell somebody's address, are kept nowhere.
inline constexpr size_t kHeadBytes = 128;
inline constexpr size_t kHeadStep = 4;
struct HeadMark {
  uint32_t length = 0;
  // Of the first kTellingBytes, of kHeadStep more, and so on, and of all; none for a shorter head. 0 is
  // not known.
  std::vector<uint32_t> hashes{};
  bool operator==(const HeadMark&) const = default;
};
// Of the first kHeadBytes of `head`.
HeadMark HeadOf(std::string_view head);
// Leaves the hash of kHeadBytes only, if there are so many.
void KeepWholeHead(HeadMark& head);
// How many hashes a head of that length has.
size_t HeadHashes(size_t length);
// Whether `file` begins as the file with that head, as far as it goes, to kHeadStep bytes; false if
// that is too little to tell.
bool BeginsLike(File& file, const HeadMark& head);

inline bool IsTelling(const ContentMark& mark) { return mark.length >= kTellingBytes; }

}  // namespace accesslog
