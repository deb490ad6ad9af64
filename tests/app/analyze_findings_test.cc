// What `analyze` does about its findings: the exit code and the dated record.
#include <gmock/gmock.h>

#include <array>
#include <ctime>
#include <regex>

#include "app/analyzed.h"

namespace accesslog {
namespace {

using ::testing::HasSubstr;

const std::string kGoodLog = Lines(10, {});
const std::string kBadLog = Lines(5, {.client = "203.0.113.7", .status = 404});

AnalyzeOptions FailOnFindings() {
  AnalyzeOptions options;
  options.fail_on_findings = true;
  return options;
}

TEST(AnalyzeExitCode, IsZeroWhateverWasFound) { EXPECT_EQ(AnalyzeText(kBadLog).exit_code, 0); }

TEST(AnalyzeExitCode, IsOneForFindingsWhereAskedFor) {
  EXPECT_EQ(AnalyzeText(kBadLog, FailOnFindings()).exit_code, 1);
}

TEST(AnalyzeExitCode, IsZeroWithoutFindings) {
  EXPECT_EQ(AnalyzeText(kGoodLog, FailOnFindings()).exit_code, 0);
}

// A file that could not be read matters more.
TEST(AnalyzeExitCode, IsTwoWhereAFileCouldNotBeRead) {
  const TempDirectory directory;
  EXPECT_EQ(AnalyzeFiles(FailOnFindings(),
                         {directory.Write("access.log", kBadLog), directory.PathOf("missing.log")})
                .exit_code,
            2);
}

TEST(AnalyzeExitCode, IsTwoWhereTheResultCannotBeWritten) {
  const TempDirectory directory;
  AnalyzeOptions options;
  options.files = {directory.Write("access.log", kGoodLog)};
  std::ostringstream out;
  std::ostringstream err;
  out.setstate(std::ios::badbit);
  EXPECT_EQ(Analyze(options, DefaultConfig(), ManualClock().AsClock(), out, err), 2);
  EXPECT_EQ(err.str(), "cannot write the result\n");
}

class AnalyzeAppend : public ::testing::Test {
 protected:
  Analyzed Append(const std::string& log) {
    AnalyzeOptions options;
    options.append = directory_.PathOf("findings.log");
    return AnalyzeFiles(options, {directory_.Write("access.log", log)});
  }
  std::string Record() const { return ReadFile(directory_.PathOf("findings.log")); }
  // The record with every date as DATE; it is in the machine's time zone.
  std::string UndatedRecord() const {
    return std::regex_replace(
        Record(), std::regex("=== \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d [+-]\\d{4} "),
        "=== DATE ");
  }

  TempDirectory directory_;
};

TEST_F(AnalyzeAppend, KeepsADatedRecord) {
  EXPECT_EQ(Append(kBadLog).exit_code, 0);
  EXPECT_EQ(UndatedRecord(), "=== DATE " + directory_.PathOf("access.log") +
                                 " ===\n"
                                 "Unusual login attempts detected:\n"
                                 "IP: 203.0.113.7 - Failed login attempts: 5\n"
                                 "Detection complete.\n");
}

TEST_F(AnalyzeAppend, KeepsWhatWasThere) {
  Append(kBadLog);
  const std::string first = Record();
  Append(kGoodLog);
  EXPECT_EQ(Record().substr(0, first.size()), first);
  EXPECT_THAT(Record().substr(first.size()),
              HasSubstr("===\nNo unusual login attempts or errors found.\nDetection complete.\n"));
}

TEST_F(AnalyzeAppend, DatesByTheClock) {
  Append(kGoodLog);
  const std::time_t seconds =
      std::chrono::floor<std::chrono::seconds>(kStart).time_since_epoch().count();
  std::tm parts{};
  localtime_r(&seconds, &parts);
  std::array<char, 64> text{};
  std::strftime(text.data(), text.size(), "=== %Y-%m-%d %H:%M:%S %z ", &parts);
  EXPECT_EQ(Record().substr(0, std::string(text.data()).size()), text.data());
}

TEST_F(AnalyzeAppend, PrintsTheAnswersAsWell) {
  EXPECT_EQ(Without(directory_.PathOf(""), Append(kBadLog).out), AnalyzeText(kBadLog).out);
}

TEST(AnalyzeAppendError, IsNamed) {
  AnalyzeOptions options;
  options.append = "/nowhere/findings.log";
  const Analyzed analyzed = AnalyzeText(kGoodLog, options);
  EXPECT_EQ(analyzed.exit_code, 2);
  EXPECT_EQ(analyzed.err, "cannot append to /nowhere/findings.log: No such file or directory\n");
}

// The files tell the time; the clock of the machine that reads them does not matter.
TEST(AnalyzeTime, IsThatOfTheLines) {
  std::string log;
  for (int hour = 1; hour <= 10; ++hour) {
    log += Lines(1, {.time = kStart + std::chrono::hours{hour}, .status = 401});
  }
  EXPECT_THAT(AnalyzeText(log).out, ::testing::Not(HasSubstr("LoginBruteForce")));
}

// The threshold of the scripts is the configuration's.
TEST(AnalyzeThreshold, IsConfigured) {
  const Config config = ParseConfig("[detect.FailedRequests]\nper_5m = 6\n").config;
  EXPECT_EQ(AnalyzeText(kBadLog, FailOnFindings(), config).exit_code, 0);
}

TEST(AnalyzeThreshold, MayBeTurnedOff) {
  const Config config = ParseConfig("[detect.FailedRequests]\nper_5m = 0\n"
                                    "[detect.BadRequestRatioHigh]\nenabled = false\n")
                            .config;
  EXPECT_EQ(AnalyzeText(Lines(100, {.status = 400}), FailOnFindings(), config).exit_code, 0);
}

}  // namespace
}  // namespace accesslog
