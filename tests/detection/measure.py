#!/usr/bin/env python3
"""Runs analyze over labelled logs and compares what it finds with what is known of them.

usage: measure.py [--seed=N] [--extra DIR]… [--only NAME]… [--no-generated] [--verbose]

The logs: those of $ACCESSLOG_SHARED_DATA or ../shared/data beside the sources, with the truths of
truth/*.toml; those of fixtures/, which are bundled; those that generate.py makes; and with --extra
the logs of a folder with truths of its own (*.toml) in it. Where the shared folder is absent, this
is said, and only the others are measured.

Exit 1: a harmless client was accused in a log without attackers, an expected detection is missing,
or precision or recall over all logs is below 95 %.
"""

import argparse
import os
import pathlib
import sys
import tempfile

sys.dont_write_bytecode = True

import analyzer
import baselines
import generate
import score
import table
import truth

HERE = pathlib.Path(__file__).resolve().parent
NEEDED = 0.95
COMPARED = ("alarms", "alarms and ExploitAttempt", "old scripts: 5 of 400/401/403/404/409",
            "CrowdSec-like leaky buckets")


def shared_folder():
  named = os.environ.get("ACCESSLOG_SHARED_DATA")
  return pathlib.Path(named) if named else analyzer.ROOT.parent / "shared" / "data"


def truths_of(folder, definitions):
  return [item for path in sorted(definitions.glob("*.toml")) for item in truth.load(path, folder)]


def collect(arguments, made):
  """All logs to measure; the second value tells what is not among them."""
  truths, absent = truths_of(HERE / "fixtures", HERE / "fixtures"), None
  shared = shared_folder()
  if shared.is_dir():
    truths += truths_of(shared, HERE / "truth")
  else:
    absent = f"{shared} is not there: the public logs are NOT measured"
  if not arguments.no_generated:
    truths += generate.make(made, arguments.seed)
  for folder in arguments.extra:
    truths += truths_of(folder, folder)
  if arguments.only:
    truths = [item for item in truths if item.name in arguments.only]
  return truths, absent


class Measurement:
  """Everything that the table shows."""

  def __init__(self):
    self.scores, self.unreadable, self.broken = score.Score(), [], []
    self.compared = {name: score.ByClient() for name in COMPARED}
    self.logs = self.clean = self.lines = 0

  def add(self, binary, item):
    answer = analyzer.analyze(binary, item)
    if item.kind == "unreadable":
      self.unreadable.append((item.name, item.reason))
      if answer is not None and answer["findings"]:
        self.broken.append(f"{item.name}: it is no access log, but something was found in it")
      return
    if answer is None:
      self.broken.append(f"{item.name}: no line could be read")
      return
    self.logs += 1
    self.clean += item.kind in ("clean", "whitelist")
    self.lines += answer["lines"]["parsed"]
    findings = answer["findings"]
    self.scores.add(item, findings)
    self._compare(binary, item, findings)

  def _compare(self, binary, item, findings):
    records = analyzer.records(binary, item)
    alarms = {f["client"] for f in findings if f["severity"] in score.ALARMS}
    hints = {f["client"] for f in findings if f["detection"] == "ExploitAttempt"}
    accused = (alarms, alarms | hints, baselines.old_scripts(records),
               baselines.crowdsec_like(records))
    for name, clients in zip(COMPARED, accused):
      self.compared[name].add(item, clients)

  def failures(self):
    """Why this run does not pass; empty if it does."""
    scores, total = self.scores, self.scores.totals()
    reasons = list(self.broken)
    if not self.logs:
      reasons.append("no log was measured")
    for name, client, finding in scores.false_alarms:
      reasons.append(f"{name}: false alarm: {table.finding_text(client, finding)}")
    for name, attacker in scores.misses:
      reasons.append(f"{name}: missed: {table.attacker_text(attacker)}")
    if total.precision() < NEEDED:
      reasons.append(f"precision {total.precision():.1%} is below {NEEDED:.0%}")
    if scores.recall() < NEEDED:
      reasons.append(f"recall {scores.recall():.1%} is below {NEEDED:.0%}")
    return reasons


def parse_arguments():
  parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
  parser.add_argument("--seed", type=int, default=1)
  parser.add_argument("--extra", type=pathlib.Path, action="append", default=[])
  parser.add_argument("--only", action="append", default=[])
  parser.add_argument("--no-generated", action="store_true")
  parser.add_argument("--verbose", action="store_true", help="each finding of each log")
  return parser.parse_args()


def main():
  arguments = parse_arguments()
  binary, measured = analyzer.program(), Measurement()
  with tempfile.TemporaryDirectory() as made:
    truths, absent = collect(arguments, pathlib.Path(made))
    for item in truths:
      measured.add(binary, item)
      if arguments.verbose:
        table.show_findings(item, analyzer.analyze(binary, item))
  table.show(measured, absent)
  reasons = measured.failures()
  for reason in reasons:
    print("FAILED", reason)
  return 1 if reasons else 0


if __name__ == "__main__":
  sys.exit(main())
