#include "app/site_engine.h"

#include <algorithm>
#include <span>
#include <vector>

#include "base/byte_codec.h"
#include "clients/saved.h"
#include "detect/breach.h"

namespace accesslog {
namespace {

// Of a line that is further ahead of the wall's clock the day is not believed.
constexpr Duration kMaxAhead = std::chrono::minutes{5};

// 1 knew neither visitors nor refused names, 2 no signals of the site.
constexpr uint64_t kLinesVersion = 3;

template <typename Saved>
std::string Bytes(const Saved& saved) {
  ByteWriter writer;
  saved(writer);
  return writer.Take();
}

// Whether `load` takes all bytes of the part of that kind.
template <typename Load>
bool Restore(const SiteEngine::Parts& parts, const char* kind, const Load& load) {
  const auto part = parts.find(kind);
  if (part == parts.end()) return false;
  ByteReader reader(part->second);
  return load(reader) && reader.IsDone();
}

DayLedger::Login LoginOf(LoginResult result) {
  switch (result) {
    case LoginResult::kSuccess:
      return DayLedger::Login::kSuccess;
    case LoginResult::kFailure:
      return DayLedger::Login::kFailure;
    case LoginResult::kUnknown:
      break;
  }
  return DayLedger::Login::kUnknown;
}

}  // namespace

DayLedger::Totals DayTotalsOf(const Traffic& traffic) {
  DayLedger::Totals totals{{}, traffic.response_bytes()};
  for (size_t slot = 0; slot < kStatusSlots; ++slot) {
    const uint16_t status = StatusOfSlot(slot);
    if (const uint64_t count = traffic.Requests(status); count > 0) totals.requests[status] = count;
  }
  return totals;
}

SiteEngine::SiteEngine(std::string name, const ClientOptions& clients, const DetectOptions& detect,
                       uint64_t secret, std::vector<std::string> protected_paths)
    : name_(std::move(name)),
      namer_(clients),
      traffic_(std::make_unique<Traffic>()),
      clients_(clients, secret),
      detector_(detect, namer_, secret),
      site_detector_(detect),
      facts_secret_(MixWords(secret, 0xC2B2AE3D27D4EB4FU)),
      scopes_(detect.login, std::move(protected_paths)),
      visitors_(std::make_unique<Visitors>(clients, scopes_.rules(), secret)),
      proxy_share_(clients) {
  namer_.SetCrawlers(detect.crawlers);
  SetFactsSecret(facts_secret_);
}

void SiteEngine::SetFactsSecret(uint64_t secret) {
  facts_secret_ = secret;
  const DetectOptions& options = detector_.options();
  classifier_ = std::make_unique<RequestClassifier>(options, SignaturesOf(options), secret);
  root_hash_ = classifier_->HashOfPath("/");
}

SiteEngine::Counted SiteEngine::Count(std::string_view line, LogParser& parser, Time now) {
  const ParseOutcome outcome = parser.Parse(line, record_);
  if (outcome == ParseOutcome::kFragment) return {nullptr, {}};
  ++lines_read_;
  if (!HasRecord(outcome) && !parser.IsUnnamedRequest(outcome, record_)) {
    ++unparsed_[static_cast<size_t>(ReasonOf(outcome))];
    return {nullptr, {}};
  }
  const Client client = namer_.Identify(record_);
  if (client.other && client.refused) ++names_refused_;
  if (ledger_) LookAtDay(now);
  traffic_->Add(record_);
  const Detector::Observed observed = Detect(client, now);
  clients_.Add(client, record_.status, record_.bytes.value_or(0), now, observed.suspicion);
  Visit(client, observed.event, now);
  proxy_share_.Observe(lines_read_, client, now);
  return {&record_, client};
}

Detector::Observed SiteEngine::Detect(const Client& client, Time now) {
  RequestFacts facts = classifier_->Classify(record_);
  JudgeAnswer(facts, root_hash_, facts.time.value_or(now), pages_);
  LearnAnswer(facts, facts.time.value_or(now), pages_);
  const Detector::Observed observed = detector_.Observe(facts, client, now);
  site_detector_.Count({.at = observed.event,
                        .requests = 1,
                        .server_errors = facts.status >= 500 ? 1U : 0U,
                        .bad_requests = facts.status == 400 ? 1U : 0U,
                        .line = record_.line});
  if (!detector_.login_events().empty()) TakeLogins();
  return observed;
}

void SiteEngine::TakeLogins() {
  const bool has_paths = !detector_.options().login.paths.empty();
  for (const LoginEvent& event : detector_.login_events()) {
    site_detector_.Count(event);
    if (!ledger_) continue;
    ledger_->AddLogin(LoginOf(event.result), std::to_string(event.member));
    // Where the paths are known, visitors tell earlier.
    if (event.is_new && !has_paths) ledger_->AddNewLoginClient(event.label);
  }
  detector_.login_events().clear();
}

void SiteEngine::Visit(const Client& client, Time event, Time now) {
  const uint64_t before = visitors_->New(Scope::kLogin);
  visitors_->Add(client, scopes_.Of(record_), event, now);
  if (visitors_->New(Scope::kLogin) == before || !ledger_) return;
  if (visitors_->IsLearning(Scope::kLogin, event)) return;
  ledger_->AddNewLoginClient(namer_.Label(client.key, client.host_name));
}

void SiteEngine::KeepDays(const TimeZone& zone) {
  ledger_ = std::make_unique<DayLedger>(zone, namer_.options());
  clients_.SetListener([this](const ClientKey& key, std::string_view host_name,
                              std::span<const ClientTable::StatusCount> counts) {
    ledger_->AddClient(key, host_name, counts);
  });
}

void SiteEngine::LookAtDay(Time now) {
  const bool believed = record_.time && *record_.time <= now + kMaxAhead;
  const Time line = believed ? *record_.time : now;
  if (!ledger_->IsOpen(line)) ledger_->Turn(line, DayTotals(), clients_);
}

void SiteEngine::CountOversized(uint64_t lines) {
  lines_read_ += lines;
  unparsed_[static_cast<size_t>(UnparsedReason::kTooLong)] += lines;
}

SiteEngine::Parts SiteEngine::SaveParts() const {
  Parts parts = {{"lines", Bytes([&](ByteWriter& writer) { SaveLines(writer); })},
                 {"traffic", Bytes([&](ByteWriter& writer) { traffic_->Save(writer); })},
                 {"clients", Bytes([&](ByteWriter& writer) { clients_.Save(writer); })},
                 {"detect", Bytes([&](ByteWriter& writer) { detector_.Save(writer); })},
                 {"site", Bytes([&](ByteWriter& writer) { SaveSite(writer); })}};
  visitors_->Save(parts);
  if (ledger_) ledger_->Save(parts);
  if (HasKey()) parts["key"] = Bytes([&](ByteWriter& writer) { SaveKey(writer); });
  return parts;
}

bool SiteEngine::LoadParts(const Parts& parts, const RestoreTimes& times) {
  catching_up_ = !times.continued;
  // Where the names were made in another way before, the key is a new one.
  if (HasKey() && parts.contains("key") &&
      !Restore(parts, "key", [&](ByteReader& reader) { return LoadKey(reader); })) {
    return false;
  }
  return Restore(parts, "lines", [&](ByteReader& reader) { return LoadLines(reader); }) &&
         Restore(parts, "traffic", [&](ByteReader& reader) { return traffic_->Load(reader); }) &&
         Restore(parts, "clients",
                 [&](ByteReader& reader) { return clients_.Load(reader, times); }) &&
         Restore(parts, "detect",
                 [&](ByteReader& reader) { return detector_.Load(reader, times); }) &&
         (!saved_site_ ||
          Restore(parts, "site", [&](ByteReader& reader) { return LoadSite(reader); })) &&
         (!saved_visitors_ || visitors_->Load(parts)) && SumsAgree(times.now) && LoadDays(parts);
}

bool SiteEngine::LoadDays(const Parts& parts) {
  if (!ledger_) return true;
  if (parts.contains("daily")) return ledger_->Load(parts, DayTotals());
  // Of a version that kept no days.
  ledger_->Begin(DayTotals(), clients_);
  return true;
}

bool SiteEngine::RotateKeyIfDue(Time now) {
  if (!HasKey()) return false;
  if (!key_drawn_) key_drawn_ = now;
  const Duration age = now - *key_drawn_;
  // A clock that is set back must not keep the key for years.
  const Duration limit = namer_.options().privacy_key_rotation;
  if (age < limit && -age < limit) return false;
  clients_.ForgetAll();
  detector_.ForgetAll();
  site_detector_.ForgetClients();
  visitors_->ForgetAll();
  if (ledger_) ledger_->ForgetAll();
  namer_.DrawHashKey();
  key_drawn_ = now;
  return true;
}

void SiteEngine::SaveKey(ByteWriter& writer) const {
  const SipKey& key = namer_.hash_key();
  writer.Text({reinterpret_cast<const char*>(key.data()), key.size()});
  writer.Flag(key_drawn_.has_value());
  if (key_drawn_) writer.Moment(*key_drawn_);
}

bool SiteEngine::LoadKey(ByteReader& reader) {
  const std::string_view bytes = reader.Text();
  if (reader.Flag()) key_drawn_ = LoadTime(reader);
  SipKey key{};
  if (!reader.ok() || bytes.size() != key.size()) return false;
  std::copy(bytes.begin(), bytes.end(), key.begin());
  namer_.SetHashKey(key);
  return true;
}

void SiteEngine::SaveSite(ByteWriter& writer) const {
  writer.Number(facts_secret_);
  site_detector_.Save(writer);
  pages_.Save(writer);
}

bool SiteEngine::LoadSite(ByteReader& reader) {
  SetFactsSecret(reader.Number());
  return site_detector_.Load(reader) && pages_.Load(reader);
}

void SiteEngine::SaveLines(ByteWriter& writer) const {
  writer.Number(kLinesVersion);
  writer.Number(lines_read_);
  writer.Number(kUnparsedReasonCount);
  for (size_t i = 0; i < kUnparsedReasonCount; ++i) {
    writer.Text(kUnparsedReasonNames[i]);
    writer.Number(unparsed_[i]);
  }
  writer.Number(names_refused_);
}

bool SiteEngine::LoadLines(ByteReader& reader) {
  const uint64_t version = reader.Number();
  if (version == 0 || version > kLinesVersion) return false;
  saved_visitors_ = version >= 2;
  saved_site_ = version >= 3;
  lines_read_ = reader.Number();
  for (uint64_t left = reader.Count(); left > 0 && reader.ok(); --left) {
    const std::string_view name = reader.Text();
    const auto* known = std::find(kUnparsedReasonNames.begin(), kUnparsedReasonNames.end(), name);
    if (known == kUnparsedReasonNames.end()) return false;
    unparsed_[static_cast<size_t>(known - kUnparsedReasonNames.begin())] = reader.Number();
  }
  if (version >= 2) names_refused_ = reader.NumberUpTo(lines_read_);
  return reader.ok();
}

// What the exposition promises: each line is a request or unparsed, each request is charged to
// somebody.
bool SiteEngine::SumsAgree(Time now) const {
  uint64_t rest = lines_read_;
  for (const uint64_t unparsed : unparsed_) {
    if (unparsed > rest) return false;
    rest -= unparsed;
  }
  if (rest != traffic_->total()) return false;
  std::array<uint64_t, 600> charged{};
  clients_.Visit(
      now, [](const ClientTable::ClientView&) {},
      [&](const ClientTable::SeriesView& series) {
        charged[series.status] += series.shown + series.pending;
      });
  for (size_t slot = 0; slot < kStatusSlots; ++slot) {
    const uint16_t status = StatusOfSlot(slot);
    if (charged[status] + clients_.Evicted(status) != traffic_->Requests(status)) return false;
  }
  return true;
}

SiteView SiteEngine::View() const {
  SiteView view{.name = name_,
                .lines_read = lines_read_,
                .names_refused = names_refused_,
                .unparsed = {},
                .traffic = *traffic_,
                .clients = clients_,
                .namer = namer_,
                .detector = detector_,
                .site_detector = &site_detector_,
                .visitors = visitors_.get(),
                .proxy_share = &proxy_share_};
  for (size_t i = 0; i < kUnparsedReasonCount; ++i) {
    view.unparsed.emplace_back(kUnparsedReasonNames[i], unparsed_[i]);
  }
  return view;
}

}  // namespace accesslog
