#include "config/detect_section.h"

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "detect/attack_signatures.h"

namespace accesslog {
namespace {

constexpr uint64_t kMostOfThreshold = 1000000;
constexpr size_t kMostOfSignatures = 1000;
constexpr uint32_t kNever = std::numeric_limits<uint32_t>::max();

// A key of a detection's table.
struct ThresholdKey {
  const char* key;
  Signal signal;
  Window window;
};
struct DetectionKeys {
  Detection detection;
  std::vector<ThresholdKey> keys;
};

const std::vector<DetectionKeys>& AllKeys() {
  static const std::vector<DetectionKeys> kKeys = {
      {Detection::kLoginBruteForce,
       {{"per_1m", Signal::kLoginFailures, kWindow1m},
        {"per_5m", Signal::kLoginFailures, kWindow5m},
        {"per_1h", Signal::kLoginFailures, kWindow1h}}},
      {Detection::kLoginSuccessAfterFailures,
       {{"per_30m", Signal::kLoginSuccessAfterFailures, kWindow30m}}},
      {Detection::kReconDistinctErrorPaths, {{"per_5m", Signal::kErrorPaths, kWindow5m}}},
      {Detection::kAttackRequestAnswered, {{"per_5m", Signal::kAttackAnswered, kWindow5m}}},
      {Detection::kDistributedLoginFailures, {}},
      {Detection::kAttackProbe, {{"per_5m", Signal::kAttackRequests, kWindow5m}}},
      {Detection::kExploitAttempt, {{"per_5m", Signal::kExploitRequests, kWindow5m}}},
      {Detection::kServerErrorRatioHigh, {{"client_per_10m", Signal::kServerErrors, kWindow10m}}},
      {Detection::kClientFlood,
       {{"requests_per_1m", Signal::kRequests, kWindow1m},
        {"dynamic_per_1m", Signal::kDynamicRequests, kWindow1m}}},
      {Detection::kBadRequestRatioHigh,
       {{"client_per_10m", Signal::kMalformedRequests, kWindow10m}}},
      {Detection::kUnusualClient, {}},
      {Detection::kRepeatOffender,
       {{"days", Signal::kOffenseDays, kWindow7d}, {"kinds", Signal::kOffenseKinds, kWindow24h}}},
      {Detection::kLoginScheduleAnomaly, {}},
      {Detection::kFailedRequests, {{"per_5m", Signal::kFailedRequests, kWindow5m}}},
  };
  return kKeys;
}

bool IsSame(const Threshold& a, Signal signal, Window window) {
  return a.signal == signal && a.window.name == window.name;
}

// 0 turns the window off.
void SetThreshold(DetectOptions& detect, const Threshold& threshold) {
  const auto same = std::find_if(
      detect.thresholds.begin(), detect.thresholds.end(),
      [&](const Threshold& other) { return IsSame(other, threshold.signal, threshold.window); });
  if (same != detect.thresholds.end()) {
    if (threshold.value > 0) {
      *same = threshold;
    } else {
      detect.thresholds.erase(same);
    }
  } else if (threshold.value > 0) {
    detect.thresholds.push_back(threshold);
  }
}

void SetNetworkThreshold(DetectOptions& detect, Network network, const Threshold& threshold) {
  std::erase_if(detect.network_thresholds, [&](const NetworkThreshold& other) {
    return other.network == network && IsSame(other.threshold, threshold.signal, threshold.window);
  });
  detect.network_thresholds.push_back({network, threshold});
  const bool is_known = std::any_of(
      detect.thresholds.begin(), detect.thresholds.end(),
      [&](const Threshold& other) { return IsSame(other, threshold.signal, threshold.window); });
  // Off for everybody else.
  if (!is_known) detect.thresholds.push_back({threshold.signal, threshold.window, kNever});
}

void TurnSiteThresholdsOff(Detection detection, SiteThresholds& site) {
  switch (detection) {
    case Detection::kDistributedLoginFailures:
      site.login_failures_24h = site.login_failure_clients_24h = 0;
      break;
    case Detection::kServerErrorRatioHigh:
      site.server_errors_5m = 0;
      break;
    case Detection::kBadRequestRatioHigh:
      site.bad_requests_10m = 0;
      break;
    case Detection::kLoginScheduleAnomaly:
      site.off_day_members = 0;
      site.login_day_absent = 0;
      break;
    default:
      break;
  }
}

using Set = std::function<void(const Threshold&)>;

// What a detection's table says of single clients.
void ReadClientKeys(TomlSection& table, const DetectionKeys& keys, const Set& set) {
  if (table.Flag("enabled") == false) {
    for (size_t i = 0; i < kSignalCount; ++i) {
      const auto signal = static_cast<Signal>(i);
      if (DetectionOf(signal) != keys.detection) continue;
      for (const Window& window : kWindows) set({signal, window, 0});
    }
  }
  for (const ThresholdKey& key : keys.keys) {
    const auto value = table.Number(key.key, 0, kMostOfThreshold);
    if (value) set({key.signal, key.window, static_cast<uint32_t>(*value)});
  }
}

template <typename Target, typename Value>
void SetIf(Target& target, const std::optional<Value>& value) {
  if (value) target = static_cast<Target>(*value);
}

void ReadSiteKeys(TomlSection& table, Detection detection, SiteThresholds& site) {
  if (table.Flag("enabled") == false) TurnSiteThresholdsOff(detection, site);
  switch (detection) {
    case Detection::kDistributedLoginFailures:
      SetIf(site.login_failures_24h, table.Number("per_24h", 0, kMostOfThreshold));
      SetIf(site.login_failure_clients_24h, table.Number("clients", 1, kMostOfThreshold));
      break;
    case Detection::kServerErrorRatioHigh:
      SetIf(site.server_errors_5m, table.Number("per_5m", 0, kMostOfThreshold));
      SetIf(site.server_error_ratio_5m, table.Share("ratio"));
      break;
    case Detection::kBadRequestRatioHigh:
      SetIf(site.bad_requests_10m, table.Number("per_10m", 0, kMostOfThreshold));
      SetIf(site.bad_request_ratio_10m, table.Share("ratio"));
      break;
    case Detection::kLoginScheduleAnomaly:
      SetIf(site.off_day_members, table.Number("off_day_members", 0, kMostOfThreshold));
      SetIf(site.login_day_absent, table.Share("absent"));
      break;
    default:
      break;
  }
}

void ReadNetwork(TomlSection& section, Network network, DetectOptions& detect) {
  for (const DetectionKeys& keys : AllKeys()) {
    section.Table(std::string(DetectionName(keys.detection)), [&](TomlSection& table) {
      ReadClientKeys(table, keys, [&](const Threshold& threshold) {
        // Turning all off names windows that the signal does not have.
        const bool exists = std::any_of(
            detect.thresholds.begin(), detect.thresholds.end(), [&](const Threshold& other) {
              return IsSame(other, threshold.signal, threshold.window);
            });
        if (exists || threshold.value > 0) SetNetworkThreshold(detect, network, threshold);
      });
    });
  }
}

void ReadSignature(TomlSection& section, DetectOptions& detect) {
  SignatureRule rule;
  rule.name = section.Text("name", "our-backup").value_or("");
  rule.family = section.Text("family", "sensitive_file").value_or("");
  rule.where = section.Text("where", "path").value_or("");
  rule.contains = section.Text("contains", "/backup/").value_or("");
  rule.pattern = section.Text("pattern", "\\.bak$").value_or("");
  rule.leaks = section.Flag("leaks").value_or(false);
  rule.exploit = section.Flag("exploit").value_or(false);
  if (detect.signatures.size() == kMostOfSignatures) {
    return section.Fail("name", "there are more than 1000 signatures");
  }
  if (!section.Has("name")) return section.Fail("name", "a [[detect.signature]] without name");
  const auto checked = AttackSignatures::Check(rule);
  if (!checked) return section.Fail("name", checked.error().message);
  const bool taken = std::any_of(detect.signatures.begin(), detect.signatures.end(),
                                 [&](const SignatureRule& other) { return other.name == rule.name; });
  if (taken) return section.Fail("name", "two signatures are named \"" + Printable(rule.name) + "\"");
  detect.signatures.push_back(std::move(rule));
}

void ReadSignatures(TomlSection& section, DetectOptions& detect) {
  section.Tables("signature", [&](TomlSection& table) { ReadSignature(table, detect); });
  if (auto off = section.Texts("signatures_off", "wordpress-config")) {
    detect.signatures_off = std::move(*off);
    const auto created = AttackSignatures::Create({}, detect.signatures_off);
    if (!created) {
      section.Fail("signatures_off", created.error().message);
      detect.signatures_off.clear();
    }
  }
  if (!section.Has("signature") && !section.Has("signatures_off")) return;
  // Each is right, but together they may be too long.
  const auto all = AttackSignatures::Create(detect.signatures, detect.signatures_off);
  if (!all) section.Fail("signature", all.error().message);
}

bool IsMethodChar(char c) { return (c >= 'A' && c <= 'Z') || c == '-' || c == '_'; }

}  // namespace

void CheckPaths(TomlSection& section, const std::string& key,
                const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    if (!path.starts_with('/')) {
      section.Fail(key, "\"" + Printable(path) + "\" in " + key +
                            " is no path of a request; it must begin with /");
    } else if (path.find('?') != std::string::npos) {
      section.Fail(key, "\"" + Printable(path) + "\" in " + key +
                            " holds a query; paths are compared without what follows the ?");
    }
  }
}

void CheckMethods(TomlSection& section, const std::string& key,
                  const std::vector<std::string>& methods) {
  for (const std::string& method : methods) {
    if (method.empty() || !std::all_of(method.begin(), method.end(), IsMethodChar)) {
      section.Fail(key, "\"" + Printable(method) + "\" in " + key +
                            " is no method; they are "
                            "written in capitals, as in \"POST\"");
    }
  }
}

void ReadDetect(TomlSection& section, DetectOptions& detect) {
  if (auto paths = section.Texts("ignore_paths", "/status")) detect.ignore_paths = std::move(*paths);
  CheckPaths(section, "ignore_paths", detect.ignore_paths);
  if (auto methods = section.Texts("ignore_methods", "OPTIONS")) {
    detect.ignore_methods = std::move(*methods);
  }
  CheckMethods(section, "ignore_methods", detect.ignore_methods);
  for (const DetectionKeys& keys : AllKeys()) {
    section.Table(std::string(DetectionName(keys.detection)), [&](TomlSection& table) {
      ReadClientKeys(table, keys,
                     [&](const Threshold& threshold) { SetThreshold(detect, threshold); });
      ReadSiteKeys(table, keys.detection, detect.site);
    });
  }
  section.Table("internal", [&](TomlSection& table) { ReadNetwork(table, Network::kInternal, detect); });
  section.Table("nat", [&](TomlSection& table) { ReadNetwork(table, Network::kNat, detect); });
  ReadSignatures(section, detect);
}

}  // namespace accesslog
