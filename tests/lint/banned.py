#!/usr/bin/env python3
"""Does the compiler see the list of banned functions before every file of ours?

    banned.py <build folder>

It refuses them by itself then. Code that no build compiles is searched as text.
"""
import json
import os
import re
import sys

import tree

HEADER = "common/base/tip_banned.h"
build = os.path.abspath(sys.argv[1])
poisoned = set()
for line in re.findall(r"^#pragma GCC poison (.*)$", tree.read(HEADER), re.MULTILINE):
    poisoned.update(line.split())
call = re.compile(r"\b(" + "|".join(sorted(poisoned)) + r")\s*\(")
comment = re.compile(r"/\*.*?\*/|\"(?:[^\"\\\n]|\\.)*\"", re.DOTALL)

problems, compiled = [], 0
with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
    for entry in json.load(file):
        path = entry["file"]
        if path.startswith(build + os.sep) or not path.startswith(tree.ROOT + os.sep):
            continue
        compiled += 1
        if f"-include {os.path.join(tree.ROOT, HEADER)}" not in entry["command"]:
            problems.append(f"{os.path.relpath(path, tree.ROOT)}: is compiled without "
                            f"{HEADER}; make its target with tip_library, tip_program "
                            "or a function of TipTest.cmake.")
for path in tree.files(".c", ".h"):
    for found in call.finditer(comment.sub("", tree.read(path))):
        problems.append(f"{path}: calls {found.group(1)}().")
tree.answer(problems, f"{len(poisoned)} functions are refused in {compiled} sources.")
