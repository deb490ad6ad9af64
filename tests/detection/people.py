"""Harmless clients whom a careless detection accuses: crawlers, forgetful members, broken apps.

Used by: generate.py. Each function yields the requests of one client or group.
"""

from entry import Entry
from traffic import AGENTS, ASSETS, SITE, WORDS, page, page_view

BINGBOT = "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)"
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
APP = "ExampleSync/3.1 (Android 14)"


def crawler(rng, at, client, agent, requests, gap, dead=0.2):
  """Reads the site at its usual rate; some of the links that it knows are dead."""
  yield Entry(at, client, "GET", "/robots.txt", 200, 120, "-", agent)
  for _ in range(requests):
    at += gap * (0.6 + 0.8 * rng.random())
    target, status = page(rng), 200
    if rng.random() < dead:
      target, status = f"/archive/{rng.choice(WORDS)}/{rng.choice(WORDS)}.html", 404
    yield Entry(at, client, "GET", target, status, 9000 if status == 200 else 310, "-", agent)


def furniture(rng, at, client):
  """What browsers and phones ask for unasked, on a site that has none of it."""
  for target in ("/favicon.ico", "/apple-touch-icon.png", "/apple-touch-icon-precomposed.png",
                 "/apple-touch-icon-152x152.png", "/apple-touch-icon-152x152-precomposed.png",
                 "/browserconfig.xml", "/site.webmanifest", "/manifest.json", "/robots.txt",
                 "/.well-known/assetlinks.json", "/apple-app-site-association",
                 "/.well-known/apple-app-site-association", "/.well-known/traffic-advice",
                 "/.well-known/security.txt", "/ads.txt", "/sitemap.xml",
                 "/.well-known/appspecific/com.chrome.devtools.json"):
    at += rng.random() * 3
    yield Entry(at, client, "GET", target, 404, 196, "-", AGENTS[3])


def gallery(rng, at, client, images=500):
  """One page with many pictures, read within a minute."""
  yield Entry(at, client, "GET", "/gallery/summer", 200, 30000, "-", AGENTS[0])
  for number in range(images):
    yield Entry(at + 55 * number / images, client, "GET", f"/gallery/img/{number:04}.jpg", 200,
                rng.randrange(9000, 90000), SITE + "/gallery/summer", AGENTS[0])


def poller(at, client, target, status, gap, times, user="-"):
  """A broken program that asks for one thing again and again."""
  for number in range(times):
    yield Entry(at + number * gap, client, "GET", target, status, 120, "-", APP, user)


def monitoring(at, client, seconds):
  for second in range(seconds):
    yield Entry(at + second, client, "GET", "/health", 200, 2, "-", "kube-probe/1.30")


def curious_reader(rng, at, client):
  """Words of attacks in harmless places: titles, searches, names."""
  for target in ("/search?q=union+select+committee+minutes", "/search?q=O%27Reilly",
                 "/news/2026/how-to-read-etc-passwd.html", "/search?q=drop+table+linen",
                 "/docs/shell-scripting.html", "/docs/admin-guide.html", "/search?q=%3C3+roses",
                 "/search?q=select+a+gift+from+the+list", "/docs/xss-explained.html",
                 "/search?q=alert+clock+%26+radio", "/products/powershell-book"):
    yield from page_view(rng, at, client, AGENTS[1], target, SITE + "/")
    at += 20 + rng.random() * 40


def feed_reader(at, client, hours):
  for number in range(hours * 6):
    yield Entry(at + number * 600, client, "GET", "/feed.xml", 304, 0, "-", "FreshRSS/1.24")


def webdav_client(rng, at, client, files):
  """A sync client: each upload first asks whether the file is there, each start gets one 401."""
  agent = "Mozilla/5.0 (Linux) mirall/3.13.0 (Nextcloud)"
  yield Entry(at, client, "PROPFIND", "/remote.php/dav/files/mara/", 401, 440, "-", agent)
  for _ in range(files):
    at += 0.5 + rng.random()
    path = f"/remote.php/dav/files/mara/{rng.choice(WORDS)}-{rng.choice(WORDS)}.odt"
    yield Entry(at, client, "PROPFIND", path, 404, 250, "-", agent, "mara")
    yield Entry(at + 0.2, client, "PUT", path, 201, 0, "-", agent, "mara")


class FormLogin:
  """How one application answers a login: the statuses, and the page that follows."""

  def __init__(self, path, failure, success, failed_next=None, home="/home", agent=AGENTS[0]):
    self.path, self.failure, self.success = path, failure, success
    self.failed_next, self.home, self.agent = failed_next, home, agent

  def attempt(self, at, client, ok, agent=None, user="-"):
    agent = agent or self.agent
    status = self.success if ok else self.failure
    yield Entry(at, client, "POST", self.path, status, 0 if status in (302, 303) else 4200,
                SITE + self.path, agent, user)
    after = self.home if ok else self.failed_next
    if after:
      yield Entry(at + 0.3, client, "GET", after, 200, 4100, SITE + self.path, agent, user)


def member(rng, at, client, login, failures=0):
  """Opens the form, mistypes so often, then is in and reads on."""
  yield Entry(at, client, "GET", login.path, 200, 4100, "-", login.agent)
  for _ in range(failures):
    at += 6 + rng.random() * 20
    yield from login.attempt(at, client, False)
  at += 6 + rng.random() * 15
  yield from login.attempt(at, client, True)
  for _ in range(rng.randrange(1, 5)):
    at += 5 + rng.random() * 60
    yield from page_view(rng, at, client, login.agent, page(rng), SITE + login.home)


def office(rng, at, client, login, people=25, forgetful=6):
  """Many members behind one address on one morning; each who mistypes does so once."""
  mistaken = set(rng.sample(range(people), forgetful))
  for number in range(people):
    yield from member(rng, at + number * 120 + rng.random() * 60, client, login,
                      1 if number in mistaken else 0)


def basic_auth_user(rng, at, client, user, requests, mistakes=0):
  """A browser with basic authentication: 401 without a name, wrong ones, then in."""
  target = "/internal/"
  yield Entry(at, client, "GET", target, 401, 460, "-", AGENTS[1])
  for _ in range(mistakes):
    at += 5 + rng.random() * 15
    yield Entry(at, client, "GET", target, 401, 460, "-", AGENTS[1], user)
  for _ in range(requests):
    at += 2 + rng.random() * 30
    yield Entry(at, client, "GET", f"/internal/{rng.choice(WORDS)}", 200, 5000, "-", AGENTS[1],
                user)
    if rng.random() < 0.5:
      yield Entry(at + 0.2, client, "GET", rng.choice(ASSETS), 304, 0, "-", AGENTS[1], user)


def challenged(rng, at, client, user, sessions, rounds):
  """A workstation whose browser is asked for a name at the start of each session.

  rounds: 1 with basic authentication, 2 with NTLM: so many 401 without a name before the first 200.
  """
  for _ in range(sessions):
    for number in range(rounds):
      yield Entry(at + 0.1 * number, client, "GET", "/internal/", 401, 460, "-", AGENTS[1])
    for _ in range(rng.randrange(2, 8)):
      at += 1 + rng.random() * 20
      yield Entry(at, client, "GET", f"/internal/{rng.choice(WORDS)}", 200, 5000, "-", AGENTS[1],
                  user)
    at += 1800 + rng.random() * 5000
