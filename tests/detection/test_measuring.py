#!/usr/bin/env python3
"""Tests of what measures: the truths, the counting, the other rules, the made logs.

Used by: run. The program is asked too, for three witnesses tell what the old scripts would say: the
script as it is described, written down here; baselines.py; and what analyze prints.
"""

import collections
import ipaddress
import pathlib
import re
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True

import analyzer
import baselines
import generate
import measure
import score
import truth
from truth import Attacker, Truth

DOCUMENTATION = [ipaddress.ip_network(text) for text in
                 ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")]


def finding(detection, client, severity="warning", first="2026-03-05T10:00:00Z"):
  return {"detection": detection, "client": client, "severity": severity, "first": first,
          "value": 1, "threshold": 1, "window": "5m"}


def scored(known, *findings):
  counted = score.Score()
  counted.add(known, findings)
  return counted


ATTACK = Truth("a", (), "attack", (Attacker("192.0.2.1", ("LoginBruteForce",)),))


class Scoring(unittest.TestCase):

  def test_an_expected_finding_is_true(self):
    counted = scored(ATTACK, finding("LoginBruteForce", "192.0.2.1"))
    self.assertEqual((counted.found, counted.expected), (1, 1))
    self.assertEqual(counted.totals().true, 1)
    self.assertEqual(counted.misses, [])

  def test_silence_about_an_attacker_is_a_miss(self):
    counted = scored(ATTACK)
    self.assertEqual(counted.recall(), 0.0)
    self.assertEqual(len(counted.misses), 1)

  def test_another_client_is_a_false_alarm(self):
    counted = scored(ATTACK, finding("LoginBruteForce", "192.0.2.9"))
    self.assertEqual(len(counted.false_alarms), 1)
    self.assertEqual(counted.totals().precision(), 0.0)

  def test_another_kind_of_attack_is_a_false_alarm(self):
    counted = scored(ATTACK, finding("AttackRequestAnswered", "192.0.2.1", "critical"))
    self.assertEqual(len(counted.false_alarms), 1)

  def test_information_is_no_alarm(self):
    counted = scored(ATTACK, finding("FailedRequests", "192.0.2.9", "info"))
    self.assertEqual(counted.false_alarms, [])

  def test_information_can_be_what_was_expected_and_is_shown_as_that(self):
    known = Truth("a", (), "attack", (Attacker("192.0.2.1", ("ExploitAttempt",)),))
    counted = scored(known, finding("ExploitAttempt", "192.0.2.1", "info"))
    self.assertEqual((counted.found, counted.rows["ExploitAttempt"].info), (1, 1))
    self.assertEqual(counted.totals().true, 0)

  def test_an_alarm_among_pieces_of_information_counts(self):
    for order in (1, -1):
      findings = [finding("LoginScheduleAnomaly", None, "info"),
                  finding("LoginScheduleAnomaly", None, "warning")][::order]
      self.assertEqual(len(scored(Truth("a", (), "clean"), *findings).false_alarms), 1)

  def test_a_client_counts_once_however_many_episodes(self):
    alarm = finding("LoginBruteForce", "192.0.2.1")
    self.assertEqual(scored(ATTACK, alarm, alarm).totals().true, 1)

  def test_the_site_is_no_client(self):
    known = Truth("a", (), "attack", (Attacker(None, ("DistributedLoginFailures",)),))
    self.assertEqual(scored(known, finding("DistributedLoginFailures", "192.0.2.1")).found, 0)
    self.assertEqual(scored(known, finding("DistributedLoginFailures", None)).found, 1)

  def test_a_network_is_its_addresses(self):
    known = Truth("a", (), "attack", (Attacker("2001:db8:bb:1::/64", ("LoginBruteForce",)),))
    self.assertEqual(scored(known, finding("LoginBruteForce", "2001:db8:bb:1::/64")).found, 1)
    self.assertEqual(scored(known, finding("LoginBruteForce", "2001:db8:bb:1::7")).found, 1)
    self.assertEqual(scored(known, finding("LoginBruteForce", "2001:db8:bb:2::/64")).found, 0)

  def test_the_day_matters_where_it_is_given(self):
    known = Truth("a", (), "attack", (Attacker(None, ("LoginScheduleAnomaly",), on="2026-03-06"),))
    self.assertEqual(scored(known, finding("LoginScheduleAnomaly", None)).found, 0)

  def test_what_is_beyond_reach_counts_as_missed_but_is_listed_apart(self):
    slow = Attacker("192.0.2.1", ("LoginBruteForce",), beyond="too slow")
    counted = scored(Truth("a", (), "attack", (slow,)))
    self.assertEqual((counted.recall(), counted.misses, len(counted.beyond)), (0.0, [], 1))

  def test_a_truth_that_contradicts_itself_is_refused(self):
    for bad in (Truth("a", (), "attack"), Truth("a", (), "clean", ATTACK.attackers),
                Truth("a", (), "unreadable"), Truth("a", (), "quiet")):
      with self.assertRaises(ValueError):
        truth.checked(bad)

  def test_who_is_accused_is_counted_by_client(self):
    counted = score.ByClient()
    counted.add(ATTACK, {"192.0.2.1", "192.0.2.2"})
    self.assertEqual((counted.true, counted.false, counted.missed), (1, 1, 0))


class Failing(unittest.TestCase):

  def test_no_log_is_a_failure(self):
    self.assertIn("no log was measured", measure.Measurement().failures())

  def test_a_false_alarm_fails(self):
    measured = measure.Measurement()
    measured.logs = 1
    measured.scores = scored(Truth("quiet", (), "clean"), finding("ClientFlood", "192.0.2.1"))
    self.assertTrue(any("quiet: false alarm" in reason for reason in measured.failures()))

  def test_a_miss_fails(self):
    measured = measure.Measurement()
    measured.logs, measured.scores = 1, scored(ATTACK)
    self.assertTrue(any("a: missed" in reason for reason in measured.failures()))


class LeakyBuckets(unittest.TestCase):

  def pour(self, times, capacity=5, leak=10, values=None):
    bucket = baselines.Bucket()
    return [bucket.pour(at, values[i] if values else None, capacity, leak)
            for i, at in enumerate(times)]

  def test_overflows_above_the_capacity_not_at_it(self):
    self.assertEqual(self.pour([0] * 6), [False] * 5 + [True])

  def test_leaks(self):
    self.assertFalse(any(self.pour(range(0, 1000, 10))))
    self.assertTrue(any(self.pour(range(0, 100, 5))))

  def test_counts_what_differs(self):
    self.assertFalse(any(self.pour([0] * 9, values=["/a"] * 9)))

  def test_time_that_goes_back_does_not_fill_it_again(self):
    self.assertFalse(any(self.pour([100, 0, 100, 0], capacity=4)))


SCRIPT_LINE = re.compile(r'^(\d+\.\d+\.\d+\.\d+) .*?" ([1-5]\d\d) ')


def detect_unusual_login(path):
  """The script as it is described: threshold 5, five codes, one count an address."""
  counts = collections.Counter()
  with open(path, encoding="utf-8", errors="replace", newline="\n") as lines:
    for text in lines:
      found = SCRIPT_LINE.match(text)
      if found and found[2] in ("401", "403", "400", "404", "409"):
        counts[found[1]] += 1
  return {address: count for address, count in counts.items() if count >= 5}


class OldScripts(unittest.TestCase):

  def logs(self, folder):
    made = generate.make(pathlib.Path(folder), seed=7)
    return [item for item in made if item.name in ("everyday", "basic-auth", "reconnaissance",
                                                   "garbage", "relaunch", "floods")]

  def test_all_witnesses_agree(self):
    binary, accused = analyzer.program(), 0
    with tempfile.TemporaryDirectory() as folder:
      for item in self.logs(folder):
        script = detect_unusual_login(item.files[0])
        mine = baselines.old_scripts(analyzer.records(binary, item))
        version_4 = {client for client in mine if ":" not in client}
        self.assertEqual(version_4, set(script), item.name)
        printed = dict(re.findall(r"^IP: (\d[\d.]+) - Failed login attempts: (\d+)$",
                                  analyzer.text_answer(binary, item.files[0]), re.M))
        self.assertEqual({a: str(n) for a, n in script.items()}, printed, item.name)
        accused += len(script)
    self.assertGreater(accused, 30)


class MadeLogs(unittest.TestCase):

  def test_the_same_seed_makes_the_same_bytes(self):
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
      first, second = (generate.make(pathlib.Path(folder), seed=3) for folder in (one, two))
      for left, right in zip(first, second):
        for path, other in zip(left.files, right.files):
          self.assertEqual(path.read_bytes(), other.read_bytes(), path.name)

  def test_addresses_are_those_of_the_documentation_and_every_attacker_is_there(self):
    with tempfile.TemporaryDirectory() as folder:
      for item in generate.make(pathlib.Path(folder), seed=2):
        clients = {record["client"] for record in analyzer.records(analyzer.program(), item)}
        for client in clients:
          address = ipaddress.ip_address(client)
          self.assertTrue(any(address in network for network in DOCUMENTATION), address)
        for attacker in item.attackers:
          if attacker.client is not None:
            self.assertTrue(any(attacker.is_client(client) for client in clients), attacker)


if __name__ == "__main__":
  unittest.main()
