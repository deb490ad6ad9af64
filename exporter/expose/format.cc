#include "expose/format.h"

#include <algorithm>

#include "base/header_list.h"
#include "expose/open_metrics.h"
#include "expose/text.h"

namespace accesslog {
namespace {

// The value of the parameter `version`, or "".
std::string_view VersionOf(std::string_view parameters) {
  constexpr std::string_view kVersion = "version=";
  while (!parameters.empty()) {
    std::string_view parameter = TakeItem(parameters, ';');
    if (!EqualsIgnoringCase(parameter.substr(0, kVersion.size()), kVersion)) continue;
    parameter.remove_prefix(kVersion.size());
    if (parameter.size() >= 2 && parameter.front() == '"' && parameter.back() == '"') {
      parameter = parameter.substr(1, parameter.size() - 2);
    }
    return parameter;
  }
  return "";
}

// How much each is wanted, 0 to 1000.
struct Wanted {
  int open_metrics_1 = 0;
  int open_metrics_0 = 0;
  int text = 0;
  int text_specificity = -1;

  void Note(std::string_view type, std::string_view parameters) {
    const int quality = QualityOf(parameters);
    const std::string_view version = VersionOf(parameters);
    if (EqualsIgnoringCase(type, "application/openmetrics-text")) {
      if (version.empty() || version == "1.0.0") open_metrics_1 = std::max(open_metrics_1, quality);
      if (version == "0.0.1") open_metrics_0 = std::max(open_metrics_0, quality);
    } else if (EqualsIgnoringCase(type, "text/plain") && (version.empty() || version == "0.0.4")) {
      NoteText(2, quality);
    } else if (EqualsIgnoringCase(type, "text/*")) {
      NoteText(1, quality);
    } else if (type == "*/*") {
      NoteText(0, quality);
    }
  }
  // What names it most exactly counts.
  void NoteText(int specificity, int quality) {
    if (specificity < text_specificity) return;
    text = specificity == text_specificity ? std::max(text, quality) : quality;
    text_specificity = specificity;
  }
};

}  // namespace

Format ChooseFormat(std::string_view accept) {
  Wanted wanted;
  while (!accept.empty()) {
    std::string_view parameters = TakeItem(accept, ',');
    const std::string_view type = TakeItem(parameters, ';');
    wanted.Note(type, parameters);
  }
  const int open_metrics = std::max(wanted.open_metrics_1, wanted.open_metrics_0);
  if (open_metrics == 0 || open_metrics < wanted.text) return Format::kText;
  return wanted.open_metrics_1 >= wanted.open_metrics_0 ? Format::kOpenMetrics1
                                                        : Format::kOpenMetrics0;
}

const char* ContentType(Format format) {
  if (format == Format::kText) return kTextContentType;
  return format == Format::kOpenMetrics1
             ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
             : "application/openmetrics-text; version=0.0.1; charset=utf-8";
}

void Write(const Cut& cut, Format format, const std::function<void(std::string_view)>& sink) {
  if (format == Format::kText) {
    WriteText(cut, sink);
  } else {
    WriteOpenMetrics(cut, sink);
  }
}

}  // namespace accesslog
