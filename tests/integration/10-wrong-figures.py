#!/usr/bin/env python3
"""Goal: a figure that does not say what the records say is found, named and mended.

A row of the figures is taken out of the hub's store, as a bug or a bad disk
could. Verify finds it and exits with 8, with the hub running or not, recount mends it, and the number is
what it was.
"""
import importlib

import programs
from programs import expect, until

conflict = importlib.import_module("06-conflict")
CASES = 3


def cases(hub):
    return [row["value"] for row in hub.ask("indicators", "show", "cases")["figures"]
            if row.get("value") is not None]


def test(rig):
    hub = rig.hub()
    conflict.publish(rig, hub, "common/catalogue/national")
    node = rig.enrolled(hub, 8)
    conflict.has_catalogue(node)
    for number in range(CASES):
        node.run("record", "add", "case", f"case_no=NDB-2026-{number}", "status=open",
                 "vector=labour", "opened_on=2026-11-03")
        node.run("sync", "--wait", "--for", "60 s")
    right = cases(hub)
    expect(hub.ask("indicators", "verify")["agree"], "nothing is wrong yet")
    hub.stop()
    hub.run("verify")
    rig.miscount(hub)
    found = hub.ask("verify", code=8)
    expect("cells the figures are not what" in found["findings"][0]["finding"], f"{found}")
    expect(any("recount" in note["text"] for note in found["notes"]), f"no next step: {found}")
    hub.start()
    wrong = hub.ask("indicators", "verify", code=8)
    expect(not wrong["agree"] and wrong["differences"], f"{wrong}")
    expect(wrong["differing_cells"] == len(wrong["differences"]), f"{wrong}")
    expect(any("recount" in note["text"] for note in wrong["notes"]), f"no next step: {wrong}")
    mended = hub.ask("indicators", "recount")
    expect(mended["differing_cells"] == wrong["differing_cells"], f"{mended}")
    expect(hub.ask("indicators", "verify")["agree"], "a recount did not mend it")
    expect(cases(hub) == right, f"{cases(hub)}, not {right}")
    hub.stop()
    hub.start()
    until("the recount is durable", lambda: hub.ask("indicators", "verify")["agree"])
    print(f"{wrong['differing_cells']} cells were wrong, and are right again")


if __name__ == "__main__":
    programs.main(test)
