#include "http/http_server.h"

#include <arpa/inet.h>
#include <civetweb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <exception>
#include <filesystem>
#include <future>
#include <mutex>

#include "base/text.h"
#include "base/unique_fd.h"
#include "http/gzip.h"

namespace accesslog {

struct HttpServer::Impl {
  std::map<std::string, HttpHandler> handlers;
  std::map<std::string, HttpHandler> actions;
  mg_context* context = nullptr;
  std::mutex log_mutex;
  std::string last_log;  // why a bind failed reaches only CivetWeb's log
  std::unique_ptr<ConnectionWatch> watch;

  static ConnectionWatch& WatchOf(const mg_connection* connection);
  static int HandleRequest(mg_connection* connection);
};

namespace {

// Below this a gzip header costs more than it saves.
constexpr size_t kMinGzipBytes = 512;

const char* ReasonPhrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 503:
      return "Service Unavailable";
    default:
      return "Internal Server Error";
  }
}

// Bounds that nobody comes near to on purpose, so that those behind them wait for the kernel instead
// of trying again after a second.
constexpr const char* kBacklog = "4096";

std::string Header(const HttpResponse& response, size_t size, bool gzip, const char* allow) {
  std::string header = "HTTP/1.1 " + std::to_string(response.status) + " " +
                       ReasonPhrase(response.status) +
                       "\r\nContent-Type: " + response.content_type +
                       "\r\nContent-Length: " + std::to_string(size) +
                       "\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
                       "Vary: Accept-Encoding" + (response.varies_by_accept ? ", Accept" : "") +
                       "\r\nConnection: close\r\n";
  if (gzip) header += "Content-Encoding: gzip\r\n";
  if (response.status == 405) header += std::string("Allow: ") + allow + "\r\n";
  return header + "\r\n";
}

// In pieces, so that it shows how the reader gets on. False where he is gone.
bool SendText(mg_connection* connection, std::string_view text, ConnectionWatch& watch) {
  while (!text.empty()) {
    const std::string_view piece = text.substr(0, ConnectionWatch::kProgress);
    if (mg_write(connection, piece.data(), piece.size()) != static_cast<int>(piece.size())) {
      return false;
    }
    watch.Progressed(connection);
    text.remove_prefix(piece.size());
  }
  return true;
}

struct Answering {
  bool head = false;
  bool gzip = false;  // accepted
  const char* allow = "";
};

void SendShared(mg_connection* connection, const HttpResponse& response, const Answering& how,
                ConnectionWatch& watch) {
  const SharedBody::Blocks& blocks =
      how.gzip ? response.shared->Gzip() : response.shared->Text();
  watch.Answers(connection, response.shared);
  const std::string header = Header(response, SizeOf(blocks), how.gzip, how.allow);
  if (!SendText(connection, header, watch) || how.head) return;
  for (const std::string& block : blocks) {
    if (!SendText(connection, block, watch)) return;
  }
}

void SendOwn(mg_connection* connection, HttpResponse response, const Answering& how,
             ConnectionWatch& watch) {
  const bool gzip = how.gzip && response.body.size() >= kMinGzipBytes;
  // In place of the text, not beside it.
  if (gzip) response.body = Gzip(response.body);
  watch.Answers(connection, nullptr);
  const std::string header = Header(response, response.body.size(), gzip, how.allow);
  if (SendText(connection, header, watch) && !how.head) SendText(connection, response.body, watch);
}

// An exception that left a CivetWeb thread would end the process.
HttpResponse Call(const HttpHandler& handler, const HttpRequest& request) {
  try {
    HttpResponse response = handler(request);
    // What goes wrong while it is written goes wrong here.
    if (response.shared) request.gzip ? response.shared->Gzip() : response.shared->Text();
    return response;
  } catch (const std::exception& e) {
    return {500, "text/plain; charset=utf-8", std::string("internal error: ") + e.what() + "\n"};
  } catch (...) {
    return {500, "text/plain; charset=utf-8", "internal error\n"};
  }
}

constexpr const char* kReading = "GET, HEAD";
constexpr const char* kActing = "POST, PUT";

using Handlers = std::map<std::string, HttpHandler>;

HttpResponse Answer(const Handlers& handlers, const Handlers& actions, std::string_view method,
                    const std::string& path, const HttpRequest& request) {
  const auto handler = handlers.find(path);
  const auto action = actions.find(path);
  if (handler == handlers.end() && action == actions.end()) {
    return {404, "text/plain; charset=utf-8", "not found\n"};
  }
  const bool reads = method == "GET" || method == "HEAD";
  const bool acts = method == "POST" || method == "PUT";
  if (reads && handler != handlers.end()) return Call(handler->second, request);
  if (acts && action != actions.end()) return Call(action->second, request);
  const bool readable = handler != handlers.end();
  return {405, "text/plain; charset=utf-8",
          readable ? "only GET and HEAD are answered here\n"
                   : "only POST and PUT are answered here\n"};
}

Peer PeerOf(const mg_request_info& info) {
  in_addr address{};
  if (inet_pton(AF_INET, info.remote_addr, &address) != 1) return {};
  return {address.s_addr, htons(static_cast<uint16_t>(info.remote_port))};
}

uint16_t LocalPort(int fd) {
  sockaddr_in name{};
  socklen_t size = sizeof(name);
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&name), &size) != 0) return 0;
  return name.sin_family == AF_INET ? ntohs(name.sin_port) : 0;
}

// Hangs up on everybody at these ports, and stops listening there. CivetWeb does not tell its
// sockets, and sleeps up to two seconds before it looks whether it shall stop; this wakes it.
void HangUp(const std::vector<ListenAddress>& addresses) {
  std::error_code error;
  for (std::filesystem::directory_iterator entry("/proc/self/fd", error), end; entry != end;
       entry.increment(error)) {
    const auto fd = ParseUint(entry->path().filename().string());
    if (!fd) continue;
    const uint16_t port = LocalPort(static_cast<int>(*fd));
    const bool ours = std::any_of(addresses.begin(), addresses.end(),
                                  [port](const ListenAddress& a) { return a.port == port; });
    if (port != 0 && ours) ::shutdown(static_cast<int>(*fd), SHUT_RDWR);
  }
}

// "Address already in use", asked of the system once more because CivetWeb only logs it in words of
// its own.
std::string WhyNotBound(const ListenAddress& address) {
  const UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_port = htons(address.port);
  inet_pton(AF_INET, address.host.c_str(), &name.sin_addr);
  const int on = 1;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&name), sizeof(name)) != 0 ||
      ::listen(fd.get(), 1) != 0) {
    return ErrnoText(errno);
  }
  return "";
}

ConnectionLimits LimitsOf(const HttpServerOptions& options) {
  ConnectionLimits limits = options.limits;
  limits.threads = static_cast<size_t>(options.threads);
  return limits;
}

}  // namespace

ConnectionWatch& HttpServer::Impl::WatchOf(const mg_connection* connection) {
  return *static_cast<Impl*>(mg_get_user_data(mg_get_context(connection)))->watch;
}

// All requests come here first; answering all of them keeps CivetWeb's own file handling, and its
// prefix matching of paths, out of reach.
int HttpServer::Impl::HandleRequest(mg_connection* connection) {
  const mg_request_info* info = mg_get_request_info(connection);
  const auto* self = static_cast<const Impl*>(info->user_data);
  self->watch->Asked(connection, PeerOf(*info));
  const std::string_view method = info->request_method;
  const char* encodings = mg_get_header(connection, "Accept-Encoding");
  const char* accept = mg_get_header(connection, "Accept");
  const HttpRequest request{.accept = accept != nullptr ? accept : "",
                            .gzip = encodings != nullptr && AcceptsGzip(encodings)};
  HttpResponse response =
      Answer(self->handlers, self->actions, method, info->local_uri, request);
  const bool acting = self->actions.contains(info->local_uri);
  const Answering how{method == "HEAD", request.gzip, acting ? kActing : kReading};
  const int status = response.status;
  if (response.shared) {
    SendShared(connection, response, how, *self->watch);
  } else {
    SendOwn(connection, std::move(response), how, *self->watch);
  }
  return status;
}

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

HttpServer::~HttpServer() {
  if (impl_->context == nullptr) return;
  const auto stopped = std::async(std::launch::async, [this] { mg_stop(impl_->context); });
  while (stopped.wait_for(std::chrono::milliseconds{20}) != std::future_status::ready) {
    HangUp(addresses_);
  }
}

Result<std::unique_ptr<HttpServer>> HttpServer::Start(const HttpServerOptions& options,
                                                      std::map<std::string, HttpHandler> handlers,
                                                      std::map<std::string, HttpHandler> actions) {
  auto impl = std::make_unique<Impl>();
  impl->handlers = std::move(handlers);
  impl->actions = std::move(actions);

  impl->watch = std::make_unique<ConnectionWatch>(LimitsOf(options));

  mg_callbacks callbacks{};
  callbacks.init_connection = [](const mg_connection* connection, void**) {
    Impl::WatchOf(connection).Taken(connection);
    return 0;
  };
  callbacks.connection_closed = [](const mg_connection* connection) {
    Impl::WatchOf(connection).Closed(connection);
  };
  callbacks.begin_request = Impl::HandleRequest;
  callbacks.log_message = [](const mg_connection* connection, const char* message) {
    auto* self = static_cast<Impl*>(mg_get_user_data(mg_get_context(connection)));
    if (self == nullptr) return 1;
    const std::lock_guard lock(self->log_mutex);
    self->last_log = message;
    return 1;  // handled: nothing of it goes to stderr
  };

  std::string ports;
  for (const ListenAddress& address : options.addresses) {
    ports += (ports.empty() ? "" : ",") + address.ToString();
  }
  const std::string threads = std::to_string(options.threads);
  const std::string timeout = std::to_string(options.timeout_ms);
  std::array<const char*, 15> settings = {"listening_ports",
                                          ports.c_str(),
                                          "num_threads",
                                          threads.c_str(),
                                          "request_timeout_ms",
                                          timeout.c_str(),
                                          "keep_alive_timeout_ms",
                                          timeout.c_str(),
                                          "enable_keep_alive",
                                          "no",
                                          "listen_backlog",
                                          kBacklog,
                                          "max_request_size",
                                          "8192",
                                          nullptr};
  mg_init_data init{};
  init.callbacks = &callbacks;
  init.user_data = impl.get();
  init.configuration_options = settings.data();
  std::array<char, 256> text{};
  mg_error_data error{};
  error.text = text.data();
  error.text_buffer_size = text.size();
  impl->context = mg_start2(&init, &error);
  if (impl->context == nullptr) {
    for (const ListenAddress& address : options.addresses) {
      const std::string why = WhyNotBound(address);
      if (!why.empty()) {
        return Error{"cannot listen on " + address.ToString() + ": " + why +
                     "; stop what listens there or choose another --web.listen-address"};
      }
    }
    return Error{"cannot start the web server: " +
                 (impl->last_log.empty() ? std::string(text.data()) : impl->last_log)};
  }

  std::unique_ptr<HttpServer> server(new HttpServer(std::move(impl)));
  server->addresses_ = options.addresses;
  std::vector<mg_server_port> bound(options.addresses.size());
  const int count = mg_get_server_ports(server->impl_->context, static_cast<int>(bound.size()),
                                        bound.data());
  for (int i = 0; i < count; ++i) {
    server->addresses_[static_cast<size_t>(i)].port =
        static_cast<uint16_t>(bound[static_cast<size_t>(i)].port);
  }
  std::vector<uint16_t> numbers;
  for (const ListenAddress& address : server->addresses_) numbers.push_back(address.port);
  server->impl_->watch->Start(std::move(numbers));
  return server;
}

}  // namespace accesslog
