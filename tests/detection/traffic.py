"""The harmless bulk of a made log: visits to a shop with pages, assets, referers and a day curve.

Used by: generate.py, people.py. All randomness comes from the random.Random that is passed in.
"""

from entry import Entry

DAY = 86400
SITE = "https://www.example.org"
_CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0"
_SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5"
AGENTS = (
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_CHROME} Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0",
    f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_SAFARI} Safari/605.1.15",
    f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) {_SAFARI} Mobile/15E148 Safari/604.1",
    f"Mozilla/5.0 (Linux; Android 14; Pixel 8) {_CHROME} Mobile Safari/537.36",
    "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:126.0) Gecko/20100101 Firefox/126.0",
)
# Weight of each hour, UTC.
HOURS = (2, 1, 1, 1, 1, 2, 4, 7, 10, 12, 13, 13, 12, 12, 13, 13, 12, 12, 13, 14, 13, 10, 7, 4)
WORDS = ("amber basil cedar delta ember fjord grove hazel inlet juniper knoll lagoon maple nectar "
         "olive prairie quartz river saffron thyme umber valley willow yarrow zephyr birch clover "
         "dahlia fern ginger heather indigo jasmine kiwi lavender mint nutmeg orchid poppy "
         "rose").split()
ASSETS = ("/css/site.css", "/css/print.css", "/js/app.js", "/js/vendor.js", "/img/logo.svg",
          "/img/header.webp", "/fonts/text.woff2")
SECTIONS = ("", "/products", "/news", "/about", "/contact", "/search?q=", "/cart", "/help")


def page(rng):
  section = rng.choice(SECTIONS)
  if section == "/products":
    return f"/products/{rng.randrange(1, 900)}"
  if section == "/news":
    return f"/news/2026/{rng.choice(WORDS)}-and-{rng.choice(WORDS)}.html"
  if section == "/search?q=":
    return f"/search?q={rng.choice(WORDS)}+{rng.choice(WORDS)}"
  return section or "/"


def visitor(rng):
  """An address of a visitor; the other documentation ranges belong to the actors."""
  if rng.random() < 0.3:
    return f"2001:db8:aa:{rng.randrange(1, 4000):x}::{rng.randrange(1, 9999):x}"
  return f"203.0.113.{rng.randrange(1, 255)}"


def time_of_day(rng):
  return rng.choices(range(24), HOURS)[0] * 3600 + rng.random() * 3600


def page_view(rng, at, client, agent, target, referer, status=200):
  """A page, and what a browser asks for with it; a cached browser gets 304."""
  yield Entry(at, client, "GET", target, status, rng.randrange(3000, 60000), referer, agent)
  cached = rng.random() < 0.5
  for asset in rng.sample(ASSETS, rng.randrange(2, len(ASSETS))):
    at += rng.random() * 0.4
    yield Entry(at, client, "GET", asset, 304 if cached else 200,
                0 if cached else rng.randrange(800, 90000), SITE + target, agent)


def visit(rng, at, client=None):
  """One person who reads a few pages; now and then a dead link, a redirect or a server error."""
  client = client or visitor(rng)
  agent = rng.choice(AGENTS)
  referer = rng.choice(("-", "https://www.google.com/", "https://duckduckgo.com/"))
  for _ in range(1 + int(rng.expovariate(0.4))):
    target = page(rng)
    chance = rng.random()
    status = 200
    if chance < 0.015:
      target, status = f"/old/{rng.choice(WORDS)}", 404
    elif chance < 0.016:
      status = 500
    elif chance < 0.03:
      status = 301
    yield from page_view(rng, at, client, agent, target, referer, status)
    referer = SITE + target
    at += 4 + rng.expovariate(1 / 45)
  if "iPhone" in agent and rng.random() < 0.3:
    for name in ("apple-touch-icon-120x120-precomposed.png", "apple-touch-icon-120x120.png",
                 "apple-touch-icon-precomposed.png", "apple-touch-icon.png"):
      yield Entry(at, client, "GET", "/" + name, 404, 196, "-", agent)


def background(rng, start, days, visits_a_day):
  entries = []
  for day in range(days):
    for _ in range(visits_a_day):
      entries.extend(visit(rng, start + day * DAY + time_of_day(rng)))
  return entries
