import json
from pathlib import Path

import pytest

from metrics import known_metrics

ROOT = Path(__file__).resolve().parents[2]
DASHBOARDS = sorted((ROOT / "grafana" / "dashboards").glob("*.json"))
OVERVIEW = ROOT / "grafana" / "dashboards" / "accesslog-overview.json"


def pytest_generate_tests(metafunc):
    if "dashboard_path" in metafunc.fixturenames:
        metafunc.parametrize("dashboard_path", DASHBOARDS, ids=lambda p: p.stem)


@pytest.fixture
def dashboard(dashboard_path):
    return json.loads(dashboard_path.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def metrics():
    return known_metrics()
