#include "app/format_watch.h"

#include <gtest/gtest.h>

namespace accesslog {
namespace {

using std::chrono::seconds;

constexpr Time kNow{seconds{1700000000}};
constexpr std::string_view kCommon =
    R"(192.0.2.1 - - [08/Sep/2023:12:26:56 -0400] "GET / HTTP/1.1" 200 5)";
constexpr std::string_view kJson =
    R"({"remote_addr":"192.0.2.1","status":200,"time":"2023-09-08T12:26:56Z"})";

class FormatWatchTest : public ::testing::Test {
 protected:
  void Read(int lines, std::string_view line) {
    Record record;
    for (int i = 0; i < lines; ++i) parser_.Parse(line, record);
  }
  std::string Look(Time now) {
    const auto notice = watch_.Look(parser_, now);
    if (!notice) return "";
    return (notice->is_warning ? "warning: " : "") + notice->text;
  }

  LogParser parser_ = *LogParser::Create("auto");
  FormatWatch watch_;
};

TEST_F(FormatWatchTest, SaysNothingBeforeAFormatWasFound) {
  EXPECT_EQ(Look(kNow), "");
  Read(5, "garbage");
  EXPECT_EQ(Look(kNow), "");
}

TEST_F(FormatWatchTest, NamesTheFormatOnce) {
  Read(3, kCommon);
  EXPECT_EQ(Look(kNow), "read as common; all of the first 3 lines fit");
  Read(500, kCommon);
  EXPECT_EQ(Look(kNow), "");
}

TEST_F(FormatWatchTest, WarnsOfAFormatThatHardlyFits) {
  Read(1, kCommon);
  Read(4, "garbage");
  EXPECT_EQ(Look(kNow), "warning: read as common; 1 of the first 5 lines fit");
}

TEST_F(FormatWatchTest, WarnsOfAChange) {
  Read(200, kCommon);
  Look(kNow);
  Read(20, kJson);
  EXPECT_EQ(Look(kNow + seconds{61}),
            "warning: the format changed from common to json; all of the first 11 lines fit");
}

TEST_F(FormatWatchTest, SpeaksOfAFileThatGoesToAndFroOnceAMinute) {
  Read(200, kCommon);
  Look(kNow);
  int notices = 0;
  for (int second = 1; second <= 120; ++second) {
    Read(150, second % 2 == 0 ? kCommon : kJson);
    if (!Look(kNow + seconds{second}).empty()) ++notices;
  }
  EXPECT_LE(notices, 2);
  EXPECT_GE(notices, 1);
}

}  // namespace
}  // namespace accesslog
