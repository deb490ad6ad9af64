"""docker-compose.yml is valid, hardened, and fits the files around it."""
import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from hardening import RULES, check

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "docker-compose.yml"
SERVICES = {"exporter", "prometheus", "alertmanager", "grafana", "mailpit"}


def load():
    return yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))


def need(program, package):
    path = shutil.which(program)
    assert path, f"{program} is missing: apt-get install {package}"
    return path


def compose_config(path, **environment):
    """Parses the file as `up` would, checks it against the schema of that release, and returns
    it resolved. Asks no daemon."""
    return subprocess.run([need("docker-compose", "docker-compose"), "-f", path, "config"],
                          capture_output=True, text=True,
                          env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", **environment})


def test_compose_takes_the_file():
    result = compose_config(COMPOSE)
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    assert yaml.safe_load(result.stdout)["services"].keys() == SERVICES


@pytest.mark.parametrize("service, change", [
    ("prometheus", {"helthcheck": {}}),
    ("prometheus", {"read_only": ["yes"]}),
    ("prometheus", {"depends_on": {"exporter": {"condition": "service_happy"}}}),
    ("prometheus", {"depends_on": {"nobody": {"condition": "service_healthy"}}}),
    ("prometheus", {"volumes": ["undeclared:/prometheus"]}),
], ids=["key", "type", "condition", "service", "volume"])
def test_compose_rejects_a_broken_file(service, change, tmp_path):
    broken = load()
    broken["services"][service].update(change)
    path = tmp_path / "docker-compose.yml"
    path.write_text(yaml.safe_dump(broken))
    assert compose_config(path).returncode != 0


def test_no_version_key():
    """Compose calls it obsolete and warns at each start."""
    assert "version" not in load()


def test_log_directory_file_and_group_can_be_chosen():
    result = compose_config(COMPOSE, ACCESS_LOG_DIR="/var/log/apache2",
                            ACCESS_LOG_FILE="other.log", ACCESS_LOG_GID="104")
    exporter = yaml.safe_load(result.stdout)["services"]["exporter"]
    assert "/var/log/apache2" in str(exporter["volumes"][0])
    assert "/logs/other.log" in exporter["command"]
    assert exporter["group_add"] == ["104"]


def test_state_outlives_the_container():
    """The root file system is read-only, so the state has to be in the one volume."""
    exporter = load()["services"]["exporter"]
    path = next(a for a in exporter["command"] if a.startswith("--config.file=")).split("=")[1]
    mounts = dict(m.split(":")[:2][::-1] for m in exporter["volumes"] if isinstance(m, str))
    source = ROOT / mounts[os.path.dirname(path)] / os.path.basename(path)
    state = tomllib.loads(source.read_text(encoding="utf-8"))["state"]["file"]
    assert mounts[os.path.dirname(state)] == "exporter-state"


def test_named_volumes_are_declared_and_used():
    compose = load()
    used = {m.split(":")[0] for s in compose["services"].values() for m in s.get("volumes", [])
            if isinstance(m, str) and not m.startswith(".")}
    assert used == compose["volumes"].keys()


def test_alertmanager_mails_to_the_mail_catcher():
    """Its SMTP port is published nowhere, so this name and port are the only way in."""
    config = (ROOT / "alertmanager" / "alertmanager.yml").read_text(encoding="utf-8")
    assert "mailpit:1025" in config


# Hardening: the file follows the rules, and each rule rejects what it is for.

def test_every_service_is_hardened():
    assert check(load(), ROOT) == []


BREAKS = [
    ("pinned", {"image": "prom/prometheus:latest"}, "pinned"),
    ("pinned", {"image": "prom/prometheus"}, "pinned"),
    ("pinned", {"image": "prom/prometheus:v3.13"}, "pinned"),
    ("not_root", {"user": "0:0"}, "not root"),
    ("not_root", {"user": "nobody"}, "not root"),
    ("locked", {"read_only": False}, "read-only"),
    ("locked", {"cap_drop": []}, "capabilities"),
    ("locked", {"cap_add": ["NET_RAW"]}, "capabilities"),
    ("locked", {"security_opt": []}, "no-new-privileges"),
    ("locked", {"privileged": True}, "no privileged"),
    ("locked", {"network_mode": "host"}, "no network_mode"),
    ("healthy", {"healthcheck": {}}, "has a health check"),
    ("healthy", {"healthcheck": {"test": ["CMD", "true"]}}, "interval"),
    ("healthy", {"depends_on": {"exporter": {"condition": "service_started"}}}, "is healthy"),
    ("local_ports", {"ports": ["9090:9090"]}, "on 127.0.0.1"),
    ("local_ports", {"ports": ["0.0.0.0:9090:9090"]}, "on 127.0.0.1"),
    ("mounts", {"volumes": ["./nowhere:/etc/prometheus:ro"]}, "in the repository"),
    ("mounts", {"volumes": ["./rules:/etc/prometheus"]}, "read-only"),
    ("mounts", {"volumes": ["${DIR:-/var/log}:/logs:ro"]}, "long form"),
    ("mounts", {"volumes": [{"type": "bind", "source": "/var/log", "target": "/logs",
                             "bind": {"create_host_path": True}}]}, "not created"),
    ("mounts", {"volumes": [{"type": "bind", "source": "/var/log", "target": "/logs"}]},
     "mounted read-only"),
    ("mounts", {"volumes": ["/run/docker.sock:/run/docker.sock:ro"]}, "daemon"),
    ("restarts", {"restart": "no"}, "reboot"),
    ("restarts", {"logging": {}}, "size limit"),
    ("retention", {"command": ["--storage.tsdb.retention.time=15d"]}, "40 days"),
    ("retention", {"command": []}, "40 days"),
]


@pytest.mark.parametrize("name, change, complaint", BREAKS, ids=[f"{b[0]}-{b[2]}" for b in BREAKS])
def test_unsafe_service_is_rejected(name, change, complaint):
    compose = load()
    compose["services"]["prometheus"].update(change)
    assert any(c.startswith(f"{name}: prometheus: ") and complaint in c
               for c in check(compose, ROOT))


def test_every_rule_was_seen_to_reject():
    assert {b[0] for b in BREAKS} == set(RULES)


# Prometheus, as the stack configures it.

def test_promtool_takes_the_configuration_and_its_rules():
    result = subprocess.run([need("promtool", "prometheus"), "check", "config",
                             ROOT / "rules" / "prometheus.yml"], capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    found = set(re.findall(r"^Checking .*/(accesslog-.*\.yml)$", result.stdout, re.MULTILINE))
    assert found == {p.name for p in (ROOT / "rules").glob("accesslog-*.yml")} != set()


def test_scrape_and_alert_targets_are_services():
    config = yaml.safe_load((ROOT / "rules" / "prometheus.yml").read_text(encoding="utf-8"))
    targets = {t for job in config["scrape_configs"] + config["alerting"]["alertmanagers"]
               for group in job["static_configs"] for t in group["targets"]}
    assert targets - {"localhost:9090"} <= {
        f"{name}:{port.split(':')[-1]}" for name, service in load()["services"].items()
        for port in service["ports"]}
    # The rules say job="accesslog".
    assert "accesslog" in {job["job_name"] for job in config["scrape_configs"]}
