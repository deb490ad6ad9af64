// The in-memory twin of PosixFileSystem: a test renames, truncates, appends and forbids by hand. As
// on a real one a file lives on without a name while somebody holds it open.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "input/file_system.h"

namespace accesslog {

class MemoryFileSystem final : public FileSystem {
 public:
  struct Inode {
    FileId id;
    std::string content;
    std::string read_error;  // of every ReadAt, unless empty
    int64_t modified = 0;
  };

  // What a server holds: it goes on writing to the file whatever becomes of its name.
  class Writer {
   public:
    Writer(MemoryFileSystem& files, std::shared_ptr<Inode> inode)
        : files_(&files), inode_(std::move(inode)) {}
    void Append(std::string_view text) {
      inode_->content += text;
      inode_->modified = ++files_->tick_;
    }

   private:
    MemoryFileSystem* files_;
    std::shared_ptr<Inode> inode_;
  };

  // A new, different file under this name, whatever stood there.
  Writer Create(const std::string& path, std::string_view content = "");
  // The file must exist in all of these.
  Writer OpenForWriting(const std::string& path);
  void Append(const std::string& path, std::string_view text);
  void Truncate(const std::string& path);
  void Rename(const std::string& from, const std::string& to);
  void Remove(const std::string& path);
  // A copy as of cp, without the time of the original.
  void Copy(const std::string& from, const std::string& to);
  // The next file that is created gets this inode number, as after a deletion.
  void ReuseInode(uint64_t inode) { next_inode_ = inode; }
  uint64_t InodeOf(const std::string& path) { return At(path).id.inode; }
  void FailReads(const std::string& path, const std::string& reason);

  // From now on opening this name fails, whether or not it exists; Stat goes on as on a real file
  // whose directory may be searched. "" allows it again.
  void Forbid(const std::string& path, const std::string& reason = "Permission denied");
  void Allow(const std::string& path) { Forbid(path, ""); }

  Result<std::unique_ptr<File>> Open(const std::string& path) override;
  Result<FileStatus> Stat(const std::string& path) override;
  std::vector<std::string> Glob(const std::string& pattern) override;
  std::vector<std::string> List(const std::string& directory) override;
  std::string RealPath(const std::string& path) override;
  bool ReportsChanges(const std::string& directory) override;

  // Directories whose changes nobody reports.
  std::set<std::string> silent;

 private:
  Inode& At(const std::string& path);

  std::map<std::string, std::shared_ptr<Inode>> files_;
  std::map<std::string, std::string> forbidden_;
  uint64_t last_inode_ = 0;
  uint64_t next_inode_ = 0;
  int64_t tick_ = 0;  // moves on with each change
};

}  // namespace accesslog
