"""Talks to a daemon as its command line does, without starting a process each.

The protocol is in common/cli/README.md; only what rows need is understood:
fields of the reply, its error, its exit code.
"""
import os
import socket
import time
from collections import deque

VERSION, REQUEST, INPUTS_END = 1, 1, 3
FIELD, ERROR, END = 17, 25, 26
TEXT, DECIMAL, NONE = 1, 3, 0
CALLERS = 12  # At once; a daemon has room for 16.
OPEN_S = 120


def varint(number):
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes(out + bytes([number]))


def message(kind, body=b""):
    return (len(body) + 1).to_bytes(4, "big") + bytes([kind]) + body


def request(words):
    sized = b"".join(varint(len(w)) + w for w in (word.encode() for word in words))
    return message(REQUEST, varint(VERSION) + varint(len(words)) + sized) + \
        message(INPUTS_END)


class Reader:
    def __init__(self, body):
        self.body, self.at = body, 0

    def byte(self):
        self.at += 1
        return self.body[self.at - 1]

    def varint(self):
        number = shift = 0
        while True:
            byte = self.byte()
            number |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return number

    def number(self):
        zigzag = self.varint()
        return zigzag >> 1 ^ -(zigzag & 1)

    def text(self):
        size = self.varint()
        self.at += size
        return self.body[self.at - size:self.at].decode()


class Call:
    """One command under way."""

    def __init__(self, program, words):
        self.words = words
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(120)
        self.socket.connect(os.path.join(program.dir, "ctl.sock"))
        self.socket.sendall(request(words))

    def messages(self):
        with self.socket, self.socket.makefile("rb") as stream:
            while True:
                size = int.from_bytes(stream.read(4), "big")
                body = stream.read(size)
                if not body:
                    raise AssertionError(f"{self.words}: the daemon hung up")
                yield body[0], Reader(body[1:])

    def answer(self):
        """Wait for the end; the fields. Fails where the command did."""
        fields, problem = {}, ""
        for kind, reader in self.messages():
            if kind == FIELD:
                value_type, key = reader.byte() & 15, reader.text()  # Rank above.
                if value_type == TEXT:
                    fields[key] = reader.text()
                elif value_type not in (NONE, DECIMAL):
                    fields[key] = reader.number()
            elif kind == ERROR:
                reader.number()
                problem = f"{reader.text()} {reader.text()}"
            elif kind == END:
                if problem or reader.number() not in (0, 3):
                    raise AssertionError(f"{self.words}: {problem}")
                return fields


def wait_open(program):
    """Until the daemon takes commands; finer than asking for its status."""
    path, end = os.path.join(program.dir, "ctl.sock"), time.monotonic() + OPEN_S
    while time.monotonic() < end:
        with socket.socket(socket.AF_UNIX) as probe:
            if probe.connect_ex(path) == 0:
                return
        time.sleep(0.002)
    raise AssertionError(f"{path}: nobody listens after {OPEN_S} s")


def ask(program, *words):
    return Call(program, words).answer()


def many(work):
    """Run commands, in order per program, many at once. @work: (program,
    words) pairs, where each program has a fair share of what comes next."""
    open_calls = {}
    for program, words in work:
        calls = open_calls.setdefault(program, deque())
        if len(calls) == CALLERS:
            calls.popleft().answer()
        calls.append(Call(program, words))
    for calls in open_calls.values():
        for call in calls:
            call.answer()
