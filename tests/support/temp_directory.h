// A directory of its own for a test, removed with everything in it.
#pragma once

#include <string>
#include <string_view>

namespace accesslog {

class TempDirectory {
 public:
  TempDirectory();
  ~TempDirectory();
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;

  const std::string& path() const { return path_; }
  std::string PathOf(std::string_view name) const { return path_ + "/" + std::string(name); }

  // Each returns the path of the file.
  std::string Write(std::string_view name, std::string_view content) const;
  std::string Append(std::string_view name, std::string_view content) const;

 private:
  std::string path_;
};

// The whole content of a file; a test failure if it cannot be read.
std::string ReadFile(const std::string& path);

}  // namespace accesslog
