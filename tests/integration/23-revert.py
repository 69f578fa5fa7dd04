#!/usr/bin/env python3
"""Goal: a device that was stolen is undone from a point on, and nobody else's work with it.

Atar's device overwrites, deletes and makes cases; Néma writes on in one; one of
its deletions is refused and one waits, and neither counts as undone or overwritten. The
administrator sees what would be undone, does it, across a killed hub, and again
to no effect: the cases stand as before, what Néma wrote stands, and the history
tells all of it.
"""
import importlib
import os

import programs
from programs import expect, until

conflict = importlib.import_module("06-conflict")
NEMA, ATAR = 8, 7
WHY = "stolen on 3 November"


def sync(*nodes):
    for node in nodes:
        node.run("sync", "--wait", "--for", "60 s")


def case(node, number, *words):
    return node.ask("record", "add", "case", f"case_no=NDB-2026-{number}", "status=open",
                    "vector=labour", "opened_on=2026-11-03", *words)["records"][0]["id"]


def value(program, record, field):
    rows = program.ask("record", "show", record, code=(0, 3, 9))["fields"]
    return [row["value"] for row in rows if row["field"] == field][0]


def presence(program, record):
    return program.ask("record", "show", record, code=(0, 3, 9))["presence"]


def counts(answer):
    return tuple(answer[key] for key in ("restored", "hidden", "left", "refused", "held"))


def test(rig):
    hub = rig.hub()
    conflict.publish(rig, hub, "common/catalogue/national")
    hub.stop()
    with open(os.path.join(hub.dir, "hub.conf"), "a", encoding="utf-8") as file:
        file.write("[quota]\ndeletions = 1\n")
    hub.start()
    nema, atar = rig.enrolled(hub, NEMA), rig.enrolled(hub, ATAR)
    for node in (nema, atar):
        conflict.has_catalogue(node)
    first, second, third, fourth, fifth = [case(nema, n, "--office", str(ATAR))
                                           for n in (1, 2, 3, 4, 5)]
    sync(nema)
    until("Atar has them", lambda: atar.run("record", "show", fifth, "--json",
                                            code=(0, 4)).returncode == 0)
    atar.run("record", "edit", first, "status=screening")
    sync(atar)
    start = str(atar.status()["saved"] + 1)
    atar.run("record", "edit", first, "status=closed")
    atar.run("record", "edit", second, "status=closed")
    for record in (third, fourth, fifth):  # Of the last two each is one too many.
        atar.run("record", "delete", record, "--reason", "no case")
    made = case(atar, 9, "--office", str(NEMA))
    sync(atar)
    until("Néma sees it", lambda: value(nema, second, "status") == "closed")
    nema.run("record", "edit", second, "status=follow_up")
    sync(nema)
    origin = str([row["origin"] for row in hub.ask("nodes")["nodes"]
                  if row["office"] == ATAR][0])
    refused = min(row["seq"] for row in hub.ask("held", "list")["held_changes"])
    hub.run("held", "reject", origin, str(refused), "--reason", WHY)
    words = ("revert", "--device", origin, "--from", start)
    hub.refused("TIP_EUSAGE", "revert", "--device", origin, "--reason", WHY)
    hub.refused("TIP_EREASON", *words)
    shown = hub.ask(*words, "--reason", WHY, "--dry-run")
    expect(counts(shown) == (2, 1, 1, 1, 1), f"{shown}")
    expect(any("held reject" in note["text"] for note in shown["notes"]), f"{shown['notes']}")
    named = {(row["field"], row["element"], row["result"]) for row in shown["cells"]}
    expect(named == {("status", "", "restored"), ("_deleted", "", "restored"),
                     ("_deleted", "", "hidden"), ("status", "", "left")}, f"{shown['cells']}")
    expect(value(hub, first, "status") == "closed", "a dry run changed something")
    done = hub.ask(*words, "--reason", WHY)
    expect(counts(done) == (2, 1, 1, 1, 1), f"{done}")
    hub.kill()
    hub.start()
    again = hub.ask(*words, "--reason", WHY)
    expect(counts(again) == (0, 0, 1, 1, 1), f"{again}")
    for program in (hub, nema, atar):
        until("the cases stand as before",
              lambda p=program: value(p, first, "status") == "screening"
              and presence(p, third) == "present" and presence(p, made) == "deleted")
        expect(value(program, second, "status") == "follow_up", "Néma's word stands")
    events = hub.ask("record", "history", first)["events"]
    expect([event["value"] for event in events if event["field"] == "status"]
           == ["open", "screening", "closed", "screening"], f"{events}")
    until("the digests agree", lambda: hub.status()["differing"] == 0)
    for program in (nema, atar, hub):
        program.stop()
        program.run("verify")


programs.main(test)
