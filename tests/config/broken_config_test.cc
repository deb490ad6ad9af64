// Every file of tests/data/config/broken has one fault (and `many` has several), and beside it the
// whole of what must be said about it.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "config/config.h"

namespace accesslog {
namespace {

namespace fs = std::filesystem;

fs::path Folder() { return fs::path(ACCESSLOG_TEST_DATA) / "config" / "broken"; }

std::string ReadAll(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> BrokenConfigs() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(Folder())) {
    if (entry.path().extension() == ".toml") names.push_back(entry.path().stem());
  }
  std::sort(names.begin(), names.end());
  return names;
}

class BrokenConfig : public testing::TestWithParam<std::string> {};

TEST_P(BrokenConfig, IsExplained) {
  const LoadedConfig loaded = ParseConfig(ReadAll(Folder() / (GetParam() + ".toml")));
  std::string said;
  for (const Problem& error : loaded.problems.errors) said += error.At("config.toml") + "\n";
  EXPECT_EQ(said, ReadAll(Folder() / (GetParam() + ".expected")));
  EXPECT_NE(said, "");
}

INSTANTIATE_TEST_SUITE_P(Files, BrokenConfig, testing::ValuesIn(BrokenConfigs()),
                         [](const auto& test) { return test.param; });

TEST(BrokenConfigs, AreFound) { EXPECT_GE(BrokenConfigs().size(), 30U); }

TEST(LoadConfig, SaysThatAFileIsMissing) {
  const auto loaded = LoadConfig("/nowhere/accesslog.toml");
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().message, "cannot open /nowhere/accesslog.toml: No such file or directory");
}

TEST(LoadConfig, SaysThatADirectoryIsNoFile) {
  const auto loaded = LoadConfig("/");
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().message, "cannot read /: Is a directory");
}

}  // namespace
}  // namespace accesslog
