#include "state/schema.h"

#include <gtest/gtest.h>

#include <vector>

#include "state/snapshots.h"
#include "support/temp_directory.h"

namespace accesslog {
namespace {

bool First(Database& database) {
  return database.Execute(
      "CREATE TABLE format(version INTEGER NOT NULL);"
      "INSERT INTO format VALUES(0);"
      "CREATE TABLE word(text TEXT); INSERT INTO word VALUES('one')");
}
bool Second(Database& database) {
  return database.Execute(
      "ALTER TABLE word ADD COLUMN length INTEGER;"
      "UPDATE word SET length = length(text)");
}
bool Third(Database& database) { return database.Execute("INSERT INTO word VALUES('three', 5)"); }
bool Broken(Database& database) {
  return database.Execute("INSERT INTO word VALUES('four', 4); INSERT INTO nowhere VALUES(1)");
}

class Schema : public testing::Test {
 protected:
  const TempDirectory directory_;
  const std::string file_ = directory_.Write("state.db", "");

  Form Inspect(const std::vector<SchemaStep>& steps) {
    Database database(file_, Database::Access::kReadWrite);
    return InspectForm(database, steps);
  }
  bool Bring(const std::vector<SchemaStep>& steps) {
    Database database(file_, Database::Access::kReadWrite);
    return Migrate(database, steps);
  }
  int64_t Number(const char* sql) {
    Database database(file_, Database::Access::kReadOnly);
    return database.Number(sql);
  }
};

TEST_F(Schema, BringsAnOldFileForwardStepByStep) {
  EXPECT_EQ(Inspect({First}), Form::kOlder);
  ASSERT_TRUE(Bring({First}));
  EXPECT_EQ(Inspect({First}), Form::kCurrent);
  EXPECT_EQ(Inspect({First, Second, Third}), Form::kOlder);
  ASSERT_TRUE(Bring({First, Second, Third}));
  EXPECT_EQ(Inspect({First, Second, Third}), Form::kCurrent);
  EXPECT_EQ(Number("SELECT sum(length) FROM word"), 8);
  EXPECT_EQ(Number("PRAGMA user_version"), 3);
  EXPECT_EQ(Inspect({First, Second}), Form::kNewer);
}

TEST_F(Schema, LeavesAllAsItWasWhereAStepFails) {
  ASSERT_TRUE(Bring({First, Second}));
  EXPECT_FALSE(Bring({First, Second, Third, Broken}));
  EXPECT_EQ(Inspect({First, Second}), Form::kCurrent);
  EXPECT_EQ(Number("SELECT count(*) FROM word"), 1);
}

TEST_F(Schema, DoesNotTakeAFlippedBitForANewerVersion) {
  ASSERT_TRUE(Bring({First}));
  {
    Database database(file_, Database::Access::kReadWrite);
    ASSERT_TRUE(database.Execute("PRAGMA user_version=9"));
  }
  EXPECT_EQ(Inspect({First}), Form::kForeign);
}

TEST_F(Schema, KnowsAnothersDatabase) {
  {
    Database database(file_, Database::Access::kReadWrite);
    ASSERT_TRUE(database.Execute("CREATE TABLE part(id INTEGER)"));
  }
  EXPECT_EQ(Inspect({First}), Form::kForeign);
}

}  // namespace
}  // namespace accesslog
