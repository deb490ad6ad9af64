// One malformed byte makes Prometheus drop the whole scrape. Whatever the names are, the scrape is
// well-formed; law 6 of DESIGN section 5.
#include <gtest/gtest.h>

#include <random>

#include "expose/exposed_site.h"

namespace accesslog {
namespace {

const std::vector<std::string>& HostileTexts() {
  static const std::vector<std::string> texts = {
      "",
      "\n",
      "\r\n",
      "a\nb_total 1",
      "\"",
      "\\",
      "\\\"",
      "\\n",
      "x\"} 1\nforged_total{a=\"",
      std::string("\0\0", 2),
      "\xff\xfe",
      "\xc3",
      "\xed\xa0\x80",
      "\xf4\x90\x80\x80",
      "\xc2\x9b"
      "31m",
      "\x1b[2J",
      "\xe2\x80\xae",
      "{}=,#",
      "# TYPE a counter",
      std::string(100000, 'x'),
      std::string(255, 'x') + "\xe2\x82\xac",
      std::string(1000, '\xff'),
  };
  return texts;
}

// A scrape in which `text` stands wherever a text from outside may stand.
std::string ScrapeWith(const std::string& text) {
  ExposedSite site("site " + text);
  const Client client{{1, 2, true}, text, false};
  Record record;
  record.client = text;
  record.status = 404;
  record.line = text;
  record.time = kStart;
  site.traffic.Add(record);
  site.clients.Add(client, 404, 1, kStart);
  site.classified.Observe(site.detector, record, client, kStart);
  const FileView file{.site = site.name, .path = text, .last_line = kStart};
  const SelfView self{.version = text, .revision = text, .compiler = text, .process = {}};
  return Scrape({site.View()}, {file}, self);
}

TEST(HostileNames, NeverMakeAnInvalidScrape) {
  for (const std::string& text : HostileTexts()) {
    const std::string scrape = ScrapeWith(text);
    EXPECT_EQ(ParseExposition(scrape).error, "") << text;
  }
}

TEST(HostileNames, ForgeNoSeries) {
  const size_t expected = ParseExposition(ScrapeWith("harmless")).samples.size();
  for (const std::string& text : HostileTexts()) {
    EXPECT_EQ(ParseExposition(ScrapeWith(text)).samples.size(), expected) << text;
  }
}

TEST(HostileNames, StayBounded) {
  for (const std::string& text : HostileTexts()) {
    for (const Sample& sample : ParseExposition(ScrapeWith(text)).samples) {
      for (const auto& [label, value] : sample.labels) {
        EXPECT_LE(value.size(), label == "file" ? 4100U : 260U) << label << " of " << sample.name;
      }
    }
  }
}

TEST(HostileNames, OfRandomBytesNeverMakeAnInvalidScrape) {
  std::mt19937 random(1);
  for (int round = 0; round < 300; ++round) {
    std::string text;
    for (size_t size = random() % 40; size > 0; --size) text += static_cast<char>(random());
    ASSERT_EQ(ParseExposition(ScrapeWith(text)).error, "") << "round " << round;
  }
}

}  // namespace
}  // namespace accesslog
