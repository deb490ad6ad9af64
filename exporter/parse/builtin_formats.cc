#include "parse/builtin_formats.h"

#include <algorithm>
#include <array>

#include "parse/description.h"
#include "parse/json_format.h"
#include "parse/line_format.h"
#include "parse/w3c_format.h"

namespace accesslog {
namespace {

struct Description {
  std::string_view name;
  std::string_view text;
  std::string_view time_pattern = {};
};

constexpr std::string_view kPythonTime = "%d/%b/%Y %H:%M:%S";
constexpr std::string_view kHaproxyTime = "%d/%b/%Y:%H:%M:%S.%f";

constexpr std::array<Description, 19> kDescriptions = {{
    // https://github.com/bunkerity/bunkerweb
    {"bunkerweb",
     R"($host_port $client - $ignored $user [$time] "$request" $status $bytes "$referer" "$user_agent")"},
    {"vhost_combined",
     R"($host_port $client $ident $user [$time] "$request" $status $bytes "$referer" "$user_agent")"},
    // The controller of Kubernetes: https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/log-format/
    {"ingress_nginx",
     R"($client $ident $user [$time] "$request" $status $bytes "$referer" "$user_agent" $ignored $duration_s [$ignored] [$ignored] $ignored_list $ignored_list $ignored_list $ignored_list $ignored)"},
    // https://doc.traefik.io/traefik/observe/logs-and-access-logs/
    {"traefik",
     R"($client $ident $user [$time] "$request" $status $bytes "$referer" "$user_agent" $ignored "$ignored" "$ignored" $duration_text)"},
    {"combined",
     R"($client $ident $user [$time] "$request" $status $bytes "$referer" "$user_agent")"},
    // nginx.conf of nginx.org: combined and X-Forwarded-For.
    {"nginx_main",
     R"($client $ident $user [$time] "$request" $status $bytes "$referer" "$user_agent" "$x_forwarded_for")"},
    // Apache's combinedio: %I and %O.
    {"combinedio",
     R"($client $ident $user [$time] "$request" $status $bytes "$referer" "$user_agent" $ignored_number $ignored_number)"},
    {"common", R"($client $ident $user [$time] "$request" $status $bytes)"},
    // lighttpd's default: combined, with the virtual host where the ident was. Most lines read the same
    // as combined; the host may be an address, however, and an ident may not.
    {"lighttpd",
     R"($client $host_port $user [$time] "$request" $status $bytes "$referer" "$user_agent")"},
    // http.server of Python, Flask's server: common with another time, in local time.
    {"python", R"($client $ident $user [$time_pattern] "$request" $status $bytes)", kPythonTime},
    // https://nginxproxymanager.com: the log of a proxy host, and that of the others.
    {"nginx_proxy_manager",
     R"([$time] $ignored_list $ignored_list $status - $method $ignored $host_port "$target" [Client $client] [Length $bytes] [Gzip $ignored] [Sent-to $ignored] "$user_agent" "$referer")"},
    {"nginx_proxy_manager_standard",
     R"([$time] $status - $method $ignored $host_port "$target" [Client $client] [Length $bytes] [Gzip $ignored] "$user_agent" "$referer")"},
    // https://docs.haproxy.org/2.8/configuration.html#8.2.3: behind the connection counts there may be
    // captured headers.
    {"haproxy",
     R"($client_port [$time_pattern] $ignored $ignored $ignored/$ignored/$ignored/$ignored/$duration_ms $status $bytes $ignored $ignored $ignored $ignored $ignored "$request")",
     kHaproxyTime},
    // https://istio.io/latest/docs/tasks/observability/logs/access-log/: Envoy's with more behind it.
    {"istio",
     R"([$time_iso] "$request" $status $ignored $ignored $ignored "$ignored" $ignored $bytes $duration_ms $ignored "$x_forwarded_for" "$user_agent" "$ignored" "$host_port" "$ignored" $ignored $ignored $ignored $client_port $ignored $ignored)"},
    // https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#default-format-string
    {"envoy",
     R"([$time_iso] "$request" $status $ignored $ignored $bytes $duration_ms $ignored "$forwarded_for" "$user_agent" "$ignored" "$host_port" "$ignored")"},
    // AWS writes most between blanks, as in any text; its time tells it from others.
    // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
    {"aws_alb",
     R"($ignored $time_iso_only $ignored $client_port $ignored $duration_s $duration_s $duration_s $status $ignored $ignored $bytes "$request_url" "$user_agent" $ignored $ignored $ignored "$ignored" "$host_port" "$ignored" $ignored $ignored "$ignored" "$ignored" "$ignored" "$ignored" "$ignored" "$ignored" "$ignored")"},
    // https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/access-log-collection.html
    {"aws_elb",
     R"($time_iso_only $ignored $client_port $ignored $duration_s $duration_s $duration_s $status $ignored $ignored $bytes "$request_url" "$user_agent" $ignored $ignored)"},
    // https://zoraxy.aroz.org
    {"zoraxy",
     R"([$time_iso] [router:$ignored] [origin:$host_port] [client: $client] [useragent: $user_agent] $method $target $status)"},
    // The same behind the time that Go's log package writes.
    {"zoraxy_dated",
     R"($ignored $ignored [$time_iso] [router:$ignored] [origin:$host_port] [client: $client] [useragent: $user_agent] $method $target $status)"},
}};

struct Alias {
  std::string_view other;
  std::string_view name;
};
constexpr std::array<Alias, 8> kAliases = {{{"w3c", "iis"},
                                            {"cloudfront", "iis"},
                                            {"caddy", "json"},
                                            {"litespeed", "combined"},
                                            {"openlitespeed", "combined"},
                                            {"npm", "nginx_proxy_manager"},
                                            {"alb", "aws_alb"},
                                            {"elb", "aws_elb"}}};

FormatPtr Compile(const Description& description) {
  auto spec = *CompileDescription(description.text);
  spec.time_pattern = description.time_pattern;
  return *LineFormat::Compile(spec);
}

std::vector<BuiltinFormat> CompileAll() {
  std::vector<BuiltinFormat> formats;
  formats.reserve(kDescriptions.size() + 2);
  for (const Description& description : kDescriptions) {
    formats.push_back({description.name, Compile(description)});
  }
  formats.push_back({"json", *JsonFormat::Compile("")});
  // The last, for its default fields are names between blanks: many a line would do.
  formats.push_back({"iis", W3cFormat::Create()});
  return formats;
}

}  // namespace

const std::vector<BuiltinFormat>& BuiltinFormats() {
  static const std::vector<BuiltinFormat> formats = CompileAll();
  return formats;
}

FormatPtr FindBuiltinFormat(std::string_view name) {
  for (const Alias& alias : kAliases) {
    if (alias.other == name) name = alias.name;
  }
  const auto& formats = BuiltinFormats();
  const auto found = std::find_if(formats.begin(), formats.end(),
                                  [name](const BuiltinFormat& f) { return f.name == name; });
  return found == formats.end() ? nullptr : found->format;
}

std::vector<std::string> FormatNames() {
  std::vector<std::string> names = {"auto"};
  for (const BuiltinFormat& format : BuiltinFormats()) names.emplace_back(format.name);
  return names;
}

std::string_view BuiltinDescription(std::string_view name) {
  const auto* found = std::find_if(kDescriptions.begin(), kDescriptions.end(),
                                   [name](const Description& d) { return d.name == name; });
  return found == kDescriptions.end() ? std::string_view() : found->text;
}

}  // namespace accesslog
