"""SIGHUP: the configuration is read again, and nothing is lost, counted twice, or begun anew."""
import signal
import socket
import threading
import time

import pytest

from numbered import (Requests, append, counted, kill, shown, sites, wait_for_counts,
                      wait_for_snapshot)
from programs import Exporter, free_port, get, wait_until

SUCCESSFUL = "accesslog_config_last_reload_successful"
SUCCESS_TIME = "accesslog_config_last_reload_success_timestamp_seconds"
READ_AGAIN = "the configuration was read again"
NOT_TAKEN = "the configuration was not taken over"
FAILED_REQUESTS = 'accesslog_signal_threshold{site="site",signal="failed_requests",window="5m"}'


@pytest.fixture(name="log")
def made_log(tmp_path):
    log = tmp_path / "access.log"
    log.touch()
    return log


def reload(exporter):
    """Whether the configuration was taken over."""
    def answers():
        output = exporter.output()
        return output.count(READ_AGAIN), output.count(NOT_TAKEN)
    before = answers()
    exporter.process.send_signal(signal.SIGHUP)
    wait_until(lambda: answers() != before, 10, f"an answer to SIGHUP\n{exporter.output()}")
    return answers()[0] > before[0]


class Writing(threading.Thread):
    """Appends lines until it is left."""

    def __init__(self, log, requests):
        super().__init__()
        self.log, self.requests = log, requests
        self.end = threading.Event()

    def run(self):
        while not self.end.wait(0.002):
            self.requests.write(self.log, 20)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.end.set()
        self.join()


# --- what goes on ---

def test_counters_places_and_signals_continue(tmp_path, log):
    arguments = sites(tmp_path, {"site": log})
    requests = Requests()
    with Exporter(*arguments) as exporter:
        requests.write(log, 500)
        append(log, "half a line, ")
        wait_for_counts(exporter, requests)
        def figures():
            return {series: value for series, value in exporter.metrics().items()
                    if "site=" in series}
        before = figures()
        assert shown(exporter, "client_signal") > 0
        assert reload(exporter)
        assert figures() == before
        append(log, "and its end\n")
        requests.write(log, 500)
        wait_until(lambda: shown(exporter, "lines_read_total") == 1001, 10, exporter.output())
        assert counted(exporter) == requests.truth


def test_series_that_show_0_still_show_their_values_when_it_is_time(tmp_path, log):
    arguments = sites(tmp_path, {"site": log}, hold="3s")
    requests = Requests()
    with Exporter(*arguments) as exporter:
        requests.write(log, 100)
        began = time.monotonic()
        wait_until(lambda: shown(exporter, "client_pending_requests") == 100, 2, exporter.output())
        assert reload(exporter)
        if time.monotonic() - began < 2.5:
            assert shown(exporter, "client_pending_requests") == 100
        wait_for_counts(exporter, requests)
        assert time.monotonic() - began > 2.9
        assert shown(exporter, "client_pending_requests") == 0


def test_the_state_is_kept_behind_a_reload(tmp_path, log):
    arguments = sites(tmp_path, {"site": log})
    requests = Requests()
    with Exporter(*arguments) as first:
        requests.write(log, 100)
        wait_for_counts(first, requests)
        assert reload(first)
        requests.write(log, 100)
        wait_for_counts(first, requests)
        wait_for_snapshot(first)
        kill(first)
    with Exporter(*arguments) as second:
        assert counted(second) == requests.truth


# --- what changes ---

def test_sites_come_and_go(tmp_path, log):
    other = tmp_path / "other.log"
    requests, others = Requests(), Requests("198.51.100")
    requests.write(log, 50)
    others.write(other, 50)
    with Exporter(*sites(tmp_path, {"site": log})) as exporter:
        wait_for_counts(exporter, requests)
        sites(tmp_path, {"site": log, "other": other})
        assert reload(exporter)
        wait_for_counts(exporter, others, "other")
        sites(tmp_path, {"other": other})
        assert reload(exporter)
        assert not [series for series in exporter.metrics() if 'site="site"' in series]
        others.write(other, 50)
        wait_for_counts(exporter, others, "other")


def test_a_site_that_comes_back_within_the_life_of_the_process(tmp_path, log):
    """Its counters begin at 0 or go on, but never lie in between."""
    other = tmp_path / "other.log"
    requests, others = Requests(), Requests("198.51.100")
    requests.write(log, 50)
    others.write(other, 50)
    both = {"site": log, "other": other}
    with Exporter(*sites(tmp_path, both)) as exporter:
        wait_for_counts(exporter, others, "other")
        sites(tmp_path, {"site": log})
        assert reload(exporter)
        others.write(other, 50)
        sites(tmp_path, both)
        assert reload(exporter)
        wait_for_counts(exporter, others, "other")
        wait_for_counts(exporter, requests)


def test_a_threshold_changes(tmp_path, log):
    with Exporter(*sites(tmp_path, {"site": log})) as exporter:
        assert exporter.metrics()[FAILED_REQUESTS] == 5
        sites(tmp_path, {"site": log}, extra="[detect.FailedRequests]\nper_5m = 7")
        assert reload(exporter)
        assert exporter.metrics()[FAILED_REQUESTS] == 7


def test_another_address_is_left_for_the_next_start_and_the_rest_is_taken(tmp_path, log):
    port, other_port = free_port(), free_port()
    def configuration(listen, per_5m):
        return sites(tmp_path, {"site": log}, extra=f'[web]\nlisten_address = "127.0.0.1:{listen}"\n'
                     f"[detect.FailedRequests]\nper_5m = {per_5m}")
    with Exporter(*configuration(port, 5), port=port) as exporter:
        configuration(other_port, 7)
        assert reload(exporter)
        assert exporter.metrics()[FAILED_REQUESTS] == 7
        assert "another listen_address takes effect when the exporter is started anew" in (
            exporter.output())
        assert get(f"http://127.0.0.1:{other_port}/-/ready")[0] == 0


# --- what is not taken ---

@pytest.mark.parametrize("broken, message", [
    ("[clients]\nidle = \n", "exporter.toml:2:8: "),
    ('[clients]\nidel = "1h"\n', 'exporter.toml:2:1: unknown key "idel" in [clients]'),
    ('[clients]\nidle = "1 fortnight"\n', "exporter.toml:2:8: "),
])
def test_a_broken_file_changes_nothing(tmp_path, log, broken, message):
    arguments = sites(tmp_path, {"site": log})
    config = tmp_path / "exporter.toml"
    requests = Requests()
    with Exporter(*arguments) as exporter:
        requests.write(log, 100)
        wait_for_counts(exporter, requests)
        whole = config.read_text()
        since = exporter.metrics()[SUCCESS_TIME]
        config.write_text(broken)
        assert not reload(exporter)
        assert message in exporter.output().replace('\\"', '"')
        assert exporter.metrics()[SUCCESSFUL] == 0
        assert exporter.metrics()[SUCCESS_TIME] == since
        requests.write(log, 100)
        wait_for_counts(exporter, requests)
        config.write_text(whole)
        assert reload(exporter)
        assert exporter.metrics()[SUCCESSFUL] == 1
        assert exporter.metrics()[SUCCESS_TIME] > since
        requests.write(log, 100)
        wait_for_counts(exporter, requests)


def test_a_file_that_is_gone_changes_nothing(tmp_path, log):
    arguments = sites(tmp_path, {"site": log})
    requests = Requests()
    with Exporter(*arguments) as exporter:
        (tmp_path / "exporter.toml").unlink()
        assert not reload(exporter)
        assert exporter.metrics()[SUCCESSFUL] == 0
        requests.write(log, 100)
        wait_for_counts(exporter, requests)


def test_a_stream_that_cannot_listen_changes_nothing(tmp_path, log):
    requests = Requests()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken, \
            Exporter(*sites(tmp_path, {"site": log})) as exporter:
        taken.bind(("127.0.0.1", 0))
        requests.write(log, 100)
        wait_for_counts(exporter, requests)
        sites(tmp_path, {"site": log,
                         "taken": f"syslog+udp://127.0.0.1:{taken.getsockname()[1]}"})
        assert not reload(exporter)
        assert exporter.metrics()[SUCCESSFUL] == 0
        requests.write(log, 100)
        wait_for_counts(exporter, requests)


def test_without_a_configuration_it_only_says_so(tmp_path, log):
    with Exporter(tmp_path, log) as exporter:
        exporter.process.send_signal(signal.SIGHUP)
        wait_until(lambda: "there is no configuration file to read again" in exporter.output(), 5,
                   exporter.output())
        append(log, "x\n")
        exporter.wait_for_metric('accesslog_lines_read_total{site="default"}', 1)
        assert exporter.metrics()[SUCCESSFUL] == 1


# --- meanwhile ---

def test_fifty_reloads_under_load(tmp_path, log):
    arguments = sites(tmp_path, {"site": log})
    requests = Requests()
    with Exporter(*arguments) as exporter, Writing(log, requests) as writing:
        for number in range(50):
            sites(tmp_path, {"site": log},
                  extra=f"[detect.FailedRequests]\nper_5m = {5 + number % 2}")
            assert reload(exporter)
        writing.end.set()
        writing.join()
        wait_for_counts(exporter, requests)
        # Faster than it can read: several become one.
        for _ in range(50):
            requests.write(log, 5)
            exporter.process.send_signal(signal.SIGHUP)
        wait_for_counts(exporter, requests)


def test_a_renamed_and_deleted_file_is_still_read(tmp_path, log):
    arguments = sites(tmp_path, {"site": log})
    requests = Requests()
    with Exporter(*arguments) as exporter, open(log, "a", encoding="ascii", buffering=1) as old:
        old.write(requests.lines(50))
        wait_for_counts(exporter, requests)
        log.rename(tmp_path / "access.log.1")
        log.touch()
        exporter.wait_for_metric(f'accesslog_tail_rotations_total{{site="site",file="{log}"}}', 1)
        (tmp_path / "access.log.1").unlink()
        for _ in range(2):
            old.write(requests.lines(50))
            assert reload(exporter)
            old.write(requests.lines(50))
            requests.write(log, 50)
            wait_for_counts(exporter, requests)


@pytest.mark.parametrize("transport", ["udp", "unix"])
def test_a_stream_loses_no_message(tmp_path, log, transport):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        address = probe.getsockname()
    family, source = socket.AF_INET, f"syslog+udp://127.0.0.1:{address[1]}"
    if transport == "unix":
        address = str(tmp_path / "s")
        family, source = socket.AF_UNIX, f"syslog+unix:{address}"
    files = {"site": source}
    requests = Requests()
    with Exporter(*sites(tmp_path, files)) as exporter, \
            socket.socket(family, socket.SOCK_DGRAM) as sender:
        def send(count):
            for _ in range(count):
                message = f"<190>Nov 22 10:00:00 nginx: {requests.line()}"
                sender.sendto(message.encode(), address)
        for number in range(10):
            sites(tmp_path, files, extra=f"[detect.FailedRequests]\nper_5m = {5 + number % 2}")
            send(10)
            exporter.process.send_signal(signal.SIGHUP)
            send(10)
            wait_until(lambda n=number: exporter.output().count(READ_AGAIN) > n, 10,
                       exporter.output())
        wait_for_counts(exporter, requests)
        for more_sites in (files | {"another": log}, {"another": log} | files):
            sites(tmp_path, more_sites)
            send(5)
            exporter.process.send_signal(signal.SIGHUP)
            for _ in range(50):
                send(1)
                time.sleep(0.001)
            wait_for_counts(exporter, requests)


def test_scrapes_do_not_wait_for_a_reload(tmp_path, log):
    with open(log, "w", encoding="ascii") as file:
        for number in range(20000):
            file.write(f'10.1.{number >> 8}.{number & 255} - - [22/Nov/2026:12:00:00 +0000] '
                       '"GET / HTTP/1.1" 200 5 "-" "-"\n')
    with Exporter(*sites(tmp_path, {"site": log})) as exporter:
        def scrape():
            began = time.monotonic()
            assert get(f"{exporter.url}/metrics")[0] == 200
            return time.monotonic() - began
        usual = sorted(scrape() for _ in range(9))
        while_reloading = []
        for number in range(1, 10):
            exporter.process.send_signal(signal.SIGHUP)
            while_reloading.append(scrape())
            wait_until(lambda n=number: exporter.output().count(READ_AGAIN) == n, 10,
                       exporter.output())
        # The reload itself copies what 10,000 clients sent.
        assert sorted(while_reloading)[4] < 2 * usual[4] + 0.2, (usual, while_reloading)
        assert max(while_reloading) < 1, while_reloading
