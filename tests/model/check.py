#!/usr/bin/env python3
"""Run spin over the model with what is defined; say what it found.

  check.py -DSAVES=3 -DLOSE            every state keeps the rules
  check.py --expect RULE -DBREAK_...   spin must find that RULE is broken
  check.py --story ...                 and tell what happened until then

RULE is the name of an assertion, or "progress". Nothing is written but into a
folder of its own, which is removed.
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile

MODEL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "replication.pml")
TOO_LITTLE = re.compile(r"max search depth too small|out of memory|MEMLIM|"
                        r"Search not completed")
STATES = r"(?m)^ *([0-9.e+]+) states, stored"
MEMORY = r"([0-9.]+)\s+total actual memory"
RULE = re.compile(r"assertion violated \(?(\w+)")


def stop(sentence):
    print(sentence)
    sys.exit(1)


def run(folder, *command):
    done = subprocess.run(command, cwd=folder, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout


def must(folder, *command):
    code, said = run(folder, *command)
    if code != 0 or "rror:" in said:
        stop(f"{said}{command[0]} does not take the model: mend it, or install "
             "what tests/packages.txt names.")


def build(folder, defines, options):
    must(folder, "spin", *defines, "-a", MODEL)
    kind = [] if "-DCALM" in defines else ["-DSAFETY"]
    if options.story and kind:
        kind.append("-DREACH")
    # What breaks breaks soon: then the compiler would take longest.
    must(folder, "gcc", "-O0" if options.expect else "-O1", "-w", *kind,
         f"-DMEMLIM={options.memory_mib}", "-o", "pan", "pan.c")


def broken_rule(said):
    """The rule that does not hold, or None."""
    found = RULE.search(said)
    if found:
        return found.group(1)
    return "progress" if "acceptance cycle" in said else None


def story(folder, defines):
    """What happened until the rule broke, an event a line."""
    trail = os.path.join(folder, "replication.pml.trail")
    _, said = run(folder, "spin", *defines, "-k", trail, "-t", MODEL)
    lines = [line.strip() for line in said.split("\n")]
    return [line for line in lines
            if re.match(r"node \d|hub[ :]|lost|repeated|a stick|<<<", line)]


def figure(pattern, said):
    found = re.search(pattern, said)
    return float(found.group(1)) if found else 0


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--expect")
    parser.add_argument("--story", action="store_true")
    parser.add_argument("--memory-mib", type=int, default=2000)
    options, defines = parser.parse_known_args()
    with tempfile.TemporaryDirectory(prefix="tip-model-") as folder:
        build(folder, defines, options)
        search = ["-a"] if "-DCALM" in defines else ["-E"]
        if options.story and "-E" in search:
            search.append("-i")  # The shortest story there is.
        _, said = run(folder, "./pan", "-m20000", "-n", *search)
        rule = broken_rule(said)
        told = rule and (options.story or rule != options.expect)
        if told:
            print("\n".join(story(folder, defines)))
    used = os.times()
    seconds = used.children_user + used.children_system
    figures = (f"{figure(STATES, said):,.0f} states, {seconds:.1f} s of one core, "
               f"{figure(MEMORY, said):.0f} MB")
    if rule is None and (TOO_LITTLE.search(said) or "errors: 0" not in said):
        stop(f"{said}\nThe search did not end: give it more --memory-mib, or a "
             "smaller model.")
    if rule != options.expect:
        stop(f"{rule or 'Nothing'} is broken, {options.expect or 'nothing'} was "
             f"expected ({figures}). The story is above, if there is one.")
    print(f"{'Found, as it must be: ' + rule if rule else 'Every rule holds'}; {figures}.")


main()
