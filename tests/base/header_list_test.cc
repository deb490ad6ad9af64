#include "base/header_list.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace accesslog {
namespace {

std::vector<std::string> Items(std::string_view text, char separator) {
  std::vector<std::string> items;
  while (!text.empty()) items.emplace_back(TakeItem(text, separator));
  return items;
}

TEST(TakeItem, TakesOneAfterTheOtherWithoutBlanks) {
  EXPECT_EQ(Items(" a , b;q=1 ,c", ','), (std::vector<std::string>{"a", "b;q=1", "c"}));
  EXPECT_EQ(Items(",,", ','), (std::vector<std::string>{"", ""}));
  EXPECT_EQ(Items("", ','), std::vector<std::string>{});
}

TEST(EqualsIgnoringCase, KnowsLettersOnly) {
  EXPECT_TRUE(EqualsIgnoringCase("gZip", "GzIP"));
  EXPECT_FALSE(EqualsIgnoringCase("gzip", "gzi"));
  EXPECT_FALSE(EqualsIgnoringCase("[", "{"));
}

TEST(QualityOf, IsOneUnlessSaid) {
  EXPECT_EQ(QualityOf(""), 1000);
  EXPECT_EQ(QualityOf("version=1"), 1000);
}

TEST(QualityOf, ReadsUpToThreeDigits) {
  EXPECT_EQ(QualityOf("q=1"), 1000);
  EXPECT_EQ(QualityOf("q=1.000"), 1000);
  EXPECT_EQ(QualityOf("q=0"), 0);
  EXPECT_EQ(QualityOf("q=0."), 0);
  EXPECT_EQ(QualityOf("version=1; Q=0.75"), 750);
  EXPECT_EQ(QualityOf("q=0.001;ext"), 1);
}

TEST(QualityOf, IsNoughtWhereItIsMalformed) {
  for (const char* text : {"q=", "q=2", "q=1.1", "q=0.0001", "q=-1", "q=x", "q=0,5", "q=.5"}) {
    EXPECT_EQ(QualityOf(text), 0) << text;
  }
}

}  // namespace
}  // namespace accesslog
