// Finds the slot of a client and knows which slot was used longest ago, all in O(1) without scanning.
// The client table and detect keep their own data in arrays beside it, by slot number.
//
// Open addressing with linear probing and backward-shift deletion, at most half full, hashed with a
// secret; a doubly linked list through the slots for the order of use. Grows by doubling until
// Reserve's capacity is passed, so a table of fixed size never allocates after Reserve.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "clients/client_key.h"

namespace accesslog {

class LruIndex {
 public:
  using Slot = uint32_t;
  static constexpr Slot kNone = 0xFFFFFFFFU;

  explicit LruIndex(uint64_t secret) : secret_(secret) { Rehash(16); }

  void Reserve(size_t slots);

  // kNone if the client has no slot.
  Slot Find(const ClientKey& key) const;
  // The client must have no slot yet. The new slot is the most recently used. Freed slots are used
  // again; otherwise the number is one more than the largest so far.
  Slot Insert(const ClientKey& key);
  void Erase(Slot slot);
  void Touch(Slot slot);

  size_t size() const { return size_; }
  // The slot used longest ago, or kNone.
  Slot Oldest() const { return oldest_; }
  // From oldest to newest.
  Slot NextNewer(Slot slot) const { return nodes_[slot].newer; }
  const ClientKey& KeyOf(Slot slot) const { return nodes_[slot].key; }

 private:
  struct Node {
    ClientKey key;
    Slot newer = kNone;
    Slot older = kNone;  // in a free slot: the next free one
  };

  size_t Home(const ClientKey& key) const { return HashKey(key, secret_) & (table_.size() - 1); }
  size_t Position(const ClientKey& key) const;
  void Rehash(size_t size);
  void LinkNewest(Slot slot);
  void Unlink(Slot slot);

  uint64_t secret_;
  std::vector<Slot> table_;  // size is a power of two
  std::vector<Node> nodes_;
  Slot free_ = kNone;
  Slot oldest_ = kNone;
  Slot newest_ = kNone;
  size_t size_ = 0;
};

}  // namespace accesslog
