#include "expose/open_metrics.h"

#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

namespace accesslog {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr std::string_view kTotal = "_total";
constexpr std::array<std::string_view, 2> kUnits = {"seconds", "bytes"};

// Without "_total", which belongs to the samples of a counter only.
std::string_view FamilyName(const MetricFamily& family) {
  std::string_view name = family.name;
  if (family.type == MetricType::Counter && name.ends_with(kTotal)) {
    name.remove_suffix(kTotal.size());
  }
  return name;
}

std::string_view TypeName(MetricType type) {
  if (type == MetricType::Counter) return "counter";
  return type == MetricType::Histogram ? "histogram" : "gauge";
}

// The unit that the name ends in, or "".
std::string_view UnitOf(std::string_view name) {
  for (const std::string_view unit : kUnits) {
    if (name.ends_with(unit) && name.substr(0, name.size() - unit.size()).ends_with('_')) return unit;
  }
  return "";
}

void AppendHead(const MetricFamily& family, std::string& out) {
  const std::string_view name = FamilyName(family);
  const std::string_view unit = UnitOf(name);
  out.append("# HELP ").append(name).append(" ");
  AppendEscaped(family.help, out);
  out.append("\n# TYPE ").append(name).append(" ").append(TypeName(family.type)).append("\n");
  if (!unit.empty()) out.append("# UNIT ").append(name).append(" ").append(unit).append("\n");
}

// The shortest text that gives the same double again.
void AppendValue(double value, std::string& out) {
  if (std::isinf(value)) {
    out += value < 0 ? "-Inf" : "+Inf";
  } else if (std::isnan(value)) {
    out += "NaN";
  } else {
    std::array<char, 32> digits{};
    out.append(digits.data(), std::to_chars(digits.begin(), digits.end(), value).ptr);
  }
}

struct ExtraLabel {
  std::string_view name;
  std::string value;
};

void AppendSample(std::string_view name, std::string_view suffix, const ClientMetric& metric,
                  double value, std::string& out, const ExtraLabel& extra = {}) {
  out.append(name).append(suffix);
  std::string_view separator = "{";
  const auto append = [&](std::string_view label, std::string_view text) {
    out.append(separator).append(label).append("=\"");
    AppendEscaped(text, out);
    out += '"';
    separator = ",";
  };
  for (const ClientMetric::Label& label : metric.label) append(label.name, label.value);
  if (!extra.name.empty()) append(extra.name, extra.value);
  if (separator == ",") out += '}';
  out += ' ';
  AppendValue(value, out);
  out += '\n';
}

void AppendHistogram(std::string_view name, const ClientMetric& metric, std::string& out) {
  const ClientMetric::Histogram& histogram = metric.histogram;
  for (const ClientMetric::Bucket& bucket : histogram.bucket) {
    std::string bound;
    AppendValue(bucket.upper_bound, bound);
    AppendSample(name, "_bucket", metric, static_cast<double>(bucket.cumulative_count), out,
                 {"le", bound});
  }
  AppendSample(name, "_count", metric, static_cast<double>(histogram.sample_count), out);
  AppendSample(name, "_sum", metric, histogram.sample_sum, out);
}

void AppendSamples(const MetricFamily& family, std::string& out) {
  const std::string_view name = FamilyName(family);
  for (const ClientMetric& metric : family.metric) {
    if (family.type == MetricType::Counter) {
      AppendSample(name, kTotal, metric, metric.counter.value, out);
    } else if (family.type == MetricType::Histogram) {
      AppendHistogram(name, metric, out);
    } else {
      AppendSample(name, "", metric, metric.gauge.value, out);
    }
  }
}

}  // namespace

void WriteOpenMetrics(const Cut& cut, const PieceWriter::Sink& sink) {
  PieceWriter out(sink);
  for (const Cut::Block& block : cut.blocks) {
    for (const MetricFamily& family : block.families) {
      AppendHead(family, out.text());
      AppendSamples(family, out.text());
    }
    if (block.large != Large::kNone) WriteClientSeries(cut, block.large, cut.with_created, out);
  }
  out.text() += "# EOF\n";
  out.Flush();
}

}  // namespace accesslog
