"""A Prometheus on a free port of 127.0.0.1, filled with twenty minutes of example samples."""
import json
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

from metrics import AGGREGATED, EXAMPLE, RECORDED, read_metrics, read_samples

STEP = 15
SAMPLES = 80
# Long enough for a loaded machine; as a rule it is ready within a second.
START_TIMEOUT = 60
TARGET = {"job": "accesslog", "instance": "exporter:9517"}
ALERT = {"alertname": "AccessLogLoginBruteForce", "alertstate": "firing", "severity": "warning",
         "site": "intranet", "client": "203.0.113.7"}


def need(program):
    path = shutil.which(program)
    assert path, f"{program} is missing: apt-get install prometheus"
    return path


class Prometheus:
    def __init__(self, directory):
        self._directory = directory
        # The past, so that queries at `now` look back on a full $__range.
        self.now = int(time.time())

    def __enter__(self):
        (self._directory / "prometheus.yml").write_text("")
        (self._directory / "samples.txt").write_text(self._samples())
        data = self._directory / "data"
        subprocess.run([need("promtool"), "tsdb", "create-blocks-from", "openmetrics",
                        self._directory / "samples.txt", data],
                       check=True, stdout=subprocess.DEVNULL)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._url = f"http://127.0.0.1:{probe.getsockname()[1]}"
        self._log = open(self._directory / "prometheus.log", "wb")
        self._process = subprocess.Popen(
            [need("prometheus"), f"--config.file={self._directory / 'prometheus.yml'}",
             f"--storage.tsdb.path={data}", f"--web.listen-address={self._url[len('http://'):]}"],
            stdout=self._log, stderr=self._log)
        self._wait_until_ready()
        return self

    def __exit__(self, *_):
        self._process.terminate()
        self._process.wait()
        self._log.close()

    def query(self, expression):
        """The instant vector as a list of {"metric": …, "value": …}."""
        form = urllib.parse.urlencode({"query": expression, "time": self.now}).encode()
        try:
            with urllib.request.urlopen(f"{self._url}/api/v1/query", form, timeout=10) as answer:
                return json.load(answer)["data"]["result"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{expression}\n{error.read().decode()}") from None

    def _wait_until_ready(self):
        deadline = time.monotonic() + START_TIMEOUT
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                urllib.request.urlopen(f"{self._url}/-/ready", timeout=5).close()
                return
            except OSError:
                time.sleep(0.05)
        self._process.kill()
        raise AssertionError((self._directory / "prometheus.log").read_text())

    def _samples(self):
        counters = {name for name, metric in read_metrics(EXAMPLE).items() if metric.counter}
        lines = []
        for sample in read_samples(EXAMPLE):
            series = _series(sample.name, TARGET | sample.labels)
            for i in range(SAMPLES + 1):
                value = sample.value * i / SAMPLES if sample.name in counters else sample.value
                lines.append(f"{series} {value} {self.now - (SAMPLES - i) * STEP}")
        # One more than the counters increased by: what a series is born with.
        minutes = SAMPLES * STEP // 60
        for name, of in RECORDED.items():
            for sample in read_samples(EXAMPLE):
                if sample.name == of:
                    series = _series(name, TARGET | sample.labels)
                    lines += [f"{series} {(sample.value + 1) / minutes} {self.now - (minutes - 1 - i) * 60}"
                              for i in range(minutes)]
        for sample in read_samples(AGGREGATED):
            lines += [f"{_series(sample.name, sample.labels)} {sample.value} {self.now - i * STEP}"
                      for i in reversed(range(SAMPLES + 1))]
        lines += [f"{_series('ALERTS', ALERT)} 1 {self.now - i * STEP}"
                  for i in reversed(range(SAMPLES + 1))]
        return "\n".join(lines) + "\n# EOF\n"


def _series(name, labels):
    return name + "{" + ",".join(f'{k}="{v}"' for k, v in labels.items()) + "}"
