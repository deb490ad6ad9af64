// The logins of one local day: how many, by how many members, and which clients logged in that were
// never seen before. Bounded; part of a DayRecord.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_codec.h"

namespace accesslog {

struct LoginDay {
  // Beyond these they are counted only: members then once for each login.
  static constexpr size_t kMostMembers = 1000;
  static constexpr size_t kMostNewcomers = 50;

  uint64_t successes = 0;
  uint64_t failures = 0;
  uint64_t unknown = 0;
  std::set<uint64_t> members;          // keyed hashes of who logged in
  uint64_t uncounted_members = 0;      // of which no hash is kept
  std::vector<std::string> newcomers;  // labels, in the order in which they came
  uint64_t unnamed_newcomers = 0;

  uint64_t member_count() const { return members.size() + uncounted_members; }
  uint64_t newcomer_count() const { return newcomers.size() + unnamed_newcomers; }

  void AddMember(uint64_t hash);
  void AddNewcomer(std::string_view label);
  // Keeps the counts only.
  void ForgetNames();
  // False if neither is there.
  bool Erase(std::string_view label, uint64_t member);

  bool operator==(const LoginDay&) const = default;

  void Save(ByteWriter& writer) const;
  void Load(ByteReader& reader);
};

}  // namespace accesslog
