"""Goal: does `tiphub demo` end well only if all is well, and leave nothing behind?

A storm with three offices; Ctrl-C; a folder that is somebody else's. Everything
lies in one temporary folder, so that what is left behind shows.
"""
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

import programs
from programs import expect


def demo(binary, tmp, *words):
    return subprocess.run([binary, "demo", "--json", *words], text=True,
                          capture_output=True, timeout=300, check=False,
                          env={"TMPDIR": tmp, "PATH": "/usr/bin:/bin"})


def processes_of(tmp):
    """Command lines that name @tmp."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                line = file.read()
        except OSError:
            continue
        if tmp.encode() in line:
            found.append(line)
    return found


def nothing_is_left(tmp):
    programs.until("all processes of the demo have ended",
                   lambda: not processes_of(tmp))
    expect(os.listdir(tmp) == [], f"left behind: {os.listdir(tmp)}")


def a_storm_ends_well(binary, tmp):
    start = time.monotonic()
    done = demo(binary, tmp, "--nodes", "3", "--records", "12", "--weather",
                "stormy", "--exit-after-sync", "--seed", "7")
    expect(done.returncode == 0, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}")
    said = json.loads(done.stdout)
    expect(said["good"], said)
    expect(said["records_saved"] == 36 and said["records_refused"] == 0, said)
    expect(said["saves"] == said["saves_at_hub"] > 36, said)
    expect(said["conflicts"] >= 1 and said["conflict_resolved"], said)
    expect(said["conflicts_open"] == said["conflicts"] - 1, said)
    expect(said["figures_verified"] and said["offices_covered"] == 3, said)
    expect(said["crashes"] == 0 and said["lines_broken"] > 0, said)
    last = said["history"][-1]
    expect(last["who"] and last["where"] and last["when"] and last["why"], last)
    expect(any(row["wilaya"] == "MR01" and row["cases"] > 0
               for row in said["nation"]), said)
    expect("connected" in done.stderr, "no table of offices")
    nothing_is_left(tmp)
    print(f"a storm: {time.monotonic() - start:.0f} s")


def ctrl_c_cleans_up(binary, tmp):
    log = tempfile.TemporaryFile("w+")
    process = subprocess.Popen([binary, "demo", "--empty", "--nodes", "2"],
                               stdout=log, stderr=log,
                               env={"TMPDIR": tmp, "PATH": "/usr/bin:/bin"})
    programs.until("the daemons of the demo run",
                   lambda: sum(b"serve" in line for line in processes_of(tmp)) == 3)
    process.send_signal(signal.SIGINT)
    expect(process.wait(timeout=programs.WAIT_S) == 130, "Ctrl-C is exit code 130")
    nothing_is_left(tmp)


def children_end_with_it(binary, tmp):
    process = subprocess.Popen([binary, "demo", "--empty", "--nodes", "2"],
                               stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL,
                               env={"TMPDIR": tmp, "PATH": "/usr/bin:/bin"})
    programs.until("the daemons of the demo run",
                   lambda: sum(b"serve" in line for line in processes_of(tmp)) == 3)
    process.kill()
    process.wait()
    programs.until("all children ended with it", lambda: not processes_of(tmp))


def a_folder_of_others_is_refused(binary, tmp):
    done = demo(binary, tmp, "--keep", tmp)
    expect(done.returncode == 1, f"exit {done.returncode}, not 1")
    expect("exists already" in json.loads(done.stdout)["error"]["context"],
           done.stdout)


def main():
    binary = os.path.realpath(sys.argv[2])
    for test in (a_storm_ends_well, ctrl_c_cleans_up,
                 a_folder_of_others_is_refused, children_end_with_it):
        with tempfile.TemporaryDirectory(prefix="tip-") as tmp:
            try:
                test(binary, tmp)
            except AssertionError as error:
                print(f"FAILED: {test.__name__}: {error}")
                sys.exit(1)


main()
