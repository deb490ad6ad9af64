// How a Detector finds out who failed to log in, and who succeeded at last.
#include <algorithm>
#include <utility>

#include "base/text_hash.h"
#include "detect/detector.h"

namespace accesslog {
namespace {

// Nobody lets more wait.
constexpr size_t kMostLoginEvents = 200000;
// After so long a redirect tells nothing any more.
constexpr Duration kPatience = std::chrono::minutes{5};
// A browser follows a redirect at once.
constexpr Duration kFollow = std::chrono::seconds{5};
// A browser asks without a name first, and so do those that log in to the network of an office, for each
// of their connections.
constexpr uint32_t kMostHandshakes = 4;

LoginReply ReplyOf(const RequestFacts& facts) { return {facts.status, facts.bytes}; }

}  // namespace

// Of a client that tries to log in, or did.
Detector::Signals Detector::CountLogin(Suspects::Slot slot, const RequestFacts& facts, Time event) {
  Suspect& suspect = suspects_[slot];
  if (!suspect.logins) {
    if (facts.login == LoginAnswer::kNone) return 0;
    suspect.logins = std::make_unique<LoginCounts>();
  }
  Signals signals = suspect.logins->pending ? Settle(slot, facts, event) : 0;
  LearnAnswers(facts);
  switch (facts.login) {
    case LoginAnswer::kFailure:
      return signals | Fail(slot, event, ReplyOf(facts));
    case LoginAnswer::kChallenge:
      return signals | Challenge(slot, facts, event);
    case LoginAnswer::kSuccess:
      return signals | Succeed(slot, event, facts.user_hash);
    case LoginAnswer::kShown:
      if (!AnswersFailuresOtherwise(facts)) return signals | Fail(slot, event, ReplyOf(facts));
      // Until just now this client was refused.
      if (suspect.logins->failures > 0 && suspect.logins->last_failure.status != facts.status) {
        return signals | Succeed(slot, event, facts.user_hash);
      }
      [[fallthrough]];
    case LoginAnswer::kUndecided:
      suspect.logins->pending = PendingLogin{event, ReplyOf(facts), facts.user_hash};
      rates_.SetWatched(suspects_.KeyOf(slot), true);
      return signals;
    case LoginAnswer::kNone:
      break;
  }
  // Basic authentication: the name stands beside each request that was let in.
  const bool let_in = facts.user_hash != 0 && facts.status >= 200 && facts.status < 400;
  if (let_in && suspect.logins->failures > 0) signals |= Succeed(slot, event, facts.user_hash);
  return signals;
}

// A redirect leads to the form again, or to what is behind it: what the client asks for next tells.
Detector::Signals Detector::Settle(Suspects::Slot slot, const RequestFacts& facts, Time event) {
  std::optional<PendingLogin>& waiting = suspects_[slot].logins->pending;
  const PendingLogin pending = *waiting;
  if (event - pending.at > kPatience) {
    waiting.reset();
    Report({.at = pending.at, .result = LoginResult::kUnknown, .client = suspects_.KeyOf(slot)});
    return 0;
  }
  const bool tries_again = facts.login != LoginAnswer::kNone;
  const bool is_login = LoginRules::LooksLikeLogin(facts.path);
  const bool led_back = is_login && facts.status < 400 && event - pending.at <= kFollow;
  if (tries_again || led_back) {
    waiting.reset();
    suspects_[slot].logins->followed_back = led_back && !tries_again;
    return Fail(slot, pending.at, pending.reply);
  }
  // Neither does a redirect on the way.
  const bool says_nothing = facts.is_static || is_login || IsRedirect(facts.status);
  if (says_nothing || facts.status < 200 || facts.status >= 400) return 0;
  waiting.reset();
  const LoginCounts& logins = *suspects_[slot].logins;
  // Answered like the attempts before, which failed, it has not succeeded because a page is open to all;
  // but it has where the client was led back after those, and now to another page.
  const bool led_on = logins.followed_back && event - pending.at <= kFollow;
  if (logins.failures > 0 && logins.last_failure == pending.reply && !led_on) {
    return Fail(slot, pending.at, pending.reply);
  }
  return Succeed(slot, pending.at, pending.user_hash);
}

Detector::Signals Detector::Fail(Suspects::Slot slot, Time at, const LoginReply& reply) {
  LoginCounts& logins = *suspects_[slot].logins;
  logins.fine.Add(at);
  logins.hour.Add(at);
  logins.last_failure = reply;
  ++logins.failures;
  rates_.SetWatched(suspects_.KeyOf(slot), true);
  Report({.at = at, .result = LoginResult::kFailure, .client = suspects_.KeyOf(slot)});
  return BitOf(Signal::kLoginFailures);
}

// 401 to who gave no name. The first page says that a name is wanted, and further ones say it again to
// who follows links; who asks for the same one again guesses.
Detector::Signals Detector::Challenge(Suspects::Slot slot, const RequestFacts& facts, Time event) {
  LoginCounts& logins = *suspects_[slot].logins;
  const bool another = logins.challenges > 0 && facts.path_hash != logins.challenged_path &&
                       event - logins.challenged_at <= kPatience;
  if (another) return 0;
  logins.challenged_path = facts.path_hash;
  logins.challenged_at = event;
  ++logins.challenges;
  return Fail(slot, event, ReplyOf(facts));
}

Detector::Signals Detector::Succeed(Suspects::Slot slot, Time at, uint32_t user_hash) {
  LoginCounts& logins = *suspects_[slot].logins;
  const ClientKey& key = suspects_.KeyOf(slot);
  const bool handshake = logins.challenges == logins.failures && logins.failures <= kMostHandshakes;
  const uint32_t failures =
      std::min(logins.hour.Sum(at, kWindow30m.length), handshake ? 0 : logins.failures);
  // These were no failures.
  if (handshake && logins.failures == logins.hour.total()) {
    logins.fine = {};
    logins.hour = {};
  }
  logins.failures = logins.challenges = 0;
  rates_.SetWatched(key, false);
  LoginEvent event{.at = at, .result = LoginResult::kSuccess, .client = key};
  event.member = MixWords(user_hash != 0 ? user_hash : HashKey(key, 0x1D8E4E27C47D124FU),
                          0x9FB21C651E98DF25U);
  event.is_new = new_logins_.Visit(key, at);
  if (event.is_new) event.label = LabelOf(slot);
  Signals signals = event.is_new ? NoteUnusual(slot, at) : 0;
  Report(std::move(event));
  if (failures == 0) return signals;
  logins.success_after = failures;
  logins.success_at = at;
  return signals | BitOf(Signal::kLoginSuccessAfterFailures);
}

// A form that was seen to answer a failure with a status of its own may answer success with a page. But a
// client can bring such a status about, by a request that is no attempt at all, so its 200 only leaves open
// what it means, but for who was refused with that status before: who posts again had failed.
void Detector::LearnAnswers(const RequestFacts& facts) {
  const bool says_so = facts.status == 401 || facts.status == 403 || facts.status == 422;
  if (!facts.is_form || facts.login != LoginAnswer::kFailure || !says_so) return;
  if (AnswersFailuresOtherwise(facts)) return;
  honest_forms_[next_form_] = facts.path_hash;
  next_form_ = (next_form_ + 1) % honest_forms_.size();
}

bool Detector::AnswersFailuresOtherwise(const RequestFacts& facts) const {
  return std::find(honest_forms_.begin(), honest_forms_.end(), facts.path_hash) !=
         honest_forms_.end();
}

Detector::Signals Detector::NoteUnusual(Suspects::Slot slot, Time event) {
  const auto& day = options_.login.day;
  const bool off_day = day && WeekdayOf(zone_.LocalDay(event)) != *day;
  suspects_[slot].unusual = std::make_unique<UnusualVisit>(UnusualVisit{event, off_day});
  return BitOf(off_day ? Signal::kUnusualClientOffDay : Signal::kUnusualClient);
}

void Detector::Report(LoginEvent event) {
  if (login_events_.size() < kMostLoginEvents) login_events_.push_back(std::move(event));
}

}  // namespace accesslog
