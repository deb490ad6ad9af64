// Small text helpers that more than one module needs. None of them throws or depends on a locale.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace accesslog {

inline bool IsDigit(char c) { return c >= '0' && c <= '9'; }
inline bool IsAlpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Length in bytes of the longest prefix of `text` that is well-formed UTF-8 (RFC 3629: no
// surrogates, no overlong forms, nothing above U+10FFFF).
size_t ValidUtf8Prefix(std::string_view text);
bool IsValidUtf8(std::string_view text);

// `text` with every byte that could harm a terminal or a JSON reader written as \xHH: C0 controls
// except tab, DEL, C1 controls and malformed UTF-8. All else is unchanged.
std::string Printable(std::string_view text);

// The same, cut to at most `max_bytes` of it and, where something was cut, a "…" behind them.
std::string PrintableUpTo(std::string_view text, size_t max_bytes);
// The same, behind what `out` holds already.
void AppendPrintable(std::string_view text, size_t max_bytes, std::string& out);

// With small letters for A to Z.
std::string ToLower(std::string_view text);

// A decimal number without sign; nothing for an empty text, another character or an overflow.
std::optional<uint64_t> ParseUint(std::string_view digits);

// "1,234,567"
std::string WithThousands(uint64_t number);

// A count as "1234"; what is below 1 is a share, as "5.4 %".
std::string AmountText(double amount);

// "1 line", "2 lines"; thousands are grouped.
std::string Plural(uint64_t count, std::string_view singular);

// The candidate nearest to `word` by edit distance, if one is near enough to be a typing error.
std::optional<std::string> NearestWord(std::string_view word,
                                       const std::vector<std::string>& candidates);

// The text of errno value `error_number`, as in "No such file or directory".
std::string ErrnoText(int error_number);

}  // namespace accesslog
