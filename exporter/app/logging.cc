#include "app/logging.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include "base/text.h"

namespace accesslog {
namespace {

// %v with quotes, backslashes and everything that is not printable escaped; right inside the quotes
// of both logfmt and JSON.
class EscapedMessage final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm& /*time*/,
              spdlog::memory_buf_t& out) override {
    const std::string text(message.payload.data(), message.payload.size());
    // Printable's own backslashes are doubled with all others, so the escapes survive a JSON reader.
    for (const char c : Printable(text)) {
      if (c == '"' || c == '\\') out.push_back('\\');
      if (c == '\t') {
        out.push_back('\\');
        out.push_back('t');
      } else {
        out.push_back(c);
      }
    }
  }

  std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<EscapedMessage>();
  }
};

}  // namespace

std::shared_ptr<spdlog::logger> MakeLogger(const std::string& level, LogStyle style) {
  auto formatter = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
  formatter->add_flag<EscapedMessage>('*');
  formatter->set_pattern(
      style == LogStyle::kJson
          ? R"({"ts":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","msg":"%*"})"
          : R"(ts=%Y-%m-%dT%H:%M:%S.%eZ level=%l msg="%*")");
  auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  sink->set_formatter(std::move(formatter));
  auto logger = std::make_shared<spdlog::logger>("accesslog_exporter", sink);
  logger->set_level(spdlog::level::from_str(level));
  logger->flush_on(spdlog::level::debug);
  return logger;
}

}  // namespace accesslog
