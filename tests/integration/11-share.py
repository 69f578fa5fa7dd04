#!/usr/bin/env python3
"""Goal: a case is handed on: another office gets all of it, the first keeps no copy.

Néma shares a case with Atar: Atar sees what was written before, both write in
it, the digests agree. Then Néma gives it up, while an edit of Atar's is on its
way; nothing is lost, Néma holds no copy, and nobody is left without a holder.
"""
import importlib

import programs
from programs import expect, until

conflict = importlib.import_module("06-conflict")
NEMA, ATAR = 8, 7


def value(program, record, field):
    rows = program.ask("record", "show", record)["fields"]
    return [row["value"] for row in rows if row["field"] == field]


def sync(*nodes):
    for node in nodes:
        node.run("sync", "--wait", "--for", "60 s")


def agrees(node):
    status = node.status()
    return status["digest"] == "equal" and status["held"] == 0


def with_cases(rig, count):
    """A hub with the national catalogue, an office of it, its cases."""
    hub = rig.hub()
    conflict.publish(rig, hub, "common/catalogue/national")
    node = rig.enrolled(hub, NEMA)
    conflict.has_catalogue(node)
    records = [node.ask("record", "add", "case", f"case_no=NDB-2026-{number}", "status=open",
                        "vector=labour", "opened_on=2026-11-03")["records"][0]["id"]
               for number in range(count)]
    sync(node)
    return hub, node, records


def test(rig):
    hub = rig.hub()
    conflict.publish(rig, hub, "common/catalogue/national")
    nema, atar = rig.enrolled(hub, NEMA), rig.enrolled(hub, ATAR)
    for node in (nema, atar):
        conflict.has_catalogue(node)
    record = nema.ask("record", "add", "case", "case_no=NDB-2026-1", "status=open",
                      "vector=labour", "opened_on=2026-11-03")["records"][0]["id"]
    nema.run("record", "edit", record, "status=follow_up")
    sync(nema)
    atar.refused("TIP_ENOTFOUND", "record", "show", record)
    nema.refused("TIP_EOFFICE", "record", "share", record, "nowhere")
    nema.run("record", "share", record, str(ATAR))
    sync(nema)
    until("Atar has the case", lambda: atar.run("record", "show", record, "--json",
                                                code=(0, 4)).returncode == 0)
    expect(value(atar, record, "status") == ["follow_up"], "the whole record came")
    atar.run("record", "edit", record, "status=screening")
    sync(atar)
    until("Néma sees it", lambda: value(nema, record, "status") == ["screening"])
    for node in (nema, atar):
        until("the digests agree", lambda n=node: agrees(n))
    nema.refused("TIP_EREASON", "record", "unshare", record, str(NEMA))
    nema.refused("TIP_EACCESS", "record", "unshare", record, str(ATAR), "--reason", "no")
    hub.stop()
    atar.run("record", "edit", record, "status=closed")
    nema.run("record", "unshare", record, str(NEMA), "--reason", "Atar follows it up")
    hub.start()
    sync(nema, atar)
    until("Néma keeps no copy", lambda: nema.run("record", "show", record, "--json",
                                                 code=(0, 4)).returncode == 4)
    expect(value(hub, record, "status") == ["closed"], "an edit was lost")
    atar.refused("TIP_EOFFICES", "record", "unshare", record, str(ATAR), "--reason", "no")
    for node in (nema, atar):
        until("the digests agree", lambda n=node: agrees(n))
    expect(hub.status()["differing"] == 0, "the hub sees no difference")
    for program in (nema, atar, hub):
        program.stop()
        program.run("verify")


if __name__ == "__main__":
    programs.main(test)
