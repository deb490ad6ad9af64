"""Counters go on where they were, however the exporter ended and whatever happens to its state."""
import contextlib
import os
import signal
import socket
import subprocess
import time

import pytest

from numbered import (Requests, append, counted, kill, shown, sites, state_writes, wait_for_counts,
                      wait_for_snapshot)
from programs import EXPORTER, Exporter, free_port, get, wait_until

LINES_READ = 'accesslog_lines_read_total{site="site"}'


@pytest.fixture(name="log")
def made_log(tmp_path):
    log = tmp_path / "access.log"
    log.touch()
    return log


def free_udp_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def about_the_logs(exporter):
    """All series that tell of lines, as text and value; none of the process or of the moment."""
    return {series: value for series, value in exporter.metrics().items()
            if 'site="' in series and "accesslog_tail_" not in series and value != 0}


# --- the end of the process ---

def test_everything_continues_after_kill_9(tmp_path, log):
    arguments = sites(tmp_path, {"site": log})
    requests = Requests()
    with Exporter(*arguments) as first:
        requests.write(log, 500)
        append(log, "junk\n\n")
        wait_until(lambda: first.metrics()[LINES_READ] == 502, 10, first.output())
        wait_for_snapshot(first)
        requests.write(log, 500)  # more than the state tells
        wait_until(lambda: first.metrics()[LINES_READ] == 1002, 10, first.output())
        before = about_the_logs(first)
        assert any("client_signal{" in series for series in before)
        kill(first)
    with Exporter(*arguments) as second:
        assert about_the_logs(second) == before
        assert counted(second) == requests.truth


def test_series_that_show_0_still_are_not_born_twice(tmp_path, log):
    arguments = sites(tmp_path, {"site": log}, hold="60s")
    requests = Requests()
    with Exporter(*arguments) as first:
        requests.write(log, 300)
        wait_until(lambda: shown(first, "client_pending_requests") == 300, 10, first.output())
        pending = about_the_logs(first)
        wait_for_snapshot(first)
        kill(first)
    with Exporter(*arguments) as second:
        assert about_the_logs(second) == pending
        assert not counted(second).clients


def test_what_idle_clients_left_behind_continues(tmp_path, log):
    arguments = sites(tmp_path, {"site": log}, extra='idle = "1s"')
    requests = Requests()
    with Exporter(*arguments) as first:
        requests.write(log, 300)
        wait_until(lambda: shown(first, "client_evicted_requests_total") == 300, 15,
                   first.output())
        before = about_the_logs(first)
        kill(first)
    with Exporter(*arguments) as second:
        # Those that were there at the last snapshot are shown once more until they are idle again.
        wait_until(lambda: about_the_logs(second) == before, 15, second.output())
        assert counted(second).requests == requests.truth.requests


def test_a_clean_end_loses_nothing(tmp_path, log):
    arguments = sites(tmp_path, {"site": log})
    requests = Requests()
    with Exporter(*arguments) as first:
        requests.write(log, 20000)
        assert first.stop(signal.SIGTERM)[0] == 0
        assert "20,000 lines read" in first.output()
    requests.write(log, 10)
    with Exporter(*arguments) as second:
        assert counted(second) == requests.truth


# --- while it reads what it missed ---

BACKLOG_BLOCKS = 2000


def write_backlog(log, requests):
    block = requests.lines(1000, times=BACKLOG_BLOCKS).encode()
    with open(log, "ab") as file:
        for _ in range(BACKLOG_BLOCKS):
            file.write(block)


def is_catching_up(exporter):
    assert exporter.process.poll() is None, exporter.output()
    return get(f"{exporter.url}/metrics")[0] == 503


def test_no_low_value_is_shown_while_it_reads_what_it_missed(tmp_path, log):
    arguments = sites(tmp_path, {"site": log})
    requests = Requests()
    with Exporter(*arguments) as first:
        requests.write(log, 100)
        wait_for_counts(first, requests)
        kill(first)
    write_backlog(log, requests)
    with Exporter(*arguments, ready=False) as second:
        wait_until(lambda: is_catching_up(second), 10, "503")
        assert get(f"{second.url}/-/ready")[0] == 503
        assert get(f"{second.url}/-/healthy")[0] == 200
        wait_until(lambda: get(f"{second.url}/metrics")[0] != 503, 60, second.output())
        assert counted(second) == requests.truth
        assert get(f"{second.url}/-/ready")[0] == 200


def test_killed_again_and_again_while_it_starts(tmp_path, log):
    arguments = sites(tmp_path, {"site": log})
    requests = Requests()
    with Exporter(*arguments) as first:
        requests.write(log, 100)
        wait_for_counts(first, requests)
        kill(first)
    write_backlog(log, requests)
    for _ in range(2):
        with Exporter(*arguments, ready=False) as starting:
            wait_until(lambda e=starting: is_catching_up(e), 10, "503")
            kill(starting)
    with Exporter(*arguments, ready=False) as last:
        last.wait_until_ready(60)
        assert counted(last) == requests.truth


# --- the state file ---

def test_a_file_that_is_no_state_is_set_aside(tmp_path, log):
    arguments = sites(tmp_path, {"site": log})
    garbage = b"this is no state\n" * 1000
    (tmp_path / "state.db").write_bytes(garbage)
    requests = Requests()
    with Exporter(*arguments) as first:
        requests.write(log, 100)
        wait_for_counts(first, requests)
        assert first.metrics()["accesslog_state_set_aside"] == 1
        assert "state.db could not be used" in first.output()
        assert [file.read_bytes() for file in tmp_path.glob("state.db.damaged-*")] == [garbage]
        kill(first)
    with Exporter(*arguments) as second:
        assert counted(second) == requests.truth
        assert second.metrics()["accesslog_state_set_aside"] == 0


def test_a_damaged_state_is_set_aside(tmp_path, log):
    arguments = sites(tmp_path, {"site": log})
    requests = Requests()
    requests.write(log, 2000)
    with Exporter(*arguments) as first:
        wait_for_counts(first, requests)
        first.stop()
    state = tmp_path / "state.db"
    content = bytearray(state.read_bytes())
    for place in range(200, len(content), 301):
        content[place] ^= 0xFF
    state.write_bytes(content)
    with Exporter(*arguments) as second:
        assert second.metrics()["accesslog_state_set_aside"] == 1
        # Without a state it begins where the configuration says.
        wait_for_counts(second, requests)


def test_two_processes_do_not_share_a_state(tmp_path, log):
    arguments = sites(tmp_path, {"site": log})
    with Exporter(*arguments) as first:
        second = subprocess.run([EXPORTER, f"--web.listen-address=127.0.0.1:{free_port()}",
                                 arguments[1]], cwd=tmp_path, capture_output=True, text=True,
                                timeout=20, check=False)
        assert second.returncode == 2
        assert f"{tmp_path}/state.db is in use by another process" in second.stderr
        assert f"(pid {first.process.pid})" in second.stderr
        kill(first)
    with Exporter(*arguments):
        pass  # what was killed keeps nobody out


@contextlib.contextmanager
def small_disk(directory):
    directory.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", directory],
                             capture_output=True, text=True, check=False)
    if mounted.returncode != 0:
        pytest.skip(f"a small file system cannot be mounted: {mounted.stderr.strip()}")
    try:
        yield directory
    finally:
        subprocess.run(["umount", "--lazy", directory], check=True)


def fill(directory):
    with open(directory / "filler", "wb", buffering=0) as filler:
        with contextlib.suppress(OSError):
            while filler.write(bytes(4096)) == 4096:
                pass


def test_a_full_disk_costs_no_count(tmp_path, log):
    requests = Requests()
    with small_disk(tmp_path / "disk") as disk:
        arguments = sites(tmp_path, {"site": log}, state=disk / "state.db")
        with Exporter(*arguments) as first:
            requests.write(log, 100)
            wait_for_counts(first, requests)
            fill(disk)

            def failed():
                requests.write(log, 200)
                return first.metrics()["accesslog_state_write_errors_total"] >= 2
            wait_until(failed, 20, first.output())
            wait_for_counts(first, requests)
            writes = state_writes(first)
            (disk / "filler").unlink()
            requests.write(log, 100)
            wait_until(lambda: state_writes(first) > writes, 10, first.output())
            assert "the state is written again" in first.output()
            wait_for_counts(first, requests)
            kill(first)
        with Exporter(*arguments) as second:
            assert counted(second) == requests.truth


def test_killed_while_the_disk_is_full(tmp_path, log):
    requests = Requests()
    with small_disk(tmp_path / "disk") as disk:
        arguments = sites(tmp_path, {"site": log}, state=disk / "state.db")
        with Exporter(*arguments) as first:
            requests.write(log, 100)
            wait_for_counts(first, requests)
            wait_for_snapshot(first)
            fill(disk)
            requests.write(log, 5000)
            wait_for_counts(first, requests)
            kill(first)
        with Exporter(*arguments) as second:
            assert counted(second) == requests.truth


def test_the_state_is_written_anew_when_somebody_removes_it(tmp_path, log):
    arguments = sites(tmp_path, {"site": log})
    requests = Requests()
    with Exporter(*arguments) as first:
        requests.write(log, 100)
        wait_for_counts(first, requests)
        wait_for_snapshot(first)
        for file in tmp_path.glob("state.db*"):
            file.unlink()
        writes = state_writes(first)
        requests.write(log, 100)
        wait_until(lambda: state_writes(first) > writes, 5, first.output())
        assert (tmp_path / "state.db").exists()
        wait_for_counts(first, requests)
        first.stop()
    log.write_text("")  # only the state can tell now
    with Exporter(*arguments) as second:
        assert counted(second) == requests.truth


def test_the_state_is_written_within_its_interval_and_not_while_the_log_is_silent(tmp_path, log):
    arguments = sites(tmp_path, {"site": log})
    requests = Requests()
    with Exporter(*arguments) as exporter:
        requests.write(log, 1)
        wait_for_counts(exporter, requests)
        wait_for_snapshot(exporter)
        writes = state_writes(exporter)
        requests.write(log, 1)
        began = time.monotonic()
        wait_until(lambda: state_writes(exporter) > writes, 5, exporter.output())
        assert time.monotonic() - began < 2  # the interval is 1 s
        wait_for_counts(exporter, requests)
        writes = state_writes(exporter)
        changed = os.stat(tmp_path / "state.db").st_mtime_ns
        time.sleep(2.5)
        assert state_writes(exporter) == writes
        assert os.stat(tmp_path / "state.db").st_mtime_ns == changed


# --- the configuration of the next start ---

def test_a_site_that_was_taken_out_and_put_back_continues(tmp_path, log):
    other = tmp_path / "other.log"
    requests, others = Requests(), Requests("198.51.100")
    requests.write(log, 50)
    others.write(other, 50)
    with Exporter(*sites(tmp_path, {"site": log, "other": other})) as exporter:
        wait_for_counts(exporter, others, "other")
        wait_for_counts(exporter, requests)
        kill(exporter)
    with Exporter(*sites(tmp_path, {"site": log})) as exporter:
        assert shown(exporter, "lines_read_total", "other") == 0
        others.write(other, 50)
        requests.write(log, 50)
        wait_for_counts(exporter, requests)
        wait_for_snapshot(exporter)
        exporter.stop()
    with Exporter(*sites(tmp_path, {"site": log, "other": other})) as exporter:
        assert counted(exporter, "other") == others.truth
        assert counted(exporter) == requests.truth


# --- what cannot be read again ---

def send(port, requests, count):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for _ in range(count):
            sender.sendto(f"<190>Nov 22 10:00:00 nginx: {requests.line()}".encode(),
                          ("127.0.0.1", port))


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_stream_continues_after_a_clean_end_and_begins_at_0_after_another(tmp_path, how):
    port = free_udp_port()
    arguments = sites(tmp_path, {"site": f"syslog+udp://127.0.0.1:{port}"})
    requests = Requests()
    with Exporter(*arguments) as first:
        send(port, requests, 50)
        wait_for_counts(first, requests)
        wait_for_snapshot(first)
        first.stop(how)
    if how == signal.SIGKILL:
        # What was counted behind the last snapshot cannot be known, and a little less than was
        # shown would be taken for a new start at 0 and all of it for an increase.
        requests = Requests()
    with Exporter(*arguments) as second:
        assert counted(second) == requests.truth
        send(port, requests, 20)
        wait_for_counts(second, requests)
        second.stop()
    with Exporter(*arguments) as third:
        assert counted(third) == requests.truth
        begins = "the counters of site begin at 0"
        assert third.output().count(begins) == (how == signal.SIGKILL)
