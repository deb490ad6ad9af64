"""The real programs of the end-to-end tests, each on a loopback port of its own, in a directory of
its own, stopped by its pid. Everything here waits for a condition with a deadline, never for a time.
"""
import asyncio
import contextlib
import email
import email.policy
import http.client
import os
import pathlib
import re
import signal
import socket
import subprocess
import threading
import time
import urllib.request

import yaml
from aiosmtpd.controller import Controller

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXPORTER = os.environ.get("ACCESSLOG_EXPORTER", str(ROOT / "build/release/accesslog_exporter"))


def free_port():
    """A port that nobody listens on now. Taken again by others only by bad luck."""
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, seconds, what):
    """Calls `condition` until it returns something true, and returns that."""
    deadline = time.monotonic() + seconds
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.05)


def get(url, timeout=5):
    """(status, body) of a GET; status 0 if nobody answers, or not to the end."""
    try:
        with urllib.request.urlopen(url, timeout=timeout) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except (OSError, http.client.HTTPException):
        return 0, ""


class Program:
    """A child process whose output goes to a file."""

    def __init__(self, directory, name, arguments, **options):
        self.log = pathlib.Path(directory) / f"{name}.output"
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(arguments, stdout=log, stderr=log, **options)

    def output(self):
        return self.log.read_text(errors="replace")

    def stop(self, with_signal=signal.SIGTERM, seconds=10):
        """Ends it and returns (exit code, seconds it took)."""
        began = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(with_signal)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        return self.process.returncode, time.monotonic() - began

    def wait_for(self, url, seconds=20):
        def answers():
            assert self.process.poll() is None, self.output()
            return get(url)[0] == 200
        wait_until(answers, seconds, f"{url} answers\n{self.output()}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Exporter(Program):
    """Ready when it is made, unless `ready` is False. It listens on a port of its own, or on `port`,
    which the configuration names. `before` comes in front of its command line."""

    def __init__(self, directory, *arguments, port=None, ready=True, before=(), **options):
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        listen = [] if port else [f"--web.listen-address=127.0.0.1:{self.port}"]
        super().__init__(directory, "exporter", [*before, EXPORTER, *listen, *map(str, arguments)],
                         cwd=directory, **options)
        if ready:
            self.wait_until_ready()

    def wait_until_ready(self, seconds=20):
        self.wait_for(f"{self.url}/-/ready", seconds)

    def metrics(self):
        """{series text: value} of a scrape."""
        status, body = get(f"{self.url}/metrics")
        assert status == 200, body
        return {name: float(value) for name, value in
                (line.rsplit(" ", 1) for line in body.splitlines() if not line.startswith("#"))}

    def wait_for_metric(self, series, value, seconds=5):
        wait_until(lambda: self.metrics().get(series) == value, seconds,
                   f"{series} is {value}, not {self.metrics().get(series)}\n{self.output()}")


class Nginx(Program):
    """Writes a combined log, to a file or to `log_to`; /members asks for a password."""

    def __init__(self, directory, log_to=None):
        directory = pathlib.Path(directory)
        self.port = free_port()
        self.access_log = directory / "access.log"
        self.pid_file = directory / "nginx.pid"
        (directory / "html").mkdir()
        (directory / "html/index.html").write_text("hello\n")
        (directory / "html/members").write_text("members only\n")
        password = subprocess.run(["openssl", "passwd", "-apr1", "right"], check=True,
                                  capture_output=True, text=True).stdout.strip()
        (directory / "htpasswd").write_text(f"member:{password}\n")
        (directory / "nginx.conf").write_text(f"""
{"user root;" if os.getuid() == 0 else ""}
daemon off;
worker_processes 1;
pid {self.pid_file};
error_log {directory}/error.log;
events {{}}
http {{
  access_log {log_to or self.access_log} combined;
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi;
  uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
  server {{
    listen 127.0.0.1:{self.port};
    root {directory}/html;
    location /members {{ auth_basic members; auth_basic_user_file {directory}/htpasswd; }}
  }}
}}
""")
        super().__init__(directory, "nginx", ["/usr/sbin/nginx", "-c", directory / "nginx.conf",
                                              "-p", directory, "-e", directory / "error.log"])
        self.wait_for(f"http://127.0.0.1:{self.port}/")

    def request(self, path, client="127.0.0.1", credentials=None):
        """One request from the loopback address `client`; returns the status."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=5,
                                              source_address=(client, 0))
        authorization = f"Authorization: Basic {credentials}\r\n" if credentials else ""
        with connection:
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: site\r\n{authorization}"
                               "Connection: close\r\n\r\n".encode())
            return int(connection.makefile("rb").readline().split()[1])

    def reopen(self):
        os.kill(int(self.pid_file.read_text()), signal.SIGUSR1)


class SyslogFile(threading.Thread):
    """A syslog server that writes each datagram into a file as a line."""

    def __init__(self, path):
        super().__init__()
        self.path = path
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.start()

    def run(self):
        with open(self.path, "wb") as file:
            while datagram := self.socket.recv(65536):
                file.write(datagram.rstrip(b"\n\0") + b"\n")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.sendto(b"", ("127.0.0.1", self.port))
        self.join()
        self.socket.close()


class MailSink:
    """An SMTP server that keeps what it is given."""

    def __init__(self):
        self.mails = []
        self.port = free_port()
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_DATA(self, _server, _session, envelope):
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        await asyncio.sleep(0)
        return "250 kept"

    def __enter__(self):
        self.controller.start()
        return self

    def __exit__(self, *_):
        self.controller.stop()


class Alertmanager(Program):
    """The shipped configuration; only addresses and waiting times are replaced."""

    def __init__(self, directory, mail_port):
        directory = pathlib.Path(directory)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        shipped = (ROOT / "alertmanager/alertmanager.yml").read_text()
        config = yaml.safe_load(shipped)
        config["global"]["smtp_smarthost"] = f"127.0.0.1:{mail_port}"
        config["templates"] = [str(ROOT / "alertmanager/templates/*.tmpl")]
        config["route"]["group_wait"] = "2s"
        (directory / "alertmanager.yml").write_text(yaml.safe_dump(config))
        super().__init__(directory, "alertmanager", [
            "prometheus-alertmanager", f"--config.file={directory}/alertmanager.yml",
            f"--storage.path={directory}/alertmanager", "--cluster.listen-address=",
            f"--web.listen-address=127.0.0.1:{self.port}", f"--web.external-url={self.url}"])
        self.wait_for(f"{self.url}/-/ready")


class Prometheus(Program):
    """The shipped configuration and rules; only addresses and intervals are replaced."""

    def __init__(self, directory, exporter_port, alertmanager_port, scrape_interval="5s"):
        directory = pathlib.Path(directory)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        config = yaml.safe_load((ROOT / "rules/prometheus.yml").read_text())
        config["global"].update(scrape_interval=scrape_interval, scrape_timeout=scrape_interval,
                                evaluation_interval="1s")
        config["rule_files"] = [str(directory / "rules/*.yml")]
        job = next(j for j in config["scrape_configs"] if j["job_name"] == "accesslog")
        job["static_configs"] = [{"targets": [f"127.0.0.1:{exporter_port}"]}]
        config["scrape_configs"] = [job]
        config["alerting"]["alertmanagers"] = [
            {"static_configs": [{"targets": [f"127.0.0.1:{alertmanager_port}"]}]}]
        (directory / "prometheus.yml").write_text(yaml.safe_dump(config))
        (directory / "rules").mkdir()
        for rules in (ROOT / "rules").glob("accesslog-*.yml"):
            text = re.sub(r"^(    interval: ).*$", r"\g<1>1s", rules.read_text(), flags=re.MULTILINE)
            (directory / "rules" / rules.name).write_text(text)
        super().__init__(directory, "prometheus", [
            "prometheus", f"--config.file={directory}/prometheus.yml",
            f"--storage.tsdb.path={directory}/tsdb", f"--web.listen-address=127.0.0.1:{self.port}"])
        self.wait_for(f"{self.url}/-/ready")
