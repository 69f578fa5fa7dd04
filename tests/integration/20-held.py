#!/usr/bin/env python3
"""Goal: people decide what becomes of changes that are held back, and both sides see it.

Atar writes in a case without knowing that it was taken out of it and came
again: the hub holds that back. It is shown, accepted, and stands beside what
Néma wrote. The next is rejected: Atar reads by whom and why, and what it had
written; what waited behind it goes on; nothing of it is anywhere else.
"""
import importlib

import programs
from programs import expect, until

conflict = importlib.import_module("06-conflict")
NEMA, ATAR = 8, 7
WHY = "Atar was asked by telephone"


def sync(*nodes):
    for node in nodes:
        node.run("sync", "--wait", "--for", "60 s")


def line(program, record, field):
    rows = program.ask("record", "show", record, code=(0, 3, 9))["fields"]
    return [row for row in rows if row["field"] == field][0]


def write_from_before_a_return(hub, atar, record, *words):
    """Atar saves while it is taken out and comes again; its held rows."""
    hub.stop()
    atar.run("record", "edit", record, *words)
    atar.stop()
    hub.start()
    hub.run("record", "unshare", record, str(ATAR), "--reason", "a mistake")
    hub.run("record", "share", record, str(ATAR))
    atar.start()
    return until("it is held back", lambda: hub.ask("held", "list")["held_changes"])


def test(rig):
    hub = rig.hub()
    conflict.publish(rig, hub, "common/catalogue/national")
    nema, atar = rig.enrolled(hub, NEMA), rig.enrolled(hub, ATAR)
    for node in (nema, atar):
        conflict.has_catalogue(node)
    record = nema.ask("record", "add", "case", "case_no=NDB-2026-1", "status=open",
                      "vector=labour", "opened_on=2026-11-03",
                      "--office", str(ATAR))["records"][0]["id"]
    sync(nema)
    until("Atar has the case", lambda: atar.run("record", "show", record, "--json",
                                                code=(0, 4)).returncode == 0)
    sync(atar)

    held = write_from_before_a_return(hub, atar, record, "status=screening")
    expect(len(held) == 1 and held[0]["office"] == ATAR, f"{held}")
    origin, seq = str(held[0]["origin"]), str(held[0]["seq"])
    expect(hub.ask("held", "list", str(NEMA))["held_changes"] == [], "of Néma none waits")
    shown = hub.ask("held", "show", origin, seq)
    change = shown["changes"][0]
    expect(change["would_write"] == "screening" and change["stands_now"] == "open",
           f"{shown}")
    expect("did not hold" in shown["why"], f"{shown}")
    until("Atar sees that it waits",
          lambda: [row["decision"] for row in atar.ask("held", "list")["held_changes"]]
          == ["waits"])
    expect(atar.ask("held", "show", seq)["changes"][0]["would_write"] == "screening",
           "Atar sees what waits")
    shown = atar.ask("record", "show", record, code=(0, 9))
    expect(shown["state"] == "held" and "tipnode held list" in shown["notes"][0]["text"],
           f"the record says so: {shown}")
    hub.refused("TIP_EREASON", "held", "accept", origin, seq)
    hub.refused("TIP_ENOT_HELD", "held", "accept", origin, "999", "--reason", WHY)
    hub.refused("TIP_EUSAGE", "held", "accept", origin, "x", "--reason", WHY)
    nema.run("record", "edit", record, "status=follow_up")
    sync(nema)
    hub.run("held", "accept", origin, seq, "--reason", WHY)
    hub.run("held", "accept", origin, seq, "--reason", WHY)
    for program in (hub, nema, atar):
        until("both values stand", lambda p=program: line(p, record, "status")["parallel"])
    expect(atar.ask("held", "list")["held_changes"][0]["decision"] == "accepted", "told")
    atar.run("record", "edit", record, "status=closed")
    sync(atar)
    until("decided", lambda: line(nema, record, "status")["value"] == "closed")

    held = write_from_before_a_return(hub, atar, record, "status=open")
    seq = str(held[0]["seq"])
    atar.run("record", "edit", record, "vector=sex")
    sync(atar)
    until("the next waits behind it",
          lambda: len(hub.ask("held", "list")["held_changes"]) == 2)
    hub.kill()
    hub.start()
    done = hub.ask("held", "reject", origin, seq, "--reason", WHY)
    expect(done["decided"] == 1 and done["released"] == 1, f"{done}")
    hub.kill()
    hub.start()
    until("Atar is told", lambda: atar.status()["held"] == 0)
    rows = [row for row in atar.ask("held", "list")["held_changes"]
            if row["decision"] == "refused"]
    expect(len(rows) == 1 and rows[0]["why"] == WHY, f"{rows}")
    shown = atar.ask("held", "show", seq)
    expect(shown["changes"][0]["would_write"] == "open" and shown["reason"] == WHY,
           f"{shown}")
    for program in (hub, atar):
        events = program.ask("record", "history", record)["events"]
        refused = [event for event in events if event["refused_reason"] == WHY]
        expect([event["value"] for event in refused] == ["open"], f"{refused}")
        expect(refused[0]["state"] == "refused" and not refused[0]["live"], f"{refused}")
    for program in (hub, nema, atar):
        until("the case is as it was",
              lambda p=program: line(p, record, "status")["value"] == "closed"
              and line(p, record, "vector")["value"] == "sex")
    hub.refused("TIP_ENOT_HELD", "held", "accept", origin, seq, "--reason", WHY)
    until("the digests agree", lambda: hub.status()["differing"] == 0)
    for program in (nema, atar, hub):
        program.stop()
        program.run("verify")


programs.main(test)
