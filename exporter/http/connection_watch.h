// Hangs up on connections that hold a thread and take their time, so that others get in. CivetWeb
// gives up on silence only, and never on who takes a byte a second; nor does it tell its sockets, so
// they are looked for in /proc/self/fd, and only when one is to be closed.
//
// A connection is *stalled* since its last progress: since a thread took it, until its request is
// there; then since the last kProgress bytes of the answer were taken. Being answered by a handler is
// no stall.
#pragma once

#include <chrono>
#include <compare>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "http/shared_body.h"

namespace accesslog {

// The other end of a connection, in the byte order of the network.
struct Peer {
  uint32_t address = 0;
  uint16_t port = 0;
  auto operator<=>(const Peer&) const = default;
};

struct ConnectionLimits {
  using Duration = std::chrono::milliseconds;

  size_t threads = 64;  // connections served at a time
  // A reader slower than kProgress in this time is hung up on …
  Duration stall{1500};
  // … and everybody after this.
  Duration age{30000};
  // While more than three quarters of the threads are taken: the same. Those first whose address
  // holds most connections, then who is stalled for longest.
  Duration crowded_stall{50};
  Duration crowded_age{1000};
  // While answers of so many bytes and more wait to be read, the readers of all but the newest one
  // must meet the limits of a crowd.
  size_t body_bytes = size_t{8} << 20U;
};

class ConnectionWatch {
 public:
  static constexpr size_t kProgress = size_t{16} << 10U;
  using Id = const void*;
  using Body = std::shared_ptr<const SharedBody>;

  explicit ConnectionWatch(const ConnectionLimits& limits) : limits_(limits) {}
  ~ConnectionWatch();
  ConnectionWatch(const ConnectionWatch&) = delete;
  ConnectionWatch& operator=(const ConnectionWatch&) = delete;

  // Begins to hang up on connections to these local ports.
  void Start(std::vector<uint16_t> ports);

  // Each connection goes through these in this order; any may be followed by Closed.
  void Taken(Id id);
  void Asked(Id id, Peer peer);
  void Answers(Id id, Body body);  // null for a small one
  void Progressed(Id id);
  void Closed(Id id);

 private:
  using Clock = std::chrono::steady_clock;
  using Moment = Clock::time_point;

  enum class Phase : uint8_t { kReading, kHandling, kWriting };
  struct Connection {
    Phase phase = Phase::kReading;
    Peer peer;
    Moment taken;
    Moment progress;
    Body body;
    bool hung_up = false;
  };
  // Whom to hang up on: these, and so many of those that have not sent their request, whose peers
  // only the sockets know.
  struct Victims {
    std::vector<Peer> peers;
    size_t silent = 0;
  };
  struct Socket {
    int fd = -1;
    Peer peer;
  };

  void Run();
  bool IsCrowded() const { return connections_.size() * 4 > limits_.threads * 3; }
  static bool IsStalled(const Connection& connection, Moment now, ConnectionLimits::Duration stall,
                        ConnectionLimits::Duration age);
  static void Condemn(Connection& connection, Victims& victims);
  void CondemnSlow(Moment now, Victims& victims);
  void CondemnCrowd(Moment now, Victims& victims);
  void CondemnReadersOfOld(Moment now, Victims& victims);
  Victims Choose(Moment now);
  std::vector<Socket> Sockets() const;
  void HangUp(const Victims& victims, const std::vector<Peer>& known);
  static void HangUp(const Socket& socket);
  std::vector<Peer> KnownPeers() const;

  const ConnectionLimits limits_;
  std::vector<uint16_t> ports_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::map<Id, Connection> connections_;
  // Of the thread: when sockets were seen first whose request is not there.
  std::map<Peer, Moment> silent_since_;
  std::thread thread_;
};

}  // namespace accesslog
