"""Who is charged behind real proxies: nginx in front of nginx, each on a loopback address of its own,
and clients that forge the headers in which proxies tell for whom they ask.
"""
import json
import os
import re
import socket

import pytest

from programs import Exporter, Program, free_port, wait_until

PROXY, STRANGER, CLIENT, VICTIM = "127.0.0.2", "127.0.0.3", "127.0.0.4", "198.51.100.7"
FORMAT = ("""'$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent """
          """"$http_referer" "$http_user_agent" "$http_x_forwarded_for" "$http_forwarded" """
          """"$http_cf_connecting_ip" "$http_x_real_ip"'""")
FORGED = {
    "plain": f"X-Forwarded-For: {VICTIM}",
    "proxy named": f"X-Forwarded-For: {VICTIM}, {PROXY}",
    "many": "X-Forwarded-For: " + f"{VICTIM}, {PROXY}, " * 100 + VICTIM,
    "half a quote": f'X-Forwarded-For: {VICTIM}, "',
    "twice": f"X-Forwarded-For: {VICTIM}\r\nX-Forwarded-For: {VICTIM}",
    "escape": f"X-Forwarded-For: {VICTIM}\\x22, \\",
    "forwarded": f"Forwarded: for={VICTIM}",
    "forwarded quoted": f'Forwarded: for="{VICTIM}:80";by="',
    "cloudflare": f"CF-Connecting-IP: {VICTIM}",
    "real ip": f"X-Real-IP: {VICTIM}",
    "name": "X-Forwarded-For: victim.example.com",
    "hidden": "X-Forwarded-For: _hidden, unknown",
}


class Chain(Program):
    """A server that logs the headers, and three proxies in front of it that come from PROXY: one
    appends to X-Forwarded-For, one writes Forwarded, one says nothing."""

    def __init__(self, directory):
        self.port, self.appends, self.forwards, self.silent = (free_port() for _ in range(4))
        self.log_file = directory / "access.log"
        self.log_file.touch()
        config = directory / "nginx.conf"
        paths = "".join(f"{kind}_temp_path {directory}/{kind};"
                        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))

        def proxy(port, header):
            return (f"server {{ listen 127.0.0.1:{port}; access_log off; location / {{ {header} "
                    f"proxy_bind {PROXY}; proxy_pass http://127.0.0.1:{self.port}; }} }}")

        config.write_text(f"""
{"user root;" if os.getuid() == 0 else ""}
daemon off;
worker_processes 1;
pid {directory}/nginx.pid;
error_log {directory}/error.log;
events {{}}
http {{
  {paths}
  log_format hops {FORMAT};
  server {{ listen 127.0.0.1:{self.port}; access_log {self.log_file} hops; return 200 "page"; }}
  {proxy(self.appends, "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;")}
  {proxy(self.forwards, 'proxy_set_header Forwarded "$http_forwarded, for=$remote_addr;proto=http";')}
  {proxy(self.silent, "")}
}}
""")
        super().__init__(directory, "nginx", ["/usr/sbin/nginx", "-c", config, "-p", directory,
                                              "-e", directory / "error.log"])
        wait_until(self.listens, 10, "nginx listens")

    def listens(self):
        assert self.process.poll() is None, self.output()
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.silent)) == 0

    @staticmethod
    def request(port, client, header):
        with socket.create_connection(("127.0.0.1", port), timeout=5,
                                      source_address=(client, 0)) as connection:
            connection.sendall(f"GET / HTTP/1.1\r\nHost: site\r\n{header}\r\n"
                               "Connection: close\r\n\r\n".encode())
            assert connection.makefile("rb").readline().split()[1] == b"200"


@pytest.fixture(name="chain")
def run_chain(tmp_path):
    with Chain(tmp_path) as chain:
        yield chain


def exporter(directory, chain, headers=None):
    order = f"client_headers = {json.dumps(headers)}\n" if headers else ""
    (directory / "config.toml").write_text(f"""
[clients]
first_value_hold = "0s"
trusted_proxies = ["{PROXY}"]
{order}
[[site]]
name = "site"
files = ["{chain.log_file}"]
start = "beginning"
format = '''nginx: {FORMAT}'''
""")
    return Exporter(directory, "--config.file", directory / "config.toml")


def charged(running, requests):
    """{client: requests} when all were read."""
    def total():
        found = {}
        for series, value in running.metrics().items():
            client = re.match(r'accesslog_client_requests_total\{site="site",client="([^"]*)"', series)
            if client:
                found[client[1]] = found.get(client[1], 0) + value
        return found if sum(found.values()) == requests else None
    return wait_until(total, 10, f"{requests} requests are charged\n{running.output()}")


def test_a_stranger_is_charged_whatever_he_sends(tmp_path, chain):
    for header in FORGED.values():
        chain.request(chain.port, STRANGER, header)
    with exporter(tmp_path, chain) as running:
        assert charged(running, len(FORGED)) == {STRANGER: len(FORGED)}


def test_a_client_is_charged_behind_a_proxy_that_appends(tmp_path, chain):
    for header in FORGED.values():
        chain.request(chain.appends, CLIENT, header)
    with exporter(tmp_path, chain) as running:
        assert charged(running, len(FORGED)) == {CLIENT: len(FORGED)}


def test_a_client_is_charged_behind_a_proxy_that_writes_forwarded(tmp_path, chain):
    for header in FORGED.values():
        chain.request(chain.forwards, CLIENT, header)
    with exporter(tmp_path, chain, ["Forwarded"]) as running:
        assert charged(running, len(FORGED)) == {CLIENT: len(FORGED)}


def test_the_proxy_is_charged_where_it_hands_on_what_is_not_asked_for(tmp_path, chain):
    headers = [header for header in FORGED.values() if not header.startswith("Forwarded")]
    for header in headers:
        chain.request(chain.silent, CLIENT, header)
    with exporter(tmp_path, chain, ["Forwarded"]) as running:
        assert charged(running, len(headers)) == {PROXY: len(headers)}
