#!/usr/bin/env python3
"""Goal: records that rot at the hub are named, and made again with nothing lost.

The catalogue is gone from the hub's store, and the first of four cases, in which
two people wrote apart, cannot be read. Verify says so, exits with 8 and says what
to do. Started, the hub has both again: what the office and the hub show, the
figures, the digests are what they were, and verify finds nothing. What the hub
counted of what an office holds rots: it starts, says so, and counts again. Of a
history of which an entry rots the rest is shown, and which is missing. A frame of
the office that rots at the hub is found while it works.
"""
import importlib

import programs
from programs import expect, until

share = importlib.import_module("11-share")
figures = importlib.import_module("10-wrong-figures")
CASES = 4


def test(rig):
    hub, node, records = share.with_cases(rig, CASES)
    hub.run("record", "edit", records[0], "status=closed")
    node.run("record", "edit", records[0], "status=follow_up")
    share.sync(node)
    until("the digests agree", lambda: share.agrees(node))
    right = figures.cases(hub)
    before = [hub.ask("record", "show", record) for record in records]
    until("the hub has read all its records", lambda: hub.status()["last_scrub"])
    scrubbed = hub.status()["last_scrub"]
    hub.stop()
    rig.rot(hub)
    wrong = hub.ask("verify", code=8)
    said = " ".join(row["finding"] for row in wrong["findings"])
    expect("Record 1 of the store is gone." in said and
           "Record 2 of the store cannot be read." in said, f"{said}")
    expect(any("start it" in note["text"] for note in wrong["notes"]), f"{wrong}")
    hub.start()
    status = hub.status()
    expect(status["remade_records"] == 2 and status["unreadable_records"] == 0, f"{status}")
    expect(status["last_scrub"] == scrubbed and status["scrub_read"] is None,
           f"a restart forgets when records were read: {status}")
    expect(any("made again" in note["text"] for note in status["notes"]), f"{status}")
    expect([hub.ask("record", "show", record) for record in records] == before,
           "a record is not what it was")
    expect(figures.cases(hub) == right, f"{figures.cases(hub)}, not {right}")
    expect(hub.ask("indicators", "verify")["agree"], "figures are not what records say")
    node.run("record", "edit", records[0], "status=closed")
    share.sync(node)
    until("the digests agree", lambda: node.status()["digest"] == "equal")
    expect(share.value(hub, records[0], "status") == ["closed"], "work does not go on")
    expect(rig.scrubs(hub)["rotten"] == 0, "what is sound is called rotten")
    hub.stop()
    hub.run("verify")
    rig.rot_row(hub, programs.HOLDING)
    wrong = hub.ask("verify", code=8)
    expect([row["finding"] for row in wrong["findings"]] ==
           ["An entry of table 14 cannot be read."], f"{wrong}")
    hub.start()
    status = hub.status()
    expect(status["recounted_offices"] == 1, f"{status}")
    expect(any("counted again" in note["text"] for note in status["notes"]), f"{status}")
    node.run("record", "edit", records[0], "status=follow_up")
    share.sync(node)
    until("the digests agree", lambda: node.status()["digest"] == "equal")
    hub.stop()
    hub.run("verify")
    rig.rot_row(hub, programs.HISTORY)
    hub.start()
    life = hub.ask("record", "history", records[0], code=3)
    expect(life["unread"] == [{"entry": 1}] and life["events"], f"{life}")
    expect("entry 1" in life["notes"][0]["text"], f"{life}")
    hub.stop()
    rig.rot_frame(hub)
    hub.start()
    status = rig.scrubs(hub)
    said = [row["finding"] for row in status["rotten_first"]]
    expect(status["rotten"] == 2 and "history" in said[0] and
           "frame 1 cannot be read" in said[1], f"{status}")


programs.main(test)
