#!/usr/bin/env python3
"""Is each test that tests/README.md names there? `path` or `path: name`, paths
below tests/, a name found in the file."""
import os
import re

import tree

PAGE = "tests/README.md"
NAMED = re.compile(r"`((?:unit|contract|sim|crash|integration|model|fuzz|soak)/[\w.-]+)(?:: (\w+))?`")

problems, named = [], 0
for number, line in enumerate(tree.read(PAGE).split("\n"), 1):
    for path, name in NAMED.findall(line):
        named += 1
        full = os.path.join(tree.ROOT, "tests", path)
        if not os.path.exists(full):
            problems.append(f"{PAGE}:{number}: there is no tests/{path}.")
        elif name and not re.search(rf"\b{name}\b", tree.read(f"tests/{path}")):
            problems.append(f"{PAGE}:{number}: tests/{path} has no {name}.")
if named < 60:
    problems.append(f"{PAGE}: only {named} tests are named; is the page read rightly?")
tree.answer(problems, f"{named} tests that tests/README.md names are there.")
