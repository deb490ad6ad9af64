#include "app/site_engine.h"

namespace accesslog {

SiteEngine::SiteEngine(std::string name, const ClientOptions& clients, const DetectOptions& detect,
                       uint64_t secret)
    : name_(std::move(name)),
      namer_(clients),
      traffic_(std::make_unique<Traffic>()),
      clients_(clients, secret),
      detector_(detect, namer_, secret) {}

SiteEngine::Counted SiteEngine::Count(std::string_view line, LogParser& parser, Time now) {
  const ParseOutcome outcome = parser.Parse(line, record_);
  if (outcome == ParseOutcome::kFragment) return {nullptr, {}};
  ++lines_read_;
  if (!HasRecord(outcome)) {
    ++unparsed_[static_cast<size_t>(ReasonOf(outcome))];
    return {nullptr, {}};
  }
  const Client client = namer_.Identify(record_);
  traffic_->Add(record_);
  clients_.Add(client, record_.status, record_.bytes.value_or(0), now);
  detector_.Observe(record_, client, now);
  return {&record_, client};
}

void SiteEngine::CountOversized(uint64_t lines) {
  lines_read_ += lines;
  unparsed_[static_cast<size_t>(UnparsedReason::kTooLong)] += lines;
}

SiteView SiteEngine::View() const {
  SiteView view{.name = name_,
                .lines_read = lines_read_,
                .unparsed = {},
                .traffic = *traffic_,
                .clients = clients_,
                .namer = namer_,
                .detector = detector_};
  for (size_t i = 0; i < kUnparsedReasonCount; ++i) {
    view.unparsed.emplace_back(kUnparsedReasonNames[i], unparsed_[i]);
  }
  return view;
}

}  // namespace accesslog
