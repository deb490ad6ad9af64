// What the state file holds, part by part, so that only what changed is written. Used by
// StateStore. Law: after Load or Write it equals the file; after a failed one Load must come next.
#pragma once

#include <cstdint>
#include <map>

#include "base/clock.h"
#include "state/database.h"
#include "state/snapshot.h"

namespace accesslog {

// So long is kept what belongs to sites that no snapshot names any more.
inline constexpr Duration kKeepUnnamedSites = std::chrono::hours{24 * 30};

class StoredParts {
 public:
  // Reads all in one transaction and holds it against its checksums; into `snapshot`, too, unless
  // that is null. False: a fault.
  bool Load(Database& database, Snapshot* snapshot);

  // Makes the file hold `snapshot`, in one transaction: writes what changed, removes what is gone
  // of the sites it names, and what is old of those it does not name. False: a fault, nothing was
  // changed.
  bool Write(Database& database, const Snapshot& snapshot);

 private:
  struct Part {
    int64_t id = 0;
    uint64_t content = 0;  // checksum of key and bytes
    Time written{};

    uint64_t RowChecksum() const;
  };
  using Parts = std::map<PartKey, Part>;

  static uint64_t SnapshotChecksum(const Snapshot& snapshot, const Parts& parts);
  static bool LoadParts(Database& database, Snapshot* snapshot, Parts& parts);
  void WriteChanged(Database& database, const Snapshot& snapshot, Parts& parts) const;
  static void RemoveGone(Database& database, const Snapshot& snapshot, Parts& parts);
  static void WriteHead(Database& database, const Snapshot& snapshot, const Parts& parts);

  Parts parts_;
};

}  // namespace accesslog
