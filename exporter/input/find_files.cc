#include "input/find_files.h"

#include <algorithm>
#include <utility>

#include "input/inflated_file.h"
#include "input/rotated_name.h"

namespace accesslog {
namespace {

struct Candidate {
  std::string path;
  FileStatus status;
  bool live = false;
  bool rotated = false;  // by its name
  bool compressed = false;
  bool used = false;
};

struct Names {
  std::string live;  // without symbolic links, where it is there
  std::vector<std::string> rotated;
  std::vector<std::string> others;
};

// Thousands of logs may stand in one directory, and each looks through it.
enum class Others : uint8_t { kListed, kLeftOut };

Names NamesBeside(FileSystem& files, const std::string& path, Others others) {
  Names names;
  names.live = files.RealPath(path);
  if (names.live.empty()) names.live = path;
  const size_t name_at = names.live.rfind('/') + 1;  // 0 if there is no '/'
  const std::string directory = names.live.substr(0, name_at);
  const std::string live = names.live.substr(name_at);
  for (const std::string& name : files.List(directory.empty() ? "." : directory)) {
    if (name == live) continue;
    if (IsRotationOf(live, name)) {
      names.rotated.push_back(directory + name);
    } else if (others == Others::kListed) {
      names.others.push_back(directory + name);
    }
  }
  std::sort(names.rotated.begin(), names.rotated.end());
  std::sort(names.others.begin(), names.others.end());
  return names;
}

class Finder {
 public:
  Finder(FileSystem& files, const FileSearch& search, const FileRegistry& registry)
      : files_(files), search_(search), registry_(registry), wanted_(search.wanted.size()) {}

  std::vector<FoundFile> Find() {
    ListCandidates();
    MatchById();
    MatchByContent(false);
    MatchByContent(true);
    TakeUnseen();
    std::stable_sort(found_.begin(), found_.end(), [](const FoundFile& a, const FoundFile& b) {
      return a.status.modified < b.status.modified;
    });
    NameUnread();
    return std::move(found_);
  }

 private:
  void ListCandidates() {
    const Others others = search_.with_live ? Others::kListed : Others::kLeftOut;
    const Names names = NamesBeside(files_, search_.path, others);
    others_ = names.others;
    if (search_.with_live) AddCandidate(names.live, true, false);
    for (const std::string& path : names.rotated) AddCandidate(path, false, true);
    live_ = NameOf(names.live);
  }

  static std::string NameOf(const std::string& path) { return path.substr(path.rfind('/') + 1); }

  bool IsKnown(const FileId& id) const {
    const auto is_it = [&](const KnownFile& known) { return known.id == id; };
    return std::any_of(search_.wanted.begin(), search_.wanted.end(), is_it) ||
           std::any_of(search_.finished.begin(), search_.finished.end(), is_it);
  }

  void AddCandidate(const std::string& path, bool live, bool rotated) {
    const auto status = files_.Stat(path);
    if (!status) return;
    if (rotated && IsKnown(status->id)) known_names_.push_back(NameOf(path));
    if (registry_.IsTaken(*status)) return;
    candidates_.push_back({path, *status, live, rotated, IsCompressedName(path), false});
  }

  Result<std::unique_ptr<File>> Open(const Candidate& candidate) const {
    auto file = files_.Open(candidate.path);
    if (!file || !candidate.compressed) return file;
    return OpenInflated(std::move(*file));
  }

  bool Take(Candidate& candidate, std::optional<size_t> wanted, bool by_content = false) {
    auto file = Open(candidate);
    if (!file) return false;
    if (wanted && !Holds(**file, search_.wanted[*wanted].mark)) return false;
    // Of too little that was read, the bytes that stood behind it tell.
    const bool by_head = by_content && !IsTelling(search_.wanted[*wanted].mark);
    if (by_head && !BeginsLike(**file, search_.wanted[*wanted].head)) return false;
    const auto status = (*file)->Stat();
    if (!status) return false;
    candidate.used = true;
    if (wanted) wanted_[*wanted] = true;
    found_.push_back({candidate.path, std::move(*file), *status, candidate.compressed, wanted});
    return true;
  }

  void MatchById() {
    bool all = false;
    for (size_t i = 0; i < wanted_.size(); ++i) {
      const auto is_it = [&](const Candidate& candidate) {
        return !candidate.used && candidate.status.id == search_.wanted[i].id;
      };
      auto candidate = std::find_if(candidates_.begin(), candidates_.end(), is_it);
      if (candidate == candidates_.end() && !std::exchange(all, true)) {
        AddOthers();
        candidate = std::find_if(candidates_.begin(), candidates_.end(), is_it);
      }
      if (candidate != candidates_.end()) Take(*candidate, i);
    }
  }

  // Any file may be the one that somebody moved away by hand.
  void AddOthers() {
    if (!search_.with_live) return;
    for (const std::string& path : others_) AddCandidate(path, false, false);
  }

  // A copy, or the contents of what was compressed; also the file itself on a device that has
  // another number since the machine was started anew.
  void MatchByContent(bool compressed) {
    for (size_t i = 0; i < wanted_.size(); ++i) {
      const KnownFile& known = search_.wanted[i];
      if (wanted_[i] || !(IsTelling(known.mark) || known.head.length >= kTellingBytes)) continue;
      for (Candidate& candidate : candidates_) {
        const bool may_be = candidate.live || candidate.rotated;
        if (candidate.used || !may_be || candidate.compressed != compressed) continue;
        if (Take(candidate, i, true)) break;
      }
    }
  }

  // What has an older name than a file that was seen would have been seen as well. Somebody who
  // uncompresses an old log makes such files.
  bool IsOlderThanKnown(const Candidate& candidate) const {
    const std::string name = NameOf(candidate.path);
    return std::any_of(known_names_.begin(), known_names_.end(), [&](const std::string& known) {
      return IsOlderRotation(live_, name, known);
    });
  }

  void TakeUnseen() {
    for (const FoundFile& found : found_) known_names_.push_back(NameOf(found.path));
    for (Candidate& candidate : candidates_) {
      if (IsOlderThanKnown(candidate)) continue;
      if (candidate.used || !candidate.rotated || candidate.status.size == 0) continue;
      if (candidate.status.modified < search_.unseen_since) continue;
      if (IsBeingCompressed(candidate) || IsCopyOfKnown(candidate)) continue;
      Take(candidate, std::nullopt);
    }
  }

  // Of a file that is wanted nothing may have been read yet. Then any of the unseen ones that
  // begins like it may be it, and the oldest of them is.
  void NameUnread() {
    for (size_t i = 0; i < wanted_.size(); ++i) {
      const KnownFile& known = search_.wanted[i];
      if (wanted_[i] || IsTelling(known.mark)) continue;
      const auto file = std::find_if(found_.begin(), found_.end(), [&](const FoundFile& found) {
        return !found.wanted && Holds(*found.file, known.mark) &&
               (known.head.length == 0 || BeginsLike(*found.file, known.head));
      });
      if (file == found_.end()) continue;
      file->wanted = i;
      wanted_[i] = true;
    }
  }

  // The file that it is made of is there still.
  bool IsBeingCompressed(const Candidate& candidate) const {
    if (!candidate.compressed) return false;
    const std::string plain = candidate.path.substr(0, candidate.path.rfind('.'));
    return files_.Stat(plain).ok();
  }

  bool IsCopyOfKnown(const Candidate& candidate) const {
    const auto file = Open(candidate);
    if (!file) return false;
    const auto status = (*file)->Stat();
    const auto is_copy = [&](const KnownFile& known) {
      if (IsTelling(known.mark) && Holds(**file, known.mark)) return true;
      // Made before the last of what was read was written, as by copytruncate.
      const bool is_shorter = status && status->size < known.mark.end;
      return is_shorter && BeginsLike(**file, known.head);
    };
    return std::any_of(search_.wanted.begin(), search_.wanted.end(), is_copy) ||
           std::any_of(search_.finished.begin(), search_.finished.end(), is_copy);
  }

  FileSystem& files_;
  const FileSearch& search_;
  const FileRegistry& registry_;
  std::vector<std::string> others_;  // beside the log, with names of their own
  std::string live_;
  std::vector<std::string> known_names_;  // of rotated files that were read
  std::vector<Candidate> candidates_;
  std::vector<bool> wanted_;  // found
  std::vector<FoundFile> found_;
};

}  // namespace

std::vector<FoundFile> FindFiles(FileSystem& files, const FileSearch& search,
                                 const FileRegistry& registry) {
  return Finder(files, search, registry).Find();
}

int64_t NewestRotated(FileSystem& files, const std::string& path) {
  int64_t newest = 0;
  for (const std::string& rotated : NamesBeside(files, path, Others::kLeftOut).rotated) {
    const auto status = files.Stat(rotated);
    if (status) newest = std::max(newest, status->modified);
  }
  return newest;
}

}  // namespace accesslog
