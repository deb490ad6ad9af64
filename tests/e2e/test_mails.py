"""Alerts as Prometheus and the exporter would send them, given to a real Alertmanager with the shipped
configuration, and the mails that come of them. The way from a log line to an alert is in test_chain.py."""
import datetime
import json
import time
import urllib.request

import pytest

from programs import Alertmanager, MailSink, wait_until

HOSTILE = '"><script>alert(1)</script>\r\nBcc: x@example.org\u202e'
RUNBOOKS = "https://github.com/accesslog-exporter/accesslog_exporter/blob/main/docs/runbooks/"


@pytest.fixture(name="chain")
def start_chain(tmp_path):
    (tmp_path / "alertmanager").mkdir()
    with MailSink() as mails, Alertmanager(tmp_path / "alertmanager", mails.port) as alertmanager:
        yield mails, alertmanager


def send(alertmanager, *alerts, ends_in=1800):
    ends = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=ends_in)
    body = json.dumps([{**alert, "endsAt": ends.isoformat()} for alert in alerts]).encode()
    request = urllib.request.Request(f"{alertmanager.url}/api/v2/alerts", body,
                                     {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=5) as answer:
        assert answer.status == 200


def detection(name, severity="warning", client="203.0.113.9", network="external", **more):
    labels = {"alertname": name, "kind": "detection", "severity": severity, "site": "shop",
              "detection": "LoginBruteForce", "mitre": "T1110", **more}
    if client:
        labels |= {"client": client, "network": network}
    return {"labels": labels, "annotations": {
        "summary": f"{name} summary.", "description": f"Client {client} of {name}.", "count": "12",
        "threshold": "6 in 1m", "false_alarm": "None.", "runbook_url": f"{RUNBOOKS}{name}.md"}}


def subjects(mails):
    return [mail["Subject"] for mail in mails.mails]


def settled(mails, count):
    """The subjects, once there are `count` and time enough for another has passed."""
    wait_until(lambda: len(mails.mails) >= count, 30, f"{count} mails, not {subjects(mails)}")
    time.sleep(4)  # twice the group_wait of this Alertmanager
    return sorted(subjects(mails))


def test_critical_comes_at_once_and_silences_what_it_makes_old(chain):
    mails, alertmanager = chain
    began = time.monotonic()
    send(alertmanager,
         detection("AccessLogLoginSuccessAfterFailures", "critical"),
         detection("AccessLogLoginBruteForce"),
         detection("AccessLogLoginBruteForceAcrossSites", site="(several)"),
         detection("AccessLogLoginBruteForce", client="198.51.100.1", site="blog"),
         detection("AccessLogFailedRequests", "info"))
    wait_until(lambda: mails.mails, 30, "the first mail")
    print(f"the critical mail came after {time.monotonic() - began:.2f} s")
    assert subjects(mails)[0].startswith("[critical] shop: AccessLogLoginSuccessAfterFailures")
    assert settled(mails, 2) == [
        "[critical] shop: AccessLogLoginSuccessAfterFailures summary (203.0.113.9)",
        "[warning] blog: AccessLogLoginBruteForce summary (198.51.100.1)"]
    text = mails.mails[0].get_body(("plain",)).get_content()
    html = mails.mails[0].get_body(("html",)).get_content()
    for part in (text, html):
        for wanted in ("203.0.113.9", "12", "6 in 1m", "T1110", "A false alarm looks like this:", "runbooks/"):
            assert wanted in part


def test_many_clients_are_one_mail(chain):
    mails, alertmanager = chain
    send(alertmanager, detection("AccessLogLoginBruteForceManyClients", client=None))
    send(alertmanager, *[detection("AccessLogLoginBruteForce", client=f"198.51.100.{i}") for i in range(20)])
    # Another detection of the same site is no news about this one, nor is it old.
    send(alertmanager, detection("AccessLogReconDistinctErrorPaths", detection="ReconDistinctErrorPaths"))
    assert settled(mails, 2) == [
        "[warning] shop: AccessLogLoginBruteForceManyClients summary",
        "[warning] shop: AccessLogReconDistinctErrorPaths summary (203.0.113.9)"]


def test_twenty_clients_are_one_mail_and_the_own_network_another(chain):
    mails, alertmanager = chain
    send(alertmanager, *[detection("AccessLogLoginBruteForce", client=f"198.51.100.{i}") for i in range(20)],
         detection("AccessLogLoginBruteForce", client="10.1.2.3", network="internal"))
    assert settled(mails, 2) == [
        "[warning] shop: AccessLogLoginBruteForce summary (10.1.2.3)",
        "[warning] shop: AccessLogLoginBruteForce summary (20 alerts)"]


def test_an_exporter_that_is_down_is_all_that_is_told_of_it(chain):
    mails, alertmanager = chain

    def health(name, severity="warning", instance="web1:9517", **more):
        return {"labels": {"alertname": name, "kind": "health", "severity": severity, "job": "accesslog",
                           "instance": instance, **more},
                "annotations": {"summary": f"{name} {instance}.", "description": "It is.", "runbook_url": RUNBOOKS}}
    down = health("AccessLogExporterDown", "critical")
    send(alertmanager, down, health("AccessLogLogSilent", site="shop"),
         health("AccessLogLogSilent", instance="web2:9517", site="blog"))
    assert settled(mails, 2) == ["[critical] AccessLogExporterDown web1:9517",
                                 "[warning] blog: AccessLogLogSilent web2:9517"]


def report(html, report_id="weekly-2026-W47"):
    return {"labels": {"alertname": "AccessLogReport", "kind": "report", "severity": "info", "period": "week",
                       "report_id": report_id},
            "annotations": {"summary": "Weekly report.", "subject": f"Access logs: {report_id}\r\nBcc: x@example.org",
                            "text": "Week 47: 3 < 4.\n", "html": html}}


def test_a_report_is_mailed_once_and_as_it_was_made(chain):
    mails, alertmanager = chain
    html = "<!DOCTYPE html>\n<html><body><h1>Week 47</h1><p>Client &lt;script&gt;, 12&nbsp;345 requests.</p></body></html>\n"
    for _ in range(2):
        send(alertmanager, report(html))
        send(alertmanager, report(html, "weekly-2026-W48"))
    assert settled(mails, 2) == ["Access logs: weekly-2026-W47??Bcc: x@example.org",
                                 "Access logs: weekly-2026-W48??Bcc: x@example.org"]
    for mail in mails.mails:
        assert mail["To"] == "manager@example.org" and mail["Bcc"] is None
        assert mail.get_body(("html",)).get_content().replace("\r\n", "\n") == html
        assert mail.get_body(("plain",)).get_content().replace("\r\n", "\n") == "Week 47: 3 < 4.\n"


def test_nothing_in_a_log_line_breaks_out_of_the_mail(chain):
    mails, alertmanager = chain
    alert = detection("AccessLogLoginBruteForce", client=HOSTILE, site=HOSTILE)
    alert["annotations"] |= {name: HOSTILE for name in ("summary", "description", "count", "threshold", "false_alarm")}
    send(alertmanager, alert)
    settled(mails, 1)
    mail = mails.mails[0]
    assert mail["Bcc"] is None and mail["To"] == "admin@example.org"
    assert mail["Subject"].count("??Bcc: x@example.org?") == 3
    html = mail.get_body(("html",)).get_content()
    assert "<script" not in html and "&lt;script&gt;" in html
    for part in (html, mail.get_body(("plain",)).get_content()):
        assert "\u202e" not in part and "\nBcc" not in part
