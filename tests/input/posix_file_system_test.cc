#include "input/posix_file_system.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>

#include "support/temp_directory.h"

namespace accesslog {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class PosixFileSystemTest : public ::testing::Test {
 protected:
  std::string OpenError(const std::string& path) {
    const auto file = files_.Open(path);
    return file ? "" : file.error().message;
  }

  TempDirectory directory_;
  PosixFileSystem files_;
};

TEST_F(PosixFileSystemTest, ReadsFromAnOffset) {
  auto file = files_.Open(directory_.Write("access.log", "0123456789"));
  ASSERT_TRUE(file);
  std::array<char, 4> buffer{};
  const auto count = (*file)->ReadAt(3, buffer);
  ASSERT_TRUE(count);
  EXPECT_EQ(std::string(buffer.data(), *count), "3456");
}

TEST_F(PosixFileSystemTest, ReadsNothingAtTheEnd) {
  auto file = files_.Open(directory_.Write("access.log", "0123456789"));
  ASSERT_TRUE(file);
  std::array<char, 4> buffer{};
  EXPECT_EQ((*file)->ReadAt(10, buffer).value(), 0U);
  EXPECT_EQ((*file)->ReadAt(1000, buffer).value(), 0U);
}

TEST_F(PosixFileSystemTest, KnowsTheSize) {
  const std::string path = directory_.Write("access.log", "0123456789");
  EXPECT_EQ(files_.Stat(path).value().size, 10U);
}

TEST_F(PosixFileSystemTest, KnowsAFileAgainByItsId) {
  const std::string path = directory_.Write("access.log", "");
  auto file = files_.Open(path);
  ASSERT_TRUE(file);
  std::filesystem::rename(path, path + ".1");
  EXPECT_EQ((*file)->Stat().value().id, files_.Stat(path + ".1").value().id);
  directory_.Write("access.log", "");
  EXPECT_NE((*file)->Stat().value().id, files_.Stat(path).value().id);
}

TEST_F(PosixFileSystemTest, FollowsASymbolicLink) {
  const std::string path = directory_.Write("access-1.log", "a\n");
  std::filesystem::create_symlink(path, directory_.PathOf("access.log"));
  EXPECT_EQ(files_.Stat(directory_.PathOf("access.log")).value().id, files_.Stat(path).value().id);
}

TEST_F(PosixFileSystemTest, AnOpenFileOutlivesItsName) {
  const std::string path = directory_.Write("access.log", "a\n");
  auto file = files_.Open(path);
  ASSERT_TRUE(file);
  std::filesystem::remove(path);
  std::array<char, 4> buffer{};
  EXPECT_EQ((*file)->ReadAt(0, buffer).value(), 2U);
}

TEST_F(PosixFileSystemTest, SaysThatThereIsNoFile) {
  EXPECT_EQ(OpenError(directory_.PathOf("missing")), "No such file or directory");
  EXPECT_EQ(files_.Stat(directory_.PathOf("missing")).error().message, "No such file or directory");
}

TEST_F(PosixFileSystemTest, SaysThatAFileMayNotBeRead) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const std::string path = directory_.Write("access.log", "");
  std::filesystem::permissions(path, std::filesystem::perms::none);
  EXPECT_EQ(OpenError(path), "Permission denied");
}

TEST_F(PosixFileSystemTest, OpensNoDirectory) {
  EXPECT_EQ(OpenError(directory_.path()), "Is a directory; name the log files in it");
}

// Opening it for reading would wait for a writer.
TEST_F(PosixFileSystemTest, OpensNoFifoAndDoesNotWaitForItsWriter) {
  const std::string path = directory_.PathOf("fifo");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  EXPECT_EQ(OpenError(path), "Not a regular file");
}

TEST_F(PosixFileSystemTest, FindsTheFilesOfAPatternSorted) {
  for (const char* name : {"b.log", "a.log", "c.txt"}) directory_.Write(name, "");
  EXPECT_THAT(files_.Glob(directory_.PathOf("*.log")),
              ElementsAre(directory_.PathOf("a.log"), directory_.PathOf("b.log")));
}

TEST_F(PosixFileSystemTest, FindsNothingWhereNothingMatches) {
  EXPECT_THAT(files_.Glob(directory_.PathOf("*.log")), IsEmpty());
  EXPECT_THAT(files_.Glob(directory_.PathOf("missing/*.log")), IsEmpty());
}

}  // namespace
}  // namespace accesslog
