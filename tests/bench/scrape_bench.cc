// What a scrape costs: how long the engine's mutex is held for it, and all of it; beside it the same
// through prometheus-cpp alone, MetricFamily for each series and TextSerializer.
//
// Usage: scrape_bench
#include <benchmark/benchmark.h>
#include <prometheus/text_serializer.h>

#include <chrono>
#include <memory>
#include <string>

#include "expose/families.h"
#include "expose/format.h"
#include "expose/label.h"
#include "support/shown_signals.h"

namespace accesslog {
namespace {

constexpr Time kNow{std::chrono::hours{24 * 365 * 54}};

ClientOptions OptionsFor(uint32_t series) {
  ClientOptions options;
  options.max_series = series;
  options.new_series_per_hour = series;
  options.first_value_hold = Duration{0};
  return options;
}

enum class Names : uint8_t { kAddresses, kHosts };

// A table full of series, which come and go in no order of memory, and a detector with as many
// clients as it watches.
class FullSite {
 public:
  FullSite(uint32_t series, uint32_t by_client, Names names)
      : namer_(OptionsFor(series)),
        clients_(OptionsFor(series), 1),
        detector_(DetectOptions{}, namer_, 1) {
    const uint32_t count = series / by_client;
    uint64_t random = 1;
    for (uint32_t round = 0; round < by_client * 2; ++round) {
      for (uint32_t i = 0; i < count; ++i) {
        random = random * 6364136223846793005U + 1442695040888963407U;
        const uint32_t who = round == 0 ? i : static_cast<uint32_t>(random >> 33U) % count;
        Count(who, static_cast<uint16_t>(400 + round % by_client), names);
      }
    }
  }

  std::vector<SiteView> Views() const {
    return {{.name = "shop",
             .lines_read = traffic_->total(),
             .unparsed = {},
             .traffic = *traffic_,
             .clients = clients_,
             .namer = namer_,
             .detector = detector_}};
  }
  const ClientTable& clients() const { return clients_; }
  const ClientNamer& namer() const { return namer_; }
  const Detector& detector() const { return detector_; }

 private:
  void Count(uint32_t who, uint16_t status, Names names) {
    const std::string text =
        names == Names::kHosts ? "host-" + std::to_string(who) + std::string(240, 'x')
                               : "10." + std::to_string(who >> 16U) + "." +
                                     std::to_string(who >> 8U & 255U) + "." +
                                     std::to_string(who & 255U);
    Record record;
    record.client = text;
    record.address = IpAddress::Parse(text);
    record.status = status;
    record.bytes = 1000 + who;
    record.time = kNow;
    const Client client = namer_.Identify(record);
    traffic_->Add(record);
    clients_.Add(client, status, 1000, kNow);
    classified_.Observe(detector_, record, client, kNow);
  }

  ClientNamer namer_;
  std::unique_ptr<Traffic> traffic_ = std::make_unique<Traffic>();
  ClientTable clients_;
  Detector detector_;
  Classified classified_{DetectOptions{}};
};

SelfView Self() {
  return {.version = "1", .revision = "2", .compiler = "3", .process = {}};
}

double SecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Time under the mutex is "locked", all else outside.
void Scrape(benchmark::State& state, Format format, Names names) {
  const FullSite site(static_cast<uint32_t>(state.range(0)), static_cast<uint32_t>(state.range(1)),
                      names);
  const auto views = site.Views();
  double locked = 0;
  size_t bytes = 0;
  for (auto _ : state) {
    const auto start = std::chrono::steady_clock::now();
    const Cut cut = TakeCut(views, {}, Self(), kNow, false);
    const double seconds = SecondsSince(start);
    locked = locked == 0 ? seconds : std::min(locked, seconds);
    std::string text;
    Write(cut, format, [&](std::string_view piece) { text += piece; });
    bytes = text.size();
    benchmark::DoNotOptimize(text);
  }
  state.counters["locked_ms"] = locked * 1e3;
  state.counters["MB"] = static_cast<double>(bytes) * 1e-6;
  state.counters["series"] = static_cast<double>(site.clients().series());
}

using prometheus::ClientMetric;
using prometheus::MetricFamily;

MetricFamily NewFamily(const std::string& name) {
  MetricFamily family;
  family.name = "accesslog_" + name;
  family.help = "What it is.";
  family.type = prometheus::MetricType::Counter;
  return family;
}

ClientMetric NewMetric(std::vector<ClientMetric::Label> labels, double value) {
  ClientMetric metric;
  metric.label = std::move(labels);
  metric.counter.value = value;
  return metric;
}

std::vector<MetricFamily> LargeFamilies(const FullSite& site) {
  MetricFamily requests = NewFamily("client_requests_total");
  MetricFamily bytes = NewFamily("client_response_bytes_total");
  MetricFamily signals = NewFamily("client_signal");
  std::string label;
  site.clients().Visit(
      kNow,
      [&](const ClientTable::ClientView& client) {
        label = client.other ? "other" : SafeLabel(site.namer().Label(client.key, client.host_name));
        bytes.metric.push_back(NewMetric({{"site", "shop"}, {"client", label}},
                                         static_cast<double>(client.response_bytes)));
      },
      [&](const ClientTable::SeriesView& series) {
        requests.metric.push_back(
            NewMetric({{"site", "shop"}, {"client", label}, {"status", StatusLabel(series.status)}},
                      static_cast<double>(series.shown)));
      });
  for (const ShownSignal& signal : ShownBy(site.detector(), kNow)) {
    signals.metric.push_back(NewMetric({{"site", "shop"},
                                        {"client", SafeLabel(signal.client)},
                                        {"network", std::string(NetworkName(signal.network))},
                                        {"signal", signal.signal},
                                        {"window", signal.window}},
                                       signal.value));
  }
  return {requests, bytes, signals};
}

void ScrapeByTextSerializer(benchmark::State& state, Names names) {
  const FullSite site(static_cast<uint32_t>(state.range(0)), static_cast<uint32_t>(state.range(1)),
                      names);
  double locked = 0;
  for (auto _ : state) {
    const auto start = std::chrono::steady_clock::now();
    const std::vector<MetricFamily> families = LargeFamilies(site);
    const double seconds = SecondsSince(start);
    locked = locked == 0 ? seconds : std::min(locked, seconds);
    benchmark::DoNotOptimize(prometheus::TextSerializer().Serialize(families));
  }
  state.counters["locked_ms"] = locked * 1e3;
}

void Sizes(benchmark::internal::Benchmark* bench) {
  bench->ArgNames({"series", "by_client"})->Unit(benchmark::kMillisecond);
  for (const int64_t series : {10000, 100000}) {
    for (const int64_t by_client : {1, 5}) bench->Args({series, by_client});
  }
}

BENCHMARK_CAPTURE(ScrapeByTextSerializer, addresses, Names::kAddresses)->Apply(Sizes);
BENCHMARK_CAPTURE(Scrape, text, Format::kText, Names::kAddresses)->Apply(Sizes);
BENCHMARK_CAPTURE(Scrape, open_metrics, Format::kOpenMetrics1, Names::kAddresses)->Apply(Sizes);
BENCHMARK_CAPTURE(Scrape, host_names_of_253_bytes, Format::kText, Names::kHosts)->Apply(Sizes);

}  // namespace
}  // namespace accesslog

BENCHMARK_MAIN();
