// Sends the scheduled reports of a running exporter, on a thread of its own: neither the logs nor
// the scrapers wait for it. What was delivered is part of the state.
//
// A report is marked as delivered once an Alertmanager has it, and then saved at once. A crash in
// between sends it again; Alertmanager takes that for the alert that it has.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "expose/families.h"
#include "report/alertmanager.h"
#include "report/options.h"
#include "report/report.h"
#include "report/schedule.h"

namespace spdlog {
class logger;
}

namespace accesslog {

class Reporter {
 public:
  using Sources = std::function<std::vector<ReportSource>()>;
  using Send = std::function<SendOutcome(const AlertmanagerOptions&, const std::string& body,
                                         const std::function<bool()>& cancelled)>;

  Reporter(ReportOptions options, Sources sources, Send send, Clock clock, spdlog::logger& log);
  ~Reporter();
  Reporter(const Reporter&) = delete;
  Reporter& operator=(const Reporter&) = delete;

  // Before Start. What cannot be read is as if nothing had been delivered, or missed.
  void Restore(const std::string& bytes);
  // Once the logs have been read to their ends. Reports that were missed are sent now.
  void Start();
  void Change(ReportOptions options);
  // Cuts off what is being sent; who was given half of it is given it again after a restart.
  void Stop();

  bool is_running() const;
  // Something was delivered that Save was not called for.
  bool has_news() const;
  std::string Save();
  // What Save gave could not be kept.
  void NoteNews();

  ReportView view() const;

  // Sends what is due; the thread calls it every second.
  void Look();

 private:
  bool IsActive() const;
  bool MustWait(Time now) const;
  void PrepareTimes(Time now);
  bool SendOne(const DueReport& due, const ReportOptions& options, Time now);
  void NoteOutcome(const DueReport& due, const SendOutcome& outcome, Time now);
  void Run();

  Sources sources_;
  Send send_;
  Clock clock_;
  spdlog::logger& log_;

  mutable std::mutex mutex_;  // guards everything below
  ReportOptions options_;
  DeliveredReports delivered_;
  ReportView view_;
  bool news_ = false;
  Duration pause_{};  // after failures
  Time failed_{};
  std::atomic<bool> stopping_ = false;
  std::condition_variable wake_;
  std::thread thread_;
};

}  // namespace accesslog
