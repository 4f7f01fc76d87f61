#!/usr/bin/env python3
"""Cost of runs and cells on this machine: measured points, the lines fitted to them, and what a large plan costs.

    cargo build --release
    benches/scale/measure.py [ROUNDS [messages|in_flight|cells|workers]...] > output/scale.md

CPU time (user and system) is the least of ROUNDS (3 unless told otherwise), as other processes only add to it;
memory is the largest resident set of the process. Needs Python 3.9 and nothing else; takes about a quarter of
an hour on an idle core.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("SMSCHAIN_PROGRAM", ROOT / "target" / "release" / "smschain")
CHAIN = ROOT / "benches" / "peers" / "chain.toml"
IN_FLIGHT = ROOT / "benches" / "in_flight.toml"
ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 3


def once(arguments, folder):
    """CPU seconds, wall seconds, resident bytes and output of one process."""
    begin = time.monotonic()
    with open(Path(folder) / "out", "w+") as out:
        process = subprocess.Popen([PROGRAM, *map(str, arguments)], stdout=out, cwd=folder)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.monotonic() - begin
        if process.returncode != 0:
            sys.exit(f"{' '.join(map(str, arguments))}: exit {process.returncode}")
        out.seek(0)
        return usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * 1024, out.read()


def least(arguments, folder, before=lambda: None):
    """The same of the round that took the least CPU time."""
    rounds = []
    for _ in range(ROUNDS):
        before()
        rounds.append(once(arguments, folder))
    return min(rounds, key=lambda one: one[0])


def line(points):
    """Least squares of y = a + b·x, each point with the weight 1/y², so that small ones count as well."""
    weights = [1 / y**2 for _, y in points]
    total = sum(weights)
    x_mean = sum(w * x for w, (x, _) in zip(weights, points)) / total
    y_mean = sum(w * y for w, (_, y) in zip(weights, points)) / total
    spread = sum(w * (x - x_mean) ** 2 for w, (x, _) in zip(weights, points))
    slope = sum(w * (x - x_mean) * (y - y_mean) for w, (x, y) in zip(weights, points)) / spread
    return y_mean - slope * x_mean, slope


def table(head, rows):
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")
    print(flush=True)


def messages(folder):
    points, rows = [], []
    for seconds in (30, 100, 300, 1000, 3000, 10000):
        asked = ["run", CHAIN, "--set", f"scenario.duration={seconds}s", "-n", 1, "-j", 1, "--no-files", "-q", "--format", "json"]
        cpu, _, memory, out = least(asked, folder)
        count = json.loads(out)["messages"]["requested"]
        points.append((count, cpu))
        rows.append((f"{count:,}", f"{cpu:.3f} s", f"{1e6 * cpu / count:.3f} µs", f"{memory / 1e6:.0f} MB"))
    table(("messages", "CPU", "a message", "memory"), rows)
    start, each = line(points)
    print(f"CPU = {1e3 * start:.1f} ms + {1e6 * each:.3f} µs × messages\n")


def in_flight(folder):
    memories, rows = [], []
    for relay, seconds in (("80ms", 120), ("2.3s", 120), ("23.3s", 120), ("120s", 240)):
        asked = ["run", IN_FLIGHT, "--set", f"provider.alpha.relay.exponential.mean={relay}", "--set", f"scenario.duration={seconds}s",
                 "-n", 1, "-j", 1, "-q", "--format", "json", "--out", Path(folder) / "run", "--force"]
        cpu, _, memory, out = least(asked, folder)
        count = json.loads(out)["messages"]["requested"]
        with open(Path(folder) / "run" / "timeseries.csv", newline="") as series:
            most = max(int(sample["in_flight"]) for sample in csv.DictReader(series))
        memories.append((most, memory))
        rows.append((f"{most:,}", f"{1e6 * cpu / count:.2f} µs", f"{memory / 1e6:.0f} MB"))
    table(("most in flight", "a message", "memory"), rows)
    base, each = line(memories)
    print(f"memory = {base / 1e6:.1f} MB + {each:.0f} bytes × in flight\n")


def cells(folder):
    steps = {"plan": [], "task": [], "task of 10": [], "merge": [], "alone": []}
    sizes, rows = [], []
    for count in (100, 1000, 4000):
        points, replications = count // 10, 10
        values = ",".join(f"{1000 + index}/s" for index in range(points))
        sweep = ["sweep", CHAIN, "--vary", f"traffic.requests.arrivals.poisson.rate={values}", "--set", "scenario.duration=1s", "--set", "scenario.sample_every=1s",
                 "-n", replications, "-q", "--no-progress"]
        plan, done, out = (Path(folder) / name for name in ("plan.json", "cells", "results"))

        def fresh():
            subprocess.run(["rm", "-rf", done, out], check=True)

        spent = {}
        spent["plan"], *_ = least(["plan", *sweep, "--tasks", 1, "--out", plan, "--force"], folder)
        spent["task"], *_ = least(["task", 0, "--plan", plan, "--out", done, "-q", "-j", 1], folder, fresh)
        few = Path(folder) / "few.json"
        once(["plan", *sweep, "--tasks", count // 10, "--out", few, "--force"], folder)
        spent["task of 10"], *_ = least(["task", 0, "--plan", few, "--out", Path(folder) / "few", "-q", "-j", 1, "--force"], folder,
                                        lambda: subprocess.run(["rm", "-rf", Path(folder) / "few"], check=True))
        spent["merge"], _, memory, _ = least(["merge", plan, done, "--out", out, "-q", "--force"], folder)
        spent["alone"], *_ = least([*sweep, "-j", 1, "--out", Path(folder) / "alone", "--force"], folder)
        size = sum(file.stat().st_size for file in done.iterdir())
        for name, cpu in spent.items():
            steps[name].append((count, cpu))
        sizes.append((count, plan.stat().st_size, size))
        rows.append((f"{count:,}", f"{points:,}", *(f"{spent[name]:.2f} s" for name in spent), f"{plan.stat().st_size / 1e3:.0f} kB",
                     f"{size / count / 1e3:.2f} kB", f"{memory / 1e6:.0f} MB"))
    table(("cells", "points", "plan", "one task of all", "a task of 10", "merge", "the command alone", "plan.json", "a cell's line", "merge's memory"), rows)
    for name, points in steps.items():
        start, each = line(points)
        print(f"- {name}: {1e3 * start:.1f} ms + {1e3 * each:.3f} ms × cells")
    print()


def workers(folder):
    values = ",".join(f"{1000 + index}/s" for index in range(8))
    sweep = ["sweep", CHAIN, "--vary", f"traffic.requests.arrivals.poisson.rate={values}", "-n", 2, "-q", "--no-progress"]
    rows = []
    for threads in (1, 2):
        cpu, wall, memory, _ = min((once([*sweep, "-j", threads, "--out", Path(folder) / "threads", "--force"], folder) for _ in range(ROUNDS)),
                                   key=lambda one: one[1])
        rows.append((f"{threads} threads", f"{cpu:.1f} s", f"{wall:.1f} s", f"{memory / 1e6:.0f} MB"))
    table(("16 runs of a million messages", "CPU", "wall", "memory"), rows)


def main():
    with tempfile.TemporaryDirectory() as folder:
        for measure in (messages, in_flight, cells, workers):
            if len(sys.argv) < 3 or measure.__name__ in sys.argv[2:]:
                print(f"## {measure.__name__.replace('_', ' ').capitalize()}\n")
                measure(folder)


main()
