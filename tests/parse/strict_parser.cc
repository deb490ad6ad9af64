#include "parse/strict_parser.h"

#include <arpa/inet.h>
#include <re2/re2.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <vector>

namespace accesslog {
namespace {

using Json = nlohmann::json;
using Fields = std::map<std::string, std::string>;

std::string OrMissing(const std::string& value) { return value == "-" ? "" : value; }

std::string Canonical(std::string text) {
  if (text.starts_with('[')) text = text.substr(1, text.size() - 2);
  std::array<unsigned char, 16> bytes{};
  std::array<char, INET6_ADDRSTRLEN> written{};
  const int family = text.find(':') == std::string::npos ? AF_INET : AF_INET6;
  if (inet_pton(family, text.c_str(), bytes.data()) != 1) return "";
  return inet_ntop(family, bytes.data(), written.data(), written.size());
}

// With a fraction behind the seconds, and "Z" or "+0000" behind both.
std::optional<Time> TimeOf(const std::string& text, const char* format) {
  std::tm parts{};
  const char* rest = strptime(text.c_str(), format, &parts);
  if (rest == nullptr) return std::nullopt;
  const double fraction = *rest == '.' ? std::strtod(rest, nullptr) : 0;
  return Time{std::chrono::seconds{timegm(&parts)}} +
         std::chrono::milliseconds{static_cast<int>(fraction * 1000 + 1e-6)};
}

// "path?query"
void SetTarget(const std::string& target, ParsedLine& parsed) {
  const size_t question = target.find('?');
  parsed.path = target.substr(0, question);
  if (question != std::string::npos) parsed.query = target.substr(question + 1);
}

void SetMethod(const std::string& method, ParsedLine& parsed) {
  parsed.method_text = method;
  parsed.method = MethodName(MethodFromText(method));
}

// "METHOD target HTTP/x"
void SetRequest(const std::string& request, ParsedLine& parsed) {
  static const RE2::Options kBytes(RE2::Latin1);
  static const RE2 kRequest(R"((?s)([A-Z]+) (.*) (HTTP/[0-9.]+))", kBytes);
  std::string method;
  std::string target;
  parsed.request = request;
  if (!RE2::FullMatch(request, kRequest, &method, &target, &parsed.protocol)) return;
  SetMethod(method, parsed);
  SetTarget(target, parsed);
}

// "METHOD https://host:port/path"
void SetUrlRequest(const std::string& request, ParsedLine& parsed) {
  SetRequest(request, parsed);
  if (parsed.path.find("://") == std::string::npos) return;
  const size_t host = parsed.path.find("://") + 3;
  const size_t path = parsed.path.find('/', host);
  const std::string authority = parsed.path.substr(host, path - host);
  parsed.host = authority.substr(0, authority.find(':'));
  parsed.path = parsed.path.substr(path);
}

void SetClient(const std::string& client, ParsedLine& parsed) {
  parsed.client = client;
  parsed.address = Canonical(client);
}

// Only what the servers below have.
ParsedLine FromFields(const Fields& fields) {
  ParsedLine parsed;
  for (const auto& [name, value] : fields) {
    if (name == "client") SetClient(value, parsed);
    if (name == "user") parsed.user = OrMissing(value);
    if (name == "clf") parsed.time = TimeOf(value, "%d/%b/%Y:%H:%M:%S");
    if (name == "iso") parsed.time = TimeOf(value, "%Y-%m-%dT%H:%M:%S");
    if (name == "date_time") parsed.time = TimeOf(value, "%Y-%m-%d %H:%M:%S");
    if (name == "request") SetRequest(value, parsed);
    if (name == "url_request") SetUrlRequest(value, parsed);
    if (name == "target") SetTarget(value, parsed);
    if (name == "path") parsed.path = value;
    if (name == "query") parsed.query = OrMissing(value);
    if (name == "method") SetMethod(value, parsed);
    if (name == "status") parsed.status = static_cast<uint16_t>(std::stoi(value));
    if (name == "bytes") parsed.bytes = std::stoull(value);
    if (name == "referer") parsed.referer = OrMissing(value);
    if (name == "user_agent") parsed.user_agent = OrMissing(value);
    if (name == "host") parsed.host = value;
    if (name == "ms") parsed.duration = std::stod(value) * 1e-3;
    // -1 is a time that never was.
    const bool seconds = name == "s1" || name == "s2" || name == "s3";
    if (seconds && value != "-1") parsed.duration = parsed.duration.value_or(0) + std::stod(value);
  }
  return parsed;
}

// --- Text ---

const std::string kHost = R"((?P<host>[a-z0-9.]+))";
const std::string kAddress = R"((?P<client>[0-9.]+|[0-9a-f:]+))";
const std::string kStatus = R"((?P<status>[1-5][0-9]{2}))";
const std::string kBytes = R"((?P<bytes>\d{1,18}))";
const std::string kClfTime = R"(\[(?P<clf>\d{2}/[A-Z][a-z]{2}/\d{4}:\d{2}:\d{2}:\d{2}) \+0000\])";

// A text in quotes without quotes in it.
std::string QuotedAs(const std::string& name) { return "\"(?P<" + name + R"re(>[^"]*)")re"; }

const std::map<std::string_view, std::string>& Patterns() {
  static const std::map<std::string_view, std::string> kPatterns = {
      {"haproxy",
       kAddress +
           R"(:\d+ \[(?P<clf>[^ \]]+\.\d{3})\] \S+ \S+ [0-9-]+/[0-9-]+/[0-9-]+/[0-9-]+/\+?(?P<ms>\d+) )" +
           kStatus + " " + kBytes + R"( - - \S{4} [0-9/]+ [0-9/]+ )" + QuotedAs("request")},
      {"envoy", R"(\[(?P<iso>[^ \]]+)Z\] )" + QuotedAs("request") + " " + kStatus + R"( \S+ \d+ )" +
                    kBytes + R"( (?P<ms>\d+) \S+ "[0-9.]+, )" + kAddress + "\" " +
                    QuotedAs("user_agent") + R"( "[^"]*" ")" + kHost + R"(" "[^"]*")"},
      {"aws_alb",
       R"(\S+ (?P<iso>\S+)Z \S+ (?P<client>\S+):\d+ \S+ (?P<s1>-1|[0-9.]+) (?P<s2>-1|[0-9.]+) (?P<s3>-1|[0-9.]+) )" +
           kStatus + R"( (?:\d+|-) \d+ )" + kBytes + " " + QuotedAs("url_request") + " " +
           QuotedAs("user_agent") + R"( \S+ \S+ \S+ "[^"]*" "[^"]*" "[^"]*" \d+ \S+( "[^"]*"){7})"},
      {"traefik", kAddress + R"( - (?P<user>\S+) )" + kClfTime + " " + QuotedAs("request") + " " +
                      kStatus + " " + kBytes + " " + QuotedAs("referer") + " " +
                      QuotedAs("user_agent") + R"( \d+ "[^"]*" "[^"]*" (?P<ms>\d+)ms)"},
      {"nginx_proxy_manager",
       kClfTime + R"( - (?:\d{3}, )*\d{3} )" + kStatus + R"( - (?P<method>[A-Z]+) \S+ )" + kHost +
           " " + QuotedAs("target") + R"( \[Client )" + kAddress + R"(\] \[Length )" + kBytes +
           R"(\] \[Gzip [^\] ]+\] \[Sent-to [^\] ]+\] )" + QuotedAs("user_agent") + " " +
           QuotedAs("referer")},
  };
  return kPatterns;
}

const RE2& RegexOf(std::string_view server) {
  static const auto kRegexes = [] {
    std::map<std::string_view, std::unique_ptr<RE2>> regexes;
    for (const auto& [name, pattern] : Patterns()) {
      regexes[name] = std::make_unique<RE2>(pattern, RE2::Latin1);
    }
    return regexes;
  }();
  return *kRegexes.at(server);
}

std::optional<ParsedLine> FromRegex(const RE2& regex, const std::string& line) {
  const auto count = static_cast<size_t>(regex.NumberOfCapturingGroups());
  std::vector<std::string> values(count);
  std::vector<RE2::Arg> args;
  for (std::string& value : values) args.emplace_back(&value);
  std::vector<const RE2::Arg*> pointers;
  for (const RE2::Arg& arg : args) pointers.push_back(&arg);
  if (!RE2::FullMatchN(line, regex, pointers.data(), static_cast<int>(count))) return std::nullopt;
  Fields fields;
  for (const auto& [name, group] : regex.NamedCapturingGroups()) {
    fields[name] = values[static_cast<size_t>(group) - 1];
  }
  return FromFields(fields);
}

std::optional<ParsedLine> FromIis(const std::string& line) {
  std::vector<std::string> parts;
  std::istringstream in(line);
  for (std::string part; std::getline(in, part, ' ');) parts.push_back(part);
  if (parts.size() != 15 || Canonical(parts[8]).empty()) return std::nullopt;
  return FromFields({{"date_time", parts[0] + " " + parts[1]},
                     {"method", parts[3]},
                     {"path", parts[4]},
                     {"query", parts[5]},
                     {"user", parts[7]},
                     {"client", parts[8]},
                     {"user_agent", parts[9]},
                     {"referer", parts[10]},
                     {"status", parts[11]},
                     {"ms", parts[14]}});
}

// --- JSON ---

std::string Text(const Json& value) {
  if (value.is_array()) return value.empty() ? "" : Text(value[0]);
  if (value.is_null()) return "";
  return OrMissing(value.is_string() ? value.get<std::string>() : value.dump());
}

// "" for a key that is not there.
std::string Value(const Json& json, const char* key) {
  return json.contains(key) ? Text(json[key]) : "";
}

std::string WithoutPort(const std::string& text) { return text.substr(0, text.rfind(':')); }

ParsedLine FromNginx(const Json& json) {
  Fields fields = {{"client", Text(json["remote_addr"])},
                   {"user", Text(json["remote_user"])},
                   {"iso", Text(json["time_iso8601"])},
                   {"request", Text(json["request"])},
                   {"status", Text(json["status"])},
                   {"bytes", Text(json["body_bytes_sent"])},
                   {"s1", Text(json["request_time"])},
                   {"referer", Text(json["http_referer"])},
                   {"user_agent", Text(json["http_user_agent"])}};
  return FromFields(fields);
}

ParsedLine FromCaddy(const Json& json) {
  const Json& request = json["request"];
  const Json& headers = request["headers"];
  ParsedLine parsed = FromFields({{"client", Text(request["client_ip"])},
                                  {"user", Text(json["user_id"])},
                                  {"method", Text(request["method"])},
                                  {"target", Text(request["uri"])},
                                  {"status", Text(json["status"])},
                                  {"bytes", Text(json["size"])},
                                  {"s1", Text(json["duration"])},
                                  {"host", WithoutPort(Text(request["host"]))},
                                  {"referer", Text(headers["Referer"])},
                                  {"user_agent", Text(headers["User-Agent"])}});
  parsed.protocol = Text(request["proto"]);
  parsed.time = Time{std::chrono::milliseconds{std::llround(json["ts"].get<double>() * 1000)}};
  return parsed;
}

ParsedLine FromTraefik(const Json& json) {
  ParsedLine parsed = FromFields({{"client", Text(json["ClientHost"])},
                                  {"iso", Text(json["StartUTC"])},
                                  {"method", Text(json["RequestMethod"])},
                                  {"target", Text(json["RequestPath"])},
                                  {"status", Text(json["DownstreamStatus"])},
                                  {"bytes", Text(json["DownstreamContentSize"])},
                                  {"host", Text(json["RequestHost"])},
                                  {"user", Value(json, "ClientUsername")},
                                  {"referer", Value(json, "request_Referer")},
                                  {"user_agent", Value(json, "request_User-Agent")}});
  parsed.protocol = Text(json["RequestProtocol"]);
  parsed.duration = json["Duration"].get<double>() * 1e-9;
  return parsed;
}

ParsedLine FromEnvoy(const Json& json) {
  ParsedLine parsed = FromFields({{"client", WithoutPort(Text(json["downstream_remote_address"]))},
                                  {"iso", Text(json["start_time"])},
                                  {"method", Text(json["method"])},
                                  {"target", Text(json["x-envoy-origin-path"])},
                                  {"status", Text(json["response_code"])},
                                  {"bytes", Text(json["bytes_sent"])},
                                  {"ms", Text(json["duration"])},
                                  {"host", Text(json[":authority"])},
                                  {"user_agent", Text(json["user-agent"])}});
  parsed.protocol = Text(json["protocol"]);
  return parsed;
}

std::optional<ParsedLine> FromJson(std::string_view server, const std::string& line) {
  const Json json = Json::parse(line, nullptr, false);
  const auto has = [&json](const char* key) { return json.is_object() && json.contains(key); };
  if (server == "caddy" && has("resp_headers")) return FromCaddy(json);
  if (server == "traefik_json" && has("ClientHost")) return FromTraefik(json);
  if (server == "envoy_json" && has("downstream_remote_address")) return FromEnvoy(json);
  if (server == "nginx" && has("remote_addr")) return FromNginx(json);
  return std::nullopt;
}

}  // namespace

std::optional<ParsedLine> StrictParse(std::string_view server, std::string_view line) {
  const std::string text(line);
  if (server == "iis") return FromIis(text);
  if (Patterns().count(server) == 0) return FromJson(server, text);
  return FromRegex(RegexOf(server), text);
}

}  // namespace accesslog
