"""Nothing lost, nothing counted twice: the exporter is killed, stopped and starved of disk space while
real programs write and rotate its logs. Then, and at every scrape, its counts are held against what was
written. On a difference it says which requests are missing, and keeps the directory.

  tests/chaos/run                                     half a minute, a dozen kills; what ctest runs
  tests/chaos/run --kills 1000 --seconds 900          the long form
  tests/chaos/run --kills 0 --style rename            rotations only
  tests/chaos/run --kills 20 --faults kill --style copytruncate,dateext --seed 7

The same seed gives the same writers, rotations and faults, but not the same instants.
"""
import argparse
import contextlib
import pathlib
import random
import shutil
import signal
import sys
import tempfile
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))

# pylint: disable=wrong-import-position
from faults import HOLD_SECONDS, Chaos, Exporter, SmallDisk, keep_state, process_is_alive
from history import Prometheus, increase_ratio, metrics_are_well_formed, wrong_history
from logs import GROUPS, Rotator, make_sites
from programs import get, wait_until
from scrape import Watcher, final_differences

FAULTS = ("kill", "stop", "term", "hup", "full")
RESTARTS = {"kill", "term"}  # these need the state
INCREASE_TOLERANCE = 0.1


def arguments():
    parser = argparse.ArgumentParser(prog="tests/chaos/run", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--kills", type=int, default=12, help="at least so many SIGKILLs; 0: no faults unless --faults")
    add("--seconds", type=float, default=30, help="at least so long")
    add("--seed", type=int, default=None, help="of all random choices; printed at the start")
    add("--style", default="all", help="comma-separated, of: all, " + ", ".join(GROUPS))
    add("--faults", default=None, help="comma-separated, of: " + ", ".join(FAULTS))
    add("--rate", type=float, default=150, help="lines a second and log")
    add("--rotate-every", type=float, default=3, help="mean seconds between two rotations of a log")
    add("--lag", type=float, default=2,
        help="what was complete so many seconds ago must be counted")
    add("--scrape-every", type=float, default=0.3, help="seconds between two checked scrapes")
    add("--no-prometheus", action="store_true", help="leave Prometheus out")
    add("--keep-going", action="store_true", help="do not stop at the first wrong scrape")
    add("--keep", action="store_true", help="keep the directory in any case")
    add("--directory", help="where the run's directory is made; default: $TMPDIR")
    chosen = parser.parse_args()
    chosen.style = GROUPS if chosen.style == "all" else chosen.style.split(",")
    default_faults = FAULTS if chosen.kills else ()
    chosen.faults = default_faults if chosen.faults is None else chosen.faults.split(",")
    for given, known in ((chosen.style, GROUPS), (chosen.faults, FAULTS)):
        if unknown := set(given) - set(known):
            parser.error(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(known)}")
    if chosen.kills and not set(chosen.faults) & {"kill"}:
        parser.error("--kills needs kill among --faults")
    if chosen.seed is None:
        chosen.seed = random.randrange(1 << 31)
    return chosen


class Run:
    """All that takes part, from the empty directory to the verdict."""

    def __init__(self, options, directory):
        self.options = options
        self.directory = pathlib.Path(directory)
        self.began = time.time()
        self.diary = open(self.directory / "diary", "w", encoding="utf-8", buffering=1)
        rng = random.Random(options.seed)
        self.disk = SmallDisk(self.directory / "state")
        self.sites, self.nginx = make_sites(self.directory, options.style, rng, options.rate)
        self.exporter = Exporter(self.directory, self.sites, self.disk, bool(set(options.faults) & RESTARTS),
                                 self.note)
        faults = [name for name in options.faults if name != "full" or not self.disk.why_not]
        pause = options.seconds / max(options.kills, options.seconds / 3)
        self.chaos = Chaos(self.exporter, self.sites, rng, pause / 2, options.lag, faults,
                           self.note)
        self.rotator = Rotator(self.sites, rng.random(), options.rotate_every,
                               lambda: self.exporter.seen_until)
        self.watcher = Watcher(self.exporter, self.sites, options.lag, options.scrape_every,
                               self.note)
        self.prometheus = None
        self.ratio = None
        self.last_differences = {}
        self.failures = []

    def note(self, sentence):
        now = time.time()
        print(f"{now:.3f} +{now - self.began:.3f} {sentence}", file=self.diary)

    def start(self):
        self.exporter.start()
        self.exporter.wait_ready()
        if not self.options.no_prometheus:
            self.prometheus = Prometheus(self.directory / "prometheus", self.exporter.port)
            self.prometheus.wait_for_scrape_after(self.prometheus.began)
        self.watcher.start()
        for site in self.sites:
            for writer in site.writers:
                writer.start()
        self.rotator.start()

    def go_on(self):
        """Faults, until there were enough of them or something went wrong."""
        deadline = time.time() + self.options.seconds
        while time.time() < deadline or self.chaos.kills < self.options.kills:
            self.chaos.once()
            self._stop_if_broken()

    def _stop_if_broken(self):
        threads = [self.watcher, self.rotator, *(w for s in self.sites for w in s.writers)]
        for thread in threads:
            if thread.error:
                raise AssertionError(f"{thread.name}: {thread.error!r}") from thread.error
        if self.watcher.failures and not self.options.keep_going:
            raise AssertionError("a scrape was wrong")
        assert process_is_alive(self.exporter.process), (
            f"the exporter ended with {self.exporter.process.poll()}")

    def finish_writing(self):
        self.rotator.stop()
        for site in self.sites:
            for writer in site.writers:
                writer.stop()
        if self.nginx:
            self.nginx.stop(signal.SIGQUIT)
        self.note("nobody writes any more")

    def check_the_end(self, when):
        """The counts must become the truth, and all series must show them."""
        def differences():
            assert process_is_alive(self.exporter.process), "the exporter ended by itself"
            self.watcher.look()
            self.last_differences = {
                site.name: final_differences(self.watcher.last, site) for site in self.sites}
            return not any(self.last_differences.values())
        try:
            wait_until(differences, HOLD_SECONDS + 15, "the counts are the truth")
        except AssertionError:
            for name, sentences in self.last_differences.items():
                self.failures += [f"{when}: {name}: {sentence}" for sentence in sentences]

    def check_history(self):
        if self.prometheus is None:
            return
        self.prometheus.wait_for_scrape_after(time.time())
        if not self.failures:  # else its data say the same once more
            self.failures += wrong_history(self.prometheus, self.sites)
        self.ratio = increase_ratio(self.prometheus, self.sites)
        if not self.failures and abs(self.ratio - 1) > INCREASE_TOLERANCE:
            self.failures.append(f"increase() is {self.ratio:.3f} of the truth")

    def end(self):
        """From the last line written to the verdict."""
        self.finish_writing()
        self.watcher.stop()
        self.check_the_end("at the end")
        if "kill" in self.options.faults and not self.failures:
            self.exporter.kill()
            self.exporter.start()
            self.exporter.wait_ready()
            self.check_the_end("after a last kill")
        if "term" in self.options.faults and not self.failures:
            self.exporter.terminate()
            self.exporter.start()
            self.exporter.wait_ready()
            self.check_the_end("after a last SIGTERM")
        self.check_history()
        if complaint := metrics_are_well_formed(get(f"{self.exporter.url}/metrics", 10)[1]):
            self.failures.append(complaint)

    def run(self):
        """True if nothing was wrong."""
        try:
            self.start()
            self.go_on()
        except AssertionError as error:
            self.failures.append(str(error))
        except KeyboardInterrupt:
            self.note("interrupted; the end is checked all the same")
        self.disk.empty()
        if process_is_alive(self.exporter.process):
            with contextlib.suppress(ProcessLookupError):
                self.exporter.thaw()
            self.end()
        self.failures = self.watcher.failures + self.failures
        return not self.failures

    def close(self):
        for writer in (w for site in self.sites for w in site.writers):
            writer.stopping.set()
        self.watcher.stopping.set()
        self.rotator.stopping.set()
        for program in (self.exporter.running, self.prometheus, self.nginx):
            if program is not None:
                program.process.send_signal(signal.SIGCONT)
                program.stop(signal.SIGTERM)
        keep_state(self.exporter)
        self.disk.close()
        self.diary.close()

    def figures(self):
        lines = sum(site.truth.begun.total() for site in self.sites)
        yield f"lines written: {lines:,} to {len(self.sites)} sites in {time.time() - self.began:.0f} s"
        rotations = {site.name: len(site.rotations) for site in self.sites}
        yield f"rotations: {sum(rotations.values())} ({self.rotator.put_off} put off): " + ", ".join(
            f"{name} {count}" for name, count in rotations.items())
        yield from self.chaos.figures()
        yield f"scrapes: {self.watcher.good} good, {self.watcher.unready} before ready or while down"
        if self.ratio is not None:
            yield f"Prometheus: increase() / truth = {self.ratio:.4f}"
        if "full" in self.options.faults and self.disk.why_not:
            yield f"skipped: filling the disk ({self.disk.why_not})"


def main():
    options = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    print(f"seed {options.seed}", flush=True)
    directory = tempfile.mkdtemp(prefix="accesslog_chaos.", dir=options.directory)
    run = Run(options, directory)
    good = False
    try:
        good = run.run()
        print("\n".join(run.figures()))
    finally:
        run.close()
        if good and not options.keep:
            shutil.rmtree(directory)
        else:
            print(f"kept: {directory} (diary, logs, exporter.output)")
    for failure in run.failures:
        print(f"WRONG {failure}")
    print("nothing lost, nothing counted twice" if good else
          f"{len(run.failures)} failures; again: --seed {options.seed}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
