#include "detect/saved_episode.h"

#include "base/text.h"
#include "clients/saved.h"

namespace accesslog {
namespace {

// A host name, or an address with its prefix.
constexpr size_t kLongestLabel = 253;
constexpr double kMostValue = 1e12;
// Behind a sample that was cut.
constexpr std::string_view kEllipsis = "…";

Detection LoadDetection(ByteReader& reader) {
  const auto detection = DetectionFromName(reader.Text());
  if (!detection) reader.Fail();
  return detection.value_or(Detection::kFailedRequests);
}

// One of the names, which outlives the bytes.
std::string_view LoadSignalName(ByteReader& reader) {
  const std::string_view name = reader.Text();
  for (size_t i = 0; i < kSignalCount; ++i) {
    if (SignalName(static_cast<Signal>(i)) == name) return SignalName(static_cast<Signal>(i));
  }
  for (size_t i = 0; i < kSiteSignalCount; ++i) {
    const auto signal = static_cast<SiteSignal>(i);
    if (SiteSignalName(signal) == name) return SiteSignalName(signal);
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
  writer.Number(static_cast<uint64_t>(episode.severity));
  writer.Text(episode.client);
  writer.Text(NetworkName(episode.network));
  writer.Moment(episode.first);
  writer.Moment(episode.last);
  writer.Text(episode.signal);
  writer.Text(episode.window.name);
  writer.Fraction(episode.value);
  writer.Fraction(episode.threshold);
  writer.Number(episode.count);
  writer.Number(episode.samples.size());
  for (const std::string& sample : episode.samples) writer.Text(sample);
}

Episode LoadEpisode(ByteReader& reader, const DetectOptions& options) {
  Episode episode;
  episode.detection = LoadDetection(reader);
  episode.severity =
      static_cast<Severity>(reader.NumberUpTo(static_cast<uint64_t>(Severity::kCritical)));
  episode.client = LoadLabel(reader);
  episode.network = LoadNetwork(reader);
  episode.first = LoadTime(reader);
  episode.last = LoadTime(reader);
  episode.signal = LoadSignalName(reader);
  episode.window = LoadWindow(reader);
  episode.value = reader.Fraction();
  episode.threshold = reader.Fraction();
  // NaN is neither.
  const bool sound = episode.threshold > 0 && episode.value >= episode.threshold &&
                     episode.value <= kMostValue;
  if (!sound) reader.Fail();
  episode.count = reader.NumberUpTo(kMostCounted);
  for (uint64_t left = reader.Count(); left > 0 && reader.ok(); --left) {
    const std::string_view sample = KeptSample(reader, reader.Text(), options);
    if (episode.samples.size() < options.max_samples) episode.samples.emplace_back(sample);
  }
  return episode;
}

}  // namespace accesslog
