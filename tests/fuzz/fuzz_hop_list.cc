// Whatever a client sends in a header, a proxy that appends the client's address behind it has the last
// word, and one that appends what is no address is charged itself.
#include <string>

#include "clients/client_key.h"
#include "fuzz/check.h"
#include "record/hop_list.h"

namespace accesslog {
namespace {

const ClientNamer& Namer() {
  static const ClientNamer namer = [] {
    ClientOptions options;
    options.trusted_proxies = {*IpPrefix::Parse("10.0.0.0/8")};
    return ClientNamer(options);
  }();
  return namer;
}

std::string Charged(HopHeader header, std::string_view text) {
  Record record;
  record.client = "10.0.0.1";
  record.address = IpAddress::Parse("10.0.0.1");
  HopHeaders hops;
  hops.texts[static_cast<size_t>(header)] = text;
  record.hops = &hops;
  const Client client = Namer().Identify(record);
  Check(!client.other && !client.key.named, "behind a proxy the client is an address");
  return Namer().Label(client.key, "");
}

void ReadHops(const std::string& sent) {
  HopList list(sent);
  size_t count = 0;
  while (const auto hop = list.Next()) {
    Check(!hop->text.empty() || !hop->address, "an address has a text");
    ++count;
  }
  Check(count <= kMaxHops, "a list is bounded");
  Charged(HopHeader::kXForwardedFor, sent);
  Check(Charged(HopHeader::kXForwardedFor, sent + ", 203.0.113.9") == "203.0.113.9",
        "the last hop of X-Forwarded-For is the client");
  Check(Charged(HopHeader::kXForwardedFor, sent + ", 203.0.113.9:80, 10.0.0.2") == "203.0.113.9",
        "the last untrusted hop is the client");
  Check(Charged(HopHeader::kForwarded, sent + ", for=\"203.0.113.9:80\";proto=http;by=\"_x,y\"") ==
            "203.0.113.9",
        "the last hop of Forwarded is the client");
  Check(Charged(HopHeader::kXForwardedFor, sent + ", unknown") == "10.0.0.1",
        "behind what is no address the peer is the client");
}

}  // namespace
}  // namespace accesslog

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  accesslog::ReadHops(std::string(accesslog::AsText(data, size)));
  return 0;
}
