#!/usr/bin/env python3
"""Goal: an office on 2G, 64 kbit/s and 800 ms a round trip, is a whole office.

A hundred edits arrive while the line is up, and after it was cut; nothing is
lost, and the hub being away for a while costs nothing but time. Prints what
each took and the bytes of the line; times are not judged here.
"""
import importlib
import time

import programs
from programs import expect, until

conflict = importlib.import_module("06-conflict")

EDITS = 100


def edit(node, record):
    for i in range(EDITS):
        node.run("record", "edit", record, f"risk={('low', 'high')[i % 2]}")


def drain(node, line, what):
    start, before = time.monotonic(), line.bytes()
    node.run("sync", "--wait", "--for", "5 min", timeout=320)
    took, after = time.monotonic() - start, line.bytes()
    print(f"{what}: {took:.1f} s, {after[0] - before[0]} B up, {after[1] - before[1]} B down")


def test(rig):
    hub = rig.hub()
    conflict.publish(rig, hub, "common/catalogue/national")
    line = rig.line(hub)
    node = rig.node("slow")
    rig.enrol(hub, node, 8)
    rig.behind(line, node)
    node.start()
    programs.connected(node)
    conflict.has_catalogue(node)
    record = node.ask("record", "add", "case", "case_no=A-1", "status=open",
                      "vector=labour", "opened_on=2026-11-03")["records"][0]["id"]
    drain(node, line, "one record, connected")
    edit(node, record)
    drain(node, line, f"{EDITS} edits as they were typed, connected")
    hub.kill()
    edit(node, record)
    expect(node.status()["waiting"] >= EDITS, "they wait for the hub")
    hub.start()
    drain(node, line, f"{EDITS} edits after the hub was away, from cold")
    shown = hub.ask("record", "show", record)["fields"]
    value = [row["value"] for row in shown if row["field"] == "risk"]
    expect(value == ["high"], f"the last edit is at the hub: {value}")
    until("every change-set arrived once", lambda: [
        row["received"] for row in hub.ask("nodes")["nodes"]] == [node.status()["saved"]])


if __name__ == "__main__":
    programs.main(test)
