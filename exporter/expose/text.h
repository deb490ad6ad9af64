// The Prometheus text format, through prometheus-cpp's Collectable and TextSerializer.
#pragma once

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include <functional>
#include <string>
#include <vector>

namespace accesslog {

// Content-Type of SerializeText.
inline constexpr const char* kTextContentType = "text/plain; version=0.0.4; charset=utf-8";

// A Collectable that asks a function; app hands in one that takes the lock and builds the families.
class Collector final : public prometheus::Collectable {
 public:
  using Source = std::function<std::vector<prometheus::MetricFamily>()>;
  explicit Collector(Source source) : source_(std::move(source)) {}

  std::vector<prometheus::MetricFamily> Collect() const override { return source_(); }

 private:
  Source source_;
};

std::string SerializeText(const prometheus::Collectable& collectable);

}  // namespace accesslog
