#include "expose/format.h"

#include <gtest/gtest.h>

#include <random>

namespace accesslog {
namespace {

TEST(ChooseFormat, IsTextForAllWhoDoNotAskForAnother) {
  for (const char* accept :
       {"", "*/*", "text/plain", "text/*", "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/*",
        "application/json", "nonsense", ",;,=;q", "application/openmetrics-textual"}) {
    EXPECT_EQ(ChooseFormat(accept), Format::kText) << accept;
  }
}

// What Prometheus 2.42 and 3 send.
TEST(ChooseFormat, IsOpenMetricsForPrometheus) {
  EXPECT_EQ(ChooseFormat("application/openmetrics-text;version=1.0.0,"
                         "application/openmetrics-text;version=0.0.1;q=0.75,"
                         "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"),
            Format::kOpenMetrics1);
  EXPECT_EQ(ChooseFormat("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
                         "application/openmetrics-text;version=0.0.1;q=0.5,"
                         "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
                         "text/plain;version=0.0.4;q=0.3,*/*;q=0.2"),
            Format::kOpenMetrics1);
}

TEST(ChooseFormat, ReadsVersionsInAnySpelling) {
  EXPECT_EQ(ChooseFormat("application/openmetrics-text"), Format::kOpenMetrics1);
  EXPECT_EQ(ChooseFormat("Application/OpenMetrics-Text ; Version=1.0.0"), Format::kOpenMetrics1);
  EXPECT_EQ(ChooseFormat("application/openmetrics-text; version=\"0.0.1\""), Format::kOpenMetrics0);
  EXPECT_EQ(ChooseFormat("application/openmetrics-text;version=0.0.1;q=0.9,"
                         "application/openmetrics-text;version=1.0.0;q=0.8"),
            Format::kOpenMetrics0);
}

TEST(ChooseFormat, IsTextWhereTheVersionIsUnknown) {
  EXPECT_EQ(ChooseFormat("application/openmetrics-text;version=2.0.0"), Format::kText);
  EXPECT_EQ(ChooseFormat("application/openmetrics-text;version="), Format::kOpenMetrics1);
}

TEST(ChooseFormat, WeighsQualities) {
  EXPECT_EQ(ChooseFormat("application/openmetrics-text;q=0.4,text/plain;q=0.5"), Format::kText);
  EXPECT_EQ(ChooseFormat("application/openmetrics-text;q=0.5,text/plain;q=0.4"),
            Format::kOpenMetrics1);
  EXPECT_EQ(ChooseFormat("text/plain,application/openmetrics-text"), Format::kOpenMetrics1);
  EXPECT_EQ(ChooseFormat("application/openmetrics-text;q=0,*/*"), Format::kText);
  EXPECT_EQ(ChooseFormat("application/openmetrics-text;q=0"), Format::kText);
  EXPECT_EQ(ChooseFormat("application/openmetrics-text;q=nonsense"), Format::kText);
}

// The quality of text is that of the range that names it most exactly, wherever it stands.
TEST(ChooseFormat, TakesTheMostExactRange) {
  EXPECT_EQ(ChooseFormat("application/openmetrics-text;q=0.5,text/plain;q=0.1,*/*"),
            Format::kOpenMetrics1);
  EXPECT_EQ(ChooseFormat("*/*,text/plain;q=0.1,application/openmetrics-text;q=0.5"),
            Format::kOpenMetrics1);
  EXPECT_EQ(ChooseFormat("text/*;q=0.9,*/*;q=0.1,application/openmetrics-text;q=0.5"),
            Format::kText);
}

TEST(ChooseFormat, SurvivesRandomBytes) {
  std::mt19937 random(1);
  for (int round = 0; round < 2000; ++round) {
    std::string accept;
    for (size_t size = random() % 60; size > 0; --size) {
      accept += random() % 3 == 0 ? ",;=q/*1."[random() % 8] : static_cast<char>(random());
    }
    EXPECT_EQ(ChooseFormat(accept), Format::kText) << accept;
  }
}

TEST(ContentType, NamesTheVersion) {
  EXPECT_STREQ(ContentType(Format::kText), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_STREQ(ContentType(Format::kOpenMetrics1),
               "application/openmetrics-text; version=1.0.0; charset=utf-8");
  EXPECT_STREQ(ContentType(Format::kOpenMetrics0),
               "application/openmetrics-text; version=0.0.1; charset=utf-8");
}

}  // namespace
}  // namespace accesslog
