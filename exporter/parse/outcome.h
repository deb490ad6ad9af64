// What became of one line. A bad line is a value and a counter, never a message.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace accesslog {

// From best to worst; LogParser compares formats by this order.
enum class ParseOutcome : uint8_t {
  kComplete,    // every field of the format was there, and nothing else
  kExtra,       // every field, and more text behind the last
  kIncomplete,  // client and status, but the line ends or loses its shape later
  kEmpty,       // nothing on the line
  kComment,     // a line that is about the log, such as #Fields
  kFragment,    // part of a line that a container runtime cut; the rest comes with a later line
  kBadClient,   // the client field is neither an address nor a host name; see Record::unnamed
  kNoStatus,    // the line ends or loses its shape before it told client and status
};

inline bool HasRecord(ParseOutcome outcome) { return outcome <= ParseOutcome::kIncomplete; }

// Why a line gave no Record: the label `reason` of unparsed_lines_total.
enum class UnparsedReason : uint8_t { kEmpty, kTooLong, kClient, kStatus, kComment };

inline constexpr size_t kUnparsedReasonCount = 5;
inline constexpr std::array<std::string_view, kUnparsedReasonCount> kUnparsedReasonNames = {
    "empty", "too_long", "client", "status", "comment"};

// Only for outcomes of whole lines (not kFragment) without a record.
UnparsedReason ReasonOf(ParseOutcome outcome);

}  // namespace accesslog
