// One request as the log tells it: views into its line plus numbers. Made by parse, read by traffic,
// clients and detect. The views die with the line. An empty view or optional means that the line
// does not say ("-" counts as not said); nothing is ever carried over from another line.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/ip_address.h"
#include "record/method.h"

namespace accesslog {

// A status outside 100…599, or none that can be read.
inline constexpr uint16_t kInvalidStatus = 0;

// The headers in which a proxy tells for whom it asks.
enum class HopHeader : uint8_t { kXForwardedFor, kForwarded, kCfConnectingIp, kXRealIp };
inline constexpr size_t kHopHeaderCount = 4;
inline constexpr std::array<std::string_view, kHopHeaderCount> kHopHeaderNames = {
    "X-Forwarded-For", "Forwarded", "CF-Connecting-IP", "X-Real-IP"};

struct HopHeaders {
  std::array<std::string_view, kHopHeaderCount> texts;  // by HopHeader, as written
  std::string_view client_list;  // the one out of which Record::client was taken, for want of a peer
};

struct Record {
  std::string_view line;    // whole, without its line end
  // As written: an address or a host name; empty only where the line tells neither (`unnamed`). It is
  // who connected to the server, unless the format tells no more than a header (HopHeaders::client_list).
  std::string_view client;
  std::optional<IpAddress> address;  // of `client`, unless that is a host name
  // All but the client was read: what stands in its place is neither an address nor a host name.
  bool unnamed = false;
  Method method = Method::kOther;
  uint16_t status = kInvalidStatus;  // 100…599, or kInvalidStatus
  HopHeaders* hops = nullptr;  // null where the line has none, as most; dies as the views do
  std::string_view user;
  std::string_view request;  // between the quotes, escapes untouched
  std::string_view method_text;
  std::string_view path;   // up to the '?', not decoded
  std::string_view query;  // behind the '?'
  std::string_view protocol;
  std::string_view referer;
  std::string_view user_agent;
  std::string_view host;  // the virtual host that answered
  std::optional<Time> time;
  std::optional<uint64_t> bytes;    // of the response
  std::optional<double> duration;   // seconds
};
// Each byte is cleared for each line, and above 256 compilers do that in a slower way.
static_assert(sizeof(Record) <= 256);

}  // namespace accesslog
