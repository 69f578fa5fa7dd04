#!/usr/bin/env python3
"""Goal: two copies of one disk that both run are stopped, shown to the hub's administrator, and lose nothing.

The copy that is chosen goes on; the other hands in what it had not sent, and is told. They take turns on one folder,
then run beside each other.
"""
import re
import shutil
import time

import programs
from programs import expect, until

BEFORE, SENT, HERE, THERE = 20, 5, 3, 4
LOOK_S = 10  # A copy that is refused waits for longer than that.


def put_back(node, copy, keep):
    """Run with the disk @copy; the one there was is kept as @keep."""
    shutil.move(node.dir, keep)
    shutil.move(copy, node.dir)


def copies(hub):
    return {copy["feed"]: copy for copy in hub.ask("clone", "show")["copies"]}


def row(hub, office=8):
    return next(row for row in hub.ask("nodes")["nodes"] if row["office"] == office)


def says(program, words):
    """What it warns of in its status with @words; None."""
    return next((note["text"] for note in program.status()["notes"] if words in note["text"]), None)


def is_told(node):
    return says(node, "Another copy of this disk runs") is not None


def goes_on(hub, node, total, office=8):
    until("it goes on", lambda: row(hub, office)["received"] == total)
    until("all is decided", lambda: node.status()["decided"] == total)
    programs.connected(node)
    expect(node.status()["digest"] == "equal", f"{node.status()}")


def take_turns(rig, hub):
    node = rig.enrolled(hub, 8)
    mine, other = rig.path("mine"), rig.path("other")
    node.stop()
    rig.scribe(node, BEFORE)
    node.start()
    node.run("sync", "--wait", "--for", "60 s")
    node.stop()
    shutil.copytree(node.dir, mine)
    shutil.copytree(node.dir, other)
    rig.scribe(node, SENT)
    node.start()
    node.run("sync", "--wait", "--for", "60 s")
    node.stop()
    hub.refused("TIP_ENOTFOUND", "clone", "choose", "2")

    # Put back to an older copy, it goes on by itself.
    put_back(node, mine, rig.path("first"))
    rig.scribe(node, 1)
    node.start()
    total = BEFORE + SENT + 1
    goes_on(hub, node, total)
    expect(not copies(hub), "one is enough")
    node.stop()

    # The same old copy once more: which of the two, nobody here can tell.
    put_back(node, other, mine)
    rig.scribe(node, THERE)
    node.start()
    until("it is told", lambda: is_told(node))
    seen = copies(hub)
    expect(len(seen) == 2 and all(c["state"] == "frozen" for c in seen.values()), f"{seen}")
    old, new = sorted(seen)
    expect(seen[old]["written"] == BEFORE and seen[old]["called"], f"{seen}")
    expect(seen[new]["received"] == total, f"{seen}")
    node.stop()
    put_back(node, mine, other)
    rig.scribe(node, HERE)
    node.start()
    until("so is the other", lambda: is_told(node))
    expect(row(hub)["received"] == total, f"{row(hub)}")
    node.stop()
    hub.kill()
    hub.start()
    expect(copies(hub) == seen, "it is kept")

    # It stays with the one that had gone on; the other hands in and is told.
    hub.run("clone", "choose", str(new))
    node.start()
    total += HERE
    goes_on(hub, node, total)
    node.stop()
    put_back(node, other, mine)
    node.start()
    total += THERE
    goes_on(hub, node, total)
    node.stop()
    node.run("verify")
    put_back(node, mine, other)
    node.start()
    goes_on(hub, node, total)
    node.stop()
    put_back(node, other, mine)
    node.start()
    until("it had its turn", lambda: is_told(node))
    node.stop()
    put_back(node, mine, other)
    rig.scribe(node, 2)
    node.start()
    goes_on(hub, node, total + 2)
    node.stop()
    node.run("verify")


def feed_of(node):
    """Under which feed it writes, as it says to whoever is on the phone."""
    return int(re.search(r"This machine writes under feed (\d+)", says(node, "Another copy")).group(1))


def expect_quiet(hub):
    """Neither takes the line from the other again and again."""
    before = row(hub, 9)
    time.sleep(LOOK_S)
    seen = row(hub, 9)
    calls = seen["connections"] - before["connections"]
    expect(calls <= 1, f"{calls} calls in {LOOK_S} s")
    expect(seen["bad_messages"] == before["bad_messages"], f"{seen}")


def run_together(rig, hub):
    """Both have work they have not sent, and are switched on."""
    node = rig.enrolled(hub, 9)
    node.stop()
    rig.scribe(node, BEFORE)
    node.start()
    node.run("sync", "--wait", "--for", "60 s")
    node.stop()
    copy = rig.copy_of(node, "copy9")
    rig.scribe(node, HERE)
    rig.scribe(copy, THERE)
    node.start()
    copy.start()
    until("both are told", lambda: is_told(node) and is_told(copy))
    seen = row(hub, 9)
    expect(seen["note"].startswith("two copies") and "Another copy" in seen["trouble"], f"{seen}")
    expect("tiphub clone show" in says(hub, "office 9"), f"{hub.status()['notes']}")
    expect("two copies: Office 9" in hub.status()["summary"], f"{hub.status()['summary']}")
    expect({feed_of(node), feed_of(copy)} == {f for f, c in copies(hub).items() if c["state"] == "frozen"},
           f"{feed_of(node)}, {feed_of(copy)}: {copies(hub)}")
    expect_quiet(hub)

    hub.run("clone", "choose", str(feed_of(node)))
    node.run("sync")
    until("the chosen one is connected", lambda: node.status()["session"] == "connected")
    node.stop()
    copy.run("sync")
    until("the other hands in", lambda: row(hub, 9)["received"] == BEFORE + HERE + THERE)
    node.start()
    goes_on(hub, node, BEFORE + HERE + THERE, 9)
    until("it is told", lambda: is_told(copy))
    until("so is the hub", lambda: row(hub, 9)["note"].startswith("copy not chosen"))
    until("and the other", lambda: says(node, "was not chosen still runs") is not None)
    until("which goes on", lambda: node.status()["session"] == "connected")
    expect_quiet(hub)
    expect(node.status()["session"] == "connected", f"{node.status()}")
    copy.stop()
    goes_on(hub, node, BEFORE + HERE + THERE, 9)
    node.stop()
    node.run("verify")


def test(rig):
    hub = rig.hub()
    take_turns(rig, hub)
    run_together(rig, hub)
    hub.stop()
    hub.run("verify")


programs.main(test)
