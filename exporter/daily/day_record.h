// What is kept of one local day of one site. The requests by status are exact; of the clients only
// the ones that matter are kept, and what the others did is the difference. Used by DayLedger.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "base/byte_codec.h"
#include "clients/client_key.h"
#include "clients/client_table.h"
#include "daily/login_day.h"

namespace accesslog {

using CountByStatus = std::map<uint16_t, uint64_t>;

uint64_t SumOf(const CountByStatus& counts);
// Of what an error answers: 400 to 599.
uint64_t ErrorsOf(const CountByStatus& counts);

struct DayRecord {
  struct Row {
    std::string host_name;
    CountByStatus counts;

    bool operator==(const Row&) const = default;
  };

  CountByStatus requests;
  uint64_t response_bytes = 0;
  std::map<ClientKey, Row> rows;
  uint64_t dropped_rows = 0;
  LoginDay logins;

  bool IsEmpty() const { return *this == DayRecord{}; }
  void Add(const ClientKey& key, std::string_view host_name,
           std::span<const ClientTable::StatusCount> counts);
  // Keeps the `most` clients with the most requests, and as many with the most errors.
  void CutTo(size_t most);
  void ForgetNames();

  bool operator==(const DayRecord&) const = default;

  void Save(ByteWriter& writer) const;
  bool Load(ByteReader& reader);
};

}  // namespace accesslog
