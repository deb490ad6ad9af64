// What fuzz_restore and the program that makes its seeds agree on: the first byte of an input names
// what is loaded, the second how (bits of RestoreTimes), the rest are the saved bytes.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "base/byte_codec.h"
#include "clients/options.h"
#include "clients/restore_times.h"
#include "detect/options.h"

namespace accesslog {

enum class Restored : uint8_t {
  kTraffic,
  kTable,
  kDetector,
  kAutoParser,
  kNamedParser,
  kTail,
  kSite,
  kVisitors
};
inline constexpr uint8_t kRestoredKinds = 8;

inline constexpr uint8_t kContinued = 1;
inline constexpr uint8_t kClockSetBack = 2;
inline constexpr uint8_t kMasked = 4;  // with Privacy::kMasked, so that keys are made otherwise
inline constexpr uint8_t kHashed = 8;  // the same with Privacy::kHashed

// 2026-03-02T10:00:00Z.
inline constexpr Time kTaken{std::chrono::seconds{1772445600}};
inline constexpr uint64_t kFuzzSecret = 42;

inline RestoreTimes TimesOf(uint8_t how) {
  const bool continued = (how & kContinued) != 0;
  Duration away = continued ? Duration{0} : std::chrono::seconds{7};
  if ((how & kClockSetBack) != 0) away = -std::chrono::minutes{90};
  return {.taken = kTaken,
          .now = kTaken + away,
          .grace = std::chrono::seconds{2},
          .continued = continued};
}

// Small, so that a short input fills it.
inline ClientOptions FewClients(uint8_t how) {
  ClientOptions options;
  options.max_series = 12;
  options.new_series_per_hour = 20;
  if ((how & kMasked) != 0) options.privacy = Privacy::kMasked;
  if ((how & kHashed) != 0) options.privacy = Privacy::kHashed;
  return options;
}

// The parts of a site as one text, and back; damage gives fewer.
inline std::string TogetherIn(const std::map<std::string, std::string>& parts) {
  ByteWriter writer;
  writer.Number(parts.size());
  for (const auto& [kind, bytes] : parts) {
    writer.Text(kind);
    writer.Text(bytes);
  }
  return writer.Take();
}
inline std::map<std::string, std::string> PartsIn(ByteReader& reader) {
  std::map<std::string, std::string> parts;
  for (uint64_t left = reader.Count(); left > 0 && reader.ok(); --left) {
    const std::string kind(reader.Text());
    parts[kind] = reader.Text();
  }
  return parts;
}

inline DetectOptions FewSuspects() {
  DetectOptions options;
  options.max_clients = 6;
  options.max_episodes = 5;
  options.max_new_clients_per_hour = 8;
  options.preallocate = false;
  return options;
}

}  // namespace accesslog
