// Counts every allocation of the test program, to hold that a line costs none.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <string>
#include <vector>

#include "parse/line_generator.h"
#include "parse/log_parser.h"

namespace {

std::atomic<uint64_t> allocations{0};

void* Allocate(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t size) { return Allocate(size); }
void* operator new[](std::size_t size) { return Allocate(size); }
// simdjson's.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return Allocate(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return Allocate(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace accesslog {
namespace {

std::vector<std::string> MixedLines(size_t count) {
  LineGenerator generator(7);
  std::vector<std::string> lines;
  while (lines.size() < count) {
    lines.push_back(generator.Line("combined").text);
    lines.push_back(generator.CarriedLine("vhost_combined").text);
    lines.push_back(generator.Line("common").text);
    lines.push_back(generator.Damaged());
    for (const std::string& server : LineGenerator::Servers()) {
      lines.push_back(generator.ServerLine(server).text);
    }
  }
  return lines;
}

// Allocations while `parser` reads all of `lines`.
uint64_t AllocationsOf(LogParser& parser, const std::vector<std::string>& lines) {
  Record record;
  const uint64_t before = allocations;
  for (const std::string& line : lines) parser.Parse(line, record);
  return allocations - before;
}

TEST(Allocations, AreCounted) {
  const uint64_t before = allocations;
  const auto text = std::make_unique<std::string>(1000, 'x');
  EXPECT_EQ(allocations - before, 2U);
}

TEST(LogParser, AllocatesNothingForALine) {
  const std::vector<std::string> lines = MixedLines(10000);
  for (const std::string& format : FormatNames()) {
    LogParser parser = *LogParser::Create(format);
    AllocationsOf(parser, lines);  // what is kept for later lines is allocated once
    EXPECT_EQ(AllocationsOf(parser, lines), 0U) << format;
  }
}

}  // namespace
}  // namespace accesslog
