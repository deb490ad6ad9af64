"""The dashboards follow the house rules, and each rule rejects what it is for."""
import json

import pytest

import metrics as exporter_metrics
from conftest import DASHBOARDS, OVERVIEW
from lint import RULES, lint, panels, variables


def test_there_is_a_dashboard():
    assert DASHBOARDS


def test_dashboard_is_clean(dashboard, metrics):
    assert lint(dashboard, metrics) == []


def test_file_is_called_after_the_uid(dashboard_path, dashboard):
    assert dashboard_path.stem == dashboard["uid"]


def test_file_is_formatted_like_the_others(dashboard_path, dashboard):
    """Two spaces, order kept: then a change shows as the lines that it changes."""
    formatted = json.dumps(dashboard, indent=2, ensure_ascii=False) + "\n"
    assert dashboard_path.read_text(encoding="utf-8") == formatted


def test_example_scrape_has_only_what_the_exporter_has(metrics):
    for name, example in exporter_metrics.read_metrics(exporter_metrics.EXAMPLE).items():
        assert name in metrics, f"the exporter has no {name}"
        assert example.labels <= metrics[name].labels, name
        assert example.counter == metrics[name].counter, name


# One dashboard, a few ways to break it, and what the linter has to say.

def first(dashboard, kind):
    return next(p for p in panels(dashboard) if p["type"] == kind)


def put(**values):
    return lambda dashboard: dashboard.update(values)


def panel(kind, **values):
    return lambda dashboard: first(dashboard, kind).update(values)


def target(kind, **values):
    return lambda dashboard: first(dashboard, kind)["targets"][0].update(values)


def expression(kind, text):
    return target(kind, expr=text)


def variable(which, **values):
    def change(dashboard):
        next(v for v in dashboard["templating"]["list"] if v["name"] == which).update(values)
    return change


def add_variable(dashboard):
    dashboard["templating"]["list"].append(variables(dashboard, "datasource")[0])


def data_link(url):
    def change(dashboard):
        first(dashboard, "table")["fieldConfig"]["defaults"]["links"] = [{"url": url}]
    return change


def without_unit(dashboard):
    del first(dashboard, "stat")["fieldConfig"]["defaults"]["unit"]


def same_reference(dashboard):
    for t in first(dashboard, "table")["targets"]:
        t["refId"] = "A"


def same_id(dashboard):
    for p in panels(dashboard):
        p["id"] = 1


def same_place(dashboard):
    for p in panels(dashboard):
        p["gridPos"] = {"x": 0, "y": 0, "w": 12, "h": 8}


def too_wide(dashboard):
    first(dashboard, "table")["gridPos"]["w"] = 25


def without_alerts(dashboard):
    del dashboard["annotations"]["list"][1:]


SELECT = 'job=~"$job", instance=~"$instance", site=~"$site"'

BREAKS = [
    ("identity", put(uid=None), "uid"),
    ("identity", put(uid="Overview"), "uid"),
    ("identity", put(id=7), "id is null"),
    ("identity", put(editable=True), "editable"),
    ("identity", put(schemaVersion=39), "schemaVersion is 42"),
    ("identity", put(tags=["web"]), 'tagged "accesslog"'),
    ("identity", put(description=""), "description"),
    ("identity", put(__inputs=[]), "no __inputs"),
    ("links", put(links=[]), "links to"),
    ("links", put(links=[{"type": "dashboards", "tags": ["accesslog"], "keepTime": True}]),
     "keeps time"),
    ("datasource", add_variable, "one datasource variable"),
    ("datasource", variable("datasource", query="loki"), "one datasource variable"),
    ("datasource", panel("stat", datasource={"type": "prometheus", "uid": "abc"}), "uses $"),
    ("datasource", target("table", datasource=None), "uses $"),
    ("datasource", variable("site", datasource=None), "site uses $"),
    ("selection", variable("instance", name="host"), "in this order"),
    ("selection", variable("site", multi=False), "several values"),
    ("selection", variable("site", allValue=None), "All, which is .+"),
    ("selection", variable("site", refresh=1), "read again"),
    ("selection", variable("site", query={"query": "metrics(x)"}), "label_values"),
    ("panel_form", panel("timeseries", type="graph"), "not graph"),
    ("panel_form", panel("row", title=""), "has a title"),
    ("panel_form", panel("stat", description=""), "has a description"),
    ("panel_form", panel("stat", title="Requests by status"), "titles differ"),
    ("panel_form", without_unit, "has a unit"),
    ("panel_form", same_reference, "each refId once"),
    ("panel_form", same_id, "ids differ"),
    ("layout", same_place, "overlap"),
    ("layout", too_wide, "24 columns"),
    ("legends", target("timeseries", legendFormat="__auto"), "has a legend"),
    ("known_names", expression("stat", f"accesslog_clients{{{SELECT}}}"), "no metric"),
    ("known_names", expression("stat", f'accesslog_client_series{{{SELECT}, zone="a"}}'),
     "has no label zone"),
    ("known_names", expression("stat", f"sum by (sites) (accesslog_client_series{{{SELECT}}})"),
     "no label sites"),
    ("known_names", variable("site", query={"query": "label_values(accesslog_sites, site)"}),
     "variable site: no metric"),
    ("scope", expression("stat", 'accesslog_client_series{job=~"$job", site=~"$site"}'),
     'by instance=~"$instance"'),
    ("scope", expression("stat", 'accesslog_client_series{job=~"$job", instance=~"$instance"}'),
     'by site=~"$site"'),
    ("scope", expression("stat", f"accesslog_client_series{{{SELECT.replace('$job', 'web')}}}"),
     'by job=~"$job"'),
    ("counters", expression("stat", f"sum (accesslog_lines_read_total{{{SELECT}}})"),
     "is a counter"),
    ("counters", expression("stat", f"sum (max_over_time(accesslog_lines_read_total{{{SELECT}}}"
                                    "[$__rate_interval]))"), "is a counter"),
    ("counters", expression("stat", f"rate(accesslog_client_series{{{SELECT}}}[$__rate_interval])"),
     "is no counter"),
    ("ranges", expression("stat", f"sum (rate(accesslog_lines_read_total{{{SELECT}}}[5m]))"),
     "not [5m]"),
    ("ranges", expression("table", f"increase(accesslog_lines_read_total{{{SELECT}}}[1h])"),
     "[$__range], not [1h]"),
    ("tops", expression("timeseries", f"topk(5, accesslog_client_signal{{{SELECT}}})"),
     "instant query only"),
    ("tops", target("table", instant=False), "instant query"),
    ("tops", expression("table", f"topk(50, accesslog_client_signal{{{SELECT}}})"), "at most 20"),
    ("alert_annotation", without_alerts, "from ALERTS"),
    ("data_links", data_link("/d/x?var-client=${__value.raw}&${__url_time_range}"),
     "percent-encodes"),
    ("data_links", data_link("/d/x?var-client=${__value.raw:percentencode}"), "time range"),
]


@pytest.mark.parametrize("name, change, complaint", BREAKS, ids=[f"{b[0]}-{b[2]}" for b in BREAKS])
def test_broken_dashboard_is_rejected(name, change, complaint, metrics):
    broken = json.loads(OVERVIEW.read_text(encoding="utf-8"))
    change(broken)
    assert any(c.startswith(f"{name}: ") and complaint in c for c in lint(broken, metrics))


def test_every_rule_was_seen_to_reject():
    assert {b[0] for b in BREAKS} == set(RULES)


def test_good_data_link_is_accepted(metrics):
    dashboard = json.loads(OVERVIEW.read_text(encoding="utf-8"))
    data_link("/d/x?var-client=${__value.raw:percentencode}&${__url_time_range}")(dashboard)
    assert lint(dashboard, metrics) == []
