#!/usr/bin/env python3
"""A million records attacked in full: wall-clock time, CPU time and peak memory of the release binary, and what doubling the rows costs.

    cargo build --release
    benches/side_by_side/scale.py WORK [SHARED]

WORK takes about 500 MB of tables; they are made once. SHARED holds make_scale.py and adult/; default ../shared/data.
"""
import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HALVES = [
    ["type_employer", "education", "hr_per_week", "capital_loss", "capital_gain"],
    ["race", "sex", "fnlwgt", "age", "country"],
]
# What runs, and the most seconds it may take on a million rows with two cores.
RUNS = {
    "linkability, one split of 5 + 5 columns": (f"[linkability]\nhalves = [{json.dumps(HALVES)}]\n", "linkability", 60),
    "inference of income, 14 known columns": ('[inference]\nsecrets = ["income"]\n', "inference", 120),
    "singling out, 4 attackers x 2,000 predicates": ("", "singling-out", 10),
}
SIZES = {500_000: (500_000, 500_000, 125_000), 1_000_000: (1_000_000, 1_000_000, 250_000)}
SEEDS = (7, 8, 9)


def tables(work, shared, size):
    """Original, release and control of a size; each is written once."""
    paths = []
    for name, rows, seed in zip(("original", "anonymized", "control"), SIZES[size], SEEDS):
        path = work / f"{name}-{rows}.csv"
        if not path.exists():
            part = path.with_suffix(".part")
            command = [sys.executable, shared / "make_scale.py", shared / "adult/adults_train.csv", str(rows), part, str(seed)]
            subprocess.run(command, check=True)
            part.rename(path)
        paths.append(path)
    return paths


def measure(binary, paths, work, config="", only=None, repeat=1):
    """The fastest of some runs: wall-clock seconds, CPU seconds, GiB at the peak."""
    (work / "scale.toml").write_text(config)
    original, anonymized, control = paths
    command = [
        binary, "evaluate", "--original", original, "--anonymized", anonymized, "--control", control, "--null", "?",
        "--config", work / "scale.toml", "--allow-overlapping-control", "--quiet", "--out", work / "scale.json",
    ]
    command += ["--only", only] if only else []
    runs = []
    for _ in range(repeat):
        start = time.perf_counter()
        process = subprocess.Popen(command)
        _, status, usage = os.wait4(process.pid, 0)
        elapsed = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit(f"reident ended with {process.returncode}")
        runs.append((elapsed, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 2**20))
    return min(runs)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("work", type=Path)
    parser.add_argument("shared", nargs="?", type=Path, default=ROOT / "../shared/data")
    parser.add_argument("--target", type=Path, default=Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")))
    parser.add_argument("--binary", type=Path, help="release binary [default: TARGET/release/reident]")
    parser.add_argument("--repeat", type=int, default=1, help="take the fastest of so many runs")
    parser.add_argument("--full", action="store_true", help="also the default command on a million rows: all attackers")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    binary = options.binary or options.target / "release" / "reident"
    adult = options.shared / "adult"

    print("| run | rows | wall | CPU | peak memory | at most | rows doubled |\n|---|---:|---:|---:|---:|---:|---:|", flush=True)
    triple = [adult / name for name in ("adults_train.csv", "adults_syn_ctgan.csv", "adults_control.csv")]
    wall, cpu, peak = measure(binary, triple, options.work, repeat=options.repeat)
    print(f"| default command, Adult triple | 39,032 | {wall:.2f} s | {cpu:.2f} s | {peak:.2f} GiB | 10 s | |", flush=True)
    for name, (config, only, most) in RUNS.items():
        before = None
        for size in SIZES:
            paths = tables(options.work, options.shared, size)
            wall, cpu, peak = measure(binary, paths, options.work, config, only, options.repeat)
            limit = f"{most} s" if size == max(SIZES) else ""
            doubled = f"{wall / before[0]:.2f} × wall, {cpu / before[1]:.2f} × CPU" if before else ""
            row = f"{wall:.2f} s | {cpu:.2f} s | {peak:.2f} GiB | {limit} | {doubled}"
            print(f"| {name} | {size:,} | {row} |", flush=True)
            before = wall, cpu
    if options.full:
        paths = tables(options.work, options.shared, max(SIZES))
        wall, cpu, peak = measure(binary, paths, options.work)
        print(f"| default command | {max(SIZES):,} | {wall:.1f} s | {cpu:.1f} s | {peak:.2f} GiB | 3 GiB | |", flush=True)


if __name__ == "__main__":
    main()
