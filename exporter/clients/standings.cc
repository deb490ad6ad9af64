#include "clients/standings.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include "clients/saved.h"

namespace accesslog {
namespace {

// Long before the scale could overflow, the base moves by so many half-lives.
constexpr int kRebaseAfter = 64;
constexpr int kForgottenAfter = 1 << 20;
// Nobody does more within a base, and a float can still take more.
constexpr float kMostValue = 0x1p114F;

double Halvings(Duration time, Duration half_life) {
  return static_cast<double>(time.count()) / static_cast<double>(half_life.count());
}

}  // namespace

void Standings::Reserve(size_t slots) {
  accounts_.reserve(slots);
  for (Lists& lists : lists_) lists.links.reserve(slots);
}

Standings::Account& Standings::NewAccount(Slot slot) {
  if (slot >= accounts_.size()) {
    accounts_.resize(slot + size_t{1});
    for (Lists& lists : lists_) lists.links.resize(slot + size_t{1});
  }
  accounts_[slot] = {};
  return accounts_[slot];
}

void Standings::Open(Slot slot, const Worth& worth, Time then) {
  if (then > scale_at_) Rescale(then);
  Account& account = NewAccount(slot);
  const double scale = ScaleAt(then);
  for (const Budget budget : kBudgets) {
    const double value = worth[Index(budget)];
    account.value[Index(budget)] = static_cast<float>(value * scale);
    if (value > 0 || budget == Budget::kTraffic) Enter(slot, budget);
  }
}

void Standings::Close(Slot slot) {
  for (const Budget budget : kBudgets) {
    if (IsMember(slot, budget)) Leave(slot, budget);
  }
}

void Standings::AddSeries(Slot slot) {
  ++accounts_[slot].series;
  for (const Budget budget : kBudgets) {
    if (IsMember(slot, budget)) ++lists_[Index(budget)].series;
  }
}

double Standings::ScaleAt(Time time) const {
  return time == scale_at_ ? scale_ : std::exp2(Halvings(time - base_, half_life_));
}

void Standings::Enter(Slot slot, Budget budget) {
  Account& account = accounts_[slot];
  Lists& lists = lists_[Index(budget)];
  account.budgets |= Bit(budget);
  lists.series += account.series;
  Append(lists, slot, LevelOf(account.value[Index(budget)]));
}

void Standings::Leave(Slot slot, Budget budget) {
  Account& account = accounts_[slot];
  Lists& lists = lists_[Index(budget)];
  account.budgets = static_cast<uint8_t>(account.budgets & ~Bit(budget));
  lists.series -= account.series;
  Remove(lists, slot);
}

// A member's value only grows while its list stays, so it stands too low, never too high.
std::optional<Standings::Slot> Standings::Coldest(Budget budget, Time now) {
  if (now != scale_at_) Rescale(now);
  Lists& lists = lists_[Index(budget)];
  for (int looks = 0; looks < kLooks; ++looks) {
    const auto lowest = LowestLevel(lists);
    if (!lowest) return std::nullopt;
    const Slot slot = lists.levels[Ring(*lowest)].first;
    const int level = LevelOf(accounts_[slot].value[Index(budget)]);
    if (level == *lowest) return slot;
    Remove(lists, slot);
    Append(lists, slot, level);
  }
  return std::nullopt;
}

void Standings::Rescale(Time now) {
  if (scale_at_ == Time::min()) base_ = now;
  scale_at_ = now;
  const double passed = Halvings(now - base_, half_life_);
  if (passed > kForgottenAfter) {
    // Whatever there was is nothing by now, and so many half-lives may not fit into an int.
    Rebase(kForgottenAfter);
    base_ = now;
  } else if (passed > kRebaseAfter) {
    Rebase(static_cast<int>(passed));
  }
  const double halvings = Halvings(now - base_, half_life_);
  scale_ = std::exp2(halvings);
  RaiseFloor(base_level_ + static_cast<int>(std::floor(halvings)) + kLowestPower);
}

// Once in kRebaseAfter half-lives, which is days.
void Standings::Rebase(int halvings) {
  base_ += half_life_ * halvings;
  base_level_ += halvings;
  for (Account& account : accounts_) {
    for (float& value : account.value) value = std::ldexp(value, -halvings);
  }
}

// All below the floor are as good as nothing, and hang together in the list of the floor.
void Standings::RaiseFloor(int floor) {
  if (floor - floor_ >= kLevels) {
    // Every list falls below: one turn of the ring brings all together.
    for (Lists& lists : lists_) {
      for (int level = floor - kLevels; level < floor; ++level) {
        Splice(lists, Ring(level), Ring(level + 1));
      }
    }
    floor_ = floor;
  }
  for (; floor_ < floor; ++floor_) {
    for (Lists& lists : lists_) Splice(lists, Ring(floor_), Ring(floor_ + 1));
  }
}

void Standings::Splice(Lists& lists, size_t from, size_t to) {
  List& source = lists.levels[from];
  if (source.first == kNone) return;
  List& target = lists.levels[to];
  // The colder ones in front.
  lists.links[source.last].next = target.first;
  if (target.first != kNone) {
    lists.links[target.first].previous = source.last;
  } else {
    target.last = source.last;
  }
  target.first = source.first;
  source = {};
  lists.occupied &= ~(uint64_t{1} << from);
  lists.occupied |= uint64_t{1} << to;
}

int Standings::LevelOf(double value) const {
  const int power = value > 0 ? std::ilogb(value) : -kRebaseAfter;
  return std::clamp(base_level_ + power, floor_, floor_ + kLevels - 1);
}

void Standings::Append(Lists& lists, Slot slot, int level) {
  List& list = lists.levels[Ring(level)];
  lists.links[slot] = {kNone, list.last, level};
  (list.last == kNone ? list.first : lists.links[list.last].next) = slot;
  list.last = slot;
  lists.occupied |= uint64_t{1} << Ring(level);
}

void Standings::Remove(Lists& lists, Slot slot) const {
  const Link link = lists.links[slot];
  const size_t at = Ring(std::max(link.level, floor_));
  List& list = lists.levels[at];
  (link.previous == kNone ? list.first : lists.links[link.previous].next) = link.next;
  (link.next == kNone ? list.last : lists.links[link.next].previous) = link.previous;
  if (list.first == kNone) lists.occupied &= ~(uint64_t{1} << at);
}

std::optional<int> Standings::LowestLevel(const Lists& lists) const {
  if (lists.occupied == 0) return std::nullopt;
  const uint64_t from_floor = std::rotr(lists.occupied, static_cast<int>(Ring(floor_)));
  return floor_ + std::countr_zero(from_floor);
}

void Standings::Save(ByteWriter& writer, std::span<const Slot> slots) const {
  const bool used = scale_at_ != Time::min();
  writer.Flag(used);
  if (!used) return;
  writer.Moment(Time(half_life_));
  writer.Moment(base_);
  writer.Moment(scale_at_);
  writer.Number(static_cast<uint64_t>(base_level_));
  writer.Number(static_cast<uint64_t>(floor_));
  std::vector<uint32_t> index(accounts_.size());
  for (uint32_t i = 0; i < slots.size(); ++i) {
    index[slots[i]] = i;
    for (const float value : accounts_[slots[i]].value) {
      writer.Number(std::bit_cast<uint32_t>(value));
    }
  }
  for (const Budget budget : kBudgets) SaveOrder(writer, budget, index);
}

// The lists from the lowest on: each as its distance from the floor, and its members, as they were
// numbered above, each as one more than its number.
void Standings::SaveOrder(ByteWriter& writer, Budget budget,
                          const std::vector<uint32_t>& index) const {
  const Lists& lists = lists_[Index(budget)];
  for (int level = floor_; level < floor_ + kLevels; ++level) {
    const List& list = lists.levels[Ring(level)];
    if (list.first == kNone) continue;
    writer.Number(static_cast<uint64_t>(level - floor_));
    for (Slot slot = list.first; slot != kNone; slot = lists.links[slot].next) {
      writer.Number(uint64_t{index[slot]} + 1);
    }
    writer.Number(0);
  }
  writer.Number(kLevels);
}

bool Standings::Load(ByteReader& reader, std::span<const Place> places, Time latest) {
  if (!reader.Flag()) return reader.ok();
  double factor = 1;
  const bool as_it_was = LoadTimes(reader, latest, factor);
  for (const Place& place : places) {
    Account account{.value = {}, .series = place.series};
    for (float& value : account.value) {
      value = std::bit_cast<float>(
          static_cast<uint32_t>(reader.NumberUpTo(std::numeric_limits<uint32_t>::max())));
      if (!(value >= 0 && value <= kMostValue)) reader.Fail();
      value = static_cast<float>(value * factor);
    }
    if (!reader.ok()) return false;
    if (place.slot != kNone) NewAccount(place.slot) = account;
  }
  for (const Budget budget : kBudgets) LoadOrder(reader, budget, places, as_it_was);
  for (const Place& place : places) {
    // Everybody belongs to some budget; without one nobody could take its place.
    if (place.slot != kNone && !IsMemberOfAny(place.slot)) reader.Fail();
  }
  return reader.ok();
}

// Whether the lists can stay as they are; if not, all values are to be multiplied.
bool Standings::LoadTimes(ByteReader& reader, Time latest, double& factor) {
  constexpr uint64_t kMostLevels = uint64_t{1} << 29U;
  const Duration half_life = LoadTime(reader).time_since_epoch();
  const Time base = LoadTime(reader);
  const Time at = LoadTime(reader);
  const auto base_level = static_cast<int>(reader.NumberUpTo(kMostLevels));
  const auto floor = static_cast<int>(reader.NumberUpTo(kMostLevels));
  if (half_life <= Duration{0} || at < base || at > latest) reader.Fail();
  if (!reader.ok()) return false;
  const double halvings = Halvings(at - base, half_life);
  if (halvings > kRebaseAfter + 1 || floor > base_level + halvings) reader.Fail();
  if (half_life != half_life_) {
    Rescale(at);
    factor = 1 / std::exp2(halvings);
    return false;
  }
  base_ = base;
  scale_at_ = at;
  scale_ = std::exp2(halvings);
  base_level_ = base_level;
  floor_ = floor;
  return true;
}

void Standings::LoadOrder(ByteReader& reader, Budget budget, std::span<const Place> places,
                          bool as_it_was) {
  Lists& lists = lists_[Index(budget)];
  while (reader.ok()) {
    const auto level = static_cast<int>(reader.NumberUpTo(kLevels));
    if (level == kLevels) return;
    for (uint64_t number = reader.NumberUpTo(places.size()); number != 0;
         number = reader.NumberUpTo(places.size())) {
      const Slot slot = places[number - 1].slot;
      if (slot == kNone) continue;
      if (IsMember(slot, budget)) return reader.Fail();
      Enter(slot, budget);
      if (!as_it_was) continue;
      Remove(lists, slot);
      Append(lists, slot, floor_ + level);
    }
  }
}

}  // namespace accesslog
