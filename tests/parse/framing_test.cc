#include "parse/framing.h"

#include <gtest/gtest.h>

#include <vector>

namespace accesslog {
namespace {

using namespace std::string_literals;

// The lines that come out of the frames, in order; "(none)" for a line that is not framed.
std::vector<std::string> Unframed(Framing framing, const std::vector<std::string>& lines) {
  Deframer deframer;
  TextArena texts;
  std::vector<std::string> result;
  for (const std::string& line : lines) {
    std::string_view inner;
    const Frame frame = deframer.Unframe(framing, line, texts, inner);
    if (frame == Frame::kWhole) result.emplace_back(inner);
    if (frame == Frame::kNone) result.emplace_back("(none)");
  }
  return result;
}

std::string Unframed(Framing framing, const std::string& line) {
  const auto lines = Unframed(framing, std::vector{line});
  return lines.empty() ? "(fragment)" : lines[0];
}

std::string Docker(const std::string& text, const std::string& stream = "stdout") {
  return R"({"log":")" + text + R"(","stream":")" + stream +
         R"(","time":"2023-09-08T16:26:56.123456789Z"})";
}

std::string Cri(const std::string& rest) { return "2023-09-08T16:26:56.123456789+02:00 " + rest; }

using Lines = std::vector<std::string>;

// --- Trimming ---

TEST(TrimLine, TakesOffWhatFilesPutAround) {
  EXPECT_EQ(TrimLine("a\r"), "a");
  EXPECT_EQ(TrimLine("a\r\r"), "a");
  EXPECT_EQ(TrimLine("\xEF\xBB\xBF"
                     "a"),
            "a");
  EXPECT_EQ(TrimLine("\0\0\xEF\xBB\xBF"
                     "a"s),
            "a");
  EXPECT_EQ(TrimLine(" a\rb\0"s), " a\rb\0"s);
  EXPECT_EQ(TrimLine("\0\r"s), "");
  EXPECT_EQ(TrimLine(""), "");
}

// --- Docker ---

TEST(Docker, IsUnframed) {
  EXPECT_EQ(Unframed(Framing::kDocker, Docker("a b\\n")), "a b");
  EXPECT_EQ(Unframed(Framing::kDocker, Docker("a\\r\\n")), "a");
  EXPECT_EQ(Unframed(Framing::kDocker, Docker("\\n")), "");
  EXPECT_EQ(Unframed(Framing::kDocker, Docker("a\\n", "stderr")), "a");
  EXPECT_EQ(
      Unframed(
          Framing::kDocker,
          R"({"log":"a\n","stream":"stdout","attrs":{"tag":"x"},"time":"2023-09-08T16:26:56Z"})"),
      "a");
}

TEST(Docker, IsUnescaped) {
  EXPECT_EQ(Unframed(Framing::kDocker, Docker(R"(\"GET \u003ca\u003e\\x22\" \u00fc\n)")),
            "\"GET <a>\\x22\" \xC3\xBC");
  EXPECT_EQ(Unframed(Framing::kDocker, Docker(R"({\"a\":\"\\\"\"}\n)")), R"({"a":"\""})");
}

TEST(Docker, JoinsPartsOfALine) {
  EXPECT_EQ(
      Unframed(Framing::kDocker, Lines{Docker("a"), Docker("b"), Docker("c\\n"), Docker("d\\n")}),
      (Lines{"abc", "d"}));
  // An escaped backslash and the letter n are no line end.
  EXPECT_EQ(Unframed(Framing::kDocker, Lines{Docker(R"(a\\n)"), Docker(R"(\n)")}), Lines{R"(a\n)"});
}

TEST(Docker, KeepsTheStreamsApart) {
  EXPECT_EQ(Unframed(Framing::kDocker, Lines{Docker("out1 "), Docker("err1 ", "stderr"),
                                             Docker("out2\\n"), Docker("err2\\n", "stderr")}),
            (Lines{"out1 out2", "err1 err2"}));
}

TEST(Docker, TakesNoFrameFromWithinALine) {
  EXPECT_EQ(Unframed(Framing::kDocker, Docker(R"(\",\"stream\":\"stdout\",\"time\":\"\"}\n)")),
            R"(","stream":"stdout","time":""})");
}

TEST(Docker, IsNotMistaken) {
  for (const std::string line :
       {R"({"log":"a\n"})", R"({"log":5,"stream":"stdout"})", R"({"log":"a)", R"({"logs":"a"})", "",
        R"( {"log":"a\n","stream":"stdout"})", R"({"stream":"stdout","log":"a\n"})", "{"}) {
    EXPECT_EQ(Unframed(Framing::kDocker, line), "(none)") << line;
    EXPECT_FALSE(LooksFramed(Framing::kDocker, line)) << line;
  }
}

TEST(Docker, BoundsWhatItKeeps) {
  const std::string part(100000, 'a');
  Lines lines(50, Docker(part));
  for (int i = 0; i < 50; ++i) lines.push_back(Docker(part, "stderr"));
  lines.push_back(Docker("\\n"));
  lines.push_back(Docker("\\n", "stderr"));
  lines.push_back(Docker("b\\n"));
  const Lines whole = Unframed(Framing::kDocker, lines);
  ASSERT_EQ(whole.size(), 3U);
  EXPECT_EQ(whole[0].size() + whole[1].size(), kMaxFramedBytes);
  EXPECT_EQ(whole[2], "b");
}

// --- CRI ---

TEST(Cri, IsUnframed) {
  EXPECT_EQ(Unframed(Framing::kCri, Cri("stdout F a b")), "a b");
  EXPECT_EQ(Unframed(Framing::kCri, Cri("stderr F a")), "a");
  EXPECT_EQ(Unframed(Framing::kCri, Cri("stdout F ")), "");
  EXPECT_EQ(Unframed(Framing::kCri, Cri("stdout F:tag a")), "a");
  EXPECT_EQ(Unframed(Framing::kCri, "2023-09-08T16:26:56Z stdout F {}"), "{}");
}

TEST(Cri, JoinsPartsOfALine) {
  EXPECT_EQ(Unframed(Framing::kCri, Lines{Cri("stdout P a "), Cri("stderr P x"), Cri("stdout P b"),
                                          Cri("stdout F c"), Cri("stderr F y"), Cri("stdout F d")}),
            (Lines{"a bc", "xy", "d"}));
}

TEST(Cri, KnowsWhetherAPartWaits) {
  Deframer deframer;
  TextArena texts;
  std::string_view inner;
  EXPECT_TRUE(deframer.is_clean());
  deframer.Unframe(Framing::kCri, Cri("stderr P a"), texts, inner);
  EXPECT_FALSE(deframer.is_clean());
  deframer.Unframe(Framing::kCri, Cri("stdout F a"), texts, inner);
  EXPECT_FALSE(deframer.is_clean());
  deframer.Unframe(Framing::kCri, Cri("stderr F a"), texts, inner);
  EXPECT_TRUE(deframer.is_clean());
}

TEST(Cri, IsNotMistaken) {
  for (const std::string line :
       {"2023-09-08T16:26:56Z stdout a", "2023-09-08T16:26:56Z stdin F a",
        "2023-09-08 16:26:56 stdout F a", "2023-09-08T16:26:56Z stdout X a",
        "2023-09-08T16:26:56Z stdout F", "2023-09-08T16:26:56Z  stdout F a", "stdout F a",
        "2023-09-08T16:26:56Z", ""}) {
    EXPECT_EQ(Unframed(Framing::kCri, line), "(none)") << line;
  }
}

// --- Syslog ---

TEST(Syslog, IsUnframedWithAndWithoutItsParts) {
  for (const std::string frame :
       {"<190>Nov 22 10:00:00 host nginx: ", "Nov 22 10:00:00 host nginx[123]: ",
        "Nov  2 10:00:00 host nginx: ", "<6>Nov 22 10:00:00 nginx: ", "Nov 22 10:00:00 nginx[1]: ",
        "2023-09-08T16:26:56.123+02:00 host nginx[1]: ",
        "2023-09-08T16:26:56Z host /usr/sbin/httpd: ", "<190>2023-09-08T16:26:56Z host nginx: "}) {
    EXPECT_EQ(Unframed(Framing::kSyslog, frame + "a b"), "a b") << frame;
  }
}

TEST(Syslog, IsUnframedAsInRfc5424) {
  for (const std::string frame :
       {"<34>1 2023-09-08T16:26:56.003Z host app 123 ID47 - ", "<34>1 - - - - - - ",
        R"(<34>1 2023-09-08T16:26:56Z host app - - [a@1 b="c" d="e"] )",
        R"(<34>1 2023-09-08T16:26:56Z host app - - [a@1 b="c\]d \"x\" \\"][e] )",
        "<34>1 2023-09-08T16:26:56Z host app - - - \xEF\xBB\xBF"}) {
    EXPECT_EQ(Unframed(Framing::kSyslog, frame + "a [b]"), "a [b]") << frame;
  }
}

TEST(Syslog, IsNotMistaken) {
  for (const std::string line :
       {"192.0.2.1 - - [08/Sep/2023:12:26:56 -0400] \"GET / HTTP/1.1\" 200 5",
        "Nov 22 10:00:00 host nginx 192.0.2.1", "Nov 22 10:00:00 host",
        "Nov 22 10:00 host nginx: a", "Foo 22 10:00:00 host nginx: a", "<190>",
        "<>Nov 22 10:00:00 host nginx: a", "<12345>Nov 22 10:00:00 host nginx: a",
        "<a>Nov 22 10:00:00 host nginx: a", "<34>1 - - - - -",
        "<34>1 2023-09-08T16:26:56Z host app - - [a", "<34>1 a b c d e x", "2023-09-08T16:26:56Z",
        "2023-09-08 16:26:56 10.0.0.1 GET /a b=c 443 - 192.0.2.1 a - 200",
        "Nov 22 10:00:00 host nginx[a]: b", "Nov 22 10:00:00 host nginx[1: b",
        "Nov 22 10:00:00 host nginx[", "Nov 22 10:00:00 ", ""}) {
    EXPECT_EQ(Unframed(Framing::kSyslog, line), "(none)") << line;
  }
}

TEST(FramingName, NamesEach) {
  EXPECT_EQ(FramingName(Framing::kDocker), "docker");
  EXPECT_EQ(FramingName(Framing::kCri), "cri");
  EXPECT_EQ(FramingName(Framing::kSyslog), "syslog");
  EXPECT_EQ(FramingName(Framing::kNone), "");
}

TEST(Deframer, TakesNoFrameWhereThereIsNone) {
  EXPECT_EQ(Unframed(Framing::kNone, Docker("a\\n")), "(none)");
}

}  // namespace
}  // namespace accesslog
