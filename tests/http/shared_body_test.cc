#include "http/shared_body.h"

#include <gmock/gmock.h>
#include <zlib.h>

#include <atomic>
#include <stdexcept>
#include <thread>

#include "http/served.h"

namespace accesslog {
namespace {

std::string Joined(const SharedBody::Blocks& blocks) {
  std::string all;
  for (const std::string& block : blocks) all += block;
  return all;
}

TEST(SharedBody, IsWrittenOnceForEachForm) {
  int written = 0;
  const SharedBody body([&](const SharedBody::Sink& sink) {
    ++written;
    sink("some ");
    sink("text");
  });
  EXPECT_EQ(body.bytes(), 0U);
  EXPECT_EQ(Joined(body.Text()), "some text");
  EXPECT_EQ(Joined(body.Text()), "some text");
  EXPECT_EQ(written, 1);
  EXPECT_EQ(body.bytes(), 9U);
  EXPECT_EQ(&body.Gzip(), &body.Gzip());
  EXPECT_EQ(written, 2);
  EXPECT_EQ(body.bytes(), 9U + SizeOf(body.Gzip()));
}

TEST(SharedBody, TakesPiecesOfAnySize) {
  std::string all;
  const SharedBody body([&](const SharedBody::Sink& sink) {
    for (size_t size = 1; size < 2000000; size *= 3) {
      const std::string piece(size, static_cast<char>('a' + size % 23));
      all += piece;
      sink(piece);
    }
  });
  EXPECT_EQ(Joined(body.Text()), all);
  for (const std::string& block : body.Text()) EXPECT_LE(block.capacity(), 300000U);
}

TEST(SharedBody, OfNothingIsEmpty) {
  const SharedBody body([](const SharedBody::Sink&) {});
  EXPECT_EQ(SizeOf(body.Text()), 0U);
  EXPECT_GT(SizeOf(body.Gzip()), 0U);
}

TEST(SharedBody, ThrowsWhatItsWriterThrowsAndTriesAgain) {
  int tries = 0;
  const SharedBody body([&](const SharedBody::Sink& sink) {
    if (++tries == 1) throw std::runtime_error("no luck");
    sink("text");
  });
  EXPECT_THROW(body.Text(), std::runtime_error);
  EXPECT_EQ(Joined(body.Text()), "text");
}

HttpHandler Shared(const std::shared_ptr<const SharedBody>& body) {
  return [body](const HttpRequest&) { return HttpResponse{.body = {}, .shared = body}; };
}

TEST(HttpServerShared, SendsOneBodyToMany) {
  std::atomic<int> written = 0;
  const std::string text(1 << 20, 'x');
  const auto body = std::make_shared<const SharedBody>([&](const SharedBody::Sink& sink) {
    ++written;
    sink(text);
  });
  const auto server = Serve({{"/", Shared(body)}});
  std::vector<std::thread> readers;
  for (int i = 0; i < 8; ++i) {
    readers.emplace_back([&, i] {
      const HttpAnswer answer =
          Get(PortOf(*server), "/", i % 2 == 0 ? "Accept-Encoding: gzip\r\n" : "");
      EXPECT_EQ(answer.status, 200);
      if (i % 2 == 0) {
        EXPECT_EQ(answer.body.size(), SizeOf(body->Gzip()));
      } else {
        EXPECT_EQ(answer.body, text);
      }
    });
  }
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(written, 2);
}

TEST(HttpServerShared, AnswersHeadWithTheLength) {
  const auto server = Serve({{"/", Shared(std::make_shared<const SharedBody>(
                                       [](const SharedBody::Sink& sink) { sink("text"); }))}});
  const HttpAnswer answer = Ask(PortOf(*server), "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(answer.headers.at("content-length"), "4");
  EXPECT_EQ(answer.body, "");
}

TEST(HttpServerShared, SaysThatItCouldNotBeWritten) {
  const auto server =
      Serve({{"/", Shared(std::make_shared<const SharedBody>([](const SharedBody::Sink&) {
                throw std::runtime_error("no luck");
              }))}});
  const HttpAnswer answer = Get(PortOf(*server), "/");
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.body, "internal error: no luck\n");
}

}  // namespace
}  // namespace accesslog
