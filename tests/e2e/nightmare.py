"""Everybody at once who wants a web server to stop: run as a program of its own, until it is ended.

    nightmare.py PORT NEVER HALF TRICKLING

NEVER connections that ask for /metrics, every other one in gzip, and read nothing; HALF that send half
a request; TRICKLING that read a byte a second. Whoever is hung up on comes again at once.
"""
import select
import socket
import sys
import time

ASK = "GET /metrics HTTP/1.1\r\nHost: x\r\n{}\r\n"
NEVER, GZIP, HALF, TRICKLE = range(4)
SENT = {
    NEVER: ASK.format("").encode(),
    GZIP: ASK.format("Accept-Encoding: gzip\r\n").encode(),
    HALF: b"GET /metrics HTTP/1.1\r\nHost",
    TRICKLE: ASK.format("").encode(),
}


class Crowd:
    def __init__(self, port, kinds):
        self.port = port
        self.poll = select.epoll()
        self.members = {}  # (socket, kind) by descriptor
        self.connections = 0
        self.waiting = list(kinds)

    def connect(self, kind):
        member = socket.socket()
        member.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        member.setblocking(False)
        member.connect_ex(("127.0.0.1", self.port))
        self.members[member.fileno()] = (member, kind)
        self.poll.register(member, select.EPOLLOUT | select.EPOLLRDHUP)
        self.connections += 1

    def turn(self):
        for kind in self.waiting:
            self.connect(kind)
        self.waiting.clear()
        for number, events in self.poll.poll(0.05):
            member, kind = self.members[number]
            if events & (select.EPOLLRDHUP | select.EPOLLHUP | select.EPOLLERR):
                self.poll.unregister(member)
                del self.members[number]
                member.close()
                self.waiting.append(kind)
            elif events & select.EPOLLOUT:
                member.send(SENT[kind])
                self.poll.modify(member, select.EPOLLRDHUP)

    def trickle(self):
        for member, kind in list(self.members.values()):
            if kind == TRICKLE:
                try:
                    member.recv(1)
                except OSError:
                    pass


def main(port, never, half, trickling):
    crowd = Crowd(port, [NEVER, GZIP] * (never // 2) + [HALF] * half + [TRICKLE] * trickling)
    print("begun", flush=True)
    next_trickle = time.monotonic()
    while True:
        crowd.turn()
        if time.monotonic() >= next_trickle:
            next_trickle += 1
            crowd.trickle()
            print(f"{crowd.connections} connections", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
