#include "http/connection_watch.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "base/text.h"

namespace accesslog {
namespace {

// How often it looks, in a crowd and otherwise. While nobody is connected it sleeps.
constexpr std::chrono::milliseconds kCrowdedLook{20};
constexpr std::chrono::milliseconds kLook{50};

using NameOf = int (*)(int, sockaddr*, socklen_t*);

// One end of an IPv4 socket, or 0:0.
Peer EndOf(int fd, NameOf name_of) {
  sockaddr_in name{};
  socklen_t size = sizeof(name);
  if (name_of(fd, reinterpret_cast<sockaddr*>(&name), &size) != 0) return {};
  if (name.sin_family != AF_INET) return {};
  return {name.sin_addr.s_addr, name.sin_port};
}

}  // namespace

ConnectionWatch::~ConnectionWatch() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void ConnectionWatch::Start(std::vector<uint16_t> ports) {
  ports_ = std::move(ports);
  thread_ = std::thread([this] { Run(); });
}

void ConnectionWatch::Taken(Id id) {
  const std::lock_guard lock(mutex_);
  const bool was_idle = connections_.empty();
  const bool was_crowded = IsCrowded();
  Connection& connection = connections_[id] = {};
  connection.taken = connection.progress = Clock::now();
  if (was_idle || IsCrowded() != was_crowded) changed_.notify_all();
}

void ConnectionWatch::Asked(Id id, Peer peer) {
  const std::lock_guard lock(mutex_);
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  found->second.phase = Phase::kHandling;
  found->second.peer = peer;
}

void ConnectionWatch::Answers(Id id, Body body) {
  const std::lock_guard lock(mutex_);
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  found->second.phase = Phase::kWriting;
  // What the handler took is not the reader's slowness.
  found->second.taken = found->second.progress = Clock::now();
  found->second.body = std::move(body);
}

void ConnectionWatch::Progressed(Id id) {
  const std::lock_guard lock(mutex_);
  const auto found = connections_.find(id);
  if (found != connections_.end()) found->second.progress = Clock::now();
}

void ConnectionWatch::Closed(Id id) {
  // What it held is freed without the lock.
  std::map<Id, Connection>::node_type gone;
  const std::lock_guard lock(mutex_);
  gone = connections_.extract(id);
}

void ConnectionWatch::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (connections_.empty()) {
      silent_since_.clear();
      changed_.wait(lock);
      continue;
    }
    changed_.wait_for(lock, IsCrowded() ? kCrowdedLook : kLook);
    const Victims victims = Choose(Clock::now());
    if (victims.peers.empty() && victims.silent == 0 && !IsCrowded()) continue;
    const std::vector<Peer> known = KnownPeers();
    lock.unlock();
    HangUp(victims, known);
    lock.lock();
  }
}

bool ConnectionWatch::IsStalled(const Connection& connection, Moment now,
                                ConnectionLimits::Duration stall,
                                ConnectionLimits::Duration age) {
  if (connection.phase == Phase::kHandling) return false;
  return now - connection.progress >= stall || now - connection.taken >= age;
}

void ConnectionWatch::Condemn(Connection& connection, Victims& victims) {
  if (connection.phase == Phase::kReading) {
    // It may yet turn out that its socket is not known.
    ++victims.silent;
  } else {
    connection.hung_up = true;
    victims.peers.push_back(connection.peer);
  }
}

// CivetWeb itself cuts off requests that do not come.
void ConnectionWatch::CondemnSlow(Moment now, Victims& victims) {
  for (auto& [id, connection] : connections_) {
    if (connection.phase == Phase::kWriting && !connection.hung_up &&
        IsStalled(connection, now, limits_.stall, limits_.age)) {
      Condemn(connection, victims);
    }
  }
}

void ConnectionWatch::CondemnCrowd(Moment now, Victims& victims) {
  std::map<uint32_t, size_t> by_address;
  std::vector<Connection*> slow;
  size_t condemned = 0;
  for (auto& [id, connection] : connections_) {
    ++by_address[connection.peer.address];
    if (connection.hung_up) {
      ++condemned;
    } else if (IsStalled(connection, now, limits_.crowded_stall, limits_.crowded_age)) {
      slow.push_back(&connection);
    }
  }
  const size_t wanted = limits_.threads * 3 / 4;
  const size_t left = connections_.size() - condemned;
  if (left <= wanted) return;
  std::sort(slow.begin(), slow.end(), [&](const Connection* a, const Connection* b) {
    const size_t of_a = by_address[a->peer.address];
    const size_t of_b = by_address[b->peer.address];
    return of_a != of_b ? of_a > of_b : a->progress < b->progress;
  });
  slow.resize(std::min(slow.size(), left - wanted));
  for (Connection* connection : slow) Condemn(*connection, victims);
}

void ConnectionWatch::CondemnReadersOfOld(Moment now, Victims& victims) {
  std::set<const SharedBody*> bodies;
  const Connection* newest = nullptr;
  size_t bytes = 0;
  for (const auto& [id, connection] : connections_) {
    if (!connection.body) continue;
    if (bodies.insert(connection.body.get()).second) bytes += connection.body->bytes();
    if (newest == nullptr || connection.taken > newest->taken) newest = &connection;
  }
  if (bytes < limits_.body_bytes || bodies.size() < 2) return;
  for (auto& [id, connection] : connections_) {
    if (connection.body && connection.body != newest->body && !connection.hung_up &&
        IsStalled(connection, now, limits_.crowded_stall, limits_.crowded_age)) {
      Condemn(connection, victims);
    }
  }
}

ConnectionWatch::Victims ConnectionWatch::Choose(Moment now) {
  Victims victims;
  CondemnSlow(now, victims);
  CondemnReadersOfOld(now, victims);
  if (IsCrowded()) CondemnCrowd(now, victims);
  return victims;
}

std::vector<Peer> ConnectionWatch::KnownPeers() const {
  std::vector<Peer> peers;
  for (const auto& [id, connection] : connections_) {
    if (connection.phase != Phase::kReading) peers.push_back(connection.peer);
  }
  std::sort(peers.begin(), peers.end());
  return peers;
}

std::vector<ConnectionWatch::Socket> ConnectionWatch::Sockets() const {
  std::vector<Socket> sockets;
  std::error_code error;
  for (std::filesystem::directory_iterator entry("/proc/self/fd", error), end; entry != end;
       entry.increment(error)) {
    const auto fd = ParseUint(entry->path().filename().string());
    if (!fd) continue;
    const Peer peer = EndOf(static_cast<int>(*fd), ::getpeername);
    if (peer == Peer{}) continue;
    const uint16_t port = ntohs(EndOf(static_cast<int>(*fd), ::getsockname).port);
    if (std::find(ports_.begin(), ports_.end(), port) == ports_.end()) continue;
    sockets.push_back({static_cast<int>(*fd), peer});
  }
  return sockets;
}

// Of the sockets whose request is not there, some wait for a thread. Threads take them in the order
// in which they came, so those that were seen first have one.
void ConnectionWatch::HangUp(const Victims& victims, const std::vector<Peer>& known) {
  std::map<Peer, Moment> silent_since;
  std::vector<std::pair<Moment, Socket>> silent;
  const Moment now = Clock::now();
  for (const Socket& socket : Sockets()) {
    if (std::find(victims.peers.begin(), victims.peers.end(), socket.peer) != victims.peers.end()) {
      HangUp(socket);
    }
    if (std::binary_search(known.begin(), known.end(), socket.peer)) continue;
    const auto seen = silent_since_.find(socket.peer);
    const Moment since = seen == silent_since_.end() ? now : seen->second;
    silent_since[socket.peer] = since;
    if (now - since >= limits_.crowded_stall) silent.emplace_back(since, socket);
  }
  silent_since_ = std::move(silent_since);
  // Of those that were seen at once, the lower number came first.
  std::sort(silent.begin(), silent.end(), [](const auto& a, const auto& b) {
    return std::pair(a.first, a.second.fd) < std::pair(b.first, b.second.fd);
  });
  for (size_t i = 0; i < std::min(silent.size(), victims.silent); ++i) HangUp(silent[i].second);
}

// The number may be another connection's by now.
void ConnectionWatch::HangUp(const Socket& socket) {
  if (EndOf(socket.fd, ::getpeername) == socket.peer) ::shutdown(socket.fd, SHUT_RDWR);
}

}  // namespace accesslog
