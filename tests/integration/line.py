"""A bad line between one node and the hub: tests/support/shaping_proxy."""
import os
import signal
import socket
import subprocess


class Line:
    """Started; give the node `127.0.0.1:{line.port}` as its hub, and end() it."""

    def __init__(self, binary, to, control, rate_bps=64000, rtt_ms=800):
        """@to: port of the hub. @control: path of a socket to make."""
        self.control = control
        self.process = subprocess.Popen(
            [binary, "--listen", "0", "--to", str(to), "--rate-bps",
             f"{rate_bps},{rate_bps}", "--rtt-ms", str(rtt_ms), "--control", control],
            stdout=subprocess.PIPE, text=True)
        self.port = self.process.stdout.readline().split()[1]

    def stats(self):
        """What shaping_proxy.c prints of itself, by name."""
        self.process.send_signal(signal.SIGUSR1)
        words = self.process.stdout.readline().split()
        return {name: int(value) for name, value in zip(words[::2], words[1::2])}

    def bytes(self):
        """Up and down, inside TCP, since the start."""
        stats = self.stats()
        return stats["up"], stats["down"]

    def say(self, command):
        """down, up, stall…: see shaping_proxy.c."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as talk:
            talk.sendto(command.encode(), self.control)

    def end(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()
        os.unlink(self.control)
