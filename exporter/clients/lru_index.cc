#include "clients/lru_index.h"

#include <bit>
#include <cassert>

namespace accesslog {

void LruIndex::Reserve(size_t slots) {
  nodes_.reserve(slots);
  const size_t wanted = std::bit_ceil(slots * 2 + 2);
  if (wanted > table_.size()) Rehash(wanted);
}

// Where the key stands, or the empty place where it would.
size_t LruIndex::Position(const ClientKey& key) const {
  size_t at = Home(key);
  while (table_[at] != kNone && nodes_[table_[at]].key != key) at = (at + 1) & (table_.size() - 1);
  return at;
}

LruIndex::Slot LruIndex::Find(const ClientKey& key) const { return table_[Position(key)]; }

LruIndex::Slot LruIndex::Insert(const ClientKey& key) {
  if ((size_ + 1) * 2 > table_.size()) Rehash(table_.size() * 2);
  const size_t at = Position(key);
  assert(table_[at] == kNone);
  Slot slot = free_;
  if (slot != kNone) {
    free_ = nodes_[slot].older;
    nodes_[slot] = Node{key};
  } else {
    slot = static_cast<Slot>(nodes_.size());
    nodes_.push_back(Node{key});
  }
  table_[at] = slot;
  ++size_;
  LinkNewest(slot);
  return slot;
}

void LruIndex::Erase(Slot slot) {
  const size_t mask = table_.size() - 1;
  size_t hole = Position(nodes_[slot].key);
  // Move back every entry behind the hole that could not be found across it.
  for (size_t at = (hole + 1) & mask; table_[at] != kNone; at = (at + 1) & mask) {
    const size_t home = Home(nodes_[table_[at]].key);
    if (((at - home) & mask) >= ((at - hole) & mask)) {
      table_[hole] = table_[at];
      hole = at;
    }
  }
  table_[hole] = kNone;
  Unlink(slot);
  nodes_[slot].older = free_;
  free_ = slot;
  --size_;
}

void LruIndex::Touch(Slot slot) {
  if (slot == newest_) return;
  Unlink(slot);
  LinkNewest(slot);
}

void LruIndex::LinkNewest(Slot slot) {
  nodes_[slot].older = newest_;
  nodes_[slot].newer = kNone;
  (newest_ == kNone ? oldest_ : nodes_[newest_].newer) = slot;
  newest_ = slot;
}

void LruIndex::Unlink(Slot slot) {
  const Node& node = nodes_[slot];
  (node.older == kNone ? oldest_ : nodes_[node.older].newer) = node.newer;
  (node.newer == kNone ? newest_ : nodes_[node.newer].older) = node.older;
}

void LruIndex::Rehash(size_t size) {
  table_.assign(size, kNone);
  for (Slot slot = oldest_; slot != kNone; slot = nodes_[slot].newer) {
    table_[Position(nodes_[slot].key)] = slot;
  }
}

}  // namespace accesslog
