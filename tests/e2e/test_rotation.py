"""The real logrotate, and what else happens to logs: every line is counted once. `down` stands for an
exporter that was killed before and is started after the rotation, `stopped` for one that could not look
meanwhile.
"""
import contextlib
import gzip
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile

import pytest

from numbered import (Logrotate, Requests, append, counted, kill, shown, sites, wait_for_counts,
                      wait_for_snapshot)
from programs import Exporter, wait_until

OLD_HALF, NEW_HALF = "198.51.100.1 - - [22/Nov/2026:12:", '00:00 +0000] "GET / HTTP/1.1" 200 0\n'


class Followed:
    """A log, what was written to it, and an exporter that follows it."""

    def __init__(self, directory, source=None, log=None):
        self.directory = directory
        self.log = log or directory / "access.log"
        self.log.touch()
        self.requests = Requests()
        self.arguments = sites(directory, {"site": source or self.log})
        self.exporter = Exporter(*self.arguments)

    def write(self, count=100, log=None):
        self.requests.write(log or self.log, count)

    def check(self):
        wait_for_counts(self.exporter, self.requests)

    def lost(self):
        return shown(self.exporter, "tail_lost_bytes_total") + shown(self.exporter,
                                                                     "tail_lost_files_total")

    @contextlib.contextmanager
    def unseen(self, how):
        """What happens in this context, the exporter cannot look at."""
        if how == "stopped":
            self.exporter.process.send_signal(signal.SIGSTOP)
            yield
            self.exporter.process.send_signal(signal.SIGCONT)
        elif how == "down":
            kill(self.exporter)
            yield
            self.exporter = Exporter(*self.arguments)
        elif how == "ended":
            self.exporter.stop()
            yield
            self.exporter = Exporter(*self.arguments)
        else:
            yield

    def restart(self):
        with self.unseen("down"):
            pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.exporter.process.send_signal(signal.SIGCONT)
        self.exporter.stop()


HOW = pytest.mark.parametrize("how", ["running", "stopped", "down"])
UNSEEN = pytest.mark.parametrize("how", ["stopped", "down"])


# --- logrotate ---

NUMBERS = ["create", "nocompress"]
DELAYED = ["create", "compress", "delaycompress"]
COMPRESSED = ["create", "compress"]
DATES = ["create", "nocompress", "dateext", "dateformat -%Y%m%d-%s"]


@pytest.mark.parametrize("directives, how", [
    (NUMBERS, "running"), (NUMBERS, "stopped"), (NUMBERS, "down"),
    (DELAYED, "stopped"), (DELAYED, "down"),
    (COMPRESSED, "running"), (COMPRESSED, "stopped"), (COMPRESSED, "down"),
    (DATES, "running"), (DATES, "down"),
    (DATES + ["extension .log"], "running"), (DATES + ["extension .log"], "down"),
])
def test_create(tmp_path, directives, how):
    with Followed(tmp_path) as followed:
        followed.write()
        followed.check()
        logrotate = Logrotate(tmp_path, followed.log, *directives)
        for _ in range(2):
            with followed.unseen(how):
                followed.write()
                if how == "running":
                    followed.check()  # gzip removes what it has read
                rotate_once(tmp_path, logrotate)
                followed.write()
            followed.check()
            assert followed.lost() == 0
        followed.restart()
        followed.check()


def rotate_once(directory, logrotate):
    """dateext by the second needs another second for another name."""
    names = set(os.listdir(directory))
    def rotated():
        logrotate.run(check=False)
        return set(os.listdir(directory)) != names
    wait_until(rotated, 5, "a rotation")


@UNSEEN
@pytest.mark.parametrize("compress", ["nocompress", "compress"])
def test_two_rotations_that_nobody_saw(tmp_path, how, compress):
    with Followed(tmp_path) as followed:
        logrotate = Logrotate(tmp_path, followed.log, "create", compress)
        followed.write()
        followed.check()
        wait_for_snapshot(followed.exporter)
        with followed.unseen(how):
            for _ in range(2):
                followed.write()
                logrotate.run()
                followed.write()
        if compress == "compress":
            assert sorted(file.name for file in tmp_path.glob("access.log.*")) == [
                "access.log.1.gz", "access.log.2.gz"]
        followed.check()
        assert followed.lost() == 0
        followed.restart()
        followed.check()


@UNSEEN
@pytest.mark.parametrize("compress", ["nocompress", "compress"])
def test_copytruncate_of_a_writer_that_pauses(tmp_path, how, compress):
    with Followed(tmp_path) as followed:
        logrotate = Logrotate(tmp_path, followed.log, "copytruncate", compress)
        followed.write()
        followed.check()
        wait_for_snapshot(followed.exporter)
        for _ in range(2):
            with followed.unseen(how):
                followed.write()  # is in the copy only, when somebody looks
                logrotate.run()
                followed.write(20)
            followed.check()
            assert followed.lost() == 0


@HOW
def test_nocreate(tmp_path, how):
    with Followed(tmp_path) as followed:
        logrotate = Logrotate(tmp_path, followed.log, "nocreate", "nocompress")
        followed.write()
        followed.check()
        with followed.unseen(how):
            followed.write()
            logrotate.run()
        followed.check()
        followed.write(log=tmp_path / "access.log.1")
        followed.check()
        with followed.unseen(how):
            followed.write()  # the server makes the file when it writes to it
        followed.check()
        assert followed.lost() == 0


def test_olddir_while_it_runs(tmp_path):
    (tmp_path / "old").mkdir()
    with Followed(tmp_path) as followed:
        logrotate = Logrotate(tmp_path, followed.log, "create", "nocompress", "olddir old")
        for _ in range(2):
            followed.write()
            logrotate.run()
            followed.write(log=tmp_path / "old/access.log.1")
            followed.write()
            followed.check()
        assert followed.lost() == 0


def test_olddir_while_it_is_down_is_not_found_and_said(tmp_path):
    (tmp_path / "old").mkdir()
    with Followed(tmp_path) as followed:
        logrotate = Logrotate(tmp_path, followed.log, "create", "nocompress", "olddir old")
        followed.write()
        followed.check()
        wait_for_snapshot(followed.exporter)
        followed.requests = Requests()  # its counters begin at 0
        with followed.unseen("down"):
            logrotate.run()
            followed.write()
        followed.check()
        assert shown(followed.exporter, "tail_lost_files_total") == 1
        assert "when it was last read is gone" in followed.exporter.output()


# --- names ---

@HOW
def test_a_link_to_the_file_of_the_day(tmp_path, how):
    days = [tmp_path / f"access-2026-11-{day}.log" for day in (21, 22, 23)]
    current = tmp_path / "current"
    current.symlink_to(days[0].name)
    with Followed(tmp_path, source=current, log=days[0]) as followed:
        followed.write()
        followed.check()
        for before, day in zip(days, days[1:]):
            with followed.unseen(how):
                followed.write(log=before)
                followed.write(log=day)
                (tmp_path / "new").symlink_to(day.name)
                (tmp_path / "new").rename(current)
                followed.write(log=before)
                followed.write(log=day)
            followed.check()
        assert followed.lost() == 0


@pytest.mark.parametrize("how", ["running", "down"])
def test_a_glob_with_new_files(tmp_path, how):
    logs = tmp_path / "logs"
    logs.mkdir()
    with Followed(tmp_path, source=logs / "*.log", log=logs / "a.log") as followed:
        followed.write()
        followed.check()
        logrotate = Logrotate(tmp_path, f"{logs}/a*.log", "create", "nocompress", "dateext",
                              "extension .log")
        with followed.unseen(how):
            followed.write()
            followed.write(log=logs / "b.log")
            logrotate.run()
            followed.write()
            followed.write(log=logs / "b.log")
        followed.check()


@HOW
def test_a_file_that_is_moved_away_and_back(tmp_path, how):
    away = tmp_path / "away"
    with Followed(tmp_path) as followed:
        followed.write()
        followed.check()
        with followed.unseen(how):
            followed.write()
            followed.log.rename(away)
            followed.write(log=away)
        if how != "down":
            followed.check()
        with followed.unseen(how):
            followed.write(log=away)
            away.rename(followed.log)
            followed.write()
        followed.check()
        assert followed.lost() == 0


# --- permission ---

def as_somebody(directory):
    """In front of a command: somebody who may not read everything."""
    if os.getuid() != 0:
        return ()
    if shutil.which("setpriv") is None:
        pytest.skip("root may read everything, and there is no setpriv")
    os.chown(directory, 65534, 65534)
    return ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")


@pytest.mark.parametrize("how", ["running", "down"])
def test_permission_lost_and_regained(how):
    # The directories above tmp_path are closed to others.
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        directory = pathlib.Path(name)
        before = as_somebody(directory)
        log = directory / "access.log"
        requests = Requests()
        requests.write(log, 100)
        arguments = sites(directory, {"site": log})
        exporter = stack.enter_context(Exporter(*arguments, before=before))
        wait_for_counts(exporter, requests)
        if how == "down":
            kill(exporter)
            log.chmod(0)
            if os.getuid() == 0:
                requests.write(log, 100)
            exporter = stack.enter_context(Exporter(*arguments, before=before))
        else:
            log.rename(directory / "access.log.1")
            log.touch(0)
            requests.write(directory / "access.log.1", 100)
            if os.getuid() == 0:
                requests.write(log, 100)
        wait_until(lambda: shown(exporter, "tail_open_errors_total") >= 2, 15, exporter.output())
        assert exporter.output().count(f"cannot open {log}: Permission denied") == 1
        assert shown(exporter, "tail_file_open") == 0
        log.chmod(0o644)
        requests.write(log, 100)
        wait_for_counts(exporter, requests)


# --- contents ---

@pytest.mark.parametrize("how", ["stopped", "ended"])
def test_truncated_and_grown_past_the_old_place(tmp_path, how):
    with Followed(tmp_path) as followed:
        followed.write()
        followed.check()
        with followed.unseen(how):
            followed.log.write_text("")
            followed.write(300)
        followed.check()
        wait_until(lambda: shown(followed.exporter, "tail_truncations_total") == 1, 5,
                   followed.exporter.output())


def test_truncated_and_grown_after_a_kill(tmp_path):
    """What was read behind the last snapshot cannot be known: the counters begin at 0."""
    with Followed(tmp_path) as followed:
        followed.write()
        followed.check()
        wait_for_snapshot(followed.exporter)
        followed.requests = Requests()
        with followed.unseen("down"):
            followed.log.write_text("")
            followed.write(300)
        followed.check()
        assert "the counters of site begin at 0" in followed.exporter.output()


@HOW
def test_a_half_line_at_a_rotation(tmp_path, how):
    with Followed(tmp_path) as followed:
        logrotate = Logrotate(tmp_path, followed.log, "create", "nocompress")
        followed.write()
        line = followed.requests.line() + "\n"
        with open(followed.log, "a", encoding="ascii", buffering=1) as server:
            server.write(line[:40])
            server.flush()
            wait_for_snapshot(followed.exporter)
            with followed.unseen(how):
                logrotate.run()
                followed.write()
            server.write(line[40:])
            server.flush()
            followed.check()
        followed.restart()
        followed.check()


def test_a_half_line_at_a_restart(tmp_path):
    with Followed(tmp_path) as followed:
        followed.write()
        line = followed.requests.line() + "\n"
        for begin in range(0, len(line), 30):
            append(followed.log, line[begin:begin + 30])
            wait_until(lambda: shown(followed.exporter, "tail_bytes_behind") == 0, 5, "all is read")
            followed.restart()
        followed.check()
        followed.write()
        followed.check()


@pytest.mark.parametrize("snapshot", ["before", "within"])
def test_a_line_over_the_limit_at_a_restart(tmp_path, snapshot):
    with Followed(tmp_path) as followed:
        followed.write()
        followed.check()
        if snapshot == "before":
            wait_for_snapshot(followed.exporter)
        size = followed.log.stat().st_size
        append(followed.log, "x" * (1 << 20) + "y" * (1 << 19))
        if snapshot == "within":
            wait_until(lambda: "access.log" in followed.exporter.output() and
                       shown(followed.exporter, "tail_bytes_behind") == 0, 5, "all is read")
            wait_for_snapshot(followed.exporter)
        followed.restart()
        append(followed.log, "z" * 1000)
        followed.restart()
        append(followed.log, "\n")
        followed.write()
        wait_until(lambda: shown(followed.exporter, "lines_read_total") == 201, 10,
                   followed.exporter.output())
        assert counted(followed.exporter) == followed.requests.truth
        too_long = 'accesslog_unparsed_lines_total{site="site",reason="too_long"}'
        assert followed.exporter.metrics()[too_long] == 1
        assert followed.log.stat().st_size > size


IIS_HEAD = """#Software: Microsoft Internet Information Services 10.0
#Version: 1.0
#Date: 2026-11-22 00:00:00
#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip sc-status sc-bytes
"""


def iis_lines(client, count):
    return "".join(f"2026-11-22 12:00:00 192.0.2.1 GET /{client} - 80 - {client} 200 {number}\n"
                   for number in range(count))


@pytest.mark.parametrize("how, read", [("ended", 10), ("ended", 0), ("down", 0)])
def test_an_inode_that_is_used_again_by_a_file_with_the_same_head(tmp_path, how, read):
    with Followed(tmp_path) as followed:
        append(followed.log, IIS_HEAD + iis_lines("198.51.100.1", read))
        wait_until(lambda: shown(followed.exporter, "lines_read_total") == 4 + read, 5, "the head")
        wait_for_snapshot(followed.exporter)
        inode = followed.log.stat().st_ino
        with followed.unseen(how):
            followed.log.unlink()
            followed.log.write_text(IIS_HEAD + iis_lines("198.51.100.2", 30))
        if followed.log.stat().st_ino != inode:
            pytest.skip("this file system does not use the inode again")
        def of(client):
            series = (f'accesslog_client_requests_total{{site="site",client="{client}",'
                      'status="200"}')
            return followed.exporter.metrics().get(series, 0)
        wait_until(lambda: of("198.51.100.2") == 30, 10, followed.exporter.output())
        assert of("198.51.100.1") == read


def test_the_content_of_a_compressed_file_is_known_again(tmp_path):
    """Somebody compressed the file by hand while the exporter was down."""
    with Followed(tmp_path) as followed:
        followed.write()
        followed.check()
        with followed.unseen("down"):
            followed.write()
            with gzip.open(tmp_path / "access.log.1.gz", "wb") as compressed:
                compressed.write(followed.log.read_bytes())
            followed.log.unlink()
            followed.write()
        followed.check()
        assert followed.lost() == 0
