"""Scheduled reports: a real exporter, whose clock the test moves, a real Alertmanager, real mails."""
import datetime
import json
import os
import pathlib
import signal
import subprocess
import time

import pytest

import programs
from programs import EXPORTER, Exporter, MailSink, Program, free_port, get, wait_until

CLOCKED = os.environ.get("ACCESSLOG_CLOCKED_EXPORTER",
                         str(programs.ROOT / "build/release/tests/clocked_exporter"))
UTC = datetime.timezone.utc
HOSTILE = "/login?x=<script>alert(1)</script><img/src=x>&amp;{{.Alerts}}%0aSubject:x"
# Longer than the exporter takes to see that a report is due, and Alertmanager to send it.
QUIET_SECONDS = 4


class TurnedClock:
    """The clock of the exporter: the machine's, and so much ahead."""

    def __init__(self, file):
        self.file = pathlib.Path(file)
        # Alertmanager keeps the machine's time, so this one may only be ahead of it.
        today = datetime.datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
        self.wednesday = today + datetime.timedelta(days=(2 - today.weekday()) % 7 + 7)
        self.turn_to(self.wednesday)

    def turn_to(self, moment):
        self.moment = moment
        ahead = (moment - datetime.datetime.now(UTC)).total_seconds()
        scratch = self.file.with_suffix(".new")
        scratch.write_text(f"{ahead}\n")
        scratch.rename(self.file)

    def friday(self, week, hour, minute=0):
        """The Friday of that week, from 0 on."""
        day = self.wednesday + datetime.timedelta(days=2 + 7 * week)
        return day.replace(hour=hour, minute=minute)


def report_id(friday):
    year, week, _ = (friday - datetime.timedelta(days=1)).isocalendar()
    return f"weekly-{year}-W{week:02}"


class ReportAlertmanager(Program):
    def __init__(self, directory, mail_port, port=None):
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        config = pathlib.Path(directory) / "alertmanager.yml"
        config.write_text(f"""
global: {{smtp_smarthost: "127.0.0.1:{mail_port}", smtp_from: am@example.org, smtp_require_tls: false}}
route:
  receiver: others
  routes:
    - matchers: [kind="report"]
      receiver: manager
      group_by: [report_id, instance]
      group_wait: 0s
      group_interval: 1m
      repeat_interval: 110h
receivers:
  - name: others
  - name: manager
    email_configs:
      - to: manager@example.org
        send_resolved: false
        headers: {{Subject: '{{{{ (index .Alerts 0).Annotations.subject }}}}'}}
        text: '{{{{ (index .Alerts 0).Annotations.text }}}}'
        html: '{{{{ (index .Alerts 0).Annotations.html | safeHtml }}}}'
""")
        super().__init__(directory, "alertmanager", [
            "prometheus-alertmanager", f"--config.file={config}",
            f"--storage.path={directory}/alertmanager", "--cluster.listen-address=",
            f"--web.listen-address=127.0.0.1:{self.port}"])
        self.wait_for(f"{self.url}/-/ready")

    def alerts(self):
        return json.loads(get(f"{self.url}/api/v2/alerts")[1])


class Setting:
    def __init__(self, directory, mails):
        self.directory = directory
        self.mails = mails.mails
        self.mail_port = mails.port
        self.clock = TurnedClock(directory / "clock")
        self.log = directory / "access.log"
        self.log.touch()
        self.alertmanager = ReportAlertmanager(directory, mails.port)
        self.exporter = None
        (directory / "config.toml").write_text(f"""
[state]
file = "{directory}/state.db"
[report]
alertmanager_urls = ["{self.alertmanager.url}"]
weekly = "friday 08:00"
timezone = "UTC"
name = "web1"
[[site]]
name = "members"
files = ["{self.log}"]
timezone = "UTC"
[site.login]
paths = ["/login"]
""")

    def start(self):
        self.exporter = Exporter(self.directory, "--config.file=config.toml",
                                 before=(CLOCKED, str(self.clock.file)))

    def write(self, moment, client, status, target, count):
        stamp = moment.strftime("%d/%b/%Y:%H:%M:%S +0000")
        with open(self.log, "a", encoding="utf-8") as log:
            for _ in range(count):
                log.write(f'{client} - - [{stamp}] "POST {target} HTTP/1.1" {status} 10 '
                          '"-" "<b>agent</b>"\n')

    def wait_for_requests(self, count):
        def requests():
            return sum(value for name, value in self.exporter.metrics().items()
                       if name.startswith("accesslog_requests_total"))
        wait_until(lambda: requests() == count, 20, f"{count} requests, not {requests()}")

    def wait_for_mails(self, count, seconds=30):
        wait_until(lambda: len(self.mails) >= count, seconds,
                   f"{count} mails, not {len(self.mails)}\n{self.exporter.output()}")
        self.expect_no_more(count)

    def expect_no_more(self, count):
        time.sleep(QUIET_SECONDS)
        assert [mail["Subject"] for mail in self.mails[count:]] == []

    def sent(self):
        return self.exporter.metrics()['accesslog_reports_sent_total{period="week"}']


@pytest.fixture(name="setting")
def make_setting(tmp_path):
    with MailSink() as mails:
        setting = Setting(tmp_path, mails)
        try:
            yield setting
        finally:
            if setting.exporter:
                setting.exporter.stop()
            setting.alertmanager.stop()


def part(mail, kind):
    return mail.get_body((kind,)).get_content()


def test_the_week_is_mailed_once(setting):
    clock = setting.clock
    setting.start()
    setting.write(clock.moment, "192.0.2.1", 302, "/login", 30)
    setting.write(clock.moment, "192.0.2.66", 401, HOSTILE, 12)
    setting.wait_for_requests(42)
    # He comes once more, a day later.
    clock.turn_to(clock.moment + datetime.timedelta(days=1))
    setting.write(clock.moment, "192.0.2.66", 401, HOSTILE, 1)
    setting.wait_for_requests(43)
    clock.turn_to(clock.friday(0, 7, 59))
    setting.expect_no_more(0)
    assert setting.sent() == 0
    clock.turn_to(clock.friday(0, 8))
    setting.wait_for_mails(1)
    assert setting.sent() == 1

    mail = setting.mails[0]
    week = report_id(clock.friday(0, 8)).removeprefix("weekly-")
    assert mail["To"] == "manager@example.org"
    assert mail["Subject"].startswith(f"Access log report, week {week}: "), mail["Subject"]
    assert "finding" in mail["Subject"]
    text, html = part(mail, "plain"), part(mail, "html")
    assert "== members ==" in text
    assert "192.0.2.66  13  401: 13" in text
    assert HOSTILE in text
    # Nothing of the log is markup, nor a template.
    assert "<script" not in html and "<img" not in html and "<b>agent" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&lt;img/src=x&gt;&amp;amp;{{.Alerts}}%0aSubject:x" in html
    assert "No unusual login attempts" not in html

    # Not again: after an orderly end, after kill -9, at any time of the week.
    setting.exporter.stop()
    setting.start()
    setting.expect_no_more(1)
    setting.exporter.stop(signal.SIGKILL)
    setting.start()
    clock.turn_to(clock.friday(0, 20))
    setting.expect_no_more(1)
    clock.turn_to(clock.friday(1, 7, 59))
    setting.expect_no_more(1)
    assert setting.sent() == 0
    assert [alert["labels"]["report_id"] for alert in setting.alertmanager.alerts()] == [
        report_id(clock.friday(0, 8))]


def test_what_was_missed_is_caught_up_once(setting):
    clock = setting.clock
    setting.start()
    setting.write(clock.moment, "192.0.2.1", 200, "/", 5)
    setting.wait_for_requests(5)
    setting.exporter.stop()
    # Off over two Fridays; the log goes on.
    thursday = clock.friday(1, 12) - datetime.timedelta(days=1)
    setting.write(thursday, "192.0.2.1", 200, "/", 7)
    clock.turn_to(clock.friday(1, 8) + datetime.timedelta(days=2))
    setting.start()
    setting.wait_for_mails(1)
    week = report_id(clock.friday(1, 8)).removeprefix("weekly-")
    assert setting.mails[0]["Subject"] == f"Access log report, week {week}: nothing unusual"
    text = part(setting.mails[0], "plain")
    assert "No unusual login attempts or errors found." in text
    assert "192.0.2.1  7  200: 7" in text
    setting.exporter.stop(signal.SIGKILL)
    setting.start()
    setting.expect_no_more(1)


def test_a_fresh_installation_says_nothing_of_the_past(setting):
    setting.clock.turn_to(setting.clock.friday(0, 9))
    setting.start()
    setting.expect_no_more(0)
    assert setting.exporter.metrics()["accesslog_report_last_success_timestamp_seconds"] == 0


def test_waits_for_an_alertmanager_that_is_down(setting):
    clock = setting.clock
    setting.start()
    setting.write(clock.moment, "192.0.2.1", 200, "/", 5)
    setting.wait_for_requests(5)
    setting.alertmanager.stop()
    clock.turn_to(clock.friday(0, 8))
    wait_until(lambda: setting.exporter.metrics()["accesslog_report_send_errors_total"] >= 1, 20,
               "an error is counted")
    setting.alertmanager = ReportAlertmanager(setting.directory, setting.mail_port,
                                              setting.alertmanager.port)
    clock.turn_to(clock.friday(0, 8, 15))
    setting.wait_for_mails(1)
    assert setting.sent() == 1


def test_by_hand(setting):
    clock = setting.clock
    setting.start()
    setting.write(clock.moment, "192.0.2.1", 200, "/", 5)
    setting.wait_for_requests(5)
    wait_until(lambda: setting.exporter.metrics()["accesslog_state_writes_total"] >= 1, 20, "a state")
    clock.turn_to(clock.moment + datetime.timedelta(days=1))

    def report(*arguments):
        return subprocess.run([CLOCKED, clock.file, EXPORTER, "report", "--config.file=config.toml",
                               "--period=day", *arguments], cwd=setting.directory, check=True,
                              capture_output=True, text=True).stdout
    day = setting.clock.wednesday.date().isoformat()
    wait_until(lambda: "192.0.2.1  5  200: 5" in report(), 20, "the report tells of the requests")
    assert report("--send") == f"the report daily-{day} is with Alertmanager\n"
    setting.wait_for_mails(1)
    assert setting.mails[0]["Subject"] == f"Access log report, day {day}: nothing unusual"
