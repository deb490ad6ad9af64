"""The metrics the dashboards may use, read from a scrape in the text format."""
import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
EXAMPLE = HERE / "example.prom"
# Written by the tests of the exporter: there it is compared whole with a real scrape, so it
# cannot go out of date as a list of names in here would.
GOLDEN = HERE.parent / "data" / "golden.prom"

SAMPLE = re.compile(r'^(?P<name>[A-Za-z_:][\w:]*)(?:\{(?P<labels>.*)\})? (?P<value>\S+)')
LABEL = re.compile(r'(\w+)="((?:\\.|[^"\\])*)"')


# What rules/ records for the dashboards, and the metric whose labels it keeps.
RECORDED = {"client:accesslog_client_requests:increment1m": "accesslog_client_requests_total"}
# What they record over all targets together, as the rules would for example.prom.
AGGREGATED = HERE / "recorded.prom"


@dataclass
class Metric:
    counter: bool = False
    labels: set = field(default_factory=set)
    of_target: bool = True  # has the labels job and instance


@dataclass
class Sample:
    name: str
    labels: dict
    value: float


def read_samples(path):
    for line in path.read_text(encoding="utf-8").splitlines():
        match = SAMPLE.match(line)
        if match:
            labels = dict(LABEL.findall(match["labels"] or ""))
            yield Sample(match["name"], labels, float(match["value"]))


def read_metrics(path):
    metrics = defaultdict(Metric)
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split()
            metrics[name].counter = kind == "counter"
    for sample in read_samples(path):
        metrics[sample.name].labels |= sample.labels.keys()
    return dict(metrics)


def known_metrics():
    """What the exporter has, and what is recorded of it."""
    exposed = exposed_metrics()
    aggregated = {name: Metric(labels=metric.labels, of_target=False)
                  for name, metric in read_metrics(AGGREGATED).items()}
    return aggregated | exposed | {name: Metric(labels=exposed[of].labels) for name, of in RECORDED.items()}


def exposed_metrics():
    """The golden scrape once it is there. Metrics of the process are taken from the example if the
    golden scrape has none, because their values differ from run to run."""
    example = read_metrics(EXAMPLE)
    if not GOLDEN.exists():
        return example
    golden = read_metrics(GOLDEN)
    if not any(name.startswith("process_") for name in golden):
        golden |= {n: m for n, m in example.items() if n.startswith("process_")}
    return golden
