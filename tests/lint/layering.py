"""tests/lint/layers.txt and the build's link graph, read."""
import fnmatch
import os
import sys

import tree


class Layers:
    """folders: {folder: set of folders}; pure: set of folders;
    owners: [(library, folder, [header pattern])]"""

    def __init__(self):
        self.folders, self.pure, self.owners = {}, set(), []
        for line in tree.read("tests/lint/layers.txt").splitlines():
            words = line.split("#")[0].split()
            if words and words[0] == "folder":
                self._add_folder(line)
            elif words and words[0] == "library":
                self.owners.append((words[1], words[2], words[3:]))
            elif words:
                sys.exit(f"layers.txt: cannot read \"{line}\".")

    def _add_folder(self, line):
        left, right = line.split(":")
        name, *words = left.split()[1:]
        allowed = set()
        for pattern in right.split():
            found = fnmatch.filter(self.folders, pattern)
            if not found:
                sys.exit(f"layers.txt: {name} names {pattern}, which does not "
                         "stand above it.")
            allowed.update(found)
        self.folders[name] = allowed
        if words == ["pure"]:
            self.pure.add(name)

    def folder_of(self, path):
        """The folder of the table that is or holds @path, or None."""
        folder = path
        while folder and folder not in self.folders:
            folder = os.path.dirname(folder)
        return folder or None

    def owner_of(self, header):
        """(library, folder) that header <@header> belongs to, or None."""
        for library, folder, patterns in self.owners:
            if any(fnmatch.fnmatch(header, pattern) for pattern in patterns):
                return library, folder
        return None


class Target:
    """folder; links: what it links; shows: what those who link it see too."""

    def __init__(self, line):
        left, right = line.split("|")
        self.name, self.folder, *links = left.split(" ")
        self.links = [link for link in links if link]
        self.shows = right.split()


def link_graph(build):
    """{name: Target} as CMake wrote it."""
    with open(os.path.join(build, "link-graph.txt"), encoding="utf-8") as file:
        targets = [Target(line) for line in file.read().splitlines()]
    return {target.name: target for target in targets}


def reach(graph, name):
    """Folders whose headers @name sees: its own, those of what it links, and
    those of what these show."""
    folders, seen = {graph[name].folder}, set()
    todo = graph[name].links + graph[name].shows
    while todo:
        link = todo.pop()
        if link in graph and link not in seen:
            seen.add(link)
            folders.add(graph[link].folder)
            todo += graph[link].shows
    return folders
