#!/usr/bin/env python3
"""Do shells, mandoc and scripts read what common/cli makes as it is meant?

    cli.py <the sample program>

A real daemon and its command line over a real socket; the scripts and the
manual in the tools they are for. A tool that is not installed is skipped.
"""
import contextlib
import fcntl
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

SAMPLE = os.path.abspath(sys.argv[1])


def run(*words, **more):
    return subprocess.run([SAMPLE, *words], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=30, **more)


class Tools(unittest.TestCase):
    @unittest.skipUnless(shutil.which("mandoc"), "mandoc is not installed")
    def test_mandoc_has_nothing_to_complain_about(self):
        page = run("manual").stdout
        lint = subprocess.run(["mandoc", "-T", "lint", "-W", "style"], input=page,
                              stdout=subprocess.PIPE, text=True)
        # "referenced manual not found" and the like depend on the machine.
        self.assertEqual(lint.stdout, "")
        text = subprocess.run(["mandoc", "-T", "utf8"], input=page,
                              stdout=subprocess.PIPE, text=True).stdout
        self.assertIn("record add TYPE [FIELD=VALUE ...]", re.sub(".\b", "", text))

    def complete(self, words):
        script = run("completion", "bash").stdout
        done = subprocess.run(
            ["bash", "-c", script + f"""
            COMP_WORDS=(sample {words}); COMP_CWORD=$((${{#COMP_WORDS[@]}}-1))
            _sample; echo "${{COMPREPLY[*]}}" """],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.stderr, "")
        return done.stdout.split()

    def test_bash_completes_commands_options_and_choices(self):
        self.assertEqual(self.complete("st"), ["status"])
        self.assertEqual(self.complete('record ""')[:3], ["add", "list", "--help"])
        self.assertEqual(self.complete("record list --co"), ["--count", "--config"])
        self.assertEqual(self.complete("--json import --on-error s"), ["skip", "stop"])
        self.assertEqual(self.complete("completion z"), ["zsh"])
        self.assertEqual(self.complete("status --dir /et"), ["/etc"])

    @unittest.skipUnless(shutil.which("zsh"), "zsh is not installed")
    def test_zsh_completes_the_same(self):
        script = run("completion", "zsh").stdout
        done = subprocess.run(
            ["zsh", "-fc", "compadd() { shift; echo \"$@\" }\n"
             "words=(sample import --on-error s); CURRENT=4\n" + script],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.assertEqual((done.stdout.split(), done.stderr), (["skip", "stop"], ""))


class Alone(unittest.TestCase):
    def test_wrong_usage_is_2_and_told_on_standard_error(self):
        done = run("satus")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("Did you mean status?", done.stderr)

    def test_version_and_help_answer(self):
        self.assertEqual(run("--version").stdout, "sample 0.1.0\n")
        self.assertEqual(run("help", "status").stdout, run("status", "-h").stdout)
        self.assertEqual(run("help", "nothing").returncode, 4)

    def test_a_configuration_error_names_file_and_line(self):
        with tempfile.NamedTemporaryFile("w", suffix=".conf") as file:
            file.write("[node]\ndri = /x\nsocket = y\n")
            file.flush()
            done = run("config", "--check", "--config", file.name)
            self.assertEqual(done.returncode, 1)
            self.assertIn(f"{file.name}:2: dri is not a key", done.stderr)
            self.assertIn(f"{file.name}:3: socket must be a path", done.stderr)
            done = run("status", "--json", "--config", file.name)
            self.assertEqual(json.loads(done.stdout)["error"]["code"], "TIP_ECONF")

    def test_print_shows_where_a_value_comes_from(self):
        done = run("config", "--print", "--dir", "/srv/x")
        self.assertEqual(done.stdout, "[node]\n# flag --dir\ndir = /srv/x\n"
                         "# flag --dir\nsocket = /srv/x/ctl.sock\n")
        self.assertIn("# default\nsocket = /run/sample/ctl.sock\n",
                      run("config", "--print").stdout)
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "sample.conf"), "w", encoding="utf-8") as file:
                file.write("[node]\nsocket = /run/y\n")
            self.assertIn("socket = /run/y\n",
                          run("config", "--print", "--dir", folder).stdout)

    def test_a_full_disk_behind_standard_output_is_a_failure(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([SAMPLE, "help"], stdout=full,
                                  stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("standard output", done.stderr)

    def test_no_daemon_is_6_and_says_how_to_start_it(self):
        with tempfile.TemporaryDirectory() as folder:
            done = run("status", "--dir", folder)
        self.assertEqual(done.returncode, 6)
        self.assertIn("start it with: sample serve", done.stderr)


def until(condition):
    """Wait for it, longer than any machine is busy."""
    for _ in range(3000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it did not happen in 30 s")


def limit_files(size):
    """No file grows beyond @size, as if its disk were full."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def waits_for_daemon(client):
    """Has it a socket, and does it sleep until something comes?"""
    folder = f"/proc/{client.pid}"
    try:
        links = [os.readlink(os.path.join(folder, "fd", fd))
                 for fd in os.listdir(os.path.join(folder, "fd"))]
        with open(os.path.join(folder, "stat"), encoding="ascii") as file:
            state = file.read().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state == "S" and any(link.startswith("socket:") for link in links)


class WithDaemon(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.serve()

    def serve(self):
        """Start the daemon; it has begun when it answers."""
        self.daemon = subprocess.Popen([SAMPLE, "serve", "--dir", self.folder.name])
        until(lambda: self.ask("status").returncode == 3)

    def tearDown(self):
        self.daemon.send_signal(signal.SIGCONT)
        self.daemon.terminate()
        self.assertEqual(self.daemon.wait(10), 0)
        self.folder.cleanup()

    def ask(self, *words, **more):
        return run(*words, "--dir", self.folder.name, **more)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def test_the_same_answer_in_three_forms(self):
        done = self.ask("status", "--json")
        self.assertEqual(done.returncode, 3)
        self.assertEqual(json.loads(done.stdout), {
            "office": "NDB", "oldest_waiting_ms": 7860000,
            "nodes": [{"wilaya": "نواكشوط", "waiting": 37},
                      {"wilaya": 'Tiris "Zemmour"\x1b[2J', "waiting": None}],
            "notes": [{"level": "warning", "text": "The backup is 3 days old."}]})
        done = self.ask("status")
        self.assertEqual(done.stdout, """\
office              NDB
oldest waiting      2 h 11 min

WILAYA               WAITING
نواكشوط                   37
Tiris "Zemmour"\ufffd[2J  –
""")
        self.assertEqual(done.stderr, "warning: The backup is 3 days old.\n")
        done = self.ask("status", "--plain")
        self.assertEqual(done.stdout.splitlines()[2:4],
                         ["wilaya\twaiting", "نواكشوط\t37"])

    def test_an_error_of_the_daemon_has_its_code_and_sentence(self):
        done = self.ask("record", "add", "case")
        self.assertEqual((done.returncode, done.stdout), (4, ""))
        self.assertEqual(done.stderr.splitlines()[0], "error: type case")
        error = json.loads(self.ask("record", "add", "case", "--json").stdout)["error"]
        self.assertEqual((error["code"], error["number"]), ("TIP_ENOTFOUND", 4))

    def test_a_hundred_thousand_rows_come_whole(self):
        done = self.ask("record", "list", "--count=100000", "--plain")
        lines = done.stdout.splitlines()
        self.assertEqual((done.returncode, len(lines)), (0, 100001))
        self.assertEqual(lines[-1], "99999\tsixteen letters.")
        self.assertEqual(len(done.stderr.splitlines()), 9)

    def test_a_reader_who_has_seen_enough_is_no_failure(self):
        client = subprocess.Popen([SAMPLE, "record", "list", "--count=100000", "-q",
                                   "--plain", "--dir", self.folder.name],
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual(client.stdout.readline(), b"number\ttext\n")
        client.stdout.close()
        self.assertEqual(client.stderr.read(), b"")
        client.stderr.close()
        self.assertEqual(client.wait(timeout=30), 141)

    def test_files_are_read_by_the_client(self):
        with open(self.path("a"), "wb") as file:
            file.write(b"x" * 1000001)
        done = self.ask("import", self.path("a"), "--map", "-", "--json", input="12345")
        self.assertEqual(json.loads(done.stdout), {"files": 2, "read_bytes": 1000006})
        done = self.ask("import", self.path("none"))
        self.assertEqual(done.returncode, 4)
        self.assertIn(self.path("none"), done.stderr)

    def test_a_file_is_made_whole_and_private(self):
        done = self.ask("export", "--to", self.path("out.csv"), "--json")
        self.assertEqual((done.returncode, done.stdout), (0, "{}\n"))
        with open(self.path("out.csv"), encoding="utf-8") as file:
            self.assertEqual(file.read(), "a,b\n1,2\n")
        self.assertEqual(os.stat(self.path("out.csv")).st_mode & 0o777, 0o600)
        self.assertEqual(self.ask("export").stdout, "a,b\n1,2\n")
        self.assertEqual(self.ask("export", "--to", self.path("no/x")).returncode, 4)

    def test_only_a_file_is_replaced_by_a_file(self):
        os.symlink(self.path("out.csv"), self.path("link"))
        os.mkfifo(self.path("fifo"))
        for place, code in ((self.folder.name, "TIP_EFOLDER"), (self.path("link"), "TIP_EINVAL"),
                            (self.path("fifo"), "TIP_EINVAL")):
            before = sorted(os.listdir(self.folder.name)), os.lstat(place).st_mode
            done = self.ask("export", "--to", place)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn(place, done.stderr)
            self.assertIn(code, done.stderr)
            self.assertEqual((sorted(os.listdir(self.folder.name)), os.lstat(place).st_mode),
                             before)

    def test_one_at_a_time_makes_a_file(self):
        with open(self.path("out.csv.new"), "w", encoding="utf-8") as other:
            other.write("half of something else")
            other.flush()
            fcntl.flock(other, fcntl.LOCK_EX)
            done = self.ask("export", "--to", self.path("out.csv"))
            self.assertEqual(done.returncode, 1)
            self.assertIn("TIP_EAGAIN", done.stderr)
        done = self.ask("export", "--to", self.path("out.csv"))  # It ended midway.
        self.assertEqual(done.returncode, 0)
        with open(self.path("out.csv"), encoding="utf-8") as file:
            self.assertEqual(file.read(), "a,b\n1,2\n")

    def test_a_file_that_is_not_whole_is_an_error(self):
        for size in (0, 4):  # Nothing of it is written, or a part.
            done = self.ask("export", "--to", self.path("out.csv"), "--json",
                            preexec_fn=lambda n=size: limit_files(n))
            self.assertEqual(done.returncode, 1)
            self.assertIn("TIP_EIO", done.stdout + done.stderr)
            self.assertEqual([name for name in os.listdir(self.folder.name)
                              if name.startswith("out")], [])

    def test_ctrl_c_ends_the_command_and_not_the_daemon(self):
        client = subprocess.Popen([SAMPLE, "sync", "--dir", self.folder.name],
                                  stderr=subprocess.PIPE, text=True)
        for _ in range(3):  # It may have slept for something shorter.
            until(lambda: waits_for_daemon(client))
            time.sleep(0.02)
        client.send_signal(signal.SIGINT)
        self.assertIn("TIP_ECANCELED", client.communicate(timeout=10)[1])
        self.assertEqual(client.returncode, 130)
        self.assertEqual(self.ask("status").returncode, 3)

    def test_a_daemon_that_hangs_is_7(self):
        self.daemon.send_signal(signal.SIGSTOP)
        done = self.ask("status", "--timeout", "300 ms")
        self.assertEqual(done.returncode, 7)

    def test_a_daemon_that_dies_is_told_apart(self):
        client = subprocess.Popen([SAMPLE, "sync", "--dir", self.folder.name],
                                  stderr=subprocess.PIPE, text=True)
        for _ in range(3):  # It may have slept for something shorter.
            until(lambda: waits_for_daemon(client))
            time.sleep(0.02)
        self.daemon.kill()
        self.assertIn("TIP_EDAEMON_LOST", client.communicate(timeout=10)[1])
        self.assertEqual(client.returncode, 1)
        self.daemon.wait()
        self.serve()

    def test_more_callers_than_places_are_all_answered(self):
        # Into files: a client that waits to be read would keep its place for ever.
        with contextlib.ExitStack() as stack:
            answers = [stack.enter_context(tempfile.TemporaryFile()) for _ in range(40)]
            clients = [subprocess.Popen([SAMPLE, "record", "list", "--count=20000",
                                         "--plain", "-q", "--dir", self.folder.name],
                                        stdout=answer) for answer in answers]
            for client, answer in zip(clients, answers):
                self.assertEqual(client.wait(timeout=60), 0)
                answer.seek(0)
                self.assertEqual(len(answer.read().splitlines()), 20001)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
