// The part of LineGenerator that writes as other servers than Apache and nginx do by default.
#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <map>

#include "base/text.h"
#include "parse/line_generator.h"

namespace accesslog {

struct LineGenerator::Request {
  std::string client;
  std::string user;  // these may be empty, and hold any byte
  std::string path;
  std::string query;
  std::string referer;
  std::string user_agent;
  std::string method;
  std::string host;
  std::time_t time = 0;
  int milliseconds = 0;
  int status = 0;
  uint64_t bytes = 0;
  int duration = 0;  // milliseconds
};

namespace {

std::string OrDash(const std::string& text) { return text.empty() ? "-" : text; }
std::string OrMissing(const std::string& text) { return text == "-" ? "" : text; }

std::string Written(std::time_t time, const char* format) {
  std::tm parts{};
  gmtime_r(&time, &parts);
  std::array<char, 64> text{};
  return {text.data(), std::strftime(text.data(), text.size(), format, &parts)};
}

std::string Printf(const char* format, int number) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), format, number);
  return text.data();
}

std::string Seconds(int milliseconds) {
  return std::to_string(milliseconds / 1000) + "." + Printf("%03d", milliseconds % 1000);
}

template <typename Escape>
std::string Escaped(const std::string& text, const Escape& escape) {
  std::string escaped;
  for (const char c : text) escaped += escape(c);
  return escaped;
}

bool IsPlain(char c) { return c > ' ' && c <= '~' && c != '"' && c != '\\'; }

// nginx and the load balancers of AWS.
std::string Hexed(const std::string& text) {
  return Escaped(text, [](char c) {
    return IsPlain(c) || c == ' ' ? std::string(1, c) : Printf("\\x%02X", static_cast<uint8_t>(c));
  });
}

// HAProxy.
std::string Hashed(const std::string& text) {
  return Escaped(text, [](char c) {
    const bool plain =
        IsPlain(c) && std::string_view("#{}|<>%^~[]`").find(c) == std::string_view::npos;
    return plain ? std::string(1, c) : Printf("#%02X", static_cast<uint8_t>(c));
  });
}

// IIS.
std::string WithPlus(const std::string& text) {
  return Escaped(text, [](char c) {
    return std::string(1, static_cast<uint8_t>(c) <= ' ' || c == '\x7F' ? '+' : c);
  });
}

// What a client sends to servers that refuse all else.
std::string UrlEncoded(const std::string& text) {
  return Escaped(text, [](char c) {
    return IsPlain(c) ? std::string(1, c) : Printf("%%%02X", static_cast<uint8_t>(c));
  });
}

// Bytes that are no UTF-8 as U+FFFD.
std::string Utf8(const std::string& text) {
  std::string valid;
  for (size_t i = 0; i < text.size();) {
    const size_t length = ValidUtf8Prefix(std::string_view(text).substr(i));
    valid += text.substr(i, length);
    i += length;
    if (i == text.size()) break;
    valid += "\xEF\xBF\xBD";
    ++i;
  }
  return valid;
}

std::string JsonString(const std::string& text) {
  return "\"" +
         Escaped(text,
                 [](char c) {
                   if (c == '"' || c == '\\') return std::string{'\\', c};
                   if (static_cast<uint8_t>(c) < ' ') return Printf("\\u%04x", c);
                   return std::string(1, c);
                 }) +
         "\"";
}

std::string Member(const std::string& key, const std::string& value) {
  return "\"" + key + "\":" + value;
}

std::string Object(const std::vector<std::string>& members) {
  std::string object = "{";
  for (const std::string& member : members) object += (object.size() > 1 ? "," : "") + member;
  return object + "}";
}

std::string WithQuery(const std::string& path, const std::string& query) {
  return query.empty() ? path : path + "?" + query;
}

}  // namespace

LineGenerator::Request LineGenerator::AnyRequest() {
  // A '?' would begin a query.
  const auto sent = [this] {
    std::string text = OneIn(2) ? SentText() : "";
    std::replace(text.begin(), text.end(), '?', '!');
    return text;
  };
  Request request;
  request.client = OneIn(4) ? "2001:db8::" + std::to_string(1 + Below(9))
                            : "192.0.2." + std::to_string(Below(256));
  request.user = OneIn(3) ? sent() : "";
  request.path = "/" + sent();
  request.query = sent();
  request.referer = OrMissing(sent());
  request.user_agent = OrMissing(sent());
  request.method = OneOf<std::string>({"GET", "POST", "HEAD", "PROPFIND"});
  request.host = OneOf<std::string>({"www.example.com", "198.51.100.1", "example.org"});
  request.time = static_cast<std::time_t>(86400 + Below(4000000000));
  request.milliseconds = static_cast<int>(Below(1000));
  request.status = static_cast<int>(100 + Below(500));
  request.bytes = Below(1000000);
  request.duration = static_cast<int>(Below(100000));
  return request;
}

namespace {

// What every server tells; the texts as it escapes them come later.
template <typename Request>
GeneratedLine Plain(const Request& request) {
  GeneratedLine line;
  line.truth.client = line.truth.address = request.client;
  line.truth.method_text = request.method;
  line.truth.method = request.method == "PROPFIND" ? "other" : request.method;
  line.truth.status = static_cast<uint16_t>(request.status);
  line.truth.bytes = request.bytes;
  line.truth.time = Time{std::chrono::seconds{request.time}};
  return line;
}

std::string Bracketed(const std::string& client) {
  return client.find(':') == std::string::npos ? client : "[" + client + "]";
}

template <typename Request>
void SetRequest(const Request& request, const std::string& path, const std::string& query,
                ParsedLine& truth) {
  truth.path = path;
  truth.query = query;
  truth.protocol = "HTTP/1.1";
  truth.request = request.method + " " + WithQuery(path, query) + " HTTP/1.1";
}

}  // namespace

GeneratedLine LineGenerator::Iis(const Request& request) {
  GeneratedLine line = Plain(request);
  ParsedLine& truth = line.truth;
  truth.user = OrMissing(WithPlus(request.user));
  truth.path = WithPlus(request.path);
  truth.query = OrMissing(WithPlus(request.query));
  truth.user_agent = OrMissing(WithPlus(request.user_agent));
  truth.referer = OrMissing(WithPlus(request.referer));
  truth.bytes = std::nullopt;
  truth.duration = request.duration * 1e-3;
  line.text = Written(request.time, "%Y-%m-%d %H:%M:%S") + " 10.0.0.1 " + request.method + " " +
              truth.path + " " + OrDash(truth.query) + " 443 " + OrDash(truth.user) + " " +
              request.client + " " + OrDash(truth.user_agent) + " " + OrDash(truth.referer) + " " +
              std::to_string(request.status) + " 0 0 " + std::to_string(request.duration);
  return line;
}

GeneratedLine LineGenerator::Haproxy(const Request& request) {
  GeneratedLine line = Plain(request);
  SetRequest(request, Hashed(request.path), Hashed(request.query), line.truth);
  *line.truth.time += Duration{request.milliseconds};
  line.truth.duration = request.duration * 1e-3;
  line.text = request.client + ":59292 [" + Written(request.time, "%d/%b/%Y:%H:%M:%S") +
              Printf(".%03d", request.milliseconds) + "] http-in~ app/s1 0/0/-1/2/" +
              (request.duration % 7 == 0 ? "+" : "") + std::to_string(request.duration) + " " +
              std::to_string(request.status) + " " + std::to_string(request.bytes) +
              " - - ---- 1/1/0/0/0 0/0 \"" + line.truth.request + "\"";
  return line;
}

GeneratedLine LineGenerator::Envoy(const Request& request) {
  GeneratedLine line = Plain(request);
  ParsedLine& truth = line.truth;
  SetRequest(request, UrlEncoded(request.path), UrlEncoded(request.query), truth);
  *truth.time += Duration{request.milliseconds};
  truth.duration = request.duration * 1e-3;
  truth.user_agent = OrMissing(UrlEncoded(request.user_agent));
  truth.host = request.host;
  line.text = "[" + Written(request.time, "%Y-%m-%dT%H:%M:%S") +
              Printf(".%03dZ", request.milliseconds) + "] \"" + truth.request + "\" " +
              std::to_string(request.status) + " - 0 " + std::to_string(request.bytes) + " " +
              std::to_string(request.duration) + " - \"198.51.100.7, " + request.client + "\" \"" +
              OrDash(truth.user_agent) + "\" \"id\" \"" + request.host + "\" \"10.0.0.1:80\"";
  return line;
}

GeneratedLine LineGenerator::AwsAlb(const Request& request) {
  GeneratedLine line = Plain(request);
  ParsedLine& truth = line.truth;
  const std::string path = Hexed(request.path);
  const std::string query = Hexed(request.query);
  truth.path = path;
  truth.query = query;
  truth.protocol = "HTTP/1.1";
  truth.host = request.host;
  truth.request =
      request.method + " https://" + request.host + ":443" + WithQuery(path, query) + " HTTP/1.1";
  truth.user_agent = OrMissing(Hexed(request.user_agent));
  truth.duration = 0.0 + 0.25 + request.duration / 1e3 + 0.5;
  // Without brackets: eight groups and the port.
  if (request.client.find(':') != std::string::npos) {
    truth.client = "2001:db8:0:0:0:0:0:" + request.client.substr(request.client.size() - 1);
  }
  line.text =
      "h2 " + Written(request.time, "%Y-%m-%dT%H:%M:%S.000000Z") + " app/lb/1 " + truth.client +
      ":4474 10.0.0.1:80 0.250 " + Seconds(request.duration) + " 0.500 " +
      std::to_string(request.status) + " 200 34 " + std::to_string(request.bytes) + " \"" +
      truth.request + "\" \"" + OrDash(truth.user_agent) + "\" ECDHE TLSv1.2 arn \"Root=1\" \"" +
      request.host +
      "\" \"arn\" 1 2023-09-08T16:26:56.000000Z \"waf,forward\" \"-\" \"-\" \"10.0.0.1:80\" "
      "\"200\" \"-\" \"-\"";
  return line;
}

GeneratedLine LineGenerator::Traefik(const Request& request) {
  GeneratedLine line = Plain(request);
  ParsedLine& truth = line.truth;
  SetRequest(request, UrlEncoded(request.path), UrlEncoded(request.query), truth);
  truth.user = OrMissing(UrlEncoded(request.user));
  truth.referer = OrMissing(UrlEncoded(request.referer));
  truth.user_agent = OrMissing(UrlEncoded(request.user_agent));
  truth.duration = request.duration * 1e-3;
  line.text = request.client + " - " + OrDash(truth.user) + " [" +
              Written(request.time, "%d/%b/%Y:%H:%M:%S +0000") + "] \"" + truth.request + "\" " +
              std::to_string(request.status) + " " + std::to_string(request.bytes) + " \"" +
              OrDash(truth.referer) + "\" \"" + OrDash(truth.user_agent) +
              "\" 17 \"web@docker\" \"http://10.0.0.1:80\" " + std::to_string(request.duration) +
              "ms";
  return line;
}

GeneratedLine LineGenerator::NginxProxyManager(const Request& request) {
  GeneratedLine line = Plain(request);
  ParsedLine& truth = line.truth;
  truth.path = Hexed(request.path);
  truth.query = Hexed(request.query);
  truth.host = request.host;
  truth.user_agent = OrMissing(Hexed(request.user_agent));
  truth.referer = OrMissing(Hexed(request.referer));
  const std::string status = std::to_string(request.status);
  line.text = "[" + Written(request.time, "%d/%b/%Y:%H:%M:%S +0000") + "] - " +
              (request.status % 5 == 0 ? "502, " : "") + status + " " + status + " - " +
              request.method + " https " + request.host + " \"" +
              WithQuery(truth.path, truth.query) + "\" [Client " + request.client + "] [Length " +
              std::to_string(request.bytes) + "] [Gzip -] [Sent-to 10.0.0.1] \"" +
              OrDash(truth.user_agent) + "\" \"" + OrDash(truth.referer) + "\"";
  return line;
}

GeneratedLine LineGenerator::NginxJson(const Request& request) {
  GeneratedLine line = Plain(request);
  ParsedLine& truth = line.truth;
  // nginx leaves bytes that are no UTF-8 as they are; the request is escaped only once.
  const std::string target = WithQuery(request.path, request.query);
  const std::string protocol = " HTTP/1.1";
  SetRequest(request, Utf8(request.path), Utf8(request.query), truth);
  truth.user = OrMissing(Utf8(request.user));
  truth.user_agent = OrMissing(Utf8(request.user_agent));
  truth.referer = OrMissing(Utf8(request.referer));
  truth.duration = std::stod(Seconds(request.duration));
  line.text = Object(
      {Member("time_iso8601", "\"" + Written(request.time, "%Y-%m-%dT%H:%M:%S+00:00") + "\""),
       Member("remote_addr", "\"" + request.client + "\""),
       Member("remote_user", JsonString(request.user)),
       Member("request", JsonString(request.method + " " + target + protocol)),
       Member("status", "\"" + std::to_string(request.status) + "\""),
       Member("body_bytes_sent", std::to_string(request.bytes)),
       Member("request_time", Seconds(request.duration)),
       Member("http_referer", JsonString(request.referer)),
       Member("http_user_agent", JsonString(request.user_agent))});
  return line;
}

GeneratedLine LineGenerator::CaddyJson(const Request& request) {
  GeneratedLine line = Plain(request);
  ParsedLine& truth = line.truth;
  truth.path = Utf8(request.path);
  truth.query = OrMissing(Utf8(request.query));
  if (truth.query.empty()) truth.query = "q";
  truth.protocol = "HTTP/2.0";
  truth.user = OrMissing(Utf8(request.user));
  truth.user_agent = OrMissing(Utf8(request.user_agent));
  truth.referer = OrMissing(Utf8(request.referer));
  truth.host = request.host;
  truth.duration = std::stod(Seconds(request.duration));
  const std::string headers =
      Object({Member("User-Agent", "[" + JsonString(truth.user_agent) + ",\"x\"]"),
              Member("Status", "[\"200\"]"), Member("Remote_ip", "[\"198.51.100.9\"]"),
              Member("Referer", "[" + JsonString(truth.referer) + "]")});
  const std::string inner = Object(
      {Member("remote_ip", "\"10.0.0.1\""), Member("client_ip", "\"" + request.client + "\""),
       Member("proto", "\"HTTP/2.0\""), Member("method", "\"" + request.method + "\""),
       Member("host", "\"" + request.host + ":443\""),
       Member("uri", JsonString(WithQuery(truth.path, truth.query))), Member("headers", headers)});
  line.text = Object({Member("level", "\"info\""),
                      Member("ts", std::to_string(request.time) + ".0"), Member("request", inner),
                      Member("bytes_read", "0"), Member("user_id", JsonString(truth.user)),
                      Member("duration", Seconds(request.duration)),
                      Member("size", std::to_string(request.bytes)),
                      Member("status", std::to_string(request.status)),
                      Member("resp_headers", "{\"Status\":[\"200\"]}")});
  return line;
}

GeneratedLine LineGenerator::TraefikJson(const Request& request) {
  GeneratedLine line = Plain(request);
  ParsedLine& truth = line.truth;
  truth.path = Utf8(request.path);
  truth.query = Utf8(request.query);
  truth.protocol = "HTTP/1.1";
  truth.user_agent = OrMissing(Utf8(request.user_agent));
  truth.host = request.host;
  truth.duration = request.duration * 1e6 * 1e-9;
  line.text =
      Object({Member("ClientHost", "\"" + request.client + "\""),
              Member("DownstreamContentSize", std::to_string(request.bytes)),
              Member("DownstreamStatus", std::to_string(request.status)),
              Member("Duration", std::to_string(request.duration * int64_t{1000000})),
              Member("OriginStatus", "200"), Member("RequestHost", "\"" + request.host + "\""),
              Member("RequestMethod", "\"" + request.method + "\""),
              Member("RequestPath", JsonString(WithQuery(truth.path, truth.query))),
              Member("RequestProtocol", "\"HTTP/1.1\""),
              Member("StartUTC", "\"" + Written(request.time, "%Y-%m-%dT%H:%M:%SZ") + "\""),
              Member("request_Line", "\"POST /forged HTTP/1.0\""),
              Member("request_User-Agent", JsonString(truth.user_agent))});
  return line;
}

GeneratedLine LineGenerator::EnvoyJson(const Request& request) {
  GeneratedLine line = Plain(request);
  ParsedLine& truth = line.truth;
  truth.client = Bracketed(request.client);
  truth.path = Utf8(request.path);
  truth.query = Utf8(request.query);
  truth.protocol = "HTTP/2";
  truth.user_agent = OrMissing(Utf8(request.user_agent));
  truth.host = request.host;
  truth.duration = request.duration * 1e-3;
  line.text =
      Object({Member(":authority", "\"" + request.host + "\""),
              Member("bytes_sent", std::to_string(request.bytes)),
              Member("downstream_remote_address", "\"" + truth.client + ":59292\""),
              Member("duration", std::to_string(request.duration)),
              Member("method", "\"" + request.method + "\""), Member("protocol", "\"HTTP/2\""),
              Member("requested_server_name", "null"),
              Member("response_code", std::to_string(request.status)),
              Member("start_time", "\"" + Written(request.time, "%Y-%m-%dT%H:%M:%S.000Z") + "\""),
              Member("user-agent", JsonString(truth.user_agent)),
              Member("x-envoy-origin-path", JsonString(WithQuery(truth.path, truth.query))),
              Member("x-forwarded-for", "\"198.51.100.9\"")});
  return line;
}

std::vector<std::string> LineGenerator::Servers() {
  return {"iis",   "haproxy", "envoy",        "aws_alb",   "traefik", "nginx_proxy_manager",
          "nginx", "caddy",   "traefik_json", "envoy_json"};
}

std::string LineGenerator::FormatOf(std::string_view server) {
  const bool json = server == "nginx" || server == "caddy" || server.ends_with("_json");
  return json ? "json" : std::string(server);
}

GeneratedLine LineGenerator::ServerLine(std::string_view server) {
  using Writer = GeneratedLine (*)(const Request&);
  static const std::map<std::string_view, Writer> kWriters = {
      {"iis", Iis},
      {"haproxy", Haproxy},
      {"envoy", Envoy},
      {"aws_alb", AwsAlb},
      {"traefik", Traefik},
      {"nginx_proxy_manager", NginxProxyManager},
      {"nginx", NginxJson},
      {"caddy", CaddyJson},
      {"traefik_json", TraefikJson},
      {"envoy_json", EnvoyJson}};
  return kWriters.at(server)(AnyRequest());
}

std::string LineGenerator::DamagedServerLine(std::string_view server) {
  std::string line = ServerLine(server).text;
  for (size_t wounds = 1 + Below(3); wounds > 0; --wounds) Wound(line);
  return line;
}

}  // namespace accesslog
