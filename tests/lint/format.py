#!/usr/bin/env python3
"""Is every C file laid out as .clang-format says? With --fix, make it so."""
import subprocess
import sys

import tree

sources = tree.files(".c", ".h")
if "--fix" in sys.argv[1:]:
    subprocess.run(["clang-format", "-i", *sources], cwd=tree.ROOT, check=True)
    print(f"{len(sources)} files formatted.")
    sys.exit(0)

problems = []
for path in sources:
    done = subprocess.run(["clang-format", "--dry-run", "-Werror", path],
                          cwd=tree.ROOT, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        problems.append(done.stderr.splitlines()[0] if done.stderr else path)
if problems:
    problems.append("Run: cmake --build build/dev -t format")
tree.answer(problems, f"{len(sources)} files are formatted.")
