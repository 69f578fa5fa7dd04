#!/usr/bin/env python3
"""clang-tidy over every file of ours that changed since it last passed.

    tidy.py <build folder> [<file>...]

A file has not changed when its text, that of every header of ours it sees, its
compile command and .clang-tidy are those of a run that passed. Passes are kept
as empty files under <build folder>/tidy, so remove that to start again. What is
compiled more than once is looked at once for each set of definitions.
"""
import concurrent.futures
import hashlib
import json
import os
import shlex
import subprocess
import sys

import tree

build = os.path.abspath(sys.argv[1])
wanted = [os.path.abspath(path) for path in sys.argv[2:]]
passes = os.path.join(build, "tidy")


def jobs():
    """(file, [compile command, …]) of every source of ours that the build
    compiles; the commands stand where clang-tidy finds them."""
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        entries = json.load(file)
    ours = {}
    for entry in entries:
        path = entry["file"]
        if path.startswith(build + os.sep) or not path.startswith(tree.ROOT + os.sep):
            continue
        if not wanted or path in wanted:
            defined = frozenset(word for word in shlex.split(entry["command"])
                                if word.startswith("-D"))
            ours.setdefault(path, {}).setdefault(defined, entry)
    with open(os.path.join(passes, "compile_commands.json"), "w",
              encoding="utf-8") as file:
        json.dump([entry for found in ours.values() for entry in found.values()], file)
    return sorted((path, [entry["command"] for entry in found.values()])
                  for path, found in ours.items())


def fingerprint(path, commands):
    """Hash of all that decides the outcome, or None if it does not compile."""
    digests = [fingerprint_of(path, command) for command in commands]
    if None in digests:
        return None
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def fingerprint_of(path, command):
    arguments = shlex.split(command)
    del arguments[arguments.index("-o"):arguments.index("-o") + 2]
    listed = subprocess.run([*arguments, "-MM", "-MG"], cwd=build, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    if listed.returncode != 0:
        return None
    names = listed.stdout.split(":", 1)[1].replace("\\\n", " ").split()
    digest = hashlib.sha256(command.encode() + VERSION)
    for name in sorted(set(names)) + [os.path.join(tree.ROOT, ".clang-tidy")]:
        name = os.path.join(build, name)
        if not os.path.exists(name):  # Generated, and not built yet.
            return None
        with open(name, "rb") as file:
            digest.update(name.encode() + file.read())
    return digest.hexdigest()


def check(job):
    """(was looked at now, what is wrong with it)"""
    path, commands = job
    digest = fingerprint(path, commands)
    mark = os.path.join(passes, digest) if digest else None
    if mark and os.path.exists(mark):
        return False, ""
    done = subprocess.run(["clang-tidy", "--quiet", "-p", passes, path], text=True,
                          cwd=tree.ROOT, env=ENVIRONMENT,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode != 0:
        return True, done.stdout or done.stderr
    if mark:
        with open(mark, "w", encoding="utf-8"):
            pass
    return True, ""


# The analyzer's graphs are large: with huge pages it takes a seventh less.
ENVIRONMENT = dict(os.environ, GLIBC_TUNABLES="glibc.malloc.hugetlb=1")
VERSION = subprocess.run(["clang-tidy", "--version"], check=True,
                         stdout=subprocess.PIPE).stdout
os.makedirs(passes, exist_ok=True)
todo = jobs()
with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    results = list(pool.map(check, todo))
looked_at = sum(1 for now, _ in results if now)
tree.answer([text for _, text in results if text],
            f"{len(todo)} files are tidy, {looked_at} of them looked at now.")
