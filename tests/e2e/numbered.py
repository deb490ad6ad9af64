"""Requests whose number says all about them, and which stands in the log as the size of the response:
sums of bytes that differ say which request was lost or counted twice. And what an exporter says of
such a log.
"""
import collections
import pathlib
import re
import signal
import subprocess
import time

from programs import wait_until

SERIES = re.compile(r"accesslog_([a-z_]+)\{(.*)\}$")
LABEL = re.compile(r'([a-z_]+)="((?:[^"\\]|\\.)*)"')
METHODS = ("GET", "GET", "POST", "HEAD")
STATUSES = (200, 200, 302, 404, 503)


class Counts:
    """As the families of one site have them; nothing in it is 0."""

    def __init__(self):
        self.requests = collections.Counter()      # (method, status)
        self.clients = collections.Counter()       # (client, status)
        self.client_bytes = collections.Counter()  # client
        self.bytes = 0

    def __eq__(self, other):
        return vars(self) == vars(other)

    def __repr__(self):
        return f"{self.requests.total()} requests, {self.bytes} bytes: {dict(self.requests)}"


class Requests:
    """Makes lines, and knows what all of them together must be counted as."""

    def __init__(self, network="192.0.2", first=1):
        self.network = network
        self.next = first
        self.truth = Counts()

    def line(self, times=1):
        """One line without its end; `times` it is going to be written."""
        number, self.next = self.next, self.next + 1
        client = f"{self.network}.{number // 3 % 11}"
        method, status = METHODS[number % 4], str(STATUSES[number % 5])
        self.truth.requests[method, status] += times
        self.truth.clients[client, status] += times
        self.truth.client_bytes[client] += number * times
        self.truth.bytes += number * times
        stamp = time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime())
        return f'{client} - - [{stamp}] "{method} /{number} HTTP/1.1" {status} {number} "-" "-"'

    def lines(self, count, times=1):
        return "".join(self.line(times) + "\n" for _ in range(count))

    def write(self, log, count):
        append(log, self.lines(count))

    @property
    def total(self):
        return self.truth.requests.total()


def append(path, text):
    with open(path, "a", encoding="ascii") as file:
        file.write(text)


def counted(exporter, site="site"):
    counts = Counts()
    for series, value in exporter.metrics().items():
        name, labels = found.groups() if (found := SERIES.match(series)) else ("", "")
        labels = dict(LABEL.findall(labels))
        if labels.get("site") != site or value == 0:
            continue
        if name == "requests_total":
            counts.requests[labels["method"], labels["status"]] = value
        elif name == "client_requests_total":
            counts.clients[labels["client"], labels["status"]] = value
        elif name == "client_response_bytes_total":
            counts.client_bytes[labels["client"]] = value
        elif name == "response_bytes_total":
            counts.bytes = value
    return counts


def wait_for_counts(exporter, requests, site="site", seconds=15):
    wait_until(lambda: counted(exporter, site) == requests.truth, seconds,
               f"\n{requests.truth}\nnot\n{counted(exporter, site)}\n{exporter.output()}")
    if exporter.metrics()[f'accesslog_lines_read_total{{site="{site}"}}'] > requests.total:
        raise AssertionError(f"read more than {requests.total} lines\n{exporter.output()}")


def shown(exporter, name, site="site"):
    """The sum of the series of one family of a site."""
    return sum(value for series, value in exporter.metrics().items()
               if series.startswith(f'accesslog_{name}{{site="{site}"'))


def sites(directory, files, extra="", hold="0s", state="state.db"):
    """Writes a configuration with a site for each item of `files`, {name: files and the like in
    TOML}, and returns the arguments that name it."""
    config = pathlib.Path(directory) / "exporter.toml"
    tables = "".join(f"""
[[site]]
name = "{name}"
start = "beginning"
files = ["{source}"]
""" for name, source in files.items())
    config.write_text(f"""
[state]
file = "{state}"
interval = "1s"
[clients]
first_value_hold = "{hold}"
{extra}
{tables}""")
    return directory, "--config.file=exporter.toml"


def wait_for_snapshot(exporter):
    """Until all that was counted is in the state: written from now on, or nothing was due."""
    writes = state_writes(exporter)
    since = time.monotonic()
    wait_until(lambda: state_writes(exporter) > writes or time.monotonic() > since + 1.5, 5,
               "a snapshot")


def state_writes(exporter):
    return exporter.metrics()["accesslog_state_writes_total"]


def kill(exporter):
    exporter.stop(signal.SIGKILL)


class Logrotate:
    """The real one, with a state of its own; each run rotates."""

    def __init__(self, directory, log, *directives):
        self.state = pathlib.Path(directory) / "logrotate.state"
        self.config = pathlib.Path(directory) / "logrotate.conf"
        self.config.write_text(f"{log} {{\n  rotate 9\n  " + "\n  ".join(directives) + "\n}\n")

    def run(self, check=True):
        subprocess.run(["/usr/sbin/logrotate", "--force", f"--state={self.state}", self.config],
                       check=check)

