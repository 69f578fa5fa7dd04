"""The real programs, run by the tests of this folder.

    with programs.Rig(sys.argv) as rig:
        hub = rig.hub(); node = rig.enrolled(hub, 8)

Everything lies in one temporary folder, and every process is ended with the
rig. Nothing sleeps to wait for another process: until() asks again and again.
"""
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

from line import Line

WAIT_S = 90
HISTORY, FRAMES_UP, HOLDING = 2, 4, 14  # Tables of a store.
NO_BUDGET = "[quota]\nchanges = 0\n"  # However much an office sends, it is no flood.


def until(what, condition, wait_s=WAIT_S):
    """Ask until it is true; its value. Fails with @what."""
    end = time.monotonic() + wait_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {wait_s} s")
        time.sleep(0.05)


def expect(condition, what):
    if not condition:
        raise AssertionError(what)


def holds(path, text):
    with open(path, "rb") as file:
        return text.encode() in file.read()


class Program:
    """One program with its folder."""

    def __init__(self, rig, binary, name):
        self.rig, self.binary = rig, binary
        self.dir = os.path.join(rig.dir, name)
        self.log = os.path.join(rig.dir, name + ".log")
        self.process = None

    def run(self, *words, code=0, timeout=120):
        """Run a command; its completed process. Fails unless it exits with @code."""
        done = subprocess.run([self.binary, *words, "--dir", self.dir],
                              capture_output=True, text=True, timeout=timeout,
                              check=False)
        codes = code if isinstance(code, tuple) else (code,)
        expect(done.returncode in codes,
               f"{os.path.basename(self.binary)} {' '.join(words)}: exit "
               f"{done.returncode}, not {code}\n{done.stdout}{done.stderr}"
               f"{self.tail()}")
        return done

    def ask(self, *words, code=(0, 3)):
        """Run a command with --json; what it answered."""
        done = self.run(*words, "--json", code=code)
        return json.loads(done.stdout)

    def refused(self, error, *words):
        """Run a command that must fail with @error."""
        self.refused_one_of({error}, *words)

    def refused_one_of(self, errors, *words):
        """…or with one of @errors."""
        done = subprocess.run([self.binary, *words, "--json", "--dir", self.dir],
                              capture_output=True, text=True, timeout=120,
                              check=False)
        out = done.stdout if done.stdout.startswith("{") else done.stderr
        expect(done.returncode not in (0, 3), f"{words}: was not refused")
        answer = json.loads(out)["error"]
        expect(answer["code"] in errors, f"{words}: {answer}, not {errors}")
        expect(answer["message"].endswith("."), f"{answer} is no sentence")

    def launch(self):
        """Start it and do not wait."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([self.binary, "serve", "--dir", self.dir],
                                            stdout=log, stderr=log)

    def start(self):
        self.launch()
        until(f"{self.dir} answers", self.answers)

    def answers(self):
        expect(self.process.poll() is None,
               f"{self.dir}: the daemon ended\n{self.tail()}")
        done = subprocess.run([self.binary, "status", "--json", "--dir", self.dir],
                              capture_output=True, check=False, timeout=120)
        return done.returncode in (0, 3)

    def stop(self):
        """SIGTERM; it must end in order."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=WAIT_S)
        expect(code == 0, f"{self.dir}: stopped with {code}\n{self.tail()}")
        self.process = None

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process = None

    def children(self):
        """Pids of the daemon's children: its link."""
        path = f"/proc/{self.process.pid}/task/{self.process.pid}/children"
        with open(path, encoding="ascii") as file:
            return [int(pid) for pid in file.read().split()]

    def status(self):
        return self.ask("status")

    def tail(self):
        try:
            with open(self.log, encoding="utf-8", errors="replace") as file:
                return file.read()[-2000:]
        except FileNotFoundError:
            return ""


class Rig:
    def __init__(self, argv):
        expect(len(argv) == 4, "usage: test TIPNODE TIPHUB SCRIBE")
        self.node_binary, self.hub_binary, self.scribe_binary = argv[1:]
        self.dir = tempfile.mkdtemp(prefix="tip-")
        self.programs, self.lines = [], []
        self.store_size = "256 MiB"  # Of every program made from now on.

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for program in self.programs:
            if program.process is not None:
                program.kill()
        for line in self.lines:
            line.end()
        shutil.rmtree(self.dir)

    def path(self, name):
        return os.path.join(self.dir, name)

    def make(self, binary, name, conf):
        program = Program(self, binary, name)
        self.programs.append(program)
        program.run("init", "--dev")
        with open(os.path.join(program.dir, conf[0]), "w", encoding="utf-8") as file:
            file.write(conf[1] + f"[store]\nsize = {self.store_size}\n")
        return program

    def hub(self, name="hub", conf=""):
        """A hub that listens on loopback, started; @conf is more of its hub.conf."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        hub = self.make(self.hub_binary, name, (
            "hub.conf", f"[link]\nlisten = 127.0.0.1:{port}\n"
                        f"public = 127.0.0.1:{port}\n{conf}"))
        hub.port = port
        hub.start()
        return hub

    def node(self, name):
        """A node that nobody knows yet."""
        return self.make(self.node_binary, name, (
            "node.conf", "[sync]\nretry-first = 100 ms\nretry-longest = 2 s\n"))

    def line(self, hub, **weather):
        """A line to @hub, as bad as Line() says; ended with the rig."""
        proxy = os.path.join(os.path.dirname(self.scribe_binary), "..", "support",
                             "shaping_proxy")
        line = Line(proxy, hub.port, self.path(f"line{len(self.lines)}"), **weather)
        self.lines.append(line)
        return line

    def behind(self, line, node, more=""):
        """Have @node call the hub by @line; @more is more of the [sync] of its node.conf."""
        path = os.path.join(node.dir, "node.conf")
        with open(path, encoding="utf-8") as file:
            before = file.read()
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"[sync]\nhub = 127.0.0.1:{line.port}\n{more}{before}")

    def copy_of(self, program, name):
        """Another machine with a copy of the disk of @program, which is not running."""
        copy = Program(self, program.binary, name)
        shutil.copytree(program.dir, copy.dir)
        self.programs.append(copy)
        return copy

    def scribe(self, node, count):
        """Save so many records at a node that is not running; its newest seq."""
        done = subprocess.run([self.scribe_binary, node.dir, str(count)],
                              capture_output=True, text=True, timeout=120, check=False)
        expect(done.returncode == 0, f"scribe: {done.stderr}")
        return int(done.stdout)

    def tool(self, name, program, *words):
        """Have a tool do something with the store of a program that is not running;
        what it printed."""
        path = os.path.join(os.path.dirname(self.scribe_binary), name)
        done = subprocess.run([path, program.dir, *words], capture_output=True, text=True,
                              timeout=120, check=False)
        expect(done.returncode == 0, f"{name}: {done.stderr}")
        return done.stdout

    def miscount(self, hub):
        """Make the figures of a hub that is not running wrong."""
        self.tool("miscount", hub)

    def rot(self, program):
        """Let two records of a program that is not running rot."""
        self.tool("rot", program)

    def rot_frame(self, program):
        """Let a frame of a program that is not running rot."""
        self.rot_row(program, FRAMES_UP)

    def rot_row(self, program, table):
        """Let the first row of @table of a program that is not running rot."""
        self.tool("rot_row", program, str(table))

    def rows_with(self, program, *texts):
        """How many rows of the store of a program that is not running hold one of
        @texts, opened with its keys."""
        return int(self.tool("grep_store", program, *texts))

    def files_with(self, text):
        """Every file of the rig that holds @text as it lies there."""
        paths = [os.path.join(folder, name) for folder, _, names in os.walk(self.dir)
                 for name in names]
        return [path for path in paths if os.path.isfile(path) and holds(path, text)]

    def scrubs(self, program):
        """Have a program that is running read its store; its status then."""
        before = program.status()["last_scrub"]
        program.run("scrub")
        until("all of the store is read", lambda: program.status()["last_scrub"] != before)
        return program.status()

    def invite(self, hub, office, *words):
        path = self.path(f"{office}.invite")
        hub.run("enrol", "invite", "--office", str(office), "--name",
                f"Office {office}", "--to", path, *words)
        return path

    def enrol(self, hub, node, office):
        """The whole way by files; returns both fingerprints."""
        request, approval = self.path(f"{office}.request"), self.path(f"{office}.approval")
        asked = node.ask("enrol", "request", "--invite", self.invite(hub, office),
                         "--to", request)
        shown = hub.ask("enrol", "show", request)
        hub.run("enrol", "approve", request, "--to", approval)
        node.run("enrol", "accept", approval)
        return asked["fingerprint"], shown["fingerprint"]

    def enrolled(self, hub, office):
        """A node that is enrolled, started and connected."""
        node = self.node(f"node{office}")
        self.enrol(hub, node, office)
        node.start()
        connected(node)
        return node


def connected(node):
    until(f"{node.dir} is connected",
          lambda: node.status()["session"] == "connected")


def main(test):
    try:
        with Rig(sys.argv) as rig:
            test(rig)
    except AssertionError as error:
        print(f"FAILED: {error}")
        sys.exit(1)
