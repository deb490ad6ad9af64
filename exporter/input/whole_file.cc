#include "input/whole_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/text.h"
#include "base/unique_fd.h"
#include "input/line_assembler.h"

namespace accesslog {
namespace {

// Small enough to stay in the cache between the kernel that fills it and the parser that reads it,
// large enough that threads which share the work seldom meet.
constexpr size_t kReadBytes = size_t{512} * 1024;
// Of compressed data, and at most a quarter of kReadBytes. zlib's first look at a file leaves up to
// twice as much in its own memory; what is asked for beyond that comes straight into ours, then and
// later, if it is twice as much too. With half of kReadBytes every byte was copied once more.
constexpr unsigned kInflateBytes = 128U * 1024U;

Result<UniqueFd> OpenForReading(const std::string& path, const std::string& name) {
  UniqueFd fd(path == "-" ? ::dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return Error{"cannot open " + name + ": " + ErrnoText(errno)};
  return fd;
}

// zlib's reason, without the "<fd:4>: " in front of it.
std::string Reason(std::string_view text) {
  const size_t name_end = text.find(">: ");
  return std::string(name_end == std::string_view::npos ? text : text.substr(name_end + 3));
}

}  // namespace

std::optional<uint64_t> SizeOf(const std::string& path) {
  struct stat status {};
  if (path == "-") return std::nullopt;
  if (::stat(path.c_str(), &status) != 0) return 0;
  if (!S_ISREG(status.st_mode)) return std::nullopt;
  return static_cast<uint64_t>(status.st_size);
}

void WholeFile::CloseGzip::operator()(gzFile_s* file) const { gzclose(file); }

Result<WholeFile> WholeFile::Open(const std::string& path) {
  WholeFile file;
  file.name_ = path == "-" ? "standard input" : Printable(path);
  auto fd = OpenForReading(path, file.name_);
  if (!fd) return fd.error();
  struct stat status {};
  if (::fstat(fd->get(), &status) == 0 && S_ISDIR(status.st_mode)) {
    return Error{"cannot read " + file.name_ + ": it is a directory; name the log files in it"};
  }
  // gzread passes plain files through unchanged, and reads on through concatenated members.
  const int raw = ::dup(fd->get());
  file.file_.reset(gzdopen(raw, "rb"));
  if (!file.file_) {
    if (raw >= 0) ::close(raw);
    return Error{"cannot read " + file.name_ + ": out of memory"};
  }
  gzbuffer(file.file_.get(), kInflateBytes);
  return file;
}

Result<bool> WholeFile::Read(LineChunk& chunk) {
  chunk.oversized_lines = 0;
  chunk.text = {};
  size_t used = rest_.size();
  if (chunk.bytes.size() < used + kReadBytes) chunk.bytes.resize(used + kReadBytes);
  std::copy(rest_.begin(), rest_.end(), chunk.bytes.begin());
  rest_.clear();
  while (!ended_) {
    const size_t count = Fill(chunk, used);
    if (std::memchr(chunk.bytes.data() + used, '\n', count) != nullptr) {
      TakeWholeLines(chunk, used, used + count);
      return true;
    }
    used += count;
    ended_ = count == 0;
    if (!ended_ && (skipping_ || used > kMaxLineBytes)) {
      skipping_ = true;
      used = 0;
    }
  }
  if (used > 0 || skipping_) {
    TakeLastLine(chunk, used);
    return true;
  }
  if (const auto why = WhyEnded()) return *why;
  return false;
}

// Bytes of the file behind the `used` ones in the chunk; how many, and 0 at the end or on an error.
size_t WholeFile::Fill(LineChunk& chunk, size_t used) {
  if (chunk.bytes.size() < used + kReadBytes) chunk.bytes.resize(used + kReadBytes);
  const int count = gzread(file_.get(), chunk.bytes.data() + used, kReadBytes);
  if (count < 0) errno_ = errno;
  return count > 0 ? static_cast<size_t>(count) : 0;
}

// There is a '\n' behind the first `old_bytes`, and none among them.
void WholeFile::TakeWholeLines(LineChunk& chunk, size_t old_bytes, size_t used) {
  const std::string_view all(chunk.bytes.data(), used);
  const size_t first_end = all.find('\n', old_bytes) + 1;
  const size_t last_end = all.rfind('\n') + 1;
  size_t begin = 0;
  if (skipping_ || first_end - 1 > kMaxLineBytes) {
    chunk.oversized_lines = 1;
    skipping_ = false;
    begin = first_end;
  }
  chunk.text = all.substr(begin, last_end - begin);
  rest_ = all.substr(last_end);
}

// Read has made room for one byte more than `used`, and used <= kMaxLineBytes.
void WholeFile::TakeLastLine(LineChunk& chunk, size_t used) {
  if (skipping_) {
    chunk.oversized_lines = 1;
    skipping_ = false;
    return;
  }
  chunk.bytes[used] = '\n';
  chunk.text = std::string_view(chunk.bytes.data(), used + 1);
}

std::optional<Error> WholeFile::WhyEnded() const {
  int code = Z_OK;
  const std::string reason = Reason(gzerror(file_.get(), &code));
  if (code == Z_ERRNO) return Error{"cannot read " + name_ + ": " + ErrnoText(errno_)};
  if (code == Z_OK || code == Z_STREAM_END) return std::nullopt;
  // Z_BUF_ERROR: the gzip stream ends in mid-air, as while it is still being written.
  return Error{"cannot read " + name_ + " to its end: damaged gzip data (" + reason + ")"};
}

uint64_t WholeFile::position() const {
  const auto position = gzoffset(file_.get());
  return position > 0 ? static_cast<uint64_t>(position) : 0;
}

}  // namespace accesslog
