#!/usr/bin/env python3
"""Goal: what a disk loses at an office is named by verify, and comes again by itself.

The catalogue is gone from the node's store and the first of four cases cannot be
read, while an edit of it waits to be sent. Verify, which opens identities too,
says so and exits with 8. Started again, the node shows neither, asks the hub, and
has all of it back, the edit too; then verify finds nothing. A frame that rots later
is found while it works, and comes again once there is a hub. In Nouakchott, tiphub nodes says what was found, what to do, and exits
with 3, while it is so.
"""
import importlib

import programs
from programs import expect, until

conflict = importlib.import_module("06-conflict")
share = importlib.import_module("11-share")
OFFICE, CASES = 8, 4


def office(hub):
    return next(row for row in hub.ask("nodes")["nodes"] if row["office"] == OFFICE)


def is_told(hub, words):
    """Does the hub say so of the office, and exit with 3?"""
    done = hub.run("nodes", "--json", code=(0, 3))
    return done.returncode == 3 and words in done.stdout


def shown(node, record):
    return node.run("record", "show", record, "--json", code=(0, 4, 8)).returncode == 0


def test(rig):
    hub, node, records = share.with_cases(rig, CASES)
    until("the digests agree", lambda: share.agrees(node))
    hub.stop()
    for record in records:
        node.run("record", "edit", record, "status=follow_up")
    node.run("record", "edit", records[3], "narrative=a shed near the old well")
    node.stop()
    sound = node.ask("verify")
    expect(sound["identities_opened"] == 1 and sound["identities_broken"] == 0 and
           sound["identities_sealed"] == 0, f"{sound}")
    rig.rot(node)
    wrong = node.ask("verify", code=8)
    said = " ".join(row["finding"] for row in wrong["findings"])
    expect(wrong["found"] == len(wrong["findings"]) > 1, f"{wrong}")
    expect("Record 2 of the store cannot be read." in said and "not what was counted" in said,
           f"{said}")
    node.start()
    until("what is wrong is shown", lambda: node.status()["digest"] == "differs")
    expect(node.status()["lost_records"] == 1, "one cannot be read")
    hub.start()
    share.sync(node)
    until("Nouakchott is told", lambda: is_told(hub, "had records that were gone"))
    until("all of it is there again", lambda: all(shown(node, record) for record in records))
    conflict.has_catalogue(node)
    until("the digests agree", lambda: node.status()["digest"] == "equal")
    for program in (node, hub):
        for record in records:
            expect(share.value(program, record, "status") == ["follow_up"],
                   f"an edit was lost: {share.value(program, record, 'status')}")
    row = office(hub)
    expect(row["digest"] == "equal" and row["repair_rounds"] == 0, f"{row}")
    hub.run("resend", "8")
    until("it was sent again", lambda: node.status()["digest"] == "equal")
    for program in (node, hub):
        program.stop()
        program.run("verify")
    rig.rot_frame(node)
    node.start()
    status = rig.scrubs(node)
    expect(status["rotten"] == 1 and
           "frame 1 cannot be read" in status["rotten_first"][0]["finding"], f"{status}")
    expect(any("restore the newest backup" in note["text"] for note in status["notes"]),
           f"{status}")
    hub.start()
    until("Nouakchott is told", lambda: is_told(hub, "restore the newest backup"))
    row = office(hub)
    expect(row["rotten"] == 1 and row["note"].startswith("rotten") and row["st"] == "✖", f"{row}")
    expect(row["rotten_first"] == status["rotten_first"][0]["finding"], f"{row}")
    hub.ask("nodes", str(OFFICE), code=3)
    until("the frame has come again", lambda: node.status()["rotten"] == 0)
    until("Nouakchott is told", lambda: not is_told(hub, "") and office(hub)["rotten"] == 0)
    node.stop()
    node.run("verify")


programs.main(test)
