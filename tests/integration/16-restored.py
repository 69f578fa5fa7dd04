#!/usr/bin/env python3
"""Goal: a node whose folder was put back to an older copy gets back what it had sent, and goes on by itself.

What it saved on the older copy is not lost either. A second older copy, once the
first has gone on, is refused with a sentence, and nothing is given to it.
"""
import os
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
    own = rig.path("own")
    shutil.copytree(node.dir, own)

    # The same old copy once more: somebody else, as far as anybody can tell.
    put_back(node, copy)
    node.start()
    until("it is refused", lambda: any("not the one that goes on" in note["text"]
                                       for note in node.status()["notes"]))
    expect(node.status()["session"] == "stopped", f"{node.status()}")
    expect(row(hub)["received"] == total, f"{row(hub)}")
    node.stop()

    # And the one that had gone on does so.
    put_back(node, own)
    rig.scribe(node, 5)
    node.start()
    until("it goes on", lambda: row(hub)["received"] == total + 5)
    node.stop()
    hub.stop()
    hub.run("verify")


programs.main(test)
