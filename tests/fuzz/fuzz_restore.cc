// The input is bytes that something claims to have saved; see restored.h. Whatever loads from them
// keeps the laws of its class when it is used, and can be saved and loaded once more.
#include <array>
#include <functional>
#include <string>

#include "app/site_engine.h"
#include "clients/network.h"
#include "fuzz/check.h"
#include "fuzz/restored.h"
#include "input/tail_state.h"
#include "support/shown_signals.h"

namespace accesslog {
namespace {

// Above, counters are at their limit, and a further request takes them past it: nothing that ever
// counted from 0 gets there.
constexpr uint64_t kPlenty = uint64_t{1} << 60U;
constexpr uint64_t kOneStatus = 404;

template <typename Saved>
std::string BytesOf(const Saved& saved) {
  ByteWriter writer;
  saved.Save(writer);
  return writer.Take();
}

// `load` takes all that `saved` saves, and gives the same bytes again.
template <typename Saved>
void CheckGoesOn(const std::string& bytes, Saved& again,
                 const std::function<bool(ByteReader&)>& load) {
  ByteReader reader(bytes);
  Check(load(reader) && reader.IsDone(), "what was saved is loaded");
  Check(BytesOf(again) == bytes, "and saved alike");
}

RestoreTimes AtOnce(Time now) { return {.taken = now, .now = now, .grace = {}, .continued = true}; }

void RestoreTraffic(ByteReader& reader) {
  const auto sum = [](const Traffic& traffic) {
    uint64_t requests = 0;
    for (size_t slot = 0; slot < kStatusSlots; ++slot) {
      requests += traffic.Requests(StatusOfSlot(slot));
    }
    return requests;
  };
  Traffic traffic;
  if (!traffic.Load(reader)) return;
  Check(sum(traffic) == traffic.total(), "the requests by status are all");
  if (traffic.total() > kPlenty) return;
  Record record;
  record.duration = 0.3;
  traffic.Add(record);
  Check(sum(traffic) == traffic.total(), "the requests by status are all, and one more");
  const DurationHistogram& durations = traffic.durations();
  for (size_t i = 1; i < kDurationBounds.size(); ++i) {
    Check(durations.Cumulative(i - 1) <= durations.Cumulative(i), "buckets are cumulative");
  }
  Check(durations.Cumulative(kDurationBounds.size() - 1) <= durations.count(), "and in the count");
  if (durations.count() > kPlenty >> 4U) return;
  Traffic again;
  CheckGoesOn(BytesOf(traffic), again, [&](ByteReader& from) { return again.Load(from); });
}

using StatusCounts = std::array<uint64_t, 600>;

StatusCounts CountsOf(const ClientTable& table, Time now) {
  StatusCounts counts{};
  uint32_t series = 0;
  table.Visit(
      now, [](const ClientTable::ClientView&) {},
      [&](const ClientTable::SeriesView& view) {
        counts[view.status] += view.shown + view.pending;
        ++series;
      });
  Check(series == table.series() && series <= table.max_series(), "no more series than allowed");
  for (uint16_t status = 0; status < counts.size(); ++status) {
    counts[status] += table.Evicted(status);
  }
  return counts;
}

// One of five, whose key is made as the options say.
ClientKey KeyNumber(uint64_t i, uint8_t how) {
  // As the namer makes them: the hash tells the network, too.
  if ((how & kHashed) != 0) return HashedKey((i % 5) << 2U, Network::kInternal);
  return {0, 0xFFFF00000000U | (i % 5) << 8U};
}

bool IsPlenty(const ClientTable& table, Time now) {
  uint64_t sum = 0;
  for (const uint64_t count : CountsOf(table, now)) sum += count;
  return sum > kPlenty || table.admissions() > kPlenty || table.rejections() > kPlenty;
}

void CheckTableGoesOn(const ClientTable& table, const ClientOptions& options, Time now) {
  ClientTable again(options, kFuzzSecret + 1);
  CheckGoesOn(BytesOf(table), again,
              [&](ByteReader& reader) { return again.Load(reader, AtOnce(now)); });
}

void RestoreTable(ByteReader& reader, uint8_t how) {
  const ClientOptions options = FewClients(how);
  const RestoreTimes times = TimesOf(how);
  ClientTable table(options, kFuzzSecret);
  if (!table.Load(reader, times)) return;
  Time now = times.now;
  if (IsPlenty(table, now)) return;
  CheckTableGoesOn(table, options, now);
  StatusCounts expected = CountsOf(table, now);
  for (uint64_t i = 0; i < 8; ++i) {
    now += std::chrono::seconds{i * i};
    if (i == 3) table.HoldAnew(times.now, now);
    if (i == 6) table.Expire(now + std::chrono::hours{i % 2});
    const Client client{KeyNumber(i, how), "", i == 4};
    table.Add(client, kOneStatus, 1, now);
    ++expected[kOneStatus];
    Check(CountsOf(table, now) == expected, "requests = shown + pending + evicted");
  }
  CheckTableGoesOn(table, options, now);
}

bool IsPlenty(const Detector& detector) {
  return detector.forgotten_clients() > kPlenty || detector.forgotten_episodes() > kPlenty ||
         detector.withheld_clients() > kPlenty;
}

void CheckSignals(const Detector& detector, Time now) {
  for (const ShownSignal& shown : ShownBy(detector, now)) {
    Check(shown.value > 0 && !shown.client.empty(), "a signal has a value and a client");
  }
  const DetectOptions& options = detector.options();
  Check(detector.episodes().size() <= options.max_episodes, "episodes are bounded");
  for (const Episode& episode : detector.episodes()) {
    Check(episode.threshold > 0 && episode.value >= episode.threshold, "episodes were reached");
    Check(episode.samples.size() <= options.max_samples, "samples are bounded");
  }
}

void CheckDetectorGoesOn(const Detector& detector, const ClientNamer& namer, Time now) {
  Detector again(detector.options(), namer, kFuzzSecret + 1);
  CheckGoesOn(BytesOf(detector), again,
              [&](ByteReader& reader) { return again.Load(reader, AtOnce(now)); });
}

void RestoreDetector(ByteReader& reader, uint8_t how) {
  const ClientNamer namer(FewClients(how));
  const RestoreTimes times = TimesOf(how);
  Detector detector(FewSuspects(), namer, kFuzzSecret);
  if (!detector.Load(reader, times) || IsPlenty(detector)) return;
  CheckSignals(detector, times.now);
  CheckDetectorGoesOn(detector, namer, times.now);
  static Classified classified(FewSuspects());
  Record record;
  record.status = kOneStatus;
  record.line = "a line";
  Time now = times.now;
  for (uint64_t i = 0; i < 8; ++i) {
    now += std::chrono::seconds{i * i * i};
    if (i == 4) detector.GoLive();
    record.time = now - std::chrono::seconds{i % 3};
    classified.Observe(detector, record, {KeyNumber(i, how), "", false}, now);
    CheckSignals(detector, now);
  }
  CheckDetectorGoesOn(detector, namer, now);
}

void RestoreParser(ByteReader& reader, const char* format) {
  LogParser parser = *LogParser::Create(format);
  if (!parser.Load(reader)) return;
  Check(parser.confidence() >= 0 && parser.confidence() <= 1, "confidence is a share");
  Record record;
  for (const char* line :
       {R"(192.0.2.1 - - [02/Mar/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 1 "-" "curl")",
        "2026-03-02T10:00:00.000000000Z stdout P 192.0.2.1 - - ", "10:00:00 192.0.2.1 GET / 200",
        ""}) {
    parser.Parse(line, record);
  }
  parser.format_name();
  LogParser again = *LogParser::Create(format);
  CheckGoesOn(BytesOf(parser), again, [&](ByteReader& from) { return again.Load(from); });
}

void RestoreTail(ByteReader& reader) {
  SavedTail tail;
  if (!Load(reader, tail)) return;
  ByteWriter writer;
  Save(tail, writer);
  ByteReader saved(writer.bytes());
  SavedTail again;
  Check(Load(saved, again) && saved.IsDone(), "what was saved is loaded");
  ByteWriter twice;
  Save(again, twice);
  Check(writer.bytes() == twice.bytes(), "and saved alike");
  for (const SavedGeneration& generation : tail.generations) {
    Check(generation.half_line <= generation.mark.end, "half a line was read");
    Check(generation.mark.length <= kMarkBytes, "a mark is bounded");
  }
}

bool IsPlenty(const Visitors& visitors) {
  bool plenty = false;
  for (const Scope scope : {Scope::kAny, Scope::kLogin, Scope::kProtected}) {
    plenty = plenty || visitors.New(scope) > kPlenty || visitors.Displaced(scope) > kPlenty;
  }
  return plenty;
}

void CheckVisitors(const Visitors& visitors, Time now) {
  for (const auto& window : visitors.Distinct(now)) {
    Check(window.clients >= 0 && window.clients < 1e15, "an estimate is a number of clients");
  }
  Check(visitors.Known(Scope::kAny) <= 1U << 18U && visitors.Known(Scope::kLogin) <= 1U << 14U,
        "tables are bounded");
}

void RestoreVisitors(ByteReader& reader, uint8_t how) {
  const Visitors::Rules rules = {"", "/login\n", ""};
  Visitors visitors(FewClients(how), rules, kFuzzSecret);
  if (!visitors.Load(PartsIn(reader)) || IsPlenty(visitors)) return;
  Time now = TimesOf(how).now;
  CheckVisitors(visitors, now);
  for (uint64_t i = 0; i < 40; ++i) {
    now += std::chrono::minutes{i * i};
    const Client client{KeyNumber(i, how), "", false};
    if (i % 9 == 0) visitors.Expire(now);
    if (i == 30) visitors.Forget(client.key);
    const uint64_t new_before = visitors.New(Scope::kAny);
    visitors.Add(client, i % 2 == 0 ? kVisitsLogin : 0, now - std::chrono::hours{i % 3 * 20}, now);
    Check(visitors.New(Scope::kAny) - new_before <= 1, "nobody is new twice");
    CheckVisitors(visitors, now);
  }
  Visitors::Parts parts;
  visitors.Save(parts);
  Visitors again(FewClients(how), rules, kFuzzSecret + 1);
  Check(again.Load(parts), "what was saved is loaded");
  Visitors::Parts twice;
  again.Save(twice);
  Check(twice == parts, "and saved alike");
}

void CheckSite(const SiteEngine& site, Time now) {
  uint64_t lines = site.traffic().total();
  for (size_t i = 0; i < kUnparsedReasonCount; ++i) {
    lines += site.Unparsed(static_cast<UnparsedReason>(i));
  }
  Check(lines == site.lines_read(), "each line is a request or unparsed");
  const StatusCounts counts = CountsOf(site.clients(), now);
  for (size_t slot = 0; slot < kStatusSlots; ++slot) {
    const uint16_t status = StatusOfSlot(slot);
    Check(counts[status] == site.traffic().Requests(status), "each request is somebody's");
  }
}

void CheckDays(const SiteEngine& site) {
  const LedgerCopy days = site.CopyDays();
  Check(days.days.size() <= DayLedger::kMostDays + 1, "days are bounded");
  for (const auto& [day, bytes] : days.days) {
    Check(FiguresOf(days, day, day).clients.size() <= 2 * kClientsOfDay, "clients of a day, too");
  }
}

void RestoreSite(ByteReader& reader, uint8_t how) {
  const RestoreTimes times = TimesOf(how);
  SiteEngine site("", FewClients(how), FewSuspects(), kFuzzSecret);
  site.KeepDays(TimeZone());
  if (!site.LoadParts(PartsIn(reader), times) || IsPlenty(site.detector()) ||
      IsPlenty(site.clients(), times.now) || IsPlenty(site.visitors()) || site.lines_read() > kPlenty ||
      site.traffic().durations().count() > kPlenty >> 4U) {
    return;
  }
  CheckSite(site, times.now);
  LogParser parser = *LogParser::Create("combined");
  for (const char* line :
       {R"(192.0.2.9 - - [02/Mar/2026:10:00:09 +0000] "GET / HTTP/1.1" 404 1 "-" "curl")",
        "no request", ""}) {
    site.Count(line, parser, times.now);
  }
  site.GoLive(times.now, times.now);
  site.Advance(times.now);
  CheckSite(site, times.now);
  const SiteEngine::Parts parts = site.SaveParts();
  SiteEngine again("", FewClients(how), FewSuspects(), kFuzzSecret);
  again.KeepDays(TimeZone());
  Check(again.LoadParts(parts, AtOnce(times.now)), "what was saved is loaded");
  Check(again.SaveParts() == parts, "and saved alike");
  CheckDays(again);
}

void Restore(Restored what, uint8_t how, ByteReader& reader) {
  switch (what) {
    case Restored::kTraffic:
      return RestoreTraffic(reader);
    case Restored::kTable:
      return RestoreTable(reader, how);
    case Restored::kDetector:
      return RestoreDetector(reader, how);
    case Restored::kAutoParser:
      return RestoreParser(reader, "auto");
    case Restored::kNamedParser:
      return RestoreParser(reader, "combined");
    case Restored::kTail:
      return RestoreTail(reader);
    case Restored::kSite:
      return RestoreSite(reader, how);
    case Restored::kVisitors:
      return RestoreVisitors(reader, how);
  }
}

}  // namespace
}  // namespace accesslog

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  accesslog::ByteReader reader(accesslog::AsText(data + 2, size - 2));
  accesslog::Restore(static_cast<accesslog::Restored>(data[0] % accesslog::kRestoredKinds), data[1],
                     reader);
  return 0;
}
