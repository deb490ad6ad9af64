// Takes the chunks of all files through `analyze` with several threads: they are read one behind
// the other, parsed ahead of their turn, taken over in their turn, and observed by each shard in
// order. The answer is that of one thread. Memory is bounded: so many chunks are under way and no
// more.
//
// LogParser may change its format from line to line. A chunk is parsed ahead with a copy of its
// file's parser as it stood then; if it stands otherwise when the chunk's turn has come, the chunk
// is parsed again.
//
// No thread has a role. Each looks for the next step that is possible, so that reading, inflating,
// parsing and observing share the cores as the input wants it.
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "app/analysis_in_turn.h"
#include "app/analysis_shards.h"
#include "app/analyzed_chunk.h"
#include "app/file_sequence.h"

namespace accesslog {

class ChunkPipeline {
 public:
  using Shards = std::vector<std::unique_ptr<AnalysisShard>>;

  // `parser` is how each file's parser begins. What is referred to must outlive the pipeline.
  ChunkPipeline(FileSequence& files, LogParser parser, const ChunkRules& rules,
                AnalysisInTurn& in_turn, Shards& shards);

  // Reads everything and returns when all of it has been observed. Works with `threads` threads,
  // this one among them, or with fewer if they cannot be had. Calls `tick` from this one, now and
  // then. What a thread throws is thrown here.
  void Run(size_t threads, const std::function<void()>& tick);

  // Taken over so far; may be asked by any thread.
  uint64_t lines() const { return lines_.load(std::memory_order_relaxed); }

 private:
  enum class State : uint8_t { kFree, kReading, kRead, kParsing, kParsed, kTaken };
  struct Slot {
    AnalyzedChunk chunk;
    State state = State::kFree;
    std::optional<LogParser> parser;  // to parse it with
    uint64_t parser_version = 0;
  };
  struct ShardTurn {
    uint64_t next = 0;  // chunk to observe
    bool busy = false;
  };

  // What a thread does without the lock.
  enum class Step : uint8_t { kNone, kRead, kParse, kTake, kObserve };
  struct Task {
    Step step = Step::kNone;
    uint64_t chunk = 0;  // kObserve: the first of them
    uint64_t end = 0;    // kObserve: behind the last of them
    size_t shard = 0;    // kObserve
    bool more = false;   // kRead: there was a chunk
  };

  void Work(const std::function<void()>* tick);
  void WorkUnguarded(const std::function<void()>* tick);
  void Wait(std::unique_lock<std::mutex>& lock, const std::function<void()>* tick);

  // With the lock: choose a step and claim what it needs, and give that back.
  Task Next();
  Task NextRead();
  Task NextParse();
  Task NextTake();
  Task NextObserve();
  void Finish(const Task& task);
  bool AllDone() const { return ended_ && freed_ == read_; }

  // Without the lock.
  void Do(Task& task);
  void Take(Slot& slot);

  Slot& SlotOf(uint64_t number) { return slots_[number % slots_.size()]; }

  FileSequence& files_;
  const LogParser fresh_parser_;
  const ChunkRules& rules_;
  AnalysisInTurn& in_turn_;
  Shards& shards_;
  std::atomic<uint64_t> lines_ = 0;

  std::mutex mutex_;  // guards all below; a slot's chunk is its claimer's
  std::condition_variable changed_;
  size_t waiting_ = 0;
  std::vector<Slot> slots_;
  // Chunks are numbered from 0. Those in [freed_, read_) are under way, those in front of taken_
  // have been taken over.
  uint64_t freed_ = 0;
  uint64_t taken_ = 0;
  uint64_t read_ = 0;
  uint64_t unparsed_ = 0;  // read, and nobody parses them yet
  bool reading_ = false;
  bool taking_ = false;
  bool ended_ = false;
  std::array<ShardTurn, kShards> shard_turns_;
  std::optional<LogParser> parser_;  // as it stands behind the last chunk taken over
  std::optional<size_t> parser_file_;
  uint64_t parser_version_ = 0;  // another one whenever it stands otherwise
  std::exception_ptr failure_;
};

}  // namespace accesslog
