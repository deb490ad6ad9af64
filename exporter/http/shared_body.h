// A large answer, written once in each form in which somebody wants it, and shared by all who get it:
// two hundred readers who take their time hold one text, not two hundred.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace accesslog {

class SharedBody {
 public:
  using Sink = std::function<void(std::string_view)>;
  // Gives the text piece by piece; always the same.
  using Write = std::function<void(const Sink&)>;
  // In blocks, so that a large one needs neither to be moved while it grows nor one large piece of
  // memory.
  using Blocks = std::vector<std::string>;

  explicit SharedBody(Write write) : write_(std::move(write)) {}

  // Who asks first writes it, the others wait. What `write` throws comes out here.
  const Blocks& Text() const;
  const Blocks& Gzip() const;

  // Of the forms that were written.
  size_t bytes() const { return bytes_; }

 private:
  Write write_;
  mutable std::mutex mutex_;
  mutable std::optional<Blocks> text_;
  mutable std::optional<Blocks> gzip_;
  mutable std::atomic<size_t> bytes_ = 0;
};

size_t SizeOf(const SharedBody::Blocks& blocks);

}  // namespace accesslog
