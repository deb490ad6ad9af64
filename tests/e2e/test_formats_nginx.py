r"""Log formats as people write them for nginx, written by a real nginx under hostile requests, read by
the exporter: each line must say what was sent, and no line may be lost or forged.
"""
import dataclasses
import json
import os
import re
import signal
import socket

import pytest

from hostile import Reading, check_lines, check_named, explain, http, new_probes
from programs import Program, SyslogFile, free_port, wait_until

REQUEST = "method path query"
HEADERS = "user_agent referer"
COMBINED_ALL = f"{REQUEST} {HEADERS} user"


@dataclasses.dataclass
class Format:
    """A log_format directive, and which of a probe's texts its lines tell, by their names in
    `explain`."""
    directive: str
    tells: str
    auto: str = ""        # the built-in format that `auto` is to find
    decoded: bool = False  # tells $uri, which nginx decodes

    @property
    def name(self):
        return re.match(r"log_format\s+(\w+)", self.directive)[1]

    @property
    def string(self):
        """The format itself, as nginx puts it together."""
        pieces = re.findall(r"'((?:[^'\\]|\\.)*)'", self.directive)
        escape = re.search(r"escape=\w+", self.directive)
        return (escape[0] + " " if escape else "") + "".join(pieces)

    @property
    def escape(self):
        found = re.search(r"escape=(\w+)", self.directive)
        return found[1] if found else "default"


FORMATS = [
    Format(r"""log_format plain '$remote_addr - $remote_user [$time_local] "$request" '
                    '$status $body_bytes_sent "$http_referer" "$http_user_agent"';""",
           COMBINED_ALL, "combined"),
    Format(r"""log_format  main  '$remote_addr - $remote_user [$time_local] "$request" '
                      '$status $body_bytes_sent "$http_referer" '
                      '"$http_user_agent" "$http_x_forwarded_for"';""",
           COMBINED_ALL, "nginx_main"),
    Format(r"""log_format vhost '$host:$server_port $remote_addr - $remote_user [$time_local] '
        '"$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"';""",
           COMBINED_ALL + " host", "vhost_combined"),
    Format(r"""log_format vhost_no_port '$server_name $remote_addr - $remote_user [$time_local] '
        '"$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"';""",
           COMBINED_ALL, "vhost_combined"),
    Format(r"""log_format json_all escape=json
  '{'
    '"time_local":"$time_local",'
    '"remote_addr":"$remote_addr",'
    '"remote_user":"$remote_user",'
    '"request":"$request",'
    '"status": "$status",'
    '"body_bytes_sent":"$body_bytes_sent",'
    '"request_time":"$request_time",'
    '"upstream_response_time":"$upstream_response_time",'
    '"http_x_forwarded_for":"$http_x_forwarded_for",'
    '"http_referrer":"$http_referer",'
    '"http_user_agent":"$http_user_agent"'
  '}';""", COMBINED_ALL, "json"),
    Format(r"""log_format json_unquoted escape=json '{"msec": $msec, "remote_addr": "$remote_addr", '
  '"upstream_response_time": $upstream_response_time, "upstream_status": $upstream_status, '
  '"request_time": $request_time, "body_bytes_sent": $body_bytes_sent, '
  '"request_method": "$request_method", "request_uri": "$request_uri", "host": "$host", '
  '"args": "$args", "status": $status, "connection": {"id": $connection, "pipe": "$pipe"}, '
  '"http_user_agent": "$http_user_agent", "http_referer": "$http_referer"}';""",
           f"{REQUEST} {HEADERS} host", "json"),
    Format(r"""log_format json_default '{ "time_iso8601": "$time_iso8601", '
           '"remote_addr": "$remote_addr", "remote_user": "$remote_user", '
           '"request": "$request", "status": $status, "bytes_sent": $bytes_sent, '
           '"upstream_response_time": $upstream_response_time, '
           '"request_time": $request_time, "http_referrer": "$http_referer", '
           '"http_x_forwarded_for": "$http_x_forwarded_for", '
           '"http_user_agent": "$http_user_agent" }';""", COMBINED_ALL, "json"),
    Format(r"""log_format gelf '{ "timestamp": "$time_iso8601", "remote_addr": "$remote_addr", '
           '"body_bytes_sent": $body_bytes_sent, "request_time": $request_time, '
           '"response_status": $status, "request": "$request", '
           '"request_method": "$request_method", "host": "$host", '
           '"upstream_cache_status": "$upstream_cache_status", '
           '"upstream_addr": "$upstream_addr", '
           '"http_x_forwarded_for": "$http_x_forwarded_for", '
           '"http_referrer": "$http_referer", "http_user_agent": "$http_user_agent" }';""",
           f"{REQUEST} {HEADERS} host", "json"),
    Format(r"""log_format ecs escape=json '{"@timestamp":"$time_iso8601","client.ip":"$remote_addr",'
           '"http.request.method":"$request_method","url.original":"$request_uri",'
           '"http.response.status_code":"$status","http.request.referrer":"$http_referer",'
           '"user_agent.original":"$http_user_agent","user.name":"$remote_user"}';""",
           f"{REQUEST} {HEADERS} user", "json"),
    Format(r"""log_format unescaped escape=none '$remote_addr [$time_local] $status $body_bytes_sent '
           '$request_time "$request" "$http_referer" "$http_user_agent"';""",
           f"{REQUEST} {HEADERS}"),
    Format(r"""log_format iso '$time_iso8601 $remote_addr $status $request_method $request_uri '
           '$server_protocol $request_time "$http_user_agent" "$http_referer"';""",
           f"{REQUEST} {HEADERS}"),
    Format(r"""log_format epoch '[$msec] $remote_addr "$request" $status $bytes_sent $request_length '
           '"$http_user_agent"';""", f"{REQUEST} user_agent"),
    Format(r"""log_format parts '$remote_addr - $remote_user [$time_local] '
           '"$request_method $uri$is_args$args $server_protocol" $status $body_bytes_sent '
           '"$http_referer" "$http_user_agent"';""", COMBINED_ALL, decoded=True),
    Format(r"""log_format url '$remote_addr - $remote_user [$time_local] $request_method '
           '"$scheme://$host$request_uri" $status $body_bytes_sent "$http_user_agent"';""",
           f"{REQUEST} user_agent user host"),
    Format(r"""log_format host_uri '$remote_addr $time_iso8601 $status $request_method '
           '$host$request_uri $request_time';""", f"{REQUEST} host"),
    Format(r"""log_format apm '"$time_local" client=$remote_addr '
           'method=$request_method request="$request" '
           'request_length=$request_length '
           'status=$status bytes_sent=$bytes_sent '
           'body_bytes_sent=$body_bytes_sent '
           'referer=$http_referer '
           'user_agent="$http_user_agent" '
           'upstream_addr=$upstream_addr '
           'upstream_status=$upstream_status '
           'request_time=$request_time '
           'upstream_response_time=$upstream_response_time '
           'upstream_connect_time=$upstream_connect_time '
           'upstream_header_time=$upstream_header_time';""", f"{REQUEST} user_agent"),
    Format(r"""log_format main_ext '$remote_addr - $remote_user [$time_local] "$request" '
                        '$status $body_bytes_sent "$http_referer" '
                        '"$http_user_agent" "$http_x_forwarded_for" '
                        '"$host" sn="$server_name" '
                        'rt=$request_time '
                        'ua="$upstream_addr" us="$upstream_status" '
                        'ut="$upstream_response_time" ul="$upstream_response_length" '
                        'cs=$upstream_cache_status' ;""", COMBINED_ALL + " host", "combined"),
    Format(r"""log_format upstreams '$remote_addr [$time_local] "$request" $status '
           '$upstream_addr $upstream_status $upstream_response_time $request_time '
           '$upstream_cache_status "$http_user_agent"';""", f"{REQUEST} user_agent"),
    Format(r"""log_format ingress '$remote_addr - $remote_user [$time_local] "$request" $status '
'$body_bytes_sent "$http_referer" "$http_user_agent" $request_length $request_time '
'[$proxy_upstream_name] [$proxy_alternative_upstream_name] $upstream_addr '
'$upstream_response_length $upstream_response_time $upstream_status $request_id';""",
           COMBINED_ALL, "ingress_nginx"),
    Format(r"""log_format proxy '[$time_local] $upstream_cache_status $upstream_status $status - '
'$request_method $scheme $host "$request_uri" [Client $remote_addr] [Length $body_bytes_sent] '
'[Gzip $gzip_ratio] [Sent-to $proxy_upstream_name] "$http_user_agent" "$http_referer"';""",
           f"{REQUEST} {HEADERS} host", "nginx_proxy_manager"),
    Format(r"""log_format standard '[$time_local] $status - $request_method $scheme $host '
'"$request_uri" [Client $remote_addr] [Length $body_bytes_sent] [Gzip $gzip_ratio] '
'"$http_user_agent" "$http_referer"';""",
           f"{REQUEST} {HEADERS} host", "nginx_proxy_manager_standard"),
    Format(r"""log_format tabs '$remote_addr\t$remote_user\t$time_iso8601\t$status\t'
           '$request_method\t$host\t$request_uri\t$http_referer\t$http_user_agent\t$request_time';""",
           f"{COMBINED_ALL} host"),
    Format(r"""log_format ltsv 'time:$time_local\thost:$remote_addr\tforwardedfor:'
           '$http_x_forwarded_for\tuser:$remote_user\treq:$request\tstatus:$status\t'
           'size:$body_bytes_sent\treferer:$http_referer\tua:$http_user_agent\t'
           'reqtime:$request_time\tupsttime:$upstream_response_time';""", COMBINED_ALL),
    Format(r"""log_format keys 'time="$time_iso8601" client=$remote_addr method=$request_method '
           'uri="$request_uri" status=$status size=$body_bytes_sent referer="$http_referer" '
           'agent="$http_user_agent" user="$remote_user" rt=$request_time';""", COMBINED_ALL),
    Format(r"""log_format hop_first '"$http_x_forwarded_for" - $remote_addr - $remote_user '
           '[$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"';""",
           COMBINED_ALL),
    Format(r"""log_format bare_hop_first '$http_x_forwarded_for - $remote_addr - $remote_user '
           '[$time_local] "$request" $status';""", f"{REQUEST} user"),
    Format(r"""log_format agent_last '$remote_addr [$time_local] $status $request_method '
           '$request_uri $http_user_agent';""", f"{REQUEST} user_agent"),
    Format(r"""log_format splunk 'site="$server_name" server="$host" src="$remote_addr" '
           'src_ip="$realip_remote_addr" user="$remote_user" time_local="$time_local" '
           'protocol="$server_protocol" status="$status" bytes_out="$bytes_sent" '
           'bytes_in="$upstream_bytes_received" http_referer="$http_referer" '
           'http_user_agent="$http_user_agent" http_x_forwarded_for="$http_x_forwarded_for" '
           'uri_query="$query_string" uri_path="$request_uri" http_method="$request_method" '
           'response_time="$upstream_response_time" cookie="$http_cookie" '
           'request_time="$request_time" category="$sent_http_content_type"';""", COMBINED_ALL),
    Format(r"""log_format nested escape=json '{"time":$msec,"http":{"method":"$request_method",'
           '"url":"$scheme://$host$request_uri","ua":"$http_user_agent"},'
           '"network":{"client":{"ip":"$remote_addr"}},"status":$status}';""", REQUEST),
    Format(r"""log_format bars '$remote_addr|$time_iso8601|$host|$request|$status|$body_bytes_sent|'
           '$request_time|$upstream_response_time';""", f"{REQUEST} host"),
]


class Site(Program):
    """One nginx that writes every request to every log, and one of them to a syslog server, too."""

    def __init__(self, directory, syslog_port):
        self.port, live, dead = free_port(), free_port(), free_port()
        self.directory = directory
        (directory / "html").mkdir()
        for page in ("page", "form"):
            (directory / "html" / page).write_text("a page\n")
        directives = "\n".join(form.directive for form in FORMATS)
        logs = "\n".join(f"    access_log {self.log_of(form)} {form.name};" for form in FORMATS)
        config = directory / "nginx.conf"
        config.write_text(f"""
{"user root;" if os.getuid() == 0 else ""}
daemon off;
worker_processes 1;
pid {directory}/nginx.pid;
error_log {directory}/error.log;
events {{}}
http {{
  {"".join(f"{kind}_temp_path {directory}/{kind};"
           for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))}
  map $remote_addr $proxy_upstream_name {{ default default-web-80; }}
  map $remote_addr $proxy_alternative_upstream_name {{ default ""; }}
{directives}
  # Every other request meets the dead one first.
  upstream both {{
    server 127.0.0.1:{dead} max_fails=0;
    server 127.0.0.1:{live} max_fails=0;
  }}
  server {{
    listen 127.0.0.1:{live};
    access_log off;
    return 200 "upstream";
  }}
  server {{
    listen 127.0.0.1:{self.port};
    server_name site.example;
    root {directory}/html;
{logs}
    access_log syslog:server=127.0.0.1:{syslog_port},tag=nginx plain;
    location /up/ {{ proxy_pass http://both; }}
  }}
}}
""")
        super().__init__(directory, "nginx", ["/usr/sbin/nginx", "-c", config, "-p", directory,
                                              "-e", directory / "error.log"])
        wait_until(self.listens, 10, "nginx listens")

    def listens(self):
        assert self.process.poll() is None, self.output()
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def log_of(self, form):
        return self.directory / f"{form.name}.log"


@pytest.fixture(name="written", scope="module")
def write_logs(tmp_path_factory):
    """(the probes, where each format's log is); the server has ended and written all it will."""
    upstream = [http(f"upstream_{i}", b"GET /up/x?y HTTP/1.1") for i in range(4)]
    # Its line is longer than what a container runtime takes for one.
    probes = new_probes([*upstream, http("huge", agent=b"\xff\\" * 3500, referer=b"r" * 7000)])
    directory = tmp_path_factory.mktemp("nginx")
    with SyslogFile(directory / "syslog.log") as syslog_file, \
            Site(directory, syslog_file.port) as site:
        for probe in probes:
            probe.send(site.port)
        site.stop(signal.SIGQUIT)
    return probes, site.log_of


def unescape(shown):
    """Of a text as nginx escapes it by default."""
    return re.sub(rb"\\x([0-9A-F]{2})", lambda m: bytes([int(m[1], 16)]), shown.encode())


def check(probes, form, log, log_format, mended=False):
    lines = explain(log_format, log)
    tells = form.tells.split()
    if log_format == "auto" and form.auto == "combined" and "host" in tells:
        tells.remove("host")  # it stands behind what that format knows
    check_lines(probes, lines, Reading(
        tells, unescape if form.escape == "default" else None,
        mended=mended or log_format == "auto", decoded=form.decoded, quotes_escaped=form.escape != "none"))
    return lines


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
@pytest.mark.parametrize("way", ["directive", "string", "auto"])
def test_each_line_says_what_was_sent(written, form, way):
    check_named(*written, form, way, "nginx", check)


RUNTIME_BYTES = 16 * 1024


def pieces(line):
    """As container runtimes cut a long line."""
    return [line[at:at + RUNTIME_BYTES] for at in range(0, len(line), RUNTIME_BYTES)]


def docker(line):
    """The json-file driver: Go's JSON, in which bytes that are no UTF-8 are replaced."""
    for piece in pieces(line + b"\n"):
        text = re.sub("[\udc80-\udcff]", "\ufffd", piece.decode("utf-8", "surrogateescape"))
        log = json.dumps(text, ensure_ascii=False)
        for char in "<>&":
            log = log.replace(char, f"\\u{ord(char):04x}")
        yield f'{{"log":{log},"stream":"stdout","time":"2026-11-22T10:00:00.123456789Z"}}'.encode()


def cri(line):
    parts = pieces(line)
    for number, piece in enumerate(parts, 1):
        tag = b"F" if number == len(parts) else b"P"
        yield b"2026-11-22T10:00:00.123456789Z stdout " + tag + b" " + piece


def syslog(line):
    yield b"Nov 22 10:00:00 web-1 nginx: " + line


def syslog_5424(line):
    yield b'<190>1 2026-11-22T10:00:00.123Z web-1 nginx 12 - [a@1 b="c\\]"] ' + line


def by_name(name):
    return next(form for form in FORMATS if form.name == name)


@pytest.mark.parametrize("carrier", [docker, cri, syslog, syslog_5424])
@pytest.mark.parametrize("name", ["plain", "main", "vhost", "json_all", "ingress", "keys"])
@pytest.mark.parametrize("way", ["directive", "auto"])
def test_what_carries_the_lines_changes_nothing(tmp_path, written, carrier, name, way):
    probes, log_of = written
    form = by_name(name)
    if way == "auto" and not form.auto:
        return
    framed = tmp_path / "framed.log"
    lines = log_of(form).read_bytes().split(b"\n")[:-1]
    assert max(map(len, lines)) > RUNTIME_BYTES
    framed.write_bytes(b"".join(part + b"\n" for line in lines for part in carrier(line)))
    read = check(probes, form, framed, form.directive if way == "directive" else "auto", mended=True)
    frame = "syslog" if carrier is syslog_5424 else carrier.__name__
    expected = form.auto if way == "auto" else "custom"
    assert {line["format"] for line in read} == {f"{expected} in {frame}"}


@pytest.mark.parametrize("way", ["directive", "auto"])
def test_what_nginx_sends_to_syslog(written, way):
    probes, log_of = written
    form = by_name("plain")
    lines = check(probes, form, log_of(form).parent / "syslog.log",
                  form.directive if way == "directive" else "auto")
    assert {line["format"] for line in lines} == {
        "custom in syslog" if way == "directive" else "combined in syslog"}
