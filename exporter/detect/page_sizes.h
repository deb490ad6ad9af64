// Tells pages that a site gives for whatever is asked ("soft 404": status 200, one and the same
// page). Used by the detector before it calls an answered attack a breach: a size that several
// other paths were answered with is such a page. Fixed memory (48 KiB), O(1); event time.
//
// What an attacker controls are paths, and on some sites the sizes of pages; page_sizes.cc says
// what that gains him. Sizes count exactly: a page that repeats the path has another size for each
// length of path, and any tolerance would let a page of known size cover a leak.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/byte_codec.h"
#include "base/clock.h"

namespace accesslog {

class PageSizes {
 public:
  static constexpr size_t kSets = 256;
  static constexpr size_t kWays = 4;
  static constexpr size_t kTags = 8;  // paths remembered per size
  // Other paths that make a page a catch-all, and where sizes say less because they are so small.
  static constexpr uint32_t kFewest = 3;
  static constexpr uint32_t kFewestSmall = 8;
  static constexpr uint64_t kSmall = 64;
  // A path counts for one to two of these.
  static constexpr Duration kGeneration = std::chrono::hours{6};

  PageSizes();

  // A path was answered 200 with a body of `bytes`. The hash is of the path without query, best
  // keyed and of the decoded path, so that /a and /%61 are one. First ask, then Observe, for every
  // answer, attacks too.
  void Observe(uint64_t path_hash, uint64_t bytes, Time at);

  // Other paths than this one were answered with that size, more than chance explains.
  bool IsCatchAll(uint64_t path_hash, uint64_t bytes, Time at) const;

  // This very path was answered with that size before: for attacks that lie in the query only.
  bool IsUsual(uint64_t path_hash, uint64_t bytes, Time at) const;

  void Save(ByteWriter& writer) const;
  // For an object that was just made; false, and it is to be thrown away, where the bytes are
  // damaged.
  bool Load(ByteReader& reader);

 private:
  static constexpr size_t kOctaves = 64;

  // When something was met: in the newest generation of its entry, in the one before, or never.
  enum class Age : uint8_t { kNever, kPrevious, kCurrent };

  // One size, and who was answered with it.
  struct Entry {
    uint64_t bytes = 0;  // 0: free
    uint32_t generation = 0;
    uint16_t current =
        0;  // paths first met in this generation, also those that have no tag any more
    uint16_t previous = 0;
    std::array<uint16_t, kTags> tags{};
    std::array<Age, kTags> ages{};

    void Advance(uint32_t to);
    bool Meet(uint16_t tag);  // true: it was not yet met in this generation
    size_t Tags() const;
    bool Holds(uint16_t tag) const;
    uint32_t Others(uint16_t tag) const;
  };

  // How many pairs of path and size were met in sizes from 2^n to 2^(n+1)-1.
  struct Octave {
    uint32_t generation = 0;
    uint32_t current = 0;
    uint32_t previous = 0;

    void Advance(uint32_t to);
  };

  static uint32_t GenerationOf(Time at);
  static size_t SetOf(uint64_t bytes);
  // As it is at `at`; free where the size is not known.
  Entry Find(uint64_t bytes, Time at) const;
  Entry* Place(uint64_t bytes, uint32_t generation);
  uint32_t Needed(const Entry& entry, Time at) const;
  bool LoadEntry(ByteReader& reader);

  std::vector<Entry> entries_;  // of each set: the one met last is first
  std::array<Octave, kOctaves> octaves_{};
};

}  // namespace accesslog
