#!/usr/bin/env python3
"""Peak memory on a million rows: the command line, and processes of Python's that hold the tables as frames or name their files. Prints Markdown.

    benches/side_by_side/scale.py WORK      # writes the tables, once
    ENV/bin/python python/benches/memory.py WORK/original-1000000.csv WORK/anonymized-1000000.csv WORK/control-250000.csv

ENV has the wheel, pandas, pyarrow and polars. What runs is linkability over one split of 5 + 5 columns. `frames` is the memory of a process that
has read the tables, and their library; it is the caller's and stays so. `beyond` is what the run takes besides. Linux.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HALVES = [
    ["type_employer", "education", "hr_per_week", "capital_loss", "capital_gain"],
    ["race", "sex", "fnlwgt", "age", "country"],
]
READERS = {
    "pandas": "import pandas as pd; read = lambda path: pd.read_csv(path, na_values=['?'], keep_default_na=False)",
    "polars": "import polars as pl; read = lambda path: pl.read_csv(path, null_values=['?'])",
    "pyarrow": "import pyarrow.csv as c; o = c.ConvertOptions(null_values=['?'], strings_can_be_null=True); read = lambda path: c.read_csv(path, convert_options=o)",
    "paths": "read = lambda path: path",
}
HELD = """
for line in open('/proc/self/status'):
    if line.startswith('VmRSS'):
        print(line.split()[1])
"""
EVALUATE = """
import reident
reident.evaluate(*tables, only=['linkability'], linkability={'halves': [HALVES]}, nulls=['?'], allow_overlapping_control=True, warnings=False)
"""


def run(command):
    """MB at the peak of a process, and what it prints."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command[0]} ended with {process.returncode}")
    return usage.ru_maxrss / 1000, said


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tables", nargs=3, type=Path, help="original, release and control")
    parser.add_argument("--binary", help="the command [default: the wheel's]")
    options = parser.parse_args()
    paths = [str(path) for path in options.tables]
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "reident.toml"
        config.write_text(f"[linkability]\nhalves = [{json.dumps(HALVES)}]\n", encoding="utf-8")
        command = [options.binary] if options.binary else [sys.executable, "-m", "reident"]
        given = [word for pair in zip(("--original", "--anonymized", "--control"), paths) for word in pair]
        given += ["--null", "?", "--config", str(config), "--only", "linkability", "--allow-overlapping-control", "--quiet"]
        line, _ = run([*command, "evaluate", *given, "--out", os.path.join(folder, "evidence.json")])
    print(f"| tables from | frames | peak | beyond | peak ÷ command line's {line:.0f} MB | beyond ÷ command line's |\n|---|---:|---:|---:|---:|---:|")
    for name, reader in READERS.items():
        read = f"{reader}; tables = [read(path) for path in {paths!r}]"
        frames = int(run([sys.executable, "-c", read + HELD])[1]) / 1000
        whole, _ = run([sys.executable, "-c", read + EVALUATE.replace("HALVES", repr(HALVES))])
        beyond = whole - frames
        row = f"{frames:.0f} MB | {whole:.0f} MB | {beyond:.0f} MB | {whole / line:.2f} | {beyond / line:.2f}"
        print(f"| {name} | {row} |", flush=True)


if __name__ == "__main__":
    main()
