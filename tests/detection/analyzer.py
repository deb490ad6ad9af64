"""Runs the program: findings of `analyze --json`, and the fields of each line by `explain --json`.

Used by: measure.py, baselines.py. A log of which no line can be read gives None.
"""

import json
import os
import pathlib
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def program():
  """$ACCESSLOG_EXPORTER, or the newest build."""
  named = os.environ.get("ACCESSLOG_EXPORTER")
  if named:
    return pathlib.Path(named)
  built = [ROOT / "build" / preset / "accesslog_exporter" for preset in ("release", "dev")]
  there = [path for path in built if path.exists()]
  if not there:
    raise SystemExit("no program: build one, or name it in ACCESSLOG_EXPORTER")
  return max(there, key=lambda path: path.stat().st_mtime)


def analyze(binary, truth):
  """The answer of analyze about the files of a truth together."""
  command = [binary, "analyze", "--json", "--top=0", *truth.files]
  with tempfile.NamedTemporaryFile("w", suffix=".toml") as config:
    if truth.config:
      config.write(truth.config)
      config.flush()
      command.insert(2, f"--config.file={config.name}")
    done = subprocess.run(command, capture_output=True, check=False)
  if done.returncode == 2 and b"could be read" in done.stderr:
    return None
  if done.returncode != 0:
    raise SystemExit(f"{truth.name}: analyze failed: {done.stderr.decode(errors='replace')}")
  return json.loads(done.stdout)


def text_answer(binary, path):
  """What analyze prints for people."""
  done = subprocess.run([binary, "analyze", "--top=0", path], capture_output=True, check=True)
  return done.stdout.decode(errors="replace")


def records(binary, truth):
  """The fields of each request, in the order of the files."""
  found = []
  for path in truth.files:
    with open(path, "rb") as lines:
      done = subprocess.run([binary, "explain", "--json"], stdin=lines, capture_output=True,
                            check=False)
    for line in done.stdout.splitlines():
      fields = json.loads(line)
      if "client" in fields and "status" in fields:
        found.append(fields)
  return found
