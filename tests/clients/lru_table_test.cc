#include "clients/lru_table.h"

#include <gmock/gmock.h>

#include <list>
#include <map>
#include <random>

namespace accesslog {
namespace {

using ::testing::ElementsAre;

struct Nothing {};
using LruIndex = LruTable<Nothing>;
using Slot = LruIndex::Slot;

constexpr uint64_t kSecret = 42;

ClientKey Key(uint64_t number) { return {0, number, false}; }

std::vector<uint64_t> OldestFirst(const LruIndex& index) {
  std::vector<uint64_t> keys;
  for (Slot slot = index.Oldest(); slot != LruIndex::kNone; slot = index.NextNewer(slot)) {
    keys.push_back(index.KeyOf(slot).low);
  }
  return keys;
}

TEST(LruTable, FindsWhatWasInserted) {
  LruIndex index(kSecret);
  const Slot slot = index.Insert(Key(7));
  EXPECT_EQ(index.Find(Key(7)), slot);
  EXPECT_EQ(index.KeyOf(slot), Key(7));
  EXPECT_EQ(index.size(), 1U);
}

TEST(LruTable, FindsNothingElse) {
  LruIndex index(kSecret);
  index.Insert(Key(7));
  EXPECT_EQ(index.Find(Key(8)), LruIndex::kNone);
}

TEST(LruTable, TellsANameFromAnAddressWithTheSameBits) {
  LruIndex index(kSecret);
  index.Insert({1, 2, false});
  EXPECT_EQ(index.Find({1, 2, true}), LruIndex::kNone);
}

TEST(LruTable, NumbersSlotsFromZero) {
  LruIndex index(kSecret);
  EXPECT_EQ(index.Insert(Key(5)), 0U);
  EXPECT_EQ(index.Insert(Key(6)), 1U);
}

TEST(LruTable, TellsWhichSlotsAreFree) {
  LruIndex index(kSecret);
  for (uint64_t key = 0; key < 4; ++key) index.Insert(Key(key));
  index.Erase(1);
  index.Erase(3);
  index.Touch(0);
  EXPECT_FALSE(index.IsFree(0));
  EXPECT_TRUE(index.IsFree(1));
  EXPECT_FALSE(index.IsFree(2));
  EXPECT_TRUE(index.IsFree(3));
  index.Insert(Key(9));
  EXPECT_FALSE(index.IsFree(3));
  EXPECT_TRUE(index.IsFree(1));
}

TEST(LruTable, UsesFreedSlotsAgain) {
  LruIndex index(kSecret);
  index.Insert(Key(5));
  index.Insert(Key(6));
  index.Erase(0);
  EXPECT_EQ(index.Insert(Key(7)), 0U);
}

TEST(LruTable, ForgetsWhatWasErased) {
  LruIndex index(kSecret);
  index.Erase(index.Insert(Key(5)));
  EXPECT_EQ(index.Find(Key(5)), LruIndex::kNone);
  EXPECT_EQ(index.Oldest(), LruIndex::kNone);
  EXPECT_EQ(index.size(), 0U);
}

TEST(LruTable, OrdersByUse) {
  LruIndex index(kSecret);
  const Slot first = index.Insert(Key(1));
  index.Insert(Key(2));
  index.Insert(Key(3));
  index.Touch(first);
  EXPECT_THAT(OldestFirst(index), ElementsAre(2, 3, 1));
}

TEST(LruTable, IsEmptyAtFirst) {
  const LruIndex index(kSecret);
  EXPECT_EQ(index.Oldest(), LruIndex::kNone);
  EXPECT_EQ(index.Find(Key(1)), LruIndex::kNone);
}

TEST(LruTable, KeepsTheDataOfItsSlots) {
  LruTable<int> table(kSecret);
  for (int i = 0; i < 100; ++i) table[table.Insert(Key(static_cast<uint64_t>(i)))] = i;
  for (int i = 0; i < 100; ++i) EXPECT_EQ(table[table.Find(Key(static_cast<uint64_t>(i)))], i);
}

// The slow, obvious way: a list in the order of use and a map into it.
class ModelIndex {
 public:
  void Insert(uint64_t key, Slot slot) {
    order_.push_back({key, slot});
    places_[key] = std::prev(order_.end());
  }
  void Erase(uint64_t key) {
    order_.erase(places_[key]);
    places_.erase(key);
  }
  void Touch(uint64_t key) { order_.splice(order_.end(), order_, places_[key]); }
  bool Has(uint64_t key) const { return places_.contains(key); }
  Slot SlotOf(uint64_t key) const { return places_.at(key)->slot; }
  size_t size() const { return places_.size(); }
  std::vector<uint64_t> OldestFirst() const {
    std::vector<uint64_t> keys;
    for (const Entry& entry : order_) keys.push_back(entry.key);
    return keys;
  }

 private:
  struct Entry {
    uint64_t key;
    Slot slot;
  };
  std::list<Entry> order_;
  std::map<uint64_t, std::list<Entry>::iterator> places_;
};

void PlayRandomly(uint32_t seed, uint64_t keys, size_t reserved) {
  std::mt19937 random(seed);
  LruIndex index(random());
  if (reserved > 0) index.Reserve(reserved);
  ModelIndex model;
  for (int step = 0; step < 20000; ++step) {
    const uint64_t key = random() % keys;
    index.FetchPlace(Key(key));
    index.FetchSlot(Key(key));
    if (!model.Has(key)) {
      ASSERT_EQ(index.Find(Key(key)), LruIndex::kNone);
      model.Insert(key, index.Insert(Key(key)));
    } else if (random() % 3 == 0) {
      index.Erase(model.SlotOf(key));
      model.Erase(key);
    } else {
      ASSERT_EQ(index.Find(Key(key)), model.SlotOf(key));
      index.Touch(model.SlotOf(key));
      model.Touch(key);
    }
    ASSERT_EQ(index.size(), model.size());
    if (step % 100 == 0) {
      ASSERT_EQ(OldestFirst(index), model.OldestFirst());
      for (uint64_t k = 0; k < keys; ++k) {
        ASSERT_EQ(index.Find(Key(k)), model.Has(k) ? model.SlotOf(k) : LruIndex::kNone);
      }
    }
  }
}

TEST(LruTable, AgreesWithAListAndAMapOnFewKeys) { PlayRandomly(1, 5, 0); }

TEST(LruTable, AgreesWithAListAndAMapOnManyKeys) { PlayRandomly(2, 300, 0); }

TEST(LruTable, AgreesWithAListAndAMapWhereItsSizeWasReserved) { PlayRandomly(3, 300, 300); }

}  // namespace
}  // namespace accesslog
