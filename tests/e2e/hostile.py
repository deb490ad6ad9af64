"""Requests as strangers send them, over raw sockets, and what a log of them may say.

Each probe comes from a loopback address of its own, so a line tells which one it belongs to, and a
line that an attacker forged would belong to none.
"""
import base64
import contextlib
import dataclasses
import json
import posixpath
import re
import socket
import subprocess
import urllib.parse

from programs import EXPORTER

FORGED = "203.0.113.9"
FAKE_LINE = (f'{FORGED} - - [08/Sep/2023:12:26:56 -0400] "GET /forged HTTP/1.1" 200 5 "-" "fake"'
             ).encode()
FAKE_JSON = (f'","status":200,"remote_addr":"{FORGED}","request":"GET /forged HTTP/1.1",'
             '"http_user_agent":"fake').encode()
TLS_HELLO = (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(0x80, 0xA0)) +
             b"\x20\x00\x22\x5c\x13\x01\x13\x02\x00")
BAD = (400, 501, 505)  # what servers answer to requests that they read in part, or not at all
EARLIEST = "2024"  # the year; lines of a test are not older, forged ones are


@dataclasses.dataclass
class Probe:
    """What is sent, and from where; a server must log these very texts."""
    name: str
    raw: bytes
    line: bytes           # of the request
    agent: bytes = b""
    referer: bytes = b""
    user: bytes = b""
    half_close: bool = False  # nothing but the end of its input makes the server answer
    client: str = ""
    host: bytes = b""
    status: int | None = None  # as the server answered

    @property
    def method(self):
        parts = self.line.split(b" ")
        whole = len(parts) > 1 and re.fullmatch(rb"[A-Za-z][A-Za-z_-]{0,31}", parts[0])
        return parts[0] if whole else b""

    @property
    def target(self):
        if not self.method:
            return self.line
        return re.sub(rb" HTTP/[^ ]*$", b"", self.line.split(b" ", 1)[1])

    @property
    def path(self):
        return self.target.split(b"?", 1)[0] if self.method else self.line

    @property
    def query(self):
        return self.target.split(b"?", 1)[1] if self.method and b"?" in self.target else b""

    def send(self, port):
        with socket.create_connection(("127.0.0.1", port), timeout=10,
                                      source_address=(self.client, 0)) as connection:
            connection.sendall(self.raw)
            if self.half_close:
                connection.shutdown(socket.SHUT_WR)
            answer = b""
            # A server may reset the connection over bytes that it did not want to read.
            with contextlib.suppress(ConnectionResetError):
                while part := connection.recv(65536):
                    answer += part
        status = re.match(rb"HTTP/1\.[01] (\d{3}) ", answer)
        self.status = int(status[1]) if status else None


def http(name, line=b"GET /page HTTP/1.1", *, agent=b"probe/1.0", referer=b"", user=b"",
         host=b"site.example", body=b"", headers=()):
    lines = [line]
    if host:
        lines.append(b"Host: " + host)
    if agent:
        lines.append(b"User-Agent: " + agent)
    if referer:
        lines.append(b"Referer: " + referer)
    if user:
        lines.append(b"Authorization: Basic " + base64.b64encode(user + b":secret"))
    if body:
        lines.append(b"Content-Length: %d" % len(body))
    lines += [*headers, b"Connection: close", b"", b""]
    return Probe(name, b"\r\n".join(lines) + body, line, agent, referer, user, host=host)


def raw(name, data):
    return Probe(name, data, re.split(rb"[\r\n]", data, maxsplit=1)[0], half_close=True)


def new_probes(more=()):
    """All of them, each with its own client, and `more` behind them."""
    forged = f"{FORGED}\" 200 5 \"-\" \"x".encode()
    found = [
        http("query", b"GET /page?q=1&r=2 HTTP/1.1", referer=b"http://a.example/?x=1"),
        http("plain", agent=b"Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101"),
        http("missing", b"GET /no/such/thing HTTP/1.1"),
        http("post", b"POST /form?next=/page HTTP/1.1", body=b"name=x&password=y"),
        http("head", b"HEAD /page?h HTTP/1.1"),
        http("options", b"OPTIONS * HTTP/1.1"),
        http("brew", b"BREW /pot HTTP/1.1"),
        http("lower_case", b"get /page HTTP/1.1"),
        http("old_protocol", b"GET /page HTTP/1.0", host=b""),
        http("dashes", b"GET /a- HTTP/1.1", agent=b"--", referer=b"- -"),
        http("dash_query", b"GET /a-?- HTTP/1.1"),
        http("question", b"GET /a??b=c?d HTTP/1.1"),
        http("slashes", b"GET /a/../page/./x HTTP/1.1"),
        http("encoded", b"GET /a%20b%22?%22%20c%0a%5c HTTP/1.1"),
        http("encoded_nul", b"GET /a%00 HTTP/1.1"),
        http("no_agent", agent=b""),
        http("quotes", b"GET /a\"b\\c?d=\"e\\\" HTTP/1.1", agent=b'"quo"te\\"', referer=b'\\"'),
        http("last_backslash", b"GET /a\\ HTTP/1.1", agent=b"x\\", referer=b"y\\\\"),
        http("backslash_x", b"GET /\\x41\\u0041?\\n HTTP/1.1", agent=b"\\x22 \\u0022 \\n \\t"),
        http("utf8", "GET /ü/東京?ä=🙂 HTTP/1.1".encode(), agent="Zürich 東京 🙂 \u0085".encode(),
             referer="http://bücher.example/ß".encode()),
        http("invalid_utf8", b"GET /\xff\xc3(?\xe2\x28 HTTP/1.1", agent=b"\xc0\x80 \xed\xa0\x80 \xff",
             referer=b"http://\xfe/"),
        http("control_agent", agent=b"a\x01\x02\x1b[31m\x7f\tb", referer=b"\x08\x0c\x0b"),
        http("control_target", b"GET /a\x01\x1b[31mb?\x7f HTTP/1.1"),
        http("blanks_target", b"GET /a b  c?d e HTTP/1.1"),
        http("two_protocols", b"GET /a HTTP/1.1 HTTP/1.0"),
        http("no_protocol_number", b"GET /a HTTP/x"),
        http("long", b"GET /" + b"l" * 2000 + b"?" + b"q" * 2000 + b" HTTP/1.1", agent=b"m" * 1000),
        http("user_blank", user=b"two words"),
        http("user_brackets", user=b"a [b] c"),
        http("user_time", user=b"x [08/Sep/2023"),
        http("user_quotes", user=b'a" "b\\" \\c'),
        http("user_utf8", user="Jürgen".encode()),
        http("user_dash", user=b"- -"),
        http("user_line", user=b'x - [08/Sep/2023] "GET /forged HTTP/1.1" 200 5 "-" "fake"'),
        http("spoofed", headers=[f"X-Forwarded-For: {FORGED}, 198.51.100.1".encode(),
                                 f"X-Real-IP: {FORGED}".encode()]),
        http("forged_hop", headers=[b"X-Forwarded-For: " + forged, b"X-Real-IP: " + forged]),
        http("fake_hop", headers=[b"X-Forwarded-For: " + FAKE_LINE, b"X-Real-IP: " + FAKE_LINE]),
        http("forged_agent", agent=b'" 200 5 "-"'),
        http("forged_agent_2", agent=b'x" 200 5 "-" "y'),
        http("fake_agent", agent=FAKE_LINE, referer=FAKE_LINE),
        http("fake_agent_json", agent=FAKE_JSON, referer=FAKE_JSON),
        http("fake_agent_keys", agent=f"x status=200 client={FORGED} path=/forged".encode()),
        http("fake_agent_tabs", agent=f"x\t{FORGED}\t200\t/forged".encode()),
        http("fake_target", b'GET /x"\tHTTP/1.1"\t200\t5 HTTP/1.1'),
        http("fake_target_quote", b'GET /x"status":200,"client":"203.0.113.9 HTTP/1.1'),
        http("host_quote", host=b'a"b\\'),
        http("host_port", host=b"Site.Example:8080"),
        http("host_address", host=b"203.0.113.9"),
        http("host_blank", host=b"a b"),
        http("host_empty", headers=[b"Host:"], host=b""),
        raw("tls", TLS_HELLO),
        raw("tls_line", TLS_HELLO + b"\r\n\r\n"),
        raw("empty", b"\r\n\r\n"),
        raw("batman", b"batman\r\n\r\n"),
        raw("quote", b"\"\r\n\r\n"),
        raw("fake_line", FAKE_LINE + b"\r\n\r\n"),
    ]
    found += more
    for number, probe in enumerate(found):
        probe.client = f"127.0.0.{10 + number}"
    return found


def printable(data):
    """As the exporter shows bytes: what no terminal should get becomes \\xhh."""
    text = data.decode("utf-8", "backslashreplace")
    text = re.sub(r"[\x00-\x08\x0a-\x1f\x7f]", lambda m: f"\\x{ord(m[0]):02x}", text)
    return re.sub(r"[\x80-\x9f]", lambda m: f"\\xc2\\x{ord(m[0]):02x}", text)


def replaced(data):
    """The same where bytes that are no UTF-8 were replaced, one by one, before."""
    text = data.decode("utf-8", "surrogateescape")
    return printable(re.sub("[\udc80-\udcff]", "\ufffd", text).encode())


def explain(log_format, log):
    """One object for each line of the file; parts of a line that a carrier cut are left out."""
    with open(log, "rb") as lines:
        done = subprocess.run([EXPORTER, "explain", "--json", f"--format={log_format}"], stdin=lines,
                              capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
    # Not splitlines, which takes U+0085 for the end of a line.
    objects = map(json.loads, done.stdout.split("\n")[:-1])
    return [line for line in objects if line.get("reason") != "fragment"]


@dataclasses.dataclass
class Reading:
    """How the lines of a log are to be compared with what was sent."""
    tells: list                  # the fields that the log tells, by their names in `explain`
    unescape: object = None      # undoes the server's escaping where the exporter keeps it
    mended: bool = False         # bytes that are no UTF-8 may have been replaced
    decoded: bool = False        # the server decoded the path and resolved its dots
    escape_is_lossy: bool = False  # a text that looks escaped may have been undone, too
    quotes_escaped: bool = True  # if not, what stands behind a quote may be another field


def decoded(path):
    # A NUL ends the text for Apache.
    path = path.replace(b"%00", b"")
    return posixpath.normpath(urllib.parse.unquote_to_bytes(path)) if path[:1] == b"/" else path


def canonical(host):
    """As servers understand it: in lower case, without port."""
    return re.sub(rb":\d*$", b"", host.lower())


def wanted_texts(probe, status, reading):
    """{name in `explain`: the texts that it may tell}."""
    texts = {"method": probe.method, "path": probe.path, "query": probe.query,
             "user_agent": probe.agent, "referer": probe.referer, "user": probe.user}
    if probe.host and status not in BAD:
        texts["host"] = canonical(probe.host)
    if reading.decoded:
        texts["path"] = decoded(probe.path)
    # Apache finds a method and the path "/" in what is no request line.
    made_up = ("method", "path") if reading.decoded and status in BAD and not probe.method else ()
    # "-" is how a server says nothing.
    return {name: {text, b""} if text == b"-" else {text}
            for name, text in texts.items() if name in reading.tells and name not in made_up}


def tells_truth(shown, texts, status, reading):
    if reading.unescape:
        told, good = reading.unescape(shown), texts
        if reading.escape_is_lossy:
            good = set(map(reading.unescape, texts))
    else:
        told = shown
        good = {form(text) for text in texts for form in (printable, replaced)[:1 + reading.mended]}
    # Of a bad request a server reads as far as it is good, and no header behind it.
    return told in good or status in BAD and any(text.startswith(told) for text in good)


def faults(probe, line, reading):
    """The names of what an object of `explain` tells wrongly."""
    found = []
    if line["status"] is None or probe.status not in (None, line["status"]):
        found.append("status")
    if not line["time"] or line["time"] < EARLIEST:
        found.append("time")
    if not reading.quotes_escaped and b'"' in probe.line + probe.referer + probe.agent:
        return found
    for name, texts in wanted_texts(probe, line["status"], reading).items():
        if not tells_truth(line[name] or "", texts, line["status"], reading):
            found.append(name)
    return found


def check_lines(probes, lines, reading):
    """One line for each probe that was answered, none for nobody, and each tells the truth."""
    unread = [line for line in lines if "client" not in line]
    assert not unread, unread
    sent = {probe.client: probe for probe in probes}
    clients = [line["client"] for line in lines]
    assert len(clients) == len(set(clients)) and set(clients) <= sent.keys(), sorted(clients)
    answered = [probe.name for probe in probes if probe.status and probe.client not in clients]
    assert not answered, f"not in the log: {answered}"
    wrong = [f"{', '.join(names)} of {sent[line['client']].name}: {line}" for line in lines
             if (names := faults(sent[line["client"]], line, reading))]
    assert not wrong, "\n".join(wrong)


def check_named(probes, log_of, form, way, server, check):
    """Reads a format's log as its directive, as its string or by auto, where that knows the format."""
    if way == "auto":
        if not form.auto:
            return
        lines = check(probes, form, log_of(form), "auto")
        assert {line["format"] for line in lines} == {form.auto}
    else:
        text = form.directive if way == "directive" else f"{server}: {form.string}"
        check(probes, form, log_of(form), text)
