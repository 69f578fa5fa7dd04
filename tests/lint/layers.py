#!/usr/bin/env python3
"""Does every include, and every link in CMake, follow layers.txt?

    layers.py <build folder>
"""
import re
import sys

import layering
import tree

# What data and arithmetic need. No <stdio.h>, <time.h>, <math.h> or <locale.h>:
# their answers depend on the machine.
PURE = {"assert.h", "ctype.h", "inttypes.h", "limits.h", "stdalign.h", "stdarg.h",
        "stdbool.h", "stddef.h", "stdint.h", "stdlib.h", "stdnoreturn.h", "string.h"}
# The one place that prepares the others for the banned functions.
PREPARES = "common/base/tip_banned.h"
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]', re.MULTILINE)

layers = layering.Layers()
sources = tree.files(".c", ".h")
problems = []
home = {}  # Header name -> path.
for path in sources:
    name = path.rsplit("/", 1)[-1]
    if name.endswith(".h"):
        if name in home:
            problems.append(f"{path}: has the name of {home[name]}; an include "
                            "could mean either.")
        home[name] = path


def check_ours(path, folder, header):
    if header.endswith(".pb-c.h"):
        if folder != "common/wire":
            problems.append(f"{path}: {header} belongs to common/wire alone.")
    elif header not in home:
        problems.append(f"{path}: \"{header}\" is not a header of ours.")
    else:
        target = layers.folder_of(home[header])
        if target != folder and target not in layers.folders[folder]:
            problems.append(f"{path}: {folder} may not include {header} of "
                            f"{target or home[header]}.")


def check_foreign(path, folder, header):
    owner = layers.owner_of(header)
    if owner and owner[1] != folder:
        problems.append(f"{path}: <{header}> belongs to {owner[1]} alone.")
    if folder in layers.pure and header not in PURE and path != PREPARES:
        problems.append(f"{path}: {folder} is pure and may not include <{header}>.")


def check_includes():
    count = 0
    for path in sources:
        if path.startswith("tests/"):
            continue
        folder = layers.folder_of(path)
        if folder is None:
            problems.append(f"{path}: its folder is not in tests/lint/layers.txt.")
            continue
        for kind, header in INCLUDE.findall(tree.read(path)):
            count += 1
            (check_ours if kind == '"' else check_foreign)(path, folder, header)
    return count


def check_links(graph):
    count = 0
    for target in graph.values():
        folder = layers.folder_of(target.folder)
        if folder is None:
            continue  # Tests, and what is not code.
        for link in sorted(set(target.links + target.shows)):
            other = layers.folder_of(graph[link].folder) if link in graph else None
            count += 1
            if other not in (None, folder) and other not in layers.folders[folder]:
                problems.append(f"{target.folder}/CMakeLists.txt: {target.name} may "
                                f"not link {link}.")
    return count


includes = check_includes()
links = check_links(layering.link_graph(sys.argv[1]))
tree.answer(problems, f"{includes} includes and {links} links follow layers.txt.")
