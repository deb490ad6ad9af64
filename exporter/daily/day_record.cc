#include "daily/day_record.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "clients/saved.h"
#include "record/record.h"

namespace accesslog {
namespace {

constexpr uint64_t kVersion = 1;
constexpr uint16_t kFirstError = 400;

bool IsStatus(uint64_t status) {
  return status == kInvalidStatus || (status >= 100 && status <= 599);
}

void SaveCounts(ByteWriter& writer, const CountByStatus& counts) {
  writer.Number(counts.size());
  for (const auto& [status, count] : counts) {
    writer.Number(status);
    writer.Number(count);
  }
}

CountByStatus LoadCounts(ByteReader& reader) {
  CountByStatus counts;
  for (uint64_t left = reader.NumberUpTo(600); left > 0 && reader.ok(); --left) {
    const uint64_t status = reader.Number();
    const uint64_t count = reader.NumberUpTo(kMostCounted);
    if (!IsStatus(status) || count == 0) reader.Fail();
    if (!counts.emplace(static_cast<uint16_t>(status), count).second) reader.Fail();
  }
  return counts;
}

}  // namespace

uint64_t SumOf(const CountByStatus& counts) {
  uint64_t sum = 0;
  for (const auto& [status, count] : counts) sum += count;
  return sum;
}

uint64_t ErrorsOf(const CountByStatus& counts) {
  uint64_t sum = 0;
  for (auto at = counts.lower_bound(kFirstError); at != counts.end(); ++at) sum += at->second;
  return sum;
}

void DayRecord::Add(const ClientKey& key, std::string_view host_name,
                    std::span<const ClientTable::StatusCount> counts) {
  if (counts.empty()) return;
  Row& row = rows[key];
  if (row.host_name.empty()) row.host_name = host_name;
  for (const auto& [status, count] : counts) row.counts[status] += count;
}

void DayRecord::CutTo(size_t most) {
  if (rows.size() <= most) return;
  using Place = std::pair<uint64_t, const ClientKey*>;
  // The first of those with the same count stay, so that the cut is the same each time.
  const auto first = [most](std::vector<Place>& places, std::set<ClientKey>& kept) {
    const size_t count = std::min(most, places.size());
    std::partial_sort(places.begin(), places.begin() + static_cast<ptrdiff_t>(count), places.end(),
                      [](const Place& a, const Place& b) {
                        return a.first != b.first ? a.first > b.first : *a.second < *b.second;
                      });
    for (size_t i = 0; i < count; ++i) kept.insert(*places[i].second);
  };
  std::vector<Place> by_requests;
  std::vector<Place> by_errors;
  for (const auto& [key, row] : rows) {
    by_requests.emplace_back(SumOf(row.counts), &key);
    if (const uint64_t errors = ErrorsOf(row.counts); errors > 0)
      by_errors.emplace_back(errors, &key);
  }
  std::set<ClientKey> kept;
  first(by_requests, kept);
  first(by_errors, kept);
  dropped_rows += std::erase_if(rows, [&](const auto& row) { return !kept.contains(row.first); });
}

void DayRecord::ForgetNames() {
  dropped_rows += rows.size();
  rows.clear();
  logins.ForgetNames();
}

void DayRecord::Save(ByteWriter& writer) const {
  writer.Number(kVersion);
  SaveCounts(writer, requests);
  writer.Number(response_bytes);
  writer.Number(dropped_rows);
  writer.Number(rows.size());
  for (const auto& [key, row] : rows) {
    SaveClient(writer, key, row.host_name);
    SaveCounts(writer, row.counts);
  }
  logins.Save(writer);
}

bool DayRecord::Load(ByteReader& reader) {
  if (reader.Number() != kVersion) return false;
  requests = LoadCounts(reader);
  response_bytes = reader.Number();
  dropped_rows = reader.NumberUpTo(kMostCounted);
  for (uint64_t left = reader.Count(); left > 0 && reader.ok(); --left) {
    const Client client = LoadClient(reader);
    Row row{std::string(client.host_name), LoadCounts(reader)};
    if (row.counts.empty() || !rows.emplace(client.key, std::move(row)).second) reader.Fail();
  }
  logins.Load(reader);
  return reader.ok();
}

}  // namespace accesslog
