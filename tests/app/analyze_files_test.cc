// Which files `analyze` reads, and what it says of those it cannot.
#include <gmock/gmock.h>

#include "app/analyzed.h"

namespace accesslog {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class AnalyzeFilesTest : public ::testing::Test {
 protected:
  TempDirectory directory_;
};

TEST_F(AnalyzeFilesTest, AreCountedTogether) {
  const Analyzed analyzed = AnalyzeFiles(
      {}, {directory_.Write("a.log", Lines(2, {})), directory_.Write("b.log", Lines(3, {}))});
  EXPECT_EQ(analyzed.exit_code, 0);
  EXPECT_THAT(analyzed.out, StartsWith("Lines: 5 read, 5 parsed, 0 unparsed\n"));
  EXPECT_EQ(analyzed.err, "");
}

TEST_F(AnalyzeFilesTest, MayHaveFormatsOfTheirOwn) {
  const Analyzed analyzed = AnalyzeFiles(
      {},
      {directory_.Write("combined.log", Lines(2, {})),
       directory_.Write("vhost.log", "www.example.org:443 " + Line({}) + "\n"),
       directory_.Write("common.log",
                        "192.0.2.1 - - [02/Mar/2026:10:00:00 +0000] \"GET / HTTP/1.1\" 200 1\n")});
  EXPECT_THAT(analyzed.out,
              HasSubstr("Sorted IP addresses (most common to least):\n192.0.2.1  4\n"));
}

TEST_F(AnalyzeFilesTest, ThatAreEmptyAreAQuietDay) {
  const Analyzed analyzed = AnalyzeFiles({}, {directory_.Write("access.log", "")});
  EXPECT_EQ(analyzed.exit_code, 0);
  EXPECT_EQ(analyzed.err, "");
  EXPECT_EQ(analyzed.out, R"(Lines: 0 read, 0 parsed, 0 unparsed

Number of occurrences of '404': 0
Number of occurrences of '500': 0

Sorted IP addresses (most common to least):


No unusual login attempts or errors found.
Detection complete.
)");
}

TEST_F(AnalyzeFilesTest, ThatAreMissingAreNamed) {
  const std::string missing = directory_.PathOf("missing.log");
  const Analyzed analyzed = AnalyzeFiles({}, {missing});
  EXPECT_EQ(analyzed.exit_code, 2);
  EXPECT_EQ(analyzed.err, "cannot open " + missing + ": No such file or directory\n");
  // "No unusual login attempts" would be a lie.
  EXPECT_EQ(analyzed.out, "");
}

TEST_F(AnalyzeFilesTest, ThatAreMissingDoNotHideTheOthers) {
  const Analyzed analyzed = AnalyzeFiles(
      {}, {directory_.PathOf("missing.log"), directory_.Write("access.log", Lines(1, {}))});
  EXPECT_EQ(analyzed.exit_code, 2);
  EXPECT_THAT(analyzed.out, StartsWith("Lines: 1 read"));
}

TEST_F(AnalyzeFilesTest, ThatAreDirectoriesAreNamed) {
  const Analyzed analyzed = AnalyzeFiles({}, {directory_.path()});
  EXPECT_EQ(analyzed.exit_code, 2);
  EXPECT_EQ(analyzed.err,
            "cannot read " + directory_.path() + ": it is a directory; name the log files in it\n");
}

TEST_F(AnalyzeFilesTest, ThatAreNoLogsAreNamed) {
  const std::string path = directory_.Write("notes.txt", "one\ntwo\n");
  const Analyzed analyzed = AnalyzeFiles({}, {path});
  EXPECT_EQ(analyzed.exit_code, 2);
  EXPECT_EQ(analyzed.err, path +
                              ": none of 2 lines could be read in a known format; name the right "
                              "one with --format\n");
}

TEST_F(AnalyzeFilesTest, OfAnotherFormatThanNamedAreNamed) {
  const std::string path = directory_.Write("access.log", "one\n");
  AnalyzeOptions options;
  options.format = "common";
  const Analyzed analyzed = AnalyzeFiles(options, {path});
  EXPECT_EQ(analyzed.exit_code, 2);
  EXPECT_EQ(analyzed.err,
            path + ": none of 1 line could be read as common; is that the format of this log?\n");
}

TEST_F(AnalyzeFilesTest, WithHostileNamesDoNotCommandTheTerminal) {
  const std::string path = directory_.PathOf("\x1b[2J.log");
  EXPECT_THAT(AnalyzeFiles({}, {path}).err, HasSubstr("\\x1b[2J.log"));
  directory_.Write("\x1b[2J.log", "one\n");
  EXPECT_THAT(AnalyzeFiles({}, {path}).err, HasSubstr("\\x1b[2J.log: none of 1 line"));
}

TEST_F(AnalyzeFilesTest, TakeTheFormatOfTheOneConfiguredSite) {
  const Config config =
      ParseConfig("[[site]]\nname = \"shop\"\nfiles = [\"x\"]\nformat = \"common\"\n").config;
  const Analyzed analyzed = AnalyzeFiles({}, {directory_.Write("access.log", "one\n")}, config);
  EXPECT_THAT(analyzed.err, HasSubstr("could be read as common"));
}

TEST_F(AnalyzeFilesTest, OverTheLimitOfALineAreCounted) {
  const std::string log = Lines(1, {}) + std::string((1 << 20) + 1, 'x') + "\n" + Lines(1, {});
  const Analyzed analyzed = AnalyzeFiles({}, {directory_.Write("access.log", log)});
  EXPECT_THAT(analyzed.out, StartsWith("Lines: 3 read, 2 parsed, 1 unparsed (too_long: 1)\n"));
}

}  // namespace
}  // namespace accesslog
