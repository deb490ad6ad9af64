#include "support/memory_file_system.h"

#include <fnmatch.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace accesslog {
namespace {

FileStatus StatusOf(const MemoryFileSystem::Inode& inode) {
  return {inode.id, inode.content.size(), inode.modified};
}

class MemoryFile final : public File {
 public:
  explicit MemoryFile(std::shared_ptr<MemoryFileSystem::Inode> inode) : inode_(std::move(inode)) {}

  Result<FileStatus> Stat() override { return StatusOf(*inode_); }

  Result<size_t> ReadAt(uint64_t offset, std::span<char> buffer) override {
    if (!inode_->read_error.empty()) return Error{inode_->read_error};
    const std::string& content = inode_->content;
    if (offset >= content.size()) return size_t{0};
    return content.copy(buffer.data(), buffer.size(), offset);
  }

 private:
  std::shared_ptr<MemoryFileSystem::Inode> inode_;
};

}  // namespace

MemoryFileSystem::Inode& MemoryFileSystem::At(const std::string& path) {
  const auto file = files_.find(path);
  if (file == files_.end()) throw std::logic_error("the test has no file " + path);
  return *file->second;
}

MemoryFileSystem::Writer MemoryFileSystem::Create(const std::string& path,
                                                  std::string_view content) {
  const uint64_t inode = next_inode_ != 0 ? std::exchange(next_inode_, 0) : ++last_inode_;
  ++tick_;
  files_[path] =
      std::make_shared<Inode>(Inode{{1, inode, tick_}, std::string(content), "", tick_});
  return Writer(*this, files_[path]);
}

MemoryFileSystem::Writer MemoryFileSystem::OpenForWriting(const std::string& path) {
  At(path);
  return Writer(*this, files_[path]);
}

void MemoryFileSystem::Append(const std::string& path, std::string_view text) {
  OpenForWriting(path).Append(text);
}

void MemoryFileSystem::Truncate(const std::string& path) {
  At(path).content.clear();
  At(path).modified = ++tick_;
}

void MemoryFileSystem::Copy(const std::string& from, const std::string& to) {
  Create(to, At(from).content);
}

void MemoryFileSystem::Rename(const std::string& from, const std::string& to) {
  At(from);
  files_[to] = std::move(files_[from]);
  files_.erase(from);
}

void MemoryFileSystem::Remove(const std::string& path) {
  At(path);
  files_.erase(path);
}

void MemoryFileSystem::FailReads(const std::string& path, const std::string& reason) {
  At(path).read_error = reason;
}

void MemoryFileSystem::Forbid(const std::string& path, const std::string& reason) {
  forbidden_[path] = reason;
}

Result<std::unique_ptr<File>> MemoryFileSystem::Open(const std::string& path) {
  if (!forbidden_[path].empty()) return Error{forbidden_[path]};
  const auto file = files_.find(path);
  if (file == files_.end()) return Error{"No such file or directory"};
  return std::unique_ptr<File>(std::make_unique<MemoryFile>(file->second));
}

Result<FileStatus> MemoryFileSystem::Stat(const std::string& path) {
  const auto file = files_.find(path);
  if (file == files_.end()) return Error{"No such file or directory"};
  return StatusOf(*file->second);
}

std::vector<std::string> MemoryFileSystem::Glob(const std::string& pattern) {
  std::vector<std::string> paths;
  for (const auto& [path, inode] : files_) {
    if (::fnmatch(pattern.c_str(), path.c_str(), FNM_PATHNAME) == 0) paths.push_back(path);
  }
  return paths;
}

std::vector<std::string> MemoryFileSystem::List(const std::string& directory) {
  const std::string prefix = directory.ends_with('/') ? directory : directory + "/";
  std::vector<std::string> names;
  for (const auto& [path, inode] : files_) {
    const bool inside = path.starts_with(prefix) && path.find('/', prefix.size()) == path.npos;
    if (inside) names.push_back(path.substr(prefix.size()));
  }
  return names;
}

std::string MemoryFileSystem::RealPath(const std::string& path) {
  return files_.contains(path) ? path : "";
}

bool MemoryFileSystem::ReportsChanges(const std::string& directory) {
  return !silent.contains(directory);
}

}  // namespace accesslog
