#include "expose/open_metrics.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "expose/exposed_site.h"

namespace accesslog {
namespace {

using prometheus::MetricType;
using std::chrono::milliseconds;
using ::testing::HasSubstr;
using ::testing::Not;

prometheus::MetricFamily Family(const std::string& name, MetricType type, double value) {
  prometheus::MetricFamily family;
  family.name = name;
  family.help = "Say \"hi\"\\.";
  family.type = type;
  family.metric.emplace_back();
  family.metric[0].counter.value = value;
  family.metric[0].gauge.value = value;
  return family;
}

std::string Written(const prometheus::MetricFamily& family) {
  Cut cut;
  cut.Add(family);
  return TextOf(cut, Format::kOpenMetrics1);
}

TEST(OpenMetrics, NameCountersWithoutTotalButInSamples) {
  EXPECT_EQ(Written(Family("a_total", MetricType::Counter, 3)),
            "# HELP a Say \\\"hi\\\"\\\\.\n# TYPE a counter\na_total 3\n# EOF\n");
}

TEST(OpenMetrics, NameUnits) {
  EXPECT_THAT(Written(Family("cpu_seconds_total", MetricType::Counter, 0.5)),
              HasSubstr("# TYPE cpu_seconds counter\n# UNIT cpu_seconds seconds\ncpu_seconds_total 0.5\n"));
  EXPECT_THAT(Written(Family("memory_bytes", MetricType::Gauge, 1)),
              HasSubstr("# UNIT memory_bytes bytes\n"));
  EXPECT_THAT(Written(Family("bytes_behind", MetricType::Gauge, 1)), Not(HasSubstr("UNIT")));
  EXPECT_THAT(Written(Family("kilobytes", MetricType::Gauge, 1)), Not(HasSubstr("UNIT")));
}

TEST(OpenMetrics, LoseNoDigits) {
  EXPECT_THAT(Written(Family("a", MetricType::Gauge, 0.1)), HasSubstr("\na 0.1\n"));
  EXPECT_THAT(Written(Family("a", MetricType::Gauge, 9007199254740992)),
              HasSubstr("\na 9007199254740992\n"));
  const double third = 1.0 / 3;
  const std::string text = Written(Family("a", MetricType::Gauge, third));
  EXPECT_EQ(std::strtod(text.c_str() + text.find("\na ") + 3, nullptr), third);
}

TEST(OpenMetrics, WriteWhatIsNoNumber) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_THAT(Written(Family("a", MetricType::Gauge, infinity)), HasSubstr("\na +Inf\n"));
  EXPECT_THAT(Written(Family("a", MetricType::Gauge, -infinity)), HasSubstr("\na -Inf\n"));
  EXPECT_THAT(Written(Family("a", MetricType::Gauge, std::nan(""))), HasSubstr("\na NaN\n"));
}

TEST(OpenMetrics, EndWithEof) { EXPECT_EQ(TextOf(Cut{}, Format::kOpenMetrics1), "# EOF\n"); }

// Prometheus keeps a series under its labels, the bounds of buckets among them; whichever format it
// asks for, they are the same series with the same values.
TEST(OpenMetrics, HaveTheSamplesOfTheTextFormat) {
  ExposedSite site("a \"site\"\\");
  for (int i = 1; i < 30; ++i) {
    Record record;
    const std::string client = (i % 2 == 0 ? "192.0.2." : "host-") + std::to_string(i);
    record.client = client;
    record.address = IpAddress::Parse(record.client);
    record.status = i % 3 == 0 ? 200 : 401;
    record.bytes = 1000 * i;
    record.duration = 0.1 * i;
    record.time = kStart;
    site.Count(record);
  }
  const FileView file{.site = site.name, .path = "/var/log/a\"b\\c.log", .last_line = kStart};
  const SelfView self{.version = "1",
                      .revision = "2",
                      .compiler = "3",
                      .last_scrape_seconds = 0.0021,
                      .process = {}};
  const Cut cut = CutOf({site.View()}, {file}, self);
  // TextSerializer writes sixteen digits.
  const auto samples = [&](Format format) {
    std::vector<std::string> lines;
    std::istringstream text(TextOf(cut, format));
    for (std::string line; std::getline(text, line);) {
      if (line[0] == '#') continue;
      const size_t blank = line.rfind(' ');
      std::ostringstream value;
      value.precision(16);
      value << std::strtod(line.c_str() + blank, nullptr);
      lines.push_back(line.substr(0, blank + 1) + value.str());
    }
    std::sort(lines.begin(), lines.end());
    return lines;
  };
  const auto ours = samples(Format::kOpenMetrics1);
  const auto theirs = samples(Format::kText);
  ASSERT_EQ(ours.size(), theirs.size());
  for (size_t i = 0; i < ours.size(); ++i) EXPECT_EQ(ours[i], theirs[i]);
}

TEST(OpenMetrics, TellNoBirthsUnlessAskedFor) {
  ExposedSite site;
  site.Count("192.0.2.1", 401);
  EXPECT_THAT(TextOf(CutOf({site.View()}), Format::kOpenMetrics1), Not(HasSubstr("_created")));
}

TEST(OpenMetrics, TellTheBirthOfEachClientsSeries) {
  ExposedSite site;
  const Client client{{0, 0xFFFFC0000201U, false}, "", false};
  site.clients.Add(client, 200, 10, kStart);
  site.clients.Add(client, 404, 10, kStart + milliseconds{1500});
  const Cut cut = CutOf({site.View()}, {}, {}, kStart + milliseconds{2000}, true);
  const std::string text = TextOf(cut, Format::kOpenMetrics1);
  const std::string start = std::to_string(
      std::chrono::floor<std::chrono::seconds>(kStart.time_since_epoch()).count());
  const std::string later = std::to_string(
      std::chrono::floor<std::chrono::seconds>(kStart.time_since_epoch()).count() + 1);
  EXPECT_THAT(text, HasSubstr("accesslog_client_requests_total{site=\"shop\",client=\"192.0.2.1\","
                              "status=\"200\"} 1\n"
                              "accesslog_client_requests_created{site=\"shop\",client=\"192.0.2.1\","
                              "status=\"200\"} " + start + ".000\n"));
  EXPECT_THAT(text, HasSubstr("status=\"404\"} " + later + ".500\n"));
  EXPECT_THAT(text, HasSubstr("accesslog_client_response_bytes_created{site=\"shop\","
                              "client=\"192.0.2.1\"} " + start + ".000\n"));
  // The text format knows none.
  EXPECT_THAT(TextOf(cut), Not(HasSubstr("_created")));
}

// A birth must not move with each scrape because somebody set the clock back.
TEST(OpenMetrics, KeepABirthWhereTheClockSteppedBack) {
  ExposedSite site;
  const auto birth = [&](Time now) {
    const std::string text =
        TextOf(CutOf({site.View()}, {}, {}, now, true), Format::kOpenMetrics1);
    const size_t at = text.find("accesslog_client_requests_created{");
    return text.substr(at, text.find('\n', at) - at);
  };
  site.Count("192.0.2.1", 200);
  const Time back = kStart - std::chrono::hours{1};
  site.clients.Expire(back);
  const std::string after = birth(back + std::chrono::seconds{5});
  EXPECT_EQ(after, birth(back + std::chrono::seconds{50}));
}

}  // namespace
}  // namespace accesslog
