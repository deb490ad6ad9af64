#include "report/alertmanager.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <memory>

#include "base/result.h"
#include "base/text.h"

namespace accesslog {
namespace {

constexpr long kConnectSeconds = 5;
constexpr long kSeconds = 10;
// Of an answer that is no success the beginning is told.
constexpr size_t kMostAnswer = 200;
constexpr const char* kPath = "/api/v2/alerts";

struct Parts {
  std::string base;  // without credentials
  std::string user;  // "" for none
  std::string password;
  bool is_loopback = false;
};

std::string PartOf(CURLU* url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK || text == nullptr) return "";
  std::string copy(text);
  curl_free(text);
  return copy;
}

using Url = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

std::optional<Parts> Split(const std::string& text) {
  const Url url(curl_url(), &curl_url_cleanup);
  if (!url || curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) {
    return std::nullopt;
  }
  Parts parts;
  parts.user = PartOf(url.get(), CURLUPART_USER, CURLU_URLDECODE);
  parts.password = PartOf(url.get(), CURLUPART_PASSWORD, CURLU_URLDECODE);
  const std::string host = PartOf(url.get(), CURLUPART_HOST);
  parts.is_loopback = host == "localhost" || host == "[::1]" || host.starts_with("127.");
  curl_url_set(url.get(), CURLUPART_USER, nullptr, 0);
  curl_url_set(url.get(), CURLUPART_PASSWORD, nullptr, 0);
  parts.base = PartOf(url.get(), CURLUPART_URL);
  while (parts.base.ends_with('/')) parts.base.pop_back();
  return parts;
}

// At most kMostAnswer bytes; the rest is read and thrown away.
size_t KeepBeginning(char* data, size_t size, size_t count, void* answer) {
  auto& text = *static_cast<std::string*>(answer);
  const size_t bytes = size * count;
  if (text.size() < kMostAnswer) text.append(data, std::min(bytes, kMostAnswer - text.size()));
  return bytes;
}

Result<void> ReadCredentials(const std::string& file, Parts& parts) {
  std::ifstream stream(file);
  std::string line;
  if (!std::getline(stream, line))
    return Error{"cannot read the credentials in " + Printable(file)};
  if (line.ends_with('\r')) line.pop_back();
  const size_t colon = line.find(':');
  if (colon == std::string::npos) {
    return Error{Printable(file) + " does not hold USER:PASSWORD in its first line"};
  }
  parts.user = line.substr(0, colon);
  parts.password = line.substr(colon + 1);
  return {};
}

// Not 0 ends it.
int AskCancelled(void* cancelled, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return (*static_cast<const std::function<bool()>*>(cancelled))() ? 1 : 0;
}

using Easy = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using Headers = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

void SetUp(CURL* curl, const AlertmanagerOptions& options, const Parts& parts,
           const std::string& body) {
  curl_easy_setopt(curl, CURLOPT_URL, (parts.base + kPath).c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, kSeconds);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.data());
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  // A proxy of the environment is not for this machine, as in Prometheus.
  if (parts.is_loopback) curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
  if (!options.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, options.ca_file.c_str());
  if (parts.user.empty()) return;
  curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
  curl_easy_setopt(curl, CURLOPT_USERNAME, parts.user.c_str());
  curl_easy_setopt(curl, CURLOPT_PASSWORD, parts.password.c_str());
}

Result<void> Post(const AlertmanagerOptions& options, const Parts& parts, const std::string& body,
                  std::function<bool()> cancelled) {
  const Easy curl(curl_easy_init(), &curl_easy_cleanup);
  Headers headers(curl_slist_append(nullptr, "Content-Type: application/json"),
                  &curl_slist_free_all);
  if (!curl || !headers) return Error{"no memory for a request"};
  // Without it libcurl asks whether it may send, and waits a second for the answer.
  curl_slist_append(headers.get(), "Expect:");
  std::string answer;
  std::array<char, CURL_ERROR_SIZE> why{};
  SetUp(curl.get(), options, parts, body);
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, &KeepBeginning);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &answer);
  curl_easy_setopt(curl.get(), CURLOPT_ERRORBUFFER, why.data());
  if (cancelled) {
    curl_easy_setopt(curl.get(), CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl.get(), CURLOPT_XFERINFOFUNCTION, &AskCancelled);
    curl_easy_setopt(curl.get(), CURLOPT_XFERINFODATA, &cancelled);
  }
  const CURLcode code = curl_easy_perform(curl.get());
  if (code != CURLE_OK) return Error{why[0] != '\0' ? why.data() : curl_easy_strerror(code)};
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status >= 200 && status < 300) return {};
  return Error{"it answered " + std::to_string(status) + (answer.empty() ? "" : ": ") +
               Printable(answer)};
}

Result<void> PostTo(const AlertmanagerOptions& options, const std::string& url,
                    const std::string& body, const std::function<bool()>& cancelled) {
  std::optional<Parts> parts = Split(url);
  if (!parts) return Error{"an Alertmanager's URL cannot be read"};
  if (!options.credentials_file.empty()) {
    if (auto read = ReadCredentials(options.credentials_file, *parts); !read) return read;
  }
  if (auto posted = Post(options, *parts, body, cancelled); !posted) {
    return Error{"the report was not sent to " + Printable(parts->base) + ": " +
                 posted.error().message};
  }
  return {};
}

}  // namespace

std::optional<std::string> WhyNoAlertmanagerUrl(const std::string& url) {
  const auto parts = Split(url);
  const bool is_http =
      parts && (parts->base.starts_with("http://") || parts->base.starts_with("https://"));
  if (is_http && url.find('?') == std::string::npos && url.find('#') == std::string::npos) {
    return std::nullopt;
  }
  // Not the text itself, which may hold a password.
  return "an Alertmanager's URL must be as \"http://127.0.0.1:9093\", with https and a path where "
         "there are such";
}

SendOutcome PostAlerts(const AlertmanagerOptions& options, const std::string& body,
                       const std::function<bool()>& cancelled) {
  SendOutcome outcome;
  for (const std::string& url : options.urls) {
    const Result<void> posted = PostTo(options, url, body, cancelled);
    if (posted) {
      outcome.delivered = true;
    } else {
      outcome.errors.push_back(posted.error().message);
    }
  }
  return outcome;
}

}  // namespace accesslog
