#!/usr/bin/env python3
"""Goal: an office whose device was lost gets another, which is sent all the office holds.

The old one is retired and its folder gone. The new one is on a slow line; node and
hub are killed while its records come, and it goes on where it was. Meanwhile the
officer writes, and so does the hub. A stick of the old device turns up after
that: what was on it comes to the new one. In the end both agree.
"""
import importlib
import random
import shutil

import programs
from programs import expect, until

conflict = importlib.import_module("06-conflict")
share = importlib.import_module("11-share")
OFFICE, CASES, KILLS = 8, 3000, 4
NUMBER_BYTES = 5
RATE_BPS, RTT_MS = 64000, 200


def row(hub):
    return [row for row in hub.ask("nodes")["nodes"] if row["office"] == OFFICE][0]


def cases(program):
    answer = program.ask("record", "list", "case", "--show", "case_no")
    return {"-".join(row["shown"].split("=")[1].split("-")[:2]): row["id"]
            for row in answer["records"]}


def fill(rig, node):
    path, chance = rig.path("cases.csv"), random.Random(17)
    with open(path, "w", encoding="utf-8") as file:
        file.write("case_no,status,vector,opened_on\n")
        # Numbers that no compression makes small: the line is to be busy.
        file.writelines(f"N-{i}-{chance.randbytes(NUMBER_BYTES).hex()},open,labour,"
                        f"2026-11-03\n" for i in range(CASES))
    node.run("import", path, "--type", "case")
    share.sync(node)


def add(node, number):
    return node.ask("record", "add", "case", f"case_no={number}", "status=open",
                    "vector=labour", "opened_on=2026-11-03")["records"][0]["id"]


def lose(rig, hub, node, known):
    """What it had not sent is on a stick; then the device is gone."""
    hub.stop()
    node.run("record", "edit", known["N-1"], "status=follow_up")
    add(node, "LATE")
    stick = rig.path("late.bundle")
    node.run("bundle", "export", "--to", stick)
    node.kill()
    shutil.rmtree(node.dir)
    hub.start()
    return stick


def retire(hub):
    hub.refused("TIP_ENOTFOUND", "enrol", "retire", "9")
    answer = hub.ask("enrol", "retire", str(OFFICE))
    expect(answer["office"] == OFFICE, f"{answer}")
    hub.refused("TIP_ENOTFOUND", "enrol", "retire", str(OFFICE))
    hub.run("nodes", code=3)
    expect(row(hub)["state"] == "retired" and row(hub)["note"].startswith("retired"),
           f"{row(hub)}")


def came(node):
    """How many of its records have come; None: it is not being sent any."""
    return node.status()["sent_again"]


def bootstrap(hub, node):
    """Kill one or the other while it is under way; neither begins anew."""
    until("records come", lambda: came(node) or 0)
    conflict.has_catalogue(node)
    expect(add(node, "AT-ONCE") and came(node) < CASES, "it is usable at once")
    have = 0
    for i in range(KILLS):
        daemon = (node, hub)[i % 2]
        daemon.kill()
        daemon.start()
        now = came(node)
        expect(now is not None and now >= have, f"after {have} came {now}")
        have = until("more has come", lambda: came(node) is None or
                     (came(node) > have and came(node)))
        expect(have is not True, "it was under way")
        said = row(hub)
        expect(said["to_send_again"] and said["sent_again"] >= have, f"{said}")
        expect(node.status()["digest"] != "differs" and said["digest"] != "differs",
               "no false alarm")
    print(f"{KILLS} kills, {have} of {CASES} had come")


def test(rig):
    hub = rig.hub()
    conflict.publish(rig, hub, "common/catalogue/national")
    old = rig.enrolled(hub, OFFICE)
    conflict.has_catalogue(old)
    fill(rig, old)
    known = cases(hub)
    stick = lose(rig, hub, old, known)
    retire(hub)
    line = rig.line(hub, rate_bps=RATE_BPS, rtt_ms=RTT_MS)
    node = rig.node("next")
    rig.enrol(hub, node, OFFICE)
    rig.behind(line, node)
    node.start()
    bootstrap(hub, node)
    hub.run("record", "edit", known["N-2"], "status=screening")
    hub.run("bundle", "import", stick)
    until("all of it has come", lambda: came(node) is None)
    until("both agree", lambda: node.status()["digest"] == row(hub)["digest"] == "equal")
    expect(cases(node) == cases(hub) and len(cases(node)) == CASES + 2, "all cases are there")
    until("what the officer wrote is at the hub", lambda: "AT-ONCE" in cases(hub))
    expect(share.value(node, known["N-1"], "status") == ["follow_up"], "from the stick")
    expect(share.value(node, known["N-2"], "status") == ["screening"], "from the hub")
    node.run("record", "edit", known["N-1"], "status=closed")
    share.sync(node)
    expect(share.value(hub, known["N-1"], "status") == ["closed"], "it writes on")
    expect(row(hub)["devices"] == 2 and row(hub)["state"] == "connected", f"{row(hub)}")
    for program in (node, hub):
        program.stop()
        program.run("verify")


if __name__ == "__main__":
    programs.main(test)
