#!/usr/bin/env python3
"""Goal: a line that breaks every few seconds still brings everything, and no
break costs more than one frame.

Records wait at an office; the line has 30 kbit/s and 800 ms, stands still now
and then as where one packet in twenty is lost, and is cut again and again.
Prints what was sent twice.
"""
import random
import time

import programs
from programs import expect, until

RECORDS = 5000
RATE_BPS, RTT_MS = 30000, 800
FRAME_BYTES = 2 * RATE_BPS // 8  # Two seconds of the line…
LEARNING = 1.5  # …as far as it can be measured.
CUTS = 5


def weather(line, chance):
    """Some seconds of it, standing still now and then."""
    end = time.monotonic() + 3 + 4 * chance.random()
    while time.monotonic() < end:
        time.sleep(0.5)
        if chance.random() < 0.2:
            line.say("stall")
            time.sleep(0.4)
            line.say("resume")


def test(rig):
    chance = random.Random(12)
    hub = rig.hub()
    node = rig.node("far")
    rig.enrol(hub, node, 8)
    rig.scribe(node, RECORDS)
    line = rig.line(hub, rate_bps=RATE_BPS, rtt_ms=RTT_MS)
    rig.behind(line, node)
    node.start()
    worst = before = cuts = 0
    while cuts < CUTS and node.status()["waiting"] > 0:
        until("something is under way", lambda: node.status()["session"] == "connected")
        weather(line, chance)
        # By now all was sent again that the cut before cost.
        again = node.status()["resent_bytes"]
        line.say("cut")
        worst, before, cuts = max(worst, again - before), again, cuts + 1
    until("it is called again", lambda: node.status()["session"] == "connected")
    node.run("sync", "--wait", "--for", "10 min", timeout=620)
    status = node.status()
    worst = max(worst, status["resent_bytes"] - before)
    print(f"{cuts} cuts: {status['resent_bytes']} B sent again, {worst} B at most for "
          f"one; the line was measured at {status['goodput_bps']} B/s")
    expect(cuts >= 3, f"the line was cut while it mattered: {cuts}")
    expect(worst <= FRAME_BYTES * LEARNING, f"a cut cost {worst} B")
    expect(RATE_BPS / 8 / 2 < status["goodput_bps"] < RATE_BPS / 8 * 1.5,
           "the line is known for what it is")
    until("every change-set arrived once", lambda: [
        row["received"] for row in hub.ask("nodes")["nodes"]] == [status["saved"]])


if __name__ == "__main__":
    programs.main(test)
