#include "detect/literal_automaton.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <optional>

namespace accesslog {
namespace {

// The trie of the literals with its failure links, before it becomes a table.
class Trie {
 public:
  Trie(std::span<const std::string> literals, const std::array<uint8_t, 256>& class_of,
       size_t width)
      : class_of_(class_of), width_(width) {
    AddState();
    for (size_t i = 0; i < literals.size(); ++i) Add(literals[i], static_cast<uint32_t>(i));
  }

  // Breadth first: makes each missing edge the one of the failure state, and joins what is found.
  void Complete() {
    std::vector<uint32_t> failure(states(), 0);
    for (size_t c = 0; c < width_; ++c) {
      if (!next_[c])
        next_[c] = 0;
      else
        order_.push_back(*next_[c]);
    }
    for (size_t i = 0; i < order_.size(); ++i) CompleteState(order_[i], failure);
  }

  size_t states() const { return found_.size(); }
  // The start, then what is near to it: what most texts touch lies together.
  const std::vector<uint32_t>& order() const { return order_; }
  uint32_t next(size_t state, size_t c) const { return *next_[state * width_ + c]; }
  const std::vector<uint32_t>& found(size_t state) const { return found_[state]; }

 private:
  uint32_t AddState() {
    found_.emplace_back();
    next_.resize(next_.size() + width_);
    return static_cast<uint32_t>(found_.size() - 1);
  }

  void Add(const std::string& literal, uint32_t number) {
    if (literal.empty()) return;
    size_t state = 0;
    for (const char c : literal) {
      const size_t edge = state * width_ + class_of_[static_cast<uint8_t>(c)];
      if (!next_[edge]) {
        const uint32_t added = AddState();
        next_[edge] = added;
      }
      state = *next_[edge];
    }
    found_[state].push_back(number);
  }

  void CompleteState(uint32_t state, std::vector<uint32_t>& failure) {
    const std::vector<uint32_t>& shorter = found_[failure[state]];
    found_[state].insert(found_[state].end(), shorter.begin(), shorter.end());
    for (size_t c = 0; c < width_; ++c) {
      std::optional<uint32_t>& edge = next_[state * width_ + c];
      const uint32_t other = next(failure[state], c);
      if (edge) {
        failure[*edge] = other;
        order_.push_back(*edge);
      } else {
        edge = other;
      }
    }
  }

  const std::array<uint8_t, 256>& class_of_;
  size_t width_;
  std::vector<std::optional<uint32_t>> next_;
  std::vector<std::vector<uint32_t>> found_;
  std::vector<uint32_t> order_;
};

}  // namespace

bool LiteralAutomaton::Build(std::span<const std::string> literals) {
  const size_t bytes = std::accumulate(literals.begin(), literals.end(), size_t{1},
                                       [](size_t sum, const auto& l) { return sum + l.size(); });
  if (bytes > 4 * kMaxStates) return false;  // many share their beginnings
  std::array<bool, 256> used{};
  for (const std::string& literal : literals) {
    for (const char c : literal) used[static_cast<uint8_t>(c)] = true;
  }
  size_t width = std::count(used.begin(), used.end(), false) > 0 ? 1 : 0;
  for (size_t c = 0; c < used.size(); ++c) {
    if (used[c]) class_of_[c] = static_cast<uint8_t>(width++);
  }
  folded_class_of_ = class_of_;
  for (size_t c = 'A'; c <= 'Z'; ++c) folded_class_of_[c] = class_of_[c + 32];
  Trie trie(literals, class_of_, width);
  trie.Complete();

  if (trie.states() > kMaxStates) return false;

  // States that find something come last, so that one comparison tells them.
  std::vector<uint32_t> order = trie.order();
  order.insert(order.begin(), 0U);
  const auto finding = std::stable_partition(order.begin(), order.end(),
                                             [&](uint32_t s) { return trie.found(s).empty(); });
  shift_ = static_cast<unsigned>(std::bit_width(width - 1));
  first_finding_ = static_cast<State>(finding - order.begin());
  std::vector<uint16_t> place(order.size());
  for (size_t i = 0; i < order.size(); ++i) place[order[i]] = static_cast<uint16_t>(i);
  next_.resize(order.size() << shift_);
  for (size_t i = 0; i < order.size(); ++i) {
    for (size_t c = 0; c < width; ++c) next_[(i << shift_) + c] = place[trie.next(order[i], c)];
  }
  found_from_.push_back(0);
  for (auto it = finding; it != order.end(); ++it) {
    found_.insert(found_.end(), trie.found(*it).begin(), trie.found(*it).end());
    found_from_.push_back(static_cast<uint32_t>(found_.size()));
  }
  return true;
}

}  // namespace accesslog
