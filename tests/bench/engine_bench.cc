// Lines a second through the engine on one core: parsing alone, with traffic and clients, with all
// observers, the observers without the parser, and beside them a bare loop that only finds client
// and status and counts the pair, as the limit of what is possible.
//
// Usage: ACCESSLOG_BENCH_LOG=FILE engine_bench
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <memory>
#include <string_view>
#include <vector>

#include "app/site_engine.h"
#include "input/line_block.h"
#include "detect/breach.h"
#include "parse/log_parser.h"

namespace accesslog {
namespace {

constexpr uint64_t kSecret = 1;

std::string_view Log() {
  static const std::string_view log = [] {
    const char* path = std::getenv("ACCESSLOG_BENCH_LOG");
    const int fd = path != nullptr ? ::open(path, O_RDONLY) : -1;
    struct stat status {};
    if (fd < 0 || ::fstat(fd, &status) != 0) {
      std::cerr << "ACCESSLOG_BENCH_LOG must name the log that generate_log wrote\n";
      std::exit(2);
    }
    const auto size = static_cast<size_t>(status.st_size);
    void* data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
    return std::string_view(static_cast<const char*>(data), size);
  }();
  return log;
}

void Report(benchmark::State& state, uint64_t lines) {
  state.counters["lines/s"] =
      benchmark::Counter(static_cast<double>(lines) * static_cast<double>(state.iterations()),
                         benchmark::Counter::kIsRate);
  state.SetBytesProcessed(static_cast<int64_t>(Log().size()) * state.iterations());
}

void ParseAlone(benchmark::State& state) {
  uint64_t lines = 0;
  for (auto _ : state) {
    LogParser parser = *LogParser::Create("auto");
    Record record;
    lines = 0;
    ForEachLine(Log(), [&](std::string_view line) {
      benchmark::DoNotOptimize(parser.Parse(line, record));
      ++lines;
    });
  }
  Report(state, lines);
}

void ParseTrafficClients(benchmark::State& state) {
  uint64_t lines = 0;
  for (auto _ : state) {
    LogParser parser = *LogParser::Create("auto");
    const ClientOptions options = Unbounded(ClientOptions{});
    const ClientNamer namer(options);
    const auto traffic = std::make_unique<Traffic>();
    ClientTable clients(options, kSecret);
    Record record;
    ForEachLine(Log(), [&](std::string_view line) {
      if (!HasRecord(parser.Parse(line, record))) return;
      traffic->Add(record);
      clients.Add(namer.Identify(record), record.status, record.bytes.value_or(0), Time{});
    });
    lines = traffic->total();
  }
  Report(state, lines);
}

// `unbounded` as in `analyze`; otherwise the defaults of `serve`, with a full table.
void AllObservers(benchmark::State& state, bool unbounded) {
  uint64_t lines = 0;
  for (auto _ : state) {
    LogParser parser = *LogParser::Create("auto");
    const ClientOptions clients;
    const DetectOptions detect;
    SiteEngine engine("bench", unbounded ? Unbounded(clients) : clients,
                      unbounded ? Unbounded(detect) : detect, kSecret);
    const Time now{std::chrono::hours{24 * 365 * 54}};
    ForEachLine(Log(), [&](std::string_view line) { engine.Count(line, parser, now); });
    lines = engine.lines_read();
  }
  Report(state, lines);
}

double CpuSeconds() {
  struct timespec time {};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// What SiteEngine does behind the parser.
class Observers {
 public:
  explicit Observers(bool unbounded)
      : options_(unbounded ? Unbounded(ClientOptions{}) : ClientOptions{}),
        clients_(options_, kSecret),
        detector_(unbounded ? Unbounded(DetectOptions{}) : DetectOptions{}, namer_, kSecret),
        site_(DetectOptions{}),
        classifier_(DetectOptions{}, SignaturesOf(DetectOptions{}), kSecret) {}

  void Count(const Record& record, Time now) {
    const Client client = namer_.Identify(record);
    traffic_->Add(record);
    RequestFacts facts = classifier_.Classify(record);
    JudgeAnswer(facts, 0, facts.time.value_or(now), pages_);
    LearnAnswer(facts, facts.time.value_or(now), pages_);
    const auto [event, suspicion] = detector_.Observe(facts, client, now);
    site_.Count({.at = event, .line = record.line});
    clients_.Add(client, record.status, record.bytes.value_or(0), now, suspicion);
  }

 private:
  ClientOptions options_;
  ClientNamer namer_{options_};
  std::unique_ptr<Traffic> traffic_ = std::make_unique<Traffic>();
  ClientTable clients_;
  Detector detector_;
  SiteDetector site_;
  RequestClassifier classifier_;
  PageSizes pages_;
};

// The whole log, parsed a few hundred lines at a time; only the observers' part is measured. So
// they meet every client, and caches that the parser has used.
void ObserversAlone(benchmark::State& state, bool unbounded) {
  constexpr size_t kBatch = 500;
  const Time now{std::chrono::hours{24 * 365 * 54}};
  std::vector<Record> batch;
  batch.reserve(kBatch);
  uint64_t lines = 0;
  for (auto _ : state) {
    LogParser parser = *LogParser::Create("auto");
    Observers observers(unbounded);
    double seconds = 0;
    lines = 0;
    const auto observe = [&] {
      const double start = CpuSeconds();
      for (const Record& record : batch) observers.Count(record, now);
      seconds += CpuSeconds() - start;
      lines += batch.size();
      batch.clear();
    };
    ForEachLine(Log(), [&](std::string_view line) {
      if (!HasRecord(parser.Parse(line, batch.emplace_back()))) batch.pop_back();
      if (batch.size() == kBatch) observe();
    });
    observe();
    state.SetIterationTime(seconds);
  }
  Report(state, lines);
}

// Client, status and nothing else, into an open-addressing table of pairs.
void BareLoop(benchmark::State& state) {
  struct Pair {
    std::string_view client;
    uint32_t status = 0;
    uint64_t count = 0;
  };
  constexpr size_t kSlots = 1U << 18U;
  uint64_t lines = 0;
  for (auto _ : state) {
    std::vector<Pair> table(kSlots);
    lines = 0;
    ForEachLine(Log(), [&](std::string_view line) {
      const std::string_view client = line.substr(0, line.find(' '));
      const size_t quote = line.find("\" ", line.find('"') + 1);
      uint32_t status = 0;
      std::memcpy(&status, line.data() + quote + 2, 3);
      uint64_t head = 0;
      std::memcpy(&head, client.data(), std::min<size_t>(8, client.size()));
      uint64_t tail = 0;
      std::memcpy(&tail, client.data() + client.size() - std::min<size_t>(8, client.size()), 8);
      uint64_t hash = (head ^ (tail + status) * 0x9E3779B97F4A7C15U) * 0xD1342543DE82EF95U;
      for (size_t at = hash >> 46U;; at = (at + 1) % kSlots) {
        Pair& pair = table[at];
        if (pair.count == 0) pair = {client, status, 0};
        if (pair.status != status || pair.client != client) continue;
        ++pair.count;
        break;
      }
      ++lines;
    });
    benchmark::DoNotOptimize(table.data());
  }
  Report(state, lines);
}

BENCHMARK(BareLoop)->Unit(benchmark::kMillisecond);
BENCHMARK(ParseAlone)->Unit(benchmark::kMillisecond);
BENCHMARK(ParseTrafficClients)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ObserversAlone, unbounded, true)->Unit(benchmark::kMillisecond)->UseManualTime();
BENCHMARK_CAPTURE(ObserversAlone, defaults, false)->Unit(benchmark::kMillisecond)->UseManualTime();
BENCHMARK_CAPTURE(AllObservers, unbounded, true)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(AllObservers, defaults, false)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace accesslog

BENCHMARK_MAIN();
