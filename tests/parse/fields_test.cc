#include "parse/fields.h"

#include <gtest/gtest.h>

#include <set>

namespace accesslog {
namespace {

std::vector<Field> AllFields() {
  std::vector<Field> fields;
  for (size_t i = 0; i < kFieldCount; ++i) fields.push_back(static_cast<Field>(i));
  return fields;
}

TEST(FieldName, IsFoundAgain) {
  std::set<std::string_view> names;
  for (const Field field : AllFields()) {
    EXPECT_EQ(FieldFromName(FieldName(field)), field) << FieldName(field);
    EXPECT_TRUE(names.insert(FieldName(field)).second) << FieldName(field);
  }
  EXPECT_EQ(FieldNames().size(), kFieldCount);
  EXPECT_EQ(FieldFromName("no_such"), std::nullopt);
  EXPECT_EQ(FieldFromName(""), std::nullopt);
}

TEST(FieldName, StandsInTheOrderOfTheEnum) {
  EXPECT_EQ(FieldName(Field::kIgnored), "ignored");
  EXPECT_EQ(FieldName(Field::kForwardedFor), "forwarded_for");
  EXPECT_EQ(FieldName(Field::kTimePattern), "time_pattern");
  EXPECT_EQ(FieldName(Field::kRequestUrl), "request_url");
  EXPECT_EQ(FieldName(Field::kStatus), "status");
  EXPECT_EQ(FieldName(Field::kDurationText), "duration_text");
}

TEST(Kinds, OfFieldsAreWhatTheirNamesSay) {
  for (const Field field : AllFields()) {
    const std::string name(FieldName(field));
    EXPECT_EQ(IsDuration(field), name.starts_with("duration_")) << name;
    EXPECT_EQ(IsIgnored(field), name.starts_with("ignored")) << name;
    EXPECT_EQ(IsClient(field), name.starts_with("client") || name == "forwarded_for") << name;
    EXPECT_EQ(IsTarget(field), name == "target" || name == "target_or_dash" || name == "url" || name == "path") << name;
    EXPECT_EQ(HasTimeShape(field), name == "time" || name == "time_iso" || name == "time_iso_only" || name == "time_pattern")
        << name;
  }
  EXPECT_TRUE(IsNumber(Field::kDurationMs));
  EXPECT_FALSE(IsNumber(Field::kDurationText));
}

TEST(WhyUnusable, NamesWhatIsMissing) {
  const FormatPiece client{Field::kClient, " "};
  const FormatPiece status{Field::kStatus, ""};
  const auto why = [](const std::vector<FormatPiece>& pieces) {
    const auto error = WhyUnusable({.before = "", .pieces = pieces});
    return error ? error->message : "usable";
  };
  EXPECT_EQ(why({client, status}), "usable");
  EXPECT_EQ(why({status}), "the format has no client address");
  EXPECT_EQ(why({client}), "the format has no status");
  EXPECT_EQ(why({status, client}),
            "no text between status and client, so nobody can tell where one ends");
  EXPECT_EQ(why({client, {Field::kHostPort, ""}, {Field::kTarget, " "}, status}), "usable");
}

TEST(Quoted, DisarmsATextForMessages) { EXPECT_EQ(Quoted("a\x1b\""), "'a\\x1b\"'"); }

}  // namespace
}  // namespace accesslog
