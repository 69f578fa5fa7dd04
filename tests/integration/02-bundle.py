#!/usr/bin/env python3
"""Goal: two sides that never see each other catch up with a stick.

A node saves without a link; bundles go both ways, twice, in pieces, out of
order, altered and cut short; what is not whole changes nothing at all; with the
link back nothing comes twice.
"""
import os
import subprocess

import programs
from programs import expect, until


def feed(hub):
    return hub.ask("nodes")["nodes"][0]["received"]


def export(node, name, *words):
    path = node.rig.path(name)
    node.run("bundle", "export", *words, "--to", path)
    return path


def damaged(rig, path):
    """Every kind of damage a stick does."""
    with open(path, "rb") as file:
        whole = file.read()
    size = len(whole)
    copies = {
        "empty": b"", "start": whole[:20], "half": whole[:size // 2],
        "last-byte": whole[:-1], "more": whole + b"x",
        "magic": b"X" + whole[1:], "id": whole[:10] + b"\0\0" + whole[12:],
        "middle": whole[:size // 2] + bytes([whole[size // 2] ^ 1]) + whole[size // 2 + 1:],
        "end": whole[:-3] + bytes([whole[-3] ^ 1]) + whole[-2:],
    }
    for name, content in copies.items():
        copy = rig.path(name + ".bundle")
        with open(copy, "wb") as file:
            file.write(content)
        yield copy


def upwards(rig, hub, node):
    first, gap = rig.scribe(node, 40), None
    node.start()
    up = export(node, "up1")
    for copy in damaged(rig, up):
        done = hub.run("bundle", "import", copy, "--json", code=(5, 8))
        expect("TIP_EBUNDLE" in done.stdout + done.stderr, f"{copy}: {done}")
        expect(feed(hub) == 0, f"{copy} changed something")
    node.stop()
    expect(rig.scribe(node, 30) == first + 30, "the numbers go on")
    node.start()
    gap = export(node, "up2", "--all")
    answer = hub.ask("bundle", "import", up)
    expect(answer["frames"] > 0 and feed(hub) == first, f"{answer}")
    answer = hub.ask("bundle", "import", gap)
    expect(answer["known"] > 0 and feed(hub) == first + 30, f"{answer}")
    answer = hub.ask("bundle", "import", up)
    expect(answer["frames"] == 0 and feed(hub) == first + 30, f"{answer}")
    row = hub.ask("nodes")["nodes"][0]
    expect(row["state"] == "away" and row["last_heard"], f"heard of by a stick: {row}")
    return first + 30


def downwards(rig, hub, node, saved):
    down = rig.path("down1")
    hub.run("bundle", "export", "--office", "Office 8", "--to", down)
    for copy in damaged(rig, down):
        done = node.run("bundle", "import", copy, "--json", code=(5, 8))
        expect("TIP_EBUNDLE" in done.stdout + done.stderr, f"{copy}: {done}")
        expect(node.status()["confirmed"] == 0, f"{copy} changed something")
    answer = node.ask("bundle", "import", down)
    status = node.status()
    expect(answer["frames"] > 0, f"{answer}")
    expect(status["confirmed"] == saved and status["decided"] == saved, f"{status}")
    expect(status["held"] == saved, f"the hub has no catalogue yet: {status}")
    expect("catalogue" in status["held_changes"][0]["reason"], f"{status}")
    answer = node.ask("bundle", "import", down)
    expect(answer["frames"] == 0 and node.status() ["confirmed"] == saved, f"{answer}")
    return down


def strangers(rig, hub, node, up, down):
    """Bundles that are whole, but not for who gets them."""
    hub.refused("TIP_EBUNDLE_OTHER", "bundle", "import", down)
    node.refused("TIP_EBUNDLE_OTHER", "bundle", "import", up)
    other = rig.node("other")
    rig.enrol(hub, other, 11)
    other.start()
    other.refused("TIP_EBUNDLE_OTHER", "bundle", "import", down)
    other.stop()


def endless(program):
    """A file that is no bundle is refused at its start, however long it is."""
    reader, writer = os.pipe()
    os.write(writer, bytes(60000))  # And it never ends.
    done = subprocess.run([program.binary, "bundle", "import", "-", "--dir", program.dir],
                          stdin=reader, capture_output=True, text=True, timeout=60,
                          check=False)
    expect("TIP_EBUNDLE" in done.stderr, f"{done}")
    os.close(reader)
    os.close(writer)


def test(rig):
    hub = rig.hub()
    node = rig.node("node")
    rig.enrol(hub, node, 8)
    conf = os.path.join(node.dir, "node.conf")
    with open(conf, encoding="utf-8") as file:
        kept = file.read()
    with open(conf, "w", encoding="utf-8") as file:
        file.write(kept.replace("[sync]", "[sync]\nhub = 127.0.0.1:9"))
    saved = upwards(rig, hub, node)
    expect(node.status()["session"] == "offline", "there must be no link here")
    down = downwards(rig, hub, node, saved)
    strangers(rig, hub, node, rig.path("up1"), down)
    for program in (hub, node):
        endless(program)
    node.stop()
    with open(conf, "w", encoding="utf-8") as file:
        file.write(kept)
    saved = rig.scribe(node, 10)
    node.start()
    programs.connected(node)
    node.run("sync", "--wait", "--for", "60 s")
    until("the hub has all of it", lambda: feed(hub) == saved)
    answer = hub.ask("bundle", "import", export(node, "up3", "--all"))
    expect(answer["frames"] == 0, f"had all by the link: {answer}")
    status = node.status()
    expect(status["confirmed"] == saved and status["bad_messages"] == 0, f"{status}")
    row = [row for row in hub.ask("nodes")["nodes"] if row["office"] == 8][0]
    expect(row["waiting"] == 0, f"what came is not waiting any more: {row}")
    held = hub.ask("status")["held_changes"]
    expect(held and held[0]["office"] == 8 and "catalogue" in held[0]["reason"],
           f"the hub says what it holds back and why: {held}")


programs.main(test)
