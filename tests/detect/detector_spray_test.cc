// An attacker with a whole IPv6 network tries to hide a password guesser behind harmless failures.
#include <gtest/gtest.h>

#include "detect/detector.h"
#include "support/shown_signals.h"

namespace accesslog {
namespace {

constexpr Time kStart{std::chrono::hours{24 * 365 * 54}};

class SprayedDetector {
 public:
  explicit SprayedDetector(const DetectOptions& options = {}) : detector_(options, namer_, 1) {}

  void Fail(const std::string& address, uint16_t status, int times) {
    Record record;
    record.client = address;
    record.address = IpAddress::Parse(address);
    record.status = status;
    record.time = kStart;
    for (int i = 0; i < times; ++i) {
      classified_.Observe(detector_, record, namer_.Identify(record), kStart);
    }
  }

  // `clients` networks from number `first` on, each with `times` missing pages.
  void Spray(int first, int clients, int times) {
    for (int i = first; i < first + clients; ++i) {
      const auto number = static_cast<unsigned>(i);
      std::array<uint8_t, 16> bytes = {0x20, 0x01, 0x0d, 0xb8, 0, 1};
      bytes[6] = static_cast<uint8_t>(number >> 8U);
      bytes[7] = static_cast<uint8_t>(number);
      Fail(IpAddress::FromBytes(bytes).ToString(), 404, times);
    }
  }

  uint32_t LoginFailuresShown(const std::string& client) const {
    uint32_t shown = 0;
    for (const ShownSignal& signal : ShownBy(detector_, kStart)) {
      const bool wanted = signal.client == client && signal.signal == "login_failures";
      if (wanted && signal.window == "5m") shown = signal.value;
    }
    return shown;
  }

  const Detector& detector() const { return detector_; }

 private:
  ClientNamer namer_{ClientOptions{}};
  Detector detector_;
  Classified classified_{DetectOptions{}};
};

TEST(DetectorSpray, DoesNotHideAPasswordGuesserWhoComesLater) {
  SprayedDetector sprayed;
  sprayed.Spray(0, 2600, 1);
  sprayed.Spray(2600, 2600, 5);
  sprayed.Spray(5200, 2600, 1);
  sprayed.Fail("198.51.100.7", 401, 500);
  EXPECT_EQ(sprayed.LoginFailuresShown("198.51.100.7"), 500U);
}

TEST(DetectorSpray, DoesNotPushOutAPasswordGuesserWhoCameBefore) {
  SprayedDetector sprayed;
  sprayed.Fail("198.51.100.7", 401, 20);
  sprayed.Spray(0, 10000, 1);
  sprayed.Spray(10000, 5000, 5);
  EXPECT_EQ(sprayed.LoginFailuresShown("198.51.100.7"), 20U);
}

TEST(DetectorSpray, SaysHowManyItForgotAndWithheld) {
  SprayedDetector sprayed;
  EXPECT_EQ(sprayed.detector().forgotten_clients(), 0U);
  EXPECT_EQ(sprayed.detector().withheld_clients(), 0U);
  sprayed.Spray(0, 2600, 1);
  EXPECT_EQ(sprayed.detector().forgotten_clients(), 100U);
  EXPECT_EQ(sprayed.detector().withheld_clients(), 100U);
}

}  // namespace
}  // namespace accesslog
