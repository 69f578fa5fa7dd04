#!/usr/bin/env python3
"""Goal: the power may go at any step of any command and daemon: they go on after it.

Programs are killed before each change to the names in a folder and before each
sync, one after the other, and that for every command that makes or replaces a
file and for both daemons while a record is written and another is erased. Asked
again, the command does what it was asked; started again, the daemon has what was
acknowledged. Then each of these steps fails as on a bad disk and on a full one: a
command may not say that it was done. (What a disk makes of writes that were cut
off is asked in tests/crash.) Erasing needs a second account, so root.
"""
import errno
import importlib
import json
import os
import shutil
import signal
import subprocess

import programs
from programs import expect, until

conflict = importlib.import_module("06-conflict")
erase = importlib.import_module("25-erase")
OFFICE = 8
STEPS_MAX = 1000


def environment(rig, step, fault=0):
    library = os.path.join(os.path.dirname(rig.scribe_binary), "..", "support",
                           "libcut_off.so")
    return {**os.environ, "LD_PRELOAD": library, "TIP_CUT_AT": str(step),
            "TIP_CUT_WITH": str(fault)}


def run_cut(program, step, *words):
    """Was the power off before the command came to its end?"""
    done = subprocess.run([program.binary, *words, "--dir", program.dir], check=False,
                          capture_output=True, text=True, timeout=120,
                          env=environment(program.rig, step))
    expect(done.returncode in (0, 3, -signal.SIGKILL), f"{words}, step {step}: {done}")
    return done.returncode != 0


def run_failing(program, step, fault, *words):
    """Was there such a step? Then the command has said in a sentence what failed."""
    done = subprocess.run([program.binary, *words, "--json", "--dir", program.dir],
                          check=False, capture_output=True, text=True, timeout=120,
                          env=environment(program.rig, step, fault))
    if done.returncode in (0, 3):
        return False
    said = json.loads(done.stdout or done.stderr)["error"]
    expect(said["code"].startswith("TIP_E") and said["message"].endswith("."),
           f"{words}, step {step}: {done}")
    return True


def start_cut(program, step):
    with open(program.log, "ab") as log:
        program.process = subprocess.Popen(
            [program.binary, "serve", "--dir", program.dir], stdout=log, stderr=log,
            env=environment(program.rig, step))


def is_off(program):
    return program.process.poll() is not None


def every_step(what, attempt):
    """Have @attempt(step) say whether the power went, until it did not; how often."""
    for step in range(1, STEPS_MAX):
        if not attempt(step):
            expect(step > 2, f"{what}: nothing was cut off")
            print(f"{what}: {step - 1} steps", flush=True)
            return step - 1
    raise AssertionError(f"{what}: never comes to an end")


class Snapshot:
    """The folder of a program that is not running, to be put back."""

    def __init__(self, program):
        self.program, self.copy = program, program.dir + ".before"
        shutil.rmtree(self.copy, ignore_errors=True)
        shutil.copytree(program.dir, self.copy)

    def put_back(self):
        shutil.rmtree(self.program.dir)
        shutil.copytree(self.copy, self.program.dir)


def remove(path):
    if os.path.exists(path):
        os.unlink(path)


def cut_command(what, program, words, prepare, look, code=0, meanwhile=lambda: None,
                goes_on=False):
    """Whenever it is cut off, @meanwhile does not fail and it does its work when it
    is asked again; @code: or it ends so, as it was done. When a step fails it says
    so, or @goes_on and does its work nevertheless."""
    def attempt(stop):
        prepare()
        was_stopped = stop()
        if was_stopped:
            meanwhile()
            program.run(*words, code=code)
        if was_stopped or goes_on:
            look()
        return was_stopped
    steps = every_step(what, lambda step: attempt(lambda: run_cut(program, step, *words)))
    for fault in (errno.EIO, errno.ENOSPC):
        told = [step for step in range(1, steps + 1) if attempt(
            lambda step=step: run_failing(program, step, fault, *words))]
        expect(goes_on or told == list(range(1, len(told) + 1)), f"{what}: not {told}")
        print(f"{what}, {os.strerror(fault)}: {len(told)} steps", flush=True)


def an_init_is_cut_off(program):
    cut_command(f"init of {os.path.basename(program.binary)}", program, ("init", "--dev"),
                lambda: shutil.rmtree(program.dir), lambda: program.run("verify"),
                code=(0, 1))  # Once it was done it cannot be done again.


def an_enrolment_is_cut_off(rig, hub, node):
    """An invitation is good for one device, which must not be lost on the way."""
    request, approval = rig.path("cut.request"), rig.path("cut.approval")
    invite = rig.invite(hub, OFFICE)
    fresh = Snapshot(node)

    def none_asked():
        fresh.put_back()
        remove(request)

    cut_command("enrol request", node, ("enrol", "request", "--invite", invite, "--to",
                                        request), none_asked, lambda: None)
    cut_command("enrol approve", hub, ("enrol", "approve", request, "--to", approval),
                lambda: remove(approval), lambda: None)
    asked = Snapshot(node)
    cut_command("enrol accept", node, ("enrol", "accept", approval), asked.put_back,
                lambda: node.run("verify"))


def a_backup_is_cut_off(rig, program):
    """There is a whole one or none, and the store is the one before or the one after."""
    path, name = rig.path("cut.backup"), os.path.basename(program.binary)

    def look():
        program.run("backup", "verify", path)

    cut_command(f"backup create of {name}", program, ("backup", "create", path),
                lambda: remove(path), look)
    program.stop()
    before = Snapshot(program)
    cut_command(f"backup restore of {name}", program, ("backup", "restore", "--replace", path),
                before.put_back, lambda: program.run("verify"),
                meanwhile=lambda: program.run("verify"), goes_on=True)
    before.put_back()
    program.start()


def a_stick_is_cut_off(rig, maker, taker, words):
    path = rig.path("cut.bundle")
    cut_command(f"bundle export of {os.path.basename(maker.binary)}", maker,
                ("bundle", "export", *words, "--to", path), lambda: remove(path),
                lambda: taker.run("bundle", "import", path))


def cut_daemon(what, program, work):
    """@work(step) does something and gives what must be true once all is well; it
    is not surprised when the daemon is gone."""
    program.stop()

    def attempt(step):
        start_cut(program, step)
        until("it answers or is off", lambda: is_off(program) or is_up(program))
        is_kept = work(step)
        if not is_off(program):
            program.process.terminate()
        code = program.process.wait(timeout=programs.WAIT_S)
        expect(code in (0, -signal.SIGKILL), f"ended with {code}\n{program.tail()}")
        program.start()
        is_kept()
        program.stop()
        return code != 0
    every_step(f"serve of {what}", attempt)
    program.run("verify")
    program.start()


def is_up(program):
    done = subprocess.run([program.binary, "status", "--dir", program.dir], check=False,
                          capture_output=True, timeout=120)
    return done.returncode in (0, 3)


def try_ask(program, *words):
    """What it answered; None: nothing, as it was cut off."""
    try:
        return program.ask(*words)
    except AssertionError as error:
        until(f"the power is off, or why else: {error}", lambda: is_off(program), 5)
        return None


def try_add(program, number, *more):
    added = try_ask(program, "record", "add", "case", f"case_no={number}", "status=open",
                    "vector=labour", "opened_on=2026-11-03", *more)
    return None if added is None else added["records"][0]["id"]


def confirm(hub, number):
    erase.as_another(hub, "erase", "confirm", str(number))


def erase_at(hub, number):
    """The decision, confirmed if it was not yet; has the hub carried it out?"""
    row = try_ask(hub, "erase", "show", str(number))
    if row is not None and row["decision"] == "asked":
        confirm(hub, number)
    return row is not None and row.get("hub_done", False)


def erased_at_hub(hub, kept):
    """A record is written at the hub and erased."""
    def work(step):
        number = f"CUT-{step}"
        record = try_add(hub, number, "--office", str(OFFICE))
        asked = record and try_ask(hub, "erase", "request", record, "--reason", "order 44")
        if asked:
            until("it is erased or the power is off",
                  lambda: is_off(hub) or erase_at(hub, asked["number"]))

        def is_kept():
            if asked:
                until("it is erased after all", lambda: erase_at(hub, asked["number"]))
                expect(erase.is_erased(hub, record), f"{number} is still there")
            elif record:
                expect(erase.value(hub, record, "case_no") == [number], f"{number} is gone")
            expect(erase.value(hub, kept, "case_no") == ["KEPT"], "the other is gone")
        return is_kept
    return work


def erased_at_node(hub, node, kept):
    """A record is written at an office, comes to the hub, and is erased there."""
    def work(step):
        number = f"CUT-NODE-{step}"
        record = try_add(node, number)
        if record:
            until("it is at the hub or the power is off",
                  lambda: is_off(node) or is_at(hub, record, number))
        is_there = record and is_at(hub, record, number)
        if is_there:
            confirm(hub, hub.ask("erase", "request", record, "--reason", "order 44")["number"])
            until("it is erased or the power is off",
                  lambda: is_off(node) or is_erased(node, record))

        def is_kept():
            if record and not is_there:
                expect(erase.value(node, record, "case_no") == [number], f"{number} is gone")
                until("it is at the hub after all", lambda: is_at(hub, record, number))
            elif record:
                until("it is erased after all", lambda: is_erased(node, record))
            expect(erase.value(node, kept, "case_no") == ["KEPT"], "the other is gone")
        return is_kept
    return work


def is_at(hub, record, number):
    listed = [row["id"] for row in hub.ask("record", "list", "case")["records"]]
    return record in listed and erase.value(hub, record, "case_no") == [number]


def is_erased(node, record):
    """…and nothing of it is left in a file."""
    rows = try_ask(node, "erase", "list")
    return rows is not None and any(
        row["record"] == record and row["done"] for row in rows["erasures"])


def test(rig):
    hub, node = rig.hub(), rig.node("node")
    pack = rig.path("cut.pack")
    national = os.path.join(conflict.ROOT, "common/catalogue/national")
    an_init_is_cut_off(rig.node("spare"))
    spare = rig.hub("spare-hub")
    spare.stop()
    an_init_is_cut_off(spare)
    an_enrolment_is_cut_off(rig, hub, node)
    node.start()
    cut_command("catalogue check", hub, ("catalogue", "check", national, "--pack", pack),
                lambda: remove(pack), lambda: None)
    hub.run("catalogue", "publish", pack)
    conflict.has_catalogue(node)
    kept = erase.add(node, "KEPT")
    erase.sync(node)
    for program in (node, hub):
        a_backup_is_cut_off(rig, program)
    a_stick_is_cut_off(rig, node, hub, ["--all"])
    a_stick_is_cut_off(rig, hub, node, ["--office", str(OFFICE)])
    if os.geteuid() != 0:
        print("not root: nobody else is there to confirm")
        return
    cut_daemon("the hub", hub, erased_at_hub(hub, kept))
    cut_daemon("an office", node, erased_at_node(hub, node, kept))
    erase.sync(node)
    expect(erase.agrees(node), f"{node.status()}")


programs.main(test)
