#include "app/erase.h"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <set>
#include <utility>

#include "app/site_engine.h"
#include "base/byte_codec.h"
#include "base/text.h"
#include "clients/client_table.h"
#include "clients/network.h"
#include "clients/visitors.h"
#include "daily/day_ledger.h"
#include "detect/detector.h"
#include "state/state_store.h"
#include "traffic/traffic.h"

namespace accesslog {
namespace {

constexpr int kUnknown = 1;
constexpr int kFailed = 2;

// No secret: nobody chooses addresses for a program that runs for a second.
constexpr uint64_t kSecret = 1;

DetectOptions KeepAll() {
  DetectOptions options = Unbounded(DetectOptions{});
  options.max_samples = std::numeric_limits<size_t>::max();
  // Room for the sign that something was cut.
  options.max_sample_bytes = size_t{1} << 30U;
  return options;
}

// Whatever is saved of a site's clients, loaded so that all of it would be saved again alike.
class SavedSite {
 public:
  using Parts = Visitors::Parts;  // by kind

  // Null if they are damaged, or of another version.
  static std::unique_ptr<SavedSite> Load(const Parts& parts, Time taken);

  bool Erase(const std::string& text);
  Parts Save() const;

 private:
  SavedSite(const ClientOptions& options, const Visitors::Rules& rules, const TimeZone& zone)
      : namer_(options),
        clients_(options, kSecret),
        detector_(KeepAll(), namer_, kSecret),
        visitors_(ForVisitors(options), rules, kSecret),
        ledger_(zone, options) {}

  static ClientOptions ForVisitors(ClientOptions options) {
    options.known_days = KnownClients::kMostDays;
    return options;
  }
  bool LoadParts(const Parts& parts, Time taken);
  bool LoadDays(const Parts& parts);
  bool LoadKey(const Parts& parts);
  std::vector<ClientKey> KeysOf(const std::string& text) const;

  ClientNamer namer_;
  ClientTable clients_;
  Detector detector_;
  Visitors visitors_;
  DayLedger ledger_;
  bool has_visitors_ = false;
  bool has_days_ = false;
};

std::unique_ptr<SavedSite> SavedSite::Load(const Parts& parts, Time taken) {
  const auto clients = parts.find("clients");
  if (clients == parts.end()) return nullptr;
  ByteReader reader(clients->second);
  const ClientOptions options = ClientTable::OptionsOfSaved(reader);
  if (!reader.ok()) return nullptr;
  const auto rules = Visitors::RulesOfSaved(parts);
  if (!rules && parts.contains("visitors")) return nullptr;
  const TimeZone zone = TimeZone::Of(DayLedger::ZoneOfSaved(parts));
  std::unique_ptr<SavedSite> site(new SavedSite(options, rules.value_or(Visitors::Rules{}), zone));
  if (!site->LoadParts(parts, taken)) return nullptr;
  return site;
}

bool SavedSite::LoadParts(const Parts& parts, Time taken) {
  const RestoreTimes times{.taken = taken, .now = taken, .grace = {}, .continued = true};
  const auto detect = parts.find("detect");
  if (detect == parts.end() || !LoadKey(parts)) return false;
  ByteReader clients_reader(parts.at("clients"));
  ByteReader detect_reader(detect->second);
  has_visitors_ = parts.contains("visitors");
  return clients_.Load(clients_reader, times) && clients_reader.IsDone() &&
         detector_.Load(detect_reader, times) && detect_reader.IsDone() &&
         (!has_visitors_ || visitors_.Load(parts)) && LoadDays(parts);
}

bool SavedSite::LoadDays(const Parts& parts) {
  has_days_ = parts.contains("daily");
  if (!has_days_) return true;
  const auto part = parts.find("traffic");
  if (part == parts.end()) return false;
  Traffic traffic;
  ByteReader reader(part->second);
  return traffic.Load(reader) && ledger_.Load(parts, DayTotalsOf(traffic));
}

bool SavedSite::LoadKey(const Parts& parts) {
  if (namer_.options().privacy != Privacy::kHashed) return true;
  const auto part = parts.find("key");
  if (part == parts.end()) return false;
  ByteReader reader(part->second);
  const std::string_view bytes = reader.Text();
  SipKey key{};
  if (!reader.ok() || bytes.size() != key.size()) return false;
  std::copy(bytes.begin(), bytes.end(), key.begin());
  namer_.SetHashKey(key);
  return true;
}

// The number in "h-00c0ffee00c0ffee".
std::optional<uint64_t> HashInLabel(std::string_view label) {
  if (label.size() != 18 || !label.starts_with("h-")) return std::nullopt;
  uint64_t hash = 0;
  for (const char c : label.substr(2)) {
    const size_t digit = std::string_view("0123456789abcdef").find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    hash = hash << 4U | digit;
  }
  return hash;
}

std::vector<ClientKey> InEachNetwork(uint64_t hash) {
  std::vector<ClientKey> keys;
  for (uint64_t network = 0; network < kHashedNetworkCount; ++network) {
    keys.push_back(HashedKey(hash, static_cast<Network>(network)));
  }
  return keys;
}

// A label ends in the network's bits. One that was copied wrongly shall not leave anybody behind.
std::vector<ClientKey> SavedSite::KeysOf(const std::string& text) const {
  if (const auto hash = HashInLabel(text); hash && namer_.options().privacy == Privacy::kHashed) {
    return InEachNetwork(*hash);
  }
  Record record;
  // "192.0.2.0/24" is the label of a client where addresses are masked.
  const bool is_prefix = IpPrefix::Parse(text).has_value();
  record.address = IpAddress::Parse(is_prefix ? text.substr(0, text.find('/')) : text);
  record.client = text;
  const Client client = namer_.Identify(record);
  if (client.other) return {};
  // The ranges of crawlers are not known here.
  if (client.key.hashed) return InEachNetwork(client.key.high);
  return {client.key};
}

bool SavedSite::Erase(const std::string& text) {
  bool found = false;
  for (const ClientKey& key : KeysOf(text)) {
    found = clients_.Forget(key) || found;
    found = detector_.Erase(key, namer_.Label(key, text)) || found;
    found = (has_visitors_ && visitors_.Forget(key)) || found;
    found = ledger_.Erase(key, namer_.Label(key, text)) || found;
  }
  return found;
}

SavedSite::Parts SavedSite::Save() const {
  Parts parts;
  ByteWriter clients;
  clients_.Save(clients);
  parts["clients"] = clients.Take();
  ByteWriter detect;
  detector_.Save(detect);
  parts["detect"] = detect.Take();
  if (has_visitors_) visitors_.Save(parts);
  if (has_days_) ledger_.Save(parts);
  return parts;
}

// One site after the other, of all that a state file holds.
class Eraser {
 public:
  explicit Eraser(Snapshot& snapshot) : snapshot_(snapshot) {
    for (const auto& [key, bytes] : snapshot.parts) {
      // What belongs to no site, which reports were sent, tells of nobody.
      if (!key.site.empty() && key.kind != "file" && key.kind != "stream") parts_[key.site][key.kind] = bytes;
    }
  }

  // False if a site cannot be read, whose name is then failed().
  bool Run(const std::vector<std::string>& clients) {
    for (const auto& [name, parts] : parts_) {
      failed_ = name;
      const auto site = SavedSite::Load(parts, snapshot_.taken);
      if (site == nullptr) return false;
      bool any = false;
      for (const std::string& client : clients) {
        if (!site->Erase(client)) continue;
        found_[client].insert(name);
        any = true;
      }
      if (!any) continue;
      for (auto& [kind, bytes] : site->Save()) snapshot_.parts[{name, kind, ""}] = std::move(bytes);
    }
    return true;
  }

  const std::string& failed() const { return failed_; }
  // The sites that knew the client.
  const std::set<std::string>& SitesOf(const std::string& client) { return found_[client]; }

 private:
  Snapshot& snapshot_;
  std::map<std::string, SavedSite::Parts> parts_;
  std::map<std::string, std::set<std::string>> found_;
  std::string failed_;
};

std::string Joined(const std::set<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + Printable(name);
  return text;
}

// The beginning of a line of which the rest is not written yet, as frames of containers cut it.
void WarnOfRest(const Snapshot& snapshot, const std::string& client, std::ostream& err) {
  for (const auto& [key, bytes] : snapshot.parts) {
    if (bytes.find(client) == std::string::npos) continue;
    err << Printable(client) << " stands in a line of " << Printable(key.name.empty() ? key.site : key.name)
        << " that was begun and not ended; start the exporter, stop it, and erase again\n";
  }
}

int Tell(Eraser& eraser, const std::vector<std::string>& clients, std::ostream& out,
         std::ostream& err) {
  int code = 0;
  for (const std::string& client : clients) {
    const auto& sites = eraser.SitesOf(client);
    if (sites.empty()) {
      err << Printable(client) << " is not in the state\n";
      code = kUnknown;
    } else {
      out << Printable(client) << " was erased from " << Joined(sites) << '\n';
    }
  }
  return code;
}

}  // namespace

int Erase(const EraseOptions& options, const Clock& clock, std::ostream& out, std::ostream& err) {
  std::error_code ignored;
  if (!std::filesystem::exists(options.state_file, ignored)) {
    err << "there is no state file " << Printable(options.state_file) << '\n';
    return kFailed;
  }
  auto opened = StateStore::Open(options.state_file, clock);
  if (!opened || !opened->notice.empty()) {
    err << (opened ? opened->notice : opened.error().message) << '\n';
    return kFailed;
  }
  Snapshot& snapshot = opened->snapshot;
  Eraser eraser(snapshot);
  if (!eraser.Run(options.clients)) {
    err << "what the state tells of " << Printable(eraser.failed())
        << " cannot be read by this version; nothing was erased\n";
    return kFailed;
  }
  // Also where nobody was found: what was given up before may still stand in the file.
  snapshot.purge = true;
  if (const auto written = opened->store->Write(snapshot); !written) {
    err << written.error().message << '\n';
    return kFailed;
  }
  for (const std::string& client : options.clients) WarnOfRest(snapshot, client, err);
  return Tell(eraser, options.clients, out, err);
}

}  // namespace accesslog
