#!/usr/bin/env python3
"""Goal: two copies of one disk that both run are stopped, shown to the hub's administrator, and lose nothing.

The copy that is chosen goes on; the other hands in what it had not sent, and is told.
"""
import shutil

import programs
from programs import expect, until

BEFORE, SENT, HERE, THERE = 20, 5, 3, 4


def put_back(node, copy, keep):
    """Run with the disk @copy; the one there was is kept as @keep."""
    shutil.move(node.dir, keep)
    shutil.move(copy, node.dir)


def copies(hub):
    return {copy["feed"]: copy for copy in hub.ask("clone", "show")["copies"]}


def row(hub):
    return hub.ask("nodes")["nodes"][0]


def is_told(node):
    return any("Another copy of this disk runs" in note["text"]
               for note in node.status()["notes"])


def goes_on(hub, node, total):
    until("it goes on", lambda: row(hub)["received"] == total)
    until("all is decided", lambda: node.status()["decided"] == total)
    expect(node.status()["session"] == "connected", f"{node.status()}")
    expect(node.status()["digest"] == "equal", f"{node.status()}")


def test(rig):
    hub = rig.hub()
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
    hub.stop()
    hub.run("verify")


programs.main(test)
