"""What was really written: every request has a number, and the number says everything else about it.

The number stands in the path and as the size of the response. So the exporter's sums of bytes are
sums of numbers, and say which numbers it missed or counted twice.
"""
import collections
import threading
import time

IPV4_NETS = ("192.0.2", "198.51.100", "203.0.113")


def hashed(number):
    """Spreads neighbouring numbers, so that method and status are in no step with the client."""
    return (number * 2654435761 & 0xFFFFFFFF) >> 8


WRITER_NUMBERS = 10**8  # each writer of a site begins with the next multiple of this, plus one


class Plan:
    """Turns a number into a request. `run` numbers in a row come from one client, and the writers of
    a site have no client in common."""

    METHODS = ("GET", "GET", "GET", "POST", "HEAD")
    STATUSES = (200, 200, 200, 302, 401, 403, 404, 503)

    def __init__(self, site_index, writers=1, clients=60, run=7, statuses=STATUSES):
        self.run = run
        self.writers = writers
        self.statuses = statuses
        self.addresses = [self._address(site_index, i) for i in range(clients)]

    @staticmethod
    def _address(site_index, i):
        """(address, label): every third client is an IPv6 network, whose /64 is the label."""
        if i % 3 == 2:
            network = f"2001:db8:{site_index + 1:x}:{i + 1:x}"
            return f"{network}::{i % 200 + 1:x}", f"{network}::/64"
        if i < 700:
            address = f"{IPV4_NETS[i % 3]}.{i // 3 + 1}"
        else:
            address = f"10.{site_index}.{i >> 8}.{i & 255}"
        return address, address

    def client(self, number):
        """(address, label)"""
        writer, number = divmod(number, WRITER_NUMBERS)
        turn = number // self.run % (len(self.addresses) // self.writers)
        return self.addresses[turn * self.writers + writer]

    def labels_of(self, writer):
        return {label for _, label in self.addresses[writer::self.writers]}

    def method(self, number):
        return self.METHODS[hashed(number) % len(self.METHODS)]

    def status(self, number):
        return self.statuses[(hashed(number) >> 8) % len(self.statuses)]


class Tally:
    """Counts as the exporter's families have them."""

    def __init__(self):
        self.requests = collections.Counter()      # (method, status)
        self.clients = collections.Counter()       # (client label, status)
        self.client_bytes = collections.Counter()  # client label
        self.bytes = 0

    def add(self, plan, number):
        label = plan.client(number)[1]
        status = str(plan.status(number))
        self.requests[plan.method(number), status] += 1
        self.clients[label, status] += 1
        self.client_bytes[label] += number
        self.bytes += number

    def total(self):
        return self.requests.total()


class Truth:
    """Of one site. `begun` is an upper bound of what may be counted at this moment; `finished_by(t)` a
    lower bound of what was complete in the log at t."""

    KEPT_MARKS = 3000

    def __init__(self, plan):
        self.plan = plan
        self.born = time.time()
        self.lock = threading.Lock()
        self.begun = Tally()
        self.finished = collections.Counter()  # (method, status)
        self.marks = collections.deque(maxlen=self.KEPT_MARKS)  # (time, copy of finished)
        self.journal = []  # [first number, last, file, time of the first, time of the last]

    def begin(self, numbers):
        with self.lock:
            for number in numbers:
                self.begun.add(self.plan, number)

    def finish(self, numbers, file, now):
        with self.lock:
            for number in numbers:
                key = self.plan.method(number), str(self.plan.status(number))
                self.finished[key] += 1
            last = self.journal[-1] if self.journal else None
            if last and last[2] == file and last[1] + 1 == numbers[0]:
                last[1], last[4] = numbers[-1], now
            else:
                self.journal.append([numbers[0], numbers[-1], file, now, now])

    def mark(self, now):
        with self.lock:
            self.marks.append((now, self.finished.copy()))

    def finished_by(self, when):
        """The newest mark that is not younger; empty if there is none."""
        for marked, finished in reversed(self.marks):
            if marked <= when:
                return finished
        return collections.Counter()

    def where(self, number):
        """The journal's lines about a number, for people."""
        return [f"in {file}, written at +{begin - self.born:.3f} to +{end - self.born:.3f}"
                for first, last, file, begin, end in self.journal if first <= number <= last]


def difference(truth, counted):
    """{key: truth - counted}, without zeros."""
    keys = truth.keys() | counted.keys()
    return {key: int(truth.get(key, 0) - counted.get(key, 0)) for key in keys
            if truth.get(key, 0) != counted.get(key, 0)}


def explain(truth, clients, client_bytes):
    """Sentences on which numbers are missing (or were counted twice), given what was counted."""
    off = difference(truth.begun.clients, clients)
    off_bytes = difference(truth.begun.client_bytes, client_bytes)
    for writer in range(truth.plan.writers):
        labels = truth.plan.labels_of(writer)
        own = {key: value for key, value in off.items() if key[0] in labels}
        own_bytes = {key: value for key, value in off_bytes.items() if key in labels}
        if own or own_bytes:
            yield from _explain_writer(truth, own, own_bytes)


def _explain_writer(truth, off, off_bytes):
    count, total = sum(off.values()), sum(off_bytes.values())
    word = "missing" if count > 0 else "counted twice"
    numbers = _one_range(truth.plan, abs(count), abs(total), {k: abs(v) for k, v in off.items()})
    if not numbers:
        yield (f"{abs(count)} requests {word}, not in one row; the sum of their numbers is "
               f"{abs(total)}")
        yield from _by_client(truth, off, off_bytes)
        return
    yield f"exactly the {abs(count)} numbers {numbers[0]} to {numbers[1]} are {word}"
    for number in sorted(set(numbers)):
        yield from (f"{number}: {where}" for where in truth.where(number))


def _one_range(plan, count, total, off):
    """(first, last) if one range of numbers explains the difference."""
    if count == 0:
        return None
    first = (2 * total // count - count + 1) // 2
    numbers = range(first, first + count)
    if first < 1 or sum(numbers) != total:
        return None
    found = Tally()
    for number in numbers:
        found.add(plan, number)
    return (numbers[0], numbers[-1]) if found.clients == off else None


def _by_client(truth, off, off_bytes, most=10):
    """More than one hole: the mean number of each client says about where its holes are."""
    counts = collections.Counter()
    for (label, _), value in off.items():
        counts[label] += value
    for label in sorted(counts, key=lambda label: off_bytes.get(label, 0))[:most]:
        value = counts[label]
        mean = off_bytes.get(label, 0) // value if value else 0
        where = "; ".join(truth.where(mean)[:2])
        yield f"{label}: {value:+d} requests, mean number {mean} {where}"
    if len(counts) > most:
        yield f"… and {len(counts) - most} clients more"
