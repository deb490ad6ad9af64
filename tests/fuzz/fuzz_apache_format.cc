// The first line of the input is a format of Apache's, the others are a log in it.
#include "fuzz/read_log.h"
#include "parse/apache_format.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view rest = accesslog::AsText(data, size);
  const auto spec = accesslog::CompileApacheFormat(accesslog::TakeLine(rest));
  accesslog::ReadLogAs(spec, rest);
  return 0;
}
