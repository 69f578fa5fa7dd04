#!/usr/bin/env python3
"""Goal: what one device may delete in a day is bounded, and a person decides about the rest.

Néma deletes four records; two are held back, across a restart of the hub. The
administrator sees the budget, accepts one and rejects the other.
"""
import importlib
import os

import programs
from programs import expect, until

conflict = importlib.import_module("06-conflict")
NEMA = 8


def presence(program, record):
    return program.ask("record", "show", record, code=(0, 3, 9))["presence"]


def test(rig):
    hub = rig.hub()
    conflict.publish(rig, hub, "common/catalogue/national")
    nema = rig.enrolled(hub, NEMA)
    conflict.has_catalogue(nema)
    hub.stop()
    with open(os.path.join(hub.dir, "hub.conf"), "a", encoding="utf-8") as file:
        file.write("[quota]\ndeletions = 2\n")
    hub.start()
    records = [nema.ask("record", "add", "case", f"case_no=NDB-2026-{n}", "status=open",
                        "vector=labour", "opened_on=2026-11-03")["records"][0]["id"]
               for n in range(4)]
    for record in records[:1]:
        nema.run("record", "delete", record, "--reason", "entered twice")
    nema.run("sync", "--wait", "--for", "60 s")
    hub.kill()
    hub.start()
    for record in records[1:]:
        nema.run("record", "delete", record, "--reason", "entered twice")
    held = until("two are held back", lambda: len(
        hub.ask("held", "list")["held_changes"]) == 2 and hub.ask("held", "list"))
    expect(all("in a day" in row["why"] for row in held["held_changes"]), f"{held}")
    row = hub.ask("quota")["quota"][0]
    expect((row["deletions"], row["deletions_max"], row["held"]) == (2, 2, 2), f"{row}")
    first, second = [str(row["seq"]) for row in held["held_changes"]]
    origin = str(held["held_changes"][0]["origin"])
    until("the office sees it", lambda: nema.status()["held"] == 2)
    hub.run("held", "accept", origin, first, "--reason", "asked the office")
    hub.run("held", "reject", origin, second, "--reason", "it is a case")
    until("both are decided", lambda: nema.status()["held"] == 0)
    for program in (hub, nema):
        expect([presence(program, record) for record in records]
               == ["deleted", "deleted", "deleted", "present"], "as it was decided")
    for program in (nema, hub):
        program.stop()
        program.run("verify")


programs.main(test)
