#!/usr/bin/env python3
"""Is every error numbered once, in its range, and one plain sentence?"""
import re

import tree

HEADER = "common/base/tip_err.h"
RANGE = re.compile(r"/\* (\d+)\.\.(\d+)\b")
ENTRY = re.compile(r'X\((\w+), (\d+),\s*((?:"(?:[^"\\]|\\.)*"\s*)+)\)')

problems, numbers, names = [], {}, set()
text = tree.read(HEADER).replace("\\\n", " ")
first, last, previous = 0, 0, -1
for part in re.finditer(f"{RANGE.pattern}|{ENTRY.pattern}", text):
    if part.group(1):
        first, last = int(part.group(1)), int(part.group(2))
        continue
    name, number = part.group(3), int(part.group(4))
    sentence = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', part.group(5)))
    if number in numbers:
        problems.append(f"{name}: {number} is already {numbers[number]}.")
    if name in names:
        problems.append(f"{name}: is there twice.")
    if number != 0 and not first <= number <= last:
        problems.append(f"{name}: {number} is outside {first}..{last}.")
    if number <= previous:
        problems.append(f"{name}: {number} does not follow {previous}; append only.")
    if number != 0 and not name.startswith("TIP_E"):
        problems.append(f"{name}: the name of an error begins with TIP_E.")
    if not re.fullmatch(r"[A-Za-z].*[^.]\.", sentence):
        problems.append(f"{name}: \"{sentence}\" is not a sentence with a full stop.")
    if number != 0 and not re.search(r"[:,;.] \w", sentence):
        problems.append(f"{name}: \"{sentence}\" does not name the next step.")
    numbers[number], previous = name, number
    names.add(name)
if len(numbers) != len(re.findall(r"\bX\(TIP_", text)):
    problems.append(f"{HEADER}: an entry could not be read.")
tree.answer(problems, f"{len(numbers)} errors, each with its number and sentence.")
