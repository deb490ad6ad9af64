#include "support/temp_directory.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace accesslog {
namespace {

std::string WriteTo(const std::string& path, std::string_view content, std::ios::openmode mode) {
  std::ofstream file(path, std::ios::binary | mode);
  file << content << std::flush;
  EXPECT_TRUE(file) << "cannot write " << path;
  return path;
}

}  // namespace

TempDirectory::TempDirectory()
    : path_((std::filesystem::temp_directory_path() / "accesslog_test.XXXXXX").string()) {
  EXPECT_NE(::mkdtemp(path_.data()), nullptr);
}

TempDirectory::~TempDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TempDirectory::Write(std::string_view name, std::string_view content) const {
  return WriteTo(PathOf(name), content, std::ios::trunc);
}

std::string TempDirectory::Append(std::string_view name, std::string_view content) const {
  return WriteTo(PathOf(name), content, std::ios::app);
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << "cannot read " << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace accesslog
