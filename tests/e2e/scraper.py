"""A Prometheus that does nothing but scrape one exporter, each second."""
import json
import pathlib
import urllib.parse

from programs import Program, free_port, get


class Scraper(Program):
    def __init__(self, directory, target_port, *arguments):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        config = pathlib.Path(directory) / "prometheus.yml"
        config.write_text("global: {scrape_interval: 1s, scrape_timeout: 1s}\n"
                          "scrape_configs:\n- job_name: accesslog\n"
                          f"  static_configs: [{{targets: ['127.0.0.1:{target_port}']}}]\n")
        super().__init__(directory, "prometheus", [
            "prometheus", f"--config.file={config}", f"--storage.tsdb.path={directory}/tsdb",
            f"--web.listen-address=127.0.0.1:{self.port}", *arguments])
        self.wait_for(f"{self.url}/-/ready")

    def api(self, path, **parameters):
        status, body = get(f"{self.url}/api/v1/{path}?{urllib.parse.urlencode(parameters)}")
        assert status == 200, body
        return json.loads(body)["data"]

    def query(self, expression):
        """{series labels as a sorted tuple: value}"""
        return {tuple(sorted(found["metric"].items())): float(found["value"][1])
                for found in self.api("query", query=expression)["result"]}

    def value(self, expression):
        """Of the first series, None where there is none."""
        return next(iter(self.query(expression).values()), None)

    def metadata(self, family):
        """What the scrape told of the family, None where it told nothing."""
        return next(iter(self.api("metadata", metric=family).get(family, [])), None)
