"""The real programs of one run: a hub and its offices, each behind a bad line."""
import json
import os
import shutil
import stat
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "integration"))

import programs  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(HERE))
LIMIT_SMALL, LIMIT_LARGE = "24 MiB", "512 MiB"
FAKETIME = ("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
            "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1")
COMMAND_S = 60
DELETIONS = 4  # Of an office in a day; what is more waits for a person.
# A command that ended so has done nothing; with any other error it may have.
REFUSALS = {"TIP_ECHANGED", "TIP_ENOTFOUND", "TIP_EACCESS", "TIP_EOFFICES",
            "TIP_EVALUE", "TIP_EUNKNOWN_FIELD", "TIP_EREASON", "TIP_ESTORE_FULL",
            "TIP_ETOOBIG", "TIP_EOFFICE", "TIP_EINVAL", "TIP_EUSAGE",
            "TIP_EDELETED", "TIP_ECATALOGUE", "TIP_EEXISTS", "TIP_ERECOVERING"}


class Answer:
    """What a command answered: acked, refused or unknown."""

    def __init__(self, done):
        self.fate, self.error, self.json = "unknown", None, {}
        if done is None:
            return
        for text in (done.stdout, done.stderr):
            try:
                self.json = json.loads(text)
                break
            except ValueError:
                continue
        self.error = self.json.get("error", {}).get("code") if isinstance(
            self.json, dict) else None
        if done.returncode in (0, 3, 9) and self.error is None:
            self.fate = "acked"
        elif self.error in REFUSALS:
            self.fate = "refused"


class Machine:
    """A program with its own clock, that may be dead, stopped or full."""

    def __init__(self, program, name, office):
        self.program, self.name, self.office = program, name, office
        self.line = None     # An office's line to the hub.
        self.is_stopped = False
        self.tick = lambda: None  # Called while a command takes its time.
        self.ballast = None  # A file that fills its disk.
        self.is_small = False
        self.backup = None  # A file, once one was made.
        self.was_chosen = False  # A person named it as the copy that goes on.
        self.is_closed = False  # Its store is being put back: nobody starts it.
        self.clock = program.dir + ".clock"
        self.conf = os.path.join(program.dir, os.path.basename(program.binary)[3:] + ".conf")
        self.set_clock(0)

    def set_clock(self, seconds):
        """By the next look at it the machine's clock is wrong by so much."""
        with open(self.clock + ".new", "w", encoding="ascii") as file:
            file.write(f"{'+' if seconds >= 0 else ''}{int(seconds)}s\n")
        os.replace(self.clock + ".new", self.clock)

    def environment(self):
        library = next((path for path in FAKETIME if os.path.exists(path)), None)
        assert library, "Install the package faketime: clocks cannot be set wrong."
        return dict(os.environ, LD_PRELOAD=library, DONT_FAKE_MONOTONIC="1",
                    FAKETIME_TIMESTAMP_FILE=self.clock, FAKETIME_NO_CACHE="1",
                    FAKETIME_DONT_FAKE_STAT="1", NO_FAKE_STAT="1")

    def launch(self):
        with open(self.program.log, "ab") as log:
            self.program.process = subprocess.Popen(
                [self.program.binary, "serve", "--dir", self.program.dir],
                stdout=log, stderr=log, env=self.environment())

    def is_up(self):
        return self.program.process is not None and self.program.process.poll() is None

    def answers(self):
        return self.is_up() and self.command("status").fate == "acked"

    def start(self):
        self.launch()
        end = time.monotonic() + programs.WAIT_S
        while not self.answers():
            if not self.is_up():
                return False
            assert time.monotonic() < end, f"{self.name} does not answer"
            time.sleep(0.05)
        return True

    def begin(self, *words, **account):
        return subprocess.Popen(
            [self.program.binary, *words, "--json", "--dir", self.program.dir],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **account)

    def begin_as_another(self, *words):
        """…as an account that is not ours but in the daemon's group; takes root."""
        for path in (self.program.rig.dir, self.program.dir):
            os.chmod(path, 0o750)
        return self.begin(*words, user=1, group=0, extra_groups=[])

    def end(self, process, wait_s=COMMAND_S, during=None):
        """What it answered; @during may do something to the machine meanwhile."""
        if during is not None:
            during()
        end = time.monotonic() + wait_s
        while True:
            try:
                out, err = process.communicate(timeout=0.2)
                return Answer(subprocess.CompletedProcess([], process.returncode, out, err))
            except subprocess.TimeoutExpired:
                self.tick()
            if time.monotonic() > end:
                process.kill()
                process.communicate()
                return Answer(None)

    def command(self, *words, wait_s=COMMAND_S):
        return self.end(self.begin(*words), wait_s)

    def make_backup(self):
        """Was it made? One that is there stays."""
        path = self.program.dir + ".backup"
        if self.backup is None and self.command("backup", "create", path).fate == "acked":
            self.backup = path
        return self.backup is not None

    def put_back(self):
        """Have the store of that backup, if nothing here would be lost by it; the
        daemon does not run. What is put aside for it is removed. Was it done?"""
        self.is_closed = True
        answer = self.command("backup", "restore", "--replace", self.backup,
                              "--second-person", "another")
        self.is_closed = False
        os.unlink(self.backup)
        self.backup = None
        for name in os.listdir(self.program.dir):
            if name.startswith("store.before-"):
                os.unlink(os.path.join(self.program.dir, name))
        return answer.fate == "acked"

    def set_limit(self, size):
        with open(self.conf, encoding="utf-8") as file:
            text = file.read()
        head, _, _ = text.partition("[store]")
        with open(self.conf, "w", encoding="utf-8") as file:
            file.write(f"{head}[store]\nsize = {size}\n")


class World:
    """Enrolled, connected and of one catalogue. Use as a context."""

    def __init__(self, build, nodes):
        names = ("node/tipnode", "hub/tiphub", "tests/integration/scribe")
        self.rig = programs.Rig(["soak"] + [os.path.join(build, name) for name in names])
        self.count, self.nodes, self.hub, self.mounts = nodes, [], None, []

    def __enter__(self):
        self.rig.__enter__()
        self.rig.store_size = LIMIT_LARGE
        try:
            self.make()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for machine in self.nodes + [self.hub]:
            if machine is not None and machine.is_up():
                machine.program.kill()
        for path in self.mounts:
            subprocess.run(["umount", "-l", path], check=False)
        self.rig.__exit__()

    def keep(self, folder):
        """What everybody has, for who looks for the fault."""
        for machine in self.nodes + [self.hub]:
            if machine.is_up():
                machine.program.kill()
        shutil.copytree(self.rig.dir, folder, ignore=lambda path, names: [
            name for name in names if stat.S_ISSOCK(
                os.stat(os.path.join(path, name)).st_mode)])

    def make(self):
        program = self.rig.hub(conf=f"[quota]\ndeletions = {DELETIONS}\n")
        self.hub = Machine(program, "hub", 1)
        pack = self.rig.path("catalogue.pack")
        program.run("catalogue", "check",
                    os.path.join(ROOT, "common/catalogue/national"), "--pack", pack)
        program.run("catalogue", "publish", pack)
        for i in range(self.count):
            self.nodes.append(self.make_node(11 + i, program))
        program.stop()
        for machine in [self.hub] + self.nodes:
            assert machine.start(), machine.program.tail()
        for machine in self.nodes:
            programs.until("the catalogue has arrived", lambda m=machine: m.command(
                "status").json.get("catalogue"))

    def make_node(self, office, hub):
        name = f"node{office}"
        if office == 11:
            self.give_small_disk(self.rig.path(name))
        program = self.rig.node(name)
        self.rig.enrol(hub, program, office)
        machine = Machine(program, name, office)
        machine.line = self.rig.line(hub, rate_bps=4000000, rtt_ms=20)
        self.rig.behind(machine.line, program)
        machine.set_limit(LIMIT_LARGE)
        return machine

    def give_small_disk(self, path):
        """A disk of its own, which a file can fill; where we may not, none."""
        os.makedirs(path, mode=0o700)
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=96m,mode=0700",
                               "tmpfs", path], check=False, stderr=subprocess.DEVNULL)
        if done.returncode == 0:
            self.mounts.append(path)
        else:
            os.rmdir(path)
