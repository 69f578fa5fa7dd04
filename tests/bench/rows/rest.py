"""Rows of a node at rest."""
import time

from . import control, cost, star
from .table import Figure

SETTLE_S = 5
SIZES = (1000, 100000)


def resting(node):
    """Started again, connected, with nothing to do."""
    node.stop()
    node.start()
    star.wait_all([node], "decided")
    time.sleep(SETTLE_S)


def idle(bench):
    """A node and its link child, connected and with nothing to do: private
    memory, and CPU over some seconds. Started anew, as after a night."""
    node, held = bench.star.join(), 0
    for size in SIZES if bench.records > 1000 else SIZES[:1]:
        bench.star.fill(node, bench.star.made, held, size - held)
        held = size
        control.ask(node, "sync")
        star.wait_all([node], "decided")
        bench.say(f"{size:,} records: {cost.private_kib(node):,} KiB private right "
                  "after they were imported")
        resting(node)
        before = sum(cost.cpu_s(pid) for pid in cost.processes(node))
        time.sleep(bench.idle_s)
        spent = sum(cost.cpu_s(pid) for pid in cost.processes(node)) - before
        bench.say(f"{size:,} records: {cost.resident_kib(node):,} KiB resident")
        yield Figure("idle", f"a node of {size:,} records, private memory",
                     cost.private_kib(node) * 1024 / 1e6, "MB",
                     12 if size == SIZES[0] else None)
        yield Figure("idle", f"a node of {size:,} records, CPU",
                     1000 * spent / bench.idle_s, "ms/s",
                     1 if size == SIZES[0] else None)
    node.stop()
