// What is known of one site: its lines go in, its observers (traffic, clients, detect) count them.
// The same object runs live in `serve` and over whole files in `analyze`. Single-threaded.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "base/clock.h"
#include "clients/client_key.h"
#include "clients/client_table.h"
#include "clients/options.h"
#include "detect/detector.h"
#include "detect/options.h"
#include "expose/families.h"
#include "parse/log_parser.h"
#include "traffic/traffic.h"

namespace accesslog {

class SiteEngine {
 public:
  SiteEngine(std::string name, const ClientOptions& clients, const DetectOptions& detect,
             uint64_t secret);
  SiteEngine(const SiteEngine&) = delete;
  SiteEngine& operator=(const SiteEngine&) = delete;

  struct Counted {
    const Record* record;  // null if the line gave none; valid until the next line
    Client client;
  };
  // Counts one line, without its '\n'. `now` is the wall clock's.
  Counted Count(std::string_view line, LogParser& parser, Time now);

  // Lines that input skipped because they were too long.
  void CountOversized(uint64_t lines);

  // Housekeeping that is due with time, not with lines.
  void Advance(Time now) { clients_.Expire(now); }

  uint64_t lines_read() const { return lines_read_; }
  uint64_t Unparsed(UnparsedReason reason) const {
    return unparsed_[static_cast<size_t>(reason)];
  }
  const std::string& name() const { return name_; }
  const Traffic& traffic() const { return *traffic_; }
  const ClientTable& clients() const { return clients_; }
  const ClientNamer& namer() const { return namer_; }
  Detector& detector() { return detector_; }
  const Detector& detector() const { return detector_; }

  SiteView View() const;

 private:
  std::string name_;
  ClientNamer namer_;
  std::unique_ptr<Traffic> traffic_;  // 40 KiB, not for the stack
  ClientTable clients_;
  Detector detector_;
  Record record_;
  uint64_t lines_read_ = 0;
  std::array<uint64_t, kUnparsedReasonCount> unparsed_{};
};

}  // namespace accesslog
