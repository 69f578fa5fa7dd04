#!/usr/bin/env python3
"""Goal: an office whose store is full says so and what to do, keeps and shows
what it has, brings all of it to the hub as soon as there is a line, and goes on
when there is room.
"""
import importlib
import os

import programs
from programs import expect, until

conflict = importlib.import_module("06-conflict")

OFFICE, RECORDS = 8, 64000
SMALL, LARGE = "16 MiB", "256 MiB"
CASE = ("case", "status=open", "vector=labour", "opened_on=2026-11-03")
FULL = "The store is full, nothing was saved: free disk space, then retry."
NEARLY = ("The store is nearly full: free disk space, or raise [store] size; once it is full, "
          "nothing more can be saved.")
NO_ROOM = "has no room for what is saved there or sent to it: free disk space there"


def add(node, number):
    return node.ask("record", "add", *CASE, f"case_no={number}")["records"][0]["id"]


def test(rig):
    hub = rig.hub(conf=programs.NO_BUDGET)
    conflict.publish(rig, hub, "common/catalogue/national")
    rig.store_size = SMALL
    node = rig.enrolled(hub, OFFICE)
    conflict.has_catalogue(node)
    first = add(node, "A-1")
    node.stop()
    hub.stop()
    saved = rig.scribe(node, RECORDS)  # More than a save may fill, not all there is.
    node.start()
    node.refused("TIP_ESTORE_FULL", "record", "add", *CASE, "case_no=A-2")
    status = node.ask("status", code=3)
    expect(any(note["text"] in (FULL, NEARLY) for note in status["notes"]), f"{status['notes']}")
    expect(status["saved"] == saved, "what was saved is there, and no more")
    expect(node.ask("record", "show", first)["id"] == first, "people can look")
    node.kill()
    node.start()
    expect(node.status()["saved"] == saved, "after a power cut, too")
    hub.start()
    node.run("sync", "--wait", "--for", "2 min", timeout=150)
    row = next(row for row in hub.ask("nodes")["nodes"] if row["office"] == OFFICE)
    expect(row["received"] == saved and row["bad_messages"] == 0, f"{row}")
    node.refused("TIP_ESTORE_FULL", "record", "add", *CASE, "case_no=A-2")
    until("Nouakchott is told", lambda: NO_ROOM in hub.run("nodes", code=(0, 3)).stderr)
    node.stop()
    path = os.path.join(node.dir, "node.conf")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace(f"size = {SMALL}", f"size = {LARGE}"))
    node.start()
    add(node, "A-2")
    until("it goes on", lambda: node.status()["confirmed"] == saved + 1)
    until("Nouakchott is told", lambda: NO_ROOM not in hub.run("nodes", code=(0, 3)).stderr)
    node.stop()
    node.run("verify")
    print(f"full with {saved} change-sets, {status['store_used_bytes']} B; all of it is at the hub")


if __name__ == "__main__":
    programs.main(test)
