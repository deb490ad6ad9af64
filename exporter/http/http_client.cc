#include "http/http_client.h"

#include <civetweb.h>

#include <array>

namespace accesslog {

Result<HttpResponse> HttpGet(const ListenAddress& address, const std::string& path,
                             int timeout_ms) {
  std::array<char, 256> error{};
  const std::string where = "http://" + address.ToString() + path;
  mg_connection* connection =
      mg_connect_client(address.host.c_str(), address.port, 0, error.data(), error.size());
  // CivetWeb's own reason is a stale errno; a refused connection comes out as "reset by peer".
  if (connection == nullptr) return Error{"no answer from " + where + "; is the exporter running?"};
  mg_printf(connection, "GET %s HTTP/1.0\r\nHost: %s\r\n\r\n", path.c_str(),
            address.ToString().c_str());
  HttpResponse response;
  const bool answered =
      mg_get_response(connection, error.data(), error.size(), timeout_ms) >= 0;
  if (answered) {
    response.status = mg_get_response_info(connection)->status_code;
    std::array<char, 4096> buffer{};
    int count = 0;
    while ((count = mg_read(connection, buffer.data(), buffer.size())) > 0) {
      response.body.append(buffer.data(), static_cast<size_t>(count));
    }
  }
  mg_close_connection(connection);
  if (!answered) return Error{"no answer from " + where + ": " + error.data()};
  return response;
}

}  // namespace accesslog
