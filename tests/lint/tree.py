"""What every lint test shares: the files of the project, and how to answer."""
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def files(*suffixes):
    """Paths, from the root, of what git tracks or is about to."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "-C", ROOT, "ls-files", "-z",
         "--cached", "--others", "--exclude-standard"],
        check=True, stdout=subprocess.PIPE).stdout.decode()
    paths = sorted(set(filter(None, listed.split("\0"))))
    return [path for path in paths
            if os.path.isfile(os.path.join(ROOT, path))
            and (not suffixes or path.endswith(suffixes))]


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def is_text(path):
    with open(os.path.join(ROOT, path), "rb") as file:
        data = file.read()
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\0" not in data


def scripts(*interpreters):
    """Files whose first line starts one of @interpreters, as in "/sh"."""
    found = []
    for path in files():
        with open(os.path.join(ROOT, path), "rb") as file:
            first = file.readline().decode(errors="replace").strip()
        if first.startswith("#!") and first.endswith(interpreters):
            found.append(path)
    return found


def answer(problems, summary):
    """Print every problem, then one closing line; exit 1 if there was any."""
    for problem in problems:
        print(problem)
    if problems:
        print(f"{len(problems)} problem(s) found.")
    else:
        print(summary)
    sys.exit(1 if problems else 0)
