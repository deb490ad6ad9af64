// A small web server on CivetWeb: exact paths to functions. It answers what the functions need not
// know: HEAD, 405 for the wrong method, 404 for unknown paths, gzip, 500 if a function throws.
// Knows no metrics. Slow and hostile clients hold only a thread of their own, and that not for long.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/connection_watch.h"
#include "http/listen_address.h"
#include "http/shared_body.h"

namespace accesslog {

struct HttpRequest {
  std::string_view accept;  // the header, "" where there is none; dies with the call
  bool gzip = false;        // the answer may be compressed
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  std::shared_ptr<const SharedBody> shared{};  // in place of `body`
  bool varies_by_accept = false;
};

using HttpHandler = std::function<HttpResponse(const HttpRequest&)>;

struct HttpServerOptions {
  std::vector<ListenAddress> addresses;
  // Each connection holds a thread while it is served; more than this wait. A thread costs some
  // 50 KiB of resident memory.
  int threads = 64;
  // A client that has not sent its whole request for so long is cut off.
  int timeout_ms = 1500;
  // Who reads slowly, or is in the way of others; `threads` is the one above.
  ConnectionLimits limits{};
};

class HttpServer {
 public:
  // Handlers by exact path, as in "/metrics", for GET and HEAD, and actions for POST and PUT; they run
  // on several threads at once. The error names the address and the reason, as in "Address already in
  // use".
  static Result<std::unique_ptr<HttpServer>> Start(const HttpServerOptions& options,
                                                   std::map<std::string, HttpHandler> handlers,
                                                   std::map<std::string, HttpHandler> actions = {});
  // Hangs up on everybody, and waits for the handlers being run.
  ~HttpServer();

  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // With the port that was given where 0 asked for any.
  const std::vector<ListenAddress>& addresses() const { return addresses_; }

 private:
  struct Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
  std::vector<ListenAddress> addresses_;
};

}  // namespace accesslog
