// The exporter's own log, on stderr: logfmt or JSON, one event a line, as Prometheus writes it. Log
// text may hold file names and other people's bytes, so every message is escaped.
#pragma once

#include <spdlog/logger.h>

#include <memory>
#include <string>

namespace accesslog {

enum class LogStyle : uint8_t { kLogfmt, kJson };

// `level` is debug, info, warn or error.
std::shared_ptr<spdlog::logger> MakeLogger(const std::string& level, LogStyle style);

}  // namespace accesslog
