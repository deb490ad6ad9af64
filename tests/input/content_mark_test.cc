#include "input/content_mark.h"

#include <gtest/gtest.h>

#include "support/memory_file_system.h"

namespace accesslog {
namespace {

constexpr const char* kPath = "/var/log/access.log";

// No two places of it look alike.
std::string Numbers(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += std::to_string(i) + " is the number of this line\n";
  return text;
}

ContentMark MarkAt(const std::string& text, size_t end) {
  return MarkOf(end, std::string_view(text).substr(0, end));
}

class ContentMarkTest : public ::testing::Test {
 protected:
  bool HoldsIn(const std::string& content, const ContentMark& mark) {
    files_.Create(kPath, content);
    return Holds(**files_.Open(kPath), mark);
  }

  MemoryFileSystem files_;
};

TEST_F(ContentMarkTest, KnowsAFileAgainThatGrew) {
  const std::string text = Numbers(100);
  for (size_t end = 0; end <= text.size(); end += 37) {
    EXPECT_TRUE(HoldsIn(text, MarkAt(text, end))) << end;
    EXPECT_TRUE(HoldsIn(text + "more", MarkAt(text, end))) << end;
  }
}

TEST_F(ContentMarkTest, IsNotInAFileThatIsTooShort) {
  const std::string text = Numbers(100);
  EXPECT_FALSE(HoldsIn(text.substr(0, 999), MarkAt(text, 1000)));
  EXPECT_FALSE(HoldsIn("", MarkAt(text, 1)));
}

TEST_F(ContentMarkTest, IsNotInAnotherFile) {
  const std::string text = Numbers(100);
  for (const size_t changed : {999U, 900U, 744U}) {
    std::string other = text;
    other[changed] = '#';
    EXPECT_FALSE(HoldsIn(other, MarkAt(text, 1000))) << changed;
  }
  EXPECT_FALSE(HoldsIn("x" + text, MarkAt(text, 1000)));
}

// Only so many bytes in front of the place count.
TEST_F(ContentMarkTest, LooksAtABoundedPart) {
  const std::string text = Numbers(100);
  const ContentMark mark = MarkAt(text, 1000);
  EXPECT_EQ(mark.length, kMarkBytes);
  std::string other = text;
  other[1000 - kMarkBytes - 1] = '#';
  other[1000] = '#';
  EXPECT_TRUE(HoldsIn(other, mark));
}

TEST_F(ContentMarkTest, IsInAnyLongEnoughFileIfItHasNoBytes) {
  EXPECT_TRUE(HoldsIn("", ContentMark{}));
  EXPECT_TRUE(HoldsIn("anything", ContentMark{}));
  EXPECT_TRUE(HoldsIn("anything", ContentMark{.end = 8}));
  EXPECT_FALSE(HoldsIn("anything", ContentMark{.end = 9}));
}

TEST_F(ContentMarkTest, IsNotInAFileThatCannotBeRead) {
  const std::string text = Numbers(10);
  files_.Create(kPath, text);
  files_.FailReads(kPath, "Input/output error");
  EXPECT_FALSE(Holds(**files_.Open(kPath), MarkAt(text, 100)));
}

// From damaged bytes: longer than its place, or than any is.
TEST_F(ContentMarkTest, IsInNoFileIfItMakesNoSense) {
  EXPECT_FALSE(HoldsIn(Numbers(100), ContentMark{.end = 10, .length = 11}));
  EXPECT_FALSE(HoldsIn(Numbers(100), ContentMark{.end = 1000, .length = kMarkBytes + 1}));
}

class HeadMarkTest : public ContentMarkTest {
 protected:
  bool Begins(const std::string& content, const HeadMark& head) {
    files_.Create(kPath, content);
    return BeginsLike(**files_.Open(kPath), head);
  }
};

TEST_F(HeadMarkTest, KnowsEachBeginningThatTells) {
  const std::string text = Numbers(10);
  for (size_t length = 0; length <= 140; ++length) {
    const HeadMark head = HeadOf(text.substr(0, length));
    EXPECT_EQ(head.hashes.size(), HeadHashes(head.length));
    for (size_t size = 0; size <= 140; ++size) {
      EXPECT_EQ(Begins(text.substr(0, size), head),
                std::min(length, size) >= kTellingBytes)
          << length << ' ' << size;
    }
  }
}

// What differs in the last 3 bytes of a file that ends in the midst of the head may go unseen.
TEST_F(HeadMarkTest, SeesADifference) {
  const std::string text = Numbers(10);
  const HeadMark head = HeadOf(text);
  for (size_t at = 0; at < kHeadBytes; ++at) {
    std::string other = text;
    other[at] = '#';
    EXPECT_FALSE(Begins(other, head)) << at;
    const size_t end = std::max<size_t>(at + kHeadStep, kTellingBytes);
    EXPECT_FALSE(Begins(other.substr(0, end), head)) << at;
  }
}

// Then nobody can guess it piece by piece.
TEST_F(HeadMarkTest, CanBeKnownAsAWholeOnly) {
  const std::string text = Numbers(10);
  for (const size_t length : {size_t{20}, size_t{40}, kHeadBytes - 1, kHeadBytes}) {
    HeadMark head = HeadOf(text.substr(0, length));
    KeepWholeHead(head);
    EXPECT_EQ(Begins(text, head), length == kHeadBytes) << length;
    EXPECT_FALSE(Begins(text.substr(0, kHeadBytes - 1), head)) << length;
  }
}

TEST(IsTelling, IsAQuestionOfLength) {
  EXPECT_FALSE(IsTelling(MarkOf(kTellingBytes - 1, std::string(kTellingBytes - 1, 'x'))));
  EXPECT_TRUE(IsTelling(MarkOf(kTellingBytes, std::string(kTellingBytes, 'x'))));
}

}  // namespace
}  // namespace accesslog
