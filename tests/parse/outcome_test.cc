#include "parse/outcome.h"

#include <gtest/gtest.h>

namespace accesslog {
namespace {

TEST(HasRecord, HoldsForLinesWithClientAndStatus) {
  EXPECT_TRUE(HasRecord(ParseOutcome::kComplete));
  EXPECT_TRUE(HasRecord(ParseOutcome::kExtra));
  EXPECT_TRUE(HasRecord(ParseOutcome::kIncomplete));
  EXPECT_FALSE(HasRecord(ParseOutcome::kEmpty));
  EXPECT_FALSE(HasRecord(ParseOutcome::kBadClient));
  EXPECT_FALSE(HasRecord(ParseOutcome::kNoStatus));
}

std::string_view ReasonName(ParseOutcome outcome) {
  return kUnparsedReasonNames[static_cast<size_t>(ReasonOf(outcome))];
}

TEST(ReasonOf, NamesWhyThereIsNoRecord) {
  EXPECT_EQ(ReasonName(ParseOutcome::kEmpty), "empty");
  EXPECT_EQ(ReasonName(ParseOutcome::kBadClient), "client");
  EXPECT_EQ(ReasonName(ParseOutcome::kNoStatus), "status");
}

TEST(UnparsedReason, HasANameForLinesThatNobodyParsed) {
  EXPECT_EQ(kUnparsedReasonNames[static_cast<size_t>(UnparsedReason::kTooLong)], "too_long");
}

}  // namespace
}  // namespace accesslog
