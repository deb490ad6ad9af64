#include "input/whole_file.h"

#include <gmock/gmock.h>
#include <unistd.h>
#include <zlib.h>

#include <array>

#include "base/unique_fd.h"
#include "input/line_assembler.h"
#include "input/line_block.h"
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

class WholeFileTest : public ::testing::Test {
 protected:
  // "" if all went well.
  std::string Read(const std::string& path) {
    lines_.clear();
    oversized_ = 0;
    auto file = WholeFile::Open(path);
    if (!file) return file.error().message;
    size_ = SizeOf(path);
    LineChunk chunk;
    auto more = file->Read(chunk);
    for (; more && *more; more = file->Read(chunk)) Take(chunk);
    position_ = file->position();
    return more ? "" : more.error().message;
  }

  void Take(const LineChunk& chunk) {
    oversized_ += chunk.oversized_lines;
    EXPECT_TRUE(chunk.text.empty() || chunk.text.back() == '\n');
    ForEachLine(chunk.text, [this](std::string_view line) { lines_.emplace_back(line); });
  }

  TempDirectory directory_;
  std::vector<std::string> lines_;
  uint64_t oversized_ = 0;
  std::optional<uint64_t> size_;
  uint64_t position_ = 0;
};

TEST_F(WholeFileTest, GivesItsLines) {
  EXPECT_EQ(Read(directory_.Write("access.log", "a\nb\n")), "");
  EXPECT_THAT(lines_, ElementsAre("a", "b"));
}

TEST_F(WholeFileTest, GivesALastLineWithoutEnd) {
  EXPECT_EQ(Read(directory_.Write("access.log", "a\nb")), "");
  EXPECT_THAT(lines_, ElementsAre("a", "b"));
}

TEST_F(WholeFileTest, GivesNothingOfAnEmptyFile) {
  EXPECT_EQ(Read(directory_.Write("access.log", "")), "");
  EXPECT_THAT(lines_, IsEmpty());
}

TEST_F(WholeFileTest, ReadsMoreThanOneChunk) {
  std::string text;
  for (int i = 0; i < 300000; ++i) text += std::to_string(i) + "\n";
  EXPECT_EQ(Read(directory_.Write("access.log", text)), "");
  ASSERT_EQ(lines_.size(), 300000U);
  EXPECT_EQ(lines_.back(), "299999");
}

TEST_F(WholeFileTest, ReadsGzip) {
  EXPECT_EQ(Read(directory_.Write("access.log.2.gz", Gzipped("a\nb\n"))), "");
  EXPECT_THAT(lines_, ElementsAre("a", "b"));
}

TEST_F(WholeFileTest, KnowsGzipByItsContentNotItsName) {
  EXPECT_EQ(Read(directory_.Write("access.log", Gzipped("a\n"))), "");
  EXPECT_THAT(lines_, ElementsAre("a"));
}

TEST_F(WholeFileTest, ReadsAPlainFileThatIsCalledGz) {
  EXPECT_EQ(Read(directory_.Write("access.log.gz", "a\n")), "");
  EXPECT_THAT(lines_, ElementsAre("a"));
}

// `cat a.gz b.gz` is a gzip file too; a line may go on in the next member.
TEST_F(WholeFileTest, ReadsOnThroughConcatenatedMembers) {
  EXPECT_EQ(Read(directory_.Write("access.log.gz", Gzipped("a\nhal") + Gzipped("f\nc\n"))), "");
  EXPECT_THAT(lines_, ElementsAre("a", "half", "c"));
}

TEST_F(WholeFileTest, SaysThatGzipDataEndsTooEarly) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += std::to_string(i * i) + "\n";
  const std::string whole = Gzipped(text);
  const std::string path =
      directory_.Write("access.log.gz", std::string_view(whole).substr(0, whole.size() / 2));
  EXPECT_EQ(Read(path),
            "cannot read " + path + " to its end: damaged gzip data (unexpected end of file)");
  EXPECT_THAT(lines_, ::testing::Contains("81"));
}

TEST_F(WholeFileTest, SaysThatGzipDataIsDamaged) {
  std::string whole = Gzipped("a\n");
  whole[whole.size() - 5] = static_cast<char>(whole[whole.size() - 5] ^ 1);  // the checksum
  const std::string path = directory_.Write("access.log.gz", whole);
  EXPECT_EQ(Read(path),
            "cannot read " + path + " to its end: damaged gzip data (incorrect data check)");
}

TEST_F(WholeFileTest, SaysThatThereIsNoFile) {
  const std::string path = directory_.PathOf("missing.log");
  EXPECT_EQ(Read(path), "cannot open " + path + ": No such file or directory");
}

TEST_F(WholeFileTest, SaysThatADirectoryIsNoLog) {
  EXPECT_EQ(Read(directory_.path()),
            "cannot read " + directory_.path() + ": it is a directory; name the log files in it");
}

TEST_F(WholeFileTest, SaysWhyReadingFailed) {
  EXPECT_EQ(Read("/proc/self/mem"), "cannot read /proc/self/mem: Input/output error");
}

TEST_F(WholeFileTest, CountsALineOverTheLimit) {
  const std::string path = directory_.Write("access.log", std::string(3U << 20U, 'x') + "\na\n");
  EXPECT_EQ(Read(path), "");
  EXPECT_THAT(lines_, ElementsAre("a"));
  EXPECT_EQ(oversized_, 1U);
}

// Every place of a line end relative to the pieces in which the file is read.
TEST_F(WholeFileTest, KeepsLinesWholeWhereverTheyEnd) {
  constexpr size_t kPiece = size_t{512} * 1024;
  for (const size_t length : {kPiece - 2, kPiece - 1, kPiece, kPiece + 1, 2 * kPiece - 3}) {
    const std::string first(length, 'x');
    EXPECT_EQ(Read(directory_.Write("access.log", first + "\nb\n" + first)), "");
    EXPECT_THAT(lines_, ElementsAre(first, "b", first)) << length;
  }
}

TEST_F(WholeFileTest, TakesALineOfJustTheLimit) {
  const std::string longest(kMaxLineBytes, 'x');
  EXPECT_EQ(Read(directory_.Write("access.log", "a\n" + longest + "\nb\n" + longest)), "");
  EXPECT_THAT(lines_, ElementsAre("a", longest, "b", longest));
  EXPECT_EQ(oversized_, 0U);
}

TEST_F(WholeFileTest, CountsEachLineOverTheLimit) {
  const std::string longer(kMaxLineBytes + 1, 'x');
  EXPECT_EQ(Read(directory_.Write("access.log", longer + "\n" + longer + "\na\n" + longer)), "");
  EXPECT_THAT(lines_, ElementsAre("a"));
  EXPECT_EQ(oversized_, 3U);
}

TEST_F(WholeFileTest, KnowsHowFarItIs) {
  EXPECT_EQ(Read(directory_.Write("access.log", "a\nb\n")), "");
  EXPECT_EQ(size_, 4U);
  EXPECT_EQ(position_, 4U);
}

TEST_F(WholeFileTest, KnowsHowFarItIsInCompressedBytes) {
  const std::string gzipped = Gzipped(std::string(100000, '\n'));
  EXPECT_EQ(Read(directory_.Write("access.log.gz", gzipped)), "");
  EXPECT_EQ(size_, gzipped.size());
  EXPECT_EQ(position_, gzipped.size());
}

TEST_F(WholeFileTest, ReadsStandardInput) {
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
  EXPECT_EQ(size_, std::nullopt);
}

TEST_F(WholeFileTest, SaysThatThereIsNoStandardInput) {
  const StandardInput closed(-1);
  EXPECT_EQ(Read("-"), "cannot open standard input: Bad file descriptor");
}

}  // namespace
}  // namespace accesslog
