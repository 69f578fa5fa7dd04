#!/usr/bin/env python3
"""Goal: bad rows are named by line and column, good ones go in, or none do.

An invalid value is refused with the rule it breaks; what was exported can be
imported; nothing is saved by a dry run.
"""
import importlib
import os

import programs
from programs import expect

conflict = importlib.import_module("06-conflict")

ROWS = """case_no,status,vector,opened_on
A-1,open,labour,2026-11-03
A-2,open,no_such_vector,2026-11-03
A-3,open,labour,2026-13-45
A-4,open,sex,2026-11-05
"""


def count(node):
    return len(node.ask("record", "list", "case")["records"])


def test(rig):
    hub = rig.hub()
    conflict.publish(rig, hub, "common/catalogue/national")
    node = rig.enrolled(hub, 8)
    conflict.has_catalogue(node)
    path = rig.path("cases.csv")
    with open(path, "w", encoding="utf-8") as file:
        file.write(ROWS)
    answer = node.ask("import", path, "--type", "case", "--dry-run", code=1)
    expect(answer["saved"] == 2 and count(node) == 0, f"dry run: {answer}")
    answer = node.ask("import", path, "--type", "case", "--all-or-nothing", code=1)
    expect(count(node) == 0, f"all or nothing: {answer}")
    answer = node.ask("import", path, "--type", "case", code=1)
    expect(answer["saved"] == 2 and answer["refused"] == 2, f"{answer}")
    places = {(row["row"], row["column"]) for row in answer["problems"]}
    expect(places == {(3, "vector"), (4, "opened_on")}, f"{places}")
    expect(count(node) == 2, "the good rows are in")
    rows = node.ask("record", "list", "case")["records"]
    expect(any("case_no=A-1" in row["shown"] for row in rows), f"known by: {rows}")
    rows = node.ask("record", "list", "case", "--show", "vector")["records"]
    expect({row["shown"] for row in rows} == {"vector=labour", "vector=sex"}, f"{rows}")
    node.refused("TIP_EUNKNOWN_FIELD", "record", "list", "case", "--show", "colour")
    node.refused("TIP_EVALUE", "record", "add", "case", "case_no=X", "status=open",
                 "vector=labour", "opened_on=soon")
    node.refused("TIP_EVALUE", "record", "add", "case", "vector=unheard_of")
    node.refused("TIP_EUSAGE", "record", "add", "case", "case_no=A", "case_no=B")
    shown = node.ask("catalogue", "show", "case", "vector")["codes"]
    expect("labour" in [row["code"] for row in shown], f"codes to type: {shown}")
    shown = node.ask("catalogue", "show", "case")["fields"]
    expect("vector" in [row["field"] for row in shown], f"fields to type: {shown}")
    shown = node.ask("catalogue", "show")["record_types"]
    expect("case" in [row["type"] for row in shown], f"types to type: {shown}")
    node.refused("TIP_EUNKNOWN_FIELD", "record", "add", "case", "colour=red")
    many = rig.path("many.csv")
    with open(many, "w", encoding="utf-8") as file:
        file.write("case_no,status,vector,opened_on\n")
        file.writelines(f"H-{i},open,labour,2026-11-03\n" for i in range(3000))
    answer = hub.ask("import", many, "--type", "case", "--office", "11")
    expect(answer["saved"] == 3000, f"the hub names the office to the end: {answer}")
    out = rig.path("out.ndjson")
    node.run("export", "case", "--format", "ndjson", "--to", out)
    expect(os.stat(out).st_mode & 0o777 == 0o600, "an export is private")
    with open(out, encoding="utf-8") as file:
        expect(len(file.read().splitlines()) == 2, "two records")


if __name__ == "__main__":
    programs.main(test)
