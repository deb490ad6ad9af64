// Episodes and sample lines as bytes and back, for Detector::Save. Loading trusts nothing, and
// keeps no more samples, and no longer ones, than the options allow now.
#pragma once

#include <optional>
#include <string_view>

#include "base/byte_codec.h"
#include "detect/detection.h"
#include "detect/options.h"

namespace accesslog {

void SaveEpisode(ByteWriter& writer, const Episode& episode);
Episode LoadEpisode(ByteReader& reader, const DetectOptions& options);

// A network's name; nothing for "".
std::optional<Network> LoadNetworkIfAny(ByteReader& reader);

// What may be kept of a sample: all of it, as a rule.
std::string_view KeptSample(ByteReader& reader, std::string_view sample,
                            const DetectOptions& options);

}  // namespace accesslog
