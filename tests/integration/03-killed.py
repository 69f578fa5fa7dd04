#!/usr/bin/env python3
"""Goal: kill -9 of anything at any moment loses nothing and repeats nothing.

Node, hub and both link children are killed at random moments while work goes
up. A seed is printed; TIP_SEED replays the order of kills. TIP_ROUNDS says how
many (default 200).
"""
import os
import random
import signal
import time

import programs
from programs import expect, until


def kill_link(daemon):
    """Kill its link child; the daemon must start another and stay itself."""
    starts = daemon.status()["link_starts"]
    children = daemon.children()
    for pid in children:
        os.kill(pid, signal.SIGKILL)
    until("the link is started again",
          lambda: not children or daemon.status()["link_starts"] > starts)


def restart(daemon):
    daemon.kill()
    daemon.start()


def disturb(chance, hub, node):
    """One thing goes wrong."""
    what = chance.choice(["node", "hub", "node link", "hub link"])
    time.sleep(chance.random() * 0.3)
    {"node": lambda: restart(node), "hub": lambda: restart(hub),
     "node link": lambda: kill_link(node),
     "hub link": lambda: kill_link(hub)}[what]()
    return what


def test(rig):
    seed = int(os.environ.get("TIP_SEED", random.SystemRandom().randrange(1 << 30)))
    rounds = int(os.environ.get("TIP_ROUNDS", "200"))
    print(f"TIP_SEED={seed} TIP_ROUNDS={rounds}", flush=True)
    chance = random.Random(seed)
    hub = rig.hub()
    node = rig.enrolled(hub, 8)
    saved, done = 0, {}
    for _ in range(rounds):
        node.kill()
        saved = rig.scribe(node, chance.randrange(1, 60))
        node.start()
        what = disturb(chance, hub, node)
        done[what] = done.get(what, 0) + 1
        expect(node.status()["saved"] == saved, "an acknowledged save is gone")
    programs.connected(node)
    node.run("sync", "--wait", "--for", "90 s")
    status, row = node.status(), hub.ask("nodes")["nodes"][0]
    expect(status["confirmed"] == status["decided"] == saved,
           f"confirmed {status['confirmed']}, decided {status['decided']}, saved {saved}")
    expect(row["received"] == saved and row["held"] == saved, f"{row}, saved {saved}")
    expect(status["held"] == saved, f"{status['held']} held, saved {saved}")
    node.stop()
    hub.stop()
    node.run("verify")
    hub.run("verify")
    print(f"{saved} saves, killed: {done}")


programs.main(test)
