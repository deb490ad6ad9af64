#include "detect/event_clock.h"

#include "clients/saved.h"

namespace accesslog {
namespace {

constexpr Duration kUsualLag = std::chrono::seconds{10};
// Servers whose clocks are not in step, and answers that take long, differ by less.
constexpr Duration kLargestJump = std::chrono::minutes{5};
// So long no line may reach the clock until the lines are believed.
constexpr Duration kPatience = std::chrono::minutes{1};

}  // namespace

// A server writes a line when the answer is sent, with the time at which the request came, so a
// line is late now and then. If all are, and by the same, the server's clock was set back, or it
// tells the time of another zone. The lines of an old file that was found just now are late, too;
// but they are read faster than they were written, so each is late by less than the one before.
void EventClock::FallBehind(Time at, Time now, Time wall) {
  const bool first = !latest_ && now - at <= kLargestJump;
  if (now - at <= kUsualLag && !first) return lag_.reset();
  const Duration offset = at - wall;
  const bool same = lag_ && wall >= lag_->since && offset - lag_->first <= kLargestJump;
  if (!same) lag_ = {wall, offset, offset};
  lag_->smallest = std::max(lag_->smallest, offset);
  if (!first && wall - lag_->since < kPatience) return;
  latest_ = wall + lag_->smallest;
  latest_wall_ = wall;
  lag_.reset();
}

void EventClock::Save(ByteWriter& writer) const {
  writer.Flag(live_);
  writer.Flag(latest_.has_value());
  if (latest_) {
    writer.Moment(*latest_);
    writer.Moment(latest_wall_);
  }
  writer.Flag(lag_.has_value());
  if (!lag_) return;
  writer.Moment(lag_->since);
  writer.Moment(lag_->since + lag_->first);
  writer.Moment(lag_->since + lag_->smallest);
}

bool EventClock::Load(ByteReader& reader, const RestoreTimes& times) {
  live_ = reader.Flag() && times.continued;
  if (reader.Flag()) {
    latest_ = LoadTime(reader);
    latest_wall_ = LoadTime(reader);
  }
  if (reader.Flag()) {
    const Time since = LoadTime(reader);
    const Time first = LoadTime(reader);
    const Time smallest = LoadTime(reader);
    lag_ = {since, first - since, smallest - since};
  }
  if (times.continued) return reader.ok();
  lag_.reset();
  if (times.now < latest_wall_) latest_.reset();
  return reader.ok();
}

}  // namespace accesslog
