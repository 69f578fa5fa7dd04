#!/usr/bin/env python3
"""Goal: a hub restored from an old backup has all again that any office was told.

It works, is backed up, works on with three offices and loses its disk. One office
stays away when the others come back; a copy put back without saying so is
noticed on both sides.
"""
import os
import shutil

import programs
from programs import expect, until


def save(rig, node, count):
    """Save records at a node that runs, and wait until the hub has decided them."""
    node.kill()
    saved = rig.scribe(node, count)
    node.start()
    return saved


def synced(node):
    node.run("sync", "--wait", "--for", "60 s")


def agreed(hub, nodes, saved):
    """Every office holds what the hub does, and nothing of it is missing."""
    def equal():
        rows = {row["office"]: row for row in hub.ask("nodes")["nodes"]}
        return all(node.status()["digest"] == "equal" and
                   node.status()["decided"] == saved[office] and
                   rows[office]["received"] == saved[office]
                   for office, node in nodes.items())
    until("all agree again", equal)
    for office, node in nodes.items():
        expect(node.status()["held"] == saved[office],
               f"{office}: {node.status()['held']} of {saved[office]} held")


def a_stick_is_not_enough(hub, node, stick):
    """The office that is not back has to connect; whoever handles its stick reads it."""
    path = os.path.join(node.dir, "node.conf")
    with open(path, encoding="utf-8") as file:
        line = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(line.replace("[sync]", "[sync]\nhub = 127.0.0.1:9"))
    node.start()
    node.run("bundle", "export", "--all", "--to", stick)
    done = hub.run("bundle", "import", stick, code=3)
    expect("connect once" in done.stderr, f"{done}")
    done = hub.run("bundle", "export", "--office", "9", "--to", stick, code=3)
    expect("connect once" in done.stderr, f"{done}")
    node.refused("TIP_EBUNDLE_RESTORED", "bundle", "import", stick)
    status = node.status()
    expect(any("was put back" in note["text"] for note in status["notes"]), f"{status}")
    done = hub.run("nodes", code=3)
    expect("connect once" in done.stderr, f"{done}")
    node.stop()
    with open(path, "w", encoding="utf-8") as file:
        file.write(line)


def test(rig):
    hub = rig.hub()
    nodes = {office: rig.enrolled(hub, office) for office in (8, 9, 10)}
    saved = {office: save(rig, node, 30) for office, node in nodes.items()}
    for node in nodes.values():
        synced(node)
    backup = rig.path("hub.backup")
    hub.ask("backup", "create", backup)
    with open(os.path.join(hub.dir, "vault.key"), "rb") as file:
        key = file.read()
    with open(os.path.join(hub.dir, "hub.conf"), encoding="utf-8") as file:
        conf = file.read()
    for office, node in nodes.items():
        saved[office] = save(rig, node, 40)
        synced(node)
    agreed(hub, nodes, saved)
    commits = hub.status()["commits"]
    hub.kill()
    for node in nodes.values():
        node.kill()

    shutil.rmtree(hub.dir)
    hub.refused("TIP_ECREDENTIAL", "backup", "restore", backup)
    with open(os.path.join(hub.dir, "vault.key"), "wb",
              opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        file.write(key)
    hub.ask("backup", "restore", backup)
    with open(os.path.join(hub.dir, "hub.conf"), "w", encoding="utf-8") as file:
        file.write(conf)
    hub.start()
    status = hub.status()
    expect(status["recovering"] and status["missing"] == 3, f"{status}")

    # Two come back, with new work; nothing is merged before all have.
    nodes[10].start()
    saved[8] = rig.scribe(nodes[8], 5)
    nodes[8].start()
    until("two are back", lambda: hub.status()["missing"] == 1)
    row = [one for one in hub.ask("nodes")["nodes"] if one["office"] == 9][0]
    expect(row["state"] == "not yet back", f"{row}")
    expect(row["lag"] is None, f"numbers begin anew, so nobody knows: {row}")
    expect(hub.status()["recovering"], "it did not wait")
    stick = rig.path("stick")
    expect("takes back" in hub.run("bundle", "export", "--office", "9", "--to", stick,
                                   code=3).stderr, "no stick is filled meanwhile")
    hub.kill()
    hub.start()
    hub.ask("recovery", "finish")
    expect(not hub.status()["recovering"], "it goes on waiting")
    agreed(hub, {office: nodes[office] for office in (8, 10)}, saved)
    a_stick_is_not_enough(hub, nodes[9], stick)
    saved[10] = save(rig, nodes[10], 3)
    synced(nodes[10])

    # The one that stayed away loses nothing either.
    nodes[9].start()
    until("the last is back", lambda: hub.status()["missing"] == 0)
    agreed(hub, nodes, saved)
    hub.run("bundle", "export", "--office", "9", "--to", stick)
    status = hub.status()
    expect(status["generation"] > 1, f"generation {status['generation']}")
    expect(commits > 0, "nothing was ever committed")
    hub.refused("TIP_ENOT_RECOVERING", "recovery", "finish")
    said = hub.run("recovery", "finish", code=5).stderr
    expect("was finished" in said and "never" not in said, said)
    expect(hub.ask("recovery", "show")["finished"], "when is not shown")

    # A folder put back by hand, which nobody told the hub.
    for node in nodes.values():
        node.kill()
    hub.stop()
    copy = rig.path("copy")
    shutil.copytree(hub.dir, copy, ignore=shutil.ignore_patterns("*.sock"))
    hub.start()
    nodes[8].start()
    saved[8] = save(rig, nodes[8], 4)
    synced(nodes[8])
    nodes[8].kill()
    hub.stop()
    shutil.rmtree(hub.dir)
    shutil.copytree(copy, hub.dir)
    hub.start()
    nodes[8].start()
    until("the office says it", lambda: "recovery begin" in str(
        nodes[8].ask("status").get("notes", "")) or
        "recovery begin" in nodes[8].run("status", code=(0, 3)).stderr)
    until("so does the hub", lambda: "recovery begin" in hub.run(
        "status", code=(0, 3)).stderr)
    hub.ask("recovery", "begin")
    for office in (9, 10):
        nodes[office].start()
    nodes[8].kill()
    nodes[8].start()
    until("all are back", lambda: not hub.status()["recovering"])
    agreed(hub, nodes, saved)
    for node in nodes.values():
        node.stop()
        node.run("verify")
    hub.stop()
    hub.run("verify")


programs.main(test)
