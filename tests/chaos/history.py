"""What a Prometheus saw of a run: no reset, and increases that are the truth."""
import json
import pathlib
import subprocess
import time
import urllib.parse
import urllib.request

from programs import Program, free_port, get, wait_until


class Prometheus(Program):
    """Scrapes the exporter each second, and nothing else."""

    def __init__(self, directory, exporter_port):
        directory = pathlib.Path(directory)
        directory.mkdir()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        (directory / "prometheus.yml").write_text(f"""
global: {{scrape_interval: 1s, scrape_timeout: 1s}}
scrape_configs:
- job_name: chaos
  static_configs: [{{targets: ["127.0.0.1:{exporter_port}"]}}]
""")
        super().__init__(directory, "prometheus", [
            "/usr/bin/prometheus", f"--config.file={directory}/prometheus.yml",
            f"--storage.tsdb.path={directory}/tsdb", f"--web.listen-address=127.0.0.1:{self.port}"])
        self.wait_for(f"{self.url}/-/ready")
        self.began = time.time()

    def query(self, expression):
        """[(labels, value)]"""
        status, body = get(f"{self.url}/api/v1/query?query={urllib.parse.quote(expression)}", 120)
        assert status == 200, body
        return [(row["metric"], float(row["value"][1]))
                for row in json.loads(body)["data"]["result"]]

    def scalar(self, expression):
        rows = self.query(expression)
        return rows[0][1] if rows else None

    def wait_for_scrape_after(self, when):
        """Until a successful scrape that began after `when` is stored."""
        # timestamp() of anything but a plain selector is the time of the query.
        expression = 'timestamp(up{job="chaos"}) and up{job="chaos"} == 1'
        wait_until(lambda: (self.scalar(expression) or 0) > when, 30,
                   "Prometheus scrapes the exporter")

    def window(self):
        return f"{int(time.time() - self.began) + 60}s"


def wrong_history(prometheus, sites):
    """Sentences on where Prometheus' data are not the truth."""
    window = prometheus.window()
    for metric in ("requests_total", "client_requests_total", "response_bytes_total"):
        resets = prometheus.scalar(f"sum(resets(accesslog_{metric}[{window}]))")
        if resets != 0:
            yield f"Prometheus saw {resets} resets of {metric}"
    for site in sites:
        if site.style.exact:
            yield from _wrong_site(prometheus, site, window)


def _wrong_site(prometheus, site, window):
    truth = site.truth.begun.total()
    for metric in ("requests_total", "client_requests_total"):
        series = f'accesslog_{metric}{{site="{site.name}"}}[{window}]'
        last = prometheus.scalar(f"sum(last_over_time({series}))")
        # Where no counter was ever reset, the least value is the first.
        first = prometheus.scalar(f"sum(min_over_time({series}))")
        if last != truth:
            yield f"{site.name}: the last value of {metric} in Prometheus is {last}, not {truth}"
        elif last - first != truth:
            yield f"{site.name}: {metric} in Prometheus increased by {last - first}, not {truth}"


def increase_ratio(prometheus, sites):
    """What increase() extrapolates, in relation to the truth."""
    exact = [site for site in sites if site.style.exact]
    names = "|".join(site.name for site in exact)
    increase = prometheus.scalar(
        f'sum(increase(accesslog_requests_total{{site=~"{names}"}}[{prometheus.window()}]))')
    truth = sum(site.truth.begun.total() for site in exact)
    return increase / truth if truth else 1.0


def metrics_are_well_formed(body):
    """What promtool has against an exposition; "" if nothing."""
    found = subprocess.run(["promtool", "check", "metrics"], input=body, capture_output=True,
                           text=True, check=False)
    return "" if found.returncode == 0 else found.stdout + found.stderr
