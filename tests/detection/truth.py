"""What is known about a log: who attacks, what may be said of whom, what must stay silent.

Used by: measure.py, score.py, generate.py. A truth is explicit: every client that is not named
in it is harmless, and each warning or critical finding about a harmless client is a false alarm.

kind: clean      nothing of severity warning or critical may be found
      whitelist  the same; the hub publishes these as normal use of an application
      attack     see attackers; others are harmless
      unreadable no access log, or nothing in it that an access log can show; `reason` says what
"""

import dataclasses
import ipaddress
import tomllib

KINDS = ("clean", "whitelist", "attack", "unreadable")
# Any attacker may also be a repeat offender or be listed by the old scripts' rule.
ALWAYS = frozenset(("RepeatOffender",))


@dataclasses.dataclass
class Attacker:
  """client: address or network; None for the whole site.

  must: one of these is to be found; empty if silence is right, too. also: may be found besides.
  beyond: why no detection is expected to see it. With `must` it counts as missed all the same, but
  alone does not fail the run; without `must` it is only listed.
  """
  client: str | None
  must: tuple = ()
  also: tuple = ()
  beyond: str = ""
  on: str = ""  # the day of the finding (UTC), where it matters

  def accepts(self, detection):
    return detection in self.must or detection in self.also or detection in ALWAYS

  def is_client(self, client):
    if self.client is None or client is None:
      return self.client is None and client is None
    return self.client == client or _inside(self.client, client) or _inside(client, self.client)


@dataclasses.dataclass
class Truth:
  name: str
  files: tuple
  kind: str
  attackers: tuple = ()
  config: str = ""
  reason: str = ""
  anyone: tuple = ()  # every client of the log is an attacker, of whom these may be said


def _inside(address, network):
  if "/" not in network:
    return False
  try:
    return ipaddress.ip_address(address) in ipaddress.ip_network(network)
  except ValueError:
    return False


def load(path, folder):
  """The truths of one file of tests/detection/truth; their logs lie below `folder`."""
  with open(path, "rb") as source:
    document = tomllib.load(source)
  base = folder / document.pop("folder", "")
  truths = []
  for item in document.pop("log"):
    files = tuple(base / name for name in item.pop("files"))
    attackers = tuple(_attacker(entry) for entry in item.pop("attacker", ()))
    anyone = tuple(item.pop("anyone", ()))
    truths.append(checked(Truth(files=files, attackers=attackers, anyone=anyone, **item)))
  if document:
    raise ValueError(f"{path}: unknown {', '.join(document)}")
  return truths


def _attacker(item):
  client = item.pop("client", None)
  lists = {name: tuple(item.pop(name, ())) for name in ("must", "also")}
  return Attacker(client=client, **lists, **item)


def checked(truth):
  """A truth that contradicts itself would make a check that cannot fail."""
  if truth.kind not in KINDS:
    raise ValueError(f"{truth.name}: kind {truth.kind}")
  if (truth.kind == "attack") != bool(truth.attackers):
    raise ValueError(f"{truth.name}: attackers belong to kind attack, and only there")
  if (truth.kind == "unreadable") != bool(truth.reason):
    raise ValueError(f"{truth.name}: a reason belongs to kind unreadable, and only there")
  return truth
