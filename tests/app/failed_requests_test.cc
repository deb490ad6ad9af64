#include "app/failed_requests.h"

#include <gmock/gmock.h>

#include "app/log_lines.h"

namespace accesslog {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class FailedRequestsTest : public ::testing::Test {
 protected:
  void See(std::string_view client, uint16_t status, std::optional<Time> time = kStart,
           std::string_view line = "a line") {
    Record record;
    record.line = line;
    record.client = client;
    record.address = IpAddress::Parse(client);
    record.status = status;
    record.time = time;
    RequestFacts facts;
    facts.line = record.line;
    facts.time = time;
    facts.status = status;
    failed_.Observe(facts, namer_.Identify(record), namer_);
    bad_.Observe(record);
  }

  ClientNamer namer_{ClientOptions{}};
  FailedRequests failed_{SampleLimits{2, 10}, 1};
  BadRequests bad_{SampleLimits{2, 10}};
};

TEST_F(FailedRequestsTest, CountsTheFiveStatusesOfAClient) {
  for (const uint16_t status : {400, 401, 403, 404, 409}) See("192.0.2.1", status);
  ASSERT_THAT(failed_.AtLeast(1), SizeIs(1));
  EXPECT_EQ(failed_.AtLeast(1)[0].client, "192.0.2.1");
  EXPECT_EQ(failed_.AtLeast(1)[0].count, 5U);
}

TEST_F(FailedRequestsTest, CountsNoOtherStatus) {
  for (const uint16_t status : {200, 302, 402, 405, 410, 500}) See("192.0.2.1", status);
  EXPECT_THAT(failed_.AtLeast(1), IsEmpty());
}

TEST_F(FailedRequestsTest, LeavesOutClientsBelow) {
  See("192.0.2.1", 404);
  See("192.0.2.2", 404);
  See("192.0.2.2", 404);
  ASSERT_THAT(failed_.AtLeast(2), SizeIs(1));
  EXPECT_EQ(failed_.AtLeast(2)[0].client, "192.0.2.2");
}

TEST_F(FailedRequestsTest, CountsBadRequestsOfAllTogether) {
  See("192.0.2.1", 400);
  See("192.0.2.2", 400);
  See("", 400);
  See("192.0.2.1", 404);
  EXPECT_EQ(bad_.tally().count, 3U);
}

TEST_F(FailedRequestsTest, ChargesNobodyWithWhatPrivacyLeftWithoutClient) {
  See("", 404);
  EXPECT_THAT(failed_.AtLeast(1), IsEmpty());
}

TEST_F(FailedRequestsTest, KnowsTheFirstAndLastTimeWhateverTheOrder) {
  See("192.0.2.1", 404, kStart + seconds{5});
  See("192.0.2.1", 404, kStart);
  See("192.0.2.1", 404, std::nullopt);
  See("192.0.2.1", 404, kStart + seconds{9});
  const auto tally = failed_.AtLeast(1).at(0);
  EXPECT_EQ(tally.first, kStart);
  EXPECT_EQ(tally.last, kStart + seconds{9});
}

TEST_F(FailedRequestsTest, KeepsTheFirstLinesEscapedAndCut) {
  See("192.0.2.1", 404, kStart, "\x1b[2J");
  See("192.0.2.1", 404, kStart, "0123456789abc");
  See("192.0.2.1", 404, kStart, "third");
  EXPECT_THAT(failed_.AtLeast(1).at(0).samples, ElementsAre("\\x1b[2J", "0123456789…"));
}

TEST_F(FailedRequestsTest, AddsUpBadRequestsAsIfInOneRun) {
  BadRequests sum{SampleLimits{2, 10}};
  See("192.0.2.1", 400, kStart + seconds{5}, "first");
  sum.Add(bad_);
  bad_ = BadRequests{SampleLimits{2, 10}};
  sum.Add(bad_);
  See("192.0.2.1", 400, kStart, "second");
  See("192.0.2.1", 400, std::nullopt, "third");
  sum.Add(bad_);
  EXPECT_EQ(sum.tally().count, 3U);
  EXPECT_EQ(sum.tally().first, kStart);
  EXPECT_EQ(sum.tally().last, kStart + seconds{5});
  EXPECT_THAT(sum.tally().samples, ElementsAre("first", "second"));
}

}  // namespace
}  // namespace accesslog
