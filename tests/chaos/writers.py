"""Who writes the logs: threads that append lines themselves, and threads that ask a real nginx."""
import contextlib
import os
import pathlib
import random
import re
import signal
import socket
import threading
import time

from programs import Program, free_port, wait_until


class Writer(threading.Thread):
    """Writes numbered requests in small batches with a burst now and then, until it is told to stop."""

    MEAN_PAUSE = 0.04
    BURST_CHANCE = 0.004

    def __init__(self, truth, seed, rate, first_number=1):
        super().__init__(daemon=True)
        self.truth = truth
        self.rng = random.Random(seed)
        self.rate = rate
        self.next_number = first_number
        self.stopping = threading.Event()
        self.between_batches = threading.Lock()  # held while a batch is written
        self.error = None

    def run(self):
        try:
            while not self.stopping.wait(self.rng.expovariate(1 / self.MEAN_PAUSE)):
                with self.between_batches:
                    self.write(self._numbers())
        except Exception as error:  # pylint: disable=broad-except; told by whoever stops it
            self.error = error

    def _numbers(self):
        size = max(1, round(self.rate * self.MEAN_PAUSE * self.rng.uniform(0, 2)))
        if self.rng.random() < self.BURST_CHANCE:
            size *= 50
        first = self.next_number
        self.next_number += size
        return range(first, first + size)

    def write(self, numbers):
        raise NotImplementedError

    def is_current(self):
        """False while it still writes to a file that was renamed."""
        raise NotImplementedError

    def paused(self):
        """A context in which nothing is written, and the last line is complete."""
        return self.between_batches

    def stop(self):
        self.stopping.set()
        self.join(30)
        assert not self.is_alive(), f"{self.name} does not stop"
        if self.error:
            raise self.error


class DirectWriter(Writer):
    """Appends to a file with O_APPEND, like a server that notices a rotation late: it goes on writing
    to the renamed file for up to `reopen_delay` seconds. Half lines may wait for their other half."""

    def __init__(self, path, truth, seed, rate, first_number=1, reopen_delay=1.5, halves=True):
        super().__init__(truth, seed, rate, first_number)
        self.path = pathlib.Path(path)
        self.reopen_request = self.path.with_name("reopen")  # a postrotate script waits for its end
        self.reopen_delay = reopen_delay
        self.half_chance = 0.05 if halves else 0
        self.reopen_at = None
        self.opened = 0
        self.fd = None
        self._open()

    def _open(self):
        if self.fd is not None:
            os.close(self.fd)
        self.fd = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        self.opened += 1
        self.reopen_at = None

    def is_current(self):
        try:
            return os.stat(self.path).st_ino == os.fstat(self.fd).st_ino
        except FileNotFoundError:
            return False

    def _reopen_if_due(self):
        now = time.monotonic()
        if self.reopen_request.exists():
            self._open()
            self.reopen_request.unlink()
        elif self.reopen_at is None and not self.is_current():
            self.reopen_at = now + self.rng.uniform(0, self.reopen_delay)
        elif self.reopen_at is not None and now >= self.reopen_at:
            self._open()

    def line(self, number, when):
        plan = self.truth.plan
        return (f'{plan.client(number)[0]} - - [{when}] "{plan.method(number)} '
                f'/{self.path.stem}/{number} HTTP/1.1" {plan.status(number)} {number} "-" "chaos"\n')

    def write(self, numbers):
        self._reopen_if_due()
        when = time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime())
        data = "".join(self.line(number, when) for number in numbers).encode()
        self.truth.begin(numbers)
        if self.rng.random() < self.half_chance:
            cut = self.rng.randrange(1, len(data))
            self._append(data[:cut])
            time.sleep(self.rng.uniform(0.005, 0.2))  # the pause is what is tested
            data = data[cut:]
        self._append(data)
        self.truth.finish(numbers, f"{self.path.name} as opened the {self.opened}. time", time.time())

    def _append(self, data):
        assert os.write(self.fd, data) == len(data)

    def stop(self):
        super().stop()
        os.close(self.fd)


class NginxClient(Writer):
    """One keep-alive connection to a server of Nginx, with pipelined requests."""

    MOST_AT_ONCE = 50
    RECONNECT_CHANCE = 0.02

    def __init__(self, nginx, log, port, truth, seed, rate, first_number=1):
        super().__init__(truth, seed, rate, first_number)
        self.nginx = nginx
        self.path = pathlib.Path(log)
        self.port = port
        self.connection = None

    def is_current(self):
        return self.nginx.has_open(self.path)

    def _connect(self):
        if self.connection:
            self.connection.close()
        self.connection = socket.create_connection(("127.0.0.1", self.port), timeout=60)

    def write(self, numbers):
        if self.connection is None or self.rng.random() < self.RECONNECT_CHANCE:
            self._connect()
        for first in range(0, len(numbers), self.MOST_AT_ONCE):
            self._ask(numbers[first:first + self.MOST_AT_ONCE])

    def _ask(self, numbers):
        plan = self.truth.plan
        requests = "".join(
            f"{plan.method(n)} /{plan.status(n)}/{n} HTTP/1.1\r\nHost: chaos\r\n"
            f"X-Forwarded-For: {plan.client(n)[0]}\r\nContent-Length: 0\r\n\r\n" for n in numbers)
        self.truth.begin(numbers)
        self.connection.sendall(requests.encode())
        self._read_answers(numbers)
        self.truth.finish(numbers, self.path.name, time.time())

    def _read_answers(self, numbers):
        """Until all heads were seen. What is left of the last body is skipped before the next head."""
        data = b""
        while len(statuses := re.findall(rb"HTTP/1\.1 (\d+)", data)) < len(numbers) or (
                data.count(b"\r\n\r\n") < len(numbers)):
            piece = self.connection.recv(1 << 20)
            assert piece, f"nginx closed the connection after {statuses}"
            data += piece
        expected = [str(self.truth.plan.status(n)).encode() for n in numbers]
        assert statuses == expected, f"nginx answered {statuses} instead of {expected}"


class Nginx(Program):
    """One server for each log. The path of a request says status and number; the number is logged as
    the size of the response, and the client is who X-Forwarded-For says."""

    def __init__(self, directory, logs):
        self.directory = pathlib.Path(directory)
        self.pid_file = self.directory / "nginx.pid"
        self.ports = {log: free_port() for log in logs}
        self.has_stopped = threading.Lock()
        (self.directory / "nginx.conf").write_text(self._config())
        super().__init__(self.directory, "nginx", [
            "/usr/sbin/nginx", "-c", self.directory / "nginx.conf", "-p", self.directory,
            "-e", self.directory / "error.log"])
        port = next(iter(self.ports.values()))
        wait_until(lambda: self._listens(port), 20, f"nginx listens\n{self.output()}")

    @staticmethod
    def _listens(port):
        with contextlib.closing(socket.socket()) as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    def _config(self):
        temporary = "\n".join(f"  {kind}_temp_path {self.directory}/{kind};" for kind in (
            "client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        return f"""
{"user root;" if os.getuid() == 0 else ""}
daemon off;
worker_processes 2;
pid {self.pid_file};
error_log {self.directory}/error.log;
events {{}}
http {{
{temporary}
  keepalive_requests 1000000;
  set_real_ip_from 127.0.0.1;
  real_ip_header X-Forwarded-For;
  log_format numbered '$remote_addr - $remote_user [$time_local] "$request" $status $number '
                      '"$http_referer" "$http_user_agent"';
{"".join(self._server(log, port) for log, port in self.ports.items())}
}}
"""

    @staticmethod
    def _server(log, port):
        answers = {200: 'return 200 "x"', 302: "return 302 /elsewhere", **{
            status: f'return {status} "x"' for status in (401, 403, 404, 503)}}
        locations = "\n".join(
            f"    location ~ ^/{status}/(?<number>[0-9]+)$ {{ {answer}; }}"
            for status, answer in answers.items())
        return f"""
  server {{
    listen 127.0.0.1:{port};
    access_log {log} numbered;
{locations}
  }}
"""

    def workers(self):
        pid = self.process.pid
        children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [int(child) for child in children]

    def has_open(self, path):
        """Whether every worker writes to the file that has the name now."""
        try:
            file = os.stat(path)
        except FileNotFoundError:
            return False
        return all(self._has_open(worker, file) for worker in self.workers())

    @staticmethod
    def _has_open(pid, file):
        for fd in pathlib.Path(f"/proc/{pid}/fd").iterdir():
            try:
                if os.path.samestat(os.stat(fd), file):
                    return True
            except FileNotFoundError:
                continue
        return False

    @contextlib.contextmanager
    def paused(self):
        """Stops the workers, so that nothing is written between copytruncate's copy and truncation."""
        with self.has_stopped:
            workers = self.workers()
            for worker in workers:
                os.kill(worker, signal.SIGSTOP)
            wait_until(lambda: all(is_stopped(worker) for worker in workers), 10, "nginx stops")
            try:
                yield
            finally:
                for worker in workers:
                    os.kill(worker, signal.SIGCONT)


def is_stopped(pid):
    """Whether SIGSTOP has taken effect."""
    stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
    return stat.rpartition(")")[2].split()[0] == "T"
