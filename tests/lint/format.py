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

done = subprocess.run(["clang-format", "--dry-run", "-Werror", *sources],
                      cwd=tree.ROOT, stderr=subprocess.PIPE, text=True)
places = [line for line in done.stderr.splitlines() if ": error: " in line]
first = {line.split(":")[0]: line for line in reversed(places)}  # Of each file.
problems = sorted(first.values())
if done.returncode != 0 and not problems:
    problems.append(f"clang-format ends with {done.returncode}: {done.stderr[:200]}")
if problems:
    problems.append("Run: cmake --build build/dev -t format")
tree.answer(problems, f"{len(sources)} files are formatted.")
