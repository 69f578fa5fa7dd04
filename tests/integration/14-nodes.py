#!/usr/bin/env python3
"""Goal: whatever is wrong with an office, `tiphub nodes` says it in words a
person can act on, and exits with 3; when it is well again it says that, and
when it was not.

One office is killed, one has a clock a day off, one never called, one was
invited, one is only expected.
"""
import os
import re
import subprocess

import programs
from programs import expect, until

WELL, DEAD, SKEWED, MUTE, INVITED, EXPECTED = 8, 9, 10, 12, 13, 14
HEALTH = """[health]
expected = 14 Tagant
clock = 10 min
"""


def row(hub, office):
    return next(row for row in hub.ask("nodes")["nodes"] if row["office"] == office)


def warnings(hub, *words):
    return [note["text"] for note in hub.ask(*words).get("notes", [])
            if note["level"] == "warning"]


def says(hub, office, words):
    text = " ".join(warnings(hub, "nodes", str(office)))
    expect(words in text, f"office {office}: {words!r} is not in {text!r}")


def shown(hub, columns):
    """What people see at a terminal of that width."""
    done = subprocess.run([hub.binary, "nodes", "--dir", hub.dir], text=True,
                          capture_output=True, check=False,
                          env={**os.environ, "COLUMNS": str(columns)})
    expect(done.returncode == 3, f"exit {done.returncode} of a country not well")
    return done.stdout.splitlines()


def skew(rig, node, seconds):
    library = os.path.join(os.path.dirname(rig.scribe_binary), "..", "support",
                           "libskewed_clock.so")
    os.environ.update(LD_PRELOAD=library, TIP_SKEW_S=str(seconds))
    try:
        node.start()
    finally:
        del os.environ["LD_PRELOAD"], os.environ["TIP_SKEW_S"]
    programs.connected(node)


def a_monitor_reads_the_same(hub):
    """Every line is one of Prometheus's, and no name of anybody is in it."""
    text = hub.run("metrics").stdout
    line = re.compile(r'tip_[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")?\})? -?[0-9]+(\.[0-9]{3})?')
    told = [said for said in text.splitlines() if not said.startswith("#")]
    wrong = [said for said in told if not line.fullmatch(said)]
    expect(wrong == [] and len(told) == len({said.split()[0] for said in told}), f"{wrong}")
    for said in (f'tip_hub_node_connected{{office="{WELL}"}} 1',
                 f'tip_hub_node_connected{{office="{DEAD}"}} 0',
                 f'tip_hub_node_ail{{office="{DEAD}",ail="silent"}} 1',
                 f'tip_hub_node_ail{{office="{MUTE}",ail="never seen"}} 1'):
        expect(said in told, f"{said} is not in {text}")
    offset = next(float(said.split()[1]) for said in told
                  if said.startswith(f'tip_hub_node_clock_offset_seconds{{office="{SKEWED}"'))
    expect(abs(offset + 86400) < 60, f"a day off, in seconds: {offset}")
    expect("Tagant" not in text, "offices have numbers alone")


def test(rig):
    hub = rig.hub()
    hub.stop()
    with open(os.path.join(hub.dir, "hub.conf"), "a", encoding="utf-8") as file:
        file.write("silent = 2 s\n".join(["[link]\n", ""]) + HEALTH)
    hub.start()
    well, dead = rig.enrolled(hub, WELL), rig.enrolled(hub, DEAD)
    skewed, mute = rig.node("skewed"), rig.node("mute")
    rig.enrol(hub, skewed, SKEWED)
    rig.enrol(hub, mute, MUTE)
    skew(rig, skewed, -86400)
    rig.invite(hub, INVITED)

    dead.kill()
    until("the killed one is silent", lambda: row(hub, DEAD)["state"] == "silent")
    says(hub, DEAD, "phone the office")
    says(hub, SKEWED, "has another time than the hub")
    off = row(hub, SKEWED)["clock_offset_ms"]
    expect(abs(off + 86400000) < 60000, f"a day off: {off}")
    says(hub, MUTE, "was enrolled and never called")
    says(hub, INVITED, "has no device yet")
    says(hub, EXPECTED, "has no device yet")
    expect(row(hub, EXPECTED)["name"] == "Tagant", "an office that is only expected has a row")
    expect(row(hub, WELL)["is_degraded"] is False, "the others are well")
    hub.run("nodes", str(WELL), code=0)
    hub.run("nodes", str(DEAD), code=3)
    a_monitor_reads_the_same(hub)
    hub.refused("TIP_EOFFICE", "nodes", "99")
    expect(hub.ask("nodes", "Tagant", code=3)["office"] == EXPECTED, "its name does as well")
    hub.refused("TIP_EOFFICE", "nodes", "Tagantt")

    summary = hub.ask("nodes")["summary"]
    expect(summary.startswith("3 of 6 offices up to date within 24 h"), summary)
    expect("; silent: Office 9" in summary and "; never seen: Office 12" in summary, summary)
    for width in (80, 200):
        lines = shown(hub, width)
        expect(all(len(line) <= width for line in lines[2:]), f"fits {width}: {lines}")
        expect([line.split()[1] for line in lines[3:]] == ["8", "9", "10", "12", "13", "14"],
               f"a row for each: {lines}")
    expect("DIGEST" in shown(hub, 200)[2] and "DIGEST" not in shown(hub, 80)[2],
           "a wide terminal shows more")

    until("since when is remembered", lambda: hub.ask("nodes", str(DEAD))["history"][0][
        "was"] == "silent")
    hub.kill()
    hub.start()
    dead.start()
    until("it came back, and that is remembered", lambda: [
        change["was"] for change in hub.ask("nodes", str(DEAD))["history"]][:2] == [
            "well", "silent"])
    until("a kill counts as a power cut", lambda: row(hub, DEAD)["power_cuts_day"] == 1)
    until("a good line is asked once a minute", lambda: well.status()["heartbeat_ms"] == 60000)
    expect(well.status()["session"] in ("connected", "greeting", "offline"), "still there")


if __name__ == "__main__":
    programs.main(test)
