// The state of one site, filled by hand, and the scrape that is made of it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "expose/families.h"
#include "expose/format.h"
#include "support/exposition.h"
#include "support/manual_clock.h"
#include "support/shown_signals.h"

namespace accesslog {

inline constexpr Time kStart = ManualClock::kStart;

inline ClientOptions ShownAtOnce() {
  ClientOptions options;
  options.first_value_hold = Duration{0};
  return options;
}

struct ExposedSite {
  explicit ExposedSite(std::string site_name = "shop", const ClientOptions& options = ShownAtOnce(),
                       const DetectOptions& detect = {})
      : name(std::move(site_name)),
        namer(options),
        clients(options, 42),
        detector(detect, namer, 42),
        site_detector(detect),
        classified(detect) {}

  // One request, as SiteEngine counts it.
  void Count(std::string_view client, uint16_t status, Method method = Method::kGet,
             uint64_t bytes = 0) {
    Record record;
    record.client = client;
    record.address = IpAddress::Parse(client);
    record.status = status;
    record.method = method;
    record.method_text = MethodName(method);
    record.bytes = bytes;
    record.time = kStart;
    Count(record);
  }
  void Count(const Record& record) {
    ++lines_read;
    const Client client = namer.Identify(record);
    traffic.Add(record);
    clients.Add(client, record.status, record.bytes.value_or(0), kStart);
    classified.Observe(detector, record, client, kStart);
  }

  SiteView View() const {
    return {.name = name,
            .lines_read = lines_read,
            .unparsed = {{"empty", 0}, {"status", 2}},
            .traffic = traffic,
            .clients = clients,
            .namer = namer,
            .detector = detector,
            .site_detector = &site_detector};
  }

  std::string name;
  ClientNamer namer;
  Traffic traffic;
  ClientTable clients;
  Detector detector;
  SiteDetector site_detector;
  Classified classified;
  uint64_t lines_read = 0;
};

inline Cut CutOf(const std::vector<SiteView>& sites, const std::vector<FileView>& files = {},
                 const SelfView& self = {}, Time now = kStart, bool with_created = false) {
  return TakeCut(sites, files, self, now, with_created);
}

inline std::string TextOf(const Cut& cut, Format format = Format::kText) {
  std::string text;
  Write(cut, format, [&](std::string_view piece) { text += piece; });
  return text;
}

inline std::string Scrape(const std::vector<SiteView>& sites,
                          const std::vector<FileView>& files = {}, const SelfView& self = {},
                          Time now = kStart) {
  return TextOf(CutOf(sites, files, self, now));
}
inline std::string Scrape(const ExposedSite& site, Time now = kStart) {
  return Scrape({site.View()}, {}, {}, now);
}

}  // namespace accesslog
