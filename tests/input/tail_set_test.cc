// TailSet without a watcher: globs, and files looked at by turns.
#include "input/tail_set.h"

#include <gmock/gmock.h>

#include "input/followed_logs.h"

namespace accesslog {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TailSetOptions Follow(std::vector<TailSource> sources) { return {.sources = std::move(sources)}; }

TEST(TailSet, CatchesUpWithAllFiles) {
  FollowedLogs logs(Follow({Source(0, {"/a.log", "/b.log"})}));
  logs.files().Create("/a.log", "1\n");
  logs.files().Create("/b.log", "2\n");
  EXPECT_EQ(logs.CatchUp(), (Lines{"/a.log: 1", "/b.log: 2"}));
}

TEST(TailSet, CatchesUpInTurnsSoThatNoFileWaitsForAnother) {
  TailSetOptions options = Follow({Source(0, {"/a.log", "/b.log"})});
  options.bytes_per_turn = 1;
  FollowedLogs logs(options);
  // Each turn reads one buffer of 256 KiB.
  const std::string line(256 * 1024 - 1, 'x');
  logs.files().Create("/a.log", line + "\nlast\n");
  logs.files().Create("/b.log", "2\n");
  EXPECT_EQ(logs.CatchUp(), (Lines{"/a.log: " + line, "/b.log: 2", "/a.log: last"}));
}

TEST(TailSet, StopsCatchingUpWhenToldTo) {
  TailSetOptions options = Follow({Source(0, {"/a.log"})});
  options.bytes_per_turn = 1;
  FollowedLogs logs(options);
  logs.files().Create("/a.log", std::string(1024 * 1024, 'x'));
  logs.tails().CatchUp(logs.clock().AsClock(), [] { return true; });
  EXPECT_EQ(logs.tails().Files().front().stats.bytes_behind, 768U * 1024U);
}

// A file that cannot be read must not keep the others, or the exporter's start, waiting.
TEST(TailSet, CatchesUpBesideAFileThatCannotBeRead) {
  FollowedLogs logs(Follow({Source(0, {"/a.log", "/b.log"})}));
  logs.files().Create("/a.log", "1\n");
  logs.files().FailReads("/a.log", "Input/output error");
  logs.files().Create("/b.log", "2\n");
  EXPECT_EQ(logs.CatchUp(), Lines{"/b.log: 2"});
}

TEST(TailSet, LooksAtEveryFileOncePerInterval) {
  TailSetOptions options = Follow({Source(0, {"/a.log"})});
  options.poll_interval = milliseconds{250};
  FollowedLogs logs(options);
  logs.files().Create("/a.log");
  logs.CatchUp();
  logs.files().Append("/a.log", "1\n");
  EXPECT_EQ(logs.Step(milliseconds{250}), Lines{"/a.log: 1"});
}

TEST(TailSet, GoesOnWhenTheClockIsSetBack) {
  FollowedLogs logs(Follow({Source(0, {"/a.log"})}));
  logs.files().Create("/a.log");
  logs.CatchUp();
  logs.files().Append("/a.log", "1\n");
  EXPECT_EQ(logs.Step(-hours{1}, Duration{0}), Lines{"/a.log: 1"});
}

TEST(TailSet, FollowsTheFilesThatAPatternMatches) {
  FollowedLogs logs(Follow({Source(0, {"/logs/*.log"})}));
  logs.files().Create("/logs/a.log", "1\n");
  logs.files().Create("/logs/b.log", "2\n");
  logs.files().Create("/logs/c.txt", "3\n");
  EXPECT_EQ(logs.CatchUp(), (Lines{"/logs/a.log: 1", "/logs/b.log: 2"}));
}

TEST(TailSet, FollowsAFileOnceThatTwoPatternsMatch) {
  FollowedLogs logs(Follow({Source(0, {"/logs/*.log", "/logs/a.log", "/logs/a*"})}));
  logs.files().Create("/logs/a.log", "1\n");
  EXPECT_EQ(logs.CatchUp(), Lines{"/logs/a.log: 1"});
}

TEST(TailSet, FollowsAFileForEachSiteThatNamesIt) {
  FollowedLogs logs(Follow({Source(0, {"/a.log"}), Source(1, {"/a.log"})}));
  logs.files().Create("/a.log", "1\n");
  EXPECT_EQ(logs.CatchUp(), (Lines{"/a.log: 1", "/a.log: 1"}));
  EXPECT_THAT(logs.sites(), ElementsAre(0, 1));
}

TEST(TailSet, FindsNewFilesOnceInTheGlobInterval) {
  TailSetOptions options = Follow({Source(0, {"/logs/*.log"})});
  options.glob_interval = seconds{5};
  FollowedLogs logs(options);
  logs.CatchUp();
  logs.files().Create("/logs/a.log", "1\n");
  EXPECT_THAT(logs.Step(seconds{4}), IsEmpty());
  EXPECT_EQ(logs.Step(seconds{1}), Lines{"/logs/a.log: 1"});
}

TEST(TailSet, FindsNewFilesAfterTheClockWasSetBack) {
  FollowedLogs logs(Follow({Source(0, {"/logs/*.log"})}));
  logs.CatchUp();
  logs.files().Create("/logs/a.log", "1\n");
  EXPECT_EQ(logs.Step(-hours{1}, Duration{0}), Lines{"/logs/a.log: 1"});
}

TEST(TailSet, ReadsAFileFoundLaterFromItsBeginning) {
  FollowedLogs logs(Follow({Source(0, {"/logs/*.log"}, StartAt::kEnd)}));
  logs.files().Create("/logs/a.log", "old\n");
  EXPECT_THAT(logs.CatchUp(), IsEmpty());
  logs.files().Create("/logs/b.log", "new\n");
  EXPECT_EQ(logs.Step(seconds{5}), Lines{"/logs/b.log: new"});
}

TEST(TailSet, FollowsNoMoreFilesThanAllowedAndSaysSoOnce) {
  TailSetOptions options = Follow({Source(0, {"/a.log", "/b.log", "/c.log"})});
  options.max_files = 1;
  FollowedLogs logs(options);
  for (const char* path : {"/a.log", "/b.log", "/c.log"}) logs.files().Create(path, "1\n");
  EXPECT_EQ(logs.CatchUp(), Lines{"/a.log: 1"});
  logs.Step(seconds{5});
  EXPECT_THAT(logs.TakeLog(), ElementsAre("error: /b.log is not followed: 1 files are the limit",
                                          "info: following /a.log from its beginning"));
}

TEST(TailSet, TellsWhatItKnowsOfEachFile) {
  FollowedLogs logs(Follow({Source(7, {"/a.log", "/missing.log"})}));
  logs.files().Create("/a.log", "1\n");
  logs.CatchUp();
  const std::vector<TailedFile> files = logs.tails().Files();
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0].site, 7U);
  EXPECT_EQ(files[0].path, "/a.log");
  EXPECT_TRUE(files[0].stats.open);
  EXPECT_EQ(files[1].path, "/missing.log");
  EXPECT_FALSE(files[1].stats.open);
  EXPECT_EQ(files[1].stats.open_errors, 1U);
}

}  // namespace
}  // namespace accesslog
