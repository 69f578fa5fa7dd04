#!/usr/bin/env python3
"""Goal: a node whose folder was put back to an older copy gets back what it had sent, and goes on by itself.

What it saved on the older copy is not lost either.
"""
import shutil

import programs
from programs import expect, until

BEFORE, SENT, UNSENT = 30, 20, 10


def put_back(node, copy):
    """The folder as it was, under the same path."""
    shutil.rmtree(node.dir)
    shutil.copytree(copy, node.dir)


def row(hub):
    return hub.ask("nodes")["nodes"][0]


def test(rig):
    hub = rig.hub()
    node = rig.enrolled(hub, 8)
    node.stop()
    expect(rig.scribe(node, BEFORE) == BEFORE, "saved before the copy")
    node.start()
    node.run("sync", "--wait", "--for", "60 s")
    node.stop()
    copy = rig.path("copy")
    shutil.copytree(node.dir, copy)
    rig.scribe(node, SENT)
    node.start()
    node.run("sync", "--wait", "--for", "60 s")
    node.stop()
    hub_has = row(hub)["received"]
    expect(hub_has == BEFORE + SENT, f"the hub has {hub_has}")

    put_back(node, copy)
    rig.scribe(node, UNSENT)
    node.start()
    total = BEFORE + SENT + UNSENT
    until("the node goes on", lambda: row(hub)["received"] == total)
    until("all is decided", lambda: node.status()["decided"] == total)
    status = node.status()
    expect(status["session"] == "connected" and status["saved"] == total, f"{status}")
    expect(status["restored_at"] == BEFORE + SENT, f"{status}")
    expect(status["digest"] == "equal", f"{status}")
    expect(row(hub)["restored_behind"] == BEFORE, f"{row(hub)}")
    expect(row(hub)["feed"] != row(hub)["origin"], f"{row(hub)}")
    node.stop()
    node.run("verify")
    hub.stop()
    hub.run("verify")


programs.main(test)
