#include "record/method.h"

#include <gtest/gtest.h>

namespace accesslog {
namespace {

TEST(MethodFromText, KnowsEachName) {
  for (size_t i = 0; i + 1 < kMethodCount; ++i) {
    EXPECT_EQ(MethodFromText(kMethodNames[i]), static_cast<Method>(i)) << kMethodNames[i];
  }
}

TEST(MethodFromText, TakesAllElseForOther) {
  for (const char* text :
       {"", "get", "Get", "GETS", "GE", "PROPFIND", "other", " GET", "\x16\x03"}) {
    EXPECT_EQ(MethodFromText(text), Method::kOther) << text;
  }
}

TEST(MethodName, IsWhatMethodFromTextReads) {
  EXPECT_EQ(MethodName(Method::kGet), "GET");
  EXPECT_EQ(MethodName(Method::kPatch), "PATCH");
  EXPECT_EQ(MethodName(Method::kOther), "other");
}

}  // namespace
}  // namespace accesslog
