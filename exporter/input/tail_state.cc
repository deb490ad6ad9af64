#include "input/tail_state.h"

#include <limits>

namespace accesslog {
namespace {

constexpr uint64_t kVersion = 2;
// Kept the first bytes of each file as they are.
constexpr uint64_t kVersionWithBytes = 1;

void SaveMark(const ContentMark& mark, ByteWriter& writer) {
  writer.Number(mark.end);
  writer.Number(mark.length);
  writer.Number(mark.hash);
}

ContentMark LoadMark(ByteReader& reader) {
  ContentMark mark;
  mark.end = reader.Number();
  mark.length = static_cast<uint32_t>(reader.NumberUpTo(kMarkBytes));
  mark.hash = reader.Number();
  return mark;
}

void SaveGeneration(const SavedGeneration& generation, ByteWriter& writer) {
  writer.Number(generation.id.device);
  writer.Number(generation.id.inode);
  writer.Signed(generation.id.born);
  SaveMark(generation.mark, writer);
  writer.Number(generation.head.length);
  for (const uint32_t hash : generation.head.hashes) writer.Number(hash);
  writer.Number(generation.half_line);
  writer.Flag(generation.skipping);
  writer.Number(generation.known_size);
  writer.Flag(generation.live);
}

HeadMark LoadHead(ByteReader& reader, uint64_t version) {
  if (version == kVersionWithBytes) return HeadOf(reader.Text());
  HeadMark head{.length = static_cast<uint32_t>(reader.NumberUpTo(kHeadBytes))};
  for (size_t left = HeadHashes(head.length); left > 0; --left) {
    const uint64_t hash = reader.NumberUpTo(std::numeric_limits<uint32_t>::max());
    head.hashes.push_back(static_cast<uint32_t>(hash));
  }
  return head;
}

SavedGeneration LoadGeneration(ByteReader& reader, uint64_t version) {
  SavedGeneration generation;
  generation.id.device = reader.Number();
  generation.id.inode = reader.Number();
  generation.id.born = reader.Signed();
  generation.mark = LoadMark(reader);
  generation.head = LoadHead(reader, version);
  generation.half_line = reader.NumberUpTo(generation.mark.end);
  generation.skipping = reader.Flag();
  generation.known_size = reader.Number();
  generation.live = reader.Flag();
  return generation;
}

void SaveList(const std::vector<SavedGeneration>& generations, ByteWriter& writer) {
  writer.Number(generations.size());
  for (const SavedGeneration& generation : generations) SaveGeneration(generation, writer);
}

void LoadList(ByteReader& reader, uint64_t version, std::vector<SavedGeneration>& generations) {
  for (uint64_t left = reader.Count(); left > 0 && reader.ok(); --left) {
    generations.push_back(LoadGeneration(reader, version));
  }
}

}  // namespace

SavedTail WithoutHeads(SavedTail tail) {
  for (auto* generations : {&tail.generations, &tail.finished}) {
    for (SavedGeneration& generation : *generations) KeepWholeHead(generation.head);
  }
  return tail;
}

void Save(const SavedTail& tail, ByteWriter& writer) {
  writer.Number(kVersion);
  const TailStats& stats = tail.stats;
  for (const uint64_t number : {stats.open_errors, stats.rotations, stats.truncations,
                                stats.lost_bytes, stats.lost_files}) {
    writer.Number(number);
  }
  SaveList(tail.generations, writer);
  SaveList(tail.finished, writer);
  writer.Signed(tail.modified);
  writer.Signed(tail.unseen_since);
}

bool Load(ByteReader& reader, SavedTail& tail) {
  const uint64_t version = reader.Number();
  if (version != kVersion && version != kVersionWithBytes) return false;
  TailStats& stats = tail.stats;
  for (uint64_t* number : {&stats.open_errors, &stats.rotations, &stats.truncations,
                           &stats.lost_bytes, &stats.lost_files}) {
    *number = reader.Number();
  }
  LoadList(reader, version, tail.generations);
  LoadList(reader, version, tail.finished);
  tail.modified = reader.Signed();
  tail.unseen_since = reader.Signed();
  return reader.ok();
}

}  // namespace accesslog
