#!/usr/bin/env python3
"""Does the top level hold only what it may, and every folder its README.md?"""
import os
import re

import tree

TOP = {"CMakeLists.txt", "proto", "node", "hub", "common", "tests", "deploy",
       "README.md", "LICENSE", "CMakePresets.json"}
# Folders of nothing but data, described by the README above them.
DATA = re.compile(r"^tests/data/|^common/catalogue/[^/]+$|^common/web/assets|/corpus(/|$)")

problems, folders = [], set()
for path in tree.files():
    top = path.split("/")[0]
    if top not in TOP and not top.startswith("."):
        problems.append(f"{top}: the top level holds only "
                        f"{', '.join(sorted(TOP))} and dot-files.")
    folder = os.path.dirname(path)
    while folder:
        folders.add(folder)
        folder = os.path.dirname(folder)
described = [folder for folder in sorted(folders) if not DATA.search(folder)]
for folder in described:
    if not os.path.isfile(os.path.join(tree.ROOT, folder, "README.md")):
        problems.append(f"{folder}: has no README.md that says what lives there.")
tree.answer(sorted(set(problems)), f"{len(described)} folders are described.")
