#!/usr/bin/env python3
"""Makes logs for what no public log holds, each with an explicit truth.

usage: generate.py [--seed=N] DIR
Used by: measure.py. The same seed makes the same bytes. Addresses are documentation addresses only:
visitors come from 203.0.113.0/24 and 2001:db8:aa::/48, actors from 192.0.2.0/24, 198.51.100.0/24
and 2001:db8:bb::/48.
"""

import argparse
import dataclasses
import json
import pathlib
import random
import sys
import zlib

import entry
import intruders
import people
import traffic
import truth
from entry import Entry
from people import FormLogin
from truth import Attacker, Truth

THURSDAY = 1772668800  # 2026-03-05 00:00 UTC, a Thursday
HOUR = 3600
GUESS = ("LoginBruteForce",)
GUESS_ALSO = ("ClientFlood", "AttackProbe")
WIN = ("LoginSuccessAfterFailures",)
SCAN = ("ReconDistinctErrorPaths", "AttackProbe")
SCAN_ALSO = SCAN + ("ClientFlood", "ExploitAttempt", "LoginBruteForce", "BadRequestRatioHigh")


class Log:
  """One log that is being made: background, actors, and what is true of them."""

  def __init__(self, name, seed, visits=120, days=1, start=THURSDAY, format_name="combined"):
    self.name, self.start, self.format_name = name, start, format_name
    self.rng = random.Random(zlib.crc32(f"{seed}/{name}".encode()))
    self.entries = traffic.background(self.rng, start, days, visits)
    self.attackers, self.config, self.keep_order = [], "", False

  def at(self, hour):
    return self.start + hour * HOUR

  def harmless(self, requests):
    self.entries.extend(requests)

  def attack(self, client, requests, must, also=(), beyond=""):
    self.entries.extend(requests)
    self.attackers.append(Attacker(client, tuple(must), tuple(also), beyond))

  def guess(self, client, hour, login, attempts, gap, success=False, **more):
    """Guesses at a form; if the last one succeeds, that is to be found besides."""
    self.attack(client, intruders.guessing(self.rng, self.at(hour), client, login, attempts, gap,
                                           success, **more), GUESS, GUESS_ALSO)
    if success:
      self.known(client, WIN)

  def scan(self, client, hour, paths, gap, must=None, beyond="", **more):
    self.attack(client, intruders.scan(self.rng, self.at(hour), client, paths, gap, **more),
                must or SCAN, SCAN_ALSO, beyond)

  def known(self, client, must, also=(), **more):
    self.attackers.append(Attacker(client, tuple(must), tuple(also), **more))

  def write(self, folder):
    path = folder / f"{self.name}.log"
    entry.write_log(path, self.entries, self.format_name, self.keep_order)
    kind = "attack" if self.attackers else "clean"
    return truth.checked(
        Truth(self.name, (path,), kind, tuple(self.attackers), self.config))


def everyday(seed):
  """A day on which nobody does harm, with everybody whom careless rules accuse."""
  log = Log("everyday", seed, visits=500)
  rng = log.rng
  log.harmless(people.crawler(rng, log.at(0), "198.51.100.10", people.BINGBOT, 900, 60))
  log.harmless(people.crawler(rng, log.at(0.2), "198.51.100.11", people.GOOGLEBOT, 1800, 40))
  for number in range(8):
    log.harmless(people.furniture(rng, log.at(9 + number / 2), f"198.51.100.{20 + number}"))
  for number in range(3):
    log.harmless(people.gallery(rng, log.at(15 + number), f"198.51.100.{30 + number}"))
  log.harmless(people.poller(log.at(8), "198.51.100.40", "/api/v1/widgets/old", 404, 5, 700))
  log.harmless(people.monitoring(log.at(10), "198.51.100.41", 1800))
  log.harmless(people.curious_reader(rng, log.at(12), "198.51.100.42"))
  log.harmless(people.feed_reader(log.at(0), "198.51.100.43", 24))
  log.harmless(people.webdav_client(rng, log.at(14), "198.51.100.44", 40))
  return log


def relaunch(seed):
  """All pages have new addresses; search engines and bookmarks know the old ones."""
  log = Log("relaunch", seed, visits=150)
  rng = log.rng
  for _ in range(250):
    client, at = traffic.visitor(rng), log.start + traffic.time_of_day(rng)
    for _ in range(rng.randrange(1, 4)):
      words = rng.choice(traffic.WORDS), rng.choice(traffic.WORDS)
      old = f"/shop/{words[0]}/{words[1]}.php?id={rng.randrange(900)}"
      log.harmless([Entry(at, client, "GET", old, 404, 2100, "https://www.google.com/",
                          traffic.AGENTS[0])])
      at += 5 + rng.random() * 20
    log.harmless(traffic.visit(rng, at, client))
  log.harmless(people.crawler(rng, log.at(0), "198.51.100.10", people.GOOGLEBOT, 900, 90, dead=0.8))
  return log


def wordpress(seed):
  log = Log("wordpress", seed)
  rng, login = log.rng, FormLogin("/wp-login.php", 200, 302, home="/wp-admin/")
  log.guess("192.0.2.10", 2, login, 150, 3)
  log.guess("192.0.2.11", 4, login, 40, 7, True)
  log.guess("192.0.2.12", 5, login, 180, 60)
  log.guess("192.0.2.13", 11, login, 8, 5)
  xmlrpc = FormLogin("/xmlrpc.php", 200, 200)
  log.attack("192.0.2.14", intruders.guessing(rng, log.at(13), "192.0.2.14", xmlrpc, 300, 1),
             GUESS + ("ClientFlood", "AttackProbe"))
  below = FormLogin("/blog/wp-login.php", 200, 302, home="/blog/wp-admin/")
  log.guess("192.0.2.15", 15, below, 25, 10)
  for number in range(6):
    log.harmless(people.member(rng, log.at(8 + number), f"198.51.100.{10 + number}", login,
                               number % 5))
  editor = "198.51.100.30"
  log.harmless(people.member(rng, log.at(9), editor, login))
  for number in range(600):
    log.harmless([Entry(log.at(9.1) + number * 15, editor, "POST", "/wp-admin/admin-ajax.php", 200,
                        60, traffic.SITE + "/wp-admin/", traffic.AGENTS[0])])
  return log


def office_morning(seed):
  """Twenty-five members behind one address confirm their status on Thursday morning."""
  log = Log("office", seed, format_name="vhost_combined")
  login = FormLogin("/wp-login.php", 200, 302, home="/wp-admin/")
  log.harmless(people.office(log.rng, log.at(8.5), "198.51.100.200", login))
  return log


def basic_auth(seed):
  log = Log("basic-auth", seed, format_name="common")
  rng = log.rng
  for number in range(30):
    log.harmless(people.basic_auth_user(rng, log.at(7 + number / 4), f"198.51.100.{number + 1}",
                                        f"member{number}", 12, number % 4))
  log.attack("192.0.2.20", intruders.basic_guessing(rng, log.at(3), "192.0.2.20", 120, 2), GUESS)
  log.attack("192.0.2.21", intruders.basic_guessing(rng, log.at(6), "192.0.2.21", 60, 3, True),
             GUESS)
  log.known("192.0.2.21", WIN)
  log.attack("192.0.2.22", intruders.basic_guessing(rng, log.at(0.1), "192.0.2.22", 1400, 60),
             GUESS)
  log.attack("192.0.2.23", intruders.basic_guessing(rng, log.at(0.1), "192.0.2.23", 285, 300),
             GUESS, beyond="12 an hour; no window of a client is longer than an hour")
  # A stored password that has changed: guessing by all that a log shows, but no reconnaissance.
  log.attack("198.51.100.90",
             people.poller(log.at(9), "198.51.100.90", "/api/sync", 401, 5, 700, "mailer"),
             (), GUESS)
  return log


def intranet(seed):
  """Sixty people whose browsers are asked for a name; twenty of them share one address."""
  log = Log("intranet", seed, visits=0)
  rng = log.rng
  for number in range(60):
    client = f"198.51.100.{number + 1}" if number < 40 else "198.51.100.250"
    log.harmless(people.challenged(rng, log.at(7 + 1.5 * rng.random()), client, f"staff{number}",
                                   4, 1 + number % 2))
  return log


def frameworks(seed):
  """Logins that answer 302 either way, 200 or 422 for failure: only what follows tells."""
  log = Log("frameworks", seed, format_name="vhost_combined")
  rng = log.rng
  redirect = FormLogin("/login", 302, 302, failed_next="/login")
  django = FormLogin("/accounts/login/", 200, 302, home="/accounts/profile/")
  rails = FormLogin("/users/sign_in", 422, 303, home="/dashboard")
  for number, login in enumerate((redirect, django, rails)):
    address = f"192.0.2.{30 + number}"
    log.guess(address, 2 + number, login, 90, 4)
    address = f"192.0.2.{35 + number}"
    log.guess(address, 6 + number, login, 30, 8, True)
    for mistakes in range(5):
      log.harmless(people.member(rng, log.at(12 + number + mistakes / 5),
                                 f"198.51.100.{50 + 10 * number + mistakes}", login, mistakes))
  return log


def api(seed):
  log = Log("api", seed, format_name="json")
  rng, login = log.rng, FormLogin("/api/v1/login", 401, 200, home="/api/v1/me", agent=people.APP)
  log.guess("192.0.2.40", 3, login, 200, 1)
  log.guess("192.0.2.41", 5, login, 25, 9, True)
  for number in range(40):
    log.harmless(people.member(rng, log.at(7 + number / 3), f"198.51.100.{number + 1}", login,
                               (0, 0, 1, 2, 4)[number % 5]))
  for number in range(30):  # a token that ran out, and its renewal
    client, at = f"198.51.100.{100 + number}", log.at(8 + number / 4)
    log.harmless([Entry(at, client, "GET", "/api/v1/orders", 401, 40, agent=people.APP),
                  Entry(at + 1, client, "POST", "/api/v1/token/refresh", 200, 300,
                        agent=people.APP),
                  Entry(at + 2, client, "GET", "/api/v1/orders", 200, 3000, agent=people.APP)])
  return log


def windows(seed):
  log = Log("windows", seed, format_name="iis")
  rng, login = log.rng, FormLogin("/Account/Login", 200, 302, home="/Home")
  log.guess("192.0.2.50", 3, login, 80, 4)
  log.guess("192.0.2.51", 5, login, 20, 10, True)
  log.scan("192.0.2.52", 9, intruders.RECON, 1)
  log.scan("192.0.2.53", 10, intruders.DIRECTORIES, 4)
  for number in range(10):
    log.harmless(people.member(rng, log.at(8 + number), f"198.51.100.{number + 1}", login,
                               number % 5))
  return log


def phpmyadmin(seed):
  log = Log("phpmyadmin", seed)
  rng = log.rng
  login = FormLogin("/phpmyadmin/index.php", 200, 302, home="/phpmyadmin/index.php?route=/")
  log.guess("192.0.2.60", 3, login, 100, 3)
  log.guess("192.0.2.61", 6, login, 35, 6, True)
  log.harmless(people.member(rng, log.at(10), "198.51.100.5", login, 2))
  return log


def reconnaissance(seed):
  log = Log("reconnaissance", seed, visits=200)
  rng, recon = log.rng, list(intruders.RECON)
  rng.shuffle(recon)
  log.scan("192.0.2.70", 1, recon, 0.4)
  log.scan("192.0.2.71", 3, recon, 25)
  log.scan("192.0.2.72", 4, recon, 200,
           beyond="one request in 200 s: two signatures in any five minutes")
  burst = intruders.missing_words(rng, 12)
  log.scan("192.0.2.73", 10, burst, 0.16)
  log.scan("192.0.2.74", 11, intruders.DIRECTORIES, 2,
                                          status=403, method="HEAD", size=0)
  for number, paths in enumerate((intruders.SQL, intruders.XSS, intruders.TRAVERSAL,
                                  intruders.COMMANDS, intruders.SHELLS)):
    address = f"192.0.2.{80 + number}"
    log.scan(address, 12 + number, paths, 8, must=("AttackProbe",))
  log.attack("192.0.2.86", [Entry(log.at(18), "192.0.2.86", "GET", "/", 200, 9000, "-",
                                  intruders.LOG4SHELL)], ("ExploitAttempt",), SCAN_ALSO)
  log.attack("192.0.2.87", intruders.scan(rng, log.at(19), "192.0.2.87",
                                          ["/", "/index.php", "/login", "/robots.txt"], 1,
                                          status=200,
                                          agent="Mozilla/5.00 (Nikto/2.5.0) (Evasions:None)"),
             ("AttackProbe", "ExploitAttempt"), SCAN_ALSO)
  log.harmless(people.curious_reader(rng, log.at(20), "198.51.100.42"))
  log.harmless(people.furniture(rng, log.at(21), "198.51.100.43"))
  return log


def soft_404(seed):
  """A single-page application: each path gets the same page with 200, /.env too."""
  log = Log("soft-404", seed, visits=0)
  rng = log.rng
  page = 1873
  for _ in range(200):
    client, at = traffic.visitor(rng), log.start + traffic.time_of_day(rng)
    for _ in range(rng.randrange(2, 6)):
      target = f"/{rng.choice(traffic.WORDS)}/{rng.choice(traffic.WORDS)}"
      log.harmless([Entry(at, client, "GET", target, 200, page, "-", traffic.AGENTS[0]),
                    Entry(at + 0.2, client, "GET", "/assets/app.js", 304, 0,
                          traffic.SITE + target, traffic.AGENTS[0])])
      at += 5 + rng.random() * 30
  log.scan("192.0.2.90", 12, intruders.RECON, 1,
                                          status=200, size=page, must=("AttackProbe",))
  return log


def leaks(seed):
  """Two files that should not be there, and a traversal that worked; all else answers 404."""
  log = Log("leaks", seed)
  rng, answered = log.rng, ("AttackRequestAnswered",)
  paths = list(intruders.RECON[1:30])
  for number, (path, size) in enumerate((("/.env", 812), ("/backup.sql", 4811200),
                                         ("/view?page=../../../../etc/passwd", 2317))):
    address = f"192.0.2.{100 + number}"
    found = [Entry(log.at(5 + number) + 20.5, address, "GET", path, 200, size, "-",
                   traffic.AGENTS[0])]
    log.attack(address, found, answered)
    scanned = [other for other in paths if other != path]
    log.scan(address, 5 + number, scanned, 2)
  return log


def floods(seed):
  log = Log("floods", seed)
  flood = ("ClientFlood",)
  log.attack("192.0.2.110", intruders.flood(log.at(3), "192.0.2.110", 700, 50), flood)
  log.attack("192.0.2.111", intruders.flood(log.at(5), "192.0.2.111", 340, 50), flood)
  log.attack("192.0.2.112", intruders.flood(log.at(7), "192.0.2.112", 3000, 240, "/img/logo.svg?"),
             flood)
  log.harmless(people.gallery(log.rng, log.at(9), "198.51.100.5"))
  return log


def server_failure(seed):
  """The database is gone for ten minutes: every page of every visitor is a 502."""
  log = Log("server-failure", seed, visits=200)
  rng = log.rng
  for number in range(120):
    client, at = traffic.visitor(rng), log.at(14) + rng.random() * 600
    for _ in range(rng.randrange(1, 4)):
      log.harmless([Entry(at, client, "GET", traffic.page(rng), 502, 0, "-", traffic.AGENTS[0])])
      at += 3 + rng.random() * 10
  log.known(None, ("ServerErrorRatioHigh",))
  return log


def one_clients_errors(seed):
  """One client makes the server fail, and that is a fifth of what the site answers meanwhile."""
  log = Log("client-errors", seed, visits=400)
  log.attack("192.0.2.120", intruders.errors(log.at(12), "192.0.2.120", 70, 560),
             ("ServerErrorRatioHigh",))
  log.known(None, (), ("ServerErrorRatioHigh",))
  return log


def garbage(seed):
  """TLS at port 80 is everyday noise; one who sends thirty different things is not."""
  log = Log("garbage", seed, visits=400)
  rng = log.rng
  for number in range(12):
    address = f"198.51.100.{number + 1}"
    log.harmless(intruders.garbage(rng, log.at(2 * number), address, 2, 3))
  log.attack("192.0.2.130", intruders.garbage(rng, log.at(9), "192.0.2.130", 30, 2),
             ("BadRequestRatioHigh", "ReconDistinctErrorPaths"), SCAN_ALSO)
  return log


def distributed(seed):
  """Four hundred addresses with three guesses each: no window of a client sees it."""
  log = Log("distributed", seed, visits=200, days=2)
  rng, login = log.rng, FormLogin("/wp-login.php", 200, 302, home="/wp-admin/")
  for number in range(400):
    address = f"192.0.2.{number + 1}" if number < 249 else f"198.51.100.{number - 248}"
    at = log.at(24) + rng.random() * 22 * HOUR
    log.harmless(intruders.guessing(rng, at, address, login, 3, 40, agent=traffic.AGENTS[0]))
  for number in range(20):
    log.harmless(people.member(rng, log.at(6 + number), f"198.51.100.{200 + number}", login,
                               number % 3))
  log.known(None, ("DistributedLoginFailures",))
  return log


def repeat_offender(seed):
  log = Log("repeat-offender", seed, visits=100, days=5)
  for day in range(4):
    paths = intruders.missing_words(log.rng, 14)
    log.harmless(intruders.scan(log.rng, log.at(24 * day + 3), "192.0.2.140", paths, 5))
  log.known("192.0.2.140", SCAN, SCAN_ALSO)
  log.known("192.0.2.140", ("RepeatOffender",))
  return log


def hostile_bytes(seed):
  """Terminal commands, quotes, bytes that are no UTF-8: the attack is to be found all the same."""
  log = Log("hostile-bytes", seed)
  rng = log.rng
  agent = 'x\\x1b]0;owned\\x07\x1b[2J\udcff\udcfe\\"; DROP \u202e<script>'
  login = FormLogin("/wp-login.php", 200, 302, home="/wp-admin/")
  log.guess("192.0.2.150", 3, login, 60, 4,
                                               agent=agent)
  paths = [f"/{word}\udcc3\x1b[31m{word}\\x00%00%ff.php" for word in traffic.WORDS[:25]]
  log.scan("192.0.2.151", 5, paths, 2, agent=agent)
  names = [f"adm\udce9in{number}\x1b[0m<b>" for number in range(40)]
  log.attack("192.0.2.152", [Entry(log.at(7) + 3 * number, "192.0.2.152", "GET", "/internal/", 401,
                                   460, "-", agent, name) for number, name in enumerate(names)],
             GUESS, SCAN_ALSO)
  return log


def ipv6_hopping(seed):
  """A new address of the same /64 for each guess, and for each path of a scan."""
  log = Log("ipv6-hopping", seed)
  rng, login = log.rng, FormLogin("/wp-login.php", 200, 302, home="/wp-admin/")

  def hop(network, requests):
    return [e._replace(client=f"2001:db8:bb:{network}::{rng.randrange(1, 65000):x}")
            for e in requests]

  log.attack("2001:db8:bb:1::/64", hop("1", intruders.guessing(rng, log.at(3), "-", login, 60, 4)),
             GUESS, GUESS_ALSO)
  log.attack("2001:db8:bb:2::/64", hop("2", intruders.scan(rng, log.at(5), "-", intruders.RECON,
                                                             1)), SCAN, SCAN_ALSO)
  return log


def out_of_order(seed):
  """Several workers write one file, each line up to 20 s late."""
  log = Log("out-of-order", seed, visits=200)
  rng, login = log.rng, FormLogin("/wp-login.php", 200, 302, home="/wp-admin/")
  log.guess("192.0.2.160", 3, login, 40, 5)
  log.scan("192.0.2.161", 6, intruders.DIRECTORIES, 3)
  log.entries.sort(key=lambda e: e.at + rng.random() * 20)
  log.keep_order = True
  return log


THURSDAY_CONFIG = """[[site]]
name = "members"
files = ["members.log"]
[site.login]
paths = ["/login"]
methods = ["POST"]
failure = [401]
success = [302]
day = "thursday"
"""


def thursdays(seed):
  """Ten weeks of forty members who log in each Thursday.

  In the eighth week most are absent; on the Sunday of the ninth a dozen members come; in the
  seventh a stranger logs in on a Tuesday.
  """
  log = Log("thursdays", seed, visits=12, days=70)
  rng, login = log.rng, FormLogin("/login", 401, 302)
  members = [f"198.51.100.{number + 1}" for number in range(40)]

  def come(who, day):
    for client in who:
      at = log.start + day * traffic.DAY + (7 + 11 * rng.random()) * HOUR
      log.harmless(people.member(rng, at, client, login, int(rng.random() < 0.1)))

  for week in range(10):
    come(rng.sample(members, 6 if week == 7 else rng.randrange(34, 39)), 7 * week)
    for day in range(1, 7):
      come(rng.sample(members, rng.randrange(0, 3)), 7 * week + day)
  come(rng.sample(members, 14), 7 * 8 + 3)
  stranger = "198.51.100.99"
  log.attack(stranger, people.member(rng, log.at(24 * (7 * 6 + 5) + 23), stranger, login),
             ("UnusualClient",))
  log.known(None, ("LoginScheduleAnomaly",), on="2026-04-23")
  log.known(None, ("LoginScheduleAnomaly",), on="2026-05-03")
  log.config = THURSDAY_CONFIG
  return log


LOGS = (everyday, relaunch, wordpress, office_morning, basic_auth, intranet, frameworks, api,
        windows, phpmyadmin, reconnaissance, soft_404, leaks, floods, server_failure,
        one_clients_errors, garbage, distributed, repeat_offender, hostile_bytes,
        ipv6_hopping, out_of_order, thursdays)


def two_servers(seed, folder):
  """One guesser who takes turns between two servers: below every threshold at each of them."""
  login = FormLogin("/wp-login.php", 200, 302, home="/wp-admin/")
  first, second = (Log(f"server-{name}", seed, visits=60) for name in "ab")
  guesses = list(intruders.guessing(first.rng, first.at(2), "192.0.2.170", login, 400, 75))
  first.harmless(guesses[::2])
  second.harmless(guesses[1::2])
  paths = first.write(folder).files + second.write(folder).files
  attacker = Attacker("192.0.2.170", GUESS, GUESS_ALSO)
  return truth.checked(Truth("two-servers", paths, "attack", (attacker,)))


def make(folder, seed=1):
  """Writes all logs into the folder and returns their truths."""
  folder.mkdir(parents=True, exist_ok=True)
  truths = [log(seed).write(folder) for log in LOGS]
  return truths + [two_servers(seed, folder)]


def main():
  parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
  parser.add_argument("--seed", type=int, default=1)
  parser.add_argument("folder", type=pathlib.Path)
  arguments = parser.parse_args()
  truths = make(arguments.folder, arguments.seed)
  document = [dataclasses.asdict(item) | {"files": [path.name for path in item.files]}
              for item in truths]
  (arguments.folder / "truth.json").write_text(json.dumps(document, indent=1) + "\n")
  return 0


if __name__ == "__main__":
  sys.exit(main())
