"""The sites of a run: who writes each log, how logrotate rotates it, and when it may."""
import collections
import contextlib
import dataclasses
import pathlib
import random
import subprocess
import threading
import time

from truth import WRITER_NUMBERS, Plan, Truth
from writers import DirectWriter, Nginx, NginxClient

KEPT_GENERATIONS = 8
# So many rotations may pass that the exporter's state has not seen: fewer than are kept, because a
# generation that logrotate deleted before anybody read it is lost by its nature.
MOST_UNSEEN_ROTATIONS = 4
LEAST_SECONDS_BETWEEN_ROTATIONS = 0.7


@dataclasses.dataclass(frozen=True)
class Style:
    """How one log is written and rotated. `group` is the name for --style."""
    name: str
    group: str
    options: str
    nginx: bool = False
    files: tuple = ("access.log",)
    paused: bool = False       # nothing is written while logrotate runs
    exact: bool = True         # the counts at the end must be the truth
    ask_to_reopen: bool = False  # the postrotate script waits until the writer has reopened
    reopen_delay: float = 1.5
    only_when_current: bool = False  # not while a writer is still at the renamed file


DATE_FORMAT = "dateformat -%Y%m%d-%H%M%S"
STYLES = (
    Style("nginx-rename", "rename", "create", nginx=True),
    Style("nginx-delaycompress", "delaycompress", "create\ncompress\ndelaycompress", nginx=True,
          only_when_current=True),
    Style("nginx-copytruncate", "copytruncate", "copytruncate", nginx=True, paused=True),
    Style("rename", "rename", "create"),
    Style("rename-three-files", "rename", "create", files=("app1.log", "app2.log", "app3.log")),
    Style("nocreate", "rename", "nocreate"),
    Style("create-nodelay", "create-nodelay", "create\ncompress", ask_to_reopen=True,
          only_when_current=True),
    Style("dateext", "dateext", f"create\ndateext\n{DATE_FORMAT}"),
    Style("dateext-delaycompress", "dateext",
          f"create\ncompress\ndelaycompress\nextension .log\ndateext\n{DATE_FORMAT}",
          only_when_current=True),
    Style("copytruncate", "copytruncate", "copytruncate", paused=True),
    Style("copytruncate-compress", "copytruncate", "copytruncate\ncompress", paused=True),
    Style("copytruncate-live", "copytruncate-live", "copytruncate", exact=False),
)
GROUPS = sorted({style.group for style in STYLES})


class Site:
    """A directory with one log or several, their writers, and their logrotate configuration."""

    def __init__(self, directory, index, style):
        self.style = style
        self.name = style.name
        self.directory = pathlib.Path(directory) / "logs" / style.name
        self.directory.mkdir(parents=True)
        self.truth = Truth(self._plan(index))
        self.writers = []
        self.rotating = threading.Lock()
        self.rotations = []  # when
        self.nginx = None

    def _plan(self, index):
        if self.style.exact:
            return Plan(index, writers=len(self.style.files))
        # Here a loss could hide that something else was counted twice, unless each client is there
        # for a few numbers only.
        return Plan(index, clients=9000, run=50, statuses=(200,))

    def logs(self):
        return [self.directory / file for file in self.style.files]

    def pattern(self):
        return self.directory / ("*.log" if len(self.style.files) > 1 else self.style.files[0])

    def add_writers(self, nginx, rng, rate):
        self.nginx = nginx if self.style.nginx else None
        if not self.style.exact:
            rate = min(rate, 100)
        for index, log in enumerate(self.logs()):
            options = {"truth": self.truth, "seed": rng.random(), "first_number": index * WRITER_NUMBERS + 1,
                       "rate": rate / len(self.style.files)}
            if self.nginx:
                writer = NginxClient(self.nginx, log, self.nginx.ports[log], **options)
            else:
                writer = DirectWriter(log, reopen_delay=self.style.reopen_delay,
                                      halves=self.style.exact, **options)
            writer.name = f"{self.name}/{log.name}"
            self.writers.append(writer)

    def write_logrotate_config(self):
        (self.directory / "rotate.conf").write_text(f"""
{" ".join(str(log) for log in self.logs())} {{
  rotate {KEPT_GENERATIONS}
  missingok
  {self.style.options}
  sharedscripts
  {self._postrotate()}
}}
""")

    def _postrotate(self):
        if self.style.nginx and not self.style.paused:
            return f"postrotate\n    kill -USR1 $(cat {self.nginx.pid_file})\n  endscript"
        if self.style.ask_to_reopen:
            request = self.directory / "reopen"
            return (f"postrotate\n    touch {request}\n    for i in $(seq 500); do "
                    f"[ -e {request} ] || exit 0; sleep 0.02; done; exit 1\n  endscript")
        return ""

    def may_rotate(self, seen_until):
        """Whether what was written before `seen_until` is all that the exporter's state has seen."""
        now = time.time()
        if self.rotations and now - self.rotations[-1] < LEAST_SECONDS_BETWEEN_ROTATIONS:
            return False
        # dateext names a second, and a second rotation in it would be refused.
        if "dateext" in self.style.options and self.rotations and (
                int(now) == int(self.rotations[-1])):
            return False
        if sum(when > seen_until for when in self.rotations) >= MOST_UNSEEN_ROTATIONS:
            return False
        return not self.style.only_when_current or all(w.is_current() for w in self.writers)

    def rotate(self, seen_until=float("inf")):
        """Runs logrotate; False if it may not run now."""
        with self.rotating:
            if not self.may_rotate(seen_until):
                return False
            self.rotations.append(time.time())
            with self._paused():
                self._run_logrotate()
            return True

    def _run_logrotate(self):
        done = subprocess.run(["/usr/sbin/logrotate", "-f", "-s", self.directory / "rotate.state",
                               self.directory / "rotate.conf"],
                              check=False, timeout=60, capture_output=True, text=True)
        assert done.returncode == 0, f"logrotate: {done.stderr}"

    @contextlib.contextmanager
    def _paused(self):
        with contextlib.ExitStack() as stack:
            if self.style.paused and self.nginx:
                stack.enter_context(self.nginx.paused())
            elif self.style.paused:
                for writer in self.writers:
                    stack.enter_context(writer.paused())
            yield


class Rotator(threading.Thread):
    """Rotates sites at random, each about every `mean_seconds`."""

    def __init__(self, sites, seed, mean_seconds, seen_until):
        super().__init__(daemon=True)
        self.sites = sites
        self.rng = random.Random(seed)
        self.mean_pause = mean_seconds / len(sites)
        self.seen_until = seen_until  # function
        self.stopping = threading.Event()
        self.counts = collections.Counter()
        self.put_off = 0
        self.error = None

    def run(self):
        try:
            while not self.stopping.wait(self.rng.expovariate(1 / self.mean_pause)):
                self.rotate_one()
        except Exception as error:  # pylint: disable=broad-except; told by stop()
            self.error = error

    def rotate_one(self):
        """Rotates one site, if it may be."""
        site = self.rng.choice(self.sites)
        if site.rotate(self.seen_until()):
            self.counts[site.name] += 1
        else:
            self.put_off += 1

    def stop(self):
        self.stopping.set()
        self.join(90)
        if self.error:
            raise self.error


def make_sites(directory, groups, rng, rate):
    """(sites, nginx or None), nobody writing yet."""
    styles = [style for style in STYLES if style.group in groups]
    sites = [Site(directory, index, style) for index, style in enumerate(styles)]
    nginx_logs = [log for site in sites if site.style.nginx for log in site.logs()]
    nginx = None
    if nginx_logs:
        (directory / "nginx").mkdir()
        nginx = Nginx(directory / "nginx", nginx_logs)
    for site in sites:
        site.add_writers(nginx, rng, rate)
        site.write_logrotate_config()
    return sites, nginx
