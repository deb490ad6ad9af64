#include "input/find_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/gzip_bytes.h"
#include "support/memory_file_system.h"

namespace accesslog {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* kLive = "/l/access.log";

std::string Text(int first, int last) {
  std::string text;
  for (int i = first; i <= last; ++i) {
    text += "198.51.100.7 asked for page number " + std::to_string(i) + "\n";
  }
  return text;
}

class FindFilesTest : public ::testing::Test {
 protected:
  // The file there, of which all was read up to now.
  KnownFile Known(const std::string& path, const std::string& content) {
    const auto status = files_.Stat(path);
    return {status ? status->id : FileId{}, MarkOf(content.size(), content),
            HeadOf(content)};
  }

  std::vector<std::string> Find(const FileSearch& search) {
    std::vector<std::string> found;
    for (const FoundFile& file : FindFiles(files_, search, registry_)) {
      found.push_back(file.path + (file.wanted ? " wanted" : ""));
    }
    return found;
  }

  MemoryFileSystem files_;
  FileRegistry registry_;
};

TEST_F(FindFilesTest, FindsAFileUnderItsNewName) {
  files_.Create(kLive, Text(1, 9));
  const KnownFile known = Known(kLive, Text(1, 9));
  files_.Rename(kLive, "/l/access.log.1");
  files_.Create(kLive, Text(10, 19));
  EXPECT_THAT(Find({.path = kLive, .wanted = {known}}), ElementsAre("/l/access.log.1 wanted"));
}

TEST_F(FindFilesTest, FindsAFileMovedAwayByHandWhereTheLogIsLookedAtToo) {
  files_.Create(kLive, Text(1, 9));
  const KnownFile known = Known(kLive, Text(1, 9));
  files_.Rename(kLive, "/l/before the change");
  files_.Create(kLive, Text(10, 19));
  EXPECT_THAT(Find({.path = kLive, .with_live = true, .wanted = {known}}),
              ElementsAre("/l/before the change wanted"));
  EXPECT_THAT(Find({.path = kLive, .wanted = {known}}), IsEmpty());
}

TEST_F(FindFilesTest, FindsACopyAndACompressedFileByTheirContent) {
  files_.Create("/l/access.log.2.gz", GzipBytes(Text(1, 9)));
  files_.Create("/l/access.log.1", Text(10, 19));
  files_.Create(kLive);
  EXPECT_THAT(Find({.path = kLive, .wanted = {Known("", Text(1, 5)), Known("", Text(10, 12))}}),
              ElementsAre("/l/access.log.2.gz wanted", "/l/access.log.1 wanted"));
}

TEST_F(FindFilesTest, GivesTheSizeOfTheContents) {
  files_.Create("/l/access.log.1.gz", GzipBytes(Text(1, 99)));
  const auto found =
      FindFiles(files_, {.path = kLive, .wanted = {Known("", Text(1, 5))}}, registry_);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_TRUE(found[0].compressed);
  EXPECT_EQ(found[0].status.size, Text(1, 99).size());
}

// The plain file is read further, and costs less.
TEST_F(FindFilesTest, PrefersThePlainFile) {
  files_.Create("/l/access.log.1.gz", GzipBytes(Text(1, 9)));
  files_.Create("/l/access.log.1", Text(1, 9));
  EXPECT_THAT(Find({.path = kLive, .wanted = {Known("", Text(1, 5))}, .unseen_since = 0}),
              ElementsAre("/l/access.log.1 wanted"));
}

// An inode that is used again, or a file that was truncated.
TEST_F(FindFilesTest, FindsNoFileThatOnlyHasTheSameId) {
  files_.Create("/l/access.log.1", Text(1, 9));
  EXPECT_THAT(Find({.path = kLive, .wanted = {Known("/l/access.log.1", Text(50, 55))}}), IsEmpty());
}

TEST_F(FindFilesTest, FindsWhatCameAndWentInTheMeantime) {
  files_.Create("/l/access.log.3", Text(1, 3));
  const int64_t since = files_.Stat("/l/access.log.3")->modified + 1;
  files_.Create("/l/access.log.2.gz", GzipBytes(Text(4, 6)));
  files_.Create("/l/access.log.1", Text(7, 9));
  files_.Create("/l/error.log.1", "an error\n");
  files_.Create("/l/access.log.0");  // empty
  files_.Create(kLive, Text(10, 12));
  EXPECT_THAT(Find({.path = kLive, .unseen_since = since}),
              ElementsAre("/l/access.log.2.gz", "/l/access.log.1"));
}

TEST_F(FindFilesTest, LeavesFinishedFilesAndTheirCopiesAlone) {
  files_.Create("/l/access.log.2.gz", GzipBytes(Text(1, 9)));
  files_.Create("/l/access.log.1", Text(1, 9));
  const FileSearch search{
      .path = kLive, .finished = {Known("/l/access.log.1", Text(1, 9))}, .unseen_since = 0};
  EXPECT_THAT(Find(search), IsEmpty());
}

// Made before the last of what was read was written, as by copytruncate.
TEST_F(FindFilesTest, LeavesAnOlderCopyAlone) {
  files_.Create("/l/access.log.1", Text(1, 20));
  EXPECT_THAT(Find({.path = kLive, .finished = {Known("", Text(1, 30))}, .unseen_since = 0}),
              IsEmpty());
}

TEST_F(FindFilesTest, LeavesAFileAloneThatIsRead) {
  files_.Create("/l/access.log.1", Text(1, 9));
  ASSERT_TRUE(registry_.Claim(*files_.Stat("/l/access.log.1")));
  EXPECT_THAT(Find({.path = kLive, .unseen_since = 0}), IsEmpty());
}

TEST_F(FindFilesTest, PassesOverWhatCannotBeReadOrIsNotGzip) {
  files_.Create("/l/access.log.3", Text(1, 3));
  files_.Forbid("/l/access.log.3");
  files_.Create("/l/access.log.2.gz", "no gzip");
  files_.Create("/l/access.log.1", Text(7, 9));
  EXPECT_THAT(Find({.path = kLive, .unseen_since = 0}), ElementsAre("/l/access.log.1"));
}

TEST_F(FindFilesTest, KnowsWhenTheLogWasRotatedLast) {
  EXPECT_EQ(NewestRotated(files_, kLive), 0);
  files_.Create("/l/access.log.2.gz", "x");
  files_.Create("/l/access.log.1", "x");
  files_.Create(kLive, "x");
  files_.Create("/l/error.log.1", "x");
  EXPECT_EQ(NewestRotated(files_, kLive), files_.Stat("/l/access.log.1")->modified);
}

}  // namespace
}  // namespace accesslog
