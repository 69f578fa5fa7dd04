#!/usr/bin/env python3
"""Is what we commit free of loose ends, of one machine's paths and of people?"""
import os
import re

import tree

# Spelt in pieces, so that this file passes its own test.
LOOSE_END = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|X" r"XX)\b")
HOME = re.compile(r"(?:^|[\s\"'=(:])/(?:ho" r"me|ro" r"ot|Us" r"ers)/\w")
HERE = os.path.dirname(tree.ROOT) + "/"  # Where this checkout happens to lie.
EMAIL = re.compile(r"[\w.+-]+@([\w-]+\.)+[A-Za-z]{2,}\b")
# Reserved for documentation by RFC 2606 and 6761.
NOBODY = re.compile(r"@([\w-]+\.)*(example(\.(com|org|net))?|invalid|test|localhost)$")
# Inputs that must stay as they are, byte for byte.
KEPT = ("tests/data/", "tests/fuzz/corpus/")
PLAIN = ("LICENSE", ".svg", ".lock", "package-lock.json")


def line_problems(line):
    if LOOSE_END.search(line):
        yield "a loose end; write an issue, or finish it"
    if HOME.search(line) or (len(HERE) > len("/tmp/") and HERE in line):
        yield "a path of one machine"
    for found in EMAIL.finditer(line):
        if not NOBODY.search(found.group(0)):
            yield "an e-mail address"
    if line != line.rstrip():
        yield "blanks at the end of the line"


problems, checked = [], 0
for path in tree.files():
    if path.endswith(PLAIN) or path.startswith(KEPT) or not tree.is_text(path):
        continue
    checked += 1
    text = tree.read(path)
    for number, line in enumerate(text.split("\n"), 1):
        problems += [f"{path}:{number}: {what}." for what in line_problems(line)]
    if text and not text.endswith("\n"):
        problems.append(f"{path}: the last line has no end.")
tree.answer(problems, f"{checked} texts have no loose end, no local path, no address.")
