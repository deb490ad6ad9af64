// Which format `analyze` says that it found in a file, and how sure it is.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "app/analyzed.h"

namespace accesslog {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr std::string_view kCommon =
    "192.0.2.1 - - [02/Mar/2026:10:00:00 +0000] \"GET / HTTP/1.1\" 404 1\n";

std::string Times(int count, std::string_view text) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

// As containerd writes it.
std::string InCri(const std::string& line) {
  return "2026-03-02T10:00:00.123456789Z stdout F " + line + "\n";
}

std::string Changing() {
  return Lines(200, {}) + Times(200, "www.example.org:443 " + Line({}) + "\n");
}

AnalyzeOptions Asking(std::string format) {
  AnalyzeOptions options;
  options.format = std::move(format);
  return options;
}

class AnalyzeFormats : public ::testing::Test {
 protected:
  TempDirectory directory_;
};

TEST_F(AnalyzeFormats, AreSaidOfEachFileInTheOrderOfReading) {
  const std::string b =
      directory_.Write("b.log", Lines(300, {.time = kStart + std::chrono::hours{1}}));
  const std::string a = directory_.Write("a.log", std::string(kCommon));
  EXPECT_THAT(AnalyzeFiles({}, {b, a}).out,
              StartsWith("Lines: 301 read, 301 parsed, 0 unparsed\n" + a +
                         ": read as common; the first line fits\n" + b +
                         ": read as combined; all of the first 100 lines fit\n\nNumber of"));
}

TEST_F(AnalyzeFormats, AreDoubtedWhereLinesDoNotFit) {
  EXPECT_THAT(AnalyzeText(Lines(3, {}) + "nonsense\n").out,
              HasSubstr("\naccess.log: read as combined; 3 of the first 4 lines fit\n"));
}

TEST_F(AnalyzeFormats, MayChange) {
  EXPECT_THAT(AnalyzeText(Changing()).out, HasSubstr("; the format changed 1 time before them\n"));
}

TEST_F(AnalyzeFormats, AreNotSaidOfFilesWithoutLines) {
  EXPECT_THAT(AnalyzeText("").out, Not(HasSubstr("read as")));
}

TEST_F(AnalyzeFormats, ThatWereAskedForAreNoNews) {
  EXPECT_THAT(AnalyzeText(Lines(3, {}), Asking("combined")).out, Not(HasSubstr("read as")));
}

TEST_F(AnalyzeFormats, ThatWereAskedForMayStandInAFrame) {
  EXPECT_THAT(AnalyzeText(InCri(Line({})), Asking("combined")).out,
              HasSubstr("access.log: read as combined in cri; the first line fits\n"));
}

TEST_F(AnalyzeFormats, DoNotMixWithMatchingLines) {
  AnalyzeOptions options;
  options.status = 404;
  const Analyzed analyzed = AnalyzeText(Times(3, kCommon), options);
  EXPECT_THAT(analyzed.out, Not(HasSubstr("read as")));
  EXPECT_EQ(analyzed.err, "");
}

TEST_F(AnalyzeFormats, ThatAreDoubtfulAreToldBesideMatchingLines) {
  AnalyzeOptions options;
  options.status = 404;
  const Analyzed analyzed = AnalyzeText(std::string(kCommon) + "nonsense\n", options);
  EXPECT_EQ(analyzed.exit_code, 0);
  EXPECT_EQ(analyzed.err, "access.log: read as common; 1 of the first 2 lines fit\n");
  EXPECT_THAT(AnalyzeText(Changing(), options).err, HasSubstr("the format changed 1 time"));
}

TEST_F(AnalyzeFormats, StandInTheJson) {
  AnalyzeOptions options;
  options.json = true;
  const auto files =
      nlohmann::json::parse(AnalyzeFiles(options, {directory_.Write("empty.log", ""),
                                                   directory_.Write("a.log", Changing())})
                                .out)["files"];
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0], nlohmann::json({{"file", directory_.PathOf("empty.log")},
                                      {"format", nullptr},
                                      {"confidence", nullptr},
                                      {"format_changes", 0},
                                      {"lines", 0}}));
  EXPECT_EQ(files[1], nlohmann::json({{"file", directory_.PathOf("a.log")},
                                      {"format", "vhost_combined"},
                                      {"confidence", 1.0},
                                      {"format_changes", 1},
                                      {"lines", 400}}));
}

TEST_F(AnalyzeFormats, WithHostileNamesDoNotCommandTheTerminal) {
  const std::string path = directory_.Write("\x1b[2J.log", std::string(kCommon));
  EXPECT_THAT(AnalyzeFiles({}, {path}).out, HasSubstr("\\x1b[2J.log: read as common"));
}

}  // namespace
}  // namespace accesslog
