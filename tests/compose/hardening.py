"""What every service of docker-compose.yml has to have.

Each rule is a function that yields complaints; test_compose.py shows each one a service that it
has to reject. The rules read the file as it is written, because each Compose release has its own
idea of the normal form.
"""
import re

# Built here from the Dockerfile, so there is no tag of somebody else to pin.
OWN_IMAGE = "accesslog_exporter:local"
# At least a month must be there on the day of its report.
RETENTION_DAYS = 40

RULES = {}


def rule(function):
    RULES[function.__name__] = function
    return function


def check(compose, root):
    return [f"{name}: {service}: {complaint}" for service, keys in compose["services"].items()
            for name, complain in RULES.items() for complaint in complain(keys, root)]


@rule
def pinned(service, root):
    image = service.get("image", "")
    if image != OWN_IMAGE and not re.fullmatch(r"[\w./-]+:v?\d+\.\d+\.\d+", image):
        yield f"image {image or '(none)'} is pinned to a release"


@rule
def not_root(service, root):
    if not re.fullmatch(r"[1-9]\d*:\d+", service.get("user", "")):
        yield "user is a number that is not root's, and a group"


@rule
def locked(service, root):
    if service.get("read_only") is not True:
        yield "root file system is read-only"
    if service.get("cap_drop") != ["ALL"] or "cap_add" in service:
        yield "no capabilities"
    if "no-new-privileges:true" not in service.get("security_opt", []):
        yield "no-new-privileges"
    for key in ("privileged", "network_mode", "pid", "ipc", "userns_mode", "devices"):
        if key in service:
            yield f"no {key}"
    if "pids_limit" not in service:
        yield "a limit of processes"


@rule
def healthy(service, root):
    health = service.get("healthcheck", {})
    if not health.get("test") or health["test"][0] != "CMD" or health.get("disable"):
        yield "has a health check that needs no shell"
    if not {"interval", "timeout", "retries", "start_period"} <= health.keys():
        yield "health check has interval, timeout, retries and start_period"
    for other, condition in service.get("depends_on", {}).items():
        if condition != {"condition": "service_healthy"}:
            yield f"waits until {other} is healthy"


@rule
def local_ports(service, root):
    for port in service.get("ports", []):
        if not re.fullmatch(r"127\.0\.0\.1:\d+:\d+", port):
            yield f"port {port} is on 127.0.0.1"


@rule
def mounts(service, root):
    for mount in service.get("volumes", []):
        if isinstance(mount, dict):
            source, read_only = mount["source"], mount.get("read_only", False)
            if mount.get("bind", {}).get("create_host_path"):
                yield f"{source} is not created when it is missing"
        else:
            source, _, *mode = mount.split(":")
            read_only = mode == ["ro"]
            if source.startswith(("/", "$")):
                yield f"{source} is written in the long form, which refuses a missing directory"
        if source.startswith("./") and not (root / source).exists():
            yield f"{source} is in the repository"
        if source.startswith((".", "/", "$")) and not read_only:
            yield f"{source} is mounted read-only"
        if "docker.sock" in source:
            yield "no access to the Docker daemon"


@rule
def restarts(service, root):
    if service.get("restart") != "unless-stopped":
        yield "comes back after a reboot"
    if "max-size" not in service.get("logging", {}).get("options", {}):
        yield "log has a size limit"


@rule
def retention(service, root):
    if not service.get("image", "").startswith("prom/prometheus:"):
        return
    days = [int(d) for d in re.findall(r"--storage\.tsdb\.retention\.time=(\d+)d",
                                       "\n".join(service.get("command", [])))]
    if not days or min(days) < RETENTION_DAYS:
        yield f"keeps at least {RETENTION_DAYS} days"
