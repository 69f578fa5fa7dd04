#!/usr/bin/env python3
"""Goal: 21,195 real records through 15 offices give CTDC's own table, row by row.

The Global Synthetic Victim-Perpetrator Dataset (Counter Trafficking Data
Collaborative, 2022) is split over 15 nodes, imported with a mapping and synced;
every row of CTDC's frequency table must equal a row of a national figure. The
data is found through TIP_SHARED_DATA; without it the test says "skipped".
"""
import csv
import importlib
import os
import sys

import programs
from programs import expect, until

conflict = importlib.import_module("06-conflict")

OFFICES = 15
CATALOGUE = "tests/data/catalogue/ctdc"


def split(rig, path):
    """The rows dealt out to OFFICES files, each with the header."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    paths = [rig.path(f"part{i}.csv") for i in range(OFFICES)]
    for i, part in enumerate(paths):
        with open(part, "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([rows[0]] + rows[1 + i::OFFICES])
    return paths, len(rows) - 1


def figures(hub, column):
    rows = hub.ask("indicators", "show", column)["figures"]
    return {row[column]: row["value"] for row in rows}


def test(rig):
    data = os.path.join(os.environ["TIP_SHARED_DATA"], "ctdc")
    parts, total = split(rig, os.path.join(data, "CTDC_VPsynthetic_condensed.csv"))
    hub = rig.hub()
    conflict.publish(rig, hub, CATALOGUE)
    mapping = os.path.join(conflict.ROOT, CATALOGUE, "import.csv")
    nodes = [rig.enrolled(hub, 2 + i) for i in range(OFFICES)]
    for node, part in zip(nodes, parts):
        conflict.has_catalogue(node)
        answer = node.ask("import", part, "--map", mapping)
        expect(answer["refused"] == 0, f"{answer}")
    for node in nodes:
        node.run("sync", "--wait", "--for", "120 s")
    want = {}
    with open(os.path.join(data, "CTDC_VPsynthetic_frequencies.csv"),
              encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            want.setdefault(row["column"], {})[row["value"]] = int(row["count"])
    until("every record is in the figures", lambda: figures(
        hub, next(iter(want))).get("(all)") == total)
    for column, values in want.items():
        got = figures(hub, column)
        expect(got == values, f"{column}: {got}, CTDC has {values}")
    expect(hub.ask("indicators", "verify")["agree"], "a recount must agree")
    before = figures(hub, next(iter(want)))
    expect(hub.ask("indicators", "recount")["differing_cells"] == 0, "nothing was wrong")
    expect(figures(hub, next(iter(want))) == before, "a recount that changes nothing")
    compared = sum(len(values) for values in want.values())
    print(f"{total} records of {OFFICES} offices; {compared} rows of CTDC's table equal ours")


if __name__ == "__main__":
    if "TIP_SHARED_DATA" not in os.environ:
        print("skipped: TIP_SHARED_DATA does not say where the data is")
        sys.exit(77)
    programs.main(test)
