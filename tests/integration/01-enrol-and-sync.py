#!/usr/bin/env python3
"""Goal: from nothing to two connected offices, by files and the real programs.

A hub and two nodes are made; both screens show one fingerprint; only an
approved node serves, connects and is shown; everything stops in order and is
the same after a restart.
"""
import programs
from programs import expect, until


def test(rig):
    hub = rig.hub()
    first, second = rig.node("first"), rig.node("second")
    first.refused("TIP_EEXISTS", "init", "--dev")
    first.refused("TIP_ENOT_ENROLLED", "serve")
    first.refused("TIP_ENOTRUNNING", "status")
    for node, office in ((first, 8), (second, 11)):
        asked, shown = rig.enrol(hub, node, office)
        expect(asked == shown, "both screens must show the same fingerprint")
    rows = hub.ask("nodes")["nodes"]
    expect([row["state"] for row in rows] == ["never seen", "never seen"],
           f"an enrolled office is shown before it was ever seen: {rows}")
    for node in (first, second):
        node.start()
        programs.connected(node)
        answer = node.ask("sync", "--wait", "--for", "60 s")
        expect(answer["synced"], f"sync --wait returned {answer}")
    rows = until("both offices are shown as connected", lambda: [
        row for row in [hub.ask("nodes")["nodes"]]
        if all(one["state"] == "connected" for one in row)])[0]
    expect({row["office"] for row in rows} == {8, 11}, f"offices: {rows}")
    expect(all(row["version"] and row["lag"] == 0 for row in rows), f"{rows}")
    for program in (first, second, hub):
        program.stop()
        program.run("verify")
        program.start()
    for node in (first, second):
        programs.connected(node)


programs.main(test)
