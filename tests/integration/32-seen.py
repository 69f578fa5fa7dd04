#!/usr/bin/env python3
"""Goal: what waits for a person is seen at a glance, on both sides, until it is decided.

A case has two values that contradict each other, found again after the hub was
killed. Of two deletions one is more than a device may do in a day: it is told
from what only waits behind it. Each side says what to do next and exits with 3;
once all is decided both are well.
"""
import importlib
import os

import programs
from programs import expect, until

conflict = importlib.import_module("06-conflict")
NEMA = 8


def row(hub):
    return next(row for row in hub.ask("nodes")["nodes"] if row["office"] == NEMA)


def warned(program, words, *command):
    notes = program.ask(*command, code=3)["notes"]
    return any(words in note["text"] for note in notes if note["level"] == "warning")


def sync(node):
    node.run("sync", "--wait", "--for", "60 s")


def add_case(node, number):
    return node.ask("record", "add", "case", f"case_no=NDB-2026-{number}", "status=open",
                    "vector=labour", "opened_on=2026-11-03")["records"][0]["id"]


def contradict(hub, node, record):
    """The hub and the office write the same field without a line."""
    node.stop()
    hub.run("record", "edit", record, "status=follow_up", "--reason", "secretariat")
    hub.stop()
    node.start()
    node.run("record", "edit", record, "status=closed", "--reason", "goals met")
    waits = node.status()
    expect(waits["waiting"] == 1 and waits["summary"].startswith("1 of "), f"{waits}")
    expect(waits["session"] == "offline" and waits["reason_code"] == "no-answer", f"{waits}")
    hub.start()
    sync(node)
    expect(node.status()["last_delivered"] is not None, "when work was delivered last")
    back = row(hub)
    expect(back["waiting"] == back["waiting_bytes"] == 0, f"{back}")
    expect(back["last_outage_ms"] > 0 and "nobody answers" in back["outage_reason"], f"{back}")


def conflict_is_seen(hub, nema, record):
    contradict(hub, nema, record)
    until("the hub counts it", lambda: row(hub)["conflicts"] == 1)
    until("so does the office", lambda: nema.status()["conflicts"] == 1)
    hub.kill()
    hub.start()
    seen = row(hub)
    expect(seen["conflicts"] == 1 and seen["oldest_conflict_ms"] >= 0, f"{seen}")
    answer = hub.ask("nodes", code=3)
    expect("; 1 record in conflict, the oldest for " in answer["summary"], f"{answer}")
    expect(warned(hub, "tiphub conflicts list", "nodes", str(NEMA)), "the next step is said")
    notes = " ".join(note["text"] for note in nema.status()["notes"])
    expect("1 record waits for a decision" in notes, notes)
    shown = hub.ask("conflicts", "show", record, code=9)
    hub.run("conflicts", "resolve", record, "--seen", shown["version"], "--take",
            shown["sides"][0]["side"], "--reason", "PV 118/2026")
    until("nothing is in conflict", lambda: row(hub)["conflicts"] == 0)
    until("nor at the office", lambda: nema.status()["conflicts"] == 0)


def held_is_seen(hub, nema, records):
    for record in records:
        nema.run("record", "delete", record, "--reason", "entered twice")
    nema.run("record", "edit", records[1], "status=closed", "--reason", "it was one")
    until("one waits for a person, one behind it",
          lambda: (row(hub)["quarantined"], row(hub)["parked"]) == (1, 1))
    reasons = hub.ask("nodes", str(NEMA), code=3)["held_reasons"]
    expect(sorted((one["held"], one["parked"]) for one in reasons) == [(1, False), (1, True)],
           f"{reasons}")
    waits = row(hub)
    expect(waits["newest_there"] == waits["received"] == waits["decided"] + 2, f"{waits}")
    expect(warned(hub, "held accept or held reject", "nodes"), "the next step is said")
    until("the office knows", lambda: nema.status()["held"] == 2)
    expect(warned(nema, "until somebody there decides", "status"), "and what to do")
    quarantined = next(one for one in hub.ask("held", "list")["held_changes"]
                       if "in a day" in one["why"])
    hub.run("held", "reject", str(quarantined["origin"]), str(quarantined["seq"]),
            "--reason", "asked the office")
    until("nothing is held back", lambda: row(hub)["held"] == 0)
    expect(row(hub)["received"] == row(hub)["decided"], f"{row(hub)}")
    until("the office knows that too", lambda: nema.status()["held"] == 0)


def test(rig):
    hub = rig.hub()
    conflict.publish(rig, hub, "common/catalogue/national")
    hub.stop()
    with open(os.path.join(hub.dir, "hub.conf"), "a", encoding="utf-8") as file:
        file.write("[health]\nconflicts = 0 s\n[quota]\ndeletions = 1\n")
    hub.start()
    nema = rig.enrolled(hub, NEMA)
    conflict.has_catalogue(nema)
    records = [add_case(nema, number) for number in range(3)]
    sync(nema)
    expect(row(hub)["last_contact_ms"] < 60000, "it was heard just now")
    conflict_is_seen(hub, nema, records[0])
    held_is_seen(hub, nema, records[1:])
    sync(nema)
    hub.run("nodes", code=0)
    nema.run("status", code=0)
    expect(nema.status()["power_cuts_day"] == 0, "it was stopped in order each time")
    nema.kill()
    until("nobody knows what waits there", lambda: row(hub)["waits"] == "?")
    nema.start()
    cut = nema.status()
    expect(cut["power_cuts_day"] == 1 and cut["starts_day"] > 1, f"{cut}")


programs.main(test)
