#include "base/result.h"

#include <gtest/gtest.h>

#include <memory>

namespace accesslog {
namespace {

TEST(Result, HoldsAValue) {
  const Result<int> result = 7;
  EXPECT_TRUE(result.ok());
  EXPECT_TRUE(static_cast<bool>(result));
  EXPECT_EQ(*result, 7);
}

TEST(Result, HoldsAnError) {
  const Result<int> result = Error{"no such number"};
  EXPECT_FALSE(result.ok());
  EXPECT_FALSE(static_cast<bool>(result));
  EXPECT_EQ(result.error().message, "no such number");
}

TEST(Result, HoldsAStringApartFromAnErrorsMessage) {
  EXPECT_TRUE(Result<std::string>("no such number").ok());
  EXPECT_FALSE(Result<std::string>(Error{"no such number"}).ok());
}

TEST(Result, GivesUpAValueThatCannotBeCopied) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(7);
  const std::unique_ptr<int> taken = *std::move(result);
  EXPECT_EQ(*taken, 7);
}

TEST(Result, ReachesMembersOfItsValue) {
  Result<std::string> result = std::string("abc");
  result->push_back('d');
  EXPECT_EQ(*result, "abcd");
}

TEST(ResultOfVoid, IsFineByDefault) { EXPECT_TRUE(Result<void>().ok()); }

TEST(ResultOfVoid, HoldsAnError) {
  const Result<void> result = Error{"the disk is full"};
  EXPECT_FALSE(result.ok());
  EXPECT_EQ(result.error().message, "the disk is full");
}

}  // namespace
}  // namespace accesslog
