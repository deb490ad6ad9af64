#include "daily/login_day.h"

#include <algorithm>

#include "base/text.h"
#include "clients/saved.h"

namespace accesslog {
namespace {

// More than any label has.
constexpr size_t kMostLabelBytes = 256;

}  // namespace

void LoginDay::AddMember(uint64_t hash) {
  if (members.contains(hash)) return;
  if (members.size() < kMostMembers) {
    members.insert(hash);
  } else {
    ++uncounted_members;
  }
}

void LoginDay::AddNewcomer(std::string_view label) {
  if (newcomers.size() < kMostNewcomers && label.size() <= kMostLabelBytes && IsValidUtf8(label)) {
    newcomers.emplace_back(label);
  } else {
    ++unnamed_newcomers;
  }
}

void LoginDay::ForgetNames() {
  uncounted_members += members.size();
  members.clear();
  unnamed_newcomers += newcomers.size();
  newcomers.clear();
}

bool LoginDay::Erase(std::string_view label, uint64_t member) {
  const size_t labels = std::erase(newcomers, label);
  unnamed_newcomers += labels;
  const size_t hashes = members.erase(member);
  uncounted_members += hashes;
  return labels + hashes > 0;
}

void LoginDay::Save(ByteWriter& writer) const {
  for (const uint64_t count :
       {successes, failures, unknown, uncounted_members, unnamed_newcomers}) {
    writer.Number(count);
  }
  writer.Number(members.size());
  for (const uint64_t member : members) writer.Number(member);
  writer.Number(newcomers.size());
  for (const std::string& label : newcomers) writer.Text(label);
}

void LoginDay::Load(ByteReader& reader) {
  for (uint64_t* count :
       {&successes, &failures, &unknown, &uncounted_members, &unnamed_newcomers}) {
    *count = reader.NumberUpTo(kMostCounted);
  }
  for (uint64_t left = reader.NumberUpTo(kMostMembers); left > 0 && reader.ok(); --left) {
    if (!members.insert(reader.Number()).second) reader.Fail();
  }
  for (uint64_t left = reader.NumberUpTo(kMostNewcomers); left > 0 && reader.ok(); --left) {
    const std::string_view label = reader.Text();
    if (label.size() > kMostLabelBytes || !IsValidUtf8(label)) reader.Fail();
    newcomers.emplace_back(label);
  }
}

}  // namespace accesslog
