#!/usr/bin/env python3
"""Writes the bundled sample: one minute of a small site, with visitors, a password guesser, a
scanner and the odd line. All addresses are documentation addresses (RFC 5737, RFC 3849).

Usage: make.py > access.log
"""
import datetime
import random

START = datetime.datetime(2026, 1, 15, 10, 0, 0, tzinfo=datetime.timezone.utc)
BROWSERS = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
]
PAGES = [("/", 200, 5120), ("/about", 200, 3400), ("/news", 200, 8210), ("/style.css", 304, 0),
         ("/logo.png", 200, 14022), ("/members", 200, 6100), ("/favicon.ico", 404, 196)]
PROBES = ["/.env", "/.git/config", "/wp-config.php.bak", "/phpmyadmin/", "/admin.php", "/backup.zip",
          "/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php", "/cgi-bin/test.cgi", "/shell.php",
          "/.aws/credentials", "/server-status", "/old/", "/config.json", "/.ssh/id_rsa"]


def line(second, client, request, status, size, agent, referer="-", user="-"):
    time = (START + datetime.timedelta(seconds=second)).strftime("%d/%b/%Y:%H:%M:%S %z")
    return (second, f'{client} - {user} [{time}] "{request}" {status} {size} "{referer}" "{agent}"')


def main():
    random.seed(20260115)
    lines = []
    visitors = [f"192.0.2.{n}" for n in (10, 11, 17, 25, 40, 61)] + ["2001:db8:7:1::25"]
    for client in visitors:
        agent = random.choice(BROWSERS)
        for second in sorted(random.sample(range(58), random.randint(8, 20))):
            path, status, size = random.choice(PAGES)
            lines.append(line(second, client, f"GET {path} HTTP/1.1", status, size, agent,
                              "https://www.example.org/"))
    # A guesser: within one scrape interval, from one address, and then gone.
    for attempt in range(14):
        lines.append(line(5 + attempt // 4, "203.0.113.66", "POST /login HTTP/1.1", 401, 381,
                          "python-requests/2.31"))
    # Somebody who mistyped a password twice.
    for second, status in ((12, 401), (15, 401), (19, 302)):
        lines.append(line(second, "192.0.2.40", "POST /login HTTP/1.1", status, 381, BROWSERS[0]))
    for number, path in enumerate(PROBES):
        lines.append(line(25 + number, "198.51.100.23", f"GET {path} HTTP/1.1", 404, 196, "-"))
    lines.append(line(30, "198.51.100.77", r"\x16\x03\x01\x02\x00\x01\x00", 400, 226, "-"))
    lines.append(line(33, "198.51.100.77", "-", 408, 0, "-"))
    lines.append(line(44, "192.0.2.61", "GET /report HTTP/1.1", 500, 170, BROWSERS[1]))
    for _, text in sorted(lines, key=lambda entry: entry[0]):
        print(text)


if __name__ == "__main__":
    main()
