"""What processes cost, as the kernel counts: CPU, memory, bytes on the wire."""
import os
import time


def processes(program):
    """A daemon and its link child."""
    return [program.process.pid, *program.children()]


def cpu_s(pid):
    """By the scheduler, to the nanosecond: one tick of /proc/PID/stat is more than
    a node at rest may spend in ten seconds."""
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/schedstat", encoding="ascii") as file:
            total += int(file.read().split()[0])
    return total / 1e9


def memory_kib(program, line):
    """@line RssAnon: private, no mapped file pages. VmRSS: with them."""
    total = 0
    for pid in processes(program):
        with open(f"/proc/{pid}/status", encoding="ascii") as file:
            for row in file:
                if row.startswith(line + ":"):
                    total += int(row.split()[1])
    return total


def private_kib(program):
    return memory_kib(program, "RssAnon")


def resident_kib(program):
    return memory_kib(program, "VmRSS")


def wire_bytes():
    """All that crossed loopback so far, with the headers of every layer."""
    with open("/proc/net/dev", encoding="ascii") as file:
        for row in file:
            name, _, rest = row.partition(":")
            if name.strip() == "lo":
                return int(rest.split()[0])
    raise AssertionError("no loopback")


class Meter:
    """From here until stop(): seconds, CPU, bytes. A process that started in
    between counts from its start."""

    def __init__(self, hub, nodes):
        self.hub, self.nodes = hub, nodes
        self.cpu = {pid: cpu_s(pid) for pid in self.pids()}
        self.wire, self.start = wire_bytes(), time.monotonic()
        self.took = self.bytes = None

    def pids(self):
        return [pid for program in (self.hub, *self.nodes)
                if program.process is not None for pid in processes(program)]

    def lap(self):
        """Stop the clock; the rest goes on."""
        self.took = time.monotonic() - self.start

    def stop(self):
        self.bytes = wire_bytes() - self.wire

    def spent(self, program):
        return sum(cpu_s(pid) - self.cpu.get(pid, 0) for pid in processes(program))

    def cost(self):
        """One line for people."""
        nodes = [node for node in self.nodes if node.process is not None]
        cpu = sum(self.spent(node) for node in nodes)
        private = sum(private_kib(node) for node in nodes) // len(nodes)
        resident = sum(resident_kib(node) for node in nodes) // len(nodes)
        return (f"hub {self.spent(self.hub):.2f} s of CPU, "
                f"{private_kib(self.hub):,} KiB private, "
                f"{resident_kib(self.hub):,} KiB resident; {len(nodes)} node(s) "
                f"{cpu:.2f} s of CPU, {private:,} KiB private, {resident:,} KiB "
                "resident each")
