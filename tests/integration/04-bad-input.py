#!/usr/bin/env python3
"""Goal: nothing wrong gets in, and each refusal says which.

Mangled, foreign, reused, expired and void invitations; a request that was not
made with its invitation; an approval of somebody else; a missing registrar; a
configuration with an error.
"""
import os

import programs
from programs import expect


def flip(path, out):
    """Alter one letter in the middle of the armour."""
    with open(path, encoding="utf-8") as file:
        lines = file.read().split("\n")
    begin = next(i for i, line in enumerate(lines) if line.startswith("-----BEGIN"))
    line = lines[begin + 2]
    lines[begin + 2] = line[:10] + ("B" if line[10] == "A" else "A") + line[11:]
    with open(out, "w", encoding="utf-8") as file:
        file.write("\n".join(lines))
    return out


def invitations(rig, hub):
    node = rig.node("n1")
    invite, request = rig.invite(hub, 8), rig.path("r")
    node.refused("TIP_EMALFORMED", "enrol", "request", "--invite",
                 flip(invite, rig.path("mangled")))
    node.refused("TIP_ENOTFOUND", "enrol", "request", "--invite", rig.path("none"))
    node.run("enrol", "request", "--invite", invite, "--to", request)
    return node, request


def wrong_requests(rig, hub, request):
    """Five wrong ones and the right one is refused too."""
    wrong = flip(request, rig.path("wrong"))
    for _ in range(4):
        hub.refused("TIP_EINVITE_WRONG", "enrol", "show", wrong)
    hub.refused("TIP_EINVITE_BURNT", "enrol", "approve", wrong)
    hub.refused("TIP_EINVITE_BURNT", "enrol", "approve", request)
    row = hub.ask("enrol", "list")["invitations"][0]
    expect(row["state"] == "void" and row["wrong_requests"] == 5, f"{row}")


def expired(rig, hub, node):
    request = rig.path("late")
    node.run("enrol", "request", "--invite",
             rig.invite(hub, 8, "--expires", "0"), "--to", request)
    hub.refused("TIP_EINVITE_EXPIRED", "enrol", "approve", request)


def registrar(rig, hub, node):
    """The key is put away: no approval. Put back: one, and the same again."""
    request, approval = rig.path("r2"), rig.path("a2")
    key, away = os.path.join(hub.dir, "registrar.key"), rig.path("stick")
    node.run("enrol", "request", "--invite", rig.invite(hub, 8), "--to", request)
    os.rename(key, away)
    hub.refused("TIP_EREGISTRAR", "enrol", "approve", request)
    os.rename(away, key)
    hub.run("enrol", "approve", request, "--to", approval)
    hub.run("enrol", "approve", request, "--to", rig.path("again"))
    with open(approval, "rb") as one, open(rig.path("again"), "rb") as two:
        expect(one.read() == two.read(), "the same request, another approval")
    return approval


def reused(rig, hub):
    """The same invitation in other hands."""
    thief = rig.node("thief")
    thief.run("enrol", "request", "--invite", rig.path("8.invite"), "--to", rig.path("r3"))
    hub.refused("TIP_EINVITE_USED", "enrol", "show", rig.path("r3"))
    hub.refused("TIP_EINVITE_USED", "enrol", "approve", rig.path("r3"))
    hub.refused("TIP_EOFFICE_TAKEN", "enrol", "invite", "--office", "8", "--name", "x")
    return thief


def other_hub(rig, request):
    stranger = rig.hub("stranger")
    stranger.refused("TIP_EINVITE_UNKNOWN", "enrol", "approve", request)
    stranger.stop()


def configuration(node):
    path = os.path.join(node.dir, "node.conf")
    with open(path, "a", encoding="utf-8") as file:
        file.write("[sync]\nhaertbeat = 5 s\n")
    done = node.run("config", code=1)
    expect("node.conf:" in done.stdout + done.stderr, f"no file and line: {done}")


def test(rig):
    hub = rig.hub()
    node, request = invitations(rig, hub)
    wrong_requests(rig, hub, request)
    expired(rig, hub, node)
    approval = registrar(rig, hub, node)
    thief = reused(rig, hub)
    other_hub(rig, rig.path("r2"))
    thief.refused("TIP_EAPPROVAL", "enrol", "accept", approval)
    thief.refused("TIP_ENOT_ENROLLED", "serve")
    node.refused("TIP_EMALFORMED", "enrol", "accept", request)
    node.run("enrol", "accept", approval)
    node.refused("TIP_EENROLLED", "enrol", "accept", approval)
    node.start()
    programs.connected(node)
    node.stop()
    configuration(node)


programs.main(test)
