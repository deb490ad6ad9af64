#include "base/zone_file.h"

#include <array>
#include <cstddef>

namespace accesslog {
namespace {

// Both bounds are far above what the database holds (300 changes, UTC-15:13:42 to +15:13).
constexpr uint32_t kMostItems = 10'000;
constexpr int32_t kMostOffset = 26 * 3600;

class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : rest_(bytes) {}

  uint64_t BigEndian(size_t width) {
    if (!Has(width)) return 0;
    uint64_t number = 0;
    for (const char c : rest_.substr(0, width))
      number = number << 8 | static_cast<unsigned char>(c);
    rest_.remove_prefix(width);
    return number;
  }
  std::string_view Take(size_t length) {
    if (!Has(length)) return {};
    const std::string_view taken = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return taken;
  }
  std::string_view rest() const { return rest_; }
  bool ok() const { return ok_; }

 private:
  bool Has(size_t length) { return ok_ = ok_ && rest_.size() >= length; }

  std::string_view rest_;
  bool ok_ = true;
};

struct Header {
  char version = 0;
  size_t is_ut = 0;
  size_t is_standard = 0;
  size_t leaps = 0;
  size_t changes = 0;
  size_t types = 0;
  size_t letters = 0;

  // Of the data behind it, where a time takes `width` bytes.
  size_t Length(size_t width) const {
    return changes * (width + 1) + types * 6 + letters + leaps * (width + 4) + is_standard + is_ut;
  }
};

std::optional<Header> ReadHeader(Bytes& bytes) {
  if (bytes.Take(4) != "TZif") return std::nullopt;
  const std::string_view version = bytes.Take(16);
  Header header;
  header.version = version.empty() ? '\0' : version.front();
  const std::array<size_t*, 6> counts = {&header.is_ut,   &header.is_standard, &header.leaps,
                                         &header.changes, &header.types,       &header.letters};
  for (size_t* count : counts) {
    *count = bytes.BigEndian(4);
    if (*count > kMostItems) return std::nullopt;
  }
  if (!bytes.ok() || header.types == 0) return std::nullopt;
  return header;
}

// The numbers in 8 bytes each, which version 1 did not have.
bool ReadChanges(Bytes& bytes, const Header& header, ZoneFile& zone) {
  zone.changes.resize(header.changes);
  for (ZoneFile::Change& change : zone.changes) {
    change.at = static_cast<int64_t>(bytes.BigEndian(8));
  }
  const std::string_view types = bytes.Take(header.changes);
  std::vector<int32_t> offsets(header.types);
  for (int32_t& offset : offsets) {
    offset = static_cast<int32_t>(static_cast<uint32_t>(bytes.BigEndian(4)));
    bytes.Take(2);
    if (offset < -kMostOffset || offset > kMostOffset) return false;
  }
  if (!bytes.ok()) return false;
  zone.first_offset = offsets.front();
  for (size_t i = 0; i < zone.changes.size(); ++i) {
    const size_t type = static_cast<unsigned char>(types[i]);
    if (type >= offsets.size()) return false;
    if (i > 0 && zone.changes[i].at <= zone.changes[i - 1].at) return false;
    zone.changes[i].offset = offsets[type];
  }
  return true;
}

}  // namespace

std::optional<ZoneFile> ZoneFile::Parse(std::string_view bytes) {
  Bytes reader(bytes);
  const std::optional<Header> old = ReadHeader(reader);
  if (!old || old->version < '2') return std::nullopt;
  reader.Take(old->Length(4));
  const std::optional<Header> header = ReadHeader(reader);
  if (!header) return std::nullopt;
  Bytes footer(reader.rest());
  footer.Take(header->Length(8));
  ZoneFile zone;
  if (!footer.ok() || !ReadChanges(reader, *header, zone)) return std::nullopt;
  std::string_view text = footer.rest();
  if (text.size() < 2 || text.front() != '\n' || text.back() != '\n') return std::nullopt;
  text = text.substr(1, text.size() - 2);
  if (!text.empty()) {
    zone.rule = ZoneRule::Parse(text);
    if (!zone.rule) return std::nullopt;
  }
  return zone;
}

}  // namespace accesslog
