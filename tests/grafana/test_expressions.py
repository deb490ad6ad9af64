"""Every expression is taken by Prometheus, and finds something in the example data."""
import json
import re
import subprocess

import pytest
import yaml

import lint
from conftest import OVERVIEW, ROOT
from metrics import AGGREGATED, RECORDED, read_metrics
from prometheus import Prometheus, need


RULES = ROOT / "rules"


def expand(expression):
    """What Grafana would send, with All selected, for the last three hours."""
    for name, value in {"$__rate_interval": "1m", "$__range": "3h"}.items():
        expression = expression.replace(name, value)
    expression = re.sub(r'"\$(job|instance|site)"', '".+"', expression)
    # $1 belongs to label_replace.
    assert not re.search(r"\$(?!1\b)", expression), f"unknown variable in {expression}"
    return expression


@pytest.fixture(scope="session")
def prometheus(tmp_path_factory):
    with Prometheus(tmp_path_factory.mktemp("prometheus")) as running:
        yield running


def test_promtool_takes_every_expression(dashboard, tmp_path):
    rules = [{"record": f"expression{i}", "expr": expand(expression)}
             for i, (_, expression, _) in enumerate(lint.expressions(dashboard))]
    path = tmp_path / "rules.yml"
    path.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}))
    result = subprocess.run([need("promtool"), "check", "rules", path],
                            capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


def test_promtool_rejects_a_broken_expression(tmp_path):
    path = tmp_path / "rules.yml"
    rule = {"record": "broken", "expr": "sum by (site (x)"}
    path.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": [rule]}]}))
    assert subprocess.run([need("promtool"), "check", "rules", path],
                          capture_output=True).returncode != 0


def test_every_expression_finds_data(dashboard, prometheus):
    empty = [f"{where}: {expression}" for where, expression, _ in lint.expressions(dashboard)
             if not prometheus.query(expand(expression))]
    assert empty == []


def test_legends_and_columns_exist(dashboard, prometheus):
    """Labels in legends, and columns that a table renames, are in the result."""
    for panel in lint.graphs(dashboard):
        labels = set()
        for target in panel["targets"]:
            result = prometheus.query(expand(target["expr"]))
            found = set.intersection(*(set(r["metric"]) for r in result))
            legend = set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))
            assert legend <= found, panel["title"]
            labels |= found
        several = len(panel["targets"]) > 1
        values = {f"Value #{t['refId']}" if several else "Value" for t in panel["targets"]}
        for transformation in panel.get("transformations", []):
            renamed = transformation["options"].get("renameByName", {}).keys()
            assert renamed <= labels | values, panel["title"]


def test_rows_of_a_table_merge(dashboard, prometheus):
    """Grafana merges rows whose labels are equal: each query of a table has the same rows."""
    for panel in lint.graphs(dashboard):
        if panel["type"] != "table":
            continue
        rows = [{tuple(sorted(r["metric"].items())) for r in prometheus.query(expand(t["expr"]))}
                for t in panel["targets"]]
        assert all(other <= rows[0] for other in rows[1:]), panel["title"]


def test_every_variable_has_values(dashboard, prometheus):
    for variable in lint.variables(dashboard, "query"):
        selector, label = lint.label_values(variable)
        result = prometheus.query(expand(selector))
        assert any(r["metric"].get(label) for r in result), variable["name"]


def test_numbers(prometheus):
    """The expressions that join metrics, with numbers worked out from example.prom by hand."""
    dashboard = json.loads(OVERVIEW.read_text(encoding="utf-8"))
    panels = {p["title"]: p for p in lint.graphs(dashboard)}

    def values(title, reference="A"):
        target = next(t for t in panels[title]["targets"] if t["refId"] == reference)
        return [(r["metric"], float(r["value"][1]))
                for r in prometheus.query(expand(target["expr"]))]

    # 203.0.113.7 is over four thresholds but one client; 10.1.2.3 is below.
    assert values("Clients over a threshold") == [({}, 1.0)]
    # 7 of 10000 places would be 0.0006; the fuller table has 6.
    assert values("Client table used")[0][1] == pytest.approx(6 / 10000)
    assert values("Server errors")[0][1] == pytest.approx(12 / 15311)
    assert values("Lines not understood")[0][1] == pytest.approx(21 / 15332)
    signals = "Signals against thresholds"
    ratio = {(m["client"], m["signal"], m["window"]): v for m, v in values(signals)}
    assert ratio["203.0.113.7", "failed_requests", "5m"] == 24
    assert ratio["10.1.2.3", "login_failures", "5m"] == pytest.approx(0.2)
    assert {(m["signal"], m["window"], v) for m, v in values(signals, "C")} == {
        ("login_failures", "1m", 6), ("login_failures", "5m", 10), ("login_failures", "1h", 30),
        ("failed_requests", "5m", 5)}
    assert {(m["signal"], m["window"]): v for m, v in values("Reached now")} == {
        ("login_failures", "1m"): 1.5, ("login_failures", "5m"): 3.2, ("login_failures", "1h"): pytest.approx(64 / 30),
        ("failed_requests", "5m"): 24}
    assert {(m["signal"], m["window"]): v for m, v in values("Reached now", "C")}["login_failures", "1h"] == 30
    assert {m["class"] for m, _ in values("Requests by status class")} == {"1", "2", "3", "4", "5"}
    assert top_clients(prometheus)["shop", "198.51.100.20"] == pytest.approx(9001, rel=1e-9)


def top_clients(prometheus, change=lambda expression: expression):
    dashboard = json.loads(OVERVIEW.read_text(encoding="utf-8"))
    panel = next(p for p in lint.graphs(dashboard) if p["title"] == "Top clients")
    return {(r["metric"]["site"], r["metric"]["client"]): float(r["value"][1])
            for r in prometheus.query(change(expand(panel["targets"][0]["expr"])))}


def test_tables_without_the_recorded_increments(prometheus):
    """Their rule file need not be loaded: then increase() takes their place."""
    def not_loaded(expression):
        assert "client:" in expression
        return expression.replace("client:", "not_loaded:")
    top = top_clients(prometheus, not_loaded)
    assert top.keys() == top_clients(prometheus).keys()
    # increase() adds up to half a scrape interval at each end of the samples.
    assert top["shop", "198.51.100.20"] == pytest.approx(9000, rel=0.02)
    assert top["shop", "198.51.100.20"] != pytest.approx(9001, rel=1e-9)


def test_recorded_names_are_recorded():
    rules = [rule for path in RULES.glob("accesslog-*.yml")
             for group in yaml.safe_load(path.read_text(encoding="utf-8"))["groups"]
             for rule in group["rules"]]
    assert RECORDED.keys() | read_metrics(AGGREGATED).keys() <= {rule.get("record") for rule in rules}
