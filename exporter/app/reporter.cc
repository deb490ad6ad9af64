#include "app/reporter.h"

#include <spdlog/logger.h>

#include <algorithm>
#include <utility>

#include "app/report_source.h"
#include "report/alert.h"

namespace accesslog {
namespace {

constexpr std::chrono::seconds kLookInterval{1};
constexpr Duration kFirstPause = std::chrono::seconds{10};
constexpr Duration kLongestPause = std::chrono::minutes{10};

}  // namespace

Reporter::Reporter(ReportOptions options, Sources sources, Send send, Clock clock,
                   spdlog::logger& log)
    : sources_(std::move(sources)),
      send_(std::move(send)),
      clock_(std::move(clock)),
      log_(log),
      options_(std::move(options)) {}

Reporter::~Reporter() { Stop(); }

void Reporter::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Reporter::Restore(const std::string& bytes) {
  ByteReader reader(bytes);
  DeliveredReports delivered;
  const bool good = delivered.Load(reader) && reader.IsDone();
  if (!good)
    log_.error("the state does not say which reports were sent; none is sent for the past");
  const std::lock_guard lock(mutex_);
  if (good) delivered_ = std::move(delivered);
}

bool Reporter::IsActive() const {
  return !options_.alertmanager.urls.empty() && options_.times.IsAny();
}

void Reporter::Start() {
  const std::lock_guard lock(mutex_);
  if (IsActive() && !thread_.joinable() && !stopping_) thread_ = std::thread([this] { Run(); });
}

void Reporter::Change(ReportOptions options) {
  {
    const std::lock_guard lock(mutex_);
    options_ = std::move(options);
    pause_ = {};
  }
  Start();
}

void Reporter::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    Look();
    lock.lock();
    wake_.wait_for(lock, kLookInterval, [this] { return stopping_.load(); });
  }
}

bool Reporter::is_running() const {
  const std::lock_guard lock(mutex_);
  return thread_.joinable();
}

bool Reporter::has_news() const {
  const std::lock_guard lock(mutex_);
  return news_;
}

std::string Reporter::Save() {
  const std::lock_guard lock(mutex_);
  news_ = false;
  ByteWriter writer;
  delivered_.Save(writer);
  return writer.Take();
}

void Reporter::NoteNews() {
  const std::lock_guard lock(mutex_);
  news_ = true;
}

ReportView Reporter::view() const {
  const std::lock_guard lock(mutex_);
  return view_;
}

// A clock that was set back ends the pause.
bool Reporter::MustWait(Time now) const {
  return pause_ > Duration{0} && now >= failed_ && now < failed_ + pause_;
}

// What is not wanted any more begins anew when it is wanted again.
void Reporter::PrepareTimes(Time now) {
  const DeliveredReports before = delivered_;
  delivered_.Correct(now);
  for (const PeriodKind kind : kPeriodKinds) {
    if (options_.times.when[static_cast<size_t>(kind)] && IsActive()) {
      delivered_.Begin(kind, now);
    } else {
      delivered_.End(kind);
    }
  }
  news_ = news_ || delivered_ != before;
}

void Reporter::Look() {
  const Time now = clock_();
  std::vector<DueReport> due;
  ReportOptions options;
  {
    const std::lock_guard lock(mutex_);
    PrepareTimes(now);
    if (!IsActive() || MustWait(now)) return;
    due = DueReports(options_.times, delivered_, now);
    options = options_;
  }
  for (const DueReport& each : due) {
    if (!SendOne(each, options, now)) return;
  }
}

bool Reporter::SendOne(const DueReport& due, const ReportOptions& options, Time now) {
  Report report = MakeReport(due.period, now, options.times.zone, sources_());
  Sign(report, options.name);
  const SendOutcome outcome =
      send_(options.alertmanager, ReportAlert(report), [this] { return stopping_.load(); });
  NoteOutcome(due, outcome, now);
  return outcome.delivered;
}

void Reporter::NoteOutcome(const DueReport& due, const SendOutcome& outcome, Time now) {
  if (stopping_ && !outcome.delivered) return;
  for (const std::string& error : outcome.errors) log_.warn("{}", error);
  const std::string id = ReportId(due.period);
  const std::lock_guard lock(mutex_);
  view_.errors += outcome.errors.size();
  if (!outcome.delivered) {
    failed_ = now;
    pause_ = std::clamp(pause_ * 2, kFirstPause, kLongestPause);
    return;
  }
  log_.info("the report {} is with Alertmanager", id);
  pause_ = {};
  delivered_.Add(due.period.kind, due.due, id);
  ++view_.sent[static_cast<size_t>(due.period.kind)];
  view_.last_success = now;
  news_ = true;
}

}  // namespace accesslog
