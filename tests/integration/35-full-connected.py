#!/usr/bin/env python3
"""Goal: an office that is connected while its small store fills takes in what
the hub decided, up to the last change that it could save, and stays connected.
"""
import importlib

import programs
from programs import expect, until

conflict = importlib.import_module("06-conflict")
full = importlib.import_module("32-full-office")

OFFICE, ROWS, FILES_MAX = 8, 12000, 20
SMALL = "17 MiB"


def cases(rig, number):
    """A file of so many cases."""
    path = rig.path(f"cases{number}.csv")
    with open(path, "w", encoding="utf-8") as file:
        file.write("case_no,status,vector,opened_on\n")
        file.writelines(f"F{number}-{row},open,labour,2026-11-03\n" for row in range(ROWS))
    return path


def fill(rig, node):
    """Import file by file, each once the last is merged, until there is no room."""
    for number in range(FILES_MAX):
        done = node.run("import", cases(rig, number), "--type", "case", "--json", code=(0, 10))
        until("all of it is merged", lambda: is_merged(node))
        if done.returncode != 0:
            return
    raise AssertionError(f"not full after {FILES_MAX} files")


def is_merged(node):
    """Connected, with all its work decided by the hub."""
    status = node.status()
    return (status["session"] == "connected"
            and status["saved"] == status["confirmed"] == status["decided"]
            and status["held"] == 0)


def test(rig):
    hub = rig.hub(conf=programs.NO_BUDGET)
    conflict.publish(rig, hub, "common/catalogue/national")
    rig.store_size = SMALL
    node = rig.enrolled(hub, OFFICE)
    conflict.has_catalogue(node)
    fill(rig, node)
    status = node.status()
    expect(any(note["text"] in (full.FULL, full.NEARLY) for note in status["notes"]),
           f"{status['notes']}")
    row = next(row for row in hub.ask("nodes")["nodes"] if row["office"] == OFFICE)
    expect(row["lag"] == 0 and row["received"] == status["saved"], f"{row}")
    node.kill()
    node.start()
    until("it goes on after a power cut", lambda: is_merged(node))
    node.stop()
    node.run("verify")
    print(f"full with {status['saved']} change-sets, {status['store_used_bytes']} B; all merged")


if __name__ == "__main__":
    programs.main(test)
