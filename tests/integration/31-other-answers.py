#!/usr/bin/env python3
"""Goal: whatever answers at the hub's address, and whoever calls at the hub's
port, an office says in one sentence what is wrong, nothing grows, nothing
breaks, and work goes on as soon as it can.

A web server, a login page, TLS, mail, noise, a hub of another make, a port that
swallows everything; then web clients, scanners, slow ones and half handshakes.
"""
import os
import random
import socket
import threading
import time

import programs
from programs import expect, until

CALLS = 3  # In a row that are answered like this, before the office is asked.
CHILD_KIB_MAX = 8 * 1024  # A link process at rest takes under 1 MiB.
SLOW, HALF, SCANS = 100, 100, 50


def greeting(mechanism):
    """What a ZeroMQ program of version 3.1 says first."""
    return (b"\xff" + bytes(8) + b"\x7f\x03\x00" + mechanism.ljust(20, b"\0") + bytes(32))


NOISE = random.Random(31).randbytes(64 << 10)
ANSWERS = (  # What, the code the office gives for it, and what is said.
    ("a web server", "not-the-hub", b"HTTP/1.1 400 Bad Request\r\n\r\n<html>No</html>"),
    ("a login page", "not-the-hub", b"HTTP/1.1 302 Found\r\nLocation: http://login/\r\n\r\n"),
    ("TLS", "not-the-hub", b"\x15\x03\x01\x00\x02\x02\x46"),
    ("a mail server", "not-the-hub", b"220 mail ESMTP\r\n"),
    ("noise", "not-the-hub", NOISE),
    ("noise that begins well", "not-the-hub", b"\xff" + NOISE),
    ("noise behind a greeting", "not-the-hub", greeting(b"CURVE") + NOISE),
    ("a gigabyte, announced", "not-the-hub",
     greeting(b"CURVE") + b"\x06\0\0\0\0\x40\0\0\0" + NOISE),
    ("a server without keys", "not-the-hub", greeting(b"NULL")),
    ("an old ZeroMQ", "not-the-hub", b"\x01\x00"),
    ("who hangs up at once", "cut-off", b""),
    ("who hangs up behind a greeting", "cut-off", greeting(b"CURVE")),
)


class Other:
    """Answers at a port of its own with `said`; None: whatever the hub says."""

    def __init__(self, hub_port):
        self.hub_port, self.said, self.calls, self.is_closed = hub_port, b"", 0, False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            caller, _ = self.listener.accept()
            self.calls += 1
            threading.Thread(target=self.answer, args=(caller,), daemon=True).start()

    def answer(self, caller):
        try:
            if self.said is None:
                hub = socket.create_connection(("127.0.0.1", self.hub_port))
                threading.Thread(target=carry, args=(hub, caller), daemon=True).start()
                carry(caller, hub)
            caller.recv(64)
            caller.sendall(self.said)
        except OSError:
            pass  # It has heard enough.
        finally:
            caller.close()


def carry(source, sink):
    try:
        while data := source.recv(4096):
            sink.sendall(data)
    except OSError:
        pass
    finally:
        sink.close()


def child_kib(program):
    with open(f"/proc/{program.children()[0]}/status", encoding="ascii") as file:
        return int(next(line for line in file if line.startswith("RssAnon")).split()[1])


def other_answers(rig, hub):
    node = rig.node("away")
    rig.enrol(hub, node, 8)
    saved = rig.scribe(node, 50)
    other = Other(hub.port)
    with open(os.path.join(node.dir, "node.conf"), "w", encoding="utf-8") as file:
        file.write(f"[sync]\nhub = 127.0.0.1:{other.port}\nretry-first = 100 ms\n"
                   "retry-longest = 200 ms\n[store]\nsize = 256 MiB\n")
    node.start()
    for what, code, said in ANSWERS:
        other.said, before = said, other.calls
        until(f"{what} is called", lambda: other.calls >= before + CALLS)
        status = node.status()
        expect(status["reason_code"] == code, f"{what}: {status['reason_code']}")
        expect(status["session"] == "offline" and status["link_starts"] == 1, what)
        expect("next_try_ms" in status or "calling_ms" in status, what)
        expect(child_kib(node) < CHILD_KIB_MAX, f"{what}: {child_kib(node)} KiB")
    print(f"{len(ANSWERS)} other answers, {other.calls} calls: the link process has "
          f"{child_kib(node)} KiB")
    other.said = None
    node.run("sync", "--wait", "--for", "1 min")
    row = next(row for row in hub.ask("nodes")["nodes"] if row["office"] == 8)
    expect(row["received"] == saved and row["bad_messages"] == 0, f"{row}")
    expect("reason" not in node.status(), "no reason is left")


def swallowed(rig, hub):
    """Who takes every word and says none: a call is under way, for a while."""
    node = rig.node("deaf")
    rig.enrol(hub, node, 9)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        with open(os.path.join(node.dir, "node.conf"), "a", encoding="utf-8") as file:
            file.write(f"[sync]\nhub = 127.0.0.1:{listener.getsockname()[1]}\n")
        node.start()
        until("a call is under way", lambda: node.status().get("calling_ms", 0) > 500)
        expect(node.status()["reason_code"] == "none", "nothing has ended")
        node.stop()


def other_callers(rig, hub):
    """They cost the hub nothing, and an office at work not even its connection."""
    node = rig.enrolled(hub, 10)
    before = next(row for row in hub.ask("nodes")["nodes"] if row["office"] == 10)
    calls = [b"GET / HTTP/1.1\r\nHost: hub\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00", NOISE, b""]
    for i in range(SCANS):
        with socket.create_connection(("127.0.0.1", hub.port)) as caller:
            try:
                caller.sendall(calls[i % len(calls)])
            except OSError:
                pass  # It was told enough.
    held = [socket.create_connection(("127.0.0.1", hub.port)) for _ in range(SLOW + HALF)]
    for caller in held[:HALF]:
        caller.sendall(greeting(b"CURVE"))
    for letter in b"GET /":
        for caller in held[HALF:]:
            try:
                caller.sendall(bytes([letter]))
            except OSError:
                pass
        time.sleep(0.1)
    expect(child_kib(hub) < 3 * CHILD_KIB_MAX, f"the hub's link has {child_kib(hub)} KiB")
    node.run("sync", "--wait", "--for", "1 min")
    row = next(row for row in hub.ask("nodes")["nodes"] if row["office"] == 10)
    expect(row["connections"] == before["connections"], "the same connection")
    expect(hub.status()["link_starts"] == 1, "the same link process")
    print(f"{SCANS} scans, {SLOW} slow callers, {HALF} half handshakes: the hub's link has "
          f"{child_kib(hub)} KiB")
    for caller in held:
        caller.close()


def test(rig):
    hub = rig.hub()
    other_answers(rig, hub)
    swallowed(rig, hub)
    other_callers(rig, hub)


if __name__ == "__main__":
    programs.main(test)
