// Access log lines as servers write them for hostile clients, each with what it must parse to; and
// the same lines damaged in ways that files suffer. The same seed gives the same lines everywhere.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "parse/parsed_line.h"

namespace accesslog {

struct GeneratedLine {
  std::string text;
  ParsedLine truth;
};

class LineGenerator {
 public:
  explicit LineGenerator(uint64_t seed) : random_(seed) {}

  // A line of the built-in format `format`; what clients sent is escaped, as Apache, nginx or a
  // server that only escapes quotes and backslashes would.
  GeneratedLine Line(std::string_view format);

  // A line as the server of that name writes it: iis, haproxy, envoy, aws_alb, traefik,
  // nginx_proxy_manager; and in JSON nginx, caddy, traefik_json, envoy_json.
  GeneratedLine ServerLine(std::string_view server);
  std::string DamagedServerLine(std::string_view server);
  static std::vector<std::string> Servers();
  // The built-in format that reads the lines of `server`.
  static std::string FormatOf(std::string_view server);

  // The same, carried in what Windows, editors, spreadsheets and copytruncate put around a line, or
  // with one more field at its end.
  GeneratedLine CarriedLine(std::string_view format);

  // A line of any format with up to three wounds: cut, bytes changed, lost or doubled, quotes put
  // in. Or something else altogether.
  std::string Damaged();

 private:
  enum class Escaping { kApache, kNginx, kQuotesOnly };

  size_t Below(size_t bound) { return random_() % bound; }
  bool OneIn(size_t chance) { return Below(chance) == 0; }
  template <typename T>
  T OneOf(const std::vector<T>& choices) {
    return choices[Below(choices.size())];
  }
  std::string Escape(std::string_view sent, Escaping escaping);
  std::string RandomBytes(size_t count);
  std::string SentText();
  struct Request;  // one request, before any server has written it down
  Request AnyRequest();
  static GeneratedLine Iis(const Request& request);
  static GeneratedLine Haproxy(const Request& request);
  static GeneratedLine Envoy(const Request& request);
  static GeneratedLine AwsAlb(const Request& request);
  static GeneratedLine Traefik(const Request& request);
  static GeneratedLine NginxProxyManager(const Request& request);
  static GeneratedLine NginxJson(const Request& request);
  static GeneratedLine CaddyJson(const Request& request);
  static GeneratedLine TraefikJson(const Request& request);
  static GeneratedLine EnvoyJson(const Request& request);
  void AddHost(GeneratedLine& line);
  void AddClient(GeneratedLine& line);
  void AddUser(GeneratedLine& line, Escaping escaping);
  void AddTime(GeneratedLine& line);
  void AddRequest(GeneratedLine& line, Escaping escaping);
  void AddStatus(GeneratedLine& line);
  void AddBytes(GeneratedLine& line);
  void Wound(std::string& line);

  std::mt19937_64 random_;
};

}  // namespace accesslog
