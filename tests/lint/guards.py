#!/usr/bin/env python3
"""Does the include guard of every header carry the name of its file?"""
import re

import tree

problems = []
headers = tree.files(".h")
for path in headers:
    guard = re.sub(r"\W", "_", path.rsplit("/", 1)[-1]).upper()
    text = tree.read(path)
    directives = re.findall(r"^#.*$", text, re.MULTILINE)
    if directives[:2] != [f"#ifndef {guard}", f"#define {guard}"]:
        problems.append(f"{path}: must begin with #ifndef {guard}, #define {guard}.")
    if not text.endswith(f"\n#endif /* {guard} */\n"):
        problems.append(f"{path}: must end with #endif /* {guard} */.")
tree.answer(problems, f"{len(headers)} headers are guarded by their own name.")
