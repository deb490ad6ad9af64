#include <gmock/gmock.h>

#include "expose/exposed_site.h"

namespace accesslog {
namespace {

using ::testing::ElementsAre;

const SelfView kSelf = {.version = "1.2.3",
                        .revision = "abc",
                        .compiler = "gcc 12",
                        .last_scrape_seconds = 0.25,
                        .process = {.cpu_seconds = 1.5,
                                    .start_time_seconds = 1000,
                                    .resident_bytes = 2048,
                                    .virtual_bytes = 4096,
                                    .open_fds = 7,
                                    .max_fds = 1024}};

std::vector<std::string> Samples(const std::string& name) {
  return SamplesOf(Scrape({}, {}, kSelf), name);
}

TEST(SelfFamilies, TellWhatWasBuilt) {
  EXPECT_THAT(Samples("accesslog_exporter_build_info"),
              ElementsAre("compiler=\"gcc 12\",revision=\"abc\",version=\"1.2.3\" 1"));
}

TEST(SelfFamilies, TellHowLongTheLastScrapeTook) {
  EXPECT_THAT(Samples("accesslog_scrape_duration_seconds"), ElementsAre("0.25"));
}

TEST(SelfFamilies, TellWhatTheProcessUses) {
  EXPECT_THAT(Samples("process_cpu_seconds_total"), ElementsAre("1.5"));
  EXPECT_THAT(Samples("process_start_time_seconds"), ElementsAre("1000"));
  EXPECT_THAT(Samples("process_resident_memory_bytes"), ElementsAre("2048"));
  EXPECT_THAT(Samples("process_virtual_memory_bytes"), ElementsAre("4096"));
  EXPECT_THAT(Samples("process_open_fds"), ElementsAre("7"));
  EXPECT_THAT(Samples("process_max_fds"), ElementsAre("1024"));
}

TEST(SelfFamilies, CallCountersCounters) {
  const Exposition scrape = ParseExposition(Scrape({}, {}, kSelf));
  EXPECT_EQ(scrape.error, "");
  for (const auto& [family, type] : scrape.types) {
    EXPECT_EQ(family.ends_with("_total"), type == "counter") << family;
  }
}

}  // namespace
}  // namespace accesslog
