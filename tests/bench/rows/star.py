"""A hub and its offices on loopback, as every row finds them."""
import os
import time

import programs
from . import cases, control

FIRST_OFFICE = 2
NOWHERE = "127.0.0.1:9"  # Nobody listens there: a node that cannot call.
IMPORT_ROWS = 100000     # In one file, well below what an import takes.
EDITED_RECORDS = 2000    # Per office; edits go round among them.
POLL_S = 0.02


class Star:
    """Enrolled, connected, with the national catalogue and no record."""

    def __init__(self, rig, offices):
        self.rig, self.made, self.editors = rig, 0, {}
        self.hub = rig.hub(conf=programs.NO_BUDGET)
        pack = rig.path("catalogue.pack")
        self.hub.run("catalogue", "check", cases.CATALOGUE, "--pack", pack)
        self.hub.run("catalogue", "publish", pack)
        self.nodes = [self.join() for _ in range(offices)]

    def join(self):
        """One more office."""
        node = self.rig.enrolled(self.hub, FIRST_OFFICE + self.made)
        self.made += 1
        programs.until("the catalogue has arrived",
                       lambda: control.ask(node, "status").get("catalogue"))
        return node

    def alone(self):
        """Stop all offices but the first, so that the wire is its own."""
        for node in self.nodes[1:]:
            if node.process is not None:
                node.stop()
        return self.nodes[0]

    def all(self):
        """Every office, running."""
        for node in self.nodes:
            if node.process is None:
                node.start()
        return self.nodes

    def address(self):
        """Where the hub listens."""
        with open(os.path.join(self.hub.dir, "hub.conf"), encoding="utf-8") as file:
            return file.read().split("listen = ")[1].split()[0]

    def fill(self, node, office, first, count, identities=False):
        """Import @count cases at @node."""
        path = self.rig.path("rows.csv")
        while count > 0:
            rows = min(count, IMPORT_ROWS)
            cases.write_rows(path, office, first, rows, identities)
            answer = node.ask("import", path, "--type", "case")
            programs.expect(answer["saved"] == rows, f"{answer}")
            first, count = first + rows, count - rows

    def editor(self, node):
        """Who edits at @node; the same each time, as it knows what it wrote."""
        if node not in self.editors:
            rows = node.ask("record", "list", "case", "--limit", str(EDITED_RECORDS))
            self.editors[node] = cases.Editor([row["id"] for row in rows["records"]],
                                              len(self.editors))
        return self.editors[node]


def aim(node, address):
    """Let a node that is not running call @address from its next start on."""
    path = os.path.join(node.dir, "node.conf")
    with open(path, encoding="utf-8") as file:
        rows = [row for row in file if not row.startswith("hub = ")]
    rows.insert(rows.index("[sync]\n") + 1, f"hub = {address}\n")
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(rows)


def restart(node, address):
    """Stop it if it runs; start it to call @address."""
    if node.process is not None:
        node.stop()
    aim(node, address)
    node.start()


def frame_all(node, rig):
    """Cut what was saved into frames, as a stick would; nothing is sent."""
    path = rig.path("frames.bundle")
    node.run("bundle", "export", "--to", path)
    os.remove(path)


def wait_all(nodes, field, wait_s=600):
    """Until all that was saved is @field (confirmed: on the hub's disk;
    decided: merged, and the node knows)."""
    left, end = list(nodes), time.monotonic() + wait_s
    while left:
        status = control.ask(left[0], "status")
        if status[field] >= status["saved"]:
            left.pop(0)
            continue
        programs.expect(time.monotonic() < end, f"{left[0].dir}: {status}")
        time.sleep(POLL_S)
