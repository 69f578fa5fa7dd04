"""Rows of few bytes: 2G, one edit alone, a day of an office."""
import contextlib
import time

import programs
from line import Line
from . import control, cost, star
from .table import Figure

RATE_BPS, RTT_MS = 64000, 800
EDITS = 100
DAY_EDITS, DAY_SESSIONS = 500, 10
REST_S = 1.5  # Longer than any answer takes.


def edits(bench, node, count):
    editor = bench.star.editor(node)
    control.many((node, editor.one()) for _ in range(count))


@contextlib.contextmanager
def shaped(bench):
    """The only office, behind 2G; its node and the line."""
    node = bench.star.alone()
    line = Line(bench.proxy, bench.star.address().rsplit(":", 1)[1],
                bench.rig.path("line"), RATE_BPS, RTT_MS)
    try:
        star.restart(node, f"127.0.0.1:{line.port}")
        star.wait_all([node], "decided")
        yield node, line
    finally:
        line.end()
        star.restart(node, bench.star.address())


def silent(count):
    """Until nothing more is counted; the count."""
    before = None
    while before != (before := count()):
        time.sleep(REST_S)
    return before


def is_connected(node):
    return control.ask(node, "status")["session"] == "connected"


def cut(node, line):
    line.say("down")
    programs.until("the line is down", lambda: not is_connected(node))


def call(node, line):
    line.say("up")
    control.ask(node, "sync")


def delivered(bench, node, line, what, target_s, act):
    """Let @act happen; from there to the ACK, and all bytes until silence."""
    before, start = line.bytes(), time.monotonic()
    act()
    star.wait_all([node], "confirmed")
    took = time.monotonic() - start
    star.wait_all([node], "decided")
    merged = time.monotonic() - start
    up, down = (now - then for now, then in zip(silent(line.bytes), before))
    bench.say(f"{what}: merged after {merged:.2f} s, {up:,} B up, {down:,} B down")
    for measured, unit, target in ((took, "s", target_s), (up + down, "B", 1500)):
        yield Figure("slow-line", f"{EDITS} edits, {what}", measured, unit, target,
                     beside="slow-" + what.split()[-1])


def slow_line(bench):
    """A hundred edits at 64 kbit/s and 800 ms: on an open line, then on one
    that has to be called first. To the ACK; bytes inside TCP, both ways."""
    bench.need_records()
    with shaped(bench) as (node, line):
        silent(line.bytes)
        yield from delivered(bench, node, line, "connected", 1.3,
                             lambda: edits(bench, node, EDITS))
        cut(node, line)
        edits(bench, node, EDITS)
        yield from delivered(bench, node, line, "from cold", 5,
                             lambda: call(node, line))


def one_edit(bench):
    """One edit, alone in its frame, on a quiet open line."""
    bench.need_records()
    with shaped(bench) as (node, line):
        before = silent(line.bytes)
        sent = control.ask(node, "status")["sent_bytes"]
        edits(bench, node, 1)
        time.sleep(RTT_MS / 4000)  # The frame has left, no answer is back.
        frame = control.ask(node, "status")["sent_bytes"] - sent
        star.wait_all([node], "decided")
        yield Figure("one-edit", "the frame", frame, "B", 150, beside="none")
        up, down = (now - then for now, then in zip(silent(line.bytes), before))
        bench.say(f"until merged: {up} B up, {down} B down")
        yield Figure("one-edit", "until merged, both ways, inside TCP", up + down, "B")


def office_day(bench):
    """Edits wait, the line opens, all is delivered and answered, the line
    closes: so many times. All bytes, with the headers of TCP, IP, Ethernet."""
    bench.need_records()
    node, total = bench.star.alone(), 0
    for _ in range(DAY_SESSIONS):
        star.restart(node, star.NOWHERE)
        edits(bench, node, DAY_EDITS // DAY_SESSIONS)
        node.stop()
        before = cost.wire_bytes()
        star.restart(node, bench.star.address())
        star.wait_all([node], "decided")
        silent(cost.wire_bytes)
        node.stop()
        total += cost.wire_bytes() - before
    star.restart(node, bench.star.address())
    yield Figure("office-day", f"{DAY_EDITS} edits, {DAY_SESSIONS} sessions",
                 total / 1000, "KB", 45)
