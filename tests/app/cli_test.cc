// The command line. Every mistake is a sentence on stderr and exit code 2.
#include "app/cli.h"

#include <gmock/gmock.h>

#include <sstream>

#include "app/log_lines.h"
#include "support/temp_directory.h"

namespace accesslog {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

struct Ran {
  int exit_code;
  std::string out;
  std::string err;
};

Ran RunWith(std::vector<std::string> arguments) {
  std::vector<const char*> argv = {"accesslog_exporter"};
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  std::ostringstream out;
  std::ostringstream err;
  const int code = RunCli(static_cast<int>(argv.size()), argv.data(), out, err);
  return {code, out.str(), err.str()};
}

struct Mistake {
  std::vector<std::string> arguments;
  std::string said;
};
void PrintTo(const Mistake& mistake, std::ostream* out) {
  for (const std::string& argument : mistake.arguments) *out << argument << ' ';
}

// What we say ourselves, whole.
class CliMistake : public ::testing::TestWithParam<Mistake> {};

TEST_P(CliMistake, IsASentenceAndExitCodeTwo) {
  const Ran ran = RunWith(GetParam().arguments);
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_EQ(ran.err, GetParam().said);
  EXPECT_EQ(ran.out, "");
}

INSTANTIATE_TEST_SUITE_P(
    CommandLines, CliMistake,
    ::testing::Values(
        Mistake{
            {},
            "no log to follow; name one, as in: accesslog_exporter /var/log/nginx/access.log, or "
            "add a [[site]] to the configuration\n"},
        Mistake{{"--web.listen-address=9517", "x.log"},
                "listen address \"9517\" has no port; write host:port, as in 127.0.0.1:9517\n"},
        Mistake{{"syslog+udp://127.0.0.1"},
                "\"syslog+udp://127.0.0.1\" has no port; write syslog+udp://127.0.0.1:5514\n"},
        Mistake{{"--config.file=/nowhere/c.toml"},
                "cannot open /nowhere/c.toml: No such file or directory\n"},
        Mistake{{"analyze", "/nowhere/x.log"},
                "cannot open /nowhere/x.log: No such file or directory\n"},
        Mistake{{"healthcheck", "--web.listen-address=x"},
                "listen address \"x\" has no port; write host:port, as in 127.0.0.1:9517\n"}));

// What CLI11 says for us, in words that differ from version to version: it must name the option.
class CliUsage : public ::testing::TestWithParam<Mistake> {};

TEST_P(CliUsage, NamesTheOptionAndIsExitCodeTwo) {
  const Ran ran = RunWith(GetParam().arguments);
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.err, HasSubstr(GetParam().said));
  EXPECT_THAT(ran.err, EndsWith("Run with --help for more information.\n"));
  EXPECT_EQ(ran.out, "");
}

INSTANTIATE_TEST_SUITE_P(
    CommandLines, CliUsage,
    ::testing::Values(Mistake{{"--nonsense"}, "--nonsense"},
                      Mistake{{"--log.level=loud", "x.log"}, "--log.level: loud not in "},
                      Mistake{{"--log.format=xml", "x.log"}, "--log.format: xml not in "},
                      Mistake{{"--start=middle", "x.log"}, "--start: middle not in "},
                      Mistake{{"--format=combinde", "x.log"}, "did you mean combined?"},
                      Mistake{{"--web.listen-address"}, "--web.listen-address"},
                      Mistake{{"analyze"}, "FILE is required"},
                      Mistake{{"analyze", "--top=-1", "x.log"}, "--top"},
                      Mistake{{"analyze", "--top=many", "x.log"}, "--top"},
                      Mistake{{"analyze", "--status=99", "x.log"}, "--status"},
                      Mistake{{"analyze", "--status=600", "x.log"}, "--status"},
                      Mistake{{"analyze", "--status=abc", "x.log"}, "--status"},
                      Mistake{{"analyze", "--threads=-1", "x.log"}, "--threads"},
                      Mistake{{"check-config"}, "F is required"}));

TEST(Cli, PrintsHelp) {
  const Ran ran = RunWith({"--help"});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_EQ(ran.err, "");
  for (const char* word : {"analyze", "check-config", "healthcheck", "--web.listen-address",
                           "--config.file", "--log.level", "--log.format", "--version", "FILE"}) {
    EXPECT_THAT(ran.out, HasSubstr(word));
  }
}

TEST(Cli, PrintsTheVersion) {
  const Ran ran = RunWith({"--version"});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_THAT(ran.out, MatchesRegex("accesslog_exporter [0-9.]+ \\(revision .+, .+\\)\n"));
}

TEST(Cli, RunsAnalyze) {
  const TempDirectory directory;
  const Ran ran = RunWith({"analyze", "--top=0", directory.Write("access.log", Lines(3, {}))});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_THAT(ran.out, StartsWith("Lines: 3 read, 3 parsed, 0 unparsed\n"));
}

TEST(Cli, HandsAllOptionsToAnalyze) {
  const TempDirectory directory;
  const std::string log = directory.Write("access.log", Lines(5, {.status = 404}));
  const std::string record = directory.PathOf("findings.log");
  const Ran ran = RunWith({"analyze", "--format=combined", "--top=1", "--status=404", "--json",
                           "--append=" + record, "--fail-on-findings", log, log});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_EQ(ran.err, "");
  EXPECT_THAT(ran.out, HasSubstr("\"lines_with_status\""));
  EXPECT_THAT(ReadFile(record), HasSubstr("Failed login attempts: 10"));
}

TEST(Cli, RunsAnalyzeWithAConfiguration) {
  const TempDirectory directory;
  const std::string config = directory.Write("c.toml", "[detect.FailedRequests]\nper_5m = 3\n");
  EXPECT_EQ(RunWith({"analyze", "--config.file=" + config, "--fail-on-findings",
                     directory.Write("access.log", Lines(3, {.status = 404}))})
                .exit_code,
            1);
}

TEST(Cli, RunsCheckConfig) {
  const TempDirectory directory;
  const std::string config = directory.Write("c.toml", "");
  const Ran ran = RunWith({"check-config", config});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_EQ(ran.out, config + ": good, 0 sites\n");
}

TEST(Cli, TakesFilesOrSitesNotBoth) {
  const TempDirectory directory;
  const std::string config =
      directory.Write("c.toml", "[[site]]\nname = \"shop\"\nfiles = [\"x.log\"]\n");
  const Ran ran = RunWith({"--config.file=" + config, "y.log"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_EQ(ran.err, "FILE arguments and the [[site]] tables of " + config +
                         " exclude each other; put the files into one [[site]]\n");
}

TEST(Cli, NamesTheErrorsOfTheConfiguration) {
  const TempDirectory directory;
  const std::string config = directory.Write("c.toml", "[web]\nlisten_address = 1\n");
  const Ran ran = RunWith({"--config.file=" + config});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_EQ(ran.err, config +
                         ":2:18: listen_address in [web] must be a text, as in "
                         "\"127.0.0.1:9517\"\n");
}

TEST(Cli, SaysThatNobodyAnswersTheHealthcheck) {
  const Ran ran = RunWith({"healthcheck", "--web.listen-address=127.0.0.1:1"});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_EQ(ran.err, "no answer from http://127.0.0.1:1/-/ready; is the exporter running?\n");
}

}  // namespace
}  // namespace accesslog
