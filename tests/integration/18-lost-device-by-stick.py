#!/usr/bin/env python3
"""Goal: an office without any link gets another device, and is repaired, by sticks alone.

The new device's node is killed while it reads the stick. It reads it again, shows
all cases, writes at once. Later its disk rots: its next stick to the hub says so,
and the hub's next stick brings what was lost. In the end both agree.
"""
import importlib
import os
import subprocess
import time

import programs
from programs import expect, until

conflict = importlib.import_module("06-conflict")
lost = importlib.import_module("17-lost-device")
share = importlib.import_module("11-share")
OFFICE = lost.OFFICE


def without_link(node):
    with open(os.path.join(node.dir, "node.conf"), "a", encoding="utf-8") as file:
        file.write("[sync]\nhub = 127.0.0.1:9\n")


def up(rig, hub, node):
    path = rig.path("up")
    node.run("bundle", "export", "--to", path)
    hub.run("bundle", "import", path)
    os.unlink(path)


def down(rig, hub, *words):
    path = rig.path("down")
    if os.path.exists(path):
        os.unlink(path)
    hub.run("bundle", "export", "--office", str(OFFICE), "--to", path, *words)
    return path


def read_and_die(node, path):
    """Killed somewhere in the middle of reading."""
    with subprocess.Popen([node.binary, "bundle", "import", path, "--dir", node.dir],
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as reading:
        time.sleep(0.05)
        node.kill()
        reading.wait()
    node.start()


def test(rig):
    hub = rig.hub()
    conflict.publish(rig, hub, "common/catalogue/national")
    old = rig.enrolled(hub, OFFICE)
    conflict.has_catalogue(old)
    lost.fill(rig, old)
    known = lost.cases(hub)
    stick = lost.lose(rig, hub, old, known)
    hub.run("enrol", "retire", str(OFFICE))

    node = rig.node("next")
    rig.enrol(hub, node, OFFICE)
    without_link(node)
    node.start()
    path = down(rig, hub)
    read_and_die(node, path)
    node.run("bundle", "import", path)
    expect(node.status()["session"] == "offline", "there is no link")
    expect(node.status()["digest"] == "equal", f"{node.status()}")
    expect(lost.cases(node) == known, "all cases are there")
    lost.add(node, "AT-ONCE")
    hub.run("bundle", "import", stick)
    up(rig, hub, node)
    node.run("bundle", "import", down(rig, hub))
    expect(lost.cases(node) == lost.cases(hub), "what was on the old stick, too")
    expect(share.value(node, known["N-1"], "status") == ["follow_up"], "from the stick")

    node.stop()
    rig.rot(node)
    node.start()
    until("what is wrong is seen", lambda: node.status()["digest"] == "differs")
    up(rig, hub, node)
    expect(lost.row(hub)["digest"] == "differs", f"{lost.row(hub)}")
    node.run("bundle", "import", down(rig, hub))
    expect(node.status()["digest"] == "equal", f"{node.status()}")
    expect(lost.cases(node) == lost.cases(hub), "all is there again")
    up(rig, hub, node)
    said = lost.row(hub)
    expect(said["digest"] == "equal" and said["repair_rounds"] == 0, f"{said}")
    # And with a stick of everything there ever was for this device.
    answer = node.ask("bundle", "import", down(rig, hub, "--all"))
    expect(answer["frames"] == 0 and answer["known"] > 0, f"{answer}")
    for program in (node, hub):
        program.stop()
        program.run("verify")


programs.main(test)
