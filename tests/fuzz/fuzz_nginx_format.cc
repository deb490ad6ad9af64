// The first line of the input is a format of Nginx's, the others are a log in it.
#include "fuzz/read_log.h"
#include "parse/line_format.h"
#include "parse/nginx_format.h"

namespace accesslog {
namespace {

void ReadFormat(std::string_view rest) {
  const auto spec = CompileNginxFormat(TakeLine(rest));
  if (!spec) return CheckMessage(spec.error());
  const auto format = LineFormat::Compile(*spec);
  if (!format) return CheckMessage(format.error());
  const Texts texts = spec->escape == Escape::kJson ? Texts::kAnywhere : Texts::kOfTheLine;
  ReadLog(LineParser(*format), rest, texts);
}

}  // namespace
}  // namespace accesslog

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  accesslog::ReadFormat(accesslog::AsText(data, size));
  return 0;
}
