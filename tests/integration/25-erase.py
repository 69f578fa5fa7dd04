#!/usr/bin/env python3
"""Goal: a record is erased by decision of two people, at the hub and at every office.

Néma shares a case with Atar. One person asks for it to be erased and cannot
confirm it; another does. While Atar is switched off nothing holds the others up;
it has work on the case that nobody has seen, and learns that it went with it.
Nobody can show, list, export or write the case again, the other case is whole,
and the digests agree. Confirming needs a second account, so root.
"""
import importlib
import os
import subprocess

import programs
from programs import expect, until

conflict = importlib.import_module("06-conflict")
NEMA, ATAR = 8, 7
NAME, KEPT = "NDB-2026-ERASED", "NDB-2026-KEPT"
NOBODYS = "0199f3a2-5c1e-7d2a-9b11-5d1f0c6a7e10"


def value(program, record, field):
    rows = program.ask("record", "show", record)["fields"]
    return [row["value"] for row in rows if row["field"] == field]


def sync(node):
    node.run("sync", "--wait", "--for", "60 s")


def agrees(node):
    status = node.status()
    return status["digest"] == "equal" and status["held"] == 0


def as_another(hub, *words):
    """Run a command as an account that is not ours but in the daemon's group."""
    for path in (hub.rig.dir, hub.dir):
        os.chmod(path, 0o750)
    return subprocess.run([hub.binary, *words, "--json", "--dir", hub.dir], user=1, group=0,
                          extra_groups=[], capture_output=True, text=True, check=False,
                          timeout=120)


def add(node, number):
    return node.ask("record", "add", "case", f"case_no={number}", "status=open",
                    "vector=labour", "opened_on=2026-11-03")["records"][0]["id"]


def presence(program, record):
    return program.ask("record", "show", record)["presence"]


def is_erased(program, record):
    shown = program.ask("record", "show", record)
    return shown["presence"] == "erased" and "fields" not in shown


def decision(hub):
    return hub.ask("erase", "list")["erasures"][0]


def nouakchott_knows(hub, program, is_kept):
    """What an office says of itself comes with its greeting."""
    if program is not hub:
        until("the hub knows what the office keeps", lambda: [
            row["kept_aside"] for row in hub.ask("erase", "show", "1")["nodes"]
            if row["office"] == NEMA] == [is_kept] and decision(hub)["offices_done"] == (
                1 if is_kept else 2))


def the_power_goes_between_two_names(program):
    """An erasure puts a new file in the place of the old, which has another name then."""
    program.stop()
    os.rename(os.path.join(program.dir, "store.mdb"), os.path.join(program.dir, "store.old"))
    program.run("verify")
    os.rename(os.path.join(program.dir, "store.mdb"), os.path.join(program.dir, "store.old"))
    program.start()


def a_store_that_was_put_aside_is_told_of(rig, hub, program):
    """No erasure reaches it: status says so until it is removed."""
    copy, aside = rig.path("copy.backup"), os.path.join(program.dir, "store.before-1")
    program.run("backup", "create", copy)
    program.stop()
    program.run("backup", "restore", "--replace", copy)
    program.start()
    expect("store.before-1" in program.run("status", code=3).stderr, "status says so")
    nouakchott_knows(hub, program, True)
    os.remove(aside)
    expect("store.before-1" not in program.run("status", code=(0, 3)).stderr, "and no longer")
    the_power_goes_between_two_names(program)
    nouakchott_knows(hub, program, False)
    os.remove(copy)


def what_is_told_is_found(rig, node):
    path = rig.path("cases.csv")
    with open(path, "w", encoding="utf-8") as file:
        file.write(node.run("export", "case").stdout)
    expect(rig.files_with(NAME) == [path], "a table says it, nothing else")
    os.remove(path)


def nothing_says_it_any_more(rig, programs_of_all):
    """No store when it is opened; no log, bundle or other file as it lies there."""
    nema, atar = programs_of_all[1:]
    atar.run("bundle", "export", "--all", "--to", rig.path("atar.stick"))
    nema.run("backup", "create", rig.path("after.backup"))
    for program in programs_of_all:
        program.stop()
        expect(rig.rows_with(program, NAME) == 0, f"{program.dir} says it")
        expect(rig.rows_with(program, KEPT) > 0, "the other is found")
    expect(rig.files_with(NAME) == [], f"{rig.files_with(NAME)}")


def test(rig):
    hub = rig.hub()
    conflict.publish(rig, hub, "common/catalogue/national")
    nema, atar = rig.enrolled(hub, NEMA), rig.enrolled(hub, ATAR)
    for node in (nema, atar):
        conflict.has_catalogue(node)
    record, other = add(nema, NAME), add(nema, KEPT)
    for each in (record, other):
        nema.run("record", "share", each, str(ATAR))
    sync(nema)
    until("Atar has both", lambda: len(atar.ask("record", "list", "case")["records"]) == 2)
    atar.run("record", "edit", record, "status=follow_up")
    sync(atar)
    what_is_told_is_found(rig, atar)
    hub.stop()
    expect(rig.rows_with(hub, NAME) > 0, "as long as it stands it is found")
    atar.run("record", "edit", record, "status=screening")
    atar.stop()
    expect(rig.rows_with(atar, NAME) > 0, "at an office, too")
    hub.start()

    hub.refused("TIP_EREASON", "erase", "request", record)
    hub.refused("TIP_ENOTFOUND", "erase", "request", NOBODYS, "--reason", "a slip")
    asked = hub.ask("erase", "request", record, "--reason", "order 44/2026")
    expect(asked["decision"] == "asked", "it waits for somebody else")
    hub.refused("TIP_ESAMEPERSON", "erase", "confirm", str(asked["number"]))
    expect(presence(hub, record) == "present", "nothing is erased before that")
    if os.geteuid() != 0:
        print("not root: nobody else is there to confirm")
        return
    done = as_another(hub, "erase", "confirm", str(asked["number"]))
    expect(done.returncode == 0, f"confirmed by another: {done.stdout}{done.stderr}")
    hub.refused("TIP_EERASED", "erase", "request", record, "--reason", "again")
    hub.refused("TIP_EDECIDED", "erase", "withdraw", str(asked["number"]))
    until("the hub and one office of two have carried it out",
          lambda: decision(hub)["hub_done"] and decision(hub)["offices_done"] == 1)
    expect(decision(hub)["offices"] == 2, "both are counted")
    missing = [node for node in hub.ask("erase", "show", "1")["nodes"] if not node["done"]]
    expect([node["office"] for node in missing] == [ATAR], "it says who is away")
    atar.start()
    sync(atar)
    until("both have", lambda: decision(hub)["offices_done"] == 2)

    lost = atar.ask("erase", "list")["erasures"][0]
    expect(lost["lost_changes"] == 1 and lost["lost_by"], f"Atar is told what went: {lost}")
    for program in (hub, nema, atar):
        expect(is_erased(program, record), "only that it was erased is shown")
        rows = program.ask("record", "list", "case", "--deleted")["records"]
        expect([row["id"] for row in rows] == [other], "no list has it")
        expect(NAME not in program.run("export", "case", "--deleted").stdout,
               "no export has it")
        program.refused("TIP_EERASED", "record", "edit", record, "status=closed")
    for node in (nema, atar):
        until("the digests agree", lambda n=node: agrees(n))
    nema.run("record", "edit", other, "status=follow_up")
    sync(nema)
    until("work goes on", lambda: value(atar, other, "status") == ["follow_up"])
    for program in (nema, hub):
        a_store_that_was_put_aside_is_told_of(rig, hub, program)
    nothing_says_it_any_more(rig, (hub, nema, atar))


if __name__ == "__main__":
    programs.main(test)
