#!/usr/bin/env python3
"""Goal: one office's flood does not keep the others waiting.

Atar saves one record after the other and waits each time until Nouakchott has
it; then again while Néma sends many thousand it had kept, more than a day's
budget. All of Atar's arrive, Néma's are held back and none is lost. The ratio
of both 99th percentiles is printed and asserted nowhere: it is the machine's as
much as ours.
"""
import importlib
import os
import time

import programs
from programs import expect, until

conflict = importlib.import_module("06-conflict")
NEMA, ATAR, FLOOD, LIMIT, SAVES = 8, 7, 40000, 6000, 200


def save_one(node, number):
    """Seconds from the save until the hub has it."""
    node.run("record", "add", "case", f"case_no=MR05-2026-{number:05}", "status=open",
             "vector=labour", "opened_on=2026-11-03")
    start = time.monotonic()
    node.run("sync", "--wait", "--for", "60 s")
    return time.monotonic() - start


def percentile(times):
    return sorted(times)[max(0, len(times) * 99 // 100 - 1)]


def test(rig):
    rig.store_size = "1 GiB"
    hub = rig.hub()
    conflict.publish(rig, hub, "common/catalogue/national")
    nema, atar = rig.enrolled(hub, NEMA), rig.enrolled(hub, ATAR)
    for node in (nema, atar):
        conflict.has_catalogue(node)
    hub.stop()
    with open(os.path.join(hub.dir, "hub.conf"), "a", encoding="utf-8") as file:
        file.write(f"[quota]\nchanges = {LIMIT}\nwaiting = {2 * FLOOD}\n")
    hub.start()
    programs.connected(atar)
    quiet = [save_one(atar, n) for n in range(SAVES)]
    nema.stop()
    saved = rig.scribe(nema, FLOOD)
    nema.launch()
    flooded, number = [], SAVES
    while True:
        before = hub.ask("quota")["quota"]
        flooded.append(save_one(atar, number))
        number += 1
        used = [row["changes"] for row in before if row["office"] == NEMA][0]
        if used >= saved or number > 10 * SAVES:
            break
    until("all of Néma's is at the hub", lambda: nema.status()["confirmed"] == saved)
    held = nema.status()["held"] if nema.status()["held"] else until(
        "Néma is told", lambda: nema.status()["held"])
    expect(held > 0, "what is more than a day's budget is held back")
    expect(atar.status()["held"] == 0 and atar.status()["confirmed"] == number,
           "all of Atar's is in")
    print(f"p99 until the hub has it: quiet {percentile(quiet) * 1000:.0f} ms "
          f"of {len(quiet)}, in a flood of {FLOOD} {percentile(flooded) * 1000:.0f} ms "
          f"of {len(flooded)}, ratio {percentile(flooded) / percentile(quiet):.2f}; "
          f"{held} held back")
    for program in (nema, atar, hub):
        program.stop()


programs.main(test)
