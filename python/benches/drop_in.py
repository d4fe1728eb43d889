#!/usr/bin/env python3
"""Anonymeter 1.1.0 and `reident.anonymeter` on the same frames in memory, in turns; prints medians and ratios as Markdown.

    python -m venv ENV && ENV/bin/pip install 'anonymeter==1.1.0' target/wheels/reident-*.whl
    ENV/bin/python python/benches/drop_in.py [DATA]

DATA holds adults_train.csv, adults_control.csv and adults_syn_ctgan.csv; default ../shared/data/adult. What is timed is `evaluate()` of evaluators
with the same arguments, after one call of each that compiles and warms up. Settings are those of benches/side_by_side/run.py. CPU time is that of
all threads and of the worker processes that joblib keeps: on a busy machine its ratio means more than that of the clock. Linux.
"""

import argparse
import os
import statistics
import time
import warnings
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parents[2]
HALVES = (
    ["type_employer", "education", "hr_per_week", "capital_loss", "capital_gain"],
    ["race", "sex", "fnlwgt", "age"],
)
SECRET = "income"


def evaluator(of, kind, tables, attacks):
    """An evaluator of a package, and its arguments of `evaluate`."""
    original = tables["ori"]
    if kind == "linkability":
        return of.LinkabilityEvaluator(**tables, aux_cols=HALVES, n_attacks=attacks, n_neighbors=10), {"n_jobs": -1}
    if kind == "inference":
        known = [column for column in original.columns if column != SECRET]
        return of.InferenceEvaluator(**tables, aux_cols=known, secret=SECRET, n_attacks=attacks), {"n_jobs": -1}
    return of.SinglingOutEvaluator(**tables, n_attacks=attacks, n_cols=4), {"mode": "multivariate"}


def cpu():
    """CPU seconds of this process and of the processes that it began."""
    spent = time.process_time()
    for children in Path("/proc/self/task").glob("*/children"):
        for child in children.read_text().split():
            fields = Path(f"/proc/{child}/stat").read_text().rsplit(")", 1)[1].split()
            spent += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return spent


def taken_by(of, kind, tables, attacks):
    """Seconds of the clock, and of CPU time."""
    made, arguments = evaluator(of, kind, tables, attacks)
    start, before = time.perf_counter(), cpu()
    made.evaluate(**arguments)
    return time.perf_counter() - start, cpu() - before


def main():
    import anonymeter.evaluators as theirs
    import reident.anonymeter as ours

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", nargs="?", type=Path, default=ROOT / "../shared/data/adult")
    parser.add_argument("--attacks", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--ours", type=int, default=7, help="runs of ours per round; theirs are few and long, ours short")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    read = lambda name, rows: pd.read_csv(options.data / name, nrows=rows)  # noqa: E731
    tables = {
        "ori": read("adults_train.csv", 5_000),
        "syn": read("adults_syn_ctgan.csv", None),
        "control": read("adults_control.csv", 4_758),
    }
    print(f"`evaluate()` from frames in memory, {options.attacks} attacks, medians of {options.rounds} rounds:\n")
    print("| evaluator | anonymeter 1.1.0 | reident.anonymeter | ratio | CPU time, theirs | ours | ratio |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for kind in ("linkability", "singling out", "inference"):
        for package in (theirs, ours):
            taken_by(package, kind, tables, 50)
        taken = {theirs: [], ours: []}
        for _ in range(options.rounds):
            taken[theirs].append(taken_by(theirs, kind, tables, options.attacks))
            taken[ours].extend(taken_by(ours, kind, tables, options.attacks) for _ in range(options.ours))
        both = zip(*([statistics.median(one) for one in zip(*taken[package])] for package in (theirs, ours)))
        cells = (f"{their:.2f} s | {our * 1e3:.1f} ms | {their / our:.0f} ×" for their, our in both)
        print(f"| {kind} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
