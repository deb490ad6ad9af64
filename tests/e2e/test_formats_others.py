"""Logs of HAProxy, lighttpd, Caddy and Python's http.server under hostile requests: each line must say
what was sent, and no line may be lost or forged.
"""
import codecs
import re
import socket
import sys

import pytest

from hostile import Reading, check_lines, explain, new_probes
from programs import Program, SyslogFile, free_port, wait_until

REQUEST = ["method", "path", "query"]
HEADERS = ["user_agent", "referer"]


class Server(Program):
    """A program that listens on `port`."""

    def __init__(self, directory, port, arguments, **options):
        self.port = port
        super().__init__(directory, "server", arguments, **options)
        wait_until(self.listens, 10, "the server listens")

    def listens(self):
        assert self.process.poll() is None, self.output()
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


def send_all(port, wanted=lambda probe: True):
    probes = list(filter(wanted, new_probes()))
    for probe in probes:
        probe.send(port)
    return probes


@pytest.fixture(name="haproxy", scope="module")
def write_haproxy_logs(tmp_path_factory):
    """(the probes, directory of the logs)."""
    directory = tmp_path_factory.mktemp("haproxy")
    port = free_port()
    with SyslogFile(directory / "framed.log") as framed, SyslogFile(directory / "raw.log") as raw, \
            SyslogFile(directory / "rfc5424.log") as rfc5424:
        (directory / "haproxy.cfg").write_text(f"""
global
  tune.http.logurilen 8192
  log 127.0.0.1:{framed.port} len 60000 local0
  log 127.0.0.1:{raw.port} len 60000 format raw local0
  log 127.0.0.1:{rfc5424.port} len 60000 format rfc5424 local0
defaults
  mode http
  log global
  option httplog
  timeout connect 5s
  timeout client 5s
  timeout server 5s
frontend site
  bind 127.0.0.1:{port}
  capture request header Host len 100
  capture request header User-Agent len 1000
  capture response header Content-Type len 50
  http-request return status 200 content-type text/plain string ok if {{ path /page }}
  http-request return status 404
""")
        with Server(directory, port, ["/usr/sbin/haproxy", "-db", "-f",
                                      directory / "haproxy.cfg"]) as server:
            probes = send_all(server.port)
    return probes, directory


def unescape_haproxy(shown):
    shown = shown.replace("<BADREQ>", "")  # all it says of one
    return re.sub(rb"#([0-9A-F]{2})", lambda m: bytes([int(m[1], 16)]), shown.encode())


@pytest.mark.parametrize("log", ["framed", "raw", "rfc5424"])
@pytest.mark.parametrize("log_format", ["haproxy", "auto"])
def test_haproxy(haproxy, log, log_format):
    probes, directory = haproxy
    # The fixture asked from 127.0.0.1 whether the server listens.
    lines = [line for line in explain(log_format, directory / f"{log}.log")
             if line.get("client") != "127.0.0.1"]
    check_lines(probes, lines, Reading(REQUEST, unescape_haproxy))
    frame = {"framed": " in syslog", "raw": "", "rfc5424": " in syslog"}[log]
    assert {line["format"] for line in lines} == {f"haproxy{frame}"}


@pytest.fixture(name="lighttpd", scope="module")
def write_lighttpd_logs(tmp_path_factory):
    """(the probes, the log of lighttpd's default format, that of the combined one)."""
    directory = tmp_path_factory.mktemp("lighttpd")
    (directory / "html").mkdir()
    (directory / "html/page").write_text("a page\n")
    logs = {"default": "", "combined":
            r'accesslog.format = "%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\""'}
    for name, log_format in logs.items():
        (directory / f"{name}.conf").write_text(f"""
server.bind = "127.0.0.1"
server.port = {free_port()}
server.document-root = "{directory}/html"
server.errorlog = "{directory}/error.log"
server.modules = ( "mod_accesslog" )
accesslog.filename = "{directory}/{name}.log"
{log_format}
""")
    found = {}
    for name in logs:
        port = int(re.search(r"port = (\d+)", (directory / f"{name}.conf").read_text())[1])
        with Server(directory, port, ["/usr/sbin/lighttpd", "-D", "-f",
                                      directory / f"{name}.conf"]) as server:
            found[name] = send_all(server.port), directory / f"{name}.log"
    return found


def unescape_c(shown):
    """lighttpd escapes as C does, and of a request that it could not read it writes the blanks only."""
    return re.sub(rb"^  (HTTP/1.1)?$", b"", codecs.escape_decode(shown.encode())[0])


@pytest.mark.parametrize("name, log_format", [
    ("default", "lighttpd"), ("default", "auto"), ("combined", "combined"), ("combined", "auto")])
def test_lighttpd(lighttpd, name, log_format):
    probes, log = lighttpd[name]
    lines = explain(log_format, log)
    tells = REQUEST + HEADERS + (["host"] if log_format == "lighttpd" else [])
    check_lines(probes, lines, Reading(tells, unescape_c))


@pytest.fixture(name="caddy", scope="module")
def write_caddy_logs(tmp_path_factory):
    directory = tmp_path_factory.mktemp("caddy")
    port = free_port()
    log = directory / "caddy.log"
    (directory / "Caddyfile").write_text(f"""
{{
  admin off
  auto_https off
}}
http://:{port} {{
  bind 127.0.0.1
  log {{
    output file {log}
  }}
  respond /page 200
  respond 404
}}
""")
    with Server(directory, port, ["/usr/bin/caddy", "run", "--config", directory / "Caddyfile",
                                  "--adapter", "caddyfile"],
                env={"HOME": str(directory), "PATH": "/usr/bin"}) as server:
        probes = send_all(server.port)
    return probes, log


@pytest.mark.parametrize("log_format", ["caddy", "auto"])
def test_caddy(caddy, log_format):
    probes, log = caddy
    # Go refuses what is no HTTP before Caddy sees it.
    probes = [probe for probe in probes
              if probe.status not in (None, 400) and probe.name != "options"]
    lines = explain(log_format, log)
    check_lines(probes, lines, Reading(REQUEST + HEADERS, mended=True))


def unescape_python(shown):
    return codecs.escape_decode(shown.encode("latin-1"))[0]


@pytest.mark.parametrize("log_format", ["python", "auto"])
def test_python_http_server(tmp_path, log_format):
    port = free_port()
    (tmp_path / "html").mkdir()
    (tmp_path / "html/page").write_text("a page\n")
    with Server(tmp_path, port, [sys.executable, "-u", "-m", "http.server", str(port), "--bind",
                                 "127.0.0.1"], cwd=tmp_path / "html") as server:
        # It escapes no quotes, so behind one anybody may write what he likes.
        probes = send_all(port, lambda probe: b'"' not in probe.line)
    # Beside requests it writes messages, and a traceback for a path that it cannot bear.
    log = tmp_path / "access.log"
    log.write_bytes(b"".join(line + b"\n" for line in server.log.read_bytes().split(b"\n")
                             if b'] "' in line))
    probes = [probe for probe in probes if probe.client.encode() in log.read_bytes()]
    assert len(probes) > 30
    lines = explain(log_format, log)
    check_lines(probes, lines, Reading(REQUEST, unescape_python))
    assert {line["format"] for line in lines} == {"python"}
