#!/usr/bin/env python3
"""Is every function at most 70 lines long and every file at most 400?

.clang-format puts the braces of a function alone in the first column, so they
are found without parsing C. A function's length is that of its body.
"""
import re
import statistics

import tree

FUNCTION_LINES_MAX = 70
FILE_LINES_MAX = 400
SCRIPT = re.compile(r"(^|/)(CMakeLists\.txt|[^/]+\.(c|h|py|sh|cmake|proto|js|css))$")


def functions(lines):
    """(line number, length) of every function body."""
    start = None
    for number, line in enumerate(lines, 1):
        if line == "{":
            start = number
        elif line == "}" and start is not None:
            yield start, number - start - 1
            start = None


problems, lengths = [], []
checked = 0
shell = set(tree.scripts("/sh", "/bash"))
for path in tree.files():
    if not SCRIPT.search(path) and path not in shell:
        continue
    lines = tree.read(path).splitlines()
    checked += 1
    if len(lines) > FILE_LINES_MAX:
        problems.append(f"{path}: {len(lines)} lines, over {FILE_LINES_MAX}; it is "
                        "probably two things under one name.")
    if not path.endswith((".c", ".h")):
        continue
    for number, length in functions(lines):
        if length > FUNCTION_LINES_MAX:
            problems.append(f"{path}:{number}: a function of {length} lines, over "
                            f"{FUNCTION_LINES_MAX}.")
        if not path.startswith("tests/"):
            lengths.append(length)
tree.answer(problems, f"{checked} files; {len(lengths)} functions outside tests, median "
                      f"{statistics.median(lengths or [0]):g} lines, longest "
                      f"{max(lengths or [0])}.")
