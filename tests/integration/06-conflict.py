#!/usr/bin/env python3
"""Goal: what two people wrote apart stands side by side, and one decision closes it.

The same field of a case is edited at the office and at the hub while they
cannot reach each other. Both values are seen at both after sync; a stale form
is refused and shown; one resolve closes it everywhere; the history names who,
where, when and why.
"""
import os

import programs
from programs import expect, until

ROOT = os.path.join(os.path.dirname(__file__), "..", "..")


def publish(rig, hub, folder):
    pack = rig.path("catalogue.pack")
    hub.run("catalogue", "check", os.path.join(ROOT, folder), "--pack", pack)
    hub.run("catalogue", "publish", pack)


def has_catalogue(node):
    until("the catalogue has arrived",
          lambda: node.ask("status").get("catalogue"))


def sides(program, record):
    answer = program.ask("conflicts", "show", record, code=(0, 9))
    return {(row["field"], row["value"], row["reason"]) for row in answer["sides"]}


def fields_are_counted(answer, count):
    """By office, type and field, with how long it waits."""
    rows = answer["conflict_fields"]
    expect(len(rows) == count, f"{rows}")
    for row in rows:
        expect(row.get("office", 8) == 8 and row["type"] == "case" and row["field"] == "status"
               and row["conflicts"] == 1 and row["decides"] == "hub or office"
               and row["oldest_ms"] >= 0, f"{row}")


def test(rig):
    hub = rig.hub()
    publish(rig, hub, "common/catalogue/national")
    node = rig.enrolled(hub, 8)
    has_catalogue(node)
    record = node.ask("record", "add", "case", "case_no=NDB-2026-1", "status=open",
                      "vector=labour", "opened_on=2026-11-03")["records"][0]["id"]
    node.run("sync", "--wait", "--for", "60 s")
    seen = hub.ask("record", "show", record)["version"]
    hub.stop()
    node.run("record", "edit", record, "status=closed", "--reason", "goals met")
    node.stop()
    hub.start()
    hub.run("record", "edit", record, "status=follow_up", "--seen", seen,
            "--reason", "secretariat")
    hub.refused("TIP_ECHANGED", "record", "edit", record, "status=screening",
                "--seen", seen)
    node.start()
    programs.connected(node)
    node.run("sync", "--wait", "--for", "60 s")
    both = {("status", "closed", "goals met"), ("status", "follow_up", "secretariat")}
    for program in (node, hub):
        until("both values are there", lambda p=program: sides(p, record) == both)
        expect(len(program.ask("conflicts", "list")["conflicts"]) == 1, "one conflict")
        fields_are_counted(program.ask("conflicts", "summary"), 1)
    fields_are_counted(hub.ask("nodes", "8", code=(0, 3)), 1)
    fields_are_counted(node.status(), 1)
    program = hub
    shown = program.ask("conflicts", "show", record, code=9)
    letter = [row["side"] for row in shown["sides"] if row["value"] == "closed"][0]
    now = ("--seen", shown["version"])
    program.refused("TIP_EINVAL", "conflicts", "resolve", record, *now, "--take", "Z",
                    "--reason", "no such side")
    program.refused("TIP_EREASON", "conflicts", "resolve", record, *now, "--take", letter)
    program.refused("TIP_EUSAGE", "conflicts", "resolve", record, "--take", letter,
                    "--reason", "whatever has this letter by now")
    program.run("conflicts", "resolve", record, *now, "--take", letter,
                "--reason", "PV 118/2026")
    for program in (node, hub):
        until("it is closed", lambda p=program: not p.ask("conflicts", "list")["conflicts"])
        fields_are_counted(program.ask("conflicts", "summary"), 0)
        shown = program.ask("record", "show", record)
        value = [row["value"] for row in shown["fields"] if row["field"] == "status"]
        expect(value == ["closed"], f"{value}")
        told = {(row["value"], row["reason"], row["live"])
                for row in program.ask("record", "history", record)["events"]
                if row["field"] == "status"}
        expect(told >= {("closed", "PV 118/2026", True), ("closed", "goals met", False),
                        ("follow_up", "secretariat", False)}, f"{told}")
        where = {row["office_name"]
                 for row in program.ask("record", "history", record)["events"]}
        expect(where == {"the hub", "Office 8"}, f"{where}")


if __name__ == "__main__":
    programs.main(test)
