"""Sources that are no files: standard input, pipes, syslog from real nginx, rsyslog and logger. What the
exporter counted must be what was asked for.
"""
import collections
import os
import re
import signal
import socket
import subprocess
import threading
import time

import pytest

from programs import EXPORTER, Exporter, Nginx, Program, free_port, wait_until

CLIENT_REQUESTS = re.compile(r'accesslog_client_requests_total\{.*client="(.*?)".*status="(.*?)"')
LINES_READ = 'accesslog_lines_read_total{site="site"}'


def free_udp_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def line(client="192.0.2.1", status=200, path="/"):
    return (f'{client} - - [08/Sep/2023:12:26:56 -0400] "GET {path} HTTP/1.1" {status} 3477 "-" '
            '"Mozilla/5.0"')


def site(directory, *sources, log_format="auto"):
    """The arguments of an exporter of one site that shows its clients at once."""
    config = directory / "exporter.toml"
    config.write_text(f"""
[state]
file = ""
[clients]
first_value_hold = "0s"
[[site]]
name = "site"
files = [{", ".join(f'"{source}"' for source in sources)}]
format = '{log_format}'
""")
    return directory, f"--config.file={config}"


def counted(exporter):
    """{(client, status): requests}"""
    found = {}
    for series, value in exporter.metrics().items():
        labels = CLIENT_REQUESTS.match(series)
        if labels and value > 0:
            found[labels[1], labels[2]] = value
    return found


def wait_for_counts(exporter, expected):
    wait_until(lambda: counted(exporter) == expected, 10,
               f"{dict(expected)}, not {counted(exporter)}\n{exporter.output()}")
    metrics = exporter.metrics()
    assert metrics[LINES_READ] == sum(expected.values())
    unparsed = [value for name, value in metrics.items() if "unparsed_lines_total" in name]
    assert sum(unparsed) == 0


def open_fifo_to_write(path):
    """Waits for the exporter, which must not wait for us."""
    def attempt():
        try:
            return os.open(path, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            return None
    descriptor = wait_until(attempt, 10, f"somebody reads {path}")
    os.set_blocking(descriptor, True)
    return open(descriptor, "w", encoding="utf-8")


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


# --- nginx ---

def ask(nginx, exporter, rounds=30):
    """Requests of several clients; what is to be counted, the one of Nginx itself included. Not faster
    than the exporter reads: a unix socket may hold no more than 10 messages, and nginx throws away what
    comes on top."""
    expected = collections.Counter({("127.0.0.1", "200"): 1})
    for number in range(rounds):
        if number % 5 == 0:
            exporter.wait_for_metric(LINES_READ, number + 1)
        client = f"127.0.0.{2 + number % 5}"
        path = ("/", "/missing", "/members", '/"quoted"?a=b%20c')[number % 4]
        status = nginx.request(path, client)
        expected[client, str(status)] += 1
    return expected


@pytest.mark.parametrize("log_format", ["auto", "combined"])
@pytest.mark.parametrize("options", ["", ",nohostname,tag=site_a,facility=local7,severity=info"])
@pytest.mark.parametrize("transport", ["udp", "unix"])
def test_nginx_sends_syslog(tmp_path, transport, options, log_format):
    port = free_udp_port()
    path = tmp_path / "access.sock"
    source, server = {"udp": (f"syslog+udp://127.0.0.1:{port}", f"127.0.0.1:{port}"),
                      "unix": (f"syslog+unix:{path}", f"unix:{path}")}[transport]
    (tmp_path / "nginx").mkdir()
    with Exporter(*site(tmp_path, source, log_format=log_format)) as exporter, \
            Nginx(tmp_path / "nginx", f"syslog:server={server}{options}") as nginx:
        wait_for_counts(exporter, ask(nginx, exporter))


def test_a_format_that_begins_with_text_does_not_read_the_frame(tmp_path):
    port = free_udp_port()
    log_format = ('nginx: $http_x_forwarded_for $remote_addr $remote_user [$time_local] "$request" '
                  '$status')
    with Exporter(*site(tmp_path, f"syslog+udp://127.0.0.1:{port}",
                        log_format=log_format)) as exporter, \
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for host in ("", "web-1 "):
            sender.sendto(f"<190>Nov 22 10:00:00 {host}nginx: - 192.0.2.1 - "
                          '[08/Sep/2023:12:26:56 -0400] "GET / HTTP/1.1" 200'.encode(),
                          ("127.0.0.1", port))
        wait_for_counts(exporter, {("192.0.2.1", "200"): 2})


def test_nginx_goes_on_after_the_exporter_was_killed(tmp_path):
    path = tmp_path / "access.sock"
    (tmp_path / "nginx").mkdir()
    arguments = site(tmp_path, f"syslog+unix:{path}")
    with Exporter(*arguments) as first, \
            Nginx(tmp_path / "nginx", f"syslog:server=unix:{path}") as nginx:
        first.stop(signal.SIGKILL)
        assert path.exists()
        with Exporter(*arguments) as second:
            # nginx finds out by a message that is lost.
            nginx.request("/", "127.0.0.9")
            nginx.request("/", "127.0.0.2")
            wait_until(lambda: counted(second).get(("127.0.0.2", "200")) == 1, 10,
                       second.output())
            assert second.stop()[0] == 0
    assert not path.exists()


# --- rsyslog and logger ---

FORWARD_FORMATS = ["RSYSLOG_TraditionalForwardFormat", "RSYSLOG_ForwardFormat",
                   "RSYSLOG_SyslogProtocol23Format"]


class Rsyslog(Program):
    """Forwards the lines of a file."""

    def __init__(self, directory, log, action, modules=""):
        (directory / "rsyslog.conf").write_text(f"""
global(workDirectory="{directory}")
module(load="imfile" mode="inotify")
{modules}
input(type="imfile" file="{log}" tag="nginx:" ruleset="forward")
ruleset(name="forward") {{
  {action}
}}
""")
        super().__init__(directory, "rsyslog", ["/usr/sbin/rsyslogd", "-n", "-f",
                                                directory / "rsyslog.conf", "-i",
                                                directory / "rsyslog.pid"])


def write_log(path):
    expected = collections.Counter()
    lines = []
    for number in range(500):
        client, status = f"192.0.2.{number % 7}", (200, 404, 500)[number % 3]
        path_sent = "/" + "x" * (6000 if number % 100 == 0 else number % 50)
        lines.append(line(client, status, path_sent))
        expected[client, str(status)] += 1
    path.write_text("\n".join(lines) + "\n")
    return expected


@pytest.mark.parametrize("template", FORWARD_FORMATS)
def test_rsyslog_forwards_over_udp(tmp_path, template):
    port = free_udp_port()
    log = tmp_path / "access.log"
    expected = write_log(log)
    with Exporter(*site(tmp_path, f"syslog+udp://127.0.0.1:{port}")) as exporter, \
            Rsyslog(tmp_path, log, f'action(type="omfwd" target="127.0.0.1" port="{port}" '
                                   f'protocol="udp" template="{template}")'):
        wait_for_counts(exporter, expected)


@pytest.mark.parametrize("template", FORWARD_FORMATS)
def test_rsyslog_forwards_over_a_unix_socket(tmp_path, template):
    socket_path = tmp_path / "access.sock"
    log = tmp_path / "access.log"
    expected = write_log(log)
    with Exporter(*site(tmp_path, f"syslog+unix:{socket_path}")) as exporter, \
            Rsyslog(tmp_path, log, f"*.* :omuxsock:;{template}",
                    f'module(load="omuxsock")\n$OMUxSockSocket {socket_path}'):
        wait_for_counts(exporter, expected)


@pytest.mark.parametrize("rfc", ["--rfc3164", "--rfc5424"])
@pytest.mark.parametrize("transport", ["udp", "unix"])
def test_logger_sends(tmp_path, transport, rfc):
    port = free_udp_port()
    path = tmp_path / "access.sock"
    source, to = {"udp": (f"syslog+udp://127.0.0.1:{port}", ["--udp", "--server", "127.0.0.1",
                                                            "--port", str(port)]),
                  "unix": (f"syslog+unix:{path}", ["--socket", str(path)])}[transport]
    with Exporter(*site(tmp_path, source)) as exporter:
        for number in range(20):
            subprocess.run(["logger", *to, rfc, "--tag", "nginx", "--id=7",
                            line(f"192.0.2.{number % 2}")], check=True)
        wait_for_counts(exporter, {("192.0.2.0", "200"): 10, ("192.0.2.1", "200"): 10})


# --- pipes and standard input ---

class ApacheThroughPipe(Program):
    """An apache2 whose log goes to a program, and that writes it into a FIFO."""

    def __init__(self, directory, fifo):
        self.port = free_port()
        modules = "\n".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so"
                            for name in ("mpm_event", "authz_core"))
        (directory / "apache2.conf").write_text(f"""
ServerRoot {directory}
{"User www-data" if os.getuid() == 0 else ""}
{"Group www-data" if os.getuid() == 0 else ""}
ServerName site.example
PidFile {directory}/apache2.pid
DefaultRuntimeDir {directory}
Mutex posixsem default
Listen 127.0.0.1:{self.port}
ErrorLog {directory}/error.log
{modules}
DocumentRoot /usr/share/common-licenses
LogFormat "%h %l %u %t \\"%r\\" %>s %b \\"%{{Referer}}i\\" \\"%{{User-Agent}}i\\"" combined
CustomLog "|$/bin/cat > {fifo}" combined
""")
        super().__init__(directory, "apache2", ["/usr/sbin/apache2", "-d", directory, "-f",
                                                directory / "apache2.conf", "-DFOREGROUND"])
        wait_until(self.listens, 10, "apache2 listens")

    def listens(self):
        assert self.process.poll() is None, self.output()
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def request(self, path, client):
        with socket.create_connection(("127.0.0.1", self.port), timeout=5,
                                      source_address=(client, 0)) as connection:
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: site\r\n"
                               "Connection: close\r\n\r\n".encode())
            return int(connection.makefile("rb").readline().split()[1])


def test_apache_writes_into_a_pipe(tmp_path):
    fifo = tmp_path / "access.fifo"
    os.mkfifo(fifo)
    expected = collections.Counter()
    with Exporter(*site(tmp_path, fifo)) as exporter:
        # Twice: the second time the writers are others.
        for number in range(2):
            directory = tmp_path / f"apache{number}"
            directory.mkdir()
            with ApacheThroughPipe(directory, fifo) as apache:
                for i in range(20):
                    client = f"127.0.0.{2 + i % 3}"
                    status = apache.request(("/BSD", "/missing")[i % 2], client)
                    expected[client, str(status)] += 1
                wait_until(lambda: all(counted(exporter).get(key) == value
                                       for key, value in expected.items()), 10, exporter.output())
        # Whether the server listens was asked without a request, which Apache may log, or not.
        assert set(counted(exporter)) - set(expected) <= {("127.0.0.1", "408")}


def test_a_pipe_that_comes_later_and_is_made_anew(tmp_path):
    fifo = tmp_path / "access.fifo"
    with Exporter(*site(tmp_path, f"fifo:{fifo}")) as exporter:
        for number in range(1, 4):
            fifo.unlink(missing_ok=True)
            os.mkfifo(fifo)
            with open_fifo_to_write(fifo) as writer:
                writer.write(line() + "\n" + line("192.0.2.2"))
            wait_for_counts(exporter, {("192.0.2.1", "200"): number,
                                       ("192.0.2.2", "200"): number})


def test_standard_input_is_read_to_its_end(tmp_path):
    log = tmp_path / "access.log"
    log.write_text((line() + "\n") * 50000 + (line("192.0.2.2", 404) + "\n") * 50000 +
                   line("192.0.2.3"))
    expected = {("192.0.2.1", "200"): 50000, ("192.0.2.2", "404"): 50000, ("192.0.2.3", "200"): 1}
    with subprocess.Popen(["cat", log], stdout=subprocess.PIPE) as cat:
        with Exporter(*site(tmp_path, "-"), stdin=cat.stdout) as exporter:
            wait_for_counts(exporter, expected)
            # It goes on serving what it counted.
            assert cat.wait() == 0
            wait_for_counts(exporter, expected)
            assert exporter.stop()[0] == 0


def test_standard_input_may_be_a_file_or_nothing(tmp_path):
    log = tmp_path / "access.log"
    log.write_text(line() + "\n")
    other = tmp_path / "other.log"
    other.touch()
    for stdin, expected in ((log, 1), ("/dev/null", 0)):
        with open(stdin, "rb") as opened, \
                Exporter(*site(tmp_path, "-", other), stdin=opened) as exporter:
            exporter.wait_for_metric(LINES_READ, expected)
            with open(other, "a", encoding="utf-8") as file:
                file.write(line() + "\n")
            exporter.wait_for_metric(LINES_READ, expected + 1)


def test_a_dash_on_the_command_line_is_standard_input(tmp_path):
    with Exporter(tmp_path, "-", stdin=subprocess.PIPE) as exporter:
        exporter.process.stdin.write((line() + "\n").encode())
        exporter.process.stdin.flush()
        exporter.wait_for_metric('accesslog_lines_read_total{site="default"}', 1)
        exporter.process.stdin.close()


# --- side by side ---

def test_streams_without_writers_cost_nothing(tmp_path):
    fifo = tmp_path / "access.fifo"
    os.mkfifo(fifo)
    sources = ("-", fifo, f"syslog+udp://127.0.0.1:{free_udp_port()}",
               f"syslog+unix:{tmp_path}/access.sock")
    with Exporter(*site(tmp_path, *sources), stdin=subprocess.DEVNULL) as exporter:
        with open_fifo_to_write(fifo) as writer:
            writer.write(line() + "\n")
        exporter.wait_for_metric(LINES_READ, 1)
        before = cpu_seconds(exporter.process.pid)
        time.sleep(2)
        assert cpu_seconds(exporter.process.pid) - before < 0.2


def test_a_flood_delays_no_file(tmp_path):
    port = free_udp_port()
    log = tmp_path / "access.log"
    log.touch()
    with Exporter(*site(tmp_path, f"syslog+udp://127.0.0.1:{port}", log)) as exporter:
        stop = threading.Event()

        def flood():
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
                while not stop.is_set():
                    sender.sendto(b"<190>junk", ("127.0.0.1", port))

        thread = threading.Thread(target=flood)
        thread.start()
        try:
            for number in range(1, 6):
                with open(log, "a", encoding="utf-8") as file:
                    file.write(line("192.0.2.77") + "\n")
                wait_until(lambda n=number: counted(exporter).get(("192.0.2.77", "200")) == n, 2,
                           "the file's line")
        finally:
            stop.set()
            thread.join()


def test_a_burst_is_counted_whole(tmp_path):
    port = free_udp_port()
    with Exporter(*site(tmp_path, f"syslog+udp://127.0.0.1:{port}")) as exporter, \
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        message = f"<190>Nov 22 10:00:00 nginx: {line()}".encode()
        # Fits the buffer that a user without privileges may have, should nobody read meanwhile.
        for _ in range(400):
            sender.sendto(message, ("127.0.0.1", port))
        wait_for_counts(exporter, {("192.0.2.1", "200"): 400})


@pytest.mark.parametrize("transport", ["udp", "unix"])
def test_a_stream_in_use_is_a_sentence(tmp_path, transport):
    port = free_udp_port()
    source = {"udp": f"syslog+udp://127.0.0.1:{port}",
              "unix": f"syslog+unix:{tmp_path}/access.sock"}[transport]
    why = {"udp": "Address already in use; another program listens there",
           "unix": f"another process listens on {tmp_path}/access.sock"}[transport]
    directory, arguments = site(tmp_path, source)
    with Exporter(directory, arguments):
        second = subprocess.run([EXPORTER, f"--web.listen-address=127.0.0.1:{free_port()}",
                                 arguments], capture_output=True, text=True, timeout=20, check=False)
    assert second.returncode == 2
    assert f"{source} cannot listen: {why}" in second.stderr
