#include "parse/log_format.h"

#include "base/text.h"
#include "parse/apache_format.h"
#include "parse/builtin_formats.h"
#include "parse/json_format.h"
#include "parse/line_format.h"
#include "parse/nginx_format.h"
#include "parse/server_config.h"

namespace accesslog {
namespace {

bool TakePrefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

Result<FormatPtr> CompileLines(const Result<FormatSpec>& spec, std::string_view language) {
  if (!spec) return Error{std::string(language) + " format: " + spec.error().message};
  auto format = LineFormat::Compile(*spec);
  if (!format) return Error{std::string(language) + " format: " + format.error().message};
  return format;
}

Error UnknownFormat(std::string_view text) {
  std::string message = "unknown format \"" + PrintableUpTo(text, 60) + "\"; ";
  if (const auto nearest = NearestWord(std::string(text.substr(0, 60)), FormatNames())) {
    return Error{message + "did you mean " + *nearest + "?"};
  }
  message += "known are";
  const char* separator = " ";
  for (const std::string& name : FormatNames()) {
    message += separator + name;
    separator = ", ";
  }
  return Error{message + ", and \"nginx: …\" and \"apache: …\" with the server's own format string"};
}

}  // namespace

Result<FormatPtr> CompileFormat(std::string_view text) {
  std::string_view rest = TrimComments(text);
  if (FormatPtr builtin = FindBuiltinFormat(rest)) return builtin;
  if (TakePrefix(rest, "nginx:")) return CompileLines(CompileNginxFormat(rest), "nginx");
  if (TakePrefix(rest, "apache:")) return CompileLines(CompileApacheFormat(rest), "apache");
  if (TakePrefix(rest, "json:")) return JsonFormat::Compile(rest);
  // The format string without a word of whose it is: nginx's variables and Apache's directives cannot
  // be mistaken for each other.
  if (rest.find("$remote_addr") != std::string_view::npos ||
      rest.find("${remote_addr}") != std::string_view::npos || rest.starts_with("log_format")) {
    return CompileLines(CompileNginxFormat(rest), "nginx");
  }
  if (rest.find("%h") != std::string_view::npos || rest.find("%a") != std::string_view::npos ||
      rest.find("%>s") != std::string_view::npos || rest.starts_with("LogFormat") ||
      rest.starts_with("CustomLog")) {
    return CompileLines(CompileApacheFormat(rest), "apache");
  }
  return UnknownFormat(text);
}

}  // namespace accesslog
