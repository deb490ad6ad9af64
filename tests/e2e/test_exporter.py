"""The exporter as a process: files that come, go and turn; signals; wrong starts."""
import gzip
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time
import urllib.request

import pytest

from programs import EXPORTER, ROOT, Exporter, Nginx, free_port, get, wait_until

LINE = ('192.0.2.1 - - [08/Sep/2023:12:26:56 -0400] "GET / HTTP/1.1" 200 3477 "-" "Mozilla/5.0"\n')
LINES_READ = 'accesslog_lines_read_total{site="default"}'


def run(*arguments, **options):
    return subprocess.run([EXPORTER, *map(str, arguments)], capture_output=True, text=True,
                          timeout=20, check=False, **options)


def file_metric(name, path):
    return f'accesslog_tail_{name}{{site="default",file="{path}"}}'


def append(path, text):
    with open(path, "a", encoding="utf-8") as file:
        file.write(text)


def test_a_written_line_is_visible_within_100_ms(tmp_path):
    log = tmp_path / "access.log"
    log.touch()
    with Exporter(tmp_path, log) as exporter:
        delays = []
        for count in range(1, 21):
            append(log, LINE)
            began = time.monotonic()
            wait_until(lambda n=count: exporter.metrics()[LINES_READ] == n, 5, "the line")
            delays.append(time.monotonic() - began)
        # wait_until looks every 50 ms; the median is robust against a busy machine.
        assert sorted(delays)[len(delays) // 2] < 0.1, delays


def test_only_new_lines_count_unless_told_otherwise(tmp_path):
    log = tmp_path / "access.log"
    log.write_text(LINE * 3)
    with Exporter(tmp_path, log) as exporter:
        append(log, LINE)
        exporter.wait_for_metric(LINES_READ, 1)
    with Exporter(tmp_path, "--start=beginning", log) as exporter:
        exporter.wait_for_metric(LINES_READ, 4)


def test_a_file_under_several_names_counts_once(tmp_path):
    log = tmp_path / "access.log"
    log.write_text(LINE)
    (tmp_path / "link.log").symlink_to(log)
    with Exporter(tmp_path, "--start=beginning", log, "access.log", "./access.log",
                  "*.log") as exporter:
        append(log, LINE)
        exporter.wait_for_metric(LINES_READ, 2)
        # A rotation within reach of the glob: the old file is the same file still.
        log.rename(tmp_path / "access-20231108.log")
        log.write_text(LINE)
        exporter.wait_for_metric(LINES_READ, 3)
        time.sleep(6)  # the glob is looked at again
        assert exporter.metrics()[LINES_READ] == 3


@pytest.mark.parametrize("style", ["create", "copytruncate"])
def test_nginx_and_logrotate_lose_nothing(tmp_path, style):
    # Each request differs: two files of the same lines, made within a second, cannot be told from a
    # file and its copy, which must not be counted.
    (tmp_path / "nginx").mkdir()
    with Nginx(tmp_path / "nginx") as nginx, \
            Exporter(tmp_path, "--start=beginning", nginx.access_log) as exporter:
        directory = nginx.access_log.parent
        how = ("copytruncate" if style == "copytruncate" else
               f"create\n  postrotate\n    kill -USR1 $(cat {nginx.pid_file})\n  endscript")
        owner = "su root root\n" if os.getuid() == 0 else ""
        (tmp_path / "logrotate.conf").write_text(
            f"{owner}{nginx.access_log} {{\n  rotate 5\n  nocompress\n  {how}\n}}\n")
        sent = 1  # by the Nginx fixture, when it waited for the server
        for _ in range(3):
            for _ in range(40):
                nginx.request(f"/?{sent}")
                sent += 1
            if style == "copytruncate":
                # logrotate itself loses what is written between its copy and its truncation.
                exporter.wait_for_metric(LINES_READ, sent)
            subprocess.run(["/usr/sbin/logrotate", "--force", f"--state={tmp_path}/state",
                            tmp_path / "logrotate.conf"], check=True)
            if style == "create":
                wait_until(lambda: nginx.access_log.exists() and
                           nginx.access_log.stat().st_size >= 0, 5, "the new log")
        for _ in range(40):
            nginx.request(f"/?{sent}")
            sent += 1
        exporter.wait_for_metric(LINES_READ, sent)
        counted = "rotations_total" if style == "create" else "truncations_total"
        exporter.wait_for_metric(file_metric(counted, nginx.access_log), 3)
        assert exporter.metrics()[file_metric("lost_bytes_total", nginx.access_log)] == 0
        assert len(list(directory.glob("access.log*"))) == 4


def test_a_missing_file_is_said_once_and_read_when_it_comes(tmp_path):
    log = tmp_path / "later.log"
    with Exporter(tmp_path, log) as exporter:
        assert exporter.metrics()[file_metric("file_open", log)] == 0
        wait_until(lambda: exporter.metrics()[file_metric("open_errors_total", log)] >= 3, 10,
                   "three attempts")
        assert exporter.output().count("cannot open") == 1
        log.write_text(LINE)
        exporter.wait_for_metric(LINES_READ, 1)
        exporter.wait_for_metric(file_metric("file_open", log), 1)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_within_two_seconds_and_the_last_lines_count(tmp_path, how):
    log = tmp_path / "access.log"
    log.touch()
    with Exporter(tmp_path, log) as exporter:
        # Readers that sit on half a request must not hold it up.
        stuck = [socket.create_connection(("127.0.0.1", exporter.port)) for _ in range(20)]
        for connection in stuck:
            connection.sendall(b"GET /metrics HTTP/1.1\r\n")
        append(log, LINE * 1000)
        code, seconds = exporter.stop(how)
        assert code == 0
        assert seconds < 2
        assert "1,000 lines read" in exporter.output()
        for connection in stuck:
            connection.close()


def test_slow_clients_delay_nobody(tmp_path):
    log = tmp_path / "access.log"
    log.write_text("".join(LINE.replace("192.0.2.1 ", f"192.0.2.{n} ") for n in range(250)))
    with Exporter(tmp_path, "--start=beginning", log) as exporter:
        stuck = []
        for number in range(30):
            connection = socket.create_connection(("127.0.0.1", exporter.port))
            connection.sendall(b"GET /metrics HTTP/1.1\r\n" + (b"\r\n" if number % 2 else b""))
            stuck.append(connection)
        began = time.monotonic()
        assert get(f"{exporter.url}/metrics")[0] == 200
        assert time.monotonic() - began < 1
        for connection in stuck:
            connection.close()


def test_answers(tmp_path):
    log = tmp_path / "access.log"
    log.write_text(LINE)
    with Exporter(tmp_path, "--start=beginning", log) as exporter:
        assert get(f"{exporter.url}/-/healthy") == (200, "healthy\n")
        assert get(f"{exporter.url}/-/ready") == (200, "ready\n")
        assert get(f"{exporter.url}/metrics/x")[0] == 404
        request = urllib.request.Request(f"{exporter.url}/metrics", method="DELETE")
        with pytest.raises(urllib.error.HTTPError, match="405"):
            urllib.request.urlopen(request, timeout=5)
        request = urllib.request.Request(f"{exporter.url}/metrics",
                                         headers={"Accept-Encoding": "gzip"})
        with urllib.request.urlopen(request, timeout=5) as answer:
            assert answer.headers["Content-Encoding"] == "gzip"
            assert b"accesslog_lines_read_total" in gzip.decompress(answer.read())
        scrape = get(f"{exporter.url}/metrics")[1]
        checked = subprocess.run(["promtool", "check", "metrics"], input=scrape, text=True,
                                 capture_output=True, check=False)
        assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")
        health = run("healthcheck", f"--web.listen-address=127.0.0.1:{exporter.port}")
        assert (health.returncode, health.stdout) == (0, "ready\n")
    health = run("healthcheck", f"--web.listen-address=127.0.0.1:{exporter.port}")
    assert health.returncode == 1
    assert health.stderr == (f"no answer from http://127.0.0.1:{exporter.port}/-/ready; "
                             "is the exporter running?\n")


def test_a_busy_port_is_a_sentence(tmp_path):
    log = tmp_path / "access.log"
    log.touch()
    with Exporter(tmp_path, log) as exporter:
        second = run(f"--web.listen-address=127.0.0.1:{exporter.port}", log)
        assert second.returncode == 2
        assert (f"cannot listen on 127.0.0.1:{exporter.port}: Address already in use; stop what "
                "listens there or choose another --web.listen-address") in second.stderr


def test_a_broken_configuration_is_a_list_of_sentences(tmp_path):
    config = tmp_path / "broken.toml"
    config.write_text('[web]\nlisten_adress = "127.0.0.1:9517"\n[clients]\nidle = 5\n')
    expected = (f'{config}:2:1: unknown key "listen_adress" in [web]; '
                'did you mean "listen_address"?\n'
                f'{config}:4:8: idle in [clients] must be a duration from 1s to 31536000s, '
                'as in "1h"\n')
    for arguments in (["check-config", config], [f"--config.file={config}"]):
        result = run(*arguments)
        assert (result.returncode, result.stdout, result.stderr) == (2, "", expected)


def test_the_page_renders_in_a_browser(tmp_path):
    log = tmp_path / "access.log"
    log.write_text(LINE)
    browser = shutil.which("chromium")
    with Exporter(tmp_path, "--start=beginning", log, "missing<b>.log") as exporter:
        shown = subprocess.run([
            browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            f"--user-data-dir={tmp_path}/browser", "--dump-dom", exporter.url + "/"],
            capture_output=True, text=True, timeout=60, check=True).stdout
        assert "<td>default</td><td>1</td><td>1</td><td>1</td>" in shown
        assert "missing&lt;b&gt;.log" in shown
        assert "cannot be opened" in shown


def test_script_server_shows_clients_and_signals_within_a_minute(tmp_path):
    port = free_port()
    environment = dict(os.environ, TMPDIR=str(tmp_path))
    with open(tmp_path / "server.output", "wb") as output:
        server = subprocess.Popen(
            [ROOT / "script/server", f"--web.listen-address=127.0.0.1:{port}"],
            stdout=output, stderr=output, env=environment, start_new_session=True)
    try:
        url = f"http://127.0.0.1:{port}/metrics"
        wait_until(lambda: get(url)[0] == 200, 300, "the exporter is built and answers")
        wait_until(lambda: 'client="203.0.113.66",network="external",signal="login_failures"'
                   in get(url)[1], 60, "the guesser's signal")
        wait_until(lambda: any(line.startswith("accesslog_client_requests_total") and
                               not line.endswith(" 0") for line in get(url)[1].splitlines()),
                   60, "a client's counter")
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(10)
    assert not list(pathlib.Path(tmp_path).glob("tmp.*")), "the sample's log was left behind"
