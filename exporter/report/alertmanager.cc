#include "report/alertmanager.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <memory>

#include "base/result.h"
#include "base/text.h"
#include "report/curl_library.h"

namespace accesslog {
namespace {

constexpr long kConnectSeconds = 5;
constexpr long kSeconds = 10;
// Of an answer that is no success the beginning is told.
constexpr size_t kMostAnswer = 200;
constexpr const char* kPath = "/api/v2/alerts";

// "https://user:password@host:9093/prefix"
struct Url {
  std::string scheme;
  std::string credentials;  // with the '@'; "" for none
  std::string rest;         // host, port and path, without a '/' at the end

  std::string WithoutCredentials() const { return scheme + rest; }
  std::string Whole() const { return scheme + credentials + rest; }
};

bool IsPlain(char c) { return c > ' ' && c < 0x7F && c != '?' && c != '#' && c != '\\'; }

bool IsHost(std::string_view host) {
  if (host.starts_with('[')) return host.size() > 3 && host.ends_with(']');
  return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
    return IsAlpha(c) || IsDigit(c) || c == '.' || c == '-' || c == '_';
  });
}

// The host of "host:9093", "[::1]:9093", "host"; "" if the port is none.
std::string_view HostOf(std::string_view authority) {
  const size_t colon = authority.rfind(':');
  if (colon == std::string_view::npos || authority.ends_with(']')) return authority;
  const auto port = ParseUint(authority.substr(colon + 1));
  return port && *port > 0 && *port < 65536 ? authority.substr(0, colon) : "";
}

std::optional<Url> Split(std::string_view text) {
  Url url;
  for (const char* scheme : {"http://", "https://"}) {
    if (text.starts_with(scheme)) url.scheme = scheme;
  }
  if (url.scheme.empty() || !std::all_of(text.begin(), text.end(), IsPlain)) return std::nullopt;
  text.remove_prefix(url.scheme.size());
  const size_t at = text.substr(0, text.find('/')).rfind('@');
  if (at != std::string_view::npos) {
    url.credentials = text.substr(0, at + 1);
    text.remove_prefix(at + 1);
  }
  if (!IsHost(HostOf(text.substr(0, text.find('/'))))) return std::nullopt;
  while (text.ends_with('/')) text.remove_suffix(1);
  url.rest = text;
  return url;
}

bool IsLoopback(const Url& url) {
  const std::string_view host = HostOf(std::string_view(url.rest).substr(0, url.rest.find('/')));
  return host == "localhost" || host == "[::1]" || host.starts_with("127.");
}

struct Credentials {
  std::string user;
  std::string password;
};

Result<Credentials> ReadCredentials(const std::string& file) {
  std::ifstream stream(file);
  std::string line;
  if (!std::getline(stream, line))
    return Error{"cannot read the credentials in " + Printable(file)};
  if (line.ends_with('\r')) line.pop_back();
  const size_t colon = line.find(':');
  if (colon == std::string::npos) {
    return Error{Printable(file) + " does not hold USER:PASSWORD in its first line"};
  }
  return Credentials{line.substr(0, colon), line.substr(colon + 1)};
}

// At most kMostAnswer bytes; the rest is read and thrown away.
size_t KeepBeginning(char* data, size_t size, size_t count, void* answer) {
  auto& text = *static_cast<std::string*>(answer);
  const size_t bytes = size * count;
  if (text.size() < kMostAnswer) text.append(data, std::min(bytes, kMostAnswer - text.size()));
  return bytes;
}

// Not 0 ends it.
int AskCancelled(void* cancelled, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  const auto& ask = *static_cast<const std::function<bool()>*>(cancelled);
  return ask && ask() ? 1 : 0;
}

// One request and what it needs; ends with it.
class Request {
 public:
  explicit Request(const CurlLibrary& library)
      : library_(library),
        curl_(library.init(), library.cleanup),
        headers_(library.append(nullptr, "Content-Type: application/json"), library.free_all) {}

  Result<void> Post(const AlertmanagerOptions& options, const Url& url, const std::string& body,
                    const std::function<bool()>& cancelled) {
    if (!curl_ || !headers_) return Error{"no memory for a request"};
    // Without it libcurl asks whether it may send, and waits a second for the answer.
    library_.append(headers_.get(), "Expect:");
    if (!options.credentials_file.empty()) {
      const auto credentials = ReadCredentials(options.credentials_file);
      if (!credentials) return credentials.error();
      Set(CURLOPT_USERNAME, credentials->user.c_str());
      Set(CURLOPT_PASSWORD, credentials->password.c_str());
    }
    Address(options, url);
    Limit(cancelled);
    Set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    Set(CURLOPT_POSTFIELDS, body.data());
    return Perform();
  }

 private:
  template <typename Value>
  void Set(CURLoption option, Value value) {
    library_.setopt(curl_.get(), option, value);
  }

  void Address(const AlertmanagerOptions& options, const Url& url) {
    Set(CURLOPT_URL, (url.Whole() + kPath).c_str());
    Set(CURLOPT_HTTPHEADER, headers_.get());
    Set(CURLOPT_PROTOCOLS_STR, "http,https");
    Set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
    // A proxy of the environment is not for this machine, as in Prometheus.
    if (IsLoopback(url)) Set(CURLOPT_NOPROXY, "*");
    if (!options.ca_file.empty()) Set(CURLOPT_CAINFO, options.ca_file.c_str());
  }

  void Limit(const std::function<bool()>& cancelled) {
    Set(CURLOPT_NOSIGNAL, 1L);
    Set(CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
    Set(CURLOPT_TIMEOUT, kSeconds);
    Set(CURLOPT_NOPROGRESS, 0L);
    Set(CURLOPT_XFERINFOFUNCTION, &AskCancelled);
    Set(CURLOPT_XFERINFODATA, &cancelled);
  }

  Result<void> Perform() {
    std::string answer;
    std::array<char, CURL_ERROR_SIZE> why{};
    Set(CURLOPT_WRITEFUNCTION, &KeepBeginning);
    Set(CURLOPT_WRITEDATA, &answer);
    Set(CURLOPT_ERRORBUFFER, why.data());
    const CURLcode code = library_.perform(curl_.get());
    Set(CURLOPT_ERRORBUFFER, static_cast<char*>(nullptr));
    if (code != CURLE_OK) return Error{why[0] != '\0' ? why.data() : library_.strerror(code)};
    long status = 0;
    library_.getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &status);
    if (status >= 200 && status < 300) return {};
    return Error{"it answered " + std::to_string(status) + (answer.empty() ? "" : ": ") +
                 Printable(answer)};
  }

  const CurlLibrary& library_;
  std::unique_ptr<CURL, decltype(CurlLibrary::cleanup)> curl_;
  std::unique_ptr<curl_slist, decltype(CurlLibrary::free_all)> headers_;
};

Result<void> PostTo(const CurlLibrary& library, const AlertmanagerOptions& options,
                    const std::string& text, const std::string& body,
                    const std::function<bool()>& cancelled) {
  const std::optional<Url> url = Split(text);
  if (!url) return Error{WhyNoAlertmanagerUrl(text).value_or("")};
  const auto posted = Request(library).Post(options, *url, body, cancelled);
  if (posted) return {};
  return Error{"the report was not sent to " + url->WithoutCredentials() + ": " +
               posted.error().message};
}

}  // namespace

std::optional<std::string> WhyNoAlertmanagerUrl(const std::string& url) {
  if (Split(url)) return std::nullopt;
  // Not the text itself, which may hold a password.
  return "an Alertmanager's URL must be as \"http://127.0.0.1:9093\", with https and a path where "
         "there are such";
}

SendOutcome PostAlerts(const AlertmanagerOptions& options, const std::string& body,
                       const std::function<bool()>& cancelled) {
  const auto library = CurlLibrary::Load();
  if (!library) return {false, {library.error().message}};
  SendOutcome outcome;
  for (const std::string& url : options.urls) {
    const Result<void> posted = PostTo(**library, options, url, body, cancelled);
    if (posted) {
      outcome.delivered = true;
    } else {
      outcome.errors.push_back(posted.error().message);
    }
  }
  return outcome;
}

}  // namespace accesslog
