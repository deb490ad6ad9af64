"""The laws of docs/metrics.md, held at every scrape while an attacker writes the log."""
import collections
import pathlib
import random
import re
import threading
import urllib.request

import pytest

from programs import Exporter, get

SAMPLE = re.compile(r'^([a-z_]+)(?:\{(.*)\})? ([-+0-9.eE]+)$')
LABEL = re.compile(r'([a-z_]+)="((?:[^"\\]|\\.)*)"')
MAX_SERIES = 500


def parse(body):
    """{metric: {labels as a sorted tuple: value}}; fails on anything that is no sample."""
    families = collections.defaultdict(dict)
    for line in body.splitlines():
        if line.startswith("#"):
            continue
        name, labels, value = SAMPLE.match(line).groups()
        families[name][tuple(sorted(LABEL.findall(labels or "")))] = float(value)
    return families


def by_status(series):
    sums = collections.Counter()
    for labels, value in series.items():
        sums[dict(labels)["status"]] += value
    return +sums


class Laws:
    """Checks one scrape after the other; remembers what a later one may not contradict."""

    def __init__(self):
        self.known = set()

    def check(self, body):
        f = {name.removeprefix("accesslog_"): series for name, series in parse(body).items()}
        requests = by_status(f["requests_total"])
        assert sum(f["lines_read_total"].values()) == (
            sum(requests.values()) + sum(f["unparsed_lines_total"].values()))
        clients = f.get("client_requests_total", {})
        assert requests == (by_status(clients) + by_status(f["client_pending_requests"]) +
                            by_status(f["client_evicted_requests_total"]))
        assert len(clients) == sum(f["client_series"].values()) <= MAX_SERIES
        for labels, value in clients.items():
            assert labels in self.known or value == 0, f"{labels} was born with {value}"
        self.known |= clients.keys()


def hostile_lines(rng, count):
    """Lines as bytes: sprays, statuses, garbage, forged quotes, and ordinary visitors among them."""
    time = b"[08/Sep/2023:12:26:56 -0400]"
    def line(client, request=b"GET / HTTP/1.1", status=b"200"):
        return client + b" - - " + time + b' "' + request + b'" ' + status + b' 5 "-" "x"\n'
    makers = [
        lambda: line(b"192.0.2.%d" % rng.randrange(20)),
        lambda: line(b"203.0.113.%d" % rng.randrange(256), status=b"404"),
        lambda: line(b"2001:db8:%x:%x::1" % (rng.randrange(65536), rng.randrange(65536))),
        lambda: line(b"192.0.2.77", status=b"%d" % rng.randrange(0, 1000)),
        lambda: line(b"other"),
        lambda: line(b"h%d.example.org" % rng.randrange(10000)),
        lambda: line(b"\xff\xfe.example.org"),
        lambda: line(b"192.0.2.78", request=b'GET /" 200 5 "-" "-', status=b"401"),
        lambda: line(b"192.0.2.79", request=rng.randbytes(40).replace(b"\n", b"")),
        lambda: rng.randbytes(60).replace(b"\n", b"") + b"\n",
        lambda: b"\n",
        lambda: b"x" * (2 << 20) + b"\n" if rng.random() < 0.001 else b"\r\n",
    ]
    return b"".join(rng.choice(makers)() for _ in range(count))


@pytest.mark.parametrize("hold", ["0s", "2s"])
def test_laws_hold_at_every_scrape_under_attack(tmp_path, hold):
    log = tmp_path / "access.log"
    log.touch()
    (tmp_path / "config.toml").write_text(f"""
[clients]
max_series = {MAX_SERIES}
idle = "3s"
first_value_hold = "{hold}"
[[site]]
name = "attacked"
files = ["{log}"]
""")
    rng = random.Random(20261122)
    laws = Laws()
    with Exporter(tmp_path, "--config.file=config.toml") as exporter, \
            open(log, "ab", buffering=0) as file:
        def scrape():
            body = get(f"{exporter.url}/metrics")[1]
            if hold == "0s":  # then series are born with their value
                laws.known |= parse(body).get("accesslog_client_requests_total", {}).keys()
            laws.check(body)
        for _ in range(60):
            lines = hostile_lines(rng, 1000)
            cut = rng.randrange(len(lines))
            file.write(lines[:cut])
            scrape()
            file.write(lines[cut:])
            scrape()
        exporter.wait_for_metric('accesslog_lines_read_total{site="attacked"}', 60000, 30)
        scrape()


def test_memory_stays_below_32_mib_however_often_it_is_scraped(tmp_path):
    log = tmp_path / "access.log"
    with open(log, "w", encoding="ascii") as file:
        for number in range(200000):
            file.write(f'10.{number >> 16}.{number >> 8 & 255}.{number & 255} - - '
                       '[08/Sep/2023:12:26:56 -0400] "GET /x HTTP/1.1" 404 5 "-" "-"\n')
    with Exporter(tmp_path, "--start=beginning", log) as exporter:
        def scrape():
            for _ in range(15):
                request = urllib.request.Request(f"{exporter.url}/metrics",
                                                 headers={"Accept-Encoding": "gzip"})
                with urllib.request.urlopen(request, timeout=20) as answer:
                    answer.read()
        scrapers = [threading.Thread(target=scrape) for _ in range(8)]
        for scraper in scrapers:
            scraper.start()
        for scraper in scrapers:
            scraper.join()
        status = pathlib.Path(f"/proc/{exporter.process.pid}/status").read_text()
        peak_kib = int(re.search(r"VmHWM:\s+(\d+) kB", status).group(1))
        print(f"peak {peak_kib / 1024:.1f} MiB")
        assert peak_kib <= 32 * 1024
