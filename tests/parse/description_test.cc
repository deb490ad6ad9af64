#include "parse/description.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "parse/builtin_formats.h"

namespace accesslog {
namespace {

using ::testing::ElementsAre;

std::string ErrorOf(std::string_view description) {
  const auto spec = CompileDescription(description);
  return spec ? "no error" : spec.error().message;
}

TEST(CompileDescription, SplitsFieldsFromText) {
  EXPECT_EQ(*CompileDescription(R"(<$client> "$status" end)"),
            (FormatSpec{.before = "<",
                        .pieces = {{Field::kClient, "> \""}, {Field::kStatus, "\" end"}}}));
}

TEST(CompileDescription, KnowsEveryField) {
  const std::string description =
      "$ignored $client $user $time $request $status $bytes $referer $user_agent $host_port";
  std::vector<Field> fields;
  const auto spec = CompileDescription(description);
  for (const FormatPiece& piece : spec->pieces) fields.push_back(piece.field);
  EXPECT_THAT(fields, ElementsAre(Field::kIgnored, Field::kClient, Field::kUser, Field::kTime,
                                  Field::kRequest, Field::kStatus, Field::kBytes, Field::kReferer,
                                  Field::kUserAgent, Field::kHostPort));
}

TEST(CompileDescription, NamesAnUnknownField) {
  EXPECT_EQ(ErrorOf("$client $stat $status"), "unknown field $stat");
  EXPECT_EQ(ErrorOf("$client $status_code"), "unknown field $status_code");
}

TEST(CompileDescription, RefusesADollarWithoutName) {
  EXPECT_EQ(ErrorOf("$client $ $status"), "unknown field $");
  EXPECT_EQ(ErrorOf("$client $status $"), "unknown field $");
  EXPECT_EQ(ErrorOf("$client $$status"), "unknown field $");
}

TEST(CompileDescription, RefusesFieldsWithNothingBetween) {
  EXPECT_EQ(ErrorOf("$client$status"), "no text between $status and the field before it");
}

TEST(CompileDescription, RefusesAFieldThatStandsTwice) {
  EXPECT_EQ(ErrorOf("$client $status $client"), "$client stands twice");
  EXPECT_EQ(ErrorOf("$ignored $client $ignored $status $ignored"), "no error");
}

TEST(CompileDescription, WantsAClient) {
  EXPECT_EQ(ErrorOf("$time $status"), "the format has no client address");
  EXPECT_EQ(ErrorOf(""), "the format has no client address");
}

TEST(CompileDescription, WantsAStatus) {
  EXPECT_EQ(ErrorOf("$client [$time]"), "the format has no status");
}

TEST(Describe, IsTheInverseOfCompiling) {
  for (const char* description : {"$client $status", "  $status|$client",
                                  "\"$client\" - $ignored; [$time] $status $bytes\t"}) {
    EXPECT_EQ(Describe(*CompileDescription(description)), description);
  }
}

TEST(BuiltinFormats, CompileAndDescribeThemselves) {
  for (const BuiltinFormat& format : BuiltinFormats()) {
    const std::string_view description = BuiltinDescription(format.name);
    if (description.empty()) continue;  // json, iis
    const auto spec = CompileDescription(description);
    ASSERT_TRUE(spec.ok()) << format.name;
    EXPECT_EQ(Describe(*spec), description);
  }
}

}  // namespace
}  // namespace accesslog
