// All that must survive the end of the process, cut at one point of every log. app puts it together
// from what the other modules save; state keeps it on disk and looks into none of it.
#pragma once

#include <map>
#include <string>
#include <tuple>

#include "base/clock.h"

namespace accesslog {

// Names one piece. Pieces of one kind of thing change together, so they are written together.
struct PartKey {
  std::string site;  // by its name
  std::string kind;  // "traffic", "clients", "detect", "file", …
  std::string name;  // of a file: its path; else ""
  auto operator<=>(const PartKey&) const = default;
};

struct Snapshot {
  Time taken{};        // wall clock
  bool clean = false;  // the last one of a process that ended in order: nothing was read behind it
  // What was removed since the one before must be on the disk no more, in no forgotten corner of the
  // file; and nothing stays of sites that this one does not name.
  bool purge = false;
  std::map<PartKey, std::string> parts;
};

}  // namespace accesslog
