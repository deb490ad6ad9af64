// Log text holds file names and other people's bytes; no message can forge a line or break a
// reader.
#include "app/logging.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <random>

#include "base/text.h"

namespace accesslog {
namespace {

using ::testing::IsEmpty;
using ::testing::MatchesRegex;

std::string Logged(LogStyle style, const std::string& message) {
  ::testing::internal::CaptureStderr();
  MakeLogger("info", style)->warn("{}", message);
  return ::testing::internal::GetCapturedStderr();
}

// The message of a logfmt line, or "(broken)".
std::string LogfmtMessage(const std::string& line) {
  const size_t start = line.find(" msg=\"");
  if (start == std::string::npos || !line.ends_with("\"\n")) return "(broken)";
  std::string message;
  for (size_t i = start + 6; i + 2 < line.size(); ++i) {
    if (line[i] == '"' || line[i] == '\n') return "(broken)";
    if (line[i] == '\\') {
      ++i;
      message += line[i] == 't' ? '\t' : line[i];
    } else {
      message += line[i];
    }
  }
  return message;
}

const std::vector<std::string>& Messages() {
  static const std::vector<std::string> messages = {
      "plain",
      "with \"quotes\" and \\backslashes\\",
      "a\nts=2026 level=error msg=\"forged\"",
      "\"} {\"level\":\"error\",\"msg\":\"forged",
      "\t\r\x01\x1b[2J\x7f",
      "\xff\xfe\xc3",
      "\xed\xa0\x80",
      "ends with a backslash\\",
      "{} %v %s",
      "ü€😀",
      std::string(5000, 'x'),
  };
  return messages;
}

TEST(Logger, WritesLogfmt) {
  EXPECT_THAT(Logged(LogStyle::kLogfmt, "plain"),
              MatchesRegex("ts=[0-9-]+T[0-9:]+\\.[0-9][0-9][0-9]Z level=warning msg=\"plain\"\n"));
}

TEST(Logger, WritesJson) {
  const auto json = nlohmann::json::parse(Logged(LogStyle::kJson, "plain"));
  EXPECT_EQ(json["level"], "warning");
  EXPECT_EQ(json["msg"], "plain");
  EXPECT_THAT(json["ts"].get<std::string>(), MatchesRegex("[0-9-]+T[0-9:]+\\.[0-9][0-9][0-9]Z"));
}

TEST(Logger, WritesOneJsonObjectALineWhateverTheMessage) {
  for (const std::string& message : Messages()) {
    const std::string line = Logged(LogStyle::kJson, message);
    EXPECT_EQ(line.find('\n'), line.size() - 1) << message;
    const auto json = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    ASSERT_FALSE(json.is_discarded()) << line;
    EXPECT_EQ(json["msg"], Printable(message));
    EXPECT_EQ(json.size(), 3U);
  }
}

TEST(Logger, WritesOneLogfmtLineWhateverTheMessage) {
  for (const std::string& message : Messages()) {
    const std::string line = Logged(LogStyle::kLogfmt, message);
    EXPECT_EQ(line.find('\n'), line.size() - 1) << message;
    EXPECT_EQ(LogfmtMessage(line), Printable(message));
  }
}

TEST(Logger, IsQuietBelowItsLevel) {
  ::testing::internal::CaptureStderr();
  const auto logger = MakeLogger("warn", LogStyle::kLogfmt);
  logger->info("not said");
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), IsEmpty());
}

TEST(Logger, KnowsTheLevelsOfTheCommandLine) {
  EXPECT_EQ(MakeLogger("debug", LogStyle::kJson)->level(), spdlog::level::debug);
  EXPECT_EQ(MakeLogger("info", LogStyle::kJson)->level(), spdlog::level::info);
  EXPECT_EQ(MakeLogger("warn", LogStyle::kJson)->level(), spdlog::level::warn);
  EXPECT_EQ(MakeLogger("error", LogStyle::kJson)->level(), spdlog::level::err);
}

}  // namespace
}  // namespace accesslog
