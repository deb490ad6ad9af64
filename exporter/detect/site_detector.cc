#include "detect/site_detector.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "base/text.h"
#include "clients/saved.h"
#include "detect/saved_episode.h"

namespace accesslog {
namespace {

constexpr std::array<Detection, 4> kSiteDetections = {
    Detection::kDistributedLoginFailures, Detection::kServerErrorRatioHigh,
    Detection::kBadRequestRatioHigh, Detection::kLoginScheduleAnomaly};

constexpr size_t kMostDays = 56;
constexpr size_t kMostClients = 8192;
// Of one client in its day.
constexpr uint32_t kMostOfClient = 10;
constexpr size_t kMostMembers = 16384;
constexpr size_t kMostEpisodes = 1000;
// What stops for less than this goes on. What is measured by days goes on for a day.
Duration GapOf(Detection detection) {
  const bool by_days = detection == Detection::kDistributedLoginFailures ||
                       detection == Detection::kLoginScheduleAnomaly;
  return by_days ? Duration{std::chrono::hours{24}} : Duration{std::chrono::minutes{30}};
}
constexpr Duration kClientBucket = std::chrono::minutes{10};
// By then who comes on a login day has come.
constexpr int kEvening = 20;
// So many days of a kind tell what is usual.
constexpr size_t kLeastLoginDays = 3;
constexpr size_t kLeastOtherDays = 6;
constexpr uint64_t kLongestName = 64;

double Median(std::vector<uint32_t> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const size_t middle = values.size() / 2;
  if (values.size() % 2 == 1) return values[middle];
  return (static_cast<double>(values[middle - 1]) + values[middle]) / 2;
}

double Ratio(uint32_t part, uint32_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / whole;
}

int64_t BucketOf(Time at) { return at.time_since_epoch() / kClientBucket; }

uint64_t IdOf(const ClientKey& key) {
  return MixWords(key.high ^ (key.named ? 0x8EBC6AF09C88C6E3U : 0x589965CC75374CC3U),
                  key.low ^ 0x2545F4914F6CDD1DU);
}

}  // namespace

SiteDetector::SiteDetector(const DetectOptions& options) : options_(options), zone_(options.zone) {}

void SiteDetector::Count(const Answers& answers) {
  if (answers.at >= day_ends_) Advance(answers.at);
  today_seen_ = true;
  requests_.Add(answers.at, answers.requests);
  if (answers.server_errors == 0 && answers.bad_requests == 0) return;
  if (answers.server_errors > 0) server_errors_.Add(answers.at, answers.server_errors);
  if (answers.bad_requests > 0) bad_requests_.Add(answers.at, answers.bad_requests);
  JudgeAnswers(answers);
}

void SiteDetector::JudgeAnswers(const Answers& answers) {
  const SiteThresholds& limits = options_.site;
  const auto judge = [&](const ShortCount& errors, uint32_t least, double most, Window window,
                         Detection detection, Severity severity, SiteSignal signal) {
    if (least == 0 || errors.total() < least) return;
    const uint32_t count = errors.Sum(answers.at, window.length);
    const double ratio = Ratio(count, requests_.Sum(answers.at, window.length));
    if (count < least || ratio <= most) return;
    Update(detection, severity, {SiteSignalName(signal), window, ratio, most}, answers.at,
           answers.line);
  };
  judge(server_errors_, limits.server_errors_5m, limits.server_error_ratio_5m, kWindow5m,
        Detection::kServerErrorRatioHigh, Severity::kCritical, SiteSignal::kServerErrorRatio);
  judge(bad_requests_, limits.bad_requests_10m, limits.bad_request_ratio_10m, kWindow10m,
        Detection::kBadRequestRatioHigh, Severity::kInfo, SiteSignal::kBadRequestRatio);
}

void SiteDetector::Count(const LoginEvent& event) {
  if (event.at >= day_ends_) Advance(event.at);
  const LocalTime local = zone_.At(event.at);
  ++attempts_[static_cast<size_t>(event.result)][static_cast<size_t>(WeekdayOf(local.day))];
  if (event.result == LoginResult::kFailure) {
    NoteFailingClient(IdOf(event.client), BucketOf(event.at));
    if (local.day == today_) ++today_failures_;
    JudgeFailures(event.at);
    return;
  }
  if (event.result != LoginResult::kSuccess) return;
  // Who logs in at last had mistyped.
  TakeBack(IdOf(event.client));
  if (local.day == today_) {
    if (members_.size() < kMostMembers) members_.insert(event.member);
    JudgeOffDay(event.at);
  }
}

void SiteDetector::AdvanceClients(int64_t bucket) {
  const int64_t empty = std::min(bucket - newest_bucket_, kClientBuckets);
  for (int64_t i = 0; i < empty; ++i) FailingIn(bucket - i) = {};
  newest_bucket_ = bucket;
  if (failing_clients_.size() < kMostClients) return;
  std::erase_if(failing_clients_, [&](const auto& entry) { return !IsRecent(entry.second.bucket); });
}

SiteDetector::Failures& SiteDetector::FailingIn(int64_t bucket) {
  const int64_t place = bucket % kClientBuckets;
  return failing_in_[static_cast<size_t>(place < 0 ? place + kClientBuckets : place)];
}

void SiteDetector::NoteFailingClient(uint64_t client, int64_t bucket, uint32_t failures) {
  if (bucket > newest_bucket_) AdvanceClients(bucket);
  if (!IsRecent(bucket)) return;
  Failing failing{bucket, failures};
  const auto known = failing_clients_.find(client);
  if (known != failing_clients_.end()) {
    if (IsRecent(known->second.bucket)) {
      failing.bucket = std::max(bucket, known->second.bucket);
      failing.failures = std::min(known->second.failures + failures, kMostOfClient);
    }
    TakeBack(client);
  }
  // Above that the threshold was passed long ago.
  if (failing_clients_.size() >= kMostClients) return;
  failing_clients_.emplace(client, failing);
  Failures& in = FailingIn(failing.bucket);
  ++in.clients;
  in.failures += failing.failures;
}

void SiteDetector::TakeBack(uint64_t client) {
  const auto known = failing_clients_.find(client);
  if (known == failing_clients_.end()) return;
  if (IsRecent(known->second.bucket)) {
    Failures& in = FailingIn(known->second.bucket);
    --in.clients;
    in.failures -= known->second.failures;
  }
  failing_clients_.erase(known);
}

SiteDetector::Failures SiteDetector::FailingAt(Time at) const {
  const int64_t past = std::max<int64_t>(BucketOf(at) - newest_bucket_, 0);
  Failures sum;
  for (int64_t age = 0; age + past < kClientBuckets; ++age) {
    const int64_t place = (newest_bucket_ - age) % kClientBuckets;
    const Failures& in = failing_in_[static_cast<size_t>(place < 0 ? place + kClientBuckets : place)];
    sum.clients += in.clients;
    sum.failures += in.failures;
  }
  return sum;
}

double SiteDetector::MedianFailures(int64_t day) const {
  std::vector<uint32_t> failures;
  for (const Day& past : days_) {
    if (past.is_known && WeekdayOf(past.day) == WeekdayOf(day)) failures.push_back(past.failures);
  }
  return Median(std::move(failures));
}

double SiteDetector::FailuresThreshold() const {
  return std::max<double>(options_.site.login_failures_24h, std::floor(3 * usual_failures_) + 1);
}

void SiteDetector::JudgeFailures(Time at) {
  const SiteThresholds& limits = options_.site;
  if (limits.login_failures_24h == 0) return;
  if (failing_clients_.size() < limits.login_failure_clients_24h) return;
  const Failures now = FailingAt(at);
  const double threshold = FailuresThreshold();
  if (now.failures < threshold || now.clients < limits.login_failure_clients_24h) return;
  Update(Detection::kDistributedLoginFailures, Severity::kWarning,
         {SiteSignalName(SiteSignal::kLoginFailures), kWindow24h,
          static_cast<double>(now.failures), threshold},
         at, "");
}

bool SiteDetector::IsLoginDay(int64_t day) const {
  return options_.login.day && WeekdayOf(day) == *options_.login.day;
}

double SiteDetector::MedianMembers(bool login_days) const {
  std::vector<uint32_t> members;
  for (const Day& past : days_) {
    if (past.is_known && IsLoginDay(past.day) == login_days) members.push_back(past.members);
  }
  if (members.size() < (login_days ? kLeastLoginDays : kLeastOtherDays)) return -1;
  return Median(std::move(members));
}

uint32_t SiteDetector::Present(Time at) const {
  return zone_.LocalDay(at) == today_ ? static_cast<uint32_t>(members_.size()) : 0;
}

void SiteDetector::JudgeOffDay(Time at) {
  if (!options_.login.day || IsLoginDay(today_) || options_.site.off_day_members == 0) return;
  const double usual = MedianMembers(false);
  if (usual < 0) return;
  const double threshold = std::max<double>(options_.site.off_day_members, 2 * usual) + 1;
  if (Present(at) < threshold) return;
  Update(Detection::kLoginScheduleAnomaly, Severity::kInfo,
         {SiteSignalName(SiteSignal::kOffDayMembers), kWindow1d, static_cast<double>(Present(at)),
          std::floor(threshold)},
         at, "");
}

// In the evening of the login day, or when that day is over.
void SiteDetector::JudgeLoginDay(Time at) {
  if (!IsLoginDay(today_) || !today_seen_ || options_.site.login_day_absent <= 0) return;
  const double usual = MedianMembers(true);
  if (usual < 1) return;
  const double absent = usual - static_cast<double>(members_.size());
  const double threshold = std::floor(usual * options_.site.login_day_absent) + 1;
  if (absent < threshold) return;
  Update(Detection::kLoginScheduleAnomaly, Severity::kWarning,
         {SiteSignalName(SiteSignal::kLoginDayAbsent), kWindow1d, absent, threshold}, at, "");
}

void SiteDetector::Advance(Time event_now) {
  const LocalTime local = zone_.At(event_now);
  if (today_ == INT64_MIN || local.day > today_) TurnDay(local.day);
  if (local.day == today_ && local.hour() >= kEvening) JudgeLoginDay(event_now);
  CloseQuiet(event_now);
}

void SiteDetector::TurnDay(int64_t day) {
  if (today_ != INT64_MIN) {
    JudgeLoginDay(day_ends_ - std::chrono::seconds{1});
    days_.push_back({today_, static_cast<uint32_t>(members_.size()), today_failures_, today_seen_});
    if (days_.size() > kMostDays) days_.pop_front();
  }
  today_ = day;
  day_ends_ = zone_.zone().StartOfDay(day + 1);
  usual_failures_ = MedianFailures(day);
  today_failures_ = 0;
  today_seen_ = false;
  members_.clear();
}

std::optional<Episode>& SiteDetector::OpenOf(Detection detection) {
  const auto* place = std::find(kSiteDetections.begin(), kSiteDetections.end(), detection);
  return open_[static_cast<size_t>(place - kSiteDetections.begin())];
}

void SiteDetector::Update(Detection detection, Severity severity, const Excess& excess, Time at,
                          std::string_view line) {
  std::optional<Episode>& open = OpenOf(detection);
  if (open && at - open->last > GapOf(open->detection)) Close(open);
  if (!open) {
    open.emplace();
    open->detection = detection;
    open->severity = severity;
    open->first = open->last = at;
    ++begun_[static_cast<size_t>(detection)];
  }
  open->last = std::max(open->last, at);
  ++open->count;
  if (open->threshold == 0 || excess.value / excess.threshold > open->value / open->threshold) {
    open->signal = excess.signal;
    open->window = excess.window;
    open->value = excess.value;
    open->threshold = excess.threshold;
  }
  if (!line.empty() && open->samples.size() < options_.max_samples) {
    open->samples.push_back(PrintableUpTo(line, options_.max_sample_bytes));
  }
}

void SiteDetector::CloseQuiet(Time at) {
  for (std::optional<Episode>& open : open_) {
    if (open && at - open->last > GapOf(open->detection)) Close(open);
  }
}

void SiteDetector::Close(std::optional<Episode>& episode) {
  if (!episode) return;
  episodes_.push_back(std::move(*episode));
  episode.reset();
  if (episodes_.size() > kMostEpisodes) episodes_.pop_front();
}

void SiteDetector::Finish() {
  for (std::optional<Episode>& open : open_) Close(open);
}

std::vector<Episode> SiteDetector::OpenEpisodes() const {
  std::vector<Episode> episodes;
  for (const std::optional<Episode>& open : open_) {
    if (open) episodes.push_back(*open);
  }
  return episodes;
}

void SiteDetector::ForgetClients() {
  failing_clients_.clear();
  failing_in_.fill({});
  members_.clear();
}

void SiteDetector::Forget(const ClientKey& client) { TakeBack(IdOf(client)); }

std::vector<SiteDetector::Shown> SiteDetector::Signals(Time event_now) const {
  const SiteThresholds& limits = options_.site;
  std::vector<Shown> shown;
  const auto show = [&](SiteSignal signal, Window window, double value, double threshold) {
    shown.push_back({SiteSignalName(signal), window, value, threshold});
  };
  const Failures failing = FailingAt(event_now);
  if (limits.login_failures_24h > 0) {
    show(SiteSignal::kLoginFailures, kWindow24h, failing.failures, FailuresThreshold());
  }
  if (limits.login_failure_clients_24h > 0) {
    show(SiteSignal::kLoginFailureClients, kWindow24h, failing.clients,
         limits.login_failure_clients_24h);
  }
  const uint32_t requests_5m = requests_.Sum(event_now, kWindow5m.length);
  const uint32_t requests_10m = requests_.Sum(event_now, kWindow10m.length);
  const uint32_t errors = server_errors_.Sum(event_now, kWindow5m.length);
  const uint32_t bad = bad_requests_.Sum(event_now, kWindow10m.length);
  shown.push_back({"requests", kWindow5m, static_cast<double>(requests_5m), std::nullopt});
  shown.push_back({"requests", kWindow10m, static_cast<double>(requests_10m), std::nullopt});
  // A ratio of 0 is a threshold: any share is above it.
  if (limits.server_errors_5m > 0) {
    show(SiteSignal::kServerErrors, kWindow5m, errors, limits.server_errors_5m);
    show(SiteSignal::kServerErrorRatio, kWindow5m, Ratio(errors, requests_5m),
         limits.server_error_ratio_5m);
  }
  if (limits.bad_requests_10m > 0) {
    show(SiteSignal::kBadRequests, kWindow10m, bad, limits.bad_requests_10m);
    show(SiteSignal::kBadRequestRatio, kWindow10m, Ratio(bad, requests_10m),
         limits.bad_request_ratio_10m);
  }
  if (!options_.login.day) return shown;
  const LocalTime local = zone_.At(event_now);
  const double usual = MedianMembers(true);
  if (usual >= 1 && limits.login_day_absent > 0) {
    const bool due = IsLoginDay(local.day) && local.hour() >= kEvening;
    show(SiteSignal::kLoginDayAbsent, kWindow1d, due ? std::max(0.0, usual - Present(event_now)) : 0,
         std::floor(usual * limits.login_day_absent) + 1);
  }
  const double off_day = MedianMembers(false);
  if (off_day >= 0 && limits.off_day_members > 0) {
    show(SiteSignal::kOffDayMembers, kWindow1d, IsLoginDay(local.day) ? 0 : Present(event_now),
         std::floor(std::max<double>(limits.off_day_members, 2 * off_day)) + 1);
  }
  return shown;
}

void SiteDetector::Save(ByteWriter& writer) const {
  writer.Number(1);  // version
  requests_.Save(writer);
  server_errors_.Save(writer);
  bad_requests_.Save(writer);
  writer.Number(failing_clients_.size());
  // The same bytes for the same contents.
  std::map<uint64_t, Failing> failing_clients(failing_clients_.begin(), failing_clients_.end());
  for (const auto& [client, failing] : failing_clients) {
    writer.Number(client);
    writer.Signed(failing.bucket);
    writer.Number(failing.failures);
  }
  writer.Number(days_.size());
  for (const Day& day : days_) {
    writer.Signed(day.day);
    writer.Number(day.members);
    writer.Number(day.failures);
    writer.Flag(day.is_known);
  }
  writer.Flag(today_ != INT64_MIN);
  if (today_ != INT64_MIN) writer.Signed(today_);
  writer.Number(today_failures_);
  writer.Flag(today_seen_);
  writer.Number(members_.size());
  for (const uint64_t member : std::set<uint64_t>(members_.begin(), members_.end())) {
    writer.Number(member);
  }
  for (const auto& weekdays : attempts_) {
    for (const uint64_t count : weekdays) writer.Number(count);
  }
  for (const Detection detection : kSiteDetections) {
    writer.Number(begun_[static_cast<size_t>(detection)]);
  }
  for (const std::optional<Episode>& open : open_) {
    writer.Flag(open.has_value());
    if (open) SaveEpisode(writer, *open);
  }
  writer.Number(episodes_.size());
  for (const Episode& episode : episodes_) SaveEpisode(writer, episode);
}

bool SiteDetector::Load(ByteReader& reader) {
  constexpr uint64_t kMost32 = std::numeric_limits<uint32_t>::max();
  constexpr int64_t kFarthestDay = kFarthest / std::chrono::days{1};
  constexpr int64_t kFarthestBucket = kFarthest / kClientBucket;
  if (reader.Number() != 1) return false;
  requests_.Load(reader);
  server_errors_.Load(reader);
  bad_requests_.Load(reader);
  for (uint64_t left = reader.NumberUpTo(kMostClients); left > 0 && reader.ok(); --left) {
    const uint64_t client = reader.Number();
    const int64_t bucket = reader.Signed();
    if (bucket < -kFarthestBucket || bucket > kFarthestBucket) reader.Fail();
    const auto failures = static_cast<uint32_t>(reader.NumberUpTo(kMostOfClient));
    if (reader.ok()) NoteFailingClient(client, bucket, failures);
  }
  const auto load_day = [&] {
    const int64_t day = reader.Signed();
    if (day < -kFarthestDay || day > kFarthestDay) reader.Fail();
    return reader.ok() ? day : 0;
  };
  for (uint64_t left = reader.NumberUpTo(kMostDays); left > 0 && reader.ok(); --left) {
    Day day;
    day.day = load_day();
    day.members = static_cast<uint32_t>(reader.NumberUpTo(kMost32));
    day.failures = static_cast<uint32_t>(reader.NumberUpTo(kMost32));
    day.is_known = reader.Flag();
    days_.push_back(day);
  }
  if (reader.Flag()) {
    today_ = load_day();
    day_ends_ = zone_.zone().StartOfDay(today_ + 1);
    usual_failures_ = MedianFailures(today_);
  }
  today_failures_ = static_cast<uint32_t>(reader.NumberUpTo(kMost32));
  today_seen_ = reader.Flag();
  for (uint64_t left = reader.NumberUpTo(kMostMembers); left > 0 && reader.ok(); --left) {
    members_.insert(reader.Number());
  }
  for (auto& weekdays : attempts_) {
    for (uint64_t& count : weekdays) count = reader.NumberUpTo(kMostCounted);
  }
  for (const Detection detection : kSiteDetections) {
    begun_[static_cast<size_t>(detection)] = reader.NumberUpTo(kMostCounted);
  }
  for (size_t i = 0; i < kDetections; ++i) {
    if (!reader.Flag()) continue;
    open_[i] = LoadEpisode(reader, options_);
    if (open_[i]->detection != kSiteDetections[i]) reader.Fail();
  }
  for (uint64_t left = reader.NumberUpTo(kMostEpisodes); left > 0 && reader.ok(); --left) {
    episodes_.push_back(LoadEpisode(reader, options_));
  }
  return reader.ok();
}

}  // namespace accesslog
