"""From a failing login in a real nginx to a mail that a real Alertmanager delivered."""
import base64
import json
import time
import urllib.parse

import pytest

from programs import (Alertmanager, Exporter, MailSink, Nginx, Prometheus, get, wait_until)

WRONG = base64.b64encode(b"member:wrong").decode()
RIGHT = base64.b64encode(b"member:right").decode()
GUESSER = "127.0.0.66"
CLUMSY = "127.0.0.7"  # four wrong passwords, then the right one
SCRAPE_SECONDS = 5


def query(prometheus, expression):
    status, body = get(f"{prometheus.url}/api/v1/query?query={urllib.parse.quote(expression)}")
    assert status == 200, body
    return json.loads(body)["data"]["result"]


@pytest.fixture(name="chain")
def start_chain(tmp_path):
    names = ("nginx", "exporter", "alertmanager", "prometheus")
    directories = {name: tmp_path / name for name in names}
    for directory in directories.values():
        directory.mkdir()
    (directories["exporter"] / "config.toml").write_text(f"""
[[site]]
name = "members' page"
files = ["{directories["nginx"]}/access.log"]
""")
    with MailSink() as mails, Nginx(directories["nginx"]) as nginx, \
            Exporter(directories["exporter"], "--config.file=config.toml") as exporter, \
            Alertmanager(directories["alertmanager"], mails.port) as alertmanager, \
            Prometheus(directories["prometheus"], exporter.port, alertmanager.port,
                       f"{SCRAPE_SECONDS}s") as prometheus:
        yield mails, nginx, exporter, prometheus


def test_a_burst_between_two_scrapes_sends_one_mail(chain):
    mails, nginx, exporter, prometheus = chain
    wait_until(lambda: query(prometheus, 'up{job="accesslog"} == 1'), 30, "the first scrape")
    seen = query(prometheus, "timestamp(up)")[0]["value"][1]
    wait_until(lambda: query(prometheus, "timestamp(up)")[0]["value"][1] != seen, 30, "a scrape")

    began = time.monotonic()
    for _ in range(12):
        assert nginx.request("/members", GUESSER, WRONG) == 401
    for _ in range(4):
        assert nginx.request("/members", CLUMSY, WRONG) == 401
    assert nginx.request("/members", CLUMSY, RIGHT) == 200
    assert time.monotonic() - began < SCRAPE_SECONDS / 2, "the burst outlasted a scrape interval"

    def signal(client):
        return (f'accesslog_client_signal{{site="members\' page",client="{client}",'
                'network="external",signal="login_failures",window="5m"}')
    exporter.wait_for_metric(signal(GUESSER), 12)
    exporter.wait_for_metric(signal(CLUMSY), 4)

    wait_until(lambda: mails.mails, 60, f"a mail\n{prometheus.output()[-2000:]}")
    delay = time.monotonic() - began
    print(f"the mail came {delay:.1f} s after the burst began")

    # Time enough for a second scrape, evaluation and group_wait: a second mail would be here.
    time.sleep(3 * SCRAPE_SECONDS)
    assert len(mails.mails) == 1, [mail["Subject"] for mail in mails.mails]
    mail = mails.mails[0]
    text = mail.get_body(("plain",)).get_content()
    html = mail.get_body(("html",)).get_content()
    assert GUESSER in mail["Subject"] + text
    for part in (text, html):
        assert GUESSER in part
        assert "12" in part
        assert CLUMSY not in part
    assert "members' page" in text
    assert "members&#39; page" in html
    firing = query(prometheus, 'ALERTS{alertname="AccessLogLoginBruteForce"}')
    assert [alert["metric"]["client"] for alert in firing] == [GUESSER]


def test_counters_in_prometheus_start_at_zero(chain):
    """Law 5: increase() sees a client that was born with all its requests at once."""
    _, nginx, exporter, prometheus = chain
    wait_until(lambda: query(prometheus, 'up{job="accesslog"} == 1'), 30, "the first scrape")
    for _ in range(7):
        nginx.request("/", "127.0.0.70")
    series = ('accesslog_client_requests_total{site="members\' page",client="127.0.0.70",'
              'status="200"}')
    exporter.wait_for_metric(series, 0)
    pending = 'accesslog_client_pending_requests{site="members\' page",status="200"}'
    wait_until(lambda: exporter.metrics()[pending] >= 7, 1, "the last of the lines")
    assert exporter.metrics()[series] == 0
    expression = 'increase(accesslog_client_requests_total{client="127.0.0.70"}[2m])'
    result = wait_until(
        lambda: [r for r in query(prometheus, expression) if float(r["value"][1]) > 0],
        60, "increase() above 0")
    assert float(result[0]["value"][1]) >= 7
    assert exporter.metrics()[series] == 7
