"""What every scrape must say: the laws of docs/metrics.md, nothing above the truth, nothing that was
complete in the log for long missing, and no counter ever lower than before."""
import collections
import re
import threading
import time

from programs import get
from truth import difference, explain

SAMPLE = re.compile(r'([a-zA-Z_]+)(?:\{(.*)\})?')
LABEL = re.compile(r'([a-z_]+)="((?:[^"\\]|\\.)*)"')
PREFIX = "accesslog_"

# Functions of the log: these go on after a kill as if nothing had happened. Others, such as
# tail_rotations_total, may begin anew.
LOG_COUNTERS = ("lines_read_total", "unparsed_lines_total", "requests_total", "response_bytes_total",
                "client_requests_total", "client_response_bytes_total",
                "client_evicted_requests_total", "client_admissions_total")


class Scrape:
    """An exposition as tables: of(metric, site) is {remaining label values: value}."""

    _keys = {}  # text of a series: (metric, site, other label values); the same in each scrape

    def __init__(self, body):
        self.tables = collections.defaultdict(dict)
        self.counters = {}  # text of a series: value; of LOG_COUNTERS
        for line in body.splitlines():
            if line.startswith("#"):
                continue
            series, _, value = line.rpartition(" ")
            metric, site, rest = self._key(series)
            self.tables[metric, site][rest] = float(value)
            if metric in LOG_COUNTERS:
                self.counters[series] = float(value)

    @classmethod
    def _key(cls, series):
        if series not in cls._keys:
            metric, labels = SAMPLE.fullmatch(series).groups()
            values = dict(LABEL.findall(labels or ""))
            site = values.pop("site", "")
            rest = next(iter(values.values())) if len(values) == 1 else tuple(values.values())
            cls._keys[series] = metric.removeprefix(PREFIX), site, rest
        return cls._keys[series]

    def of(self, metric, site):
        return self.tables.get((metric, site), {})

    def total(self, metric, site):
        return int(sum(self.of(metric, site).values()))

    def by_status(self, metric, site):
        """Sums of a family whose last label is the status."""
        sums = collections.Counter()
        for labels, value in self.of(metric, site).items():
            sums[labels if isinstance(labels, str) else labels[-1]] += int(value)
        return +sums


def broken_laws(scrape, site):
    """Sentences about laws 1 to 3 of docs/metrics.md that do not hold."""
    lines, requests, unparsed = (scrape.total(metric, site) for metric in (
        "lines_read_total", "requests_total", "unparsed_lines_total"))
    if lines != requests + unparsed:
        yield f"law 1: {lines} lines, but {requests} requests + {unparsed} unparsed"
    by_status = scrape.by_status("requests_total", site)
    parts = (scrape.by_status("client_requests_total", site) +
             scrape.by_status("client_pending_requests", site) +
             scrape.by_status("client_evicted_requests_total", site))
    if by_status != parts:
        yield f"law 2: requests and the sum over clients differ by {difference(by_status, parts)}"
    series = len(scrape.of("client_requests_total", site))
    if not series == scrape.total("client_series", site) <= scrape.total("client_series_limit", site):
        yield f"law 3: {series} series of clients"


def first_of(sentences):
    """The first, and how many more there are: a hole in a log shows in many series."""
    sentences = list(sentences)
    more = f" (and {len(sentences) - 1} more like it)" if len(sentences) > 1 else ""
    return [sentences[0] + more] if sentences else []


def above_truth(scrape, site):
    """What is counted more often than it was ever begun to be written."""
    begun = site.truth.begun
    for metric, truth in (("requests_total", begun.requests),
                          ("client_requests_total", begun.clients),
                          ("client_response_bytes_total", begun.client_bytes)):
        for key, value in scrape.of(metric, site.name).items():
            if value > truth.get(key, 0):
                yield f"{metric}{key} is {value:.0f}, but only {truth.get(key, 0)} was written"


def below_truth(scrape, site, when):
    """What was complete in the log at `when` and is not counted."""
    counted = scrape.of("requests_total", site.name)
    for key, value in site.truth.finished_by(when).items():
        if counted.get(key, 0) < value:
            yield (f"requests_total{key} is {counted.get(key, 0):.0f}, but {value} were complete "
                   f"{time.time() - when:.1f} s ago")


class Watcher(threading.Thread):
    """Scrapes until it is stopped, and remembers what was wrong."""

    def __init__(self, exporter, sites, lag, pause, note):
        super().__init__(daemon=True)
        self.exporter = exporter
        self.sites = sites
        self.lag = lag
        self.pause = pause
        self.note = note  # function: a line for the diary
        self.stopping = threading.Event()
        self.born = time.time()
        self.failures = []
        self.counters = {}  # the highest value of each series, over all processes
        self.good = 0
        self.unready = 0
        self.last = None
        self.error = None

    def run(self):
        try:
            while not self.stopping.wait(self.pause):
                self.look()
        except Exception as error:  # pylint: disable=broad-except; told by stop()
            self.error = error

    def look(self):
        """One scrape, or none if the exporter is not there or not ready. True if it was good."""
        began = time.time()
        for site in self.sites:
            site.truth.mark(began)
        process = self.exporter.process
        complete_by = self.exporter.must_have_read(began, self.lag)
        ready = get(f"{self.exporter.url}/-/ready", 10)[0]
        status, body = get(f"{self.exporter.url}/metrics", 10)
        if status not in (0, 200, 503):
            self.fail(f"/metrics answers {status}")
        if ready == 200 and status == 503 and process is self.exporter.process:
            self.fail("/metrics answers 503 after /-/ready answered 200")
        if status != 200:
            self.unready += 1
            return False
        if complete_by is None or process is not self.exporter.process:
            # Which process answered is not known, so neither is what it must have read.
            complete_by = 0
        scrape = Scrape(body)
        self.check(scrape, complete_by)
        if self.failures:
            return False
        self.good += 1
        if complete_by:
            self.exporter.was_seen(
                complete_by, scrape.total("state_last_write_timestamp_seconds", ""))
        return True

    def check(self, scrape, complete_by):
        """Everything that can be said about one scrape. After the first that was wrong all others are
        wrong too, and say nothing new."""
        self.last = scrape
        if self.failures:
            return
        for site in self.sites:
            found = [*broken_laws(scrape, site.name), *first_of(above_truth(scrape, site))]
            if site.style.exact:
                found += first_of(below_truth(scrape, site, complete_by))
            for sentence in found:
                self.fail(f"{site.name}: {sentence}")
        for sentence in first_of(self._decreases(scrape)):
            self.fail(sentence)
        self.counters.update(scrape.counters)

    def _decreases(self, scrape):
        for series, value in self.counters.items():
            if scrape.counters.get(series, -1) < value:
                yield f"{series} went from {value:.0f} to {scrape.counters.get(series)}"

    def fail(self, sentence):
        self.note(f"WRONG {sentence}")
        self.failures.append(f"+{time.time() - self.born:.3f} {sentence}")

    def stop(self):
        self.stopping.set()
        self.join(60)
        if self.error:
            raise self.error


def final_differences(scrape, site):
    """Everything in which the counts are not the truth, once nobody writes any more."""
    if not site.style.exact:
        return list(_bounds(scrape, site))
    off = list(_off(scrape, site))
    return ([", ".join(off)] if off else []) + list(explain(
        site.truth, scrape.of("client_requests_total", site.name),
        scrape.of("client_response_bytes_total", site.name)))


def _off(scrape, site):
    begun = site.truth.begun
    for metric, truth in (("requests_total", begun.requests),
                          ("client_requests_total", begun.clients),
                          ("client_response_bytes_total", begun.client_bytes)):
        if off := difference(truth, scrape.of(metric, site.name)):
            yield f"{len(off)} series of {metric} are off"
    for metric, wanted in (("lines_read_total", begun.total()), ("response_bytes_total", begun.bytes),
                           ("client_evicted_requests_total", 0), ("client_pending_requests", 0)):
        if (total := scrape.total(metric, site.name)) != wanted:
            yield f"{metric} is {total} instead of {wanted}"


def _bounds(scrape, site):
    """copytruncate under a writer loses lines between copy and truncation, but doubles none."""
    yield from first_of(above_truth(scrape, site))
    written, read = site.truth.begun.bytes, scrape.total("response_bytes_total", site.name)
    missing = site.truth.begun.total() - scrape.total("lines_read_total", site.name)
    lost_bytes = scrape.total("tail_lost_bytes_total", site.name)
    if read > written or missing < 0:
        yield f"{read} bytes counted, {written} written; {missing} lines missing"
    if lost_bytes > 0 and missing == 0:
        yield f"tail_lost_bytes_total is {lost_bytes}, but no line is missing"
