"""Files of crawlers' ranges while the exporter runs: they come, change, break and go, and no reload is
needed. Each is looked at every five seconds.
"""
import json
import os
import time

from programs import Exporter, wait_until

GOOD = 'accesslog_crawler_file_ok{crawler="googlebot",file="%s"}'
RANGES = 'accesslog_crawler_ranges{crawler="googlebot"}'
AGENT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


def put(file, text):
    """As curl and mv do it."""
    new = file.with_suffix(".new")
    new.write_text(text)
    os.replace(new, file)


def fail(log, client):
    now = time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime())
    with open(log, "a", encoding="utf-8") as file:
        file.write(f'{client} - - [{now}] "GET /x HTTP/1.1" 404 7 "-" "{AGENT}"\n')


def wait_for_network(exporter, client, network):
    start = f'accesslog_client_signal{{site="site",client="{client}",network="'

    def shown():
        return {series[len(start):].split('"')[0] for series in exporter.metrics()
                if series.startswith(start)}
    wait_until(lambda: shown() == {network}, 10, f"{client} is {network}, not {shown()}")


def test_ranges_are_read_again_and_kept_where_they_break(tmp_path):
    log, file = tmp_path / "access.log", tmp_path / "googlebot.json"
    log.touch()
    (tmp_path / "config.toml").write_text(f"""
[[clients.crawler]]
name = "googlebot"
files = ["{file}"]
[[site]]
name = "site"
files = ["{log}"]
""")
    good = GOOD % file
    with Exporter(tmp_path, "--config.file", tmp_path / "config.toml") as exporter:
        assert (exporter.metrics()[good], exporter.metrics()[RANGES]) == (0, 0)
        fail(log, "203.0.113.1")
        wait_for_network(exporter, "203.0.113.1", "crawler_unverified")
        put(file, json.dumps({"prefixes": [{"ipv4Prefix": "203.0.113.0/24"},
                                           {"ipv6Prefix": "2001:db8:1::/48"}]}))
        exporter.wait_for_metric(RANGES, 2, 15)
        assert exporter.metrics()[good] == 1
        fail(log, "203.0.113.2")
        wait_for_network(exporter, "203.0.113.2", "crawler")
        # The series of the one before stays.
        fail(log, "203.0.113.1")
        wait_for_network(exporter, "203.0.113.1", "crawler_unverified")
        put(file, "<html>not found</html>")
        exporter.wait_for_metric(good, 0, 15)
        assert exporter.metrics()[RANGES] == 2
        fail(log, "203.0.113.3")
        wait_for_network(exporter, "203.0.113.3", "crawler")
        put(file, "198.51.100.0/24\n")
        exporter.wait_for_metric(good, 1, 15)
        fail(log, "203.0.113.4")
        wait_for_network(exporter, "203.0.113.4", "crawler_unverified")
    assert "cannot be used" in exporter.output() and "good again" in exporter.output()
