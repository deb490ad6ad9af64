#include "clients/table_watch.h"

#include <algorithm>
#include <ostream>
#include <sstream>
#include <utility>

namespace accesslog {

Client ClientNumber(uint64_t number) { return {{0, 0xFFFF00000000U | number, false}, "", false}; }

std::ostream& operator<<(std::ostream& out, const ShownSeries& series) {
  out << "client ";
  if (series.client == kOtherNumber) {
    out << "other";
  } else {
    out << series.client;
  }
  return out << " status " << series.status << " shows " << series.shown << " and holds "
             << series.pending;
}

std::vector<ShownSeries> SeriesAt(const ClientTable& table, Time now) {
  std::vector<ShownSeries> all;
  uint64_t client = 0;
  table.Visit(
      now,
      [&](const ClientTable::ClientView& view) {
        client = view.other ? kOtherNumber : view.key.low & 0xFFFFFFFFU;
      },
      [&](const ClientTable::SeriesView& view) {
        all.push_back({client, view.status, view.shown, view.pending});
      });
  std::sort(all.begin(), all.end(), [](const ShownSeries& a, const ShownSeries& b) {
    return std::pair(a.client, a.status) < std::pair(b.client, b.status);
  });
  return all;
}

// The same out of a copy, which tells what is pending only in sum.
std::vector<ShownSeries> SeriesOfCopy(const ClientCopy& copy) {
  std::vector<ShownSeries> all;
  uint32_t first = 0;
  for (size_t i = 0; i < copy.clients.size(); ++i) {
    const bool other = copy.has_other && i + 1 == copy.clients.size();
    const uint64_t client = other ? kOtherNumber : copy.clients[i].low & 0xFFFFFFFFU;
    for (; first < copy.clients[i].series_end; ++first) {
      all.push_back({client, copy.series[first].status, copy.series[first].shown, 0});
    }
  }
  std::sort(all.begin(), all.end(), [](const ShownSeries& a, const ShownSeries& b) {
    return std::pair(a.client, a.status) < std::pair(b.client, b.status);
  });
  return all;
}

bool CopyIsTrue(const ClientTable& table, Time now, std::vector<ShownSeries> expected) {
  ClientCopy copy;
  table.CopyTo(now, copy);
  StatusCounts pending{};
  for (ShownSeries& series : expected) pending[series.status] += std::exchange(series.pending, 0);
  return SeriesOfCopy(copy) == expected && copy.pending == pending;
}

std::string BrokenLaw(const ClientTable& table, Time now, const StatusCounts& requests) {
  const std::vector<ShownSeries> all = SeriesAt(table, now);
  std::ostringstream broken;
  if (all.size() != table.series()) {
    broken << all.size() << " series are shown, " << table.series() << " counted";
  } else if (all.size() > table.max_series()) {
    broken << all.size() << " series where " << table.max_series() << " are the limit";
  }
  if (!CopyIsTrue(table, now, all)) broken << "a copy differs from what is shown";
  StatusCounts sums{};
  for (size_t i = 0; i < all.size(); ++i) {
    sums[all[i].status] += all[i].shown + all[i].pending;
    if (i > 0 && all[i].client == all[i - 1].client && all[i].status == all[i - 1].status) {
      broken << "twice: " << all[i];
    }
  }
  for (uint16_t status = 0; status < sums.size() && broken.view().empty(); ++status) {
    const uint64_t sum = sums[status] + table.Evicted(status);
    if (sum == requests[status]) continue;
    broken << "status " << status << ": " << sum << " of " << requests[status] << " requests";
  }
  return broken.str();
}

std::string TableWatch::Add(uint64_t client, uint16_t status) {
  return Charge(ClientNumber(client), client, status);
}

std::string TableWatch::AddWithoutClient(uint16_t status) {
  Client client;
  client.other = true;
  return Charge(client, kOtherNumber, status);
}

std::string TableWatch::Charge(const Client& client, uint64_t number, uint16_t status) {
  table_.Add(client, status, 1, clock_.now());
  ++requests_[status];
  ++exact_[{number, status}];
  return Look();
}

std::string TableWatch::Expire() {
  table_.Expire(clock_.now());
  return Look();
}

std::string TableWatch::Advance(Duration by) {
  clock_.Advance(by);
  steady_ += std::max(by, Duration{0});
  // The exporter does so at every turn and at every scrape.
  return Expire();
}

std::string TableWatch::Look() {
  std::string broken = BrokenLaw(table_, clock_.now(), requests_);
  std::map<Key, Life> living;
  for (const ShownSeries& series : SeriesAt(table_, clock_.now())) {
    const Key key{series.client, series.status};
    const auto known = living_.find(key);
    if (known == living_.end()) births_.push_back(steady_);
    const Life life = known == living_.end() ? Life{steady_, 0} : known->second;
    if (broken.empty()) broken = LookAt(series, life);
    living[key] = {life.born, series.shown};
  }
  living_ = std::move(living);
  return broken;
}

std::string TableWatch::LookAt(const ShownSeries& series, const Life& life) const {
  const bool held = steady_ - life.born < options_.first_value_hold;
  const auto exact = exact_.find({series.client, series.status});
  const uint64_t most = exact == exact_.end() ? 0 : exact->second;
  std::ostringstream broken;
  if (held && series.shown > 0) {
    broken << "shown too early: " << series;
  } else if (!held && series.pending > 0) {
    broken << "held too long: " << series;
  } else if (series.shown < life.shown) {
    broken << "shown before, and less now: " << series;
  } else if (series.client != kOtherNumber && series.shown + series.pending > most) {
    broken << "more than the " << most << " requests it sent: " << series;
  }
  return broken.str();
}

}  // namespace accesslog
