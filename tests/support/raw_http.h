// HTTP over a plain socket: a client that sends exactly what a test says, also too little.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/unique_fd.h"

namespace accesslog {

// A connection to 127.0.0.1; a test failure where there is none.
class RawConnection {
 public:
  // `receive_buffer`: of the kernel, in bytes; 0 leaves the default.
  explicit RawConnection(uint16_t port, int receive_buffer = 0);

  void Send(std::string_view bytes);
  // All that comes until the server hangs up, waiting at most `limit`.
  std::string ReadToEnd(Duration limit = std::chrono::seconds{10});
  // At most `bytes`, "" at the end or after `limit`.
  std::string ReadSome(size_t bytes, Duration limit);

 private:
  UniqueFd fd_;
};

struct HttpAnswer {
  int status = 0;  // 0: the answer is not HTTP
  std::string reason;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

HttpAnswer ParseAnswer(const std::string& text);

// `request` is the whole, with its empty line.
HttpAnswer Ask(uint16_t port, std::string_view request);
// One GET; `headers` as "Name: value\r\n" each.
HttpAnswer Get(uint16_t port, const std::string& path, const std::string& headers = "");

}  // namespace accesslog
