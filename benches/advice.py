#!/usr/bin/env python3
"""Follows the first advice on made releases and evaluates again: is the risk what was predicted? Prints Markdown.

    cargo build --release
    benches/advice.py DATA MAKE_PAIRS [--persons 4000] [--reident target/release/reident] [--releases noise_10pct,...]

DATA is a folder with adults_train.csv and adults_control.csv; MAKE_PAIRS the script that makes the releases from the first
10,000 rows, of which the first persons are taken. Attacked are all secrets and two files of fixed columns, and where each release record is
whose is known, records are named. The changed file is written here, as advice says, and read anew: reident writes none.
"""
import argparse
import csv
import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path

HALVES = [
    ["age", "type_employer", "education", "marital", "race", "capital_gain", "hr_per_week"],
    ["fnlwgt", "education_num", "occupation", "relationship", "sex", "capital_loss", "country", "income"],
]
RELEASES = [
    "pseudonymised", "generalised", "k5_suppressed", "k5_dropped", "local_suppression", "noise_10pct", "pram_20pct", "microagg_5",
    "rank_swap_5pct", "record_swap_10pct", "topcoded", "sample_50pct_shuffled", "columns_dropped", "column_shuffle",
]
# Columns that cannot be compared with the original: whoever names them attacks nobody.
RECODED = {"generalised": ["education"], "k5_suppressed": ["education"], "k5_dropped": ["education"]}
# Rows of these are found by a map, of all others by their order.
MAPPED = ["k5_dropped", "sample_50pct_shuffled"]


def read(path):
    with open(path, newline="") as file:
        rows = list(csv.reader(file))
    return rows[0], rows[1:]


def write(path, head, rows):
    with open(path, "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(head)
        out.writerows(rows)


def config(columns, dropped):
    """The attackers, without a column."""
    halves = [[c for c in half if c in columns and c != dropped] for half in HALVES]
    return f"[linkability]\nhalves = [{json.dumps(halves)}]\n[record_linkage]\nlargest_set = 0\n"


def change(head, rows, pairs, advised):
    """The release after a change; `pairs` are its rows' numbers in the map."""
    kind, column = advised["change"], advised.get("column")
    if kind == "suppress":
        gone = {row - 1 for row in advised["records"]}
        kept = [at for at in range(len(rows)) if at not in gone]
        return head, [rows[at] for at in kept], [pairs[at] for at in kept]
    at = head.index(column)

    def cell(text):
        try:
            number = float(text)
        except ValueError:
            return text
        if kind == "bands":
            lo = advised["origin"] + math.floor((number - advised["origin"]) / advised["width"]) * advised["width"]
            return f"[{lo:g},{lo + advised['width']:g})" if lo < 1e6 else f"[{lo:.0f},{lo + advised['width']:.0f})"
        if kind == "top_code" and number >= advised["from"]:
            return f">={advised['from']:.0f}"
        return text

    if kind == "drop":
        return head[:at] + head[at + 1:], [row[:at] + row[at + 1:] for row in rows], pairs
    return head, [row[:at] + [cell(row[at])] + row[at + 1:] for row in rows], pairs


def key(attacker, names, dropped=None):
    """What tells an attacker from others of the same run, without a column."""
    def columns(listed):
        """Names of columns that stand as positions, in runs of `[first, last]`."""
        runs = [[one, one] if isinstance(one, int) else one for one in listed]
        return [name for first, last in runs for name in names[first:last + 1] if name != dropped]

    described = {k: v for k, v in attacker.items() if k not in ("columns", "halves")}
    halves = [columns(half) for half in attacker.get("halves", [])]
    return json.dumps([described, halves], sort_keys=True)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("data", type=Path)
    arguments.add_argument("make_pairs", type=Path)
    arguments.add_argument("--persons", type=int, default=4000)
    arguments.add_argument("--reident", default="target/release/reident")
    arguments.add_argument("--releases", default=",".join(RELEASES))
    given = arguments.parse_args()
    reident = str(Path(given.reident).resolve())
    print("| release | first advice | attack | now | predicted | found | inside |\n|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as made, tempfile.TemporaryDirectory() as place:
        made, place = Path(made), Path(place)
        subprocess.run([sys.executable, given.make_pairs, given.data / "adults_train.csv", made], check=True)
        control = given.data / "adults_control.csv"
        head, originals = read(made / "original.csv")
        write(place / "o.csv", head, originals[: given.persons])
        for release in given.releases.split(","):
            head, rows = read(made / f"{release}.csv")
            if release in MAPPED:
                _, listed = read(made / f"{release}.map.csv")
                of_row = [int(original) for _, original in sorted((int(a), int(b)) for a, b in listed)]
            else:
                of_row = list(range(len(rows)))
            kept = [at for at, original in enumerate(of_row) if original < given.persons]
            rows, of_row = [rows[at] for at in kept], [of_row[at] for at in kept]

            def run(command, head, rows, of_row, dropped, *more):
                write(place / "a.csv", head, rows)
                write(place / "map.csv", ["released_row", "original_row"], list(enumerate(of_row)))
                usable = [name for name in head if name not in RECODED.get(release, [])]
                (place / "config.toml").write_text(config(usable, dropped))
                line = [reident, command, "--original", "o.csv", "--anonymized", "a.csv", "--control", control.resolve(),
                        "--record-map", "map.csv", "--config", "config.toml", "--only",
                        "record-linkage,linkability,inference", "--quiet", *more]
                shown = subprocess.run(line, cwd=place, capture_output=True, text=True)
                if shown.returncode:
                    print(f"| {release} | {shown.stderr.strip().splitlines()[-1]} | | | | | |")
                    return None
                return json.loads(shown.stdout)

            evaluated = run("evaluate", head, rows, of_row, None, "--reproducible", "--out", "-")
            advice = run("advise", head, rows, of_row, None, "--format", "json", "--persons-in-ci")
            if not evaluated or not advice:
                continue
            if not advice["changes"]:
                known = all(worst["status"] != "undetermined" for worst in evaluated["headline"].values())
                print(f"| {release} | {'nobody has a risk above 0' if known else 'the risk is undetermined'} | | | | | |")
                continue
            first = advice["changes"][0]
            dropped = first["column"] if first["change"] == "drop" else None
            again = run("evaluate", *change(head, rows, of_row, first), dropped, "--reproducible", "--out", "-")
            if not again:
                continue
            names = lambda evidence: [column["name"] for column in evidence["inputs"]["columns"]]
            found = {key(attack["attacker"], names(again)): attack for attack in again["attacks"]}
            what = " ".join(str(first[k]) for k in ("change", "column", "width", "from", "persons") if k in first)
            for attacker, after in zip(advice["attackers"], first["after"]):
                now, does = attacker["now"]["risk"], attacker["does"]
                of = key(evaluated["attacks"][attacker["attacker"]]["attacker"], names(evaluated), dropped)
                if not after["possible"]:
                    print(f"| {release} | {what} | {does} | {now:.3f} | no attack | {'found' if of in found else 'no attack'} | |")
                    continue
                if of not in found or after["risk"] is None or not found[of]["risk"]:
                    print(f"| {release} | {what} | {does} | {now:.3f} | {after['risk']} | not found again | |")
                    continue
                risk, (lo, hi) = found[of]["risk"]["signed"], after["interval"]
                inside = "yes" if lo - 1e-6 <= risk <= hi + 1e-6 else "no"
                print(f"| {release} | {what} | {does} | {now:.3f} | {after['risk']:.3f} [{lo:.3f}, {hi:.3f}] | {risk:.3f} | {inside} |",
                      flush=True)
            sys.stdout.flush()


if __name__ == "__main__":
    main()
