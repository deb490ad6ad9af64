#include "clients/visitors.h"

#include <algorithm>
#include <utility>

#include "clients/saved.h"

namespace accesslog {
namespace {

using std::chrono::days;

constexpr uint64_t kVersion = 1;
constexpr const char* kHead = "visitors";
constexpr std::string_view kDistinct = "visitors/distinct/";

// Logins and protected paths are for few.
constexpr uint32_t kMostKnown = uint32_t{1} << 18U;
constexpr uint32_t kMostKnownInPart = uint32_t{1} << 14U;

std::string PrefixOf(Scope scope) {
  return std::string("visitors/") + kScopeNames[static_cast<size_t>(scope)] + "/";
}

// Another than the tables' own, so that the saved one tells nothing about them.
uint64_t SecretFrom(uint64_t secret) {
  return MixWords(secret ^ 0xA24BAED4963EE407U, 0x9FB21C651E98DF25U) ^ secret;
}

}  // namespace

Visitors::Visitors(const ClientOptions& options, Rules rules, uint64_t secret)
    : options_(options),
      secret_(SecretFrom(secret)),
      scopes_{ScopeState{std::move(rules[0]), {options.known_days, kMostKnown}},
              ScopeState{std::move(rules[1]), {options.known_days, kMostKnownInPart}},
              ScopeState{std::move(rules[2]), {options.known_days, kMostKnownInPart}}} {}

void Visitors::AddRare(uint64_t hash, uint8_t scopes, Time at) {
  distinct_.Add(hash, at);
  if (at < day_begins_ || at >= day_ends_) TurnDay(at);
  if (at >= minute_ends_) TurnMinute(at);
  const int64_t day = at >= day_begins_ ? today_ : DayOf(at);
  if (at < minute_begins_) {
    Visit(Scope::kAny, hash, day);
  } else {
    uint32_t& recent = recent_[RecentPlace(hash)];
    const bool today = (recent ^ RecentOf(hash)) <= kMinuteMask;
    recent = RecentOf(hash);
    rare_ += today ? 0 : 1;
    if (!today) Visit(Scope::kAny, hash, day);
  }
  if (scopes != 0) VisitMore(scopes, hash, day);
}

// Who is among the recent ones was there today, so another day begins without any.
void Visitors::TurnMinute(Time at) {
  const bool too_few = rare_ > recent_.size() / 2 && recent_.size() < kMostRecent;
  const size_t places = recent_.empty() ? kFewRecent : recent_.size() * (too_few ? 4 : 1);
  // Minutes are told apart modulo 64: 3,840 s.
  using Block = std::chrono::duration<int64_t, std::ratio<3840>>;
  const bool another = std::chrono::floor<Block>(at) != std::chrono::floor<Block>(minute_begins_);
  if (another || places != recent_.size()) recent_.assign(places, 0);
  rare_ = 0;
  minute_begins_ = std::chrono::floor<std::chrono::minutes>(at);
  minute_ends_ = minute_begins_ + std::chrono::minutes{1};
  minute_code_ =
      static_cast<uint32_t>(minute_begins_.time_since_epoch() / std::chrono::minutes{1}) &
      kMinuteMask;
}

void Visitors::ForgetRecent() {
  recent_.clear();
  minute_begins_ = minute_ends_ = {};
}

void Visitors::VisitMore(uint8_t scopes, uint64_t hash, int64_t day) {
  for (const Scope scope : {Scope::kLogin, Scope::kProtected}) {
    if ((scopes >> static_cast<unsigned>(scope) & 1U) != 0) Visit(scope, hash, day);
  }
}

void Visitors::TurnDay(Time event) {
  for (ScopeState& state : scopes_) {
    if (!state.began || event < *state.began) state.began = event;
  }
  if (event >= day_ends_) SetToday(DayOf(event));
}

void Visitors::SetToday(int64_t day) {
  ForgetRecent();
  today_ = day;
  day_begins_ = Time{days{day}};
  day_ends_ = day_begins_ + days{1};
  for (ScopeState& state : scopes_) state.known.SetToday(day);
}

void Visitors::Expire(Time event_now) {
  distinct_.Expire(event_now, kMaxAhead);
  const bool began = day_ends_ > day_begins_;
  if (began && day_begins_ > event_now + days{1}) SetToday(DayOf(event_now));
  // Behind a clock that was set back no minute would end for long.
  if (minute_begins_ > event_now + kMaxAhead) ForgetRecent();
}

bool Visitors::IsLearning(Scope scope, Time event_now) const {
  const ScopeState& state = In(scope);
  if (scope != Scope::kAny && state.rule.empty()) return true;
  return !state.began || event_now - *state.began < options_.learning;
}

bool Visitors::Forget(const ClientKey& key) {
  ForgetRecent();
  const uint64_t hash = HashKey(key, secret_);
  bool known = false;
  for (ScopeState& state : scopes_) known = state.known.Forget(hash) || known;
  return known;
}

void Visitors::ForgetAll() {
  ForgetRecent();
  // Under another key the same clients would count twice.
  distinct_.Clear();
  for (ScopeState& state : scopes_) {
    state.known.Clear();
    state.began.reset();
  }
  day_begins_ = day_ends_ = {};
}

void Visitors::Save(Parts& parts) const {
  ByteWriter head;
  head.Number(kVersion);
  SaveKeyRule(head, options_);
  head.Number(secret_);
  Parts slices;
  distinct_.Save(slices, std::string(kDistinct));
  head.Number(slices.size());
  parts.merge(slices);
  for (size_t i = 0; i < kScopeCount; ++i) {
    const ScopeState& state = scopes_[i];
    head.Text(state.rule);
    head.Number(state.newcomers);
    head.Flag(state.began.has_value());
    if (state.began) head.Moment(*state.began);
    state.known.Save(head, parts, PrefixOf(static_cast<Scope>(i)));
  }
  parts[kHead] = head.Take();
}

bool Visitors::Load(const Parts& parts) {
  const auto head = parts.find(kHead);
  if (head == parts.end()) return false;
  ByteReader reader(head->second);
  return LoadHead(reader, parts) && reader.IsDone();
}

std::optional<Visitors::Rules> Visitors::RulesOfSaved(const Parts& parts) {
  const auto head = parts.find(kHead);
  if (head == parts.end()) return std::nullopt;
  ByteReader reader(head->second);
  if (reader.Number() != kVersion) return std::nullopt;
  LoadOptionsOfRule(reader);
  reader.Number();
  reader.Number();
  Rules rules;
  for (size_t i = 0; i < kScopeCount; ++i) {
    rules[i] = reader.Text();
    reader.Number();
    if (reader.Flag()) reader.Moment();
    KnownClients(KnownClients::kMostDays, kMostKnown)
        .Load(reader, parts, PrefixOf(static_cast<Scope>(i)));
  }
  if (!reader.IsDone()) return std::nullopt;
  return rules;
}

bool Visitors::LoadHead(ByteReader& reader, const Parts& parts) {
  if (reader.Number() != kVersion) return false;
  const bool same_keys = LoadKeyRule(reader, options_);
  secret_ = reader.Number();
  uint64_t slices = reader.NumberUpTo(parts.size());
  for (const auto& [name, bytes] : parts) {
    if (!name.starts_with(kDistinct)) continue;
    if (slices-- == 0) return false;
    // The registers of other keys are no less than those of these, but the same clients would count twice.
    if (same_keys && !distinct_.Load(bytes)) return false;
  }
  if (slices != 0) return false;
  for (size_t i = 0; i < kScopeCount; ++i) {
    if (!LoadScope(reader, parts, static_cast<Scope>(i), same_keys)) return false;
  }
  SetToday(In(Scope::kAny).known.today());
  // Else a scope whose rule is new would begin to learn with the next day.
  const bool begins = std::any_of(scopes_.begin(), scopes_.end(),
                                  [](const ScopeState& state) { return !state.began; });
  if (begins) day_begins_ = day_ends_ = {};
  return reader.ok();
}

bool Visitors::LoadScope(ByteReader& reader, const Parts& parts, Scope scope, bool same_keys) {
  ScopeState& state = In(scope);
  const bool same_rule = reader.Text() == state.rule;
  state.newcomers = reader.NumberUpTo(kMostCounted);
  if (reader.Flag()) state.began = LoadTime(reader);
  if (!reader.ok() || !state.known.Load(reader, parts, PrefixOf(scope))) return false;
  if (!same_rule || !same_keys) state.began.reset();
  if (!same_keys) state.known.Clear();
  return reader.ok();
}

}  // namespace accesslog
