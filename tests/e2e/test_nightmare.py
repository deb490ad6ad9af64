"""A real Prometheus goes on scraping while others try to prevent it, and the memory stays bounded.

All from one address, as behind a proxy; so nothing tells the scraper from the others.
"""
import pathlib
import re
import sys
import time

from programs import Exporter, Program, wait_until
from scraper import Scraper

NIGHTMARE = pathlib.Path(__file__).with_name("nightmare.py")
SECONDS = 8
TIME = "[22/Nov/2026:12:00:00 +0000]"


def memory(exporter):
    """(now, at its peak) resident, in MiB."""
    status = pathlib.Path(f"/proc/{exporter.process.pid}/status").read_text()
    return tuple(int(re.search(rf"{name}:\s+(\d+) kB", status)[1]) / 1024
                 for name in ("VmRSS", "VmHWM"))


def line(client, status=404, request="GET /x HTTP/1.1"):
    return f'{client} - - {TIME} "{request}" {status} 3477 "-" "Mozilla/5.0"\n'.encode()


def address_lines():
    return [line(f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}", 404 if n % 4 == 0 else 200)
            for n in range(10000)]


def long_name_lines():
    """10,000 names of 253 bytes that compress very well."""
    return [line(f"{'x' * 62}.{'x' * 62}.{'x' * 62}.{'x' * 55}{n:08d}") for n in range(10000)]


def invalid_lines():
    """Bytes that are no UTF-8, in each field of a line in turn."""
    bad = b"\xff\xfe\xc3(\xed\xa0\x80\xf4\x90\x80\x80"
    good = line("192.0.2.1")
    fields = [b"192.0.2.1", b"- -", b"22/Nov", b"GET", b"/x", b"HTTP/1.1", b"404", b"3477",
              b'"-"', b"Mozilla/5.0"]
    lines = [good.replace(field, bad, 1) for field in fields]
    lines += [good.replace(field, field + bad, 1) for field in fields]
    lines += [good.replace(b"192.0.2.1", b"host" + bad + b".example"), bad + b"\n"]
    return lines


def attacked(tmp_path, lines, crowd):
    """(worst `up`, number of scrapes, longest scrape, (resident, peak)) with `crowd` around."""
    log = tmp_path / "access.log"
    log.write_bytes(b"".join(lines))
    with Exporter(tmp_path, "--start=beginning", log) as exporter:
        read = 'accesslog_lines_read_total{site="default"}'
        exporter.wait_for_metric(read, len(lines))
        with Scraper(tmp_path, exporter.port) as prometheus:
            wait_until(lambda: prometheus.value("up") == 1, 10, "a first scrape")
            with Program(tmp_path, "nightmare",
                         [sys.executable, NIGHTMARE, *map(str, (exporter.port, *crowd))]) as nightmare:
                wait_until(lambda: "connections" in nightmare.output(), 10, "the crowd")
                time.sleep(SECONDS)
                window = f"[{SECONDS}s]"
                up = prometheus.value(f"min_over_time(up{window})")
                scrapes = prometheus.value(f"count_over_time(up{window})")
                longest = prometheus.value(f"max_over_time(scrape_duration_seconds{window})")
                resident = memory(exporter)
                connections = nightmare.output().split()[-2]
            read_there = prometheus.value(read)
    print(f"{scrapes} scrapes, the longest {longest:.3f} s, up {up}; resident {resident[0]:.1f} MiB, "
          f"at the peak {resident[1]:.1f}; {connections} hostile connections")
    assert read_there == len(lines)
    return up, scrapes, longest, resident


def test_scrapes_go_on_beside_who_never_reads_or_never_asks(tmp_path):
    lines = address_lines() + invalid_lines()
    up, scrapes, longest, resident = attacked(tmp_path, lines, (200, 200, 50))
    assert up == 1
    assert scrapes >= SECONDS - 2
    assert longest < 1
    assert resident[1] <= 32


# The table itself holds each name twice, once for the counters and once for the signals.
def test_scrapes_go_on_with_the_longest_names(tmp_path):
    up, scrapes, longest, resident = attacked(tmp_path, long_name_lines(), (200, 50, 50))
    assert up == 1
    assert scrapes >= SECONDS - 2
    assert longest < 1
    assert resident[1] <= 64
