// The Prometheus text format 0.0.4. Small families go through prometheus-cpp's TextSerializer.
#pragma once

#include "expose/client_series.h"
#include "expose/cut.h"

namespace accesslog {

// Content-Type of WriteText.
inline constexpr const char* kTextContentType = "text/plain; version=0.0.4; charset=utf-8";

void WriteText(const Cut& cut, const PieceWriter::Sink& sink);

}  // namespace accesslog
