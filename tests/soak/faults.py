"""What goes wrong. A fault lasts until its end is due; heal() ends them all. To
add one: a method here, whose name is the fault and which gives what ends it."""
import os
import signal
import time

from world import LIMIT_LARGE, LIMIT_SMALL

CLOCKS = (-56 * 365 * 86400, -365 * 86400, -3600, 90, 86400, 365 * 86400)


NOT_STRUCK = object()  # There was nothing for this fault to do.


class Faults:
    def __init__(self, world, chance):
        self.world, self.chance = world, chance
        self.totals = {name: 0 for name in self.kinds()}
        self.due = []  # (when, end), of what lasts.
        for machine in self.machines():
            machine.tick = self.end_due

    def kinds(self):
        return ["kill_node", "kill_hub", "kill_link", "stop_node", "stop_hub",
                "restart_node", "restart_hub", "line_cut", "line_down", "line_stall",
                "line_slow", "clock_step", "limit_reached", "node_put_back"] + (
                    ["disk_full"] if self.world.mounts else [])

    def strike(self, name=None):
        self.end_due()
        name = name or self.chance.choice(self.kinds())
        end = getattr(self, name)()
        if end is NOT_STRUCK:
            return
        self.totals[name] += 1
        if end is not None:
            self.due.append((time.monotonic() + self.chance.uniform(0.5, 6), end))

    def end_due(self, everything=False):
        for when, end in list(self.due):
            # Ending one may take long enough to end the next.
            if (when, end) in self.due and (everything or when <= time.monotonic()):
                self.due.remove((when, end))
                end()
        for machine in self.machines():
            if not machine.is_up():
                self.revive(machine)

    def heal(self):
        """End all, and from now on start nobody again."""
        self.end_due(everything=True)
        for machine in self.machines():
            machine.tick = lambda: None

    def machines(self):
        return [self.world.hub] + self.world.nodes

    def node(self):
        return self.chance.choice(self.world.nodes)

    def revive(self, machine):
        """Start it again; a full disk may forbid that until there is room."""
        if machine.is_closed:
            return
        if machine.program.process is not None:
            code = machine.program.process.wait()
            assert code in (0, -signal.SIGKILL) or machine.ballast, (
                f"{machine.name} ended with {code}\n{machine.program.tail()}")
        if not machine.start():
            assert machine.ballast, f"{machine.name} does not start\n{machine.program.tail()}"
            self.remove_ballast(machine)
            assert machine.start(), f"{machine.name}: {machine.program.tail()}"

    def kill(self, machine):
        self.go_on(machine)
        machine.program.kill()

    def kill_node(self):
        self.kill(self.node())

    def kill_hub(self):
        self.kill(self.world.hub)

    def kill_link(self):
        machine = self.chance.choice(self.machines())
        for pid in machine.program.children():
            os.kill(pid, signal.SIGKILL)

    def stop(self, machine):
        machine.program.process.send_signal(signal.SIGSTOP)
        machine.is_stopped = True
        return lambda: self.go_on(machine)

    @staticmethod
    def go_on(machine):
        if machine.is_stopped:
            machine.is_stopped = False
            machine.program.process.send_signal(signal.SIGCONT)

    def stop_node(self):
        return self.stop(self.node())

    def stop_hub(self):
        return self.stop(self.world.hub)

    def restart(self, machine):
        self.go_on(machine)
        if machine.is_up():  # Another fault may have struck it.
            machine.program.stop()
        self.revive(machine)

    def node_put_back(self):
        """Its disk is as it was some faults ago; work that waits there forbids it, and
        a hub that was put back and has not all of it again: what both have forgotten
        nobody has, and the office does not know yet that the hub has."""
        node = self.node()
        if self.world.hub.command("status").json.get("recovering", True):
            return NOT_STRUCK
        if node.backup is None:
            node.make_backup()
            return NOT_STRUCK
        self.go_on(node)
        if node.is_up():
            node.program.stop()
        was_done = node.put_back()
        self.revive(node)
        return None if was_done else NOT_STRUCK

    def restart_node(self):
        self.restart(self.node())

    def restart_hub(self):
        self.restart(self.world.hub)

    def line_cut(self):
        self.node().line.say(self.chance.choice(
            ["cut", f"cut-after {self.chance.randrange(1, 4000)}"]))

    def line_down(self):
        node = self.node()
        node.line.say("down")
        return lambda: node.line.say("up")

    def line_stall(self):
        node = self.node()
        node.line.say(self.chance.choice(["stall", "stall up", "stall down"]))
        return lambda: node.line.say("resume")

    def line_slow(self):
        node = self.node()
        node.line.say("rate 16000 16000")
        node.line.say("rtt 600")

        def end():
            node.line.say("rate 4000000 4000000")
            node.line.say("rtt 20")
        return end

    def clock_step(self):
        machine = self.chance.choice(self.machines())
        machine.set_clock(self.chance.choice(CLOCKS))
        return lambda: machine.set_clock(0)

    def limit_reached(self):
        """The store may not grow any more: what it has is what it may have."""
        node = self.node()
        if node.is_small:
            return NOT_STRUCK
        node.is_small = True
        node.set_limit(LIMIT_SMALL)
        self.restart(node)

        def end():
            node.is_small = False
            node.set_limit(LIMIT_LARGE)
            self.restart(node)
        return end

    def disk_full(self):
        """Not a byte is left on the disk of the first office."""
        node = self.world.nodes[0]
        if node.ballast is not None:
            return NOT_STRUCK
        node.ballast = os.path.join(node.program.dir, "ballast")
        with open(node.ballast, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(65536))
            except OSError:
                pass
        return lambda: self.remove_ballast(node)

    @staticmethod
    def remove_ballast(node):
        if node.ballast is not None:
            os.unlink(node.ballast)
            node.ballast = None
