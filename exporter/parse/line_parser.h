// One log format, compiled to steps; turns lines of it into Records without allocating. The heart
// of LogParser. One object a thread: it remembers the last time it saw.
//
// Lenient where a scanner or an old server writes oddly (quotes inside quotes, a user with spaces,
// a line cut short), strict in what becomes a client or a status. A field ends at the first place
// where the text behind it stands *and* what follows looks like the next field; so a user name such
// as `x [1/Jan…] ` forges no field behind it. Nor does a quote, if the server escapes quotes
// (nginx, Apache); where it does not, a quote is only read past, and `" 200 5` in a request is
// believed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parse/clf_time.h"
#include "parse/format_spec.h"
#include "parse/outcome.h"
#include "record/record.h"

namespace accesslog {

class LineParser {
 public:
  explicit LineParser(const FormatSpec& spec);

  // `line` comes without its '\n'. `record` is overwritten whole; it is meaningful only if
  // HasRecord(result), and lives as long as the line.
  ParseOutcome Parse(std::string_view line, Record& record);

 private:
  enum class Shape : uint8_t { kAny, kNumber, kTime };
  struct Step {
    Field field = Field::kIgnored;
    std::string ending;   // text behind the field; empty: the next blank, or the end of the line
    bool quoted = false;  // backslash escapes the ending's quote
    Shape next = Shape::kAny;    // what the field behind must look like
    std::string ending_of_next;  // for Shape::kTime
  };

  static bool LooksLike(const Step& step, std::string_view rest);
  static size_t FindEnd(const Step& step, std::string_view rest);
  bool IsReadableWhenCutAt(size_t step, const Record& record) const;
  bool Store(Field field, std::string_view value, Record& record);

  std::string before_;
  std::vector<Step> steps_;
  size_t last_needed_ = 0;  // the step of client or status, whichever comes later
  ClfTimeCache times_;
};

}  // namespace accesslog
