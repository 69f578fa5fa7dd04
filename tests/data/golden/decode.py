#!/usr/bin/env python3
"""Goal: read bodies of format 0 without a line of the C code.

    decode.py --check        every <name>.plain here says what <name>.json says
    decode.py <name>.plain   print what it says

Written from proto/README.md alone. Needs nothing but Python.
"""
import glob
import json
import os
import sys

EPOCH_MS = 1704067200000
NUMBER_BITS, GENERATION_BITS = 44, 20
DAY_MS = 24 * 60 * 60 * 1000

FIELDS = {1: "stamps", 2: "base_generation", 3: "base_number", 4: "authors",
          5: "names", 6: "types", 7: "births", 8: "id_times", 9: "columns",
          10: "numbers", 11: "lengths", 12: "text", 13: "reasons",
          14: "reason_indexes", 15: "record_counts", 16: "ticks", 17: "bases",
          18: "base_generations", 19: "author_indexes", 20: "birth_generations",
          21: "birth_indexes", 22: "record_ids", 23: "shapes",
          24: "part_shapes", 25: "elements", 26: "more_sets", 27: "needs",
          40: "item_count", 41: "item_kinds", 42: "origins",
          43: "origin_indexes", 44: "seqs", 45: "commits",
          46: "commit_generations", 47: "verdicts", 48: "echo_counts",
          49: "checkpoint", 50: "states", 51: "rulings",
          52: "controls", 53: "gone"}


class Run:
    """Bytes read from the front."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def left(self):
        return len(self.data) - self.at

    def take(self, size):
        if size > self.left():
            raise ValueError("cut short")
        self.at += size
        return self.data[self.at - size:self.at]

    def varint(self):
        value, shift = 0, 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value & (1 << 64) - 1


def unzigzag(number):
    return number >> 1 ^ -(number & 1)


class Body:
    """The columns of a body; one that was left out reads as zeros."""

    def __init__(self, data):
        run = Run(data)
        ids, opaque = run.varint(), run.varint()
        self.tails, self.opaque = Run(run.take(10 * ids)), Run(run.take(opaque))
        self.fields = {}
        while run.left():
            tag = run.varint()
            value = run.take(run.varint()) if tag & 7 == 2 else run.varint()
            self.fields[FIELDS[tag >> 3]] = value
        self.runs = {name: Run(value) for name, value in self.fields.items()
                     if isinstance(value, bytes)}
        self.ids = []

    def scalar(self, name):
        return self.fields.get(name, 0)

    def run(self, name):
        return self.runs.setdefault(name, Run(b""))

    def number(self, name):
        return self.runs[name].varint() if name in self.fields else 0

    def signed(self, name):
        return unzigzag(self.number(name))

    def table(self, name):
        run, texts = self.run(name), []
        while run.left():
            texts.append(run.take(run.varint()).hex())
        return texts

    def id(self, back, stamp):
        if back == 0:
            ms = self.signed("id_times") + (stamp >> 20) + EPOCH_MS
            self.ids.append((ms.to_bytes(6, "big") + self.tails.take(10)).hex())
            return self.ids[-1]
        return self.ids[-back]


def read_columns(body):
    columns, field, run = [], 0, body.run("columns")
    while run.left():
        start = run.varint()
        field += unzigzag(start >> 5)
        columns.append((field, start >> 1 & 15, start & 1))
    return columns


def read_shapes(body, columns):
    if "shapes" not in body.fields:
        return [[i] for i in range(len(columns))]
    shapes, run = [], body.run("shapes")
    while run.left():
        expected, shape = 0, []
        for _ in range(run.varint()):
            step = expected + unzigzag(run.varint())
            shape.append(step)
            expected = step + 1
        shapes.append(shape)
    return shapes


def read_value(body, kind, stamp):
    if kind in (0, 9):
        return None
    if kind in (1, 5):
        return body.number("numbers")
    if kind == 2:
        return body.signed("numbers")
    if kind == 3:
        packed = body.number("numbers")
        day = ((stamp >> 20) + EPOCH_MS) // DAY_MS
        return [day + unzigzag(packed >> 2), packed & 3]
    if kind == 4:
        return [body.signed("numbers"), body.number("numbers")]
    if kind == 6:
        return body.run("text").take(body.number("lengths")).hex()
    if kind == 7:
        return body.id(body.number("numbers"), stamp)
    if kind == 8:
        return body.opaque.take(body.number("lengths")).hex()
    raise ValueError("a kind of a later version")


def read_stamps(body, sets):
    ms, tick = 0, -1
    for each in sets:
        step = body.signed("stamps")
        tick = body.signed("ticks") + (tick + 1 if step == 0 else 0)
        ms += step
        each["stamp"] = ms << 20 | tick


def read_records(body, sets, commits):
    kind = 0
    for each, commit in zip(sets, commits):
        each["records"] = []
        for _ in range(body.number("record_counts") + 1):
            name, record = body.number("names"), {
                "type": 0, "id": None, "birth": [0, 0], "index": 0}
            if name != 0:
                record["id"] = body.id(body.number("record_ids"), each["stamp"])
                kind += body.signed("types")
                record["type"] = kind
            if name != 1:
                near = commit if name == 2 else each["base"]
                record["birth"] = [
                    (near[0] - body.number("birth_generations")) % (1 << GENERATION_BITS),
                    (near[1] - body.number("births")) % (1 << NUMBER_BITS)]
                record["index"] = body.number("birth_indexes")
            each["records"].append(record)


def read_changes(body, sets):
    columns = read_columns(body)
    shapes = read_shapes(body, columns)
    places = [[] for _ in columns]
    for each in sets:
        each["changes"] = []
        for record in range(len(each["records"])):
            for step in shapes[body.number("part_shapes")]:
                change = [record, columns[step][0], 0, columns[step][1], None]
                each["changes"].append(change)
                places[step].append((change, each["stamp"]))
    for (_, kind, has_element), changes in zip(columns, places):
        for change, stamp in changes:
            if has_element:
                change[2] = body.number("elements")
            change[4] = read_value(body, kind, stamp)


def read_sets(body, sets, commits):
    read_stamps(body, sets)
    base = [body.scalar("base_generation"), body.scalar("base_number")]
    for each in sets:
        base = [base[0] + body.signed("base_generations"),
                base[1] + body.signed("bases")]
        each["base"] = base
    authors, reasons = body.table("authors"), [""] + body.table("reasons")
    for each in sets:
        each["author"] = authors[body.number("author_indexes")]
        each["reason"] = reasons[body.number("reason_indexes")]
    read_records(body, sets, commits)
    read_changes(body, sets)
    for name, run in body.runs.items():
        if run.left():
            raise ValueError(f"{name} has bytes left")


def read_up(body):
    # Origin, office and first seq of the golden bodies, as test_wire_golden.c.
    sets = [{"origin": 212, "office": 7, "seq": 20000 + i}
            for i in range(body.scalar("more_sets") + 1)]
    read_sets(body, sets, [None] * len(sets))
    return {"sets": sets}


def read_checkpoint(body):
    if "checkpoint" not in body.fields:
        return None
    run, decided = body.run("checkpoint"), []
    commit, control = [run.varint(), run.varint()], run.varint()
    for _ in range(run.varint()):
        origin, bound, held, last = run.varint(), run.varint(), [], 0
        for _ in range(run.varint()):
            first, more, reason = last + run.varint(), run.varint(), run.varint()
            held.append([first, more + 1, reason])
            last = first + more
        decided.append([origin, bound, held, run.varint()])
    digest = run.take(16).hex() if run.left() else None
    return {"commit": commit, "control": control, "decided": decided,
            "digest": digest}


def read_down(body):
    origins, run = [], body.run("origins")
    while run.left():
        origins.append([run.varint(), run.varint(), 0])
    items, sets, commits, commit = [], [], [], [0, 0]
    for _ in range(body.scalar("item_count")):
        kind = body.number("item_kinds")
        if kind in (2, 4):
            name = "state" if kind == 2 else "control"
            run = body.run(name + "s")
            part = [run.varint(), run.varint()] if kind == 2 else []
            said = run.take(run.varint()).hex()
            part = part + [said] if kind == 2 else said
            at = [commit[0] + body.signed("commit_generations"),
                  commit[1] + body.signed("commits")]
            commit = [at[0], at[1] + 1]
            items.append({name: part, "commit": at})
            continue
        if kind == 3:
            run = body.run("rulings")
            ruling = [run.varint() for _ in range(5)]
            ruling += [[run.varint(), run.varint()], run.varint(),
                       run.take(run.varint()).hex(),
                       run.take(run.varint()).hex()]
            at = [commit[0] + body.signed("commit_generations"),
                  commit[1] + body.signed("commits")]
            commit = [at[0], at[1] + 1]
            items.append({"ruling": ruling, "commit": at,
                          "verdict": body.number("verdicts")})
            continue
        if kind == 5:
            run = body.run("states")
            roll = [run.varint(), run.varint(), run.take(32).hex()]
            at = [commit[0] + body.signed("commit_generations"),
                  commit[1] + body.signed("commits")]
            commit = [at[0], at[1] + 1]
            items.append({"roll": roll, "commit": at})
            continue
        origin = origins[body.number("origin_indexes")]
        seq = (origin[2] + body.signed("seqs")) % (1 << 64)
        count = body.number("echo_counts") + 1 if kind == 1 else 1
        at = [commit[0] + body.signed("commit_generations"),
              commit[1] + body.signed("commits")]
        origin[2], commit = seq + count, [at[0], at[1] + count]
        item = {"commit": at, "verdict": body.number("verdicts")}
        if kind == 1:
            item["echo"] = [origin[0], seq, count]
        else:
            item["set"] = {"origin": origin[0], "office": origin[1], "seq": seq}
            sets.append(item["set"])
            commits.append(at)
        items.append(item)
    checkpoint, gone = read_checkpoint(body), body.run("gone")
    gone = gone.take(gone.left()).hex()
    read_sets(body, sets, commits)
    return {"items": items, "checkpoint": checkpoint, "gone": gone}


def read(path):
    with open(path, "rb") as file:
        body = Body(file.read())
    is_down = os.path.basename(path).startswith("down")
    return read_down(body) if is_down else read_up(body)


def check():
    folder = os.path.dirname(os.path.abspath(__file__))
    paths = sorted(glob.glob(os.path.join(folder, "*.plain")))
    different = 0
    for path in paths:
        with open(path[:-len("plain")] + "json", encoding="ascii") as file:
            if read(path) != json.load(file):
                print(f"{os.path.basename(path)}: says something else here.")
                different += 1
    print(f"{len(paths)} bodies read, {different} differ.")
    return 1 if different or not paths else 0


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        sys.exit(check())
    print(json.dumps(read(sys.argv[1]), indent=1))
