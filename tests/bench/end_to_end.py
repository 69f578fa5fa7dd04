#!/usr/bin/env python3
"""Goal: how fast are the real programs, all together, on this machine?

    tests/bench/end_to_end.py TIPNODE TIPHUB [OFFICES [RECORDS_PER_OFFICE]]

A hub and its offices on loopback, every acknowledgement after an fsync:
  first-load  records saved while the hub was away, from its start until the
              last office knows that it has everything; figures recounted
  save        one edit through the command line, durable when it answers
  idle        memory of a node with its child, without mapped files

Beside it, where it is installed, PostgreSQL logical replication under the same
load (postgres.sh). One line per figure.
"""
import os
import random
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "integration"))
import programs  # noqa: E402

CATALOGUE = os.path.join(HERE, "..", "..", "common", "catalogue", "national")
CHOICES = {"source": ["police", "ngo", "hotline"], "status": ["open"],
           "vector": ["labour", "sex", "forced_begging"],
           "sector": ["domestic", "herding", "fishing"], "tacheron": ["yes", "no"],
           "law": ["l2015_031", "l2020_017"], "wilaya": None,
           "cross_border": ["yes"], "risk": ["low", "medium", "high"],
           "best_interest": ["yes", "no", "unknown"],
           "settlement_reported": ["yes", "no"]}
SAVES = 200


def codes():
    """Fill in the codes the catalogue has, by list."""
    import csv
    lists, kinds = {}, {}
    with open(os.path.join(CATALOGUE, "choices.csv"), encoding="utf-8") as file:
        for row in csv.DictReader(file):
            lists.setdefault(row["list_name"], []).append(row["name"])
    group = None
    with open(os.path.join(CATALOGUE, "survey.csv"), encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["type"] == "begin group" and row["number"]:
                group = row["name"]
            elif row["type"].startswith("select_one ") and group == "case":
                kinds[row["name"]] = lists[row["type"].split()[1]]
    return kinds


def write_rows(path, office, count, kinds):
    draw = random.Random(office)
    columns = ["case_no", "opened_on", "began", "origin_country",
               "destination_country", *CHOICES]
    with open(path, "w", encoding="utf-8") as file:
        file.write(",".join(columns) + "\n")
        for i in range(count):
            row = [f"MR{office:02}-2026-{i:05}", f"2026-{draw.randint(1, 9):02}-"
                   f"{draw.randint(1, 28):02}", f"202{draw.randint(1, 5)}-03-01",
                   draw.choice(kinds["origin_country"]),
                   draw.choice(kinds["destination_country"])]
            for name, values in CHOICES.items():
                known = kinds.get(name)
                usable = [v for v in values or known if known is None or v in known]
                row.append(draw.choice(usable or known))
            file.write(",".join(row) + "\n")


def memory_kb(pids):
    """Private memory, as the kernel counts it: no mapped file pages."""
    total = 0
    for pid in pids:
        with open(f"/proc/{pid}/status", encoding="ascii") as file:
            for line in file:
                if line.startswith("RssAnon:"):
                    total += int(line.split()[1])
    return total


def cpu_s(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        words = file.read().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def first_load(rig, hub, nodes, count, kinds):
    for office, node in enumerate(nodes):
        path = rig.path(f"rows{office}.csv")
        write_rows(path, office, count, kinds)
        answer = node.ask("import", path, "--type", "case")
        programs.expect(answer["refused"] == 0, f"{answer}")
    before = [node.status().get("sent_bytes", 0) for node in nodes]
    start = time.monotonic()
    hub.start()
    for node in nodes:
        node.run("sync", "--wait", "--for", "10 min", timeout=700)
    took = time.monotonic() - start
    programs.expect(hub.ask("indicators", "verify")["agree"], "recount")
    total = count * len(nodes)
    sent = sum(node.status().get("sent_bytes", 0) - b for node, b in zip(nodes, before))
    print(f"first-load {total / took:9.0f} records/s {sent / total:6.1f} B each, "
          f"hub {cpu_s(hub.process.pid):5.1f} s of CPU, "
          f"{memory_kb([hub.process.pid, *hub.children()])} KiB")


def saves(node):
    record = node.ask("record", "list", "case", "--limit", "1")["records"][0]["id"]
    times = []
    for i in range(SAVES):
        start = time.monotonic()
        node.run("record", "edit", record, f"risk={('low', 'high')[i % 2]}")
        times.append(time.monotonic() - start)
    times.sort()
    print(f"save       {1000 * times[len(times) // 2]:9.1f} ms median, "
          f"{1000 * times[int(len(times) * 0.99)]:.1f} ms p99, with the start of a process")


def bench(rig, offices, count):
    kinds = codes()
    hub = rig.hub()
    pack = rig.path("catalogue.pack")
    hub.run("catalogue", "check", CATALOGUE, "--pack", pack)
    hub.run("catalogue", "publish", pack)
    nodes = [rig.enrolled(hub, 2 + i) for i in range(offices)]
    for node in nodes:
        programs.until("the catalogue has arrived",
                       lambda n=node: n.status().get("catalogue"))
    hub.stop()
    first_load(rig, hub, nodes, count, kinds)
    saves(nodes[0])
    pids = [nodes[0].process.pid, *nodes[0].children()]
    print(f"idle       {memory_kb(pids):9} KiB private, a node of {count} records "
          "and its child")


def main():
    binaries, numbers = sys.argv[1:3], [int(word) for word in sys.argv[3:]]
    offices, count = (numbers + [15, 20000][len(numbers):])[:2]
    sys.stdout.reconfigure(line_buffering=True)
    with programs.Rig([sys.argv[0], *binaries, "no scribe"]) as rig:
        bench(rig, offices, count)
    subprocess.run([os.path.join(HERE, "postgres.sh"), str(offices), str(count)],
                   check=False)


if __name__ == "__main__":
    main()
