#!/usr/bin/env python3
"""Does shellcheck find nothing in our shell scripts, and can they be run?"""
import os
import subprocess

import tree

problems = []
scripts = tree.scripts("/sh", "/bash")
for path in scripts:
    if not os.access(os.path.join(tree.ROOT, path), os.X_OK):
        problems.append(f"{path}: is not executable.")
done = subprocess.run(["shellcheck", "--external-sources", *scripts], cwd=tree.ROOT,
                      stdout=subprocess.PIPE, text=True) if scripts else None
if done and done.returncode != 0:
    problems.append(done.stdout)
tree.answer(problems, f"{len(scripts)} shell scripts are clean.")
