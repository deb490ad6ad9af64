#include "input/file_registry.h"

#include <algorithm>

namespace accesslog {

bool FileRegistry::IsTaken(const FileStatus& status) const {
  // An inode number is used again sooner or later; by a file of the very same size, hardly ever.
  return held_.contains(status.id) ||
         std::any_of(released_.begin(), released_.end(), [&](const FileStatus& released) {
           return released.id == status.id && released.size == status.size && status.size > 0;
         });
}

bool FileRegistry::Claim(const FileStatus& status) {
  return !IsTaken(status) && held_.insert(status.id).second;
}

void FileRegistry::Release(const FileStatus& read) {
  held_.erase(read.id);
  released_.push_back(read);
  if (released_.size() > kMaxReleased) released_.pop_front();
}

}  // namespace accesslog
