// TailSet with a watcher: only what changed is looked at, and everything now and then.
#include <gmock/gmock.h>

#include "input/followed_logs.h"

namespace accesslog {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

struct Watched {
  std::shared_ptr<ManualWatcher::Script> script = std::make_shared<ManualWatcher::Script>();
  FollowedLogs logs;

  explicit Watched(std::vector<TailSource> sources)
      : logs({.sources = std::move(sources), .sweep_interval = seconds{1}},
             std::make_unique<ManualWatcher>(script)) {}
};

TEST(TailSetWatcher, WatchesTheDirectoriesOfTheFiles) {
  Watched watched({Source(0, {"/a/1.log", "/a/2.log", "/b/3.log", "/4.log", "5.log"})});
  watched.logs.CatchUp();
  EXPECT_THAT(watched.script->watched, UnorderedElementsAre("/a", "/b", "/", "."));
}

TEST(TailSetWatcher, LooksAtAFileThatChanged) {
  Watched watched({Source(0, {"/a/1.log"})});
  watched.logs.files().Create("/a/1.log");
  watched.logs.CatchUp();
  watched.logs.files().Append("/a/1.log", "x\n");
  watched.script->changes = {{"/a", "1.log"}};
  EXPECT_EQ(watched.logs.Step(milliseconds{1}), Lines{"/a/1.log: x"});
}

TEST(TailSetWatcher, LooksAtNoOtherFileUntilTheSweep) {
  Watched watched({Source(0, {"/a/1.log", "/a/2.log"})});
  watched.logs.files().Create("/a/1.log");
  watched.logs.files().Create("/a/2.log");
  watched.logs.CatchUp();
  watched.logs.files().Append("/a/2.log", "x\n");
  watched.script->changes = {{"/a", "1.log"}};
  EXPECT_THAT(watched.logs.Step(milliseconds{999}), IsEmpty());
  // A network share is silent about what another machine writes.
  EXPECT_EQ(watched.logs.Step(milliseconds{1}), Lines{"/a/2.log: x"});
}

TEST(TailSetWatcher, LooksAtTheWholeDirectoryWhereNoNameIsSaid) {
  Watched watched({Source(0, {"/a/1.log", "/b/2.log"})});
  watched.logs.files().Create("/a/1.log");
  watched.logs.files().Create("/b/2.log");
  watched.logs.CatchUp();
  watched.logs.files().Append("/a/1.log", "x\n");
  watched.logs.files().Append("/b/2.log", "y\n");
  watched.script->changes = {{"/a", ""}};
  EXPECT_EQ(watched.logs.Step(milliseconds{1}), Lines{"/a/1.log: x"});
}

// The renamed file is reported under a name that nobody asked for.
TEST(TailSetWatcher, LooksAtARenamedFileWhenAnythingBesideItChanged) {
  Watched watched({Source(0, {"/a/1.log"})});
  auto server = watched.logs.files().Create("/a/1.log");
  watched.logs.CatchUp();
  watched.logs.files().Rename("/a/1.log", "/a/1.log.1");
  watched.logs.files().Create("/a/1.log");
  watched.script->changes = {{"/a", "1.log"}};
  watched.logs.Step(milliseconds{1});
  server.Append("x\n");
  watched.script->changes = {{"/a", "1.log.1"}};
  EXPECT_EQ(watched.logs.Step(milliseconds{1}), Lines{"/a/1.log: x"});
}

TEST(TailSetWatcher, LooksAtARenamedFileBeforeThereIsANewOne) {
  Watched watched({Source(0, {"/a/1.log"})});
  watched.logs.files().Create("/a/1.log");
  watched.logs.CatchUp();
  watched.logs.files().Rename("/a/1.log", "/a/1.log.1");
  watched.script->changes = {{"/a", "1.log"}};
  watched.logs.Step(milliseconds{1});
  watched.logs.files().Append("/a/1.log.1", "x\n");
  watched.script->changes = {{"/a", "1.log.1"}};
  EXPECT_EQ(watched.logs.Step(milliseconds{1}), Lines{"/a/1.log: x"});
}

TEST(TailSetWatcher, LooksAtEveryFileWhenChangesWereMissed) {
  Watched watched({Source(0, {"/a/1.log", "/b/2.log"})});
  watched.logs.files().Create("/a/1.log");
  watched.logs.files().Create("/b/2.log");
  watched.logs.CatchUp();
  watched.logs.files().Append("/a/1.log", "x\n");
  watched.logs.files().Append("/b/2.log", "y\n");
  watched.script->overflow = true;
  EXPECT_EQ(watched.logs.Step(milliseconds{1}), (Lines{"/a/1.log: x", "/b/2.log: y"}));
}

TEST(TailSetWatcher, WaitsUntilTheNextSweep) {
  Watched watched({Source(0, {"/a/1.log"})});
  watched.logs.files().Create("/a/1.log");
  watched.logs.CatchUp();
  watched.logs.Step(milliseconds{300});
  watched.logs.Step(milliseconds{300});
  EXPECT_THAT(watched.script->timeouts, ElementsAre(milliseconds{700}, milliseconds{400}));
}

TEST(TailSetWatcher, WaitsNoLongerThanItMay) {
  Watched watched({Source(0, {"/a/1.log"})});
  watched.logs.files().Create("/a/1.log");
  watched.logs.CatchUp();
  watched.logs.Step(milliseconds{300}, milliseconds{100});
  EXPECT_THAT(watched.script->timeouts, ElementsAre(milliseconds{100}));
}

TEST(TailSetWatcher, DoesNotWaitWhileMoreIsThereToRead) {
  TailSetOptions options{.sources = {Source(0, {"/a/1.log"})}, .bytes_per_turn = 1};
  const auto script = std::make_shared<ManualWatcher::Script>();
  FollowedLogs logs(options, std::make_unique<ManualWatcher>(script));
  logs.files().Create("/a/1.log");
  logs.CatchUp();
  logs.files().Append("/a/1.log", std::string(1024 * 1024, 'x'));
  script->changes = {{"/a", "1.log"}};
  logs.Step(milliseconds{1});
  logs.Step(milliseconds{1});
  EXPECT_THAT(script->timeouts, ElementsAre(milliseconds{4999}, milliseconds{0}));
}

TEST(TailSetWatcher, WatchesADirectoryThatAppearsLater) {
  Watched watched({Source(0, {"/a/1.log"})});
  watched.script->missing = {"/a"};
  watched.logs.CatchUp();
  EXPECT_THAT(watched.script->watched, IsEmpty());
  watched.script->missing.clear();
  watched.logs.Step(seconds{5});
  EXPECT_THAT(watched.script->watched, ElementsAre("/a"));
}

// A watch ends with its directory; one made anew under the same name needs another.
TEST(TailSetWatcher, WatchesADirectoryThatWasReplaced) {
  Watched watched({Source(0, {"/a/1.log"})});
  watched.logs.CatchUp();
  watched.logs.Step(seconds{5});
  EXPECT_THAT(watched.script->watched, ElementsAre("/a", "/a"));
}

}  // namespace
}  // namespace accesslog
