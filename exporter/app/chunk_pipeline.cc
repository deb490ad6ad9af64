#include "app/chunk_pipeline.h"

#include <algorithm>
#include <chrono>
#include <thread>

namespace accesslog {
namespace {

constexpr std::chrono::milliseconds kTick{100};

// Enough that nobody waits for the chunk of somebody else, and few enough for the cache.
size_t ChunksUnderWay(size_t threads) { return threads == 1 ? 1 : threads + 4; }

}  // namespace

ChunkPipeline::ChunkPipeline(FileSequence& files, LogParser parser, const ChunkRules& rules,
                             AnalysisInTurn& in_turn, Shards& shards)
    : files_(files),
      fresh_parser_(std::move(parser)),
      rules_(rules),
      in_turn_(in_turn),
      shards_(shards) {}

void ChunkPipeline::Run(size_t threads, const std::function<void()>& tick) {
  slots_ = std::vector<Slot>(ChunksUnderWay(threads));
  std::vector<std::thread> helpers;
  helpers.reserve(threads - 1);
  {
    const std::scoped_lock lock(mutex_);
    try {
      while (helpers.size() + 1 < threads) helpers.emplace_back([this] { Work(nullptr); });
    } catch (const std::exception&) {
      // Fewer do as well. Nothing else may throw while threads run that nobody would join.
      slots_.resize(ChunksUnderWay(helpers.size() + 1));
    }
  }
  Work(&tick);
  for (std::thread& helper : helpers) helper.join();
  if (failure_) std::rethrow_exception(failure_);
}

void ChunkPipeline::Work(const std::function<void()>* tick) {
  try {
    WorkUnguarded(tick);
  } catch (...) {
    const std::scoped_lock lock(mutex_);
    if (!failure_) failure_ = std::current_exception();
    changed_.notify_all();
  }
}

void ChunkPipeline::WorkUnguarded(const std::function<void()>* tick) {
  std::unique_lock lock(mutex_);
  while (!failure_ && !AllDone()) {
    Task task = Next();
    if (task.step == Step::kNone) {
      Wait(lock, tick);
      continue;
    }
    // There may be a step for another thread too.
    if (waiting_ > 0) changed_.notify_one();
    lock.unlock();
    Do(task);
    if (tick != nullptr) (*tick)();
    lock.lock();
    Finish(task);
  }
  changed_.notify_all();
}

void ChunkPipeline::Wait(std::unique_lock<std::mutex>& lock, const std::function<void()>* tick) {
  ++waiting_;
  if (tick == nullptr) {
    changed_.wait(lock);
  } else {
    changed_.wait_for(lock, kTick);
  }
  --waiting_;
  if (tick == nullptr) return;
  lock.unlock();
  (*tick)();
  lock.lock();
}

// In this order: what the others wait for; a chunk to parse for whoever comes next, so that the
// reader never rests; then what has come furthest, while it is still in the cache.
ChunkPipeline::Task ChunkPipeline::Next() {
  Task task = NextTake();
  if (task.step == Step::kNone && unparsed_ == 0) task = NextRead();
  if (task.step == Step::kNone) task = NextObserve();
  if (task.step == Step::kNone) task = NextParse();
  if (task.step == Step::kNone) task = NextRead();
  return task;
}

ChunkPipeline::Task ChunkPipeline::NextTake() {
  if (taking_ || taken_ == read_ || SlotOf(taken_).state != State::kParsed) return {};
  taking_ = true;
  return {.step = Step::kTake, .chunk = taken_};
}

ChunkPipeline::Task ChunkPipeline::NextRead() {
  if (reading_ || ended_ || read_ - freed_ == slots_.size()) return {};
  reading_ = true;
  SlotOf(read_).state = State::kReading;
  return {.step = Step::kRead, .chunk = read_};
}

// Nothing behind a file's first chunk is parsed before that one has been taken over: only then is
// it known how the parser stands.
ChunkPipeline::Task ChunkPipeline::NextParse() {
  for (uint64_t number = taken_; number < read_ && unparsed_ > 0; ++number) {
    Slot& slot = SlotOf(number);
    if (slot.state != State::kRead) continue;
    if (slot.chunk.begins_file) {
      slot.parser = fresh_parser_;
    } else if (parser_file_ == slot.chunk.file) {
      slot.parser = parser_;
    } else {
      continue;
    }
    slot.parser_version = parser_version_;
    slot.state = State::kParsing;
    --unparsed_;
    return {.step = Step::kParse, .chunk = number};
  }
  return {};
}

ChunkPipeline::Task ChunkPipeline::NextObserve() {
  for (size_t shard = 0; shard < kShards; ++shard) {
    ShardTurn& turn = shard_turns_[shard];
    if (turn.busy || turn.next == taken_) continue;
    turn.busy = true;
    return {.step = Step::kObserve, .chunk = turn.next, .end = taken_, .shard = shard};
  }
  return {};
}

void ChunkPipeline::Do(Task& task) {
  Slot& slot = SlotOf(task.chunk);
  switch (task.step) {
    case Step::kRead:
      task.more = files_.Read(slot.chunk);
      break;
    case Step::kParse:
      slot.chunk.Parse(std::move(*slot.parser), rules_);
      break;
    case Step::kTake:
      Take(slot);
      break;
    case Step::kObserve:
      for (uint64_t number = task.chunk; number < task.end; ++number) {
        shards_[task.shard]->Observe(SlotOf(number).chunk.requests(task.shard));
      }
      break;
    case Step::kNone:
      break;
  }
}

// parser_ changes only when a chunk has been taken over, so it may be read here without the lock.
void ChunkPipeline::Take(Slot& slot) {
  const bool as_in_turn = slot.chunk.begins_file || slot.parser_version == parser_version_;
  if (!as_in_turn) slot.chunk.Parse(*parser_, rules_);
  in_turn_.Take(slot.chunk);
}

void ChunkPipeline::Finish(const Task& task) {
  Slot& slot = SlotOf(task.chunk);
  switch (task.step) {
    case Step::kRead:
      reading_ = false;
      ended_ = !task.more;
      slot.state = task.more ? State::kRead : State::kFree;
      read_ += task.more ? 1 : 0;
      unparsed_ += task.more ? 1 : 0;
      break;
    case Step::kParse:
      slot.state = State::kParsed;
      break;
    case Step::kTake:
      taking_ = false;
      slot.state = State::kTaken;
      ++taken_;
      if (!parser_ || !parser_->SameStateAs(slot.chunk.parser())) {
        parser_ = slot.chunk.parser();
        ++parser_version_;
      }
      parser_file_ = slot.chunk.file;
      lines_.store(in_turn_.counts().lines, std::memory_order_relaxed);
      break;
    case Step::kObserve: {
      shard_turns_[task.shard] = {.next = task.end, .busy = false};
      const auto oldest =
          std::min_element(shard_turns_.begin(), shard_turns_.end(),
                           [](const ShardTurn& a, const ShardTurn& b) { return a.next < b.next; });
      freed_ = oldest->next;
      break;
    }
    case Step::kNone:
      break;
  }
}

}  // namespace accesslog
