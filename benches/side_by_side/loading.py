#!/usr/bin/env python3
"""Reading and encoding three tables, against polars parsing the same files: runs in turns, medians and their ratio.

    cargo build --release --bin reident --bench kernel --bench loading
    PYTHON-WITH-POLARS benches/side_by_side/loading.py [--tables-only] LOADING ORIGINAL RELEASE CONTROL

With --tables-only the control and the release are not checked: reading, encoding and joining alone. LOADING is the bench `loading` as cargo built it (TARGET/release/deps/loading-...). Both sides get the same number of
threads and start a process per run; the clock counts reading alone, CPU time the process (less the start of Python).
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

PARSE = """
import json, sys, time, polars
start = time.perf_counter()
tables = [polars.{reader}(path) for path in sys.argv[1:]]
print(json.dumps({{"seconds": time.perf_counter() - start}}))
"""


def run(command, environment):
    """Seconds of the clock for the reading, CPU seconds of the process, GiB at its peak."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ | environment, text=True)
    answer = json.loads(process.stdout.read())
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{command[0]} ended with {process.returncode}")
    return answer["seconds"], usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 2**20


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("loading", type=Path)
    parser.add_argument("files", nargs=3, type=Path)
    parser.add_argument("--tables-only", action="store_true")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options = parser.parse_args()
    reader = "read_parquet" if options.files[0].suffix == ".parquet" else "read_csv"
    threads = {"POLARS_MAX_THREADS": str(options.threads), "RAYON_NUM_THREADS": str(options.threads)}
    python = [sys.executable, "-c"]
    idle = statistics.median(run([*python, PARSE.format(reader=reader)], threads)[1] for _ in range(5))
    loading = [options.loading, *(["--tables-only"] if options.tables_only else []), *options.files]
    runs = {"polars": [], "reident": []}
    for _ in range(options.rounds):
        wall, cpu, peak = run([*python, PARSE.format(reader=reader), *options.files], threads)
        runs["polars"].append((wall, cpu - idle, peak))
        runs["reident"].append(run(loading, threads))
    medians = {name: [statistics.median(values) for values in zip(*of)] for name, of in runs.items()}
    fastest = {name: min(wall for wall, _, _ in of) for name, of in runs.items()}
    print("| | wall, median | fastest | CPU, median | peak memory |\n|---|---:|---:|---:|---:|")
    for name, (wall, cpu, peak) in medians.items():
        print(f"| {name} | {wall * 1e3:.0f} ms | {fastest[name] * 1e3:.0f} ms | {cpu * 1e3:.0f} ms | {peak:.2f} GiB |")
    ours, theirs = medians["reident"], medians["polars"]
    print(f"| ratio | {ours[0] / theirs[0]:.2f} | {fastest['reident'] / fastest['polars']:.2f} | {ours[1] / theirs[1]:.2f} | |")


if __name__ == "__main__":
    main()
