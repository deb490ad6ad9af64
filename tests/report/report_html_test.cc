#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "report/sample_report.h"

namespace accesslog {
namespace {

using testing::HasSubstr;
using testing::Not;

size_t CountOf(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(ReportHtml, EscapesWhatComesFromLogs) {
  const std::string html = ReportHtml(SampleReport());
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(
      html,
      HasSubstr("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;amp;&#39;\\x1b[31m\\xff�"));
  EXPECT_THAT(html, Not(HasSubstr("\xE2\x80\xAE")));
  // In the label of a client, in a sample, in the list of new clients.
  EXPECT_EQ(CountOf(html, "&lt;script&gt;"), 3U);
}

TEST(ReportHtml, ClosesWhatItOpens) {
  const std::string html = ReportHtml(SampleReport());
  for (const std::string tag : {"div", "table", "tr", "td", "th", "h1", "h2", "h3"}) {
    EXPECT_EQ(CountOf(html, "<" + tag + " ") + CountOf(html, "<" + tag + ">"),
              CountOf(html, "</" + tag + ">"))
        << tag;
  }
}

TEST(ReportHtml, LoadsNothing) {
  const std::string html = ReportHtml(SampleReport());
  for (const char* part : {"<img", "<link", "<style ", "http:", "https:", "url("}) {
    EXPECT_THAT(html, Not(HasSubstr(part)));
  }
}

TEST(ReportHtml, SaysTheSentenceOfEachQuietSite) {
  EXPECT_EQ(
      CountOf(ReportHtml(SampleReport({QuietSite(), QuietSite(), BusySite()})), kNothingFound), 2U);
}

TEST(ReportHtml, IsSmall) { EXPECT_LT(ReportHtml(SampleReport()).size(), 20'000U); }

}  // namespace
}  // namespace accesslog
