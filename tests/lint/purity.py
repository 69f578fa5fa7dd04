#!/usr/bin/env python3
"""Do the pure libraries ask the linker for nothing but memory and text?

    purity.py <build folder>

What cannot be linked cannot be called: no clock, no file, no socket, no
environment, whatever header declared it.
"""
import glob
import os
import subprocess
import sys

import layering
import tree

OURS = ("tip_", "node_", "hub_")
ALLOWED = {
    "memchr", "memcmp", "memcpy", "memmove", "memset", "strchr", "strcmp", "strlen",
    "strncmp", "strnlen", "malloc", "calloc", "realloc", "free", "qsort", "bsearch",
    # What the compiler adds.
    "__assert_fail", "__stack_chk_fail", "_GLOBAL_OFFSET_TABLE_",
}

build = sys.argv[1]
problems, checked = [], []
for folder in sorted(layering.Layers().pure):
    libraries = glob.glob(os.path.join(build, folder, "libtip_*.a"))
    if not libraries:
        continue
    listed = subprocess.run(["nm", "--undefined-only", "--format=posix", *libraries],
                            check=True, stdout=subprocess.PIPE, text=True).stdout
    symbols = {line.split()[0] for line in listed.splitlines() if " U" in line}
    for symbol in sorted(symbols - ALLOWED):
        if not symbol.startswith(OURS):
            problems.append(f"{folder} is pure and may not call {symbol}().")
    checked.append(folder)
if not checked:
    problems.append("No pure library has been built: build first.")
tree.answer(problems, f"{', '.join(checked)} call nothing outside themselves but "
                      "memory and text.")
