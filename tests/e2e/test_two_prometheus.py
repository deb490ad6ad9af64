"""Two Prometheus servers, at different intervals and phases, scrape one exporter, and neither misses a
request of clients that come in one burst: born, also while the exporter is down, bursting again, back
after they were forgotten. Once the exporter is killed, and goes on from its state.

All durations of the shipped rules are divided by SCALE, mechanically and in the text (1m: 10s, 5m: 50s,
4m30s: 45s), because their minute is too long for a test; so are the intervals of the servers (12 s and
18 s become 2 s and 3 s) and first_value_hold.
"""
import contextlib
import json
import random
import re
import signal
import time
import urllib.parse

import yaml

from programs import Exporter, Program, ROOT, free_port, get, wait_until
from test_laws import MAX_SERIES, Laws, parse

SCALE = 6
HOLD = 6  # two intervals of the slower server
IDLE = 14
CLIENTS = 400
BURST = 7
BIRTHS_UNTIL, KILL, RETURNS_FROM, END = 8, 17, 26, 30  # seconds from the first line
RULES = ROOT / "rules/accesslog-increments.yml"
INCREMENTS = "sum by (client) (sum_over_time(client:accesslog_client_requests:increment1m[5m]))"
INCREASE = "sum by (client) (increase(accesslog_client_requests_total[5m]))"


def scaled_rules():
    def scaled(found):
        return f"{found[1]}{(60 * int(found[2] or 0) + int(found[3] or 0)) // SCALE}s"
    text = re.sub(r"(\[|offset |interval: )(?:(\d+)m)?(?:(\d+)s)?\b(?<=[ms])", scaled,
                  RULES.read_text())
    # Else the shipped rules have a duration where the pattern does not look.
    assert "[50s] offset 15s" in text and "interval: 10s" in text
    for group in yaml.safe_load(text)["groups"]:
        assert not [r for r in group["rules"] if re.search(r"\d[mhd]\b", r["expr"])], text
    return text


class Prometheus(Program):
    """Scrapes the exporter and evaluates the scaled rules."""

    def __init__(self, directory, exporter_port, interval):
        directory.mkdir()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        (directory / "rules.yml").write_text(scaled_rules())
        (directory / "prometheus.yml").write_text(f"""
global:
  scrape_interval: {interval}s
  scrape_timeout: {interval}s
  evaluation_interval: 10s
  external_labels: {{server: every-{interval}s}}
rule_files: [{directory}/rules.yml]
scrape_configs:
- job_name: accesslog
  static_configs: [{{targets: ["127.0.0.1:{exporter_port}"]}}]
""")
        super().__init__(directory, "prometheus", [
            "prometheus", f"--config.file={directory}/prometheus.yml",
            f"--storage.tsdb.path={directory}/tsdb", f"--web.listen-address=127.0.0.1:{self.port}"])
        self.wait_for(f"{self.url}/-/ready")

    def by_client(self, expression):
        status, body = get(f"{self.url}/api/v1/query?query={urllib.parse.quote(expression)}")
        assert status == 200, body
        return {row["metric"]["client"]: float(row["value"][1])
                for row in json.loads(body)["data"]["result"]}

    def has_scraped(self):
        return "up" in get(f"{self.url}/api/v1/query?query=up==1")[1]


def plan(rng):
    """[(seconds from the start, client)], one for each burst. A third of the clients bursts once, a third
    again soon, within the hold or after it, and a third after it was forgotten."""
    bursts = []
    for number in range(CLIENTS):
        client, birth = f"203.0.{113 + number // 200}.{number % 200}", rng.uniform(0, BIRTHS_UNTIL)
        bursts.append((birth, client))
        if number % 3 == 1:
            bursts.append((birth + rng.uniform(0.1, 1.5 * HOLD), client))
        elif number % 3 == 2:
            bursts.append((rng.uniform(RETURNS_FROM, END), client))
    # Between the births and the returns somebody is born at every phase of the servers.
    bursts += [(rng.uniform(BIRTHS_UNTIL, END), f"198.51.100.{number}") for number in range(60)]
    return sorted(bursts)


class Watched:
    """The exporter, and the laws at each scrape of our own."""

    def __init__(self, exporter):
        self.exporter = exporter
        self.laws = Laws()
        self.forgotten = set()
        self.scrapes = 0

    def scrape(self):
        status, body = get(f"{self.exporter.url}/metrics")
        assert status == 200, body
        self.laws.check(body)
        series = parse(body)["accesslog_client_requests_total"].keys()
        self.forgotten |= {dict(labels)["client"] for labels in self.laws.known - series}
        self.laws.known = set(series)  # whoever comes back has to show 0 again
        self.scrapes += 1
        return parse(body)


class Writer:
    """Writes each burst when it is due, whole; knows how many requests each client made."""

    def __init__(self, log):
        self.log = log
        self.began = time.monotonic()
        self.truth = {}

    def write(self, client):
        stamp = time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime())
        self.log.write(f'{client} - - [{stamp}] "GET / HTTP/1.1" 200 5 "-" "-"\n'.encode() * BURST)
        self.truth[client] = self.truth.get(client, 0) + BURST

    def run(self, bursts, watched):
        for due, client in bursts:
            while (left := self.began + due - time.monotonic()) > 0:
                watched.scrape()
                time.sleep(min(0.2, max(0, left)))
            self.write(client)


def differences(found, truth):
    return {client: (found.get(client, 0), truth.get(client, 0)) for client in found.keys() | truth.keys()
            if found.get(client, 0) != truth.get(client, 0)}


def wait_for_the_truth(servers, truth):
    def wrong():
        return [wrong for server in servers
                if (wrong := differences(server.by_client(INCREMENTS), truth))]
    with contextlib.suppress(AssertionError):
        wait_until(lambda: not wrong(), 40, "the increments are the truth")
    assert wrong() == []  # {client: (recorded, true)} of each server


def check_increase(server, truth):
    """increase() never takes away, and adds up to an interval to what it has samples of."""
    increase = server.by_client(INCREASE)
    assert {client: (increase.get(client), requests) for client, requests in truth.items()
            if not requests <= increase.get(client, 0) <= 1.6 * requests} == {}


def test_neither_of_two_servers_misses_a_request(tmp_path):
    log = tmp_path / "access.log"
    log.touch()
    port = free_port()
    (tmp_path / "config.toml").write_text(f"""
[web]
listen_address = "127.0.0.1:{port}"
[state]
file = "{tmp_path}/state.db"
interval = "1s"
[clients]
max_series = {MAX_SERIES}
idle = "{IDLE}s"
first_value_hold = "{HOLD}s"
[[site]]
name = "shop"
files = ["{log}"]
""")
    bursts = plan(random.Random(20261122))
    with contextlib.ExitStack() as running:
        def start(program, *arguments, **options):
            return running.enter_context(program(*arguments, **options))
        exporter = start(Exporter, tmp_path, "--config.file=config.toml", port=port)
        servers = [start(Prometheus, tmp_path / f"every{s}s", port, s) for s in (2, 3)]
        wait_until(lambda: all(server.has_scraped() for server in servers), 20, "first scrapes")
        watched = Watched(exporter)
        writer = Writer(start(open, log, "ab", buffering=0))
        writer.run([burst for burst in bursts if burst[0] < KILL], watched)
        exporter.stop(signal.SIGKILL)
        for number in range(10):
            writer.write(f"192.0.2.{number}")
        start(Exporter, tmp_path, "--config.file=config.toml", port=port)
        writer.run([burst for burst in bursts if burst[0] >= KILL], watched)
        returned = {client for due, client in bursts if due >= RETURNS_FROM} & watched.forgotten
        assert len(returned) == CLIENTS // 3, "clients were forgotten and came back"
        wait_until(lambda: not any(
            watched.scrape()["accesslog_client_pending_requests"].values()), 3 * HOLD, "all is shown")
        wait_for_the_truth(servers, writer.truth)
        for server in servers:
            check_increase(server, writer.truth)
        assert watched.scrapes > 60
