#!/usr/bin/env python3
"""Goal: everybody can see which records are on their machine and nowhere else.

At an office those the hub has not confirmed; at the hub what it wrote itself, until
an office has it or a backup was made.
"""
import importlib

import programs
from programs import expect, until

conflict = importlib.import_module("06-conflict")
share = importlib.import_module("11-share")


def alone(program):
    return [row["id"] for row in
            program.ask("record", "list", "case", "--alone")["records"]]


def add(node, number):
    return node.ask("record", "add", "case", f"case_no=NDB-2026-{number}", "status=open",
                    "vector=labour", "opened_on=2026-11-03")["records"][0]["id"]


def test(rig):
    hub = rig.hub()
    conflict.publish(rig, hub, "common/catalogue/national")
    node = rig.enrolled(hub, 8)
    conflict.has_catalogue(node)
    first = add(node, 1)
    share.sync(node)
    hub.stop()
    second = add(node, 2)
    expect(alone(node) == [second], f"{alone(node)}")
    expect(node.ask("record", "show", second)["alone"], "it is here alone")
    hub.start()
    share.sync(node)
    until("nothing is here alone", lambda: not alone(node))
    node.stop()
    hub.run("record", "edit", first, "status=closed")
    expect(alone(hub) == [first], f"{alone(hub)}")
    hub.run("backup", "create", rig.path("hub.backup"))
    expect(alone(hub) == [], f"a backup has it: {alone(hub)}")
    hub.run("record", "edit", first, "status=follow_up")
    expect(alone(hub) == [first], f"{alone(hub)}")
    node.start()
    until("the office has it", lambda: not alone(hub))


programs.main(test)
