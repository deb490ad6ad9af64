"""The promtool cases of the detections, which are alike: each alert fires at its threshold, not just
below, resolves, survives a missed scrape and a restart, and adds up two instances.

Written out they would be ten thousand lines of YAML. What is expected is said here and not taken from
the rules, except for annotations that are the same in every alert of a rule.

Times stay clear of the far edge of a range: Prometheus 2 counts a sample that lies exactly on it,
Prometheus 3 does not.
"""
import functools
import os

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
RULES = os.path.join(os.path.dirname(os.path.dirname(HERE)), "rules")
FILES = ["signals", "logins", "attacks", "traffic", "failed-requests"]
GROUPS = ["accesslog-" + name for name in FILES]
CLIENT = "203.0.113.9"
STEP = 15


class ClientAlert:
    """An alert about one client; `text` is its description, with {} for what was reached."""

    def __init__(self, name, detection, severity, mitre, signals, text, unit="times in {window}"):
        self.name, self.detection, self.severity, self.mitre = name, detection, severity, mitre
        self.signals, self.text, self.unit = signals, text, unit

    def expected(self, reached, client=CLIENT, site="shop", network="external"):
        """The alert, where `reached` is [(signal, window, value, threshold)] by threshold."""
        parts = [f"{value} {self.unit_of(signal).format(window=window)} (threshold {threshold})"
                 for signal, window, value, threshold in reached]
        return {
            "exp_labels": {"severity": self.severity, "kind": "detection", "mitre": self.mitre,
                           "detection": self.detection, "site": site, "client": client,
                           "network": network},
            "exp_annotations": {
                **constant_annotations(self.name, self.severity),
                "description": self.text.format(", ".join(parts), client=client, site=site,
                                                **dict(zip(("signal", "window", "value", "threshold"), reached[0]))),
                "count": str(max(value for _, _, value, _ in reached)),
                "threshold": ", ".join(f"{threshold} in {window}" for _, window, _, threshold in reached)}}

    def unit_of(self, signal):
        return self.unit if isinstance(self.unit, str) else self.unit[signal]


UNUSUAL = ("Client {client}, not seen at site {site} in the {window} before, logged in or read a protected path"
           "%s (value {value}, threshold {threshold}).")
CLIENT_ALERTS = [
    ClientAlert("AccessLogLoginBruteForce", "LoginBruteForce", "warning", "T1110",
                [("login_failures", "1m", 6), ("login_failures", "5m", 10), ("login_failures", "1h", 30)],
                "Client {client} failed to log in to site {site}: {}."),
    ClientAlert("AccessLogLoginSuccessAfterFailures", "LoginSuccessAfterFailures", "critical", "T1078",
                [("login_success_after_failures", "30m", 5)],
                "Client {client} logged in to site {site} after it had failed to {}."),
    ClientAlert("AccessLogUnusualClient", "UnusualClient", "info", "T1078", [("unusual_client", "28d", 1)],
                UNUSUAL % ""),
    ClientAlert("AccessLogUnusualClient", "UnusualClient", "warning", "T1078",
                [("unusual_client_off_day", "28d", 1)], UNUSUAL % ", and it is not the login day"),
    ClientAlert("AccessLogReconDistinctErrorPaths", "ReconDistinctErrorPaths", "warning", "T1595.003",
                [("error_paths", "5m", 10)],
                "Client {client} asked site {site} for pages that are missing, forbidden or malformed: {}.",
                "different ones in {window}"),
    ClientAlert("AccessLogAttackProbe", "AttackProbe", "warning", "T1595.002", [("attack_requests", "5m", 3)],
                "Client {client} sent requests with the signature of an attack to site {site}: {}.",
                "different ones in {window}"),
    ClientAlert("AccessLogAttackRequestAnswered", "AttackRequestAnswered", "critical", "T1190",
                [("attack_answered", "5m", 1)],
                "Site {site} answered client {client} with content where it should have refused, on attack "
                "requests: {}."),
    ClientAlert("AccessLogRepeatOffender", "RepeatOffender", "warning", "T1595",
                [("offense_days", "7d", 3), ("offense_kinds", "24h", 3)],
                "Client {client} was detected again and again at site {site}: {}.",
                {"offense_days": "days in {window}", "offense_kinds": "kinds of detections in {window}"}),
    ClientAlert("AccessLogClientServerErrors", "ServerErrorRatioHigh", "warning", "T1499",
                [("server_errors", "10m", 50)],
                "Client {client} got server errors (5xx) from site {site}: {}."),
    ClientAlert("AccessLogClientFlood", "ClientFlood", "warning", "T1499.002",
                [("dynamic_requests", "1m", 300), ("requests", "1m", 600)],
                "Client {client} sent more than a visitor does to site {site}: {}.",
                {"requests": "requests in {window}", "dynamic_requests": "dynamic requests in {window}"}),
    ClientAlert("AccessLogMalformedRequests", "BadRequestRatioHigh", "info", "T1595",
                [("malformed_requests", "10m", 10)],
                "Client {client} sent malformed requests to site {site}: {}."),
    ClientAlert("AccessLogFailedRequests", "FailedRequests", "info", "T1595.003", [("failed_requests", "5m", 5)],
                "Client {client} got 400, 401, 403, 404 or 409 from site {site}: {}."),
]
BRUTE_FORCE = CLIENT_ALERTS[0]

# Alert, detection, technique, signal, what the description says of the clients.
MANY_ALERTS = [
    ("AccessLogLoginBruteForce", "LoginBruteForce", "T1110", "login_failures", "1m", 6,
     "reached a login failure threshold"),
    ("AccessLogAttackProbe", "AttackProbe", "T1595.002", "attack_requests", "5m", 3,
     "reached the threshold of attack requests"),
    ("AccessLogReconDistinctErrorPaths", "ReconDistinctErrorPaths", "T1595.003", "error_paths", "5m", 10,
     "asked for many pages that are missing or forbidden"),
    ("AccessLogClientFlood", "ClientFlood", "T1498", "requests", "1m", 600,
     "send more requests than a visitor does"),
]

# Two servers that see the same days or kinds do not see twice as many.
NOT_ADDED_UP = {"offense_days", "offense_kinds", "unusual_client", "unusual_client_off_day"}


@functools.cache
def all_rules():
    def load(name):
        with open(os.path.join(RULES, f"accesslog-{name}.yml"), encoding="utf-8") as file:
            return yaml.safe_load(file)["groups"]
    return [rule for name in FILES for group in load(name) for rule in group["rules"]]


def constant_annotations(alert, severity):
    [rule] = [r for r in all_rules() if r.get("alert") == alert and r["labels"]["severity"] == severity]
    return {key: rule["annotations"][key] for key in ("summary", "false_alarm", "runbook_url")}


def escape(value):
    return value.replace("\\", "\\\\").replace('"', '\\"')


def series(metric, values, **labels):
    labels = {"job": "accesslog", "instance": "web1:9517", **labels}
    inside = ", ".join(f'{name}="{escape(value)}"' for name, value in labels.items())
    return {"series": f"{metric}{{{inside}}}", "values": str(values)}


def up(values="1x240", instance="web1:9517"):
    return series("up", values, instance=instance)


def threshold(signal, window, values, site="shop", **labels):
    return series("accesslog_signal_threshold", values, site=site, signal=signal, window=window, **labels)


def client_signal(signal, window, values, client=CLIENT, site="shop", network="external", **labels):
    return series("accesslog_client_signal", values, site=site, client=client, network=network,
                  signal=signal, window=window, **labels)


def site_signal(signal, window, values, site="shop", **labels):
    return series("accesslog_site_signal", values, site=site, signal=signal, window=window, **labels)


def alert_at(time, name, *expected):
    return {"eval_time": time, "alertname": name, "exp_alerts": list(expected)}


def value_at(time, expression, *samples):
    return {"eval_time": time, "expr": expression,
            "exp_samples": [{"labels": labels, "value": value} for labels, value in samples]}


def test(name, inputs, alerts=(), values=()):
    return {"name": name, "interval": f"{STEP}s", "input_series": list(inputs),
            "alert_rule_test": list(alerts), "promql_expr_test": list(values)}


def file_of(tests):
    return {"rule_files": [os.path.join(RULES, f"accesslog-{name}.yml") for name in FILES],
            "evaluation_interval": f"{STEP}s", "group_eval_order": GROUPS, "tests": list(tests)}


def every_file():
    """Yields (name, content of a promtool test file)."""
    for alert in CLIENT_ALERTS:
        yield f"{alert.name} {alert.severity}", file_of(client_cases(alert))
    for many in MANY_ALERTS:
        yield many[0] + "ManyClients", file_of([twenty_one_clients(*many)])
    yield "whom to hold responsible", file_of(identity_cases())
    yield "places", file_of([places_are_kept()])
    yield "AccessLogLoginBruteForceAcrossSites", file_of(across_sites_cases())
    for name, cases in SITE_CASES.items():
        yield name, file_of(cases)


# One client.

def client_cases(alert):
    for signal, window, limit in alert.signals:
        def expected(value):
            return alert.expected([(signal, window, value, limit)])
        yield one_scrape(alert, signal, window, limit, expected)
        yield missed_scrape(alert, signal, window, limit, expected)
        yield restart(alert, signal, window, limit, expected)
        yield from two_instances(alert, signal, window, limit, expected)


def one_scrape(alert, signal, window, limit, expected):
    """One scrape is enough, and keep_firing_for is 15 minutes. Another client stays just below."""
    return test(f"{signal} {window}: fires, not just below, resolves", [
        up(), threshold(signal, window, f"{limit}x240"),
        client_signal(signal, window, f"_ _ {limit} stale"),
        client_signal(signal, window, f"{limit - 1}x240", client="198.51.100.1")], [
        alert_at("15s", alert.name),
        alert_at("30s", alert.name, expected(limit)),
        alert_at("15m15s", alert.name, expected(limit)),
        alert_at("16m", alert.name),
        alert_at("30m", alert.name)])


def missed_scrape(alert, signal, window, limit, expected):
    """It neither ends a detection nor makes one. What is asked is what keep_firing_for does not hide.
    The 9th scrape fails, which is at 2m, and then one that is a minute apart from its neighbours."""
    def reached(time, *samples):
        return value_at(time, f'client:accesslog_detection:reached{{detection="{alert.detection}", severity="{alert.severity}"}}',
                        *samples)
    labels = (f'client:accesslog_detection:reached{{detection="{alert.detection}", severity="{alert.severity}", '
              f'site="shop", client="{CLIENT}", network="external"}}')
    return test(f"{signal} {window}: a missed scrape", [
        up("1x7 0 1x7 _x3 0 _x3 1x40"),
        threshold(signal, window, f"{limit}x7 stale {limit}x7 _x3 stale _x3 {limit}x40"),
        client_signal(signal, window, f"{limit}x7 stale {limit}x7 _x3 stale _x3 {limit}x40"),
        client_signal(signal, window, f"{limit - 1}x7 stale {limit - 1}x7 _x3 stale _x3 {limit - 1}x40",
                      client="198.51.100.1")],
        [alert_at("2m", alert.name, expected(limit)), alert_at("5m30s", alert.name, expected(limit))],
        [reached(time, (labels, limit)) for time in ("1m45s", "2m", "2m15s", "4m45s", "5m45s", "8m")])


def restart(alert, signal, window, limit, expected):
    """Down for a minute, and what it counts begins anew: the same alert throughout."""
    return test(f"{signal} {window}: a restart", [
        up("1x7 0x3 1x60"), threshold(signal, window, f"{limit}x7 stale _x3 {limit}x60"),
        client_signal(signal, window, f"{limit}x7 stale _x3 {limit - 1}x3 {limit}x40")],
        [alert_at(time, alert.name, expected(limit)) for time in ("1m45s", "2m30s", "3m30s", "8m")],
        [value_at("8m", f'max(changes(ALERTS_FOR_STATE{{alertname="{alert.name}", severity="{alert.severity}"}}[7m]))',
                  ("{}", 0))])


def two_instances(alert, signal, window, limit, expected):
    """Sums, and one alert for the client. Values at each instance: just enough together; not enough."""
    if signal in NOT_ADDED_UP:
        enough, value, too_little = (limit, limit - 1), limit, (limit - 1, limit - 1)
    elif limit == 1:
        enough, value, too_little = (1, 1), 2, (0, 0)
    else:
        enough, value, too_little = (limit - 1, 1), limit, (limit - 2, 1)
    instances = ("web1:9517", "web2:9517")

    def inputs(values):
        for instance, seen in zip(instances, values):
            yield up(instance=instance)
            yield threshold(signal, window, f"{limit}x40", instance=instance)
            yield client_signal(signal, window, f"{seen}x40", instance=instance)
    yield test(f"{signal} {window}: enough at two instances together", inputs(enough), [
        alert_at("2m", alert.name, expected(value)), alert_at("9m", alert.name, expected(value))])
    yield test(f"{signal} {window}: just below at two instances together", inputs(too_little), [
        alert_at("2m", alert.name), alert_at("9m", alert.name)])


def identity_cases():
    """Of the recording rules, so one alert shows it for all."""
    name, expected = BRUTE_FORCE.name, BRUTE_FORCE.expected
    one = [("login_failures", "1m", 8, 6)]
    limits = [up(), threshold("login_failures", "1m", "6x240")]

    def failures(values, **labels):
        return client_signal("login_failures", "1m", values, **labels)

    def network_threshold(network, values, **labels):
        return series("accesslog_network_signal_threshold", values, site="shop", network=network,
                      signal="login_failures", window="1m", **labels)

    yield test("one alert while the windows come and go", [
        up(), *[threshold("login_failures", w, f"{n}x120") for w, n in (("1m", 6), ("5m", 10), ("1h", 30))],
        client_signal("login_failures", "1m", "6x3 10x3 35x3 2x40"),
        client_signal("login_failures", "5m", "6x3 14x3 41x3 4x40"),
        client_signal("login_failures", "1h", "6x3 14x3 41x3 43x40")], [
        alert_at("30s", name, expected([("login_failures", "1m", 6, 6)])),
        alert_at("1m45s", name, expected([("login_failures", "1m", 10, 6), ("login_failures", "5m", 14, 10)])),
        alert_at("2m30s", name, expected([("login_failures", "1m", 35, 6), ("login_failures", "5m", 41, 10),
                                          ("login_failures", "1h", 41, 30)])),
        alert_at("10m", name, expected([("login_failures", "1h", 43, 30)]))], [
        value_at("10m", f'max(changes(ALERTS_FOR_STATE{{alertname="{name}"}}[9m]))', ("{}", 0))])

    yield test("two sites", [
        *limits, threshold("login_failures", "1m", "6x240", site="blog"), failures("8x20"),
        failures("9x20", site="blog")], [
        alert_at("2m", name, expected([("login_failures", "1m", 9, 6)], site="blog"), expected(one))])

    yield test("two signals with one window, and two networks", [
        *limits, threshold("requests", "1m", "600x240"), failures("8x20"), client_signal("requests", "1m", "599x20"),
        client_signal("requests", "1m", "700x20", client="198.51.100.1", network="nat"),
        failures("5x20", client="198.51.100.1", network="nat")], [alert_at("2m", name, expected(one))], [
        value_at("2m", "client:accesslog_signal_threshold:reached", *[
            (f'client:accesslog_signal_threshold:reached{{site="shop", client="{c}", network="{n}", signal="{s}", window="1m"}}', v)
            for c, n, s, v in ((CLIENT, "external", "login_failures", 6), ("198.51.100.1", "nat", "requests", 600))])])

    yield test("verified crawlers and the rest of the table", [
        *limits, failures("50x20", client="66.249.64.1", network="crawler"),
        failures("500x20", client="other")], [alert_at("2m", name)])

    # What one server knows to be a crawler's is not added up.
    yield test("a crawler that one of two servers knows", [
        *limits, up(instance="web2:9517"), failures("5x20", network="crawler"), failures("3x20", instance="web2:9517"),
        threshold("offense_days", "7d", "3x20"), client_signal("offense_days", "7d", "3x20", network="crawler"),
        client_signal("offense_days", "7d", "2x20", instance="web2:9517"),
        # While that one is down, too.
        up("1x7 0x20", instance="web3:9517"), failures("5x7 stale", network="crawler", instance="web3:9517"),
        client_signal("offense_days", "7d", "3x7 stale", network="crawler", instance="web3:9517")], [], [
        value_at(time, "client:accesslog_client_signal:reached") for time in ("1m", "2m30s")])

    # At each server with another user agent.
    yield test("who only says that he is a crawler", [
        *limits, up(instance="web2:9517"), failures("5x20", network="crawler_unverified"),
        failures("3x20", instance="web2:9517"),
        # From one to the other: never the sum of both.
        failures("4x8 stale", client="198.51.100.1", network="crawler_unverified"),
        failures("_x9 5x20", client="198.51.100.1")], [
        alert_at(time, name, expected(one)) for time in ("2m", "2m15s", "2m30s", "3m")])

    # While the exporter is down both are there of the last two minutes.
    yield test("a client changes its network just before a restart", [
        up("1x9 0x3 1x20"), threshold("login_failures", "1m", "6x9 stale _x3 6x20"),
        failures("4x7 stale", network="crawler_unverified"), failures("_x8 5x1 stale _x3 5x20"),
        failures("3x7 stale", client="198.51.100.3", network="crawler_unverified"),
        failures("_x8 7x1 stale", client="198.51.100.3")],
        [], [value_at(time, "client:accesslog_detection:reached", (
            'client:accesslog_detection:reached{detection="LoginBruteForce", severity="warning", site="shop", '
            'client="198.51.100.3", network="external"}', 7)) for time in ("2m15s", "2m30s", "3m")])

    yield test("networks with thresholds of their own", [
        *limits, network_threshold("nat", "20x20"), network_threshold("internal", "-1x20"),
        failures("8x20"),
        failures("19x20", client="198.51.100.1", network="nat"),
        failures("20x20", client="198.51.100.2", network="nat"),
        failures("500x20", client="10.1.2.3", network="internal")], [
        alert_at("2m", name, expected(one), expected([("login_failures", "1m", 20, 20)], client="198.51.100.2",
                                                     network="nat"))])

    yield test("a network that is off at one of two instances", [
        *limits, up(instance="web2:9517"), network_threshold("internal", "-1x20"),
        network_threshold("internal", "20x20", instance="web2:9517"),
        failures("19x20", client="10.1.2.3", network="internal"), failures("20x20", client="10.1.2.4", network="internal")], [
        alert_at("2m", name, expected([("login_failures", "1m", 20, 20)], client="10.1.2.4", network="internal"))])

    yield test("networks without thresholds of their own", [
        *limits, failures("5x20", client="198.51.100.1", network="nat"),
        failures("8x20", client="198.51.100.2", network="nat"),
        failures("8x20", client="10.1.2.3", network="internal")], [
        alert_at("2m", name, expected(one, client="10.1.2.3", network="internal"),
                 expected(one, client="198.51.100.2", network="nat"))])

    # The strictest network, and one alert.
    yield test("instances that disagree about a client's network", [
        *limits, up(instance="web2:9517"), network_threshold("nat", "20x20"),
        failures("4x20", network="nat"), failures("4x20", instance="web2:9517"),
        failures("18x20", client="198.51.100.2", network="internal"),
        failures("2x20", client="198.51.100.2", network="nat", instance="web2:9517")], [
        alert_at("2m", name, expected(one), expected([("login_failures", "1m", 20, 20)], client="198.51.100.2",
                                                     network="nat"))])

    yield test("sites that disagree about a client's network", [
        up(), failures("1x20", client="a"), failures("1x20", client="a", site="blog", network="nat"),
        failures("1x20", client="b"), failures("1x20", client="b", site="blog", network="internal"),
        failures("1x20", client="c", network="nat"), failures("1x20", client="c", site="blog", network="internal")], [], [
        value_at("2m", "client:accesslog_client_network:info", *[
            (f'client:accesslog_client_network:info{{site="{s}", client="{c}", network="{n}"}}', 1) for c, s, n in (
                ("a", "shop", "external"), ("a", "blog", "nat"), ("b", "shop", "external"), ("b", "blog", "internal"),
                ("c", "shop", "nat"), ("c", "blog", "internal"))])])

    yield test("instances that disagree about the threshold: the lowest", [
        threshold("login_failures", "1m", "20x20"), up(), up(instance="web2:9517"),
        threshold("login_failures", "1m", "6x20", instance="web2:9517"), failures("8x20")], [
        alert_at("2m", name, expected(one))])

    yield test("a threshold that is switched off", [
        threshold("login_failures", "1m", "0x20"), up(), failures("800x20")], [alert_at("2m", name)])

    yield test("a reload with another threshold", [
        up(), threshold("login_failures", "1m", "20x7 6x20"), failures("8x27")], [
        alert_at("1m45s", name), alert_at("2m", name, expected(one))])
    yield test("a reload with a higher threshold", [
        up(), threshold("login_failures", "1m", "6x7 20x20"), failures("8x27"), threshold("login_failures", "24h", "90x7 50x20"),
        threshold("login_day_absent", "1d", "5x7 9x20"), network_threshold("nat", "6x7 20x20")], [], [
        value_at("1m45s", "count(client:accesslog_client_signal:reached)", ("{}", 1)),
        value_at("2m", "client:accesslog_client_signal:reached"),
        value_at("2m", 'network:accesslog_signal_threshold:min{network="nat", window="1m"} or site:accesslog_signal_threshold:max '
                       'or site:accesslog_signal_threshold:sum',
                 ('network:accesslog_signal_threshold:min{site="shop", network="nat", signal="login_failures", window="1m"}', 20),
                 ('site:accesslog_signal_threshold:max{site="shop", signal="login_failures", window="24h"}', 50),
                 ('site:accesslog_signal_threshold:sum{site="shop", signal="login_day_absent", window="1d"}', 9)),
        value_at("1m45s", "site:accesslog_signal_threshold:max",
                 ('site:accesslog_signal_threshold:max{site="shop", signal="login_failures", window="24h"}', 90))])

    # Stays one value of one label, also inside the queries of the annotations.
    hostile = 'a\\b"} or vector(1) #<script>%d'
    yield test("a hostile client name", [*limits, failures("8x20", client=hostile)], [
        alert_at("2m", name, expected(one, client=hostile))])

    # What came last is held for two minutes, and no longer.
    yield test("an exporter that is gone", [
        up("1x7 0x40"), threshold("login_failures", "1m", "6x7 stale"), failures("8x7 stale"),
        failures("1x7 stale", client="198.51.100.2", network="nat"), failures("1x7 stale", client="10.1.2.3", network="internal"),
        site_signal("login_failures", "24h", "60x7 stale"), threshold("login_failures", "24h", "50x7 stale"),
        threshold("login_day_absent", "1d", "11x7 stale"), network_threshold("nat", "20x7 stale")], [], [
        value_at(time, f'count by (__name__) ({{__name__=~"(client|site|network):.+:(min|max|sum|info|reached)", signal!="x"}})', *found)
        for time, found in (("3m30s", [(f'{{__name__="{name}"}}', count) for name, count in (
            ("client:accesslog_client_network:info", 3), ("client:accesslog_client_signal:reached", 1),
            ("client:accesslog_detection:reached", 1), ("client:accesslog_signal_threshold:reached", 1),
            ("network:accesslog_signal_threshold:min", 9), ("site:accesslog_signal_threshold:max", 1),
            ("site:accesslog_signal_threshold:min", 3), ("site:accesslog_signal_threshold:sum", 1),
            ("site:accesslog_site_signal:sum", 1))]), ("4m15s", []))])

    # Days are not added up then either.
    yield test("two exporters that are gone", [
        *[up("1x7 0x20", instance=f"web{i}:9517") for i in (1, 2)], threshold("offense_days", "7d", "3x20"),
        *[client_signal("offense_days", "7d", "2x7 stale", instance=f"web{i}:9517") for i in (1, 2)]], [], [
        value_at("2m30s", "client:accesslog_client_signal:reached")])

    # What the other still sees counts on, by itself.
    web2 = {"instance": "web2:9517"}
    yield test("one of two instances is gone", [
        up("1x7 0x40"), up(**web2), threshold("login_failures", "1m", "6x60", **web2),
        failures("1x6 5 stale"), failures("3x60", **web2), threshold("offense_days", "7d", "3x60", **web2),
        client_signal("offense_days", "7d", "1x6 3 stale"), client_signal("offense_days", "7d", "2x60", **web2),
        site_signal("login_failures", "24h", "1x6 50 stale"), site_signal("login_failures", "24h", "7x60", **web2)], [], [
        value_at(time, "sum by (detection) (client:accesslog_detection:reached) or site:accesslog_site_signal:sum", *found, (
            'site:accesslog_site_signal:sum{site="shop", signal="login_failures", window="24h"}', site_sum))
        for time, site_sum, found in (
            ("3m30s", 57, [('{detection="LoginBruteForce"}', 8), ('{detection="RepeatOffender"}', 3)]), ("4m15s", 7, []))])

    # Another job's metrics of the same names.
    yield test("another job", [
        *limits, threshold("login_failures", "1m", "1x20", job="other"), failures("500x20", job="other"),
        threshold("offense_days", "7d", "3x20"), client_signal("offense_days", "7d", "5x20", job="other"),
        failures("5x20"), threshold("login_failures", "24h", "1x20", job="other"),
        site_signal("login_failures", "24h", "500x20", job="other"), threshold("login_day_absent", "1d", "1x20", job="other"),
        series("accesslog_network_signal_threshold", "1x20", job="other", site="shop", network="external",
               signal="login_failures", window="1m"),
        *[failures("5x20", client="198.51.100.7", site="blog", network=n, job="other") for n in ("external", "nat", "internal")],
        *[failures("5x20", client="other", network=n) for n in ("external", "nat", "internal")]], [alert_at("2m", name)], [
        value_at("2m", f'count by (__name__) ({{__name__=~"(client|site|network):.+:(min|max|sum|info|reached|across_sites)"}})',
                 *[(f'{{__name__="{name_}"}}', count) for name_, count in (
                     ("client:accesslog_client_network:info", 1), ("network:accesslog_signal_threshold:min", 6),
                     ("site:accesslog_signal_threshold:min", 2))])])

    # Each alert is about its own detection and severity.
    first = [(alert, *alert.signals[0]) for alert in CLIENT_ALERTS]
    yield test("two clients who do everything", [
        up(), *[threshold(s, w, f"{n}x20") for _, s, w, n in first],
        *[client_signal(s, w, f"{n}x20", client=c) for _, s, w, n in first for c in (CLIENT, "198.51.100.1")]], [], [
        value_at("2m", "count by (alertname, detection, severity) (ALERTS)", *[
            (f'{{alertname="{a.name}", detection="{a.detection}", severity="{a.severity}"}}', 2) for a in CLIENT_ALERTS])])

    yield test("an exploit request is recorded, and no alert", [
        up(), threshold("exploit_requests", "5m", "1x20"), client_signal("exploit_requests", "5m", "1x20")], [], [
        value_at("2m", "client:accesslog_detection:shown", (
            f'client:accesslog_detection:shown{{detection="ExploitAttempt", severity="info", site="shop", client="{CLIENT}", '
            'network="external"}', 1)),
        value_at("2m", "ALERTS")])


# Many clients.

def twenty_one_clients(alert, detection, mitre, signal, window, limit, text):
    """Resolves after 15m; the aggregate names the ten busiest, and the last gets no alert. At first they are
    twenty: the one more comes at 15s, and is known to a second exporter already."""
    name = alert + "ManyClients"
    clients = [(f"198.51.100.{i}", limit + 100 + i) for i in range(1, 22)]
    busiest = ", ".join(f"{client} ({value})" for client, value in reversed(clients[11:]))
    expected = {
        "exp_labels": {"severity": "warning", "kind": "detection", "mitre": mitre, "detection": detection,
                       "site": "shop"},
        "exp_annotations": {
            **constant_annotations(name, "warning"), "count": "21 clients", "threshold": "20 clients",
            "description": f"21 clients {text} at site shop, more than the 20 that get an alert each. "
                           f"The busiest: {busiest}."}}
    return test(f"{name}: twenty-one clients", [
        up(), up(instance="web2:9517"), threshold(signal, window, f"{limit}x240"),
        threshold(signal, window, f"{limit}x240", site="blog"),
        *[client_signal(signal, window, f"{value if i else '_'} {value} stale", client=client)
          for i, (client, value) in enumerate(clients)],
        client_signal(signal, window, f"{limit} {limit} stale", client="198.51.100.99", site="blog")], [
        alert_at("0s", name), alert_at("15s", name, expected), alert_at("15m", name, expected),
        alert_at("16m", name)], [
        value_at("15s", f'count(ALERTS{{alertname="{alert}", alertstate="firing", site="shop"}})', ("{}", 20)),
        value_at("15s", f'count(ALERTS{{alertname="{alert}", alertstate="firing", site="blog"}})', ("{}", 1)),
        value_at("1m", f'ALERTS{{alertname="{alert}", client="198.51.100.1"}}')])


def places_are_kept():
    """Eleven stronger ones come 45s after the first twenty and get no place until those pause. Those
    that had one keep their alert for 15m more. Another detection of the same clients has its own places."""
    weak = [f"198.51.100.{i}" for i in range(1, 21)]
    strong = [f"198.51.100.{i}" for i in range(21, 32)]

    def firing(where=""):
        return f'count(ALERTS{{alertname="AccessLogLoginBruteForce", alertstate="firing"{where}}}) or vector(0)'
    late = ', client=~"198.51.100.(2[1-9]|3.)"'
    return test("places are kept", [
        up(), threshold("login_failures", "1m", "6x240"), threshold("error_paths", "5m", "10x240"),
        *[client_signal("login_failures", "1m", "7x24 stale", client=c) for c in weak],
        *[client_signal("login_failures", "1m", "_x3 50x120", client=c) for c in strong],
        *[client_signal("error_paths", "5m", "_x3 50x120", client=c) for c in strong]], [
        alert_at("30s", "AccessLogLoginBruteForceManyClients")], [
        value_at("5m", firing(), ("{}", 20)), value_at("5m", firing(late), ("{}", 0)),
        value_at("5m", 'count(ALERTS{alertname="AccessLogReconDistinctErrorPaths"})', ("{}", 11)),
        value_at("10m", firing(late), ("{}", 11)), value_at("10m", firing(), ("{}", 31)),
        value_at("28m", firing(), ("{}", 11))])


def across_sites_cases():
    """Who reaches the threshold at no site, but at all of them together."""
    name, two = "AccessLogLoginBruteForceAcrossSites", ("shop", "blog")

    def failures(values, site, client=CLIENT, window="1m", **labels):
        return client_signal("login_failures", window, values, site=site, client=client, **labels)

    def limits(**sites):
        yield up()
        for site, limit in sites.items():
            yield threshold("login_failures", "1m", f"{limit}x240", site=site)
            yield threshold("login_failures", "5m", f"{limit * 2}x240", site=site)

    def expected(text, count, client=CLIENT, network="external"):
        return {"exp_labels": {"severity": "warning", "kind": "detection", "mitre": "T1110", "site": "(several)",
                               "detection": "LoginBruteForce", "client": client, "network": network},
                "exp_annotations": {
                    **constant_annotations(name, "warning"), "count": str(count),
                    "threshold": "those of the sites, together",
                    "description": f"Client {client} failed to log in to several sites, at none of them often "
                                   f"enough: {text}."}}
    six = expected("6 times in 1m. Thresholds: blog 6 in 1m, shop 6 in 1m", 6)
    yield test("fires, not just below, resolves", [
        *limits(shop=6, blog=6), failures("_ _ 5x3 stale", "shop"), failures("_ _ 1x3 stale", "blog"),
        failures("4x20", "shop", client="198.51.100.1"), failures("1x20", "blog", client="198.51.100.1")], [
        alert_at("15s", name), alert_at("30s", name, six), alert_at("15m", name, six), alert_at("17m", name)])

    yield test("a missed scrape and a restart", [
        up("1x7 0 1x7 0x3 1x40"), *[threshold("login_failures", "1m", "6x7 stale 6x7 stale _x2 6x40", site=s) for s in two],
        *[failures("3x7 stale 3x7 stale _x2 3x40", s) for s in two]],
        [alert_at(time, name, six) for time in ("2m", "4m30s", "9m")],
        [value_at(time, "client:accesslog_login_failures:across_sites",
                  (f'client:accesslog_login_failures:across_sites{{client="{CLIENT}", signal="login_failures", window="1m"}}', 6))
         for time in ("2m", "2m15s", "4m15s", "5m")])

    yield test("two instances, and two servers of one of the sites", [
        *limits(shop=6), up(instance="web2:9517"), threshold("login_failures", "1m", "6x40", site="blog", instance="web2:9517"),
        failures("2x20", "shop"), failures("1x20", "shop", instance="web2:9517"),
        failures("3x20", "blog", instance="web2:9517")], [alert_at("2m", name, six)])

    # 2 of 3 and 2 of 6 are enough; 1 of 3 and 3 of 6 are not; three tenths, seven tenths of others are.
    yield test("thresholds that differ", [
        *limits(shop=3, blog=6), failures("2x20", "shop"), failures("2x20", "blog"),
        failures("1x20", "shop", client="198.51.100.1"), failures("3x20", "blog", client="198.51.100.1")], [
        alert_at("2m", name, expected("4 times in 1m. Thresholds: blog 6 in 1m, shop 3 in 1m", 4))])

    yield test("three sites: 0.7 + 0.2 + 0.1 is not 1", [
        *limits(a=10, b=10, c=10), failures("7x20", "a"), failures("2x20", "b"), failures("1x20", "c")], [
        alert_at("2m", name, expected("10 times in 1m. Thresholds: a 10 in 1m, b 10 in 1m, c 10 in 1m", 10))])

    yield test("several windows", [
        *limits(shop=6, blog=6), *[failures("3x20", s) for s in two], *[failures("7x20", s, window="5m") for s in two]], [
        alert_at("2m", name, expected(
            "6 times in 1m, 14 times in 5m. Thresholds: blog 6 in 1m, blog 12 in 5m, shop 6 in 1m, shop 12 in 5m", 14))])

    # The alert of the site is enough, also while it is kept firing.
    yield test("no second alert for who is reached at one site", [
        *limits(shop=6, blog=6), failures("6x3 5x20", "shop"), failures("4x23", "blog")], [
        alert_at("30s", name), alert_at("3m", name)], [
        value_at("3m", 'count(ALERTS{client="203.0.113.9"})', ("{}", 1))])

    yield test("verified crawlers, the rest of the table, and a site where it is off", [
        *limits(shop=6, blog=6, open=0), *[failures("5x20", s, client="other") for s in two],
        *[failures("5x20", s, client="66.249.64.1", network="crawler") for s in two],
        failures("5x20", "shop"), failures("500x20", "open"),
        # Off for one network at one site.
        series("accesslog_network_signal_threshold", "-1x20", site="shop", network="internal", signal="login_failures", window="1m"),
        failures("500x20", "shop", client="10.1.2.3", network="internal"),
        failures("5x20", "blog", client="10.1.2.3", network="internal")], [alert_at("2m", name)])

    yield test("a crawler that one of two sites knows", [
        *limits(shop=6, blog=6), up("1x7 0x20", instance="web2:9517"), failures("5x20", "shop", network="crawler"), failures("5x20", "blog"),
        failures("5x7 stale", "shop", network="crawler", instance="web2:9517")], [
        alert_at("1m", name), alert_at("2m30s", name)])

    yield test("networks", [
        *limits(shop=6, blog=6), *[failures("3x20", s, client="10.1.2.3", network="internal") for s in two],
        failures("3x20", "shop", client="198.51.100.2", network="nat"), failures("3x20", "blog", client="198.51.100.2", network="internal")], [
        alert_at("2m", name, expected("6 times in 1m. Thresholds: blog 6 in 1m, shop 6 in 1m", 6, "10.1.2.3", "internal"),
                 expected("6 times in 1m. Thresholds: blog 6 in 1m, shop 6 in 1m", 6, "198.51.100.2", "nat"))])

    yield test("it pauses at one of three sites", [
        *limits(a=6, b=6, c=6), failures("5x3 stale", "a"), failures("3x20", "b"), failures("3x20", "c"),
        failures("5x3 stale", "a", client="198.51.100.1"), failures("2x20", "b", client="198.51.100.1")], [], [
        value_at(time, "max by (client) (client:accesslog_login_failures:across_sites)", *found)
        for time, found in (("45s", [(f'{{client="{CLIENT}"}}', 11), ('{client="198.51.100.1"}', 7)]),
                            ("1m15s", [(f'{{client="{CLIENT}"}}', 6)]))])

    yield test("one of the servers is gone: what it saw last is held for two minutes", [
        up("1x7 0x40"), up(instance="web2:9517"), *[threshold("login_failures", "1m", "6x60", site=s, instance="web2:9517") for s in two],
        failures("1x6 5 stale", "shop"), failures("3x60", "blog", instance="web2:9517")], [], [
        value_at("3m30s", "client:accesslog_login_failures:across_sites",
                 (f'client:accesslog_login_failures:across_sites{{client="{CLIENT}", signal="login_failures", window="1m"}}', 8)),
        value_at("4m15s", "client:accesslog_login_failures:across_sites")])

    yield test("another job", [
        *limits(shop=6, blog=6), *[failures("5x20", s, job="other") for s in two], failures("3x20", "shop"), failures("2x20", "blog")],
        [alert_at("2m", name)])

    # The twenty that had their alert first.
    yield test("twenty at most, and places are kept", [
        *limits(shop=6, blog=6),
        *[failures("3x40", s, client=f"198.51.100.{i}") for s in two for i in range(1, 21)],
        *[failures("_x3 5x37", s, client="198.51.100.99") for s in two]], [], [
        value_at("5m", f'count(ALERTS{{alertname="{name}"}})', ("{}", 20)),
        value_at("5m", f'ALERTS{{alertname="{name}", client="198.51.100.99"}}')])


# Sites.

def site_alert(name, detection, severity, mitre, description, count, limit, site="shop"):
    return {"exp_labels": {"severity": severity, "kind": "detection", "mitre": mitre, "detection": detection, "site": site},
            "exp_annotations": {**constant_annotations(name, severity), "description": description,
                                "count": count, "threshold": limit}}


def shape(name, limits, values, expected, below, two_values, two_expected, two_below):
    """The cases that all alerts of sites have in common. `limits`, `values` and so on are
    {(signal, window): value}; `below` are values of which each keeps the alert away."""
    instances = ("web1:9517", "web2:9517")

    def thresholds(pattern="{}x240", **labels):
        return [threshold(s, w, pattern.format(v), **labels) for (s, w), v in limits.items()]

    def signals(values, pattern="{}x60", **labels):
        return [site_signal(s, w, pattern.format(*[v] * pattern.count("{}")), **labels) for (s, w), v in values.items()]

    yield test("fires and resolves", [up(), *thresholds(), *signals(values, "_ _ {} stale")], [
        alert_at("15s", name), alert_at("30s", name, expected), alert_at("15m15s", name, expected), alert_at("16m", name)])
    for i, less in enumerate(below):
        yield test(f"just below, {i}", [up(), *thresholds(), *signals({**values, **less})], [
            alert_at("2m", name), alert_at("9m", name)])
    again = "{}x7 stale {}x7 stale _x2 {}x3 _x3 stale _x3 {}x40"
    yield test("a missed scrape, a restart, and a scrape a minute that fails", [
        up("1x7 0 1x7 0x2 1x3 _x3 0 _x3 1x40"),
        *[threshold(s, w, again.format(v, v, v, v)) for (s, w), v in limits.items()],
        *signals(values, again)], [alert_at(t, name, expected) for t in ("2m", "2m15s", "4m15s", "4m30s", "6m45s", "9m")], [
        value_at("9m", f'max(changes(ALERTS_FOR_STATE{{alertname="{name}"}}[8m]))', ("{}", 0)),
        # Without what keep_firing_for would hide.
        *[value_at("2m", f'site:accesslog_site_signal:sum{{signal="{s}"}}',
                   (f'site:accesslog_site_signal:sum{{site="shop", signal="{s}", window="{w}"}}', v))
          for (s, w), v in values.items()]])
    yield test("a missed scrape does not raise", [
        up("1x7 0 1x40"), *[threshold(s, w, f"{v}x7 stale {v}x40") for (s, w), v in limits.items()],
        *signals({**values, **below[0]}, "{}x7 stale {}x40")], [alert_at(t, name) for t in ("2m", "2m15s", "9m")])
    for title, pair, result in (("enough", two_values, [two_expected]), ("just below", two_below, [])):
        inputs = [up(instance=i) for i in instances]
        for instance, seen in zip(instances, pair):
            inputs += thresholds(instance=instance) + signals(seen, instance=instance)
        yield test(f"two instances, {title}", inputs, [alert_at("2m", name, *result), alert_at("9m", name, *result)])
    yield test("sites", [
        up(), *thresholds(), *signals(values), *thresholds(site="blog"), *signals({**values, **below[0]}, site="blog"),
        *thresholds(site="wiki"), *signals({**values, **below[-1]}, site="wiki")], [
        alert_at("2m", name, expected)])


def distributed():
    name, f, c = "AccessLogDistributedLoginFailures", ("login_failures", "24h"), ("login_failure_clients", "24h")

    def expected(failures, clients, limit=50):
        return site_alert(name, "DistributedLoginFailures", "warning", "T1110.003",
                          f"{failures} logins from {clients} clients failed at site shop in 24h (thresholds {limit} logins "
                          "and 20 clients).", str(failures), f"{limit} in 24h")
    yield from shape(name, {f: 50, c: 20}, {f: 50, c: 20}, expected(50, 20), [{f: 49}, {c: 19}],
                     [{f: 30, c: 12}, {f: 20, c: 8}], expected(50, 20), [{f: 30, c: 12}, {f: 19, c: 8}])
    # Learnt from the past of each: the highest.
    yield test("two thresholds", [
        up(), up(instance="web2:9517"), threshold(*f, "50x40"), threshold(*f, "121x40", instance="web2:9517"),
        threshold(*c, "20x40"), threshold(*c, "20x40", instance="web2:9517"), site_signal(*f, "60x20 61x20"),
        site_signal(*f, "60x40", instance="web2:9517"), site_signal(*c, "30x40")], [
        alert_at("4m", name), alert_at("9m", name, expected(121, 30, 121))])
    yield test("switched off", [up(), threshold(*f, "0x40"), threshold(*c, "0x40"), site_signal(*f, "60x40"),
                                site_signal(*c, "60x40")], [alert_at("4m", name)])
    yield test("failures without a threshold", [up(), threshold(*f, "0x40"), threshold(*c, "20x40"), site_signal(*f, "60x40"),
                                                site_signal(*c, "60x40")], [alert_at("4m", name)])
    yield test("clients without a threshold", [up(), threshold(*f, "50x40"), threshold(*c, "0x40"), site_signal(*f, "60x40"),
                                               site_signal(*c, "60x40")], [alert_at("4m", name)])


def ratios(name, detection, severity, mitre, what, signal, ratio_signal, window, phrase):
    count, requests, ratio = (signal, window), ("requests", window), (ratio_signal, window)

    def expected(bad, total, percent):
        return site_alert(name, detection, severity, mitre,
                          f"{bad} of {total} requests to site shop in {window} {phrase}: {percent} (thresholds 20 and 5%).",
                          f"{bad} ({percent})", f"20 and 5% in {window}")
    yield from shape(name, {count: 20, ratio: 0.05}, {count: 30, requests: 500}, expected(30, 500, "6%"),
                     [{count: 25}, {count: 19, requests: 100}],
                     # Half of one server's few requests would be a quarter on average, and is 1 in 20 of all.
                     [{count: 10, requests: 20}, {count: 16, requests: 380}], expected(26, 400, "6.5%"),
                     [{count: 10, requests: 20}, {count: 10, requests: 380}])
    yield test("exactly 20", [up(), site_signal("requests", "10m" if window == "5m" else "5m", "900x40"), threshold(*count, "20x40"), threshold(*ratio, "0.05x40"), site_signal(*count, "20x40"),
                              site_signal(*requests, "250x40")], [alert_at("4m", name, expected(20, 250, "8%"))])
    # The exporter's own ratios are not used, nor those of other windows; 0 of 0 is none.
    other = "10m" if window == "5m" else "5m"
    yield test("nothing else counts", [
        up(), threshold(*count, "20x40"), threshold(*ratio, "0.05x40"), site_signal(*count, "30x40"),
        site_signal(*ratio, "0.9x40"), site_signal("requests", other, "100x40"), site_signal(*requests, "0x40")], [
        alert_at("4m", name)])
    yield test("the sums leave shares and ratios out", [up(), site_signal(*ratio, "0.9x40"),
                                                        site_signal("proxy_address_share", "10m", "0.9x40")], [], [
        value_at("4m", "site:accesslog_site_signal:sum")])
    yield test("switched off", [up(), threshold(*count, "0x40"), threshold(*ratio, "0x40"), site_signal(*count, "30x40"),
                                site_signal(*requests, "30x40")], [alert_at("4m", name)])


def schedule():
    name, absent, off = "AccessLogLoginScheduleAnomaly", ("login_day_absent", "1d"), ("off_day_members", "1d")

    def warning(value, limit):
        return site_alert(name, "LoginScheduleAnomaly", "warning", "T1078",
                          f"By the evening of the login day {value} members fewer than usual had logged in to site shop "
                          f"(threshold {limit}).", str(value), str(limit))

    def info(value, limit):
        return site_alert(name, "LoginScheduleAnomaly", "info", "T1078",
                          f"{value} members logged in to site shop today, which is not the login day (threshold {limit}).",
                          str(value), str(limit))
    for signal, limit, alert in ((absent, 11, warning), (off, 7, info)):
        yield from shape(name, {signal: limit}, {signal: limit}, alert(limit, limit), [{signal: limit - 1}],
                         # Of two servers one has them all, as after a failover.
                         [{signal: limit * 2}, {signal: 0}], alert(limit * 2, limit * 2),
                         [{signal: limit * 2 - 1}, {signal: 0}])
        yield test("switched off, or the median is not known", [up(), threshold(*signal, "0x40"), site_signal(*signal, "9x40")], [
            alert_at("4m", name)])


SITE_CASES = {
    "AccessLogDistributedLoginFailures": list(distributed()),
    "AccessLogServerErrorRatioHigh": list(ratios(
        "AccessLogServerErrorRatioHigh", "ServerErrorRatioHigh", "critical", "T1499", "server errors", "server_errors",
        "server_error_ratio", "5m", "ended in a server error")),
    "AccessLogBadRequestRatioHigh": list(ratios(
        "AccessLogBadRequestRatioHigh", "BadRequestRatioHigh", "info", "T1595", "bad requests", "bad_requests",
        "bad_request_ratio", "10m", "were answered 400")),
    "AccessLogLoginScheduleAnomaly": list(schedule()),
}
