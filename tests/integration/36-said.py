#!/usr/bin/env python3
"""Goal: what the hub shows of an office is what the office would say now, and
what it said last when it is away: in a session that has lasted long, and after
the hub alone was started again.

A node makes a backup while it is connected. It goes away in the middle of its
work, and the hub is stopped, and killed. Its line is so slow that its work takes
many times longer than to see that some of it came.
"""
import datetime

import programs
from programs import expect, until

NEMA, CASES = 8, 8000
RATE_BPS, RTT_MS = 128000, 20
AS_SAID = ["waits", "waiting", "newest_there", "received", "records_there", "catalogue", "version",
           "clock_offset_ms", "disk_used_bytes", "disk_limit_bytes", "last_backup", "last_scrub",
           "power_cuts_day", "digest", "lag", "checkpoint", "trouble", "note", "waiting_bytes"]


def row(hub):
    return next(row for row in hub.ask("nodes")["nodes"] if row["office"] == NEMA)


def backup_is_seen(rig, hub, nema):
    expect(row(hub)["last_backup"] is None, "none was made")
    connections = row(hub)["connections"]
    nema.run("backup", "create", rig.path("nema.backup"))
    until("the hub knows of the backup", lambda: row(hub)["last_backup"] is not None)
    expect(row(hub)["last_backup"] == nema.status()["backed_up"], f"{row(hub)}")
    expect(row(hub)["connections"] == connections, "in the session there was")


def goes_away_in_its_work(rig, hub, nema):
    nema.stop()
    rig.scribe(nema, CASES)
    nema.start()
    until("some of it came", lambda: row(hub)["received"] > 0)
    nema.kill()
    until("it is away", lambda: row(hub)["state"] == "away")
    expect(row(hub)["waiting"] > 0 and row(hub)["waits"].startswith("≥"), f"{row(hub)}")


def heard_s(row_of):
    return datetime.datetime.fromisoformat(row_of["last_heard"]).timestamp()


def a_restart_changes_nothing(hub, end):
    before, summary = row(hub), hub.ask("nodes")["summary"]
    end()
    hub.start()
    after = row(hub)
    for key in AS_SAID:
        expect(after[key] == before[key], f"{key} was {before[key]}, is {after[key]}")
    # When it was heard is written with whatever is written next.
    expect(0 <= heard_s(before) - heard_s(after) < 60, "when it was heard")
    expect(summary.startswith("0 of 1 offices"), summary)
    expect(hub.ask("nodes")["summary"] == summary, "the country is as it was")
    expect(after["last_said_ms"] >= before["last_said_ms"], "its age goes on")


def test(rig):
    hub = rig.hub()
    nema = rig.node("nema")
    rig.enrol(hub, nema, NEMA)
    rig.behind(rig.line(hub, rate_bps=RATE_BPS, rtt_ms=RTT_MS), nema)
    nema.start()
    programs.connected(nema)
    backup_is_seen(rig, hub, nema)
    goes_away_in_its_work(rig, hub, nema)
    a_restart_changes_nothing(hub, hub.stop)
    a_restart_changes_nothing(hub, hub.kill)


if __name__ == "__main__":
    programs.main(test)
