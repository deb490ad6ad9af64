#include "input/line_assembler.h"

#include <algorithm>

namespace accesslog {
namespace {

// Whole lines of `text`, but not those over the limit. A run between two of them is one block, so
// the usual case is one call without copying.
void TakeWithinLimit(std::string_view text, size_t limit, LineSink& sink) {
  size_t run_start = 0;
  for (size_t start = 0; start < text.size();) {
    const size_t end = text.find('\n', start) + 1;
    if (end - start - 1 > limit) {
      sink.Take({text.substr(run_start, start - run_start), 1});
      run_start = end;
    }
    start = end;
  }
  if (run_start < text.size()) sink.Take({text.substr(run_start), 0});
}

}  // namespace

void LineAssembler::Add(std::string_view bytes, LineSink& sink) {
  if (!partial_.empty() || skipping_) {
    const size_t end = bytes.find('\n');
    if (end == std::string_view::npos) {
      KeepRest(bytes);
      return;
    }
    EndPartial(bytes.substr(0, end), sink);
    bytes.remove_prefix(end + 1);
  }
  const size_t last = bytes.rfind('\n');
  if (last != std::string_view::npos) {
    const std::string_view lines = bytes.substr(0, last + 1);
    if (lines.size() <= max_line_bytes_) {
      sink.Take({lines, 0});
    } else {
      TakeWithinLimit(lines, max_line_bytes_, sink);
    }
    bytes.remove_prefix(last + 1);
  }
  KeepRest(bytes);
}

void LineAssembler::EndPartial(std::string_view head, LineSink& sink) {
  if (skipping_ || partial_.size() + head.size() > max_line_bytes_) {
    sink.Take({{}, 1});
  } else {
    partial_ += head;
    partial_ += '\n';
    sink.Take({partial_, 0});
  }
  Drop();
}

void LineAssembler::KeepRest(std::string_view rest) {
  if (skipping_) {
    skipped_bytes_ += rest.size();
  } else if (partial_.size() + rest.size() > max_line_bytes_) {
    skipped_bytes_ = partial_.size() + rest.size();
    skipping_ = true;
    std::string().swap(partial_);
  } else {
    partial_ += rest;
  }
}

void LineAssembler::Finish(LineSink& sink) {
  if (pending_bytes() > 0) EndPartial({}, sink);
}

void LineAssembler::ResumeSkipping(size_t bytes) {
  Drop();
  skipping_ = true;
  skipped_bytes_ = bytes;
}

size_t LineAssembler::Drop() {
  const size_t dropped = pending_bytes();
  skipping_ = false;
  skipped_bytes_ = 0;
  // A long line must not keep its memory for ever; usual ones keep theirs, so nothing is allocated.
  if (partial_.capacity() > size_t{64} * 1024) std::string().swap(partial_);
  partial_.clear();
  return dropped;
}

}  // namespace accesslog
