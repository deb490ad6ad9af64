"""Compares what was found in a log with its truth, and adds up.

Used by: measure.py. A pair (log, client, detection) counts once, however many episodes it had.
"""

import collections
import dataclasses

ALARMS = ("warning", "critical")


@dataclasses.dataclass
class Row:
  true: int = 0
  false: int = 0
  missed: int = 0
  beyond: int = 0  # of those missed, how many no detection is expected to see
  info: int = 0    # of those true, how many by a finding that is no alarm

  def precision(self):
    return self.true / (self.true + self.false) if self.true + self.false else 1.0


class Score:
  """The counts of all logs, by detection, and what to tell about them."""

  def __init__(self):
    self.rows = collections.defaultdict(Row)
    self.expected = self.found = 0
    self.false_alarms, self.misses, self.beyond, self.outside = [], [], [], []

  def add(self, truth, findings):
    """findings: those of analyze about this log."""
    pairs = {}
    for finding in findings:
      key = finding["client"], finding["detection"]
      worse = finding["severity"] in ALARMS or key not in pairs
      pairs[key] = finding if worse else pairs[key]
    for (client, detection), finding in pairs.items():
      self._judge(truth, client, detection, finding)
    for attacker in truth.attackers:
      self._expect(truth, attacker, findings)

  def _judge(self, truth, client, detection, finding):
    row, alarm = self.rows[detection], finding["severity"] in ALARMS
    if says_the_truth(truth, client, detection):
      row.true += 1
      row.info += not alarm
    elif alarm:
      row.false += 1
      self.false_alarms.append((truth.name, client, finding))

  def _expect(self, truth, attacker, findings):
    if not attacker.must:
      if attacker.beyond:
        self.outside.append((truth.name, attacker))
      return
    self.expected += 1
    if any(f["detection"] in attacker.must and attacker.is_client(f["client"])
           and (f["first"] or "").startswith(attacker.on) for f in findings):
      self.found += 1
      return
    row = self.rows[attacker.must[0]]
    row.missed += 1
    row.beyond += bool(attacker.beyond)
    (self.beyond if attacker.beyond else self.misses).append((truth.name, attacker))

  def totals(self):
    """Alarms only: what is told as information accuses nobody."""
    total = Row()
    for row in self.rows.values():
      total.true += row.true - row.info
      total.false += row.false
    total.missed = self.expected - self.found
    return total

  def recall(self):
    return self.found / self.expected if self.expected else 1.0


def says_the_truth(truth, client, detection):
  if client is not None and detection in truth.anyone:
    return True
  return any(a.accepts(detection) and a.is_client(client) for a in truth.attackers)


class ByClient:
  """Who was accused, for comparison between rules that know no kinds of attack."""

  def __init__(self):
    self.true = self.false = self.missed = 0

  def add(self, truth, accused):
    """accused: addresses; None in it stands for the whole site.

    A site that is attacked from everywhere is found by a finding about the site.
    """
    for client in {a.client for a in truth.attackers}:
      entries = [a for a in truth.attackers if a.client == client]
      hit = any(entries[0].is_client(other) for other in accused)
      self.true += hit
      self.missed += not hit and any(a.must for a in entries)
    if not truth.anyone:
      self.false += sum(not any(a.is_client(client) for a in truth.attackers)
                        for client in accused)

  def precision(self):
    return self.true / (self.true + self.false) if self.true + self.false else 1.0

  def recall(self):
    return self.true / (self.true + self.missed) if self.true + self.missed else 1.0
