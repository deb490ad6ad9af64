"""House rules for Grafana dashboards in the classic JSON format.

Each rule is a function that yields complaints; test_lint.py shows each one a dashboard that it has
to reject. To allow an exception, write it down in here with its reason.
"""
import re
from itertools import combinations

import promql

# The schema that Grafana 13.2 writes for classic dashboards.
SCHEMA_VERSION = 42
TAG = "accesslog"
DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
PANEL_TYPES = {"row", "stat", "timeseries", "table", "gauge", "bargauge", "barchart", "heatmap",
               "state-timeline", "text"}
NO_QUERY = {"row", "text"}
RANGE_FUNCTIONS = {"rate", "increase", "irate", "resets"}

# Not selected by job, instance and site: the rules that make it aggregate these away.
UNSELECTED = {"ALERTS": "series of Prometheus itself, found by alert name"}
# Added by Prometheus, not by the exporter.
TARGET_LABELS = {"job", "instance"}
# Made from a status by label_replace.
DERIVED_LABELS = {"class"}

RULES = {}


def rule(function):
    RULES[function.__name__] = function
    return function


def lint(dashboard, metrics):
    return [f"{name}: {complaint}" for name, check in RULES.items()
            for complaint in check(dashboard, metrics)]


def panels(dashboard):
    for panel in dashboard.get("panels", []):
        yield panel
        yield from panel.get("panels", [])


def graphs(dashboard):
    return (p for p in panels(dashboard) if p.get("type") not in NO_QUERY)


def variables(dashboard, kind):
    return [v for v in dashboard["templating"]["list"] if v["type"] == kind]


def annotations(dashboard):
    return [a for a in dashboard["annotations"]["list"] if not a.get("builtIn")]


def expressions(dashboard):
    """Yields (where, expression, target) of all panels and annotations."""
    for panel in graphs(dashboard):
        for target in panel["targets"]:
            yield f'panel "{panel["title"]}" {target["refId"]}', target["expr"], target
    for annotation in annotations(dashboard):
        yield f'annotation "{annotation["name"]}"', annotation["expr"], {}


def label_values(variable):
    """(selector, label) of a variable's label_values(selector, label)."""
    match = re.fullmatch(r"label_values\((.+), (\w+)\)", variable["query"]["query"])
    return match.groups() if match else None


def selectors(dashboard):
    for where, expression, target in expressions(dashboard):
        for selector in promql.parse(expression).selectors:
            yield where, selector, target
    for variable in variables(dashboard, "query"):
        if label_values(variable):
            for selector in promql.parse(label_values(variable)[0]).selectors:
                yield f'variable {variable["name"]}', selector, None


@rule
def identity(dashboard, metrics):
    """Links, alerts and Grafana's provisioning find a dashboard by its uid."""
    if not re.fullmatch(r"accesslog-[a-z-]+", dashboard.get("uid") or ""):
        yield "uid is accesslog-<name>"
    if dashboard.get("id", 0) is not None:
        yield "id is null: a number belongs to one database"
    if dashboard.get("editable") is not False:
        yield "editable is false: the file is the truth"
    if dashboard.get("schemaVersion") != SCHEMA_VERSION:
        yield f"schemaVersion is {SCHEMA_VERSION}"
    if TAG not in dashboard.get("tags", []):
        yield f'tagged "{TAG}", by which the dashboards link to each other'
    if not dashboard.get("title") or not dashboard.get("description"):
        yield "has a title and a description"
    for key in ("__inputs", "__requires", "__elements"):
        if key in dashboard:
            yield f"no {key}: that is for uploads by hand, provisioning does not fill it in"


@rule
def links(dashboard, metrics):
    """One who goes to the next dashboard wants to see the same time and the same site there."""
    found = [l for l in dashboard.get("links", [])
             if l.get("type") == "dashboards" and l.get("tags") == [TAG]]
    if not found:
        yield f'links to the dashboards tagged "{TAG}"'
    for link in found:
        if not (link.get("keepTime") and link.get("includeVars")):
            yield "a link keeps time and variables"


@rule
def datasource(dashboard, metrics):
    """One variable for the data source, and everything uses it."""
    found = variables(dashboard, "datasource")
    if [(v["name"], v["query"]) for v in found] != [("datasource", "prometheus")]:
        yield "has one datasource variable, called datasource, of type prometheus"
    for panel in graphs(dashboard):
        for thing in [panel, *panel["targets"]]:
            if thing.get("datasource") != DATASOURCE:
                yield f'panel "{panel["title"]}" uses ${{datasource}}'
    for thing in variables(dashboard, "query") + annotations(dashboard):
        if thing.get("datasource") != DATASOURCE:
            yield f'{thing["name"]} uses ${{datasource}}'


@rule
def selection(dashboard, metrics):
    """Variables job, instance and site, each narrowed by the ones before it."""
    found = {v["name"]: v for v in variables(dashboard, "query")}
    if list(found)[:3] != ["job", "instance", "site"]:
        yield "has query variables job, instance and site, in this order"
    for variable in found.values():
        if not (variable.get("multi") and variable.get("includeAll")
                and variable.get("allValue") == ".+"):
            yield f'variable {variable["name"]} allows several values and All, which is .+'
        if variable.get("refresh") != 2:
            yield f'variable {variable["name"]} is read again when the time range changes'
        if not label_values(variable):
            yield f'variable {variable["name"]} is label_values(selector, label)'


@rule
def panel_form(dashboard, metrics):
    titles, ids = [], []
    for panel in panels(dashboard):
        title = panel.get("title")
        ids.append(panel.get("id"))
        if panel.get("type") not in PANEL_TYPES:
            yield f'panel "{title}" has a type that Grafana still has, not {panel.get("type")}'
        if not title:
            yield f'panel {panel.get("id")} has a title'
        if panel.get("type") != "row":
            titles.append(title)
            if not panel.get("description"):
                yield f'panel "{title}" has a description'
        if panel.get("type") not in NO_QUERY:
            if not panel.get("fieldConfig", {}).get("defaults", {}).get("unit"):
                yield f'panel "{title}" has a unit'
            references = [t["refId"] for t in panel["targets"]]
            if len(set(references)) != len(references):
                yield f'panel "{title}" uses each refId once'
    if len(set(titles)) != len(titles):
        yield "panel titles differ"
    if len(set(ids)) != len(ids):
        yield "panel ids differ"


@rule
def layout(dashboard, metrics):
    """24 columns, and no panel on top of another: Grafana would move it somewhere else."""
    boxes = [(p["title"], p["gridPos"]) for p in dashboard["panels"]]
    for title, box in boxes:
        if box["x"] + box["w"] > 24:
            yield f'panel "{title}" is inside 24 columns'
    for (title, a), (other, b) in combinations(boxes, 2):
        if (a["x"] < b["x"] + b["w"] and b["x"] < a["x"] + a["w"]
                and a["y"] < b["y"] + b["h"] and b["y"] < a["y"] + a["h"]):
            yield f'panels "{title}" and "{other}" overlap'


@rule
def legends(dashboard, metrics):
    """Without a legend of its own a line is called after all of its labels."""
    for panel in graphs(dashboard):
        for target in panel["targets"]:
            if panel["type"] == "timeseries" and target.get("legendFormat") in (None, "", "__auto"):
                yield f'panel "{panel["title"]}" {target["refId"]} has a legend'


@rule
def known_names(dashboard, metrics):
    """A misspelt metric or label is an empty panel."""
    for where, selector, _ in selectors(dashboard):
        if selector.metric in UNSELECTED:
            continue
        if selector.metric not in metrics:
            yield f"{where}: no metric {selector.metric}"
            continue
        for label in selector.matchers.keys() - TARGET_LABELS - metrics[selector.metric].labels:
            yield f"{where}: {selector.metric} has no label {label}"
    everywhere = TARGET_LABELS | DERIVED_LABELS | {l for m in metrics.values() for l in m.labels}
    for where, expression, _ in expressions(dashboard):
        for label in promql.parse(expression).grouping - everywhere:
            yield f"{where}: no label {label}"


@rule
def scope(dashboard, metrics):
    """Each selector follows the variables, else a panel shows another server's numbers."""
    for where, selector, target in selectors(dashboard):
        if selector.metric in UNSELECTED or target is None:
            continue
        wanted = ["job", "instance"] if getattr(metrics.get(selector.metric), "of_target", True) else []
        if "site" in getattr(metrics.get(selector.metric), "labels", ()):
            wanted.append("site")
        for label in wanted:
            if selector.matchers.get(label) != ("=~", f"${label}"):
                yield f'{where}: {selector.metric} is selected by {label}=~"${label}"'


@rule
def counters(dashboard, metrics):
    """The value of a counter says when its process started, not how things are."""
    for where, selector, target in selectors(dashboard):
        if target is None or selector.metric not in metrics:
            continue
        function = selector.functions[-1] if selector.functions else ""
        if metrics[selector.metric].counter and function not in RANGE_FUNCTIONS:
            yield f"{where}: {selector.metric} is a counter, so rate() or increase()"
        if not metrics[selector.metric].counter and function in RANGE_FUNCTIONS:
            yield f"{where}: {selector.metric} is no counter, so not {function}()"


@rule
def ranges(dashboard, metrics):
    """$__rate_interval follows zoom and scrape interval; a table is about the selected time."""
    for where, selector, target in selectors(dashboard):
        if target is None or not selector.range:
            continue
        wanted = "$__range" if target.get("instant") else "$__rate_interval"
        if selector.range != wanted:
            yield f"{where}: {selector.metric}[{wanted}], not [{selector.range}]"


@rule
def tops(dashboard, metrics):
    """topk() over time picks other clients at each step and draws far more lines than k."""
    for where, expression, target in expressions(dashboard):
        parsed = promql.parse(expression)
        if parsed.functions & {"topk", "bottomk"} and not target.get("instant"):
            yield f"{where}: topk() in an instant query only"
    for panel in graphs(dashboard):
        for target in panel["targets"]:
            if panel["type"] == "table" and not (target.get("instant")
                                                 and target.get("format") == "table"):
                yield f'panel "{panel["title"]}" {target["refId"]} is an instant query as a table'
            for k in re.findall(r"topk\((\d+)", target["expr"]):
                if int(k) > 20:
                    yield f'panel "{panel["title"]}" shows at most 20 clients'


@rule
def alert_annotation(dashboard, metrics):
    if not any(s.metric == "ALERTS" for a in annotations(dashboard)
               for s in promql.parse(a["expr"]).selectors):
        yield "shows alerts as annotations from ALERTS"


@rule
def data_links(dashboard, metrics):
    """An IPv6 network has a slash in it, and what a client chose as its name may have anything."""
    for panel in graphs(dashboard):
        config = panel["fieldConfig"]
        found = list(config["defaults"].get("links", []))
        for override in config["overrides"]:
            for prop in override["properties"]:
                if prop["id"] == "links":
                    found += prop["value"]
        for link in found:
            for value in re.findall(r"\$\{(__(?:value|data|field)[^}]*)\}", link["url"]):
                if not value.endswith(":percentencode"):
                    yield f'panel "{panel["title"]}" percent-encodes {value}'
            if "${__url_time_range}" not in link["url"]:
                yield f'panel "{panel["title"]}" keeps the time range in its links'
