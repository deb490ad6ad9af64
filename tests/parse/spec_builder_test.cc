#include "parse/spec_builder.h"

#include <gtest/gtest.h>

#include "parse/description.h"

namespace accesslog {
namespace {

std::string Built(SpecBuilder& builder) {
  const auto spec = builder.Finish();
  return spec ? Describe(*spec) : "error: " + spec.error().message;
}

TEST(SpecBuilder, PutsFieldsAndTextsTogether) {
  SpecBuilder builder(Escape::kBackslash);
  builder.AddText("<");
  builder.Add(Field::kClient, 0, "$a");
  builder.AddText("> ");
  builder.AddText("| ");
  builder.Add(Field::kStatus, 0, "$b");
  EXPECT_EQ(Built(builder), "<$client> | $status");
}

TEST(SpecBuilder, KeepsTheFirstOfEquals) {
  SpecBuilder builder(Escape::kBackslash);
  for (const Field field : {Field::kClient, Field::kStatus, Field::kClient, Field::kStatus}) {
    builder.Add(field, 3, "$a");
    builder.AddText(" ");
  }
  EXPECT_EQ(Built(builder), "$client $status $ignored $ignored ");
}

TEST(SpecBuilder, KeepsTheLowestRank) {
  SpecBuilder builder(Escape::kBackslash);
  builder.Add(Field::kForwardedFor, 6, "$a");
  builder.AddText(" ");
  builder.Add(Field::kClient, 3, "$b");
  builder.AddText(" ");
  builder.Add(Field::kClientPort, 1, "$c");
  builder.AddText(" ");
  builder.Add(Field::kStatus, 0, "$d");
  EXPECT_EQ(Built(builder), "$ignored_list $ignored $client_port $status");
}

TEST(SpecBuilder, TakesTwoUnwantedFieldsForOne) {
  SpecBuilder builder(Escape::kBackslash);
  builder.Add(Field::kIgnored, 0, "$a");
  builder.Add(Field::kIgnored, 0, "$b");
  builder.AddText(" ");
  builder.Add(Field::kClient, 0, "$c");
  builder.AddText(" ");
  builder.Add(Field::kStatus, 0, "$d");
  EXPECT_EQ(Built(builder), "$ignored $client $status");
}

TEST(SpecBuilder, NamesTheFirstTwoFieldsWithNothingBetween) {
  SpecBuilder builder(Escape::kBackslash);
  builder.Add(Field::kClient, 0, "$a");
  builder.Add(Field::kUser, 0, "$b");
  builder.Add(Field::kStatus, 0, "$c");
  EXPECT_EQ(
      Built(builder),
      "error: there is no text between $a and $b, so nobody can tell where one ends; put a space "
      "between them");
}

TEST(SpecBuilder, JoinsThePiecesOfATime) {
  SpecBuilder builder(Escape::kBackslash);
  builder.AddTimePattern("%F", "a");
  builder.AddText("T");
  builder.AddTimePattern("%T", "b");
  builder.AddText(".");
  builder.AddTimePattern("%f", "c");
  builder.AddText(" ");
  builder.Add(Field::kClient, 0, "d");
  builder.AddText(" ");
  builder.Add(Field::kStatus, 0, "e");
  const auto spec = builder.Finish();
  EXPECT_EQ(Describe(*spec), "$time_pattern $client $status");
  EXPECT_EQ(spec->time_pattern, "%FT%T.%f");
}

TEST(SpecBuilder, KnowsTheCommonTimeByItsPattern) {
  SpecBuilder builder(Escape::kBackslash);
  builder.AddTimePattern("%d/%b/%Y:%H:%M:%S %z", "a");
  EXPECT_EQ(builder.Adjacent(), Field::kTime);
  builder.AddText(" ");
  EXPECT_EQ(builder.Adjacent(), Field::kIgnored);
}

TEST(SpecBuilder, ExtendsOnlyAPath) {
  SpecBuilder builder(Escape::kBackslash);
  EXPECT_FALSE(builder.ExtendPathToTarget());
  builder.Add(Field::kClient, 0, "a");
  EXPECT_FALSE(builder.ExtendPathToTarget());
  builder.AddText(" ");
  builder.Add(Field::kPath, 0, "b");
  EXPECT_TRUE(builder.ExtendPathToTarget());
  EXPECT_TRUE(builder.ExtendPathToTarget());
  builder.AddText(" ");
  EXPECT_FALSE(builder.ExtendPathToTarget());
}

}  // namespace
}  // namespace accesslog
