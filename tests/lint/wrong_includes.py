#!/usr/bin/env python3
"""Does a wrong include really not compile?

    wrong_includes.py <build folder>

For every target and every folder, a file that includes a header of the folder is
compiled with the very command of a file of the target. It must compile exactly
when the target links the folder. The same for a use of every library from
outside, for a function of POSIX and for a banned one.
"""
import concurrent.futures
import json
import os
import re
import shlex
import subprocess
import sys

import layering
import tree

# One use of each library, as its owner would write it.
USES = {
    "sodium": "#include <sodium.h>\nint f(void) { return sodium_init(); }",
    "lmdb": "#include <lmdb.h>\nMDB_env *f(void) { return NULL; }",
    "zmq": "#include <zmq.h>\nint f(void) { return zmq_errno(); }",
    "zstd": "#include <zstd.h>\nunsigned f(void) { return ZSTD_versionNumber(); }",
    "protobuf_c": "#include <protobuf-c/protobuf-c.h>\n"
                  "const char *f(void) { return protobuf_c_version(); }",
    "jansson": "#include <jansson.h>\njson_t *f(void) { return json_null(); }",
    "csv": "#include <csv.h>\nsize_t f(void) { return sizeof(struct csv_parser); }",
    "inih": "#include <ini.h>\nini_handler f(void) { return NULL; }",
}
ZDICT = "#include <zdict.h>\nunsigned f(void) { return ZDICT_isError(0); }"
POSIX = ("#include <time.h>\n"
         "int f(struct timespec *now) { return clock_gettime(CLOCK_REALTIME, now); }")
BANNED = "void f(char *to) { strcpy(to, \"x\"); }"
NOTHING = "void f(void) { }"

build = os.path.abspath(sys.argv[1])
layers = layering.Layers()
graph = layering.link_graph(build)
with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
    commands = [entry["command"] for entry in json.load(file)]


def representatives():
    """{target: compile command} of one source per target of ours."""
    found = {}
    for name, target in sorted(graph.items()):
        if layers.folder_of(target.folder) and "tip_flags" in target.links:
            made_by = f"/{name}.dir/"
            found[name] = next(command for command in commands if made_by in command)
    return found


def needs(header, paths):
    """The headers of ours that @header includes, directly or not."""
    found, todo = set(), [header]
    while todo:
        text = tree.read(paths[todo.pop()])
        for name in re.findall(r'^#include "(.+)"', text, re.MULTILINE):
            if name in paths and name not in found:
                found.add(name)
                todo.append(name)
    return found


def shows_library(path):
    """Does the header include one of a library from outside?"""
    names = re.findall(r"^#include <(.+)>", tree.read(path), re.MULTILINE)
    return any(layers.owner_of(name) for name in names)


def headers():
    """{folder: one header of it}: one without a library from outside, and of
    those the one that needs least, so that every target that sees the folder
    can compile it, whatever its other targets link."""
    paths = {os.path.basename(path): path for path in tree.files(".h")}
    found = {}
    for header, path in sorted(paths.items()):
        if path != "common/base/tip_banned.h" and layers.folder_of(path):
            found.setdefault(os.path.dirname(path), []).append(
                (shows_library(path), len(needs(header, paths)), header))
    return {folder: min(weighed)[-1] for folder, weighed in found.items()}


def compiles(command, text):
    arguments = shlex.split(command)
    del arguments[arguments.index("-o"):]
    arguments += ["-Wno-missing-prototypes", "-fsyntax-only", "-x", "c", "-"]
    done = subprocess.run(arguments, cwd=build, input=text, text=True,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    return done.returncode == 0, done.stderr


def attempts():
    """(what, command, text, whether it must compile)"""
    for target, command in representatives().items():
        sees = layering.reach(graph, target)
        folder = layers.folder_of(graph[target].folder)
        yield f"{target}: an empty function", command, NOTHING, True
        yield f"{target}: strcpy", command, BANNED, False
        yield f"{target}: clock_gettime", command, POSIX, "-D_GNU_SOURCE" in command
        for other, header in headers().items():
            yield (f"{target}: \"{header}\" of {other}", command,
                   f"#include \"{header}\"\n{NOTHING}", other in sees)
        for library, owner, _ in layers.owners:
            yield f"{target}: <{library}>", command, USES[library], owner == folder
        yield f"{target}: <zdict.h>", command, ZDICT, folder == "common/wire"


def check(attempt):
    what, command, text, wanted = attempt
    done, errors = compiles(command, text)
    if done == wanted:
        return None
    if done:
        return f"{what} compiles and must not."
    return f"{what} does not compile and should:\n{errors}"


todo = list(attempts())
with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    problems = [problem for problem in pool.map(check, todo) if problem]
refused = sum(1 for attempt in todo if not attempt[3])
tree.answer(problems, f"{len(todo)} includes tried, {refused} of them refused "
                      "by the compiler as they should be.")
