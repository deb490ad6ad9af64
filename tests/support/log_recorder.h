// A spdlog logger whose messages a test can read, as "level: message".
#pragma once

#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace accesslog {

class LogRecorder {
 public:
  spdlog::logger& logger() { return logger_; }

  // The messages since the last call.
  std::vector<std::string> TakeMessages() { return sink_->TakeMessages(); }

 private:
  class Sink final : public spdlog::sinks::base_sink<std::mutex> {
   public:
    std::vector<std::string> TakeMessages() {
      const std::lock_guard lock(mutex_);
      return std::exchange(messages_, {});
    }

   private:
    void sink_it_(const spdlog::details::log_msg& message) override {
      const auto level = spdlog::level::to_string_view(message.level);
      messages_.push_back(std::string(level.data(), level.size()) + ": " +
                          std::string(message.payload.data(), message.payload.size()));
    }
    void flush_() override {}

    std::vector<std::string> messages_;
  };

  std::shared_ptr<Sink> sink_ = std::make_shared<Sink>();
  spdlog::logger logger_{"test", sink_};
};

}  // namespace accesslog
