#include "support/raw_http.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <cstdlib>

namespace accesslog {

RawConnection::RawConnection(uint16_t port, int receive_buffer)
    : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (receive_buffer > 0) {
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof(receive_buffer));
  }
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_port = htons(port);
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&name), sizeof(name)), 0);
}

void RawConnection::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return;  // the server hung up; what it said can still be read
    bytes.remove_prefix(static_cast<size_t>(count));
  }
}

std::string RawConnection::ReadSome(size_t bytes, Duration limit) {
  pollfd fd{fd_.get(), POLLIN, 0};
  if (::poll(&fd, 1, static_cast<int>(limit.count())) <= 0) return "";
  std::string text(bytes, '\0');
  const ssize_t count = ::recv(fd_.get(), text.data(), text.size(), 0);
  text.resize(static_cast<size_t>(std::max<ssize_t>(count, 0)));
  return text;
}

std::string RawConnection::ReadToEnd(Duration limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  std::string all;
  while (std::chrono::steady_clock::now() < deadline) {
    const auto left = std::chrono::ceil<Duration>(deadline - std::chrono::steady_clock::now());
    const std::string some = ReadSome(64 * 1024, left);
    if (some.empty()) break;
    all += some;
  }
  return all;
}

HttpAnswer ParseAnswer(const std::string& text) {
  HttpAnswer answer;
  const size_t head_end = text.find("\r\n\r\n");
  if (!text.starts_with("HTTP/1.1 ") || head_end == std::string::npos) return answer;
  answer.body = text.substr(head_end + 4);
  size_t line_end = text.find("\r\n");
  answer.status = std::atoi(text.substr(9, 3).c_str());
  answer.reason = text.substr(13, line_end - 13);
  while (line_end < head_end) {
    const size_t start = line_end + 2;
    line_end = text.find("\r\n", start);
    const std::string line = text.substr(start, line_end - start);
    const size_t colon = line.find(": ");
    std::string name = line.substr(0, colon);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    answer.headers[name] = colon == std::string::npos ? "" : line.substr(colon + 2);
  }
  return answer;
}

HttpAnswer Ask(uint16_t port, std::string_view request) {
  RawConnection connection(port);
  connection.Send(request);
  return ParseAnswer(connection.ReadToEnd());
}

HttpAnswer Get(uint16_t port, const std::string& path, const std::string& headers) {
  return Ask(port, "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers + "\r\n");
}

}  // namespace accesslog
