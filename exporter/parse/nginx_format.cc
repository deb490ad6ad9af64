#include "parse/nginx_format.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"
#include "parse/server_config.h"
#include "parse/spec_builder.h"

namespace accesslog {
namespace {

struct Variable {
  std::string_view name;
  Field field;
  int rank;  // see SpecBuilder::Add
};

// Where the client's address stands more than once, that of the connection (or what the realip
// module made of it) is worth more than a header, which anybody may send. Headers of proxies are kept
// beside it.
constexpr std::array<Variable, 34> kVariables = {{
    {"remote_addr", Field::kClient, 0},
    {"proxy_protocol_addr", Field::kClient, 1},
    {"realip_remote_addr", Field::kClient, 2},
    {"http_true_client_ip", Field::kForwardedFor, 4},
    {"http_x_client_ip", Field::kForwardedFor, 4},
    {"http_x_real_ip", Field::kXRealIp, 0},
    {"http_cf_connecting_ip", Field::kCfConnectingIp, 0},
    {"proxy_add_x_forwarded_for", Field::kXForwardedFor, 0},
    {"http_x_forwarded_for", Field::kXForwardedFor, 1},
    {"http_forwarded", Field::kForwarded, 0},
    {"the_real_ip", Field::kClient, 1},  // of the ingress controller
    {"remote_user", Field::kUser, 0},
    {"time_local", Field::kTime, 0},
    {"time_iso8601", Field::kTimeIso, 1},
    {"msec", Field::kTimeEpoch, 2},
    {"request", Field::kRequest, 0},
    {"request_method", Field::kMethod, 0},
    {"request_uri", Field::kTarget, 0},
    {"uri", Field::kPath, 0},
    {"document_uri", Field::kPath, 1},
    {"args", Field::kQuery, 0},
    {"query_string", Field::kQuery, 1},
    {"server_protocol", Field::kProtocol, 0},
    {"status", Field::kStatus, 0},
    {"body_bytes_sent", Field::kBytes, 0},
    {"bytes_sent", Field::kBytes, 1},
    {"request_time", Field::kDurationS, 0},
    {"http_referer", Field::kReferer, 0},
    {"http_user_agent", Field::kUserAgent, 0},
    {"host", Field::kHostPort, 0},
    {"http_host", Field::kHostPort, 1},
    {"server_name", Field::kHostPort, 2},
    {"ssl_server_name", Field::kHostPort, 3},
    {"ssl_preread_server_name", Field::kHostPort, 3},
}};

bool IsNameChar(char c) { return IsAlpha(c) || IsDigit(c) || c == '_'; }

std::optional<Escape> EscapeFromName(std::string_view name) {
  if (name == "default") return Escape::kBackslash;
  if (name == "json") return Escape::kJson;
  if (name == "none") return Escape::kNone;
  return std::nullopt;
}

struct FormatText {
  std::string format;
  Escape escape = Escape::kBackslash;
};

constexpr std::string_view kDirective = "log_format";
constexpr std::string_view kEscape = "escape=";

Result<FormatText> Join(const std::vector<std::string>& words, size_t first) {
  FormatText text;
  if (first < words.size() && words[first].starts_with(kEscape)) {
    const std::string_view name = std::string_view(words[first++]).substr(kEscape.size());
    const auto escape = EscapeFromName(name);
    if (!escape) {
      return Error{"escape=" + Printable(name) +
                   " is unknown to nginx; it knows default, json, none"};
    }
    text.escape = *escape;
  }
  for (size_t i = first; i < words.size(); ++i) text.format += words[i];
  return text;
}

// The string, or the strings, in their quotes; but a format may itself begin with a double quote.
bool IsQuoted(std::string_view text) {
  if (text.starts_with('\'')) return true;
  return text.starts_with('"') && text.find("\\\"") != std::string_view::npos;
}

Result<FormatText> ReadText(std::string_view text) {
  text = TrimComments(text);
  if (text.starts_with(kDirective)) {
    const auto words = ConfigWords(text.substr(kDirective.size()));
    return Join(words, 1);  // behind the name
  }
  if (IsQuoted(text)) return Join(ConfigWords(text), 0);
  if (text.starts_with(kEscape)) {
    const size_t end = std::min(text.find_first_of(" \t\n"), text.size());
    const std::string_view rest = TrimBlanks(text.substr(end));
    if (IsQuoted(rest)) return Join(ConfigWords(text), 0);
    return Join({std::string(text.substr(0, end)), WithoutEscapes(rest)}, 0);
  }
  return FormatText{WithoutEscapes(text)};
}

// The name behind a '$', with or without braces; takes it off `rest`.
std::string_view TakeVariable(std::string_view& rest) {
  const bool braces = rest.starts_with('{');
  if (braces) rest.remove_prefix(1);
  const auto end = std::find_if_not(rest.begin(), rest.end(), IsNameChar);
  const std::string_view name = rest.substr(0, static_cast<size_t>(end - rest.begin()));
  rest.remove_prefix(name.size());
  if (braces && rest.starts_with('}')) rest.remove_prefix(1);
  return name;
}

void AddVariable(std::string_view name, Escape escape, SpecBuilder& spec) {
  // $uri$is_args$args, of which nginx writes the last one as '-' where there is no query.
  if (name == "is_args" && spec.ExtendPathToTarget()) return;
  const bool dash = escape == Escape::kBackslash;
  const bool query = name == "args" || name == "query_string";
  if (query && spec.ExtendPathToTarget(dash ? Field::kTargetOrDash : Field::kTarget)) return;
  const std::string shown = "$" + std::string(name);
  const auto* known = std::find_if(kVariables.begin(), kVariables.end(),
                                   [name](const Variable& v) { return v.name == name; });
  if (known != kVariables.end()) return spec.Add(known->field, known->rank, shown);
  spec.Add(name.starts_with("upstream_") ? Field::kIgnoredList : Field::kIgnored, 0, shown);
}

}  // namespace

Result<FormatSpec> CompileNginxFormat(std::string_view text) {
  const auto format = ReadText(text);
  if (!format) return format.error();
  SpecBuilder spec(format->escape);
  for (std::string_view rest = format->format; !rest.empty();) {
    const size_t dollar = std::min(rest.find('$'), rest.size());
    spec.AddText(rest.substr(0, dollar));
    rest.remove_prefix(dollar);
    if (rest.empty()) break;
    rest.remove_prefix(1);
    const std::string_view name = TakeVariable(rest);
    if (name.empty()) return Error{"a '$' without the name of a variable behind it"};
    AddVariable(name, format->escape, spec);
  }
  return spec.Finish();
}

}  // namespace accesslog
