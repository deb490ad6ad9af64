#include "input/stream_set.h"

#include <spdlog/logger.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "input/fifo.h"
#include "input/standard_input.h"
#include "input/syslog_socket.h"

namespace accesslog {
namespace {

constexpr size_t kBufferBytes = size_t{256} * 1024;

}  // namespace

StreamSet::StreamSet(StreamSetOptions options, MakeSink make_sink, spdlog::logger& log)
    : options_(std::move(options)), make_sink_(std::move(make_sink)), log_(log) {}

StreamSet::~StreamSet() = default;

Result<void> StreamSet::Open() {
  auto created = poll_.Create();
  if (!created) return created;
  std::vector<StreamAddress> opened;
  for (const StreamSource& source : options_.sources) {
    auto result = OpenSource(source, opened);
    if (!result) return result;
  }
  return {};
}

Result<void> StreamSet::OpenSource(const StreamSource& source, std::vector<StreamAddress>& opened) {
  const auto address = ParseStreamAddress(source.text);
  if (!address) return address.error();
  const bool chosen_by_system = address->kind == StreamKind::kSyslogUdp && address->port == 0;
  const bool named_before = std::find(opened.begin(), opened.end(), *address) != opened.end();
  if (named_before && !chosen_by_system) {
    return Error{Printable(source.text) +
                 " is named twice; what one reader took from a stream, "
                 "another does not see: give it to one site"};
  }
  opened.push_back(*address);
  Entry entry{nullptr, Make(*address)};
  auto result = entry.stream->Open();
  if (!result) return Error{Printable(source.text) + " " + result.error().message};
  LogOpened(source, *address, entry.stream->stats());
  entry.sink = make_sink_(source.site, source.text);
  entries_.push_back(std::move(entry));
  return {};
}

std::unique_ptr<Stream> StreamSet::Make(const StreamAddress& address) {
  const StreamEvents events(poll_, entries_.size());
  switch (address.kind) {
    case StreamKind::kStandardInput:
      return std::make_unique<StandardInput>(options_.standard_input, Buffer(), events, log_);
    case StreamKind::kFifo:
      return std::make_unique<Fifo>(address.path, Buffer(), events, log_);
    default:
      return std::make_unique<SyslogSocket>(address, options_.receive_buffer_bytes, Batch(), events,
                                            log_);
  }
}

std::span<char> StreamSet::Buffer() {
  if (buffer_.empty()) buffer_.resize(kBufferBytes);
  return buffer_;
}

DatagramBatch& StreamSet::Batch() {
  if (!batch_) batch_ = std::make_unique<DatagramBatch>();
  return *batch_;
}

void StreamSet::LogOpened(const StreamSource& source, const StreamAddress& address,
                          const StreamStats& stats) {
  const std::string name = Printable(source.text);
  if (address.kind != StreamKind::kSyslogUdp) {
    if (stats.open) log_.info("reading {}", name);
    return;
  }
  log_.info("reading {}, port {}, with a receive buffer of {} bytes", name, stats.port,
            stats.receive_buffer_bytes);
  if (!IsLoopback(address.host)) {
    log_.warn(
        "{} takes lines from anyone who can reach it, and they can name any client: listen "
        "on 127.0.0.1, or let the firewall admit none but the web servers",
        name);
  }
}

bool StreamSet::MoveTo(const std::vector<StreamSource>& sources) {
  std::vector<StreamSource> left = sources;
  std::vector<StreamSource> moved;
  for (const StreamSource& source : options_.sources) {
    const auto same = std::find_if(left.begin(), left.end(), [&](const StreamSource& other) {
      return other.text == source.text;
    });
    if (same == left.end()) return false;
    moved.push_back(*same);
    left.erase(same);
  }
  if (!left.empty()) return false;
  options_.sources = std::move(moved);
  return true;
}

void StreamSet::ChangeSinks(const MakeSink& make_sink) {
  for (size_t i = 0; i < entries_.size(); ++i) {
    const StreamSource& source = options_.sources[i];
    entries_[i].sink = make_sink(source.site, source.text);
  }
}

bool StreamSet::Read(Time now) {
  for (Entry& entry : entries_) entry.stream->Look(now, *entry.sink);
  poll_.Ready(ready_);
  bool more = false;
  for (const size_t index : ready_) {
    Entry& entry = entries_[index];
    const bool left = entry.stream->Read(options_.bytes_per_turn, *entry.sink);
    more = more || left;
  }
  return more;
}

std::vector<StreamStatus> StreamSet::Streams() const {
  std::vector<StreamStatus> result;
  result.reserve(entries_.size());
  for (size_t i = 0; i < entries_.size(); ++i) {
    const StreamSource& source = options_.sources[i];
    result.push_back({source.site, source.text, entries_[i].stream->stats(), entries_[i].sink});
  }
  return result;
}

}  // namespace accesslog
