#!/usr/bin/env python3
"""Attacks the releases that make.py made, and writes the tables of docs/sok.md.

score.py REIDENT OUT: REIDENT is the program, OUT the folder of make.py. Evidence is kept beside each release and not made again.
"""

import json
import math
import pathlib
import statistics
import subprocess
import sys

KNOWN = ["age", "sex", "race", "country", "education", "marital"]
ATTACKERS = ["distance", "agreement", "naive_bayes", "forest"]
SCORES = ["distance", "ratio", "relative", "agreement"]
STUDENT = {5: 2.776}  # of the 95 % interval of a mean of five


def evaluate(program, folder, name, config, only, out):
    path = folder / f"{name}.{out}.json"
    if not path.exists():
        (folder / f"{out}.toml").write_text(config)
        command = [program, "evaluate", "--original", folder / "original.csv", "--anonymized", folder / f"{name}.csv"]
        command += ["--control", folder / "control.csv", "--config", folder / f"{out}.toml", "--only", only]
        # A verbatim release holds nobody of the control; small tables may share rows by chance.
        command += ["--thorough", "--reproducible", "--quiet", "--allow-overlapping-control", "--out", path]
        subprocess.run([str(part) for part in command], check=True)
    return json.loads(path.read_text())


def balanced(evidence):
    """Of each attacker the balanced hit rate on the original and on the control, a pair for each secret."""
    found = {name: {} for name in ATTACKERS}
    for attack in evidence["attacks"]:
        if attack["attack"] == "inference" and attack.get("balanced"):
            who = attack["attacker"]
            name = who.get("model") or who.get("matcher")
            pair = attack["balanced"]["main"], attack["balanced"]["control"]
            found.setdefault(name, {})[who["secret"]] = pair
    return found


def constant(evidence):
    """What always guessing the same comes to: where a model gains nothing it was not played, and is worth as much."""
    attacks = (attack for attack in evidence["attacks"] if attack.get("balanced"))
    return {attack["attacker"]["secret"]: (1 / attack["balanced"]["values"],) * 2 for attack in attacks}


def mean_of(pairs):
    main, control = (100 * statistics.mean(side) for side in zip(*pairs))
    return f"{main:.1f} / {control:.1f}"


def areas(evidence):
    scored = (attack for attack in evidence["attacks"] if attack["attack"] == "membership")
    return {attack["attacker"]["score"]: attack["auc"] for attack in scored if attack.get("auc")}


def interval(values):
    half = STUDENT[len(values)] * statistics.stdev(values) / math.sqrt(len(values))
    mean = statistics.mean(values)
    return f"{mean:+.1f} ({mean - half:.1f} to {mean + half:.1f})"


def main():
    program, out = sys.argv[1], pathlib.Path(sys.argv[2])
    beside = {"original", "control"}
    releases = sorted({path.stem for path in out.glob("*/*.csv")} - beside)
    nulls = 'nulls = ["?"]\n'
    print("| release | attacker | train | hold-out | gap (95 %) |\n|---|---|---:|---:|---:|")
    for name in releases:
        folders = [folder for folder in sorted(out.glob("small_*")) if (folder / f"{name}.csv").exists()]
        if len(folders) not in STUDENT:
            continue
        config = nulls + '[inference]\nsecrets = ["income"]\n'
        runs = [balanced(evaluate(program, folder, name, config, "inference", "income")) for folder in folders]
        for attacker in ATTACKERS:
            pairs = [run[attacker].get("income", (0.5, 0.5)) for run in runs]
            main, control = (100 * statistics.mean(side) for side in zip(*pairs))
            gaps = [100 * (main - control) for main, control in pairs]
            print(f"| {name} | {attacker} | {main:.1f} | {control:.1f} | {interval(gaps)} |")
    folder = out / "large"
    large = [name for name in releases if (folder / f"{name}.csv").exists()]
    print("\n| attacker | " + " | ".join(large) + " |\n|---|" + "---:|" * len(large))
    secrets = ["type_employer", "fnlwgt", "education_num", "occupation", "relationship"]
    secrets += ["capital_gain", "capital_loss", "hr_per_week", "income"]
    roles = "".join(f'[columns.{column}]\nrole = "quasi_identifier"\n' for column in KNOWN)
    config = nulls + roles + f"[inference]\ntolerance = 0.0\nsecrets = {json.dumps(secrets)}\n"
    made = {name: evaluate(program, folder, name, config, "inference", "known6") for name in large}
    runs = {name: balanced(evidence) for name, evidence in made.items()}
    constants = {name: constant(evidence) for name, evidence in made.items()}
    for attacker in ATTACKERS:
        cells = []
        for name in large:
            cells.append(mean_of(runs[name][attacker].get(secret, constants[name][secret]) for secret in secrets))
        print(f"| {attacker} | " + " | ".join(cells) + " |")
    best = []
    for name in large:
        of_secret = [max(of[secret] for of in runs[name].values() if secret in of) for secret in secrets]
        best.append(mean_of(of_secret))
    print("| best of each secret | " + " | ".join(best) + " |")
    print("\n| score | " + " | ".join(large) + " |\n|---|" + "---:|" * len(large))
    runs = {name: areas(evaluate(program, folder, name, nulls, "membership", "membership")) for name in large}
    for score in SCORES:
        cells = (runs[name].get(score) for name in large)
        shown = ("{:.3f} [{:.3f}, {:.3f}]".format(cell["value"], *cell["interval"]) if cell else "–" for cell in cells)
        print(f"| {score} | " + " | ".join(shown) + " |")


if __name__ == "__main__":
    main()
