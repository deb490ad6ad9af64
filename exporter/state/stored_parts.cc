#include "state/stored_parts.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "state/checksum.h"

namespace accesslog {
namespace {

// What did not change is written again so often: `written` then says, to a day, when its site was
// last named.
constexpr Duration kRefresh = std::chrono::hours{24};

int64_t Milliseconds(Time time) { return time.time_since_epoch().count(); }

uint64_t ContentChecksum(const PartKey& key, std::string_view bytes) {
  return Checksum().Add(key.site).Add(key.kind).Add(key.name).Add(bytes).sum();
}

// SQLite has signed numbers only.
int64_t Signed(uint64_t number) { return static_cast<int64_t>(number); }

bool IsFresh(Time written, Time now) {
  return written <= now ? now - written < kRefresh : written - now < kRefresh;
}

}  // namespace

uint64_t StoredParts::Part::RowChecksum() const {
  return Checksum().Add(content).Add(static_cast<uint64_t>(Milliseconds(written))).sum();
}

// Over all parts in whatever order, so that a row that is lost is noticed, too.
uint64_t StoredParts::SnapshotChecksum(const Snapshot& snapshot, const Parts& parts) {
  uint64_t total = 0;
  for (const auto& [key, part] : parts) total += part.RowChecksum();
  return Checksum()
      .Add(static_cast<uint64_t>(Milliseconds(snapshot.taken)))
      .Add(uint64_t{snapshot.clean})
      .Add(uint64_t{parts.size()})
      .Add(total)
      .sum();
}

bool StoredParts::LoadParts(Database& database, Snapshot* snapshot, Parts& parts) {
  Statement select(database, "SELECT id, written, checksum, site, kind, name, bytes FROM part");
  while (select.Step()) {
    const PartKey key{std::string(select.BytesAt(3)), std::string(select.BytesAt(4)),
                      std::string(select.BytesAt(5))};
    const std::string_view bytes = select.BytesAt(6);
    const Part part{select.NumberAt(0), ContentChecksum(key, bytes),
                    Time(Duration(select.NumberAt(1)))};
    if (select.NumberAt(2) != Signed(part.RowChecksum()) || !parts.emplace(key, part).second) {
      database.MarkDamaged("a part of it does not match its checksum");
    }
    if (snapshot != nullptr) snapshot->parts.emplace(key, bytes);
  }
  return database.ok();
}

bool StoredParts::Load(Database& database, Snapshot* snapshot) {
  parts_.clear();
  database.Execute("BEGIN");
  Snapshot head;
  Parts parts;
  LoadParts(database, snapshot, parts);
  Statement select(database, "SELECT taken, clean, checksum FROM snapshot");
  if (select.Step()) {
    head.taken = Time(Duration(select.NumberAt(0)));
    head.clean = select.NumberAt(1) == 1;
    if (select.NumberAt(2) != Signed(SnapshotChecksum(head, parts)) || select.Step()) {
      database.MarkDamaged("the whole of it does not match its checksum");
    }
  } else if (!parts.empty()) {
    database.MarkDamaged("its head is missing");
  }
  select.Run();
  database.Execute("COMMIT");
  database.Rollback();
  if (!database.ok()) return false;
  parts_ = std::move(parts);
  if (snapshot != nullptr) {
    snapshot->taken = head.taken;
    snapshot->clean = head.clean;
  }
  return true;
}

void StoredParts::WriteChanged(Database& database, const Snapshot& snapshot, Parts& parts) const {
  int64_t last_id = 0;
  for (const auto& [key, part] : parts) last_id = std::max(last_id, part.id);
  // An update in place: where the length stayed the same, SQLite writes only the pages that differ.
  Statement write(database,
                  "INSERT INTO part(id, site, kind, name, written, checksum, bytes) "
                  "VALUES(?, ?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO UPDATE SET "
                  "written = excluded.written, checksum = excluded.checksum, "
                  "bytes = excluded.bytes");
  for (const auto& [key, bytes] : snapshot.parts) {
    const uint64_t content = ContentChecksum(key, bytes);
    Part& part = parts[key];
    if (part.id != 0 && part.content == content && IsFresh(part.written, snapshot.taken)) continue;
    if (part.id == 0) part.id = ++last_id;
    part.content = content;
    part.written = snapshot.taken;
    write.Number(part.id).Text(key.site).Text(key.kind).Text(key.name);
    write.Number(Milliseconds(part.written)).Number(Signed(part.RowChecksum())).Blob(bytes);
    if (!write.Run()) return;
  }
}

void StoredParts::RemoveGone(Database& database, const Snapshot& snapshot, Parts& parts) {
  std::set<std::string_view> sites;
  for (const auto& [key, bytes] : snapshot.parts) sites.insert(key.site);
  Statement remove(database, "DELETE FROM part WHERE id = ?");
  for (auto part = parts.begin(); part != parts.end() && database.ok();) {
    const bool is_gone = sites.contains(part->first.site)
                             ? !snapshot.parts.contains(part->first)
                             : snapshot.purge || snapshot.taken - part->second.written >
                                                     kKeepUnnamedSites;
    if (is_gone) remove.Number(part->second.id).Run();
    part = is_gone ? parts.erase(part) : std::next(part);
  }
}

void StoredParts::WriteHead(Database& database, const Snapshot& snapshot, const Parts& parts) {
  Statement write(database, "REPLACE INTO snapshot(id, taken, clean, checksum) VALUES(1, ?, ?, ?)");
  write.Number(Milliseconds(snapshot.taken)).Number(snapshot.clean ? 1 : 0);
  write.Number(Signed(SnapshotChecksum(snapshot, parts))).Run();
}

bool StoredParts::Write(Database& database, const Snapshot& snapshot) {
  Parts parts = parts_;
  database.Execute("BEGIN IMMEDIATE");
  WriteChanged(database, snapshot, parts);
  RemoveGone(database, snapshot, parts);
  WriteHead(database, snapshot, parts);
  database.Execute("COMMIT");
  database.Rollback();
  if (!database.ok()) return false;
  parts_ = std::move(parts);
  return true;
}

}  // namespace accesslog
