"""PostgreSQL under the same load, in the same run."""
import os
import re
import subprocess

SCRIPT = os.path.join(os.path.dirname(__file__), "..", "postgres.sh")
LINE = re.compile(r"^postgres (\S+) +([0-9.]+) +(.+)$")
NOT_INSTALLED = 3


def measure(say, offices, records, edits, proxy):
    """{(name, unit): number}; empty where it is not installed."""
    done = subprocess.run([SCRIPT, str(offices), str(records), str(edits), proxy],
                          check=False, stdout=subprocess.PIPE, text=True)
    if done.returncode == NOT_INSTALLED:
        return {}
    if done.returncode != 0:
        raise AssertionError(f"postgres.sh: exit {done.returncode}")
    found = {}
    for row in done.stdout.splitlines():
        say(row)
        match = LINE.match(row)
        if match:
            found[match.group(1), match.group(3)] = float(match.group(2))
    return found
