#include "app/landing_page.h"

#include <gmock/gmock.h>

#include "app/site_engine.h"
#include "app/version.h"

namespace accesslog {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string PageOf(const std::string& site, const std::string& path, bool open) {
  const SiteEngine engine(site, ClientOptions{}, DetectOptions{}, 42);
  const FileView file{.site = engine.name(), .path = path, .open = open, .last_line = {}};
  return LandingPage({engine.View()}, {file});
}

TEST(LandingPage, LinksToWhatThereIs) {
  const std::string page = PageOf("shop", "/var/log/access.log", true);
  for (const char* link : {"href=\"metrics\"", "href=\"-/healthy\"", "href=\"-/ready\""}) {
    EXPECT_THAT(page, HasSubstr(link));
  }
}

TEST(LandingPage, TellsVersionSitesAndFiles) {
  const std::string page = PageOf("shop", "/var/log/access.log", true);
  EXPECT_THAT(page, HasSubstr("accesslog_exporter " + std::string(Version())));
  EXPECT_THAT(page, HasSubstr("<tr><td>shop</td><td>0</td><td>0</td><td>0</td></tr>"));
  EXPECT_THAT(page, HasSubstr("<tr><td>shop</td><td>/var/log/access.log</td><td>followed</td>"));
}

TEST(LandingPage, MarksAFileThatCannotBeOpened) {
  EXPECT_THAT(PageOf("shop", "/x.log", false),
              HasSubstr("<span class=\"bad\">cannot be opened</span>"));
}

TEST(LandingPage, ShowsWhatWasDetected) {
  SiteEngine engine("shop", ClientOptions{}, DetectOptions{}, 42);
  LogParser parser = *LogParser::Create("combined");
  EXPECT_THAT(LandingPage({engine.View()}, {}), HasSubstr("None so far."));
  for (int i = 0; i < 6; ++i) {
    engine.Count("203.0.113.7 - - [02/Mar/2026:10:00:00 +0000] \"POST /login HTTP/1.1\" 401 0 \"-\" \"<b>\"",
                 parser, Time{std::chrono::seconds{1772445600}});
  }
  const std::string page = LandingPage({engine.View()}, {});
  EXPECT_THAT(page, HasSubstr("<tr><td>2026-03-02T10:00:00Z</td><td>shop</td><td>LoginBruteForce</td>"
                              "<td>warning</td><td>203.0.113.7</td>"
                              "<td>6 failed logins in 1m</td><td>going on</td></tr>"));
  EXPECT_THAT(page, Not(HasSubstr("<b>")));
}

TEST(LandingPage, EscapesNames) {
  const std::string page = PageOf("<b>\"&", "/<script>alert(1)</script>\n\xff", true);
  EXPECT_THAT(page, HasSubstr("&lt;b&gt;&quot;&amp;"));
  EXPECT_THAT(page, HasSubstr("/&lt;script&gt;alert(1)&lt;/script&gt;\\x0a\\xff"));
  EXPECT_THAT(page, Not(HasSubstr("<script>")));
}

}  // namespace
}  // namespace accesslog
