#include "detect/newcomers.h"

#include <map>
#include <string>

#include "clients/saved.h"

namespace accesslog {
namespace {

constexpr uint64_t kMostParts = 64;

int64_t DayOf(Time at) { return std::chrono::floor<std::chrono::days>(at).time_since_epoch().count(); }

}  // namespace

bool Newcomers::Visit(const ClientKey& key, Time at) {
  if (!began_ || at < *began_) began_ = at;
  const int64_t day = DayOf(at);
  if (day > known_.today()) known_.SetToday(day);
  const bool is_new = known_.Visit(HashKey(key, secret_), day);
  return is_new && at - *began_ >= learning_;
}

void Newcomers::ForgetAll() {
  known_.Clear();
  began_.reset();
}

void Newcomers::Save(ByteWriter& writer) const {
  ByteWriter head;
  std::map<std::string, std::string> parts;
  known_.Save(head, parts, "");
  writer.Number(secret_);
  writer.Flag(began_.has_value());
  if (began_) writer.Moment(*began_);
  writer.Text(head.bytes());
  writer.Number(parts.size());
  for (const auto& [name, bytes] : parts) {
    writer.Text(name);
    writer.Text(bytes);
  }
}

bool Newcomers::Load(ByteReader& reader) {
  secret_ = reader.Number();
  if (reader.Flag()) began_ = LoadTime(reader);
  const std::string_view head = reader.Text();
  std::map<std::string, std::string> parts;
  for (uint64_t left = reader.NumberUpTo(kMostParts); left > 0 && reader.ok(); --left) {
    const std::string name(reader.Text());
    parts[name] = reader.Text();
  }
  ByteReader head_reader(head);
  if (!reader.ok() || !known_.Load(head_reader, parts, "") || !head_reader.IsDone()) reader.Fail();
  return reader.ok();
}

}  // namespace accesslog
