"""Grafana's provisioning fits the compose stack that it is mounted into."""
from urllib.parse import urlsplit

import pytest
import yaml

from conftest import ROOT

UIDS = {"prometheus": "accesslog-prometheus", "alertmanager": "accesslog-alertmanager"}


def load(path):
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


@pytest.fixture
def datasources():
    return load("grafana/provisioning/datasources/accesslog.yml")


@pytest.fixture
def provider():
    config = load("grafana/provisioning/dashboards/accesslog.yml")
    assert config["apiVersion"] == 1
    (provider,) = config["providers"]
    return provider


@pytest.fixture
def stack():
    return load("docker-compose.yml")["services"]


def test_datasources_are_fixed(datasources):
    assert datasources["apiVersion"] == 1 and datasources["prune"] is True
    assert {d["type"]: d["uid"] for d in datasources["datasources"]} == UIDS
    assert all(d["editable"] is False for d in datasources["datasources"])
    assert [d["type"] for d in datasources["datasources"] if d.get("isDefault")] == ["prometheus"]


def test_rate_interval_follows_the_scrape_interval(datasources):
    prometheus = next(d for d in datasources["datasources"] if d["type"] == "prometheus")
    scrape_interval = load("rules/prometheus.yml")["global"]["scrape_interval"]
    assert prometheus["jsonData"]["timeInterval"] == scrape_interval
    assert prometheus["jsonData"]["httpMethod"] == "POST"


def test_datasources_are_services_of_the_stack(datasources, stack):
    for datasource in datasources["datasources"]:
        url = urlsplit(datasource["url"])
        assert f"127.0.0.1:{url.port}:{url.port}" in stack[url.hostname]["ports"]


def test_dashboards_are_read_only_files(provider):
    assert provider["type"] == "file" and provider["folderUid"] == "accesslog"
    assert provider["disableDeletion"] is True and provider["allowUiUpdates"] is False


def test_dashboards_are_mounted_where_they_are_looked_for(provider, stack):
    directory = provider["options"]["path"]
    assert f"./grafana/dashboards:{directory}:ro" in stack["grafana"]["volumes"]
    home = stack["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    assert home.startswith(directory + "/")
    assert (ROOT / "grafana" / "dashboards" / home[len(directory) + 1:]).is_file()


def test_dashboards_choose_the_datasource_of_the_stack(dashboard):
    variable = next(v for v in dashboard["templating"]["list"] if v["type"] == "datasource")
    assert variable["current"]["value"] == UIDS["prometheus"]
