// What is known of one site: its lines go in, its observers (traffic, clients, detect) count them.
// `serve` runs it; in `analyze` AnalysisShard does the same with a part of the clients. Single-threaded.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/visit_scopes.h"
#include "base/clock.h"
#include "clients/client_key.h"
#include "clients/client_table.h"
#include "clients/options.h"
#include "clients/proxy_share.h"
#include "clients/restore_times.h"
#include "clients/visitors.h"
#include "daily/day_ledger.h"
#include "detect/detector.h"
#include "detect/options.h"
#include "detect/page_sizes.h"
#include "detect/request_classifier.h"
#include "detect/site_detector.h"
#include "expose/families.h"
#include "parse/log_parser.h"
#include "traffic/traffic.h"

namespace accesslog {

// What a DayLedger wants to know of the traffic of its site.
DayLedger::Totals DayTotalsOf(const Traffic& traffic);

class SiteEngine {
 public:
  SiteEngine(std::string name, const ClientOptions& clients, const DetectOptions& detect,
             uint64_t secret, std::vector<std::string> protected_paths = {});
  SiteEngine(const SiteEngine&) = delete;
  SiteEngine& operator=(const SiteEngine&) = delete;

  // Before anything is counted or loaded: keeps figures of each local day, for reports.
  void KeepDays(const TimeZone& zone);

  struct Counted {
    const Record* record;  // null if the line gave none; valid until the next line
    Client client;
  };
  // Counts one line, without its '\n'. `now` is the wall clock's.
  Counted Count(std::string_view line, LogParser& parser, Time now);

  // Lines that input skipped because they were too long.
  void CountOversized(uint64_t lines);

  // Housekeeping that is due with time, not with lines. Behind a restart no client is idle before
  // the lines written meanwhile were read: before GoLive.
  void Advance(Time now) {
    if (!catching_up_ || detector_.is_live()) clients_.Expire(now);
    visitors_->Expire(detector_.Now(now));
    detector_.Advance(now);
    site_detector_.Advance(detector_.Now(now));
  }

  // The ranges of crawlers, when they are others.
  void SetCrawlers(const std::shared_ptr<const Crawlers>& crawlers) {
    namer_.SetCrawlers(crawlers);
    detector_.SetCrawlers(crawlers);
  }

  // All logs have been read to their present end. What was born since `began` was shown to nobody yet.
  void GoLive(Time began, Time now) {
    detector_.GoLive();
    clients_.HoldAnew(began, now);
  }

  // With Privacy::kHashed: draws another key if it is time to, so that nobody can tell any more which
  // client had which label; all of them are forgotten. Whether it did.
  bool RotateKeyIfDue(Time now);

  // All that was counted, by kind: "lines", "traffic", "clients", "detect", "site", "visitors" and
  // pieces of that, "daily" and a piece for each "day/…", "key" with Privacy::kHashed.
  using Parts = std::map<std::string, std::string>;
  Parts SaveParts() const;
  // For an engine that was just made. False, and the engine is to be thrown away, if a part is
  // missing or damaged, or if they contradict each other: the laws of the sums hold from the start.
  bool LoadParts(const Parts& parts, const RestoreTimes& times);

  uint64_t lines_read() const { return lines_read_; }
  uint64_t Unparsed(UnparsedReason reason) const { return unparsed_[static_cast<size_t>(reason)]; }
  const std::string& name() const { return name_; }
  const Traffic& traffic() const { return *traffic_; }
  const ClientTable& clients() const { return clients_; }
  const Visitors& visitors() const { return *visitors_; }
  const ClientNamer& namer() const { return namer_; }
  const SiteDetector& site_detector() const { return site_detector_; }
  // Null where no days are kept.
  DayLedger* ledger() { return ledger_.get(); }
  // Of an engine that keeps days.
  LedgerCopy CopyDays() const { return ledger_->Copy(DayTotals(), clients_); }
  Detector& detector() { return detector_; }
  const Detector& detector() const { return detector_; }

  SiteView View() const;

 private:
  bool HasKey() const { return namer_.options().privacy == Privacy::kHashed; }
  void SaveKey(ByteWriter& writer) const;
  bool LoadKey(ByteReader& reader);
  Detector::Observed Detect(const Client& client, Time now);
  void TakeLogins();
  void SetFactsSecret(uint64_t secret);
  void SaveSite(ByteWriter& writer) const;
  bool LoadSite(ByteReader& reader);
  void SaveLines(ByteWriter& writer) const;
  bool LoadLines(ByteReader& reader);
  bool SumsAgree(Time now) const;
  DayLedger::Totals DayTotals() const { return DayTotalsOf(*traffic_); }
  void LookAtDay(Time now);
  bool LoadDays(const Parts& parts);
  void Visit(const Client& client, Time event, Time now);

  std::string name_;
  ClientNamer namer_;
  std::unique_ptr<Traffic> traffic_;  // 40 KiB, not for the stack
  ClientTable clients_;
  Detector detector_;
  SiteDetector site_detector_;
  uint64_t facts_secret_;  // kept over restarts, as what was learned of pages is
  std::unique_ptr<RequestClassifier> classifier_;
  uint64_t root_hash_ = 0;
  PageSizes pages_;
  VisitScopes scopes_;
  std::unique_ptr<Visitors> visitors_;
  ProxyShare proxy_share_;
  std::unique_ptr<DayLedger> ledger_;
  Record record_;
  std::optional<Time> key_drawn_{};  // by the wall's clock, when it was first asked for
  bool catching_up_ = false;  // behind a restart
  bool saved_visitors_ = false;
  bool saved_site_ = false;
  uint64_t lines_read_ = 0;
  uint64_t names_refused_ = 0;
  std::array<uint64_t, kUnparsedReasonCount> unparsed_{};
};

}  // namespace accesslog
