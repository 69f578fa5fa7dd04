"""Rows of volume: the first load, and a backlog of single edits."""
import itertools
import os
import statistics
import time

import programs
from . import control, cost, star
from .table import Figure

PAGE, PAGES = 4096, 256


def call_all(nodes):
    """Nobody waits for the next try."""
    for node in nodes:
        control.ask(node, "sync")


def deliver(bench):
    """Start the hub and let all offices deliver what waits, their frames cut.
    The clock runs from when the hub is open, and may get its first HELLO, until
    the last durable ACK."""
    the_star = bench.star
    start = time.monotonic()
    the_star.hub.launch()
    control.wait_open(the_star.hub)
    bench.say(f"the hub was open after {time.monotonic() - start:.2f} s")
    meter = cost.Meter(the_star.hub, the_star.nodes)
    call_all(the_star.nodes)
    star.wait_all(the_star.nodes, "confirmed")
    meter.lap()
    star.wait_all(the_star.nodes, "decided")
    meter.stop()
    bench.say(f"delivery: {meter.cost()}")
    return meter


def fill(bench):
    """Save the records of all offices while the hub is away."""
    the_star = bench.star
    nodes = the_star.all()
    the_star.hub.stop()
    for office, node in enumerate(nodes):
        the_star.fill(node, office, 0, bench.records, bench.identities)
        star.frame_all(node, bench.rig)
    bench.is_filled = True


def first_load(bench):
    """Records saved and framed at the offices; then the hub starts."""
    fill(bench)
    meter = deliver(bench)
    total = bench.records * len(bench.star.nodes)
    programs.expect(bench.star.hub.ask("indicators", "verify")["agree"],
                    "the recount agrees")
    yield Figure("first-load", "records delivered", total / meter.took, "records/s",
                 60000, True)
    yield Figure("first-load", "on the wire", meter.bytes / total, "B/record", 75)


def backlog(bench):
    """Edits, each a save of its own, made while the hub was away."""
    bench.need_records()
    the_star = bench.star
    time.sleep(bench.rest_s)
    work = [(node, the_star.editor(node).one()) for _ in range(bench.edits)
            for node in the_star.all()]
    the_star.hub.stop()
    control.many(work)
    for node in the_star.nodes:
        star.frame_all(node, bench.rig)
    meter = deliver(bench)
    yield Figure("backlog", "edits delivered", len(work) / meter.took, "edits/s",
                 20000, True)
    yield Figure("backlog", "on the wire", meter.bytes / len(work), "B/edit", 12)


def p99(times):
    return sorted(times)[int(len(times) * 0.99)]


def disk_ms(path, count):
    """What the disk takes for 4 KiB that was there before, each made durable."""
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        os.pwrite(file, bytes(PAGE * PAGES), 0)
        os.fsync(file)
        for i in range(count):
            start = time.monotonic()
            os.pwrite(file, b"x" * PAGE, i % PAGES * PAGE)
            os.fdatasync(file)
            yield 1000 * (time.monotonic() - start)
    finally:
        os.close(file)


def save(bench):
    """One edit at a time, through the socket; through the command line too."""
    bench.need_records()
    node = bench.star.nodes[0]
    editor = bench.star.editor(node)
    for name, act in (("a local save, p99", lambda e: control.ask(node, *e)),
                      ("… with the start of a command, p99", lambda e: node.run(*e))):
        times = []
        for _ in itertools.repeat(None, bench.saves):
            edit, start = editor.one(), time.monotonic()
            act(edit)
            times.append(1000 * (time.monotonic() - start))
        bench.say(f"{name[:-5]}: median {statistics.median(times):.2f} ms")
        yield Figure("save", name, p99(times), "ms", 20)
    yield Figure("save", "for comparison: 4 KiB and fdatasync alone, p99",
                 p99(list(disk_ms(bench.rig.path("disk"), bench.saves))), "ms")
