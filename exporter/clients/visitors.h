// How many different clients a site has, and which of them it has never seen before: the metrics
// distinct_clients, new_clients_total and known_clients. One a site, over event time, at most 1.3 MiB.
// Clients are kept as bits of a hash that is keyed with a secret of this site; the secret and all
// else are saved. Owned by SiteEngine.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "clients/client_key.h"
#include "clients/distinct_clients.h"
#include "clients/known_clients.h"
#include "clients/options.h"

namespace accesslog {

// Where a client may be new: to the site, to its logins, to what it protects.
enum class Scope : uint8_t { kAny, kLogin, kProtected };
inline constexpr size_t kScopeCount = 3;
inline constexpr std::array<const char*, kScopeCount> kScopeNames = {"any", "login", "protected"};

// What a request is besides a visit: bits.
inline constexpr uint8_t kVisitsLogin = 1U << static_cast<unsigned>(Scope::kLogin);
inline constexpr uint8_t kVisitsProtected = 1U << static_cast<unsigned>(Scope::kProtected);

class Visitors {
 public:
  using Parts = std::map<std::string, std::string>;
  // What makes a request one of the scope, as text; "" if nothing does. Who was not there before
  // the rule was another is new to it, so with another rule learning begins anew.
  using Rules = std::array<std::string, kScopeCount>;

  Visitors(const ClientOptions& options, Rules rules, uint64_t secret);

  // A request at event time `event`, of which what is more than 5 minutes ahead of the wall's clock
  // is not believed: one wrong clock must not make everybody a stranger.
  void Add(const Client& client, uint8_t scopes, Time event, Time wall_now) {
    if (client.other) return;
    const Time at = std::min(event, wall_now + kMaxAhead);
    const uint64_t hash = HashKey(client.key, secret_);
    // Most lines are of somebody who came within this minute: all is said of him.
    const bool in_minute = at >= minute_begins_ && at < minute_ends_;
    if (in_minute && scopes == 0 && recent_[RecentPlace(hash)] == RecentOf(hash)) return;
    AddRare(hash, scopes, at);
  }

  // Housekeeping with time. A clock that was set back leaves nothing in the future.
  void Expire(Time event_now);

  std::array<DistinctClients::WindowView, DistinctClients::kWindows> Distinct(Time event_now) const {
    return distinct_.Estimate(event_now);
  }
  uint64_t New(Scope scope) const { return In(scope).newcomers; }
  // Whether the scope is too young to know who is new. A scope without a rule never learns.
  bool IsLearning(Scope scope, Time event_now) const;
  uint32_t Known(Scope scope) const { return In(scope).known.size(); }
  uint64_t Displaced(Scope scope) const { return In(scope).known.displaced(); }

  // Whether any scope knew the client. What the windows count of him tells nobody, and is gone in a
  // day.
  bool Forget(const ClientKey& key);
  // Nobody is known any more, learning and the windows begin anew; what was counted stays.
  void ForgetAll();

  // Adds parts named "visitors" and "visitors/…".
  void Save(Parts& parts) const;
  // For an object that was just made; false, and it is to be thrown away, where a part is missing or
  // damaged. Clients whose keys are made otherwise now are forgotten.
  bool Load(const Parts& parts);
  // The rules with which they were saved; nothing where they are damaged.
  static std::optional<Rules> RulesOfSaved(const Parts& parts);

 private:
  static constexpr Duration kMaxAhead = std::chrono::minutes{5};

  struct ScopeState {
    std::string rule;
    KnownClients known;
    uint64_t newcomers = 0;
    std::optional<Time> began{};  // the first line under this rule, by event time
  };

  // Places for so many at first, and for up to so many where more come in a minute: 1 KiB, 64 KiB.
  static constexpr size_t kFewRecent = 256;
  static constexpr size_t kMostRecent = 16384;
  size_t RecentPlace(uint64_t hash) const { return hash >> 16U & (recent_.size() - 1); }
  // 26 bits of the hash, never 0, and the minute modulo 64 in which the client came last.
  static constexpr uint32_t kMinuteMask = 63;
  uint32_t RecentOf(uint64_t hash) const {
    return ((static_cast<uint32_t>(hash >> 32U) | (kMinuteMask + 1)) & ~kMinuteMask) | minute_code_;
  }
  void AddRare(uint64_t hash, uint8_t scopes, Time at);
  void TurnMinute(Time at);
  void ForgetRecent();

  static int64_t DayOf(Time time) {
    return std::chrono::floor<std::chrono::days>(time).time_since_epoch().count();
  }
  ScopeState& In(Scope scope) { return scopes_[static_cast<size_t>(scope)]; }
  const ScopeState& In(Scope scope) const { return scopes_[static_cast<size_t>(scope)]; }
  void Visit(Scope scope, uint64_t hash, int64_t day) {
    ScopeState& state = In(scope);
    if (state.known.Visit(hash, day)) ++state.newcomers;
  }
  void VisitMore(uint8_t scopes, uint64_t hash, int64_t day);
  void TurnDay(Time event);
  void SetToday(int64_t day);
  bool LoadHead(ByteReader& reader, const Parts& parts);
  bool LoadScope(ByteReader& reader, const Parts& parts, Scope scope, bool same_keys);

  ClientOptions options_;
  uint64_t secret_;
  DistinctClients distinct_;
  std::array<ScopeState, kScopeCount> scopes_;
  int64_t today_ = 0;  // the newest day of which there was a line
  Time day_begins_{};
  Time day_ends_{};
  // Who came today, and whether in the newest minute, as far as there is room; not saved, for it only
  // saves time.
  std::vector<uint32_t> recent_;
  uint32_t minute_code_ = 0;
  size_t rare_ = 0;  // lines of this minute that were not of them
  Time minute_begins_{};
  Time minute_ends_{};
};

}  // namespace accesslog
