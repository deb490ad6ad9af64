// A server on a free port of 127.0.0.1.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "http/http_server.h"
#include "support/raw_http.h"

namespace accesslog {

using Handlers = std::map<std::string, HttpHandler>;

inline HttpHandler Text(const std::string& body) {
  return [body](const HttpRequest&) { return HttpResponse{.body = body}; };
}

// Null, and a test failure, where it does not start.
inline std::unique_ptr<HttpServer> Serve(Handlers handlers, HttpServerOptions options = {}) {
  if (options.addresses.empty()) options.addresses = {{"127.0.0.1", 0}};
  auto server = HttpServer::Start(options, std::move(handlers));
  if (!server) {
    ADD_FAILURE() << server.error().message;
    return nullptr;
  }
  return std::move(*server);
}

inline uint16_t PortOf(const HttpServer& server) { return server.addresses().front().port; }

// Measures what a test waits for.
class Stopwatch {
 public:
  Duration elapsed() const {
    return std::chrono::floor<Duration>(std::chrono::steady_clock::now() - start_);
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace accesslog
