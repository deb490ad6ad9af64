// One line of each built-in format, all of the same request.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace accesslog {

// Names and lines. The client is 192.0.2.1, the status 404, the time 2023-09-08T16:26:56Z.
inline std::vector<std::pair<std::string, std::string>> FormatSamples() {
  const std::string time = "[08/Sep/2023:12:26:56 -0400]";
  const std::string common = "192.0.2.1 - - " + time + R"( "GET /a HTTP/1.1" 404 512)";
  const std::string combined = common + R"( "https://example.com/" "curl/8.0")";
  return {
      {"common", common},
      {"combined", combined},
      {"vhost_combined", "www.example.com:443 " + combined},
      {"bunkerweb", "www.example.com 192.0.2.1 - 0123abcd - " + time +
                        R"( "GET /a HTTP/1.1" 404 512 "https://example.com/" "curl/8.0")"},
      {"nginx_main", combined + R"( "198.51.100.1")"},
      {"combinedio", combined + " 300 700"},
      {"ingress_nginx",
       combined + " 450 0.005 [default-web-80] [] 10.0.0.1:80 512 0.004 404 0123abcd"},
      {"traefik", combined + R"( 17 "web@docker" "http://10.0.0.1:80" 5ms)"},
      {"nginx_proxy_manager",
       time + R"( - 404 404 - GET https www.example.com "/a" [Client 192.0.2.1] [Length 512] )"
              R"([Gzip -] [Sent-to 10.0.0.1] "curl/8.0" "https://example.com/")"},
      {"nginx_proxy_manager_standard",
       time + R"( 404 - GET https www.example.com "/a" [Client 192.0.2.1] [Length 512] [Gzip -] )"
              R"("curl/8.0" "https://example.com/")"},
      {"haproxy",
       "192.0.2.1:59292 [08/Sep/2023:16:26:56.000] http-in app/s1 0/0/1/2/5 404 512 - - "
       "---- 1/1/0/0/0 0/0 \"GET /a HTTP/1.1\""},
      {"istio",
       R"([2023-09-08T16:26:56.000Z] "GET /a HTTP/1.1" 404 - via_upstream - "-" 0 512 5 4 "-" )"
       R"("curl/8.0" "id" "www.example.com" "10.0.0.1:80" inbound|80|| 127.0.0.6:1 10.0.0.1:80 )"
       R"(192.0.2.1:0 outbound default)"},
      {"envoy",
       R"([2023-09-08T16:26:56.000Z] "GET /a HTTP/1.1" 404 - 0 512 5 4 "192.0.2.1" "curl/8.0" )"
       R"("id" "www.example.com" "10.0.0.1:80")"},
      {"aws_alb",
       R"(https 2023-09-08T16:26:56.000000Z app/lb/1 192.0.2.1:44740 10.0.0.1:80 0.001 0.002 0.003 )"
       R"(404 404 34 512 "GET https://www.example.com:443/a HTTP/1.1" "curl/8.0" )"
       R"(ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn "Root=1" "www.example.com" "arn" 1 )"
       R"(2023-09-08T16:26:56.000000Z "forward" "-" "-" "10.0.0.1:80" "404" "-" "-")"},
      {"aws_elb",
       R"(2023-09-08T16:26:56.000000Z lb 192.0.2.1:44740 10.0.0.1:80 0.001 0.002 0.003 404 404 34 )"
       R"(512 "GET https://www.example.com:443/a HTTP/1.1" "curl/8.0" - -)"},
      {"zoraxy",
       "[2023-09-08 16:26:56.000000] [router:host-http] [origin:www.example.com] [client: "
       "192.0.2.1] "
       "[useragent: curl/8.0] GET /a 404"},
      {"zoraxy_dated",
       "2023/09/08 16:26:56 [2023-09-08 16:26:56.000000] [router:host-http] "
       "[origin:www.example.com] [client: 192.0.2.1] [useragent: curl/8.0] GET /a 404"},
      {"json", R"({"time_iso8601":"2023-09-08T16:26:56+00:00","remote_addr":"192.0.2.1",)"
               R"("request":"GET /a HTTP/1.1","status":404,"http_user_agent":"curl/8.0"})"},
      {"iis",
       "2023-09-08 16:26:56 10.0.0.1 GET /a - 443 - 192.0.2.1 curl/8.0 https://example.com/ 404 0 "
       "2 "
       "5"},
      // With a name it would read the same as combined.
      {"lighttpd", "192.0.2.1 198.51.100.9 - " + time +
                       R"( "GET /a HTTP/1.1" 404 512 "https://example.com/" "curl/8.0")"},
      {"python", R"(192.0.2.1 - - [08/Sep/2023 16:26:56] "GET /a HTTP/1.1" 404 512)"},
  };
}

}  // namespace accesslog
