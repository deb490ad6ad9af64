r"""Log formats as people write them for Apache, written by a real apache2 under hostile requests, read
by the exporter: each line must say what was sent, and no line may be lost or forged.
"""
import codecs
import dataclasses
import os
import re
import socket

import pytest

from hostile import Reading, check_lines, check_named, explain, new_probes
from programs import Program, free_port, wait_until

REQUEST = "method path query"
HEADERS = "user_agent referer"
COMBINED_ALL = f"{REQUEST} {HEADERS} user"


@dataclasses.dataclass
class Format:
    """A LogFormat directive, and which of a probe's texts its lines tell."""
    directive: str
    tells: str
    auto: str = ""         # the built-in format that `auto` is to find
    decoded: bool = False  # tells %U, which Apache decodes

    @property
    def name(self):
        return self.directive.split()[-1]

    @property
    def string(self):
        """As it stands in the configuration, without its quotes."""
        return re.search(r'"(.*)"', self.directive)[1]


FORMATS = [
    Format(r'LogFormat "%h %l %u %t \"%r\" %>s %b" common', f"{REQUEST} user", "common"),
    Format(r'LogFormat "%h %l %u %t \"%r\" %>s %O \"%{Referer}i\" \"%{User-Agent}i\"" combined',
           COMBINED_ALL, "combined"),
    Format(r'LogFormat "%v:%p %h %l %u %t \"%r\" %>s %O \"%{Referer}i\" \"%{User-Agent}i\"" '
           'vhost_combined', COMBINED_ALL, "vhost_combined"),
    Format(r'LogFormat "%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\" %I %O" '
           'combinedio', COMBINED_ALL, "combinedio"),
    Format(r'LogFormat "%V %a %u %t \"%r\" %s %b \"%{User-agent}i\" %D" with_alias',
           f"{REQUEST} user_agent user"),
    Format(r'LogFormat "%{c}a %a %h %A %{X-Forwarded-For}i %t \"%r\" %>s" addresses', REQUEST),
    Format(r'LogFormat "%{X-Forwarded-For}i %h %l %u %t \"%r\" %>s %b" proxied', ""),
    Format(r'LogFormat "%a %{%Y-%m-%dT%H:%M:%S%z}t \"%r\" %>s %T/%D \"%{User-Agent}i\"" iso',
           f"{REQUEST} user_agent"),
    Format(r'LogFormat "[%{%d/%b/%Y %T}t.%{msec_frac}t %{%z}t] %h \"%r\" %>s %b %{ms}T" msec_frac',
           REQUEST),
    Format(r'LogFormat "%{sec}t %h \"%r\" %>s %{us}T" sec', REQUEST),
    Format(r'LogFormat "%{msec}t %h \"%r\" %>s %{s}T" msec', REQUEST),
    Format(r'LogFormat "%{usec}t %h \"%r\" %>s %{begin:%s}t" usec', REQUEST),
    Format(r'LogFormat "%h %t \"%m %U%q %H\" %>s %B \"%{Referer}i\" \"%{User-Agent}i\"" parts',
           f"{REQUEST} {HEADERS}", decoded=True),
    Format(r'LogFormat "%t %h %m \"%U%q\" %H %>s %B" parts_quoted', REQUEST, decoded=True),
    Format(r'LogFormat "%h\t%u\t%t\t%>s\t%m\t%U\t%q\t%{User-Agent}i\t%{Referer}i\t%D" tabs',
           COMBINED_ALL, decoded=True),
    Format(r'LogFormat "%h %l %u %t \"%r\" %>s %b \"%!200,304,302{Referer}i\" '
           r'\"%400,404,501{User-Agent}i\"" conditional', f"{REQUEST} user"),
    Format(r'LogFormat "{\"time\":\"%{%Y-%m-%dT%H:%M:%S%z}t\",\"remote_ip\":\"%a\",'
           r'\"host\":\"%V\",\"request\":\"%U\",\"query\":\"%q\",\"method\":\"%m\",'
           r'\"status\":\"%>s\",\"userAgent\":\"%{User-agent}i\",\"referer\":\"%{Referer}i\"}" '
           'json_parts', f"{REQUEST} {HEADERS}", "json", decoded=True),
    Format(r'LogFormat "{ \"timestamp\": \"%t\", \"client\": \"%h\", \"user\": \"%u\", '
           r'\"request\": \"%r\", \"status\": %>s, \"bytes\": %B, \"duration_us\": %D, '
           r'\"referrer\": \"%{Referer}i\", \"user_agent\": \"%{User-Agent}i\" }" json_line',
           COMBINED_ALL, "json"),
    Format(r'LogFormat "client=%h user=\"%u\" time=\"%{%Y-%m-%d %H:%M:%S}t.%{usec_frac}t\" '
           r'request=\"%r\" status=%>s size=%B agent=\"%{User-Agent}i\" handler=%R keys=%k%X" keys',
           f"{REQUEST} user_agent user"),
]
MODULES = ("mpm_event authn_core authz_core authn_file authn_anon authz_user auth_basic dir mime "
           "alias")


class Site(Program):
    """One apache2 that writes every request to every log."""

    def __init__(self, directory):
        self.port = free_port()
        self.directory = directory
        modules = "\n".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so"
                            for name in MODULES.split())
        logs = "\n".join(f"{form.directive}\nCustomLog {self.log_of(form)} {form.name}"
                         for form in FORMATS)
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
TypesConfig /dev/null
AllowEncodedSlashes On
# Files that are on every Debian, for Apache gives up root's right to read those of the test.
DocumentRoot /usr/share/common-licenses
Alias /page /usr/share/common-licenses/BSD
# Anybody who gives a name is let in, so that the log has it.
<Location "/">
  AuthType Basic
  AuthName site
  AuthBasicProvider anon
  Anonymous *
  <If "-n req('Authorization')">
    Require valid-user
  </If>
  <Else>
    Require all granted
  </Else>
</Location>
{logs}
""")
        super().__init__(directory, "apache2", ["/usr/sbin/apache2", "-d", directory, "-f",
                                                directory / "apache2.conf", "-DFOREGROUND"])
        wait_until(self.listens, 10, "apache2 listens")

    def listens(self):
        assert self.process.poll() is None, self.output()
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def log_of(self, form):
        return self.directory / f"{form.name}.log"


@pytest.fixture(name="written", scope="module")
def write_logs(tmp_path_factory):
    """(the probes, where each format's log is); the server has ended and written all it will."""
    probes = new_probes()
    with Site(tmp_path_factory.mktemp("apache2")) as site:
        for probe in probes:
            probe.send(site.port)
        site.stop()
        return probes, site.log_of


def unescape(shown):
    """Of a text as Apache escapes it: as C does."""
    return codecs.escape_decode(shown.encode())[0]


def unescape_rest(text):
    """What is left of Apache's escaping once JSON's was undone: JSON does not know these."""
    if isinstance(text, str):
        text = text.encode()
    return re.sub(rb"\\(x[0-9a-f]{2}|v)", lambda m: unescape(m[0].decode()), text)


def check(probes, form, log, log_format):
    lines = explain(log_format, log)
    auto_json = log_format == "auto" and form.auto == "json"
    check_lines(probes, lines, Reading(form.tells.split(), unescape_rest if auto_json else unescape,
                                       decoded=form.decoded, escape_is_lossy=auto_json))
    return lines


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
@pytest.mark.parametrize("way", ["directive", "string", "auto"])
def test_each_line_says_what_was_sent(written, form, way):
    check_named(*written, form, way, "apache", check)
