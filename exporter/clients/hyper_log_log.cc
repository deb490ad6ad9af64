#include "clients/hyper_log_log.h"

#include <cmath>
#include <limits>
#include <string_view>

namespace accesslog {
namespace {

// With more, the pairs would take more than the half of all registers.
constexpr size_t kMostFew = HyperLogLog::kRegisters / 4;

// Σ x^(2^k) 2^(k-1), to the last bit: what the registers at 0 tell.
double Sigma(double x) {
  if (x == 1) return std::numeric_limits<double>::infinity();
  double power = 1;
  double sum = x;
  for (double before = -1; sum != before; power += power) {
    x *= x;
    before = sum;
    sum += x * power;
  }
  return sum;
}

// The same for the registers at their highest.
double Tau(double x) {
  if (x == 0 || x == 1) return 0;
  double power = 1;
  double sum = 1 - x;
  for (double before = -1; sum != before;) {
    x = std::sqrt(x);
    before = sum;
    power *= 0.5;
    sum -= (1 - x) * (1 - x) * power;
  }
  return sum / 3;
}

}  // namespace

bool HyperLogLog::Raise(Place place) {
  if (all_.empty()) return RaiseFew(place);
  uint8_t& rank = all_[place.index];
  if (rank >= place.rank) return false;
  rank = place.rank;
  return true;
}

bool HyperLogLog::RaiseFew(Place place) {
  const auto at = std::lower_bound(few_.begin(), few_.end(), Pair({place.index, 0}));
  if (at != few_.end() && *at >> 5U == place.index) {
    if (*at >= Pair(place)) return false;
    *at = Pair(place);
    return true;
  }
  if (few_.size() < kMostFew) {
    few_.insert(at, Pair(place));
    return true;
  }
  Spread();
  return Raise(place);
}

const uint8_t* HyperLogLog::Spread() {
  if (all_.empty()) {
    all_.resize(kRegisters);
    for (const uint16_t pair : few_) all_[pair >> 5U] = pair & kMaxRank;
    few_ = {};
  }
  return all_.data();
}

void HyperLogLog::Pack() {
  const auto set = kRegisters - static_cast<size_t>(std::count(all_.begin(), all_.end(), 0));
  if (all_.empty() || set > kMostFew) return;
  few_.reserve(set);
  for (size_t i = 0; i < kRegisters; ++i) {
    if (all_[i] != 0) few_.push_back(Pair({static_cast<uint16_t>(i), all_[i]}));
  }
  all_ = {};
}

void HyperLogLog::MergeInto(Registers& registers) const {
  for (size_t i = 0; i < all_.size(); ++i) registers[i] = std::max(registers[i], all_[i]);
  for (const uint16_t pair : few_) {
    uint8_t& rank = registers[pair >> 5U];
    rank = std::max<uint8_t>(rank, pair & kMaxRank);
  }
}

void HyperLogLog::Save(ByteWriter& writer) const {
  HyperLogLog packed = *this;
  packed.Pack();
  if (!packed.all_.empty()) {
    writer.Text({reinterpret_cast<const char*>(packed.all_.data()), packed.all_.size()});
    return;
  }
  std::string bytes;
  for (const uint16_t pair : packed.few_) {
    bytes += static_cast<char>(pair & 0xFFU);
    bytes += static_cast<char>(pair >> 8U);
  }
  writer.Text(bytes);
}

bool HyperLogLog::Load(ByteReader& reader) {
  const std::string_view bytes = reader.Text();
  if (bytes.size() == kRegisters) {
    all_.assign(bytes.begin(), bytes.end());
    const auto too_high = [](uint8_t rank) { return rank > kMaxRank; };
    if (std::any_of(all_.begin(), all_.end(), too_high)) reader.Fail();
    Pack();
    return reader.ok();
  }
  if (bytes.size() % 2 != 0 || bytes.size() / 2 > kMostFew) reader.Fail();
  for (size_t i = 0; i + 1 < bytes.size() && reader.ok(); i += 2) {
    const auto pair = static_cast<uint16_t>(static_cast<uint8_t>(bytes[i]) |
                                            static_cast<uint8_t>(bytes[i + 1]) << 8U);
    const bool in_order = few_.empty() || pair >> 5U > few_.back() >> 5U;
    if (!in_order || (pair & kMaxRank) == 0) reader.Fail();
    few_.push_back(pair);
  }
  return reader.ok();
}

double EstimateCount(const HyperLogLog::Registers& registers) {
  std::array<double, HyperLogLog::kMaxRank + 1> count{};
  for (const uint8_t rank : registers) ++count[rank];
  constexpr auto kAll = static_cast<double>(HyperLogLog::kRegisters);
  double sum = kAll * Tau(1 - count[HyperLogLog::kMaxRank] / kAll);
  for (size_t rank = HyperLogLog::kMaxRank - 1; rank > 0; --rank) sum = 0.5 * (sum + count[rank]);
  sum += kAll * Sigma(count[0] / kAll);
  return kAll * kAll / (2 * std::log(2.0) * sum);
}

}  // namespace accesslog
