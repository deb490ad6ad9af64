"""Prints what was measured. Used by: measure.py. All text from logs is escaped."""

WIDTH = 44


def percent(part):
  return f"{100 * part:.1f} %"


def line(name, true, false, missed, precision, recall, note=""):
  numbers = f"{true:>5} {false:>6} {missed:>7} {precision:>10} {recall:>8}"
  print(f"{name:<{WIDTH}} {numbers}  {note}".rstrip())


def finding_text(client, finding):
  value = f"{finding['value']} (threshold {finding['threshold']}, {finding['window']})"
  return f"{finding['severity']} {finding['detection']} {client or 'the site'} {value}"


def attacker_text(attacker):
  day = f" on {attacker.on}" if attacker.on else ""
  return f"{' or '.join(attacker.must)} of {attacker.client or 'the site'}{day}"


def row_note(row):
  parts = []
  if row.info:
    parts.append(f"{row.info} of them information only")
  if row.beyond:
    parts.append(f"{row.beyond} beyond reach")
  return "; ".join(parts)


def show_findings(item, answer):
  for finding in answer["findings"] if answer else ():
    if finding["detection"] != "FailedRequests":
      print(f"{item.name}: {ascii(finding_text(finding['client'], finding))}")


def show(measured, absent):
  scores = measured.scores
  print(f"{measured.logs} logs, {measured.clean} of them without an attacker, "
        f"{measured.lines} requests")
  if absent:
    print(absent)
  print()
  line("detection", "true", "false", "missed", "precision", "recall")
  for name in sorted(scores.rows):
    row = scores.rows[name]
    recall = row.true / (row.true + row.missed) if row.true + row.missed else 1.0
    line(name, row.true, row.false, row.missed, percent(row.precision()), percent(recall),
         row_note(row))
  total = scores.totals()
  line("all alarms", total.true, total.false, total.missed, percent(total.precision()),
       percent(scores.recall()), f"{scores.found} of {scores.expected} expected were found")
  print()
  line("clients accused", "true", "false", "missed", "precision", "recall")
  for name, by_client in measured.compared.items():
    line(name, by_client.true, by_client.false, by_client.missed, percent(by_client.precision()),
         percent(by_client.recall()))
  show_remarks(measured)


def show_remarks(measured):
  print()
  for name, attacker in measured.scores.beyond:
    print(f"beyond reach: {name}: {attacker_text(attacker)}: {attacker.beyond}")
  for name, attacker in measured.scores.outside:
    print(f"not to be seen: {name}: {attacker.client}: {attacker.beyond}")
  for name, reason in measured.unreadable:
    print(f"no access log: {name}: {reason}")
