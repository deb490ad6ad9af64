#include "input/whole_file.h"

#include <gmock/gmock.h>
#include <unistd.h>
#include <zlib.h>

#include <array>

#include "base/unique_fd.h"
#include "support/line_recorder.h"
#include "support/temp_directory.h"

namespace accesslog {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string Gzipped(const std::string& text) {
  const TempDirectory directory;
  const std::string path = directory.PathOf("x.gz");
  gzFile file = gzopen(path.c_str(), "wb");
  EXPECT_EQ(gzwrite(file, text.data(), static_cast<unsigned>(text.size())),
            static_cast<int>(text.size()));
  gzclose(file);
  return ReadFile(path);
}

// Puts another descriptor in the place of standard input while it lives; -1 closes it.
class StandardInput {
 public:
  explicit StandardInput(int fd) : saved_(::dup(STDIN_FILENO)) {
    if (fd < 0) {
      ::close(STDIN_FILENO);
    } else {
      ::dup2(fd, STDIN_FILENO);
    }
  }
  ~StandardInput() {
    if (saved_) {
      ::dup2(saved_.get(), STDIN_FILENO);
    } else {
      ::close(STDIN_FILENO);
    }
  }

 private:
  UniqueFd saved_;
};

class ReadWholeFileTest : public ::testing::Test {
 protected:
  // "" if all went well.
  std::string Read(const std::string& path) {
    const auto read = ReadWholeFile(path, recorder_);
    lines_ = recorder_.TakeLines();
    return read ? "" : read.error().message;
  }

  TempDirectory directory_;
  LineRecorder recorder_;
  std::vector<std::string> lines_;
};

TEST_F(ReadWholeFileTest, GivesItsLines) {
  EXPECT_EQ(Read(directory_.Write("access.log", "a\nb\n")), "");
  EXPECT_THAT(lines_, ElementsAre("a", "b"));
}

TEST_F(ReadWholeFileTest, GivesALastLineWithoutEnd) {
  EXPECT_EQ(Read(directory_.Write("access.log", "a\nb")), "");
  EXPECT_THAT(lines_, ElementsAre("a", "b"));
}

TEST_F(ReadWholeFileTest, GivesNothingOfAnEmptyFile) {
  EXPECT_EQ(Read(directory_.Write("access.log", "")), "");
  EXPECT_THAT(lines_, IsEmpty());
}

TEST_F(ReadWholeFileTest, ReadsMoreThanOneChunk) {
  std::string text;
  for (int i = 0; i < 300000; ++i) text += std::to_string(i) + "\n";
  EXPECT_EQ(Read(directory_.Write("access.log", text)), "");
  ASSERT_EQ(lines_.size(), 300000U);
  EXPECT_EQ(lines_.back(), "299999");
}

TEST_F(ReadWholeFileTest, ReadsGzip) {
  EXPECT_EQ(Read(directory_.Write("access.log.2.gz", Gzipped("a\nb\n"))), "");
  EXPECT_THAT(lines_, ElementsAre("a", "b"));
}

TEST_F(ReadWholeFileTest, KnowsGzipByItsContentNotItsName) {
  EXPECT_EQ(Read(directory_.Write("access.log", Gzipped("a\n"))), "");
  EXPECT_THAT(lines_, ElementsAre("a"));
}

TEST_F(ReadWholeFileTest, ReadsAPlainFileThatIsCalledGz) {
  EXPECT_EQ(Read(directory_.Write("access.log.gz", "a\n")), "");
  EXPECT_THAT(lines_, ElementsAre("a"));
}

// `cat a.gz b.gz` is a gzip file too; a line may go on in the next member.
TEST_F(ReadWholeFileTest, ReadsOnThroughConcatenatedMembers) {
  EXPECT_EQ(Read(directory_.Write("access.log.gz", Gzipped("a\nhal") + Gzipped("f\nc\n"))), "");
  EXPECT_THAT(lines_, ElementsAre("a", "half", "c"));
}

TEST_F(ReadWholeFileTest, SaysThatGzipDataEndsTooEarly) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += std::to_string(i * i) + "\n";
  const std::string whole = Gzipped(text);
  const std::string path =
      directory_.Write("access.log.gz", std::string_view(whole).substr(0, whole.size() / 2));
  EXPECT_EQ(Read(path),
            "cannot read " + path + " to its end: damaged gzip data (unexpected end of file)");
  EXPECT_THAT(lines_, ::testing::Contains("81"));
}

TEST_F(ReadWholeFileTest, SaysThatGzipDataIsDamaged) {
  std::string whole = Gzipped("a\n");
  whole[whole.size() - 5] = static_cast<char>(whole[whole.size() - 5] ^ 1);  // the checksum
  const std::string path = directory_.Write("access.log.gz", whole);
  EXPECT_EQ(Read(path),
            "cannot read " + path + " to its end: damaged gzip data (incorrect data check)");
}

TEST_F(ReadWholeFileTest, SaysThatThereIsNoFile) {
  const std::string path = directory_.PathOf("missing.log");
  EXPECT_EQ(Read(path), "cannot open " + path + ": No such file or directory");
}

TEST_F(ReadWholeFileTest, SaysThatADirectoryIsNoLog) {
  EXPECT_EQ(Read(directory_.path()),
            "cannot read " + directory_.path() + ": it is a directory; name the log files in it");
}

TEST_F(ReadWholeFileTest, SaysWhyReadingFailed) {
  EXPECT_EQ(Read("/proc/self/mem"), "cannot read /proc/self/mem: Input/output error");
}

TEST_F(ReadWholeFileTest, CountsALineOverTheLimit) {
  const std::string path = directory_.Write("access.log", std::string(3U << 20U, 'x') + "\na\n");
  EXPECT_EQ(Read(path), "");
  EXPECT_THAT(lines_, ElementsAre("a"));
  EXPECT_EQ(recorder_.oversized(), 1U);
}

TEST_F(ReadWholeFileTest, ReadsStandardInput) {
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  ASSERT_EQ(::write(pipe[1], "a\nb", 3), 3);
  ::close(pipe[1]);
  {
    const StandardInput input(pipe[0]);
    EXPECT_EQ(Read("-"), "");
  }
  ::close(pipe[0]);
  EXPECT_THAT(lines_, ElementsAre("a", "b"));
}

TEST_F(ReadWholeFileTest, SaysThatThereIsNoStandardInput) {
  const StandardInput closed(-1);
  EXPECT_EQ(Read("-"), "cannot open standard input: Bad file descriptor");
}

}  // namespace
}  // namespace accesslog
