// Finds what is kept of a client and knows which client was used longest ago, all in O(1) without
// scanning. The client table and detect keep their accounts of clients in it.
//
// Open addressing with linear probing and backward-shift deletion, at most half full, hashed with a
// secret; a doubly linked list through the slots for the order of use. Grows by doubling until
// Reserve's capacity is passed, so a table of fixed size never allocates after Reserve.
//
// A log line waits for this memory more than for anything else, so a client's key and data stand
// together, and the links, of which each use changes three, stand together elsewhere.
#pragma once

#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "clients/client_key.h"

namespace accesslog {

// Starts to fetch what stands at `address` into the cache. GCC drops calls of functions that do
// nothing but this, unless there is an asm in them.
inline void Prefetch(const void* address) {
  __builtin_prefetch(address);
  asm volatile("");
}

template <typename Data>
class LruTable {
 public:
  using Slot = uint32_t;
  static constexpr Slot kNone = 0xFFFFFFFFU;
  static constexpr size_t kCacheLine = 64;

  explicit LruTable(uint64_t secret) : secret_(secret) { Rehash(16); }

  void Reserve(size_t slots) {
    entries_.reserve(slots);
    links_.reserve(slots);
    const size_t wanted = std::bit_ceil(slots * 2 + 2);
    if (wanted > table_.size()) Rehash(wanted);
  }

  // kNone if the client has no slot.
  Slot Find(const ClientKey& key) const { return table_[Position(key)].slot; }

  // For callers that know whom they will look for: fetch into the cache what Find needs, and what
  // Find gives. Each waits for what the one before has fetched, so best called for several clients
  // in turn.
  void FetchPlace(const ClientKey& key) const { Prefetch(&table_[Home(TagOf(Hash(key)))]); }
  void FetchSlot(const ClientKey& key) const;

  // The client must have no slot yet. The new slot is the most recently used. Freed slots are used
  // again, with the data that was left in them; otherwise the number is one more than the largest
  // so far. Moves the data of all slots when the table grows.
  Slot Insert(const ClientKey& key);
  void Erase(Slot slot);
  void Touch(Slot slot) {
    if (slot == newest_) return;
    Unlink(slot);
    LinkNewest(slot);
  }

  size_t size() const { return size_; }
  // All slots are below, free ones among them.
  Slot slots() const { return static_cast<Slot>(entries_.size()); }
  // For going through the slots in the order of memory.
  bool IsFree(Slot slot) const { return links_[slot].newer == slot; }
  // The slot used longest ago, or kNone.
  Slot Oldest() const { return oldest_; }
  // From oldest to newest.
  Slot NextNewer(Slot slot) const { return links_[slot].newer; }
  const ClientKey& KeyOf(Slot slot) const { return entries_[slot].key; }
  Data& operator[](Slot slot) { return entries_[slot].data; }
  const Data& operator[](Slot slot) const { return entries_[slot].data; }

 private:
  struct alignas(kCacheLine) Entry {
    ClientKey key;
    Data data;
  };
  struct Links {
    Slot newer = kNone;  // in a free slot: the slot itself
    Slot older = kNone;  // in a free slot: the next free one
  };

  // Half of the hash stands with the slot: it tells the position, so that entries can be moved without
  // being looked at, and more, so that hardly any other client's is looked at in a search.
  struct Place {
    Slot slot = kNone;
    uint32_t tag = 0;
  };

  uint64_t Hash(const ClientKey& key) const { return HashKey(key, secret_); }
  static uint32_t TagOf(uint64_t hash) { return static_cast<uint32_t>(hash); }
  size_t Home(uint32_t tag) const { return tag & (table_.size() - 1); }
  size_t Position(const ClientKey& key) const;
  Slot NewSlot(const ClientKey& key);
  void Rehash(size_t size);
  void LinkNewest(Slot slot);
  void Unlink(Slot slot);

  uint64_t secret_;
  std::vector<Place> table_;  // size is a power of two
  std::vector<Entry> entries_;
  std::vector<Links> links_;
  Slot free_ = kNone;
  Slot oldest_ = kNone;
  Slot newest_ = kNone;
  size_t size_ = 0;
};

// Where the key stands, or the empty place where it would.
template <typename Data>
size_t LruTable<Data>::Position(const ClientKey& key) const {
  const uint32_t tag = TagOf(Hash(key));
  size_t at = Home(tag);
  while (table_[at].slot != kNone &&
         (table_[at].tag != tag || entries_[table_[at].slot].key != key)) {
    at = (at + 1) & (table_.size() - 1);
  }
  return at;
}

template <typename Data>
void LruTable<Data>::FetchSlot(const ClientKey& key) const {
  const uint32_t tag = TagOf(Hash(key));
  size_t at = Home(tag);
  while (table_[at].slot != kNone && table_[at].tag != tag) at = (at + 1) & (table_.size() - 1);
  const Slot slot = table_[at].slot;
  if (slot == kNone) return;
  const auto* entry = reinterpret_cast<const char*>(&entries_[slot]);
  for (size_t line = 0; line < sizeof(Entry); line += kCacheLine) Prefetch(entry + line);
  Prefetch(&links_[slot]);
}

template <typename Data>
typename LruTable<Data>::Slot LruTable<Data>::Insert(const ClientKey& key) {
  if ((size_ + 1) * 2 > table_.size()) Rehash(table_.size() * 2);
  const size_t at = Position(key);
  assert(table_[at].slot == kNone);
  const Slot slot = NewSlot(key);
  table_[at] = {slot, TagOf(Hash(key))};
  ++size_;
  LinkNewest(slot);
  return slot;
}

template <typename Data>
typename LruTable<Data>::Slot LruTable<Data>::NewSlot(const ClientKey& key) {
  if (free_ == kNone) {
    entries_.push_back({key, Data{}});
    links_.emplace_back();
    return static_cast<Slot>(entries_.size() - 1);
  }
  const Slot slot = free_;
  free_ = links_[slot].older;
  entries_[slot].key = key;
  return slot;
}

template <typename Data>
void LruTable<Data>::Erase(Slot slot) {
  const size_t mask = table_.size() - 1;
  size_t hole = Position(entries_[slot].key);
  // Move back every entry behind the hole that could not be found across it.
  for (size_t at = (hole + 1) & mask; table_[at].slot != kNone; at = (at + 1) & mask) {
    const size_t home = Home(table_[at].tag);
    if (((at - home) & mask) >= ((at - hole) & mask)) {
      table_[hole] = table_[at];
      hole = at;
    }
  }
  table_[hole] = {};
  Unlink(slot);
  links_[slot] = {.newer = slot, .older = free_};
  free_ = slot;
  --size_;
}

template <typename Data>
void LruTable<Data>::LinkNewest(Slot slot) {
  links_[slot] = {.newer = kNone, .older = newest_};
  (newest_ == kNone ? oldest_ : links_[newest_].newer) = slot;
  newest_ = slot;
}

template <typename Data>
void LruTable<Data>::Unlink(Slot slot) {
  const Links links = links_[slot];
  (links.older == kNone ? oldest_ : links_[links.older].newer) = links.newer;
  (links.newer == kNone ? newest_ : links_[links.newer].older) = links.older;
}

template <typename Data>
void LruTable<Data>::Rehash(size_t size) {
  table_.assign(size, Place{});
  for (Slot slot = oldest_; slot != kNone; slot = NextNewer(slot)) {
    const ClientKey& key = entries_[slot].key;
    table_[Position(key)] = {slot, TagOf(Hash(key))};
  }
}

}  // namespace accesslog
