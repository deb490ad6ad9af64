#include "input/whole_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <memory>
#include <vector>

#include "base/text.h"
#include "base/unique_fd.h"
#include "input/line_assembler.h"

namespace accesslog {
namespace {

// Small enough to stay in the cache between the kernel that fills it and the parser that reads it.
constexpr size_t kChunkBytes = size_t{256} * 1024;
constexpr unsigned kInflateBytes = 256U * 1024U;

struct CloseGzip {
  void operator()(gzFile_s* file) const { gzclose(file); }
};

Result<UniqueFd> OpenForReading(const std::string& path, const std::string& name) {
  UniqueFd fd(path == "-" ? ::dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return Error{"cannot open " + name + ": " + ErrnoText(errno)};
  struct stat status {};
  if (::fstat(fd.get(), &status) == 0 && S_ISDIR(status.st_mode)) {
    return Error{"cannot read " + name + ": it is a directory; name the log files in it"};
  }
  return fd;
}

// zlib's reason, without the "<fd:4>: " in front of it.
std::string Reason(std::string_view text) {
  const size_t name_end = text.find(">: ");
  return std::string(name_end == std::string_view::npos ? text : text.substr(name_end + 3));
}

}  // namespace

Result<void> ReadWholeFile(const std::string& path, LineSink& sink) {
  const std::string name = path == "-" ? "standard input" : Printable(path);
  auto fd = OpenForReading(path, name);
  if (!fd) return fd.error();
  // gzread passes plain files through unchanged, and reads on through concatenated members.
  const int raw = ::dup(fd->get());
  std::unique_ptr<gzFile_s, CloseGzip> file(gzdopen(raw, "rb"));
  if (!file) {
    if (raw >= 0) ::close(raw);
    return Error{"cannot read " + name + ": out of memory"};
  }
  gzbuffer(file.get(), kInflateBytes);
  LineAssembler lines;
  std::vector<char> chunk(kChunkBytes);
  int count = 0;
  while ((count = gzread(file.get(), chunk.data(), static_cast<unsigned>(chunk.size()))) > 0) {
    lines.Add(std::string_view(chunk.data(), static_cast<size_t>(count)), sink);
  }
  lines.Finish(sink);
  int code = Z_OK;
  const std::string reason = Reason(gzerror(file.get(), &code));
  if (code == Z_ERRNO) return Error{"cannot read " + name + ": " + ErrnoText(errno)};
  // Z_BUF_ERROR: the gzip stream ends in mid-air, as while it is still being written.
  if (count < 0 || code == Z_BUF_ERROR) {
    return Error{"cannot read " + name + " to its end: damaged gzip data (" + reason + ")"};
  }
  return {};
}

}  // namespace accesslog
