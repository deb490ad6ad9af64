// Who of those that have a place would give it up first. Two budgets keep places apart: traffic, and
// suspicion, so that neither of two kinds of spray can push out those whom the other kind counts. O(1)
// for each request and each decision, without a scan; memory fixed by Reserve.
//
// What a client did fades with a half-life. In place of fading all, what is new weighs more (forward
// decay: Cormode, Shkapenyuk, Srivastava and Xu, ICDE 2009), so the order of two clients changes only
// by their own requests. The members of each budget hang in lists by the power of two of their value;
// the coldest is the first of the lowest list: its value is less than twice that of any other member.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/byte_codec.h"
#include "base/clock.h"

namespace accesslog {

enum class Budget : uint8_t { kTraffic, kSuspicion };
inline constexpr std::array<Budget, 2> kBudgets = {Budget::kTraffic, Budget::kSuspicion};

// What one client counts for in each budget, at one moment.
using Worth = std::array<double, kBudgets.size()>;

class Standings {
 public:
  using Slot = uint32_t;  // of an LruTable
  static constexpr Slot kNone = 0xFFFFFFFFU;

  explicit Standings(Duration half_life) : half_life_(half_life) {}
  void Reserve(size_t slots);

  // The slot has a new client, worth so much at `then`; a member of each budget in which that is
  // something, and of traffic anyway. It has no series yet.
  void Open(Slot slot, const Worth& worth, Time then);
  void Close(Slot slot);

  // The client did something, at a time that does not step back. It becomes a member again if it was
  // not.
  void Add(Slot slot, Budget budget, double weight, Time now) {
    if (now != scale_at_) Rescale(now);
    accounts_[slot].value[Index(budget)] += static_cast<float>(weight * scale_);
    if (!IsMember(slot, budget)) Enter(slot, budget);
  }
  // It has one series more, which each of its budgets pays for.
  void AddSeries(Slot slot);

  double ValueOf(Slot slot, Budget budget, Time now) const {
    return accounts_[slot].value[Index(budget)] / ScaleAt(now);
  }
  bool IsMember(Slot slot, Budget budget) const {
    return (accounts_[slot].budgets & Bit(budget)) != 0;
  }
  bool IsMemberOfAny(Slot slot) const { return accounts_[slot].budgets != 0; }
  void Leave(Slot slot, Budget budget);

  // Nothing if the budget has no member, or none was found in a few looks: members that did much since
  // they were looked at last are passed by, and then stand where they belong.
  std::optional<Slot> Coldest(Budget budget, Time now);

  // What is known of the clients of these slots, to the order in which they would go.
  void Save(ByteWriter& writer, std::span<const Slot> slots) const;
  // A slot as Save had it, now; kNone where its client has no place any more.
  struct Place {
    Slot slot = kNone;
    uint32_t series = 0;
  };
  // For an object that was just made; false, and it is to be thrown away, where the bytes are damaged.
  // Needs as many places as were saved, no later than `latest`. With another half-life the order of those
  // alike is lost.
  bool Load(ByteReader& reader, std::span<const Place> places, Time latest);

  // Whether anybody was ever a member.
  bool is_used() const { return scale_at_ != Time::min(); }

  // The series of all members.
  uint64_t series(Budget budget) const { return lists_[Index(budget)].series; }

 private:
  // Values from 2^-20 to 2^43 have a list of their own.
  static constexpr int kLevels = 64;
  static constexpr int kLowestPower = -20;
  static constexpr int kLooks = 8;

  struct Account {
    // Times the scale at its moment. A float takes no more single requests from 16 million on, which
    // nobody has to fear for who has so many.
    std::array<float, 2> value{};
    uint32_t series = 0;
    uint8_t budgets = 0;  // bits
  };
  struct Link {
    Slot next = kNone;
    Slot previous = kNone;
    int level = 0;  // when it was put there; below floor_: in the list of the floor
  };
  struct List {
    Slot first = kNone;
    Slot last = kNone;
  };
  struct Lists {
    std::vector<Link> links;  // by slot
    std::array<List, kLevels> levels{};  // by level modulo kLevels
    uint64_t occupied = 0;  // a bit for each of them that is not empty
    uint64_t series = 0;
  };

  static constexpr size_t Index(Budget budget) { return static_cast<size_t>(budget); }
  static constexpr uint8_t Bit(Budget budget) { return uint8_t{1} << Index(budget); }
  static size_t Ring(int level) { return static_cast<size_t>(level) % kLevels; }

  double ScaleAt(Time time) const;
  Account& NewAccount(Slot slot);
  void SaveOrder(ByteWriter& writer, Budget budget, const std::vector<uint32_t>& index) const;
  bool LoadTimes(ByteReader& reader, Time latest, double& factor);
  void LoadOrder(ByteReader& reader, Budget budget, std::span<const Place> places, bool as_it_was);
  void Rescale(Time now);
  void Rebase(int halvings);
  void RaiseFloor(int floor);
  static void Splice(Lists& lists, size_t from, size_t to);
  int LevelOf(double value) const;
  void Enter(Slot slot, Budget budget);
  static void Append(Lists& lists, Slot slot, int level);
  void Remove(Lists& lists, Slot slot) const;
  std::optional<int> LowestLevel(const Lists& lists) const;

  Duration half_life_;
  std::vector<Account> accounts_;  // by slot
  std::array<Lists, 2> lists_;
  // A value of 1 now, in the units in which values are kept: 2^(time since base_ / half-life).
  Time base_{};
  Time scale_at_ = Time::min();
  double scale_ = 1;
  int base_level_ = 0;  // so many half-lives the base was moved, so levels go on
  int floor_ = 0;
};

}  // namespace accesslog
