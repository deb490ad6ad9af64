"""One request of a made log, and the formats that it can be written in.

Used by: traffic.py, people.py, intruders.py, generate.py. Addresses are those of the documentation
ranges only; times are seconds since 1970, written in UTC.
"""

import json
import time
from typing import NamedTuple

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
IIS_FIELDS = ("date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip "
              "cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status sc-bytes "
              "time-taken")


class Entry(NamedTuple):
  at: float
  client: str
  method: str
  target: str
  status: int
  size: int = 512
  referer: str = "-"
  agent: str = "-"
  user: str = "-"
  raw_request: str | None = None  # what stands between the quotes where it is no request line


def request_line(entry):
  if entry.raw_request is not None:
    return entry.raw_request
  return f"{entry.method} {entry.target} HTTP/1.1"


def clf_time(at):
  t = time.gmtime(at)
  return (f"{t.tm_mday:02}/{MONTHS[t.tm_mon - 1]}/{t.tm_year}:"
          f"{t.tm_hour:02}:{t.tm_min:02}:{t.tm_sec:02} +0000")


def common(entry):
  return (f'{entry.client} - {entry.user} [{clf_time(entry.at)}] "{request_line(entry)}" '
          f"{entry.status} {entry.size or '-'}")


def combined(entry):
  return f'{common(entry)} "{entry.referer}" "{entry.agent}"'


def vhost_combined(entry):
  return f"www.example.org:443 {combined(entry)}"


def nginx_json(entry):
  t = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(entry.at))
  return json.dumps({
      "time_iso8601": t, "remote_addr": entry.client, "remote_user": entry.user.strip("-"),
      "request": request_line(entry), "status": entry.status, "body_bytes_sent": entry.size,
      "http_referer": entry.referer.strip("-"), "http_user_agent": entry.agent,
      "request_time": 0.012})


def iis(entry):
  stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(entry.at))
  stem, _, query = entry.target.partition("?")
  agent = entry.agent.replace(" ", "+")
  return (f"{stamp} 192.0.2.250 {entry.method} {stem} {query or '-'} 443 {entry.user} "
          f"{entry.client} {agent} {entry.referer} {entry.status} 0 0 {entry.size} 15")


FORMATS = {"common": common, "combined": combined, "vhost_combined": vhost_combined,
           "json": nginx_json, "iis": iis}


def write_log(path, entries, format_name, keep_order=False):
  """Writes the entries in the order of time; keep_order leaves them as they are."""
  write = FORMATS[format_name]
  ordered = entries if keep_order else sorted(entries, key=lambda entry: entry.at)
  with open(path, "w", encoding="utf-8", errors="surrogateescape", newline="") as out:
    if format_name == "iis":
      out.write(f"#Software: Microsoft Internet Information Services 10.0\n#Fields: {IIS_FIELDS}\n")
    for entry in ordered:
      out.write(write(entry) + "\n")
