#include "expose/label.h"

#include <gtest/gtest.h>

namespace accesslog {
namespace {

TEST(SafeLabel, LeavesGoodTextAsItIs) {
  EXPECT_EQ(SafeLabel("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(SafeLabel("bücher \"neu\" \\"), "bücher \"neu\" \\");
}

TEST(SafeLabel, EscapesWhatIsNotPrintable) {
  EXPECT_EQ(SafeLabel("a\nb"), "a\\x0ab");
  EXPECT_EQ(SafeLabel("\xff"), "\\xff");
}

TEST(SafeLabel, CutsLongText) {
  EXPECT_EQ(SafeLabel(std::string(256, 'x')), std::string(256, 'x'));
  EXPECT_EQ(SafeLabel(std::string(257, 'x')), std::string(256, 'x') + "…");
}

// Half a character would be malformed.
TEST(SafeLabel, CutsBetweenCharacters) {
  EXPECT_EQ(SafeLabel(std::string(255, 'x') + "é"), std::string(255, 'x') + "…");
}

TEST(SafePath, KeepsAWholePath) {
  EXPECT_EQ(SafePath(std::string(4096, 'x')), std::string(4096, 'x'));
  EXPECT_EQ(SafePath("/var/log/a\nb"), "/var/log/a\\x0ab");
}

TEST(SafePath, CutsWhatIsNoPath) {
  EXPECT_EQ(SafePath(std::string(4097, 'x')), std::string(4096, 'x') + "…");
}

TEST(StatusLabel, IsTheNumber) {
  EXPECT_EQ(StatusLabel(404), "404");
  EXPECT_EQ(StatusLabel(100), "100");
}

TEST(StatusLabel, NamesWhatCouldNotBeRead) { EXPECT_EQ(StatusLabel(0), "invalid"); }

}  // namespace
}  // namespace accesslog
