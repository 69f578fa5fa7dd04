#!/usr/bin/env python3
"""Goal: an office that is given a case says whether it takes it on, and nobody loses it before.

Néma offers a case to Atar, which declines with a reason that Néma reads. Then
Néma hands it over: until Atar accepts, Néma keeps its copy and edits in flight
count; then Néma has none. All of it across a killed hub.
"""
import importlib

import programs
from programs import expect, until

conflict = importlib.import_module("06-conflict")
NEMA, ATAR = 8, 7


def sync(*nodes):
    for node in nodes:
        node.run("sync", "--wait", "--for", "60 s")


def has(node, record):
    return node.run("record", "show", record, "--json", code=(0, 4, 9)).returncode != 4


def value(program, record, field):
    rows = program.ask("record", "show", record)["fields"]
    return [row["value"] for row in rows if row["field"] == field]


def offers(program, *words):
    return [(row["to"], row["answer"]) for row in
            program.ask("referral", "list", *words)["referrals"]]


def test(rig):
    hub = rig.hub()
    conflict.publish(rig, hub, "common/catalogue/national")
    nema, atar = rig.enrolled(hub, NEMA), rig.enrolled(hub, ATAR)
    for node in (nema, atar):
        conflict.has_catalogue(node)
    record = nema.ask("record", "add", "case", "case_no=NDB-2026-1", "status=open",
                      "vector=labour", "opened_on=2026-11-03")["records"][0]["id"]
    nema.run("record", "share", record, str(ATAR))
    sync(nema)
    for program in (nema, hub, atar):
        until("it is offered", lambda p=program: offers(p) == [(ATAR, "offered")])
    nema.refused("TIP_ENOREFERRAL", "referral", "accept", record)
    # What cannot wait does not wait for an answer, and is none.
    atar.run("record", "edit", record, "status=screening")
    atar.refused("TIP_EREASON", "referral", "decline", record)
    atar.run("referral", "decline", record, "--reason", "she lives in Néma")
    sync(atar)
    until("Atar keeps no copy", lambda: not has(atar, record))
    until("Néma reads why", lambda: [
        (row["answer"], row["reason"]) for row in
        nema.ask("referral", "list")["referrals"]]
        == [("declined", "she lives in Néma")])
    expect(value(nema, record, "status") == ["screening"], "an edit was lost")

    nema.refused("TIP_EREASON", "record", "transfer", record, str(ATAR))
    nema.run("record", "transfer", record, str(ATAR), "--reason", "she has moved")
    sync(nema)
    until("it is offered again", lambda: offers(atar) == [(ATAR, "offered")])
    expect(atar.ask("referral", "list")["referrals"][0]["transfer"], "as a transfer")
    expect(has(nema, record), "Néma gave up its copy before Atar had accepted")
    hub.kill()
    nema.run("record", "edit", record, "vector=sex")
    atar.run("referral", "accept", record)
    hub.start()
    sync(nema, atar)
    until("Néma keeps no copy", lambda: not has(nema, record))
    for program in (hub, atar):
        until("an edit in flight counts",
              lambda p=program: value(p, record, "vector") == ["sex"])
        expect(offers(program) == [], "nothing waits")
        expect(offers(program, "--all") == [(ATAR, "accepted")], "it was accepted")
    expect(hub.ask("held", "list")["held_changes"] == [], "nothing is held back")
    until("the digests agree", lambda: hub.status()["differing"] == 0)
    for program in (nema, atar, hub):
        program.stop()
        program.run("verify")


programs.main(test)
