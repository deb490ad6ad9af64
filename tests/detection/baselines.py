"""What others would have said: the old scripts' rule, and leaky buckets as CrowdSec's scenarios.

Used by: measure.py. Both work on the fields that `explain --json` read, so that only the rules
differ. The numbers of the buckets are those that CrowdSec publishes in its scenario files; its
lists of names are represented by their common part. No whitelist, no ban: a client is accused once.
"""

import collections
import datetime
import re

OLD_CODES = frozenset((400, 401, 403, 404, 409))
OLD_THRESHOLD = 5


def old_scripts(records):
  """Clients with five failures or more over the whole log."""
  failures = collections.Counter(r["client"] for r in records if r["status"] in OLD_CODES)
  return {client for client, count in failures.items() if count >= OLD_THRESHOLD}


STATIC = (".jpg", ".css", ".js", ".jpeg", ".png", ".svg")
SENSITIVE = re.compile(
    r"(\.(sql|bak|exe|bat|dll|printer|pac)|\.sql\.(gz|tar|bzip2|bz2|zip|rar|7z)|"
    r"\.(bash_history|bashrc|cache|config|cvs|cvsignore|env|forward|git|git/HEAD|history|hta|"
    r"htaccess|htpasswd|listings?|mysql_history|passwd|pwd|perf|profile|rhosts|sh_history|ssh|"
    r"subversion|svn|svn/entries|aws)|aws/credentials|composer\.(json|lock)|debug\.log)$")
ADMIN = re.compile(r"/(phpmyadmin|pma|admin|wp-admin|manager|wp-login|\+cscoe\+)", re.I)
TRAVERSAL = re.compile(
    r"\.\./|\.\.\\|%2e%2e%2f|%252e%252e%252f|(/|%2f)etc(/|%2f)(passwd|hosts|shadow|groups)|"
    r"=(file|zip|php|expect|data)://|/proc/self/|/var/log/|windows/win\.ini|boot\.ini", re.I)
SQL = re.compile(
    r"%40%40version|xp_cmdshell|information_schema\.tables|%20union%20(all%20)?select%20|"
    r"%2cnull%2cnull|(benchmark|load_file|substr|substring|selectchar|%7c%7cchr|distinct|pg_sleep|"
    r"sleep|upper|hex)%28", re.I)
XSS = re.compile(
    r"(<|%3c)(img|script|div|a|embed|style|br|input|table|object|body|meta|frameset)|<svg|"
    r"javascript(:|%3a)|(alert|prompt)(\(|%28)", re.I)
AGENT = re.compile(
    r"nikto|sqlmap|nmap|masscan|zgrab|nuclei|wpscan|dirbuster|gobuster|acunetix|netsparker|nessus|"
    r"openvas|w3af|arachni|havij|zmeu|whatweb|jorgee|morfeus", re.I)
SHELL = re.compile(r"/(c99|r57|wso|alfa|b374k|\w*_?shell)\.php", re.I)
JNDI = re.compile(r"\$\{.{0,40}(jndi|:-j\}|lower:j)", re.I)


class Line:
  """What the filters of the buckets look at."""

  def __init__(self, record):
    self.status, self.verb = record["status"], record["method"] or ""
    self.path, self.query = record["path"] or "", record["query"] or ""
    self.agent, self.referer = record["user_agent"] or "", record["referer"] or ""
    self.whole = self.path + ("?" + self.query if self.query else "")
    self.static = self.path.endswith(STATIC)


# name, filter, what must differ, capacity, seconds until one leaks
BUCKETS = (
    ("http-probing", lambda r: r.status in (400, 403, 404) and not r.static, lambda r: r.path,
     10, 10),
    ("http-generic-401-bf",
     lambda r: r.status == 401 and r.verb not in ("OPTIONS", "PROPFIND", "REPORT"), None, 5, 10),
    ("http-generic-403-bf",
     lambda r: r.status == 403 and r.verb not in ("OPTIONS", "PROPFIND", "REPORT"), None, 5, 10),
    ("http-bf-wordpress_bf",
     lambda r: r.path.endswith("/wp-login.php") and r.verb == "POST" and r.status == 200,
     None, 5, 10),
    ("http-sensitive-files", lambda r: SENSITIVE.search(r.path), lambda r: r.path, 4, 5),
    ("http-admin-interface-probing", lambda r: r.status in (403, 404) and ADMIN.search(r.path),
     lambda r: r.path, 2, 10),
    ("http-crawl-non_statics", lambda r: not r.static, None, 40, 0.5),
    ("http-bad-user-agent", lambda r: AGENT.search(r.agent), None, 1, 60),
    ("http-path-traversal-probing", lambda r: TRAVERSAL.search(r.whole), lambda r: r.whole, 3, 10),
    ("http-sqli-probing", lambda r: SQL.search(r.query), lambda r: r.query, 10, 1),
    ("http-xss-probing", lambda r: XSS.search(r.query), lambda r: r.query, 5, 1),
    ("http-backdoors-attempts", lambda r: SHELL.search(r.path), lambda r: r.path, 1, 5),
    ("http-open-proxy",
     lambda r: r.verb == "CONNECT" or (r.status == 400 and r.path.startswith("http")), None, 0, 1),
    ("log4j2", lambda r: JNDI.search(r.whole) or JNDI.search(r.agent) or JNDI.search(r.referer),
     None, 0, 1),
)


class Bucket:
  """Fills by one with each event, leaks one in so many seconds, overflows above its capacity."""

  def __init__(self):
    self.level, self.at, self.seen = 0.0, None, set()

  def pour(self, at, value, capacity, leak):
    if self.at is not None and at > self.at:
      self.level = max(0.0, self.level - (at - self.at) / leak)
    if self.level == 0.0:
      self.seen.clear()
    self.at = at if self.at is None else max(at, self.at)
    if value is not None:
      if value in self.seen:
        return False
      self.seen.add(value)
    self.level += 1
    return self.level > capacity


def crowdsec_like(records):
  """Clients of whom at least one bucket overflows."""
  accused, buckets = set(), collections.defaultdict(Bucket)
  for record in records:
    if record["time"] is None:
      continue
    at, line = _seconds(record["time"]), Line(record)
    for name, matches, distinct, capacity, leak in BUCKETS:
      if not matches(line):
        continue
      value = distinct(line) if distinct else None
      if buckets[name, record["client"]].pour(at, value, capacity, leak):
        accused.add(record["client"])
  return accused


def _seconds(text):
  return datetime.datetime.fromisoformat(text).timestamp()
