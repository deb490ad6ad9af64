#include "daily/day_ledger.h"

#include <algorithm>
#include <utility>

#include "base/random.h"
#include "base/text.h"
#include "clients/saved.h"

namespace accesslog {
namespace {

constexpr uint64_t kVersion = 1;
constexpr const char* kHead = "daily";
constexpr std::string_view kDay = "day/";

constexpr size_t kMostRows = 4000;
constexpr size_t kRowsAfterCut = 1000;
constexpr Duration kMostLate = std::chrono::hours{1};
// A pass through the table costs as much for so many series as one line does.
constexpr uint64_t kSeriesForALine = 16;
// No calendar day is further away.
constexpr int64_t kFarthestDay = 4'000'000;

std::string PartOf(int64_t day) { return std::string(kDay) + std::to_string(day); }

std::string BytesOf(const DayRecord& record) {
  ByteWriter writer;
  record.Save(writer);
  return writer.Take();
}

bool LoadRecord(const std::string& bytes, DayRecord& record) {
  ByteReader reader(bytes);
  return record.Load(reader) && reader.IsDone();
}

}  // namespace

DayLedger::DayLedger(TimeZone zone, const ClientOptions& clients)
    : zone_(std::move(zone)), clients_(clients) {}

void DayLedger::Begin(const Totals& totals, ClientTable& table) {
  told_ = totals;
  table.TellAll(
      [](const ClientKey&, std::string_view, std::span<const ClientTable::StatusCount>) {});
}

void DayLedger::Turn(Time line, const Totals& totals, ClientTable& table) {
  if (day_ && line < begins_ && ++late_ * kSeriesForALine < table.series()) return;
  const int64_t day = zone_.LocalDay(line);
  // A midnight that the clock shows twice is no new day.
  if (day == day_ || day < -kFarthestDay || day > kFarthestDay) return;
  late_ = 0;
  if (day_) Close(totals, table);
  Open(day);
}

void DayLedger::Open(int64_t day) {
  day_ = day;
  open_ = {};
  const auto kept = days_.find(day);
  if (kept != days_.end()) {
    LoadRecord(kept->second, open_);
    days_.erase(kept);
  }
  begins_ = zone_.zone().StartOfDay(day) - kMostLate;
  ends_ = zone_.zone().StartOfDay(day + 1);
}

void DayLedger::Close(const Totals& totals, ClientTable& table) {
  table.TellAll(
      [this](const ClientKey& key, std::string_view name,
             std::span<const ClientTable::StatusCount> counts) { AddClient(key, name, counts); });
  Charge(open_, totals);
  told_ = totals;
  open_.CutTo(kClientsOfDay);
  Keep(*day_, open_);
}

// Adds the requests since the totals were told.
void DayLedger::Charge(DayRecord& record, const Totals& totals) const {
  for (const auto& [status, count] : totals.requests) {
    const auto told = told_.requests.find(status);
    const uint64_t more = count - (told == told_.requests.end() ? 0 : told->second);
    if (more > 0) record.requests[status] += more;
  }
  record.response_bytes += totals.response_bytes - told_.response_bytes;
}

void DayLedger::Keep(int64_t day, const DayRecord& record) {
  if (record.IsEmpty()) return;
  days_[day] = BytesOf(record);
  while (days_.size() > kMostDays) days_.erase(days_.begin());
}

void DayLedger::AddClient(const ClientKey& key, std::string_view host_name,
                          std::span<const ClientTable::StatusCount> counts) {
  if (!day_) return;
  open_.Add(key, host_name, counts);
  if (open_.rows.size() > kMostRows) open_.CutTo(kRowsAfterCut);
}

void DayLedger::AddLogin(Login result, std::string_view member) {
  if (!day_) return;
  LoginDay& logins = open_.logins;
  switch (result) {
    case Login::kSuccess:
      ++logins.successes;
      if (member_key_ == SipKey{}) FillRandom(member_key_);
      return logins.AddMember(HashOf(member));
    case Login::kFailure:
      ++logins.failures;
      return;
    case Login::kUnknown:
      ++logins.unknown;
      return;
  }
}

void DayLedger::AddNewLoginClient(std::string_view label) {
  if (day_) open_.logins.AddNewcomer(label);
}

void DayLedger::ForgetAll() {
  open_.ForgetNames();
  for (auto& [day, bytes] : days_) {
    DayRecord record;
    LoadRecord(bytes, record);
    record.ForgetNames();
    bytes = BytesOf(record);
  }
  member_key_ = {};
}

bool DayLedger::Erase(const ClientKey& key, std::string_view label) {
  const auto erase = [&](DayRecord& record) {
    const bool had_row = record.rows.erase(key) > 0;
    if (had_row) ++record.dropped_rows;
    return record.logins.Erase(label, HashOf(label)) || had_row;
  };
  bool found = erase(open_);
  for (auto& [day, bytes] : days_) {
    DayRecord record;
    LoadRecord(bytes, record);
    if (!erase(record)) continue;
    found = true;
    bytes = BytesOf(record);
  }
  return found;
}

LedgerCopy DayLedger::Copy(const Totals& totals, const ClientTable& table) const {
  LedgerCopy copy{zone_.zone(), clients_, days_};
  if (!day_) return copy;
  DayRecord record = open_;
  table.VisitUntold([&](const ClientKey& key, std::string_view name,
                        std::span<const ClientTable::StatusCount> counts) {
    record.Add(key, name, counts);
    if (record.rows.size() > kMostRows) record.CutTo(kRowsAfterCut);
  });
  Charge(record, totals);
  record.CutTo(kClientsOfDay);
  if (!record.IsEmpty()) copy.days[*day_] = BytesOf(record);
  return copy;
}

void DayLedger::Save(Parts& parts) const {
  ByteWriter writer;
  writer.Number(kVersion);
  writer.Text(zone().name());
  SaveKeyRule(writer, clients_);
  writer.Text({reinterpret_cast<const char*>(member_key_.data()), member_key_.size()});
  writer.Number(told_.response_bytes);
  writer.Number(told_.requests.size());
  for (const auto& [status, count] : told_.requests) {
    writer.Number(status);
    writer.Number(count);
  }
  writer.Flag(day_.has_value());
  if (day_) writer.Signed(*day_);
  parts[kHead] = writer.Take();
  for (const auto& [day, bytes] : days_) parts[PartOf(day)] = bytes;
  if (day_) parts[PartOf(*day_)] = BytesOf(open_);
}

bool DayLedger::Load(const Parts& parts, const Totals& totals) {
  const auto head = parts.find(kHead);
  if (head == parts.end()) return false;
  ByteReader reader(head->second);
  bool same_keys = false;
  if (!LoadHead(reader, totals, same_keys)) return false;
  for (auto part = parts.lower_bound(std::string(kDay));
       part != parts.end() && part->first.starts_with(kDay); ++part) {
    if (!LoadDay(part->first, part->second, same_keys)) return false;
  }
  if (day_) Open(*day_);
  return days_.size() <= kMostDays;
}

bool DayLedger::LoadHead(ByteReader& reader, const Totals& totals, bool& same_keys) {
  if (reader.Number() != kVersion) return false;
  reader.Text();  // the zone in which the days were
  same_keys = LoadKeyRule(reader, clients_);
  const std::string_view key = reader.Text();
  if (key.size() != member_key_.size()) return false;
  std::copy(key.begin(), key.end(), member_key_.begin());
  told_.response_bytes = reader.NumberUpTo(totals.response_bytes);
  for (uint64_t left = reader.NumberUpTo(600); left > 0 && reader.ok(); --left) {
    const auto status = static_cast<uint16_t>(reader.NumberUpTo(599));
    const auto counted = totals.requests.find(status);
    if (counted == totals.requests.end()) return false;
    if (!told_.requests.emplace(status, reader.NumberUpTo(counted->second)).second) return false;
  }
  if (reader.Flag()) day_ = reader.Signed();
  if (day_ && (*day_ < -kFarthestDay || *day_ > kFarthestDay)) return false;
  return reader.IsDone();
}

bool DayLedger::LoadDay(const std::string& kind, const std::string& bytes, bool same_keys) {
  std::string_view digits = std::string_view(kind).substr(kDay.size());
  const bool is_negative = digits.starts_with('-');
  if (is_negative) digits.remove_prefix(1);
  const auto number = ParseUint(digits);
  if (!number || *number > static_cast<uint64_t>(kFarthestDay)) return false;
  const int64_t day = is_negative ? -static_cast<int64_t>(*number) : static_cast<int64_t>(*number);
  DayRecord record;
  if (PartOf(day) != kind || !LoadRecord(bytes, record)) return false;
  const size_t most = day == day_ ? kMostRows : 2 * kClientsOfDay;
  if (record.rows.size() > most) return false;
  if (!same_keys) record.ForgetNames();
  days_[day] = same_keys ? bytes : BytesOf(record);
  return true;
}

std::string DayLedger::ZoneOfSaved(const Parts& parts) {
  const auto head = parts.find(kHead);
  if (head == parts.end()) return "";
  ByteReader reader(head->second);
  if (reader.Number() != kVersion) return "";
  return std::string(reader.Text());
}

}  // namespace accesslog
