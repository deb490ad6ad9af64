// One table of a TOML file, read key by key. Every read names its key, so that at the end whatever
// was not asked for is known to be unknown. All problems are collected; none stops the reading.
// Used by config.cc only.
#pragma once

// toml++ asserts what a broken file can make false ("[[[[site]]"), before it reports the very same
// thing as an error. The error is what we want.
#define TOML_ASSERT(expression) static_cast<void>(0)
#include <toml++/toml.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ip_address.h"
#include "config/problem.h"

namespace accesslog {

class TomlSection {
 public:
  // `name` is how messages call the table, as in "[web]"; "" is the top level.
  TomlSection(const toml::table& table, std::string name, Problems& problems)
      : table_(table), name_(std::move(name)), problems_(problems) {}

  // Each returns nothing if the key is absent, or present and wrong; then an error was noted.
  std::optional<std::string> Text(const std::string& key, const std::string& example);
  std::optional<uint64_t> Number(const std::string& key, uint64_t least, uint64_t most);
  std::optional<bool> Flag(const std::string& key);
  // From 0 to 1.
  std::optional<double> Share(const std::string& key);
  std::optional<Duration> Period(const std::string& key, Duration least, Duration most,
                                 const std::string& example);
  // One of `choices`, as an index.
  std::optional<size_t> Choice(const std::string& key, const std::vector<std::string>& choices);
  std::optional<std::vector<std::string>> Texts(const std::string& key, const std::string& example);
  std::optional<std::vector<uint16_t>> Statuses(const std::string& key);
  std::optional<std::vector<IpPrefix>> Prefixes(const std::string& key);

  // Calls `read` with the sub-table, if there is one.
  void Table(const std::string& key, const std::function<void(TomlSection&)>& read);
  // Calls `read` with each table of an array of tables.
  void Tables(const std::string& key, const std::function<void(TomlSection&)>& read);

  bool Has(const std::string& key) const { return table_.contains(key); }
  // Notes an error, or a warning, at the key, or at the table if it is absent.
  void Fail(const std::string& key, const std::string& message);
  void Warn(const std::string& key, const std::string& message);
  // Notes every key that was never asked for, with the nearest that could have been.
  void RejectUnknown();

 private:
  const toml::node* Find(const std::string& key);
  std::string Label(const std::string& key) const;
  Problem At(const std::string& key, const std::string& message) const;
  std::string Child(const std::string& key) const;
  template <typename Item>
  std::optional<std::vector<Item>> List(
      const std::string& key, const std::string& expectation,
      const std::function<std::optional<Item>(const toml::node&)>& convert);

  const toml::table& table_;
  std::string name_;
  Problems& problems_;
  std::vector<std::string> known_;
};

}  // namespace accesslog
