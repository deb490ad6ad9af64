#include "parse/json_keys.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "parse/fields.h"

namespace accesslog {
namespace {

struct Default {
  std::string_view path;
  Field field;
  uint8_t rank;
};

// 0 is left to the user's own keys. The address of the connection, or what the server itself made of
// the trusted hops, before any header.
constexpr uint8_t kUser = 0;
constexpr std::array<Default, 134> kDefaults = {{
    {"clienthost", Field::kClient, 1},  // Traefik
    {"request.client_ip", Field::kClient, 1},  // Caddy, behind trusted proxies
    {"request.remote_ip", Field::kClient, 2},
    {"remote_addr", Field::kClientPort, 2},
    {"remoteaddr", Field::kClientPort, 2},
    {"remote_ip", Field::kClientPort, 2},
    {"remoteip", Field::kClientPort, 2},
    {"client_ip", Field::kClientPort, 2},
    {"clientip", Field::kClientPort, 2},
    {"client", Field::kClientPort, 3},
    {"client.ip", Field::kClientPort, 2},
    {"client.address", Field::kClientPort, 3},
    {"client_addr", Field::kClientPort, 3},
    {"client_address", Field::kClientPort, 3},
    {"clientaddr", Field::kClientPort, 3},
    {"source.ip", Field::kClientPort, 3},
    {"source.address", Field::kClientPort, 4},
    {"src_ip", Field::kClientPort, 3},
    {"source_ip", Field::kClientPort, 3},
    {"ip", Field::kClientPort, 4},
    {"remote_host", Field::kClientPort, 4},
    {"remotehost", Field::kClientPort, 4},
    {"host_ip", Field::kIgnored, 9},
    {"c_ip", Field::kClientPort, 3},
    {"request.remote_addr", Field::kClientPort, 3},  // Caddy before 2.5
    {"downstream_remote_address_without_port", Field::kClientPort, 1},
    {"downstream_remote_address", Field::kClientPort, 2},  // Envoy
    {"downstream_direct_remote_address", Field::kClientPort, 3},
    {"httprequest.remoteip", Field::kClientPort, 2},  // Google Cloud
    {"req.remoteaddress", Field::kClientPort, 2},  // pino
    {"proxy_add_x_forwarded_for", Field::kXForwardedFor, 1},
    {"http_x_forwarded_for", Field::kXForwardedFor, 2},
    {"x_forwarded_for", Field::kXForwardedFor, 2},
    {"request.headers.x_forwarded_for", Field::kXForwardedFor, 2},
    {"req.headers.x_forwarded_for", Field::kXForwardedFor, 2},
    {"http_forwarded", Field::kForwarded, 2},
    {"forwarded", Field::kForwarded, 2},
    {"request.headers.forwarded", Field::kForwarded, 2},
    {"req.headers.forwarded", Field::kForwarded, 2},
    {"http_cf_connecting_ip", Field::kCfConnectingIp, 2},
    {"cf_connecting_ip", Field::kCfConnectingIp, 2},
    {"request.headers.cf_connecting_ip", Field::kCfConnectingIp, 2},
    {"req.headers.cf_connecting_ip", Field::kCfConnectingIp, 2},
    {"http_x_real_ip", Field::kXRealIp, 2},
    {"x_real_ip", Field::kXRealIp, 2},
    {"request.headers.x_real_ip", Field::kXRealIp, 2},
    {"req.headers.x_real_ip", Field::kXRealIp, 2},
    {"remote_user", Field::kUser, 1},
    {"remoteuser", Field::kUser, 1},
    {"clientusername", Field::kUser, 1},
    {"auth_user", Field::kUser, 2},
    {"username", Field::kUser, 2},
    {"user_id", Field::kUser, 3},
    {"user", Field::kUser, 3},
    {"user.name", Field::kUser, 2},
    {"time_local", Field::kTimeAny, 2},
    {"time_iso8601", Field::kTimeAny, 1},
    {"startutc", Field::kTimeAny, 1},
    {"start_time", Field::kTimeAny, 2},
    {"msec", Field::kTimeAny, 3},
    {"ts", Field::kTimeAny, 3},
    {"time", Field::kTimeAny, 3},
    {"timestamp", Field::kTimeAny, 3},
    {"@timestamp", Field::kTimeAny, 4},
    {"datetime", Field::kTimeAny, 4},
    {"date", Field::kTimeAny, 5},
    {"request", Field::kRequest, 1},
    {"request_line", Field::kRequest, 1},
    {"requestmethod", Field::kMethod, 1},
    {"request_method", Field::kMethod, 2},
    {"request.method", Field::kMethod, 1},
    {"method", Field::kMethod, 2},
    {"http_method", Field::kMethod, 2},
    {"verb", Field::kMethod, 3},
    {"http.request.method", Field::kMethod, 1},
    {"httprequest.requestmethod", Field::kMethod, 1},
    {"req.method", Field::kMethod, 1},
    {"requestpath", Field::kUrl, 1},
    {"x_envoy_original_path", Field::kUrl, 1},
    {"x_envoy_origin_path", Field::kUrl, 1},
    {"request_uri", Field::kUrl, 2},
    {"requesturi", Field::kUrl, 2},
    {"request_url", Field::kUrl, 2},
    {"request.uri", Field::kUrl, 1},
    {"request.url", Field::kUrl, 2},
    {"request.path", Field::kUrl, 3},
    {"uri", Field::kUrl, 3},
    {"url", Field::kUrl, 3},
    {"request_path", Field::kUrl, 3},
    {"http_path", Field::kUrl, 3},
    {"path", Field::kUrl, 4},
    {"url.original", Field::kUrl, 2},
    {"url.path", Field::kUrl, 3},
    {"httprequest.requesturl", Field::kUrl, 1},
    {"req.url", Field::kUrl, 1},
    {"query", Field::kQuery, 2},
    {"query_string", Field::kQuery, 1},
    {"args", Field::kQuery, 2},
    {"url.query", Field::kQuery, 1},
    {"requestprotocol", Field::kProtocol, 1},
    {"server_protocol", Field::kProtocol, 1},
    {"request.proto", Field::kProtocol, 1},
    {"protocol", Field::kProtocol, 2},
    {"proto", Field::kProtocol, 3},
    {"http_version", Field::kProtocol, 3},
    {"httprequest.protocol", Field::kProtocol, 1},
    {"downstreamstatus", Field::kStatus, 1},
    {"response_code", Field::kStatus, 1},
    {"status", Field::kStatus, 2},
    {"status_code", Field::kStatus, 2},
    {"statuscode", Field::kStatus, 2},
    {"http_status", Field::kStatus, 2},
    {"response_status", Field::kStatus, 2},
    {"response.status", Field::kStatus, 2},
    {"http.response.status_code", Field::kStatus, 1},
    {"httprequest.status", Field::kStatus, 1},
    {"res.statuscode", Field::kStatus, 1},
    {"originstatus", Field::kStatus, 4},
    {"downstreamcontentsize", Field::kBytes, 1},
    {"body_bytes_sent", Field::kBytes, 1},
    {"bytes_sent", Field::kBytes, 2},
    {"bytes", Field::kBytes, 3},
    {"size", Field::kBytes, 3},
    {"response_size", Field::kBytes, 3},
    {"http.response.body.bytes", Field::kBytes, 1},
    {"httprequest.responsesize", Field::kBytes, 1},
    {"request_time", Field::kDurationS, 1},
    {"duration_ms", Field::kDurationMs, 1},
    {"duration_us", Field::kDurationUs, 1},
    {"responsetime", Field::kDurationMs, 2},  // pino
    // Seconds or text for most, but milliseconds for Envoy and nanoseconds for Traefik; see
    // JsonFormat.
    {"duration", Field::kDurationText, 2},
    {"request_duration", Field::kDurationText, 2},
    {"latency", Field::kDurationText, 3},
    {"httprequest.latency", Field::kDurationText, 1},
}};
constexpr std::array<Default, 26> kHeaders = {{
    {"http_referer", Field::kReferer, 1},
    {"http_referrer", Field::kReferer, 1},
    {"request_referer", Field::kReferer, 1},
    {"request.headers.referer", Field::kReferer, 1},
    {"http.request.referrer", Field::kReferer, 1},
    {"httprequest.referer", Field::kReferer, 1},
    {"req.headers.referer", Field::kReferer, 1},
    {"referer", Field::kReferer, 2},
    {"referrer", Field::kReferer, 2},
    {"http_user_agent", Field::kUserAgent, 1},
    {"request_user_agent", Field::kUserAgent, 1},
    {"request.headers.user_agent", Field::kUserAgent, 1},
    {"user_agent.original", Field::kUserAgent, 1},
    {"httprequest.useragent", Field::kUserAgent, 1},
    {"req.headers.user_agent", Field::kUserAgent, 1},
    {"user_agent", Field::kUserAgent, 2},
    {"useragent", Field::kUserAgent, 2},
    {"agent", Field::kUserAgent, 3},
    {"requesthost", Field::kHostPort, 1},
    {"request.host", Field::kHostPort, 1},
    {"req.headers.host", Field::kHostPort, 2},
    {":authority", Field::kHostPort, 1},
    {"authority", Field::kHostPort, 1},
    {"host", Field::kHostPort, 2},
    {"http_host", Field::kHostPort, 3},
    {"server_name", Field::kHostPort, 4},
}};

uint32_t Hash(std::string_view path) {
  uint32_t hash = 2166136261U;  // FNV-1a
  for (const char c : path) hash = (hash ^ static_cast<uint8_t>(c)) * 16777619U;
  return hash;
}

}  // namespace

std::string_view NormalizeKey(std::string_view path, char* out) {
  for (size_t i = 0; i < path.size(); ++i) {
    const char c = path[i];
    out[i] = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c == '-' ? '_' : c;
  }
  return {out, path.size()};
}

namespace {

JsonDialect DialectOf(std::string_view path) {
  if (path == "downstreamstatus" || path == "clienthost") return JsonDialect::kTraefik;
  if (path == "response_code" || path == "downstream_remote_address") return JsonDialect::kEnvoy;
  return JsonDialect::kOther;
}

// Names that read better in a mapping than those of descriptions.
std::optional<Field> FieldForMapping(std::string_view name) {
  if (name == "client") return Field::kClientPort;
  if (name == "time") return Field::kTimeAny;
  if (name == "path") return Field::kUrl;
  if (name == "host") return Field::kHostPort;
  if (name == "duration") return Field::kDurationText;
  return FieldFromName(name);
}

}  // namespace

Result<JsonKeys> JsonKeys::Create(std::string_view mapping) {
  JsonKeys keys;
  constexpr std::string_view kSeparators = " ,\t\n";
  while (true) {
    mapping.remove_prefix(std::min(mapping.find_first_not_of(kSeparators), mapping.size()));
    if (mapping.empty()) break;
    const std::string_view word = mapping.substr(0, mapping.find_first_of(kSeparators));
    mapping.remove_prefix(word.size());
    const size_t equals = word.find('=');
    if (equals == std::string_view::npos || equals + 1 == word.size()) {
      return Error{"\"" + Printable(word) + "\" is no FIELD=KEY, as in client=remote_addr"};
    }
    const auto field = FieldForMapping(word.substr(0, equals));
    if (!field) {
      const std::string name(word.substr(0, equals));
      const auto nearest = NearestWord(name, FieldNames());
      return Error{"unknown field \"" + Printable(name) + "\"" +
                   (nearest ? "; did you mean " + *nearest + "?" : "")};
    }
    keys.Add(word.substr(equals + 1), *field, kUser);
  }
  for (const Default& key : kDefaults) keys.Add(key.path, key.field, key.rank);
  for (const Default& key : kHeaders) keys.Add(key.path, key.field, key.rank);
  keys.Index();
  return keys;
}

void JsonKeys::Add(std::string_view path, Field field, uint8_t rank) {
  std::string normalized(path);
  NormalizeKey(path, normalized.data());
  keys_.push_back({std::move(normalized), field, rank, DialectOf(path)});
}

JsonKeys::Slot& JsonKeys::SlotOf(std::string_view path) {
  const uint32_t hash = Hash(path);
  size_t at = hash & (slots_.size() - 1);
  while (!slots_[at].path.empty() && slots_[at].path != path) at = (at + 1) & (slots_.size() - 1);
  slots_[at].hash = hash;
  slots_[at].path = path;
  return slots_[at];
}

void JsonKeys::Index() {
  size_t size = 1024;
  while (size < keys_.size() * 4) size *= 2;
  slots_.resize(size);
  for (size_t i = 0; i < keys_.size(); ++i) {
    const std::string& path = keys_[i].path;
    Slot& slot = SlotOf(path);
    // The user's keys come first.
    if (slot.key < 0) slot.key = static_cast<int16_t>(i);
    for (size_t dot = path.find('.'); dot != std::string::npos; dot = path.find('.', dot + 1)) {
      if (dot > 0) SlotOf(std::string_view(path).substr(0, dot)).has_members = true;
    }
  }
}

const JsonKeys::Slot* JsonKeys::FindSlot(std::string_view path) const {
  const uint32_t hash = Hash(path);
  for (size_t at = hash & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
    const Slot& slot = slots_[at];
    if (slot.path.empty()) return nullptr;
    if (slot.hash == hash && slot.path == path) return &slot;
  }
}

const JsonKey* JsonKeys::Find(std::string_view path) const {
  const Slot* slot = FindSlot(path);
  return slot != nullptr && slot->key >= 0 ? &keys_[static_cast<size_t>(slot->key)] : nullptr;
}

bool JsonKeys::HasMembers(std::string_view path) const {
  const Slot* slot = FindSlot(path);
  return slot != nullptr && slot->has_members;
}

}  // namespace accesslog
