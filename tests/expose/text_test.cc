#include "expose/text.h"

#include <gtest/gtest.h>

#include "support/exposition.h"

namespace accesslog {
namespace {

prometheus::MetricFamily Family(const std::string& label_value) {
  prometheus::ClientMetric metric;
  metric.label = {{"label", label_value}};
  metric.counter.value = 12345678;
  prometheus::MetricFamily family;
  family.name = "a_total";
  family.help = "Help.";
  family.type = prometheus::MetricType::Counter;
  family.metric = {metric};
  return family;
}

std::string TextOf(const prometheus::MetricFamily& family) {
  Cut cut;
  cut.Add(family);
  std::string text;
  WriteText(cut, [&](std::string_view piece) { text += piece; });
  return text;
}

TEST(WriteText, WritesTheTextFormat) {
  EXPECT_EQ(TextOf(Family("x")),
            "# HELP a_total Help.\n# TYPE a_total counter\na_total{label=\"x\"} 12345678\n");
}

TEST(WriteText, EscapesLabelValues) {
  const std::string value = "a\"b\\c";
  const Exposition parsed = ParseExposition(TextOf(Family(value)));
  ASSERT_EQ(parsed.error, "");
  EXPECT_EQ(parsed.samples[0].labels.at("label"), value);
}

TEST(WriteText, WritesNothingOfNothing) {
  std::string text;
  WriteText(Cut{}, [&](std::string_view piece) { text += piece; });
  EXPECT_EQ(text, "");
}

// What Prometheus of every version takes.
TEST(TextContentType, NamesTheVersion) {
  EXPECT_STREQ(kTextContentType, "text/plain; version=0.0.4; charset=utf-8");
}

}  // namespace
}  // namespace accesslog
