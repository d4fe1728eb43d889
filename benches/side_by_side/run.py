#!/usr/bin/env python3
"""Anonymeter 1.1.0 and reident on the same files and settings, in turns; prints medians and ratios as Markdown.

    cargo build --release && cargo bench --no-run --bench kernel
    benches/side_by_side/run.py [DATA]

DATA holds adults_train.csv, adults_control.csv and adults_syn_ctgan.csv; default ../shared/data/adult.

Whole process: ours is wall-clock time of the release binary from start to exit, which reads three CSV files and writes
the evidence; theirs is `evaluate()` alone, after warm-up, with the tables in memory. On a busy machine CPU time says more.
Kernel: both without reading and writing; ours is `evaluation::evaluate` (kernel.rs), and once more with the estimation
of risks and intervals, part of which Anonymeter does inside `evaluate()`.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
PACKAGES = ["anonymeter==1.1.0"]
ORIGINALS, CONTROLS = 5_000, 4_758
# REFERENCE: the two halves of its linkability attack, 5 + 4 columns.
HALVES = [
    ["type_employer", "education", "hr_per_week", "capital_loss", "capital_gain"],
    ["race", "sex", "fnlwgt", "age"],
]
NEIGHBORS = 10
SECRET = "income"
COLUMNS = 4
SETTINGS = {
    "linkability": f"linkability, {len(HALVES[0])} + {len(HALVES[1])} columns, k = {NEIGHBORS}",
    "singling-out": f"singling out, {COLUMNS} columns",
    "inference": f"inference of {SECRET}, 14 known columns",
}


def config(setting):
    """Our settings as TOML: the attackers that theirs has. It knows the nearest record alone, and one of them for inference."""
    nearest = 'matchers = ["distance"]\n'
    return {
        "linkability": f"[linkability]\n{nearest}neighbors = {NEIGHBORS}\nhalves = [{json.dumps(HALVES)}]\n",
        "singling-out": f"[singling_out]\nunivariate = false\ncolumns_per_predicate = [{COLUMNS}]\n",
        "inference": f'[inference]\n{nearest}neighbors = 1\nsecrets = ["{SECRET}"]\n',
    }[setting]


def prepare(data, work):
    """The first rows of the original and of the control, and the release as it is."""
    def head(name, rows):
        lines = (data / name).read_text().splitlines(keepends=True)
        (work / name).write_text("".join(lines[: rows + 1]))
        return work / name
    return [head("adults_train.csv", ORIGINALS), data / "adults_syn_ctgan.csv", head("adults_control.csv", CONTROLS)]


def environment(path):
    """The Python of a virtual environment with Anonymeter in it."""
    python = path / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", path], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    return python


class Theirs:
    """A process that keeps tables and compiled code, and times evaluate() on request."""

    def __init__(self, python, files, jobs):
        settings = {"halves": HALVES, "neighbors": NEIGHBORS, "secret": SECRET, "columns": COLUMNS, "jobs": jobs}
        command = [python, HERE / "theirs.py", *files, json.dumps(settings)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        for setting in SETTINGS:
            self.run(setting, 50)

    def run(self, setting, attacks):
        self.process.stdin.write(json.dumps({"setting": setting, "attacks": attacks}) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit("Anonymeter ended; run theirs.py by hand to see why")
        return json.loads(answer)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def arguments(setting, files, work, attacks):
    (work / f"{setting}.toml").write_text(config(setting))
    original, anonymized, control = files
    return [
        "evaluate", "--original", original, "--anonymized", anonymized, "--control", control, "--null", "?",
        "--config", work / f"{setting}.toml", "--attacks", str(attacks), "--only", setting,
    ]


def whole_process(binary, arguments, work):
    out = work / "evidence.json"
    out.unlink(missing_ok=True)
    start = time.perf_counter()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([binary, *arguments, "--out", out], **quiet)
    _, status, usage = os.wait4(process.pid, 0)
    elapsed = time.perf_counter() - start
    if process.returncode is None:
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{binary} ended with {process.returncode}; its arguments were {' '.join(map(str, arguments))}")
    return elapsed, usage.ru_utime + usage.ru_stime


def kernel(command, arguments, repetitions):
    environment = os.environ | {"REPETITIONS": str(repetitions)}
    answer = subprocess.run([*command, *arguments], check=True, stdout=subprocess.PIPE, env=environment, text=True)
    return json.loads(answer.stdout)


def seconds(value):
    return f"{value:.1f} s" if value >= 1 else f"{value * 1e3:.1f} ms"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", nargs="?", type=Path, default=ROOT / "../shared/data/adult")
    parser.add_argument("--target", type=Path, default=Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")))
    parser.add_argument("--binary", type=Path, help="release binary [default: TARGET/release/reident]")
    parser.add_argument("--kernel", type=Path, help="binary of kernel.rs [default: through cargo bench]")
    parser.add_argument("--work", type=Path, help="virtual environment and files go here [default: TARGET/side_by_side]")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--ours", type=int, default=7, help="runs of ours per round; theirs are few and long, ours short")
    parser.add_argument("--repetitions", type=int, default=15, help="runs within kernel.rs")
    parser.add_argument("--attacks", type=int, default=2_000)
    parser.add_argument("--jobs", type=int, default=-1, help="Anonymeter's n_jobs; its own default leaves one core idle")
    parser.add_argument("--only", nargs="*", choices=list(SETTINGS), default=list(SETTINGS))
    options = parser.parse_args()

    work = options.work or options.target / "side_by_side"
    work.mkdir(parents=True, exist_ok=True)
    binary = options.binary or options.target / "release" / "reident"
    if not binary.exists():
        sys.exit(f"there is no {binary}: run `cargo build --release` first")
    in_cargo = ["cargo", "bench", "--quiet", "--manifest-path", ROOT / "Cargo.toml", "--bench", "kernel", "--"]
    kernel_command = [options.kernel] if options.kernel else in_cargo
    files = prepare(options.data.resolve(), work.resolve())
    theirs = Theirs(environment(work / "venv"), files, options.jobs)

    kinds = ["theirs", "ours", "their cpu", "our cpu", "load", "attack", "attack_and_risks"]
    measured = {setting: {kind: [] for kind in kinds} for setting in options.only}
    for _ in range(options.rounds):
        for setting, times in measured.items():
            answer = theirs.run(setting, options.attacks)
            times["theirs"].append(answer["seconds"])
            times["their cpu"].append(answer["cpu"])
            command = arguments(setting, files, work.resolve(), options.attacks)
            for _ in range(options.ours):
                elapsed, cpu = whole_process(binary, command, work)
                times["ours"].append(elapsed)
                times["our cpu"].append(cpu)
            for kind, median in kernel(kernel_command, command, options.repetitions).items():
                times[kind].append(median)
    theirs.close()

    print(f"Whole process against `evaluate()`, {options.attacks} attacks, medians of {options.rounds} rounds:\n")
    print("| setting | anonymeter 1.1.0 | reident | ratio | our fastest and slowest | CPU time, theirs | ours | ratio |")
    print("|---|---:|---:|---:|---|---:|---:|---:|")
    for setting, times in measured.items():
        their, our, their_cpu, our_cpu = (statistics.median(times[of]) for of in ["theirs", "ours", "their cpu", "our cpu"])
        spread = f"{seconds(min(times['ours']))} to {seconds(max(times['ours']))}"
        print(
            f"| {SETTINGS[setting]} | {seconds(their)} | {seconds(our)} | {their / our:.0f} × | {spread} "
            f"| {seconds(their_cpu)} | {seconds(our_cpu)} | {their_cpu / our_cpu:.0f} × |"
        )

    print("\nKernel against kernel:\n")
    print("| setting | anonymeter 1.1.0 | attack | ratio | attack, risks and intervals | ratio | reading (not counted) |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for setting, times in measured.items():
        their, load, attack, estimated = (
            statistics.median(times[of]) for of in ["theirs", "load", "attack", "attack_and_risks"]
        )
        print(
            f"| {SETTINGS[setting]} | {seconds(their)} | {seconds(attack)} | {their / attack:.0f} × "
            f"| {seconds(estimated)} | {their / estimated:.0f} × | {seconds(load)} |"
        )


if __name__ == "__main__":
    main()
