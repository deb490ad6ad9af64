#include "config/toml_section.h"

#include <algorithm>

#include "base/text.h"
#include "config/duration_text.h"
#include "record/record.h"

namespace accesslog {
namespace {

Problem AtRegion(const toml::source_region& region, std::string message) {
  return {region.begin.line, region.begin.column, std::move(message)};
}

std::string Quote(std::string_view text) { return "\"" + PrintableUpTo(text, 80) + "\""; }

}  // namespace

std::string Problem::At(const std::string& file) const {
  std::string where = file + ":";
  if (line > 0) where += std::to_string(line) + ":" + std::to_string(column) + ":";
  return where + " " + message;
}

const toml::node* TomlSection::Find(const std::string& key) {
  known_.push_back(key);
  return table_.get(key);
}

// "max_series in [clients]"
std::string TomlSection::Label(const std::string& key) const {
  return name_.empty() ? key : key + " in " + name_;
}

std::string TomlSection::Child(const std::string& key) const {
  const std::string inner = name_.empty() ? "" : name_.substr(1, name_.find(']') - 1) + ".";
  return "[" + inner + key + "]";
}

Problem TomlSection::At(const std::string& key, const std::string& message) const {
  const toml::node* node = table_.get(key);
  return AtRegion(node != nullptr ? node->source() : table_.source(), message);
}

void TomlSection::Fail(const std::string& key, const std::string& message) {
  problems_.errors.push_back(At(key, message));
}

void TomlSection::Warn(const std::string& key, const std::string& message) {
  problems_.warnings.push_back(At(key, message));
}

std::optional<std::string> TomlSection::Text(const std::string& key, const std::string& example) {
  const toml::node* node = Find(key);
  if (node == nullptr) return std::nullopt;
  auto text = node->value_exact<std::string>();
  if (!text) Fail(key, Label(key) + " must be a text, as in " + Quote(example));
  return text;
}

std::optional<uint64_t> TomlSection::Number(const std::string& key, uint64_t least, uint64_t most) {
  const toml::node* node = Find(key);
  if (node == nullptr) return std::nullopt;
  const auto number = node->value_exact<int64_t>();
  if (!number || *number < 0 || static_cast<uint64_t>(*number) < least ||
      static_cast<uint64_t>(*number) > most) {
    Fail(key, Label(key) + " must be a whole number from " + std::to_string(least) + " to " +
                  std::to_string(most));
    return std::nullopt;
  }
  return static_cast<uint64_t>(*number);
}

std::optional<bool> TomlSection::Flag(const std::string& key) {
  const toml::node* node = Find(key);
  if (node == nullptr) return std::nullopt;
  const auto flag = node->value_exact<bool>();
  if (!flag) Fail(key, Label(key) + " must be true or false");
  return flag;
}

std::optional<double> TomlSection::Share(const std::string& key) {
  const toml::node* node = Find(key);
  if (node == nullptr) return std::nullopt;
  const auto share = node->value<double>();
  // NaN is neither.
  if (share && node->is_number() && *share >= 0 && *share <= 1) return share;
  Fail(key, Label(key) + " must be a share from 0 to 1, as in 0.05");
  return std::nullopt;
}

std::optional<Duration> TomlSection::Period(const std::string& key, Duration least, Duration most,
                                            const std::string& example) {
  const toml::node* node = Find(key);
  if (node == nullptr) return std::nullopt;
  const auto text = node->value_exact<std::string>();
  // 0 needs no unit, and so no quotes.
  const bool is_zero = node->value_exact<int64_t>() == 0;
  const auto period = is_zero ? std::optional(Duration{0}) : text ? ParseDuration(*text) : std::nullopt;
  if (!period || *period < least || *period > most) {
    const auto seconds = [](Duration d) {
      return std::to_string(std::chrono::floor<std::chrono::seconds>(d).count()) + "s";
    };
    Fail(key, Label(key) + " must be a duration from " + seconds(least) + " to " + seconds(most) +
                  ", as in " + Quote(example));
    return std::nullopt;
  }
  return period;
}

std::optional<size_t> TomlSection::Choice(const std::string& key,
                                          const std::vector<std::string>& choices) {
  const toml::node* node = Find(key);
  if (node == nullptr) return std::nullopt;
  const auto text = node->value_exact<std::string>();
  const auto found = std::find(choices.begin(), choices.end(), text.value_or(""));
  if (text && found != choices.end()) return static_cast<size_t>(found - choices.begin());
  std::string message = Label(key) + " must be ";
  for (size_t i = 0; i < choices.size(); ++i) {
    if (i > 0) message += i + 1 == choices.size() ? " or " : ", ";
    message += Quote(choices[i]);
  }
  Fail(key, message);
  return std::nullopt;
}

template <typename Item>
std::optional<std::vector<Item>> TomlSection::List(
    const std::string& key, const std::string& expectation,
    const std::function<std::optional<Item>(const toml::node&)>& convert) {
  const toml::node* node = Find(key);
  if (node == nullptr) return std::nullopt;
  const toml::array* array = node->as_array();
  if (array == nullptr) {
    Fail(key, Label(key) + " must be a list of " + expectation);
    return std::nullopt;
  }
  std::vector<Item> items;
  bool good = true;
  for (const toml::node& element : *array) {
    if (auto item = convert(element)) {
      items.push_back(std::move(*item));
      continue;
    }
    good = false;
    const auto text = element.value<std::string>();
    problems_.errors.push_back(
        AtRegion(element.source(), (text ? Quote(*text) : "this element") + " is wrong; " +
                                       Label(key) + " must be a list of " + expectation));
  }
  if (!good) return std::nullopt;
  return items;
}

std::optional<std::vector<std::string>> TomlSection::Texts(const std::string& key,
                                                           const std::string& example) {
  return List<std::string>(key, "texts, as in [" + Quote(example) + "]",
                           [](const toml::node& node) { return node.value_exact<std::string>(); });
}

std::optional<std::vector<uint16_t>> TomlSection::Statuses(const std::string& key) {
  return List<uint16_t>(key, "status codes from 100 to 599, as in [401, 403]",
                        [](const toml::node& node) -> std::optional<uint16_t> {
                          const auto number = node.value_exact<int64_t>();
                          if (!number || *number < 100 || *number > 599) return std::nullopt;
                          return static_cast<uint16_t>(*number);
                        });
}

std::optional<std::vector<IpPrefix>> TomlSection::Prefixes(const std::string& key) {
  return List<IpPrefix>(key, "address ranges, as in [\"10.0.0.0/8\"]",
                        [](const toml::node& node) -> std::optional<IpPrefix> {
                          const auto text = node.value_exact<std::string>();
                          return text ? IpPrefix::Parse(*text) : std::nullopt;
                        });
}

void TomlSection::Table(const std::string& key, const std::function<void(TomlSection&)>& read) {
  const toml::node* node = Find(key);
  if (node == nullptr) return;
  const toml::table* table = node->as_table();
  if (table == nullptr) return Fail(key, Label(key) + " must be a table, as in " + Child(key));
  TomlSection section(*table, Child(key), problems_);
  read(section);
  section.RejectUnknown();
}

void TomlSection::Tables(const std::string& key, const std::function<void(TomlSection&)>& read) {
  const toml::node* node = Find(key);
  if (node == nullptr) return;
  const toml::array* array = node->as_array();
  if (array == nullptr || !array->is_homogeneous(toml::node_type::table)) {
    return Fail(key, Label(key) + " must be a list of tables, each begun with [[" + key + "]]");
  }
  for (const toml::node& element : *array) {
    TomlSection section(*element.as_table(), "[[" + key + "]]", problems_);
    section.name_ = "[" + key + "]";
    read(section);
    section.RejectUnknown();
  }
}

void TomlSection::RejectUnknown() {
  for (const auto& [key, node] : table_) {
    const std::string name(key.str());
    if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
    std::string message = "unknown key " + Quote(name);
    if (!name_.empty()) message += " in " + name_;
    if (const auto nearest = NearestWord(name, known_)) {
      message += "; did you mean " + Quote(*nearest) + "?";
    } else {
      message += "; known are";
      const char* separator = " ";
      for (const std::string& known : known_) {
        message += separator + known;
        separator = ", ";
      }
    }
    problems_.errors.push_back(AtRegion(key.source(), message));
  }
}

}  // namespace accesslog
