"""The exporter under test, and what happens to it."""
import collections
import contextlib
import os
import pathlib
import random
import re
import signal
import statistics
import subprocess
import threading
import time

from programs import EXPORTER, Program, free_port, get, wait_until
from writers import is_stopped

READY_SECONDS = 60
HOLD_SECONDS = 6  # first_value_hold
# After a kill the exporter knows which series were shown at most two intervals of the state behind its
# last snapshot; what was shown later may begin at 0 again. So no longer is the disk full before a kill.
MOST_FULL_BEFORE_KILL = 0.5


class SmallDisk:
    """A tmpfs that can be filled up. `why_not` says why there is none."""

    SIZE = 16 << 20

    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.path.mkdir()
        self.filler = self.path / "filler"
        self.why_not = None
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={self.SIZE},mode=0755", "chaos", self.path],
            capture_output=True, text=True, check=False)
        if mounted.returncode != 0:
            self.why_not = mounted.stderr.strip() or "mount failed"

    def fill(self):
        with open(self.filler, "ab", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                pass

    def empty(self):
        self.filler.unlink(missing_ok=True)

    def close(self):
        if not self.why_not:
            subprocess.run(["umount", "--lazy", self.path], check=False)


class Exporter:
    """The program, started again and again on one port with one state."""

    STATE_MARGIN = 1.0  # a snapshot may have been cut so long before it was on the disk

    def __init__(self, directory, sites, disk, has_state, note):
        self.directory = pathlib.Path(directory)
        self.sites = sites
        self.disk = disk
        self.state = disk.path / "state.db"
        self.has_state = has_state
        self.note = note
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.config = self.directory / "exporter.toml"
        self.running = None
        self.started_at = 0
        self.continued_at = 0
        self.read_before_stop = 0  # all that was complete by then was read before the last SIGSTOP
        self.stopped = False
        self.start_seconds = []  # from start to ready
        self.seen = collections.deque()  # (time of a good scrape, what it must contain)
        self.seen_until = 0.0
        self.write_config(failed_requests=5)

    @property
    def process(self):
        return self.running.process if self.running else None

    def write_config(self, failed_requests):
        sites = "".join(f"""
[[site]]
name = "{site.name}"
files = ["{site.pattern()}"]
start = "beginning"
""" for site in self.sites)
        new = self.config.with_suffix(".new")
        new.write_text(f"""
[web]
listen_address = "127.0.0.1:{self.port}"
[state]
file = "{self.state}"
interval = "1s"
[clients]
first_value_hold = "{HOLD_SECONDS}s"
[detect.FailedRequests]
per_5m = {failed_requests}
{sites}""")
        new.rename(self.config)

    def start(self):
        self.started_at = time.time()
        self.read_before_stop = 0
        for site in self.sites:
            site.truth.mark(self.started_at)
        self.stopped = False
        self.running = Program(self.directory, "exporter", [
            EXPORTER, f"--config.file={self.config}"], cwd=self.directory)

    def wait_ready(self):
        """Returns when /-/ready answers 200; fails if the program ends instead."""
        def answers():
            code = self.process.poll()
            assert code is None, f"the exporter ended with {code}\n{self.running.output()[-3000:]}"
            return get(f"{self.url}/-/ready", 10)[0] == 200
        wait_until(answers, READY_SECONDS, "the exporter is ready")
        self.start_seconds.append(time.time() - self.started_at)

    def kill(self):
        """SIGKILL, in whatever it is doing. It must not have ended before by itself."""
        code = self.process.poll()
        assert code is None, f"the exporter ended with {code}\n{self.running.output()[-3000:]}"
        self.running.stop(signal.SIGKILL)

    def terminate(self):
        code, seconds = self.running.stop(signal.SIGTERM, 20)
        assert code == 0, f"SIGTERM: exit code {code}\n{self.running.output()[-3000:]}"
        self.note(f"ended {seconds:.2f} s after SIGTERM")

    def freeze(self, lag):
        self.read_before_stop = self.must_have_read(time.time(), lag)
        self.stopped = True
        self.process.send_signal(signal.SIGSTOP)
        wait_until(lambda: is_stopped(self.process.pid), 10, "the exporter is stopped")

    def thaw(self):
        self.continued_at = time.time()
        self.stopped = False
        self.process.send_signal(signal.SIGCONT)

    def must_have_read(self, now, lag):
        """Whoever is ready has read what was there at his start; and what was there `lag` seconds ago,
        or, if he was stopped within these, `lag` before he was."""
        if self.process is None:
            return None
        if self.stopped or self.continued_at > now - lag:
            return max(self.started_at, self.read_before_stop)
        return max(self.started_at, now - lag)

    def was_seen(self, complete_by, state_written):
        """A good scrape contained what was complete by then, and said when the state was last
        written. Once that is later, no kill can undo it, and older generations may go."""
        if not self.has_state:
            self.seen_until = complete_by
            return
        self.seen.append((time.time(), complete_by))
        while self.seen and self.seen[0][0] <= state_written - self.STATE_MARGIN:
            self.seen_until = self.seen.popleft()[1]

    def state_written(self):
        """When, as the exporter says; 0 if it says nothing now."""
        found = re.search(r"^accesslog_state_last_write_timestamp_seconds (\S+)$",
                          get(f"{self.url}/metrics", 10)[1], re.MULTILINE)
        return float(found[1]) if found else 0


class Chaos:
    """Does something to the exporter at random, until it was killed often enough."""

    def __init__(self, exporter, sites, rng, mean_pause, lag, faults, note):
        self.lag = lag
        self.exporter = exporter
        self.sites = sites
        self.rng = random.Random(rng.random())
        self.mean_pause = mean_pause
        self.note = note
        self.kills = 0
        self.counts = collections.Counter()
        everything = {
            "kill": [(self.kill_when_ready, 30), (self.kill_at_start, 15), (self.kill_often, 5),
                     (self.kill_in_rotation, 15), (self.stop_and_kill, 4)],
            "stop": [(self.stop_and_continue, 6)],
            "term": [(self.terminate, 6)],
            "hup": [(self.reload, 6)],
            "full": [(self.fill_disk, 5)],
        }
        chosen = [pair for name in faults for pair in everything[name]]
        if {"full", "kill"} <= set(faults):
            chosen.append((self.fill_disk_and_kill, 5))
        self.actions, self.weights = zip(*chosen) if chosen else ((), ())
        self.bag = list(self.actions)  # each once, before chance decides
        self.rng.shuffle(self.bag)

    def once(self):
        """One fault and a pause, after which the exporter may still be catching up."""
        if self.actions:
            action = self.bag.pop() if self.bag else self.rng.choices(self.actions, self.weights)[0]
            self.note(f"fault: {action.__name__}")
            self.counts[action.__name__] += 1
            action()
        time.sleep(self.rng.expovariate(1 / self.mean_pause))

    def _kill_and_start(self, down=0.5):
        self.exporter.kill()
        self.kills += 1
        time.sleep(self.rng.uniform(0, down))
        self.exporter.start()

    def _kill_start_wait(self):
        self._kill_and_start()
        self.exporter.wait_ready()

    def kill_when_ready(self):
        self._kill_start_wait()

    def kill_at_start(self):
        self._kill_and_start()
        time.sleep(self.rng.uniform(0, 0.3))
        self._kill_start_wait()

    def kill_often(self):
        for _ in range(self.rng.randint(3, 6)):
            self._kill_and_start(down=0.05)
            time.sleep(self.rng.uniform(0, 0.15))
        self._kill_start_wait()

    def kill_in_rotation(self):
        with self._rotating():
            time.sleep(self.rng.uniform(0, 0.03))
            self.exporter.kill()
            self.kills += 1
        self.exporter.start()
        self.exporter.wait_ready()

    def _rotating(self):
        return Beside(self._rotate_some)

    def _rotate_some(self):
        """Two sites, as often as may be."""
        for site in self.rng.sample(self.sites, min(2, len(self.sites))):
            site.rotate(self.exporter.seen_until)

    def _rotate_twice(self):
        sites = self.rng.sample(self.sites, min(4, len(self.sites)))
        rotated = [sum(site.rotate(self.exporter.seen_until) for site in sites)]
        time.sleep(self.rng.uniform(0.8, 2))
        rotated.append(sum(site.rotate(self.exporter.seen_until) for site in sites))
        self.note(f"rotated {rotated} of {[site.name for site in sites]}")

    def stop_and_continue(self):
        self.exporter.freeze(self.lag)
        self._rotate_twice()
        self.exporter.thaw()

    def stop_and_kill(self):
        self.exporter.freeze(self.lag)
        self._rotate_twice()
        self._kill_start_wait()

    def terminate(self):
        self.exporter.terminate()
        time.sleep(self.rng.uniform(0, 1))
        self.exporter.start()
        self.exporter.wait_ready()

    def reload(self):
        self.exporter.write_config(failed_requests=self.rng.randint(5, 50))
        self.exporter.process.send_signal(signal.SIGHUP)

    def fill_disk(self):
        with self._full_disk():
            time.sleep(self.rng.uniform(1, 3))

    def fill_disk_and_kill(self):
        with self._full_disk():
            time.sleep(self.rng.uniform(0, MOST_FULL_BEFORE_KILL))
            self._kill_start_wait()

    @contextlib.contextmanager
    def _full_disk(self):
        """And then until the state was written again."""
        self.exporter.disk.fill()
        try:
            yield
        finally:
            self.exporter.disk.empty()
        emptied = time.time()
        wait_until(lambda: self.exporter.state_written() > emptied, 20,
                   "the state is written when there is room again")

    def figures(self):
        """Lines for the report."""
        yield f"kills: {self.kills}; faults: " + ", ".join(
            f"{name} {count}" for name, count in sorted(self.counts.items()))
        if seconds := self.exporter.start_seconds:
            yield (f"start to ready: median {statistics.median(seconds):.2f} s, "
                   f"longest {max(seconds):.2f} s")


class Beside:
    """Runs a function in a thread for the length of a `with`, and passes its exception on."""

    def __init__(self, function):
        self.function = function
        self.error = None
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self):
        try:
            self.function()
        except Exception as error:  # pylint: disable=broad-except; raised again below
            self.error = error

    def __enter__(self):
        self.thread.start()

    def __exit__(self, *_):
        self.thread.join()
        if self.error:
            raise self.error


def keep_state(exporter):
    """Copies the state out of a file system that is about to vanish."""
    for file in exporter.state.parent.glob("state.db*"):
        (exporter.directory / file.name).write_bytes(file.read_bytes())


def process_is_alive(process):
    return process is not None and process.poll() is None and os.path.exists(f"/proc/{process.pid}")
