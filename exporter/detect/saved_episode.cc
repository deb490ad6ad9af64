#include "detect/saved_episode.h"

#include <array>
#include <limits>

#include "base/text.h"
#include "clients/saved.h"

namespace accesslog {
namespace {

constexpr std::array<Window, 3> kWindows = {kWindow1m, kWindow5m, kWindow1h};
constexpr std::array<Detection, kDetectionCount> kDetections = {Detection::kLoginBruteForce,
                                                                Detection::kFailedRequests};
// A host name, or an address with its prefix.
constexpr size_t kLongestLabel = 253;
// Behind a sample that was cut.
constexpr std::string_view kEllipsis = "…";

Detection LoadDetection(ByteReader& reader) {
  const std::string_view name = reader.Text();
  for (const Detection detection : kDetections) {
    if (DetectionName(detection) == name) return detection;
  }
  reader.Fail();
  return {};
}

Window LoadWindow(ByteReader& reader) {
  const std::string_view name = reader.Text();
  for (const Window& window : kWindows) {
    if (window.name == name) return window;
  }
  reader.Fail();
  return kWindow5m;
}

Network LoadNetwork(ByteReader& reader) {
  const auto network = LoadNetworkIfAny(reader);
  if (!network) reader.Fail();
  return network.value_or(Network::kExternal);
}

std::string_view LoadLabel(ByteReader& reader) {
  const std::string_view label = reader.Text();
  if (label.size() <= kLongestLabel && IsValidUtf8(label)) return label;
  reader.Fail();
  return {};
}

}  // namespace

std::optional<Network> LoadNetworkIfAny(ByteReader& reader) {
  const std::string_view name = reader.Text();
  if (name.empty()) return std::nullopt;
  for (size_t i = 0; i < kNetworkCount; ++i) {
    if (NetworkName(static_cast<Network>(i)) == name) return static_cast<Network>(i);
  }
  reader.Fail();
  return std::nullopt;
}

std::string_view KeptSample(ByteReader& reader, std::string_view sample,
                            const DetectOptions& options) {
  if (!IsValidUtf8(sample) || sample.find('\n') != std::string_view::npos) reader.Fail();
  if (sample.size() <= options.max_sample_bytes + kEllipsis.size()) return sample;
  sample = sample.substr(0, options.max_sample_bytes);
  return sample.substr(0, ValidUtf8Prefix(sample));
}

void SaveEpisode(ByteWriter& writer, const Episode& episode) {
  writer.Text(DetectionName(episode.detection));
  writer.Text(episode.client);
  writer.Text(NetworkName(episode.network));
  writer.Moment(episode.first);
  writer.Moment(episode.last);
  writer.Text(episode.window.name);
  writer.Number(episode.value);
  writer.Number(episode.threshold);
  writer.Number(episode.samples.size());
  for (const std::string& sample : episode.samples) writer.Text(sample);
}

Episode LoadEpisode(ByteReader& reader, const DetectOptions& options) {
  constexpr uint64_t kMost = std::numeric_limits<uint32_t>::max();
  Episode episode;
  episode.detection = LoadDetection(reader);
  episode.client = LoadLabel(reader);
  episode.network = LoadNetwork(reader);
  episode.first = LoadTime(reader);
  episode.last = LoadTime(reader);
  episode.window = LoadWindow(reader);
  episode.value = static_cast<uint32_t>(reader.NumberUpTo(kMost));
  episode.threshold = static_cast<uint32_t>(reader.NumberUpTo(episode.value));
  if (episode.threshold == 0) reader.Fail();
  for (uint64_t left = reader.Count(); left > 0 && reader.ok(); --left) {
    const std::string_view sample = KeptSample(reader, reader.Text(), options);
    if (episode.samples.size() < options.max_samples) episode.samples.emplace_back(sample);
  }
  return episode;
}

}  // namespace accesslog
