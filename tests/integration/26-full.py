#!/usr/bin/env python3
"""Goal: a hub whose store is full says so and what to do, acknowledges nothing it
cannot keep, loses nothing it has, and goes on when there is room.

Néma and Atar send more than the hub has room for, and are told why it waits. Whatever the hub acknowledged
is there after it was killed; the offices keep the rest and say that it waits;
all is at the hub once [store] size is raised.
"""
import os

import programs
from programs import expect, until

NEMA, ATAR, FIRST, FLOOD = 8, 7, 1000, 200000
SMALL, LARGE = "16 MiB", "256 MiB"
SENTENCE = "The store is full, nothing was saved: free disk space, then retry."


def resize(hub, old, new):
    path = os.path.join(hub.dir, "hub.conf")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    expect(f"size = {old}" in text, f"{text} has another size")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace(f"size = {old}", f"size = {new}"))


def row(hub, office):
    return next(row for row in hub.ask("nodes")["nodes"] if row["office"] == office)


def fill(rig, node, count):
    node.stop()
    saved = rig.scribe(node, count)
    node.start()
    return saved


def is_full(hub, *words):
    """Does it say so, with the next step?"""
    answer = hub.ask(*words, code=3)
    return any("takes nothing in" in note["text"] and SENTENCE in note["text"]
               for note in answer["notes"])


def is_told(node):
    """Does the office hear why its work waits, and what to do?"""
    return any("The store in Nouakchott is full: go on working" in note["text"]
               for note in node.status().get("notes", []))


def is_whole(node, saved):
    """Has the node, confirmed or waiting, all it saved?"""
    status = node.status()
    return status["saved"] == saved and status["confirmed"] + status["waiting"] == saved


def test(rig):
    rig.store_size = SMALL
    hub = rig.hub(conf=f"{programs.NO_BUDGET}waiting = {2 * FLOOD}\n")
    rig.store_size = LARGE
    nema, atar = rig.enrolled(hub, NEMA), rig.enrolled(hub, ATAR)
    first = fill(rig, atar, FIRST)
    until("Atar's first work is in", lambda: atar.status()["confirmed"] == first)
    flood = fill(rig, nema, FLOOD)
    until("the hub says it is full", lambda: is_full(hub, "status"))
    expect(is_full(hub, "nodes"), "nodes says it too")
    until("the office is told", lambda: is_told(nema))
    expect(row(hub, NEMA)["trouble"] is None and row(hub, NEMA)["bad_messages"] == 0,
           "nobody is blamed for it")
    more = fill(rig, atar, FLOOD)
    until("Atar's work waits", lambda: atar.status()["waiting"] > 0 and is_full(hub, "status"))
    acked = [(office, node.status()["confirmed"]) for office, node in ((NEMA, nema), (ATAR, atar))]
    hub.kill()
    hub.start()
    for office, confirmed in acked:
        expect(row(hub, office)["received"] >= confirmed, f"{office}: what was acknowledged is there")
    expect(is_whole(nema, flood) and is_whole(atar, more), "the offices have all their work")
    hub.stop()
    resize(hub, SMALL, LARGE)
    hub.start()
    for node, saved, office in ((nema, flood, NEMA), (atar, more, ATAR)):
        until(f"all of {office} is in", lambda n=node, s=saved: n.status()["confirmed"] == s)
        expect(row(hub, office)["received"] == saved, f"{office}: all is at the hub")
        expect(not is_told(node), f"{office}: it is over there too")
    expect(not is_full(hub, "status"), "it does not say so any more")
    hub.stop()
    hub.run("verify")
    print(f"full with {acked}; then all of {flood} and {more}")


programs.main(test)
