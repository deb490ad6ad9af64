// No line is read twice because a glob matches more than the live log.
#include <gmock/gmock.h>

#include "input/followed_logs.h"
#include "input/tail_set.h"

namespace accesslog {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TailSetOptions FollowAll(const std::string& pattern) {
  return {.sources = {Source(0, {pattern})}};
}

std::vector<std::string> PathsOf(const TailSet& tails) {
  std::vector<std::string> paths;
  for (const TailedFile& file : tails.Files()) paths.push_back(file.path);
  return paths;
}

TEST(TailSetIdentity, DoesNotFollowWhatARotationMoved) {
  FollowedLogs logs(FollowAll("/access.log*"));
  logs.files().Create("/access.log", "1\n");
  EXPECT_EQ(logs.CatchUp(), Lines{"/access.log: 1"});
  logs.files().Rename("/access.log", "/access.log.1");
  logs.files().Create("/access.log", "2\n");
  EXPECT_EQ(logs.Step(seconds{10}), Lines{"/access.log: 2"});
  EXPECT_EQ(logs.Step(seconds{10}), Lines{});
  EXPECT_THAT(PathsOf(logs.tails()), ElementsAre("/access.log"));
}

TEST(TailSetIdentity, DoesNotFollowItWhenTheOldFileIsLongGivenUpEither) {
  FollowedLogs logs(FollowAll("/*.log"));
  logs.files().Create("/access.log", "1\n");
  logs.CatchUp();
  // A name that no rule of rotation gives.
  logs.files().Rename("/access.log", "/yesterday.log");
  logs.files().Create("/access.log", "2\n");
  EXPECT_EQ(logs.Step(seconds{10}), Lines{"/access.log: 2"});
  EXPECT_EQ(logs.Step(minutes{11}), Lines{});
  EXPECT_EQ(logs.Step(seconds{10}), Lines{});
  EXPECT_THAT(PathsOf(logs.tails()), ElementsAre("/access.log"));
}

TEST(TailSetIdentity, DoesNotReadTheCopyOfCopytruncate) {
  FollowedLogs logs(FollowAll("/access.log*"));
  logs.files().Create("/access.log", "1\n");
  logs.CatchUp();
  logs.files().Create("/access.log.1", "1\n");
  EXPECT_EQ(logs.Step(seconds{10}), Lines{});
}

TEST(TailSetIdentity, LeavesOldGenerationsOut) {
  FollowedLogs logs(FollowAll("/access*"));
  logs.files().Create("/access.log", "1\n");
  logs.files().Create("/access.log.1", "0\n");
  logs.files().Create("/access.log.2.gz", "\x1f\x8b");
  logs.files().Create("/access-20231108.log", "0\n");
  EXPECT_EQ(logs.CatchUp(), Lines{"/access.log: 1"});
}

TEST(TailSetIdentity, FollowsANumberedFileThatHasNoLiveOne) {
  FollowedLogs logs(FollowAll("/access.log*"));
  logs.files().Create("/access.log.1", "1\n");
  EXPECT_EQ(logs.CatchUp(), Lines{"/access.log.1: 1"});
}

TEST(TailSetIdentity, ReadsAFileForEachSiteThatNamesIt) {
  FollowedLogs logs({.sources = {Source(0, {"/a.log"}), Source(1, {"/a.log"})}});
  logs.files().Create("/a.log", "1\n");
  EXPECT_EQ(logs.CatchUp(), (Lines{"/a.log: 1", "/a.log: 1"}));
}

TEST(TailSetIdentity, TellsOfAGlobThatMatchesNothing) {
  FollowedLogs logs(FollowAll("/*.log"));
  EXPECT_THAT(logs.CatchUp(), IsEmpty());
  EXPECT_THAT(logs.TakeLog(),
              ElementsAre("warning: no file matches /*.log; looking again every 5 s"));
  EXPECT_THAT(PathsOf(logs.tails()), ElementsAre("/*.log"));
  EXPECT_FALSE(logs.tails().Files().front().stats.open);
  logs.Step(seconds{10});
  EXPECT_THAT(logs.TakeLog(), IsEmpty());
  logs.files().Create("/a.log", "1\n");
  EXPECT_EQ(logs.Step(seconds{10}), Lines{"/a.log: 1"});
  EXPECT_THAT(PathsOf(logs.tails()), ElementsAre("/a.log"));
}

}  // namespace
}  // namespace accesslog
