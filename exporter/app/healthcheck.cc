#include "app/healthcheck.h"

#include <ostream>

#include "http/http_client.h"

namespace accesslog {
namespace {

constexpr int kTimeoutMs = 3000;

}  // namespace

int Healthcheck(ListenAddress address, std::ostream& out, std::ostream& err) {
  if (address.host == "0.0.0.0") address.host = "127.0.0.1";
  const auto response = HttpGet(address, "/-/ready", kTimeoutMs);
  if (!response) {
    err << response.error().message << '\n';
    return 1;
  }
  (response->status == 200 ? out : err) << response->body;
  return response->status == 200 ? 0 : 1;
}

}  // namespace accesslog
