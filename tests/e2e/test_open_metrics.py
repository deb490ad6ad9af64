"""OpenMetrics, as a real Prometheus asks for it: the same series and values as in the text format, and
well-formed in the eyes of the Python client's parser, which is stricter than Prometheus.

Prometheus 2.42, Debian 12's, takes _created for series like any other; that is what can be shown with
it. That later versions begin a counter at its created timestamp (the feature flag
created-timestamp-zero-ingestion, for the text of OpenMetrics since 2.55: prometheus/prometheus#14356) is
shown only where such a version is installed; Debian 12 and 13 have none.
"""
import re
import subprocess
import time
import urllib.request

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from programs import Exporter, wait_until
from scraper import Scraper

OPEN_METRICS = "application/openmetrics-text"
PROMETHEUS_ASKS = (f"{OPEN_METRICS};version=1.0.0,{OPEN_METRICS};version=0.0.1;q=0.75,"
                   "text/plain;version=0.0.4;q=0.5,*/*;q=0.1")
# What changes from scrape to scrape even where nothing happens.
RESTLESS = re.compile(r"process_|accesslog_scrape_duration_seconds|accesslog_state_")


def line(client, status, moment="12:00:00"):
    return (f'{client} - - [22/Nov/2026:{moment} +0000] "GET /x HTTP/1.1" {status} 12345 '
            '"-" "Mozilla/5.0"\n')


LINES = ([line(f"192.0.2.{n}", 401 if n % 3 == 0 else 200) for n in range(200)] +
         [line("2001:db8::7", 404), line('we"ird\\host', 500), line("crawler.example.com", 304)] * 3 +
         ["no line at all\n"])


def ask(exporter, accept):
    """(content type, text)"""
    request = urllib.request.Request(f"{exporter.url}/metrics", headers={"Accept": accept})
    with urllib.request.urlopen(request, timeout=5) as answer:
        assert answer.headers["Vary"] == "Accept-Encoding, Accept"
        return answer.headers["Content-Type"], answer.read().decode()


def parsed(text):
    """{(sample name, labels): value} by the Python client's parser, which raises where it is wrong."""
    return {(sample.name, tuple(sorted(sample.labels.items()))): float(sample.value)
            for family in text_string_to_metric_families(text) for sample in family.samples}


@pytest.fixture(name="start")
def start_exporter(tmp_path):
    """Starts an exporter whose web section holds these lines."""
    log = tmp_path / "access.log"
    log.write_text("".join(LINES))

    def start(web=""):
        config = tmp_path / "config.toml"
        config.write_text(f'[web]\n{web}\n[clients]\nfirst_value_hold = 0\n[[site]]\n'
                          f'name = "a \\"site\\""\nfiles = ["{log}"]\nstart = "beginning"\n')
        return Exporter(tmp_path, f"--config.file={config}")
    return start


def test_the_type_is_that_of_the_text(start):
    with start() as exporter:
        kind, text = ask(exporter, PROMETHEUS_ASKS)
        assert kind == f"{OPEN_METRICS}; version=1.0.0; charset=utf-8"
        assert text.endswith("\n# EOF\n")
        assert "requests_created" not in text
        assert not re.search(r"^# TYPE \S+_total ", text, re.MULTILINE)
        assert not re.search(r"^# TYPE \S+ (unknown|untyped)$", text, re.MULTILINE)
        assert "# UNIT accesslog_response_bytes bytes\n" in text
        assert ask(exporter, f"{OPEN_METRICS};version=0.0.1")[0] == (
            f"{OPEN_METRICS}; version=0.0.1; charset=utf-8")
        kind, text = ask(exporter, "*/*")
        assert kind == "text/plain; version=0.0.4; charset=utf-8"
        assert "# EOF" not in text


def test_every_series_reaches_prometheus_with_the_value_of_the_text_format(tmp_path, start):
    with start() as exporter, Scraper(tmp_path, exporter.port) as prometheus:
        wait_until(lambda: prometheus.value("up") == 1, 10, "a first scrape")
        # Only OpenMetrics tells the family without _total.
        assert prometheus.metadata("accesslog_client_requests")["type"] == "counter"
        assert not prometheus.metadata("accesslog_client_requests_total")
        stored = prometheus.query('{job="accesslog", __name__=~"accesslog_.*|process_.*"}')
        stored = {tuple((name, value) for name, value in labels if name not in ("job", "instance")):
                  value for labels, value in stored.items()}
        text = ask(exporter, "text/plain")[1]
        # The text format by the same parser, which wants counters' families and the end otherwise.
        shown = parsed(re.sub(r"^(# (?:TYPE|HELP) \S+)_total ", r"\1 ", text,
                              flags=re.MULTILINE) + "# EOF\n")
        shown = {tuple(sorted((("__name__", name), *labels))): value
                 for (name, labels), value in shown.items()}
        assert len(stored) > 500
        assert stored.keys() == shown.keys()
        still = [labels for labels in shown if not RESTLESS.match(dict(labels)["__name__"])]
        assert {labels: stored[labels] for labels in still} == \
            {labels: shown[labels] for labels in still}


def test_created_timestamps_come_where_they_are_asked_for(tmp_path, start):
    began = time.time()
    with start("created_timestamps = true") as exporter, \
            Scraper(tmp_path, exporter.port) as prometheus:
        text = ask(exporter, PROMETHEUS_ASKS)[1]
        births = {key: value for key, value in parsed(text).items() if key[0].endswith("_created")}
        counters = [key for key in parsed(text)
                    if key[0] in ("accesslog_client_requests_total",
                                  "accesslog_client_response_bytes_total")]
        assert sorted((name[:-len("_created")], labels) for name, labels in births) == \
            sorted((name[:-len("_total")], labels) for name, labels in counters)
        assert all(began - 1 <= birth <= time.time() for birth in births.values())
        assert "requests_created" not in ask(exporter, "text/plain")[1]
        # They do not move.
        assert {key: value for key, value in parsed(ask(exporter, PROMETHEUS_ASKS)[1]).items()
                if key[0].endswith("_created")} == births
        wait_until(lambda: prometheus.value("up") == 1, 10, "a first scrape")
        counted = prometheus.value("count(accesslog_client_requests_total)")
        assert counted > 200
        assert prometheus.value("count(accesslog_client_requests_created)") == counted
        assert prometheus.value("min(accesslog_client_requests_created)") == \
            pytest.approx(min(births.values()), abs=0.001)


def created_are_understood():
    """Whether the installed Prometheus turns _created into a first 0 of the counter."""
    version = subprocess.run(["prometheus", "--version"], check=True, capture_output=True, text=True)
    major, minor = re.search(r"version (\d+)\.(\d+)", version.stdout + version.stderr).groups()
    return (int(major), int(minor)) >= (2, 55)


@pytest.mark.skipif(not created_are_understood(), reason="this Prometheus has no such feature")
def test_prometheus_begins_a_counter_at_its_birth(tmp_path, start):
    with start("created_timestamps = true") as exporter, \
            Scraper(tmp_path, exporter.port,
                    "--enable-feature=created-timestamp-zero-ingestion") as prometheus:
        wait_until(lambda: prometheus.value("up") == 1, 10, "a first scrape")
        assert prometheus.value("min(min_over_time(accesslog_client_requests_total[1m]))") == 0
