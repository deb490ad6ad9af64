// One log format, compiled: what LogParser chooses among. Immutable, so all files of that format
// share one object; what is remembered from line to line stands in a ParseState, one a file.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "parse/format_spec.h"
#include "parse/outcome.h"
#include "record/record.h"

namespace accesslog {

struct ParseState;

// How a line was read, for `explain`: filled in only where somebody asks.
struct ParseTrace {
  struct Part {
    Field field;
    std::string_view text;
  };
  std::vector<Part> parts;
  std::string_view stopped;  // the text from where reading stopped; its data() is a place in the line
  std::string expected;      // what should have stood there; empty if the line was read to its end
  std::string nearest;       // where no format of `auto` could read the line, the one that came furthest

  void Stop(std::string_view at, std::string what) {
    stopped = at;
    expected = std::move(what);
  }
};

class LogFormat {
 public:
  LogFormat() = default;
  LogFormat(const LogFormat&) = delete;
  LogFormat& operator=(const LogFormat&) = delete;
  virtual ~LogFormat() = default;

  // `line` comes without its line end. `record` is overwritten whole; it is meaningful only if
  // HasRecord(result), and lives as long as the line and as the texts of `state`.
  virtual ParseOutcome Parse(std::string_view line, ParseState& state, Record& record,
                             ParseTrace* trace) const = 0;
};

using FormatPtr = std::shared_ptr<const LogFormat>;

// A format by the text that names or describes it:
//   a built-in name, such as combined or iis (see builtin_formats.h);
//   nginx: LOG_FORMAT or apache: LOGFORMAT, as in the server's configuration, with or without the
//   directive and quotes around it; the prefix may be left out where the directive stands;
//   json: FIELD=KEY …, JSON lines with keys of your own beside the usual ones.
Result<FormatPtr> CompileFormat(std::string_view text);

}  // namespace accesslog
