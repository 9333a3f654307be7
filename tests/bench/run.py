#!/usr/bin/env python3
"""Runs the benchmarks of a build directory and prints what they measured beside its limit.

    tests/bench/run.py BUILD_DIR

Limits are aims for a machine with two processors of today; nothing in the tests asserts a time.
"""

import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from network import over_the_network

SIZES = (10_000, 100_000, 1_000_000)
SPEC = """\
zone     = "example.com"
provider = "zonefile"

[[mail.mx]]
host     = "in.newmail.example"
priority = 0

[mail.spf]
mode    = "merge"
include = ["spf.newmail.example"]
all     = "fail"

[mail.dmarc]
policy = "none"
"""


class Table:
    """Rows of: what, measured, limit."""

    def __init__(self):
        self.over = 0

    def title(self, text):
        print(f"\n{text}")

    def row(self, what, value, unit, limit=None, note=""):
        shown = f"{value:.4f}" if value < 0.1 else f"{value:.2f}" if value < 100 else f"{value:,.0f}"
        beside = ""
        if limit is not None:
            over = value > limit
            self.over += over
            beside = f"limit {limit:g} {unit}".strip() + ("   OVER" if over else "   ok")
        print(f"  {what:<56} {shown:>9} {unit:<9} {beside:<24} {note}".rstrip())


def values(build, table):
    """The Google Benchmark program: the best of three repetitions of each. One thread does all of it, so that its processor
    time is what it takes on a machine that does nothing else."""
    table.title("Values in memory, processor time (best of 3)")
    done = subprocess.run(
        [build / "tests/bench/bench_values", "--benchmark_format=json", "--benchmark_min_time=0.05"],
        check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    best = {}
    changes = {}
    for run in json.loads(done.stdout)["benchmarks"]:
        if run.get("run_type") == "aggregate":
            continue
        name, records = run["run_name"].split("/")[:2]
        key = (name, int(records))
        best[key] = min(best.get(key, float("inf")), run["cpu_time"] / 1000)
        changes[key] = int(run.get("changes", 0))
    limits = {"diff_and_schedule": 0.3, "read_zone_file": 2.0}
    words = {"read_zone_file": "read a zone file", "diff_and_schedule": "diff and schedule", "make_plan": "make a plan"}
    for name, word in words.items():
        for size in SIZES:
            limit = limits.get(name) if size == 1_000_000 else None
            note = f"{changes[name, size]:,} changes" if changes[name, size] else ""
            table.row(f"{word}, {size:,} records", best[name, size], "s", limit, note)
        growth(table, word, {size: best[name, size] for size in SIZES})


def mail(build, table):
    """Microseconds of processor time for one of each. Offline checks are to judge 5,000 domains in a second; keys are decoded once,
    which takes OpenSSL longer than all rules together, and so are counted apart."""
    table.title("Knowledge of mail, processor time for each (best of 3)")
    done = subprocess.run([build / "tests/bench/bench_mail", "--benchmark_format=json", "--benchmark_min_time=0.2"],
                          check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    best = {}
    for run in json.loads(done.stdout)["benchmarks"]:
        if run.get("run_type") != "aggregate":
            name = run["run_name"].split("/")[0]
            best[name] = min(best.get(name, float("inf")), 1e6 / run["items_per_second"])
    table.row("judge a mail domain by all rules", best["judge_domains"], "us", 200, "5,000 domains a second on one processor")
    table.row("  of which finding and reading its records", best["read_domains"], "us")
    table.row("explain a mail domain, rules included", best["explain_domains"], "us")
    table.row("read a DKIM record with an RSA 2048 key, decoded", best["decode_key"], "us")
    table.row("read an SPF record of six terms", best["parse_spf"], "us", 2)


def growth(table, word, seconds):
    """Time per record of the largest against that of the smallest: 1 is linear."""
    small, large = SIZES[0], SIZES[-1]  # more than 1 is what memory costs beyond the processor's caches
    ratio = (seconds[large] / large) / (seconds[small] / small)
    table.row(f"{word}: per record, {large:,} against {small:,}", ratio, "times")


def measured(command, directory):
    """Seconds elapsed, processor seconds and megabytes of one run, by GNU time."""
    done = subprocess.run(["/usr/bin/time", "-v", *command], cwd=directory, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, errors="replace")
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    clock = re.search(r"Elapsed.*?: (?:(\d+):)?(\d+):([\d.]+)\n", done.stderr)
    hours, minutes, rest = clock.groups()
    elapsed = int(hours or 0) * 3600 + int(minutes) * 60 + float(rest)
    busy = sum(map(float, re.findall(r"(?:User|System) time \(seconds\): ([\d.]+)", done.stderr)))
    kilobytes = int(re.search(r"Maximum resident set size \(kbytes\): (\d+)", done.stderr).group(1))
    return elapsed, busy, kilobytes / 1024


def plans(build, table, directory):
    """`mxsmith plan` of whole zone files: start, read, plan, print."""
    table.title("mxsmith plan of a zone file (median of 3)")
    program = build / "mxsmith"
    seconds = {}
    for size in SIZES:
        folder = directory / str(size)
        folder.mkdir()
        (folder / "example.com.toml").write_text(SPEC)
        with open(folder / "example.com.zone", "wb") as file:
            subprocess.run([build / "tests/bench/bench_make_zone", str(size)], check=True, stdout=file)
        runs = [measured([program, "plan", "example.com.toml"], folder) for _ in range(3)]
        seconds[size] = statistics.median(run[0] for run in runs)
        busy = statistics.median(run[1] for run in runs)
        megabytes = statistics.median(run[2] for run in runs)
        largest = size == 1_000_000
        table.row(f"plan, {size:,} records", seconds[size], "s", 2 if largest else None,
                  f"{busy:.2f} s of processor time")
        table.row(f"plan, {size:,} records: peak memory", megabytes, "MB", 400 if largest else None,
                  f"file {(folder / 'example.com.zone').stat().st_size / 1e6:.1f} MB")
    # A hundredth of a second is the clock's step, so the smallest size tells nothing here.
    middle, large = SIZES[1], SIZES[2]
    ratio = (seconds[large] / large) / (max(seconds[middle], 0.01) / middle)
    table.row(f"plan: per record, {large:,} against {middle:,}", ratio, "times")


def starts(build, table, directory):
    """Start-up beside that of curl, in turn."""
    table.title("Start-up, milliseconds (medians of 300 runs in turn)")
    program = str(build / "mxsmith")
    folder = directory / "check"
    folder.mkdir()
    (folder / "example.com.toml").write_text(SPEC)
    curl = shutil.which("curl")
    done = subprocess.run(
        [build / "tests/bench/bench_start", "300", program, "version", "--", curl, "--version", "--",
         program, "check", "example.com.toml"],
        check=True, cwd=folder, stdout=subprocess.PIPE, text=True)
    version, other, check = map(float, done.stdout.split())
    table.row("mxsmith version", version, "ms")
    table.row("curl --version", other, "ms")
    table.row("mxsmith version against curl --version", version / other, "times", 1.3)
    table.row("mxsmith check of one spec", check, "ms", 20)


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: tests/bench/run.py BUILD_DIR")
    build = Path(sys.argv[1]).resolve()
    table = Table()
    with tempfile.TemporaryDirectory(prefix="mxsmith-bench-") as name:
        values(build, table)
        mail(build, table)
        plans(build, table, Path(name))
        starts(build, table, Path(name))
        over_the_network(build / "mxsmith", table, Path(name))
    print("\nEverything is within its limit." if table.over == 0 else f"\nOver their limit: {table.over}.")


if __name__ == "__main__":
    main()
