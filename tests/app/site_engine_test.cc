#include "app/site_engine.h"

#include <gtest/gtest.h>

#include "app/log_lines.h"

namespace accesslog {
namespace {

class SiteEngineTest : public ::testing::Test {
 protected:
  SiteEngine::Counted Count(std::string_view line) { return engine_.Count(line, parser_, kStart); }

  SiteEngine engine_{"shop", ClientOptions{}, DetectOptions{}, 42};
  LogParser parser_ = *LogParser::Create("auto");
};

TEST_F(SiteEngineTest, CountsARequest) {
  const std::string line = Line({.status = 404, .bytes = 7});
  const SiteEngine::Counted counted = Count(line);
  ASSERT_NE(counted.record, nullptr);
  EXPECT_EQ(counted.record->status, 404);
  EXPECT_EQ(engine_.namer().Label(counted.client.key, ""), "192.0.2.1");
  EXPECT_EQ(engine_.lines_read(), 1U);
  EXPECT_EQ(engine_.traffic().Requests(404), 1U);
  EXPECT_EQ(engine_.traffic().response_bytes(), 7U);
  EXPECT_EQ(engine_.clients().clients(), 1U);
}

TEST_F(SiteEngineTest, CountsALineThatGaveNone) {
  EXPECT_EQ(Count("no request at all").record, nullptr);
  EXPECT_EQ(Count("").record, nullptr);
  EXPECT_EQ(engine_.lines_read(), 2U);
  EXPECT_EQ(engine_.traffic().total(), 0U);
  EXPECT_EQ(engine_.Unparsed(UnparsedReason::kStatus), 1U);
  EXPECT_EQ(engine_.Unparsed(UnparsedReason::kEmpty), 1U);
}

TEST_F(SiteEngineTest, CountsLinesThatWereTooLong) {
  engine_.CountOversized(3);
  EXPECT_EQ(engine_.lines_read(), 3U);
  EXPECT_EQ(engine_.Unparsed(UnparsedReason::kTooLong), 3U);
}

TEST_F(SiteEngineTest, ForgetsIdleClientsWithTime) {
  Count(Line({}));
  engine_.Advance(kStart + std::chrono::hours{1});
  EXPECT_EQ(engine_.clients().clients(), 0U);
}

TEST_F(SiteEngineTest, ShowsEveryReasonAlsoAtZero) {
  const SiteView view = engine_.View();
  EXPECT_EQ(view.name, "shop");
  const std::vector<std::pair<std::string_view, uint64_t>> expected = {
      {"empty", 0}, {"too_long", 0}, {"client", 0}, {"status", 0}, {"comment", 0}};
  EXPECT_EQ(view.unparsed, expected);
}

}  // namespace
}  // namespace accesslog
