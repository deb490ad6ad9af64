#include "input/inflated_file.h"

#include <gtest/gtest.h>

#include <random>

#include "support/gzip_bytes.h"
#include "support/memory_file_system.h"

namespace accesslog {
namespace {

constexpr const char* kPath = "/var/log/access.log.2.gz";

// Compresses well, but no two lines are the same.
std::string Text(int lines) {
  std::string text;
  for (int i = 0; i < lines; ++i) {
    text +=
        "192.0.2.1 - - \"GET /" + std::to_string(i) + "\" 200" + std::string(i % 300, 'x') + '\n';
  }
  return text;
}

class InflatedFileTest : public ::testing::Test {
 protected:
  // Null if it is no gzip.
  std::unique_ptr<File> Open(const std::string& compressed) {
    files_.Create(kPath, compressed);
    auto file = OpenInflated(*files_.Open(kPath));
    return file ? std::move(*file) : nullptr;
  }

  // From `offset` on, in pieces.
  static std::string Read(File& file, size_t piece, uint64_t offset = 0) {
    std::string all;
    std::string buffer(piece, '\0');
    while (true) {
      const auto count = file.ReadAt(offset + all.size(), buffer);
      if (!count || *count == 0) return all;
      all += buffer.substr(0, *count);
    }
  }

  MemoryFileSystem files_;
};

TEST_F(InflatedFileTest, IsWhatIsInIt) {
  for (const int lines : {0, 1, 10, 2000}) {
    const std::string text = Text(lines);
    const auto file = Open(GzipBytes(text));
    ASSERT_NE(file, nullptr) << lines;
    EXPECT_EQ(file->Stat()->size, text.size());
    EXPECT_EQ(Read(*file, 1000), text);
    EXPECT_EQ(Read(*file, 200000), text);
  }
}

TEST_F(InflatedFileTest, HasTheIdentityOfTheCompressedFile) {
  const auto file = Open(GzipBytes("a line\n"));
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(file->Stat()->id, files_.Stat(kPath)->id);
  EXPECT_EQ(file->Stat()->modified, files_.Stat(kPath)->modified);
}

// As `cat a.gz b.gz` makes one, or a logrotate that appends.
TEST_F(InflatedFileTest, ReadsSeveralMembers) {
  const std::string text = Text(500);
  const auto file =
      Open(GzipBytes(text.substr(0, 1000)) + GzipBytes("") + GzipBytes(text.substr(1000)));
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(file->Stat()->size, text.size());
  EXPECT_EQ(Read(*file, 77), text);
}

TEST_F(InflatedFileTest, CanBeReadAnywhere) {
  const std::string text = Text(1000);
  const auto file = Open(GzipBytes(text));
  ASSERT_NE(file, nullptr);
  std::mt19937 random(1);
  std::string buffer(100, '\0');
  for (int i = 0; i < 200; ++i) {
    const uint64_t offset = random() % (text.size() + 50);
    const auto count = file->ReadAt(offset, buffer);
    ASSERT_TRUE(count);
    if (offset >= text.size()) {
      EXPECT_EQ(*count, 0U);
    } else {
      ASSERT_EQ(buffer.substr(0, *count), text.substr(offset, *count)) << offset;
      ASSERT_GT(*count, 0U);
    }
  }
}

// Whoever compresses it has not finished, or the disk was full: what is there is as long as it
// says, however it is read.
TEST_F(InflatedFileTest, EndsWhereTheCompressedBytesEnd) {
  const std::string text = Text(100);
  const std::string whole = GzipBytes(text);
  for (size_t size = 0; size < whole.size(); size += 3) {
    const auto file = Open(whole.substr(0, size));
    if (file == nullptr) continue;
    const std::string part = Read(*file, 100000);
    ASSERT_TRUE(text.starts_with(part));
    ASSERT_EQ(file->Stat()->size, part.size()) << size;
    ASSERT_EQ(Read(*file, 1), part) << size;
    ASSERT_EQ(Read(*file, 13), part) << size;
  }
  EXPECT_NE(Open(whole.substr(0, whole.size() - 1)), nullptr);
}

TEST_F(InflatedFileTest, EndsWhereItIsDamaged) {
  const std::string text = Text(100);
  const std::string whole = GzipBytes(text);
  std::mt19937 random(2);
  for (int i = 0; i < 2000; ++i) {
    std::string damaged = whole;
    char& byte = damaged[10 + random() % (whole.size() - 10)];
    byte = static_cast<char>(static_cast<uint8_t>(byte) ^ 1U << random() % 8);
    const auto file = Open(damaged);
    if (file == nullptr) continue;
    const std::string part = Read(*file, 100000);
    ASSERT_EQ(file->Stat()->size, part.size());
    ASSERT_EQ(Read(*file, 31), part);
  }
}

TEST_F(InflatedFileTest, ReadsWhatStandsInFrontOfBytesThatAreNotGzip) {
  const auto file = Open(GzipBytes("a line\n") + std::string(512, '\0'));
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(Read(*file, 100), "a line\n");
}

TEST_F(InflatedFileTest, IsNoneIfItIsNotGzip) {
  EXPECT_EQ(Open(""), nullptr);
  EXPECT_EQ(Open("192.0.2.1 - - \"GET /\" 200\n"), nullptr);
  EXPECT_EQ(Open("\x1f\x8b"), nullptr);
  EXPECT_EQ(Open("BZh91AY&SY"), nullptr);
}

TEST_F(InflatedFileTest, IsNoneIfItCannotBeRead) {
  files_.Create(kPath, GzipBytes("a line\n"));
  files_.FailReads(kPath, "Input/output error");
  EXPECT_FALSE(OpenInflated(*files_.Open(kPath)));
}

}  // namespace
}  // namespace accesslog
