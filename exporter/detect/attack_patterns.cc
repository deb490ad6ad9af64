#include "detect/attack_patterns.h"

namespace accesslog {
namespace {

// Lists and patterns read better as they are broken by hand.
// clang-format off

using Family = AttackFamily;

// Files that no site means to give away. Each begins a path segment.
constexpr BuiltInSignature kSensitiveFiles[] = {
    {"dotenv", Family::kSensitiveFile, kInPath, Fit::kName, kLeaks | kNotInTrees, "/.env", ""},
    {"version_control", Family::kSensitiveFile, kInPath, Fit::kSegment, kLeaks | kNotInTrees,
     "/.git-credentials\n/.gitconfig\n/.git-rewrite\n/.svn\n/.subversion\n/.hg\n/.hgrc\n"
     "/.bzr\n/.cvs\n/.cvsignore\n/cvs/entries\n/cvs/root\n/_darcs\n/.gitmodules\n/.gitlab-ci.yml\n"
     "/.travis.yml\n/.circleci\n/.drone.yml\n/.jenkinsfile",
     ""},
    // But for what a git client asks a repository's own address for: info/refs, git-upload-pack.
    {"git_folder", Family::kSensitiveFile, kInPath, Fit::kSegment, kLeaks | kNotInTrees, "/.git",
     R"(/\.git(?:/?$|/(?:[^gi]|g[^i]|i[^n]|in[^f]|info/exclude)|[^/]))"},
    {"git_refs_at_root", Family::kSensitiveFile, kInPath, Fit::kWhole, 0, "/.git/info/refs", ""},
    {"server_access_files", Family::kSensitiveFile, kInPath, Fit::kName, kLeaks | kNotInTrees,
     "/.htpasswd\n/.htaccess\n/.htgroup\n/.htdigest\n/.ht_wsr.txt\n/.passwd\n/.pwd\n/web.config", ""},
    {"keys", Family::kSensitiveFile, kInPath, Fit::kSegment, kLeaks | kNotInTrees,
     "/.ssh\n/.gnupg\n/id_rsa\n/id_dsa\n/id_ecdsa\n/id_ed25519\n/authorized_keys\n/.aws\n"
     "/aws/credentials\n/.azure\n/.gcloud\n/.kube\n/.docker\n/.dockercfg\n/.npmrc\n/.yarnrc\n"
     "/.pypirc\n/.netrc\n/_netrc\n/.pgpass\n/.my.cnf\n/.s3cfg\n/.boto\n/.vault-token\n"
     "/server.key\n/privkey.pem\n/private.key\n/private.pem\n/localhost.key\n/.terraform\n"
     "/terraform.tfstate\n/.composer/auth.json\n/gcp-credentials.json\n/service-account.json\n"
     "/serviceaccountkey.json\n/firebase-adminsdk.json",
     ""},
    {"histories", Family::kSensitiveFile, kInPath, Fit::kSegment, kLeaks | kNotInTrees,
     "/.bash_history\n/.sh_history\n/.zsh_history\n/.mysql_history\n/.psql_history\n"
     "/.python_history\n/.rediscli_history\n/.history\n/.bashrc\n/.bash_profile\n/.bash_logout\n"
     "/.profile\n/.zshrc\n/.rhosts\n/.forward\n/.listing\n/.listings\n/.perf\n/.cache\n/.config\n"
     "/.viminfo\n/.lesshst\n/.mailrc\n/.esmtprc\n/.remote-sync.json\n/.ftpconfig\n"
     "/sftp-config.json\n/.ftppass\n/sftp.json\n/filezilla.xml\n/sitemanager.xml\n"
     "/recentservers.xml\n/winscp.ini\n/ws_ftp.ini\n/ws_ftp.log",
     ""},
    {"editor_leftovers", Family::kSensitiveFile, kInPath, Fit::kSegment, kLeaks | kNotInTrees,
     "/.ds_store\n/.idea\n/.vscode\n/.project\n/.buildpath\n/nbproject\n/.php_cs.cache\n"
     "/.sublime-project",
     ""},
    {"php_configuration", Family::kSensitiveFile, kInPath, Fit::kName, kLeaks | kNotInTrees,
     "/configuration.php.\n/configuration.php~\n/configuration.php-\n"
     "/config.php.\n/config.php~\n/config.inc.php.\n/config.inc.php~\n/localsettings.php.\n"
     "/localsettings.php~\n/settings.php.\n/settings.php~\n/database.php.\n/database.php~\n"
     "/db.php.\n/app/etc/local.xml\n"
     "/config/database.yml\n/config/secrets.yml\n/config/master.key\n/config/credentials.yml\n"
     "/config/parameters.yml\n/app/config/parameters.yml\n/.phpinfo\n"
     "/phpspec.yml",
     ""},
    // A server that runs them answers 200 and next to nothing. A copy is shown as it is.
    {"php_that_runs", Family::kSensitiveFile, kInPath, Fit::kName, kNotInTrees,
     "/wp-config\n/.wp-config\n/app/etc/env.php\n/sites/default/settings.php\n"
     "/typo3conf/localconf.php",
     R"((?:/\.?wp-config(?:[-_](?:sample|backup|bak|old|copy|save|orig|new|dist|[0-9]{1,8}))?(?:[.~]|/?$)|\.php))"},
    {"php_configuration_copy", Family::kSensitiveFile, kInPath, Fit::kName, kLeaks | kNotInTrees,
     "/wp-config\n/.wp-config\n/app/etc/env.php\n/sites/default/settings.php\n"
     "/typo3conf/localconf.php",
     R"(/(?:\.?wp-config(?:[-_](?:sample|backup|bak|old|copy|save|orig|new|dist|[0-9]{1,8}))?[.~]|app/etc/env|sites/default/settings|typo3conf/localconf)[^/]*(?:[^p/]|[^h/]p|[^p/]hp|[^./]php)(?:$|/))"},
    {"application_configuration", Family::kSensitiveFile, kInPath, Fit::kSegment, kLeaks | kNotInTrees,
     "/application.yml\n/application.yaml\n/application.properties\n/bootstrap.yml\n"
     "/secrets.json\n/secrets.yml\n/secrets.yaml\n/secrets.env\n/credentials.json\n"
     "/credentials.yml\n/credentials.txt\n/credentials.xml\n/local_settings.py\n/settings.py\n"
     "/appsettings.json\n/appsettings.production.json\n/appsettings.development.json\n"
     "/web.config.bak\n/web-inf/web.xml\n/web-inf/classes\n/meta-inf/context.xml\n"
     "/docker-compose.yml\n/docker-compose.yaml\n/dockerfile\n/.dockerignore\n/.dockerenv\n"
     "/wp-content/debug.log\n/debug.log\n/laravel.log\n/error_log\n/storage/logs/laravel.log\n"
     "/composer.lock\n/auth.json\n/parameters.yml\n/database.yml\n/passwords.txt\n/password.txt\n"
     "/passwd.txt\n/trace.axd\n/elmah.axd",
     ""},
    {"root_configuration", Family::kSensitiveFile, kInPath, Fit::kWhole, kNotInTrees,
     "/config.yml\n/config.yaml\n/config.php\n/config.ini\n/config.env\n"
     "/config.inc.php\n/composer.json\n/aws.json\n"
     "/database.json\n/db.json\n/package-lock.json\n/gruntfile.js\n/gulpfile.js\n/php.ini\n"
     "/.user.ini",
     ""},
    {"server_information", Family::kSensitiveFile, kInPath, Fit::kSegment, kLeaks | kNotInTrees,
     "/phpinfo.php\n/php_info.php\n/php-info.php\n/pinfo.php\n/infophp.php\n/phpinfos.php\n"
     "/_profiler/phpinfo\n/_profiler/open\n/server-status\n/server-info\n/nginx_status\n"
     "/actuator/env\n/actuator/heapdump\n/actuator/threaddump\n/actuator/configprops\n"
     "/actuator/mappings\n/actuator/beans\n/actuator/trace\n/actuator/httptrace\n"
     "/actuator/logfile\n/actuator/gateway\n/actuator/loggers\n/actuator/jolokia\n"
     "/actuator/refresh\n/actuator/shutdown\n/debug/pprof\n/_cat/indices\n/_all_dbs\n"
     "/telescope/requests\n/debug/default/view\n/api/v1/secrets\n/jolokia/list",
     ""},
    {"server_information_at_root", Family::kSensitiveFile, kInPath, Fit::kWhole, kLeaks,
     "/phpinfo\n/old_phpinfo.php\n/phptest.php\n/heapdump\n/jolokia\n/_environment", ""},
    // Some sites have such pages.
    {"perhaps_server_information", Family::kSensitiveFile, kInPath, Fit::kWhole, 0,
     "/info.php\n/test.php\n/i.php\n/php.php\n/temp.php\n/actuator\n/env\n/v2/_catalog",
     ""},
    // A dump lies where the site lies; what an application delivers (/data/migrations/1_payees.sql)
    // lies deeper, or is asked for by a name that it made itself.
    {"dump_at_root", Family::kSensitiveFile, kInPath, Fit::kRootFile, kLeaks | kNotInTrees,
     ".sql\n.sql.gz\n.sql.zip\n.sql.bz2\n.sql.xz\n.sql.7z\n.sql.rar\n.sql.tar\n.sql.tar.gz\n"
     ".sql.bak\n.sql.tgz\n.mdb\n.sqlite\n.sqlite3\n.sql.bzip2\n.sql.old",
     ""},
    {"backup_of_site", Family::kSensitiveFile, kInPath, Fit::kSegment, kLeaks | kNotInTrees,
     ".sql\n.gz\n.tgz\n.zip\n.tar\n.rar\n.7z\n.bz2\n.bak\n.old\n.xz",
     R"(^(?:/(?:backups?|bak|bk|old|sql|db|database|dumps?|mysql|data|site|www|web|wwwroot|htdocs|html|public_html|admin|archive|wp-content|tmp|temp|restore))*/(?:backups?|bak|bk|back|dump|db_?backup|db|db_?dump|database|mysql|mysqldump|sql|site|sitebackup|site_backup|website|www|wwwroot|web|webroot|htdocs|html|httpdocs|public_html|root|full_?backup|old|wordpress|wp|joomla|drupal|magento|localhost|admin|[0-9]{1,8})(?:[-_.][0-9a-z]{1,12})?\.(?:sql(?:\.(?:gz|zip|bz2|xz|7z|rar|tar|tgz))?|tar\.gz|tar\.bz2|tar\.xz|tar|tgz|gz|zip|rar|7z|bz2|xz|bak|old)$)"},
    {"backup_of_database", Family::kSensitiveFile, kInPath, Fit::kSegment, kLeaks | kNotInTrees,
     ".sql\n.sql.gz\n.sql.zip\n.sql.bz2\n.sql.xz\n.sql.7z\n.sql.rar\n.sql.tar\n.sql.tar.gz\n.sql.tgz",
     R"(/(?:(?:db|database|full|site|mysql)[-_.]?)?backup(?:[-_.][0-9]{1,12})?\.sql(?:\.[.0-9a-z]{2,6})?$)"},
    {"joomla_configuration", Family::kSensitiveFile, kInPath, Fit::kSegment, kLeaks | kExploit,
     "/api/index.php/v1/config/application\n/api/v1/config/application\n/api/index.php/v1/users", "",
     R"((?:^|&)public=(?:true|1)(?:&|$))"},
    {"backup_named_as_host", Family::kSensitiveFile, kInPath, Fit::kSegment, kLeaks,
     ".zip\n.tar.gz\n.rar\n.tgz\n.7z\n.tar\n.bak",
     R"(^/(?:www\.)?[a-z0-9-]{2,60}\.(?:com|net|org|info|biz|co|io|de|fr|it|es|nl|pl|ru|uk|eu|us|tr|br|in|cn|jp|edu|gov)(?:\.[a-z]{2})?\.(?:zip|tar\.gz|rar|tgz|7z|tar|bak)$)"},
    {"copy_of_script", Family::kSensitiveFile, kInPath, Fit::kSegment, kLeaks | kNotInTrees,
     ".php.bak\n.php.old\n.php.orig\n.php.original\n.php.save\n.php.swp\n.php.swo\n.php~\n"
     ".php_bak\n.php.txt.bak\n.php.copy\n.php.1\n.php.bkp\n.asp.bak\n.aspx.bak\n.jsp.bak\n"
     ".py.bak\n.inc.bak\n.conf.bak\n.config.bak\n.yml.bak\n.json.bak\n.env.bak\n.ini.bak\n"
     ".xml.bak\n.swp\n.html.bak\n.php-bak",
     ""},
};

constexpr BuiltInSignature kAdminInterfaces[] = {
    {"phpmyadmin", Family::kAdminInterface, kInPath, Fit::kAnywhere, 0,
     "/phpmyadmin\n/php-my-admin\n/php-myadmin\n/phpmy-admin\n/phpmy/\n/phpmyadm\n/phpmanager\n"
     "/mysqladmin\n/mysql-admin\n/mysqlmanager\n/sqlmanager\n/sqlweb\n/websql/\n/phppgadmin\n"
     "/pgadmin\n/dbadmin/\n/db/phpmyadmin\n/adminer.php\n/adminer-\n/_phpmyadmin\n/mysql/admin\n"
     "/phpredmin",
     ""},
    {"phpmyadmin_segment", Family::kAdminInterface, kInPath, Fit::kSegment, 0,
     "/pma\n/mypma\n/pma2\n/adminer\n/myadmin\n/xampp\n/dbadmin\n/sqladmin\n/phpma", ""},
    {"administrator", Family::kAdminInterface, kInPath, Fit::kStart, 0,
     "/administrator/\n/admin/config.php\n/admin/index.php/login\n/admin/fckeditor\n"
     "/admin/phpmyadmin", ""},
    {"administrator_whole", Family::kAdminInterface, kInPath, Fit::kWhole, 0,
     "/administrator\n/admin.php\n/admin.asp\n/admin.aspx\n/admin.jsp\n/admin.cgi\n/admin.html\n"
     "/install.php\n/setup.php\n/installer.php",
     ""},
    // As scanners ask for them. Who uses a WordPress has arguments: where to go on to, Jetpack's token.
    {"wordpress", Family::kAdminInterface, kInPath, Fit::kSegment, 0,
     "/wp-login.php\n/xmlrpc.php\n/wp-includes/wlwmanifest.xml", "",
     R"(^(?:rsd)?$)"},
    {"wordpress_installation", Family::kAdminInterface, kInPath, Fit::kSegment, 0,
     "/wp-admin/setup-config.php\n/wp-admin/install.php", ""},
    {"wordpress_versions", Family::kAdminInterface, kInPath, Fit::kSegment, 0,
     "/readme.txt\n/readme.md\n/changelog.txt\n/changelog.md",
     R"(/wp-content/(?:plugins|themes)/[^/]+/(?:readme|changelog)\.(?:txt|md)$)"},
    {"application_server", Family::kAdminInterface, kInPath, Fit::kSegment, 0,
     "/manager/html\n/manager/text\n/manager/status\n/host-manager\n/host-manager/html\n"
     "/jmx-console\n/web-console\n/invoker/jmxinvokerservlet\n/invoker/ejbinvokerservlet\n"
     "/admin-console\n/solr/admin\n/druid/index.html\n/druid/login.html\n"
     "/console/login/loginform.jsp\n/wls-wsat\n/wls-wsat/coordinatorporttype\n"
     "/_async/asyncresponseservice\n/axis2-admin\n/axis2/axis2-admin\n/nacos/v1\n/h2-console\n"
     "/dbconsole\n/ws/v1/cluster/apps\n/jenkins/login\n/script/index.html\n/cfide\n/crx/packmgr\n"
     "/crx/de\n/system/console\n/libs/granite\n/struts2-showcase\n/hudson\n/asynchpeople\n"
     "/_ignition/health-check\n/telescope\n/kibana_loader\n/securityrealm",
     ""},
    // Nobody comes by these by mistake. The package manager has users, but where it is.
    {"package_manager", Family::kAdminInterface, kInPath, Fit::kSegment, kExploit,
     "/crx/packmgr/service.jsp", ""},
    {"application_server_exploit", Family::kCommandInjection, kInPath, Fit::kSegment, kExploit,
     "/wls-wsat/coordinatorporttype\n/wls-wsat/registrationporttyperpc\n"
     "/wls-wsat/participantporttype\n/_async/asyncresponseservice",
     ""},
    {"gateway", Family::kAdminInterface, kInPath, Fit::kAnywhere, 0,
     "/+cscoe+/\n/+cscou+/\n/+cscot+/\n/+cscol+/\n/dana-na/\n/dana-cached/\n/remote/login\n"
     "/remote/logincheck\n/remote/fgt_lang\n/global-protect/\n/ssl-vpn/\n/sslvpn/\n"
     "/vpn/index.html\n/logon/logonpoint\n/tmui/\n/mgmt/shared/\n/mgmt/tm/\n/my.policy\n/sslmgr\n"
     "/webacs/\n/ccmadmin/\n/vmware-vsphere\n/ui/vropspluginui\n/mifs/\n/owa/auth\n"
     "/ecp/current/exporttool\n/powershell/?\n/rdweb/pages\n"
     "/doc/page/login.asp\n/geoserver/web\n/webmin/\n/plesk-\n/whm-login",
     ""},
    // Outlook asks for .json/v1.0/user@host; an '@' behind the '?' is a way into the mail server.
    {"autodiscover", Family::kSsrf, kInPath, Fit::kAnywhere, kExploit,
     "/autodiscover/autodiscover.json", "", "^[^&=]*@"},
    {"autodiscover_hidden", Family::kSsrf, kInPath, Fit::kAnywhere, kExploit,
     "/autodiscover/autodiscover.json?", ""},
    {"gateway_segment", Family::kAdminInterface, kInPath, Fit::kWhole, 0,
     "/owa\n/ecp\n/remote/login\n/vpn\n/rdweb\n/_layouts/15/toolpane.aspx", ""},
    {"device", Family::kAdminInterface, kInPath, Fit::kAnywhere, 0,
     "/cgi-bin/luci\n/hnap1\n/boaform/\n/gponform/\n/goform/\n/cgi-bin/videoconfiguration\n"
     "/cgi-bin/authlogin.cgi\n/cgi-bin/nas_sharing.cgi\n/cgi-bin/main-cgi\n/cgi-bin/login.cgi\n"
     "/cgi-bin/config.exp\n/cgi-bin/webproc\n/cgi-bin/kerbynet\n/cgi-bin/supermanager\n"
     "/cgi-bin/viewlog.asp\n/cgi-bin/magicbox.cgi\n/hedwig.cgi\n/tmunblock.cgi\n/device.rsp\n"
     "/ctrlt/deviceupgrade\n/picsdesc.xml\n/wanipcn.xml\n/wanipconn\n/setup.cgi?\n"
     "/currentsetting.htm\n/sdk/weblanguage\n/evox/about\n/nmaplowercheck\n"
     "/nice ports,/tri\n/rpc2_login\n/menu/stapp\n/webpages/login.html\n/stssys.htm\n/dvr/cmd\n/boafrm/",
     ""},
    {"device_exploit", Family::kCommandInjection, kInPath, Fit::kAnywhere, kExploit,
     "/gponform/diag_form\n/boafrm/formsyscmd\n/boaform/formsyscmd\n/goform/formsyscmd\n"
     "/boaform/admin/formping\n/ctrlt/deviceupgrade\n/cgi-bin/videoconfiguration\n"
     "/cgi-bin/nas_sharing.cgi\n/cgi-bin/kerbynet\n/cgi-bin/supermanager\n/hedwig.cgi\n"
     "/tmunblock.cgi\n/sdk/weblanguage\n/cgi-bin/config.exp",
     ""},
};

constexpr BuiltInSignature kWebShells[] = {
    // The well-known ones and their versions: "/wso.php", "/wso-2.8.php", "/c99shell.php".
    {"known_shells", Family::kWebShell, kInPath, Fit::kAnywhere, kLeaks | kExploit,
     "/c99\n/c100.php\n/r57\n/wso\n/b374k\n/alfa\n/indoxploit\n/weevely\n/filesman\n/phpspy\n"
     "/aspxspy\n/jspspy\n/cmdasp\n/cmdjsp\n/behinder\n/godzilla\n/antichat\n/xleet",
     R"(/(?:c99|c100|r57|wso|b374k|alfa(?:cgiapi|_data)?|indoxploit|weevely|filesman|phpspy|aspxspy|jspspy|cmdasp|cmdjsp|behinder|godzilla|antichat|xleet)(?:[-_.]?(?:v?[0-9][-_.0-9]{0,7}|shell|new|mini|rex|mad|team|bypass))?(?:\.(?:php[3-8]?|phtml|phar|aspx?|ashx|jspx?|pl)(?:$|[/\x00])|/perl\.alfa))"},
    {"shell_by_name", Family::kWebShell, kInPath, Fit::kAnywhere, kLeaks | kExploit,
     "shell.\nshell1.\nshell2.\nshell3.\nshell4.\nsh3ll.\nbackdoor.\n/cmd.\n/cmdexec.",
     R"((?:/(?:web[-_]?|cmd|my|mini[-_]?|php[-_]?|asp[-_]?|aspx|jsp[-_]?|x)?(?:shell|sh3ll|backdoor)[1-4]?|/cmd(?:exec)?|[_-](?:shell|backdoor))\.(?:php[3-8]?|phtml|phar|aspx?|ashx|jspx?)(?:$|[/\x00]))"},
    {"phpunit_shell", Family::kWebShell, kInPath, Fit::kSegment, kLeaks | kExploit,
     "/eval-stdin.php", ""},
    {"script_among_uploads", Family::kWebShell, kInPath, Fit::kAnywhere, 0, "/wp-content/uploads/",
     R"(/wp-content/uploads/.*\.(?:php[3-8]?|phtml|phar)(?:$|/))"},
    // WordPress has no scripts there that a browser asks for.
    {"script_among_parts", Family::kWebShell, kInPath, Fit::kAnywhere, 0,
     "/wp-includes/fonts/\n/wp-includes/images/\n/wp-includes/certificates/\n/wp-includes/pomo/\n"
     "/wp-admin/css/\n/wp-admin/images/\n/wp_filemanager.php",
     R"((?:/wp-includes/(?:fonts|images|certificates|pomo)/.*|/wp-admin/(?:css|images)/.*|/wp_filemanager)\.php$)"},
    // Names that shells have, but scripts of a site too: worth counting, not a breach in itself.
    {"likely_shells", Family::kWebShell, kInPath, Fit::kWhole, 0,
     "/up.php\n/upl.php\n/uploader.php\n/bypass.php\n/hacker.php\n/0.php\n/1.php\n/2.php\n/123.php\n"
     "/x.php\n/xx.php\n/xxx.php\n/sh.php\n/ws.php\n/up.jsp",
     ""},
    // Names that pass for those of the site itself.
    {"impostors", Family::kWebShell, kInPath, Fit::kSegment, 0,
     "/wp-conflg.php\n/wp-l0gin.php\n/wp-1ogin.php\n/defau1t.php\n/1ndex.php\n/lndex.php", ""},
};

constexpr BuiltInSignature kTraversals[] = {
    {"system_files", Family::kPathTraversal, kInPath, Fit::kStart, kLeaks | kExploit,
     "/etc/passwd\n/etc/shadow\n/etc/group\n/proc/self/environ\n/proc/self/cmdline\n/proc/version", ""},
    {"system_files_in_path", Family::kPathTraversal, kInPath, Fit::kSegment, kLeaks | kExploit,
     "/windows/win.ini\n/winnt/win.ini\n/boot.ini\n/win.ini\n/windows/system32/drivers/etc/hosts\n"
     "/windows/system32/cmd.exe\n/winnt/system32/cmd.exe",
     ""},
    {"system_files_at_end", Family::kPathTraversal, kInPath, Fit::kSegment, 0,
     "/etc/passwd\n/etc/shadow", R"(/etc/(?:passwd|shadow)[?/ \x00]*$)"},
    {"system_files_of_server", Family::kPathTraversal, kInPath, Fit::kSegment, kLeaks | kExploit,
     "/etc/passwd\n/etc/shadow", R"(^/(?:@fs/|html/.*/etc/[a-z]+\?|html/etc/[a-z]+\?))"},
    {"console_by_climbing", Family::kPathTraversal, kInPath, Fit::kAnywhere, kLeaks | kExploit,
     "/vpn/../vpns/\n/../console.portal\n/../consolejndi.portal", ""},
    {"climbing_hidden_twice", Family::kPathTraversal, kInPath, Fit::kAnywhere,
     kLeaks | kExploit | kTwiceHiddenDots, "/../", ""},
    {"climbing_coldfusion", Family::kPathTraversal, kInPath, Fit::kSegment, kLeaks | kExploit,
     "/cfide", "", R"(\.\./\.\./)"},
    {"gateway_sessions", Family::kPathTraversal, kInQuery, Fit::kAnywhere, kLeaks | kExploit,
     "/dev/cmdb/", R"(\.\./.*/dev/cmdb/)"},
    {"system_files_cut_off", Family::kPathTraversal, kInQuery, Fit::kSegment, kLeaks | kExploit,
     "/etc/passwd\n/etc/shadow\n/proc/self/environ\n/win.ini\n/boot.ini",
     R"(/(?:etc/(?:passwd|shadow)|proc/self/environ|win\.ini|boot\.ini)\x00)"},
    {"keys_as_argument", Family::kPathTraversal, kInQuery, Fit::kNotSearched,
     kLeaks | kExploit, ".ssh/id_",
     R"(=[^&]*\.ssh/id_(?:rsa|dsa|ecdsa|ed25519)(?:$|[&\x00]))"},
    {"system_directories", Family::kPathTraversal, kInPath, Fit::kAnywhere, kLeaks,
     "/html/usr/share/\n/usr/local/apache2/conf\n/var/www/html/../", ""},
    {"system_files_by_traversal", Family::kPathTraversal, kInTarget, Fit::kAnywhere, kLeaks | kExploit,
     "etc/passwd\netc/shadow\netc/group\netc/hosts\nproc/self/\nwin.ini\nboot.ini\nsystem32/\n"
     "wp-config.php\n/.env\nweb.config\nweb-inf/web.xml\nconfiguration.php\nvar/log/\nhttpd.conf\n"
     "nginx.conf\nid_rsa\n.bash_history",
     R"(\.\./.*(?:etc/(?:passwd|shadow|group|hosts)|proc/self/|win\.ini|boot\.ini|system32/|wp-config\.php|/\.env|web\.config|web-inf/web\.xml|configuration\.php|var/log/|httpd\.conf|nginx\.conf|id_rsa|\.bash_history))"},
    {"system_files_as_argument", Family::kPathTraversal, kInQuery, Fit::kSegment, kLeaks | kExploit,
     "/etc/passwd\n/etc/shadow\n/proc/self/environ\nc:/windows/win.ini\nc:/boot.ini\n"
     "/windows/win.ini",
     R"((?:^|&)[^&=]*(?:file|page|path|doc|document|folder|dir|template|include|inc|load|view|url|uri|src|lang|locale|theme|style|content|module|show|download|read|filename|img|image|cat|next_file|filepath)[^&=]*=(?:file:)?/?(?:c:)?/(?:etc|proc|windows|boot))"},
    {"system_files_named", Family::kPathTraversal, kInQuery, Fit::kNotSearched, 0,
     "=/etc/passwd\n=/etc/shadow\n=/proc/self/environ\n=c:/windows/win.ini\n=c:/boot.ini", ""},
    {"climbing_path", Family::kPathTraversal, kInPath, Fit::kAnywhere, kLeaks,
     "/../../../\n/..;/\n..../..../\n.../.../\n/..%", ""},
    {"climbing_hidden", Family::kPathTraversal, kInPath, Fit::kAnywhere, kLeaks | kHiddenDots,
     "/../", ""},
    {"climbing_argument", Family::kPathTraversal, kInQuery, Fit::kAnywhere, kLeaks,
     "../../../\n/..;/\n..../..../\n.../.../", ""},
    {"climbing_twice", Family::kPathTraversal, kInQuery, Fit::kAnywhere, 0, "=../../\n=/../../", ""},
    {"nul_in_path", Family::kPathTraversal, kInPath, Fit::kAnywhere, 0, std::string_view("\0", 1),
     R"(^/)"},
    {"file_wrappers", Family::kPathTraversal, kInQuery, Fit::kAnywhere, kExploit,
     "php:/filter\nphar:/\nzip:/\nglob:/\nexpect:/\ncompress.zlib:/",
     R"([=(,](?:php:/filter|phar:/|zip:/|glob:/|expect:/|compress\.zlib:/))"},
};

constexpr BuiltInSignature kSqlInjections[] = {
    {"union_select", Family::kSqlInjection, kInTarget | kInUserAgent, Fit::kWord, 0, "union",
     R"(\bunion\b[ (+'")]*(?:(?:all|distinct|distinctrow)\b[ (+'"]*)?select\b[ (+'"-]*(?:$|[^a-z ]|(?:null|char|chr|concat|concat_ws|group_concat|load_file|version|user|database|schema_name|table_name|column_name|count|unhex|hex|cast|convert|md5|distinct|all|top|case|if|sleep|benchmark|extractvalue|updatexml|make_set|elt|name)\b|[a-z0-9_.]+ ?(?:,|\(| from\b)))"},
    {"union_select_glued", Family::kSqlInjection, kInTarget | kInUserAgent, Fit::kAnywhere, 0,
     "union(select\nunionselect\n)union select\n'union select\nuniunionon\nselselectect", ""},
    {"schema_tables", Family::kSqlInjection, kInQuery | kInUserAgent, Fit::kNotSearched, 0,
     "information_schema.\nfrom information_schema\nsys.databases\nsysobjects where\npg_catalog.\n"
     "mysql.user\nall_tables where\nsqlite_master\nsyscolumns\nmsysaccessobjects\n"
     "information_schema`",
     ""},
    // No search and no query language has these.
    {"sql_extraction", Family::kSqlInjection, kInTarget | kInUserAgent, Fit::kWord, kExploit, "union",
     R"(\bunion\b[ (]*(?:(?:all|distinct)\b[ (]*)?select\b[^&]*(?:concat(?:_ws)?\([^&]{0,80}0x[0-9a-f]{2}|\b0x[0-9a-f]{8}|null ?, ?null ?, ?null ?, ?null|\binformation_schema\.))"},
    {"sql_columns", Family::kSqlInjection, kInQuery, Fit::kNotSearched, kExploit, "union",
     R"((?:[-\d'")=]|\+) ?\)*\bunion\b[ (]*(?:(?:all|distinct)\b[ (]*)?select\b[ (]*(?:-?\d+|null) ?, ?(?:[^&, ]+ ?, ?)+[^&]*(?:\bfrom [a-z_]|--|#|/\*|concat))"},
    {"sql_delay", Family::kSqlInjection, kInQuery | kInUserAgent, Fit::kAnywhere, kExploit,
     "sleep(\nsleep (\nwaitfor delay ",
     R"((?:\bxor ?\(.{0,40}\bsleep ?\(|=sysdate\(\),? ?sleep ?\(|\(select\(\d\)from\(select\(sleep\(|['"\d)] ?\)*; ?(?:select )?pg_sleep ?\( ?\d|['")] ?\)* ?\|\| ?pg_sleep ?\( ?\d|['"]\)* ?; ?waitfor delay ['"]\d))"},
    {"sql_delay_in_argument", Family::kSqlInjection, kInQuery, Fit::kNotSearched, kExploit,
     "sleep(\nsleep (\nbenchmark(\nwaitfor delay ",
     R"(['"\d)] ?\)*[; ]+(?:and|or|xor|select|rlike|waitfor delay)\b[ (]*(?:['"]\d|(?:[^&]{0,60}[ (])?(?:pg_sleep|sleep|benchmark) ?\( ?\d))"},
    {"sql_program", Family::kSqlInjection, kInQuery, Fit::kNotSearched, kExploit, "declare @",
     R"(; ?declare @[a-z_]+ (?:as )?(?:n?(?:var)?char|int|cursor|table|sysname)\b|declare @[a-z_]+ [a-z]+[^&]*[; ](?:exec|set @|open |fetch ))"},
    {"sql_functions", Family::kSqlInjection, kInTarget | kInUserAgent, Fit::kAnywhere, 0,
     "pg_sleep(\nwaitfor delay '\nwaitfor delay \"\nwaitfor time '\ndbms_pipe.receive_message\n"
     "dbms_lock.sleep\ndbms_utility.sqlid\nutl_inaddr.get_host\nutl_http.request\nctxsys.drithsx\n"
     "load_file(\nextractvalue(\nupdatexml(\ngtid_subset(\nprocedure analyse(\nconcat(0x\n"
     "concat_ws(0x\nchar(0x\nselectchar(\n||chr(\n|| chr(\n||char(\n'||'\nrandomblob(\n"
     "floor(rand(\nexp(~(\n(select(\nsysdate(),sleep\nxmltype(chr\nrlike sleep(\nrlike (select",
     ""},
    {"sql_words", Family::kSqlInjection, kInTarget, Fit::kNotSearched, 0,
     "xp_cmdshell\nxp_dirtree\nxp_regread\nsp_executesql\ninto outfile\ninto dumpfile\n"
     "group_concat(\n@@version\n@@hostname",
     ""},
    {"sql_sleep", Family::kSqlInjection, kInQuery | kInUserAgent, Fit::kNotSearched, 0,
     "sleep(\nsleep (\nbenchmark(\nbenchmark (",
     R"((?:^|[^a-z0-9_.$])(?:sleep|benchmark) ?\( ?(?:\d|$|&|'))"},
    {"sql_subselect", Family::kSqlInjection, kInQuery | kInUserAgent, Fit::kAnywhere, 0, "(select ",
     R"(\( ?select\b.*(?:\b(?:from|case|char|chr|null|concat|sleep|count|user|version|substr|substring|ascii|upper)\b|@@|\d+\)))"},
    {"sql_number_tautology", Family::kSqlInjection, kInTarget, Fit::kAnywhere, 0,
     "or \nand \nor(\nand(\nxor \nhaving \nwhere \n|| ",
     R"((?:['"\d) ]|^|=)[ )]*(?:\b(?:or|and|xor|having|where)\b|\|\|)[ (!~+-]*(?:not )?['"]?(\d+)['"]?[ )]*(?:=|<|>|like\b|rlike\b|between\b)[ (]*['"]?\d+)"},
    {"sql_text_tautology", Family::kSqlInjection, kInTarget, Fit::kAnywhere, 0,
     "or '\nor'\nand '\nand'\nor \"\nor\"\nand \"\nand\"\n|| '\n||'\nor('\n&& '",
     R"((?:'[ )]*(?:or|and|\|\||&&)[ (]*'[a-z0-9]{0,8}'? ?(?:=|like|<|>)[ (]*'|"[ )]*(?:or|and|\|\||&&)[ (]*"[a-z0-9]{0,8}"? ?(?:=|like|<|>)[ (]*"))"},
    {"sql_quote_and_test", Family::kSqlInjection, kInQuery, Fit::kAnywhere, 0,
     "' or \n') or \n\" or \n' and \n') and \n\" and ",
     R"(['"]\)* (?:or|and) (?:\d+ ?(?:=|<|>|-- |--$|#)|true\b ?(?:--|#|$)|sleep ?\(|\(select|exists ?\(|ascii ?\(|ord ?\(|length ?\(|substr|mid ?\(|extractvalue|updatexml|if ?\(|not \d))"},
    {"sql_comment_end", Family::kSqlInjection, kInQuery, Fit::kAnywhere, 0,
     "'--\n' --\n')--\n') --\n'#\n' #\n\"--\n1--\n;--",
     R"((?:['"]\)*;? ?--[ -]*[a-z0-9]{0,6}(?:$|&)|[a-z0-9]['"]\)* ?#(?:$|&)|\d['"]?\)*;?--(?:$|&| -)))"},
    {"sql_stacked", Family::kSqlInjection, kInQuery, Fit::kAnywhere, 0,
     ";select\n; select\n;drop\n; drop\n;insert\n; insert\n;update\n; update\n;delete\n; delete\n"
     ";exec\n; exec\n;declare\n; declare\n;waitfor\n; waitfor\n;shutdown\n;truncate\n; truncate\n"
     ";alter\n; alter",
     R"(; ?(?:drop (?:table|database|view)\b|insert into\b|update [a-z0-9_.`]+ set\b|delete from\b|exec(?:ute)?[ (]|declare @|declare [a-z]|select\b.*[(*@\d]|waitfor|truncate table|alter table|shutdown ?(?:--|;|$)))"},
    {"sql_order_by", Family::kSqlInjection, kInQuery, Fit::kNotSearched, 0, "order by \ngroup by ",
     R"((?:\d|['")])\)* ?(?:order|group) by \d{1,5}(?:$|&| ?(?:--|#|,)))"},
    {"sql_nulls", Family::kSqlInjection, kInQuery, Fit::kAnywhere, 0, ",null,null\n, null, null",
     R"(=-?\d{0,9}['")]{0,3}(?: ?, ?null){2,}[ )]*(?:$|&|--|#|from |,\d))"},
};

constexpr BuiltInSignature kXss[] = {
    {"script_tag", Family::kXss, kInTarget | kInUserAgent, Fit::kAnywhere, 0,
     "<script>\n<script \n<script/\n</script>\n<scr<script>\n<xss", ""},
    {"event_handler", Family::kXss, kInTarget | kInUserAgent, Fit::kAnywhere, 0,
     "onerror\nonload\nonmouse\nonfocus\nonclick\nontoggle\nonstart\nonbegin\nonpointer\n"
     "onanimation\nonwheel\noncut\noncopy\nonblur\nonkey\nonscroll\nonpageshow\nonpopstate\n"
     "onhashchange\nonfinish\nonbounce\nonresize\nonauxclick\nonbeforeinput\nonshow\nondrag\n"
     "ondblclick\noncanplay\nonloadstart\noninput\nonchange\nonsubmit\nontransition",
     R"((?:<[a-z!?/][^>]*[ /"'`]|["'][ />]*)on[a-z]{3,20} ?= ?["'`/]?[^&]{0,60}[(`.=;:])"},
    {"script_address", Family::kXss, kInTarget, Fit::kNotSearched, 0,
     "javascript:\nvbscript:\ndata:text/html\nlivescript:",
     R"((?:javascript|vbscript|livescript):[^&]{0,60}(?:alert|prompt|confirm|eval|document\.|fetch|import|fromcharcode|msgbox|onerror|window\[|top\[|self\[)|=data:text/html[^&]{0,40}(?:<|base64,phnj))"},
    {"tag_with_script", Family::kXss, kInTarget, Fit::kAnywhere, 0,
     "<svg\n<iframe\n<object\n<embed\n<img\n<body\n<math\n<details\n<marquee\n<video\n<audio\n"
     "<base\n<meta\n<link\n<form\n<input\n<a href",
     R"(<(?:svg/onload|(?:iframe|embed|object|base|meta|link|form|a|math|img|svg)\b[^>]*(?:javascript:|data:text/html|srcdoc ?=|alert ?[(`]|prompt ?[(`]|confirm ?[(`]|/{0,2}xss)))"},
    {"break_out", Family::kXss, kInTarget, Fit::kAnywhere, 0,
     "alert(\nalert`\nprompt(\nprompt`\nconfirm(\nconfirm`\nfromcharcode(\ndocument.cookie\n"
     "document.domain\ndocument.write",
     R"((?:["'`][ )}\]]*[;,+*|&/-]+ ?|["'] ?>.{0,40}|\}\}|\{\{.{0,40}|<[^>]{0,80})(?:alert|prompt|confirm|eval|document\.(?:cookie|domain|write)|string\.fromcharcode)\b)"},
    {"cookie_sent_away", Family::kXss, kInTarget | kInUserAgent, Fit::kAnywhere, kExploit,
     "document.cookie",
     R"(<[^&]*(?:location(?:\.href)? ?=|location\.(?:assign|replace)|fetch ?[(`]|\.src ?=|window\.open|sendbeacon|xmlhttprequest|\.open ?\()[^&]*document\.cookie)"},
    // Lines of an answer's head, behind an end of line that the server is to send along.
    {"answer_splitting", Family::kXss, kInTarget, Fit::kNotSearched, kExploit | kHiddenBreaks,
     " set-cookie:\n set-cookie :\n http/1.1 200\n http/1.0 200", ""},
    {"answer_splitting_in_path", Family::kXss, kInPath, Fit::kAnywhere, kExploit | kHiddenBreaks,
     " set-cookie\n location:\n content-length:\n content-type:\n refresh:\n transfer-encoding:", ""},
    {"cookie_theft", Family::kXss, kInTarget, Fit::kAnywhere, 0, "document.cookie",
     R"((?:[+;(]document\.cookie|document\.cookie[^&]{0,20}[+)]))"},
};

constexpr BuiltInSignature kCommandInjections[] = {
    {"fetch_command", Family::kCommandInjection, kInTarget | kInUserAgent, Fit::kNotSearched, kExploit,
     "wget\ncurl\ntftp\nlwp-download\nbusybox",
     R"((?:[;|`\n(]|&&|^|=|/bin/)[ ]?(?:busybox (?:wget|tftp)|wget|curl|tftp|lwp-download)(?: |\$\{?ifs\}?)+[^&]{0,80}(?:http:|https:|ftp:|\d+\.\d+\.\d+\.\d+|-[a-z]+ ))"},
    {"command_with_argument", Family::kCommandInjection, kInTarget, Fit::kAnywhere, kExploit,
     ";\n|\n`\n&&\n$(",
     R"((?:[;|`]|&&|\$\() ?(?:/usr)?(?:/bin/)?(?:cat|nl|tac|ls|chmod|rm|cd|echo|nc|ncat|bash|sh|ping|nslookup|busybox|python[23]?|perl|php|ruby|powershell|cmd|cmd\.exe|sleep|uname|printf|mkdir|kill|killall|sudo|ssh|expr|dig|certutil|mshta)(?:(?: |\$\{?ifs\}?)(?:-[a-z]|/[a-z*?]|\$|\d+\.\d+\.|\*|\.\.?/|c:|[a-z0-9_]+[>;|`)]|[<>])|[<>]/)|(?:[;|`]|&&|\$\() ?(?:/bin/)?(?:sleep|ping|kill|expr)(?: |\$\{?ifs\}?)\d+)"},
    {"bare_command", Family::kCommandInjection, kInTarget, Fit::kAnywhere, kExploit,
     ";\n|\n`\n&&\n$(",
     R"((?:(?:(?:^|=)[^=;|`&]*[\d"')/. ]|=|^)[ ]?(?:[;|`]{1,2}|&&)|\$\() ?(?:/usr)?(?:/bin/)?(?:whoami|id|uname|ifconfig|ipconfig|netstat|pwd|printenv|ls|ps|env|hostname)[ ]?(?:[;|`)#>]|$|&))"},
    {"command_on_next_line", Family::kCommandInjection, kInQuery, Fit::kNotSearched,
     kExploit | kHiddenBreaks, " id\n whoami\n uname\n ls\n ifconfig\n ipconfig\n cat /\n /bin/",
     R"(=[a-z0-9.:_-]* (?:/usr)?(?:/bin/)?(?:id|whoami|uname(?: -a)?|ls(?: [-/.][-/.a-z]*)?|ifconfig|ipconfig|cat /[^&]+) ?(?:$|[&;|#\x00]))"},
    // The '?' makes an argument of what the script would append. A link back (url=, page=) may end so,
    // too, but not on a text.
    {"remote_include", Family::kCommandInjection, kInQuery, Fit::kNotSearched, kExploit,
     "=http:/\n=https:/\n=ftp:/\n=ftps:/",
     R"((?:=(?:https?|ftps?):/[^/&? ]+/[^&? ]*\.(?:(?:txt|dat|inc|log)\?+|(?:gif|jpe?g|png|bmp|ico)\?\?+)(?:$|&|\x00)|(?:^|&)(?:n|inc|include|dir|template|tpl|module|mod|conf|config|root|[a-z_]*(?:_path|_root|_dir|\[document_root\]))=(?:https?|ftps?):/[^/&? ]+/[^&? ]*\.(?:htm|html|php|phtml|asp)\?+(?:$|&|\x00)|(?:^|&)(?:mosconfig_absolute_path|_server\[document_root\]|globals\[[a-z_]+\])=(?:https?|ftps?):/))"},
    {"shell_path", Family::kCommandInjection, kInPath, Fit::kSegment, kExploit,
     "/bin/sh\n/bin/bash\n/bin/dash\n/bin/ash", R"((?:\.\./|/cgi-bin/.*/|^/)bin/(?:ba|da|a)?sh)"},
    {"shell_words", Family::kCommandInjection, kInTarget | kInUserAgent | kInReferer, Fit::kNotSearched, kExploit,
     "${ifs}\n/bin/bash -\n/bin/sh -\nbash -i\nrm -rf \ncd /tmp\nchmod 777\nchmod +x\n/dev/tcp/\n"
     "| bash\n|bash\n|base64 -d\n| base64 -d\n/bin/busybox\npowershell -e\npowershell.exe\n"
     "cmd.exe?/c\ncmd.exe /c\n/etc/passwd|\ncat /etc/passwd\ncat /etc/shadow\ntype c:/\n"
     "net user \nmkfifo /tmp",
     R"((?:\$\{ifs\}|/bin/bash -|/bin/sh -|bash -i|rm -rf |cd /tmp|chmod 777|chmod \+x|/dev/tcp/|\| ?bash(?:$|[ &;])|\| ?base64 -d|/bin/busybox|powershell -e|powershell\.exe|cmd\.exe[? ]/c|/etc/passwd\||cat /etc/(?:passwd|shadow)|type c:/|net user |mkfifo /tmp))"},
    {"shellshock", Family::kCommandInjection, kInAny, Fit::kAnywhere, kExploit, "() {\n(){\n( ) {",
     R"(\( ?\) ?\{ ?(?:[:_a-z]{0,10} ?=?>?\\?;? ?[^};]{0,40};? ?\} ?;|_;? ?\} ?>_\[))"},
    {"php_settings", Family::kCommandInjection, kInQuery, Fit::kAnywhere, kExploit,
     "php:/input\nallow_url_include\nauto_prepend_file\nauto_append_file\ndisable_functions=\n"
     "safe_mode=\ndata:/text/plain\ndata:text/plain;base64\ncgi.force_redirect\nopen_basedir=",
     R"((?:php:/input|allow_url_include ?=|auto_(?:prepend|append)_file|[- ]d ?(?:disable_functions|safe_mode|open_basedir)|=data:/?text/plain|cgi\.force_redirect))"},
    {"php_words", Family::kCommandInjection, kInTarget | kInUserAgent, Fit::kNotSearched, kExploit,
     "base64_decode(\nshell_exec(\npassthru(\nproc_open(\nphpinfo()\ngzinflate(\n"
     "file_put_contents(\nmove_uploaded_file(\ncall_user_func_array",
     ""},
    {"php_code", Family::kCommandInjection, kInAny, Fit::kAnywhere, kExploit,
     "<?php\n<?=\neval($_\n@eval(\nassert($_\nsystem($_\n@ini_set\ninvokefunction\nthink/app/\n"
     "think/container\ndie(@md5\ndie(md5\nprint(md5\necho(md5\nprint(238947\nphpunit/src/util/php",
     ""},
    {"expression_language", Family::kCommandInjection, kInAny, Fit::kAnywhere, kExploit,
     "java.lang.runtime\njava.lang.processbuilder\ngetruntime()\n@java.lang\nt(java.lang\n"
     "#_memberaccess\n#context[\nognl.ognlcontext\n%{(#\n${(#\n${@java\nclass.module.classloader\n"
     "class.classloader\nfreemarker.template.utility\n${script:\n${dns:address\n${dns:\n"
     "${url:utf\n${url:\nredirect:${\nredirect:%{\nredirectaction:\naction:%{\nmethod:#\n"
     "xwork.methodaccessor\n(new java.\nscriptenginemanager\n__import__(\nos.popen(\n__class__\n"
     "__globals__\n__subclasses__\n{{config.\n{{config}}\n{{7*7}}\n${7*7}\n#{7*7}\n{{self.\n"
     "{{request.application\n<%= 7*7\nspring.cloud.function.routing-expression\n"
     "new-object net.webclient",
     ""},
    {"known_exploits", Family::kCommandInjection, kInPath, Fit::kAnywhere, kExploit,
     "/htmlawedtest.php\n/setup/setupadministrator.action\n/setup/setup-s/\n/server-info.action\n"
     "/json/setup-restore\n/pages/createpage-entervariables.action\n"
     "/pages/doenterpagevariables.action\n/users/user-dark-features\n"
     "/service/extension/backup/mboximport\n/service/extension/clientuploader\n"
     "/_ignition/execute-solution\n/phpunit/src/util/php/\n/api/jsonws/invoke\n/invoker/readonly\n"
     "/wls-wsat/coordinatorporttype11\n/ajaxpro/\n/mgmt/tm/util/bash\n/cgi-bin/test-cgi\n"
     "/cgi-bin/bash\n/cgi-bin/php\n/developmentserver/metadatauploader\n/goanywhere/lic/accept\n"
     "/catalog-portal/ui/oauth/verify\n/struts2-rest-showcase\n/gsb/datetime.php\n/clients/mycrl\n"
     "/unauth/../php\n/php/ztp_gate.php\n/webtools/control/xmlrpc\n"
     "/webtools/control/programexport\n/api/v1/totp/user-backup-code\n/functionrouter\n"
     "/solr/admin/cores?action=\n/api/v2/cmdb/system/admin\n/api/v2.0/cmdb/system/admin\n"
     "/app/rest/users/id:1/tokens\n/boaform/admin/formping\n/ui/vropspluginui/rest\n"
     "/hub/cgi/networkdiag.cgi\n/cgi/networkdiag.cgi\n/login/index.php?login=$(\n"
     "/remote_agent.php\n/plugins/servlet/gadgets/makerequest\n/langs/login.cgi\n"
     "/_next/webpack-hmr-rce\n/wp-json/batch/v1/exec\n/vendor/phpunit\n/phpunit/phpunit\n"
     "/wp-file-manager/lib/php/connector\n/rest/tinymce/1/macro/preview\n/fileupload/toolsany",
     R"((?:/htmlawedtest\.php|/setup/setup(?:administrator|-s/|-restore)|/server-info\.action|/json/setup-restore|/pages/|/users/user-dark|/service/extension/|/_ignition/execute|phpunit|/jsonws/invoke|/invoker/readonly|/wls-wsat|/ajaxpro/.*ashx|/util/bash|/cgi-bin/(?:test-cgi|bash|php[45]?(?:-cgi)?(?:\.cgi)?$)|/metadatauploader|/goanywhere/lic|/oauth/verify|/struts2-rest|/gsb/datetime|/clients/mycrl|/unauth/|ztp_gate|/webtools/control|user-backup-code|/functionrouter|/admin/cores|/cmdb/system|/rest/users/id:1|formping|/vropspluginui/rest|networkdiag|/remote_agent\.php|makerequest|/langs/login|file-manager|/tinymce/1/macro|/toolsany))"},
    {"luci_command", Family::kCommandInjection, kInQuery, Fit::kAnywhere, kExploit,
     "country=$(\nlogin=$(\nformping\nxwebpagename=diag\ndest_host=`\nnext_file=netgear.cfg\n"
     "todo=syscmd\ncmd=rm\nsyscmd=\nnslookuptarget=",
     R"((?:country=\$\(|login=\$\(|xwebpagename=diag|dest_host=`|next_file=netgear\.cfg|todo=syscmd|cmd=rm[ $]|syscmd=[^&]|nslookuptarget=[^&]*[;|`$]))"},
};

constexpr BuiltInSignature kSsrfAttempts[] = {
    {"metadata_service", Family::kSsrf, kInQuery, Fit::kAnywhere, kExploit,
     "169.254.169.254\nmetadata.google.internal\n100.100.100.200/latest\n[fd00:ec2::254]\n"
     "http:/2852039166\nhttp:/0xa9fea9fe\n/latest/meta-data\n/computemetadata/v1\n169.254.170.2",
     ""},
    {"odd_schemes", Family::kSsrf, kInQuery, Fit::kAnywhere, kExploit,
     "=gopher:/\n=dict:/\n=netdoc:/\n=jar:http\n=ldap:/\n=file:/etc\n=file:/proc\n=file:/c:\n"
     "=file:/var\n=file:/home\n=file:/root\n=file:/windows",
     ""},
    {"callback_hosts", Family::kSsrf, kInTarget | kInUserAgent | kInReferer, Fit::kAnywhere, kExploit,
     ".burpcollaborator.net\n.oastify.com\n.interact.sh\n.oast.fun\n.oast.pro\n.oast.live\n"
     ".oast.me\n.oast.site\n.oast.online\n.dnslog.cn\n.ceye.io\n.bxss.me\n.bxss.in\n.xss.ht\n"
     ".requestrepo.com\n.canarytokens.com/ssrf\nbxss.me/t/",
     ""},
};

// Tools that look for holes, as they name themselves. Not here: surveys of the whole internet that say
// who they are and what for (Censys, Shodan's, Palo Alto's, university scans): they ask for "/" and
// leave, and where they do more, the paths they ask for tell. Nor libraries (curl, python-requests,
// Go-http-client), which are as often a site's own scripts.
constexpr BuiltInSignature kScanners[] = {
    {"scanners", Family::kScanner, kInUserAgent, Fit::kAnywhere, 0,
     "nikto\nsqlmap\nnmap scripting engine\nmasscan\nzgrab\nnuclei\nwpscan\ngobuster\ndirbuster\n"
     "ffuf/\nfuzz faster u fool\nferoxbuster\nacunetix\nnessus\nopenvas\nnetsparker\ninvicti\n"
     "w3af.\nw3af \nhavij\nwhatweb\narachni\njaeles\njorgee\nzmeu\nmorfeus\nl9explore\nl9tcpid\n"
     "leakix\nwfuzz\ndirsearch\ncommix/\nwebinspect\nappscan\nqualys\nskipfish\nwapiti\n"
     "burpcollaborator\nburp suite\njoomscan\ndroopescan\ncmsmap\nfimap\nsubgraph\nxsstrike\n"
     "dalfox\nrustbuster\nn-stealth\nparos/\nwebshag\nbsqlbf\nsqlninja\nabsinthe\n"
     "prog.customcrawler\ngrendel-scan\nwhcc/\ngolismero\nsomap\npangolin\nintrudersecurity\n"
     "cgichk\nlibwhisker\ndotdotpwn\nuniscan\nthc-hydra\nhydra/\nbrutus/aet\nrouterhunter\n"
     "hello, world\nhellosworld\nmozilla/5.0 sf/\nwebcruiser\nmozi.m\nnetcrawler scanner\n"
     "muhstik-scan\ndetectify\nprobely\npentest-tools\ntsunamisecurityscanner\ntsunami-security\n"
     "nmaplowercheck\nhttpx - open-source project\nastra scan\ngit-dumper\nevilmozilla\n"
     "hakrawler\nrapidscan\ninternet-measurement-exploit\nlinkpwn",
     ""},
    {"scanner_words", Family::kScanner, kInUserAgent, Fit::kWord, 0,
     "nmap\nffuf\nw3af\nhydra\nxsser\nmedusa scanner\nzap\nowasp\ncommix\ncensys exploit\n"
     "paloalto exploit\nwhatwaf\nwafw00f",
     R"((?:\bnmap\b|\bffuf\b|\bw3af\b|^hydra|thc.hydra|\bxsser\b|medusa scanner|owasp.zap|owasp_zap|zaproxy|\bcommix\b|whatwaf|wafw00f))"},
    {"scanner_probes", Family::kScanner, kInTarget, Fit::kAnywhere, 0,
     "nmaplowercheck\n/nice ports,/tri\nacunetix_wvs\nacunetix-wvs\n/netsparker-\nwvstest=\n"
     "nessus_is_probing\n/muieblackcat\n/w00tw00t\nw00tw00t.at.\n/testproxy.php\nnikto-test-\n"
     "/appscan_fingerprint\n/qualys-\n/azenv.php\nthinkphpscan",
     ""},
};

// clang-format on

constexpr auto kAll = [] {
  constexpr size_t count =
      std::size(kSensitiveFiles) + std::size(kAdminInterfaces) + std::size(kWebShells) +
      std::size(kTraversals) + std::size(kSqlInjections) + std::size(kXss) +
      std::size(kCommandInjections) + std::size(kSsrfAttempts) + std::size(kScanners);
  std::array<BuiltInSignature, count> all{};
  size_t at = 0;
  const auto add = [&](const auto& signatures) {
    for (const BuiltInSignature& signature : signatures) all[at++] = signature;
  };
  add(kSensitiveFiles);
  add(kAdminInterfaces);
  add(kWebShells);
  add(kTraversals);
  add(kSqlInjections);
  add(kXss);
  add(kCommandInjections);
  add(kSsrfAttempts);
  add(kScanners);
  return all;
}();

}  // namespace

std::span<const BuiltInSignature> BuiltInSignatures() { return kAll; }

}  // namespace accesslog
