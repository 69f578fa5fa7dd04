#!/usr/bin/env python3
"""Goal: a device that was enrolled after the hub's backup is not forgotten without a word.

Atar is enrolled and works after the backup that the hub goes back to. Néma hands
back that there was a device: its row says that it is not known here, and what to
do. Atar reads that it is not admitted. Another device of Atar brings the records.
"""
import importlib

import programs
from programs import expect, until

conflict = importlib.import_module("06-conflict")
NEMA, ATAR = 8, 7
WORD = "not known here"


def add(node, number):
    return node.ask("record", "add", "case", f"case_no={number}", "status=open",
                    "vector=labour", "opened_on=2026-11-03")


def row(hub, office):
    return [one for one in hub.ask("nodes")["nodes"] if one["office"] == office]


def test(rig):
    hub = rig.hub()
    conflict.publish(rig, hub, "common/catalogue/national")
    nema = rig.enrolled(hub, NEMA)
    backup, records = rig.path("hub.backup"), rig.path("cases.csv")
    hub.run("backup", "create", backup)
    atar = rig.enrolled(hub, ATAR)
    for node in (nema, atar):
        conflict.has_catalogue(node)
        add(node, "N-1")
        node.run("sync", "--wait", "--for", "60 s")
    hub.stop()
    hub.run("backup", "restore", "--replace", backup)
    hub.start()

    until("its row is there", lambda: row(hub, ATAR))
    shown = row(hub, ATAR)[0]
    expect(shown["state"] == WORD and shown["note"].startswith(WORD), f"{shown}")
    expect("keep its disk" in hub.run("status", code=3).stderr, "status says what to do")
    until("the office is told",
          lambda: "does not admit" in atar.run("status", code=(0, 3)).stderr)

    atar.run("export", "case", "--to", records)
    other = rig.node("other")
    rig.enrol(hub, other, ATAR)
    other.start()
    conflict.has_catalogue(other)
    other.run("import", records, "--type", "case")
    other.run("sync", "--wait", "--for", "60 s")
    until("it is known", lambda: row(hub, ATAR)[0]["state"] == "connected")
    expect(WORD not in row(hub, ATAR)[0]["note"], f"{row(hub, ATAR)}")
    expect(len(hub.ask("record", "list", "case")["records"]) == 2, "both cases are there")
    for program in (nema, other, hub):
        program.stop()
        program.run("verify")


programs.main(test)
