#!/usr/bin/env python3
"""Goal: a backup made under writes is whole, and restoring one loses nothing that is in it.

A damaged, cut or foreign backup, one that is older than the newest known, a home
in use and a store that would be overwritten are refused, and nothing changes. One
that does not fit on its disk is told, and does not count. Of a store with a value
that does not open there is one with all others, and it says which that is.
"""
import os
import resource
import shutil
import signal
import subprocess
import threading

import programs
from programs import expect

CUTS = 40


def digest_of(path):
    with open(path, "rb") as file:
        return file.read()


def damaged_backups_are_refused(hub, backup, spare):
    """Any flipped byte and any missing end is found before anything changes."""
    whole = digest_of(backup)
    store = os.path.join(hub.dir, "store.mdb")
    before = digest_of(store)
    for i in range(CUTS):
        place = len(whole) * i // CUTS
        flipped = bytearray(whole)
        flipped[place] ^= 1
        for content in (whole[:place], bytes(flipped)):
            with open(spare, "wb") as file:
                file.write(content)
            hub.refused_one_of({"TIP_EBACKUP", "TIP_ESTORE_NEWER", "TIP_ESTORE_DAMAGED"},
                               "backup", "verify", spare)
    with open(spare, "wb") as file:
        file.write(whole + b"\0")
    hub.refused("TIP_EBACKUP", "backup", "verify", spare)
    hub.refused("TIP_EBACKUP", "backup", "restore", "--replace", spare)
    expect(digest_of(store) == before, "a refused backup changed the store")
    os.remove(spare)


def limit_files(size):
    """No file grows beyond @size, as if its disk were full."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def a_backup_that_is_not_whole_is_none(rig, program):
    """On a full disk there is a sentence, no file, and nothing counts as backed up."""
    path = rig.path("short.backup")
    program.run("backup", "create", path)
    size, known = os.path.getsize(path), program.status()["backed_up"]
    os.remove(path)
    for limit in (0, 4096, size // 2, size - 1):
        done = subprocess.run([program.binary, "backup", "create", path, "--dir", program.dir],
                              capture_output=True, text=True, timeout=120, check=False,
                              preexec_fn=lambda n=limit: limit_files(n))
        expect(done.returncode == 1 and done.stdout == "" and path in done.stderr
               and "(TIP_EIO)" in done.stderr, f"{limit} of {size}: {done}")
        expect([name for name in os.listdir(rig.dir) if name.startswith("short")] == [],
               "something was left")
        expect(program.status()["backed_up"] == known, f"{limit} of {size} count as a backup")
    program.refused("TIP_EFOLDER", "backup", "create", rig.dir)
    expect(program.status()["backed_up"] == known, "a folder counts as a backup")


def backup_under_writes(rig, hub):
    """Back up again and again while the daemon writes; each one is whole."""
    made = []
    for i in range(5):
        path = rig.path(f"hub-{i}.backup")
        writer = threading.Thread(target=rig.invite, args=(hub, 20 + i))
        writer.start()
        made.append(hub.ask("backup", "create", path))
        writer.join()
        shown = hub.ask("backup", "verify", path)
        expect(shown["is_proved"] and shown["position"] == made[-1]["position"],
               f"{shown} is not {made[-1]}")
    positions = [one["position"] for one in made]
    expect(positions == sorted(set(positions)), f"{positions} do not rise")


def is_told(hub):
    return "nobody read back" in hub.run("nodes", "8", "--json", code=(0, 3)).stdout


def piped(hub, node):
    """What goes to standard output is read back by nobody, and both say so."""
    done = subprocess.run([node.binary, "backup", "create", "-", "--dir", node.dir],
                          capture_output=True, timeout=120, check=True)
    status = node.status()
    expect(b"TIPBACK0" in done.stdout and status["backed_up"]
           and status["backup_verified"] is None, f"{status}")
    expect(any("nobody read back" in note["text"] for note in status["notes"]), f"{status}")
    programs.until("Nouakchott is told", lambda: is_told(hub))


def entries(backup):
    """Each entry of @backup: its table, and its value as it lies in the store."""
    content, at = digest_of(backup), 12
    while at < len(content):
        end, kind = at + 4 + int.from_bytes(content[at:at + 4], "big"), content[at + 4]
        at += 5
        while kind == 2 and at < end:
            table, at = content[at], at + 17
            size, shift = content[at] & 127, 7
            while content[at] & 128:
                at += 1
                size |= (content[at] & 127) << shift
                shift += 7
            yield table, content[at + 1:at + 1 + size]
            at += 1 + size
        at = end


def what_opens_is_backed_up(rig, node, whole):
    """One value of a store is flipped on the disk; it was sound in @whole."""
    store, path = os.path.join(node.dir, "store.mdb"), rig.path("damaged.backup")
    sealed = next(value for table, value in entries(whole) if table == programs.FRAMES_UP)
    content = digest_of(store)
    expect(sealed in content, "the value is not in the store")
    with open(store, "wb") as file:
        file.write(content.replace(sealed, sealed[:-1] + bytes([sealed[-1] ^ 1])))
    node.start()
    known = node.status()
    node.refused("TIP_ESTORE_DAMAGED", "backup", "create", path)
    expect(not os.path.exists(path) and node.status()["backed_up"] == known["backed_up"],
           "what was refused counts as a backup")
    made = node.ask("backup", "create", "--with-damaged", path, code=3)
    named = made["rotten_first"]
    expect(made["rotten"] == 1 and "frame 1 cannot be read" in named[0]["finding"]
           and not made["is_verified"], f"{made}")
    status = node.status()
    expect(status["backed_up"] != known["backed_up"]
           and status["backup_verified"] == known["backup_verified"], f"{status}")
    expect(node.ask("backup", "show", path, code=3)["may_be_damaged"], "show does not say so")
    expect(node.ask("backup", "verify", path, code=3)["rotten_first"] == named, "nor verify")
    node.stop()
    restored = node.ask("backup", "restore", "--replace", path, code=3)
    expect(restored["rotten"] == 1 and restored["rotten_first"] == named, f"{restored}")
    wrong = node.ask("verify", code=8)
    expect(wrong["damaged"] == 1, f"{wrong}")
    node.start()
    expect(node.status()["backup_verified"] is None, "a damaged backup counts as verified")
    node.stop()


def test(rig):
    hub = rig.hub()
    node = rig.enrolled(hub, 8)
    node.kill()
    saved = rig.scribe(node, 300)
    node.start()
    node.run("sync", "--wait", "--for", "60 s")
    piped(hub, node)
    for program in (hub, node):
        a_backup_that_is_not_whole_is_none(rig, program)
    backup_under_writes(rig, hub)
    old, new = rig.path("hub-0.backup"), rig.path("hub-4.backup")

    hub.refused("TIP_ESTORE_BUSY", "backup", "restore", new)
    hub.stop()
    damaged_backups_are_refused(hub, new, rig.path("spare"))
    hub.refused("TIP_EHOME_TAKEN", "backup", "restore", new)
    hub.refused("TIP_EBACKUP_OLDER", "backup", "restore", "--replace", old)
    node.stop()
    node.refused("TIP_ESTORE_KEY", "backup", "restore", "--replace", new)

    # The disk is lost; the key was kept elsewhere.
    key = digest_of(os.path.join(hub.dir, "vault.key"))
    shutil.rmtree(hub.dir)
    hub.refused("TIP_ECREDENTIAL", "backup", "restore", new)
    with open(os.path.join(hub.dir, "vault.key"), "wb",
              opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        file.write(key)
    restored = hub.ask("backup", "restore", new)
    expect(restored["values"] > saved, f"{restored}")
    hub.run("verify")

    # A second restore over it keeps the first aside and needs a second person
    # for an older one.
    hub.refused("TIP_EHOME_TAKEN", "backup", "restore", new)
    again = hub.ask("backup", "restore", "--replace", "--second-person", "Aminetou", old)
    expect(again["before"] == "store.before-1", f"{again}")
    hub.run("verify")

    # A node's own.
    node.start()
    mine = rig.path("node.backup")
    made = node.ask("backup", "create", mine)
    expect(made["seq"] == saved and made["office"] == 8, f"{made}")
    status = node.status()
    expect(made["is_verified"] and status["backed_up"] == status["backup_verified"] is not None
           and status["restores"] == 0, f"{status}")
    node.stop()

    # Work that never reached the hub is not put aside without a word.
    put_aside = rig.scribe(node, 7) - saved
    expect(put_aside == 7, f"{put_aside} saved since")
    node.refused("TIP_EBACKUP_UNSENT", "backup", "restore", "--replace", mine)
    kept = node.run("verify")
    expect(kept.returncode == 0, "the refusal changed nothing")
    restored = node.ask("backup", "restore", "--replace", "--leave-unsent", mine)
    expect(restored["unsent"] == put_aside
           and any("are nowhere else" in note["text"] for note in restored["notes"]), f"{restored}")
    node.run("verify")
    again = node.ask("backup", "restore", "--replace", mine)
    expect(again["unsent"] == 0, f"what was put back is all at the hub: {again}")

    # Of a store that does not open nobody knows what is in it.
    with open(os.path.join(node.dir, "store.mdb"), "r+b") as file:
        file.write(b"\xff" * 8192)
    blind = node.ask("backup", "restore", "--replace", mine)
    expect(blind["unsent"] is None
           and any("did not open" in note["text"] for note in blind["notes"]), f"{blind}")
    node.run("verify")
    what_opens_is_backed_up(rig, node, mine)


programs.main(test)
