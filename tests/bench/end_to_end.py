#!/usr/bin/env python3
"""Goal: how fast and how small are the real programs, all together, here?

A hub and its offices on loopback, every acknowledgement after an fsync. Each
row prints what its processes cost; the table at the end has target, measured
and, where PostgreSQL is installed, its logical replication under the same load
in the same run. tests/bench/rows/README.md says what each row is.

As root, everything runs in a network namespace of its own, so that the bytes
on loopback are the bytes of the row.
"""
import argparse
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "integration"))
import programs  # noqa: E402
from rows import cost, few, load, peer, rest, star, table  # noqa: E402

ROWS = {"first-load": load.first_load, "backlog": load.backlog, "save": load.save,
        "one-edit": few.one_edit, "slow-line": few.slow_line,
        "office-day": few.office_day, "idle": rest.idle}
QUICK = {"offices": 3, "records": 1000, "edits": 200, "saves": 100, "idle_s": 3,
         "rest_s": 0}
PROXY = "tests/support/shaping_proxy"
ALONE = "TIP_BENCH_ALONE"  # Set where loopback is our own.


class Bench:
    """What rows are given."""

    def __init__(self, rig, options):
        self.rig, self.proxy = rig, os.path.join(options.build, PROXY)
        self.records, self.edits = options.records, options.edits
        self.saves, self.idle_s = options.saves, options.idle_s
        self.rest_s, self.identities = options.rest_s, options.identities
        self.star, self.is_filled = star.Star(rig, options.offices), False

    def say(self, text):
        print("  " + text)

    def need_records(self):
        """Load them if the row that measures it was not asked for."""
        if not self.is_filled:
            load.fill(self)
            load.deliver(self)


def parse():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", metavar="BUILD", help="build folder, as build/release")
    parser.add_argument("--rows", default=",".join(ROWS),
                        help="which, with commas between: %(default)s")
    parser.add_argument("--offices", type=int, default=15, help="%(default)s")
    parser.add_argument("--records", type=int, default=20000,
                        help="per office: %(default)s")
    parser.add_argument("--edits", type=int, default=2000,
                        help="per office, of the backlog: %(default)s")
    parser.add_argument("--saves", type=int, default=500, help="%(default)s")
    parser.add_argument("--idle-s", type=int, default=10,
                        help="how long rest is watched: %(default)s")
    parser.add_argument("--rest-s", type=int, default=65,
                        help="rest between the first load and the backlog: a store "
                        "makes room ahead once a minute (%(default)s)")
    parser.add_argument("--identities", action="store_true",
                        help="give every record a place and a narrative, sealed")
    parser.add_argument("--quick", action="store_true",
                        help="small: does everything still run? Judge no figure by it")
    parser.add_argument("--no-peer", action="store_true", help="without PostgreSQL")
    options = parser.parse_args()
    if options.quick:
        vars(options).update(QUICK)
    options.rows = options.rows.split(",")
    for name in options.rows:
        if name not in ROWS:
            parser.error(f"no row {name}: there are {', '.join(ROWS)}")
    return options


def be_alone():
    """Start again in a network namespace of our own, if we may."""
    if os.environ.get(ALONE):
        os.system("ip link set lo up")
    elif os.geteuid() == 0:
        os.execvp("unshare", ["unshare", "--net", "env", f"{ALONE}=1",
                              sys.executable, *sys.argv])
    else:
        print("Not root: bytes on the wire include whatever else uses loopback.")


def run(options):
    figures = []
    binaries = [os.path.join(options.build, name)
                for name in ("node/tipnode", "hub/tiphub", "no-scribe")]
    with programs.Rig([sys.argv[0], *binaries]) as rig:
        rig.store_size = "4 GiB"
        bench = Bench(rig, options)
        for name in options.rows:
            print(f"{name}: {' '.join(ROWS[name].__doc__.split())}")
            meter = cost.Meter(bench.star.hub, bench.star.nodes)
            figures += ROWS[name](bench)
            meter.lap()
            bench.say(f"in all, with what goes before: {meter.took:.0f} s, {meter.cost()}")
    return figures


def main():
    options = parse()
    sys.stdout.reconfigure(line_buffering=True)
    be_alone()
    print(f"{options.offices} offices of {options.records:,} records; load of the "
          f"machine before: {os.getloadavg()[0]:.1f}")
    figures = run(options)
    found = {} if options.no_peer else peer.measure(
        print, options.offices, options.records, options.edits,
        os.path.abspath(os.path.join(options.build, PROXY)))
    for figure in figures:
        figure.peer = found.get((figure.beside or figure.row, figure.unit))
    print("\n".join(["", *table.lines(figures)]))
    if not found and not options.no_peer:
        print("PostgreSQL: not installed (apt-get install postgresql), so nothing "
              "stands beside.")


if __name__ == "__main__":
    main()
