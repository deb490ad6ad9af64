#include "expose/client_series.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "clients/network.h"
#include "detect/detection.h"
#include "expose/label.h"

namespace accesslog {
namespace {

void AppendNumber(uint64_t number, std::string& out) {
  std::array<char, std::numeric_limits<uint64_t>::digits10 + 1> digits{};
  const auto end = std::to_chars(digits.begin(), digits.end(), number).ptr;
  out.append(digits.begin(), static_cast<size_t>(end - digits.begin()));
}

// Milliseconds are more than anybody needs, and never written as 1.7e+09.
void AppendSeconds(Time time, std::string& out) {
  const int64_t total = std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
  const auto milliseconds = static_cast<uint64_t>(std::max<int64_t>(total, 0));
  AppendNumber(milliseconds / 1000, out);
  const std::string rest = std::to_string(1000 + milliseconds % 1000);
  out += '.';
  out.append(rest, 1);
}

// Calls `use` with each client, its label and its first series.
template <typename Use>
void ForEachClient(const SiteCut& site, const Use& use) {
  const ClientCopy& copy = site.clients;
  const bool hashed = site.namer.options().privacy == Privacy::kHashed;
  uint32_t first = 0;
  uint32_t name = 0;
  std::string label;
  for (size_t i = 0; i < copy.clients.size(); ++i) {
    const ClientCopy::Client& client = copy.clients[i];
    const bool named = client.name_end != name;
    const std::string_view host_name =
        std::string_view(copy.names).substr(name, client.name_end - name);
    label.clear();
    if (copy.has_other && i + 1 == copy.clients.size()) {
      label = "other";
    } else {
      const ClientKey key{client.high, client.low, named, hashed};
      AppendEscaped(SafeLabel(site.namer.Label(key, host_name)), label);
    }
    use(client, label, first);
    first = client.series_end;
    name = client.name_end;
  }
}

// `{site="shop",client="`
std::string LabelsUpToClient(const SiteCut& site) {
  std::string text = "{site=\"";
  AppendEscaped(SafeLabel(site.name), text);
  return text + "\",client=\"";
}

// StatusLabel of each, made once.
const std::array<std::string, 600>& StatusLabels() {
  static const auto labels = [] {
    std::array<std::string, 600> all;
    for (size_t status = 0; status < all.size(); ++status) {
      all[status] = StatusLabel(static_cast<uint16_t>(status));
    }
    return all;
  }();
  return labels;
}

void WriteRequests(const SiteCut& site, bool with_created, PieceWriter& out) {
  const auto& statuses = StatusLabels();
  const std::string before = LabelsUpToClient(site);
  std::string labels;
  ForEachClient(site, [&](const ClientCopy::Client& client, const std::string& label,
                          uint32_t first) {
    labels = before;
    labels += label;
    labels += "\",status=\"";
    std::string& text = out.text();
    for (uint32_t i = first; i < client.series_end; ++i) {
      const ClientCopy::Series& series = site.clients.series[i];
      const std::string& status = statuses[series.status];
      text.append("accesslog_client_requests_total").append(labels).append(status).append("\"} ");
      AppendNumber(series.shown, text);
      text += '\n';
      if (!with_created) continue;
      text.append("accesslog_client_requests_created").append(labels).append(status).append("\"} ");
      AppendSeconds(site.clients.births[i], text);
      text += '\n';
    }
    out.Pass();
  });
}

void WriteResponseBytes(const SiteCut& site, bool with_created, PieceWriter& out) {
  const std::string before = LabelsUpToClient(site);
  ForEachClient(site, [&](const ClientCopy::Client& client, const std::string& label,
                          uint32_t first) {
    std::string& text = out.text();
    text.append("accesslog_client_response_bytes_total").append(before).append(label).append("\"} ");
    AppendNumber(client.response_bytes, text);
    text += '\n';
    if (with_created) {
      const auto births = site.clients.births.begin();
      text.append("accesslog_client_response_bytes_created").append(before).append(label);
      text.append("\"} ");
      AppendSeconds(*std::min_element(births + first, births + client.series_end), text);
      text += '\n';
    }
    out.Pass();
  });
}

// `",signal="login_failures",window="1m"} ` for each threshold.
std::vector<std::string> SignalEndings(const SiteCut& site) {
  std::vector<std::string> endings;
  for (const Threshold& threshold : site.thresholds) {
    endings.push_back("\",signal=\"" + std::string(SignalName(threshold.signal)) +
                      "\",window=\"" + std::string(threshold.window.name) + "\"} ");
  }
  return endings;
}

void WriteSignals(const SiteCut& site, PieceWriter& out) {
  const std::vector<std::string> endings = SignalEndings(site);
  const std::string before = "accesslog_client_signal" + LabelsUpToClient(site);
  const SignalCopy& copy = site.signals;
  uint32_t value = 0;
  uint32_t name = 0;
  std::string labels;
  for (const SignalCopy::Client& client : copy.clients) {
    const auto host_name = std::string_view(copy.names).substr(name, client.name_end - name);
    labels = before;
    AppendEscaped(SafeLabel(site.namer.Label(client.key, host_name)), labels);
    labels.append("\",network=\"").append(NetworkName(client.network));
    std::string& text = out.text();
    for (; value < client.values_end; ++value) {
      text.append(labels).append(endings[copy.values[value].threshold]);
      AppendNumber(copy.values[value].value, text);
      text += '\n';
    }
    name = client.name_end;
    out.Pass();
  }
}

}  // namespace

void AppendEscaped(std::string_view value, std::string& out) {
  for (size_t special = 0; (special = value.find_first_of("\\\"\n")) != std::string_view::npos;) {
    out += value.substr(0, special);
    out += '\\';
    out += value[special] == '\n' ? 'n' : value[special];
    value.remove_prefix(special + 1);
  }
  out += value;
}

bool HasSeries(const Cut& cut, Large large) {
  return std::any_of(cut.sites.begin(), cut.sites.end(), [large](const SiteCut& site) {
    return large == Large::kClientSignals ? !site.signals.clients.empty()
                                          : !site.clients.clients.empty();
  });
}

void WriteClientSeries(const Cut& cut, Large large, bool with_created, PieceWriter& out) {
  for (const SiteCut& site : cut.sites) {
    if (large == Large::kClientRequests) {
      WriteRequests(site, with_created, out);
    } else if (large == Large::kClientResponseBytes) {
      WriteResponseBytes(site, with_created, out);
    } else {
      WriteSignals(site, out);
    }
  }
}

}  // namespace accesslog
