"""What a person at a terminal sees of `analyze` while it works and when it is done."""
import os
import pty
import re
import select
import subprocess
import threading
import time

import pytest

from programs import EXPORTER

LINE = '192.0.2.1 - - [08/Sep/2023:12:26:56 -0400] "GET / HTTP/1.1" 200 3477 "-" "Mozilla/5.0"\n'
MISSING = LINE.replace(" 200 ", " 404 ")
# Over the amount that is read at once, so that each feed is an occasion to draw.
FEED = LINE * 10000
RATE = re.compile(r"\d lines/s")


class Screen:
    """As much of a terminal as `analyze` uses: \\r, \\n and "erase to the end of the line"."""

    def __init__(self):
        self.lines = [""]
        self.column = 0
        self.seen = []  # every state that the last line had

    def feed(self, text):
        for token in re.findall(r"\x1b\[K|.|\n", text, re.DOTALL):
            line = self.lines[-1]
            if token == "\x1b[K":
                self.lines[-1] = line[:self.column]
            elif token == "\r":
                self.column = 0
            elif token == "\n":
                self.lines.append("")
                self.column = 0
            else:
                assert token.isprintable(), repr(token)
                self.lines[-1] = line[:self.column] + token + line[self.column + 1:]
                self.column += 1
            self.seen.append(self.lines[-1])


def feed_slowly(pipe, pieces):
    with pipe:
        for piece in pieces:
            pipe.write(piece.encode())
            pipe.flush()
            time.sleep(0.3)


def on_terminal(arguments, pieces, stdout_too=True, term="xterm", columns=80):
    """Runs analyze over `pieces` that come slowly; returns what the terminal showed, and stdout."""
    terminal, program_side = pty.openpty()
    subprocess.run(["stty", "cols", str(columns)], stdin=program_side, check=True)
    process = subprocess.Popen([EXPORTER, "analyze", *arguments, "-"], stdin=subprocess.PIPE,
                               stdout=program_side if stdout_too else subprocess.PIPE,
                               stderr=program_side, env={**os.environ, "TERM": term})
    os.close(program_side)
    feeder = threading.Thread(target=feed_slowly, args=(process.stdin, pieces))
    feeder.start()
    shown = b""
    while True:
        assert select.select([terminal], [], [], 20)[0], "nothing shown for 20 s"
        try:
            data = os.read(terminal, 65536)
        except OSError:  # Linux' way to say that the other side is closed
            break
        shown += data
    feeder.join()
    out = "" if stdout_too else process.stdout.read().decode()
    assert process.wait(20) == 0
    os.close(terminal)
    screen = Screen()
    screen.feed(shown.decode())
    return screen, out


def test_progress_is_shown_and_leaves_no_trace():
    screen, _ = on_terminal([], [FEED] * 5)
    assert any(RATE.search(line) for line in screen.seen)
    assert screen.lines[0] == "Lines: 50,000 read, 50,000 parsed, 0 unparsed"
    assert not any(RATE.search(line) for line in screen.lines)


def test_matching_lines_and_progress_do_not_mix():
    screen, _ = on_terminal(["--status=404"], [FEED + MISSING] * 5, columns=200)
    assert any(RATE.search(line) for line in screen.seen)
    numbered = [f"{10001 * i}:{MISSING.strip()}" for i in range(1, 6)]
    assert screen.lines[:5] == numbered
    assert screen.lines[5] == "Number of occurrences of '404': 5"


def test_the_line_fits_a_narrow_terminal():
    screen, _ = on_terminal([], [FEED] * 4, columns=12)
    drawn = [line for line in screen.seen if re.match(r"\d+\.\d [kM]B, ", line)]
    assert drawn
    assert max(map(len, drawn)) == 11


def test_results_in_a_pipe_hold_no_progress():
    screen, out = on_terminal([], [FEED] * 4, stdout_too=False)
    assert any(RATE.search(line) for line in screen.seen)
    assert screen.lines == [""]
    assert out.startswith("Lines: 40,000 read") and "\x1b" not in out and "\r" not in out


@pytest.mark.parametrize("term", ["dumb", ""])
def test_a_dumb_terminal_shows_the_answer_alone(term):
    screen, _ = on_terminal([], [FEED] * 4, term=term)
    assert screen.seen[0] == "L"
    assert not any(RATE.search(line) for line in screen.seen)


def test_nothing_is_shown_where_nobody_watches():
    process = subprocess.Popen([EXPORTER, "analyze", "-"], stdin=subprocess.PIPE,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    feed_slowly(process.stdin, [FEED] * 4)
    assert process.stderr.read() == b""
    assert process.wait(20) == 0


def test_short_work_shows_no_progress(tmp_path):
    log = tmp_path / "access.log"
    log.write_text(FEED)
    terminal, program_side = pty.openpty()
    subprocess.run([EXPORTER, "analyze", log], stdout=subprocess.DEVNULL, stderr=program_side,
                   env={**os.environ, "TERM": "xterm"}, check=True, timeout=20)
    assert not select.select([terminal], [], [], 0)[0]
    os.close(program_side)
    os.close(terminal)
