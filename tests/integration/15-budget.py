#!/usr/bin/env python3
"""Goal: an office spends on its line what it may in a day and no more, says
when it goes on, forgets that in no restart; and an idle line costs little.

Prints what a day of an idle line costs, from heartbeats a second apart.
"""
import os
import socket
import threading
import time

import programs
from programs import expect, until

DAY_BYTES, FRAME_BYTES, RECORDS = 24 << 10, 34 << 10, 8000
RETRY_LONGEST_S = 2  # As the rig says.
REFUSED_BYTES = 1500
BEATS, BEATS_A_DAY = 6, 24 * 60 // 5
HEADERS = 4 * 40  # TCP and IP, of a PING, its PONG and what acknowledges them.


def resting(node):
    return node.status()["session"] == "resting"


def stays_away(line, node):
    """The hub cuts off who calls and says nothing, and a call costs 3 KB."""
    until("it hangs up", lambda: line.stats()["open"] == 0)
    calls, spent = line.stats()["connections"], node.status()["spent_bytes"]
    said = node.ask("sync")
    expect(any("sync --now" in note["text"] for note in said["notes"]), f"{said}")
    time.sleep(2 * RETRY_LONGEST_S)
    expect(line.stats()["connections"] == calls, "the hub is not called")
    expect(node.status()["spent_bytes"] == spent, "and nothing is spent")


def spends_what_it_may(rig, hub, line):
    node = rig.node("poor")
    rig.enrol(hub, node, 8)
    saved = rig.scribe(node, RECORDS)
    rig.behind(line, node, "daily-bytes = 24 KiB\n")
    node.start()
    until("the day's bytes are used", lambda: resting(node))
    stays_away(line, node)
    status = node.ask("status", code=3)
    expect(any("goes on in" in note["text"] for note in status["notes"]), f"{status}")
    expect(DAY_BYTES * 0.9 <= status["spent_bytes"] < DAY_BYTES + FRAME_BYTES, f"{status['spent_bytes']}")
    expect(status["heartbeat_ms"] == 3600 * 1000, "signs of life are rare")
    expect(status["framed"] == status["confirmed"], "what was under way has arrived")
    expect(0 < status["waiting"] < saved, f"some of it is there: {status['waiting']}")
    node.stop()
    node.start()
    until("a restart is no new day", lambda: resting(node))
    node.run("sync", "--now", "--wait", "--for", "2 min", timeout=150)
    status = node.status()
    expect(status["waiting"] == 0, "a person may go on")
    expect(next(row["received"] for row in hub.ask("nodes")["nodes"] if row["office"] == 8)
           == saved, "all of it is at the hub")


def refused(rig, hub, _line):
    """A poor office does not spend its day on calls that something else answers."""
    node = rig.node("lost")
    rig.enrol(hub, node, 10)
    with socket.create_server(("127.0.0.1", 0)) as other:
        threading.Thread(target=answer, args=(other,), daemon=True).start()
        with open(os.path.join(node.dir, "node.conf"), "a", encoding="utf-8") as file:
            file.write(f"[sync]\nhub = 127.0.0.1:{other.getsockname()[1]}\n"
                       "daily-bytes = 1 MiB\n")
        node.start()
        until("it waits longer than it would if it were rich",
              lambda: node.status().get("next_try_ms", 0) > 2 * RETRY_LONGEST_S * 1000)
        status = node.status()
        expect(status["reason_code"] == "not-the-hub", f"{status}")
        expect(status["spent_bytes"] >= 5 * REFUSED_BYTES, f"{status['spent_bytes']} B counted")


def answer(listener):
    try:
        while True:
            with listener.accept()[0] as caller:
                caller.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    except OSError:
        pass  # The test is over.


def idle_day(rig, hub, line):
    node = rig.node("idle")
    rig.enrol(hub, node, 9)
    rig.behind(line, node, "heartbeat = 1 s\n")
    node.start()
    programs.connected(node)
    time.sleep(2)
    before = line.bytes()
    time.sleep(BEATS)
    spent = sum(line.bytes()) - sum(before)
    beat = spent / BEATS
    day = (beat + HEADERS) * BEATS_A_DAY
    print(f"a heartbeat: {beat:.0f} B inside TCP; a day of them, 5 min apart: "
          f"{day / 1000:.1f} KB on the line")
    expect(0 < beat < 200, f"a heartbeat of {beat} B")


def test(rig):
    hub = rig.hub()
    for part in (spends_what_it_may, refused, idle_day):
        part(rig, hub, rig.line(hub, rate_bps=1000000, rtt_ms=0))


if __name__ == "__main__":
    programs.main(test)
